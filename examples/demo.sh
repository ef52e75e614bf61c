#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The study of Peru and Asia, from the tables that come with quipu.  `make demo` runs it.
set -eu
cd "$(dirname "$0")/.."
quipu=${QUIPU:-build/quipu}
out=${OUT:-build/demo}
data=data/examples
mkdir -p "$out"

bold= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
heading() { printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"; }
# Show a command as it could be typed, then its result.
run() {
    shown=quipu
    for word in "$@"; do
        case $word in
        *' '*) shown="$shown '$word'" ;;
        *) shown="$shown $word" ;;
        esac
    done
    printf '%s$ %s%s\n' "$bold" "$shown" "$plain"
    "$quipu" "$@"
}

heading "1. Four tables become four cubes"
run import $data/peru-partners.csv -o "$out/peru.quipu" 2>&1
for pair in peru-customs:customs latin-america-asia:latam; do
    "$quipu" import "$data/${pair%:*}.csv" -o "$out/${pair#*:}.quipu" 2>&1 | tail -1
done
"$quipu" import $data/imports-from-peru-isic.csv $data/tariffs-on-peru-isic.csv \
    -o "$out/isic.quipu" 2>&1 | tail -1

heading "2. Figure 1: where in Asia Peru's exports go"
run share "$out/peru.quipu" --reporter Peru --partner China,Japan,Korea --of asia-study \
    --years 1990,1995,2000,2005,2008,2011 --wide
printf '\nEvery year (C China, J Japan, K Korea, . other Asia):\n'
"$quipu" share "$out/peru.quipu" --reporter Peru --partner China,Japan,Korea \
    --of asia-study --years 1990-2011 --format csv --plain |
    awk -F, '
    function bar(letter, share,    n, text) {
        total += share; n = int(total * 60 + 0.5)
        for (text = ""; drawn < n; drawn++) text = text letter
        return text
    }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { share[$(at["year"]), $(at["partner"])] = $(at["share"]); seen[$(at["year"])] = 1 }
    END {
        for (year = 1990; year <= 2011; year++) if (year in seen) {
            total = drawn = 0
            c = share[year, "CHN"]; j = share[year, "JPN"]; k = share[year, "KOR"]
            printf "  %d  %5.1f %5.1f %5.1f  %s%s%s%s\n", year, c * 100, j * 100, k * 100,
                bar("C", c), bar("J", j), bar("K", k), bar(".", 1 - c - j - k)
        }
    }'

heading "3. What the three buy: technology content (their imports from Peru, by industry)"
run structure "$out/isic.quipu" --reporter China,Japan,Korea --partner Peru --by technology \
    --years 2000,2008,2011 --wide --plain

heading "4. The same by sector"
run structure "$out/isic.quipu" --reporter China,Japan,Korea --partner Peru --by sector \
    --years 2000,2008,2011 --wide --plain

heading "5. How fast each class grew"
run growth "$out/isic.quipu" --reporter China+Japan+Korea --partner Peru --by technology \
    --years 2000,2005,2010 --plain

heading "6. Who owns an oil field in the end"
run invest owners examples/peru-asia/register --of block-8 --plain

heading "7. What an agreement did to duties"
run preference "$out/isic.quipu" --reporter China --partner Peru --years 2009-2015 --plain

heading "8. Who makes what few others can: economic complexity in 1997"
"$quipu" import $data/exports-1997-hs4.csv.gz -o "$out/world-1997.quipu" 2>/dev/null
run complexity "$out/world-1997.quipu" --min-exports 1e9 --min-product-trade 1e8 --limit 5 --plain

heading "9. The whole study, from one file"
run study examples/peru-asia/peru-asia.yaml -o "$out/peru-asia" 2>&1

heading "10. The facts of its text beside print"
run study check examples/peru-asia/peru-asia.yaml --block facts --plain 2>&1

heading "Now try"
cat <<END
  $quipu top $out/isic.quipu --reporter China --partner Peru --by product --years 2011 --limit 5
  $quipu growth $out/peru.quipu --reporter Peru --partner China,USA,Chile --years 1995-2011 --explain
  $quipu study --new CHL --partners China,Japan,Korea --trade $out/latam.quipu -o chile.yaml
and open in a browser
  $out/peru-asia/index.html                 the study
  http://127.0.0.1:8417/  after  $quipu serve $out/isic.quipu --register examples/peru-asia/register --study $out/peru-asia
END
