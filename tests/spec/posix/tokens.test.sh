# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.3, 2.4 and 2.10: tokens, reserved words, grammar.

### operators need no blanks
echo a;echo b&&echo c||echo d
(echo e)|cat;{ echo f;}
if true;then echo g;fi;for i in 1 2;do echo $i;done
x=1&&echo $x;case x in x)echo h;;esac
#> a
#> b
#> c
#> e
#> f
#> g
#> 1
#> 2
#> 1
#> h

### longest operators first
echo a>f;echo b>>f;cat<f;cat<<E;true&&echo c
here
E
#> a
#> b
#> here
#> c

### numbers before redirections
echo 1>f;cat f;echo a 1>f;cat f;echo a1>f;cat f
#>
#> a
#> a1

### comments
echo a # b
echo a#b '#c' \#d "#e"
# only a comment
: # and a line \
echo next
#> a
#> a#b #c #d #e
#> next

### reserved words where commands may stand
if if true; then false; else true; fi; then echo nested; fi
while until true; do :; done; false; do :; done; echo ended
! ! true && echo twice
#> ended
#> twice

### reserved words as arguments and names
echo if; for for in in do; do echo $for; done
case in in in) echo in ;; esac
done=1; echo $done
#> if
#> in
#> do
#> in
#> 1

### braces are reserved words, parentheses operators
{ echo a; }; (echo b); echo {} { } }a; {echo() { :; }; {echo && echo named
#> a
#> b
#> {} { } }a
#> named

### newlines in lists and pipelines
true &&

# a comment between
echo a |

tr a b
{
echo c

}
(

echo d
)
#> b
#> c
#> d

### semicolons and ampersands
true; true & wait; echo $?
{ true & }; wait; for i in 1; do true & done; wait; echo ok
#> 0
#> ok

### functions on several lines
f()

{ echo f; }
f
g() (echo g)
g
#> f
#> g

### case in all layouts
case a in a) echo 1;; esac
case a in (a) echo 2;; esac
case a
in
a)
echo 3
;;
*) esac
case a in a) ;; esac; echo $?
case a in esac; echo $?
#> 1
#> 2
#> 3
#> 0
#> 0

### for in all layouts
for i in a
do echo $i; done
set -- p q
for i
do echo $i; done
for i; do echo $i; done
for i in; do echo never; done
#> a
#> p
#> q
#> p
#> q

### line continuation everywhere
ec\
ho a \
b; if tr\
ue; then echo c; fi; x=1\
2; echo $x "d\
e" ${\
x} $\
x
#> a b
#> c
#> 12 de 12 12

### here-documents after a list
cat <<A && cat <<B; echo end
a
A
b
B
#> a
#> b
#> end

### assignments are words with a name before the equals sign
a=1 b=2; echo $a$b; echo c=3 "d"=4; e= f=5; echo "[$e]$f"
1a=x 2>/dev/null; echo $?
#> 12
#> c=3 d=4
#> []5
#> 127

### quoting joins tokens
echo a";"b 'c&d' e\|f "g
h"
#> a;b c&d e|f g
#> h

### redirections in any place
>f echo a; echo b >>f c; <f cat; if true; then echo d; fi >f; cat f
#> a
#> b c
#> d

### an alias-free script may use any word
then=x; echo $then; echo then fi esac
#> x
#> then fi esac
