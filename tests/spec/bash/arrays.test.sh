# SPDX-License-Identifier: Apache-2.0
# bash: indexed and associative arrays.

### elements, all of them, their number and indices
a=(one 'two 2' three)
echo "${a[0]}" "${a[1]}" "$a" ${#a[@]} "${!a[@]}"
printf '[%s]' "${a[@]}"; echo
printf '[%s]' "${a[*]}"; echo
#> one two 2 one 3 0 1 2
#> [one][two 2][three]
#> [one two 2 three]

### sparse arrays and appending
a=([3]=x [1]=y)
a+=(z)
a[10]=w
echo "${!a[@]}" "${a[@]}"
unset 'a[3]'
echo "${!a[@]}" ${#a[@]}
#> 1 3 4 10 y x z w
#> 1 4 10 3

### negative indices and slices
a=(a b c d e)
echo "${a[-1]}" "${a[@]:1:2}" "${a[@]: -2}" "${a[@]:3}"
#> e b c d e d e

### operators apply to each element
a=(foo.c bar.c)
echo "${a[@]%.c}" "${a[@]/o/0}" "${a[@]^}"
#> foo bar f0o.c bar.c Foo.c Bar.c

### associative arrays
declare -A m=([one]=1 ['two words']=2)
m[three]=3
echo "${m[one]}" "${m[two words]}" "${m[three]}" ${#m[@]}
for k in one three; do echo "$k=${m[$k]}"; done
unset 'm[one]'
echo "[${m[one]-gone}]"
#> 1 2 3 3
#> one=1
#> three=3
#> [gone]

### arithmetic in subscripts
a=(10 20 30)
i=1
echo "${a[i]}" "${a[i+1]}" "${a[$i]}"
((a[0] += 5))
echo "${a[0]}"
#> 20 30 20
#> 15

### mapfile reads lines
mapfile -t lines < <(printf 'a\nb c\n')
echo ${#lines[@]} "${lines[1]}"
#> 2 b c

### read into an array
read -r -a w <<< 'x y  z'
echo ${#w[@]} "${w[2]}"
#> 3 z

### a list that its word goes on after is text
declare -i a
a=(4*3)/2
let b=(4*3)/4
c=(x   y)z
declare d=(p q)r e=(s t)
f=(one
two)x
declare -p a b c d e f
#> declare -i a="6"
#> declare -- b="3"
#> declare -- c="(x y)z"
#> declare -- d="(p q)r"
#> declare -a e=([0]="s" [1]="t")
#> declare -- f="(one two)x"

### a list without elements gives an array a value
declare -a b
declare -p b
b+=()
declare -p b
declare -A c
c+=()
declare -p c
#> declare -a b
#> declare -a b=()
#> declare -A c=()
