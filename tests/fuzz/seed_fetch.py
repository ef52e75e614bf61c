#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the seeds of fuzz_answers: a small answer of each kind.  Run by hand:
tests/fuzz/seed_fetch.py
"""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
(DATASETS, CODES, COUNT, WITS, BANK, SAID, ADDRESS, JOURNAL, MANIFEST, QUESTION) = range(10)

ROW = {"reporterCode": 604, "period": "2011", "flowCode": "X", "partnerCode": 156,
       "cmdCode": "26\u00e900", "netWgt": None, "x": [1, {"y": "]"}], "primaryValue": 1.5e3}
SDMX = {"dataSets": [{"series": {"0:0:1:0:0": {"observations": {"0": [12.5, 0]}}}}],
        "structure": {"dimensions": {
            "series": [{"id": "FREQ", "values": [{"id": "A"}]},
                       {"id": "REPORTER", "values": [{"id": "PER"}]},
                       {"id": "PARTNER", "values": [{"id": "WLD"}, {"id": "CHN"}]},
                       {"id": "PRODUCTCODE", "values": [{"id": "Total"}]},
                       {"id": "INDICATOR", "values": [{"id": "XPRT-TRD-VL"}]}],
            "observation": [{"id": "TIME_PERIOD", "values": [{"id": "2011"}]}]}}}
LINE = {"time": "2020-01-02T03:04:05Z", "request": "/x?a=b", "release": "", "file": "a.json",
        "rows": 3, "bytes": 3, "sha256": "ab" * 32, "outcome": "rows"}
SHA256 = "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"  # of "{}\n"

SEEDS = {
    "datasets": (DATASETS, {"elapsedTime": "1", "count": 2, "data": [
        {"period": 2011, "reporterCode": 604, "classificationCode": "H3",
         "lastReleased": "2013-05-03T00:00:00"},
        {"period": "201101", "reporterCode": "604"}], "error": ""}),
    "datasets-error": (DATASETS, {"count": 0, "data": [], "error": "no\x1b"}),
    "codes": (CODES, {"results": [{"id": "TOTAL"}, {"id": 4}, {"id": "260300"}]}),
    "count": (COUNT, {"count": 1, "data": [ROW], "error": ""}),
    "wits": (WITS, SDMX),
    "bank": (BANK, [{"page": 1, "pages": "2", "total": 2, "lastupdated": "2020-01-01"},
                    [{"indicator": {"id": "SP.POP.TOTL"}, "countryiso3code": "PER",
                      "date": "2011", "value": 29e6},
                     {"indicator": {"id": "SP.POP.TOTL"}, "countryiso3code": "PER",
                      "date": "2010", "value": None}]]),
    "bank-message": (BANK, [{"message": [{"value": "no such"}]}]),
    "said": (SAID, {"message": "the key abcdefgh is\nwrong"}),
    "said-text": (SAID, "abcdefgh " * 9),
    "address": (ADDRESS, "https://Office.example:8443/a/b"),
    "address-6": (ADDRESS, "http://[::1]:80?x"),
    "journal": (JOURNAL, json.dumps(LINE) + "\n" + json.dumps({**LINE, "outcome": "none"}) + "\n{"),
    "manifest": (MANIFEST, {"layout": 1, "release": "V1", "files": [
        {"path": "answers/a.json", "role": "data", "request": "/x", "rows": 1, "bytes": 3,
         "sha256": SHA256}]}),
    "question": (QUESTION, '{"source":"comtrade","layout":1,"reporters":["604"],"partners":"all",'
                           '"products":["TOTAL"],"flows":["M","X"],"periods":[2011],'
                           '"nomenclature":"HS"}\n'),
    "question-baci": (QUESTION, {"source": "baci", "periods": [], "nomenclature": "H0",
                                 "release": "202301"}),
}


def main():
    folder = os.path.join(HERE, "corpus", "answers")
    os.makedirs(folder, exist_ok=True)
    for name, (kind, value) in SEEDS.items():
        text = value if isinstance(value, str) else json.dumps(value)
        with open(os.path.join(folder, "seed-" + name), "wb") as out:
            out.write(bytes([kind]) + text.encode())


if __name__ == "__main__":
    main()
