# SPDX-License-Identifier: Apache-2.0
# What trade would be if its costs were others: an invented world of ten countries.

# an agreement undone, by a coefficient that is given
$ quipu counterfactual $EXAMPLES/made-up-world.csv --change rta=0 --between Aria-Bora-Cora --coefficient rta=0.5 --for Aria,Bora --plain
|          Exports before                                                                     Producer price  Consumer price         Outward
| Country      (of input)  Exports (%)  Imports (%)  Domestic (%)  Welfare (%)  Real GDP (%)             (%)             (%)  resistance (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| Aria             20,578       -22.27       -18.02          3.10        -0.49         -0.47            0.24            0.72           -0.28
| Bora              1,631       -17.12       -17.04         24.71        -3.93         -3.91           -1.81            2.19            2.15
# resistances alone, relative to a country
$ quipu counterfactual $EXAMPLES/made-up-world.csv --change rta=0 --between 'Aria>Bora' --coefficient rta=0.5 --model conditional --reference Hela --for Aria,Bora --format csv | cut -d, -f1,3,6 | sed 's/\(\.[0-9]\{6\}\)[0-9]*/\1/g'
| country,exports_change,welfare_change
| Aria,-0.005430,
| Bora,-0.040969,
# what a reader must know
$ quipu counterfactual $EXAMPLES/made-up-world.csv --change rta=0 --between Aria-Bora --formula 'trade ~ rta | exp^year + imp^year + pair' --solution published --reference Hela --for Bora | grep '^Note' | grep -v steps
| Note: Unit of prices and trade after: the consumer price of Hela.
| Note: Expenditure stays in proportion to income (multiplicative deficits).
| Note: rta moves in 2 flows; coefficient 0.5637365881, estimated, standard error 0.1148.
| Note: Baseline: 10 countries, 2015; fitted trade, brought to observed outputs and expenditures.
# intervals, the same for any number of threads
$ for t in 1 2; do quipu counterfactual $EXAMPLES/made-up-world.csv --change rta=0 --between Aria-Bora --formula 'trade ~ rta | exp^year + imp^year + pair' --draws 30 --threads $t --format csv > $t.csv; done; cmp 1.csv 2.csv && wc -l < 1.csv
| 81
# a cube has no domestic trade of its own
$ quipu import $EXAMPLES/pacific-both-sides.csv -o p.quipu 2>/dev/null >&2; quipu counterfactual p.quipu --change rta=0 --between PER-CHN --coefficient rta=0.5 --countries PER,CHN,CHL --at 2012
! ^quipu: CHL has no domestic trade: general equilibrium needs what every country sells to itself \(output less exports\) as a row with CHL on both sides; add it, or leave CHL out$
= 3
# with it
$ printf 'country,year,value\nPER,2012,60000\nCHN,2012,11000000\nCHL,2012,90000\n' > home.csv; quipu counterfactual p.quipu --change rta=0 --between PER-CHN --coefficient rta=0.5 --countries PER,CHN,CHL --at 2012 --domestic home.csv --plain
|          Exports before                                                                     Producer price  Consumer price         Outward
| Country      (of input)  Exports (%)  Imports (%)  Domestic (%)  Welfare (%)  Real GDP (%)             (%)             (%)  resistance (%)
| ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
| CHL              19,910         0.22         0.34         -0.20         0.01          0.01           -0.12           -0.13            0.14
| CHN              17,934       -13.57        -9.56          0.03         0.00          0.00            0.01            0.01           -0.01
| PER               9,874       -24.89       -33.83          2.35        -0.64         -0.64           -1.50           -0.87            1.78
# misuse
$ quipu counterfactual $EXAMPLES/made-up-world.csv
! ^quipu: what changes\? \-\-change rta=0 for a variable, or \-\-costs FILE\.csv$
= 2
$ quipu counterfactual $EXAMPLES/made-up-world.csv --change rta=0 --coefficient rta=0.5 --between Aria-Atlantis
! ^quipu: no country or group is called "Atlantis"$
= 2
$ printf 'exporter,importer,cost\nAria,Bora,1\n' > costs.csv; quipu counterfactual $EXAMPLES/made-up-world.csv --costs costs.csv
! ^quipu: costs\.csv:1: costs: expected columns exporter, importer and either factor \(trade costs, new over old\) or effect \(what is added to the logarithm of trade at given prices\)$
= 3
$ printf 'exporter,importer,factor\nAria,Bora,-1\n' > costs.csv; quipu counterfactual $EXAMPLES/made-up-world.csv --costs costs.csv
! ^quipu: costs\.csv:2: factor of Aria to Bora is \-1; expected a number above 0$
= 3
