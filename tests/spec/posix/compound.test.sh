# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.9.4: compound commands.

### if, elif, else
for n in 1 2 3; do
  if [ $n -eq 1 ]; then echo one
  elif [ $n -eq 2 ]; then echo two
  else echo many
  fi
done
#> one
#> two
#> many

### the status of an if without a match is zero
false
if false; then :; fi
echo $?
#> 0

### while and until
i=0
while [ $i -lt 3 ]; do echo w$i; i=$((i + 1)); done
until [ $i -eq 0 ]; do echo u$i; i=$((i - 1)); done
#> w0
#> w1
#> w2
#> u3
#> u2
#> u1

### for without in takes the parameters
set -- a 'b c'
for x; do echo "[$x]"; done
for x in; do echo never; done
echo $?
#> [a]
#> [b c]
#> 0

### break and continue
for i in 1 2 3 4 5; do
  [ $i -eq 2 ] && continue
  [ $i -eq 4 ] && break
  echo $i
done
#> 1
#> 3

### break out of two loops
for i in 1 2; do
  for j in a b; do
    echo $i$j
    [ $j = b ] && continue 2
    [ $i = 2 ] && break 2
  done
done
echo done
#> 1a
#> 1b
#> 2a
#> done

### case falls to the first match
case abc in
  a) echo no ;;
  (a*) echo first ;;
  abc) echo second ;;
esac
case x in y) ;; esac
echo $?
case "$unset" in '' | none) echo alternative ;; esac
#> first
#> 0
#> alternative

### groups and subshells
x=1
{ x=2; echo in $x; }
echo $x
(x=3; cd /; echo in $x)
echo $x
(exit 7)
echo $?
#> in 2
#> 2
#> in 3
#> 2
#> 7

### redirections of compound commands
for i in 1 2 3; do echo $i; done > out
{ cat; echo end; } < out
if true; then echo yes; fi > out2
cat out2
while read -r line; do echo "<$line>"; done < out
#> 1
#> 2
#> 3
#> end
#> yes
#> <1>
#> <2>
#> <3>

### reserved words are words elsewhere
echo if then else fi for do done case esac while until { }
#> if then else fi for do done case esac while until { }

### newlines and semicolons where they may stand
if true
then
  echo a; fi
for x in 1 \
  2
do echo $x
done; echo b
case x in
  x)
    echo c
esac
#> a
#> 1
#> 2
#> b
#> c

### ! inverts the status of break and continue, and that may end the loop
for i in 1 2; do ! continue; done; echo "$?"
for i in 1 2; do ! break; done; echo "$?"
i=0; until ! { [ $((i = i + 1)) -gt 5 ] && break; continue; }; do :; done; echo "$i"
i=0; while { [ $((i = i + 1)) -gt 5 ] && break; ! continue; }; do :; done; echo "$i"
i=0; while { [ $((i = i + 1)) -gt 5 ] && break; continue; }; do :; done; echo "$i"
#> 1
#> 1
#> 6
#> 1
#> 6
