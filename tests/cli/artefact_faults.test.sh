# SPDX-License-Identifier: Apache-2.0
# The program's companions, missing or damaged: the next tier, or one sentence.

### a copy of the program and its companions runs anywhere
## run by: sh
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/engine.cwasm" "$own/modcache-compile" app
app/swebash -c 'echo copied'
#> copied

### the artefact is missing
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
app/swebash -c 'echo on'
#> on

### the artefact is missing and asked for alone
## run by: sh
unset ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
app/swebash --engine-tier=aot -c 'echo never'
#!~ swebash: *engine.cwasm*
## status: 126

### the artefact is cut short
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
for size in 0 1 100 4096 100000; do
  head -c $size "$own/engine.cwasm" > app/engine.cwasm
  app/swebash -c "echo $size"
done
#> 0
#> 1
#> 100
#> 4096
#> 100000

### the artefact lacks its last byte, or has one more
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
head -c -1 "$own/engine.cwasm" > app/engine.cwasm
app/swebash -c 'echo shorter'
{ cat "$own/engine.cwasm"; printf x; } > app/engine.cwasm
app/swebash -c 'echo longer'
#> shorter
#> longer

### the artefact is garbage, a directory, a pipe, a link to nowhere
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
head -c 1000000 /dev/zero > app/engine.cwasm; app/swebash -c 'echo zeros'
echo text > app/engine.cwasm; app/swebash -c 'echo text'
rm app/engine.cwasm; mkdir app/engine.cwasm; app/swebash -c 'echo directory'
rmdir app/engine.cwasm; mkfifo app/engine.cwasm; app/swebash -c 'echo pipe'
rm app/engine.cwasm; ln -s nowhere app/engine.cwasm; app/swebash -c 'echo link'
#> zeros
#> text
#> directory
#> pipe
#> link

### a damaged artefact asked for alone is one sentence
## run by: sh
unset ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
head -c 5000 "$own/engine.cwasm" > app/engine.cwasm
app/swebash --engine-tier=aot -c 'echo never'
#!~ swebash: *engine.cwasm*
## status: 126

### an artefact of another build
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/c "$SWEBASH" -c :
cp "$(find c -type f -name '*.cwasm' | head -n 1)" app/engine.cwasm
app/swebash -c 'echo on'
#> on

### an artefact for another CPU
## run by: sh
## timeout: 60
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" "$own/modcache-compile" app
# One with a feature that no CPU here has.
LC_ALL=C sed 's/has_popcnt/has_popxnt/g' "$own/engine.cwasm" > app/engine.cwasm
cmp -s "$own/engine.cwasm" app/engine.cwasm && echo 'the artefact names no feature of a CPU'
app/swebash --timings -c 'echo on' 2>err
grep -c '(aot)' err
app/swebash --engine-tier=aot -c 'echo never'
#> on
#> 0
#!~ swebash: *engine.cwasm*incompatible*
## status: 126

### the module alone is missing
## run by: sh
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.cwasm" "$own/modcache-compile" app
app/swebash -c 'echo on'
#> on

### module and artefact are missing
## run by: sh
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" app
app/swebash -c 'echo never'
#!~ swebash: *engine.wasm: *
## status: 127

### artefact and compile program are missing
## run by: sh
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app && cp "$own/swebash" "$own/engine.wasm" app
SWEBASH_CACHE_DIR=$PWD/c app/swebash -c 'echo never' 2>err
status=$?
test -e /usr/libexec/modcache/modcache-compile || { test $status = 126 && test "$(wc -l < err)" -eq 1; } && echo said
#> said

### a filled cache needs no compile program
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER ENGINE_WASM
own=$(dirname "$(readlink -f "$SWEBASH")")
export SWEBASH_CACHE_DIR=$PWD/c
SWEBASH_ENGINE_TIER=cache "$SWEBASH" -c :
mkdir app && cp "$own/swebash" "$own/engine.wasm" app
app/swebash -c 'echo from the cache'
#> from the cache

### the program by a relative name, from elsewhere
## run by: sh
own=$(dirname "$(readlink -f "$SWEBASH")")
mkdir app deep && cp "$own/swebash" "$own/engine.wasm" "$own/engine.cwasm" "$own/modcache-compile" app
cd deep && ../app/swebash -c 'echo "${BASH##*/}"'
#> swebash
