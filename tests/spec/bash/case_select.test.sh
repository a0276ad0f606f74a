# SPDX-License-Identifier: Apache-2.0
# bash: case with all its terminators, select, and loops' odd forms.

### falling through and going on
for x in a b c d; do
  case $x in
    a) printf 'A ' ;&
    b) printf 'B ' ;;&
    [a-c]) printf 'range ' ;;
    *) printf 'other ' ;;
  esac
  echo
done
#> A B range 
#> B range 
#> range 
#> other 

### the last branch may end with any terminator
case a in a) echo one ;& esac
case a in a) echo two ;;& esac
case a in a) echo three; esac
case a in a) echo four ;& b) esac
echo $?
#> one
#> two
#> three
#> four
#> 0

### alternatives, quoting and empty words
for w in yes no '' 'a b' '*' x; do
  case $w in
    y | yes) echo Y ;;
    "no") echo N ;;
    '') echo empty ;;
    *' '*) echo blank ;;
    \*) echo star ;;
    ?) echo one ;;
  esac
done
#> Y
#> N
#> empty
#> blank
#> star
#> one

### patterns from variables
p='a*' q='[0-9]'
case abc in "$p") echo quoted ;; $p) echo pattern ;; esac
case 5 in $q) echo digit ;; esac
#> pattern
#> digit

### only what is needed is expanded
case x in
  x) echo matched ;;
  $(echo evaluated >&2)) echo never ;;
esac
#> matched

### status of a case
case x in y) false ;; esac; echo $?
case x in x) false ;; esac; echo $?
case x in x) ;; esac; echo $?
#> 0
#> 1
#> 0

### reserved words as patterns
for w in esac if do; do
  case $w in (esac) echo E ;; if) echo I ;; do) echo D ;; esac
done
#> E
#> I
#> D

### extended patterns
shopt -s extglob
for w in foo bar foobar '' xx; do
  case $w in
    @(foo|bar)) echo "one $w" ;;
    +(foo|bar)) echo "several $w" ;;
    ?(x)) echo "optional $w" ;;
    !(y)) echo "not $w" ;;
  esac
done
#> one foo
#> one bar
#> several foobar
#> optional 
#> not xx

### nested cases in substitutions
x=$(case a in a) case b in (b) echo inner ;; esac ;; esac)
echo $x
#> inner

### select reads choices
select c in one 'two 2' three; do
  echo "[$c] [$REPLY]"
  [ "$c" ] && break
done <<< $'9\n2\n'
#> [] [9]
#> [two 2] [2]
#! 1) one
#! 2) two 2
#! 3) three
#!$ #? #? 

### select prints again after an empty line and ends at the end of input
PS3='which? '
select c in a b; do echo "got $c"; done <<< $'\n1'
echo "status $?"
#> got a
#>
#> status 1
#! 1) a
#! 2) b
#! which? 1) a
#! 2) b
#!$ which? which? 

### select over the parameters
set -- x y
select c; do echo $c; break; done <<< 2
#> y
#! 1) x
#! 2) y
#!$ #? 

### select in columns
COLUMNS=40
select c in {1..12}; do echo $c; break; done <<< 12
#> 12
#!$ 1) 1\t 4) 4\t 7) 7\t10) 10\n
#!$ 2) 2\t 5) 5\t 8) 8\t11) 11\n
#!$ 3) 3\t 6) 6\t 9) 9\t12) 12\n
#!$ #? 

### for over expansions and over nothing
for x in $(echo a b) "c d" {1..2}; do printf '<%s>' "$x"; done; echo
for x in $nothing; do echo never; done; echo $?
for x in; do echo never; done; echo "[$x]"
#> <a><b><c d><1><2>
#> 0
#> [2]

### for with the old braces
for i in a b; { printf '%s ' $i; }; echo
#> a b 

### break and continue count loops
for a in 1 2; do for b in 1 2; do for c in 1 2; do
  [[ $b == 2 ]] && continue 2
  [[ $a == 2 ]] && break 3
  echo $a$b$c
done; done; done
#> 111
#> 112

### continue in the condition of until ends that loop
for i in 1 2; do
  until continue; do echo body; done
  echo "after $i"
done
for i in 1 2; do until continue 2; do echo body; done; echo never; done
echo "end $?"
#> after 1
#> after 2
#> end 0

### break of more loops than there are
for i in 1 2; do break 9; done; echo $?
for i in 1; do continue 5; done; echo $?
#> 0
#> 0

### bad counts
for i in 1 2; do break 0; done; echo $?
for i in 1 2; do break x; done; echo $?
#> 1
#! script.sh: line 1: break: 0: loop count out of range
#! script.sh: line 2: break: x: numeric argument required
## status: 128

### the loop variable stays
for i in a b c; do :; done; echo $i
while read -r l; do last=$l; done < <(printf '1\n2\n'); echo $last
#> c
#> 2

### a loop in a pipeline is a subshell
n=0
printf '1\n2\n' | while read -r x; do ((n++)); done
echo $n
#> 0

### until and its status
n=0; until ((n++ >= 2)); do :; done; echo "$? $n"
while false; do :; done; echo $?
while ((n-- > 0)); do (exit 4); done; echo $?
#> 0 3
#> 0
#> 4

### a pattern met again heeds the options of now
p='@(a|b)*'
m() { case $1 in $p) echo yes ;; *) echo no ;; esac; }
m abc
shopt -s extglob
m abc
shopt -s nocasematch
m ABC
shopt -u nocasematch
m ABC
[[ abc == $p ]] && echo always
#> no
#> yes
#> yes
#> no
#> always

### select ends with an empty REPLY
PS3=
REPLY=old
select x in a b; do :; done </dev/null 2>/dev/null
echo "[$REPLY]"
#>
#> []

### a pattern of one star, with what stands before and behind it
m() { case $1 in a*a) echo both ;; a*) echo begin ;; *.tar.gz) echo end ;; \**) echo star ;; ü*ü) echo u ;; "*"x*) echo quoted ;; *) echo any ;; esac; }
m a; m aa; m aba; m ab; m x.tar.gz; m .tar.gz; m tar.gz; m '*x'; m ü; m üü; m ''
[[ aXa == a*a ]] && echo yes
[[ a == a*a ]] || echo no
shopt -s nocasematch
m ABA; [[ X.TAR.GZ == *.tar.gz ]] && echo folded
#> begin
#> both
#> both
#> begin
#> end
#> end
#> any
#> star
#> any
#> u
#> any
#> yes
#> no
#> both
#> folded

### reserved words and words like them, printed back
f() { if true; then { echo if then fi; } fi; for do in do done; do echo $do; done; case esac in (esac) echo e ;; esac; [ a = a ] && echo [ [[ {; }
declare -f f; f
#> f () 
#> { 
#>     if true; then
#>         { 
#>             echo if then fi
#>         };
#>     fi;
#>     for do in do done;
#>     do
#>         echo $do;
#>     done;
#>     case esac in 
#>         esac)
#>             echo e
#>         ;;
#>     esac;
#>     [ a = a ] && echo [ [[ {
#> }
#> if then fi
#> do
#> done
#> e
#> [ [[ {
