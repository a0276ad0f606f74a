# SPDX-License-Identifier: Apache-2.0
# bash: [[ ]], (( )), case terminators, C-style for, select's siblings.

### patterns and strings
x='a b'
[[ $x == a* ]] && echo pattern
[[ $x == "a*" ]] || echo literal
[[ $x < b && -n $x && ! -z $x ]] && echo order
[[ a == @(a|b) ]] && echo ext
#> pattern
#> literal
#> order
#> ext

### regular expressions
if [[ 'key=value' =~ ^([a-z]+)=(.*)$ ]]; then
  echo "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
fi
#> key value

### arithmetic commands
((1 + 1 == 2)) && echo yes
((0)) || echo zero
i=5
((i++, i *= 2))
echo $i $((2 ** 10)) $((16#ff)) $((2#101))
#> yes
#> zero
#> 12 1024 255 5

### C-style for
for ((i = 0, j = 10; i < 3; i++, j--)); do echo $i $j; done
#> 0 10
#> 1 9
#> 2 8

### case falls through
case a in
  a) echo one ;&
  b) echo two ;;&
  [a-c]) echo three ;;
  *) echo never ;;
esac
#> one
#> two
#> three

### extglob
shopt -s extglob
: > a.c; : > b.h; : > c.txt
echo !(*.sh|*.c)
echo +([ab]).@(c|h)
#> b.h c.txt
#> a.c b.h

### globstar and nullglob
mkdir -p d/e; : > d/e/f.x; : > g.x
shopt -s globstar nullglob
echo **/*.x
echo none*
#> d/e/f.x g.x
#>
