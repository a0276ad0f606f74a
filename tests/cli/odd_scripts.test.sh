# SPDX-License-Identifier: Apache-2.0
# Scripts of any bytes and any size: an answer, never a crash.

### carriage returns are characters
## run by: sh
printf 'echo a\r\n' > s
"$SWEBASH" s | od -An -c | tr -s ' '
#>  a \r \n

### a NUL byte after the first line is left out
## run by: sh
printf 'echo first\necho a\000b\n' > s
"$SWEBASH" s 2>/dev/null
#> first
#> ab

### bytes that are no characters
## run by: sh
printf "printf '%%s' '\377\300\200' | od -An -tx1\n" > s
"$SWEBASH" s
#>  ff c0 80

### a byte order mark
## run by: sh
printf '\357\273\277echo a\necho b\n' > s
"$SWEBASH" s 2>/dev/null
#> b

### a binary is refused
## run by: sh
"$SWEBASH" /bin/ls
#!~ *: /bin/ls: cannot execute binary file
## status: 126

### pieces of a binary end with a status
## run by: sh
## timeout: 300
for offset in 100 5000 20000 40000 60000 90000; do
  tail -c +$offset /bin/sh | head -c 5000 > piece
  { echo :; cat piece; } > s
  timeout 5 "$SWEBASH" s > /dev/null 2>&1 < /dev/null
  status=$?; test $status -lt 128 && test $status -ne 124 || echo "$offset gave $status"
done
echo answered
#> answered

### an empty script and one of blanks
## run by: sh
: > empty; printf '  \n\t\n\n' > blanks; printf '#' > comment
"$SWEBASH" empty && "$SWEBASH" blanks && "$SWEBASH" comment && echo fine
#> fine

### no newline at the end
## run by: sh
printf 'echo last' > s
"$SWEBASH" s
#> last

### a continued last line
## run by: sh
printf 'echo last \\' > s
"$SWEBASH" s
printf 'echo last \\\n' > s
"$SWEBASH" s
#> last
#> last

### a word of a megabyte as a command
## run by: sh
{ head -c 1000000 /dev/zero | tr '\0' a; echo; } > s
"$SWEBASH" s 2>/dev/null; echo $?
#> 127

### a comment and a string of a megabyte
## run by: sh
{ printf '#'; head -c 1000000 /dev/zero | tr '\0' a; printf '\necho "'; head -c 1000000 /dev/zero | tr '\0' b; printf '" | wc -c\n'; } > s
"$SWEBASH" s | tr -d ' '
#> 1000001

### a line of a hundred thousand words
## run by: sh
{ printf 'set --'; yes ' word' | head -n 100000 | tr -d '\n'; printf '\necho $#\n'; } > s
"$SWEBASH" s
#> 100000

### a hundred thousand lines
## run by: sh
## timeout: 30
{ yes ': line' | head -n 100000; echo 'echo $LINENO'; } > s
"$SWEBASH" s
#> 100001

### ten thousand nested groups of each kind
## run by: sh
## timeout: 300
for open in '(' '{ ' 'if ' '$(' '${x:-' '$((' '[[ ( ' '! ' 'f() ' 'while ' '((' '"$(' 'case x in x) '; do
  yes "$open" | head -n 10000 | tr -d '\n' > deep; echo >> deep
  timeout 20 "$SWEBASH" deep > /dev/null 2>&1
  status=$?; test $status -lt 124 || test $status = 126 || test $status = 127 || echo "$open gave $status"
done
echo answered
#> answered

### deep but closed nesting
## run by: sh
## timeout: 300
repeat() { yes "$2" | head -n $1 | tr -d '\n'; }
{ repeat 500 '( '; printf 'echo inside'; repeat 500 ' )'; echo; } > s
"$SWEBASH" s > out 2>&1; test $? -lt 128 && test -s out && echo subshells
{ printf 'echo '; repeat 50 '$(echo '; printf x; repeat 50 ')'; echo; } > s
"$SWEBASH" s
{ printf 'echo $(('; repeat 1000 '('; printf 7; repeat 1000 ')'; echo '))'; } > s
"$SWEBASH" s > out 2>&1; test $? -lt 128 && test -s out && echo arithmetic
{ repeat 1000 '{ '; printf 'echo groups;'; repeat 1000 ' };'; echo; } > s
"$SWEBASH" s > out 2>&1; test $? -lt 128 && test -s out && echo groups
#> subshells
#> x
#> arithmetic
#> groups

### endless recursion is an answer
## args: -c 'f() { f; }; f'
## timeout: 300
#! environment: line 1: maximum command nesting level exceeded
## status: 1

### endless expansion of aliases, variables and arithmetic
## run by: sh
## timeout: 30
"$SWEBASH" -c 'a=b; b=a; echo $((a))' 2>/dev/null; test $? -lt 128 && echo arithmetic
"$SWEBASH" -c 'declare -n a=b; declare -n b=a; echo "$a"' >/dev/null 2>&1; test $? -lt 128 && echo references
"$SWEBASH" -c 'shopt -s expand_aliases; alias a="b " b="a "; eval "a a a"' 2>/dev/null; test $? -lt 128 && echo aliases
#> arithmetic
#> references
#> aliases

### more than memory holds is a message
## run by: sh
## timeout: 300
"$SWEBASH" -c 'echo {1..1000000000}' > /dev/null 2> err; status=$?
test $status -ne 0 && test $status -lt 124 && test -s err && echo said
#> said

### a string that doubles for ever is a message
## run by: sh
## timeout: 300
"$SWEBASH" -c 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done' > /dev/null 2> err; status=$?
test $status -ne 0 && test -s err && echo said
#> said

### a source that sources itself
## run by: sh
## timeout: 300
echo '. ./self' > self
"$SWEBASH" self > /dev/null 2>&1; test $? -ne 0 && echo ended
#> ended

### a directory, a missing file and a device as the script
## run by: sh
mkdir d
"$SWEBASH" d 2>err; echo $?; wc -l < err | tr -d ' '
"$SWEBASH" nothing 2>err; echo $?; wc -l < err | tr -d ' '
"$SWEBASH" /dev/null; echo $?
#> 126
#> 1
#> 127
#> 1
#> 0

### a script from a pipe
## run by: sh
mkfifo p; printf 'echo from a pipe\n' > p &
"$SWEBASH" p
#> from a pipe

### a syntax error says file and line
## run by: sh
printf 'echo one\n\nif then\n' > bad
"$SWEBASH" bad 2>err; echo $?
head -n 1 err
#> one
#> 2
#> bad: line 3: syntax error near unexpected token `then'

### a caught syntax error has no caret under the place
## run by: sh
printf 'echo a; )\n' > bad
"$SWEBASH" bad 2>err
cat err
#> bad: line 1: syntax error near unexpected token `)'
#> bad: line 1: `echo a; )'

### a script that changes while it runs
## run by: sh
printf 'echo one\nprintf "echo three\\n" >> s\necho two\n' > s
"$SWEBASH" s
#> one
#> two
#> three
