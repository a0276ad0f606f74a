# SPDX-License-Identifier: Apache-2.0
# bash: associative arrays. Their order is bash's own, so the cases sort.

### keys of any text
declare -A m
m[plain]=1 m['two words']=2 m["quo'te"]=3 m[$'tab\t']=4 m['a]b']=5
for k in "${!m[@]}"; do printf '%s=%s\n' "$k" "${m[$k]}"; done | LC_ALL=C sort
#> a]b=5
#> plain=1
#> quo'te=3
#>$ tab\t=4\n
#> two words=2

### one compound assignment
declare -A m=([a]=1 ['b c']='x y' [d]=)
echo ${#m[@]} "[${m[a]}]" "[${m[b c]}]" "[${m[d]}]" "[${m[e]-none}]"
#> 3 [1] [x y] [] [none]

### pairs without brackets
declare -A m=(one 1 two 2 three)
echo "${m[one]}" "${m[two]}" "[${m[three]}]" ${#m[@]}
#> 1 2 [] 3

### appending
declare -A m=([a]=1)
m+=([b]=2 [a]=3)
m[a]+=x
echo "${m[a]} ${m[b]} ${#m[@]}"
#> 3x 2 2

### a key is not arithmetic
declare -A m; i=5
m[i]=name m[$i]=value m[1+1]=expr
echo "${m[i]} ${m[5]} ${m[1+1]} ${m[2]-none}"
#> name value expr none

### variables in keys
declare -A m; k='some key'
m[$k]=v; m["$k 2"]=w
echo "${m[$k]}" "${m["$k 2"]}" "${m[some key]}"
#> v w v

### unset of a key
declare -A m=([a]=1 [b]=2 ['c d']=3)
unset 'm[a]' 'm[c d]'
echo "${!m[@]}" "${m[@]}"
k=b
unset "m[$k]"
echo ${#m[@]}
#> b 2
#> 0

### set and unset keys
declare -A m=([k]='')
[[ -v m[k] ]] && echo set
[[ -v m[none] ]] || echo unset
echo "${m[k]+yes}" "[${m[none]+yes}]"
#> set
#> unset
#> yes []

### counting words
declare -A n
for w in a b a c a b; do ((n[$w]++)); done
for w in a b c; do echo $w ${n[$w]}; done
#> a 3
#> b 2
#> c 1

### printing one
declare -A m=(['a b']="it's \$x")
declare -p m
echo "${m[@]@A}"
#> declare -A m=(["a b"]="it's \$x" )
#> declare -A m=(["a b"]="it's \$x" )

### an array cannot change its kind
a=(1 2)
declare -A a
echo "status $?"
declare -A m=([x]=1)
declare -a m
echo "status $?"
#> status 1
#> status 1
#! script.sh: line 2: declare: a: cannot convert indexed to associative array
#! script.sh: line 5: declare: m: cannot convert associative to indexed array

### an empty key
declare -A m
m['']=x
echo "status $? ${#m[@]}"
#> status 1 0
#! script.sh: line 2: m['']: bad array subscript

### without a subscript it is key 0
declare -A m=([k]=v)
m=text
echo "${m[0]}" "$m" ${#m[@]}
#> text text 2

### operators on elements
declare -A m=([path]=/usr/lib/x.so)
echo "${m[path]##*/}" "${m[path]^^}" "${#m[path]}" "${m[path]:1:3}" "${m[none]:-default}"
#> x.so /USR/LIB/X.SO 13 usr default

### a function fills a caller's map
fill() { local -n out=$1; out[key]="$2"; }
declare -A caller
fill caller 'the value'
echo "${caller[key]}"
#> the value

### local maps
f() { local -A m=([x]=inner); echo "${m[x]}"; }
declare -A m=([x]=outer)
f; echo "${m[x]}"
#> inner
#> outer

### copying a map
declare -A a=([x]=1 [y]='2 3') b
for k in "${!a[@]}"; do b[$k]=${a[$k]}; done
echo "${b[x]} ${b[y]}"
#> 1 2 3

### special characters in keys
declare -A m
for k in '*' '@' '$' '"' "'" '\' '#' '`'; do [[ $k == '@' || $k == '*' ]] || m[$k]="<$k>"; done
for k in '$' '"' "'" '\' '#' '`'; do printf '%s ' "${m[$k]}"; done; echo
#> <$> <"> <'> <\> <#> <`> 

### readonly maps
declare -rA m=([k]=v)
m[k]=w
echo "${m[k]}"
#> v
#! script.sh: line 2: m: readonly variable

### arithmetic on elements
declare -A m=([n]=4)
((m[n] += 2)); let 'm[n] *= 2'
echo "${m[n]}" $((m[n] + m[none]))
#> 12 12

### a global map made in a function
f() { declare -gA made=([in]=function); }
f
echo "${made[in]}"
#> function

### what a subscript's expansion came to is a key as it is, in an expression too
declare -A m
for k in 'a]b' "it's" '$(echo no)' 'say "hi"' 'a[b]' 'back\slash'; do
  ((m[$k]++))
  ((m["$k"] += 2))
  echo $((m[$k])) $((m["$k"] * 10))
done
for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done | sort
#> 3 30
#> 3 30
#> 3 30
#> 3 30
#> 3 30
#> 3 30
#> $(echo no)=3
#> a[b]=3
#> a]b=3
#> back\slash=3
#> it's=3
#> say "hi"=3

### a tilde in a list is a tilde
HOME=/h
declare -A m=([k]=~ [z]=a:~ [q]=~/x); echo "${m[k]} ${m[z]} ${m[q]}"
m=(a ~); echo "${m[a]}"
m[t]=~; echo "${m[t]}"
#> ~ a:~ ~/x
#> ~
#> /h
