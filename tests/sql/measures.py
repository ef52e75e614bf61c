# SPDX-License-Identifier: Apache-2.0
"""Every measure asked as a verb and as a table function."""
import glob
import json
import os
import re
import shlex

from place import CUBES, ROOT, equal

# What is no option of the measure: figures.
OURS = {"-o", "--chart"}


def examples():
    """(measure, words) of the example on each reference page."""
    for page in sorted(glob.glob(os.path.join(ROOT, "docs", "measures", "*.md"))):
        with open(page, encoding="utf-8") as text:
            match = re.search(r"^    quipu (.+) (CUBE|REGISTER)(?:\|TABLE\.csv)? ?(.*)$", text.read(), re.M)
        if match:
            yield match.group(1).replace(" ", "-"), match.group(2), shlex.split(match.group(3))


def as_function(measure, words):
    """`--of Asia --total` as `measure(of := 'Asia', total := true)`."""
    parameters = []
    for at, word in enumerate(words):
        if not word.startswith("--"):
            continue
        value = words[at + 1] if at + 1 < len(words) else "--"
        name = '"' + word[2:].replace("-", "_") + '"'
        parameters.append(name + " := " + ("true" if value.startswith("--") else
                                           "'" + value.replace("'", "''") + "'"))
    return "FROM " + measure.replace("-", "_") + "(" + ", ".join(parameters) + ")"


def without_ours(words):
    kept, skip = [], False
    for word in words:
        if skip or word in OURS:
            skip = not skip
            continue
        kept.append(word)
    return kept


def answers(place, measure, subject, words):
    """How both ways ended, for each cube: (cube, verb, function)."""
    if subject == "REGISTER":
        register = os.path.join(ROOT, "examples", "peru-asia", "register")
        function = as_function(measure, words + ["--register", register])
        yield "register", place.run(measure, register, *words, "--format", "csv"), \
            place.run("sql", "peru.quipu", function, "--format", "csv")
        return
    for cube in CUBES:
        yield cube, place.run(measure, cube + ".quipu", *words, "--format", "csv"), \
            place.run("sql", cube + ".quipu", as_function(measure, words), "--format", "csv")


def check_every_measure(place):
    """every measure gives as a table function what it gives as a verb, digit for digit"""
    asked = answered = 0
    silent = set()
    for measure, subject, words in examples():
        words = without_ours(words)
        some = False
        for cube, verb, function in answers(place, measure, subject, words):
            asked += 1
            what = f"{measure} of {cube}"
            equal(function.returncode == 0, verb.returncode == 0,
                  what + verb.stderr + function.stderr)
            if verb.returncode == 0:
                answered += 1
                some = True
                equal(function.stdout, verb.stdout, what)
        if not some:
            silent.add(measure)
    assert asked > 250 and answered > 150, (asked, answered)
    # Their examples need tables the reader has, or cubes that are not among the examples.
    equal(silent <= {"counterfactual", "penetration", "schedule", "expy", "prody", "opportunities", "decompose",
                     "specialisation"}, True, str(silent))


def check_sums(place):
    """sums of leaves equal the totals of the verb value"""
    for cube, by in (("peru", "partner"), ("exports", "product"), ("customs", "partner"),
                     ("region", "reporter"), ("isic", "product")):
        flows = place.rows(cube, "SELECT DISTINCT flow FROM trade ORDER BY flow")
        for (flow,) in flows:
            verb = place.run("value", cube + ".quipu", "--by", by, "--flow", flow, "--sort",
                             "code", "--format", "jsonl")
            equal(verb.returncode, 0, verb.stderr)
            wanted = {(str(r[by]), str(r["year"])): r["value"]
                      for r in map(json.loads, verb.stdout.splitlines()) if r["value"]}
            found = {(k, y): float(v) for k, y, v in place.rows(
                cube, f"SELECT {by}, year, sum(value) AS v FROM trade WHERE flow = '{flow}' "
                      f"GROUP BY {by}, year HAVING v > 0")}
            equal(found, {k: float(v) for k, v in wanted.items()}, f"{cube} {flow} by {by}")


def check_selection(place):
    """trade(...) picks what the same selection picks as a verb"""
    for words in (
            {"reporter": "Peru", "partner": "Asia", "years": "1990-2011"},
            {"partner": "China+Japan", "flow": "import"},
            {"partner": "asean", "years": "2005-2011", "flow": "export"}):
        flow = words.get("flow", "export")
        options = [part for name, value in words.items() for part in ("--" + name, value)]
        verb = place.run("value", "peru.quipu", *options, "--periods", "sum", "--format", "jsonl",
                         "--by", "reporter")
        equal(verb.returncode, 0, verb.stderr)
        wanted = [r["value"] for r in map(json.loads, verb.stdout.splitlines())
                  if r["reporter"] == "PER"][0]
        given = ", ".join(f"{name} := '{value}'" for name, value in
                          {**words, "flow": flow}.items())
        found = place.rows("peru", f"SELECT sum(value) FROM trade({given}) WHERE reporter = 'PER'")
        equal(float(found[0][0]), float(wanted), given)
