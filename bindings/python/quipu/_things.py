# SPDX-License-Identifier: Apache-2.0
"""What questions are put to, and what makes it: cubes, registers, imports."""
import os

from ._library import NOMEN, Handle, call, opened, path_bytes
from ._task import ask, word


class _Thing:
    """Opened by its path.  Any number of threads may ask it at once; it may be closed while
    they do, and goes when the last of them has its answer."""

    def __init__(self, path):
        self.path = os.fspath(path)
        self._handle = self._open(path_bytes(path))

    def handle(self):
        if self._handle is None:
            raise ValueError(f"{self.path} is closed")
        return self._handle

    def close(self):
        self._handle = None

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()

    def __repr__(self):
        return f"quipu.{type(self).__name__}({self.path!r})"


class Cube(_Thing):
    """Trade kept in one file."""

    @staticmethod
    def _open(path):
        return Handle(opened(call.cube_open, path), call.cube_close)

    def _table(self, what):
        return ask("cube", [("what", what)], cube=self.handle())

    def about(self):
        """What the cube says of itself: source, release, nomenclature, inputs, ..."""
        return self._table("about")

    def countries(self):
        return self._table("countries")

    def products(self):
        return self._table("products")

    def slabs(self):
        """Its periods and flows, with rows and totals."""
        return self._table("slabs")

    @property
    def fingerprint(self):
        return self.about()["text"][0]

    def verify(self):
        """A table of problems; without a row the file is sound."""
        return ask("verify", [("cube", self.path)])


class Register(_Thing):
    """A folder with tables of investments and who owns them."""

    @staticmethod
    def _open(path):
        return Handle(opened(call.register_open, path, NOMEN, None), call.register_close)

    @property
    def fingerprint(self):
        return call.register_fingerprint(self.handle().pointer).decode()


def _import(verb, inputs, output, threads, options):
    inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    words = [("input", os.fspath(path)) for path in inputs] + [("output", os.fspath(output))]
    words += [(name.replace("_", "-"), word(value)) for name, value in options.items()]
    return ask(verb, words, threads)


def import_files(inputs, output, *, threads=0, **options):
    """A cube at `output` from files as published; the table is the ledger: where every row went.

    Options are those of `quipu import`: profile, map, rejects, nomenclature, source, release,
    valuation, duplicates (error, first, last, sum, declarations), input_name, keep_firms,
    min_firms, pad_codes, keep_unknown, memory (bytes); of a workbook sheet and range; of Parquet
    duckdb (the path of its library); of an input "odbc:..." table, where, dialect, firms.
    """
    return _import("import", inputs, output, threads, options)


def append(cube, inputs, *, threads=0, **options):
    """More periods for the cube at the path `cube`; options as for import_files."""
    return _import("append", inputs, cube, threads, options)


def convert(cube, to, output, *, method="official"):
    """The cube at `cube` in another nomenclature ("H0"); method: official, equal, trade."""
    return ask("convert", [("cube", os.fspath(cube)), ("to", to), ("output", os.fspath(output)),
                           ("method", method)])


def list_of(what, filter=None):
    """What can be named: countries, groups, members, classes, nomenclatures, products,
    agreements, measures, parameters, columns, statuses, profiles.  The filter is a part of the
    name; for products a nomenclature and words ("H0 copper"), for members a group."""
    return ask("list", [("what", what), ("filter", filter)])
