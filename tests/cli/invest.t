# the register of the study is sound but for two owners without a country
$ ln -s "$EXAMPLES/../../examples/peru-asia/register" register; quipu invest check register --format csv
| severity,file,line,column,found,expected
| warning,entities.csv,15,1,no country of the owner pluspetrol-resources,a country: what it holds counts as of unknown origin
| warning,entities.csv,16,1,no country of the owner pluspetrol,a country: what it holds counts as of unknown origin

# Block 8 of the study: CNPC 27 %, Pluspetrol Resources 33 %, Korean owners 39.9 %, 0.1 % undisclosed
$ quipu invest owners register --of block-8 --format csv --plain
| held,held_name,owner,owner_name,country,country_name,role,state_owned,direct,share,control
| block-8,Block 8,pluspetrol-resources,Pluspetrol Resources Corporation,unknown,Country not known,ultimate,no,,0.33,controls
| block-8,Block 8,cnpc,China National Petroleum Corporation,CHN,China,ultimate,yes,,0.27,
| block-8,Block 8,knoc,Korea National Oil Corporation,KOR,South Korea,ultimate,yes,0.2,0.2,
| block-8,Block 8,daewoo,Daewoo,KOR,South Korea,ultimate,no,0.116,0.116,
| block-8,Block 8,sk-energy,SK Energy,KOR,South Korea,ultimate,no,0.083,0.083,
| block-8,Block 8,undisclosed,Undisclosed holders,,,undisclosed,,0.001,0.001,

# by its name, with the companies between
$ quipu invest owners register --of 'Block 8' --holders all --plain
|                                                                                                                                     Direct share  Look-through
| Code     Held     Code                  Owner                                 Code     Country            Role         State-owned           (%)     share (%)  Control
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| block-8  Block 8  pluspetrol-norte      Pluspetrol Norte S.A.                 PER      Peru               between      no                  60.00         60.00  -
| block-8  Block 8  pluspetrol-resources  Pluspetrol Resources Corporation      unknown  Country not known  ultimate     no                      -         33.00  controls
| block-8  Block 8  cnpc                  China National Petroleum Corporation  CHN      China              ultimate     yes                     -         27.00  -
| block-8  Block 8  knoc                  Korea National Oil Corporation        KOR      South Korea        ultimate     yes                 20.00         20.00  -
| block-8  Block 8  daewoo                Daewoo                                KOR      South Korea        ultimate     no                  11.60         11.60  -
| block-8  Block 8  sk-energy             SK Energy                             KOR      South Korea        ultimate     no                   8.30          8.30  -
| block-8  Block 8  undisclosed           Undisclosed holders                   -        -                  undisclosed  -                    0.10          0.10  -

# an unknown stake has bounds
$ quipu invest owners register --of huanzala --plain
|                                                                                                              Direct share  Look-through
| Code      Held      Code         Owner                              Code  Country  Role         State-owned           (%)     share (%)  Control  At least (%)  At most (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| huanzala  Huanzalá  mitsui-ms    Mitsui Mining & Smelting Co. Ltd.  JPN   Japan    ultimate     no                      -             -  -                0.00       100.00
| huanzala  Huanzalá  undisclosed  Undisclosed holders                -     -        undisclosed  -                  100.00        100.00  -                0.00       100.00

# and may be taken as what remains
$ quipu invest owners register --of huanzala --unknown equal --plain
|                                                                                                              Direct share  Look-through
| Code      Held      Code         Owner                              Code  Country  Role         State-owned           (%)     share (%)  Control  At least (%)  At most (%)
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| huanzala  Huanzalá  mitsui-ms    Mitsui Mining & Smelting Co. Ltd.  JPN   Japan    ultimate     no                      -        100.00  -                0.00       100.00
| huanzala  Huanzalá  undisclosed  Undisclosed holders                -     -        undisclosed  -                       -          0.00  -                0.00       100.00

# Table 5: Japan
$ quipu invest table register --country Japan
| Investment projects with companies of Japan
|
|                                                                                                                                         Their share         Amount
| Code        Project             Sector  Companies                                                                                               (%)  (million US$)  Kind       Years  Amount of                          Status                                          Location        Sources
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| bayovar     Bayóvar phosphates  Mining  Mitsui & Co. Ltd. (25 %)                                                                               25.0          275.0  disbursed  2010   Mitsui & Co. Ltd.                  production                                      Piura           T5-1
| huanzala    Huanzalá            Mining  Mitsui Mining & Smelting Co. Ltd. (share not stated, through Compañía Minera Santa Luisa S.A.)            -           50.0  disbursed  2011   Mitsui Mining & Smelting Co. Ltd.  production                                      Áncash          T5-2
| huanzala    Huanzalá            Mining  Mitsui Mining & Smelting Co. Ltd. (share not stated, through Compañía Minera Santa Luisa S.A.)            -           38.0  disbursed  2010   Mitsui Mining & Smelting Co. Ltd.  production                                      Áncash          T5-2
| huanzala    Huanzalá            Mining  Mitsui Mining & Smelting Co. Ltd. (share not stated, through Compañía Minera Santa Luisa S.A.)            -           21.0  disbursed  2009   Mitsui Mining & Smelting Co. Ltd.  production                                      Áncash          T5-2
| antamina    Antamina            Mining  Mitsubishi Corporation (10 %)                                                                          10.0              -  -          -      -                                  production                                      Áncash          T5-3
| quellaveco  Quellaveco          Mining  Mitsubishi Corporation (18.1 %)                                                                        18.1        3,300.0  planned    -      the whole project                  environmental study approved; start about 2016  Moquegua        T5-4
| quechua     Quechua             Mining  Pan Pacific Copper Corp. (share not stated)                                                               -          490.0  planned    -      the whole project                  exploration                                     Espinar, Cusco  T5-5
|
| Note: Amounts are of the whole project or of the companies named, as the column says, and of the kind named: kinds do not add up, and an amount of the whole project is not what the companies listed paid.
| Note: In 2 projects the sources name companies without saying what share they hold.
| Source: C. Sanborn & V. Yong (2013), Peru's economic boom and the Asian connection: Tables 5 to 7 and text, as they cite their sources; T5-1: Reuters, 31 March 2010; Gestión, 11 February 2011; T5-2: INEI, investment in mining by company 2009-2011, retrieved 8 May 2013; T5-3: Website of Antamina; T5-4: Ministry of Energy and Mines of Peru, expected portfolio of mining projects, January 2013; T5-5: Ministry of Energy and Mines of Peru, expected portfolio of mining projects, January 2013; register: a8f0b5655c82bb1c426b71ee9615b4d1; engine: quipu 0.1.0

# Table 6: Korea
$ quipu invest table register --country Korea --plain
|                                                                                                                                            Their share         Amount
| Code               Project                           Sector     Companies                                                                          (%)  (million US$)  Kind     Years  Amount of          Status                                    Location                          Sources
| ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| block-z46          Block Z-46                        Oil & gas  SK Energy (share not stated)                                                         -          482.6  planned  -      SK Energy          exploration                               Trujillo basin, La Libertad       T6-1
| block-8            Block 8                           Oil & gas  SK Energy (8.3 %), Daewoo (11.6 %), Korea National Oil Corporation (20 %)         39.9              -  -        -      -                  production                                Trompeteros and Yanayacu, Loreto  T6-2
| block-115          Block 115                         Oil & gas  Korea National Oil Corporation (30 %)                                             30.0              -  -        -      -                  exploration                               Datem del Marañón, Loreto         T6-3
| block-z2b          Block Z-2B (Savia Perú)           Oil & gas  Korea National Oil Corporation (50 %)                                             50.0              -  -        -      -                  production and exploration                Talara, Piura                     T6-4
| mina-justa         Mina Justa                        Mining     Korea Resources (15 %), LS-Nikko Copper (15 %)                                    30.0          744.0  planned  -      the whole project  environmental study approved; start 2015  Ica                               T6-5
| pachapaqui         San Juan de Marcona - Pachapaqui  Mining     Korea Zinc (share not stated)                                                        -          200.0  planned  -      the whole project  in progress                               -                                 T6-6
| cerro-lindo-desal  Cerro Lindo desalination plant    Mining     Doosan (share not stated)                                                            -              -  -        -      -                  completion 2013                           -                                 T6-7
| pesquera-diamante  Pesquera Diamante acquisition     Fishery    Dongwon Industries Co. (share not stated)                                            -              -  -        -      -                  not confirmed                             -                                 T6-8

# Table 7: China
$ quipu invest table register --country China --plain
|                                                                                                                                Their share         Amount
| Code            Project                 Sector     Companies                                                                           (%)  (million US$)  Kind     Years       Amount of                             Status                                    Location                          Sources
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| block-8         Block 8                 Oil & gas  China National Petroleum Corporation (27 %, through Pluspetrol Norte S.A.)         27.0              -  -        -           -                                     production                                Trompeteros and Yanayacu, Loreto  T6-2
| mina-justa      Mina Justa              Mining     CST Mining Group Limited (no stake in the register)                                   -              -  sale     until 2012  CST Mining Group Limited              environmental study approved; start 2015  Ica                               T6-5, T7-9
| toromocho       Toromocho               Mining     Chinalco (share not stated)                                                           -        2,150.0  planned  -           the whole project                     construction; completion about 2014       Junín                             T7-1
| el-galeno       El Galeno               Mining     China Minmetals Corporation (60 %), Jiangxi Copper Company Ltd. (40 %)            100.0        2,500.0  planned  -           the whole project                     completion about 2014-2015                Cajamarca                         T7-2, T7-3
| marcona         Marcona mine extension  Mining     Shougang Corporation (share not stated)                                               -        1,200.0  planned  -           the whole project                     in progress                               Ica                               T7-4
| pampa-de-pongo  Pampa de Pongo          Mining     Nanjinzhao Group (share not stated)                                                   -        3,005.0  planned  2010-2014   the whole project                     investment over 2010-2014                 Arequipa                          T7-5
| rio-blanco      Río Blanco              Mining     Zijin Mining Group (45 %), Tongling Nonferrous (35 %), Xiamen C&D (20 %)          100.0        1,500.0  planned  2009-2014   the whole project                     investment over 2009-2014                 Piura                             T7-6
| cercana         Cercana                 Mining     Junefield Group (share not stated)                                                    -              -  -        -           -                                     exploration                               Yarabamba, Arequipa               T7-10
| llama-ty01      Llama TY01              Mining     Jintong Mining (share not stated)                                                     -              -  -        -           -                                     exploration                               Huáncano, Ica                     T7-10
| block-6-7       Block 6/7               Oil & gas  China National Petroleum Corporation (share not stated)                               -              -  -        -           China National Petroleum Corporation  production since 1994-1995                Talara, Piura                     T7-16
| block-111-113   Block 111/113           Oil & gas  China National Petroleum Corporation (share not stated)                               -              -  -        -           -                                     exploration                               Madre de Dios                     T7-16
| block-1ab       Block 1AB               Oil & gas  China National Petroleum Corporation (45 %)                                        45.0              -  -        -           -                                     production                                Olaya, Loreto                     T7-18

# one list, for machines: shares as fractions, money in US$
$ quipu invest table register --table 5 --format csv --plain
| project,project_name,sector,companies,share,amount,kind,years,covers,status,location,sources
| bayovar,Bayóvar phosphates,Mining,Mitsui & Co. Ltd. (25 %),0.25,275000000,disbursed,2010,Mitsui & Co. Ltd.,production,Piura,T5-1
| huanzala,Huanzalá,Mining,Compañía Minera Santa Luisa S.A. (share not stated),,50000000,disbursed,2011,Mitsui Mining & Smelting Co. Ltd.,production,Áncash,T5-2
| huanzala,Huanzalá,Mining,Compañía Minera Santa Luisa S.A. (share not stated),,38000000,disbursed,2010,Mitsui Mining & Smelting Co. Ltd.,production,Áncash,T5-2
| huanzala,Huanzalá,Mining,Compañía Minera Santa Luisa S.A. (share not stated),,21000000,disbursed,2009,Mitsui Mining & Smelting Co. Ltd.,production,Áncash,T5-2
| antamina,Antamina,Mining,"BHP Billiton (33.75 %), Xstrata (33.75 %), Teck (22.5 %), Mitsubishi Corporation (10 %)",1,,,,,production,Áncash,T5-3
| quellaveco,Quellaveco,Mining,"Anglo American Quellaveco S.A. (81.9 %), Mitsubishi Corporation (18.1 %)",1,3300000000,planned,,the whole project,environmental study approved; start about 2016,Moquegua,T5-4
| quechua,Quechua,Mining,Pan Pacific Copper Corp. (share not stated),,490000000,planned,,the whole project,exploration,"Espinar, Cusco",T5-5

# where the money is from, four rules side by side
$ quipu invest country register --kind planned --total
| Origin of the investments, by country
|
|                                                                                         Share of      Immediate                                  Look-through   Look-through
|                                                                       Look-through  look-through       investor  Largest holder     Controller       at least        at most
| Kind of amount  Code         Origin                                  (million US$)           (%)  (million US$)   (million US$)  (million US$)  (million US$)  (million US$)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| planned         CHN          China                                         4,000.0          25.7        4,000.0        10,355.0        2,500.0        4,000.0       10,355.0
| planned         PER          Peru                                          3,223.5          20.7        3,223.5         4,044.0        4,044.0        3,223.5        3,223.5
| planned         KOR          South Korea                                     705.8           4.5          705.8           682.6          482.6          705.8          905.8
| planned         JPN          Japan                                           597.3           3.8          597.3           490.0            0.0          597.3        1,087.3
| planned         undisclosed  Undisclosed holders                           7,045.0          45.2        7,045.0             0.0            0.0            0.0        7,045.0
| planned         undecided    No single largest holder or controller            0.0           0.0            0.0             0.0        8,545.0              -              -
| planned         total        Total                                        15,571.6         100.0       15,571.6        15,571.6       15,571.6              -              -
|
| Note: Amounts of different kinds are not added up. Each rule divides the same total: look-through among ultimate owners, immediate among direct holders; largest holder and controller give each amount whole to one.
| Note: 14 stakes are not stated in the sources; what they come to is counted as undisclosed.
| Source: C. Sanborn & V. Yong (2013), Peru's economic boom and the Asian connection: Tables 5 to 7 and text, as they cite their sources; T5-4: Ministry of Energy and Mines of Peru, expected portfolio of mining projects, January 2013; T5-5: Ministry of Energy and Mines of Peru, expected portfolio of mining projects, January 2013; T6-1: Central Reserve Bank of Peru, inflation report, March 2013; T6-5: Andina, 12 August 2011; T6-6: Perú 21, 26 February 2012; Ministry of Energy and Mines of Peru, January 2013; T7-1: Andina, 23 November 2009; T7-2: Gestión, retrieved 8 March 2013; T7-4: BN Americas, 17 January 2013; T7-5: BN Americas, 17 January 2013; T7-6: Sanborn and Torres (2009); Gestión, retrieved 8 May 2013; Andean, 11 May 2009; register: a8f0b5655c82bb1c426b71ee9615b4d1; engine: quipu 0.1.0

# owned by states
$ quipu invest country register --kind planned --by state --plain
|                                                                                         Share of      Immediate                                  Look-through   Look-through
|                                                                       Look-through  look-through       investor  Largest holder     Controller       at least        at most
| Kind of amount  Code         Owner                                   (million US$)           (%)  (million US$)   (million US$)  (million US$)  (million US$)  (million US$)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| planned         private      Not state-owned                               4,415.0          28.4        4,415.0         8,221.6        4,526.6        4,415.0        8,110.0
| planned         state        State-owned                                   3,436.6          22.1        3,436.6         5,850.0        2,500.0        3,436.6        6,786.6
| planned         unknown      Not known whether state-owned                   675.0           4.3          675.0         1,500.0            0.0          675.0          675.0
| planned         undisclosed  Undisclosed holders                           7,045.0          45.2        7,045.0             0.0            0.0            0.0        7,045.0
| planned         undecided    No single largest holder or controller            0.0           0.0            0.0             0.0        8,545.0              -              -

# what it is in
$ quipu invest sector register --country China --plain
|                                                                                     Of owners in
|                                             Amount  Share of kind  Of state-owned          China
| Sector     Kind of amount  Projects  (million US$)            (%)   (million US$)  (million US$)
| ────────────────────────────────────────────────────────────────────────────────────────────────
| Mining     planned                9       15,089.0           96.9         3,436.6        4,000.0
| Oil & gas  planned                1          482.6            3.1             0.0            0.0
| Mining     disbursed              2          384.0          100.0             0.0            0.0
| Mining     not stated             3              -              -               -              -
| Oil & gas  not stated             1              -              -               -              -

# edges for a figure
$ quipu invest graph register --of block-8 --format csv --plain
| source,source_name,source_country,source_kind,target,target_name,target_kind,share,low,high,votes
| pluspetrol-resources,Pluspetrol Resources Corporation,unknown,company,pluspetrol-norte,Pluspetrol Norte S.A.,company,0.55,0.55,0.55,
| cnpc,China National Petroleum Corporation,CHN,company,pluspetrol-norte,Pluspetrol Norte S.A.,company,0.45,0.45,0.45,
| pluspetrol-norte,Pluspetrol Norte S.A.,PER,company,block-8,Block 8,project,0.6,0.6,0.6,
| sk-energy,SK Energy,KOR,company,block-8,Block 8,project,0.083,0.083,0.083,
| daewoo,Daewoo,KOR,company,block-8,Block 8,project,0.116,0.116,0.116,
| knoc,Korea National Oil Corporation,KOR,company,block-8,Block 8,project,0.2,0.2,0.2,
| undisclosed,Undisclosed holders,undisclosed,undisclosed,block-8,Block 8,project,0.001,,,

# the stock of direct investment in 2012
$ quipu invest fdi register
| Stock of foreign direct investment by origin
|
|                                                 Stock
| Code  Host  Year  Code   Origin         (million US$)  Share (%)  Tax haven
| ───────────────────────────────────────────────────────────────────────────
| PER   Peru  2012  ESP    Spain                5,516.1       24.3  no
| PER   Peru  2012  USA    United States        3,019.1       13.3  no
| PER   Peru  2012  ZAF    South Africa         1,747.9        7.7  no
| PER   Peru  2012  CHN    China                  794.5        3.5  no
| PER   Peru  2012  other  Other origins       11,622.4       51.2  -
| PER   Peru  2012  total  Total               22,700.0      100.0  -
|
| Note: Peru 2012: of 4 of the amounts the source prints the share only; it was multiplied by the total.
| Note: Peru 2012: none of the 4 origins listed is among the tax havens (OECD 2000). Origins that are not listed, and companies registered in third countries, may be. The list: The 35 jurisdictions named in June 2000 and the six that had committed themselves before (Bermuda, Cayman Islands, Cyprus, Malta, Mauritius, San Marino): OECD, Towards Global Tax Co-operation, 2000; delisted since as they made commitments.
| Note: Peru 2012: origins are those of the immediate investor; the register has no conduit shares to look behind them.
| Source: C. Sanborn & V. Yong (2013), Peru's economic boom and the Asian connection: Tables 5 to 7 and text, as they cite their sources; SY2013: C. Sanborn & V. Yong (2013), Peru's economic boom and the Asian connection, text on the stock of foreign direct investment; register: a8f0b5655c82bb1c426b71ee9615b4d1; engine: quipu 0.1.0

# and by sector
$ quipu invest fdi register --by sector --plain
|                                                  Stock
| Code  Host  Year  Code    Sector         (million US$)  Share (%)
| ─────────────────────────────────────────────────────────────────
| PER   Peru  2012  Mining  Mining               5,425.3       23.9
| PER   Peru  2012  other   Other sectors       17,274.7       76.1
| PER   Peru  2012  total   Total               22,700.0      100.0

# behind a conduit: half of what the Netherlands invest passes through, from China
$ mkdir conduit; cd conduit; printf 'id,name\n' > entities.csv; printf 'owner,owned\n' > stakes.csv; printf 'host,year,origin,sector,amount_musd,share_pct\nPER,2012,,,1000,\nPER,2012,NLD,,500,\nPER,2012,ESP,,450,\nPER,2012,CYM,,50,\nNLD,2012,,,80,\nNLD,2012,CHN,,,100\n' > fdi_stock.csv; printf 'country,year,passes_pct\nNLD,2012,50\n' > fdi_conduits.csv; quipu invest fdi . --host Peru
| Stock of foreign direct investment by origin
|
|                                                  Stock                        Ultimate share
| Code  Host  Year  Code   Origin          (million US$)  Share (%)  Tax haven             (%)
| ────────────────────────────────────────────────────────────────────────────────────────────
| PER   Peru  2012  NLD    Netherlands             500.0       50.0  no                   25.0
| PER   Peru  2012  ESP    Spain                   450.0       45.0  no                   45.0
| PER   Peru  2012  CYM    Cayman Islands           50.0        5.0  yes                   5.0
| PER   Peru  2012  CHN    China                       -          -  no                   25.0
| PER   Peru  2012  other  Other origins             0.0        0.0  -                     0.0
| PER   Peru  2012  total  Total                 1,000.0      100.0  -                   100.0
|
| Note: Peru 2012: 5.0 % of the stock is registered in tax havens (OECD 2000); there the country of registration says little about where the money is from. The list: The 35 jurisdictions named in June 2000 and the six that had committed themselves before (Bermuda, Cayman Islands, Cyprus, Malta, Mauritius, San Marino): OECD, Towards Global Tax Co-operation, 2000; delisted since as they made commitments.
| Note: Peru 2012: the ultimate share follows what passes through conduits to their own investors; it assumes that what passes on is spread as the conduit's whole inward stock.
| Source: register: a80c91d80122da1bc202edd8f87a759c; engine: quipu 0.1.0

# a conduit: the immediate investor is not where the money is from
$ mkdir holding; cd holding; printf 'id,name,country,conduit\nh,Holding,Netherlands,yes\nc,Company,China,\nx,Partner,Peru,\n' > entities.csv; printf 'id,name,sector\np,A mine,Mining\n' > projects.csv; printf 'owner,owned,share_pct\nh,p,60\nx,p,40\nc,h,100\n' > stakes.csv; printf 'project,amount_musd,kind\np,100,planned\n' > investments.csv; quipu invest country .
| Origin of the investments, by country
|
|                                                       Share of      Immediate
|                                     Look-through  look-through       investor  Largest holder     Controller
| Kind of amount  Code  Origin       (million US$)           (%)  (million US$)   (million US$)  (million US$)
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────
| planned         CHN   China                 60.0          60.0            0.0             0.0          100.0
| planned         PER   Peru                  40.0          40.0           40.0             0.0            0.0
| planned         NLD   Netherlands            0.0           0.0           60.0           100.0            0.0
|
| Note: Amounts of different kinds are not added up. Each rule divides the same total: look-through among ultimate owners, immediate among direct holders; largest holder and controller give each amount whole to one.
| Note: 60.0 million US$ came through conduits: the immediate investor's country is not where they are from.
| Source: register: 51d391a80983bd937cfe58bebb798480; engine: quipu 0.1.0

# a question about nobody
$ quipu invest owners register --of block-9
! ^quipu: the register has no company or project "block\-9"; did you mean block\-8\?$
= 2

# a word that does not exist
$ quipu invest ownrs register
! ^quipu: invest: there is no word 'ownrs'; did you mean 'owners'\?$
! ^quipu: invest: take one of table owners country sector graph fdi check bods import \(quipu help invest says more\)$
= 2

# no register
$ quipu invest owners
! ^quipu: invest owners: of which register\?$
! ^usage: quipu invest owners REGISTER \[OPTION\.\.\.\]$
= 2

# a date that is none
$ quipu invest owners register --at soon
! ^quipu: at "soon": a day is 2011, 2011\-03 or 2011\-03\-31$
= 2

# all problems at once, and exit status 1
$ mkdir bad; printf 'id,name,country\na,A,Pru\na,B,PER\n' > bad/entities.csv; printf 'owner,owned,share_pct\na,b,60\na,a,110\n' > bad/stakes.csv; quipu invest check bad
| Problems of the register: 4 errors, 0 warnings
|
| Severity  File          Line  Column  Found            Expected
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| error     entities.csv     2       5  country "Pru"    a country, as ISO letters or name: there is no country "Pru". Did you mean Peru?
| error     entities.csv     3       1  id "a"           each id once; it is already on line 2
| error     stakes.csv       2       3  owned "b"        an id of entities.csv or projects.csv; did you mean a?
| error     stakes.csv       3       5  share_pct "110"  a percentage from 0 to 100 in digits, without a % sign: 18.1
= 1

# another program's statements
$ quipu invest bods register -o peru.json && quipu invest import peru.json -o again 2>/dev/null && quipu invest owners again --of block-8 --format csv --plain | cut -d, -f3,9,10
| owner,direct,share
| pluspetrol-resources,,0.33
| cnpc,,0.27
| knoc,0.2,0.2
| daewoo,0.116,0.116
| sk-energy,0.083,0.083
| undisclosed,0.001,0.001

# a folder that is there is not touched
$ quipu invest import peru.json -o again
! ^quipu: again is there already: name a folder that is not$
= 2
