# SPDX-License-Identifier: Apache-2.0
# Asking: everything goes through quipu_ask, which the generated functions of the measures call.

# What the library said was wrong comes as a list with a status; raised as a condition.
checked <- function(result, call = sys.call(-1)) {
  if (!is.list(result) || inherits(result, "quipu_table")) return(result)
  place <- c(result$file, if (result$line > 0) result$line, if (result$column > 0) result$column)
  place <- paste(place[nzchar(place)], collapse = ":")
  words <- if (nzchar(place)) paste0(place, ": ", result$text) else result$text
  stop(structure(class = c(result$status, "quipu_error", "error", "condition"),
                 c(list(message = words, call = call), result)))
}

# A value as the library reads it; NULL is as if not given.
word <- function(x) {
  if (is.logical(x)) return(ifelse(x, "yes", "no"))
  if (is.numeric(x)) return(format(x, digits = 15, scientific = FALSE, trim = TRUE))
  as.character(x)
}

# Names and values of arguments; several values are one list, or several arguments for those
# in `again`.
words <- function(arguments, again = character()) {
  arguments <- Filter(length, arguments)
  values <- Map(function(name, x) {
    x <- unlist(lapply(x, word))
    if (name %in% again) x else paste(x, collapse = ",")
  }, names(arguments), arguments)
  list(names = rep(names(values), lengths(values)), values = as.character(unlist(values)))
}

# What a measure is asked of: something open, or the path of it.
subject <- function(of, needs) {
  wanted <- if (needs == "register") "quipu_register" else "quipu_cube"
  if (inherits(of, wanted)) return(of$pointer)
  if (!is.character(of) || length(of) != 1)
    stop("this is asked of a ", needs, ": one that is open, or the path of one", call. = FALSE)
  if (needs == "register") return(quipu_register(of)$pointer)
  if (needs == "panel" && !.Call(C_is_cube, enc2utf8(of))) return(enc2utf8(of))
  quipu_cube(of)$pointer
}

answer <- function(verb, words, of, threads, money) {
  .Call(C_ask, verb, enc2utf8(words$names), enc2utf8(words$values), of, as.integer(threads),
        money)
}

quipu_ask <- function(verb, arguments = list(), of = NULL, needs = "cube", threads = 0L,
                      as = c("data.frame", "nanoarrow", "arrow", "text"),
                      money = c("numeric", "character", "integer64"), again = character()) {
  as <- match.arg(as)
  money <- match.arg(money)
  of <- if (is.null(of)) NULL else subject(of, needs)
  words <- words(arguments, again)
  if (as == "data.frame") {
    if (money == "integer64" && !requireNamespace("bit64", quietly = TRUE))
      stop('money = "integer64" needs the package bit64; "character" is exact too', call. = FALSE)
    return(checked(answer(verb, words, of, threads, money), sys.call(-1)))
  }
  held <- checked(answer(verb, words, of, threads, NULL), sys.call(-1))
  if (as == "text") return(quipu_text(held, "text"))
  if (!requireNamespace(as, quietly = TRUE) || !requireNamespace("nanoarrow", quietly = TRUE))
    stop("as = \"", as, "\" needs the package ", as,
         if (as == "arrow") " and the package nanoarrow", call. = FALSE)
  stream <- checked(.Call(C_stream, held, nanoarrow::nanoarrow_allocate_array_stream()))
  if (as == "arrow") arrow::as_arrow_table(stream) else stream
}

# An answer as the program prints it.
quipu_text <- function(held, format) {
  bytes <- checked(.Call(C_text, held, format))
  text <- rawToChar(bytes)
  Encoding(text) <- "UTF-8"
  text
}

quipu_version <- function() .Call(C_version)

# ---- cubes and registers ----

quipu_cube <- function(path) {
  pointer <- checked(.Call(C_open_cube, enc2utf8(path)))
  structure(list(path = path, pointer = pointer), class = "quipu_cube")
}

quipu_register <- function(path) {
  pointer <- checked(.Call(C_open_register, enc2utf8(path)))
  structure(list(path = path, pointer = pointer), class = "quipu_register")
}

print.quipu_cube <- function(x, ...) cat("quipu cube", x$path, "\n")
print.quipu_register <- function(x, ...) cat("quipu register", x$path, "\n")

quipu_about <- function(cube) quipu_ask("cube", list(what = "about"), cube)
quipu_countries <- function(cube) quipu_ask("cube", list(what = "countries"), cube)
quipu_products <- function(cube) quipu_ask("cube", list(what = "products"), cube)
quipu_slabs <- function(cube) quipu_ask("cube", list(what = "slabs"), cube)

quipu_list <- function(what, filter = NULL) {
  quipu_ask("list", list(what = what, filter = filter))
}

# ---- making cubes ----

quipu_import <- function(inputs, output, profile = NULL, map = NULL, rejects = NULL,
                         nomenclature = NULL, source = NULL, release = NULL, valuation = NULL,
                         duplicates = NULL, pad_codes = NULL, keep_unknown = NULL,
                         memory = NULL, threads = 0L, append = FALSE, input_name = NULL,
                         table = NULL, where = NULL, dialect = NULL, firms = NULL,
                         keep_firms = NULL, min_firms = NULL, sheet = NULL, range = NULL,
                         duckdb = NULL) {
  inputs <- path.expand(inputs)
  quipu_ask(if (append) "append" else "import",
            list(input = inputs, output = path.expand(output), profile = profile, map = map,
                 rejects = rejects, nomenclature = nomenclature, source = source,
                 release = release, valuation = valuation, duplicates = duplicates,
                 `pad-codes` = pad_codes, `keep-unknown` = keep_unknown, memory = memory,
                 `input-name` = input_name, table = table, where = where, dialect = dialect,
                 firms = firms, `keep-firms` = keep_firms, `min-firms` = min_firms,
                 sheet = sheet, range = range, duckdb = duckdb),
            threads = threads, again = "input")
}

quipu_convert <- function(cube, to, output, method = "official") {
  quipu_ask("convert", list(cube = path.expand(cube), to = to, output = path.expand(output),
                            method = method))
}

quipu_verify <- function(cube) quipu_ask("verify", list(cube = path.expand(cube)))

# ---- tables ----

print.quipu_table <- function(x, ...) {
  title <- attr(x, "title")
  if (length(title)) cat(title, "\n\n", sep = "")
  plain <- x
  class(plain) <- "data.frame"
  print(plain, ...)
  for (note in attr(x, "notes")) cat("\nNote:", note)
  sources <- attr(x, "sources")
  first <- names(sources) == "source" # as the program prints it
  if (length(sources))
    cat("\nSource: ", paste0(ifelse(first, "", paste0(names(sources), ": ")), sources,
                             collapse = "; "), sep = "")
  cat("\n")
  invisible(x)
}
