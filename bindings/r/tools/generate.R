# SPDX-License-Identifier: Apache-2.0
# R/measures.R and man/quipu_*.Rd from the catalogue of the library: a function for each measure,
# and its help page.  Usage: Rscript generate.R GLUE.so PACKAGE_FOLDER

arguments <- commandArgs(trailingOnly = TRUE)
glue <- dyn.load(arguments[1])
folder <- arguments[2]

list_of <- function(what) {
  x <- .Call(getNativeSymbolInfo("C_ask", glue), "list", "what", what, NULL, 0L, "numeric")
  if (!inherits(x, "quipu_table")) stop(x$text)
  class(x) <- "data.frame"
  x
}
measures <- list_of("measures")
parameters <- list_of("parameters")
columns <- list_of("columns")

r_name <- function(name) make.names(gsub("-", "_", name))
quoted <- function(x) encodeString(x, quote = '"')

# The default as R writes it: what the measure says, or NULL, which is as if not given.
default <- function(p) {
  if (p$type == "switch") return("FALSE")
  if (is.na(p$default)) return("NULL")
  if (p$type %in% c("integer", "real")) p$default else quoted(p$default)
}

each_row <- function(frame, f) vapply(seq_len(nrow(frame)), function(i) f(frame[i, ]), "")

subject <- function(m) if (m$needs == "panel") "data" else m$needs
common_end <- 'threads = 0L, as = "data.frame", money = "numeric"'

formals_of <- function(m, p) {
  own <- each_row(p, function(row) paste(r_name(row$parameter), "=", default(row)))
  paste(c(subject(m), own, common_end), collapse = ", ")
}

function_of <- function(m, p) {
  given <- each_row(p, function(row) paste0("`", row$parameter, "` = ", r_name(row$parameter)))
  again <- p$parameter[p$again == 1]
  paste0("quipu_", r_name(m$measure), " <- function(", formals_of(m, p), ")\n",
         "  quipu_ask(", quoted(m$measure), ", list(", paste(given, collapse = ", "), "),\n",
         "            ", subject(m), ", ", quoted(m$needs), ", threads, as, money",
         if (length(again)) paste0(", again = c(", paste(quoted(again), collapse = ", "), ")"),
         ")\n")
}

# ---- help ----

# As Rd wants it; options as they are called here: by in place of --by.
rd <- function(text) {
  found <- gregexpr("(?<![A-Za-z0-9-])--[a-z][a-z-]*[a-z]", text, perl = TRUE)
  regmatches(text, found) <- lapply(regmatches(text, found), function(option)
    r_name(sub("^--", "", option)))
  text <- gsub("\\", "\\\\", text, fixed = TRUE)
  text <- gsub("%", "\\%", text, fixed = TRUE)
  gsub("}", "\\}", gsub("{", "\\{", text, fixed = TRUE), fixed = TRUE)
}
section <- function(name, ...) paste0("\\", name, "{", paste(..., sep = "\n"), "}")
own_section <- function(title, text) {
  if (is.na(text)) NULL else paste0("\\section{", title, "}{", text, "}")
}
item <- function(name, text) paste0("\\item{", name, "}{", text, "}")

parameter_item <- function(p) {
  words <- rd(p$help)
  if (!is.na(p$choices))
    words <- paste0(words, " (", rd(gsub(" +", ", ", p$choices)), ")")
  item(r_name(p$parameter), words)
}

SUBJECTS <- c(cube = "a cube: from quipu_cube, or its path",
              register = "a register: from quipu_register, or the path of its folder",
              panel = "a cube, or the path of a table of observations (CSV)")

# How the catalogue's own example is written in R.
example_of <- function(m) {
  if (is.na(m$example) || grepl("['\"]", m$example)) return(NULL)
  parts <- strsplit(paste0(" ", m$example), " --", fixed = TRUE)[[1]][-1]
  pairs <- vapply(parts, function(part) {
    name <- sub(" .*", "", part)
    value <- if (grepl(" ", part)) quoted(sub("^\\S+ ", "", part)) else "TRUE"
    paste(r_name(name), "=", value)
  }, "")
  section("examples", paste0("\\dontrun{", rd(paste0(
    "quipu_", r_name(m$measure), "(", subject(m), ", ", paste(pairs, collapse = ", "), ")")), "}"))
}

page_of <- function(m, p, cols) {
  name <- paste0("quipu_", r_name(m$measure))
  usage <- paste0(name, "(", formals_of(m, p), ")")
  figures <- each_row(cols, function(row)
    item(row$column, rd(paste0(row$label, " (", row$type,
                               if (nzchar(row$unit)) paste0(", ", row$unit), ")"))))
  c(section("name", name), section("alias", name), section("encoding", "UTF-8"),
    section("title", rd(sub("\\?$", "", m$summary))),
    section("description", rd(m$summary)),
    section("usage", rd(paste(strwrap(usage, 80, exdent = 4), collapse = "\n"))),
    section("arguments", paste(c(item(subject(m), SUBJECTS[[m$needs]]),
      each_row(p, parameter_item),
      item("threads", "how many to use; 0 is one for each core"),
      item("as", "\"data.frame\", \"nanoarrow\" (a stream, not copied), \"arrow\" (a Table) or \"text\""),
      item("money", paste("\"numeric\": US$ as the nearest double; exact: \"character\", or",
                          "\"integer64\" of package bit64, in thousandths"))), collapse = "\n")),
    section("details", rd(m$detail)),
    section("value", paste0("A data frame; its title, notes and sources are attributes. Figures:",
                            "\n\\describe{\n", paste(figures, collapse = "\n"), "\n}")),
    own_section("Formula", paste0("\\preformatted{", rd(m$formula), "}")),
    own_section("By hand", if (is.na(m$worked)) NA else rd(m$worked)),
    if (!is.na(m$reference)) section("references", rd(m$reference)),
    example_of(m))
}

code <- "# Made by tools/generate.R from the catalogue of the library."
for (i in seq_len(nrow(measures))) {
  m <- measures[i, ]
  p <- parameters[parameters$measure == m$measure, ]
  code <- c(code, function_of(m, p))
  file <- file.path(folder, "man", paste0("quipu_", r_name(m$measure), ".Rd"))
  writeLines(enc2utf8(page_of(m, p, columns[columns$measure == m$measure, ])), file,
             useBytes = TRUE)
}
writeLines(enc2utf8(code), file.path(folder, "R", "measures.R"), useBytes = TRUE)
