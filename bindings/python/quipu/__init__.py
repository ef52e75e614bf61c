# SPDX-License-Identifier: Apache-2.0
"""Analysis of bilateral trade: cubes of trade figures, and a function for every measure.

    >>> import quipu
    >>> cube = quipu.Cube("trade.quipu")
    >>> print(quipu.share(cube, reporter="Peru", by="partner", years=2011))

The functions are those of the catalogue: quipu.list_of("measures"), help(quipu.share).
"""
from ._library import ArgumentError, DataError, Error, InputError, NotFoundError, StoppedError
from ._measures import make_all as _make_all
from ._table import Column, Table
from ._things import Cube, Register, append, convert, import_files, list_of

__version__ = "0.1.0"

measures = _make_all()
globals().update(measures)

__all__ = ["ArgumentError", "Column", "Cube", "DataError", "Error", "InputError",
           "NotFoundError", "Register", "StoppedError", "Table", "append", "convert",
           "import_files", "list_of", "measures", *measures]
