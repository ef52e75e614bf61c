# SPDX-License-Identifier: Apache-2.0
"""Where the bindings are tried: cubes, a panel and a register, the package installed as its user
would, and what the program itself answers."""
import decimal
import json
import math
import os
import shlex
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "examples"))
import made  # noqa: E402
CUBES = {"peru": "peru-partners.csv", "hs4": "peru-exports-hs4.csv",
         "sides": "pacific-both-sides.csv", "isic": "imports-from-peru-isic.csv",
         "weight": "peru-customs-weight.csv", "world": "exports-1997-hs4.csv.gz", "firms": None}
REGISTER = os.path.join(ROOT, "examples", "peru-asia", "register")
# Takes 20 seconds unless it is stopped.
SLOW = {"change": "rta=0", "formula": "trade ~ rta | exp^year + imp^year", "draws": 100000}


class Skip(Exception):
    pass


def write_panel(path):
    """Trade of eight countries with each other and themselves, some with an agreement later."""
    codes = "PER CHN USA CHL JPN KOR BRA DEU".split()
    with open(path, "w", encoding="utf-8") as out:
        out.write("exporter,importer,year,trade,rta\n")
        for year in range(2000, 2006):
            for i, a in enumerate(codes):
                for j, b in enumerate(codes):
                    rta = int(a != b and (i + j) % 3 == 0 and year > 2002)
                    size = (5000 if a == b else 100) * (1 + i) * (2 + j)
                    trade = size * math.exp(0.4 * rta) * (1 + 0.1 * math.sin(i * 7 + j * 3 + year))
                    out.write(f"{a},{b},{year},{trade:.3f},{rta}\n")


class Place:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.library = os.path.join(os.path.dirname(program), "libquipu.so.0")
        made.declared(program, folder)
        for name, table in CUBES.items():
            if table is None: # declarations
                continue
            self.run("import", os.path.join(ROOT, "data", "examples", table), "-o",
                     self.path(name), check=True)
        write_panel(self.path("panel.csv"))

    def path(self, name):
        return os.path.join(self.folder, name if "." in name else name + ".quipu")

    def run(self, *words, check=False):
        return subprocess.run([self.program, *words], capture_output=True, text=True, check=check)

    def asks(self, quipu):
        """(measure, what it is asked of, arguments by name) of what the catalogue shows as
        examples, of each cube, and some more."""
        takes = {(row["measure"], row["parameter"]) for row in quipu.list_of("parameters")}
        for measure in quipu.list_of("measures"):
            if measure["needs"] == "register":
                continue
            arguments, name = {}, None
            for item in shlex.split(measure["example"] or ""):
                if item.startswith("-"):
                    name = item.lstrip("-")
                    if (measure["measure"], name) in takes: # not how it is drawn
                        arguments[name] = True
                elif name in arguments:
                    arguments[name] = item
            things = [*CUBES] if measure["needs"] == "cube" else ["panel.csv"]
            for thing in things:
                yield measure["measure"], self.path(thing), arguments
        for thing in CUBES:
            yield "share", self.path(thing), {"by": "partner", "years": "2005,2011"}
            yield "value", self.path(thing), {"by": "flow"}
        panel = self.path("panel.csv")
        yield "gravity", panel, {"formula": SLOW["formula"]}
        yield "counterfactual", panel, {**SLOW, "draws": 40}

    def answer(self, measure, thing, arguments):
        """(the JSON the program prints, or None; what it says on standard error)."""
        words = [measure, thing]
        for name, value in arguments.items():
            words += ["--" + name] + ([] if value is True else [str(value)])
        done = self.run(*words, "--format", "json")
        if done.returncode != 0:
            return None, done.stderr
        return json.loads(done.stdout, parse_float=decimal.Decimal), done.stderr

    def python(self):
        """The folder the Python package is installed in, by pip and without a network."""
        target = os.path.join(self.folder, "python")
        if not os.path.exists(target):
            trial = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True,
                                   check=False)
            if trial.returncode != 0:
                raise Skip("python3-pip is not installed")
            source = os.path.join(self.folder, "source", "bindings", "python")
            shutil.copytree(os.path.join(ROOT, "bindings", "python"), source,
                            ignore=shutil.ignore_patterns("__pycache__"))
            self.must([sys.executable, "-m", "pip", "install", "--no-index", "--quiet",
                       "--disable-pip-version-check", "--target", target, source])
        return target

    def r_library(self):
        """The library the R package is installed in, by R CMD INSTALL."""
        target = os.path.join(self.folder, "r")
        if shutil.which("R") is None:
            raise Skip("R is not installed (r-base-core)")
        if not os.path.exists(target):
            os.makedirs(target)
            source = os.path.join(self.folder, "tree", "bindings", "r")
            shutil.copytree(os.path.join(ROOT, "bindings", "r"), source)
            os.symlink(os.path.join(ROOT, "include"), os.path.join(self.folder, "tree", "include"))
            self.must(["R", "CMD", "INSTALL", "--library=" + target, source])
        return target

    def r(self, script, *words):
        """What an R script prints that begins with the library(quipu) of here."""
        first = f'library(quipu, lib.loc = "{self.r_library()}")\n'
        path = self.path("script.R")
        with open(path, "w", encoding="utf-8") as out:
            out.write(first + script)
        return self.must(["Rscript", "--vanilla", path, *words])

    def must(self, words):
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=self.folder,
                              timeout=600, env={**os.environ, "QUIPU_LIBRARY": self.library})
        if done.returncode != 0:
            raise AssertionError(" ".join(words) + "\n" + done.stdout + done.stderr)
        return done.stdout
