# SPDX-License-Identifier: Apache-2.0
"""Statements: what the scan leaves out must not be missed; two cubes; faults."""
import itertools
import json
import os
import random
import re
import signal
import subprocess
import time

from place import equal

COLUMNS = ["period", "year", "flow", "reporter", "partner", "product", "value", "weight_kg",
           "quantity", "unit", "flags"]


def literals(random_, texts, n):
    return ", ".join("'" + t + "'" for t in random_.sample(texts, n))


def condition(random_, alias, known, depth=0):
    """A random condition on trade, of forms the sieve understands and others."""
    dot = alias + "." if alias else ""
    column = random_.choice(["reporter", "partner", "product"])
    texts = known[column] + ["ZZZ"]
    one = "'" + random_.choice(texts) + "'"
    forms = [f"{dot}{column} = {one}", f"{one} = {dot}{column}",
             f"{dot}{column} IN ({literals(random_, texts, min(3, len(texts)))})",
             f"{dot}{column} LIKE '{random_.choice(texts)[:random_.randint(0, 2)]}%'",
             f"{dot}{column} LIKE '_{random_.choice(texts)[1:]}'",
             f"{dot}{column} <> {one}", f"{dot}{column} > {one}", f"NOT {dot}{column} = {one}",
             f"{dot}value > {random_.randint(0, 10 ** 7)}", f"{dot}year = 2011",
             f"lower({dot}{column}) = lower({one})", f"{dot}{column} IS NOT NULL",
             f"({dot}reporter = 'PER') IS NOT FALSE"]
    if depth < 2 and random_.random() < 0.5:
        word = random_.choice(["AND", "OR"])
        return "(" + f" {word} ".join(condition(random_, alias, known, depth + 1)
                                      for _ in range(random_.randint(2, 3))) + ")"
    return random_.choice(forms)


SHAPES = [
    "SELECT count(*), sum(value) FROM trade WHERE {0}",
    "SELECT year, partner, count(*), sum(value) FROM trade AS t WHERE {t} GROUP BY ALL",
    "SELECT count(*), sum(a.value) FROM trade a JOIN trade b ON a.partner = b.partner AND "
    "a.year = b.year AND a.product = b.product AND a.flow <> b.flow WHERE {a} AND {b}",
    "SELECT count(*), sum(a.value) FROM trade a LEFT JOIN (SELECT * FROM trade WHERE {0}) b ON "
    "a.partner = b.partner AND a.year = b.year AND a.flow <> b.flow WHERE {a}",
    "SELECT count(*) FROM countries c LEFT JOIN trade t ON c.iso3 = t.partner WHERE {t}",
    "SELECT count(*) FROM countries c LEFT JOIN trade t ON c.iso3 = t.partner AND {t}",
    "SELECT count(*) FROM countries c RIGHT JOIN trade t ON c.iso3 = t.partner WHERE {t}",
    "SELECT count(*) FROM countries c ANTI JOIN trade ON c.iso3 = trade.partner",
    "SELECT count(*) FROM countries WHERE iso3 IN (SELECT partner FROM trade WHERE {0})",
    "SELECT count(*) FROM countries WHERE iso3 NOT IN (SELECT partner FROM trade WHERE {0})",
    "WITH x AS (SELECT * FROM trade WHERE {0}) SELECT count(*), sum(value) FROM x WHERE {0}",
    "SELECT count(*) FROM (FROM trade WHERE {0} UNION ALL FROM trade WHERE {0})",
    "SELECT (SELECT sum(value) FROM trade), count(*) FROM trade WHERE {0}",
    "SELECT count(*) FILTER ({0}), count(*) FROM trade",
    "SELECT partner, sum(value) OVER (PARTITION BY year) FROM trade WHERE {0}",
    "SELECT count(*) FROM trade t, trade u WHERE t.partner = u.partner AND t.year = u.year AND {t}",
    "SELECT count(*) FROM trade t SEMI JOIN trade u ON t.partner = u.product WHERE {t}",
    "SELECT sum(t.value) FROM trade t POSITIONAL JOIN countries WHERE {t}",
    "SELECT count(*), sum(value) FROM trade GROUP BY product HAVING sum(value) > 5",
    "SELECT reporter AS partner, partner AS reporter, value FROM trade WHERE {0}",
    "SELECT count(*) FROM query('SELECT * FROM trade') q, (FROM trade WHERE {0} LIMIT 1)",
    "SELECT count(*) FROM (SUMMARIZE trade), (SELECT count(*) FROM trade WHERE {0})",
    "SELECT * FROM (PIVOT (FROM trade WHERE {0}) ON flow USING sum(value) GROUP BY year)",
]


def fill(random_, shape, known):
    return re.sub(r"\{(\w)\}", lambda m: condition(
        random_, "" if m.group(1) == "0" else m.group(1), known), shape)


def check_sieve(place):
    """what the scan leaves out changes no answer: random statements against a copied table"""
    random_ = random.Random(20110301)
    for cube, n in (("region", 60), ("customs", 60), ("sides", 30)):
        known = {c: [r[0] for r in place.rows(cube, f"SELECT DISTINCT {c} FROM trade ORDER BY {c}")]
                 for c in ("reporter", "partner", "product")}
        statements = [fill(random_, random_.choice(SHAPES), known) for _ in range(n)]
        # Each as a session of its own, so that every one is sieved; the copy in one go.
        copied = ["CREATE TABLE own AS FROM trade"]
        for at, statement in enumerate(statements):
            inner = re.sub(r"\btrade\b", "own", statement)
            copied.append(f"COPY (SELECT * FROM ({inner}) ORDER BY ALL) TO 'own{at}.csv'")
        place.sql(cube, "; ".join(copied))
        for at, statement in enumerate(statements):
            found = place.sql(cube, f"SELECT * FROM ({statement}) ORDER BY ALL")
            with open(place.path(f"own{at}.csv"), encoding="utf-8") as file:
                wanted = file.read()
            equal([[plain(v) for v in line.split(",")] for line in found.splitlines()[1:]],
                  [[plain(v) for v in line.split(",")] for line in wanted.splitlines()[1:]],
                  statement)


def plain(text):
    """DECIMAL(18,3) as DuckDB writes it, without its zeros."""
    return re.sub(r"\.?0+$", "", text) if re.fullmatch(r"-?\d+\.\d+", text) else text


def check_used(place):
    """the scan does leave out: EXPLAIN ANALYZE counts the rows"""
    done = place.sql("region", "EXPLAIN ANALYZE SELECT sum(value) FROM trade WHERE partner = 'JPN'")
    rows = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) rows?\b", done)]
    total = int(place.rows("region", "SELECT count(*) FROM trade")[0][0])
    scanned = int(place.rows("region", "SELECT count(*) FROM trade WHERE partner = 'JPN'")[0][0])
    assert rows and scanned * 9 < total and sum(rows) < total, (rows, scanned, total, done)


def check_projection(place):
    """any columns in any order are those of SELECT *"""
    for cube in ("customs", "peru"):
        order = "ORDER BY period, flow, reporter, partner, product"
        whole = place.rows(cube, f"SELECT * FROM trade {order}")
        random_ = random.Random(5)
        for n in range(1, 12, 3):
            columns = random_.sample(COLUMNS, n)
            found = place.rows(cube, f"SELECT {', '.join(columns)} FROM trade {order}")
            at = [COLUMNS.index(c) for c in columns]
            equal(found, [[row[i] for i in at] for row in whole], f"{cube} {columns}")


def check_threads(place):
    """any number of threads gives the same rows"""
    statement = "SELECT reporter, partner, year, sum(value), count(*) FROM trade GROUP BY ALL " \
        "ORDER BY ALL"
    for cube in ("region", "world"):
        answers = {place.sql(cube, statement, "--threads", n) for n in ("1", "2", "7")}
        equal(len(answers), 1, cube)
    orders = {place.sql("customs", "FROM trade", "--threads", n) for n in ("1", "4", "4")}
    equal(len(orders), 1, "the order of a plain scan")


def check_two_cubes(place):
    """cubes with names, from the file or given, side by side"""
    names = ["--with", "customs.quipu", "--with", "later=exports.quipu"]
    counts = {n: place.rows(n, "SELECT count(*) FROM trade")[0][0]
              for n in ("peru", "customs", "exports")}
    found = place.rows("peru", "SELECT (SELECT count(*) FROM trade), (SELECT count(*) FROM "
                       "customs.trade), (SELECT count(*) FROM later.trade)", *names)
    equal(found, [[counts["peru"], counts["customs"], counts["exports"]]])
    part = place.rows("customs", "SELECT sum(value) FROM trade WHERE partner = 'CHN'")
    equal(place.rows("peru", "SELECT sum(value) FROM customs.trade WHERE partner = 'CHN'", *names),
          part)
    share = place.sql("customs", "FROM share(\"by\" := 'partner', years := 2015)")
    equal(place.sql("peru", "FROM share(\"by\" := 'partner', years := 2015, cube := 'customs')",
                    *names), share)
    product = place.rows("peru", "SELECT count(*) > 0 FROM later.products", *names)
    equal(product, [["true"]])


def check_classifications(place):
    """countries, groups, products, classes and concordances are tables"""
    for statement, wanted in (
            ("SELECT name FROM countries WHERE iso3 = 'PER'", "Peru"),
            ("SELECT count(*) > 9 FROM members WHERE \"group\" = 'asean'", "true"),
            ("SELECT count(*) > 5 FROM nomenclatures", "true"),
            ("SELECT count(*) > 5 FROM schemes", "true"),
            ("SELECT count(*) > 100 FROM agreements", "true"),
            ("SELECT count(*) FROM (SELECT scheme, product, sum(part) AS s FROM classes GROUP BY ALL) "
             "WHERE abs(s - 1) > 1e-12", "0"),
            ("SELECT count(*) > 4000 FROM concordance('H5', 'H0')", "true"),
            ("SELECT count(*) > 5000 FROM concordance('H5', 'H0', method := 'equal')", "true")):
        equal(place.rows("exports", statement)[0][0], wanted, statement)
    # A class in SQL is the class of the verb.
    verb = place.run("value", "exports.quipu", "--by", "section", "--years", "2011", "--sort",
                     "code", "--format", "jsonl", "--reporter", "Peru")
    wanted = {r["section"]: r["value"] for r in map(json.loads, verb.stdout.splitlines())
              if r["value"]}
    found = dict(place.rows("exports", "SELECT class, sum(value) FROM trade JOIN classes USING "
                            "(product) WHERE scheme = 'section' AND year = 2011 GROUP BY 1"))
    equal({k: float(v) for k, v in found.items()}, {k: float(v) for k, v in wanted.items()})


FAULTS = [
    ("SELECT * FORM trade", 2, r"SQL:1:15: syntax error at or near \"trade\""),
    ("SELECT 1;\n  SELECT yaer FROM trade", 2, r"SQL:2:10: Referenced column \"yaer\" not found"),
    ("FROM trad", 2, r"SQL:1:6: Table with name trad does not exist! Did you mean \"trade\""),
    ("FROM share(reporter := 'Perru')", 2, r"no country or group is called \"Perru\"; did you"),
    ("FROM share(repoter := 'Peru')", 2, r"Invalid named parameter \"repoter\""),
    ("FROM share(\"by\" := 'patner')", 2, r"patner"),
    ("FROM share(cube := 'x')", 2, r"there is no cube \"x\""),
    ("FROM trade(years := '1066')", 2, r"1066"),
    ("FROM invest_owners()", 2, r"add register := 'FOLDER'"),
    ("FROM concordance('H5', 'XX')", 2, r"XX"),
    ("SELECT DATE '2011-01-01' AS d", 2, r"column \"d\" is of a type .* d?x?::VARCHAR"),
    ("SELECT 170141183460469231731687303715884105727 AS x", 3, r"beyond 64 bits"),
    ("SELECT CAST('abc' AS INTEGER)", 3, r"SQL:1:8: Could not convert string 'abc' to INT32"),
    ("COPY (FROM trade) TO '/nowhere/x.csv'", 4, r"Cannot open file"),
    ("FROM 'absent.parquet'", 4, r"absent\.parquet"),
    ("INSTALL httpfs", 4, r"httpfs"),
    ("   ", 2, r"there is no statement"),
    ("FROM quipu_slab(0, 9999)", 2, r"no such slab"),
]


def check_faults(place):
    """each fault is one clear message with its place"""
    for statement, status, pattern in FAULTS:
        done = place.run("sql", "peru.quipu", statement)
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and re.search(pattern, lines[0]), (statement, done.stderr)
        if status != 4:
            equal(done.returncode in (2, 3), True, statement + done.stderr)
        equal(done.stdout, "", statement)
        assert done.returncode != 0, statement
    done = place.run("sql", "peru.quipu", "FROM trade", "--with", "2x=customs.quipu")
    assert done.returncode == 2 and "needs a name of letters" in done.stderr, done.stderr
    done = place.run("sql")
    assert done.returncode == 2 and "of which cube?" in done.stderr, done.stderr


def check_absent(place):
    """without DuckDB: one message that says how to get it, and nothing left behind"""
    before = sorted(os.listdir(place.folder))
    for words in (("sql", "peru.quipu", "SELECT 1"), ("dump", "peru.quipu", "-o", "no.parquet"),
                  ("share", "peru.quipu", "-o", "no.parquet")):
        for library in ("/nowhere/libduckdb.so", "/dev/null"):
            done = place.run(*words, environment={"QUIPU_DUCKDB": library})
            lines = done.stderr.splitlines()
            assert len(lines) == 1 and re.search(
                r"need DuckDB's library .* and " + library + " cannot be loaded", lines[0]), lines
            equal(done.returncode, 4, str(words))
    equal(sorted(os.listdir(place.folder)), before)
    done = place.run("share", "peru.quipu", "--reporter", "Peru",
                     environment={"QUIPU_DUCKDB": "/nowhere/libduckdb.so"})
    equal(done.returncode, 0, "what needs no DuckDB")


def check_standard_input(place):
    """without a statement they are read from standard input"""
    done = place.run("sql", "peru.quipu", "--format", "csv",
                     text="CREATE TABLE t AS SELECT 1 AS a;\nSELECT a + 1 AS b FROM t; -- two\n")
    equal((done.returncode, done.stdout), (0, "b\n2\n"), done.stderr)
    done = place.run("sql", "peru.quipu", text="SELECT 1 FORM\ntrade")
    assert "SQL:2:1" in done.stderr, done.stderr


def check_notes(place):
    """notes of measures and the sources of cubes stand under the answer"""
    done = place.run("sql", "peru.quipu", "SELECT * FROM share(reporter := 'Peru', years := 2011)")
    for words in ("Note: share: Shares are of all partners.", "DuckDB v", "cube: "):
        assert words in done.stdout, done.stdout


def check_interrupt(place):
    """Ctrl-C ends a long statement"""
    slow = "SELECT count(*) FROM trade a, trade b, trade c WHERE a.value + b.value = c.value"
    run = subprocess.Popen([place.program, "sql", "world.quipu", slow], cwd=place.folder,
                           stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    time.sleep(1.5)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=20)
    assert run.returncode != 0 and time.monotonic() - begun < 10, run.returncode


def check_expressions(place):
    """values of all kinds cross unharmed"""
    found = place.sql("peru", "SELECT 1.5 AS a, -2::TINYINT AS b, 3e300 AS c, NULL AS d, true AS e, "
                      "'x,\"y' AS f, 0.001 AS g, 12345678901234.567 AS h, 1.23456 AS i, "
                      "18446744073709551615::UBIGINT - 1::UBIGINT > 5 AS j, 'a'::VARCHAR AS k, "
                      "'long text of more than twelve bytes' AS l, sum(1::BIGINT) AS m")
    equal(found, 'a,b,c,d,e,f,g,h,i,j,k,l,m\n1.5,-2,3e300,,true,"x,""y",0.001,12345678901234.567,'
          '1.23456,true,a,long text of more than twelve bytes,1\n')
    for a, b in itertools.product((2047, 2048, 2049), (1,)):
        equal(place.rows("peru", f"SELECT count(*), max(range) FROM range({a})"),
              [[str(a), str(a - b)]])
        equal(len(place.rows("peru", f"SELECT range FROM range({a})")), a)
