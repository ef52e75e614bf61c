# SPDX-License-Identifier: Apache-2.0
"""The bundle of a study: every file of it opened by a program that is not ours."""
import decimal
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree

import read_csvw
from place import ROOT, Skip, equal, run
from read_latex import bad_lines, compile_tex


@functools.lru_cache(None)
def bundle(place):
    """The study of Peru and Asia, built once."""
    folder = os.path.join(place.folder, "study")
    done = subprocess.run([place.program, "study",
                           os.path.join(ROOT, "examples", "peru-asia", "peru-asia.yaml"),
                           "-o", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode()
    return folder


def read(place, name, mode="r"):
    with open(os.path.join(bundle(place), name), mode,
              encoding=None if "b" in mode else "utf-8") as file:
        return file.read()


def csv_of(place, name):
    import csv
    with open(os.path.join(bundle(place), name), encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    return rows[0], rows[1:]


def all_files(place):
    for folder, _, names in os.walk(bundle(place)):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), bundle(place))


def check_package(place):
    """the data package lists every file but itself, with its bytes and hash"""
    package = json.loads(read(place, "datapackage.json"))
    listed = {resource["path"] for resource in package["resources"]}
    equal(listed, set(all_files(place)) - {"datapackage.json"})
    equal(package["id"], hashlib.sha256(read(place, "manifest.json", "rb")).hexdigest())
    for resource in package["resources"]:
        content = read(place, resource["path"], "rb")
        equal(resource["hash"], "sha256:" + hashlib.sha256(content).hexdigest())
        equal(resource["bytes"], len(content))


def check_manifest(place):
    """the manifest names every input with the hash sha256sum gives"""
    manifest = json.loads(read(place, "manifest.json"))
    files = [file for entry in manifest["inputs"] for file in entry["files"]]
    files += manifest["printed"]
    assert len(files) >= 18, len(files)
    for file in files:
        path = os.path.join(ROOT, "examples", "peru-asia", file["path"])
        with open(path, "rb") as content:
            equal(file["sha256"], hashlib.sha256(content.read()).hexdigest(), path)


def check_csvw(place):
    """every CSV has metadata by the W3C rules that fit it"""
    import jsonschema
    names = [name for name in all_files(place) if name.endswith(".csv-metadata.json")]
    assert len(names) >= 20, names
    for name in names:
        metadata = json.loads(read(place, name))
        jsonschema.Draft7Validator(read_csvw.SCHEMA).validate(metadata)
        header, rows = csv_of(place, name[:-len("-metadata.json")])
        columns = metadata["tableSchema"]["columns"]
        equal(len(columns), len(header), name)
        for index, column in enumerate(columns):
            for row in rows:
                if row[index] != "":
                    assert re.fullmatch(read_csvw.LEXICAL[column["datatype"]], row[index]), name


def check_papers(place):
    """every table says title, source, release, input hash and version"""
    for name in all_files(place):
        if not (name.startswith("tables/") and name.endswith(".json")) or "metadata" in name:
            continue
        table = json.loads(read(place, name))
        assert table["title"] and table["version"], name
        assert len(table["source"]["manifest"]) == 64, name
        if not re.search("gold|growth-rule|zero-base|facts|table-1|totals", name):
            assert table["notes"], name
            assert "cube" in table["source"] or "register" in table["source"], name


def check_xlsx(place):
    """the workbook has a sheet a table; its figures are those of the CSV"""
    import openpyxl
    book = openpyxl.load_workbook(os.path.join(bundle(place), "study.xlsx"))
    assert {"Contents", "Table 1", "Table 2", "Table 7", "Differences", "fdi"} <= \
        set(book.sheetnames), book.sheetnames
    header, rows = csv_of(place, "tables/table-2.csv")
    wanted = {(row[header.index("class_name")], row[header.index("partner_name")],
               row[header.index("year")]): row[header.index("share")] for row in rows}
    sheet = [list(row) for row in book["Table 2"].iter_rows()]
    top = next(i for i, row in enumerate(sheet) if any(
        str(cell.value).startswith("China 2008") for cell in row))
    heads = [str(cell.value) for cell in sheet[top]]
    seen = 0
    for row in sheet[top + 1:]:
        for cell, head in zip(row, heads):
            match = re.match(r"(.*) (\d{4})", head)
            key = (row[0].value, match.group(1), match.group(2)) if match else None
            if key not in wanted:
                continue
            seen += 1
            equal(cell.number_format, "0.0%")
            assert abs(decimal.Decimal(repr(cell.value)) - decimal.Decimal(wanted[key])) < \
                decimal.Decimal("1e-15"), key
    equal(seen, len(wanted))


def check_latex(place):
    """the LaTeX document compiles, nothing sticks out, and its tables and figures are there"""
    folder = os.path.join(place.folder, "study-tex")
    shutil.copytree(bundle(place), folder)
    log, text = compile_tex(place, folder, "study")
    equal([line for line in bad_lines(log)], [])
    flat = " ".join(text.split())
    for words in ("Peru and Asia: trade, investment, agreements", "Table 2", "Table 7",
                  "Figure 1. Partners in the exports of Peru to Asia", "China National Petroleum"):
        assert words in flat, words


def check_pictures(place):
    """each figure is sound as SVG, PDF and PNG, with its text and the manifest's id"""
    identity = hashlib.sha256(read(place, "manifest.json", "rb")).hexdigest()
    names = [name[:-4] for name in all_files(place) if name.endswith(".svg")]
    assert len(names) >= 5, names
    for name in names:
        picture = read(place, name + ".svg")
        xml.etree.ElementTree.fromstring(picture)
        assert identity in picture, name
        title = json.loads(read(place, name + ".json"))["quipu"]["title"]
        status, text = run(["pdftotext", os.path.join(bundle(place), name + ".pdf"), "-"],
                           place.folder)
        assert status == 0 and title.split()[0] in text, (name, title, text)
        assert read(place, name + ".png", "rb").startswith(b"\x89PNG\r\n")


def chromium(place, words):
    profile = os.path.join(place.folder, "profile")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
               "--no-first-run", "--disable-background-networking", "--disable-sync",
               "--disable-component-update", "--user-data-dir=" + profile] + words
    if shutil.which("chromium") is None:
        raise Skip("chromium is not installed")
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


def check_page(place):
    """the page opens in Chromium: charts drawn live, no console error, no request"""
    log = os.path.join(place.folder, "net.json")
    page = "file://" + os.path.abspath(os.path.join(bundle(place), "index.html"))
    done = chromium(place, ["--enable-logging=stderr", "--v=0", "--log-net-log=" + log,
                            "--virtual-time-budget=5000", "--dump-dom", page])
    said = done.stderr.decode("utf-8", "replace")
    equal([line for line in said.splitlines() if "CONSOLE" in line], [])
    dom = done.stdout.decode("utf-8", "replace")
    charts = len(re.findall(r'<script type="application/json" data-chart=', dom))
    drawn = len(re.findall(r'class="still"', dom))
    live = len(re.findall(r'<div class="live" id="live-[^"]*"[^>]*>\s*<div[^>]*>\s*<svg', dom))
    assert charts >= 5 and charts == drawn == live, (charts, drawn, live)
    with open(log, encoding="utf-8") as file:
        asked = set(re.findall(r'"url":"((?:https?|wss?|ftp)://[^"]*)"', file.read()))
    # What the browser itself asks for is not the page's doing, and goes to Google.
    own = {url for url in asked if not re.search(r"google|gstatic|gvt1|chrome", url)}
    equal(own, set())


def check_links(place):
    """every link of the page leads somewhere: a place in it, or a file of the bundle"""
    page = read(place, "index.html")
    body = page.split("<script>")[0]
    names = set(re.findall(r' id="([^"]+)"', page))
    for link in set(re.findall(r' href="([^"]+)"', body)):
        if link.startswith("#"):
            assert link[1:] in names, link
        elif not re.match(r"https?:|data:|mailto:", link):
            assert os.path.exists(os.path.join(bundle(place), link)), link


def check_renamed(place):
    """a study of a renamed country is the same study, renamed"""
    work = os.path.join(place.folder, "renamed")
    os.makedirs(work)
    table = os.path.join(ROOT, "data", "examples", "peru-partners.csv")
    study = """quipu: 1
study: renamed
title: "{country} and its partners"
let: {country: %s}
inputs: {trade: {import: trade.csv}}
sections:
  - section: One
    content:
      - table: shares
        ask: share trade --reporter {country} --partner China,Japan --of asia-study --years 1990-2011
      - table: growth
        ask: growth trade --reporter {country} --partner China,Japan --years 1995-2011
"""
    with open(table, encoding="utf-8") as file:
        rows = file.read()
    made = {}
    for name, code in (("Peru", "PER"), ("Bolivia", "BOL")):
        # The two change places, so that no country has two rows.
        text = rows.replace(",BOL,", ",?,").replace("PER", code)
        text = text.replace(",?,", ",PER," if code != "PER" else ",BOL,")
        for path, content in (("trade.csv", text), ("study.yaml", study % name)):
            with open(os.path.join(work, path), "w", encoding="utf-8") as out:
                out.write(content)
        run([place.program, "study", "study.yaml", "-o", name], work)
        made[name] = [open(os.path.join(work, name, "tables", table), encoding="utf-8").read()
                      for table in ("shares.csv", "growth.csv", "shares.md", "growth.md")]
    for ours, theirs in zip(made["Peru"], made["Bolivia"]):
        drop = re.compile(r"cube: [0-9a-f]{32}|manifest: [0-9a-f]{64}")
        assert len(ours) > 100
        equal(drop.sub("", theirs.replace("Bolivia", "Peru").replace("BOL", "PER")), drop.sub("", ours))
