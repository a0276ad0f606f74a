# SPDX-License-Identifier: Apache-2.0
# bash: here-documents and here-strings.

### expansions and escapes
x=v
cat <<END
$x ${x}y "$x" '$x' \$x \\ \" \' \a `echo back` $(echo sub) $((6 * 7)) ${u:-"q"}
END
#> v vy "v" 'v' $x \ \" \' \a back sub 42 q

### any quoting of the delimiter keeps the text
x=v
cat <<'A'; cat <<"B"; cat <<\C; cat <<D"E"
$x \$ `echo`
A
$x
B
$x
C
$x
DE
#> $x \$ `echo`
#> $x
#> $x
#> $x

### a continued line and a joined one
cat <<END
one \
two
three \\
four
END
cat <<'END'
one \
two
END
#> one two
#> three \
#> four
#> one \
#> two

### tabs go with a dash
cat <<-END
	one
		two
  	three
	END
	cat <<-'END'
	$kept
	END
#> one
#> two
#>$   \tthree\n
#> $kept

### several documents on a line
cat <<A - <<B
first
A
second
B
cat <<A <<B
not seen
A
seen
B
#> second
#> seen

### a document with a pipeline after it
cat <<END | tr a-z A-Z | sed 's/$/!/'
text
END
#> TEXT!

### a document in a loop, a function and a substitution
f() {
  cat <<END
f has $1
END
}
f x
x=$(cat <<END
inner $(f y)
END
)
echo "$x"
while read -r l; do echo "<$l>"; done <<END
1
2
END
#> f has x
#> inner f has y
#> <1>
#> <2>

### a document for another descriptor
cat <<END 3<<OTHER <&3
zero
END
three
OTHER
#> three

### a document within braces and conditions
if cat <<A
tested
A
then cat <<B
then
B
fi
#> tested
#> then

### no document at the end of input
cat <<END
text
last
#> text
#> last
#! script.sh: line 3: warning: here-document at line 1 delimited by end-of-file (wanted `END')

### an empty one
cat <<END
END
cat <<'' | wc -l | tr -d ' '
x

echo after
#> 1
#> after

### delimiters of odd characters
cat <<'a b'
text
a b
cat <<-"E OF"
	text
	E OF
cat << '#'
x
#
#> text
#> text
#> x

### the delimiter must stand alone
cat <<END
END x
 END
END
#> END x
#>  END

### here-strings
x='a  b' e=
cat <<< "$x"
cat <<< $x
cat <<< 'one two'
cat <<< $e
cat <<< pre$x"post"
cat <<< *
#> a  b
#> a  b
#> one two
#>
#> prea  bpost
#> *

### here-strings from arrays and newlines
a=(1 2 3)
cat <<< "${a[@]}"
cat <<< ${a[@]}
cat <<< $'l1\nl2'
wc -l <<< $'a\n' | tr -d ' '
#> 1 2 3
#> 1 2 3
#> l1
#> l2
#> 2

### a here-string with a descriptor
read -r -u 4 x 4<<< 'from four'
echo "$x"
#> from four

### a here-document by name of a descriptor
exec {fd}<<END
in fd
END
cat <&$fd
exec {fd}<&-
#> in fd

### assignment in a document
read -r line <<END
${v:=given} $((n = 3))
END
echo $line, $v $n
#> given 3, given 3

### quotes within expansions of a document
x='a b'
cat <<END
"${x}" ${x:+"quoted"} ${x:+'single'} ${x/a/"A"} ${x#'a '}
END
#> "a b" quoted 'single' A b b

### a large document through a builtin and a program
x=$(printf 'x%.0s' {1..70000})
cat <<END | wc -c | tr -d ' '
$x
END
read -r y <<< "$x"; echo ${#y}
#> 70001
#> 70000

### documents nest in substitutions
cat <<END
$(cat <<INNER
inner
INNER
)
END
#> inner

### a commented delimiter and a document after a comment
cat <<END # comment
text # stays
END
#> text # stays

### a here-document that ends with its substitution is warned of
echo $(cat <<E
one
E)
x="$(cat <<-E
	two
	E )"
echo $x
#> one
#> two
#! script.sh: line 3: warning: here-document at line 1 delimited by end-of-file (wanted `E')
#! script.sh: line 6: warning: here-document at line 4 delimited by end-of-file (wanted `E')

### seventeen here-documents at once are too many
echo first
cat <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E <<E
E
echo never
#> first
#! script.sh: line 2: maximum here-document count exceeded
## status: 2

### what a body leaves open is named by its outermost bracket
cat <<E
x ${a:-"d y
E
cat <<E
x ${a:-`echo
E
cat <<E
x $((1+
E
cat <<E
x ${a
E
#! script.sh: line 1: bad substitution: no closing `}' in x ${a:-"d y
#!
#! script.sh: line 4: bad substitution: no closing `}' in x ${a:-`echo
#!
#! script.sh: line 7: bad substitution: no closing `)' in x $((1+
#!
#! script.sh: line 10: x ${a
#! : bad substitution
## status: 1
