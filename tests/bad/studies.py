# SPDX-License-Identifier: Apache-2.0
"""Study files with one thing wrong each: a sound one, and what is put in place of what."""

SOUND = """\
quipu: 1
study: trial
title: A trial
authors:
  - {family: Doe, given: Jane}
date: 2013-05-01
let: {country: Peru}
inputs:
  trade: {import: study-trade.csv}
values:
  exports: "value trade --reporter {country} --years 2011 => value"
footnotes:
  gold: Without gold.
sections:
  - section: One
    content:
      - text: |
          Exports were {{exports}}[^gold].
      - table: totals
        ask: value trade --reporter {country} --by partner --years 2011
        reference:
          file: study-printed.csv
          match: {partner: partner}
          printed: value
          unit: US$
      - facts: facts
        file: study-facts.csv
"""

# name: (what stands in the sound file, what stands in its place)
CHANGES = {
    "not-yaml": ("title: A trial", "title: [A trial"),
    "tab": ("  trade:", "\ttrade:"),
    "directive": ("quipu: 1\n", "%YAML 1.2\n---\nquipu: 1\n"),
    "control": ("title: A trial", "title: A\x07trial"),
    "latin-1": ("title: A trial", "title: A trial \udce9"),
    "alias": ("title: A trial", "title: *other"),
    "a-list": ("quipu: 1\n", "- quipu: 1\n- "),
    "version": ("quipu: 1", "quipu: 2"),
    "key": ("authors:", "autors:"),
    "key-unlike-any": ("authors:", "zzz:"),
    "key-twice": ("date:", "title: again\ndate:"),
    "key-missing": ("title: A trial\n", ""),
    "name": ("study: trial", "study: My Trial"),
    "date": ("date: 2013-05-01", "date: May 2013"),
    "author": ("{family: Doe, given: Jane}", "{given: Jane}"),
    "input-none": ("{import: study-trade.csv}", "{title: nothing}"),
    "input-two": ("{import: study-trade.csv}", "{import: study-trade.csv, cube: x.quipu}"),
    "input-absent": ("study-trade.csv", "no-such-file.csv"),
    "let": ("--reporter {country} --by", "--reporter {contry} --by"),
    "block": ("- table: totals", "- tabel: totals"),
    "id-twice": ("- facts: facts", "- facts: totals"),
    "no-question": ("        ask: value trade --reporter {country} --by partner --years 2011\n", ""),
    "measure": ("ask: value trade", "ask: valeu trade"),
    "input-name": ("ask: value trade", "ask: value tarde"),
    "option": ("--by partner", "--bye partner"),
    "country": ("let: {country: Peru}", "let: {country: Perru}"),
    "no-value": ("--by partner --years 2011", "--by partner --years"),
    "quote": ("--by partner", "--by 'partner"),
    "word": ("--by partner", "by partner"),
    "figure-open": ("{{exports}}", "{{exports"),
    "figure-name": ("{{exports}}", "{{export}}"),
    "footnote": ("[^gold]", "[^gald]"),
    "strong": ("Exports were", "**Exports were"),
    "link": ("Exports were", "[Exports](javascript:x) were"),
    "column": ("match: {partner: partner}", "match: {partner: partnr}"),
    "printed-column": ("printed: value", "printed: vlaue"),
    "printed-file": ("study-printed.csv", "no-such-printed.csv"),
    "many-rows": ("--years 2011 => value", "--by partner --years 2011 => value"),
    "figure-of": ("- facts: facts\n        file: study-facts.csv",
                  "- figure: f\n        of: total"),
    "chart": ("- facts: facts\n        file: study-facts.csv",
              "- figure: f\n        of: totals\n        chart: pie"),
    "layout": ("        reference:", "        layout: {rows: [year], columns: [year]}\n"
               "        reference:"),
    "show": ("        reference:", "        show: [partner, valu]\n        reference:"),
    "switch": ("{import: study-trade.csv}", "{import: study-trade.csv, optional: perhaps}"),
    "facts-unit": ("study-facts.csv", "study-facts-unit.csv"),
    "facts-ask": ("study-facts.csv", "study-facts-ask.csv"),
    "facts-number": ("study-facts.csv", "study-facts-number.csv"),
    "file-option": ("--by partner", "--by class --classes mine.csv"),
    "table-name": ("--by partner", "--by class --classes @mine"),
}

TABLES = {
    "study-trade.csv": "#quipu wide 1\n#nomenclature TOTAL\n#unit USD\n"
                       "flow,reporter,partner,2010,2011\n"
                       "export,PER,CHN,50,60\nexport,PER,JPN,30,40\n",
    "study-printed.csv": "partner,value\nChina,60\n",
    "study-facts.csv": "id,fact,printed,unit,within,ask,pick\n"
                       "a,Exports,100,US$,0.5,value trade --reporter Peru --years 2011,value\n",
    "study-facts-unit.csv": "id,fact,printed,unit,ask\na,Exports,100,dollars,\n",
    "study-facts-ask.csv": "id,fact,printed,unit,ask\n"
                           "a,Exports,100,US$,value trade --reporter Perru\n",
    "study-facts-number.csv": "id,fact,printed,unit,ask\na,Exports,\"1,000\",US$,\n",
}


def files():
    for name, text in TABLES.items():
        yield name, text.encode()
    yield "study-sound.yaml", SOUND.encode()
    yield "study-empty.yaml", b""
    for name, (old, new) in CHANGES.items():
        assert SOUND.count(old) >= 1, name
        yield f"study-{name}.yaml", SOUND.replace(old, new, 1).encode(errors="surrogateescape")
