# which words there are
$ quipu fetch
! ^quipu: fetch: which word\?$
! ^quipu: fetch: take one of comtrade baci wits worldbank rebuild \(quipu help fetch says more\)$
= 2

# a misspelt one
$ quipu fetch comtrde
! ^quipu: fetch: there is no word 'comtrde'; did you mean 'comtrade'\?$
= 2

# the words and what they do
$ quipu help fetch | sed -n '/^Words/,/^$/p'
| Words
|   comtrade        trade from UN Comtrade, with a key or without
|   baci            CEPII's BACI, the archive of one revision of the HS
|   wits            total trade by partner from WITS
|   worldbank       GDP, population and other indicators of the World Bank, as a table
|   rebuild         make the cube of a fetch again, without the network
|

# help of one of them
$ quipu fetch rebuild -h
| quipu fetch rebuild - make the cube of a fetch again, without the network
|
| usage: quipu fetch rebuild FOLDER -o FILE
|
| Options
|   -o, --output FILE       the cube (or the table) to make
|   --threads N             0 = all cores, the default (or QUIPU_THREADS); results never
|                           depend on it
|
| quipu help fetch rebuild says more.

# options of each
$ for s in comtrade baci wits worldbank; do quipu fetch $s -h | grep -o '^  *\(-o, \)*--[a-z-]*' | tr -d '\n'; echo; done
|   --reporter  --years  --partner  --product  --flow  --nomenclature  --key-file  -o, --output  --keep  --dry-run  --base-url  --ca-file  --pause  --parallel  --tries  --timeout  --patience  --threads
|   --nomenclature  --release  -o, --output  --keep  --dry-run  --base-url  --ca-file  --pause  --parallel  --tries  --timeout  --patience  --threads
|   --reporter  --years  --flow  -o, --output  --keep  --dry-run  --base-url  --ca-file  --pause  --parallel  --tries  --timeout  --patience  --threads
|   --reporter  --years  --indicator  -o, --output  --keep  --dry-run  --base-url  --ca-file  --pause  --parallel  --tries  --timeout  --patience

# the manual of a source is the same by both names
$ quipu help fetch comtrade > a; quipu fetch comtrade --help > b; quipu help fetch-comtrade > c; cmp a b && cmp b c && echo same
| same

# what a source must be told
$ quipu fetch comtrade --years 2011 -o x.quipu
! ^quipu: fetch comtrade: which\? add --reporter$
= 2

$ quipu fetch comtrade --reporter Peru -o x.quipu
! ^quipu: fetch comtrade: which\? add --years$
= 2

$ quipu fetch baci --nomenclature HS92 -o x.quipu
! ^quipu: fetch baci: which\? add --release$
= 2

# where to
$ quipu fetch comtrade --reporter Peru --years 2011
! ^quipu: fetch comtrade: where to\? add -o FILE$
! ^usage: quipu fetch comtrade --reporter WHO --years YEARS
= 2

$ quipu fetch rebuild x.fetch
! ^quipu: fetch rebuild: where to\? add -o FILE$
= 2

# a country that is none
$ quipu fetch comtrade --reporter Pru --years 2011 --dry-run
! Peru
= 2

# years that are none
$ quipu fetch comtrade --reporter Peru --years 2011-2010 --dry-run
! ^quipu: years "2011-2010": expected 2011, 2000-2011 or a list, or months 201101-201106$
= 2

# products
$ quipu fetch comtrade --reporter Peru --years 2011 --product copper --dry-run
! ^quipu: product "copper": expected total, chapters, 4-digit, 6-digit, or codes such as 26,2603,260300$
= 2

# an option of another source
$ quipu fetch wits --reporter Peru --years 2011 --product total --dry-run
! there is no option --product
= 2

# numbers
$ quipu fetch comtrade --reporter Peru --years 2011 --pause soon --dry-run
! ^quipu: fetch: --pause wants seconds from 0 to 86400, not 'soon'$
= 2

$ quipu fetch comtrade --reporter Peru --years 2011 --parallel 9 --dry-run
! ^quipu: fetch: --parallel wants a number from 1 to 4, not '9'$
= 2

# an address that is none
$ quipu fetch comtrade --reporter Peru --years 2011 --base-url ftp://x --dry-run
! ^quipu: the address "ftp://x" is not one: expected https://HOST or https://HOST/PATH, without a name or password in it$
= 2

# a key others can read
$ echo 0123456789abcdef > key; chmod 644 key; quipu fetch comtrade --reporter Peru --years 2011 --key-file key --dry-run
! ^quipu: key: others can read the key \(mode 644\): chmod 600 key$
= 2

# a key in the environment chooses the full endpoint and is not shown
$ chmod 600 key; quipu fetch comtrade --reporter Peru --years 2011 --key-file key --dry-run
| https://comtradeapi.un.org/data/v1/getDa/C/A/HS?reporterCode=604&period=2011
| https://comtradeapi.un.org/data/v1/get/C/A/HS?reporterCode=604&period=2011&cmdCode=TOTAL&flowCode=M,X&partner2Code=0&customsCode=C00&motCode=0&maxRecords=100000&includeDesc=false

# a plan for each source
$ quipu fetch baci --nomenclature HS92 --release 202501 --dry-run
| https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS92_V202501.zip

$ quipu fetch wits --reporter Peru --years 2011 --dry-run
| https://wits.worldbank.org/API/V1/SDMX/V21/datasource/tradestats-trade/reporter/per/year/2011/partner/all/product/Total/indicator/MPRT-TRD-VL?format=JSON
| https://wits.worldbank.org/API/V1/SDMX/V21/datasource/tradestats-trade/reporter/per/year/2011/partner/all/product/Total/indicator/XPRT-TRD-VL?format=JSON

$ quipu fetch worldbank --reporter Peru,China --years 2009-2011 --indicator gdp --dry-run
| https://api.worldbank.org/v2/country/CHN;PER/indicator/NY.GDP.MKTP.CD?format=json&date=2009:2011&per_page=1000&page=1

# a mirror
$ quipu fetch baci --nomenclature HS92 --release 202501 --base-url http://127.0.0.1:9/mirror --dry-run
| http://127.0.0.1:9/mirror/DATA_DOWNLOAD/baci/data/BACI_HS92_V202501.zip

# a folder that is no fetch
$ mkdir empty; quipu fetch rebuild empty -o x.quipu
! ^quipu: empty: there is no manifest.json in it: not a folder of quipu fetch, or the fetch was not finished; run it again and it goes on$
= 2

# nothing is left behind
$ ls
| a
| b
| c
| empty
| key
