# a small world: eight countries, ten products, thousands of dollars
$ awk 'BEGIN { print "Nomenclature,ReporterISO3,ProductCode,ReporterName,PartnerISO3,PartnerName,Year,TradeFlowName,TradeFlowCode,TradeValue in 1000 USD"; split("JPN DEU CHE KOR CHN BRA CHL ARG", c); split("7408 9018 8703 8471 8542 6403 1005 2603 0808 4703", p); split("900 800 900 500 700 0 0 0 0 0,500 500 500 300 300 300 60 0 0 400,600 700 20 90 300 30 0 0 10 0,30 100 700 500 900 200 0 0 0 0,0 10 30 700 400 900 100 20 60 0,0 0 300 10 0 700 800 300 100 900,0 0 0 0 0 10 100 900 700 600,0 0 60 0 0 20 900 100 500 30", r, ","); for (i = 1; i <= 8; i++) { split(r[i], v, " "); for (j = 1; j <= 10; j++) if (v[j] > 0) print "H1," c[i] "," p[j] "," c[i] ",WLD, World,1997,Export,6," v[j] } }' > w.csv; quipu import w.csv -o w.quipu 2>/dev/null

# who makes what few others can
$ quipu complexity w.quipu
| Economic complexity, from the exports of all countries of the cube
|
|                                               Exports
| Code  Reporter     Year  Rank     ECI  (thousand US$)  Diversity  Mean ubiquity     COI  Fitness  Log fitness  Reflections
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHE   Switzerland  1997     1   0.924         1,750.0          3            3.3   1.542    0.455        -0.79        0.924
| JPN   Japan        1997     2   0.900         3,800.0          5            3.4  -0.235    0.738        -0.30        0.900
| KOR   South Korea  1997     3   0.883         2,430.0          3            3.7   1.490    0.385        -0.95        0.883
| DEU   Germany      1997     4   0.588         2,860.0          5            3.2  -0.274    1.022         0.02        0.589
| CHN   China        1997     5   0.479         2,220.0          3            3.3   0.490    0.589        -0.53        0.479
| BRA   Brazil       1997     6  -0.945         3,110.0          4            2.3  -1.060    2.060         0.72       -0.945
| CHL   Chile        1997     7  -1.213         2,310.0          3            2.3  -0.988    1.647         0.50       -1.212
| ARG   Argentina    1997     8  -1.618         1,610.0          2            2.0  -0.965    1.103         0.10       -1.618
|
| Note: World: every reporter that is a country, and Other Asia; products: all.
| Note: 1997: 8 countries (0 left out as too small) in 10 products (0 left out); 28 of the 80 cells have an RCA of at least 1.
| Note: Convention py-ecomplexity, method eigenvector. ECI has mean 0 and standard deviation 1 over the countries of a year; PCI is on the same scale, so that the ECI of a country is the mean PCI of its products.
| Note: Fitness after 140 steps, when ranks had not moved for a hundred; that of countries with few products goes to 0.
| Source: UN Comtrade through WITS; nomenclature: H1; cube: 5e89fe430c67af532bd8cfefe5bd092a; engine: quipu 0.1.0

# products, on the same scale
$ quipu product-complexity w.quipu --plain
|                                                                                                                                                                                                                                Exports
| Code  Product                                                                                                                                                                                       Year  Rank     PCI  (thousand US$)  Ubiquity  Mean diversity
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 7408  Copper wire                                                                                                                                                                                   1997     1   0.927         2,030.0         3             4.3
| 9018  Instruments and appliances used in medical, surgical, dental or veterinary sciences, including scintigraphic apparatus, other electro-medical apparatus and sight testing instruments         1997     2   0.927         2,110.0         3             4.3
| 8542  Electronic integrated circuits and microassemblies                                                                                                                                            1997     3   0.918         2,600.0         4             3.5
| 8703  Motor cars and other motor vehicles; principally designed for the transport of persons (other than those of heading no. 8702), including station wagons and racing cars                       1997     4   0.911         2,510.0         3             4.3
| 8471  Automatic data processing machines and units thereof; magnetic or optical readers, machines for transcribing data onto data media in coded form and machines for processing such data n.e.s.  1997     5   0.819         2,100.0         4             4.0
| 6403  Footwear; with outer soles of rubber, plastics, leather or composition leather and uppers of leather                                                                                          1997     6  -0.299         2,160.0         2             3.5
| 4703  Chemical wood pulp, soda or sulphate, other than dissolving grades                                                                                                                            1997     7  -0.642         1,930.0         3             4.0
| 2603  Copper ores and concentrates                                                                                                                                                                  1997     8  -1.299         1,320.0         2             3.5
| 1005  Maize (corn)                                                                                                                                                                                  1997     9  -1.538         1,960.0         2             3.0
| 0808  Apples, pears and quinces; fresh                                                                                                                                                              1997    10  -1.697         1,370.0         2             2.5

# neighbours of one product
$ quipu proximity w.quipu --product 2603 --least 0 --plain
|                                                                                                                                                                  Countries with
| Code  Product                       Code  Other product                                                                                         Year  Proximity            both  Ubiquity  Of the other
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 2603  Copper ores and concentrates  4703  Chemical wood pulp, soda or sulphate, other than dissolving grades                                    1997      0.667               2         2             3
| 2603  Copper ores and concentrates  0808  Apples, pears and quinces; fresh                                                                      1997      0.500               1         2             2
| 2603  Copper ores and concentrates  1005  Maize (corn)                                                                                          1997      0.500               1         2             2
| 2603  Copper ores and concentrates  6403  Footwear; with outer soles of rubber, plastics, leather or composition leather and uppers of leather  1997      0.500               1         2             2

# what a country is near to and lacks
$ quipu density w.quipu --reporter Chile --only absent --plain
|                                                                                                                                                                                                                                                      Opportunity         Exports
| Code  Reporter  Code  Product                                                                                                                                                                                       Year  Density  Distance     PCI         gain  (thousand US$)   RCA  Present
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHL   Chile     1005  Maize (corn)                                                                                                                                                                                  1997   0.4706    0.5294  -1.538      -0.6648           100.0  0.44        0
| CHL   Chile     6403  Footwear; with outer soles of rubber, plastics, leather or composition leather and uppers of leather                                                                                          1997   0.2941    0.7059  -0.299      -0.3467            10.0  0.04        0
| CHL   Chile     8703  Motor cars and other motor vehicles; principally designed for the transport of persons (other than those of heading no. 8702), including station wagons and racing cars                       1997   0.0851    0.9149   0.911       0.7065             0.0  0.00        0
| CHL   Chile     7408  Copper wire                                                                                                                                                                                   1997   0.0833    0.9167   0.927       0.7298             0.0  0.00        0
| CHL   Chile     9018  Instruments and appliances used in medical, surgical, dental or veterinary sciences, including scintigraphic apparatus, other electro-medical apparatus and sight testing instruments         1997   0.0833    0.9167   0.927       0.7298             0.0  0.00        0
| CHL   Chile     8471  Automatic data processing machines and units thereof; magnetic or optical readers, machines for transcribing data onto data media in coded form and machines for processing such data n.e.s.  1997   0.0625    0.9375   0.819       0.6517             0.0  0.00        0
| CHL   Chile     8542  Electronic integrated circuits and microassemblies                                                                                                                                            1997   0.0000    1.0000   0.918       0.6151             0.0  0.00        0

# a filter is stated, and changes the world
$ quipu complexity w.quipu --min-exports 2e6 --min-product-trade 1.3e6 --limit 3
| Economic complexity, from the exports of all countries of the cube
|
|                                              Exports
| Code  Reporter     Year  Rank    ECI  (thousand US$)  Diversity  Mean ubiquity     COI  Fitness  Log fitness  Reflections
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| KOR   South Korea  1997     1  1.335         2,430.0          3            2.3  -1.358    1.351         0.30        1.299
| CHN   China        1997     2  0.936         2,040.0          3            2.3  -0.212    0.649        -0.43        0.718
| JPN   Japan        1997     3  0.531         3,800.0          4            2.3  -0.352    2.500         0.92        0.759
|
| Note: World: every reporter that is a country, and Other Asia; products: all; kept are countries that export at least 2 million US$, then products exported for at least 1.3 million US$.
| Note: 1997: 6 countries (2 left out as too small) in 7 products (3 left out); 16 of the 42 cells have an RCA of at least 1.
| Note: Convention py-ecomplexity, method eigenvector. ECI has mean 0 and standard deviation 1 over the countries of a year; PCI is on the same scale, so that the ECI of a country is the mean PCI of its products.
| Note: Fitness after 132 steps, when ranks had not moved for a hundred; that of countries with few products goes to 0.
| Source: UN Comtrade through WITS; nomenclature: H1; cube: 5e89fe430c67af532bd8cfefe5bd092a; engine: quipu 0.1.0

# other conventions
$ for c in economiccomplexity datawheel atlas; do quipu complexity w.quipu --convention $c --format csv --plain | cut -d, -f1,4,5 | head -3; done
| reporter,rank,eci
| BRA,1,1.8365460826815425
| CHL,2,0.9817133205925177
| reporter,rank,eci
| CHE,1,0.8645703298786307
| JPN,2,0.8423200745084899
| reporter,rank,eci
| CHE,1,0.9241787383292921
| JPN,2,0.9004474643290142

# the map, as links and as products
$ quipu product-space w.quipu --least 0.7 --format tsv --plain | cut -f1,3,5-8,12
| source	target	year	proximity	tree	source_x	source_class
| 0808	1005	1997	0.5	1	0.7567	Primary goods
| 0808	2603	1997	0.5	1	0.7567	Primary goods
| 1005	6403	1997	0.5	1	0.8793	Primary goods
| 2603	4703	1997	0.6666666666666666	1	0.6581	Natural resource-based manufactures
| 4703	7408	1997	0.3333333333333333	1	0.5933	Natural resource-based manufactures
| 7408	8703	1997	0.6666666666666666	1	0.5835	Primary goods
| 7408	9018	1997	1	1	0.5835	Primary goods
| 8471	8542	1997	0.75	1	0.177	High technology manufactures
| 8471	8703	1997	0.75	1	0.177	High technology manufactures
$ quipu product-space w.quipu --table products --reporter Chile --format csv --plain | grep -c ',1$'
| 3
$ quipu product-space w.quipu --reporter Chile --least 0.7 -o map.svg --chart network; grep -c '<path' map.svg; grep -o '<title>.*</title>' map.svg
| 36
| <title>The product space, from the exports of all countries of the cube</title>

# several years side by side: here the one there is
$ quipu complexity w.quipu --wide --limit 3 --plain
| Code  Reporter      1997
| ────────────────────────
| CHE   Switzerland  0.924
| JPN   Japan        0.900
| KOR   South Korea  0.883

# incomes of products
$ printf 'country,year,gdp\nJPN,1997,25000\nDEU,1997,24000\nChina,1997,2000\nBRA,1997,9000\nCHL,1997,11000\n' > gdp.csv; quipu prody w.quipu --income gdp.csv --plain --limit 3; quipu expy w.quipu --income gdp.csv --plain
|                                                                                                                                                                                                               PRODY  Exporters with         Exports
| Code  Product                                                                                                                                                                                Year  (as the incomes)          income  (thousand US$)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| 7408  Copper wire                                                                                                                                                                            1997            24,575               2         2,030.0
| 9018  Instruments and appliances used in medical, surgical, dental or veterinary sciences, including scintigraphic apparatus, other electro-medical apparatus and sight testing instruments  1997            24,286               3         2,110.0
| 8703  Motor cars and other motor vehicles; principally designed for the transport of persons (other than those of heading no. 8702), including station wagons and racing cars                1997            21,110               4         2,510.0
|                                      EXPY            Income         Exports  Exports with
| Code  Reporter     Year  (as the incomes)  (as the incomes)  (thousand US$)     PRODY (%)
| ─────────────────────────────────────────────────────────────────────────────────────────
| CHE   Switzerland  1997            21,897                 -         1,750.0         100.0
| JPN   Japan        1997            20,404            25,000         3,800.0         100.0
| DEU   Germany      1997            17,877            24,000         2,860.0         100.0
| KOR   South Korea  1997            16,288                 -         2,430.0         100.0
| BRA   Brazil       1997            11,131             9,000         3,110.0         100.0
| CHL   Chile        1997            10,902            11,000         2,310.0         100.0
| CHN   China        1997            10,686             2,000         2,220.0         100.0
| ARG   Argentina    1997            10,079                 -         1,610.0         100.0

# what goes wrong, and what to do
$ quipu expy w.quipu
! ^quipu: expy needs the incomes of the countries: \-\-income FILE, a CSV table with the columns country,year,gdp$
= 2
$ quipu complexity w.quipu --of Japan,Chile
! ^quipu: 1997: the countries fall into 2 groups that have no product with advantage in common: ECI is not unique; \-\-separate largest takes the largest group, \-\-method fitness all$
= 3
$ quipu complexity w.quipu --iterations 5
! ^quipu: iterations: an even number from 4 to 1000, so that the countries come out as a kind of diversity$
= 2
$ quipu complexity w.quipu --convention atlass
! ^quipu: convention "atlass": take one of py\-ecomplexity economiccomplexity datawheel atlas; did you mean atlas\?$
= 2
$ quipu complexity w.quipu --separate largest --of Japan,Germany,Chile --plain
|                                            Exports
| Code  Reporter  Year  Rank     ECI  (thousand US$)  Diversity  Mean ubiquity     COI  Fitness  Log fitness  Reflections
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| JPN   Japan     1997     1   0.997         3,800.0          5            1.8  -0.595    0.968        -0.03        0.997
| DEU   Germany   1997     2   0.370         2,860.0          7            1.9  -0.813    1.355         0.30        0.370
| CHL   Chile     1997     3  -1.367         2,310.0          4            1.5   1.409    0.677        -0.39       -1.367
