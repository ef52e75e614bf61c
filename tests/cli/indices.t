# the cubes of these cases; the last has imports from Peru by product, with weights
$ for f in peru-partners:peru imports-from-peru-isic:isic latin-america-asia:latin imports-from-peru-hs4:hs4 peru-exports-hs4:products; do quipu import $EXAMPLES/${f%:*}.csv -o ${f#*:}.quipu 2>/dev/null; done

# a small table of both flows by product, with weights: a copper country and a car country
$ (echo '#quipu 1'; echo '#source invented'; echo '#nomenclature H0'; echo '#valuation exports FOB, imports CIF'; echo period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags; for r in 2010,export,PER,CHN,260300,600,300 2010,export,PER,CHN,870323,40,10 2010,import,PER,CHN,870323,400,80 2010,import,PER,CHN,852810,100,20 2010,export,CHN,PER,870323,380,80 2010,export,CHN,PER,852810,95,20 2010,import,CHN,PER,260300,640,300 2010,import,CHN,PER,870323,42,10 2011,export,PER,CHN,260300,900,360 2011,export,PER,CHN,870323,90,20 2011,import,PER,CHN,870323,500,96 2011,import,PER,CHN,852810,130,25 2011,export,CHN,PER,870323,480,96 2011,export,CHN,PER,852810,125,25 2011,import,CHN,PER,260300,950,360 2011,import,CHN,PER,870323,95,20; do echo $r,,,; done) > both.csv; quipu import both.csv -o both.quipu 2>/dev/null

# what Peru's exports rest on: partners since 1990
$ quipu concentration peru.quipu --reporter Peru --over partner --years 1990,2000,2011
| Concentration of the exports of Peru across partners
|
|               Value                                                    UNCTAD  Equal lines                                               UNCTAD
| Year  (million US$)  Lines (n)  Traded     HHI  HHI normalised  concentration      (1/HHI)  Largest (%)  Largest 4 (%)    Gini  diversification
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1990        3,308.9        248     111  0.0929          0.0893         0.2577         10.8         23.1           51.7  0.9338                -
| 2000        5,721.8        248     144  0.1180          0.1144         0.2990          8.5         31.0           49.0  0.9261                -
| 2011       36,252.6        248     175  0.0806          0.0768         0.2353         12.4         19.2           45.6  0.9299                -
|
| Note: Shares are of the value in the row.
| Note: n: 248 partners of the cube.
| Note: Diversification: half the absolute differences from the shares of all reporters of the cube; 0 is the same structure, missing where there is nobody else to compare with.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 7caa3ea67ae9a9f917ce74559c94183a; engine: quipu 0.1.0

# and products, against the size of the nomenclature
$ quipu concentration products.quipu --reporter Peru --largest 3 --format csv --plain
| year,value,lines,active,hhi,hhi_normalised,unctad,equivalent,largest,ratio,gini,diversification
| 2018,48015148386,1242,1060,0.10757676366646962,0.10685764744057637,0.30836363643853526,9.295687710966973,0.27077072721888723,0.482824890212347,0.966537087538218,
| 2019,46131564773,1242,1060,0.10165888399651968,0.10093499913269736,0.298947382766844,9.836818590633312,0.26428492787948293,0.4618966444743537,0.9653929777647472,

# the same with traded lines only: another n, other figures
$ quipu concentration products.quipu --reporter Peru --lines active --years 2019 --plain
|               Value                                                    UNCTAD  Equal lines                                               UNCTAD
| Year  (million US$)  Lines (n)  Traded     HHI  HHI normalised  concentration      (1/HHI)  Largest (%)  Largest 4 (%)    Gini  diversification
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2019       46,131.6      1,060   1,060  0.1017          0.1008         0.2973          9.8         26.4           49.7  0.9595                -

# extensive and intensive margin; between and within technology classes
$ quipu theil isic.quipu --reporter China,Japan --partner Peru --years 2000,2011
| Theil index of the imports of China and Japan from Peru across products
|
|                               Value                                                                     Between, of
| Code  Reporter  Year  (million US$)  Lines (n)  Traded  Entropy   Theil  Between groups  Within groups    Theil (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China     2000          560.3        145      31   1.0576  3.9192          1.5427         2.3764         39.4
| CHN   China     2011        7,864.3        145      70   1.4387  3.5380          0.7282         2.8098         20.6
| JPN   Japan     2000          346.0        145      58   1.8820  3.0947          0.9163         2.1784         29.6
| JPN   Japan     2011        2,336.3        145      61   1.4004  3.5763          0.8659         2.7105         24.2
|
| Note: n: 145 lines of ISIC Rev. 3 of 4 digits.
| Note: Theil = between + within; groups: traded lines and the others, so that between is the extensive and within the intensive margin.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu theil isic.quipu --reporter China,Japan --partner Peru --years 2011 --groups technology
| Theil index of the imports of China and Japan from Peru across products
|
|                               Value                                                                     Between, of
| Code  Reporter  Year  (million US$)  Lines (n)  Traded  Entropy   Theil  Between groups  Within groups    Theil (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China     2011        7,864.3        145      70   1.4387  3.5380          0.9541         2.5839         27.0
| JPN   Japan     2011        2,336.3        145      61   1.4004  3.5763          0.9488         2.6276         26.5
|
| Note: n: 145 lines of ISIC Rev. 3 of 4 digits.
| Note: Theil = between + within; groups: classes of technology, each product in the class that holds most of it.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0

# in what Japan's imports from Peru differ from those of all others: variants of one index
$ for v in balassa symmetric normalised additive weighted; do quipu rca isic.quipu --reporter Japan --partner Peru --by technology --years 2011 --variant $v --plain; done
|                                                                  Value
| Code          Class                                Year  (million US$)   RCA
| ────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011          655.0  0.59
| NRBM          Natural resource-based manufactures  2011        1,648.3  1.55
| LTM           Low technology manufactures          2011           29.3  0.26
| MTM           Medium technology manufactures       2011            0.9  0.02
| HTM           High technology manufactures         2011            0.1  0.01
| OTHER         Special transactions and other       2011            2.8  0.23
| unclassified  Not classified                       2011            0.0     -
|                                                                  Value
| Code          Class                                Year  (million US$)  Symmetric RCA
| ─────────────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011          655.0         -0.257
| NRBM          Natural resource-based manufactures  2011        1,648.3          0.217
| LTM           Low technology manufactures          2011           29.3         -0.584
| MTM           Medium technology manufactures       2011            0.9         -0.956
| HTM           High technology manufactures         2011            0.1         -0.972
| OTHER         Special transactions and other       2011            2.8         -0.626
| unclassified  Not classified                       2011            0.0              -
|                                                                  Value  Normalised RCA
| Code          Class                                Year  (million US$)      (x 10,000)
| ──────────────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011          655.0        -125.674
| NRBM          Natural resource-based manufactures  2011        1,648.3         163.173
| LTM           Low technology manufactures          2011           29.3         -22.881
| MTM           Medium technology manufactures       2011            0.9         -10.975
| HTM           High technology manufactures         2011            0.1          -1.049
| OTHER         Special transactions and other       2011            2.8          -2.595
| unclassified  Not classified                       2011            0.0               -
|                                                                  Value
| Code          Class                                Year  (million US$)  Additive RCA
| ────────────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011          655.0       -0.1936
| NRBM          Natural resource-based manufactures  2011        1,648.3        0.2514
| LTM           Low technology manufactures          2011           29.3       -0.0353
| MTM           Medium technology manufactures       2011            0.9       -0.0169
| HTM           High technology manufactures         2011            0.1       -0.0016
| OTHER         Special transactions and other       2011            2.8       -0.0040
| unclassified  Not classified                       2011            0.0             -
|                                                                  Value
| Code          Class                                Year  (million US$)  Weighted RCA
| ────────────────────────────────────────────────────────────────────────────────────
| PG            Primary goods                        2011          655.0          1.33
| NRBM          Natural resource-based manufactures  2011        1,648.3          3.49
| LTM           Low technology manufactures          2011           29.3          0.59
| MTM           Medium technology manufactures       2011            0.9          0.05
| HTM           High technology manufactures         2011            0.1          0.03
| OTHER         Special transactions and other       2011            2.8          0.52
| unclassified  Not classified                       2011            0.0             -
$ quipu rca isic.quipu --reporter Japan --partner Peru --by technology --years 2011 --variant weighted | tail -5
|
| Note: Compared with the imports of all reporters in the cube, the country itself included.
| Note: Weighted: over the mean of all goods in the reference.
| Note: Classes: Technology content.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu rca both.quipu --reporter Peru --years 2011 --variant vollrath
| Revealed comparative advantage (Vollrath) in the trade of Peru, by product
|
| Code    Product                                                                                                                                                          Year  Value (US$)  Exports (RXA)  Imports (RMP)     RTA     RC
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 260300  Copper ores and concentrates                                                                                                                                     2011          900              -           0.00       -      -
| 870323  Vehicles; spark-ignition internal combustion reciprocating piston engine, cylinder capacity exceeding 1500cc but not exceeding 3000cc                            2011           90           0.03          38.46  -38.44  -7.30
| 852810  Television receivers; colour, whether or not combined, in the same housing, with radio broadcast receivers or sound or video recording or reproducing apparatus  2011            0           0.00              -       -      -
|
| Note: Compared with the exports and imports of all other reporters in the cube and of all other goods. RTA = RXA - RMP; RC = ln RXA - ln RMP, missing where one of them is zero.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu rca both.quipu --reporter Peru --partner China --reference market --years 2011
| Revealed comparative advantage in the exports of Peru to China, by product
|
| Code    Product                                                                                                                                Year  Value (US$)   RCA
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 260300  Copper ores and concentrates                                                                                                           2011          900  1.00
| 870323  Vehicles; spark-ignition internal combustion reciprocating piston engine, cylinder capacity exceeding 1500cc but not exceeding 3000cc  2011           90  1.00
|
| Note: Compared with the imports of China from all countries, as reported there: RCA in the market.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu rca both.quipu --reporter Peru --variant vollrath --of Asia
! ^quipu: variant vollrath compares exports and imports with those of all other reporters: it takes no \-\-reference market, \-\-of or \-\-flow$
= 2
$ quipu rca both.quipu --reporter Peru --variant symetric
! ^quipu: variant "symetric": take one of balassa symmetric normalised additive weighted vollrath; did you mean symmetric\?$
= 2

# advantage in exports and imports together: the parts add up to zero
$ quipu lafay both.quipu --reporter Peru --years 2011 --total
| Specialisation in the trade of Peru, by product
|
|                                                                                                                                                                                                                                             Contribution
|                                                                                                                                                                                                              Specialisation               to the balance
| Code    Product                                                                                                                                                          Year  Exports (US$)  Imports (US$)           (TSI)  Lafay index  (per thousand)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 260300  Copper ores and concentrates                                                                                                                                     2011            900              0           1.000       43.210          432.10
| 870323  Vehicles; spark-ignition internal combustion reciprocating piston engine, cylinder capacity exceeding 1500cc but not exceeding 3000cc                            2011             90            500          -0.695      -33.402         -334.02
| 852810  Television receivers; colour, whether or not combined, in the same housing, with radio broadcast receivers or sound or video recording or reproducing apparatus  2011              0            130          -1.000       -9.808          -98.08
| total   Total                                                                                                                                                            2011            990            630           0.222        0.000            0.00
|
| Note: Contribution: per thousand of exports and imports together, so ten times the Lafay index.
| Note: Totals are of all goods traded with the same partners; the index of Lafay and the contribution add up to zero.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0

# Latin America and Asia: three denominators
$ quipu intensity latin.quipu --reporter Peru,Chile --partner China,Japan,Korea --years 2000,2011
| Intensity of the exports of Peru and Chile to China, Japan and South Korea; denominator: the exports of all reporters of the cube
|
|                                                  Value              Partner's
| Code  Reporter  Code  Partner      Year  (million US$)  Share (%)  weight (%)  Intensity  Symmetric
| ───────────────────────────────────────────────────────────────────────────────────────────────────
| PER   Peru      CHN   China        2000          442.7       8.23        1.18       6.96      0.749
| PER   Peru      CHN   China        2011        6,972.6      20.57        9.66       2.13      0.361
| PER   Peru      JPN   Japan        2000          325.4       6.05        2.36       2.57      0.440
| PER   Peru      JPN   Japan        2011        2,174.7       6.42        2.92       2.19      0.374
| PER   Peru      KOR   South Korea  2000          137.6       2.56        0.77       3.33      0.538
| PER   Peru      KOR   South Korea  2011        1,696.1       5.00        1.64       3.05      0.506
| CHL   Chile     CHN   China        2000          901.8       5.41        1.18       4.57      0.641
| CHL   Chile     CHN   China        2011       18,628.7      24.60        9.66       2.55      0.436
| CHL   Chile     JPN   Japan        2000        2,545.4      15.26        2.36       6.48      0.733
| CHL   Chile     JPN   Japan        2011        9,113.1      12.04        2.92       4.12      0.609
| CHL   Chile     KOR   South Korea  2000          809.1       4.85        0.77       6.32      0.727
| CHL   Chile     KOR   South Korea  2011        4,444.3       5.87        1.64       3.57      0.563
|
| Note: Share: in the exports of the reporter to all partners. Partner's weight: its share in the exports of all reporters of the cube.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 402d128e8fb8d51b91ae9094985373df; engine: quipu 0.1.0
$ quipu intensity latin.quipu --reporter Peru --partner China --years 2011 --denominator rest --plain
|               Value              Partner's
| Year  (million US$)  Share (%)  weight (%)  Intensity  Symmetric
| ────────────────────────────────────────────────────────────────
| 2011        6,972.6      20.57        9.23       2.23      0.380
$ quipu intensity both.quipu --reporter Peru --denominator imports --years 2011
| Intensity of the exports of Peru, by partner; denominator: the imports of all but the reporter, as reported by those who import
|
|                                               Partner's
| Code  Partner  Year  Value (US$)  Share (%)  weight (%)  Intensity  Symmetric
| ─────────────────────────────────────────────────────────────────────────────
| CHN   China    2011          990     100.00      100.00       1.00      0.000
|
| Note: Share: in the exports of the reporter to all partners. Partner's weight: its share in the imports of all but the reporter, as reported by those who import.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0

# what fits, in whose books
$ quipu complementarity both.quipu --reporter Peru --years 2010,2011
| Complementarity of the exports of Peru, by partner, across products
|
|                                   Complementarity
| Code  Partner  Year  Value (US$)          (0-100)  Drysdale  Intensity  Bias
| ────────────────────────────────────────────────────────────────────────────
| CHN   China    2010          640             99.9     1.635       1.73  1.06
| CHN   China    2011          990            100.0     1.480       1.60  1.08
|
| Note: Compared are shares of products in all the reporter exports and in all the partner imports, as it reports them.
| Note: Intensity = Drysdale's complementarity x bias.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu complementarity latin.quipu --reporter Peru --partner China --demand exports --years 2011
| Complementarity of the exports of Peru to China, across products
|
|               Value  Complementarity
| Year  (million US$)          (0-100)  Drysdale  Intensity  Bias
| ───────────────────────────────────────────────────────────────
| 2011        6,972.6            100.0     1.000       2.13  2.13
|
| Note: The cube does not tell products apart: it has one, TOTAL.
| Note: Compared are shares of products in all the reporter exports and in all the partner imports, as all reporters of the cube export to it.
| Note: Intensity = Drysdale's complementarity x bias.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 402d128e8fb8d51b91ae9094985373df; engine: quipu 0.1.0
$ quipu complementarity products.quipu --reporter Peru
! ^quipu: the cube has no imports; it has: export$
= 2

# who buys from Peru what China buys
$ quipu similarity isic.quipu --reporter China --partner Peru --years 2011 --limit 4
| Similarity of the imports of China from Peru to those of others, across products
|
|                            Similarity                 Correlation of
| Code  Compared with  Year     (0-100)  Krugman index          ln RCA
| ────────────────────────────────────────────────────────────────────
| JPN   Japan          2011        69.8          0.605           0.532
| DEU   Germany        2011        66.6          0.669           0.269
| ESP   Spain          2011        59.8          0.803           0.210
| KOR   South Korea    2011        57.2          0.856           0.242
|
| Note: Similarity: the sum of the smaller of both shares of each of the products; Krugman's index is 2 (1 - similarity/100).
| Note: Correlation of ln(RCA + 0.1), where RCA compares with all reporters of the cube.
| Source: UN Comtrade through WITS (DTorres511/Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0
$ quipu similarity both.quipu --reporter Peru --with China --years 2011 --specialisation --plain
|                            Similarity                 Correlation of  Correlation of
| Code  Compared with  Year     (0-100)  Krugman index          ln RCA  specialisation
| ────────────────────────────────────────────────────────────────────────────────────
| CHN   China          2011         9.1          1.818          -0.914          -1.000

# markets served, of those that buy
$ quipu reach both.quipu --reporter Peru --by product --years 2011
| Market penetration of the exports of Peru, by product
|
|                                                                                                                                                                                                                Market
|                                                                                                                                                                                             Markets that  penetration
| Code    Product                                                                                                                                Year  Value (US$)  Products  Markets served           buy          (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 260300  Copper ores and concentrates                                                                                                           2011          900         1               1             1        100.0
| 870323  Vehicles; spark-ignition internal combustion reciprocating piston engine, cylinder capacity exceeding 1500cc but not exceeding 3000cc  2011           90         1               1             2         50.0
|
| Note: Markets are pairs of a product and a country; those that buy are of the products the reporter exports, where a country reports importing them.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu reach latin.quipu --reporter Peru,Bolivia --demand exports --years 2011 --plain
|                                                                                   Market
|                               Value                            Markets that  penetration
| Code  Reporter  Year  (million US$)  Products  Markets served           buy          (%)
| ────────────────────────────────────────────────────────────────────────────────────────
| PER   Peru      2011       33,895.6         1              90            97         92.8
| BOL   Bolivia   2011        8,303.8         1              66            97         68.0

# trade both ways
$ quipu intra-industry both.quipu --reporter Peru
| Intra-industry part of the trade of Peru across products
|
| Year  Exports (US$)  Imports (US$)  Grubel-Lloyd  Balance-adjusted  Aquino
| ──────────────────────────────────────────────────────────────────────────
| 2010            640            500         0.070             0.080   0.063
| 2011            990            630         0.111             0.143   0.091
|
| Note: Goods are matched across products, with all partners together.
| Note: Valuation: exports FOB, imports CIF.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu intra-industry peru.quipu --reporter Peru --by partner --years 2011 --limit 3
| Intra-industry part of the trade of Peru across products, by partner
|
|                                  Exports        Imports
| Code  Partner        Year  (million US$)  (million US$)  Grubel-Lloyd  Balance-adjusted  Aquino
| ───────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China          2011        6,972.6        6,364.8         0.954             1.000   1.000
| USA   United States  2011        5,419.1        7,429.5         0.844             1.000   1.000
| BRA   Brazil         2011        1,288.2        2,439.6         0.691             1.000   1.000
|
| Note: The cube does not tell products apart: it has one, TOTAL.
| Note: Goods are matched across products, with each partner apart.
| Note: Valuation: exports FOB, imports CIF.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 7caa3ea67ae9a9f917ce74559c94183a; engine: quipu 0.1.0
$ quipu marginal-iit both.quipu --reporter Peru
| Marginal intra-industry part of the trade of Peru across products
|
|                                                                         Unmatched
|                 Change of      Change of  Marginal IIT                 change (C)
| From    To  exports (US$)  imports (US$)           (A)  Direction (B)       (US$)
| ─────────────────────────────────────────────────────────────────────────────────
| 2010  2011            350            130         0.208          0.458         380
|
| Note: Goods are matched across products, with all partners together.
| Note: Valuation: exports FOB, imports CIF.
| Note: At current prices: see --deflator.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu two-way both.quipu --reporter Peru
| One-way and two-way parts of the trade of Peru
|
|                                                                       Vertical,    Vertical,  Two-way, no
|                                                        Two-way,  dearer exports      cheaper  unit values
| Year  Exports (US$)  Imports (US$)  One-way (%)  horizontal (%)             (%)  exports (%)          (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2010            640            500        100.0             0.0             0.0          0.0          0.0
| 2011            990            630         63.6             0.0             0.0         36.4          0.0
|
| Note: Shares are of exports and imports together. Horizontal: the unit value of exports over that of imports is from 0.870 to 1.150; unit values are per kilogram, of one product with one partner.
| Note: All trade of a product is two-way when the smaller flow is more than 10.0 % of the larger.
| Note: Goods are matched across partners and products, with each partner apart.
| Note: Valuation: exports FOB, imports CIF.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu two-way both.quipu --reporter Peru --count overlap --lower linear --range 0.25 --years 2011 --plain
|                                                                       Vertical,    Vertical,  Two-way, no
|                                                        Two-way,  dearer exports      cheaper  unit values
| Year  Exports (US$)  Imports (US$)  One-way (%)  horizontal (%)             (%)  exports (%)          (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2011            990            630         88.9            11.1             0.0          0.0          0.0

# did Peru's exports to Latin America and Asia grow with the market?
$ quipu cms latin.quipu --reporter Peru --partner China,Japan,Chile --years 2000-2011
| Constant market share analysis of the exports of Peru to China, Japan and Chile, commodities first, then markets
|
|               First value     Last value         Change   World growth    Commodities        Markets  Competitiveness
| From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)    (million US$)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2000  2011        1,030.0       11,095.4       10,065.4        6,924.7            0.0        3,940.0           -799.3
|
| Note: The cube does not tell products apart: it has one, TOTAL.
| Note: change = world growth + commodities + markets + competitiveness, exactly; order: commodities first, then markets.
| Note: World: the exports of all reporters of the cube to the same partners, in the same goods. Cells: a product in a partner country.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 402d128e8fb8d51b91ae9094985373df; engine: quipu 0.1.0
$ quipu cms latin.quipu --reporter Peru --by partner --limit 3 --rest --total --years 2000-2011 --order market-first --plain
|                                     First value     Last value         Change   World growth    Commodities        Markets  Competitiveness
| Code   Partner        From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)    (million US$)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN    China          2000  2011          442.7        6,972.6        6,530.0          767.1            0.0        8,668.8         -2,905.9
| USA    United States  2000  2011        1,776.3        5,419.1        3,642.8        3,078.2            0.0       -1,600.7          2,165.3
| JPN    Japan          2000  2011          325.4        2,174.7        1,849.3          563.8            0.0          214.6          1,070.9
| rest   All others     2000  2011        2,833.0       19,329.2       16,496.2        4,909.2            0.0        4,430.2          7,156.8
| total  Total          2000  2011        5,377.3       33,895.6       28,518.3        9,318.3            0.0       11,712.9          7,487.1
$ quipu share-change latin.quipu --reporter Peru,Chile,Brazil --years 2000-2011
| Change of the market share of the exports of Peru, Chile and Brazil; denominator: the exports of all reporters of the cube
|
|                             First share                              Performance
| Code  Reporter  From    To          (%)  Last share (%)  Change (%)          (%)  Structure (%)  Adaptation (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
| PER   Peru      2000  2011        1.645           3.795       2.150        1.134          1.311          -0.295
| CHL   Chile     2000  2011        5.104           8.477       3.373        0.533          3.604          -0.763
| BRA   Brazil    2000  2011       14.973          23.954       8.981        2.031          4.802           2.149
|
| Note: The cube does not tell products apart: it has one, TOTAL.
| Note: Changes are in percentage points of the world's total; change = performance + structure + adaptation.
| Note: World: the exports of all reporters of the cube to the same partners, in the same goods. Cells: a product in a partner country.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 402d128e8fb8d51b91ae9094985373df; engine: quipu 0.1.0

# what exports buy
$ quipu terms-of-trade both.quipu --reporter Peru
| Terms of trade: exports of Peru over imports, 2010 = 100
|
|                                                                                                     Coverage,    Coverage,
| Year  Export price  Import price  Net barter  Income  Gross barter  Export volume  Import volume  exports (%)  imports (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2010         100.0         100.0       100.0   100.0         100.0          100.0          100.0        100.0        100.0
| 2011         124.0         104.1       119.1   148.5          97.0          124.8          121.0        100.0        100.0
|
| Note: Unit values are value over the net weight, of the same reporter, partner and product; matched when within a factor of 5 and not from estimated quantities.
| Note: 2010 = 100; each year is compared with the base directly.
| Note: Net barter: price of exports over price of imports. Income: that times the volume of exports. Gross barter: volume of imports over volume of exports. Indices are of matched items.
| Note: Valuation: exports FOB, imports CIF.
| Source: invented; nomenclature: H0; valuation: exports FOB, imports CIF; cube: 85a0a6cc06b5e604503b9281a2a73cfe; engine: quipu 0.1.0
$ quipu price hs4.quipu --reporter Japan --partner Peru --sigma 3 --plain
|                                                                               Value at base
|               Value                                                   Volume         prices                                               Price with
| Year  (million US$)  Price (Fisher)  Laspeyres  Paasche  Törnqvist  (Fisher)  (million US$)  Coverage (%)  Matched items  Variety factor     variety
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1989          443.7           100.0      100.0    100.0      100.0     100.0          443.7          88.2            116          1.0000       100.0
| 1990          515.2            96.8       96.9     96.6       96.7     122.9          532.5          89.3             87          1.0002        96.8
$ quipu price both.quipu --reporter Peru --geks --plain
|                                                                                Value at base
| Year  Value (US$)  Price (GEKS)  Laspeyres  Paasche  Törnqvist  Volume (GEKS)   prices (US$)  Coverage (%)  Matched items
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2010          640         100.0          -        -          -          100.0            640         100.0              2
| 2011          990         124.0          -        -          -          124.8            798         100.0              2
$ quipu terms-of-trade both.quipu --reporter Peru --chain --geks
! ^quipu: \-\-chain and \-\-geks: one of them$
= 2

# words that do not fit
$ quipu concentration peru.quipu --reporter Peru --over reporter
! ^quipu: over "reporter": take product, partner or a class scheme$
= 2
$ quipu concentration peru.quipu --reporter Peru --over prodct
! ^quipu: by "prodct": take reporter, partner, product, flow, year or a class scheme \(technology, section, \.\.\.\); did you mean product\?$
= 2
$ quipu theil peru.quipu --reporter Peru --over partner --groups section
! ^quipu: groups are of products: \-\-over product$
= 2
$ quipu specialisation products.quipu --reporter Peru
! ^quipu: the cube has no imports; it has: export$
= 2

# the page on choosing an index shows what the program prints
$ ln -s $EXAMPLES/../../data data; awk '/^```$/{on=!on; next} on' $EXAMPLES/../../docs/indices.md > page; grep -E '^(\$ |      --)' page | sed 's/^\$ //; /import/s/$/ >log 2>\&1/' > run.sh; grep -vE '^(\$ |      --)' page > wanted; sh run.sh | diff wanted - && echo same
| same

# markets are one set
$ quipu reach both.quipu --reporter Peru --partner China,Japan --years 2011
! ^quipu: reach counts markets one by one, and takes one set of them: join the partners with \+
= 2
