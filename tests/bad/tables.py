# SPDX-License-Identifier: Apache-2.0
"""Tables of observations with one thing wrong each, for `quipu gravity`."""

HEAD = "exporter,importer,year,trade,dist,rta,who\n"
COUNTRIES = ("PER", "CHL", "CHN", "JPN", "KOR")


def rows(change=None):
    """Five countries, three years; `change` turns the fields of a row into others."""
    for year in (2000, 2001, 2002):
        for a, exporter in enumerate(COUNTRIES):
            for b, importer in enumerate(COUNTRIES):
                row = [exporter, importer, year, (a * 7 + b * 5 + year) % 11,
                       100 + 40 * abs(a - b) + a * b, int(a + b > 5 and year > 2000), "all"]
                if exporter != importer:
                    yield change(row) if change else row


def table(change=None):
    return HEAD + "".join(",".join(str(field) for field in row) + "\n" for row in rows(change))


def with_field(at, value, where):
    """Field `at` of one row, named by exporter, importer and year, is `value`."""
    def change(row):
        if tuple(row[:3]) == where:
            row[at] = value
        return row
    return table(change)


def files():
    first = ("PER", "CHL", 2000)
    yield "gravity-fine.csv", table()
    yield "gravity-negative.csv", with_field(3, -5, ("CHN", "JPN", 2001))
    yield "gravity-infinite.csv", with_field(4, "Inf", first)
    yield "gravity-far.csv", with_field(4, "far", first)
    yield "gravity-zero-distance.csv", with_field(4, 0, first)
    yield "gravity-constant.csv", table(lambda row: row[:5] + [1, row[6]])
    yield "gravity-no-trade.csv", table(lambda row: row[:3] + [0] + row[4:])
    yield "gravity-all-missing.csv", table(lambda row: row[:3] + ["NA"] + row[4:])
    yield "gravity-head-only.csv", HEAD
    yield "gravity-nothing.csv", ""
    yield "gravity-no-countries.csv", "y,x\n1,2\n2,3\n"
    yield "gravity-twice.csv", table() + "PER,CHL,2000,1,1,0,all\n"
    yield "gravity-half.csv", with_field(5, 0.5, first)
    yield "gravity-beside-keyless.csv", "gdp,pop\n1,2\n"
    yield "gravity-beside-twice.csv", "country,year,gdp\nPER,2000,1\nPeru,2000,2\n"
    yield "gravity-agreements.csv", "country1,country2,from\nPER,CHN,1.3.2010\n"
