# SPDX-License-Identifier: Apache-2.0
"""Programs that are not ours take a table of the Python package through Arrow."""
import ctypes
import glob
import os
from ctypes import byref, c_char_p, c_uint64, c_void_p

from of_python import package
from place import ROOT, Skip

QUERY = """SELECT partner, year, CAST(value AS VARCHAR), share, typeof(value), typeof(year)
           FROM taken ORDER BY year, value DESC, partner"""


def duckdb():
    found = glob.glob(os.path.join(ROOT, "duckdb", "node_modules", "@duckdb", "*", "libduckdb.so"))
    if not found:
        raise Skip("DuckDB's library is not installed (npm ci in duckdb/)")
    library = ctypes.CDLL(found[0])
    library.duckdb_value_varchar.restype = c_void_p
    library.duckdb_value_varchar.argtypes = [c_void_p, c_uint64, c_uint64]
    library.duckdb_row_count.restype = library.duckdb_column_count.restype = c_uint64
    return library


class Result(ctypes.Structure):
    _fields_ = [("old", c_uint64 * 5), ("data", c_void_p)]


def ask_duckdb(library, capsule, query):
    """Rows of texts: `query` over `taken`, which is all of the stream of the capsule: this way of
    scanning leaves it to the stream which columns come, and ours gives them all."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]
    stream = c_void_p(pointer(capsule, b"arrow_array_stream"))
    database, connection, result = c_void_p(), c_void_p(), Result()
    assert library.duckdb_open(None, byref(database)) == 0
    assert library.duckdb_connect(database, byref(connection)) == 0
    assert library.duckdb_arrow_scan(connection, b"t", stream) == 0
    for sql in ("CREATE TABLE taken AS SELECT * FROM t", query):
        assert library.duckdb_query(connection, sql.encode(), byref(result)) == 0
    rows = []
    for row in range(library.duckdb_row_count(byref(result))):
        texts = [library.duckdb_value_varchar(byref(result), column, row)
                 for column in range(library.duckdb_column_count(byref(result)))]
        rows.append([None if text is None else ctypes.string_at(text).decode() for text in texts])
        for text in texts:
            library.duckdb_free(c_void_p(text))
    library.duckdb_destroy_result(byref(result))
    library.duckdb_disconnect(byref(connection))
    library.duckdb_close(byref(database))
    return rows


def check_duckdb(place):
    """DuckDB scans the stream: text, whole numbers, exact money, shares, what is missing"""
    library, quipu = duckdb(), package(place)
    table = quipu.share(place.path("peru"), reporter="Peru", by="partner", years="1980-1985")
    capsule = table.__arrow_c_stream__()
    rows = ask_duckdb(library, capsule, QUERY)
    del capsule
    assert len(rows) == len(table) > 200
    assert {(row[4], row[5]) for row in rows} == {("DECIMAL(19,3)", "BIGINT")}
    theirs = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    missing = 0
    for row in table:
        value, share = theirs[(row["partner"], str(row["year"]))]
        assert (value is None) == (row["value"] is None)
        assert (share is None) == (row["share"] is None)
        missing += value is None
        assert value is None or quipu._table.decimal.Decimal(value) == row["value"]
        assert share is None or float(share) == row["share"]
    assert missing > 0


def check_pandas(place):
    """a DataFrame of pandas: money as the nearest float, or exact"""
    try:
        import pandas
    except ImportError:
        raise Skip("python3-pandas is not installed") from None
    quipu = package(place)
    table = quipu.share(place.path("peru"), reporter="Peru", by="partner", years="1980-1985")
    frame, exact = table.to_pandas(), table.to_pandas(exact=True)
    assert list(frame.columns) == table.names and len(frame) == len(table)
    assert str(frame.dtypes["value"]) == "float64" and str(frame.dtypes["year"]) == "int64"
    assert frame.attrs["title"] == table.title
    for column in table.names:
        for ours, near, same in zip(table[column], frame[column], exact[column]):
            if ours is None:
                assert pandas.isna(near) and pandas.isna(same)
            else:
                assert near == (float(ours) if column == "value" else ours) and same == ours


def check_polars_and_pyarrow(place):
    """polars and pyarrow, where somebody has them"""
    quipu = package(place)
    table = quipu.share(place.path("peru"), reporter="Peru", by="partner", years="1980-1985")
    tried = 0
    for name, columns in (("pyarrow", lambda t: t.to_arrow().to_pydict()),
                          ("polars", lambda t: t.to_polars().to_dict(as_series=False))):
        try:
            __import__(name)
        except ImportError:
            continue
        assert columns(table) == table.to_dict(), name
        tried += 1
    if tried == 0:
        raise Skip("neither pyarrow nor polars is installed; Debian 12 has neither")
