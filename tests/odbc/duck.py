# SPDX-License-Identifier: Apache-2.0
"""DuckDB by its C interface: statements, and answers as CSV."""
import ctypes
import os
import tempfile


class Duck:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path, mode=os.RTLD_NOW | os.RTLD_LOCAL)
        self.lib.duckdb_result_error.restype = ctypes.c_char_p
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        assert self.lib.duckdb_open(None, ctypes.byref(self.database)) == 0
        assert self.lib.duckdb_connect(self.database, ctypes.byref(self.connection)) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lib.duckdb_disconnect(ctypes.byref(self.connection))
        self.lib.duckdb_close(ctypes.byref(self.database))

    def run(self, sql):
        result = (ctypes.c_uint64 * 8)()  # larger than duckdb_result
        failed = self.lib.duckdb_query(self.connection, sql.encode(), ctypes.byref(result))
        words = self.lib.duckdb_result_error(ctypes.byref(result)) if failed else None
        self.lib.duckdb_destroy_result(ctypes.byref(result))
        assert not failed, (words or b"").decode() + "\n" + sql[-3000:]

    def csv(self, sql):
        with tempfile.TemporaryDirectory(prefix="quipu-duck-") as folder:
            path = os.path.join(folder, "answer.csv")
            self.run(f"COPY ({sql.rstrip().rstrip(';')}) TO '{path}' (FORMAT csv, HEADER)")
            with open(path, encoding="utf-8") as text:
                return text.read()
