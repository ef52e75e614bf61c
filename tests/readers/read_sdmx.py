# SPDX-License-Identifier: Apache-2.0
"""SDMX-CSV 2.0: the rules of its columns, and the observations put together to the table."""
import re

from place import equal

FIXED = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]


def check_rules(place):
    """columns and contents keep to the field guide"""
    for name in ("hostile", "wide", "long"):
        header, rows = place.csv(name + ".sdmx.csv")
        equal(header[:3], FIXED)
        equal(len(set(header)), len(header), "columns differ")
        assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", column) for column in header), header
        at = {column: index for index, column in enumerate(header)}
        for row in rows:
            equal(row[:3], ["dataflow", "QUIPU:TABLE(1.0.0)", "I"])
            assert all(row[at[key]] for key in header[3:at["OBS_VALUE"]]), "a key is empty"
            equal(row[at["OBS_STATUS"]], "O" if row[at["OBS_VALUE"]] is None else "A")
            equal(row[at["UNIT_MULT"]], "0")
        keys = {tuple(row[3:at["OBS_VALUE"]]) for row in rows}
        equal(len(keys), len(rows), "every key is there once")


def check_observations(place):
    """the observations are the table's figures, to the last digit"""
    dimensions = {"product": "COMMODITY", "partner": "PARTNER", "year": "TIME_PERIOD",
                  "product_name": "PRODUCT_NAME", "id": "ID", "name": "NAME"}
    for name, measure in (("hostile", "HOSTILE"), ("wide", "EXPORTS"), ("long", "EXPORTS")):
        header, rows = place.csv(name + ".csv")
        titles, found = place.csv(name + ".sdmx.csv")
        at = {column: index for index, column in enumerate(titles)}
        figures = [column for column in header if column not in dimensions]
        equal(len(found), len(rows) * len(figures))
        observations = iter(found)
        for row in rows:
            for column, field in zip(header, row):
                if column in dimensions:
                    continue
                seen = next(observations)
                equal(seen[at["OBS_VALUE"]], field)
                equal(seen[at["INDICATOR"]], f"{measure}_{column.upper()}")
                for dimension, value in zip(header, row):
                    if dimension in dimensions:
                        equal(seen[at[dimensions[dimension]]], value)


def check_command_line(place):
    """the command line says reporter, partner and flow it was asked for"""
    out = place.quipu(["value", "peru.quipu", "--reporter", "Perú", "--partner", "China",
                       "--flow", "exports", "--years", "2011", "--format", "sdmx-csv"])
    lines = out.decode().splitlines()
    equal(len(lines), 2)
    assert lines[1].startswith("dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,X,_X,VALUE,2011,"
                               "6972639440,A,USD,0,"), lines[1]
