# SPDX-License-Identifier: Apache-2.0
"""The same question asked of the cube and, as SQL, of the engine: the same figures."""
import csv
import glob
import io
import os
import subprocess
from decimal import Decimal

from place import COLUMNS, HERE, MAP, ROOT, Skip

FEW = "partner <> '97' and ruc < 20100000150"
TABLE = ("--table", "declarations", "--map", MAP, "--where", FEW)
EVERY = "--years 2005-2011"
QUESTIONS = (
    "value", "value --reporter Peru", f"value --reporter Peru --by partner {EVERY}",
    f"value --by reporter,product --years 2006,2009 --flow import",
    "value --reporter Peru --partner Asia --product 26,74-76",
    "value --reporter Peru,Chile --partner China+Japan --by product",
    "value --reporter PER+CHL --by partner --product 26",
    "share --reporter Peru", "share --reporter Peru --by partner --of Asia --years 2005,2011",
    "share --reporter Peru --partner China", "share --reporter Peru --product 26",
    "share --reporter Peru --by product --partner China --of Asia",
    "share --reporter Peru,Chile --by partner,product --of total",
    "share --by reporter --product 2603 --of selection", "share --by partner,product --flow import",
    "growth --reporter Peru --years 2005-2011", "growth --by reporter,partner --years 2005,2008,2011",
    "growth --reporter Peru --by product --years 2005-2011 --method log",
    "growth --reporter Chile --by partner --years 2006-2009 --method midpoint",
    "top --reporter Peru --limit 5", "top --by reporter,partner --limit 3 --years 2010-2011",
    "top --reporter Peru --by partner --of Asia --limit 0",
    "balance --reporter Peru", "balance --reporter Peru,Chile --by product",
    "balance --by reporter,partner --years 2007",
    "structure --reporter Peru", "structure --reporter Peru,Chile --by section --years 2006-2008",
    "structure --reporter Peru --partner Asia --by lall --of total",
    "rca --reporter Peru", "rca --years 2009 --cutoff 1", "rca --reporter Peru --partner China",
    "rca --reporter Chile --variant symmetric", "rca --reporter Chile --variant normalised --of Asia",
    "rca --by reporter,product --variant additive --years 2005-2006",
)
NAMES = {"from": "since", "to": "until", "year": "period"}


def rows_of(text):
    """Rows as {column: text}, without names of countries and products."""
    return [{NAMES.get(name, name): value for name, value in row.items()
             if not name.endswith("_name")} for row in csv.DictReader(io.StringIO(text))]


def same_number(one, other):
    if (one == "") != (other == ""):
        return False
    if one == other:
        return True
    if Decimal(one) == Decimal(other):
        return True
    return float(one) == float(other)


def table(rows, figures):
    keys = sorted(set(rows[0]) - set(figures)) if rows else []
    answer = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        assert key not in answer, key
        answer[key] = row
    return keys, answer


def compare(question, cube, engine):
    figures = {"value", "share", "cumulative", "rank", "growth", "ratio", "accumulated",
               "value_from", "value_to", "exports", "imports", "balance", "cover", "normalised",
               "rca"}
    assert cube, question
    keys, wanted = table(cube, figures)
    other, given = table(engine, figures)
    assert keys == other, (question, keys, other)
    assert set(wanted) == set(given), (question, len(wanted), len(given),
                                       sorted(set(wanted) ^ set(given))[:6])
    for key, row in wanted.items():
        for name in figures & set(row):
            assert same_number(row[name], given[key][name]), (question, key, name, row[name],
                                                              given[key][name])
    return len(wanted)


def cube_of(place):
    path = place.path("plan.quipu")
    if not os.path.exists(path):
        place.odbc(place.one(), "plan.quipu", "--where", FEW)
    return path


def each(place, dialect, ask):
    cube, n = cube_of(place), 0
    for question in QUESTIONS:
        measure, *words = question.split()
        wanted = place.run(measure, cube, *words, "--format", "csv", "--plain")[0]
        sql = place.run("sql-plan", measure, "--dialect", dialect, *TABLE, *words)[0]
        assert sql.count(";") == 1 and sql.rstrip().endswith(";"), sql
        n += compare(question, rows_of(wanted), rows_of(ask(sql)))
    return n


def check_postgresql(place):
    """every question gives the same figures in PostgreSQL, to the last digit"""
    server = place.one()
    bin_folder = server.bin

    def ask(sql):
        done = subprocess.run(
            [os.path.join(bin_folder, "psql"), "-h", "127.0.0.1", "-p", str(server.port), "-U",
             "quipu", "-d", "postgres", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1"],
            input=sql, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + sql[-3000:]
        return done.stdout
    each(place, "postgresql", ask)


def check_duckdb(place):
    """every question gives the same figures in DuckDB, where it is at hand"""
    from duck import Duck
    found = [p for where in ("duckdb", "../sql/duckdb")
             for p in glob.glob(os.path.join(ROOT, where, "node_modules/@duckdb/*/libduckdb.so"))]
    if not found:
        raise Skip("DuckDB is not at hand")
    with Duck(found[0]) as duck:
        duck.run(f"CREATE TABLE declarations ({COLUMNS})")
        duck.run(f"COPY declarations FROM '{place.csv()}' (FORMAT csv, HEADER)")
        each(place, "duckdb", duck.csv)


def check_refusals(place):
    """what cannot stay in the engine is said"""
    for words, wanted in ((("cms",), "does not stay"), (("growth",), "between which"),
                          (("value", "--by", "flow"), "--by"),
                          (("value", "--years", "latest"), "--years as numbers"),
                          (("share", "--of", "classified"), "needs the cube"),
                          (("value", "--reporter", "Atlantis"), "Atlantis")):
        said = place.run("sql-plan", words[0], "--dialect", "spark", *TABLE, *words[1:],
                         code=2)[1]
        assert wanted in said, said
    said = place.run("sql-plan", "value", "--dialect", "oracle", *TABLE, code=2)[1]
    assert "clickhouse" in said, said


def check_golden(place):
    """a statement of each dialect, as it was looked at once"""
    with open(os.path.join(HERE, "plans.txt"), encoding="utf-8") as text:
        wanted = text.read()
    told = ""
    for dialect in ("postgresql", "clickhouse", "spark", "duckdb"):
        sql = place.run("sql-plan", "share", "--dialect", dialect, "--table", "d", "--map",
                        "period=year(date),reporter:PER,partner=who,product=hs,value=usd,flow:export",
                        "--reporter", "Peru", "--by", "partner", "--of", "asia-study", "--years",
                        "2011")[0]
        start = sql.index("country")  # the list of countries is the same, and long
        told += f"-- {dialect}\n{sql[:start]}...{sql[sql.index('member_of'):]}\n"
    assert told == wanted, told
