# the commands of the tutorial, as they stand there
$ mkdir build docs && ln -s "$(command -v quipu)" build/quipu && ln -s $EXAMPLES/../../data data && ln -s $EXAMPLES/../../examples examples && awk '/^```$/{on=!on; next} on' $EXAMPLES/../../docs/tutorial.md | sed 's/ --watch$//' > run.sh && wc -l < run.sh && sh -eu run.sh >said 2>&1 || tail -5 said; ls study | tr '\n' ' '
| 27
| chile chile.yaml customs.quipu figure-1.svg isic.quipu latam.quipu peru-asia peru.quipu weight.quipu
