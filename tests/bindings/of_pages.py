# SPDX-License-Identifier: Apache-2.0
"""What docs/python.md and docs/r.md show is run, and compared with what comes out."""
import code
import contextlib
import io
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


def compare(shown, printed):
    """Each line shown must come, in this order; `...` stands for anything."""
    lines, at = [line.rstrip() for line in printed.split("\n")], 0
    for line in shown:
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("..."))
        if line.strip() in ("", "..."):
            continue
        while at < len(lines) and not re.fullmatch(pattern, lines[at]):
            at += 1
        assert at < len(lines), f"not printed: {line}\n{printed}"
        at += 1


def check_python_page(place):
    """docs/python.md"""
    package(place)
    shown = "".join(blocks("python.md", "python")).split("\n")
    typed = [line[4:] for line in shown if re.match(r">>> |\.\.\. ", line + " ")]
    assert len(typed) > 10
    console, printed, here = code.InteractiveConsole(), io.StringIO(), os.getcwd()
    os.chdir(workplace(place))
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            for line in typed:
                console.push(line)
    finally:
        os.chdir(here)
    compare([line for line in shown if not re.match(r">>> |\.\.\. ", line + " ")], printed.getvalue())


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
    compare(shown, run.stdout + run.stderr)
