# SPDX-License-Identifier: Apache-2.0
# fixest on a panel that bench_gravity wrote: Rscript peer_fixest.R FILE.csv EFFECTS THREADS KIND
# EFFECTS 2 or 3; KIND pois, ols or borders.  One JSON line.
suppressMessages({library(data.table); library(fixest)})
given <- commandArgs(TRUE)
panel <- fread(given[1])
setFixest_nthreads(as.integer(given[3]))
right <- "agreement"
if (given[4] == "borders") {
    for (t in sort(unique(panel$year))[-1]) {
        name <- paste0("border_", t)
        set(panel, j = name, value = as.numeric(panel$year == t & panel$exporter != panel$importer))
        right <- paste(right, "+", name)
    }
}
sets <- c("exporter_year", "importer_year", "pair")[seq_len(as.integer(given[2]))]
formula <- as.formula(paste(if (given[4] == "ols") "log(trade)" else "trade", "~", right, "|",
                            paste(sets, collapse = " + ")))
begin <- proc.time()[["elapsed"]]
fit <- if (given[4] == "ols") feols(formula, panel[trade > 0], cluster = ~pair) else
    fepois(formula, panel, cluster = ~pair)
seconds <- proc.time()[["elapsed"]] - begin
peak <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
cat(sprintf('{"case":"%s","threads":%s,"used":%d,"seconds":%.3f,"peak_mb":%d,"agreement":%.12g,"error":%.12g}\n',
            basename(given[1]), given[3], fit$nobs, seconds,
            as.integer(gsub("[^0-9]", "", peak)) %/% 1024L, coef(fit)[["agreement"]],
            se(fit)[["agreement"]]))
