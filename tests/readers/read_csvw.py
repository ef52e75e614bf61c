# SPDX-License-Identifier: Apache-2.0
"""CSVW metadata: its own rules as a schema, and the CSV read by what it says.

The schema holds the rules of "Metadata Vocabulary for Tabular Data" (W3C Recommendation of
17 December 2015) for what we write: a table description with dialect and schema.
"""
import decimal
import json
import re

from place import ID, equal

NAME = r"^(?:[A-Za-z0-9]|%[0-9A-F]{2})(?:[A-Za-z0-9_.]|%[0-9A-F]{2})*$"
COMMON = r"^(?:dc|dcat|schema|rdfs|skos|prov|foaf):[A-Za-z]+$"
TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["@context", "url", "tableSchema"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/csvw"},
        "url": {"type": "string", "minLength": 1},
        "null": {"type": "string"},
        "dialect": {
            "type": "object",
            "properties": {
                "encoding": {"const": "utf-8"}, "delimiter": {"type": "string", "maxLength": 1},
                "quoteChar": {"const": "\""}, "doubleQuote": {"type": "boolean"},
                "header": {"type": "boolean"},
                "lineTerminators": {"type": "array", "items": {"enum": ["\n", "\r\n"]}}},
            "additionalProperties": False},
        "tableSchema": {
            "type": "object",
            "required": ["columns"],
            "properties": {
                "columns": {
                    "type": "array", "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["name", "titles", "datatype"],
                        "properties": {
                            "name": {"type": "string", "pattern": NAME},
                            "titles": TEXTS,
                            "datatype": {"enum": ["string", "integer", "decimal", "double"]},
                            "required": {"type": "boolean"}},
                        "patternProperties": {COMMON: TEXTS},
                        "additionalProperties": False}},
                "primaryKey": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
            "additionalProperties": False}},
    "patternProperties": {COMMON: TEXTS},
    "additionalProperties": False}

LEXICAL = {"string": r"(?s).*", "integer": r"-?\d+", "decimal": r"-?\d+(?:\.\d+)?",
           "double": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"}


def check_rules(place):
    """metadata keeps to the vocabulary's rules"""
    import jsonschema
    for name in ("hostile", "wide", "long"):
        metadata = json.loads(place.text(name + ".csv-metadata.json"))
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        jsonschema.Draft7Validator(SCHEMA).validate(metadata)
        equal(metadata["url"], name + ".csv")
        equal(metadata["dc:identifier"], ID)


def check_table(place):
    """the CSV is as its metadata says: header, datatypes, required cells, key"""
    for name in ("hostile", "wide", "long"):
        schema = json.loads(place.text(name + ".csv-metadata.json"))["tableSchema"]
        header, rows = place.csv(name + ".csv")
        columns = schema["columns"]
        equal(len(columns), len(header))
        names = [column["name"] for column in columns]
        equal(len(set(names)), len(names), "names differ")
        for index, (column, title) in enumerate(zip(columns, header)):
            assert title in column["titles"], f"{title} is no title of {column}"
            cells = [row[index] for row in rows]
            equal(column.get("required", False), None not in cells, title)
            for cell in cells:
                if cell is not None:
                    assert re.fullmatch(LEXICAL[column["datatype"]], cell), (title, cell)
        key = [names.index(part) for part in schema["primaryKey"]]
        values = [tuple(row[index] for index in key) for row in rows]
        assert None not in sum(values, ()) and len(set(values)) == len(values)


def check_units(place):
    """units, titles and notes are said"""
    metadata = json.loads(place.text("wide.csv-metadata.json"))
    units = {column["name"]: column.get("schema:unitText")
             for column in metadata["tableSchema"]["columns"]}
    equal(units, {"product": None, "product_name": None, "partner": None, "year": "year",
                  "value": "US$", "share": "fraction", "growth": "fraction per year"})
    equal(metadata["tableSchema"]["primaryKey"], ["product", "partner", "year"])
    assert metadata["dc:title"].startswith("Exportaciones del Perú a Asia")
    assert len(metadata["rdfs:comment"]) == 1 and "Made, not measured" in metadata["dc:source"]


def check_json_columns(place):
    """the JSON of a table says type, unit, label and role of each column, and the same rows"""
    types = {"text": str, "integer": int, "money": decimal.Decimal, "amount": decimal.Decimal,
             "real": decimal.Decimal, "share": decimal.Decimal}
    for name in ("hostile", "wide"):
        table = json.loads(place.text(name + ".json"), parse_float=decimal.Decimal)
        header, rows = place.csv(name + ".csv")
        equal([column["name"] for column in table["columns"]], header)
        for column in table["columns"]:
            equal(sorted(column), ["label", "name", "role", "type", "unit"])
            assert column["type"] in types and column["role"] in ("dimension", "figure")
        for found, wanted in zip(table["rows"], rows):
            for column, field in zip(table["columns"], wanted):
                value = found[column["name"]]
                if field is None or column["type"] == "text":
                    equal(value, field)
                else:
                    equal(decimal.Decimal(value), decimal.Decimal(field))
