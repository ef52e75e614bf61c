# SPDX-License-Identifier: Apache-2.0
"""Stata and SPSS files, read by pandas and by R; and theirs, read by quipu."""
import csv
import io
import os
import subprocess

from place import Skip, equal, run

ASK = ["share", "peru.quipu", "--reporter", "Peru", "--years", "2009-2011"]
MAP = ["--map", "year=year,reporter=exporter,partner=importer,product=hs6,value=usd,"
       "flow:export,nomenclature:H0"]
ROWS = [(2010, "PER", "CHN", "260300", 1234.5), (2010, "PER", "JPN", "010121", 17.0),
        (2011, "PER", "CHN", "260300", 8796093022207.125)]


def frame(text):
    """A CSV of ours as pandas reads it: full figures, codes as text."""
    import pandas
    return pandas.read_csv(io.BytesIO(text), keep_default_na=False, na_values=[""],
                           float_precision="round_trip")


def table(place):
    """Some rows, and where to write them."""
    import pandas
    path = os.path.join(place.work, "made.dta")
    return pandas.DataFrame(ROWS, columns=["year", "exporter", "importer", "hs6", "usd"]), path


def imported(place, words):
    """The dump of the cube made of a file."""
    target = os.path.join(place.work, "made.quipu")
    done = subprocess.run([place.program, "import"] + words + ["-o", target], cwd=place.work,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    equal(done.returncode, 0, done.stdout.decode())
    lines = place.quipu(["dump", target]).decode().splitlines()
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    return sorted((int(r[0]), r[3], r[4], float(r[5])) for r in rows[1:])


NUMBERS = {"CHN": "156", "JPN": "392"}
WANTED = sorted((year, NUMBERS[partner], code, value) for year, _, partner, code, value in ROWS)


def check_pandas_reads_dta(place):
    """dta: pandas finds every figure of the CSV to the last digit, labels and the fixed date"""
    import pandas
    wanted = frame(place.quipu(ASK + ["--format", "csv"]))
    place.quipu(ASK + ["-o", "ours.dta"])
    reader = pandas.read_stata(os.path.join(place.work, "ours.dta"), iterator=True)
    found = reader.read()
    equal(list(found.columns), list(wanted.columns), "columns")
    equal(len(found), len(wanted), "rows")
    for name in found.columns:
        ours = wanted[name].fillna("") if wanted[name].dtype == object else wanted[name]
        pandas.testing.assert_series_equal(found[name], ours, check_dtype=False, check_exact=True)
    equal(reader.variable_labels()["value"], "Value (US$)", "label")
    equal(reader.time_stamp, "01 Jan 2000 00:00", "date")


def check_same_bytes(place):
    """dta, sav: the same question gives the same bytes"""
    for kind in ("dta", "sav"):
        place.quipu(ASK + ["-o", "one." + kind])
        place.quipu(ASK + ["-o", "two." + kind])
        one, two = (open(os.path.join(place.work, name + kind), "rb").read()
                    for name in ("one.", "two."))
        equal(one, two, kind)


def r_reads(place, library, call, kind):
    """Columns written by R with 17 digits."""
    place.quipu(ASK + ["-o", "ours." + kind])
    program = (f"if (!requireNamespace('{library}', quietly = TRUE)) quit(status = 9); "
               f"x <- as.data.frame({library}::{call}); "
               "for (n in names(x)) if (is.numeric(x[[n]])) "
               "x[[n]] <- ifelse(is.na(x[[n]]), '', sprintf('%.17g', as.numeric(x[[n]]))); "
               "write.csv(x, 'r.csv', row.names = FALSE, na = '')")
    status, text = run(["Rscript", "--vanilla", "-e", program], place.work)
    if status == 9:
        raise Skip(f"the R package {library} is not installed")
    equal(status, 0, text)
    with open(os.path.join(place.work, "r.csv"), encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    wanted = list(csv.reader(io.StringIO(place.quipu(ASK + ["--format", "csv"]).decode())))
    equal([n.lower() for n in found[0]], wanted[0], "names")
    equal(len(found), len(wanted), "rows")
    for line, ours in zip(found[1:], wanted[1:]):
        for name, x, y in zip(wanted[0], line, ours):
            if x.rstrip(" ") != y:  # foreign leaves the blanks a text is filled up with
                equal(float(x), float(y), name)


def check_r_haven_reads_dta(place):
    """dta: R's haven finds every figure of the CSV to the last digit"""
    r_reads(place, "haven", "read_dta('ours.dta')", "dta")


def check_r_haven_reads_sav(place):
    """sav: R's haven finds every figure of the CSV to the last digit"""
    r_reads(place, "haven", "read_sav('ours.sav')", "sav")


def check_r_foreign_reads_sav(place):
    """sav: R's foreign finds every figure of the CSV to the last digit"""
    r_reads(place, "foreign", "read.spss('ours.sav', to.data.frame = TRUE, "
            "use.value.labels = FALSE)", "sav")


def check_pandas_dta_is_imported(place):
    """import: files of pandas in the versions 114, 117 and 118 give the rows they hold"""
    data, path = table(place)
    for version in (114, 117, 118):
        data.to_stata(path, write_index=False, version=version)
        equal(imported(place, [path] + MAP), WANTED, f"version {version}")


def check_labelled_values_are_imported(place):
    """import: NAME.label holds what a value is called, NAME what it is"""
    import pandas
    data, path = table(place)
    data["what"] = pandas.Categorical(["Export"] * 3, categories=["Import", "Export"])
    data.to_stata(path, write_index=False, version=118)
    words = [path, MAP[0], MAP[1].replace("flow:export", "flow=what.label")]
    equal(imported(place, words), WANTED, "labels")


def check_haven_sav_is_imported(place):
    """import: an SPSS file of R's haven gives the rows it holds"""
    data, path = table(place)
    data.to_stata(path, write_index=False, version=118)
    status, text = run(["Rscript", "--vanilla", "-e",
                        "if (!requireNamespace('haven', quietly = TRUE)) quit(status = 9); "
                        "haven::write_sav(haven::read_dta('made.dta'), 'made.sav')"], place.work)
    if status == 9:
        raise Skip("the R package haven is not installed")
    equal(status, 0, text)
    equal(imported(place, ["made.sav"] + MAP), WANTED, "sav")


def check_openpyxl_workbook_is_imported(place):
    """import: a workbook of openpyxl, a title above the table, codes shown with their zeros"""
    import openpyxl
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "My data"
    sheet.append(["Exports of Peru"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["year", "exporter", "importer", "hs6", "usd"])
    for row in ROWS:
        sheet.append([int(field) if i == 3 else field for i, field in enumerate(row)])
        sheet.cell(sheet.max_row, 4).number_format = "000000"
    book.create_sheet("Notes").sheet_state = "hidden"
    book.save(os.path.join(place.work, "made.xlsx"))
    equal(imported(place, ["made.xlsx", "--range", "A3:E"] + MAP), WANTED, "the one that is shown")
    equal(imported(place, ["made.xlsx#My data!A3:E6"] + MAP), WANTED, "by its place")


def check_our_workbook_is_imported(place):
    """import: a workbook we wrote is read again, names of columns with blanks in them"""
    ask = ["value", "peru.quipu", "--reporter", "Peru", "--years", "2010", "--flow", "export"]
    place.quipu(ask + ["--plain", "-o", "ours.xlsx"])
    year, value = place.quipu(ask + ["--format", "csv"]).decode().split()[1].split(",")
    equal(imported(place, ["ours.xlsx", "--map", "year=Year, value=Value (US$), reporter:PER "
                           "partner:CHN,flow:export"]),
          [(int(year), "156", "TOTAL", float(value))], "workbook")
