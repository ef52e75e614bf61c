# the cubes of these cases: ten countries' imports from Peru with weights, and Peru's exports by
# partner with weights
$ quipu import $EXAMPLES/imports-from-peru-hs4.csv -o hs4.quipu 2>/dev/null; quipu import $EXAMPLES/peru-customs-weight.csv -o weight.quipu 2>/dev/null

# the change of a year, by product: coffee fell, copper too, zinc ore rose
$ quipu decompose hs4.quipu --reporter Japan --partner Peru --by product --limit 8 --rest --total --plain
|                                                                                                                                                First value     Last value         Change          Price         Volume            New           Lost      Unmatched
| Code   Product                                                                                                                   From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  Coverage (%)
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2608   Zinc ores and concentrates                                                                                                1989  1990           59.2           90.1           31.0            3.0           28.0            0.0            0.0            0.0         100.0
| 7403   Copper; refined and copper alloys, unwrought                                                                              1989  1990           68.2           78.9           10.7           -6.9           17.6            0.0            0.0            0.0         100.0
| 2603   Copper ores and concentrates                                                                                              1989  1990           35.8           61.2           25.4           -0.9           26.4            0.0            0.0            0.0         100.0
| 7402   Copper; unrefined, copper anodes for electrolytic refining                                                                1989  1990           54.8           60.1            5.3           -3.9            9.2            0.0            0.0            0.0         100.0
| 7106   Silver (including silver plated with gold or platinum); unwrought or in semi-manufactured forms, or in powder form        1989  1990           52.1           47.1           -5.0            0.0            0.0            0.0            0.0           -5.0           0.0
| 2607   Lead ores and concentrates                                                                                                1989  1990           21.2           32.9           11.7            2.4            9.3            0.0            0.0            0.0         100.0
| 7901   Zinc; unwrought                                                                                                           1989  1990           24.2           27.4            3.2           -0.5            3.7            0.0            0.0            0.0         100.0
| 0901   Coffee, whether or not roasted or decaffeinated; husks and skins; coffee substitutes containing coffee in any proportion  1989  1990           30.1           24.1           -6.0          -11.5            5.5            0.0            0.0            0.0         100.0
| rest   All others                                                                                                                1989  1990           98.2           93.3           -4.9            4.2          -11.5            0.3           -0.5            2.6          98.0
| total  Total                                                                                                                     1989  1990          443.7          515.2           71.6          -14.2           88.3            0.3           -0.5           -2.4          89.3

# the parts add up to the thousandth
$ quipu decompose hs4.quipu --reporter Germany --partner Peru --format csv --plain
| from,to,value_from,value_to,change,price,volume,new,lost,unmatched,coverage
| 1989,1990,335100664.84,248140668.11,-86959996.73,-44337721.103,-43280029.357,2123310.58,-1552125.74,86568.89,0.9919781424846289

# what the partners say of Peru; Chile and Mexico did not report 1989
$ quipu decompose hs4.quipu --reporter Peru --basis mirror --by partner --total
| Price and volume in the change of the exports of Peru, by partner
|
|                                   First value     Last value         Change          Price         Volume            New           Lost      Unmatched
| Code   Partner      From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  Coverage (%)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| JPN    Japan        1989  1990          443.7          515.2           71.6          -14.2           88.3            0.3           -0.5           -2.4          89.3
| DEU    Germany      1989  1990          335.1          248.1          -87.0          -44.3          -43.3            2.1           -1.6            0.1          99.2
| BRA    Brazil       1989  1990          160.0          131.4          -28.6          -14.8            9.7            8.0           -1.7          -29.8          76.7
| CAN    Canada       1989  1990           68.4           95.1           26.6          -12.7           44.0            6.6          -11.6            0.3          87.5
| KOR    South Korea  1989  1990           78.6           78.0           -0.6           -1.0            0.1            0.8           -0.4            0.0          99.2
| MEX    Mexico       1989  1990            0.0           53.9           53.9            0.0            0.0            0.0            0.0           53.9           0.0
| CHL    Chile        1989  1990            0.0           47.6           47.6            0.0            0.0            0.0            0.0           47.6           0.0
| IND    India        1989  1990           11.0           13.4            2.4           -1.5            3.7            0.4           -0.3            0.0          97.0
| NZL    New Zealand  1989  1990            1.3            1.8            0.5           -0.1            0.4            0.1            0.0            0.2          15.8
| PRY    Paraguay     1989  1990            0.2            0.5            0.3            0.0            0.0            0.4           -0.1            0.0          30.9
| total  Total        1989  1990        1,098.4        1,185.2           86.8          -88.6          102.9           18.8          -16.2           69.9          86.7
|
| Note: Unit values are value over the net weight, of the same reporter, partner and product; matched when within a factor of 5 and not from estimated quantities.
| Note: Of the value compared: 86.7 % matched, 0.8 % new, 0.7 % lost, 7.2 % without a quantity, 0.1 % unit values too far apart, 4.4 % in years not reported or outside the selection.
| Note: change = price + volume + new + lost + unmatched, exactly. Coverage is the matched part of the value of both years.
| Note: As the partners reported it (mirror).
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: bbe037e661b88375fcba48630295fee4; engine: quipu 0.1.0

# logarithmic means
$ quipu decompose hs4.quipu --reporter Japan --partner Peru --product 0901,7403 --by product --method log --plain --format csv
| product,product_name,from,to,value_from,value_to,change,price,volume,new,lost,unmatched,coverage
| 7403,"Copper; refined and copper alloys, unwrought",1989,1990,68171992.19,78874843.75,10702851.56,-6896164.873,17599016.433,0,0,0,1
| 0901,"Coffee, whether or not roasted or decaffeinated; husks and skins; coffee substitutes containing coffee in any proportion",1989,1990,30134808.59,24145736.33,-5989072.26,-11395365.922,5406293.662,0,0,0,1

# an option wider, an option narrower
$ for r in 1 1.5 5 1000; do quipu decompose hs4.quipu --reporter Brazil --partner Peru --ratio $r --plain --format csv | tail -1 | cut -d, -f6,10,11; done
| 0,-34911231.17,0
| -2300914.66,-29366899.37,0.5746280343443207
| -14802130.815,-29828857.61,0.7673333327095204
| -14589191.137,-29756948.87,0.7677430527323428

# the same with no quantities: nothing is matched, and the note says why
$ quipu decompose hs4.quipu --reporter Japan --partner Peru --quantity units
| Price and volume in the change of the imports of Japan from Peru
|
|               First value     Last value         Change          Price         Volume            New           Lost      Unmatched
| From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  Coverage (%)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1989  1990          443.7          515.2           71.6            0.0            0.0            0.3           -0.5           71.8           0.0
|
| Note: Unit values are value over the quantity, of the same reporter, partner and product; matched when within a factor of 5 and not from estimated quantities.
| Note: Of the value compared: 0.0 % new, 0.0 % lost, 99.9 % without a quantity.
| Note: change = price + volume + new + lost + unmatched, exactly. Coverage is the matched part of the value of both years.
| Source: UN Comtrade (R package zerotradeflow); release: 1989-1990, HS four digits; nomenclature: H0; valuation: as the importers report it; cube: bbe037e661b88375fcba48630295fee4; engine: quipu 0.1.0

# values follow prices: what one kilogram of Peru's exports was worth, and how many there were
$ quipu price weight.quipu --reporter Peru --partner China,Japan --years 2000-2011 --chain
| Price and volume of the exports of Peru to China and Japan, 2000 = 100
|
|                                                                                              Value at base
|                              Value                                                   Volume         prices
| Code  Partner  Year  (million US$)  Price (Fisher)  Laspeyres  Paasche  Törnqvist  (Fisher)  (million US$)  Coverage (%)  Matched items
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China    2000          444.6           100.0      100.0    100.0      100.0     100.0          444.6         100.0              1
| CHN   China    2001          425.0            79.7       79.7     79.7       79.7     119.9          533.0         100.0              1
| CHN   China    2002          597.6            91.0       91.0     91.0       91.0     147.7          656.8         100.0              1
| CHN   China    2003          676.2            86.0       86.0     86.0       86.0     176.8          786.2         100.0              1
| CHN   China    2004        1,244.6           116.1      116.1    116.1      116.1     241.2        1,072.3         100.0              1
| CHN   China    2005        1,870.6           167.9      167.9    167.9      167.9     250.6        1,114.1         100.0              1
| CHN   China    2006        2,260.6           206.8      206.8    206.8      206.8     245.9        1,093.0         100.0              1
| CHN   China    2007        3,040.3           246.5      246.5    246.5      246.5     277.4        1,233.2         100.0              1
| CHN   China    2008        3,567.2           257.7      257.7    257.7      257.7     311.3        1,384.1         100.0              1
| CHN   China    2009        4,078.8           232.4      232.4    232.4      232.4     394.8        1,755.1         100.0              1
| CHN   China    2010        5,436.2           283.1      283.1    283.1      283.1     431.9        1,919.9         100.0              1
| CHN   China    2011        6,956.4           317.2      317.2    317.2      317.2     493.3        2,192.9         100.0              1
| JPN   Japan    2000          326.0           100.0      100.0    100.0      100.0     100.0          326.0         100.0              1
| JPN   Japan    2001          380.4           104.1      104.1    104.1      104.1     112.1          365.4         100.0              1
| JPN   Japan    2002          374.3           108.3      108.3    108.3      108.3     106.0          345.5         100.0              1
| JPN   Japan    2003          389.6           114.2      114.2    114.2      114.2     104.7          341.3         100.0              1
| JPN   Japan    2004          554.1           194.4      194.4    194.4      194.4      87.4          285.0         100.0              1
| JPN   Japan    2005          605.7           212.8      212.8    212.8      212.8      87.3          284.7         100.0              1
| JPN   Japan    2006        1,228.4           282.3      282.3    282.3      282.3     133.5          435.1         100.0              1
| JPN   Japan    2007        2,180.6           399.7      399.7    399.7      399.7     167.4          545.6         100.0              1
| JPN   Japan    2008        1,778.7           336.9      336.9    336.9      336.9     162.0          528.0         100.0              1
| JPN   Japan    2009        1,377.0           292.6      292.6    292.6      292.6     144.4          470.5         100.0              1
| JPN   Japan    2010        1,792.3           470.1      470.1    470.1      470.1     117.0          381.3         100.0              1
| JPN   Japan    2011        2,174.6           535.2      535.2    535.2      535.2     124.6          406.3         100.0              1
|
| Note: Unit values are value over the net weight, of the same reporter, partner and product; matched when within a factor of 5 and not from estimated quantities.
| Note: 2000 = 100; a chain of the years asked for: each link compares neighbouring years. Coverage and matched items are the lowest of the links.
| Note: Price and volume are of the matched items; coverage is their part of the value of both years. Value at base prices is all of the value over the Fisher index of price.
| Note: Of the value compared: 100.0 % matched.
| Source: SUNAT (DTorres511/Informalidad); release: 2021, with gold; nomenclature: TOTAL; valuation: exports FOB; cube: db9e9e4a025568852e80b7dbf37b146e; engine: quipu 0.1.0

# directly, 2000 to 2011, Japan cannot be compared: its unit value rose more than fivefold
$ quipu price weight.quipu --reporter Peru --partner China,Japan,Korea,USA --years 2000,2011 --plain
|                                                                                                    Value at base
|                                    Value                                                   Volume         prices
| Code  Partner        Year  (million US$)  Price (Fisher)  Laspeyres  Paasche  Törnqvist  (Fisher)  (million US$)  Coverage (%)  Matched items
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China          2000          444.6           100.0      100.0    100.0      100.0     100.0          444.6         100.0              1
| CHN   China          2011        6,956.4           317.2      317.2    317.2      317.2     493.3        2,192.9         100.0              1
| JPN   Japan          2000          326.0           100.0      100.0    100.0      100.0     100.0          326.0         100.0              1
| JPN   Japan          2011        2,174.6               -          -        -          -         -              -           0.0              0
| KOR   South Korea    2000          137.6           100.0      100.0    100.0      100.0     100.0          137.6         100.0              1
| KOR   South Korea    2011        1,696.1               -          -        -          -         -              -           0.0              0
| USA   United States  2000        1,905.4           100.0      100.0    100.0      100.0     100.0        1,905.4         100.0              1
| USA   United States  2011        6,025.1           153.5      153.5    153.5      153.5     206.1        3,926.3         100.0              1

$ quipu decompose weight.quipu --reporter Peru --partner China --years 1993,2000,2011 --plain
|               First value     Last value         Change          Price         Volume            New           Lost      Unmatched
| From    To  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  (million US$)  Coverage (%)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1993  2000          140.8          444.6          303.7          243.5           60.2            0.0            0.0            0.0         100.0
| 2000  2011          444.6        6,956.4        6,511.9        2,864.7        3,647.2            0.0            0.0            0.0         100.0

# indices by class, the base in the later year
$ quipu price hs4.quipu --reporter Germany --partner Peru --by section --base 1990 --years 1989 --plain --format csv | head -8
| class,class_name,year,value,fisher,laspeyres,paasche,tornqvist,volume,real_value,coverage,matched
| I,Live animals; animal products,1989,2565352.39,110.20711525327607,108.51605342473694,111.92452977358467,110.39255555536293,63.6857067019407,2327755.684,0.9583497176651683,5
| II,Vegetable products,1989,17388294.03,130.57382553260246,131.26688930304775,129.88442100473125,130.6009276887827,70.26126842539232,13316829.739,0.9968421522830249,19
| III,"Animal or vegetable fats, oils and waxes",1989,21673737.31,95.55806212149182,95.55806212149182,95.5580621214918,95.55806212149169,693.2021245634459,22681223.153,0.992959707111262,1
| IV,"Prepared foodstuffs, beverages and tobacco",1989,107296761.6,113.21933005023558,113.15764205645398,113.28105167328437,113.19345644515195,99.74644447486693,94768942.328,0.9999954914181856,6
| V,Mineral products,1989,100526196.49,160.06042053771708,137.22260421279958,186.69911105156805,159.86846468238596,191.49501517807374,62805155.798,0.9889722862801338,6
| VI,Products of the chemical or allied industries,1989,1834992.42,101.3741676905056,100.78275468891778,101.96905121975985,101.3290309686926,118.8738176957408,1810118.358,0.9432380907716194,6
| VII,Plastics and rubber,1989,32996.82,,,,,,,0,0

# a column for each year
$ quipu price weight.quipu --reporter Peru --partner China,USA --years 2000-2005 --chain --wide --plain
| Code  Partner         2000  2001  2002  2003   2004   2005
| ──────────────────────────────────────────────────────────
| CHN   China          100.0  79.7  91.0  86.0  116.1  167.9
| USA   United States  100.0  65.6  65.6  84.8  143.3  130.6

# wrong use
$ quipu price weight.quipu --reporter Peru --ratio 0.2
! ^quipu: ratio: a factor from 1 to 1000000$
= 2
$ quipu price weight.quipu --reporter Peru --base 1980
! ^quipu: the cube has no 1980 to be the base$
= 2
$ quipu decompose weight.quipu --reporter Peru --method benet
! ^quipu: method "benet": take one of bennet log; did you mean bennet\?$
= 2
$ quipu decompose weight.quipu --reporter Peru --years 2000
! ^quipu: years: growth is from one year to a later one; write 1995\-2011, or 1995,2000,2005 for two stretches$
= 2

# penetration, with an invented country: output, exports, imports in US$
$ printf '%s\n' '#quipu 1' '#source An invented country' '#nomenclature H0' '#frequency A' 'period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags' 2005,export,604,842,620342,5,,,, 2005,import,604,156,620342,5,,,, 2005,import,604,076,620342,10,,,, 2007,export,604,842,620342,10,,,, 2007,export,604,842,260300,90,,,, 2007,import,604,156,620342,20,,,, 2007,import,604,076,620342,20,,,, 2007,import,604,156,847120,60,,,, >trade.csv; printf '%s\n' '#quipu output 1' '#source An invented office' 'country,year,sector,output' PER,2005,18,70 PER,2007,18,70 PER,2007,1320,60 >output.csv; quipu import trade.csv -o small.quipu 2>/dev/null
$ quipu penetration small.quipu --production output.csv --partner China,Brazil --years 2007
| Imports from China and Brazil in the apparent consumption of Peru, by sector
|
|                                                                                                                                                      Apparent  Imports from               All imports in                Output in                Trade divided
|                                                                                                                                                   consumption   the partner  Penetration     consumption  Exports in  consumption  Share of all  among sectors
| Code  Partner  Code          Class                                                              Year  Output (US$)  Exports (US$)  Imports (US$)        (US$)         (US$)          (%)             (%)  output (%)          (%)   imports (%)            (%)  Flag
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHN   China    1320          Mining of non-ferrous metal ores, except uranium and thorium ores  2007            60             90              0          -30             0            -               -       150.0            -           0.0            0.0  negative consumption
| CHN   China    18            Wearing apparel; dressing and dyeing of fur                        2007            70             10             40          100            20         20.0            40.0        14.3         70.0          40.0            0.0  -
| CHN   China    unclassified  In no sector of the output table                                   2007             -              0             60            -            60            -               -           -            -          60.0              -  no sector
| BRA   Brazil   1320          Mining of non-ferrous metal ores, except uranium and thorium ores  2007            60             90              0          -30             0            -               -       150.0            -           0.0            0.0  negative consumption
| BRA   Brazil   18            Wearing apparel; dressing and dyeing of fur                        2007            70             10             40          100            20         20.0            40.0        14.3         70.0          40.0            0.0  -
| BRA   Brazil   unclassified  In no sector of the output table                                   2007             -              0             60            -             0            -               -           -            -          60.0              -  no sector
|
| Note: Apparent consumption is output + imports - exports, all partners together. Output is at basic prices, imports as the source values them.
| Note: Consumption is negative in 2 rows: exports hold goods the output table does not, such as re-exports or sales from stock, or the two are classified apart. It is shown as it is, without shares of it.
| Note: The row "unclassified" is trade in products of no sector of the output table.
| Note: Classes: sectors of the output table, by ISIC Rev. 3.
| Source: output: An invented office, output.csv (XXH3 b744a322b83d93b9); An invented country; nomenclature: H0; cube: 1749bbdbbc537d0f876752e7f3c1be8f; engine: quipu 0.1.0
$ quipu penetration small.quipu --production output.csv --partner China --format csv --plain
| class,class_name,year,output,exports,imports,consumption,imports_from,penetration,dependence,orientation,self_sufficiency,share_of_imports,divided,flag
| 1320,"Mining of non-ferrous metal ores, except uranium and thorium ores",2005,,0,0,,0,,,,,0,,no output
| 1320,"Mining of non-ferrous metal ores, except uranium and thorium ores",2007,60,90,0,-30,0,,,1.5,,0,0,negative consumption
| 18,Wearing apparel; dressing and dyeing of fur,2005,70,5,15,80,5,0.0625,0.1875,0.07142857142857142,0.875,1,0,
| 18,Wearing apparel; dressing and dyeing of fur,2007,70,10,40,100,20,0.2,0.4,0.14285714285714285,0.7,0.4,0,
| unclassified,In no sector of the output table,2005,,0,0,,0,,,,,0,,no sector
| unclassified,In no sector of the output table,2007,,0,60,,60,,,,,0.6,,no sector
$ quipu penetration small.quipu --production output.csv --partner China --form shock --plain
|                                                                                        Consumption in
|                                                                                         the base year      Change of
| Code          Class                                                              Year           (US$)  imports (US$)  Shock (%)  Flag
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 1320          Mining of non-ferrous metal ores, except uranium and thorium ores  2005               -              0          -  no output
| 1320          Mining of non-ferrous metal ores, except uranium and thorium ores  2007               -              0          -  no output
| 18            Wearing apparel; dressing and dyeing of fur                        2005              80              0        0.0  -
| 18            Wearing apparel; dressing and dyeing of fur                        2007              80             15       18.8  -
| unclassified  In no sector of the output table                                   2005               -              0          -  no sector
| unclassified  In no sector of the output table                                   2007               -             60          -  no sector

# gas (2711) is of two sectors: two of its seven codes are mined, five refined
$ printf '%s\n' '#quipu 1' '#nomenclature H0' '#frequency A' 'period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags' 2007,export,604,842,2711,70,,,, 2007,export,604,842,2603,5,,,, 2007,import,604,156,2710,30,,,, >gas.csv; printf '%s\n' '#quipu output 1' '#unit 1000 PEN' 'country,year,sector,output,rate' PER,2007,11,0.3128,3.128 PER,2007,23,0.9384,3.128 >soles.csv; quipu import gas.csv -o gas.quipu 2>/dev/null; quipu penetration gas.quipu --production soles.csv --plain
|                                                                                                                       Apparent  Imports from               All imports in                Output in                Trade divided
|                                                                                                                    consumption   the partner  Penetration     consumption  Exports in  consumption  Share of all  among sectors
| Code          Class                                              Year  Output (US$)  Exports (US$)  Imports (US$)        (US$)         (US$)          (%)             (%)  output (%)          (%)   imports (%)            (%)  Flag
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 11            Extraction of crude petroleum and natural gas      2007           100             20              0           80             0          0.0             0.0        20.0        125.0           0.0          100.0  -
| 23            Coke, refined petroleum products and nuclear fuel  2007           300             50             30          280            30         10.7            10.7        16.7        107.1         100.0           62.5  -
| unclassified  In no sector of the output table                   2007             -              5              0            -             0            -               -           -            -           0.0              -  no sector

# wrong use of it
$ quipu penetration small.quipu
! ^quipu: penetration needs the output of the sectors: \-\-production FILE, a table that begins with "\#quipu output 1" and has the columns country,year,sector,output$
= 2
$ quipu penetration small.quipu --production nowhere.csv
! ^quipu: nowhere\.csv: cannot open nowhere\.csv: No such file or directory$
= 4
$ quipu penetration small.quipu --production output.csv --reporter Mercosur
! ^quipu: reporter "Mercosur": output is of single countries; list them with commas$
= 2
$ quipu penetration hs4.quipu --production output.csv
! ^quipu: the cube has no exports; it has: import$
= 2
