# SPDX-License-Identifier: Apache-2.0
"""A table of the library: read in plain Python, or taken by others through Arrow."""
import ctypes
import decimal
import os
from collections import namedtuple
from ctypes import c_double, c_int64, c_size_t, c_uint8, c_void_p

from . import _arrow
from ._library import call

Column = namedtuple("Column", "name label type role unit decimals")

# More digits than an int64 has, so that nothing is rounded whatever the caller's context.
_EXACT = decimal.Context(prec=28)
_OURS = ("measure", "version", "title", "notes")


class Table:
    """Typed columns with their meaning, and what must be known of them.

    `title`, `notes`, `sources`, `measure` describe the whole; `columns` the columns.  Money and
    amounts are exact: decimal.Decimal in US$ (or the column's unit), `thousandths()` as whole
    numbers.  A missing cell is None.  pandas, polars and pyarrow take a table as it is, without
    a copy: polars.DataFrame(table), pyarrow.table(table).
    """

    def __init__(self, handle):
        self._handle = handle
        self._exported = exported = _arrow.Exported(handle)
        whole = _arrow.metadata(exported.schema.metadata)
        self.measure, self.title = whole["measure"], whole["title"]
        self.notes = whole["notes"].split("\n") if whole["notes"] else []
        self.sources = {key: text for key, text in whole.items() if key not in _OURS}
        self.n_rows = exported.array.length
        self.columns = []
        for i in range(exported.schema.n_children):
            child = exported.schema.children[i].contents
            says = _arrow.metadata(child.metadata)
            self.columns.append(Column(child.name.decode(), says["label"], says["type"],
                                       says["role"], says["unit"], int(says["decimals"])))

    # ---- plain Python ----

    def __len__(self):
        return self.n_rows

    @property
    def names(self):
        return [column.name for column in self.columns]

    def _find(self, name):
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(f"{name!r}: the columns are {', '.join(self.names)}") from None

    def buffer(self, name):
        """The numbers of a column as they lie in memory, without a copy: a memoryview of int64
        or double.  Cells that are missing hold 0.  Not for text, money and amounts."""
        which = self._find(name)
        kind = {"integer": c_int64, "real": c_double,
                "share": c_double}.get(self.columns[which].type)
        if kind is None:
            raise TypeError(f"{name} is {self.columns[which].type}: no plain numbers")
        return memoryview(self._exported.buffer(which, 1, kind, self.n_rows)).cast("B").cast(
            "q" if kind is c_int64 else "d")

    def _present(self, which):
        """A flag for each row, or None when nothing is missing."""
        bits = self._exported.buffer(which, 0, c_uint8, (self.n_rows + 7) // 8)
        if bits is None:
            return None
        return [bits[row >> 3] >> (row & 7) & 1 for row in range(self.n_rows)]

    def _thousandths(self, which):
        return self._exported.buffer(which, 1, c_int64, 2 * self.n_rows)[::2]

    def _texts(self, which):
        starts = _arrow.offsets_of(self._exported, which, self.n_rows)[:]
        data = ctypes.string_at(self._exported.array.children[which].contents.buffers[2],
                                starts[-1])
        return [data[a:b].decode() for a, b in zip(starts, starts[1:])]

    def _masked(self, which, values):
        flags = self._present(which)
        return values if flags is None else [v if f else None for v, f in zip(values, flags)]

    def thousandths(self, name):
        """Money or amounts exactly, as whole numbers of thousandths."""
        which = self._find(name)
        if self.columns[which].type not in ("money", "amount"):
            raise TypeError(f"{name} is {self.columns[which].type}: not counted in thousandths")
        return self._masked(which, self._thousandths(which))

    def __getitem__(self, name):
        """A column as a list."""
        which = self._find(name)
        kind = self.columns[which].type
        if kind == "text":
            values = self._texts(which)
        elif kind in ("money", "amount"):
            values = [_EXACT.scaleb(decimal.Decimal(v), -3) for v in self._thousandths(which)]
        else:
            values = self.buffer(name).tolist()
        return self._masked(which, values)

    def to_dict(self):
        """Columns by name."""
        return {name: self[name] for name in self.names}

    def __iter__(self):
        """Rows as dicts."""
        names = self.names
        for cells in zip(*(self[name] for name in names)):
            yield dict(zip(names, cells))

    # ---- for people ----

    def text(self, format="text"):
        """The table as the program prints it: text, csv, json, markdown, latex, html, ..."""
        return self._bytes(format).decode()

    def _bytes(self, format):
        out, length = c_void_p(), c_size_t()
        call.arrow_write(self._handle.pointer, format.encode(), ctypes.byref(out),
                         ctypes.byref(length))
        try:
            return ctypes.string_at(out, length.value)
        finally:
            call.bytes_free(out)

    def write(self, path, format=None):
        """Into a file, in the format its name ends in unless one is named."""
        ending = os.fspath(path).rsplit(".", 1)[-1]
        made = self._bytes(format or {"txt": "text", "md": "markdown", "tex": "latex",
                                      "arrows": "arrow"}.get(ending, ending))
        with open(path, "wb") as file:
            file.write(made)

    def __str__(self):
        return self.text()

    def __repr__(self):
        return f"<quipu.Table {self.title!r}: {self.n_rows} rows of {', '.join(self.names)}>"

    def _repr_html_(self):
        return self.text("html")

    # ---- for others ----

    def __arrow_c_stream__(self, requested_schema=None):
        return _arrow.stream_capsule(self._handle)

    def __arrow_c_array__(self, requested_schema=None):
        return _arrow.array_capsules(self._handle)

    def __arrow_c_schema__(self):
        return _arrow.array_capsules(self._handle)[0]

    def to_arrow(self):
        """A pyarrow.Table, without a copy."""
        import pyarrow
        return pyarrow.table(self)

    def to_polars(self):
        """A polars.DataFrame."""
        import polars
        return polars.DataFrame(self)

    def to_pandas(self, exact=False):
        """A pandas.DataFrame.  Money and amounts become float64, the nearest there is, as pandas
        calculates with; with `exact`, columns of decimal.Decimal.  What describes the table is
        in its `attrs`."""
        import pandas
        made = {}
        for which, column in enumerate(self.columns):
            values = self[column.name]
            if column.type in ("money", "amount") and not exact:
                values = [None if v is None else v / 1000 for v in self.thousandths(column.name)]
            kind = {"text": "object", "integer": "Int64"}.get(column.type, "float64")
            if column.type == "integer" and self._present(which) is None:
                kind = "int64"
            if column.type in ("money", "amount") and exact:
                kind = "object"
            made[column.name] = pandas.Series(values, dtype=kind)
        frame = pandas.DataFrame(made)
        frame.attrs.update(title=self.title, notes=self.notes, sources=self.sources,
                           measure=self.measure)
        return frame
