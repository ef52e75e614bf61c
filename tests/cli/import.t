# a table of our own becomes a cube; nothing goes to standard output
$ quipu import $EXAMPLES/peru-partners.csv -o peru.quipu
! ^10 823 rows read = 10 823 accepted \+ 0 set aside \+ 0 rejected  \(read as wide\)$
! ^peru.quipu: .* MB from 0.11 MB$

# the ledger stays in the cube
$ quipu info peru.quipu --ledger --format csv | grep '^accepted'
| accepted,leaves of the cube,10823,933629013789,

# two tables, trade and tariffs, make one cube
$ quipu import $EXAMPLES/imports-from-peru-isic.csv $EXAMPLES/tariffs-on-peru-isic.csv -o isic.quipu
! 36 492 rows read = 36 492 accepted

# the number of threads changes nothing
$ quipu import $EXAMPLES/peru-partners.csv -o one.quipu --threads 1 2>&1 | tail -1 | cut -d: -f1; QUIPU_THREADS=7 quipu import $EXAMPLES/peru-partners.csv -o seven.quipu 2>/dev/null; cmp one.quipu seven.quipu && cmp one.quipu peru.quipu && echo same
| one.quipu
| same

# dump and import give the very same cube
$ quipu dump isic.quipu -o isic.csv && quipu import isic.csv -o again.quipu 2>/dev/null && cmp isic.quipu again.quipu && echo same
| same

# from standard input as well
$ quipu dump peru.quipu | quipu import - -o again.quipu 2>/dev/null && cmp peru.quipu again.quipu && echo same
| same

# compressed as well
$ gzip -c $EXAMPLES/peru-customs.csv > customs.csv.gz && quipu import customs.csv.gz -o zipped.quipu 2>/dev/null; quipu import $EXAMPLES/peru-customs.csv -o plain.quipu 2>/dev/null; quipu dump zipped.quipu | grep -v '^#' > a; quipu dump plain.quipu | grep -v '^#' > b; cmp a b && echo same
| same

# the beginning of a dump
$ quipu dump peru.quipu | grep -v '^#input' | sed -n '1,13p' | cut -c1-60
| #quipu 1
| #source UN Comtrade through WITS (pandringa/world-trade)
| #release about 2018, without gold
| #nomenclature TOTAL
| #valuation exports FOB, imports CIF
| #frequency A
| #profile wide
| #title Total trade of Peru by partner
| #engine quipu 0.1.0
| #report read		10823
| #report accepted	leaves of the cube	10823	933629013789
| #report note	trade of a country with itself, kept	2	0	604 in
| period,flow,reporter,partner,product,value,weight_kg,quantit

# tariffs come after the trade
$ quipu dump isic.quipu | sed -n '/^#table/,$p' | head -3
| #table tariffs
| tariff_year,trade_year,reporter,partner,product,duty,simple_average,weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,international_peaks,binding_coverage,value
| 2000,2000,156,604,0111,AHS,41.25,89.96,25.14,0,90,10,1,6,,1323041

# what a cube is, in short
$ quipu peru.quipu | sed -n '1,3s/: [0-9.]* MB/: N MB/p'
| peru.quipu: N MB; countries and areas: 249; products: 1; tariffs: 0

# for programs
$ quipu info peru.quipu --format csv | tail -2
| 2016,export,1,168,168,29609421280,
| 2016,import,1,200,200,36184563186,

# a malformed row ends the import and leaves no cube
$ printf '#quipu wide 1\n#nomenclature TOTAL\nflow,reporter,partner,2011\nexport,PER,CHN,12x\n' > bad.csv; quipu import bad.csv -o bad.quipu; code=$?; ls bad.quipu 2>/dev/null; exit $code
! ^quipu: bad.csv:4:16: found "12x" where a value is expected
= 3

# with --rejects it is put aside and counted
$ printf '#quipu wide 1\n#nomenclature TOTAL\nflow,reporter,partner,2011\nexport,PER,CHN,12x\nexport,PER,JPN,7\n' > bad.csv; quipu import bad.csv -o bad.quipu --rejects no.csv && quipu dump bad.quipu | tail -1
| 2011,export,604,392,TOTAL,7,,,,
! ^2 rows read = 1 accepted \+ 0 set aside \+ 1 rejected

# an unknown country is an error
$ printf '#quipu wide 1\nflow,reporter,partner,2011\nexport,PER,XYZ,1\n' > bad.csv; quipu import bad.csv -o bad2.quipu
! ^quipu: bad.csv:3:12: unknown country "XYZ"
= 3

# a table no profile knows
$ printf 'a,b,c\n1,2,3\n' > strange.csv; quipu import strange.csv -o x.quipu
! --map
= 3

# but it can be mapped
$ printf 'yr,from,to,hs,thousands\n2011,PER,CHN,260300,2.5\n' > map.csv; quipu import map.csv -o map.quipu --map period=yr,reporter=from,partner=to,product=hs,value=thousands*1000,flow:export,nomenclature:H0 2>/dev/null && quipu dump map.quipu | tail -1
| 2011,export,604,156,260300,2500,,,,

# append replaces the periods it brings
$ printf '#quipu wide 1\n#unit USD\nflow,reporter,partner,2011,2012\nexport,PER,CHN,10,20\n' > a.csv; printf '#quipu wide 1\n#unit USD\nflow,reporter,partner,2012,2013\nexport,PER,CHN,21,30\n' > b.csv; quipu import a.csv -o ab.quipu 2>/dev/null && quipu append ab.quipu b.csv 2>/dev/null && quipu dump ab.quipu | grep -v '^#'
| period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags
| 2011,export,604,156,TOTAL,10,,,,
| 2012,export,604,156,TOTAL,21,,,,
| 2013,export,604,156,TOTAL,30,,,,

# sound cubes verify
$ quipu verify peru.quipu && quipu verify isic.quipu
| peru.quipu: sound
| isic.quipu: sound

# a damaged byte does not
$ cp peru.quipu broken.quipu; printf 'X' | dd of=broken.quipu bs=1 seek=$(($(stat -c %s peru.quipu) / 2)) conv=notrunc 2>/dev/null; quipu verify broken.quipu > out; code=$?; test -s out && echo told; exit $code
| told
= 1

# no profile of that name
$ quipu import $EXAMPLES/peru-partners.csv -o x.quipu --profile wits2
! no profile "wits2"
= 2

# declarations come with many columns, long series with many years
$ python3 -c "print(','.join(f'c{i}' for i in range(198)) + ',yr,usd'); print(','.join('x' * 198) + ',2011,12.5')" >many.csv
$ quipu import many.csv --map period=yr,reporter:PER,partner:CHN,value=usd -o many.quipu 2>&1 | head -1
| 1 rows read = 1 accepted + 0 set aside + 0 rejected  (read as map)
$ python3 -c "print('#quipu wide 1\n#nomenclature TOTAL\n#unit USD\nflow,reporter,partner,' + ','.join(map(str, range(1900, 2024)))); print('export,PER,CHN,' + ','.join('7' * 124))" >wide.csv
$ quipu import wide.csv -o wide.quipu 2>&1 | head -1
| 124 rows read = 124 accepted + 0 set aside + 0 rejected  (read as wide)

# two million declarations in no order, and the first two hundred thousand of them
$ awk 'BEGIN { srand(1); split("CHN USA JPN KOR BRA DEU CHL MEX", p); print "y,r,p,k,v"; for (i = 0; i < 2000000; i++) printf "%d,PER,%s,26%04d,%d\n", 2011 + i % 9, p[1 + int(8 * rand())], 100 * int(99 * rand()), i }' >declared.csv; head -n 200001 declared.csv >few.csv; wc -l few.csv declared.csv
|   200001 few.csv
|  2000001 declared.csv
|  2200002 total

# with --memory ten times the rows take as much memory as a tenth of them, but for two megabytes
$ for f in few declared; do python3 -c 'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' quipu import $f.csv --map period=y,reporter=r,partner=p,product=k,value=v --duplicates declarations --memory 1M --threads 2 -o $f.quipu; done | awk '{ peak[NR] = $1 } END { print peak[2] < peak[1] + 2048 ? "as much" : "more: " peak[1] " and " peak[2] " KiB" }'
| as much

# and the cube is that of an import in memory
$ quipu import declared.csv --map period=y,reporter=r,partner=p,product=k,value=v --duplicates declarations -o memory.quipu >/dev/null 2>&1; cmp declared.quipu memory.quipu && rm declared.csv
