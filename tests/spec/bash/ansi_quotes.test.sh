# SPDX-License-Identifier: Apache-2.0
# bash: $'…', $"…" and quoting beyond POSIX.

### the escapes of dollar single quotes
printf '%s' $'\a\b\e\E\f\n\r\t\v\\\'\"\?' | od -An -tx1 | tr -d '\n'; echo
#>  07 08 1b 1b 0c 0a 0d 09 0b 5c 27 22 3f

### octal, hexadecimal and control characters
printf '%s' $'\101\60\7z\x41\x4g\cA\cz' | od -An -tx1 | tr -d '\n'; echo
#>  41 30 07 7a 41 04 67 01 1a

### unicode escapes
printf '%s\n' $'\u41 \u00e9 \u20ac \U0001F600 \u4x'
#>$ A é € 😀 \x04x\n

### unknown escapes stay
echo $'\q\z\9'
#> \q\z\9

### a NUL ends the string
x=$'a\0b'
echo "${#x} [$x]"
echo $'a\x00b'c
#> 1 [a]
#> ac

### within double quotes it is not special
echo "$'a\tb'" "a$'x'"
#> $'a\tb' a$'x'

### in the word of an expansion
unset u
echo ${u:-$'a\tb'} "${u:-$'x'}" "${u-a$'\n'b}"
#>$ a\tb x a\n
#> b

### adjacent to other words
echo a$'b'c"d"$'\x65' $'it\'s'"'"
#> abcde it's'

### translated strings without a catalogue
x=v
echo $"text $x" a$"b"c "$"
#> text v abc $

### a dollar before nothing
echo $ "$" a$ $% "$ x" '$'
#> $ $ a$ $% $ x $

### line continuation in words and quotes
echo "one\
two" 'one\
two' thr\
ee $'a\
b'
#> onetwo one\
#> two three a\
#> b

### newlines in quotes
x='a
b'
echo "$x" "c
d"
#> a
#> b c
#> d

### backquotes in double quotes
x=1
echo "`echo "a b"` `echo $x` \`not\`"
echo `echo "\"q\""`
#> a b 1 `not`
#> "q"

### single quotes in double-quoted expansions
echo "${u:-'a b'}" "${u-a'b'c}" "${u+'}'}"
#> 'a b' a'b'c 

### backslashes at every level
printf '%s\n' \\ "\\" '\\' $'\\' "\\\\" \\\\ "\a" \a "\$x"
#> \
#> \
#> \\
#> \
#> \\
#> \\
#> \a
#> a
#> $x

### history characters mean nothing in scripts
echo "!x" !x "a!b" !! !$
#> !x !x a!b !! !$

### globs are quoted in part
: > 'a*b'; : > axb
printf '[%s]' a"*"b a\*b a*b 'a*'b; echo
#> [a*b][a*b][a*b][axb][a*b]

### tildes are quoted
echo "~" \~ '~' a~ ~nosuchuser_here "~/x"
#> ~ ~ ~ a~ ~nosuchuser_here ~/x

### printf %q and @Q agree to be read again
for s in 'a b' "it's" '' '$x`y`' $'a\nb' '~' '#c' 'a=b' '*?[' '-n' 'é'; do
  printf -v q %q "$s"
  eval "back=$q"
  [[ $back == "$s" ]] || echo "lost: $s"
  eval "back=${s@Q}"
  [[ $back == "$s" ]] || echo "lost: $s"
  echo "$q ${s@Q}"
done
#> a\ b 'a b'
#> it\'s 'it'\''s'
#> '' ''
#> \$x\`y\` '$x`y`'
#> $'a\nb' $'a\nb'
#> \~ '~'
#> \#c '#c'
#> a=b 'a=b'
#> \*\?\[ '*?['
#> -n '-n'
#> é 'é'

### a word that looks like an assignment in quotes is a command
'x'=1
"x=1"
#! script.sh: line 1: x=1: command not found
#! script.sh: line 2: x=1: command not found
## status: 127
