# SPDX-License-Identifier: Apache-2.0
"""Parquet out and in."""
import os
import re

from place import CUBES, equal


def taken(place, *words):
    done = place.run(*words)
    equal(done.returncode, 0, done.stderr)
    return done


def check_round_trip(place):
    """a cube written as Parquet and imported again is the same file, byte for byte"""
    for cube in CUBES:
        taken(place, "dump", cube + ".quipu", "-o", "t.parquet")
        files = ["t.parquet"] + (["t.tariffs.parquet"] if cube == "isic" else [])
        taken(place, "import", *files, "-o", "again.quipu")
        if cube == "firms":  # whose rows by firm stay behind: what is left is the public cube
            files = ["again.quipu", cube + ".quipu"]
            equal(*(place.run("dump", file).stdout for file in files), cube)
            continue
        equal(place.bytes("again.quipu") == place.bytes(cube + ".quipu"), True, cube)


def check_same_bytes(place):
    """the same cube gives the same Parquet, and the same table too"""
    for n in range(2):
        taken(place, "dump", "world.quipu", "-o", f"w{n}.parquet")
        taken(place, "top", "peru.quipu", "--by", "partner", "-o", f"m{n}.parquet")
    equal(place.bytes("w0.parquet") == place.bytes("w1.parquet"), True, "cube")
    equal(place.bytes("m0.parquet") == place.bytes("m1.parquet"), True, "table")


def check_table(place):
    """a measure as Parquet reads back as its CSV, with types, units and notes"""
    words = ["share", "peru.quipu", "--reporter", "Peru", "--years", "2009-2011"]
    taken(place, *words, "-o", "share.parquet")
    csv = taken(place, *words, "--format", "csv").stdout
    equal(place.sql("peru", "FROM 'share.parquet'"), csv)
    types = dict((r[0], r[1]) for r in place.rows("peru", "DESCRIBE FROM 'share.parquet'"))
    equal(types["value"], "DECIMAL(18,3)")
    equal((types["partner"], types["year"], types["share"]), ("VARCHAR", "BIGINT", "DOUBLE"))
    said = dict(place.rows("peru", "SELECT decode(key), decode(value) FROM "
                           "parquet_kv_metadata('share.parquet')"))
    equal(said["measure"], "share")
    equal(said["column.value.unit"], "US$")
    equal(said["column.share.role"], "figure")
    assert "Peru" in said["title"] and said["note"] and said["cube"] and said["source"], said
    taken(place, *words, "--plain", "-o", "plain.parquet")
    plain = dict(place.rows("peru", "SELECT decode(key), decode(value) FROM "
                            "parquet_kv_metadata('plain.parquet')"))
    assert "title" not in plain and "note" not in plain, plain


def check_profiles(place):
    """a Parquet file with the columns of a known publication is read as that"""
    place.sql("world", "COPY (SELECT 2011 AS t, 604 AS i, 156 AS j, unnest([260300, 30110]) AS k, "
              "unnest([1234.567, 0.5]::DOUBLE[]) AS v, unnest([10.25, NULL]::DOUBLE[]) AS q) TO "
              "'baci.parquet'")
    done = taken(place, "import", "baci.parquet", "-o", "baci.quipu")
    assert "read as baci" in done.stderr, done.stderr
    equal(place.sql("baci", "SELECT year, flow, reporter, partner, product, value, weight_kg FROM "
                    "trade ORDER BY product"),
          "year,flow,reporter,partner,product,value,weight_kg\n"
          "2011,reconciled,PER,CHN,030110,500,\n2011,reconciled,PER,CHN,260300,1234567,10250\n")


def check_map(place):
    """decimals, doubles, integers and texts by way of --map"""
    words = ["--map", "period=y,reporter=a,partner=b,product=p,value=v,flow=f,nomenclature:H0"]
    for kind, value in (("DECIMAL(38,3)", "9007199254740.993"), ("DOUBLE", "0.1"),
                        ("BIGINT", "12"), ("VARCHAR", "3.14"), ("FLOAT", "0.25"),
                        ("DOUBLE", "1e9"), ("DOUBLE", "1.5e-2")):
        place.sql("peru", f"COPY (SELECT 2011 AS y, 'PER' AS a, 'China' AS b, '0101' AS p, "
                  f"'{value}'::{kind} AS v, 'export' AS f) TO 'm.parquet'")
        taken(place, "import", "m.parquet", *words, "-o", "m.quipu")
        found = place.rows("m", "SELECT value, value::DOUBLE FROM trade")[0]
        equal(float(found[0]), float(value), kind)
        if kind.startswith("DECIMAL"):
            equal(found[0], value)


def check_sql_export(place):
    """the table trade as Parquet comes back by --map with the same figures"""
    place.sql("customs", "COPY (SELECT * FROM trade) TO 'c.parquet'")
    taken(place, "import", "c.parquet", "--map", "period=period,reporter=reporter,partner=partner,"
          "product=product,value=value,weight=weight_kg,flow=flow", "-o", "c.quipu")
    statement = "SELECT reporter, partner, product, year, value, weight_kg FROM trade ORDER BY ALL"
    equal(place.sql("c", statement), place.sql("customs", statement))


def check_guards(place):
    """rows of Parquet meet the same guards: totals set aside, malformed rows told by line"""
    place.sql("peru", "COPY (SELECT 2011 AS t, 604 AS i, 156 AS j, '010101' AS k, 5 AS v, 1 AS q "
              "UNION ALL SELECT 2011, 604, 156, '010102', -5, 1) TO 'bad.parquet'")
    done = place.run("import", "bad.parquet", "-o", "bad.quipu")
    assert done.returncode == 3 and re.search(r"bad\.parquet:3:\d+: .*negative", done.stderr), \
        done.stderr
    done = taken(place, "import", "bad.parquet", "-o", "bad.quipu", "--rejects", "r.csv")
    assert "1 accepted" in done.stderr and "1 rejected" in done.stderr, done.stderr


def check_faults(place):
    """damaged and foreign files bring one message and no cube"""
    taken(place, "dump", "customs.quipu", "-o", "whole.parquet")
    whole = place.bytes("whole.parquet")
    cases = {"cut.parquet": (whole[:len(whole) // 2], r"cannot be read as Parquet"),
             "short.parquet": (b"PAR1", r"cannot be read as Parquet|Parquet"),
             "noise.parquet": (whole[:4] + bytes(range(256)) * 40 + whole[-8:],
                               r"cannot be read as Parquet"),
             "hole.parquet": (whole[:500] + bytes(3000) + whole[3500:],
                              r"cannot be read as Parquet")}
    for name, (content, pattern) in cases.items():
        with open(place.path(name), "wb") as file:
            file.write(content)
        done = place.run("import", name, "-o", "never.quipu")
        lines = done.stderr.splitlines()
        assert done.returncode != 0 and len(lines) == 1 and re.search(pattern, lines[0]), \
            (name, done.stderr)
        assert name in lines[0], lines
    place.sql("peru", "COPY (SELECT 1 AS a, 2 AS b) TO 'foreign.parquet'")
    done = place.run("import", "foreign.parquet", "-o", "never.quipu")
    assert done.returncode == 3 and len(done.stderr.splitlines()) == 1 and "a,b" in \
        done.stderr.replace(" ", ""), done.stderr
    done = place.run("import", "foreign.parquet", "--map", "period=y,reporter=a,partner=b,value=v",
                     "-o", "never.quipu")
    assert done.returncode != 0 and 'no column "y"' in done.stderr, done.stderr
    with open(place.path("whole.parquet"), "rb") as file:
        import subprocess
        piped = subprocess.run([place.program, "import", "-", "-o", "never.quipu"], stdin=file,
                               cwd=place.folder, capture_output=True, text=True)
    assert piped.returncode != 0 and "name the file" in piped.stderr, piped.stderr
    done = place.run("import", "whole.parquet", "-o", "never.quipu",
                     environment={"QUIPU_DUCKDB": "/nowhere.so"})
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done.stderr
    assert not os.path.exists(place.path("never.quipu"))


def check_places(place):
    """names with quotes and blanks; nowhere to write to"""
    name = "it's a \"name\".parquet"
    taken(place, "dump", "peru.quipu", "-o", name)
    taken(place, "import", name, "-o", "named.quipu")
    equal(place.bytes("named.quipu") == place.bytes("peru.quipu"), True)
    done = place.run("dump", "peru.quipu", "-o", "/nowhere/x.parquet")
    assert done.returncode == 4 and len(done.stderr.splitlines()) == 1, done.stderr
    done = place.run("dump", "peru.quipu", "--format", "parquet")
    assert done.returncode == 2 and "add -o" in done.stderr, done.stderr
