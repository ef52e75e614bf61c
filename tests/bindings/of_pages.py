# SPDX-License-Identifier: Apache-2.0
"""What docs/python.md and docs/r.md show is run, and compared with what comes out."""
import doctest
import os
import re
import shutil
import subprocess

from of_python import package
from place import ROOT


def blocks(page, language):
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as text:
        return re.findall(rf"^```{language}\n(.*?)^```", text.read(), re.S | re.M)


def workplace(place):
    folder = place.path("pages.d")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in ("data", "examples"):
        os.symlink(os.path.join(ROOT, name), os.path.join(folder, name))
    return folder


def check_python_page(place):
    """docs/python.md"""
    package(place)
    text = "\n".join(blocks("python.md", "python"))
    test = doctest.DocTestParser().get_doctest(text, {}, "python.md", "docs/python.md", 0)
    assert len(test.examples) > 10
    said, here = [], os.getcwd()
    os.chdir(workplace(place))
    try:
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    finally:
        os.chdir(here)
    assert not said, "".join(said)


def check_r_page(place):
    """docs/r.md"""
    library = place.r_library()
    shown = "".join(blocks("r.md", "r")).split("\n")
    typed = [line[2:] for line in shown if re.match(r"[>+] ", line)]
    assert len(typed) > 10
    run = subprocess.run(["R", "--vanilla", "--quiet", "--no-echo"], capture_output=True, text=True,
                         cwd=workplace(place), check=False, timeout=120,
                         env={**os.environ, "R_LIBS": library, "LC_ALL": "C.UTF-8"},
                         input="options(echo = TRUE, width = 96)\n" + "\n".join(typed) + "\n")
    printed = [line.rstrip() for line in run.stdout.split("\n")]
    at = 0
    for line in shown:
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("..."))
        if line.strip() in ("", "..."):
            continue
        while at < len(printed) and not re.fullmatch(pattern, printed[at]):
            at += 1
        assert at < len(printed), f"not printed: {line}\n{run.stdout}\n{run.stderr}"
        at += 1
