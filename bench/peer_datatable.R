# SPDX-License-Identifier: Apache-2.0
# Complexity in R with data.table (Debian: r-cran-data.table), for bench/complexity.
#
# Usage: Rscript bench/peer_datatable.R FOLDER COUNTRIES PRODUCTS [RUNS]
#
# The exports of each year are COUNTRIES x PRODUCTS doubles, row by row, in YEAR.f64.  One JSON
# line a case, as the numpy peer prints them.  Reading is not timed.
suppressMessages(library(data.table))
arguments <- commandArgs(TRUE)
countries <- as.integer(arguments[2])
products <- as.integer(arguments[3])
runs <- if (length(arguments) > 3) as.integer(arguments[4]) else 3L

measure <- function(name, f, check) {
    times <- numeric(runs)
    for (i in seq_len(runs)) {
        start <- proc.time()[["elapsed"]]
        result <- f()
        times[i] <- proc.time()[["elapsed"]] - start
    }
    cat(sprintf('{"case": "%s", "seconds": %.6f, "best": %.6f, "runs": %d, "checksum": %.12g}\n',
                name, median(times), min(times), runs, check(result)))
    result
}

files <- sort(list.files(arguments[1], "f64$", full.names = TRUE))
years <- rbindlist(lapply(seq_along(files), function(t) {
    value <- readBin(files[t], "double", countries * products)
    data.table(year = t, country = rep(seq_len(countries), each = products),
               product = rep(seq_len(products), countries), value = value)[value > 0]
}))

indexed <- function(all) {
    all <- copy(all)
    all[, x_i := sum(value), by = .(year, country)]
    all[, x_wk := sum(value), by = .(year, product)]
    all[, x_w := sum(value), by = year]
    all[, rca := (value / x_i) / (x_wk / x_w)][]
}
panel <- measure("rca", function() indexed(years), function(r) sum(r$rca >= 1))

matrix_of <- function(part) {
    m <- matrix(0, countries, products)
    m[cbind(part$country, part$product)] <- 1
    m
}
second <- function(m) {
    d <- rowSums(m)
    u <- colSums(m)
    kc <- Re(eigen((m / d) %*% (t(m) / u))$vectors[, 2])
    kc <- kc * sign(cor(kc, d))
    kp <- as.vector(crossprod(m, kc)) / u
    scale <- median((kc / as.vector(m %*% kp / d))[abs(kc) > max(abs(kc)) / 100])
    spread <- sqrt(mean((kc - mean(kc))^2))
    (kp * scale - mean(kc)) / spread
}
scored <- measure("scores", function() {
    all <- indexed(years)[rca >= 1]
    lapply(seq_along(files), function(t) second(matrix_of(all[year == t])))
}, function(r) sum(abs(unlist(r))))

m <- matrix_of(panel[year == length(files) & rca >= 1])
u <- colSums(m)
phi <- measure("proximity", function() crossprod(m) / outer(u, u, pmax), sum)
