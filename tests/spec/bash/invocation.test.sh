# SPDX-License-Identifier: Apache-2.0
# bash: how a shell is called.

### a string with a name and parameters
## args: -c 'echo "$0" "$@" $#' name 'a b' c
#> name a b c 2

### a script with parameters
## args: script.sh one 'two words'
echo "${0##*/}" "$#" "$2"
#> script.sh 2 two words

### standard input as the script
## args: -s x y
## stdin
#| echo "$# $2"
#| read -r line
#| this is data
#| echo "[$line]"
#> 2 y
#> [this is data]

### without arguments standard input is the script
## stdin
#| echo from stdin
#> from stdin

### clusters of options
## args: -euc 'echo a; false; echo b'
#> a
## status: 1

### options by name
## args: -o pipefail -c 'false | true; echo $?'
#> 1

### options after a plus
## args: -x +x -c 'echo quiet'
#> quiet

### trace
## args: -xc 'a=1; echo "$a b"'
#> 1 b
#! + a=1
#! + echo '1 b'

### verbose
## args: -v script.sh
echo one
# comment
echo two
#> one
#> two
#! echo one
#! # comment
#! echo two

### a missing script
## args: nothing.sh
#!~ *: nothing.sh: No such file or directory
## status: 127

### only checked, not run
## args: -n script.sh
echo never

### two dashes end the options
## args: -- script.sh -c
echo "$1"
#> -c

### the environment reaches variables
## args: -c 'echo "$FROM_OUTSIDE"'
## env: FROM_OUTSIDE=a b
#> a b

### BASH_ENV is read by scripts
## env: BASH_ENV=./rc
## file rc
#| echo from rc
echo script
#> from rc
#> script

### statuses of a string
## args: -c 'exit 300'
## status: 44
