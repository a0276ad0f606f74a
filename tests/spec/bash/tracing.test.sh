# SPDX-License-Identifier: Apache-2.0
# What `set -x` shows of words, expressions and traps.

### words that are shown as written resolve $'...'
{
set -x
for b in $'a\tb' "$q" 'c d'; do :; done
case $'x\ty' in a) ;; esac
y=(1 $'2\t')
} 2>&1 | cat -A
#> + for b in 'a^Ib' "$q" 'c d'$
#> + :$
#> + for b in 'a^Ib' "$q" 'c d'$
#> + :$
#> + for b in 'a^Ib' "$q" 'c d'$
#> + :$
#> + case 'x^Iy' in$
#> + y=(1 '2^I')$

### expressions are shown as their expansions come out
set -x
a=1
(( a + $a ))
(( ${#a} > 1 ))
(( b = $(echo 2) ))
for ((i=$a; i<$a+1; i++)); do :; done
for ((;;)); do break; done
#! + a=1
#! + ((  a + 1  ))
#! + ((  1 > 1  ))
#! ++ echo 2
#! + ((  b = 2  ))
#! + (( i=1 ))
#! + (( i<1+1 ))
#! + :
#! + (( i++ ))
#! + (( i<1+1 ))
#! + (( 1 ))
#! + (( 1 ))
#! + break

### the EXIT trap is traced as what ends is
set -x
(trap 'echo sub' EXIT)
x=$(trap 'echo subst' EXIT)
trap 'eval echo end' EXIT
eval exit
#> sub
#> end
#! + trap 'echo sub' EXIT
#! ++ echo sub
#! ++ trap 'echo subst' EXIT
#! ++ echo subst
#! + x=subst
#! + trap 'eval echo end' EXIT
#! + eval exit
#! ++ exit
#! + eval echo end
#! ++ echo end

### an empty expression is shown as one
set -x
[[ bar =~ $x ]]
#! + [[ bar =~ '' ]]

### a value of BASH_XTRACEFD that is no open descriptor is told of
BASH_XTRACEFD=x
BASH_XTRACEFD=77
BASH_XTRACEFD=
BASH_XTRACEFD=2
echo $?
#> 0
#! script.sh: line 1: BASH_XTRACEFD: x: invalid value for trace file descriptor
#! script.sh: line 2: BASH_XTRACEFD: 77: invalid value for trace file descriptor

### select is traced before its words are expanded
PS4='+ '; set -x
select x in ${nosuch?gone} b; do break; done
#! + select x in ${nosuch?gone} b
#! script.sh: line 2: nosuch: gone
## status: 1
