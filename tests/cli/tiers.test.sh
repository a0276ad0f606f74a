# SPDX-License-Identifier: Apache-2.0
# The tiers: ahead of time, cache, compile; and engines that are not ours.

### each tier gives the same answer
## run by: sh
## timeout: 300
for tier in aot cache jit; do
  "$SWEBASH" --engine-tier=$tier -c 'x=$(echo '$tier'); echo $x | cat'
done
#> aot
#> cache
#> jit

### the tier can come from the environment
## args: -c 'echo ok'
## env: SWEBASH_ENGINE_TIER=cache
## timeout: 300
#> ok

### an unknown tier is one sentence
## args: --engine-tier=warp -c 'echo never'
#!~ *warp*
## status: 2

### a fresh cache is filled once and then hit
## run by: sh
## timeout: 300
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
## timeout: 300
: > file
SWEBASH_ENGINE_TIER=cache SWEBASH_CACHE_DIR=$PWD/file/c "$SWEBASH" -c 'echo on'
#> on

### garbage in the cache is no error
## run by: sh
## timeout: 300
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
"$SWEBASH" -c :
find c -type f | while read -r f; do chmod u+w "$f"; echo garbage > "$f"; done
"$SWEBASH" -c 'echo on'
#> on

### a truncated cache is no error
## run by: sh
## timeout: 300
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

### nothing enters the cache of what cannot be an engine
## run by: sh
## timeout: 60
# No exports; an import that there is none of: (module (import "env" "launch" (func))); no module.
printf '\000asm\001\000\000\000' > bare.wasm
printf '\000asm\001\000\000\000\001\004\001\140\000\000\002\016\001\003env\006launch\000\000' > foreign.wasm
echo text > text.wasm
export SWEBASH_CACHE_DIR=$PWD/c
for engine in bare.wasm foreign.wasm text.wasm; do
  ENGINE_WASM=$engine "$SWEBASH" -c : 2>err
  echo "$? $(grep -c "$engine" err) $(wc -l < err | tr -d ' ')"
done
find c -name '*.cwasm' 2>/dev/null | wc -l | tr -d ' '
"$SWEBASH" --engine-tier cache -c :
find c -name '*.cwasm' | wc -l | tr -d ' '
#> 126 1 1
#> 126 1 1
#> 126 1 1
#> 0
#> 1

### another engine runs through the cache
## run by: sh
## timeout: 300
cp "$(dirname "$(readlink -f "$SWEBASH")")/engine.wasm" copy.wasm
"$SWEBASH" --engine copy.wasm -c 'echo copied'
#> copied

### an engine with one message altered says the altered message
## run by: sh
## timeout: 60
own=$(dirname "$(readlink -f "$SWEBASH")")
LC_ALL=C sed 's/command not found/command not there/g' "$own/engine.wasm" > altered.wasm
"$SWEBASH" --engine altered.wasm -c 'no_such_thing'
#!~ *: line 1: no_such_thing: command not there
## status: 127

### timings say where the start went
## run by: sh
"$SWEBASH" --timings -c 'echo hi' 2>err
for word in engine module instantiate run; do grep -qi "$word" err || echo "no $word"; done
#> hi
