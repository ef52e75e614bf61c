# SPDX-License-Identifier: Apache-2.0
"""A function for each measure of the catalogue, with the signature and help it describes.

The catalogue is the loaded library's own, so a measure that is new there is here too.
"""
import inspect
import keyword
import re
import textwrap

from ._library import call, path_bytes
from ._task import ask, word
from ._things import Cube, Register


def python_name(name):
    name = name.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def library_name(name):
    return name.rstrip("_").replace("_", "-")


def _subject(measure, thing):
    """What is asked, as `ask` wants it: an object, or the path of one."""
    needs = measure["needs"]
    if isinstance(thing, Register if needs == "register" else Cube):
        return {"register" if needs == "register" else "cube": thing.handle()}
    if isinstance(thing, (Cube, Register)):
        raise TypeError(f"{python_name(measure['measure'])} is asked of a {needs}, not of a "
                        f"{type(thing).__name__.lower()}")
    if needs == "register":
        return {"register": Register(thing).handle()}
    if needs == "panel" and not call.cube_is(path_bytes(thing)):
        return {"table": thing}
    return {"cube": Cube(thing).handle()}


def _words(arguments, parameters):
    for name, value in arguments.items():
        name = library_name(name)
        parameter = parameters.get(name, {})
        if parameter.get("again") and isinstance(value, (list, tuple)):
            for item in value:
                yield name, word(item)
        elif hasattr(value, "__fspath__"):
            yield name, value
        else:
            yield name, word(value)


def _default(parameter):
    if parameter["type"] == "switch":
        return False
    text = parameter["default"]
    if text is None:
        return None
    return {"integer": int, "real": float}.get(parameter["type"], str)(text)


def _signature(measure, parameters):
    kinds = inspect.Parameter
    first = kinds({"panel": "data"}.get(measure["needs"], measure["needs"]),
                  kinds.POSITIONAL_ONLY)
    own = [kinds(python_name(name), kinds.KEYWORD_ONLY, default=_default(parameter))
           for name, parameter in parameters.items()]
    return inspect.Signature([first, *own, kinds("threads", kinds.KEYWORD_ONLY, default=0)])


def _plain(text):
    """Options as they are called here: by in place of --by."""
    return re.sub(r"(?<![\w-])--([a-z][a-z-]*[a-z])", lambda m: python_name(m.group(1)), text or "")


def _wrapped(text, indent="    "):
    return "\n\n".join(textwrap.fill(part, 88, initial_indent=indent, subsequent_indent=indent)
                       for part in _plain(text).split("\n\n"))


def _described(name, words):
    return textwrap.fill(f"{name}: {words}", 88, initial_indent="    ",
                         subsequent_indent=" " * 8)


def _doc(measure, parameters, columns):
    parts = [measure["summary"], _wrapped(measure["detail"], "")]
    for title, text in (("Formula", measure["formula"]), ("Reference", measure["reference"])):
        if text:
            parts.append(title + ":\n" + textwrap.indent(_plain(text), "    "))
    lines = []
    for name, p in parameters.items():
        words = _plain(p["help"])
        if p["choices"]:
            words += " (" + ", ".join(p["choices"].split()) + ")"
        if p["default"]:
            words += f"; {p['default']} when not given"
        lines.append(_described(python_name(name), words))
    lines.append(_described("threads", "how many to use; 0 is one for each core"))
    parts.append("Parameters:\n" + "\n".join(lines))
    if columns:
        parts.append("Columns:\n" + "\n".join(
            _described(c["column"], f"{c['label']} ({', '.join(filter(None, (c['type'], c['unit'])))})")
            for c in columns))
    if measure["worked"]:
        parts.append("By hand:\n" + _wrapped(measure["worked"]))
    return "\n\n".join(part for part in parts if part)


def _make(measure, parameters, columns):
    def function(thing, /, *, threads=0, **arguments):
        return ask(measure["measure"], _words(arguments, parameters), threads,
                   **_subject(measure, thing))
    function.__name__ = function.__qualname__ = python_name(measure["measure"])
    function.__module__ = "quipu"
    function.__doc__ = _doc(measure, parameters, columns)
    function.__signature__ = _signature(measure, parameters)
    return function


def make_all():
    """The functions by name."""
    parameters, columns = {}, {}
    for row in ask("list", [("what", "parameters")]):
        parameters.setdefault(row["measure"], {})[row["parameter"]] = row
    for row in ask("list", [("what", "columns")]):
        columns.setdefault(row["measure"], []).append(row)
    made = {}
    for measure in ask("list", [("what", "measures")]):
        name = measure["measure"]
        function = _make(measure, parameters.get(name, {}), columns.get(name, []))
        made[function.__name__] = function
    return made
