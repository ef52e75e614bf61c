# the example of the reference page: a border that divides trade by three
$ printf 'exporter,importer,trade\nA,A,6\nA,B,2\nB,A,4\nB,B,12\n' >two.csv; quipu gravity two.csv --formula 'trade ~ border | exp + imp' --errors iid --format csv | cut -d, -f1-3,10
| model,part,term,count
| 1,coefficient,border,
| 1,explained,trade,
| 1,estimator,PPML,
| 1,effect,exp,2
| 1,effect,imp,2
| 1,statistic,observations,4
| 1,statistic,observations read,4
| 1,statistic,log likelihood,
| 1,statistic,pseudo R2,
| 1,statistic,deviance,
| 1,statistic,steps,5
| 1,statistic,greatest gradient,

# a cube: a panel with zeros, distances and agreements known
$ quipu import "$EXAMPLES/pacific-both-sides.csv" -o pacific.quipu >/dev/null 2>&1; quipu gravity pacific.quipu --formula 'trade ~ ln_dist + lang + rta | exp^year + imp^year' --cluster exp^imp
| Gravity: trade ~ ln_dist + lang + rta | exp^year + imp^year
|
| Model  Part         Term               Coefficient  Std. error       z       p      Low     High  Count           Value
| ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|     1  coefficient  ln_dist                -0.6495      0.0603  -10.77  0.0000  -0.7676  -0.5313      -               -
|     1  coefficient  lang                   -0.0764      0.1521   -0.50  0.6153  -0.3746   0.2217      -               -
|     1  coefficient  rta                     0.9455      0.1417    6.67  0.0000   0.6677   1.2232      -               -
|     1  explained    trade                        -           -       -       -        -        -      -               -
|     1  estimator    PPML                         -           -       -       -        -        -      -               -
|     1  effect       exp^year                     -           -       -       -        -        -     65               -
|     1  effect       imp^year                     -           -       -       -        -        -     65               -
|     1  cluster      exp^imp                      -           -       -       -        -        -    156               -
|     1  statistic    observations                 -           -       -       -        -        -    780               -
|     1  statistic    observations read            -           -       -       -        -        -    780               -
|     1  statistic    log likelihood               -           -       -       -        -        -      -   -846,824.4839
|     1  statistic    pseudo R2                    -           -       -       -        -        -      -          0.9630
|     1  statistic    deviance                     -           -       -       -        -        -      -  1,685,858.3769
|     1  statistic    steps                        -           -       -       -        -        -      6               -
|     1  statistic    greatest gradient            -           -       -       -        -        -      -          0.0000
|
| Note: Model 1: trade ~ ln_dist + lang + rta | exp^year + imp^year. 780 of 780 observations used. Every gradient is below 1e-10 of what it is of.
| Note: Standard errors clustered by exp^imp; small-sample correction: (n-1)/(n-K) and G/(G-1) as fixest has them.
| Note: The panel: 13 countries, a row for each pair and year that the exporter reported, zero where nothing was traded; trade in million US$ as exporters reported it. It holds 100.0 % of the trade of the selection.
| Note: rta: a free trade agreement or customs union in force on 31 December.
| Source: UN Comtrade through WITS (pandringa/world-trade); release: about 2018, without gold; nomenclature: TOTAL; valuation: exports FOB, imports CIF; cube: 180e4c1e977829db698fb90066b0ca2d; engine: quipu 0.1.0

# importers' books give another panel
$ quipu gravity pacific.quipu --flow import --formula 'trade ~ ln_dist | exp^year + imp^year' --plain | head -3
| Model  Part         Term               Coefficient  Std. error       z       p      Low     High  Count            Value
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|     1  coefficient  ln_dist                -0.7186      0.0245  -29.38  0.0000  -0.7665  -0.6707      -                -

# several models side by side, for a paper
$ quipu gravity pacific.quipu --show etable --plain --formula 'log(trade) ~ ln_dist + lang | exp^year + imp^year; trade ~ ln_dist | exp^year + imp^year' --formula 'trade ~ ln_dist + lang | exp + imp + year'
| Term                (1)         (2)         (3)
| ──────────────────────────────────────────────────────
| Dependent variable  log(trade)  trade       trade
| Estimator           OLS         PPML        PPML
| ln_dist             -0.7600***  -0.8384***  -0.7819***
|                     (0.0355)    (0.0286)    (0.0341)
| lang                0.8338***               0.3949***
|                     (0.0716)                (0.0787)
| exp^year            Yes         Yes         No
| imp^year            Yes         Yes         No
| exp                 No          No          Yes
| imp                 No          No          Yes
| year                No          No          Yes
| Observations        780         780         780
| Log likelihood      -633.5098   -1253664.4  -1257955.7
| R2                  0.9355
| Within R2           0.6170
| Pseudo R2                       0.9452      0.9450

$ quipu gravity pacific.quipu --show etable --format latex --plain --formula 'trade ~ ln_dist | exp + imp + year'
| % needs the package booktabs
| \begin{tabular}{ll}
| \toprule
| Term & (1) \\
| \midrule
| Dependent variable & trade \\
| Estimator & PPML \\
| ln\_dist & -0.8383{*}{*}{*} \\
|  & (0.0275) \\
| exp & Yes \\
| imp & Yes \\
| year & Yes \\
| Observations & 780 \\
| Log likelihood & -1310223.2 \\
| Pseudo R2 & 0.9427 \\
| \bottomrule
| \end{tabular}

# observation by observation, and level by level
$ quipu gravity pacific.quipu --show predictions --plain --formula 'trade ~ ln_dist | exp + imp' --years 2010 | head -4
|                                                                        Linear
| Exporter  Importer  Year      Observed        Fitted      Residual  predictor  Left out
| ───────────────────────────────────────────────────────────────────────────────────────
| BRA       CAN       2010    2,275.6203    3,643.6333   -1,368.0130     8.2007  -

$ quipu gravity two.csv --show predictions --plain --formula 'trade ~ border | exp + imp' --errors iid
|                                                           Linear
| Line  Exporter  Importer  Observed   Fitted  Residual  predictor  Left out
| ──────────────────────────────────────────────────────────────────────────
|    2  A         A           6.0000   6.0000    0.0000     1.7918  -
|    3  A         B           2.0000   2.0000    0.0000     0.6931  -
|    4  B         A           4.0000   4.0000    0.0000     1.3863  -
|    5  B         B          12.0000  12.0000    0.0000     2.4849  -

$ quipu gravity pacific.quipu --show effects --plain --formula 'trade ~ ln_dist | exp + imp' --years 2010 | head -3
| Effect  Level    Value
| ──────────────────────
| exp     BRA    15.6965

# what has no coefficient has its reason in the table
$ quipu gravity two.csv --formula 'trade ~ border + domestic + i(exp, border)' --errors iid --format csv | cut -d, -f1-3 | head -6
| model,part,term
| 1,coefficient,border
| 1,coefficient,domestic
| 1,coefficient,exp::A:border
| 1,collinear,exp::B:border
| 1,collinear,(intercept)

# a table of countries beside it
$ printf 'country,year,gdp\nPeru,2010,150\nChile,2010,220\nCHN,2010,6000\nJPN,2010,5700\n410,2010,1100\n' >gdp.csv; quipu gravity pacific.quipu --years 2010 --with gdp.csv --formula 'trade ~ ln_dist + log(gdp_exp) + log(gdp_imp)' | grep -v Source
| Gravity: trade ~ ln_dist + log(gdp_exp) + log(gdp_imp)
|
| Model  Part         Term               Coefficient  Std. error      z       p      Low     High  Count         Value
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|     1  coefficient  ln_dist                -0.4976      0.1556  -3.20  0.0014  -0.8025  -0.1927      -             -
|     1  coefficient  log(gdp_exp)            0.5546      0.1376   4.03  0.0001   0.2849   0.8243      -             -
|     1  coefficient  log(gdp_imp)            0.6824      0.0494  13.80  0.0000   0.5855   0.7793      -             -
|     1  coefficient  (intercept)             4.8985      2.1421   2.29  0.0222   0.7001   9.0968      -             -
|     1  explained    trade                        -           -      -       -        -        -      -             -
|     1  estimator    PPML                         -           -      -       -        -        -      -             -
|     1  statistic    observations                 -           -      -       -        -        -     20             -
|     1  statistic    observations read            -           -      -       -        -        -    156             -
|     1  left out     regressor missing            -           -      -       -        -        -    136             -
|     1  statistic    log likelihood               -           -      -       -        -        -      -  -37,382.2417
|     1  statistic    pseudo R2                    -           -      -       -        -        -      -        0.9343
|     1  statistic    deviance                     -           -      -       -        -        -      -   74,548.6383
|     1  statistic    steps                        -           -      -       -        -        -      6             -
|     1  statistic    greatest gradient            -           -      -       -        -        -      -        0.0000
|
| Note: Model 1: trade ~ ln_dist + log(gdp_exp) + log(gdp_imp). 20 of 156 observations used; left out: 136 regressor missing. Every gradient is below 1e-10 of what it is of.
| Note: Standard errors robust to heteroskedasticity; small-sample correction: (n-1)/(n-K) and G/(G-1) as fixest has them.
| Note: The panel: 13 countries, a row for each pair and year that the exporter reported, zero where nothing was traded; trade in million US$ as exporters reported it. It holds 100.0 % of the trade of the selection.
| Note: gdp_exp is missing in 96 of 156 observations: gdp.csv has no row for them.
| Note: gdp_imp is missing in 96 of 156 observations: gdp.csv has no row for them.

# event study in steps of two years
$ quipu import "$EXAMPLES/latin-america-asia.csv" -o latin.quipu >/dev/null 2>&1; quipu gravity latin.quipu --countries latin-america-20 --interval 2 --window 2 --event-study rta --formula 'trade ~ rta | exp^year + imp^year + exp^imp' --cluster exp^imp --plain | head -9
| Model  Part         Term                        Coefficient  Std. error      z       p      Low    High  Count         Value
| ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
|     1  coefficient  rta::-2                         -0.0421      0.0917  -0.46  0.6464  -0.2219  0.1377      -             -
|     1  coefficient  rta::0                           0.0082      0.0753   0.11  0.9133  -0.1393  0.1557      -             -
|     1  coefficient  rta::1                          -0.0365      0.0930  -0.39  0.6946  -0.2189  0.1458      -             -
|     1  coefficient  rta::2                           0.1298      0.1123   1.16  0.2475  -0.0902  0.3499      -             -
|     1  test         no trend before (Wald)                -           -      -  0.6464        -       -      1        0.2104
|     1  coefficient  rta, average after               0.0784      0.0917   0.85  0.3926  -0.1013  0.2581      -             -
|     1  explained    trade                                 -           -      -       -        -       -      -             -

# it is no measure of a register, and value is none of a table
$ mkdir register; quipu gravity register --formula 'trade ~ x'
! ^quipu: register is a folder; name the files in it$
= 2
$ quipu value two.csv --reporter A
! ^quipu: two\.csv: not a cube: 49 bytes are less than a cube's header\. Make one with: quipu import FILE\.\.\. \-o CUBE$
= 3

# packed, from standard input, with semicolons
$ printf 'exporter;importer;trade\nA;A;6\nA;B;2\nB;A;4\nB;B;12\n' | gzip | quipu gravity - --formula 'trade ~ border | exp + imp' --errors iid --format csv | sed -n 2p | cut -c1-33
| 1,coefficient,border,-1.098612288

# a study asks a table of its inputs
$ printf '%s\n' 'quipu: 1' 'study: borders' 'title: Borders' 'inputs:' '  flows:' '    table: two.csv' 'sections:' '  - section: What borders do' '    content:' '      - table: border' '        ask: gravity flows --errors iid --show etable --formula "trade ~ border | exp + imp"' >study.yaml; quipu study study.yaml -o bundle 2>/dev/null; head -4 bundle/tables/border.csv
| term,model_1
| Dependent variable,trade
| Estimator,PPML
| border,-1.0986

# but not a measure of cubes
$ sed 's/ask: gravity/ask: value/' study.yaml >wrong.yaml; quipu study wrong.yaml -o other
! ^quipu: wrong\.yaml:11:14: value is asked of a cube, and `flows` is a table$
= 3
