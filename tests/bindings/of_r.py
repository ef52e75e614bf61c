# SPDX-License-Identifier: Apache-2.0
"""The R package: figures, errors, interrupts, memory, help, Arrow."""
import decimal
import json
import os
import re
import signal
import subprocess
import time

from of_python import package
from place import REGISTER, SLOW

# Writes each answer as lines of texts: what was asked, names, then columns; numbers so that they
# read back as the same double.
ASK = r"""
exact <- function(x) if (is.numeric(x)) sprintf("%.17g", x) else as.character(x)
for (file in list.files(commandArgs(TRUE)[1], full.names = TRUE)) {
  asked <- readLines(file)
  words <- strsplit(asked[-(1:2)], "\t", fixed = TRUE)
  given <- lapply(words, function(w) if (w[2] == "TRUE") TRUE else w[2])
  names(given) <- gsub("-", "_", vapply(words, `[`, "", 1))
  name <- paste0("quipu_", gsub("-", "_", asked[1]))
  for (money in c("character", "numeric")) {
    out <- file(paste0(file, ".", money), "w", encoding = "UTF-8")
    tryCatch({
      x <- do.call(name, c(list(asked[2]), given, list(money = money)))
      writeLines(names(x), out)
      for (column in x) writeLines(c("", ifelse(is.na(column), "NA", exact(column))), out)
    }, quipu_error = function(e) writeLines(paste("ERROR", e$text), out))
    close(out)
  }
}
"""


def same_cell(kind, ours, theirs, money):
    if theirs is None or ours == "NA":
        return theirs is None and ours == "NA"
    if kind in ("money", "amount") and money == "character":
        return decimal.Decimal(ours) == theirs
    if kind == "text":
        return ours == theirs
    return float(ours) == float(theirs)


def compare(path, wanted, money):
    with open(path, encoding="utf-8") as text:
        blocks = [part.split("\n") for part in text.read().rstrip("\n").split("\n\n")]
    names = blocks[0]
    assert names == [column["name"] for column in wanted["columns"]], names
    cells = 0
    for column, ours in zip(wanted["columns"], blocks[1:]):
        theirs = [row[column["name"]] for row in wanted["rows"]]
        assert len(ours) == len(theirs), (column["name"], len(ours), len(theirs))
        for a, b in zip(ours, theirs):
            assert same_cell(column["type"], a, b, money), (column["name"], a, b)
        cells += len(ours)
    return cells


def check_figures(place):
    """the examples of the catalogue, of three cubes and a panel: equal to the program's JSON"""
    place.r_library()
    folder = place.path("asked.d")
    os.makedirs(folder)
    asked = []
    for i, (measure, thing, arguments) in enumerate(place.asks(package(place))):
        lines = [measure, thing] + [f"{name}\t{'TRUE' if value is True else value}"
                                    for name, value in arguments.items()]
        path = os.path.join(folder, f"{i:04}")
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        asked.append((path, measure, thing, arguments))
    place.r(ASK, folder)
    cells = errors = 0
    for path, *what in asked:
        wanted, said = place.answer(*what)
        for money in ("character", "numeric"):
            if wanted is None:
                with open(f"{path}.{money}", encoding="utf-8") as text:
                    ours = text.read().strip()
                assert ours.startswith("ERROR ") and ours[6:] in said, (what, ours, said)
                errors += 1
            elif wanted["rows"]:
                cells += compare(f"{path}.{money}", wanted, money)
    assert cells > 100000, (cells, errors)


def check_register(place):
    """measures of a register, and paths in place of what is open"""
    out = place.r('x <- quipu_invest_owners(commandArgs(TRUE)[1])\n'
                  'y <- quipu_invest_owners(quipu_register(commandArgs(TRUE)[1]))\n'
                  'stopifnot(identical(x, y)); cat(nrow(x), "\\n")\n'
                  'e <- tryCatch(quipu_share(quipu_register(commandArgs(TRUE)[1])), error = identity)\n'
                  'cat(conditionMessage(e), "\\n")\n', REGISTER)
    lines = out.split("\n")
    wanted = json.loads(place.run("invest", "owners", REGISTER, "--format", "json").stdout)
    assert int(lines[0]) == len(wanted["rows"]), out
    assert lines[1].startswith("this is asked of a cube"), out


def check_errors(place):
    """an error is a condition with status and place"""
    bad = place.path("bad-r.csv")
    with open(bad, "w", encoding="utf-8") as out:
        out.write("t,i,j,k,v,q\n2011,604,156,010190,12.5,1\n2011,604,156,010190,twelve,1\n")
    out = place.r(r"""
paths <- commandArgs(TRUE)
e <- tryCatch(quipu_share(paths[1], reporter = "Perru"), E_NOT_FOUND = identity)
stopifnot(inherits(e, "quipu_error"), grepl("did you mean Peru", e$text), e$line == 0)
e <- tryCatch(quipu_import(paths[2], paste0(paths[2], ".quipu")), E_DATA = identity)
stopifnot(e$line == 3, basename(e$file) == "bad-r.csv", !file.exists(paste0(paths[2], ".quipu")))
stopifnot(inherits(tryCatch(quipu_cube("/no/such.quipu"), error = identity), "E_IO"))
stopifnot(inherits(tryCatch(quipu_share(paths[1], reportr = 1), error = identity), "simpleError"))
cat("fine\n")
""", place.path("peru"), bad)
    assert out == "fine\n", out


def check_interrupt(place):
    """an interrupt ends a measure that runs, and the next one works"""
    place.r("cat('')")  # installed
    script = place.path("interrupt.R")
    with open(script, "w", encoding="utf-8") as out:
        out.write(f"""library(quipu, lib.loc = "{place.r_library()}")
cat("ready\\n")
begun <- proc.time()[["elapsed"]]
tryCatch(quipu_counterfactual("{place.path('panel.csv')}", change = "rta=0", draws = 100000,
                              formula = "{SLOW['formula']}"),
         interrupt = function(e) cat("interrupted", proc.time()[["elapsed"]] - begun, "\\n"))
cat(nrow(quipu_list("measures")) > 50, "\\n")
""")
    run = subprocess.Popen(["Rscript", "--vanilla", script], stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "ready\n"
    time.sleep(1)
    run.send_signal(signal.SIGINT)
    words, _ = run.communicate(timeout=30)
    assert words.startswith("interrupted ") and float(words.split()[1]) < 3, words
    assert words.endswith("TRUE \n"), words


def check_memory(place):
    """a thousand questions leave nothing behind"""
    out = place.r(r"""
cube <- quipu_cube(commandArgs(TRUE)[1])
ask <- function() {
  quipu_share(cube, reporter = "Peru", by = "partner", years = "2008-2011")
  quipu_share(cube, reporter = "Peru", by = "partner", years = "2008-2011", as = "text")
  tryCatch(quipu_share(cube, reporter = "Perru"), quipu_error = identity)
  quipu_cube(commandArgs(TRUE)[1])
}
resident <- function() {
  gc()
  as.numeric(strsplit(readLines("/proc/self/statm"), " ")[[1]][2]) * 4096
}
for (i in 1:300) ask()
before <- resident()
for (i in 1:1000) ask()
cat(resident() - before, "\n")
""", place.path("peru"))
    assert float(out) < 4 << 20, out


def check_help(place):
    """every measure has a function and a help page that is sound, with its arguments and question"""
    quipu = package(place)
    out = place.r(r"""
db <- tools::Rd_db("quipu", lib.loc = dirname(system.file(package = "quipu")))
for (page in names(db)) {
  wrong <- tools::checkRd(db[[page]])
  if (length(wrong)) cat("WRONG", page, format(wrong), "\n")
}
aliases <- unlist(lapply(db, tools:::.Rd_get_metadata, "alias"))
cat("MISSING", setdiff(ls("package:quipu"), aliases), "\n")
for (name in quipu_list("measures")$measure) {
  f <- paste0("quipu_", make.names(gsub("-", "_", name)))
  text <- capture.output(tools::Rd2txt(db[[paste0(f, ".Rd")]], options = list(underline_titles = FALSE)))
  cat("PAGE", name, all(vapply(names(formals(f)), function(a)
    any(startsWith(trimws(text), paste0(a, ":"))), NA)), "\n")
}
""")
    lines = out.split("\n")
    assert not [line for line in lines if line.startswith("WRONG")], out
    assert [line.strip() for line in lines if line.startswith("MISSING")] == ["MISSING"], out
    pages = [line.split() for line in lines if line.startswith("PAGE")]
    assert [page[1] for page in pages] == quipu.list_of("measures")["measure"]
    assert all(page[2] == "TRUE" for page in pages), out


def check_money(place):
    """money exactly: as text, as integer64; the nearest double also beyond 2^53 thousandths"""
    huge = place.path("huge.csv")
    with open(huge, "w", encoding="utf-8") as out:
        out.write("t,i,j,k,v,q\n2011,604,156,010190,9007199254740.993,1\n"
                  "2011,604,842,010190,0.001,1\n")
    done = place.run("import", huge, "-o", place.path("huge"))
    assert done.returncode == 0, done.stderr
    out = place.r(r"""
ask <- function(money) quipu_value(commandArgs(TRUE)[1], by = "partner", money = money)$value
cat(ask("character"), sprintf("%.17g", ask("numeric")), "\n")
if (requireNamespace("bit64", quietly = TRUE)) cat(format(ask("integer64")), "\n")
""", place.path("huge"))
    lines = out.split("\n")
    texts = lines[0].split()
    half = len(texts) // 2
    for text, number in zip(texts[:half], texts[half:]):
        assert float(text) == float(number), lines
    if len(lines) > 2:
        assert [int(v) for v in lines[1].split()] == [
            int(decimal.Decimal(v) * 1000) for v in texts[:half]], lines


STREAM = r"""
#include <quipu/arrow.h>
#define R_NO_REMAP
#include <Rinternals.h>
#include <stdlib.h>
SEXP fresh(void) {
    return R_MakeExternalPtr(calloc(1, sizeof(struct ArrowArrayStream)), R_NilValue, R_NilValue);
}
SEXP rows(SEXP pointer) {
    struct ArrowArrayStream *s = R_ExternalPtrAddr(pointer);
    struct ArrowSchema schema;
    struct ArrowArray array;
    if (s->get_schema(s, &schema) != 0 || s->get_next(s, &array) != 0)
        return R_NilValue;
    double n = (double)(array.length * 1000 + schema.n_children);
    schema.release(&schema);
    array.release(&array);
    s->release(s);
    free(s);
    return Rf_ScalarReal(n);
}
"""


def check_stream(place):
    """an answer as a stream of Arrow, in a struct as nanoarrow allocates it"""
    place.r_library()
    source = place.path("stream.c")
    with open(source, "w", encoding="utf-8") as out:
        out.write(STREAM)
    include = os.path.join(place.folder, "tree", "include")
    subprocess.run(["R", "CMD", "SHLIB", source], cwd=place.folder, check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "PKG_CPPFLAGS": "-I" + include})
    out = place.r(r"""
dyn.load(commandArgs(TRUE)[2])
words <- list(names = "by", values = "partner")
cube <- quipu_cube(commandArgs(TRUE)[1])
held <- quipu:::answer("share", words, cube$pointer, 0L, NULL)
stream <- .Call(quipu:::C_stream, held, .Call("fresh"))
rm(held); for (i in 1:3) gc()
x <- quipu_share(cube, by = "partner")
stopifnot(.Call("rows", stream) == nrow(x) * 1000 + ncol(x))
cat("fine\n")
""", place.path("peru"), place.path("stream.so"))
    assert out == "fine\n", out
    if re.search("nanoarrow", place.r('cat(rownames(installed.packages()))')):
        out = place.r('x <- quipu_share(commandArgs(TRUE)[1], by = "partner", as = "nanoarrow")\n'
                      'cat(nrow(as.data.frame(x)) > 100)', place.path("peru"))
        assert out == "TRUE", out
