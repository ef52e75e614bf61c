# declarations with their firms: what is said of them, and who may read the cube
$ printf 'y,r,p,hs,v,ruc\n2011,PER,CHN,260300,10,20100\n2011,PER,CHN,260300,5,20200\n2011,PER,JPN,260300,1,\n' >d.csv
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms --input-name d -o firms.quipu 2>&1 | grep -i firm
| note      no firm stated, kept as trade of firms unknown      1            1  -
| 2 firms, 3 rows by firm: the cube is for its owner only (mode 0600)
| firms.quipu: 0.01 MB from 0.00 MB
$ stat -c %a firms.quipu
| 600
$ quipu verify firms.quipu
| firms.quipu: sound
$ quipu info firms.quipu | grep firms
| firms.quipu: 0.01 MB; countries and areas: 3; products: 1; tariffs: 0
|   firms          2

# the public copy is the cube of an import without firms
$ quipu dump firms.quipu | grep -c -i -e firm -e 20100
| 0
= 1
$ quipu dump firms.quipu | quipu import - -o public.quipu 2>/dev/null
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations --input-name d -o without.quipu 2>/dev/null
$ cmp public.quipu without.quipu

# firms are kept when it is said, of declarations only, and together
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations -o x.quipu
! ^quipu: --map names the firm: keep firms with --keep-firms \(the cube is then as confidential as the declarations\), or leave firm= out$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --keep-firms -o x.quipu
! ^quipu: firms are of single declarations, several of which make a cell: add --duplicates declarations$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations --keep-firms -o x.quipu
! ^quipu: d.csv: --keep-firms, but --map has no firm=COLUMN: all rows of a cube with firms must say theirs$
= 2
$ quipu import d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm:20100 --duplicates declarations --keep-firms -o x.quipu
! ^quipu: --map: firm:20100 is not a constant this role can have$
= 2
$ quipu append firms.quipu d.csv --map period=y,reporter=r,partner=p,product=hs,value=v --duplicates declarations
! ^quipu: the cube has firms, nothing can be appended to it: ids are not kept, so firms of two imports cannot be told to be the same. Import all files together$
= 2
$ quipu append without.quipu d.csv --map period=y,reporter=r,partner=p,product=hs,value=v,firm=ruc --duplicates declarations --keep-firms
! ^quipu: firms cannot be appended: ids are not kept
= 2
$ ls x.quipu
! No such file
= 2

# nothing converts them
$ quipu convert firms.quipu --to H4 -o h4.quipu 2>&1 | grep firm
| rows by firm are not converted: the new cube has none
