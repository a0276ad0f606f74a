# SPDX-License-Identifier: Apache-2.0
# The tiers: ahead of time, cache, compile; and engines that are not ours.

### each tier gives the same answer
## run by: sh
## timeout: 60
for tier in aot cache jit; do
  "$SWEBASH" --engine-tier=$tier -c 'x=$(echo '$tier'); echo $x | cat'
done
#> aot
#> cache
#> jit

### the tier can come from the environment
## args: -c 'echo ok'
## env: SWEBASH_ENGINE_TIER=cache
## timeout: 60
#> ok

### an unknown tier is one sentence
## args: --engine-tier=warp -c 'echo never'
#!~ *warp*
## status: 2

### a fresh cache is filled once and then hit
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
"$SWEBASH" -c 'echo cold'
find c -type f | sort > first
"$SWEBASH" -c 'echo warm'
find c -type f -name '*.cwasm' | wc -l
find c -type f -name '*.cwasm' -newer first | wc -l
#> cold
#> warm
#> 1
#> 0

### an unwritable cache is no error
## run by: sh
## timeout: 60
: > file
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/file/c "$SWEBASH" -c 'echo on'
#> on

### garbage in the cache is no error
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
"$SWEBASH" -c :
find c -type f | while read -r f; do chmod u+w "$f"; echo garbage > "$f"; done
"$SWEBASH" -c 'echo on'
#> on

### a truncated cache is no error
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
"$SWEBASH" -c :
find c -type f | while read -r f; do chmod u+w "$f"; truncate -s 100 "$f"; done
"$SWEBASH" -c 'echo on'
#> on

### an engine that is not there
## args: --engine nothing.wasm -c :
#!~ *nothing.wasm*
## status: 127

### ENGINE_WASM that is not there
## args: -c :
## env: ENGINE_WASM=nothing.wasm
#!~ *nothing.wasm*
## status: 127

### an engine that is a directory
## run by: sh
mkdir d
"$SWEBASH" --engine d -c :
#!~ *d*
## status: 126

### an engine that is no module
## args: --engine text -c :
## file text
#| not wasm
#!~ *text*
## status: 126

### an engine without the engine's exports, and nothing enters the cache
## run by: sh
printf '\000asm\001\000\000\000' > empty.wasm
SWEBASH_CACHE_DIR=$PWD/c "$SWEBASH" --engine empty.wasm -c : 2>err
echo $?
grep -c empty.wasm err
find c -type f 2>/dev/null | grep -c '[.]art'
#> 126
#> 1
#> 0
## status: 1

### another engine runs through the cache
## run by: sh
## timeout: 60
cp "$(dirname "$(readlink -f "$SWEBASH")")/engine.wasm" copy.wasm
"$SWEBASH" --engine copy.wasm -c 'echo copied'
#> copied

### timings say where the start went
## run by: sh
"$SWEBASH" --timings -c 'echo hi' 2>err
for word in engine module instantiate run; do grep -qi "$word" err || echo "no $word"; done
#> hi
