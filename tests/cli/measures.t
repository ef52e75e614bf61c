# the cubes of these cases
$ quipu import $EXAMPLES/peru-partners.csv -o peru.quipu 2>/dev/null; quipu import $EXAMPLES/imports-from-peru-isic.csv -o isic.quipu 2>/dev/null

# one figure, exact
$ quipu value peru.quipu --reporter Peru --partner China --years 2011 --format csv --plain
| year,value
| 2011,6972639440

# countries by any name
$ for p in CHN CN 156 China china; do quipu value peru.quipu --reporter PER --partner $p --years 2011 --format csv --plain | tail -1; done
| 2011,6972639440
| 2011,6972639440
| 2011,6972639440
| 2011,6972639440
| 2011,6972639440

# Figure 1 of the study
$ quipu share peru.quipu --reporter Peru --partner China,Japan,Korea --of asia-study --years 1990,2011 --plain
|                                  Value
| Code  Partner      Year  (million US$)  Share (%)
| ─────────────────────────────────────────────────
| CHN   China        1990           55.5        8.8
| CHN   China        2011        6,972.6       58.8
| JPN   Japan        1990          420.1       66.7
| JPN   Japan        2011        2,174.7       18.3
| KOR   South Korea  1990           65.3       10.4
| KOR   South Korea  2011        1,696.1       14.3

# growth between two years
$ quipu growth peru.quipu --reporter Peru --partner China --years 1995-2011 --format csv --plain
| from,to,value_from,value_to,growth,ratio,accumulated
| 1995,2011,349016128,6972639440,0.20582555053420726,19.977986346808592,18.977986346808592

# a year that was not reported is missing, not zero
$ quipu value peru.quipu --reporter Peru --partner China --years 1980-1982 --format csv --plain
| year,value
| 1980,20190393
| 1981,
| 1982,28696110

# structure by technology
$ quipu structure isic.quipu --reporter China --partner Peru --by technology --years 2011 --plain
|                                                                  Value
| Code          Class                                Year  (million US$)  Share (%)
| ─────────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011        2,242.5       28.5
| NRBM          Natural resource-based manufactures  2011        5,517.3       70.2
| LTM           Low technology manufactures          2011           31.1        0.4
| MTM           Medium technology manufactures       2011            2.0        0.0
| HTM           High technology manufactures         2011            0.2        0.0
| OTHER         Special transactions and other       2011           71.1        0.9
| unclassified  Not classified                       2011            0.0        0.0

# the largest five
$ quipu top isic.quipu --reporter China --partner Peru --by product --years 2011 --limit 5 --plain
|                                                                                              Value             Cumulative
| Code  Product                                                            Year  Rank  (million US$)  Share (%)   share (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1320  Mining of non-ferrous metal ores, except uranium and thorium ores  2011     1        3,952.5       50.3        50.3
| 1310  Mining of iron ores                                                2011     2        1,467.9       18.7        68.9
| 1512  Processing and preserving of fish and fish products                2011     3        1,224.7       15.6        84.5
| 2720  Manufacture of basic precious and non-ferrous metals               2011     4          842.9       10.7        95.2
| 1110  Extraction of crude petroleum and natural gas                      2011     5          100.1        1.3        96.5

# formats by the name of the file
$ quipu value peru.quipu --reporter Peru --partner China --years 2011 -o v.md --plain && cat v.md && quipu value peru.quipu --reporter Peru --partner China --years 2011 -o v.tsv --plain && cat v.tsv
| | Year | Value (million US\$) |
| | ---: | ---: |
| | 2011 | 6,972.6 |
| year	value
| 2011	6972639440

# --explain says how
$ quipu growth peru.quipu --reporter Peru --partner China --years 1995-2011 --plain --explain | grep -c '^Formula$\|^Reference$\|^What it means$'
| 3

# in a format for programs the words go to standard error
$ quipu growth peru.quipu --reporter Peru --partner China --years 1995-2011 --plain --explain --format csv
| from,to,value_from,value_to,growth,ratio,accumulated
| 1995,2011,349016128,6972639440,0.20582555053420726,19.977986346808592,18.977986346808592
! ^Formula$

# threads change nothing
$ quipu top isic.quipu --reporter China --partner Peru --by product --years 2011 --format json --threads 1 > a; quipu top isic.quipu --reporter China --partner Peru --by product --years 2011 --format json --threads 5 > b; cmp a b && echo same
| same

# JSON can be read
$ quipu share peru.quipu --reporter Peru --partner China --years 2011 --format json | python3 -c 'import json,sys; d=json.load(sys.stdin); print(sorted(d), d["measure"], len(d["rows"]))'
| ['columns', 'measure', 'notes', 'rows', 'source', 'title', 'version'] share 1

# an unknown country gets a proposal
$ quipu value peru.quipu --reporter Perru
! did you mean
= 2

# tariffs are asked from the second table
$ quipu import $EXAMPLES/imports-from-peru-isic.csv $EXAMPLES/tariffs-on-peru-isic.csv -o tariffs.quipu 2>/dev/null
$ quipu tariff tariffs.quipu --reporter China --partner Peru --product 1512 --years 2010-2011 --duty all --format csv
| reporter,reporter_name,partner,partner_name,product,product_name,year,trade_year,duty,simple_average,weighted_average,minimum,maximum,lines,value
| CHN,China,PER,Peru,1512,Processing and preserving of fish and fish products,2010,2010,applied,9.48,3.94,2,16,25,1042939112
| CHN,China,PER,Peru,1512,Processing and preserving of fish and fish products,2010,2010,mfn,9.48,3.94,2,16,25,1042939112
| CHN,China,PER,Peru,1512,Processing and preserving of fish and fish products,2011,2011,applied,6.54,3.17,0,15,33,1224707891
| CHN,China,PER,Peru,1512,Processing and preserving of fish and fish products,2011,2011,mfn,9.69,4.25,2,15,33,1224707891
| CHN,China,PER,Peru,1512,Processing and preserving of fish and fish products,2011,2011,preference,0.74,0,0,9.6,,1224707891
$ quipu tariff peru.quipu
! no tariffs
= 2

# an unknown choice
$ quipu growth peru.quipu --reporter Peru --method compond
! compound
= 2

# a year the cube does not have
$ quipu value peru.quipu --reporter Peru --years 2050
! 2050
= 2

# every measure runs on its own example
$ cd $EXAMPLES; for m in $(quipu list measures --format csv --plain | tail -n +2 | cut -d, -f1); do quipu help $m | grep -q '^Example' || echo "$m has no example"; done

# listings
$ quipu list countries peru --format csv --plain
| code,iso3,iso2,name,name_es,kind,successors,from,to
| 604,PER,PE,Peru,Perú,country,"",,
| 838,FRE,"",Free zones,Zonas francas,area,"",,
# groups by name
$ quipu list groups asia-study --format csv --plain | cut -d, -f1
| group
| asia-study
| asia-study-wide
# schemes of classes
$ quipu list classes --format csv --plain | cut -d, -f1 | head -4
| scheme
| section
| chapter
| heading
