# SPDX-License-Identifier: Apache-2.0
"""Whatever is asked of the library: by words, in a thread of its own, so that Ctrl-C is heard."""
from ._library import CACHE, NOMEN, Handle, call, opened, path_bytes
from ._table import Table


def word(value):
    """A value as the library reads it, or None when it is as if not given."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, range, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ",".join(word(item) for item in items)
    return value if isinstance(value, str) else str(value)


def _put(task, words, of, threads):
    for name, value in words:
        if value is not None:
            bytes_of = path_bytes(value) if hasattr(value, "__fspath__") else value.encode()
            call.task_add(task, name.encode(), bytes_of)
    for kind, thing in of.items():
        if kind == "table":
            call.task_of_table(task, path_bytes(thing))
        else:
            getattr(call, "task_of_" + kind)(task, thing.pointer)
    call.task_threads(task, threads)
    call.task_cache(task, CACHE)


def ask(verb, words=(), threads=0, **of):
    """The table that answers `verb`; of: cube, register (handles) or table (a path)."""
    task = opened(call.task_open, NOMEN, verb.encode())
    try:
        _put(task, words, of, threads)
        call.task_start(task)
        # Between two calls Python looks for signals; an exception stops the task below.
        while not call.task_wait(task, 50):
            pass
        return Table(Handle(opened(call.task_result, task), call.arrow_close))
    finally:
        call.task_close(task)
