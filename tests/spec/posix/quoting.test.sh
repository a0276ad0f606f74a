# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.2: quoting.

### single quotes keep everything
printf '[%s]\n' 'a  b' '$x `y` \n' '' '"'
#> [a  b]
#> [$x `y` \n]
#> []
#> ["]

### double quotes expand and keep blanks
x='a  b'
printf '[%s]\n' "$x" "${x}c" "1 $(echo 2  3)" "$((1 + 1))"
#> [a  b]
#> [a  bc]
#> [1 2 3]
#> [2]

### a backslash in double quotes escapes few characters
printf '%s\n' "\$x \`y\` \" \\ \a \n"
#> $x `y` " \ \a \n

### a backslash escapes one character outside quotes
printf '[%s]' a\ b \$x \\ \' \" \; \#
echo
#> [a b][$x][\][']["][;][#]

### a backslash before a newline continues the line
echo one \
two
ec\
ho three
#> one two
#> three

### adjacent quotes are one word
printf '[%s]\n' a'b'"c"\d
#> [abcd]

### an empty quoted word is an argument, an empty expansion is none
x=
set -- '' "" "$x" $x
echo $#
#> 3

### a comment needs a blank before it
echo a#b # comment
echo c \# d
#> a#b
#> c # d
