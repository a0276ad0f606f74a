# SPDX-License-Identifier: Apache-2.0
# bash: subscripts that come as text, in references and values, and the quotes in them.

### the value of a variable used as a number
a=(5 6 7); b=(0 1 2); e='a[$(echo 1)-1]'
echo $((e)) "${b[e-4]}"
#> 5 1

### an indirect reference
declare -A m=([key]=v ['two words']=w); k=key
r='m["key"]'; echo "${!r}"
r='m[$k]'; echo "${!r}"
r="m['two words']"; echo "${!r}"
a=(1 2 3); r='a[$(echo 2)]'; echo "${!r}"
#> v
#> v
#> w
#> 3

### a reference to an element
declare -A m=([key]=v); k=key
declare -n r='m["key"]'; echo $r; r=new; echo "${m[key]}"
declare -n s='m[$k]'; s+=er; echo "$s" "${m[key]}"
#> v
#> new
#> newer newer

### unset
a=(1 2 3); unset 'a[$(echo 1)]'; echo "${!a[@]}"
declare -A m=([x y]=1 [z]=2); unset "m['x y']"; echo "${!m[@]}"
#> 0 2
#> z

### apostrophes are no part of an index
a['1']=2
echo "status $? ${#a[@]}"
a["1"]=x; echo "${!a[@]}"
#> status 1 0
#> 1
#! script.sh: line 1: '1': syntax error: operand expected (error token is "'1'")

### an index before the first element
a=(1 2); echo $((a[-3]))
#> 0
#! script.sh: line 1: a: bad array subscript

### an empty subscript
a[]=x
echo "status $?"
declare -A m; m['']=x
echo "status $?"
#> status 1
#> status 1
#! script.sh: line 1: a[]: bad array subscript
#! script.sh: line 3: m['']: bad array subscript

### unset takes a subscript that was written outside quotes as it is, and one in quotes by its brackets
declare -A A
fill() { A=([x]=1 ['x]y']=2 ['[']=3 ['$k']=4 ["'q'"]=5); }
left() { printf '%s|' "${!A[@]}" | tr '|' '\n' | sort | tr '\n' ' '; echo "($1)"; fill; }
k='x]y' fill
fill
k='x]y'
unset A[$k]; left $?
unset "A[$k]"; left $?
unset A['$k']; left $?
unset A["'q'"]; left $?
unset A[\[]; left $?
unset 'A[[]'; left $?
unset 'A[x]'; left $?
printf -v "A[$k]" new; echo $?
#> $k 'q' [ x (0)
#> $k 'q' [ x x]y (0)
#> 'q' [ x x]y (0)
#> $k [ x x]y (0)
#> $k 'q' x x]y (0)
#> $k 'q' [ x x]y (0)
#> $k 'q' [ x]y (0)
#> 2
#! script.sh: line 14: printf: `A[x]y]': not a valid identifier

### export and readonly keep what is assigned before them
x=1
x=7 export x
echo $x
y=2 readonly y
echo $y
export 'b[1]=2'
echo $?
#> 7
#> 2
#> 1
#! script.sh: line 6: export: `b[1]': not a valid identifier

### what an expansion in a subscript comes to is not expanded again
hit() { echo hit >&2; echo 0; }
a=(5 6); declare -A m; k='$(hit)'; m[$k]=7; s=abcdefgh
( echo $((a[$k])); echo no ); ( ((a[$k]++)); echo no ); ( [[ -v a[$k] ]]; echo no )
( [[ a[$k] -eq 5 ]]; echo no ); ( echo ${s:a[$k]}; echo no ); ( for ((a[$k]; 0; )); do :; done; echo no )
( a[$k]=1; echo no ); ( : ${a[$k]:=x}; echo no ); ( echo ${a[a[$k]]}; echo no ); ( echo $[a[$k]]; echo no )
echo $((m[$k])) ${s:m[$k]} ${m[$k]}; [[ -v m[$k] && m[$k] -eq 7 ]]; echo $?
((m[$k]++)); declare -p m
#> 7 h 7
#> 0
#> declare -A m=(["\$(hit)"]="8" )
#! script.sh: line 3: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 3: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 3: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 4: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 4: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 4: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 5: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 5: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 5: $(hit): syntax error: operand expected (error token is "$(hit)")
#! script.sh: line 5: $(hit): syntax error: operand expected (error token is "$(hit)")

### brackets and quotes out of a value are pieces of a key
declare -A m
for k in 'x],b[1' ']' '[' "'" '"' '\' '$x' '`y`' '~'; do
  ((m[$k]++)); ((m["$k"] += 2)); [[ -v m[$k] ]] && [[ m[$k] -eq 3 ]] && echo "$k ${m[$k]}"
done
echo ${#m[@]}
#> x],b[1 3
#> ] 3
#> [ 3
#> ' 3
#> " 3
#> \ 3
#> $x 3
#> `y` 3
#> ~ 3
#> 9

### an index out of a value cannot leave its brackets
a=(); i='0],b[1'
((a[$i]++)); echo no
declare -p b 2>/dev/null
echo next
#> next
#! script.sh: line 2: 0\],b\[1: syntax error: invalid arithmetic operator (error token is "\],b\[1")

### the subscripts of operands of builtins are expanded once more
declare -A m; k='$(echo key)'
read m[$k] <<<1; declare -p m; printf -v m[$k] 2; declare -p m; declare m[$k]=3; declare -p m
test -v m[$k]; echo $?; let m[$k]+=1; declare -p m; m[$k]=x; unset m[$k]; declare -p m
#> declare -A m
#> declare -A m
#> declare -A m=([key]="3" )
#> 2
#> declare -A m=([key]="3" )
#> declare -A m=([key]="3" ["\$(echo key)"]="x" )
#! script.sh: line 2: read: `m[$(echo': not a valid identifier
#! script.sh: line 2: printf: `m[$(echo': not a valid identifier
#! script.sh: line 3: test: m[$(echo: binary operator expected
#! script.sh: line 3: let: m[$(echo: bad array subscript (error token is "m[$(echo")

### with assoc_expand_once they are not
shopt -s assoc_expand_once
declare -A m; k='$(echo key)'
read m[$k] <<<1; declare -p m; printf -v m[$k] 2; declare -p m; declare m[$k]=3; declare -p m
test -v m[$k]; echo $?; let m[$k]+=1; declare -p m; unset m[$k]; declare -p m
b="80's"; m[$b]=4; let "++m[$b]"; read m[$b] <<<"$((m[$b] + 1))"; declare -p m
b='x]y'; read m[$b] <<<7; echo "${m[x]y]}"; unset m[$b]; echo ${#m[@]}
#> declare -A m
#> declare -A m
#> declare -A m=(["\$(echo key)"]="3" )
#> 2
#> declare -A m=(["\$(echo key)"]="3" )
#> declare -A m=(["\$(echo key)"]="3" )
#> declare -A m=(["80's"]="6" ["\$(echo key)"]="3" )
#! script.sh: line 3: read: `m[$(echo': not a valid identifier
#! script.sh: line 3: printf: `m[$(echo': not a valid identifier
#! script.sh: line 4: test: m[$(echo: binary operator expected
#! script.sh: line 4: let: m[$(echo: bad array subscript (error token is "m[$(echo")
#! script.sh: line 6: ${m[x]y]}: bad substitution
## status: 1

### a subscript that is no number fails the line
a=(1 2)
((a[1/0])); echo no
let 'a[1/0]'; echo no
[[ a[1/0] -eq 5 ]]; echo no
test -v 'a[1/0]'; echo no
read 'a[1/0]' <<<2; echo no
printf -v 'a[1/0]' x; echo no
unset 'a[1/0]'; echo no
for ((a[1/0]; 0; )); do :; done; echo no
echo end
#> end
#! script.sh: line 2: 1/0: division by 0 (error token is "0")
#! script.sh: line 3: 1/0: division by 0 (error token is "0")
#! script.sh: line 4: 1/0: division by 0 (error token is "0")
#! script.sh: line 5: 1/0: division by 0 (error token is "0")
#! script.sh: line 6: 1/0: division by 0 (error token is "0")
#! script.sh: line 7: 1/0: division by 0 (error token is "0")
#! script.sh: line 8: 1/0: division by 0 (error token is "0")
#! script.sh: line 9: 1/0: division by 0 (error token is "0")

### brackets that come out of a value are no subscript of the script
a=(5 6 7); e='a[' f='1]' i=1 n=a
echo $(( $e$f )) $(( ${e}1] )) $(( $n[$i] )) $(( ${e}$i] ))
#> 6 6 6 6

### a dollar sign after a backslash stays one in a subscript of an expression
i=1 a=(7 8)
declare -A m
x=k m[k]=5
m['$x']=6
echo $((m[\$x])) $((1 + m[\$x]))
(( q = m[\$x] )); echo $q
(echo $((1 + a[\$i])))
z='a[$i]'
echo $((z)) $(( $z ))
#> 6 7
#> 6
#> 8 8
#! script.sh: line 7: $i: syntax error: operand expected (error token is "$i")
