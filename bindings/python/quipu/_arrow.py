# SPDX-License-Identifier: Apache-2.0
"""The structs of the Arrow C data interface: read without pyarrow, and handed on in capsules."""
import ctypes
import struct
from ctypes import CFUNCTYPE, POINTER, PYFUNCTYPE, c_char_p, c_int, c_int32, c_int64, c_void_p, \
    py_object

from ._library import call


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


Schema._fields_ = [("format", c_char_p), ("name", c_char_p), ("metadata", c_void_p),
                   ("flags", c_int64), ("n_children", c_int64),
                   ("children", POINTER(POINTER(Schema))), ("dictionary", POINTER(Schema)),
                   ("release", CFUNCTYPE(None, POINTER(Schema))), ("private_data", c_void_p)]
Array._fields_ = [("length", c_int64), ("null_count", c_int64), ("offset", c_int64),
                  ("n_buffers", c_int64), ("n_children", c_int64),
                  ("buffers", POINTER(c_void_p)), ("children", POINTER(POINTER(Array))),
                  ("dictionary", POINTER(Array)), ("release", CFUNCTYPE(None, POINTER(Array))),
                  ("private_data", c_void_p)]
Stream._fields_ = [("get_schema", CFUNCTYPE(c_int, POINTER(Stream), POINTER(Schema))),
                   ("get_next", CFUNCTYPE(c_int, POINTER(Stream), POINTER(Array))),
                   ("get_last_error", CFUNCTYPE(c_char_p, POINTER(Stream))),
                   ("release", CFUNCTYPE(None, POINTER(Stream))), ("private_data", c_void_p)]


class Exported:
    """One table as schema and array, held until it is of no more use."""

    def __init__(self, handle):
        self.schema, self.array = Schema(), Array()
        call.arrow_export(handle.pointer, ctypes.addressof(self.schema),
                          ctypes.addressof(self.array))

    def __del__(self):
        for part in (self.schema, self.array):
            if part.release:
                part.release(ctypes.byref(part))

    def buffer(self, column, which, kind, n):
        """`n` numbers of a buffer as they lie there; they keep the table."""
        address = self.array.children[column].contents.buffers[which]
        if not address:
            return None
        view = (kind * n).from_address(address)
        view._owner = self
        return view


def metadata(address):
    """The pairs of a metadata text, as a dict."""
    if not address:
        return {}
    pairs = {}

    def number():
        nonlocal address
        address += 4
        return struct.unpack("=i", ctypes.string_at(address - 4, 4))[0]

    def text():
        nonlocal address
        length = number()
        address += length
        return ctypes.string_at(address - length, length).decode()

    for _ in range(number()):
        key = text()
        pairs[key] = text()
    return pairs


def offsets_of(exported, column, n):
    large = exported.schema.children[column].contents.format == b"U"
    return exported.buffer(column, 1, c_int64 if large else c_int32, n + 1)


# ---- capsules ----

_new = ctypes.pythonapi.PyCapsule_New
_new.restype, _new.argtypes = py_object, [c_void_p, c_char_p, c_void_p]
_pointer = PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))

# The structs in capsules, by address.
_kept = {}


def _destructor(name):
    """Releases what nobody took out of a capsule.  Its names are bound here, because it may run
    while the interpreter goes down and modules are empty."""
    def destroy(capsule, _pointer=_pointer, _kept=_kept, name=name, byref=ctypes.byref):
        part = _kept.pop(_pointer(capsule, name), None)
        if part is not None and part.release:
            part.release(byref(part))
    return PYFUNCTYPE(None, c_void_p)(destroy)


def _forever(thing):
    """Never freed: a capsule, which points to it, may be the last thing to go."""
    ctypes.pythonapi.Py_IncRef(py_object(thing))
    return thing


def _kind_of_capsule(name):
    function = _forever(_destructor(name))
    return _forever(name), ctypes.cast(function, c_void_p)


_SCHEMA = _kind_of_capsule(b"arrow_schema")
_ARRAY = _kind_of_capsule(b"arrow_array")
_STREAM = _kind_of_capsule(b"arrow_array_stream")


def _capsule(part, kind):
    address = ctypes.addressof(part)
    _kept[address] = part
    return _new(address, *kind)


def stream_capsule(handle):
    part = Stream()
    call.arrow_stream(handle.pointer, ctypes.addressof(part))
    return _capsule(part, _STREAM)


def array_capsules(handle):
    schema, array = Schema(), Array()
    call.arrow_export(handle.pointer, ctypes.addressof(schema), ctypes.addressof(array))
    return _capsule(schema, _SCHEMA), _capsule(array, _ARRAY)
