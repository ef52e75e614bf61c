# the cubes of these cases
$ quipu import $EXAMPLES/peru-partners.csv -o peru.quipu 2>/dev/null; quipu import $EXAMPLES/imports-from-peru-isic.csv -o isic.quipu 2>/dev/null

# SDMX-CSV: one country, partner and flow asked for are the key; a missing figure is status O
$ quipu value peru.quipu --reporter Perú --partner China --flow exports --years 1980-1982 --format sdmx-csv
| STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,COMMODITY,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,X,_X,VALUE,1980,20190393,A,USD,0,Exports of Peru to China
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,X,_X,VALUE,1981,,O,USD,0,Exports of Peru to China
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,X,_X,VALUE,1982,28696110,A,USD,0,Exports of Peru to China

# SDMX-CSV: several partners are a column, a group is no country
$ quipu share peru.quipu --reporter PER --partner China,Japan --of asia-study --years 2011 --plain -f sdmx-csv
| STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,COMMODITY,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE,PARTNER_NAME
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,_X,_X,SHARE_VALUE,2011,6972639440,A,USD,0,,China
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,CHN,_X,_X,SHARE,2011,0.5877397636785415,A,PURE_NUMB,0,,China
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,JPN,_X,_X,SHARE_VALUE,2011,2174663417,A,USD,0,,Japan
| dataflow,QUIPU:TABLE(1.0.0),I,A,PER,JPN,_X,_X,SHARE,2011,0.18330736499232345,A,PURE_NUMB,0,,Japan

# SDMX-CSV: products and their names
$ quipu top isic.quipu --reporter China --partner Peru --by product --years 2011 --limit 1 -f sdmx-csv --plain
| STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,COMMODITY,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE,PRODUCT_NAME
| dataflow,QUIPU:TABLE(1.0.0),I,A,CHN,PER,_X,1320,TOP_RANK,2011,1,A,PURE_NUMB,0,,"Mining of non-ferrous metal ores, except uranium and thorium ores"
| dataflow,QUIPU:TABLE(1.0.0),I,A,CHN,PER,_X,1320,TOP_VALUE,2011,3952466363,A,USD,0,,"Mining of non-ferrous metal ores, except uranium and thorium ores"
| dataflow,QUIPU:TABLE(1.0.0),I,A,CHN,PER,_X,1320,TOP_SHARE,2011,0.5025848598008007,A,PURE_NUMB,0,,"Mining of non-ferrous metal ores, except uranium and thorium ores"
| dataflow,QUIPU:TABLE(1.0.0),I,A,CHN,PER,_X,1320,TOP_CUMULATIVE,2011,0.5025848598008007,A,PURE_NUMB,0,,"Mining of non-ferrous metal ores, except uranium and thorium ores"

# the longest ending names the format
$ quipu value peru.quipu --reporter Peru --partner China --years 2011 -o a.sdmx.csv && quipu value peru.quipu --reporter Peru --partner China --years 2011 -o a.csv && head -1 a.sdmx.csv a.csv
| ==> a.sdmx.csv <==
| STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,COMMODITY,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE,UNIT_MULT,TITLE
|
| ==> a.csv <==
| year,value

# a workbook in a file, and the same through a pipe
$ quipu value peru.quipu --reporter Peru --partner China -o a.xlsx && quipu value peru.quipu --reporter Peru --partner China -f xlsx | cmp - a.xlsx && head -c 2 a.xlsx
| PK

# no date in it is today's
$ unzip -p a.xlsx docProps/core.xml | grep -o '20..-..-..T..:..:..Z' | sort -u
| 2000-01-01T00:00:00Z

# a workbook is not for a terminal
$ script -qec "quipu value peru.quipu --reporter Peru --partner China -f xlsx" /dev/null | tr -d '\r'
| quipu: value: xlsx is not for a terminal; give it a file: -o NAME.xlsx

# but may be written to a file from one
$ script -qec "quipu value peru.quipu --reporter Peru --partner China -f xlsx -o b.xlsx" /dev/null; cmp a.xlsx b.xlsx

# nearest format
$ quipu value peru.quipu --reporter Peru --partner China -f xslx
! ^quipu: value: there is no format 'xslx'; did you mean 'xlsx'\?$
= 2

# an ending that is none
$ quipu value peru.quipu --reporter Peru --partner China -o a.xls
! ^quipu: value: the name a\.xls tells no format; add \-\-format, or end it in \.csv, \.json, \.txt, \.md, \.tex, \.html, \.xlsx, \.dta, \.sav, \.sdmx\.csv, \.arrows, \.parquet, \.tsv or \.jsonl$
= 2

# nothing is left of a file that cannot be written
$ quipu value peru.quipu --reporter Peru --partner China -o nowhere/a.xlsx
! ^quipu: cannot write nowhere/a\.xlsx: No such file or directory$
= 4

# LaTeX: a narrow table as it is
$ quipu growth peru.quipu --reporter Peru --partner China --years 1995-2011 -f latex --plain
| % needs the package booktabs
| \begin{tabular}{rrrrrrr}
| \toprule
| From & To & First value (million US\$) & Last value (million US\$) & Growth a year (\%) & Last over first (times) & Accumulated growth (times) \\
| \midrule
| 1995 & 2011 & 349.0 & 6,972.6 & 20.6 & 19.98 & 18.98 \\
| \bottomrule
| \end{tabular}

# LaTeX: a wide one breaks headers and names
$ quipu structure isic.quipu --reporter Korea --partner Peru --by technology --years 2000,2008,2011 --wide -f latex
| % needs the packages booktabs, array
| \begin{table}[htbp]
| \centering
| \caption{Structure of the imports of South Korea from Peru, by Technology content; denominator: all products (Share)}
| \begin{tabular}{l>{\raggedright\arraybackslash\hspace{0pt}}p{\dimexpr(\linewidth-17.7em-10\tabcolsep)*1000/1000\relax}rrr}
| \toprule
| Code & Class & 2000 (\%) & 2008 (\%) & 2011 (\%) \\
| \midrule
| PG & Primary goods & 63.9 & 7.7 & 27.6 \\
| NRBM & Natural resource-based manufactures & 33.7 & 90.6 & 70.8 \\
| LTM & Low technology manufactures & 1.8 & 1.3 & 0.8 \\
| MTM & Medium technology manufactures & 0.0 & 0.1 & 0.0 \\
| HTM & High technology manufactures & 0.0 & 0.0 & 0.1 \\
| OTHER & Special transactions and other & 0.5 & 0.4 & 0.6 \\
| unclassified & Not classified & 0.0 & 0.0 & 0.0 \\
| \bottomrule
| \end{tabular}
| \par\smallskip{\footnotesize\raggedright Note: Shares are of all products.\par}
| \par\smallskip{\footnotesize\raggedright Note: Classes: Technology content.\par}
| \par\smallskip{\footnotesize\raggedright Source: UN Comtrade through WITS (DTorres511/\allowbreak{}Informalidad); release: 2021; nomenclature: I3; valuation: CIF; cube: d6ca041560a3996838c348f3de251a86; engine: quipu 0.1.0\par}
| \end{table}
