# SPDX-License-Identifier: Apache-2.0
"""What the cases share: cubes, how statements are run, how tables are compared."""
import csv
import io
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
EXAMPLES = os.path.join(ROOT, "data", "examples")
sys.path.insert(0, os.path.join(ROOT, "tests", "examples"))
import made  # noqa: E402

# Each cube and the tables it is made of.
CUBES = {
    "peru": ["peru-partners.csv"],
    "exports": ["peru-exports-hs4.csv"],
    "isic": ["imports-from-peru-isic.csv", "tariffs-on-peru-isic.csv"],
    "customs": ["peru-customs.csv"],
    "sides": ["pacific-both-sides.csv"],
    "region": ["latin-america-asia.csv"],
    "world": ["exports-1997-hs4.csv.gz"],
    "firms": [],  # of declarations
}


class Place:
    """A folder with cubes, and the program."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        made.declared(program, folder)
        for name, tables in CUBES.items():
            if not tables:
                continue
            done = self.run("import", *(os.path.join(EXAMPLES, t) for t in tables), "-o",
                            name + ".quipu")
            assert done.returncode == 0, done.stderr

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words, environment=None, text=None):
        return subprocess.run([self.program, *words], cwd=self.folder, timeout=300,
                              capture_output=True, text=True, input=text or "",
                              env={**os.environ, **(environment or {})})

    def sql(self, cube, statement, *words):
        """The answer as CSV; the statement must work."""
        done = self.run("sql", cube + ".quipu", statement, "--format", "csv", *words)
        assert done.returncode == 0, f"{statement}\n{done.stderr}"
        return done.stdout

    def rows(self, cube, statement, *words):
        lines = csv.reader(io.StringIO(self.sql(cube, statement, *words)))
        return [row or [""] for row in lines][1:]  # one empty field is an empty line

    def bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


def equal(found, wanted, what=""):
    assert found == wanted, f"{what}: found {found!r:.2000}, expected {wanted!r:.2000}"
