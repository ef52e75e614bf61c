# SPDX-License-Identifier: Apache-2.0
"""check_comtrade.py - what is asked of UN Comtrade, and that all of it arrives."""
import json
import urllib.parse

from office import KEY, Office, World


def query(path):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))


def check_totals(place):
    """Total trade of two countries in three years, without a key"""
    with Office() as office:
        _, err = place.comtrade(office, reporter="Peru,Chile", years="2010-2012")
        paths = [path for path, _ in office.log]
    assert "7 requests" in err, err
    assert paths[0] == "/public/v1/getDA/C/A/HS?reporterCode=152,604&period=2010,2011,2012"
    assert all(path.startswith("/public/v1/preview/C/A/HS?") for path in paths[1:])
    assert len(set(paths)) == 7
    world, sums = office.world, {}
    for line in world.leaves():
        period, flow, reporter, partner, _, value = line.split(",")
        cell = f"{period},{flow},{reporter},{partner},TOTAL"
        sums[cell] = sums.get(cell, 0) + float(value)
    expected = sorted(f"{cell},{value:.3f}".rstrip("0").rstrip(".")
                      for cell, value in sums.items())
    assert place.leaves() == expected
    assert len(place.check_manifest()) == 6


def check_limits_divide(place):
    """An answer that reaches 500 rows is divided, until every row has come once"""
    with Office() as office:
        _, err = place.comtrade(office, "--product", "6-digit")
        assert "which may not be all: divided" in err, err
        assert any("list-partnerAreas" in name for name in place.files())
        assert place.leaves() == sorted(office.world.leaves([604], [2011]))
        for path, _ in office.log:
            assert len(path) < 2000, path
        data = place.check_manifest()
        assert all(entry["rows"] < 500 for entry in data)
        assert any(entry["outcome"] == "divided" for entry in place.journal())


def check_limits_divide_products(place):
    """One partner may fill the limit alone: then the office's products are divided"""
    codes = tuple(f"{n:06d}" for n in range(30101, 30101 + 1900))
    world = World(reporters=(604,), periods=(2011,), dense=10, partners=(0, 156, 392), codes=codes)
    with Office(world) as office:
        place.comtrade(office, "--product", "6-digit", "--partner", "China", "--flow", "export")
        assert any("list-H3" in name for name in place.files())
        assert place.leaves() == sorted(world.leaves([604], [2011], "X", [156]))


def check_full_limit(place):
    """With a key the limit is 100 000 rows: more than that come in parts, one a line of 40 MB"""
    codes = tuple(f"{n:06d}" for n in range(30101, 30101 + 900))
    world = World(reporters=(604,), periods=(2011,), dense=10, codes=codes)
    with Office(world) as office:
        _, err = place.comtrade(office, "--product", "6-digit", COMTRADE_KEY=KEY)
        expected = sorted(world.leaves([604], [2011]))
        assert len(expected) > 100000, len(expected)
        assert "100000 rows, which may not be all" in err, err
        assert place.leaves() == expected
        assert all("maxRecords=100000" in path for path, _ in office.log if "/get/" in path)


def check_other_limits(place):
    """A limit the office does not tell of is noticed by its roundness"""
    with Office() as office:
        office.full_cap = 1000
        place.comtrade(office, "--product", "6-digit", COMTRADE_KEY=KEY)
        assert place.leaves() == sorted(office.world.leaves([604], [2011]))


def check_limit_of_one(place):
    """What cannot be divided and fills the limit is an error, not a cut answer"""
    with Office() as office:
        office.rows = lambda asked, cap: {
            "count": 500, "error": "", "data": [
                {"reporterCode": 604, "period": 2011, "flowCode": "X", "partnerCode": 156,
                 "cmdCode": "260300", "classificationCode": "H3", "primaryValue": n}
                for n in range(500)]}
        _, err = place.comtrade(office, "--partner", "China", "--flow", "export", "--product",
                                "260300", status=3)
        assert "cannot be divided further" in err, err
        assert "x.quipu" not in place.files()


def check_lacking_lists(place):
    """A list of partners that lacks some is noticed: the parts have fewer rows than the whole"""
    with Office() as office:
        full = office.world.partners
        real = office.reference

        def short(handler, name):
            office.world.partners = full[:5]
            real(handler, name)
            office.world.partners = full
        office.reference = short
        _, err = place.comtrade(office, "--product", "6-digit", "--flow", "export", status=3)
        assert "the office's list of partners or products lacks some" in err, err
        assert "x.quipu" not in place.files()


def check_not_published(place):
    """Years without data cost no call and are told; none at all is an error"""
    world = World()
    world.missing = {(604, 2011)}
    with Office(world) as office:
        _, err = place.comtrade(office, years="2010-2012")
        assert "reporter 604 has published nothing for 2011" in err, err
        assert len(office.log) == 3
        _, err = place.comtrade(office, years="2011", out="y.quipu", status=2)
        assert "has published nothing of what was asked for" in err, err


def check_all_reporters(place):
    """--reporter all asks for those that have published"""
    with Office() as office:
        place.comtrade(office, reporter="all")
        assert "reporterCode" not in query(office.log[0][0])
        assert {query(path)["reporterCode"] for path, _ in office.log[1:]} == {"604", "152"}


def check_revisions(place):
    """Two revisions do not fit into one cube: told before a call is spent"""
    world = World()
    world.class_of = {(604, 2012): "H4"}
    with Office(world) as office:
        _, err = place.comtrade(office, years="2010-2012", status=2)
        assert "such as --nomenclature H0" in err and len(office.log) == 1, err
        office.world.class_of = {}
        office.world.classed = "H0"
        place.comtrade(office, "--nomenclature", "H0", years="2010-2012", out="y.quipu")
        assert all("/C/A/H0?" in path for path, _ in office.log[1:])


def check_empty(place):
    """Answers without rows are kept and make no cube"""
    with Office(World(dense=0)) as office:
        _, err = place.comtrade(office, status=2)
        assert "nothing was published" in err, err
        assert "x.quipu" not in place.files()


def check_metadata(place):
    """The cube says whose data it holds and of which day"""
    with Office() as office:
        office.world.released = {(604, 2011): "2014-02-09T10:00:00.12"}
        place.comtrade(office, years="2010-2011")
        head = place.run("dump", "x.quipu")[0]
        assert "#source UN Comtrade\n" in head and "#release 2014-02-09\n" in head, head[:500]
        request = json.loads(place.read("x.fetch", "request.json"))
        assert request["reporters"] == ["604"] and request["periods"] == [2010, 2011]
