# a table needs its name and its map
$ quipu import odbc:DSN=none -o x.quipu
! ^quipu: which table of the database\? add --table NAME$
= 2
$ quipu import odbc:DSN=none --table t -o x.quipu
! ^quipu: a table of an engine needs --map: period=COLUMN
= 2

# words of the map, and conditions, are refused before anybody is asked
$ quipu import odbc:DSN=none --table t --map period=y,reporter=r,partner=p,value=v,color=c -o x.quipu
! no role "color"
= 2
$ quipu import odbc:DSN=none --table t --map period=y,reporter=r,partner=p,value=v --where "v > 0; drop table t" -o x.quipu
! --where "v > 0; drop table t": found ";
= 2

# options of databases are for databases; declarations have no first
$ quipu import $EXAMPLES/peru-partners.csv --table t -o x.quipu
! are for an input "odbc:CONNECTION"
= 2
$ quipu import odbc:DSN=none --table t --map period=y,reporter=r,partner=p,value=v --duplicates first -o x.quipu
! they are added up, there is no first or last
= 2

# the statement of a dialect
$ quipu import odbc: --dialect duckdb --table s.t --map period=y,reporter:PER,partner=p,value=v --statement | grep -A1 FROM
| FROM "s"."t"
| GROUP BY "y", "p",

$ quipu import odbc: --dialect duckdb --table t --map period=y,reporter:PER,partner=p,value=v,firm=ruc --keep-firms --statement | grep -e SELECT -e GROUP
| SELECT "y", "p", "ruc",
| GROUP BY "y", "p", "ruc",
$ quipu import odbc: --dialect duckdb --table t --map period=y,reporter:PER,partner=p,value=v,firm=ruc --statement
! ^quipu: --map names the firm: keep firms in the cube with --keep-firms, count those of each cell with --firms FILE, or leave firm= out$
= 2
$ quipu import odbc: --dialect duckdb --table t --map period=y,reporter:PER,partner=p,value=v --keep-firms --statement
! ^quipu: --keep-firms needs firm=COLUMN in --map$
= 2

# an input of the cube by another name
$ printf 'y,r,p,v\n2011,PER,CHN,1\n2011,PER,CHN,1\n' | quipu import - --map period=y,reporter=r,partner=p,value=v --duplicates declarations --input-name customs -o d.quipu 2>&1 | head -1
| 2 rows read = 2 accepted + 0 set aside + 0 rejected  (read as map)
$ quipu dump d.quipu | grep -e '^#input' -e ^2011
| #input customs
| 2011,export,604,156,TOTAL,2,,,,

# measures as SQL
$ quipu sql-plan value --dialect spark --table t --map period=y,reporter=r,partner=p,value=v --reporter Peru --years 2011 | tail -3
| SELECT x.period, x.v1 * 0.001 AS value
| FROM panel AS x
| ORDER BY period;
$ quipu sql-plan cms --dialect spark --table t --map period=y,reporter=r,partner=p,value=v
! cms does not stay in the engine
= 2
