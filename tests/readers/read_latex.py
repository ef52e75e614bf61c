# SPDX-License-Identifier: Apache-2.0
"""LaTeX: a document of our tables compiles with pdflatex, and its text is found in the PDF."""
import os
import re
import shutil

from place import equal, run


def compile_tex(place, folder, name):
    """The log of two runs of pdflatex, which must work, and the text of the PDF."""
    # Bitmaps of fonts that are made on the way go to our folder, not to somebody's home.
    fonts = os.path.join(place.folder, "texmf")
    environment = dict(os.environ, TEXMFVAR=fonts, max_print_line="1000")
    for _ in range(2):
        status, words = run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error",
                             "-no-shell-escape", name + ".tex"], folder, env=environment)
        assert status == 0, words[-2000:]
    with open(os.path.join(folder, name + ".log"), encoding="latin-1") as file:
        log = file.read()
    status, text = run(["pdftotext", "-layout", name + ".pdf", "-"], folder)
    equal(status, 0, text)
    return log, text


def bad_lines(log):
    return [line for line in log.splitlines()
            if line.startswith("!") or "Overfull \\hbox" in line or "Missing character" in line]


def document(place, tables):
    """A document around tables the command line writes."""
    folder = os.path.join(place.folder, "tex-" + str(len(os.listdir(place.folder))))
    os.makedirs(folder)
    packages = re.search(r"(?s)\\documentclass\{article\}\n(.*)\\begin\{document\}",
                         place.text("document.tex")).group(1)
    with open(os.path.join(folder, "d.tex"), "w", encoding="utf-8") as out:
        out.write("\\documentclass{article}\n" + packages + "\\begin{document}\n")
        for number, words in enumerate(tables):
            name = f"t{number}.tex"
            with open(os.path.join(folder, name), "wb") as table:
                table.write(place.quipu(words + ["--format", "latex"]))
            out.write("\\input{" + name + "}\n")
        out.write("\\end{document}\n")
    return folder


def check_bundle(place):
    """tables with Spanish text, long names and hostile ones compile; all text is found"""
    folder = os.path.join(place.folder, "tex")
    shutil.copytree(place.bundle, folder)
    log, text = compile_tex(place, folder, "document")
    equal(bad_lines(log), [])
    flat = " ".join(text.split())
    for words in ("Exportaciones del Perú a Asia, según producto y año",
                  "(años 1995–2011, en %)", "Año & ”50%” ≥ {1}", "Valor de las", "Código",
                  "Cifras de aduana & estimaciones", "\\input{/etc/passwd}", "50% & $1_#",
                  "=1+1", "Perú, España, Côte", "alimentación", "~^{}[x]*"):
        assert words in flat, f"{words!r} is not in the PDF:\n{flat[:3000]}"


def check_command_line(place):
    """typical tables, narrow, wide and long, fit the page of an article"""
    log, text = compile_tex(place, document(place, [
        ["share", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan,Korea", "--of",
         "asia-study", "--years", "1990,2000,2011", "--wide"],
        ["share", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan,Korea", "--of",
         "asia-study", "--years", "1990-2011", "--wide"],
        ["growth", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan", "--years",
         "1995-2011"],
        ["structure", "isic.quipu", "--reporter", "Korea", "--partner", "Peru", "--by",
         "technology", "--years", "2000,2008,2011", "--wide"],
        ["top", "isic.quipu", "--reporter", "China", "--partner", "Peru", "--by", "product",
         "--years", "2011", "--limit", "60"],
        ["structure", "isic.quipu", "--reporter", "Korea,Japan,China", "--partner", "Peru",
         "--by", "technology", "--years", "2009-2011"]]), "d")
    equal(bad_lines(log), [])
    for words in ("6,972.6", "resource-based", "Accumulated", "South Korea"):
        assert words in text, f"{words!r} is not in the PDF"
