# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.6.5: field splitting.

### default splitting collapses blanks, tabs and newlines
x='  a	b
  c  '
printf '[%s]' $x; echo
#> [a][b][c]

### quoted expansions are not split
x=' a  b '
printf '[%s]' "$x"; echo
#> [ a  b ]

### other separators make empty fields
IFS=:
x='a::b:'
printf '[%s]' $x; echo
x=':a'
printf '[%s]' $x; echo
#> [a][][b]
#> [][a]

### blanks and others mixed
IFS=' :'
x='a : b:c  d : : e'
printf '[%s]' $x; echo
#> [a][b][c][d][][e]

### an empty IFS splits nothing
IFS=
x='a b'
printf '[%s]' $x; echo
#> [a b]

### an unset IFS splits as the default
unset IFS
x='a b	c'
printf '[%s]' $x; echo
#> [a][b][c]

### substitutions are split, literals are not
IFS=,
printf '[%s]' $(echo a,b) c,d; echo
#> [a][b][c,d]

### assignments are not split
x='a   b'
y=$x
printf '[%s]\n' "$y"
#> [a   b]

### a split part joins its neighbours
x='b c'
printf '[%s]' a$x"d"; echo
#> [ab][cd]
