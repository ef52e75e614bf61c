# SPDX-License-Identifier: Apache-2.0
"""What is answered: the command line's own bytes, described by the description."""
import gzip
import json
import os
import re
import subprocess
from urllib.parse import quote

from place import CUBES, HERE, REGISTER, ROOT, Skip

FORMATS = ("json", "csv", "tsv", "jsonl", "text", "markdown", "latex", "html", "xlsx", "sdmx-csv",
           "arrow", "option", "svg")
# What the example tables cannot show: they have no tariffs by pair, quantities or Chile.
MORE = ("/api/v1/measures/growth?reporter=Peru&partner=C%C3%B4te%20d%27Ivoire&years=2000-2005",
        "/api/v1/measures/share?reporter=Peru&partner=China,Japan&of=asia-study&years=1981,2011&wide",
        "/api/v1/measures/share?reporter=Peru&partner=China&of=Asia&language=es&plain=yes",
        "/api/v1/measures/top?reporter=Peru&by=partner&limit=5&years=2011&rest=yes&total=no")


def examples(server):
    paths = server.json("/openapi.json")["paths"]
    return [path["get"]["x-example"] for path in paths.values() if "x-example" in path["get"]]


def same_as_command(place, server, target):
    status, headers, body = server.ask(target)
    assert status == 200, (target, status, body)
    command = headers["Quipu-Command"]
    told = subprocess.run(["bash", "-c", command], cwd=place.folder, stdin=subprocess.DEVNULL,
                          capture_output=True)
    assert told.returncode == 0, (target, command, told.stderr)
    assert told.stdout == body, (target, command, len(told.stdout), len(body))


def check_every_example(place):
    """every example of the description is answered, by one of the example cubes"""
    answers = {}
    for cube in CUBES:
        with place.serving(cube, "--register", REGISTER) as server:
            for target in examples(server):
                answers.setdefault(target, []).append(server.ask(target))
    assert len(answers) > 30, answers.keys()
    unanswered = {target: [answer[2] for answer in given] for target, given in answers.items()
                  if all(answer[0] != 200 for answer in given)}
    assert not unanswered, unanswered


def check_same_bytes(place):
    """every measure in every format is what its Quipu-Command prints, byte for byte"""
    asked = 0
    for cube in CUBES:
        with place.serving(cube, "--register", REGISTER) as server:
            for target in [t for t in examples(server) if "/measures/" in t] + list(MORE):
                if server.ask(target)[0] != 200:
                    continue
                for form in FORMATS:
                    if form in ("option", "svg") and \
                            not re.search(r"/(growth|share|structure)\?", target):
                        continue
                    separator = "&" if "?" in target else "?"
                    wanted = f"{target}{separator}format={form}"
                    if form == "option" and server.ask(wanted)[0] == 422:
                        continue
                    if form == "svg" and server.ask(wanted)[0] == 422:
                        continue
                    same_as_command(place, server, wanted)
                    asked += 1
    assert asked > 200, asked


def check_pictures(place):
    """PNG and PDF are pictures, and offered under a telling name"""
    with place.serving("peru.quipu") as server:
        target = "/api/v1/measures/share?reporter=Peru&partner=China&years=2000-2011&format="
        for form, head in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
            status, headers, body = server.ask(target + form)
            assert status == 200 and body.startswith(head), (form, status, body[:80])
            assert headers["Content-Disposition"] == \
                f'attachment; filename="share-peru-china-2000-2011.{form}"', headers


def check_description(place):
    """the OpenAPI description is one, its references lead somewhere, and measures have all"""
    try:
        import jsonschema
    except ImportError:
        raise Skip("python3-jsonschema is not installed") from None
    with place.serving("peru.quipu") as server:
        about = server.json("/openapi.json")
        with open(os.path.join(HERE, "openapi.schema.json"), encoding="utf-8") as text:
            jsonschema.Draft202012Validator(json.load(text)).validate(about)
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(about)):
            at = about
            for part in reference.split("/"):
                at = at[part]
        ids = [path["get"]["operationId"] for path in about["paths"].values()]
        assert len(ids) == len(set(ids))
        # Answers are what the description says they are.
        table = about["components"]["schemas"]["table"]
        answer = server.json("/api/v1/measures/growth?reporter=Peru&partner=China")
        jsonschema.Draft202012Validator(table).validate(answer)
        error = json.loads(server.ask("/api/v1/measures/growth?reporter=Pru")[2])
        jsonschema.Draft202012Validator(about["components"]["schemas"]["error"]).validate(error)
        for measure in server.json("/api/v1/measures"):
            names = [p.get("name") for p in
                     about["paths"][f"/api/v1/measures/{measure['name']}"]["get"]["parameters"]]
            for param in measure["params"]:
                assert (param["name"] in names) == (param["type"] != "file"), param


def check_lists(place):
    """lists hold what the contract with the pages names"""
    members = {
        "/api/v1/countries": "iso3 iso2 number name name_es kind export import mirror",
        "/api/v1/groups": "name label label_es note dated",
        "/api/v1/products": "code name parent leaf value",
        "/api/v1/schemes": "name label note classes",
        "/api/v1/measures": "name aliases summary detail formula reference figure needs params "
                            "columns example",
        "/api/v1/search?q=peru%20ores%20china": "kind id label label_es detail url",
    }
    with place.serving("isic.quipu", "--register", REGISTER) as server:
        for target, names in members.items():
            rows = server.json(target)
            assert rows and all(set(names.split()) <= set(row) for row in rows), target
        info = server.json("/api/v1/info")
        assert set("version cube periods flows slabs register studies charts".split()) <= set(info)
        assert info["register"] is True and info["studies"] == []
        by_code = {row["code"]: row for row in server.json("/api/v1/products")}
        assert by_code["1320"]["parent"] == "132" and by_code["132"]["parent"] == "13"
        assert by_code["1320"]["leaf"] and not by_code["13"]["leaf"]
        # Each level holds what is below it, and all of it is what the slabs hold.
        top = sum(row["value"] for row in by_code.values() if row["parent"] is None)
        assert abs(top - sum(slab["value"] for slab in info["slabs"])) < 1, top
        assert server.ask("/api/v1/explain/growth")[2] and \
            "# growth" in server.json("/api/v1/explain/growth")["markdown"]


def check_search(place):
    """words find countries, products, pairs and measures, in any order, without accents"""
    first = {
        "peru": ("country", "PER"), "PERÚ": ("country", "PER"), "604": ("country", "PER"),
        "peru china": ("pair", "PER-CHN"), "china, peru": ("pair", "CHN-PER"),
        "peru ores china": ("pair", "PER-CHN-13"), "1320": ("product", "1320"),
        "growth": ("measure", "growth"), "peru growth": ("measure", "growth-PER"),
        "exports of peru to china": ("pair", "PER-CHN"), "corea del sur": ("country", "KOR"),
        "asean": ("group", "asean"), "chnia": ("country", "CHN"), "peru chi": ("pair", "PER-CHN"),
        "alemania": ("country", "DEU"), "de": ("country", "DEU"),
    }
    with place.serving("isic.quipu") as server:
        for words, expected in first.items():
            hits = server.json("/api/v1/search?limit=5&q=" + quote(words))
            found = (hits[0]["kind"], hits[0]["id"]) if hits else None
            assert found == expected, (words, found, expected)
            assert len(hits) <= 5
        assert server.json("/api/v1/search?q=zzzzzz") == []
        assert server.json("/api/v1/search?q=") == []
        assert server.json("/api/v1/search?q=peru&language=es")[0]["url"].startswith("/es/")


def check_tags_and_encodings(place):
    """ETag, 304, gzip and zstd: the same bytes unpacked, another tag for each"""
    target = "/api/v1/measures/share?reporter=Peru&by=partner&years=2000-2011"
    with place.serving("peru.quipu") as server:
        _, headers, plain = server.ask(target)
        tag = headers["ETag"]
        assert headers["Cache-Control"] == "no-cache" and headers["Vary"] == "Accept-Encoding"
        status, _, body = server.ask(target, headers={"If-None-Match": f'"x", W/{tag}'})
        assert (status, body) == (304, b"")
        status, _, body = server.ask("/api/v1/measures/share?years=2000-2011&by=partner"
                                     "&reporter=Peru", headers={"If-None-Match": tag})
        assert status == 304, "the same question in another order"
        _, packed_headers, packed = server.ask(target, headers={"Accept-Encoding": "gzip"})
        assert packed_headers["Content-Encoding"] == "gzip" and packed_headers["ETag"] != tag
        assert gzip.decompress(packed) == plain
        _, packed_headers, packed = server.ask(target, headers={"Accept-Encoding": "gzip, zstd"})
        if packed_headers["Content-Encoding"] == "zstd":
            told = subprocess.run(["zstd", "-dc"], input=packed, capture_output=True)
            assert told.stdout == plain
        status, headers, body = server.ask(target, method="HEAD")
        assert status == 200 and body == b"" and int(headers["Content-Length"]) == len(plain)


def check_firms(place):
    """a cube with firms: the rule holds whoever asks, and its server says that it is not for strangers"""
    with place.serving("firms.quipu") as server:
        assert b"firms.quipu knows its firms" in server.log(), server.log()
        table = server.json("/api/v1/measures/firms?by=partner&years=2011")
        rows = {row["partner"]: row for row in table["rows"]}
        assert rows["USA"]["firms"] == 57 and rows["USA"]["confidential"] is None, rows["USA"]
        assert rows["MNG"]["confidential"] == "c", rows["MNG"]
        assert rows["MNG"]["firms"] is None and rows["MNG"]["value"] is None, rows["MNG"]
        status, _, body = server.ask("/api/v1/measures/firms?min-firms=2")
        assert status == 400 and b"from 3" in body, (status, body)
        raised = server.json("/api/v1/measures/firms?by=partner&years=2011&min-firms=40")
        assert all(row["confidential"] == "c" for row in raised["rows"]), raised


def check_pinned_release(place):
    """v= pins the data: another release is refused, its beginning is enough"""
    with place.serving("peru.quipu") as server:
        ours = server.json("/api/v1/info")["cube"]["fingerprint"]
        assert server.ask("/api/v1/countries?v=" + ours)[0] == 200
        assert server.ask("/api/v1/countries?v=" + ours[:8])[0] == 200
        for wrong in ("0" * 32, ours[:4], ours + "0"):
            status, _, body = server.ask("/api/v1/countries?v=" + wrong)
            assert status == 409 and json.loads(body)["error"]["code"] == "other-release"


def check_study(place):
    """the files of a built study are served, nothing beside them"""
    study = os.path.join(ROOT, "examples", "peru-asia", "peru-asia.yaml")
    os.makedirs(place.path("studies"))
    place.run("study", study, "-o", "studies/peru-asia")
    os.symlink("/etc", place.path("studies", "peru-asia", "outside"))
    os.symlink("/etc/passwd", place.path("studies", "peru-asia", "passwd.txt"))
    for folder in ("studies", "studies/peru-asia", "studies/peru-asia/"):
        with place.serving("peru.quipu", "--study", folder) as server:
            assert server.json("/api/v1/studies") == ["peru-asia"]
            assert server.json("/api/v1/info")["studies"] == ["peru-asia"]
            page = server.ask("/api/v1/studies/peru-asia/index.html")
            assert page[0] == 200 and "sandbox" in page[1]["Content-Security-Policy"]
            assert server.ask("/api/v1/studies/peru-asia/")[2] == page[2]
            with open(place.path("studies", "peru-asia", "study.xlsx"), "rb") as book:
                assert server.ask("/api/v1/studies/peru-asia/study.xlsx")[2] == book.read()
            for wrong in ("outside/passwd", "passwd.txt", "../peru.quipu", "%2e%2e/peru.quipu",
                          "tables", "", "nothing.csv", "..%2fperu.quipu", ".git/config"):
                status = server.ask("/api/v1/studies/peru-asia/" + wrong)[0]
                assert status in (400, 404) or wrong == "", (wrong, status)
            for wrong in ("peru", "..", "peru-asia2", "."):
                assert server.ask(f"/api/v1/studies/{wrong}/index.html")[0] in (400, 404), wrong
