# SPDX-License-Identifier: Apache-2.0
"""One server: the cube of a file, guards, faults, and what is sent."""
import csv
import os
import re
import signal
import subprocess
import time

from place import HEADER, HERE, MAP, ROWS, copy
from server import PASSWORD


def same(one, other):
    with open(one, "rb") as a, open(other, "rb") as b:
        assert a.read() == b.read(), f"{one} and {other} differ"


def check_same_cube(place):
    """the cube is byte for byte that of the same rows from a file"""
    wanted = place.csv_cube()
    said = place.odbc(place.one(), "one.quipu")
    same(wanted, place.path("one.quipu"))
    assert f"{ROWS:_} rows read = ".replace("_", " ") in said, said
    assert said.splitlines()[0].split("  (")[0] == place.said.splitlines()[0].split("  (")[0]
    assert re.search(r"PostgreSQL 15.* groups, [0-9 ]+ bytes over the network; totals agree",
                     said), said


def check_spilled(place):
    """with next to no memory runs go to disk, and the cube is the same"""
    place.odbc(place.one(), "spilled.quipu", "--memory", "100K")
    same(place.csv_cube(), place.path("spilled.quipu"))
    assert not [name for name in os.listdir(place.folder) if "spill-" in name]


def check_statements(place):
    """nothing but reading is sent, in one read-only transaction over one snapshot"""
    server = place.one()
    with open(server.log, encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        place.odbc(server, "sent.quipu")
        text = log.read()
    sent = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", text)
    begun = [line for line in sent if "sum(" in line or "declare" in line]
    assert begun, text[:2000]
    for line in sent:
        for part in line.split(";"):
            part = part.strip().strip('"').lower()
            assert re.match(r"(select|begin|set |show|rollback|commit|fetch|close|declare |$)",
                            part), line
            assert not part.startswith("declare ") or "for select" in part, line
    assert "repeatable read" in text.lower(), text[:2000]
    assert "transaction_read_only" in text
    assert "savepoint" not in text.lower()  # see the dialect


def check_where(place):
    """conditions narrow the rows; texts in them are escaped, anything else is refused"""
    server = place.one()
    place.odbc(server, "some.quipu", "--where", "year between 2006 and 2007 and reporter in "
               "('PER', 'O''Brien', 'a\\b') and flow = 'export' and kg is not null")
    path = place.path("some.csv")
    with open(place.csv(), encoding="utf-8") as rows, open(path, "w", encoding="utf-8") as out:
        out.write(HEADER + "\n")
        for row in list(rows)[1:]:
            f = row.split(",")
            if f[0] in ("2006", "2007") and f[1] == "export" and f[2] == "PER" and f[6]:
                out.write(row)
    place.run("import", path, "--map", MAP, "--duplicates", "declarations", "--input-name",
              "declarations", "-o", place.path("some-csv.quipu"))
    same(place.path("some.quipu"), place.path("some-csv.quipu"))
    for bad in ("1=1; DROP TABLE declarations", "usd > 0 or 1 = 1", "usd > (select 1)",
                "reporter = 'PER", "usd", "reporter in ()"):
        said = place.odbc(server, "bad.quipu", "--where", bad, code=2)
        assert "--where" in said and not os.path.exists(place.path("bad.quipu")), said


def check_firms(place):
    """distinct firms of each cell, as counted by hand"""
    server, path = place.one(), place.path("firms.csv")
    place.run("import", "odbc:" + server.connection(), "--table", "declarations", "--map",
              MAP + ",firm=ruc", "-o", place.path("firms.quipu"), "--firms", path)
    counted = {}
    with open(place.csv(), encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            key = tuple(row[name] for name in ("year", "flow", "reporter", "partner", "hs"))
            counted.setdefault(key, set()).add(row["ruc"])
    with open(path, encoding="utf-8") as rows:
        told = {tuple(row[:5]): int(row[5]) for row in list(csv.reader(rows))[1:]}
    assert told == {key: len(firms) for key, firms in counted.items()}


def check_keep_firms(place):
    """with firms the cube is byte for byte that of the same rows from a file"""
    wanted = place.csv_cube_of_firms()
    said = place.odbc(place.one(), "kept.quipu", "--keep-firms", the_map=MAP + ",firm=ruc")
    same(wanted, place.path("kept.quipu"))
    with open(place.csv(), encoding="utf-8") as rows:
        firms = {(row["reporter"], row["ruc"]) for row in csv.DictReader(rows)}
    told = re.search(r"^([0-9 ]+) firms, [0-9 ]+ rows by firm", said, re.M)
    assert told and int(told.group(1).replace(" ", "")) == len(firms), (len(firms), said)
    assert os.stat(place.path("kept.quipu")).st_mode & 0o777 == 0o600
    place.odbc(place.one(), "kept.quipu", "--keep-firms", "--memory", "100K",
               the_map=MAP + ",firm=ruc")
    same(wanted, place.path("kept.quipu"))


def check_public_copy(place):
    """the dump of a cube with firms makes the cube without them"""
    dump = place.run("dump", place.csv_cube_of_firms())[0]
    place.run("import", "-", "-o", place.path("public.quipu"), input=dump)
    same(place.csv_cube(), place.path("public.quipu"))


def check_firms_of_ids(place):
    """ids are texts: leading zeros, blanks around them, NULL, a quote and a comma"""
    rows = ["2011,PER,CHN,2603,10,012", "2011,PER,CHN,2603,10,12", "2011,PER,CHN,2603,5, 12 ",
            "2011,PER,JPN,2603,7,", '2011,PER,JPN,2603,3,"a ""b"", c"', "2011,PER,JPN,2603,,12",
            "2011,PER,WLD,2603,35,12", "2011,PER,CHN,26,35,total"]
    columns = "year integer, r text, p text, hs text, v bigint, id text"
    the_map = "period=year,reporter=r,partner=p,product=hs,value=v,firm=id,nomenclature:H0"
    _, said = both(place, "ids", columns, rows, the_map, options=("--keep-firms",))
    assert "3 firms, 4 rows by firm" in said, said
    both(place, "long", columns, ["2011,PER,CHN,2603,10," + "x" * 65], the_map, code=3,
         options=("--keep-firms",))
    # A malformed row is shown without its firm.
    for at, firm in enumerate(('20100030595', '2,"3')):
        said = both(place, f"shown{at}", columns,
                    ["1811,PER,CHN,2603,10,\"" + firm.replace('"', '""') + '"'], the_map, code=3,
                    options=("--keep-firms",))[1]
        assert "Rows of the database: 1811,export,PER,CHN,2603," in said, said
        assert firm.split('"')[0] not in said.split("Rows of the database")[1], said
    said = both(place, "unasked", columns, rows, the_map, code=2)[1]
    assert "--keep-firms" in said and "--firms FILE" in said, said
    said = both(place, "nameless", columns, rows, the_map.replace("firm=id,", ""), code=2,
                options=("--keep-firms",))[1]
    assert "firm=COLUMN" in said, said


def both(place, name, columns, rows, the_map, code=0, options=()):
    """The same few rows from a table and from a file: what was said of each."""
    server = place.one()
    server.psql(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns})")
    header = ",".join(word.split()[0] for word in columns.split(", "))
    copy(server, name, header + "\n" + "\n".join(rows) + "\n")
    path = place.path(name + ".csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write(header + "\n" + "\n".join(rows) + "\n")
    common = ("--map", the_map, "--input-name", "x", *options)
    one = place.run("import", path, *common, "--duplicates", "declarations", "-o",
                    place.path(name + "-csv.quipu"), code=code)[1]
    other = place.run("import", "odbc:" + server.connection(), "--table", name, *common, "-o",
                      place.path(name + ".quipu"), code=code)[1]
    if code == 0:
        same(place.path(name + "-csv.quipu"), place.path(name + ".quipu"))
    else:
        assert not os.path.exists(place.path(name + ".quipu"))
    return one, other


def check_decimals(place):
    """values of more decimals are rounded row by row, half to even, as those of a file"""
    dice = __import__("random").Random(7)
    rows = [f"2011,PER,CHN,{code},{value},{value}" for code in ("260300", "740311")
            for value in ("0.0005", "0.0015", "0.0025", "1.00049999", "1234567.8915", "2")]
    rows += [f"2011,PER,JPN,080440,{dice.randrange(10**9)}.{dice.randrange(10**5):05d},1"
             for _ in range(500)]
    one, other = both(place, "decimals", "year integer, r text, p text, hs text, v numeric, "
                      "w numeric", rows,
                      "period=year,reporter=r,partner=p,product=hs,value=v*1000,weight=w")
    assert "rounded" in one and "rounded" in other


def check_guards(place):
    """World, groups, totals, zeros, padding and missing values are met as in files"""
    rows = ["2011,PER,CHN,2603,10,5", "2011,PER,CHN,26,10,5", "2011,PER,WLD,2603,30,5",
            "2011,PER,JPN,2603,20,0", "2011,PER,JPN,2603,20,0", "2011,PER,EUN,2603,7,1",
            "2011,PER,JPN,101,1,", "2011,PER,JPN,101,,3", "2011,PER,PER,2603,1,1",
            "2011,PER,JPN,2604,,", "2011,per ,Korea,2603,4,4", "2011,PER,KOR,2603,4,4"]
    both(place, "guards", "year integer, r text, p text, hs text, v bigint, w bigint", rows,
         "period=year,reporter=r,partner=p,product=hs,value=v,weight=w,nomenclature:H0",
         options=("--pad-codes",))


def check_negative(place):
    """a value below zero is not hidden by the sum it is in"""
    rows = ["2011,PER,CHN,2603,10", "2011,PER,CHN,2603,-3"]
    columns = "year integer, r text, p text, hs text, v bigint"
    the_map = "period=year,reporter=r,partner=p,product=hs,value=v"
    _, said = both(place, "negative", columns, rows, the_map, code=3)
    assert "is negative" in said and "2011" in said, said
    both(place, "unknown", columns, ["2011,PER,XQX,2603,10"], the_map, code=3)


def check_floats(place):
    """sums of floating point are refused, with what to do"""
    server = place.one()
    server.psql("CREATE TABLE floats (year integer, r text, p text, v double precision)")
    said = place.run("import", "odbc:" + server.connection(), "--table", "floats", "--map",
                     "period=year,reporter=r,partner=p,value=v", "-o", place.path("f.quipu"),
                     code=2)[1]
    assert "Cast it in a view" in said, said


def check_dates(place):
    """years and months are taken out of dates; names with quotes and blanks are quoted"""
    server = place.one()
    server.psql('CREATE TABLE "odd ""name" ("the date" date, "value" integer); INSERT INTO '
                '"odd ""name" VALUES (\'2011-03-09\', 5), (\'2011-12-31\', 6)')
    # A blank ends a word of --map, so the column is named by a view.
    server.psql('CREATE VIEW dated AS SELECT "the date" AS fecha, "value" AS "Value" FROM '
                '"odd ""name"')
    for part, wanted in (("year", "2011"), ("month", "201112")):
        place.run("import", "odbc:" + server.connection(), "--table", "dated", "--map",
                  f"period={part}(fecha),reporter:PER,partner:CHN,value=value", "-o",
                  place.path("dated.quipu"))
        assert f"\n{wanted},export,604,156,TOTAL," in place.run(
            "dump", place.path("dated.quipu"))[0]
    place.run("import", "odbc:" + server.connection(), "--table", 'odd "name', "--map",
              "period=x,reporter:PER,partner:CHN,value=value", "-o", place.path("x.quipu"),
              code=2)


def check_faults(place):
    """no server, no driver, no table, no column: one message, no password, no cube"""
    server = place.one()
    base = ("--table", "declarations", "--map", MAP, "-o", place.path("no.quipu"))
    wrong = server.connection().replace(f"PORT={server.port}", "PORT=1")
    for words in (("odbc:" + wrong, *base),
                  ("odbc:DRIVER={/no/such.so};PWD=" + PASSWORD, *base),
                  ("odbc:" + server.connection(), "--table", PASSWORD, *base[2:]),
                  ("odbc:" + server.connection(user=PASSWORD), *base)):
        said = place.run("import", *words, code=4)[1]
        assert said.count("\n") == 1 and PASSWORD not in said, said
    said = place.odbc(server, "no.quipu", "--map", MAP.replace("usd", "dollars"), code=2)
    assert 'no column "dollars"' in said, said
    assert not os.path.exists(place.path("no.quipu"))


def check_dialects(place):
    """the statement of each dialect, as it was looked at once"""
    told = ""
    for name in ("postgresql", "clickhouse", "spark", "duckdb"):
        told += f"-- {name}\n" + place.run(
            "import", "odbc:", "--dialect", name, "--table", "customs.declarations", "--map",
            "period=month(fecha),reporter:PER,partner=pais,product=hs,value=miles*1000,weight=kg",
            "--where", "office = 'O''Higgins\\1'", "--statement")[0] + "\n"
    with open(os.path.join(HERE, "statements.txt"), encoding="utf-8") as wanted:
        assert told == wanted.read(), told


def check_cancel(place):
    """an interrupt ends the import and the work of the server, and leaves nothing behind"""
    server = place.one()
    server.psql("CREATE VIEW slow AS SELECT d.*, pg_sleep(0.01) IS NULL AS waited "
                "FROM declarations d WHERE pg_sleep(0.01) IS NOT NULL")
    before = sorted(os.listdir(place.folder))
    running = subprocess.Popen(
        [place.program, "import", "odbc:" + server.connection(), "--table", "slow", "--map", MAP,
         "-o", place.path("slow.quipu")], stderr=subprocess.PIPE, text=True)
    busy = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE '%\"slow\"%GROUP%' AND state " \
        "= 'active' AND pid <> pg_backend_pid()"
    for _ in range(100):
        if server.psql(busy) == "1\n":
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the statement does not run")
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=30)[1]
    assert running.returncode != 0 and "stopped" in said, said
    for _ in range(50):
        if server.psql(busy) == "0\n":
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the server goes on")
    assert sorted(os.listdir(place.folder)) == before
