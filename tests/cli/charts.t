# the cubes of these cases
$ quipu import $EXAMPLES/peru-partners.csv -o peru.quipu 2>/dev/null; quipu import $EXAMPLES/imports-from-peru-isic.csv -o isic.quipu 2>/dev/null; quipu import $EXAMPLES/latin-america-asia.csv -o la.quipu 2>/dev/null

# kinds of figures
$ quipu list charts --plain
| Chart        Good for                                                   Draws
| ──────────────────────────────────────────────────────────────────────────────────────────────────
| line         how figures move over time, each named at its end          x (time), y, series
| area         what a whole is made of over time, parts stacked           x (time), y, series
| bar          figures of one list, longest to shortest or as listed      x, y
| grouped-bar  two or more figures side by side for each item             x, y, series
| treemap      what a whole is made of, as areas; two levels with series  x, y, series
| sankey       what flows from where to where                             source, target, y
| scatter      two figures against each other, a third as size            x, y, size, series
| heatmap      a figure for each pair of items, or item and year          x, y, series
| map          a figure for each country, on a map of the world           x (countries), y
| network      who is tied to whom, and how strongly                      source, target, y
| ownership    who owns whom, from owners to what is owned, with shares   source, target, y (share)
| interval     figures with an interval around each, one under the other  x, y, series; low and high

# Figure 1 as an option: years along, shares up, one line each
$ quipu share peru.quipu --reporter Peru --partner China,Japan,Korea --of asia-study --years 2009-2011 --format option | python3 -m json.tool --compact | cut -c1-260
| {"quipu":{"categories":["2009","2010","2011"],"time":true,"kind":"line","lang":"en","title":"Share in the exports of Peru to China, Japan and South Korea; denominator: Asia (East and South-East, without India)","subtitle":"Share, %","footer":"Source: UN Comtra

# Figure 1 as SVG: well-formed, named, with every label as text
$ quipu share peru.quipu --reporter Peru --partner China,Japan,Korea --of asia-study --years 1990-2011 -o fig1.svg && python3 -c "import xml.etree.ElementTree as E; r = E.parse('fig1.svg').getroot(); n = '{http://www.w3.org/2000/svg}'; print(r.get('role'), r.get('viewBox')); print(r.find(n + 'title').text); print(r.find(n + 'desc').text); print(*[t.text for t in r.iter(n + 'text')], sep=' | ')"
| img 0 0 760 440
| Share in the exports of Peru to China, Japan and South Korea; denominator: Asia (East and South-East, without India)
| Line chart. Share, %: China, Japan, South Korea; 1990–2011.
| China | Japan | South Korea | 0% | 10% | 20% | 30% | 40% | 50% | 60% | 70% | 1990 | 1992 | 1994 | 1996 | 1998 | 2000 | 2002 | 2004 | 2006 | 2008 | 2010 | Share in the exports of Peru to China, Japan and South Korea; denominator: Asia (East and | South-East, without India) | Share, % | Source: UN Comtrade through WITS (pandringa/world-trade); about 2018, without gold (quipu 0.1.0).

# the same twice
$ quipu share peru.quipu --reporter Peru --partner China,Japan,Korea --of asia-study --years 1990-2011 --format svg | cmp - fig1.svg && echo same
| same

# as PDF: text can be selected, fonts come with it, no date of today
$ quipu share peru.quipu --reporter Peru --partner China,Japan,Korea --of asia-study --years 1990-2011 --language es -o fig1.pdf && pdftotext fig1.pdf - | grep -E '^(China|Japón|Corea del Sur|60 %|2010)$' | sort && pdffonts fig1.pdf | awk 'NR > 2 {print $2, $(NF-4)}' && TZ=UTC pdfinfo fig1.pdf | grep -E 'CreationDate|Page size' | sed 's/  */ /g'
| 2010
| 60 %
| China
| Corea del Sur
| Japón
| TrueType yes
| TrueType yes
| CreationDate: Sat Jan 1 00:00:00 2000 UTC
| Page size: 570 x 330 pts

# as PNG, twice the size on a page
$ quipu value peru.quipu --reporter Peru --by partner --years 2011 --chart map -o map.png && head -c 24 map.png | od -An -tx1 -w8
|  89 50 4e 47 0d 0a 1a 0a
|  00 00 00 0d 49 48 44 52
|  00 00 05 f0 00 00 03 88

# every kind of the catalogue from the example tables, each a well-formed SVG
$ q() { kind=$1; shift; quipu "$@" --chart $kind -o $kind.svg && python3 -c "import sys, xml.etree.ElementTree as E; E.parse(sys.argv[1])" $kind.svg && echo $kind; }; q line value peru.quipu --reporter Peru --by partner --years 1990-2011; q area structure isic.quipu --reporter China --partner Peru --by technology; q bar top peru.quipu --reporter Peru --by partner --years 2011; q grouped-bar structure isic.quipu --reporter China,Japan --partner Peru --by technology --years 2011; q treemap value isic.quipu --reporter China --partner Peru --by product --years 2011; q sankey value isic.quipu --reporter China,Japan --partner Peru --by technology --years 2011 --chart-x reporter --chart-series class; q heatmap structure isic.quipu --reporter China --partner Peru --by technology; q map value peru.quipu --reporter Peru --by partner --years 2011; q network value la.quipu --by reporter,partner --years 2011; q scatter top peru.quipu --reporter Peru --by partner --years 2011 --chart-x value --chart-y share
| line
| area
| bar
| grouped-bar
| treemap
| sankey
| heatmap
| map
| network
| scatter

# a kind that does not exist
$ quipu value peru.quipu --reporter Peru --chart lien --format svg
! there is no kind of figure 'lien'; did you mean 'line'\?$
= 2

# a column that does not exist
$ quipu value peru.quipu --reporter Peru --chart-y valeu --format svg
! no column 'valeu' for y of the figure; did you mean 'value'\?$
= 2

# more than one figure for a country
$ quipu value peru.quipu --reporter Peru --by partner --years 2010-2011 --chart treemap --chart-x partner --chart-series partner --format svg
! ^quipu: more than one figure for 'China' and 'China': narrow the table to one year, or name the column that tells them apart as series$
= 3

# a figure goes to a file
$ quipu value peru.quipu --reporter Peru --chart line
! a figure needs a file to go to: add -o FILE.svg
= 2

# lists are no figures
$ quipu list groups --format svg
! there is no format 'svg'
= 2

# a terminal is no place for a picture
$ script -qec "quipu value peru.quipu --reporter Peru --format png" /dev/null | tr -d '\r'
| quipu: value: a picture is not for a terminal: add -o FILE.png, or send it on with > or |
