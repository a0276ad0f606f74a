# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.6.4: arithmetic expansion.

### operators and precedence
echo $((2 + 3 * 4)) $(((2 + 3) * 4)) $((7 / 2)) $((-7 / 2)) $((7 % 3)) $((-7 % 3))
echo $((1 << 4)) $((256 >> 2)) $((6 & 3)) $((6 | 3)) $((6 ^ 3)) $((~5))
#> 14 20 3 -3 1 -1
#> 16 64 2 7 5 -6

### comparisons and logic
echo $((1 < 2)) $((2 <= 1)) $((3 == 3)) $((3 != 3)) $((1 && 0)) $((1 || 0)) $((!5)) $((!0))
#> 1 0 1 0 0 1 0 1

### the conditional operator
x=5
echo $((x > 3 ? 10 : 20)) $((x < 3 ? 10 : 20))
#> 10 20

### variables with and without a dollar
x=7
echo $((x + 1)) $(($x + 1)) $((x * x)) $((unset_one + 1))
#> 8 8 49 1

### assignments
x=1
echo $((x = 5)) $x
echo $((x += 2)) $((x *= 3)) $((x -= 1)) $((x /= 4)) $((x %= 3)) $((x <<= 4)) $x
#> 5 5
#> 7 21 20 5 2 32 32

### bases
echo $((010)) $((0x1F)) $((0xff & 0x0f))
#> 8 31 15

### sixty-four bits
echo $((9223372036854775807)) $((9223372036854775807 + 1)) $((1 << 62))
#> 9223372036854775807 -9223372036854775808 4611686018427387904

### substitutions inside
echo $(($(echo 3) + ${#HOME} * 0)) $((1 + $((2 * 3))))
#> 3 7

### short circuits assign nothing
x=0
: $((0 && (x = 1))) $((1 || (x = 2)))
echo $x
#> 0

### division by zero is an error
(echo $((1 / 0))) 2>/dev/null
echo "status $?"
#> status 1

### parameters in an expression stand for their text
x=5 y=-3
set -- 4 -2 010
echo $(($1-1)) $(($2+1)) $(($3+1)) $((-$2)) $((-$1)) $(($x*2+$y)) $((x-$x))
echo $((x = $y + 1)) $x $(($x < $y)) $((1 ? $x : $y))
#> 3 -1 9 2 -4 7 0
#> -2 -2 0 -2

### a parameter in an expression that is no plain number
x='1 + 1' y= z=abc abc=3
echo $(($x * 2)) $(($x)) $(($y + 1)) $(($z + 1)) $((1$y))
#> 3 2 1 4 1

### a parameter is read before the expression assigns
i=2
echo $(((i = 7) + $i)) $i
#> 9 7

### an expression in a loop follows its parameters
for n in 1 x 08 -1 ''; do
  x=10
  (echo $((n$n)) $(($n + 1))) 2>/dev/null || echo error
done
#> 0 2
#> 0 11
#> error
#> -2 0
#> 0 1
