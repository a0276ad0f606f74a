# SPDX-License-Identifier: Apache-2.0
# The commands inside the engine against the system's programs of the same name.

### reading: the same output and status
printf 'b\n\na b\n\n\nc' > f; printf 'x\ty\001\200\n' > g; : > e; mkdir d
check() { # the same by name, and by path
  local inside outside
  inside=$("$@" 2>&1 < f; echo "status $?")
  outside=$("/usr/bin/$1" "${@:2}" 2>&1 < f; echo "status $?")
  [[ $inside == "${outside//\/usr\/bin\//}" ]] || printf '%s:\n%s\n--\n%s\n' "$*" "$inside" "$outside"
}
check cat f; check cat f g; check cat; check cat - f; check cat nothing f; check cat d; check cat -n f g; check cat -b f
check cat -s f; check cat -A g; check cat -E f; check cat -T g; check cat -v g; check cat -Z
check head f; check head -n 2 f; check head -n -2 f; check head -c 3 f; check head -2 f; check head -n 1 f g; check head -q -n 1 f g
check head nothing f; check head -n x f; check head; check head -n 0 f; check head -v f; check head -c -2 f
check tail f; check tail -n 2 f; check tail -n +2 f; check tail -c 3 f; check tail -c +3 f; check tail -1 f; check tail -n 1 f g
check tail nothing f; check tail -n 0 f; check tail -q f g; check tail e
check wc f; check wc -l f g; check wc -c f; check wc -w f e; check wc -m f; check wc; check wc nothing f; check wc -lw f; check wc d
echo compared
#> compared

### names and numbers: the same output and status
check() {
  local inside outside
  inside=$("$@" 2>&1; echo "status $?"); outside=$("/usr/bin/$1" "${@:2}" 2>&1; echo "status $?")
  [[ $inside == "${outside//\/usr\/bin\//}" ]] || printf '%s:\n%s\n--\n%s\n' "$*" "$inside" "$outside"
}
check basename /a/b.c; check basename /a/b.c .c; check basename / ; check basename a//; check basename ''; check basename -a x/y z; check basename -s .c a.c b.c
check basename; check basename a b c; check basename .c .c
check dirname /a/b; check dirname a; check dirname /; check dirname a/b/ c/d; check dirname //a; check dirname; check dirname ''
check seq 3; check seq 2 4; check seq 1 2 7; check seq 5 -2 1; check seq -w 8 11; check seq -s , 3; check seq 0.5 0.5 2; check seq 3 1; check seq; check seq x; check seq 1 0 3; check seq -5 -3; check seq 1 2 3 4
check uname; check uname -s; check uname -m; check uname -r; check uname -n; check uname -sm; check uname -Z; check uname x
check sleep 0; check sleep; check sleep x; check sleep 0.01 0.01s; check sleep -1
check env -i A=1; check env -u HOME -i B=2 sh -c 'echo $B'; check env nothing_here; check env A=1 sh -c 'echo $A'; check env -i A=1 B=2 env
echo compared
#> compared

### changing files: the same result
work() { # PREFIX: the same commands by name or by path
  local p=$1
  "$p"mkdir a; "$p"mkdir -p b/c/d; "$p"mkdir a; "$p"mkdir -m 700 m; "$p"mkdir x/y; "$p"mkdir -pv v/w
  echo one > f; echo two > g; "$p"cp f h; "$p"cp f g a; "$p"cp f nothing/x; "$p"cp a z; "$p"cp -r b bb; "$p"cp nothing q; "$p"cp f
  "$p"cp f f; "$p"cp -v f i; "$p"cp -t a h; "$p"cp f g h
  "$p"mv h hh; "$p"mv hh a; "$p"mv nothing x; "$p"mv f g a; "$p"mv -n i a; "$p"mv -v a/f .; "$p"mv f f; "$p"mv
  "$p"ln -s target l; "$p"ln f k; "$p"ln -s target l; "$p"ln -sf other l; "$p"ln nothing n; "$p"ln -sv a lv; "$p"ln -s x a
  "$p"touch t; "$p"touch -c no; "$p"touch -d '2001-02-03 04:05:06 UTC' t; "$p"touch -t 200001010000 u; "$p"touch nothing/t; "$p"touch
  "$p"rm g; "$p"rm nothing; "$p"rm -f nothing; "$p"rm a; "$p"rm -r bb; "$p"rm -d b/c/d; "$p"rm -v k; "$p"rm; "$p"rm .; "$p"rm -d b
  "$p"rmdir m; "$p"rmdir a; "$p"rmdir nothing; "$p"rmdir -p v/w; "$p"rmdir -v b/c; "$p"rmdir
  echo in | "$p"tee o1 o2; echo more | "$p"tee -a o1; echo x | "$p"tee nothing/o; echo "status $?"
}
listing() { /usr/bin/find . -mindepth 1 -printf '%P %y %m %l\n' | sort; /usr/bin/find . -type f | sort | xargs /usr/bin/cat; }
mkdir inside outside
(cd inside && work '' > ../log1 2>&1; listing > ../list1)
(cd outside && work /usr/bin/ > ../log2 2>&1; listing > ../list2)
sed -i 's,/usr/bin/,,g; s/^script.sh: line [0-9]*: //' log1 log2
diff log1 log2; diff list1 list2 && echo same
#> same

### a tree is not copied into itself, however it is named
mkdir -p tree/sub; cd tree/sub
cp -r ../../tree . 2>&1; cp -r "${PWD%/sub}" new 2>&1 | sed "s,'/[^']*','@',"; cp -r . /dev/null/x 2>/dev/null; echo $?; find . -name sub
#> cp: cannot copy a directory, '../../tree', into itself, './tree'
#> cp: cannot copy a directory, '@', into itself, 'new'
#> 1

### listings: the same output
mkdir -p d/.h d/e; : > d/f; ln -s f d/l; mkfifo d/p; printf '#!/bin/sh\n' > d/x; chmod 755 d/x; : > 'd/a b'; : > $'d/n\nl'; touch -d '2001-02-03 04:05:06' d/f
check() {
  local inside outside
  inside=$("$@" 2>&1; echo "status $?"); outside=$("/usr/bin/$1" "${@:2}" 2>&1; echo "status $?")
  [[ $inside == "${outside//\/usr\/bin\//}" ]] || printf '%s:\n%s\n--\n%s\n' "$*" "$inside" "$outside"
}
for o in '' -1 -a -A -d -F -R -r -S -t -l -la -s -i -p -o -g -n -lh -C; do check ls $o d; done
check ls nothing d; check ls d/f d/e; check ls -d d/*; check ls -l d/l; check ls -ld d d/e; check ls -F d/l; check ls --all d; check ls -Z9 d
echo compared
#> compared

### output to a full device fails
cat script.sh > /dev/full; echo $?
ls > /dev/full; echo $?
seq 3 > /dev/full; echo $?
echo x | tee /dev/full > /dev/null; echo $?
#> 1
#> 2
#> 1
#> 1
#! cat: write error: No space left on device
#! ls: write error: No space left on device
#! seq: write error: No space left on device
#! tee: /dev/full: No space left on device

### they are found by type, command and which, and hidden by functions
type cat | sed 's,/.*/,/,'; command -v cat | sed 's,/.*/,/,'
cat() { echo function; }; cat; command cat <<< program; unset -f cat
alias head='echo alias'; shopt -s expand_aliases
head x
#> cat is /cat
#> /cat
#> function
#> program
#> alias x

### a path names the system's program
/usr/bin/printf '%s\n' x; /usr/bin/cat <<< y; "$(command -v cat)" <<< z
#> x
#> y
#> z

### PATH without them finds none
PATH=/nothing
cat /dev/null; echo $?
ls; echo $?
echo still
#> 127
#> 127
#> still
#! script.sh: line 2: cat: command not found
#! script.sh: line 3: ls: command not found

### in pipelines, background and substitutions
seq 5 | tail -n 2 | cat -n | head -n 1
seq 3 > f & wait; cat f; x=$(cat f | wc -l); echo $x
#>$      1\t4\n
#> 1
#> 2
#> 3
#> 3

### a sleep is interrupted by a trap and by a kill
trap 'echo caught' USR1
(sleep 0.05; kill -USR1 $$) & sleep 0.7; echo after
sleep 100 & kill $!; wait $!; echo $?
#> caught
#> after
#> 143

### a reader that leaves ends the writer
seq 1000000 | head -n 1; echo ${PIPESTATUS[0]}
cat /dev/zero | head -c 3 | wc -c
#> 1
#> 141
#> 3

### a closed standard output is no place for the files that are opened
echo a > a
echo hi | tee f >&- 2> /dev/null; echo $?; cat f
cat a >&-; echo $?
seq 3 > /dev/full; echo $?
#> 1
#> hi
#> 1
#> 1
#! cat: standard output: Bad file descriptor
#! seq: write error: No space left on device
