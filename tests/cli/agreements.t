# SPDX-License-Identifier: Apache-2.0
# Agreements, what they are worth, what they free, and trade before and after.

# who belongs to one
$ quipu list agreements peru-korea
| Members of Peru - Korea, Republic of
|
| Agreement   ISO3  Country      Side  From        Last day
| ─────────────────────────────────────────────────────────
| peru-korea  KOR   South Korea  -     2011-08-01  -
| peru-korea  PER   Peru         -     2011-08-01  -
|
| Note: Signed 2011-03-21; FTA EIA; goods and services.
# by a pair of countries
$ quipu list agreements "China - Peru" --plain
| Agreement   ISO3  Country  Side  From        Last day
| ─────────────────────────────────────────────────────
| peru-china  CHN   China    -     2010-03-01  -
| peru-china  PER   Peru     -     2010-03-01  -
# those of a country, by name
$ quipu list agreements peru --format csv --plain | cut -d, -f1,3-5 | sed -n 1,6p
| agreement,kind,signed,in_force
| can,CU,1987-05-12,1988-05-25
| canada-peru,FTA EIA,2008-05-29,2009-08-01
| costa-rica-peru,FTA EIA,2011-05-26,2013-06-01
| cptpp,FTA EIA,2018-03-08,2018-12-30
| efta-peru,FTA,2010-06-24,2011-07-01
# a slip
$ quipu list agreements peru-chna
! ^quipu: there is no agreement "peru\-chna"\. Did you mean peru\-china, peru\-chile\?$
= 2
# two without any
$ quipu list agreements "Peru - Nepal"
! ^quipu: there is no agreement between Peru and Nepal in the table \(quipu list agreements\)$
= 2

$ quipu import $EXAMPLES/imports-from-peru-isic.csv $EXAMPLES/tariffs-on-peru-isic.csv -o isic.quipu >/dev/null 2>&1
$ quipu import $EXAMPLES/peru-partners.csv -o peru.quipu >/dev/null 2>&1

# the source's own averages over all goods: 11.04 in 2010, 6.87, 3.94, and 0.66 by the tariffs of 2019 on the trade of 2018
$ quipu preference isic.quipu --reporter China --partner Peru --years 2010,2011,2014,2018,2019 --show all --format csv --plain | cut -d, -f5-8,10,22
| year,agreement,applied,mfn,margin,coverage
| 2010,from 2010-03-01,11.04,11.04,,1
| 2011,in force,6.87,10.56,3.69,1
| 2014,in force,3.94,10.33,6.39,1
| 2018,in force,1.49,10.68,9.19,1
| 2019,in force,0.66,7.46,6.8,0.9945537766574428
# every year has a row, and what was not reported is missing
$ quipu preference isic.quipu --reporter China,Korea,Japan,Brazil --partner Peru --years 2009-2019
| Duties in China, South Korea, Japan and Brazil on goods of Peru: simple averages and by trade
|
|                                                                                      Margin  Applied, by      Margin, by               Trade with        Imports
| Code  Levied by    Code  On goods of  Year  Agreement        Applied (%)  MFN (%)  (points)    trade (%)  trade (points)  At zero (%)  tariff (%)  (million US$)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| BRA   Brazil       PER   Peru         2009  -                          -        -         -            -               -            -           -          484.0
| BRA   Brazil       PER   Peru         2010  -                          -        -         -            -               -            -           -          906.9
| BRA   Brazil       PER   Peru         2011  -                          -        -         -            -               -            -           -        1,376.8
| BRA   Brazil       PER   Peru         2012  -                          -        -         -            -               -            -           -        1,287.5
| BRA   Brazil       PER   Peru         2013  -                          -        -         -            -               -            -           -        1,330.1
| BRA   Brazil       PER   Peru         2014  -                          -        -         -            -               -            -           -        1,184.0
| BRA   Brazil       PER   Peru         2015  -                          -        -         -            -               -            -           -        1,106.4
| BRA   Brazil       PER   Peru         2016  -                          -        -         -            -               -            -           -        1,059.3
| BRA   Brazil       PER   Peru         2017  -                          -        -         -            -               -            -           -        1,135.3
| BRA   Brazil       PER   Peru         2018  -                          -        -         -            -               -            -           -        1,288.9
| BRA   Brazil       PER   Peru         2019  -                          -        -         -            -               -            -           -        1,504.6
| CHN   China        PER   Peru         2009  before                 10.37    10.37      0.00         1.01            0.00         71.1       100.0        4,323.9
| CHN   China        PER   Peru         2010  from 2010-03-01        11.04    11.04         -         0.91               -         69.7       100.0        6,368.2
| CHN   China        PER   Peru         2011  in force                6.87    10.56      3.69         0.67            0.27         81.5       100.0        7,864.3
| CHN   China        PER   Peru         2012  in force                   -        -         -            -               -            -           -              -
| CHN   China        PER   Peru         2013  in force                   -        -         -            -               -            -           -              -
| CHN   China        PER   Peru         2014  in force                3.94    10.33      6.39         0.20            0.50         87.5       100.0        8,245.5
| CHN   China        PER   Peru         2015  in force                3.08    10.16      7.08         0.15            0.82         83.7       100.0        7,926.5
| CHN   China        PER   Peru         2016  in force                2.58    10.55      7.97         0.07            0.78         80.0       100.0        9,403.9
| CHN   China        PER   Peru         2017  in force                2.08    10.69      8.61         0.04            0.88         88.9       100.0       13,129.4
| CHN   China        PER   Peru         2018  in force                1.49    10.68      9.19         0.04            0.88         89.0       100.0       15,000.7
| CHN   China        PER   Peru         2019  in force                0.66     7.46      6.80         0.03            0.85         87.7        99.5              -
| JPN   Japan        PER   Peru         2009  before                  5.63     6.57      0.94         0.41            0.07         73.5       100.0        1,652.1
| JPN   Japan        PER   Peru         2010  before                  5.54     6.41      0.87         0.37            0.02         73.5       100.0        2,173.9
| JPN   Japan        PER   Peru         2011  before                  5.76     6.51      0.75         0.44            0.03         77.8       100.0        2,336.3
| JPN   Japan        PER   Peru         2012  from 2012-03-01         2.44     6.38      3.94         0.23            0.09         86.1       100.0        2,691.2
| JPN   Japan        PER   Peru         2013  in force                2.25     6.31      4.06         0.16            0.20         92.1       100.0        2,508.4
| JPN   Japan        PER   Peru         2014  in force                1.83     6.17      4.34         0.24            0.34         85.9       100.0        1,509.7
| JPN   Japan        PER   Peru         2015  in force                2.05     6.59      4.54         0.27            0.40         89.0       100.0        1,202.8
| JPN   Japan        PER   Peru         2016  in force                2.04     6.36      4.32         0.28            0.40         89.1       100.0        1,207.5
| JPN   Japan        PER   Peru         2017  in force                1.59     6.08      4.49         0.09            0.29         93.1       100.0        1,861.3
| JPN   Japan        PER   Peru         2018  in force                1.96     6.57      4.61         0.07            0.28         94.1       100.0        2,205.8
| JPN   Japan        PER   Peru         2019  in force                1.95     6.27      4.32         0.09            0.36         91.1        92.2        2,395.4
| KOR   South Korea  PER   Peru         2009  before                 12.24    12.24      0.00         1.43            0.00         72.9       100.0          919.4
| KOR   South Korea  PER   Peru         2010  before                 12.95    12.95      0.00         1.05            0.00         83.0       100.0        1,038.9
| KOR   South Korea  PER   Peru         2011  from 2011-08-01        19.47    19.47         -         1.50               -         69.9       100.0        1,950.5
| KOR   South Korea  PER   Peru         2012  in force               13.46    13.46         -         0.57               -         90.4       100.0        1,580.8
| KOR   South Korea  PER   Peru         2013  in force               17.82    17.82         -         1.52               -         65.8       100.0        1,760.9
| KOR   South Korea  PER   Peru         2014  in force                7.72    17.56      9.84         0.46            1.14         91.5       100.0        1,326.8
| KOR   South Korea  PER   Peru         2015  in force                8.41    19.50     11.09         0.18            1.45         85.1       100.0              -
| KOR   South Korea  PER   Peru         2016  in force               22.48    22.48         -         1.98               -         82.6       100.0        1,133.4
| KOR   South Korea  PER   Peru         2017  in force                4.15    15.71     11.56         0.78            1.07         92.4       100.0        1,941.1
| KOR   South Korea  PER   Peru         2018  in force                5.00    17.33     12.33         0.72            1.14         92.4       100.0              -
| KOR   South Korea  PER   Peru         2019  in force                   -        -         -            -               -            -           -              -
|
| Note: Simple averages over all goods are the source's own (its row TOTAL) where it has one, else every tariff line counts once; averages by trade are weighted by imports.
| Note: Margin is MFN less applied, over products that have both; relative margin is margin / (100 + MFN). Preferential averages are over lines with a preference only, each product once where the source does not count lines.
| Note: At zero: products whose applied duty is 0.00 on average by trade; denominator: imports with a tariff. At least: products without any duty; at most: when the duty falls on the fewest goods, at the highest rate.
| Note: Trade with tariff: imports the rates stand for, of the year they are weighted by, in the imports of that year.
| Note: Agreement: the free trade agreement or customs union of the two, if any; partial scope agreements do not count.
| Note: China, 2012-2013: the source has no tariffs of these years: missing.
| Note: China, 2010: an agreement was in force, yet the source gives the MFN rate as the applied one for all goods: it lacks the preference, and the margin is missing. Applied rates and what is at zero are those of MFN.
| Note: Japan, 2009-2011: preferences of other schemes (GSP and the like), not of a free trade agreement between the two.
| Note: South Korea, 2019: the source has no tariffs of these years: missing.
| Note: South Korea, 2011-2013, 2016: an agreement was in force, yet the source gives the MFN rate as the applied one for all goods: it lacks the preference, and the margin is missing. Applied rates and what is at zero are those of MFN.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); UNCTAD TRAINS through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: 124836d37591b7ec2991b0275d4655b6; engine: quipu 0.1.0
# by industry group, a column for each year
$ quipu preference isic.quipu --reporter Japan --partner Peru --by sector --years 2010-2014 --wide --plain
| Code  Levied by  Code  On goods of  Code          Class                             2010 (%)  2011 (%)  2012 (%)  2013 (%)  2014 (%)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| JPN   Japan      PER   Peru         AGR           Agriculture and Livestock             8.04      9.04      8.01      6.71      6.54
| JPN   Japan      PER   Peru         CHE           Chemical                              0.31      0.60      0.00      0.00      0.00
| JPN   Japan      PER   Peru         FIS           Fishery                               4.67      4.44      4.41      2.27      1.70
| JPN   Japan      PER   Peru         MET           Metal-Mechanical and Electronics      0.00      0.00      0.00      0.00      0.00
| JPN   Japan      PER   Peru         MIN           Mining and Oil                        0.16      0.32      0.18      0.00      0.00
| JPN   Japan      PER   Peru         TEX           Textile and Leather                   9.26      8.29      3.14      3.13      2.06
| JPN   Japan      PER   Peru         WOO           Wood and Paper                        0.44      0.53      0.20      0.00      0.12
| JPN   Japan      PER   Peru         VAR           Various (jewelry, crafts)             0.25      0.39      0.00      0.00      0.00
| JPN   Japan      PER   Peru         unclassified  Not classified                        0.00      0.00      0.00      0.00      0.00
# an industry
$ quipu preference isic.quipu --reporter Korea --partner Peru --product 1711 --by product --years 2014-2015 --show all --format json --plain | head -30
| {"measure":"preference",
| "columns":[
| {"name":"reporter","label":"Code","type":"text","unit":"","role":"dimension"},
| {"name":"reporter_name","label":"Levied by","type":"text","unit":"","role":"dimension"},
| {"name":"partner","label":"Code","type":"text","unit":"","role":"dimension"},
| {"name":"partner_name","label":"On goods of","type":"text","unit":"","role":"dimension"},
| {"name":"product","label":"Code","type":"text","unit":"","role":"dimension"},
| {"name":"product_name","label":"Product","type":"text","unit":"","role":"dimension"},
| {"name":"year","label":"Year","type":"integer","unit":"","role":"dimension"},
| {"name":"agreement","label":"Agreement","type":"text","unit":"","role":"figure"},
| {"name":"applied","label":"Applied","type":"real","unit":"%","role":"figure"},
| {"name":"mfn","label":"MFN","type":"real","unit":"%","role":"figure"},
| {"name":"preference","label":"Preferential","type":"real","unit":"%","role":"figure"},
| {"name":"margin","label":"Margin","type":"real","unit":"points","role":"figure"},
| {"name":"relative_margin","label":"Relative margin","type":"share","unit":"fraction","role":"figure"},
| {"name":"applied_weighted","label":"Applied, by trade","type":"real","unit":"%","role":"figure"},
| {"name":"mfn_weighted","label":"MFN, by trade","type":"real","unit":"%","role":"figure"},
| {"name":"preference_weighted","label":"Preferential, by trade","type":"real","unit":"%","role":"figure"},
| {"name":"margin_weighted","label":"Margin, by trade","type":"real","unit":"points","role":"figure"},
| {"name":"zero_value","label":"Imports at zero","type":"money","unit":"US$","role":"figure"},
| {"name":"zero_share","label":"At zero","type":"share","unit":"fraction","role":"figure"},
| {"name":"zero_share_low","label":"At zero, at least","type":"share","unit":"fraction","role":"figure"},
| {"name":"zero_share_high","label":"At zero, at most","type":"share","unit":"fraction","role":"figure"},
| {"name":"tariff_imports","label":"Imports with tariff","type":"money","unit":"US$","role":"figure"},
| {"name":"trade_year","label":"Weights of","type":"text","unit":"","role":"figure"},
| {"name":"coverage","label":"Trade with tariff","type":"share","unit":"fraction","role":"figure"},
| {"name":"imports","label":"Imports","type":"money","unit":"US$","role":"figure"}],
| "rows":[
| {"reporter":"KOR","reporter_name":"South Korea","partner":"PER","partner_name":"Peru","product":"1711","product_name":"Preparation and spinning of textile fibres; weaving of textiles","year":2014,"agreement":"in force","applied":0.94,"mfn":8.05,"preference":1.03,"margin":7.110000000000001,"relative_margin":0.06580286904211015,"applied_weighted":2.18,"mfn_weighted":6.45,"preference_weighted":3.05,"margin_weighted":4.27,"zero_value":0,"zero_share":0,"zero_share_low":0,"zero_share_high":0.35882352949287566,"tariff_imports":4351339,"trade_year":"2013","coverage":1,"imports":7181429},
| {"reporter":"KOR","reporter_name":"South Korea","partner":"PER","partner_name":"Peru","product":"1711","product_name":"Preparation and spinning of textile fibres; weaving of textiles","year":2015,"agreement":"in force","applied":0.45,"mfn":8.61,"preference":0.47,"margin":8.16,"relative_margin":0.07513120338826997,"applied_weighted":1.27,"mfn_weighted":6.5,"preference_weighted":1.75,"margin_weighted":5.23,"zero_value":0,"zero_share":0,"zero_share_low":0,"zero_share_high":0.4227272728032262,"tariff_imports":7181429,"trade_year":"2014","coverage":1,"imports":null}],
# a country without tariffs in the cube
$ quipu preference isic.quipu --reporter France --partner Peru
! ^quipu: the cube has no tariffs of France on goods of Peru: quipu tariff CUBE shows those it has$
= 2
# a dimension it has anyway
$ quipu preference isic.quipu --by partner
! ^quipu: by "partner": take product or one class scheme \(technology, sector, section, \.\.\.\); importers, exporters and years have rows anyway$
= 2

# before and after, beside others, with a placebo country
$ quipu agreement isic.quipu --reporter China --partner Peru --window 5 --placebo Brazil
| Imports of China from Peru before and after Peru - China (2010-03-01), a year on average
|
|                                                   A year before   A year after              Growth a year  Growth a year  Pair above  Placebo above  Products
| Group    Reporter                     Since       (million US$)  (million US$)  Change (%)     before (%)      after (%)   these (%)      these (%)    before  Products after  New before  New after
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| pair     China                        2010-03-01        3,667.9        8,012.1       118.4           17.4            0.2           -              -      63.6            72.3          21         16
| placebo  Brazil                       2010-03-01          671.9        1,222.4        81.9            1.3           -5.3        20.1              -      69.3            87.7           -         20
| without  1 other without agreement    2010-03-01          671.9        1,222.4        81.9            1.3           -5.3        20.1              -      69.3            87.7           -         20
| with     14 others with an agreement  2010-03-01       15,857.2       22,758.7        43.5            6.6              -        52.2           26.8     139.2           140.0           5          -
| rest     all 15 others                2010-03-01       16,529.1       23,981.1        45.1            6.4              -        50.6           26.8     139.0           140.0           -          -
|
| Note: 2010-03-01: means of 2005-2009 before and 2011, 2014-2015 after; the year it began is on neither side.
| Note: Of the windows 2005-2009 and 2011-2015 the years without a report of China are missing: the means are of the others.
| Note: Left out, because they did not report at least half of these years: India.
| Note: Each of the others is averaged over the years it has.
| Note: Others: other reporters' trade with the same partner. Without agreement: no free trade agreement or customs union with Peru in force in the years of the windows (partial scope agreements such as LAIA do not count).
| Note: Pair above these: (after / before of the pair) / (after / before of the group) - 1. It describes; it does not tell what caused the difference. Placebo above these: the same of the placebo country, beside the group without it.
| Note: Firms are not in this source.
| Note: New: at least 10000 US$ in a year of the window, and less in each of the 5 years known before it. Missing where fewer years are known. Products are the codes of the cube, which no revision changes; industries hide new goods within them.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); UNCTAD TRAINS through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: 124836d37591b7ec2991b0275d4655b6; engine: quipu 0.1.0
$ quipu agreement isic.quipu --reporter Korea --partner Peru --window 5 --placebo Brazil --plain
|                                                   A year before   A year after              Growth a year  Growth a year  Pair above  Placebo above  Products
| Group    Reporter                     Since       (million US$)  (million US$)  Change (%)     before (%)      after (%)   these (%)      these (%)    before  Products after  New before  New after
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| pair     South Korea                  2011-08-01          915.6        1,450.5        58.4           11.3           -8.0           -              -      67.8            86.0          22         16
| placebo  Brazil                       2011-08-01          783.9        1,215.2        55.0            3.6           -4.8         2.2              -      74.3            82.3           -         13
| without  2 others without agreement   2011-08-01          912.4        2,056.3       125.4            5.8              -       -29.7          -76.3      79.0            89.5           -          -
| with     14 others with an agreement  2011-08-01       21,212.4       29,501.0        39.1            9.3              -        13.9           11.5     139.8               -           5          -
| rest     all 16 others                2011-08-01       22,124.8       31,557.3        42.6            9.2              -        11.1            9.0     139.7               -           -          -
$ quipu agreement isic.quipu --reporter Japan --partner Peru --window 5 --placebo Brazil --plain
|                                                   A year before   A year after              Growth a year  Growth a year  Pair above  Placebo above  Products
| Group    Reporter                     Since       (million US$)  (million US$)  Change (%)     before (%)      after (%)   these (%)      these (%)    before  Products after  New before  New after
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| pair     Japan                        2012-03-01        2,099.3        1,658.0       -21.0            1.1           -7.2           -              -      60.0            62.0          11          9
| placebo  Brazil                       2012-03-01          931.0        1,163.0        24.9              -           -3.9       -36.8              -      81.3            82.6           -         12
| without  1 other without agreement    2012-03-01          931.0        1,163.0        24.9              -           -3.9       -36.8              -      81.3            82.6           -         12
| with     14 others with an agreement  2012-03-01       23,207.4       29,010.7        25.0           12.5              -       -36.8           -0.1     140.0           139.0           5          -
| rest     all 15 others                2012-03-01       24,138.4       30,173.8        25.0              -              -       -36.8           -0.1     140.0           139.0           -          -
# by industry group
$ quipu agreement isic.quipu --reporter China --partner Peru --window 5 --by technology --format csv --plain | cut -d, -f1,3,5-8,11 | head -13
| class,group,since,before,after,change,double_difference
| PG,pair,2010-03-01,1132730245.6,2108035053,0.8610212459572733,
| PG,without,2010-03-01,461314104,678688303,0.47120648841033486,0.2649626416262889
| PG,with,2010-03-01,7889297568.4,12757630851.333,0.6170807021442675,0.15085242405622545
| PG,rest,2010-03-01,8350611672.4,13436319154.333,0.6090221508853471,0.15661629949175437
| NRBM,pair,2010-03-01,2478309540,5815862407.333,1.346705410871854,
| NRBM,without,2010-03-01,174393276,388797966.333,1.2294320930890335,0.05260232780641916
| NRBM,with,2010-03-01,6096920992.2,7698857753.5,0.2627452058751305,0.8584156169854533
| NRBM,rest,2010-03-01,6271314268.2,8087655719.833,0.28962692251661903,0.8196777454772874
| LTM,pair,2010-03-01,21290015.2,34356051.667,0.6137166340147409,
| LTM,without,2010-03-01,24451494.5,112384105.333,3.596205983782844,-0.6489024556974721
| LTM,with,2010-03-01,1426359744.2,1486398456.167,0.04209226473952343,0.5485352771696257
| LTM,rest,2010-03-01,1450811238.7,1598782561.5,0.10199212609669894,0.46436312547040703
# totals only, with a placebo date: the gap was there before
$ quipu agreement peru.quipu --reporter Peru --partner China --placebo-since 2004
| Exports of Peru to China before and after Peru - China (2010-03-01), a year on average
|
|                                                    A year before   A year after              Growth a year  Growth a year  Pair above
| Group    Partner                       Since       (million US$)  (million US$)  Change (%)     before (%)      after (%)   these (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| pair     China                         2010-03-01        3,617.8        7,390.2       104.3           15.8            2.7           -
| without  192 others without agreement  2010-03-01        3,504.7        5,245.5        49.7          -11.5           -0.5        36.5
| with     43 others with an agreement   2010-03-01       16,084.5       23,097.4        43.6          -12.9           -4.7        42.3
| rest     all 235 others                2010-03-01       19,589.2       28,342.9        44.7          -12.7           -4.0        41.2
| pair     China                         2004-01-01          567.0        1,791.4       216.0           26.0           35.0           -
| without  231 others without agreement  2004-01-01        5,171.4       11,809.8       128.4            9.9           39.2        38.4
| with     4 others with an agreement    2004-01-01          522.9        1,108.4       112.0            4.9           34.3        49.1
| rest     all 235 others                2004-01-01        5,694.4       12,918.3       126.9            9.5           38.8        39.3
|
| Note: 2010-03-01: means of 2007-2009 before and 2011-2013 after; the year it began is on neither side.
| Note: 2004-01-01: means of 2001-2003 before and 2004-2006 after.
| Note: Others: the same reporter's trade with other partners. Without agreement: no free trade agreement or customs union with Peru in force in the years of the windows (partial scope agreements such as LAIA do not count).
| Note: Pair above these: (after / before of the pair) / (after / before of the group) - 1. It describes; it does not tell what caused the difference.
| Note: Firms are not in this source.
| Note: The cube holds totals only: products are missing.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 7caa3ea67ae9a9f917ce74559c94183a; engine: quipu 0.1.0
# no agreement between the two
$ quipu agreement peru.quipu --reporter Peru --partner India
! ^quipu: there is no free trade agreement between Peru and India in the table; give a date with \-\-since, or a name with \-\-agreement$
= 2
# an agreement neither belongs to
$ quipu agreement peru.quipu --reporter Peru --partner China --agreement nafta
! ^quipu: Peru and China are not both members of nafta: quipu list agreements names those of each$
= 2
# not one country
$ quipu agreement peru.quipu --reporter Peru --partner Asia
! ^quipu: partner "Asia": agreement takes one country, not a list or group$
= 2

# groups made of agreements
$ quipu value peru.quipu --reporter Peru --partner "partners-of:Peru,World except partners-of:Peru" --years 2008,2010,2012 --wide --plain
|                                                                                 2008           2010           2012
| Code                  Partner                                          (million US$)  (million US$)  (million US$)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| partners-of:Peru      partners of Peru with an agreement                     1,563.8       14,601.0       23,528.0
| WLD-partners-of:Peru  World except partners of Peru with an agreement       24,170.9       13,481.0       13,057.2
$ quipu value peru.quipu --reporter Peru --partner members-of:cptp
! ^quipu: there is no agreement "cptp"\. Did you mean cptpp, apta, gstp\?$
= 2
# its members
$ quipu list members members-of:pacific-alliance --format csv --plain
| group,iso3,country,from,to
| members-of:pacific-alliance,CHL,Chile,2016,
| members-of:pacific-alliance,COL,Colombia,2016,
| members-of:pacific-alliance,MEX,Mexico,2016,
| members-of:pacific-alliance,PER,Peru,2016,

# a schedule made for the tests, along its stages
$ quipu schedule isic.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv
| Made schedule of a fictitious agreement (not a real one): what it frees, in shares of tariff lines and of imports
|
|                                   Freed, of                               Freed, of
|              Free, of lines  dutiable lines  Excluded, of     Free, of     dutiable  Preferential    Margin      Margin, by
| Year  Lines             (%)             (%)     lines (%)  imports (%)  imports (%)      rate (%)  (points)  trade (points)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2009     13             7.7             0.0          15.4         40.0          0.0         16.63      0.00            0.00
| 2010     13            23.1            16.7          15.4         76.0         60.0         14.59      2.03            2.40
| 2011     13            23.1            16.7          15.4         76.0         60.0         13.95      2.67            2.68
| 2012     13            23.1            16.7          15.4         76.0         60.0         12.80      3.82            3.11
| 2013     13            23.1            16.7          15.4         76.0         60.0         12.31      4.31            3.38
| 2014     13            38.5            33.3          15.4         83.0         71.7         11.82      4.81            3.64
| 2015     13            38.5            33.3          15.4         83.0         71.7         10.52      6.10            4.00
| 2016     13            38.5            33.3          15.4         83.0         71.7         10.33      6.30            4.14
| 2017     13            46.2            41.7          15.4         84.0         73.3          9.39      7.24            4.36
| 2018     13            46.2            41.7          15.4         84.0         73.3          9.20      7.43            4.50
| 2019     13            46.2            41.7          15.4         84.0         73.3          9.00      7.62            4.64
| 2020     13            69.2            66.7          15.4         95.5         92.5          8.81      7.81            4.78
|
| Note: Entry into force 2010-03-01; stage 1 is that year, stage 0 the one before. Free: no duty in that stage, lines free by MFN included; freed: of the lines not free by MFN. Excluded: dutiable lines without a commitment.
| Note: The preferential rate is the start rate less the cuts, and never above the base rate; averages count every line once.
| Note: 1 of 13 lines have a specific duty only: they count in coverage, not in average rates.
| Note: Values are those of the schedule's own column; denominators are of goods that have a line.
| Source: schedule: made for the tests; UN Comtrade through WITS (DTorres511/Informalidad); UNCTAD TRAINS through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: 124836d37591b7ec2991b0275d4655b6; engine: quipu 0.1.0
# by section, before and after all cuts
$ quipu schedule isic.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv --by section --years 2009,2020 --plain
|                                                                                     Freed, of                               Freed, of
|                                                                Free, of lines  dutiable lines  Excluded, of     Free, of     dutiable  Preferential    Margin      Margin, by
| Code  Class                                       Year  Lines             (%)             (%)     lines (%)  imports (%)  imports (%)      rate (%)  (points)  trade (points)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| I     Live animals; animal products               2009      4             0.0             0.0           0.0          0.0          0.0         10.67      0.00            0.00
| I     Live animals; animal products               2020      4           100.0           100.0           0.0        100.0        100.0          0.00     10.67           11.00
| II    Vegetable products                          2009      3             0.0             0.0           0.0          0.0          0.0         13.67      0.00            0.00
| II    Vegetable products                          2020      3           100.0           100.0           0.0        100.0        100.0          0.00     13.67           12.38
| IV    Prepared foodstuffs, beverages and tobacco  2009      2             0.0             0.0          50.0          0.0          0.0         27.50      0.00            0.00
| IV    Prepared foodstuffs, beverages and tobacco  2020      2            50.0            50.0          50.0        100.0        100.0         25.00      2.50            5.00
| V     Mineral products                            2009      1           100.0               -           0.0        100.0            -          0.00      0.00            0.00
| V     Mineral products                            2020      1           100.0               -           0.0        100.0            -          0.00      0.00            0.00
| XI    Textiles and textile articles               2009      3             0.0             0.0          33.3          0.0          0.0         23.83      0.00            0.00
| XI    Textiles and textile articles               2020      3             0.0             0.0          33.3          0.0          0.0         18.58      5.25            7.19
# by category, all figures
$ quipu schedule isic.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv --by category --years 2015 --show all --format csv --plain
| category,category_name,year,stage,lines,free_lines,line_coverage,dutiable_line_coverage,mfn_free_lines,excluded_lines,excluded_share,value,free_value,value_coverage,dutiable_value_coverage,excluded_value_share,base,preference,margin,base_weighted,preference_weighted,margin_weighted
| A,Free already,2015,6,1,1,1,,1,0,0,4000000,4000000,1,,0,0,0,0,0,0,0
| B,Free at entry into force,2015,6,2,2,1,1,0,0,0,3600000,3600000,1,1,0,8.5,0,8.5,6.166666666666667,0,6.166666666666667
| C5,Five equal cuts,2015,6,2,2,1,1,0,0,0,700000,700000,1,1,0,9,0,9,9.142857142857142,0,9.142857142857142
| C10,Ten equal cuts from the second year on,2015,6,3,0,0,0,0,0,0,1150000,0,0,0,0,11.5,5.75,5.75,12.454545454545455,6.2272727272727275,6.2272727272727275
| D,Uneven path,2015,6,1,0,0,0,0,0,0,100000,0,0,0,0,20,9,11,20,9,11
| F,Halved only,2015,6,2,0,0,0,0,0,0,400000,0,0,0,0,15.75,7.875,7.875,16.1875,8.09375,8.09375
| E,Excluded,2015,6,2,0,0,0,0,2,1,50000,0,0,0,1,45,45,0,40,40,0
# a column for each year
$ quipu schedule isic.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv --wide --plain
| 2009 (%)  2010 (%)  2011 (%)  2012 (%)  2013 (%)  2014 (%)  2015 (%)  2016 (%)  2017 (%)  2018 (%)  2019 (%)  2020 (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|      7.7      23.1      23.1      23.1      23.1      38.5      38.5      38.5      46.2      46.2      46.2      69.2
# values of a cube that is not in the HS
$ quipu schedule isic.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv --values cube
! ^quipu: the cube is in I3: values of tariff lines need the HS; use a cube in the HS, a column "value" in the schedule, or \-\-values none$
= 2
# of a cube in the HS: imports of the year before, divided over the lines
$ printf 't,i,j,k,v,q\n2009,604,156,260300,4000,1\n2009,604,156,030379,1000,1\n2009,604,156,880240,50,1\n' > BACI_HS07_Y2009_V202301.csv; quipu import BACI_HS07_Y2009_V202301.csv -o hs.quipu >/dev/null 2>&1; quipu schedule hs.quipu --schedule $EXAMPLES/../../tests/schedules/made-lines.csv --categories $EXAMPLES/../../tests/schedules/made-categories.csv --values cube --years 2009-2010 --show all
| Made schedule of a fictitious agreement (not a real one): what it frees, in shares of tariff lines and of imports
|
|                                                      Freed, of                                                                                               Freed, of
|                                 Free, of lines  dutiable lines                                  Excluded, of         Imports    Free imports     Free, of     dutiable  Excluded, of                 Preferential    Margin  Base, by trade  Preferential,      Margin, by
| Year  Stage  Lines  Free lines             (%)             (%)  MFN-free lines  Excluded lines     lines (%)  (thousand US$)  (thousand US$)  imports (%)  imports (%)   imports (%)  Base rate (%)      rate (%)  (points)             (%)   by trade (%)  trade (points)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2009      0     13           1             7.7             0.0               1               2          15.4         5,000.0         4,000.0         80.0          0.0           0.0          16.63         16.63      0.00            2.20           2.20            0.00
| 2010      1     13           3            23.1            16.7               1               2          15.4         5,000.0         4,500.0         90.0         50.0           0.0          16.63         14.59      2.03            2.20           0.80            1.40
|
| Note: Entry into force 2010-03-01; stage 1 is that year, stage 0 the one before. Free: no duty in that stage, lines free by MFN included; freed: of the lines not free by MFN. Excluded: dutiable lines without a commitment.
| Note: The preferential rate is the start rate less the cuts, and never above the base rate; averages count every line once.
| Note: 1 of 13 lines have a specific duty only: they count in coverage, not in average rates.
| Note: Values are imports of China from Peru in 2009, six digits divided equally over their lines; denominators are of goods that have a line.
| Note: 0.99 % of the imports are of goods without a line in the schedule, and are left out.
| Source: schedule: made for the tests; CEPII BACI; release: V202301; nomenclature: H3; valuation: FOB; cube: 3aad6c3b5695e74a9da73d839c2b5164; engine: quipu 0.1.0
# only one file
$ quipu schedule isic.quipu --schedule lines.csv
! ^quipu: schedule wants two files: \-\-schedule LINES\.csv \-\-categories CATEGORIES\.csv \(docs/agreements\.md\)$
= 2
