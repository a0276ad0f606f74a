# SPDX-License-Identifier: Apache-2.0
# bash: compgen as completion libraries use it, and history in the corners.

### compgen -W is cut at IFS, expanded, and names no files
touch foo.txt
v='p q'
compgen -W '*.txt'; compgen -W '$v r'; compgen -W '"$v" r'
compgen -W 'a\ b "c d"'; compgen -W 'x;y (z) &'; compgen -W 'a#b #c'; compgen -W "it's"
compgen -W '$(echo "one two") `echo a b`'
IFS=:; compgen -W 'a:b c:d'; compgen -W '$(echo "x:y z")'
IFS=$'\n'; f() { printf '%s\n' one "a b"; }; compgen -W '$( f ) extra'
compgen -W ''; echo $?
#> *.txt
#> p
#> q
#> r
#> p q
#> r
#> a b
#> c d
#> x;y
#> (z)
#> &
#> a#b
#> #c
#> its
#> one
#> two
#> a
#> b
#> a
#> b c
#> d
#> x
#> y z
#> one
#> a b extra
#> 1

### compgen -X: & is the word, ! keeps, extended patterns when they are on
compgen -W 'a b ab' -X '&' a
compgen -W 'a b ab' -X '!&*' a
compgen -W 'a& b' -X '*\&'
echo --
shopt -s extglob
compgen -W 'a.c b.o' -X '!(*.c)'
compgen -W 'a.c b.o' -X '!*.@(c|d)'
shopt -u extglob
compgen -W 'a.c b.o' -X '!*.@(c|d)'; echo $?
#> ab
#> a
#> ab
#> b
#> --
#> a.c
#> a.c
#> 1

### compgen -f and -d: dot files, tildes, options
mkdir d .h; touch foo .dot d/x
compgen -f .d; compgen -f d/; compgen -d . | sort; compgen -f '~/fo'; compgen -d '~/d'
compgen -o dirnames -W dx d; echo --
compgen -o dirnames d; echo --
compgen -o plusdirs -W dx d; echo --
compgen -o default fo; compgen -o bashdefault fo; echo $?
#> .dot
#> d/x
#> .
#> ..
#> .h
#> ~/foo
#> ~/d
#> dx
#> --
#> d
#> --
#> dx
#> d
#> --
#> foo
#> 1

### what a function and a command are told
_c() { echo "K=$COMP_KEY T=$COMP_TYPE L=$COMP_LINE W=${#COMP_WORDS[@]} P=$COMP_POINT C=$COMP_CWORD 1=$1 2=$2 3=$3"; COMPREPLY=(a b); }
compgen -F _c cmd 2>/dev/null
echo "${COMP_KEY-unset}"
compgen -C 'echo x' word 2>/dev/null
#> K=0 T=0 L= W=0 P=0 C=-1 1=compgen 2=cmd 3=
#> a
#> b
#> unset
#> x compgen word 

### names of signals, topics, hosts and keys
compgen -A signal SIGJ; compgen -A signal SIGU
compgen -A helptopic co; compgen -A binding vi-y
printf '127.0.0.1 hosta hostb # c\n' > h; HOSTFILE=$PWD/h; compgen -A hostname ho
#> SIGJUNK(32)
#> SIGJUNK(33)
#> SIGUSR1
#> SIGUSR2
#> SIGURG
#> command
#> compgen
#> complete
#> compopt
#> continue
#> coproc
#> vi-yank-arg
#> vi-yank-pop
#> vi-yank-to
#> hosta
#> hostb

### !:* takes substitutions and patterns for words
unset HISTFILE; set -o history; set -o histexpand; shopt -s extglob
echo <(echo /tmp)/Step1 >/dev/null
echo !:* | cat
echo /+(one|two)/Step1
echo !:*
shopt a b 2>/dev/null
echo !shopt-1
#> /+(one|two)/Step1
#> /+(one|two)/Step1
#> shopt a
#! echo <(echo /tmp)/Step1 > /dev/null | cat
#! echo /+(one|two)/Step1
#! echo shopt a

### a command's own lines are not what ! means
unset HISTFILE; set -o history; set -o histexpand
echo one
for i in a b
do echo $i "!!"
done
#> one
#> a echo one
#> b echo one
#! do echo $i "echo one"

### posix mode: nothing is replaced in double quotes
unset HISTFILE; set -o history; set -o posix; set -o histexpand
echo a
echo "x !!"
#> a
#> x !!

### fc: numbers out of the list
unset HISTFILE; set -o history
HISTSIZE=4
history -c
echo a
echo b
echo c
echo d
fc -l 502 498
fc -l 1 99
fc -l nosuch 2>/dev/null; echo $?
#> a
#> b
#> c
#> d
#>$ 2\t echo b\n
#>$ 3\t echo c\n
#>$ 4\t echo d\n
#>$ 3\t echo c\n
#>$ 4\t echo d\n
#>$ 5\t fc -l 502 498\n
#> 1

### history -d: ranges that are none
unset HISTFILE; set -o history
history -d 5-0xaf 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
history -d 1-x 2>&1 | while read -r line; do echo "${line##*line [0-9]: }"; done
#> history: 5-0xaf: history position out of range
#> history: 1-x: history position out of range

### files: -w leaves -a what to do, HISTFILESIZE cuts at once, times only where the script wants them
HISTFILE=h; set -o history
: a
history -w f
history -a f2
cat f f2
printf '%s\n' 1 2 3 > h
HISTFILESIZE=1; cat h
printf ': cmd\nhistory -w g\n' | HISTTIMEFORMAT='%F ' HISTFILE=h2 "$BASH" -o history >/dev/null
cat g
#> : a
#> history -w f
#> : a
#> history -w f
#> history -a f2
#> 3
#> : cmd
#> history -w g

### posix mode: a redirection names no files by a pattern
echo a > 'in*'; echo b > in1
set -o posix
cat <in*
#> a

### compgen -W completes a word without its quotes
for word in "''" "'a" '"a' 'a\b' '"a\$' "'a\\b"; do
  echo "$word:" $(compgen -W 'ab "a b" "a\$" c' -- "$word")
done
#> '': ab a b a$ c
#> 'a: ab a b a$
#> "a: ab a b a$
#> a\b: ab
#> "a\$: a$
#> 'a\b: ab

### what a list of -W substitutes still finds files
touch one two
compgen -W '$(echo t*) t* $(for f in o*; do echo "$f"; done)'
compgen -W '<(echo t*)' | sed 's/[0-9][0-9]*/N/'
#> two
#> t*
#> one
#> /dev/fd/N

### compgen -c names no directories
mkdir -p bin/deep
touch bin/deer
chmod +x bin/deer
PATH=$PWD/bin
compgen -c dee
#> deer

### the entry of the empty command is listed in quotes
complete -F f '' ls
complete -p '' ls
compopt -o nospace ''
complete -p ''
#> complete -F f ''
#> complete -F f ls
#> complete -o nospace -F f ''

### a number before a redirection is one word of the history with it
set -o history -H
echo a 2> /dev/null
echo !:2-
#> a
#! echo 2>
#! script.sh: line 3: syntax error near unexpected token `newline'
#! script.sh: line 3: `echo 2>'
## status: 2

### quotes within the parentheses of a substitution keep an exclamation mark as well
set -o history -H
echo "$(echo "!")" `echo "!"`
echo $'it\'s!'
#> ! !
#> it's!

### compgen warns of a function and a command
fn() { COMPREPLY=(a); }
compgen -F fn
compgen -C 'echo x'
compgen -F nosuch; echo $?
#> a
#> x compgen  
#> 1
#! script.sh: line 2: compgen: warning: -F option may not work as you expect
#! script.sh: line 3: compgen: warning: -C option may not work as you expect
#! script.sh: line 4: compgen: warning: -F option may not work as you expect
#! script.sh: line 4: completion: function `nosuch' not found

### actions are listed by letter, then by name
complete -A signal -A function -v -abu x
complete -p x
complete -A service -A variable y
complete -p y
#> complete -a -b -u -v -A function -A signal x
#> complete -s -v y

### history is silent of a file that it cannot read
history -r /nosuch
echo $?
history -w /nosuch/x
echo $?
help -s nosuch cd > /dev/null
echo $?
help nosuch nosuch2
#> 1
#> 1
#> 0
#! script.sh: line 7: help: no help topics match `nosuch2'.  Try `help help' or `man -k nosuch2' or `info nosuch2'.
## status: 1

### an event that is not found is told of at its line, which does not count
set -o history -H
:

echo !x
f() {
 echo !y
}
#! script.sh: line 4: !x: event not found
#! script.sh: line 5: !y: event not found
#! script.sh: line 5: syntax error near unexpected token `}'
#! script.sh: line 5: `}'
## status: 2

### the lines of a sourced file are neither history nor expanded by it
printf 'echo a\necho !!\n' > f
set -o history; set -H
. ./f
history
#> a
#> !!
#>     1  . ./f
#>     2  history

### what came before HISTTIMEFORMAT has no time
set -o history
a=1
HISTTIMEFORMAT='T '
history
#>     1  ??a=1
#>     2  ??HISTTIMEFORMAT='T '
#>     3  T history
