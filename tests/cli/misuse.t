# a misspelt verb gets a proposal
$ quipu improt x
! did you mean 'import'\?$
= 2

# a misspelt measure too
$ quipu groth x
! did you mean 'growth'\?$
= 2

# a misspelt option too
$ quipu growth x --repoter Peru
! ^quipu: growth: there is no option --repoter; did you mean --reporter\?$
= 2

# an option without its value
$ quipu growth x --reporter
! --reporter wants a value
= 2

# import wants a place to go
$ quipu import x.csv
! where to\? add -o CUBE$
! ^usage: quipu import
= 2

# a cube that is not there
$ quipu info nothing.quipu
! nothing.quipu
= 4

# a file that is no cube
$ echo hello > x.quipu; quipu info x.quipu
! ^quipu: x.quipu
= 3

# a format that does not exist
$ quipu list measures --format jsno
! did you mean 'json'\?$
= 2

# a name that tells no format
$ quipu list measures -o measures.xyz
! tells no format
= 2

# nothing is left behind
$ ls
| x.quipu

# threads must be a number
$ quipu import x.quipu -o y --threads many
! --threads wants a number
= 2

# lists that exist
$ quipu list contries
! did you mean 'countries'\?$
! ^usage: quipu list
= 2
