# SPDX-License-Identifier: Apache-2.0
# POSIX XCU read, 1.4: what one command leaves of a file is the next one's.

### read leaves a program the rest
## file f
#| one
#| two
#| three
#| four
{ read a; read b; read c; env cat; } < f
echo "$a $b $c"
#> four
#> one two three

### a loop that stops leaves a program the rest
## file f
#| one
#| two
#| stop
#| three
#| four
{
  while read -r line; do
    [ "$line" = stop ] && break
  done
  env cat
} < f
#> three
#> four

### a subshell and its parent share the offset
## file f
#| 1
#| 2
#| 3
#| 4
#| 5
#| 6
{
  read a; read b
  (read c; read d; echo "$c $d")
  read e
  f=$(read x; echo "$x")
  echo "$a $b $e $f"
} < f
#> 3 4
#> 1 2 5 6

### a program in a loop over a file takes lines from it
## file f
#| a
#| b
#| c
#| d
#| e
while read -r x; do
  read -r y
  echo "$x$y"
  env head -n 1
done < f
#> ab
#> c
#> de

### copies of a descriptor share the offset
## file f
#| 1
#| 2
#| 3
#| 4
#| 5
exec 3< f
read a <&3; read b <&3; read c <&3
exec 4<&3
read d <&4
read e <&3
echo "$a $b $c $d $e"
#> 1 2 3 4 5

### reading and writing by one descriptor
## file f
#| one
#| two
#| three
#| four
{ read a; read b; echo TWO >&0; } 0<> f
cat f
#> one
#> two
#> TWO
#> e
#> four

### writing goes on where reading stopped
## file f
#| one
#| two
#| three
#| four
{ read a; read b; read c; echo X; read d; } 0<> f 1>&0
cat f
#> one
#> two
#> three
#> X
#> ur

### what is added to the file while it is read is read too
## file f
#| 1
#| 2
n=0
while read -r x; do
  n=$((n + 1))
  [ "$n" -lt 4 ] && echo more >> f
done < f
echo "$n"
#> 5

### a script on standard input hands its lines to read
## args: -s
## stdin
#| read a
#| first
#| read b
#| second
#| read c; read d
#| third
#| fourth
#| echo "$a $b $c $d"
#> first second third fourth

### exit leaves the rest to the parent
## file f
#| 1
#| 2
#| 3
#| 4
{ (read a; read b; exit 0); read c; echo "$c"; } < f
#> 3

### a trap's action sees the offset
## file f
#| 1
#| 2
#| 3
#| 4
(trap 'env head -n 1' EXIT; read a; read b; read c) < f
#> 4

### read leaves a program the rest of a pipe
printf '%s\n' one two three four | { read a; env head -c 4; read b; echo "$a:$b"; env cat; }
#> two
#> one:three
#> four

### a subshell and its parent take lines of one pipe in turns
printf '%s\n' 1 2 3 4 5 | {
  read a
  (read b; echo "in $b")
  c=$(read x; echo "$x")
  read d
  echo "$a $c $d"
  env cat
}
#> in 2
#> 1 3 4
#> 5

### a line of a pipe that is longer than what is looked at comes whole
line=$(printf '%5000s' end)
printf '%s\n' "$line" "$line" next | { read -r a; IFS= read -r b; env cat; echo "${#a} ${#b}"; }
#> next
#> 3 5000

### lines written in pieces come whole
{ printf 'on'; sleep 0.1; printf 'e\ntw'; sleep 0.1; printf 'o\nthree'; } | {
  read a; read b; read c; echo "$? $a $b $c"
}
#> 1 one two three
