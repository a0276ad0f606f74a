# SPDX-License-Identifier: Apache-2.0
# bash: parameter operators, braces, quoting beyond POSIX.

### substrings
s=abcdefgh
echo "${s:2}" "${s:2:3}" "${s: -3}" "${s: -3:2}" "${s:1:-2}"
#> cdefgh cde fgh fg bcdef

### replacement
s='foo bar foo'
echo "${s/foo/X}" "${s//foo/X}" "${s/#foo/X}" "${s/%foo/X}" "${s//o}"
#> X bar foo X bar X X bar foo foo bar X f bar f

### case
s='hello World'
echo "${s^}" "${s^^}" "${s,,}" "${s^^[lo]}"
#> Hello World HELLO WORLD hello world heLLO WOrLd

### indirection and names
x=y
y=value
pre_a=1 pre_b=2
echo "${!x}" "${!pre_@}"
#> value pre_a pre_b

### transformations
v="it's"
echo "${v@Q}" "${v@U}" "${v@u}"
printf -v q %q 'a b$c'
echo "$q"
#> 'it'\''s' IT'S It's
#> a\ b\$c

### dollar single quotes
printf '%s|' $'a\tb' $'\x41\102' $'it\'s' $'\u00e9'
echo
#>$ a\tb|AB|it's|é|\n

### braces
echo {a,b,c} x{1..4}y {5..1..2} {a..e} {01..03} {a,b}{1,2}
echo {a,b "{a,b}" {single}
#> a b c x1y x2y x3y x4y 5 3 1 a b c d e 01 02 03 a1 a2 b1 b2
#> {a,b {a,b} {single}

### length in characters
s='äöü'
echo ${#s} "${s:1:1}"
#> 3 ö

### "${*:+x}" is an empty field where "${@:+x}" is none
f() { printf '<%s>' "$@"; echo " $#"; }
set --
f "${@+s}" "${@:+s}"
f "${*+s}" "${*:+s}"
set -- ''
f "${@:+s}"
f "${*:+s}"
a=()
f "${a[@]+s}"
f "${a[*]+s}"
#> <> 0
#> <><> 2
#> <> 1
#> <> 1
#> <> 0
#> <> 1

### a colon ends a tilde prefix in any word
HOME=/h
echo ~: ~:/x ~/a:~/b
#> /h: /h:/x /h/a:~/b

### a scalar has no element before its first
x=abc
echo "${x[-1]}" "${x[0]}"
#>  abc
#! script.sh: line 2: x: bad array subscript

### where characters are bytes, none above 127 is printed or made
LC_ALL=C
x=$'\xc3\xa9'
printf '%q %s\n' "$x" "${x@Q}"
declare -p x
echo $'\u20ac' $'\U1F600' $'\u41'
printf '\u20ac %b\n' '\u20ac'
#> $'\303\251' $'\303\251'
#> declare -- x=$'\303\251'
#> \u20AC \U0001F600 A
#> \u20AC \u20AC

### an unset positional parameter as a reference
f() { local v=${!1}; echo "<$v>"; }; f
echo "<${!9}>" "<${!9-}>"
#> <>
#> <> <>

### an empty pattern at an anchor of what is not set
echo "[${unset/#/two}][${unset/%/x}]"; e=; echo "[${e/#/two}][${e/%/x}]"
set --; echo "[${1/#/x}]"
#> [][]
#> [two][x]
#> []

### a transformation without a parameter fails its line
echo "${@Q}"
echo next
#> next
#! script.sh: line 1: ${@Q}: bad substitution

### $(< file) with a name that has to be worked out
echo secret > f; name=file; file=f
echo "$(< "${!name}")" "$(< ${unset:-f})" "$(< $(echo f))" "$(< ${made:=f})" "${made-not here}"
x=$(< ${file:1:0}f); echo "$x $?"
x=$(< "${!name}x") 2>/dev/null; echo $?
#> secret secret secret secret f
#> secret 0
#> 1
#! script.sh: line 4: fx: No such file or directory

### a tilde that names nobody is text of a pattern
[[ '~/x' == ~* ]] && echo one
[[ '~nobody-here' == ~no* ]] && echo two
case '~x' in ~?) echo three ;; esac
x='~a/b'
echo "${x#~?}"
touch '~file'
echo ~f* "~f"*
set -f
echo ~f*
#> one
#> two
#> three
#> /b
#> ~file ~file
#> ~f*
