# SPDX-License-Identifier: Apache-2.0
"""datapackage.json: the Data Package standard's rules, hashes, and every CSV by its schema."""
import datetime
import decimal
import hashlib
import json
import os
import re

from place import ID, equal

NAME = r"[a-z0-9._/-]+"


def load(place):
    return json.loads(place.text("datapackage.json"))


def check_package(place):
    """the package has what the standard wants"""
    package = load(place)
    equal(package["$schema"], "https://datapackage.org/profiles/2.0/datapackage.json")
    assert re.fullmatch(NAME, package["name"]), package["name"]
    equal(package["id"], ID)
    equal(package["title"], 'A made study: "x"\n')
    equal(package["version"], "1.0.0")
    datetime.datetime.strptime(package["created"], "%Y-%m-%dT%H:%M:%SZ")
    equal(package["licenses"], [{"name": "CC-BY-4.0"}])
    equal(package["sources"], [{"title": "Made", "path": "https://example.org/"}])
    equal(package["contributors"], [{"title": "Cynthia Sanborn", "givenName": "Cynthia",
                                     "familyName": "Sanborn", "roles": ["author"]}])
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names) == 4 and all(re.fullmatch(NAME, n) for n in names)


def check_hashes(place):
    """bytes and SHA-256 are those of the files"""
    for resource in load(place)["resources"]:
        assert not resource["path"].startswith("/") and ".." not in resource["path"].split("/")
        with open(place.path(resource["path"]), "rb") as file:
            content = file.read()
        equal(resource["bytes"], len(content), resource["path"])
        equal(resource["hash"], "sha256:" + hashlib.sha256(content).hexdigest())
        equal(os.path.getsize(place.path(resource["path"])), resource["bytes"])


CASTS = {"string": str, "integer": int, "number": decimal.Decimal}


def check_tables(place):
    """every CSV reads by its schema: fields, types, required cells, key"""
    tables = [r for r in load(place)["resources"] if r.get("type") == "table"]
    equal(len(tables), 3)
    for resource in tables:
        schema = resource["schema"]
        header, rows = place.csv(resource["path"])
        equal([field["name"] for field in schema["fields"]], header)
        equal(schema["missingValues"], [""])
        equal((resource["mediatype"], resource["encoding"]), ("text/csv", "utf-8"))
        for index, field in enumerate(schema["fields"]):
            cells = [row[index] for row in rows]
            for cell in cells:
                if cell is not None:
                    CASTS[field["type"]](cell)
            required = field.get("constraints", {}).get("required", False)
            equal(required, None not in cells, field["name"])
        key = [header.index(name) for name in schema["primaryKey"]]
        values = {tuple(row[index] for index in key) for row in rows}
        equal(len(values), len(rows), "key")


def check_other_files(place):
    """a file that is no table has its media type and no schema"""
    book = load(place)["resources"][3]
    equal(book["mediatype"],
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    assert "schema" not in book and "type" not in book
