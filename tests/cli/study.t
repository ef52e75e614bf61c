# a study is built whole: page, workbook, papers, tables, figures
$ mkdir data examples && cp -r $EXAMPLES data/ && cp -r $EXAMPLES/../../examples/peru-asia examples/ && ln -s examples/peru-asia/peru-asia.yaml here.yaml && quipu study examples/peru-asia/peru-asia.yaml -o one
! ^one: [0-9]* tables, [0-9]* figures, [0-9]* files; manifest [0-9a-f]{16}$
! ^not calculated: Table 1\. .* \(no input "comtrade"\)$
! ^not calculated: Figure 2\. .* \(no input "comtrade"\)$
! ^[0-9]* printed figures: [0-9]* equal, [0-9]* near, [0-9]* differ, [0-9]* without a figure here$
! ^open one/index.html$
$ ls one one/cubes | grep -v '^$' | tr '\n' ' '
| one: CITATION.cff cubes datapackage.json differences.csv differences.csv-metadata.json figures index.html manifest.json study.md study.tex study.xlsx tables one/cubes: customs.quipu hs4.quipu isic.quipu latam.quipu peru.quipu weight.quipu

# the same bytes again, on one thread and on five, into another folder
$ quipu study examples/peru-asia/peru-asia.yaml -o two --threads 1 2>/dev/null; quipu study examples/peru-asia/peru-asia.yaml -o three --threads 5 2>/dev/null; diff -r one two && diff -r one three && echo same
| same

# the id of the manifest is its SHA-256, and stands in every output
$ id=$(sha256sum one/manifest.json | cut -c1-64); grep -l $id one/index.html one/study.tex one/study.md one/CITATION.cff one/datapackage.json one/figures/figure-1.svg one/tables/table-2.csv-metadata.json one/tables/table-2.json one/tables/table-2.tex | wc -l; unzip -p one/study.xlsx docProps/custom.xml | grep -c $id
| 9
| 1

# an earlier bundle is replaced, another folder is not
$ quipu study examples/peru-asia/peru-asia.yaml -o one 2>/dev/null && echo replaced; mkdir mine && touch mine/thesis.doc && quipu study examples/peru-asia/peru-asia.yaml -o mine; ls mine
| replaced
| thesis.doc
! ^quipu: the folder mine holds other things than an earlier bundle

# nothing is left beside it
$ ls -d one* mine* | tr '\n' ' '
| mine one

# the questions that made a table can be typed in the bundle
$ cd one && sed -n 's/.*<pre><code>\(quipu share .*years 1990-2011\)<.*/\1/p' index.html | head -1 > cmd; sh -c "$(cat cmd) --format csv --plain" | tail -1
| KOR,South Korea,2011,1696091332,0.1429674267865058

# every printed figure beside ours
$ quipu study check examples/peru-asia/peru-asia.yaml --format csv --plain 2>/dev/null > all.csv; echo $?; head -1 all.csv; grep 'Block 8' all.csv
| 0
| block,item,unit,printed,ours,difference,verdict,cause,why
| facts,"China National Petroleum Corporation in Block 8, looked through",percent,27,27,0,equal,,
| facts,"Pluspetrol Resources in Block 8, looked through",percent,33,33,0,equal,,
| facts,Korean companies in Block 8,percent,39.9,39.900000000000006,7.105427357601002e-15,equal,,
| facts,Not disclosed in Block 8,percent,0.1,0.1,0,equal,,

# the three hypotheses have a verdict
$ grep -h '^Note: \(Supported\|Rejected\|Not\)' one/tables/gold.md one/tables/growth-rule.md one/tables/zero-base.md
| Note: Supported: over 5 cells the claimed variant is 3.568 from print on average, the next 6.551. Claim: the printed shares of Table 3 count gold as a primary good.
| Note: Supported: over 12 cells the claimed variant is 2.252 from print on average, the next 4.224. Claim: the rates are compound rates over five intervals.
| Note: Supported: over 2 cells the claimed variant is a factor of 416.5 from print on average, the next a factor of 4.165e+05. Claim: 878.1 and 1471.8 per cent are compound rates over a zero of 1995 that was replaced by one US\$.

# a cube of Peru's own reports fills Table 1, and the cells of Table 4 whose base is zero, without a change of the study: made rows
$ (echo year,flow,reporter,partner,product,value; awk -F, '!/^#/ && $1 != "flow" {print "2011," $1 ",PER,CHN," $2 "," $5}' examples/peru-asia/printed/table1.csv; for y in 1995 1997 2000 2005 2008 2010; do for p in CHN JPN KOR; do echo $y,export,PER,$p,260300,$((y * 1000)); done; done; echo 2011,export,PER,KOR,520100,1000; echo 2011,export,PER,JPN,520100,1000; echo 2000,export,PER,CHN,847120,89519; echo 2000,export,PER,JPN,847120,959371) > made.csv; quipu import made.csv --map year=year,flow=flow,reporter=reporter,partner=partner,product=product,value=value,nomenclature:H0 -o comtrade.quipu 2>/dev/null; quipu study examples/peru-asia/peru-asia.yaml -o four --input comtrade=comtrade.quipu 2>&1 | grep 'calculated'
| not calculated: Figure 2. Import penetration by China (no input "production")
$ cut -d, -f1,2,4-7 four/tables/table-1.csv | head -4; grep '^table-1' four/differences.csv | cut -d, -f1-9 | head -3
| flow,product,year,rank,value,share
| export,260300,2011,1,2417569333,0.4162702229936044
| export,230120, meals and pellets; of fish or of crustaceans, molluscs or other aquatic invertebrates",2011,2
| export,260111,2011,3,1000887459,0.17233824075374804
| table-1,"export, 260300",US$,2417569333,2417569333,0,equal,
| table-1,"export, 230120",US$,1042228645,1042228645,0,equal,
| table-1,"export, 260111",US$,1000887459,1000887459,0,equal,
$ grep '^table-4.*1995, 2000, HTM' four/differences.csv | head -2
| table-4,"China, 1995, 2000, HTM",percent,878.1,878.0995169543859,-0.00048304561414624914,equal,,
| table-4,"Japan, 1995, 2000, HTM",percent,1471.8,1471.800118874605,0.00011887460505022318,equal,,

# what a study may say, for an editor
$ quipu study --schema | python3 -c 'import json,sys; d=json.load(sys.stdin); print(sorted(d["required"]))'
| ['inputs', 'quipu', 'sections', 'study', 'title']

# another country begins with a file that works
$ quipu study --new CHL --partners China,Japan,Korea --trade one/cubes/latam.quipu -o chile.yaml && quipu study chile.yaml -o chile 2>/dev/null && grep -c '<figure' chile/index.html
| 4
$ quipu study --new Perru
! ean Peru
= 2

# an input that is not there
$ quipu study examples/peru-asia/peru-asia.yaml --input peru=nothing.csv -o five
! the input `peru`: there is no nothing.csv
= 3
$ quipu study examples/peru-asia/peru-asia.yaml --input pery=nothing.csv -o five
! the study has no input "pery"; did you mean peru\?
= 2
$ quipu study nothing.yaml
! nothing.yaml
= 4

# the reference of the keys is that of the reader, and the example of its page works
$ sed '1,/^<!-- From here on/d' $EXAMPLES/../../docs/study.md | sed 1d > printed; quipu study --schema --format markdown | cmp - printed && echo same
| same
$ sed -n '/^```yaml/,/^```$/p' $EXAMPLES/../../docs/study.md | grep -v '```' > small.yaml; mkdir -p data; ln -sf $EXAMPLES data/ 2>/dev/null; quipu study small.yaml -o small 2>/dev/null; grep '^In 2011' small/study.md
| In 2011 Peru sold China goods worth **6,972.6 million US\$**, which is 20 times as much as in 1995.

# --watch builds again when a file changes
$ cp small.yaml watched.yaml; quipu study watched.yaml -o watched --watch 2>log & pid=$!; for i in $(seq 200); do grep -q '^watching' log && break; sleep 0.1; done; sed -i 's/^title: .*/title: Changed/' watched.yaml; for i in $(seq 200); do grep -q '^# Changed' watched/study.md 2>/dev/null && break; sleep 0.1; done; kill -INT $pid; wait $pid; head -1 watched/study.md
| # Changed

# what a killed build left behind goes with the next one
$ quipu study examples/peru-asia/peru-asia.yaml -o killed 2>/dev/null & pid=$!; for i in $(seq 500); do ls -d killed.quipu-* >/dev/null 2>&1 && break; sleep 0.01; done; kill -9 $pid; wait $pid 2>/dev/null; ls -d killed* | sed 's/[0-9].*/N/'; quipu study small.yaml -o killed 2>/dev/null; ls -d killed*
| killed.quipu-N
| killed
!*

# the words of a study in Spanish
$ sed 's/^title: .*/title: Perú y China\nlanguage: es/' small.yaml > es.yaml; quipu study es.yaml -o es 2>/dev/null; grep -c 'Contenido' es/index.html; grep '^In 2011' es/study.md
| 1
| In 2011 Peru sold China goods worth **6.972,6 millones de US\$**, which is 20 veces as much as in 1995.
