# SPDX-License-Identifier: Apache-2.0
# Other engines: --engine, ENGINE_WASM and what is wrong with the file they name.

### the flag weighs more than the environment
## args: --engine flag.wasm -c :
## env: ENGINE_WASM=environment.wasm
#!~ swebash: flag.wasm: *
## status: 127

### the flag with an equals sign
## args: --engine=nothing.wasm -c :
#!~ swebash: nothing.wasm: *
## status: 127

### the flag without its value
## args: --engine
#!~ swebash: --engine: option requires an argument*
## status: 2

### a tier without its value
## args: --engine-tier
#!~ swebash: --engine-tier: option requires an argument*
## status: 2

### an empty tier means any
## run by: sh
SWEBASH_ENGINE_TIER= "$SWEBASH" -c 'echo any'
#> any

### an unknown tier in the environment
## args: -c :
## env: SWEBASH_ENGINE_TIER=fastest
#!~ swebash: fastest: *
## status: 2

### the flag's tier weighs more than the environment's
## args: --engine-tier=cache -c 'echo chosen'
## env: SWEBASH_ENGINE_TIER=fastest
## timeout: 300
#> chosen

### ENGINE_WASM that is a directory
## run by: sh
mkdir dir.wasm
ENGINE_WASM=dir.wasm "$SWEBASH" -c :
#!~ swebash: dir.wasm: *
## status: 126

### ENGINE_WASM in a directory that is none
## run by: sh
: > file
ENGINE_WASM=file/engine.wasm "$SWEBASH" -c :
#!~ swebash: file/engine.wasm: *
## status: 127

### ENGINE_WASM that is no module
## args: -c :
## env: ENGINE_WASM=text.wasm
## file text.wasm
#| this is text, and long enough to be taken for a header
#!~ swebash: text.wasm: *
## status: 126

### an empty file
## run by: sh
: > empty.wasm
"$SWEBASH" --engine empty.wasm -c :
#!~ swebash: empty.wasm: *
## status: 126

### a module cut short
## run by: sh
printf '\000asm\001\000\000\000\001\200' > cut.wasm
"$SWEBASH" --engine cut.wasm -c :
#!~ swebash: cut.wasm: *
## status: 126

### a component is not a module
## run by: sh
printf '\000asm\015\000\001\000' > component.wasm
"$SWEBASH" --engine component.wasm -c :
#!~ swebash: component.wasm: *
## status: 126

### an engine cut in half
## run by: sh
## timeout: 300
own=$(dirname "$(readlink -f "$SWEBASH")")
head -c 100000 "$own/engine.wasm" > half.wasm
"$SWEBASH" --engine half.wasm -c :
#!~ swebash: half.wasm: *
## status: 126

### a module without the engine's exports
## run by: sh
printf '\000asm\001\000\000\000' > bare.wasm
"$SWEBASH" --engine bare.wasm -c :
#!~ swebash: bare.wasm: *
## status: 126

### a module that wants other imports
## run by: sh
# (module (import "env" "launch" (func)))
printf '\000asm\001\000\000\000\001\004\001\140\000\000\002\016\001\003env\006launch\000\000' > foreign.wasm
"$SWEBASH" --engine foreign.wasm -c :
#!~ swebash: foreign.wasm: *
## status: 126

### a file that may not be read
## run by: sh
own=$(dirname "$(readlink -f "$SWEBASH")")
cp "$own/engine.wasm" closed.wasm && chmod 000 closed.wasm
if test -r closed.wasm; then echo 'swebash: closed.wasm: readable to this user' >&2; exit 126; fi
"$SWEBASH" --engine closed.wasm -c :
#!~ swebash: closed.wasm: *
## status: 126

### a device and a pipe are no engines, and nothing waits
## run by: sh
mkfifo pipe
"$SWEBASH" --engine pipe -c : 2>err; echo $?; wc -l < err | tr -d ' '
"$SWEBASH" --engine /dev/null -c : 2>err; echo $?; wc -l < err | tr -d ' '
#> 126
#> 1
#> 126
#> 1

### a name with blanks and newlines is named
## run by: sh
"$SWEBASH" --engine 'no such
engine.wasm' -c : 2>err; echo $?
grep -c engine.wasm err
#> 127
#> 1

### our own engine, named
## run by: sh
## timeout: 300
own=$(dirname "$(readlink -f "$SWEBASH")")
ENGINE_WASM=$own/engine.wasm "$SWEBASH" -c 'x=$(echo named); echo $x | cat'
#> named

### a link to an engine
## run by: sh
## timeout: 300
own=$(dirname "$(readlink -f "$SWEBASH")")
ln -s "$own/engine.wasm" link.wasm
"$SWEBASH" --engine=link.wasm -c 'echo linked'
#> linked

### another engine is never taken from the tier ahead of time
## run by: sh
## timeout: 300
unset SWEBASH_ENGINE_TIER
own=$(dirname "$(readlink -f "$SWEBASH")")
cp "$own/engine.wasm" copy.wasm
"$SWEBASH" --timings --engine copy.wasm -c : 2>&1 | sed -n 's/^module.*(\([a-z]*\).*/\1/p' | grep -v aot | wc -l | tr -d ' '
#> 1

### the settings come before the shell's own options
## args: --engine-tier aot -ec 'echo a; false; echo b'
#> a
## status: 1

### after the shell's options they are words
## args: -c 'echo "$@"' name --engine nothing.wasm
#> --engine nothing.wasm

### a module that has a start and no more
## run by: sh
# (module (func (export "_start") unreachable))
printf '\000asm\001\000\000\000\001\004\001\140\000\000\003\002\001\000\007\012\001\006_start\000\000\012\005\001\003\000\000\013' > trap.wasm
"$SWEBASH" --engine trap.wasm -c :
#!~ swebash: trap.wasm: *
## status: 126
