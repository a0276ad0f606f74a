# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.7: redirection and here-documents.

### output, append and input
echo one > f
echo two >> f
cat < f
echo three >f
cat <f
#> one
#> two
#> three

### other descriptors
{ echo out; echo err >&2; } 2> e > o
cat o; cat e
{ echo both; echo err >&2; } > b 2>&1
cat b
#> out
#> err
#> both
#> err

### order counts
{ echo out; echo err >&2; } 2>&1 > o
echo --
cat o
#> err
#> --
#> out

### closing and saving descriptors
exec 3> f
echo three >&3
exec 3>&-
cat f
(echo x >&3) 2>/dev/null
echo $?
#> three
#> 1

### reading and writing one file
echo start > f
exec 4<> f
read -r line <&4
echo "$line"
echo more >&4
exec 4>&-
cat f
#> start
#> start
#> more

### a here-document expands
x=val
cat <<EOF
$x ${x} $(echo sub) $((1 + 2)) \$x "quoted" 'single'
EOF
#> val val sub 3 $x "quoted" 'single'

### a quoted delimiter keeps it literal
cat <<'EOF'
$x $(echo) \n `y`
EOF
#> $x $(echo) \n `y`

### tabs are stripped with a dash
if true; then
	cat <<-EOF
	one
		two
	EOF
fi
#> one
#> two

### two on one line
cat <<A; cat <<B
first
A
second
B
#> first
#> second

### a here-document into a loop
while read -r a b; do echo "$b $a"; done <<EOF
1 2
3 4 5
EOF
#> 2 1
#> 4 5 3

### a large here-document
x=$(i=0; while [ $i -lt 10000 ]; do echo 0123456789; i=$((i + 1)); done)
cat <<EOF | wc -c | tr -d ' '
$x
EOF
#> 110000

### a missing file is an error, the script goes on
cat < nothing 2>/dev/null
echo $?
: < nothing
echo $?
#> 1
#> 1
#! script.sh: line 1: nothing: No such file or directory
#! script.sh: line 3: nothing: No such file or directory

### noclobber
set -C
echo a > f
(echo b > f) 2>/dev/null
echo $?
echo c >| f
cat f
#> 1
#> c

### a redirection without a command makes the file
> f
[ -e f ] && [ ! -s f ] && echo made
#> made

### exec redirects the shell itself
exec > out
echo kept
exec >&2
cat out
#! kept
