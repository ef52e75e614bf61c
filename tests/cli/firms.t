# declarations with their firms: what is said of them, and who may read the cube
$ printf 'y,r,p,hs,v,ruc\n2011,PER,CHN,260300,10,20100\n2011,PER,CHN,260300,5,20200\n2011,PER,JPN,260300,1,\n' >d.csv
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms --input-name d -o firms.quipu 2>&1 | grep -i firm
| note      no firm stated, kept as trade of firms unknown      1            1  -
| 2 firms, 3 rows by firm: the cube is for its owner only (mode 0600)
| firms.quipu: 0.01 MB from 0.00 MB
$ stat -c %a firms.quipu
| 600
$ quipu verify firms.quipu
| firms.quipu: sound
$ quipu info firms.quipu | grep firms
| firms.quipu: 0.01 MB; countries and areas: 3; products: 1; tariffs: 0
|   firms          2
|   min-firms      3

# the public copy is the cube of an import without firms
$ quipu dump firms.quipu | grep -c -i -e firm -e 20100
| 0
= 1
$ quipu dump firms.quipu | quipu import - -o public.quipu 2>/dev/null
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations --input-name d -o without.quipu 2>/dev/null
$ cmp public.quipu without.quipu

# firms are kept when it is said, of declarations only, and together
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations -o x.quipu
! ^quipu: --map names the firm: keep firms with --keep-firms \(the cube is then as confidential as the declarations\), or leave firm= out$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --keep-firms -o x.quipu
! ^quipu: firms are of single declarations, several of which make a cell: add --duplicates declarations$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations --keep-firms -o x.quipu
! ^quipu: d.csv: --keep-firms, but --map has no firm=COLUMN: all rows of a cube with firms must say theirs$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm:20100 --duplicates declarations --keep-firms -o x.quipu
! ^quipu: --map: firm:20100 is not a constant this role can have$
= 2
$ quipu append firms.quipu d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations
! ^quipu: the cube has firms, nothing can be appended to it: ids are not kept, so firms of two imports cannot be told to be the same. Import all files together$
= 2
$ quipu append without.quipu d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms
! ^quipu: firms cannot be appended: ids are not kept
= 2
$ ls x.quipu
! No such file
= 2

# nothing converts them
$ quipu convert firms.quipu --to H4 -o h4.quipu 2>&1 | grep firm
| rows by firm are not converted: the new cube has none

# how many firms a cell needs is written in the cube, and cannot be asked away
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms --min-firms 2 -o two.quipu 2>/dev/null
$ quipu firms two.quipu -f csv
| year,firms,value,value_per_firm,products_per_firm,partners_per_firm,pairs_per_firm,without_firm,confidential
| 2011,2,16,7.5,1,1,1,0.0625,
$ quipu firms two.quipu --by partner -f csv
| partner,partner_name,year,firms,value,value_per_firm,products_per_firm,partners_per_firm,pairs_per_firm,without_firm,confidential
| CHN,China,2011,,,,,,,,c
| JPN,Japan,2011,,,,,,,,c
$ quipu firms two.quipu --min-firms 1
! ^quipu: min-firms 1: from 2, as the cube was imported, to 1000$
= 2
$ quipu firms firms.quipu -f csv
| year,firms,value,value_per_firm,products_per_firm,partners_per_firm,pairs_per_firm,without_firm,confidential
| 2011,,,,,,,,c
$ quipu firms without.quipu
! ^quipu: the cube does not know its firms: import declarations with firm=COLUMN in --map and --keep-firms$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms --min-firms 0 -o x.quipu
! ^quipu: --min-firms wants a number from 1 to 1000, not '0'$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --min-firms 5 -o x.quipu
! ^quipu: --min-firms is for a cube with firms: --keep-firms$
= 2

# the invented declarations: an agreement in force since March 2010, by months and by years
$ quipu import $EXAMPLES/declarations.csv --map period=month,flow=flow,reporter=reporter,partner=partner,product=hs6,value=usd,weight=kg,firm=firm --duplicates declarations --keep-firms -o months.quipu 2>/dev/null
$ quipu import $EXAMPLES/declarations.csv --map period=year,flow=flow,reporter=reporter,partner=partner,product=hs6,value=usd,weight=kg,firm=firm --duplicates declarations --keep-firms -o years.quipu 2>/dev/null
$ quipu firms years.quipu --reporter Peru --by partner --years 2011 --total
| Firms in the exports of Peru, by partner
|
|                                            Value  Value per firm  Products per  Partners per  Product-partner  Value without
| Code   Partner        Year  Firms  (million US$)   (million US$)          firm          firm   pairs per firm       firm (%)  Flag
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| USA    United States  2011     57          174.7             3.1          1.21          1.00             1.21            0.0  -
| JPN    Japan          2011     25          118.2             4.7          1.24          1.00             1.24            0.0  -
| CHN    China          2011     32           60.1             1.9          1.31          1.00             1.31            0.0  -
| CHL    Chile          2011     34           20.9             0.6          1.26          1.00             1.26            0.0  -
| KOR    South Korea    2011      -              -               -             -             -                -              -  c
| MNG    Mongolia       2011      -              -               -             -             -                -              -  c
| THA    Thailand       2011      -              -               -             -             -                -              -  c
| total  Total          2011    120          380.3             3.2          1.29          1.40             1.73            0.0  -
|
| Note: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Note: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 3 of 8 rows. The rule holds within one table; two tables beside each other may tell more.
| Source: nomenclature: H3; cube: e5dabbe589e8d3387597f9de2d1dd6a6; engine: quipu 0.1.0
$ quipu firms years.quipu --reporter Peru --by section --partner China --years 2011 --limit 4 -f csv
| class,class_name,year,firms,value,value_per_firm,products_per_firm,partners_per_firm,pairs_per_firm,without_firm,confidential
| I,Live animals; animal products,2011,4,2523366.59,630841.648,1,1,1,0,
| III,"Animal or vegetable fats, oils and waxes",2011,6,1696333.71,282722.285,1,1,1,0,
| IV,"Prepared foodstuffs, beverages and tobacco",2011,6,1436083.57,239347.262,1,1,1,0,
| XI,Textiles and textile articles,2011,11,576365.11,52396.828,1.0909090909090908,1,1.0909090909090908,0,
$ quipu firm-dynamics years.quipu --reporter Peru --partner China,Japan
| Firms that enter and leave: exports of Peru to China and Japan
|
|                                                                                           Entrants that
|                                      Traded nothing                                        stay another          Value    Entrants in
| Code  Partner  Year  Firms  Entered          before  Left  Entry rate (%)  Exit rate (%)       year (%)  (million US$)  the value (%)  Flag
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China    2008     22        -               -     -               -              -              -            6.4              -  -
| CHN   China    2009     20        4               -     6            20.0           27.3              -           14.4            1.9  -
| CHN   China    2010     31       16              11     5            51.6           25.0           62.5           48.0           82.8  -
| CHN   China    2011     32       11               6    10            34.4           32.3              -           60.1           15.8  -
| JPN   Japan    2008     27        -               -     -               -              -              -           52.2              -  -
| JPN   Japan    2009     30        8               -     5            26.7           18.5              -           89.4            5.0  -
| JPN   Japan    2010     27        6               -     9            22.2           30.0           50.0           27.2           17.3  -
| JPN   Japan    2011     25        5               -     7            20.0           25.9              -          118.2           59.4  -
|
| Note: Entered: in the row this year and not the year before; left: the year before and not this year. Traded nothing before: of those that entered, the ones that declared no export at all the year before, to anyone.
| Note: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Note: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 0 of 8 rows. The rule holds within one table; two tables beside each other may tell more.
| Source: nomenclature: H3; cube: e5dabbe589e8d3387597f9de2d1dd6a6; engine: quipu 0.1.0
$ quipu firm-concentration years.quipu --reporter Peru --by partner --years 2011
| Concentration by firm: exports of Peru, by partner
|
|                                           Value                                                 Largest 100  Herfindahl-Hirschman  Firms that
| Code  Partner        Year  Firms  (million US$)  Largest 5 (%)  Largest 10 (%)  Largest 25 (%)          (%)                 index   make half  Flag
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| USA   United States  2011     57          174.7           89.7            95.4            99.2            -                0.3871           -  -
| JPN   Japan          2011     25          118.2           97.8            98.9               -            -                0.4834           -  -
| CHN   China          2011     32           60.1           89.7            96.1            99.7            -                0.4544           -  -
| CHL   Chile          2011     34           20.9           71.9            88.9            98.9            -                0.1559           3  -
| KOR   South Korea    2011      -              -              -               -               -            -                     -           -  c
| MNG   Mongolia       2011      -              -              -               -               -            -                     -           -  c
| THA   Thailand       2011      -              -              -               -               -            -                     -           -  c
|
| Note: Shares are of the value that firms declared. The largest are those of each row and year. A share is told where it, what it adds to the share before it and what is left are each the trade of 3 firms or more.
| Note: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Note: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 3 of 7 rows. The rule holds within one table; two tables beside each other may tell more.
| Source: nomenclature: H3; cube: e5dabbe589e8d3387597f9de2d1dd6a6; engine: quipu 0.1.0
$ quipu new-firms months.quipu --reporter Peru --partner China
| Firms before and after: exports of Peru to China
|
|                                                 Traded nothing         Value before    Value after    Entrants in
| Firms before  Firms after  Growth (%)  Entered          before  Left  (million US$)  (million US$)  the value (%)  Flag
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|           21           33        57.1       18              11     6           12.8           49.0           83.9  -
|
| Note: Peru - China, since 2010-03-01: before is 200903-201002, after 201003-201102.
| Note: Entered: in the row after and not before; left: the other way round. Traded nothing before: of those that entered, the ones that declared no export at all before, to anyone.
| Note: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Note: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 0 of 1 rows. The rule holds within one table; two tables beside each other may tell more.
| Source: nomenclature: H3; cube: bab6a39e039deeb4c884266d1b9a918c; engine: quipu 0.1.0
$ quipu new-firms years.quipu --reporter Peru --by partner --agreement peru-china --total -f csv
| partner,partner_name,firms_before,firms_after,growth,entered,born,left,value_before,value_after,entrants_share,confidential
| USA,United States,52,57,0.09615384615384626,24,18,19,62122094.34,174707572.49,0.8731521849674347,
| JPN,Japan,30,25,-0.16666666666666663,3,3,8,89362035.56,118168215.81,0.007608045647786784,
| CHN,China,20,32,0.6000000000000001,19,14,7,14431543.18,60132449.39,0.9142533322306763,
| CHL,Chile,26,34,0.3076923076923077,15,12,7,18170309.9,20882799.43,0.20059930633543416,
| KOR,South Korea,,,,,,,,,,c
| MNG,Mongolia,3,,,,,,6761191.23,,,c
| THA,Thailand,,,,,,,,,,c
| total,Total,107,120,0.12149532710280364,41,41,28,196396590.64,380261550.82,,
$ quipu new-firms years.quipu --reporter Peru --partner China --partial after
| Firms before and after: exports of Peru to China
|
|                                                 Traded nothing         Value before    Value after    Entrants in
| Firms before  Firms after  Growth (%)  Entered          before  Left  (million US$)  (million US$)  the value (%)  Flag
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|           20           31        55.0       16              11     5           14.4           48.0           82.8  -
|
| Note: Peru - China, since 2010-03-01: before is 2009, after 2010.
| Note: Entered: in the row after and not before; left: the other way round. Traded nothing before: of those that entered, the ones that declared no export at all before, to anyone.
| Note: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Note: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 0 of 1 rows. The rule holds within one table; two tables beside each other may tell more.
| Source: nomenclature: H3; cube: e5dabbe589e8d3387597f9de2d1dd6a6; engine: quipu 0.1.0
# a month more or less would make firms seem to come or go
$ quipu new-firms months.quipu --reporter Peru --partner China --window 3
! ^quipu: not all of 200703\-201002 is reported: both sides must be whole to be compared; try another \-\-window$
= 2
$ quipu new-firms years.quipu --reporter Peru --partner Mongolia
! ^quipu: there is no free trade agreement between Peru and Mongolia in the table; give a date with \-\-since, or a name with \-\-agreement$
= 2
$ quipu firms years.quipu --partner "China,Asia"
! ^quipu: China is in "China" and in "Asia": what one has more than the other could be told by subtraction, whoever it is\. Ask for "Asia except China"$
= 2
$ quipu firms years.quipu --partner "China,Asia except China" --years 2011 -f csv
| partner,partner_name,year,firms,value,value_per_firm,products_per_firm,partners_per_firm,pairs_per_firm,without_firm,confidential
| CHN,China,2011,32,60132449.39,1879139.043,1.3125,1,1.3125,0,
| asia-CHN,Asia except China,2011,43,124538729.51,2896249.523,1.2325581395348837,1.0465116279069768,1.255813953488372,0,
$ quipu firms years.quipu --by partner,flow
! ^quipu: firms takes one flow: \-\-flow export or import$
= 2
$ quipu firms years.quipu --language es --reporter Peru --partner China --years 2011
| Firms in the exports of Peru to China
|
|                          Value     Value per firm  Products per  Partners per  Product-partner  Value without
| Year  Firms  (millones de US$)  (millones de US$)          firm          firm   pairs per firm       firm (%)  Flag
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2011     32               60,1                1,9          1,31          1,00             1,31            0,0  -
|
| Nota: Firms are those that declared a value above zero; a firm counts once in each row, so that rows do not add up to the total.
| Nota: Confidential (c): cells of fewer than 3 firms, and as many others as keep anybody from working these out from the rest and any total: 0 of 1 rows. The rule holds within one table; two tables beside each other may tell more.
| Fuente: nomenclature: H3; cube: e5dabbe589e8d3387597f9de2d1dd6a6; engine: quipu 0.1.0
