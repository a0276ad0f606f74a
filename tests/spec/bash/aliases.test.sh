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

### the next word is looked up through chains, quoted words being passed over
shopt -s expand_aliases
alias e='echo ' a='b ' b='c ' c='d' one=two two=three
e one
e a b c x
e a a
e 'a' b
e \a b
alias n='echo '
n X=1 a
#> three
#> d d d x
#> d d
#> a d
#> a d
#> X=1 a

### text that ends in an operator, a quote or a backslash is joined with what follows
shopt -s expand_aliases
alias lt='<' q='echo "a' r="echo 'b" bs='\' bsnl='\
' e='echo ' m='echo $(( 4+3 )' s='(' u='! '
lt>/dev/null >&0 echo not printed
echo $?
q b"
r c'
e bs
 foo
e bsnl bar
m)
s echo z)
u false; echo $?
#> 0
#> a b
#> b c
#> foo
#> bar
#> 7
#> z
#> 0

### the parts of for and case
shopt -s expand_aliases
alias a='for i ' b='in 1 2' I='in' X='x ' L='x) echo l;;' S='esac' d='do '
a b; do echo $i; done
for i in 1 2; d echo p; done
case x I x) echo 1;; esac
case x in L esac
case X I x) echo 3;; esac
case x in x) echo 4;; S
#> 1
#> 2
#> p
#> p
#! script.sh: line 5: syntax error near unexpected token `I'
#! script.sh: line 5: `case x I x) echo 1;; esac'
#!?                            ^
## status: 2

### a name in for is followed by no alias
shopt -s expand_aliases
alias b='in 1 2'
for c b; do echo $i; done
#! script.sh: line 3: syntax error near unexpected token `b'
#! script.sh: line 3: `for c b; do echo $i; done'
#!?                           ^
## status: 2

### newlines in the text are no lines
shopt -s expand_aliases
alias d='echo $LINENO
echo $LINENO'
d
echo $LINENO
#> 4
#> 4
#> 5

### in a command substitution that the text closes
set -o posix
alias short='echo ok 8 )'
echo "$( short "
echo "[$( short ]"
#> ok 8 
#> [ok 8 ]
