# SPDX-License-Identifier: Apache-2.0
"""The C library: found, checked, and its functions with the types they have.

Only opaque pointers, texts and numbers cross (quipu/bind.h), and the one struct that says what
went wrong.  ctypes lets other threads run while a function of the library does.
"""
import ctypes
import os
from ctypes import POINTER, c_bool, c_char, c_char_p, c_int, c_size_t, c_uint, c_uint32, \
    c_uint64, c_void_p

VERSION = "0.1.0"


class Error(Exception):
    """What went wrong: `status` ("E_NOT_FOUND"), `text`, and where: `file`, `line`, `column`
    (counted from 1; None when not known)."""

    def __init__(self, status, text, file=None, line=None, column=None):
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(place + ": " + text if place else text)
        self.status, self.text = status, text
        self.file, self.line, self.column = file, line, column


class ArgumentError(Error, ValueError):
    """An argument is not what the call takes."""


class NotFoundError(Error, LookupError):
    """There is no such country, product, class, period or measure."""


class DataError(Error, ValueError):
    """A file is not what its format says, or what it says cannot be."""


class InputError(Error, OSError):
    """The operating system refused to read or write."""


class StoppedError(Error):
    """The work was told to stop."""


# By the numbers of quipu_status, which are pinned.
STATUSES = [("OK", None), ("E_ARG", ArgumentError), ("E_NOT_FOUND", NotFoundError),
            ("E_FORMAT", DataError), ("E_DATA", DataError), ("E_LIMIT", Error),
            ("E_IO", InputError), ("E_NOMEM", Error), ("E_STOPPED", StoppedError),
            ("E_BUG", Error)]


class CError(ctypes.Structure):
    _fields_ = [("status", c_int), ("column", c_uint32), ("line", c_uint64),
                ("file", c_char * 256), ("text", c_char * 768)]

    def fail(self):
        name, kind = STATUSES[self.status] if self.status < len(STATUSES) else ("E_BUG", Error)
        words = [field.decode("utf-8", "replace") for field in (self.text, self.file)]
        raise kind(name, words[0], words[1] or None, self.line or None, self.column or None)


# name: (result, arguments); "status" also takes a CError at the end, added here.
FUNCTIONS = {
    "version": (c_char_p, []),
    "nomen_open": ("status", [POINTER(c_void_p)]),
    "cache_open": ("status", [POINTER(c_void_p)]),
    "cube_open": ("status", [c_char_p, POINTER(c_void_p)]),
    "cube_close": (None, [c_void_p]),
    "cube_is": (c_bool, [c_char_p]),
    "register_open": ("status", [c_char_p, c_void_p, c_void_p, POINTER(c_void_p)]),
    "register_close": (None, [c_void_p]),
    "register_fingerprint": (c_char_p, [c_void_p]),
    "task_open": ("status", [c_void_p, c_char_p, POINTER(c_void_p)]),
    "task_close": (None, [c_void_p]),
    "task_of_cube": (None, [c_void_p, c_void_p]),
    "task_of_register": (None, [c_void_p, c_void_p]),
    "task_of_table": ("status", [c_void_p, c_char_p]),
    "task_add": ("status", [c_void_p, c_char_p, c_char_p]),
    "task_threads": (None, [c_void_p, c_uint]),
    "task_cache": (None, [c_void_p, c_void_p]),
    "task_start": ("status", [c_void_p]),
    "task_wait": (c_bool, [c_void_p, c_uint]),
    "task_result": ("status", [c_void_p, POINTER(c_void_p)]),
    "arrow_close": (None, [c_void_p]),
    "arrow_export": ("status", [c_void_p, c_void_p, c_void_p]),
    "arrow_stream": ("status", [c_void_p, c_void_p]),
    "arrow_write": ("status", [c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_size_t)]),
    "bytes_free": (None, [c_void_p]),
}


def _load():
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libquipu.so.0")
    named = os.environ.get("QUIPU_LIBRARY")
    path = named or (beside if os.path.exists(beside) else "libquipu.so.0")
    try:
        loaded = ctypes.CDLL(path)
        version = loaded.quipu_version
    except (OSError, AttributeError) as why:
        raise ImportError(f"quipu: the library cannot be used ({why}); build it with `make`, then "
                          "install this package again or name it in QUIPU_LIBRARY") from None
    version.restype = c_char_p
    if version().decode() != VERSION:
        raise ImportError(f"quipu: {path} is version {version().decode()}, this package is of "
                          f"{VERSION}: install the package that belongs to the library")
    return loaded


_loaded = _load()


def _bind(name, result, arguments):
    function = getattr(_loaded, "quipu_" + name)
    if result != "status":
        function.restype, function.argtypes = result, arguments
        return function
    function.restype, function.argtypes = c_int, [*arguments, POINTER(CError)]

    def checked(*given):
        error = CError()
        if function(*given, ctypes.byref(error)) != 0:
            error.fail()
    return checked


class _Functions:
    """call.task_open(...) is quipu_task_open; what fails raises."""


call = _Functions()
for _name, (_result, _arguments) in FUNCTIONS.items():
    setattr(call, _name, _bind(_name, _result, _arguments))


class Handle:
    """Something of the library's that is closed once nobody uses it any more."""

    def __init__(self, pointer, close):
        self.pointer, self._close = pointer, close

    def __del__(self):
        self._close(self.pointer)


def opened(function, *arguments):
    """The pointer an ..._open function gives."""
    out = c_void_p()
    function(*arguments, ctypes.byref(out))
    return out


def path_bytes(path):
    return os.fsencode(os.fspath(path))


# Immutable, and of use to every call: opened once, and kept.
NOMEN = opened(call.nomen_open)
CACHE = opened(call.cache_open)
