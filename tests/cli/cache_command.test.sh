# SPDX-License-Identifier: Apache-2.0
# swebash cache: the cache's command, where it is one, and what it shows of swebash's own cache.

### is the first operand of swebash alone
## run by: sh
export SWEBASH_CACHE_DIR=$PWD/c
echo 'echo a script called $0, $1' > cache
ln -s "$SWEBASH" sh; ln -s "$SWEBASH" bash; ln -s "$SWEBASH" swebash
./swebash cache path
./swebash ./cache one
./swebash -- cache two
./swebash -e cache three
./sh cache four
./bash cache five
./swebash -c 'echo cache is $0' cache
printf 'echo cache is read\n' | ./swebash -s cache
#>~ */c/v1
#> a script called ./cache, one
#> a script called cache, two
#> a script called cache, three
#> a script called cache, four
#> a script called cache, five
#> cache is cache
#> cache is read

### statuses: 0, 1 for a miss or a fault, 2 for wrong use
## run by: sh
export SWEBASH_CACHE_DIR=$PWD/c
printf '\000asm\001\000\000\000' > m.wasm
printf '\000asm\001\000\000\000\377' > broken.wasm
c() { "$SWEBASH" cache "$@" > out 2> err; echo "$*: $?"; }
c explain m.wasm
c warm m.wasm
c explain m.wasm
c explain absent.wasm
c warm broken.wasm
c warm .
c list
c stats
c verify
c path
c config
c zero
c inspect ffff
c prune --max-size 512MiB --older-than 3d
c clear
c
c frobnicate
grep -c frobnicate err
c list more
c explain
c warm
c inspect
c prune --max-size lots
c --mode sometimes stats
c --help
#> explain m.wasm: 1
#> warm m.wasm: 0
#> explain m.wasm: 0
#> explain absent.wasm: 1
#> warm broken.wasm: 1
#> warm .: 1
#> list: 0
#> stats: 0
#> verify: 0
#> path: 0
#> config: 0
#> zero: 0
#> inspect ffff: 1
#> prune --max-size 512MiB --older-than 3d: 0
#> clear: 0
#> : 2
#> frobnicate: 2
#> 1
#> list more: 2
#> explain: 2
#> warm: 2
#> inspect: 2
#> prune --max-size lots: 2
#> --mode sometimes stats: 2
#> --help: 0

### JSON from every command, failures too
## run by: sh
export SWEBASH_CACHE_DIR=$PWD/c
printf '\000asm\001\000\000\000' > m.wasm
"$SWEBASH" cache warm m.wasm --json > warm
key=$(sed -n 's/.*"key": "\(............\).*/\1/p' warm)
for words in stats list 'explain m.wasm' 'explain absent.wasm' "inspect $key" 'inspect nothing' verify \
  'prune --max-size 1G' path zero config 'warm m.wasm' clear; do
  "$SWEBASH" cache $words --json > out 2> err
  first=$(head -c 1 out) last=$(tail -n 1 out)
  case $first$last in '{}' | '[]') ;; *) echo "$words: not JSON: $(cat out)" ;; esac
done
"$SWEBASH" cache --json inspect nothing 2> err | grep -c '"message": "nothing: no entry'
#> 1

### sizes and times for people, in columns
## run by: sh
export SWEBASH_CACHE_DIR=$PWD/c
printf '\000asm\001\000\000\000' > m.wasm
"$SWEBASH" cache warm m.wasm > out
"$SWEBASH" cache list | sed 's/[0-9a-f]\{12\}/KEY/; s/[0-9.]* KiB/N KiB/; s/[0-9]* ms/N ms/; s/  */ /g'
"$SWEBASH" cache clear | sed 's/[0-9.]* KiB/N KiB/'
#> KEY NAME SIZE COMPILE USED RUNTIME
#>~ KEY m.wasm N KiB N ms just now wasmtime *
#> removed 1 entry, N KiB

### the shell's engine is found under the shell's own settings
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c
engine=${SWEBASH%/*}/engine.wasm
"$SWEBASH" cache explain "$engine" | head -n 1 | cut -d , -f 1
"$SWEBASH" --engine-tier=cache -c 'echo runs'
"$SWEBASH" cache explain "$engine" | head -n 1 | cut -d , -f 1
"$SWEBASH" cache explain "$engine" --engine-config 'opt_level=speed' | sed -n 's/.*which differs in: //p'
"$SWEBASH" cache stats | sed -n 's/  */ /g; /^hits/p; /^misses/p; /^compiled/p'
"$SWEBASH" --engine-tier=cache -c 'echo again'
"$SWEBASH" cache stats | sed -n 's/  */ /g; /^hits/p; /^compiled/p'
"$SWEBASH" cache list --json | grep -c '"name": "engine.wasm"'
#> miss (absent)
#> runs
#> hit
#> settings
#> hits 0 (0.0 %)
#> misses 1
#> compiled 1
#> again
#> hits 1 (50.0 %)
#> compiled 1
#> 1

### settings weigh: file, environment, option; and say where they come from
## run by: sh
export XDG_CONFIG_HOME=$PWD/config SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_MAX_AGE=12h
mkdir -p config/modcache
printf '# mine\ndir = /from/file\nmax_size = 5MiB\nmax_age=1d\nverify = always\nmode = ro\n' > config/modcache/modcache.conf
mkdir -p -m 700 c/v1
"$SWEBASH" cache config --mode require | sed -n "s|$PWD|.|g; s/  */ /g; 1p; 3,6p; \$p"
MODCACHE_DIR=/not/the/shells "$SWEBASH" cache path --mode rw
#> dir ./c (SWEBASH_CACHE_DIR)
#> mode require (option)
#> verify always (./config/modcache/modcache.conf)
#> max_size 5MiB (./config/modcache/modcache.conf)
#> max_age 12h (SWEBASH_CACHE_MAX_AGE)
#> lock_timeout 2m (default)
#>~ */c/v1

### a value that cannot be read is passed over and named
## run by: sh
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_MODE=sometimes
"$SWEBASH" cache config 2>&1 | sed -n 's/  */ /g; /^mode/p; /sometimes/p'
"$SWEBASH" -c 'echo runs all the same'
#> mode rw (default)
#> modcache: SWEBASH_CACHE_MODE: expected rw, ro, require or off, not 'sometimes'; passed over, mend it by: unset SWEBASH_CACHE_MODE
#> runs all the same

### explain, path, warm and config say which directory is passed over, why, and what mends it
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_EXTRA_DIRS=$PWD/extra
printf '\000asm\001\000\000\000' > m.wasm
mkdir -p extra/v1; chmod 775 extra/v1
"$SWEBASH" cache path > /dev/null 2>&1; chmod 755 c/v1
for words in 'explain m.wasm' path 'warm m.wasm' config; do
  "$SWEBASH" cache $words > out 2> err
  echo "$? $(grep -c 'not used' err)"
done
sed "s|$PWD|.|g" err
"$SWEBASH" cache config --json 2> /dev/null | grep -c '"mend": "chmod'
sed -n 's/.*mend it by: //p' err | sh
"$SWEBASH" cache warm m.wasm 2>&1 | sed 's/[0-9]* ms/N ms/'
#> 1 2
#> 1 2
#> 1 2
#> 0 2
#> modcache: ./c/v1 is open to others (mode 755), so it is not used; mend it by: chmod 700 ./c/v1
#> modcache: ./extra/v1 can be written by others (mode 775), so it is not used; mend it by: chmod go-w ./extra/v1
#> modcache: nothing is stored; choose a directory by: export SWEBASH_CACHE_DIR=DIRECTORY
#> 2
#> m.wasm: compiled in N ms

### explain says where a hit is, and what is wrong with what is none
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_CACHE_EXTRA_DIRS=$PWD/extra
printf '\000asm\001\000\000\000' > m.wasm
SWEBASH_CACHE_DIR=$PWD/extra "$SWEBASH" cache warm m.wasm > out 2>&1
explain() { "$SWEBASH" cache "$@" explain m.wasm | sed "s|$PWD|.|g; s/, in .*//; s/[0-9a-f]\{64\}/KEY/g"; }
explain
"$SWEBASH" cache warm m.wasm
cp extra/v1/*.cwasm c/v1/
file=$(echo c/v1/*.cwasm)
chmod g+w extra/v1/*.cwasm
printf x >> "$file"; explain
explain --mode ro
rm "$file"; mkdir "$file"; explain
"$SWEBASH" cache prune > out; ls c/v1 | grep -c cwasm
explain
"$SWEBASH" cache explain m.wasm | sed -n 's/.*mend it by: //p' | sh
explain
#> hit
#>   ./extra/v1/KEY.cwasm
#> m.wasm: already there
#> miss (corrupt)
#>   ./c/v1/KEY.cwasm is corrupt; the next load replaces it
#>   ./extra/v1/KEY.cwasm is foreign; mend it by: rm -rf './extra/v1/KEY.cwasm'
#> miss (corrupt)
#>   ./c/v1/KEY.cwasm is corrupt; mend it by: rm -rf './c/v1/KEY.cwasm'
#>   ./extra/v1/KEY.cwasm is foreign; mend it by: rm -rf './extra/v1/KEY.cwasm'
#> miss (foreign)
#>   ./c/v1/KEY.cwasm is foreign; the next load replaces it
#>   ./extra/v1/KEY.cwasm is foreign; mend it by: rm -rf './extra/v1/KEY.cwasm'
#> 0
#> miss (foreign)
#>   ./extra/v1/KEY.cwasm is foreign; mend it by: rm -rf './extra/v1/KEY.cwasm'
#> miss (absent)
#>   would be ./c/v1/KEY.cwasm

### a build of Wasmtime with other features has entries of its own
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c
printf '\000asm\001\000\000\000' > m.wasm
"$SWEBASH" cache warm m.wasm > out
"$SWEBASH" cache --features 'threads gc' explain m.wasm | sed -n 's/.*which differs in: //p; s/  *wanted  *wasmtime [0-9.]* /wanted /p'
"$SWEBASH" cache --features 'threads gc' warm m.wasm | sed 's/[0-9]* ms/N ms/'
"$SWEBASH" cache --features 'threads gc' explain m.wasm | head -n 1 | cut -d , -f 1
"$SWEBASH" cache explain m.wasm | head -n 1 | cut -d , -f 1
ls c/v1/*.cwasm | wc -l
#> runtime
#> wanted threads gc
#> m.wasm: compiled in N ms
#> hit
#> hit
#> 2

### modes: off and ro leave nothing, require fails without an entry
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
for mode in off ro; do
  SWEBASH_CACHE_MODE=$mode "$SWEBASH" -c 'echo runs'
  ls c 2> /dev/null
done
SWEBASH_CACHE_MODE=require "$SWEBASH" -c 'echo never' 2> err
echo "$? $(grep -c 'not in the cache (no_directory), and mode is require' err)"
"$SWEBASH" -c 'echo filled'
for mode in ro require; do
  SWEBASH_CACHE_MODE=$mode SWEBASH_CACHE_COMPILER=/nonexistent "$SWEBASH" -c 'echo hit'
done
SWEBASH_CACHE_MODE=off SWEBASH_CACHE_COMPILER=/nonexistent "$SWEBASH" -c 'echo never' 2> /dev/null
echo $?
#> runs
#> runs
#> 126 1
#> filled
#> hit
#> hit
#> 126

### a read-only directory is looked into second, and never written
## run by: sh
## timeout: 60
export SWEBASH_ENGINE_TIER=cache
SWEBASH_CACHE_DIR=$PWD/image "$SWEBASH" -c 'echo baked'
chmod -R a+rX image
find image -type f -exec cksum {} + > before
export SWEBASH_CACHE_DIR=$PWD/own SWEBASH_CACHE_EXTRA_DIRS=/nonexistent:file://$PWD/image SWEBASH_CACHE_COMPILER=/nonexistent
"$SWEBASH" -c 'echo hit'
SWEBASH_CACHE_MODE=require "$SWEBASH" -c 'echo required'
find image -type f -exec cksum {} + | cmp - before
"$SWEBASH" cache path | sed "s|$PWD|.|"
"$SWEBASH" cache list --json | grep -c '"read_only": true'
ls own/v1/*.cwasm 2> /dev/null
#> baked
#> hit
#> required
#> ./own/v1
#> ./image/v1
#> 1
#! modcache: /nonexistent/v1 is not there, so it is not used
## status: 2

### a place in the temporary directory where home cannot be used, unless another could write there
## run by: sh
## timeout: 60
unset SWEBASH_CACHE_DIR XDG_CACHE_HOME
export HOME=/proc/nothing TMPDIR=$PWD
"$SWEBASH" cache path | sed "s|$PWD/modcache-$(id -u)|PLACE|"
chmod 777 modcache-*
"$SWEBASH" cache path; echo $?
"$SWEBASH" --engine-tier=cache -c 'echo runs'
#> PLACE/v1
#> 1
#> runs
#! modcache: /proc/nothing/.cache/modcache/v1 cannot be made, so it is not used
#! modcache: /proc/nothing/.cache/modcache/v1 cannot be made, so it is not used
#!~ modcache: */modcache-* can be written by others (mode 777), so it is not used; mend it by: chmod go-w */modcache-*
#! modcache: nothing is stored; choose a directory by: export SWEBASH_CACHE_DIR=DIRECTORY

### many that start cold at once compile once
## run by: sh
## timeout: 60
export SWEBASH_CACHE_DIR=$PWD/c SWEBASH_ENGINE_TIER=cache
printf '#!/bin/sh\necho started >> "%s/starts"\nexec "%s/modcache-compile" "$@"\n' "$PWD" "${SWEBASH%/*}" > logging
chmod +x logging
export SWEBASH_CACHE_COMPILER=$PWD/logging
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do "$SWEBASH" -c "echo $i" & done > out
wait
sort -n out | tr '\n' ' '; echo
cat starts
#> 1 2 3 4 5 6 7 8 9 10 11 12 
#> started
