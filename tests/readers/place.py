# SPDX-License-Identifier: Apache-2.0
"""What the readers share: where the files are, how to run a program, how to read our CSV."""
import csv
import decimal
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
decimal.getcontext().prec = 400


class Skip(Exception):
    """What is needed is not there; its text says what."""


class Place:
    """A folder with what quipu wrote, and the program itself."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.bundle = os.path.join(folder, "bundle")  # written by write_bundle.c
        self.work = os.path.join(folder, "work")      # cubes, and room for commands

    def path(self, name):
        return os.path.join(self.bundle, name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def csv(self, name):
        """Header and rows of a CSV; an empty field is None whether quoted or not."""
        with open(self.path(name), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        assert all(len(row) == len(rows[0]) for row in rows), f"{name} is not rectangular"
        return rows[0], [[field or None for field in row] for row in rows[1:]]

    def quipu(self, words):
        """Standard output of the program as bytes; it must work and say nothing."""
        run = subprocess.run([self.program] + words, cwd=self.work, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        assert run.returncode == 0 and not run.stderr, run.stderr.decode()
        return run.stdout


def run(words, folder, **more):
    """A foreign program; its output as text, or Skip when it is not installed."""
    try:
        done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    except FileNotFoundError:
        raise Skip(f"{words[0]} is not installed") from None
    return done.returncode, done.stdout.decode("utf-8", "replace")


def equal(found, wanted, what=""):
    assert found == wanted, f"{what}: found {found!r}, expected {wanted!r}"
