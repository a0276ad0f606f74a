# SPDX-License-Identifier: Apache-2.0
# The commands that run inside the engine: what a script sees of them.

### they are files to those who ask
type -t ls
type -t cd
#> file
#> builtin

### a file of the name earlier on PATH wins
mkdir bin
printf '#!/bin/sh\necho mine\n' > bin/cat
chmod +x bin/cat
PATH=$PWD/bin:$PATH
cat script.sh
#> mine

### unusual options run the system's command
printf 'b\na\n' > f
head --lines=1 f
#> b

### copies, moves, removals
mkdir -p a/b
echo text > a/b/f
cp -r a c
mv c/b/f c/g
ls a/b c
rm -rf a
[ -e a ] || echo removed
#> a/b:
#> f
#>$ \n
#> c:
#> b
#> g
#> removed

### head and tail
printf '%s\n' 1 2 3 4 5 > f
head -n 2 f
tail -n 2 f
head -n -3 f
tail -n +4 f
#> 1
#> 2
#> 4
#> 5
#> 1
#> 2
#> 4
#> 5

### touch, and a missing file
touch new && [ -f new ] && echo made
cat nothing
#> made
#! cat: nothing: No such file or directory
## status: 1

### versions for feature checks
echo "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}"
[[ -n $SWEBASH_VERSION ]] && echo ours
#> 5.2
#> ours

### what the shell keeps open for itself is not among a script's descriptors
exec 9>&-
big=$(printf '%4000000s' x); (: "$big"); (: "$big")
for fd in /proc/$$/fd/*; do
  case $(readlink "$fd") in
    *engine.cwasm | */pagemap) (( ${fd##*/} < 10 )) && echo "${fd##*/}: $(readlink "$fd")" ;;
  esac
done
echo looked
#> looked
