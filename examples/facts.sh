#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Answer every fact of a table with quipu and put the answer beside the printed figure.
# Usage: examples/facts.sh FACTS.csv FOLDER_WITH_CUBES
set -eu
facts=$1
cubes=$2
quipu=${QUIPU:-build/quipu}

# One fact a line, fields apart by a tab; quoted fields of the CSV are taken apart.
fields() {
    awk '!/^#/ {
        line = $0; n = 0; out = ""
        while (length(line) > 0 || n == 0) {
            if (substr(line, 1, 1) == "\"") {
                match(line, /^"([^"]|"")*"/)
                field = substr(line, 2, RLENGTH - 2); gsub(/""/, "\"", field)
                line = substr(line, RLENGTH + 2)
            } else {
                match(line, /^[^,]*/)
                field = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 2)
            }
            out = out (n++ ? "\t" : "") (field == "" ? "-" : field)
        }
        if (!seen++) next
        print out
    }' "$facts"
}

# The figure asked for out of the CSV of an answer.
pick() {
    awk -F, -v how="${1%%:*}" -v columns="${1#*:}" '
        { gsub(/"[^"]*"/, "x") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(columns, name, "+"); next }
        {
            value = 0; known = 1
            for (i = 1; i <= n; i++) {
                if ($(at[name[i]]) == "") known = 0
                value += $(at[name[i]])
            }
            if (!known) next
            if (!rows++) first = value
            last = value; sum += value
        }
        END {
            if (!rows) print "-"
            else if (how == "mean") printf "%.9g\n", sum / rows
            else if (how == "rate") printf "%.9g\n", (last / first) ^ (1 / (rows - 1)) - 1
            else printf "%.12g\n", last
        }'
}

tab=$(printf '\t')
fields | while IFS="$tab" read -r id what printed unit within command pick cause; do
    found=-
    if [ "$command" != - ]; then
        words=$(printf '%s' "$command" | sed "s|{\([a-z]*\)}|$cubes/\1.quipu|g")
        found=$(eval "\"$quipu\" $words --format csv --plain" | pick "$pick")
    fi
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$what" "$printed" "$unit" "$within" "$found" \
        "$cause"
done | awk -F'\t' '
    function wrapped(text, indent,    n, i, word, line) {
        n = split(text, word, " "); line = ""
        for (i = 1; i <= n; i++) {
            if (length(line) + length(word[i]) > 84) { print indent line; line = "" }
            line = line (line == "" ? "" : " ") word[i]
        }
        print indent line
    }
    $6 == "-" { out[++nout] = $2; reason[nout] = $7; next }
    {
        scale = $4 == "percent" ? 100 : $4 == "million USD" ? 0.000001 : 1
        mark = $4 == "percent" ? " %" : $4 == "million USD" ? " M$" : " x"
        digits = index($3, ".") ? 1 : ($4 == "percent" ? 1 : 0)
        value = $6 * scale; gap = value - $3
        same = gap <= $5 + 1e-9 && -gap <= $5 + 1e-9
        if (!header++) {
            printf "  %-58s %11s  %11s  %9s\n", "fact", "printed", "here", "apart"
        }
        printf "%s %-58s %9s%-3s %9.*f%-3s %+8.*f\n", same ? " " : "*", $2, $3, mark, digits,
            value, mark, digits, gap
        total++; agree += same
        near += !same && gap <= 0.02 * value && -gap <= 0.02 * value
        if (!same) {
            cause = $7 == "-" ? "not explained" : $7
            if (cause != before) wrapped(cause, "      ")
            before = cause
        } else before = ""
    }
    END {
        printf "\n%d facts of %d agree to the last printed digit and %d more within 2 per cent; " \
               "those\nmarked * are apart for the reason below them.\n", agree, total, near
        if (nout) {
            print "\nThese tables cannot say:"
            for (i = 1; i <= nout; i++) printf "  %-58s %s\n", out[i], reason[i]
        }
    }'
