# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.6.3: command substitution.

### output without its last newlines
x=$(printf 'a\n\nb\n\n\n')
printf '[%s]\n' "$x"
#> [a
#>
#> b]

### nested
echo $(echo $(echo $(echo deep)))
echo `echo \`echo old\``
#> deep
#> old

### quotes inside are its own
x='a  b'
echo "$(printf '%s' "$x")" "$(echo "q")"
#> a  b q

### its status
x=$(exit 3)
echo $?
y=$(false) && echo yes || echo no
: $(exit 4)
echo $?
#> 3
#> no
#> 0

### a subshell of its own
x=1
y=$(x=2; echo $x)
echo $x $y
#> 1 2

### sees variables and functions
f() { echo "f $1"; }
v=seen
echo $(f a) $(echo $v)
#> f a seen

### a case within parentheses
echo $(case x in x) echo matched ;; esac)
#> matched

### comments and here-documents within
echo $(
  # a comment with ' and )
  cat <<EOF
text )
EOF
)
#> text )

### large output
x=$(i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i + 1)); done)
echo ${#x}
#> 219999

### backquotes and backslashes
echo `echo '\\$' a\`echo b\``
#> \$ ab

### backquotes around nothing
echo "[``]" "[` `]" "[`# a comment`]"
false
x=``
echo "[$x] $?"
#> [] [] []
#> [] 0

### what is wrong between backquotes ends no more than them
echo "[`if`]"
echo "[`)`]" after
#> []
#> [] after
#! script.sh: command substitution: line 2: syntax error: unexpected end of file
#! script.sh: command substitution: line 2: syntax error near unexpected token `)'
#! script.sh: command substitution: line 2: `)'
#!?                                           ^
