# SPDX-License-Identifier: Apache-2.0
"""CITATION.cff, read by PyYAML: required keys, and texts that come back as they were."""
import re

from place import ID, equal


def load(place):
    import yaml
    return yaml.safe_load(place.text("CITATION.cff"))


def check_required(place):
    """the keys of the Citation File Format 1.2.0 are there"""
    found = load(place)
    equal(found["cff-version"], "1.2.0")
    equal(found["type"], "dataset")
    assert isinstance(found["message"], str) and found["message"]
    equal(found["version"], "1.10", "a version is text")
    equal(found["date-released"], "2013-05-01")
    equal(found["doi"], "10.5281/zenodo.1234567")
    equal(found["identifiers"][0]["value"], ID)
    allowed = {"cff-version", "message", "type", "title", "authors", "version", "date-released",
               "abstract", "doi", "url", "license", "identifiers", "keywords"}
    equal(set(found) - allowed, set())
    for author in found["authors"]:
        assert set(author) <= {"family-names", "given-names", "affiliation", "orcid", "name"}


def check_texts(place):
    """hostile texts come back as they were"""
    found = load(place)
    equal(found["title"], "- Perú: {a}, [b] & *c* | > ! % @ `\n# d\ufffd\x01")
    equal(found["abstract"], "Two\nlines: yes\\no \u2028 \"q\"")
    equal(found["authors"][0], {"family-names": "Sanborn", "given-names": "Cynthia"})
    equal(found["authors"][1]["name"], "Yes: # 'no' \"x\"  ")
    assert all(isinstance(word, str) for word in found["keywords"])
    wanted = [row[1] for row in place.csv("hostile.csv")[1]]
    equal([re.sub("\x7f", " ", word) for word in wanted], found["keywords"])
