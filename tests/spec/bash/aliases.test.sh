# SPDX-License-Identifier: Apache-2.0
# bash: aliases.

### off in scripts until asked for
alias a='echo alias'
a 2>/dev/null || echo off
shopt -s expand_aliases
alias b='echo b'
b text
#> off
#> b text

### known from the next line on
shopt -s expand_aliases
alias c='echo old'
c; alias c='echo new'; c
c
#> old
#> old
#> new

### a trailing blank expands the next word
shopt -s expand_aliases
alias run='echo ' word='expanded' other=no
run word other
run x word
#> expanded other
#> x word

### quoting prevents it
shopt -s expand_aliases
ls() { echo function; }
alias ls='echo alias'
ls; \ls; 'ls'; l"s"
#> alias
#> function
#> function
#> function

### an alias of itself ends
shopt -s expand_aliases
alias echo='echo again'
echo x
#> again x

### chains
shopt -s expand_aliases
alias one=two two='three x' three='echo three'
one
#> three x

### reserved words and syntax in aliases
shopt -s expand_aliases
alias begin='if true; then' done_='fi' loop='for i in 1 2; do'
begin echo yes; done_
loop echo $i; done
alias pipe='| tr a-z A-Z'
echo text pipe
#> yes
#> 1
#> 2
#> text pipe

### after operators and assignments
shopt -s expand_aliases
alias hi='echo hi'
x=1 hi
true && hi; ! hi; (hi); { hi; }
> /dev/null hi
#> hi
#> hi
#> hi
#> hi
#> hi

### printing and removing
alias z="it's" y='a b'
alias y z
alias | grep -c "^alias [yz]="
unalias y; alias y; echo $?
unalias nothing; echo $?
unalias -a; alias
#> alias y='a b'
#> alias z='it'\''s'
#> 2
#> 1
#> 1
#! script.sh: line 4: alias: y: not found
#! script.sh: line 5: unalias: nothing: not found

### names
alias a/b=x; echo $?
alias 'a b=x'; echo $?
alias ok-1.2=x; echo $?
alias nothing; echo $?
#> 1
#> 1
#> 0
#> 1
#! script.sh: line 1: alias: `a/b': invalid alias name
#! script.sh: line 2: alias: `a b': invalid alias name
#! script.sh: line 4: alias: nothing: not found

### in functions at definition time
shopt -s expand_aliases
alias v='echo one'
f() { v; }
alias v='echo two'
f
#> one

### in substitutions and eval
shopt -s expand_aliases
alias v='echo value'
echo $(v a) `v b`
eval 'v c'
#> value a value b
#> value c

### type and command know them
shopt -s expand_aliases
alias v='echo x'
type v; type -t v; command -v v
#> v is aliased to `echo x'
#> alias
#> alias v='echo x'
