# the cubes of these cases: what Korea and Japan bought, product by product; thirteen countries
# in the books of both sides; the partners' imports from Peru by industry; Peru twice
$ for f in korea-japan-imports-hs4:asia pacific-both-sides:sides imports-from-peru-isic:isic peru-partners:peru peru-customs:customs imports-from-peru-hs4:hs4; do quipu import $EXAMPLES/${f%:*}.csv -o ${f#*:}.quipu 2>/dev/null || echo no $f; done

# who sells Korea many kinds of goods, and who much of few: Chile copper, wood and pulp, Japan everything
$ quipu margins asia.quipu --reporter Korea --partner Peru,Chile,China,Japan,USA --years 1990
| Margins of the imports of South Korea from Peru, Chile, China, Japan and United States; denominator: the same market's trade with all others
|
|                                               Value over
|                                    Value  that of others   Extensive   Intensive         Price      Quantity  Coverage of            Products of
| Code  Partner        Year  (million US$)             (%)  margin (%)  margin (%)  (others = 1)  (others = 1)   prices (%)  Products       others
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| PER   Peru           1990           77.7            0.17         3.0        5.86         1.010        0.0580         99.9        16        1,079
| CHL   Chile          1990          276.8            0.62         6.6        9.43         4.623        0.0204         86.6        27        1,081
| CHN   China          1990        1,435.2            3.31        75.9        4.36         0.680        0.0642         97.5       451        1,068
| JPN   Japan          1990       18,184.2           68.40        87.6       78.06         0.942        0.8286         99.1       912        1,015
| USA   United States  1990       15,796.8           54.53        94.7       57.60         1.190        0.4840         97.6       826        1,049
|
| Note: Unit values are value over the net weight, of the same reporter, partner and product; matched when within a factor of 100 and not from estimated quantities.
| Note: Beside what all others in the cube sell the same market, the exporter left out. Share = extensive x intensive margin; intensive = price x quantity.
| Note: Price: unit values over those of all others together, with Sato-Vartia weights, over the products whose unit values can be compared (coverage: their part of the value of both in the exporter's products).
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: 054579814873b0ad077eae74c31768ab; engine: quipu 0.1.0

# the margins multiply to the share, to full precision
$ quipu margins asia.quipu --reporter Korea --partner Peru --years 1990 --plain --format csv
| year,value,share,extensive,intensive,price,quantity,coverage,products,reference_products
| 1990,77660156,0.0017377288727638543,0.029645591595042747,0.058616771643525994,1.0099571561531424,0.05803886955640104,0.9989395572169095,16,1079

# of a mirrored export the exporter is the reporter: the same figures
$ quipu margins asia.quipu --reporter Peru --partner Korea --basis mirror --years 1990 --plain --format csv
| year,value,share,extensive,intensive,price,quantity,coverage,products,reference_products
| 1990,77660156,0.0017377288727638543,0.029645591595042747,0.058616771643525994,1.0099571561531424,0.05803886955640104,0.9989395572169095,16,1079

# numbers of products and partners; Japan's 1989 is not in the table
$ quipu counts asia.quipu --reporter Korea,Japan
| Products and partners in the imports of South Korea and Japan
|
|                                  Value                             Product-partner  Pairs of those
| Code  Reporter     Year  (million US$)  Products  Codes  Partners            pairs    possible (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────
| KOR   South Korea  1989       41,119.1     1,072  1,072        21            4,508            20.0
| KOR   South Korea  1990       44,768.3     1,081  1,081        22            4,696            19.7
| JPN   Japan        1989              -         -      -         -                -               -
| JPN   Japan        1990      117,082.5     1,169  1,169        22            6,483            25.2
|
| Note: Products are the 1204 codes of the cube, of fewer than six digits: families, which join what a revision of the HS changed, are made of six-digit codes, so a revision may end one and begin another.
| Note: Pairs of those possible: pairs over codes times partners. Areas that are no country are not counted as partners.
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: 054579814873b0ad077eae74c31768ab; engine: quipu 0.1.0
$ quipu counts hs4.quipu --reporter Peru --basis mirror --threshold 100000 --plain
|               Value                             Product-partner  Pairs of those
| Year  (million US$)  Products  Codes  Partners            pairs    possible (%)
| ───────────────────────────────────────────────────────────────────────────────
| 1989        1,098.4       111    111         8              179            20.2
| 1990        1,185.2       148    148        10              271            18.3

# new products at three thresholds; China's gap in the figures leaves some years untold
$ quipu new-products isic.quipu --reporter China --years 2002,2003,2011,2014 --threshold 1,1000,10000
| New, continuing and lost products in the imports of China
|
|                                                  Value of the
|                                                           new  Share of the
| Year  From US$  Traded  New  Continuing  Lost  (thousand US$)       new (%)  New by code
| ────────────────────────────────────────────────────────────────────────────────────────
| 2002         1      35    -           -     -               -             -            -
| 2002      1000      28    -           -     -               -             -            -
| 2002     10000      23    -           -     -               -             -            -
| 2003         1      46   15          31    20         7,864.6          1.03           15
| 2003      1000      35   12          23    16         7,889.3          1.04           12
| 2003     10000      26    7          19    11         7,860.6          1.03            7
| 2011         1      70    3          67    26             5.7          0.00            3
| 2011      1000      57    4          53    21            17.3          0.00            4
| 2011     10000      40    5          35    13           281.5          0.00            5
| 2014         1      70    7          63    31            38.2          0.00            7
| 2014      1000      61   11          50    21           136.0          0.00           11
| 2014     10000      45    9          36    16           379.9          0.00            9
|
| Note: Products are the 144 codes of the cube, which no revision changes; industries hide new goods within them.
| Note: New: at the threshold in the year, and below it in each of the 3 years known before. Continuing: at it in the year and in one of those years. Lost: at it in one of those years, and not now.
| Note: Missing where too few years are known around. The share is of the same row's trade in the year.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu new-products isic.quipu --reporter Korea --years 2011 --by technology --threshold 10000 --plain
|                                                                                             Value of the
|                                                                                                      new  Share of the
| Code   Class                                Year  From US$  Traded  New  Continuing  Lost  (million US$)       new (%)  New by code
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| PG     Primary goods                        2011     10000      14    2          12     0          401.3         74.52            2
| NRBM   Natural resource-based manufactures  2011     10000       8    2           6     4            0.0          0.00            2
| LTM    Low technology manufactures          2011     10000      12    3           9     1            0.1          0.91            3
| MTM    Medium technology manufactures       2011     10000       7    1           6     3            0.1         13.07            1
| HTM    High technology manufactures         2011     10000       4    2           2     2            0.9         31.29            2
| OTHER  Special transactions and other       2011     10000       1    0           1     0            0.0          0.00            0
$ quipu new-products isic.quipu --reporter Korea --years 2005-2011 --persist 2 --threshold 10000 --plain
|                                                 Value of the
|                                                          new  Share of the
| Year  From US$  Traded  New  Continuing  Lost  (million US$)       new (%)  New by code
| ───────────────────────────────────────────────────────────────────────────────────────
| 2005     10000      27    2          20    17            0.1          0.02            2
| 2006     10000      31    3          24    17            0.1          0.01            3
| 2007     10000      31    2          26    19           16.4          1.58            2
| 2008     10000      32    2          27    17            0.2          0.02            2
| 2009     10000      29    1          26    18            0.2          0.02            1
| 2010     10000      36    4          26    15            0.6          0.05            4
| 2011     10000      46    5          36    10            0.5          0.03            5

# one change of a year taken apart; new products and new partners
$ quipu partition hs4.quipu --reporter Japan,Germany,Korea --years 1989-1990
| Old and new products and partners in the change of the imports of Japan, Germany and South Korea
|
|                                                                                                                          Old product to  Old product to  New product to  New product to
|                                 First window    Last window         Change      Old, more      Old, less           Lost     old partner     new partner     old partner     new partner  Not comparable  Extensive part
| Code  Reporter     From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)   (million US$)   (million US$)   (million US$)   (million US$)   (million US$)   of change (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| JPN   Japan        1989  1990          443.7          515.2           71.6          108.3          -36.6           -0.5             0.0             0.0             0.3             0.0             0.0            -0.2
| DEU   Germany      1989  1990          335.1          248.1          -87.0           27.7         -115.2           -1.6             0.0             0.0             2.1             0.0             0.0            -0.7
| KOR   South Korea  1989  1990           78.6           78.0           -0.6           15.4          -16.4           -0.4             0.0             0.0             0.8             0.0             0.0           -48.8
|
| Note: Windows of 1 year at each end, added up. Change = old more + old less + lost + the four kinds of new + not comparable, exactly. New: nothing in the first window. Old products and partners are those traded in it at all.
| Note: Extensive part: lost and new over the change; missing where a year of a window was not reported.
| Note: Products are the 455 codes of the cube, of fewer than six digits: families, which join what a revision of the HS changed, are made of six-digit codes, so a revision may end one and begin another.
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: bbe037e661b88375fcba48630295fee4; engine: quipu 0.1.0
$ quipu partition hs4.quipu --reporter Peru --basis mirror --years 1989-1990 --format csv --plain
| from,to,value_from,value_to,change,increase,decrease,lost,new_pair,new_market,new_product,new_both,unreported,extensive
| 1989,1990,1098404002,1185168485.37,86764483.37,206192174.28,-223529920.69,-16187242.62,16284405.59,0,2491445.7,0,101513621.11,0.029834888302868023
$ quipu partition isic.quipu --reporter China --years 2000-2011 --window 3 --plain
|                                                                                                       Old product to  Old product to  New product to  New product to
|              First window    Last window         Change      Old, more      Old, less           Lost     old partner     new partner     old partner     new partner  Not comparable  Extensive part
| From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)   (million US$)   (million US$)   (million US$)   (million US$)   (million US$)   of change (%)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2000  2011        1,789.9       18,556.4       16,766.5       16,652.0           -5.7           -1.1             0.0             0.0           121.2             0.0             0.0             0.7

# do goods that were hardly traded gain weight?
$ quipu least-traded isic.quipu --reporter Japan --years 2000-2014
| Least-traded products in the imports of Japan; denominator: all products of the year
|
|                              Value
| Year  Set  Products  (million US$)  Share (%)
| ─────────────────────────────────────────────
| 2000    1       103           42.4       12.3
| 2001    1       103           39.3        9.3
| 2002    1       103           38.0        8.9
| 2003    1       103           40.1        9.3
| 2004    1       103           45.0        6.6
| 2005    1       103           79.1       11.3
| 2006    1       103           58.2        4.4
| 2007    1       103          136.5        6.1
| 2008    1       103           69.8        3.3
| 2009    1       103          225.4       13.6
| 2010    1       103          221.2       10.2
| 2011    1       103          467.0       20.0
| 2012    1       103          801.0       29.8
| 2013    1       103          739.4       29.5
| 2014    1       103          166.2       11.0
|
| Note: Products in order of their mean trade in the first 3 years known, in 10 sets of equal trade in those years; set 1 is the least traded, with all that was not traded. The product on a border is divided, so that each set has 10 % of the base years' trade.
| Note: Products are the 144 codes of the cube, which no revision changes; industries hide new goods within them.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu least-traded isic.quipu --reporter Japan --years 2000,2001,2002,2011 --sets 4 --all --plain
|                              Value
| Year  Set  Products  (million US$)  Share (%)
| ─────────────────────────────────────────────
| 2000    1        84          106.7       30.9
| 2001    1        84          106.0       25.0
| 2002    1        84           86.6       20.3
| 2011    1        84          575.1       24.6
| 2000    2         2          107.6       31.1
| 2001    2         2           97.0       22.9
| 2002    2         2           94.7       22.2
| 2011    2         2          618.1       26.5
| 2000    3         2           72.1       20.8
| 2001    3         2          100.2       23.6
| 2002    3         2          127.0       29.7
| 2011    3         2          992.4       42.5
| 2000    4         1           59.5       17.2
| 2001    4         1          120.6       28.5
| 2002    4         1          119.1       27.9
| 2011    4         1          150.6        6.4

# how long a new export lasts
$ quipu survival isic.quipu --reporter Japan,Korea --years 2000-2014
| How long trade lasts: imports of Japan and South Korea, 2000-2014
|
|                                                  Not seen to                Standard error
| Code  Reporter     Years  Spells at risk  Ended          end  Survival (%)             (%)
| ──────────────────────────────────────────────────────────────────────────────────────────
| JPN   Japan            1             168     88           12          47.6             3.9
| JPN   Japan            2              68     26            2          29.4             3.7
| JPN   Japan            3              40     11            3          21.3             3.4
| JPN   Japan            4              26      6            2          16.4             3.1
| JPN   Japan            5              18      3            1          13.7             3.0
| JPN   Japan            6              14      4            2           9.8             2.7
| JPN   Japan            7               8      1            1           8.5             2.6
| JPN   Japan            8               6      0            0           8.5             2.6
| JPN   Japan            9               6      0            1           8.5             2.6
| JPN   Japan           10               5      0            1           8.5             2.6
| JPN   Japan           11               4      0            0           8.5             2.6
| JPN   Japan           12               4      0            3           8.5             2.6
| JPN   Japan           13               1      0            1           8.5             2.6
| KOR   South Korea      1             229    101           19          55.9             3.3
| KOR   South Korea      2             109     31            8          40.0             3.4
| KOR   South Korea      3              70     13            9          32.6             3.3
| KOR   South Korea      4              48      8            2          27.1             3.3
| KOR   South Korea      5              38      1            3          26.4             3.3
| KOR   South Korea      6              34      1            3          25.7             3.3
| KOR   South Korea      7              30      1            8          24.8             3.3
| KOR   South Korea      8              21      2            6          22.4             3.3
| KOR   South Korea      9              13      0            4          22.4             3.3
| KOR   South Korea     10               9      0            2          22.4             3.3
| KOR   South Korea     11               7      0            1          22.4             3.3
| KOR   South Korea     12               6      0            2          22.4             3.3
| KOR   South Korea     13               4      0            1          22.4             3.3
| KOR   South Korea     14               3      0            3          22.4             3.3
|
| Note: A spell is years of trade of a product with a partner without a break. Survival after t years: the part of spells that last longer than t years.
| Note: Left out: 111 spells that were there when the figures begin, or after a year not reported, as nobody knows their age.
| Note: Spells that last to the end, or to a year not reported, are at risk as long as they are seen (censored).
| Note: Products are the 144 codes of the cube, which no revision changes; industries hide new goods within them.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu survival isic.quipu --reporter Japan --years 2000-2014 --gap 1 --threshold 10000 --left keep --plain
|                               Not seen to                Standard error
| Years  Spells at risk  Ended          end  Survival (%)             (%)
| ───────────────────────────────────────────────────────────────────────
|     1             114     28            6          75.4             4.0
|     2              80      8            3          67.9             4.4
|     3              69      8            1          60.0             4.7
|     4              60      3            6          57.0             4.8
|     5              51      3            0          53.7             4.9
|     6              48      1            1          52.5             4.9
|     7              46      3            1          49.1             5.0
|     8              42      0            0          49.1             5.0
|     9              42      1            0          48.0             5.0
|    10              41      0            1          48.0             5.0
|    11              40      0            2          48.0             5.0
|    12              38      1            3          46.7             5.0
|    13              34      0            2          46.7             5.0
|    14              32      0            0          46.7             5.0
|    15              32      0           32          46.7             5.0

# Peru's exports in the books of its partners, and what China says it sold to Peru
$ quipu mirror sides.quipu --reporter Peru --years 2011 --total
| The exports of Peru, by partner, as reported and in the books of the partners
|
|                                                   By the                                                                                                Discrepancy of  Discrepancy of
|                                  Reported       partners   Not compared            Gap  Partners over           Discrepancy      Gross gap  Offsetting          cells,   cells, median
| Code   Partner        Year  (million US$)  (million US$)  (million US$)  (million US$)       reported  Log gap          (%)  (million US$)    part (%)    weighted (%)             (%)  Cells
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN    China          2011        6,972.6        7,864.3            0.0          891.6          1.128    0.120          2.2          891.6         0.0             2.2             2.2      1
| USA    United States  2011        5,419.1        6,055.8            0.0          636.7          1.117    0.111          1.7          636.7         0.0             1.7             1.7      1
| JPN    Japan          2011        2,174.7        2,343.5            0.0          168.8          1.078    0.075          0.1          168.8         0.0             0.1             0.1      1
| ESP    Spain          2011        1,703.2        2,329.7            0.0          626.4          1.368    0.313         11.8          626.4         0.0            11.8            11.8      1
| CHL    Chile          2011        1,948.1        2,049.8            0.0          101.7          1.052    0.051          1.3          101.7         0.0             1.3             1.3      1
| DEU    Germany        2011        1,921.0        1,907.8            0.0          -13.2          0.993   -0.007          4.2           13.2         0.0             4.2             4.2      1
| KOR    South Korea    2011        1,696.1        1,950.5            0.0          254.4          1.150    0.140          3.1          254.4         0.0             3.1             3.1      1
| BRA    Brazil         2011        1,288.2        1,374.3            0.0           86.1          1.067    0.065          0.6           86.1         0.0             0.6             0.6      1
| CAN    Canada         2011        1,111.5        1,286.4            0.0          174.8          1.157    0.146          3.5          174.8         0.0             3.5             3.5      1
| COL    Colombia       2011        1,045.4        1,024.4            0.0          -20.9          0.980   -0.020          4.9           20.9         0.0             4.9             4.9      1
| MEX    Mexico         2011          452.7          582.4            0.0          129.7          1.287    0.252          8.7          129.7         0.0             8.7             8.7      1
| HKG    Hong Kong      2011           93.2           92.3            0.0           -1.0          0.990   -0.010          4.4            1.0         0.0             4.4             4.4      1
| total  Total          2011       25,825.8       28,861.0            0.0        3,035.2          1.118    0.111          1.7        3,105.3         2.3             3.0             3.3     12
|
| Note: Gap: imports of the partners less exports reported, as published (CIF less FOB). Discrepancy: |X - M| / (X + M) with 8 % of the FOB value taken off the imports for freight and insurance (--cif).
| Note: Gross gap: the gaps of the single partners and products without their signs; the offsetting part of it is what cancels out, a sign of goods under other codes or of other partners (transit).
| Note: Only where both sides reported the year; trade known to one side only is not compared.
| Note: The cube holds totals only: a cell is a partner.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 180e4c1e977829db698fb90066b0ca2d; engine: quipu 0.1.0
$ quipu mirror sides.quipu --reporter Peru --partner China,Korea --flow import --years 2010-2012 --plain
|                                                By the                                                                                                Discrepancy of  Discrepancy of
|                               Reported       partners   Not compared            Gap  Partners over           Discrepancy      Gross gap  Offsetting          cells,   cells, median
| Code  Partner      Year  (million US$)  (million US$)  (million US$)  (million US$)       reported  Log gap          (%)  (million US$)    part (%)    weighted (%)             (%)  Cells
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China        2010        5,140.0        3,549.7            0.0       -1,590.4          0.691   -0.370         14.6        1,590.4         0.0            14.6            14.6      1
| CHN   China        2011        6,364.8        4,653.3            0.0       -1,711.5          0.731   -0.313         11.8        1,711.5         0.0            11.8            11.8      1
| CHN   China        2012        7,814.5        5,332.5            0.0       -2,482.0          0.682   -0.382         15.1        2,482.0         0.0            15.1            15.1      1
| KOR   South Korea  2010        1,041.8          944.4            0.0          -97.4          0.907   -0.098          1.1           97.4         0.0             1.1             1.1      1
| KOR   South Korea  2011        1,497.3        1,367.7            0.0         -129.5          0.913   -0.090          0.7          129.5         0.0             0.7             0.7      1
| KOR   South Korea  2012        1,648.0        1,472.6            0.0         -175.3          0.894   -0.112          1.8          175.3         0.0             1.8             1.8      1

# the hub that re-exports what others made is the least reliable exporter
$ quipu reliability sides.quipu --years 2011
| Reliability of reporters, from the discrepancies of their total trade by partner
|
|                                                          Mean                                Mean
|                                                   discrepancy                         discrepancy
| Code  Reporter       Year  As exporter  Partners          (%)  As importer  Partners          (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────
| USA   United States  2011        1.620        12          6.4        2.063        12          8.4
| PER   Peru           2011        2.618        12          3.9        1.254        12          9.7
| CHL   Chile          2011        1.376        12          8.6        1.647        12         11.8
| BRA   Brazil         2011        1.405        12          6.5        1.339        12         12.7
| KOR   South Korea    2011        1.042        12          9.5        1.325        12         11.9
| JPN   Japan          2011        1.027        12          9.5        1.171        12         12.8
| COL   Colombia       2011        1.043        12         12.1        1.061        12         14.2
| CHN   China          2011        0.795        12         12.4        1.063        12         11.8
| ESP   Spain          2011        1.017        12          7.7        0.733        12         15.9
| DEU   Germany        2011        1.796        12          4.5        0.368        12         27.7
| CAN   Canada         2011        0.907        12         11.2        0.657        12         17.4
| MEX   Mexico         2011        0.801        12         11.1        0.699        12         16.7
| HKG   Hong Kong      2011        0.104        12         77.1        0.808        12          9.5
|
| Note: 2011: 156 pairs of countries in which both sides reported.
| Note: Scores: 25 rounds; geometric mean 1, higher is better. Mean discrepancy: of |X - M| / (X + M), with 8 % taken off imports for freight and insurance, each partner counted once.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 180e4c1e977829db698fb90066b0ca2d; engine: quipu 0.1.0

# a table on three bases
$ quipu basis sides.quipu --reporter Peru --years 2011 --limit 6 --total
| The exports of Peru, by partner, on three bases; denominator: all partners
|
|                                                   By the                                                                              Reconciled
|                                  Reported       partners     Reconciled     Weight of        Share,        Share,          Share,  less reported
| Code   Partner        Year  (million US$)  (million US$)  (million US$)  reported (%)  reported (%)  partners (%)  reconciled (%)            (%)  From
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN    China          2011        6,972.6        7,281.7        7,061.9            71          27.0          27.2            27.1           0.07  both
| USA    United States  2011        5,419.1        5,607.2        5,502.0            56          21.0          21.0            21.1           0.10  both
| JPN    Japan          2011        2,174.7        2,169.9        2,173.2            69           8.4           8.1             8.3          -0.09  both
| CHL    Chile          2011        1,948.1        1,897.9        1,928.7            61           7.5           7.1             7.4          -0.15  both
| DEU    Germany        2011        1,921.0        1,766.5        1,901.9            88           7.4           6.6             7.3          -0.15  both
| ESP    Spain          2011        1,703.2        2,157.1        1,802.5            78           6.6           8.1             6.9           0.31  both
| total  Total          2011       25,825.8       26,723.1       26,093.4             -         100.0         100.0           100.0           0.00  both
|
| Note: Partners' figures are at the reporter's valuation: 8 % of the FOB value taken off for freight and insurance. Reconciled: weighted by the reliability of both sides (measure reliability), and the one there is where one side is silent.
| Note: Shares are of all partners, each on its own basis; a partner that is silent is in no mirrored total. The total is of all partners.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 180e4c1e977829db698fb90066b0ca2d; engine: quipu 0.1.0
$ quipu basis sides.quipu --reporter Peru --partner China,Japan --years 2011 --rule higher --plain --format csv
| partner,partner_name,year,reported,mirror,reconciled,weight,share_reported,share_mirror,share_reconciled,shift,chosen
| CHN,China,2011,6972639440,7281737612.037,7281737612.037,0,0.269987318910319,0.2724883653866344,0.26916706569444004,-0.0008202532158789744,both
| JPN,Japan,2011,2174663417,2169896762.037,2174663417,1,0.08420506331074293,0.0811992484826448,0.08038572687092316,-0.0038193364398197704,both

# from our figure to the one of customs, and to the printed one
$ quipu bridge peru.quipu --reporter Peru --years 2011 --against customs.quipu --published 45636 --unit million --published-by "the study, table 1"
| From our figure to the published one: exports of Peru, 2011
|
|                                                                                                                                                                      Change         Figure     Part of the
| Step       What changes                                                                                                                                       (million US$)  (million US$)  difference (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| ours       exports of Peru                                                                                                                                                -       36,252.6               -
| cube       source: UN Comtrade through WITS (pandringa/world-trade) -> SUNAT (DTorres511/Informalidad); release: about 2018, without gold -> 2021, with gold       10,066.8       46,319.3           107.3
| residual   what no step explains                                                                                                                                     -683.3       45,636.0            -7.3
| published  the study, table 1                                                                                                                                       9,383.4       45,636.0               -
|
| Note: Steps are taken one after the other, in this order, each from where the one before it arrived; in another order they would share the difference otherwise. They add up exactly; the last row's change is their sum.
| Note: Residual: published less what the steps arrive at. Part: of published less ours.
| Note: The other cube: 66c64c9d1c6071eeca50324ebe859a5a.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 7caa3ea67ae9a9f917ce74559c94183a; engine: quipu 0.1.0
$ quipu bridge peru.quipu --reporter Peru --partner Asia --years 2011 --to-partner "Asia except India" --to-valuation cif --given gold=120 --unit million --plain
|                                                                           Change         Figure     Part of the
| Step       What changes                                            (million US$)  (million US$)  difference (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
| ours       exports of Peru to Asia                                             -       12,201.5               -
| partners   Asia -> Asia except India                                      -248.2       11,953.3           -30.0
| valuation  FOB -> CIF, freight and insurance 8 % of the FOB value          956.3       12,909.6           115.5
| given      gold                                                            120.0       13,029.6            14.5
| reached    after all steps                                                 828.1       13,029.6               -

# what an export promotion office asks first
$ quipu opportunities asia.quipu --reporter Peru --partner Korea --limit 15
| What Peru could sell to South Korea, 1990
|
|                                                                                                                                                                           Sold to                  More at world
|                                                                                Score  Exports to all                          Partner buys  Growth a year                 partner                          share
| Rank  Code  Product                                                       (0 to 100)   (million US$)    RCA  Density    PCI  (million US$)            (%)  Fit (%)  (million US$)  Share held (%)  (million US$)  Main rival     Its share (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|    1  0901  Coffee, whether or not roasted or decaffeinated; husks ...          79.1            24.1  24.52    0.256  -1.92           28.0           86.1     0.06            0.0             0.0            2.5  Brazil                    60
|    2  0307  Molluscs, whether in shell or not, live, fresh, chilled ...         78.2             3.7   1.68    0.087  -0.95           30.0           41.9     0.07            0.0             0.0            0.2  Argentina                 29
|    3  2601  Iron ores and concentrates; including roasted iron ...              77.5            55.8   9.86    0.170  -1.60          260.6           23.0     0.58           34.7            13.3            0.0  Brazil                    52
|    4  0304  Fish fillets and other fish meat (whether or not ...                77.1             0.2   0.10    0.047  -0.90           46.1           36.3     0.03            0.0             0.0            0.0  United States             97
|    5  2603  Copper ores and concentrates                                        76.8            61.2  12.69    0.232  -2.04          166.4          -21.4     0.37            0.0             0.0            7.7  Canada                    38
|    6  5201  Cotton; not carded or combed                                        76.6             8.5   1.88    0.087  -1.09          507.5           12.2     1.13            3.0             0.6            0.5  United States             92
|    7  5112  Woven fabrics of combed wool or of combed fine animal ...           75.9             1.4   1.28    0.089  -0.29           82.0           20.7     0.18            0.3             0.3            0.1  Italy                     58
|    8  0303  Fish; frozen (excluding fish fillets and other fish meat ...        75.9             0.2   0.03    0.045  -0.90          100.6            1.4     0.03            0.0             0.0            0.0  United States             67
|    9  7403  Copper; refined and copper alloys, unwrought                        75.4            82.1  19.59    0.334  -2.58          203.1            8.8     0.45            3.3             1.6           11.3  Chile                     65
|   10  0301  Fish; live                                                          75.1             0.9   2.62    0.063  -0.06            9.1          249.2     0.02            0.0             0.0            0.1  Japan                     98
|   11  0207  Meat and edible offal of poultry; of the poultry of ...             74.7             3.0   2.79    0.088  -1.00            7.9        1,924.7     0.02            0.0             0.0            0.1  United States             70
|   12  7103  Precious (excluding diamond) and semi-precious stone ...            74.6             0.3   0.41    0.047  -1.04           13.5          170.0     0.03            0.0             0.0            0.0  United States             85
|   13  2710  Petroleum oils, oils from bituminous minerals, not ...              74.3             0.0   0.00    0.041  -0.40        1,134.7          252.8     0.00            0.0             0.0            0.0  United States             47
|   14  7801  Lead; unwrought                                                     74.2            16.3  49.66    0.134  -1.58           43.1           32.2     0.10            2.6             5.9            5.3  Mexico                    41
|   15  2009  Fruit juices (including grape must) and vegetable ...               74.0             0.1   0.15    0.041  -0.50           43.1           11.7     0.02            0.0             0.0            0.0  Brazil                    58
|
| Note: Score: mean of the places of a product among the 866 listed, 0 = last and 100 = first in each, weighted: density 4, PCI 1, size of demand 2, growth of demand 1, fit 2, share not yet held 1. What a product lacks is left out of its mean. Not to be had from this cube: low tariff.
| Note: Partner buys: South Korea in 1990, from everyone, as it reports it; from 1 million US$ on. Growth a year since 1989. Share held is of what the partner buys; the main rival is the largest other supplier.
| Note: Fit: the smaller of the product's share in the country's exports and in the partner's imports; over all products it adds up to the complementarity of the two, 4.0 of 100. More at world share: what the country's share of world exports of the product would be of the partner's purchases, less what is sold already.
| Note: The cube has no tariffs of this pair.
| Note: RCA, density and PCI: exports of 23 countries in 1200 products in 1990, as the importers report them; present from an RCA of 1.
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: 054579814873b0ad077eae74c31768ab; engine: quipu 0.1.0
$ quipu opportunities asia.quipu --reporter Peru --partner Korea --only absent --limit 5 --plain
|                                                                                                                                                                          Sold to                  More at world
|                                                                                Score  Exports to all                         Partner buys  Growth a year                 partner                          share
| Rank  Code  Product                                                       (0 to 100)   (million US$)   RCA  Density    PCI  (million US$)            (%)  Fit (%)  (million US$)  Share held (%)  (million US$)  Main rival     Its share (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|    1  0304  Fish fillets and other fish meat (whether or not ...                78.3             0.2  0.10    0.047  -0.90           46.1           36.3     0.03            0.0             0.0            0.0  United States             97
|    2  0303  Fish; frozen (excluding fish fillets and other fish meat ...        77.0             0.2  0.03    0.045  -0.90          100.6            1.4     0.03            0.0             0.0            0.0  United States             67
|    3  7103  Precious (excluding diamond) and semi-precious stone ...            75.7             0.3  0.41    0.047  -1.04           13.5          170.0     0.03            0.0             0.0            0.0  United States             85
|    4  2710  Petroleum oils, oils from bituminous minerals, not ...              75.3             0.0  0.00    0.041  -0.40        1,134.7          252.8     0.00            0.0             0.0            0.0  United States             47
|    5  2009  Fruit juices (including grape must) and vegetable ...               75.1             0.1  0.15    0.041  -0.50           43.1           11.7     0.02            0.0             0.0            0.0  Brazil                    58
$ quipu opportunities asia.quipu --reporter Chile --partner Japan --years 1990 --weights density=1,pci=0,demand=0,growth=0,fit=0,room=0 --limit 3 --format csv --plain
| rank,product,product_name,score,value,rca,density,pci,demand,growth,complementarity,sold,held,potential,leader,leader_share
| 1,7402,"Copper; unrefined, copper anodes for electrolytic ...",100,6967153,8.05979829709596,0.6672875436554133,-2.863894612847242,60114871,,0.0005134402236329722,0,0,5039285.415,Peru,1
| 2,7106,Silver (including silver plated with gold or platinum) ...,99.90430622009569,7593803,3.3813123289361626,0.45380956634362013,-2.230976363557637,210096722,,0.0017944329935971146,7593803,0.03614431928166875,0,Mexico,0.40840089356558357
| 3,7403,"Copper; refined and copper alloys, unwrought",99.8086124401914,687286788,57.58464302706042,0.4330609885135209,-2.5763725219860785,944395445,,0.008066067520610004,555854801,0.588582678943353,9763465.477,United States,0.27278291987102926

# wrong use
$ quipu opportunities asia.quipu --reporter Peru --partner Korea --weights dense=3
! ^quipu: weights "dense=3": there is no "dense"; take density, pci, demand, growth, fit, room or tariff$
= 2
$ quipu opportunities asia.quipu --reporter Peru
! ^quipu: opportunities wants \-\-partner: one country or group \(joined with \+\)$
= 2
$ quipu opportunities sides.quipu --reporter Peru --partner Korea --plain
! ^quipu: opportunities are of products; the cube holds totals only$
= 2
$ quipu mirror asia.quipu --reporter Peru
! ^quipu: mirror compares exports with the partners' imports; the cube has one of the two only$
= 2
$ quipu basis sides.quipu --reporter Peru,Chile
! ^quipu: basis wants one reporter, not a list$
= 2
$ quipu bridge peru.quipu --reporter Peru
! ^quipu: bridge wants \-\-years: those of the published figure$
= 2
$ quipu bridge peru.quipu --reporter Peru --years 1981 --published 3
! ^quipu: the cube has no exports of 1981; it has 1976\-1980, 1982\-2016$
= 2
$ quipu new-products isic.quipu --threshold 0.5
! ^quipu: threshold "0\.5": up to 8 amounts in whole US\$, such as 1,1000,10000$
= 2
$ quipu partition hs4.quipu --years 1989-1990 --window 2
! ^quipu: window 2: 1989\-1990 has 2 years, too few for two windows$
= 2
$ quipu survival isic.quipu --gap 99
! ^quipu: gap 99: 0 to 20 years$
= 2
