# SPDX-License-Identifier: Apache-2.0
# Faults of the cache: whatever is wrong with it, the shell runs and says nothing.

### a directory that is not there yet
## run by: sh
## timeout: 300
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/a/b/c "$SWEBASH" -c 'echo on'
#> on

### a directory that is a file
## run by: sh
## timeout: 300
echo text > file
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/file "$SWEBASH" -c 'echo on'
cat file
#> on
#> text

### places where nothing can be written
## run by: sh
## timeout: 300
for place in /proc/nothing/here /dev/null /dev/full /sys/nothing; do
  SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$place "$SWEBASH" -c 'echo on'
done
#> on
#> on
#> on
#> on

### a link to nowhere, to itself and to a directory
## run by: sh
## timeout: 300
ln -s nowhere/at/all out; ln -s round round; mkdir real; ln -s real link
for place in out round link; do
  SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/$place "$SWEBASH" -c 'echo on'
done
#> on
#> on
#> on

### names: relative, empty, with blanks, far too long
## run by: sh
## timeout: 300
long=$(head -c 5000 /dev/zero | tr '\0' x)
for place in relative '' 'with  blanks and é' "$PWD/$long"; do
  SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$place "$SWEBASH" -c 'echo on'
done
#> on
#> on
#> on
#> on

### a directory that others may write to is not trusted
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/open
"$SWEBASH" -c 'echo filled'
find open -type d -exec chmod 777 '{}' +
"$SWEBASH" --timings -c 'echo again' 2>&1 | sed 's/^module.*(\([a-z]*\).*/\1/' | grep -c '^cache$'
#> filled
#> 0
## status: 1

### every file of it replaced by garbage
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo cold'
find c -type f | while read -r f; do chmod u+w "$f"; head -c 50000 /dev/zero > "$f"; done
"$SWEBASH" -c 'echo after'
"$SWEBASH" -c 'echo again'
#> cold
#> after
#> again

### every file of it emptied
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo cold'
find c -type f | while read -r f; do chmod u+w "$f"; : > "$f"; done
"$SWEBASH" -c 'echo after'
#> cold
#> after

### one byte of an entry changed
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo cold'
find c -type f -name '*.cwasm' | while read -r f; do
  chmod u+w "$f"; printf '\377' | dd of="$f" bs=1 seek=70000 conv=notrunc 2>/dev/null
done
"$SWEBASH" -c 'echo after'
#> cold
#> after

### one byte cut from an entry, and one added
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo cold'
find c -type f -name '*.cwasm' | while read -r f; do chmod u+w "$f"; truncate -s -1 "$f"; done
"$SWEBASH" -c 'echo shorter'
find c -type f -name '*.cwasm' | while read -r f; do chmod u+w "$f"; printf x >> "$f"; done
"$SWEBASH" -c 'echo longer'
#> cold
#> shorter
#> longer

### a directory under an entry's name is replaced
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c :
entry=$(echo c/v1/*.cwasm)
rm "$entry"; mkdir -p "$entry/with/a"; touch "$entry/with/a/file"
"$SWEBASH" -c 'echo compiled'
test -f "$entry" && echo replaced
SWEBASH_CACHE_COMPILER=/nonexistent "$SWEBASH" -c 'echo hit'
#> compiled
#> replaced
#> hit

### entries that are directories, pipes and links
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
for kind in 'mkdir' 'mkfifo' 'ln -s nowhere'; do
  "$SWEBASH" -c :
  find c -type f > names
  while read -r f; do rm -f "$f"; $kind "$f"; done < names
  "$SWEBASH" -c 'echo on'
  rm -rf c
done
#> on
#> on
#> on

### an entry that is another's
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c :
own=$(dirname "$(readlink -f "$SWEBASH")")
{ cat "$own/engine.wasm"; printf '\000\004\003odd'; } > other.wasm
"$SWEBASH" --engine other.wasm -c :
set -- $(find c -type f -name '*.cwasm')
test $# -ge 2 && cp "$1" swap && chmod u+w "$2" && cp swap "$2"
"$SWEBASH" -c 'echo ours'
"$SWEBASH" --engine other.wasm -c 'echo theirs'
#> ours
#> theirs

### the whole directory removed between two starts
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo cold'
rm -rf c
"$SWEBASH" -c 'echo cold again'
#> cold
#> cold again

### the directory removed by the script itself
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'rm -rf c; x=$(echo still); (echo $x) | cat'
#> still

### a cache that is read only is read
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
"$SWEBASH" -c 'echo filled'
find c -type f | sort > before
SWEBASH_CACHE_MODE=ro "$SWEBASH" -c 'echo read'
find c -type f | sort | cmp - before && echo untouched
#> filled
#> read
#> untouched

### settings of the cache that make no sense
## run by: sh
## timeout: 300
SWEBASH_CACHE_MODE=sideways SWEBASH_CACHE_MAX_SIZE=big SWEBASH_CACHE_VERIFY=never \
  SWEBASH_ENGINE_TIER=cache "$SWEBASH" -c 'echo on'
#> on

### no room for an entry
## run by: sh
## timeout: 300
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_MAX_SIZE=1KiB "$SWEBASH" -c 'echo on'
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_MAX_SIZE=1KiB "$SWEBASH" -c 'echo on'
#> on
#> on

### many cold starts at once
## run by: sh
## timeout: 300
export SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c
for i in 1 2 3 4 5 6 7 8; do "$SWEBASH" -c "echo $i" & done | sort
find c -type f -name '*.cwasm' | wc -l | tr -d ' '
#> 1
#> 2
#> 3
#> 4
#> 5
#> 6
#> 7
#> 8
#> 1

### a file size limit is no error
## run by: sh
## timeout: 300
(trap '' XFSZ; ulimit -f 10; SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c "$SWEBASH" -c 'echo on')
#> on

### no HOME and no place named
## run by: sh
## timeout: 300
env -i PATH=/usr/bin:/bin SWEBASH_ENGINE_TIER=cache "$SWEBASH" -c 'echo on'
#> on

### the compile program is not there, and is not needed
## run by: sh
unset SWEBASH_ENGINE_TIER ENGINE_WASM
SWEBASH_CACHE_COMPILER=/nothing/here "$SWEBASH" -c 'echo on'
#> on

### the compile program is not there, and is needed
## run by: sh
unset ENGINE_WASM
SWEBASH_ENGINE_TIER=jit SWEBASH_CACHE_COMPILER=/nothing/here "$SWEBASH" -c 'echo never'
#!~ swebash: *
## status: 126

### a compile program that fails, is silent, or talks nonsense
## run by: sh
## timeout: 300
unset ENGINE_WASM
printf '#!/bin/sh\nexit 3\n' > fails; printf '#!/bin/sh\ncat > /dev/null\n' > silent
printf '#!/bin/sh\necho nonsense; kill -9 $$\n' > dies; chmod +x fails silent dies
for program in fails silent dies; do
  SWEBASH_ENGINE_TIER=jit SWEBASH_CACHE_COMPILER=$PWD/$program "$SWEBASH" -c 'echo never' 2>err
  echo "$? $(wc -l < err | tr -d ' ')"
done
#> 126 1
#> 126 1
#> 126 1

### a compile that takes too long
## run by: sh
## timeout: 300
unset ENGINE_WASM
printf '#!/bin/sh\nexec sleep 100\n' > slow; chmod +x slow
SWEBASH_ENGINE_TIER=jit SWEBASH_CACHE_COMPILE_TIMEOUT=1s SWEBASH_CACHE_COMPILER=$PWD/slow "$SWEBASH" -c 'echo never'
#!~ swebash: *
## status: 126

### compile at every start leaves nothing behind
## run by: sh
## timeout: 300
SWEBASH_CACHE_DIR=$PWD/c "$SWEBASH" --engine-tier=jit -c 'echo on'
find c -type f -name '*.cwasm' 2>/dev/null | wc -l | tr -d ' '
#> on
#> 0
