# SPDX-License-Identifier: Apache-2.0
# bash: printf and echo.

### the format is used again for more arguments
printf '%s=%d\n' a 1 b 2 c
printf '%s\n'
printf 'none\n' ignored
printf '\n' x y
#> a=1
#> b=2
#> c=0
#>
#> none
#>

### integers in their forms
printf '%d %i %o %u %x %X\n' 42 -42 8 7 255 255
printf '%d %d %d %d\n' 0x1f 010 "'A" '"é'
printf '%+d % d %05d %-5d| %.3d %+05d\n' 5 5 42 42 7 3
#> 42 -42 10 7 ff FF
#> 31 8 65 233
#> +5  5 00042 42   | 007 +0003

### alternative forms and widths from arguments
printf '%#x %#o %#X %x\n' 255 8 255 0
printf '%*d|%-*d|%.*f|%*s\n' 5 42 5 42 2 3.14159 -4 x
#> 0xff 010 0XFF 0
#>    42|42   |3.14|x   

### strings
printf '[%s] [%5s] [%-5s] [%.2s] [%5.1s] [%c%c]\n' abc abc abc abc abc xyz uvw
printf '[%s]\n' '' 'a  b' $'t\tn'
#> [abc] [  abc] [abc  ] [ab] [    a] [xu]
#> []
#> [a  b]
#>$ [t\tn]\n

### floating point
printf '%f %.2f %e %g %G %.0f\n' 3.14159 2.5 12345.678 0.0001 1e10 2.5
printf '%5.1f|%-8.3f|%+f|%08.2f\n' 1.25 2 3 -4.5
printf '%g %g %g\n' 100000 1000000 0.00001
#> 3.141590 2.50 1.234568e+04 0.0001 1E+10 2
#>   1.2|2.000   |+3.000000|-0004.50
#> 100000 1e+06 1e-05

### the number that is none
printf '%d\n' abc
echo "status $?"
printf '%d %d\n' 12x 3
printf '%f\n' x1
#> 0
#> status 1
#> 12 3
#> 0.000000
#! script.sh: line 1: printf: abc: invalid number
#! script.sh: line 3: printf: 12x: invalid number
#! script.sh: line 4: printf: x1: invalid number
## status: 1

### numbers out of range
printf '%d\n' 9223372036854775808
echo $?
#> 9223372036854775807
#> 0
#! script.sh: line 1: printf: warning: 9223372036854775808: Numerical result out of range

### escapes in the format
printf 'a\tb\\n\101\x41\u00e9\a\e[0m|\n'
printf 'cut\cnever'
echo
#>$ a\tb\\nAAé\x07\x1b[0m|\n
#> cut\cnever

### percent signs
printf '%%|%5%|100%%\n'
#>$ %|
#! script.sh: line 1: printf: `%': invalid format character
## status: 1

### %b takes echo's escapes
printf '%b|' 'a\tb' '\0101' '\x41' '\u20ac' 'no\\esc'; echo
printf '%b' 'stop\chere' 'never'; echo '|'
#>$ a\tb|A|A|€|no\\esc|\n
#> stop|

### %q makes words
printf '%q ' 'a b' "it's" '' plain '$x' 'tab	x' $'nl\n' '~' '*' 'é'; echo
printf '%5q|%-6q|\n' 'a b' x
#> a\ b it\'s '' plain \$x $'tab\tx' $'nl\n' \~ \* é 
#>  a\ b|x     |

### %Q with a precision
printf '%.2Q|%Q\n' 'a bcd' 'x y'
#> a\ |x\ y

### -v stores
printf -v x '%03d' 7; echo "$x"
printf -v a[2] '%s' el; echo "${a[2]}"
printf -v 1x y; echo $?
#> 007
#> el
#> 2
#! script.sh: line 3: printf: `1x': not a valid identifier

### times
TZ=UTC printf '%(%Y-%m-%d %H:%M:%S)T\n' 0
TZ=UTC printf '%(%F %T %j %u)T|\n' 86400
TZ=UTC0 printf '[%(%H)T] [%5(%d)T]\n' 3600 0
printf '%(%s)T\n' 12345
#> 1970-01-01 00:00:00
#> 1970-01-02 00:00:00 002 5|
#> [01] [   01]
#> 12345

### time zones
TZ=UTC printf '%(%z %Z)T\n' 0
TZ=EST5EDT printf '%(%H:%M %Z)T\n' 0
TZ=XXX-3:30 printf '%(%H:%M %z)T\n' 0
#> +0000 UTC
#> 19:00 EST
#> 03:30 +0330

### an unknown directive
printf '%z\n' 1
echo "status $?"
printf '%'
echo "status $?"
#> status 1
#> status 1
#! script.sh: line 1: printf: `\': invalid format character
#! script.sh: line 3: printf: `%': missing format character

### without a format
printf
echo $?
printf -Z x; echo $?
printf -- '-x\n'
#> 2
#> 2
#> -x
#! printf: usage: printf [-v var] format [arguments]
#! script.sh: line 3: printf: -Z: invalid option
#! printf: usage: printf [-v var] format [arguments]

### n characters so far
printf 'abc%n\n' count; echo $count
#> abc
#> 3

### widths count characters
printf '[%5s] [%-4s]\n' äö äö
#> [ äö] [äö]

### missing arguments are empty or zero
printf '[%s] [%d] [%f] [%b] [%q] [%c]\n'
#>$ [] [0] [0.000000] [] [''] [\x00]\n

### a failing output
printf 'x' > /dev/full
echo "status $?"
#> status 1
#! script.sh: line 1: printf: write error: No space left on device

### echo
echo -n a; echo b
echo -e 'a\tb\x41\0101\u00e9' 'c\\d'
echo -E 'a\tb'
echo -ne 'x\cy'; echo
echo -x -n
echo -en 'a\n'
echo - -- a
echo -neE 'x\t'; echo
#> ab
#>$ a\tbAAé c\\d\n
#> a\tb
#> x
#> -x -n
#> a
#> - -- a
#> x\t

### echo with xpg_echo
shopt -s xpg_echo
echo 'a\tb'
echo -E 'a\tb'
#>$ a\tb\n
#> a\tb

### numbers with quotes
printf '%d %d\n' "'a" '"b'
printf '%d\n' "'"
printf '%x\n' "'€"
#> 97 98
#> 0
#> 20ac

### long outputs
printf '%s' {1..2000} | wc -c | tr -d ' '
printf '%1000s' x | wc -c | tr -d ' '
printf '%.1000d\n' 1 | wc -c | tr -d ' '
#> 6893
#> 1000
#> 1001

### unsigned forms of negative numbers
printf '%u %x %o\n' -1 -1 -1
#> 18446744073709551615 ffffffffffffffff 1777777777777777777777

### %b keeps a backslash before quotes, and -v ends at a NUL
printf '%b|' '\"' "\\'" '\?'; echo
printf -v x 'a\0b'; echo "$x"
#> \"|\'|\?|
#> a

### widths and flags of dates
export TZ=UTC0
printf '%(%05d|%_5d|%-d|%^a|%#Z|%10Y|%_m)T\n' 0
#> 00001|    1|1|THU|utc|0000001970| 1

### what a wrong number begins with says what it was to be
printf '%d %d %d\n' '0<' 08 0xg 2>&1 | sort
printf '%.0f %.0f %.0f\n' 0a 08x 0xg 2>&1 | sort
#> 0 0 0
#> script.sh: line 1: printf: 08: invalid octal number
#> script.sh: line 1: printf: 0<: invalid number
#> script.sh: line 1: printf: 0xg: invalid hex number
#> 0 8 0
#> script.sh: line 2: printf: 08x: invalid octal number
#> script.sh: line 2: printf: 0a: invalid number
#> script.sh: line 2: printf: 0xg: invalid hex number

### %n without a name stores nothing
printf '[%n]\n' ''
#> []
