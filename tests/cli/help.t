# the version
$ quipu --version
| quipu 0.1.0

# alone: a welcome
$ quipu | head -1
| quipu 0.1.0 - analysis of bilateral trade

# help names every verb
$ quipu help | sed -n '/^Verbs/,/^$/p' | awk '{print $1}'
| Verbs
| import
| append
| fetch
| sql-plan
| info
| verify
| dump
| sql
| convert
| draw
| list
| study
| serve
| invest
| help
| completion
|

# short help has usage and options
$ quipu dump -h
| quipu dump - write a whole cube as text or Parquet; import reads it back unchanged
|
| usage: quipu dump CUBE
|
| Options
|   -f, --format FORMAT     csv or parquet; else what -o ends in, else csv
|   -o, --output FILE       write there instead of to standard output
|
| quipu help dump says more.

# long help of a measure has its formula
$ quipu growth --help | grep -c '^Formula\|^Reference\|^Options'
| 3

# help by name is the same text
$ quipu help growth > a; quipu growth --help > b; cmp a b && echo same
| same

# every measure has help
$ for m in $(quipu list measures --format csv | tail -n +2 | cut -d, -f1); do quipu help $m > out || echo $m; grep -q '^Options' out || echo $m; done

# completion knows verbs
$ quipu completion bash | bash -n && quipu completion zsh | head -1
| #compdef quipu

# no completion for other shells
$ quipu completion fish
! ^quipu: completion: for bash or zsh, not 'fish'$
= 2

# completion knows every kind of figure, the help of a measure every format
$ quipu completion bash | grep -m1 -e '--chart)' >kinds.txt; for kind in $(quipu list charts --format csv --plain | tail -n +2 | cut -d, -f1); do grep -qw -e "$kind" kinds.txt || echo "no $kind"; done
$ quipu help share >share.txt; for format in text csv tsv json jsonl markdown latex html xlsx dta sav sdmx-csv arrow parquet; do grep -qw -e "$format" share.txt || echo "no $format"; done
