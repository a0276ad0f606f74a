# SPDX-License-Identifier: Apache-2.0
# Expansions: corners of operands, patterns, braces, tildes and prompts.

### messages name a parameter as it was written
for text in '${7}' '$7' '${#7}' '${7%x}' '${!}' '$!' '"${12}"'; do
  ( set -u; eval "echo $text" ) 2>&1 | sed 's/.*line [0-9]*: //'
done
( set -u; echo ${#!} )
#> 7: unbound variable
#> $7: unbound variable
#> 7: unbound variable
#> 7: unbound variable
#> !: unbound variable
#> $!: unbound variable
#> 12: unbound variable
#> 0

### messages name a reference and not what it refers to
declare -n ref=missing
( echo "${ref:?wanted}" ) 2>&1 | sed 's/.*line [0-9]*: //'
( echo "${ref[3]?wanted}" ) 2>&1 | sed 's/.*line [0-9]*: //'
( set -u; echo "$ref" ) 2>&1 | sed 's/.*line [0-9]*: //'
( set -u; echo "${#ref}" ) 2>&1 | sed 's/.*line [0-9]*: //'
readonly target=1; declare -n to=target
unset to 2>&1 | sed 's/.*line [0-9]*: //'
#> ref: wanted
#> ref[3]: wanted
#> ref: unbound variable
#> ref: unbound variable
#> unset: target: cannot unset: readonly variable

### a negative length is shown as it is written
n=-3 s=abc
for text in '${s:2:n}' '${s:2:$n}' '${s:2:$n-1}' '${s:2: -5 }' '${@:1:$((1-2))}'; do
  ( eval "echo $text" ) 2>&1 | sed 's/.*line [0-9]*: //'
done
#> n: substring expression < 0
#> $n: substring expression < 0
#> $n-1: substring expression < 0
#>  -5 : substring expression < 0
#> $((1-2)): substring expression < 0

### a colon of ? : within parentheses ends no offset
s=/abc/x/y
echo "${s:(j?1:0):3}|" "${s:(j?1:0):j}|" "${s:((1)+1):3}|" "${s:(1>0?2:1)}|" "${s:1:0>1?2:1}|"
#> /ab| | bc/| bc/x/y| a|

### unquoted $@ in an operand is text with blanks, where IFS does not begin with one
set -- ' abc' 'def ghi' 'jkl '
list=("$@") one=1
for IFS in : ': ' ' ' d; do
  printf '<%s>' ${none-$@}; echo
  printf '<%s>' ${none-${list[@]}}; echo
  printf '<%s>' ${none-x$@y} ${one+$@}; echo
  printf '<%s>' ${none-$*}; echo
done
#> < abc def ghi jkl >
#> < abc def ghi jkl >
#> <x abc def ghi jkl y>< abc def ghi jkl >
#> < abc><def ghi><jkl >
#> < abc><def ghi><jkl >
#> < abc><def ghi><jkl >
#> <x abc><def ghi><jkl y>< abc><def ghi><jkl >
#> <abc><def><ghi><jkl>
#> <abc><def><ghi><jkl>
#> <abc><def><ghi><jkl>
#> <x><abc><def><ghi><jkl><y><abc><def><ghi><jkl>
#> <abc><def><ghi><jkl>
#> < abc def ghi jkl >
#> < abc def ghi jkl >
#> <x abc def ghi jkl y>< abc def ghi jkl >
#> < abc><><ef ghi><jkl >

### a backslash out of an expansion at the end of a pattern
text='C:\dir\f' b=\\
echo "${text/$b}" "${text//$b/x}" "${text#*$b}" "${text%$b*}" "${text//$b$b/x}"
end='a\'
echo "${end%$b}" "${end#a$b}" "${end/%$b/x}" "${end//a$b/x}"
[[ 'a\' == a$b ]]; echo $?
[[ 'a\' == *$b ]]; echo $?
case 'a\' in *$b) echo yes;; *) echo no;; esac
#> C:\dir\f C:\dir\f C:\dir\f C:\dir\f C:xdirxf
#> a  a\ a\
#> 0
#> 1
#> no

### a backslash out of an expansion before a slash
mkdir -p dir/a; : >dir/a/c
b=\\
echo di[r]$b/a/c dir$b/a/* d${b}ir/a/* d*$b/a/c d*/a$b/c none$b/x*
#> di[r]\/a/c dir/a/c dir/a/c d*\/a/c dir/a/c none\/x*

### names of characters in brackets
for name in hyphen slash space tab period underscore nine left-square-bracket tilde nosuch; do
  for c in - / ' ' $'\t' . _ 9 '[' '~'; do
    case $c in [[.$name.]]) printf '%s %q\n' "$name" "$c";; esac
  done
done
case 0 in [[.hyphen.]-[.9.]]) echo range;; esac
case . in [[.]) echo yes;; *) echo no;; esac
case '[.' in [[.]) echo yes;; *) echo no;; esac
x=a-b; echo "${x/[[.hyphen.]]/_}"
#> hyphen -
#> slash /
#> space \ 
#> tab $'\t'
#> period .
#> underscore _
#> nine 9
#> left-square-bracket \[
#> tilde \~
#> range
#> no
#> yes
#> a_b

### braces come before tildes
HOME=/h
echo ~{,} ~{/x,/y} a~{,} {~,x} {~/a,~/b} ~{"",/x} x=~/{a,b} {,~}nosuchuser ~/{a,b}
name=x; echo ~{$name,}
#> /h /h /h/x /h/y a~ a~ /h x /h/a /h/b ~ /h/x x=~/a x=~/b nosuchuser ~nosuchuser /h/a /h/b
#> ~x /h

### backslashes of a prompt are read twice
v=hello
for p in '\\$v' '\\\\$v' '\\\X' '\"' '\`' 'a\\b' '\044v' '"x"' '$(echo "\"q\"")'; do
  printf '%q -> %q\n' "$p" "${p@P}"
done
shopt -u promptvars
p='$v\\$v'; echo "${p@P}"
#> \\\\\$v -> \$v
#> \\\\\\\\\$v -> \\hello
#> \\\\\\X -> \\X
#> \\\" -> \"
#> \\\` -> \`
#> a\\\\b -> a\\b
#> \\044v -> hello
#> \"x\" -> \"x\"
#> \$\(echo\ \"\\\"q\\\"\"\) -> \"q\"
#> $v\$v

### the parentheses of $(( must match even where it is no arithmetic
"$BASH" -c 'echo $((cat <<X
+(
X
))
echo after' 2>/dev/null; echo $?
echo $((echo a); (echo b))
#> 2
#> a b
