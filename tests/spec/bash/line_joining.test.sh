# SPDX-License-Identifier: Apache-2.0
# bash: a backslash before a newline, in every token.

### in operators and before redirections
echo 1 > r
echo 2 \
3\
>\
>\
\
r \
>\
&\
\
3
cat r
exec 3\
>&\
1
echo three >&\
3
exec 3>\
&-
{f\
d}>/dev/null echo x
exec {fd\
}>/dev/null; echo $((fd > 9))
echo a &\
& echo b |\
| echo c
case x in x) echo 1 ;\
;\
& x) echo 2;; esac
#> 1
#> 2
#> three
#> x
#> 1
#> a
#> b
#> 1
#> 2

### in names, assignments and parameters
x=\
5
y\
=6
z+\
=7
echo $x $y $z
a=\
(1 2); echo ${a[\
1]} ${a[1\
]}
echo ${#\
x} ${!\
y} ${z:\
-n} $\
x ${x\
#\
#*/}
#> 5 6 7
#> 2 2
#> 1 7 5 5

### in the delimiters of here-documents
cat <<E\
OF
x
EOF
cat <<"E\
OF"
y
EOF
cat <<EOF
one
EO\
F
cat <<-EOF
	two
	EO\
F
echo after
#> x
#> y
#> one
#> two
#> after

### between backquotes, quoted or not
printf '<%s>\n' "`printf '%s' 's/x/\
/g'`"
printf '<%s>\n' `printf '%s' 'a\
b'`
echo $(printf '[%s]' 'c\
d')
#> <s/x//g>
#> <ab>
#> [c\ d]

### delimiters with tabs, and in $'...'
cat <<-'	E'
	x
	E
cat <<-$'E\t'
y
E	
echo after
#> x
#> y
#> after
