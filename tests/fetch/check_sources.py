# SPDX-License-Identifier: Apache-2.0
"""check_sources.py - archives, WITS, the World Bank, plans, and building again without network."""
import os
import shutil
import time

from office import Office, World, baci_zip, body, draw, send, status, times

ROWS = "2021,604,156,260300,2417569.333,1000.5\n2021,604,392,740311,12.345,\n"
BACI = ["baci", "--nomenclature", "HS92", "--release", "202301"]


def office_with_archive():
    office = Office()
    office.archive = baci_zip(ROWS + "".join(
        f"2021,604,842,{n:06d},{draw(n) % 1000}.125,2\n" for n in range(10111, 60111, 2)))
    return office


def check_baci(place):
    """BACI is one archive, asked for by revision and release"""
    with office_with_archive() as office:
        place.fetch(office, *BACI)
        assert [path for path, _ in office.log] == [
            "/DATA_DOWNLOAD/baci/data/BACI_HS92_V202301.zip"]
        leaves = place.leaves()
        assert "2021,reconciled,604,156,260300,2417569333" in leaves and len(leaves) == 25002
        head = place.run("dump", "x.quipu")[0]
        assert "#release V202301\n" in head and "#nomenclature H0\n" in head, head[:600]
        place.check_manifest()
        place.fetch(office, *BACI)
        assert len(office.log) == 1


def check_baci_rest(place):
    """A download that breaks off goes on with the rest of the same edition"""
    with office_with_archive() as office:
        whole, cut = office.archive, []

        def break_off(handler, path):
            begin = int(handler.headers.get("Range", "bytes=0-")[6:-1])
            cut.append(begin)
            if len(cut) > 4:
                return False
            handler.send_response(206 if begin else 200)
            handler.send_header("ETag", '"1"')
            handler.send_header("Content-Length", str(len(whole) - begin))
            if begin:
                handler.send_header("Content-Range", f"bytes {begin}-{len(whole) - 1}/{len(whole)}")
            handler.end_headers()
            handler.wfile.write(whole[begin:begin + 100000])
            handler.close_connection = True
            return True
        office.faults = [break_off]
        _, err = place.fetch(office, *BACI)
        assert cut == [0, 100000, 200000, 300000, 400000], cut
        assert place.read("x.fetch", "answers", "BACI_HS92_V202301.zip") == whole
        assert "shorter than it said" in err, err


def check_baci_other_edition(place):
    """A file that has changed meanwhile is fetched from its beginning"""
    with office_with_archive() as office:
        def break_off(handler, path):
            send(handler, office.archive[:70000], 200, {"ETag": '"1"'}, len(office.archive))
            return True
        office.faults = [times(4, break_off)]
        place.fetch(office, *BACI, status=4)
        assert len(place.read("x.fetch", "answers", "BACI_HS92_V202301.zip.part")) == 70000
        office.edition = "2"
        office.archive = baci_zip(ROWS)
        office.log.clear()
        place.fetch(office, *BACI)
        assert office.log[0][1]["Range"] == "bytes=70000-"
        assert len(place.leaves()) == 2
        assert sorted(os.listdir(place.path("x.fetch", "answers"))) == ["BACI_HS92_V202301.zip"]


def check_baci_ranges_that_lie(place):
    """A rest that is not the one asked for is not glued on"""
    with office_with_archive() as office:
        def break_off(handler, path):
            send(handler, office.archive[:70000], 200, {"ETag": '"1"'}, len(office.archive))
            return True

        def another(handler, path):
            if "Range" not in handler.headers:
                return False
            send(handler, office.archive[:500], 206, {"ETag": '"1"', "Content-Range":
                                                      f"bytes 0-499/{len(office.archive)}"})
            return True
        office.faults = [times(1, break_off), times(1, another)]
        _, err = place.fetch(office, *BACI)
        assert "another rest of the file came than asked for" in err, err
        assert place.read("x.fetch", "answers", "BACI_HS92_V202301.zip") == office.archive
        shutil.rmtree(place.path("x.fetch"))
        office.faults = [times(1, break_off),
                         times(1, lambda handler, path: "Range" in handler.headers and status(416)(
                             handler, path))]
        place.fetch(office, *BACI)
        assert place.read("x.fetch", "answers", "BACI_HS92_V202301.zip") == office.archive


def check_baci_page(place):
    """A page instead of the archive is not kept"""
    with office_with_archive() as office:
        office.faults = [body("<html>moved</html>")]
        _, err = place.fetch(office, *BACI, status=3)
        assert "is not a zip" in err and not os.listdir(place.path("x.fetch", "answers")), err
        office.faults = [status(404, "no")]
        _, err = place.fetch(office, *BACI, status=2)
        assert "status 404" in err, err


def check_wits(place):
    """WITS: totals by partner, regions left out, years that are not there told"""
    world = World()
    world.missing = {(604, 2011)}
    with Office(world) as office:
        _, err = place.fetch(office, "wits", "--reporter", "Peru", "--years", "2010-2012")
        assert "WITS has no PER-2011-X.json" in err and len(office.log) == 6, err
        assert office.log[0][0] == (
            "/API/V1/SDMX/V21/datasource/tradestats-trade/reporter/per/year/2010/partner/all/product/"
            "Total/indicator/MPRT-TRD-VL?format=JSON")
        code = {"CHN": 156, "JPN": 392, "KOR": 410}
        expected = [f"{year},{name},604,{code[partner]},TOTAL,"
                    f"{(draw(604, year, flow, partner) % 10 ** 6 + 0.5) * 1000:.0f}"
                    for year in (2010, 2012) for flow, name in (("M", "import"), ("X", "export"))
                    for partner in code]
        assert place.leaves() == sorted(expected)
        table = place.read("x.fetch", "wits.csv").decode()
        assert table.startswith("#quipu wide 1\n") and "#left-out export PER QQQ 2010: " in table
        # A year that was not there may come: it is asked for again only in a new folder.
        office.log.clear()
        place.fetch(office, "wits", "--reporter", "Peru", "--years", "2010-2012")
        assert office.log == []


def check_wits_faults(place):
    """What WITS answers is looked at before it is kept"""
    with Office() as office:
        for text, words in (("{}", "lacks structure.dimensions"), ("<x/>", "not JSON"),
                            ('{"structure":{"dimensions":{"series":[{"id":"A","values":[]}],'
                             '"observation":[{"values":[{"id":"2010"}]}]}}}', "lacks dataSets"),
                            ('{"structure":{"dimensions":{"series":[{"id":"A","values":[]}],'
                             '"observation":[{"values":[{"id":"2010"}]}]}},'
                             '"dataSets":[{"series":{"0":{}}}]}', "is not about reporter")):
            office.faults = [body(text)]
            _, err = place.fetch(office, "wits", "--reporter", "Peru", "--years", "2010", status=3)
            assert words in err and "(tried 4 times)" in err, err
        _, err = place.fetch(office, "wits", "--reporter", "all", "--years", "2010", status=2)
        assert "WITS wants its reporters by name" in err, err


def check_bank(place):
    """The World Bank: page by page, a row for each country and year"""
    with Office() as office:
        office.page = 7
        place.fetch(office, "worldbank", "--reporter", "all", "--years", "2009-2012",
                    "--indicator", "gdp,population", out="income.csv")
        lines = place.read("income.csv").decode().splitlines()
        assert lines[0] == "country,year,NY.GDP.MKTP.CD,SP.POP.TOTL"
        expected = []
        for country in ("CHN", "JPN", "KOR", "PER"):
            for year in range(2009, 2013):
                values = [office.bank_value(name, country, year)
                          for name in ("NY.GDP.MKTP.CD", "SP.POP.TOTL")]
                if values != [None, None]:
                    expected.append(f"{country},{year}," + ",".join(
                        "" if value is None else str(value) for value in values))
        assert lines[1:] == expected, lines[:4]
        assert len(office.log) == 8
        office.log.clear()
        place.fetch(office, "worldbank", "--reporter", "all", "--years", "2009-2012",
                    "--indicator", "population,gdp", out="income.csv")
        assert len(office.log) == 2  # the first pages tell that nothing has changed
        assert place.read("income.csv").decode().splitlines() == lines


def check_bank_changes(place):
    """Figures changed between pages are not mixed"""
    with Office() as office:
        office.page = 7

        def change(handler, path):
            office.edition = "2"
            return False
        office.faults = [times(1, change, "page=3")]
        _, err = place.fetch(office, "worldbank", "--reporter", "all", "--years", "2009-2012",
                             "--indicator", "gdp", out="income.csv", status=3)
        assert "were changed (2026-04-02) while they were fetched (2026-04-01)" in err, err
        place.fetch(office, "worldbank", "--reporter", "all", "--years", "2009-2012",
                    "--indicator", "gdp", out="income.csv")
        pages = [place.read("income.fetch", "answers", name)
                 for name in os.listdir(place.path("income.fetch", "answers"))]
        assert all(b"2026-04-02" in page for page in pages)


def check_bank_faults(place):
    """What the World Bank says of a wrong indicator is passed on"""
    with Office() as office:
        _, err = place.fetch(office, "worldbank", "--reporter", "Peru", "--years", "2010",
                             "--indicator", "XX.NO.SUCH", out="x.csv", status=2)
        assert "the World Bank says: The provided parameter value is not valid" in err, err
        assert len(office.log) == 1
        for text, words in (("[]", "not a page of the World Bank"), ("[[", "not JSON"),
                            ('[{"page":1,"pages":1,"total":1},[{"date":"x"}]]', "not about"),
                            ('[{"page":1,"pages":1,"total":9},[]]', "there are 9")):
            office.faults = [body(text)]
            shutil.rmtree(place.path("x.fetch"), ignore_errors=True)
            _, err = place.fetch(office, "worldbank", "--reporter", "Peru", "--years", "2010",
                                 "--indicator", "gdp", out="x.csv", status=3)
            assert words in err and "x.csv" not in place.files(), err


def check_rebuild(place):
    """A folder gives the same cube without the network, moved and with other threads"""
    with Office(World(dense=2)) as office:
        place.comtrade(office, "--product", "6-digit", years="2010-2012")
        place.fetch(office, "wits", "--reporter", "Peru", "--years", "2010-2012", out="w.quipu")
        place.fetch(office, "worldbank", "--reporter", "Peru", "--years", "2010-2012", out="b.csv")
    for made, folder in (("x.quipu", "x.fetch"), ("w.quipu", "w.fetch"), ("b.csv", "b.fetch")):
        first = place.read(made)
        os.makedirs(place.path("elsewhere", "deep"))
        shutil.move(place.path(folder), place.path("elsewhere", "deep", "folder"))
        for threads in ("1", "3"):
            place.run("fetch", "rebuild", "elsewhere/deep/folder", "-o", "again",
                      QUIPU_THREADS=threads)
            assert place.read("again") == first, (made, threads)
        shutil.rmtree(place.path("elsewhere"))


def check_rebuild_refuses(place):
    """No folder, an empty one, or an unfinished fetch"""
    for folder in ("nothing", "."):
        _, err = place.run("fetch", "rebuild", folder, "-o", "y.quipu", status=2)
        assert "there is no manifest.json in it" in err, err
    with Office() as office:
        place.comtrade(office)
        request = place.read("x.fetch", "request.json")
        for text in (request.replace(b"604", b"152 "), b"{", b"{}", b"[1]"):
            place.write("x.fetch/request.json", text)
            _, err = place.run("fetch", "rebuild", "x.fetch", "-o", "y.quipu",
                               status=2 if text in (b"{}", b"[1]") else 3)
            assert "quipu: " in err and "y.quipu" not in place.files(), err


def check_import(place):
    """The kept answers are files of a known kind: import reads them as they are"""
    with Office() as office:
        place.comtrade(office, "--product", "6-digit")
        answers = ["x.fetch/" + entry["path"] for entry in place.check_manifest()]
        place.run("import", *answers, "-o", "y.quipu")
        assert place.leaves("y.quipu") == place.leaves()


def check_plan(place):
    """--dry-run makes no request and needs no network"""
    with Office() as office:
        out, _ = place.comtrade(office, "--dry-run", years="2001-2014")
        lines = out.splitlines()
        assert len(lines) == 16 and all(line.startswith(office.url + "/") for line in lines)
        asked = [line[len(office.url):] for line in lines]
        assert office.log == [] and place.files() == {}
        place.comtrade(office, years="2010-2012")
        done = [path for path, _ in office.log]
        assert set(done[1:]) <= set(asked), (done, asked)


def check_connections(place):
    """Connections are used again, and no more are open than asked for"""
    with Office() as office:
        seen = set()
        real = office.route
        office.route = lambda handler: (seen.add(handler.client_address), real(handler))
        place.comtrade(office, "--product", "6-digit", "--parallel", "2", years="2010-2012")
        assert len(office.log) > 20 and len(seen) <= 3, (len(office.log), len(seen))


def check_pace(place):
    """The pause between requests is kept"""
    with Office() as office:
        begin = time.monotonic()
        place.run("fetch", "comtrade", "--reporter", "Peru", "--years", "2010-2012", "-o",
                  "x.quipu", "--base-url", office.url, "--pause", "0.4")
        assert time.monotonic() - begin >= 1.2


def check_without_libcurl(place):
    """Without libcurl only fetching itself is missing, and says what to install"""
    place.write("libcurl.so.4", "no library\n")
    with Office() as office:
        place.comtrade(office)
        _, err = place.comtrade(office, out="y.quipu", status=4, LD_LIBRARY_PATH=place.folder)
        assert err.startswith("quipu: fetching needs libcurl, which cannot be loaded: install "
                              "libcurl4"), err
        place.comtrade(office, "--dry-run", LD_LIBRARY_PATH=place.folder)
        place.run("fetch", "rebuild", "x.fetch", "-o", "y.quipu", LD_LIBRARY_PATH=place.folder)
        assert place.read("x.quipu") == place.read("y.quipu")
