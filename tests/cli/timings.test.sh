# SPDX-License-Identifier: Apache-2.0
# --timings: where a start went.

### one line per part, on standard error
## run by: sh
"$SWEBASH" --timings -c 'echo hi' 2>err
sed 's/  .*//' err
#> hi
#> engine
#> module
#> bind
#> instantiate
#> first byte
#> run

### each part is a number of microseconds
## run by: sh
"$SWEBASH" --timings -c 'echo hi' 2>&1 >/dev/null | grep -v -c '^[a-z ]*  *[0-9][0-9]* us'
#> 0
## status: 1

### the tier that was used is named
## run by: sh
## timeout: 300
export SWEBASH_CACHE_DIR=$PWD/c
for tier in aot jit cache cache; do
  "$SWEBASH" --engine-tier=$tier --timings -c : 2>&1 | sed -n 's/^module.*(\([a-z]*\).*/\1/p'
done
#> aot
#> jit
#> jit
#> cache

### a miss gives its reason
## run by: sh
## timeout: 300
SWEBASH_CACHE_DIR=$PWD/c "$SWEBASH" --engine-tier=cache --timings -c : 2>&1 | grep -c 'miss: absent'
#> 1

### a script without output has no first byte
## run by: sh
"$SWEBASH" --timings -c : 2>&1 | grep -c '^first byte  *-1 us'
#> 1

### the status and the output are the script's
## run by: sh
"$SWEBASH" --timings -c 'echo out; echo err >&2; exit 7' 2>err; echo $?; head -n 1 err
#> out
#> 7
#> err

### SWEBASH_TIMINGS appends a trace that many starts share
## run by: sh
export SWEBASH_TIMINGS=$PWD/trace
"$SWEBASH" -c 'echo one'
"$SWEBASH" -c 'echo two'
head -n 1 trace
grep -c '"name":"module","cat":"start","ph":"X","pid":[0-9]*,"tid":[0-9]*,"ts":[0-9]*,"dur":[0-9]*,"args":{"how":"aot"}},$' trace
grep -c '"name":"first byte","cat":"start","ph":"i"' trace
#> one
#> two
#> [
#> 2
#> 2

### a trace that cannot be written is said, and the status stays
## run by: sh
SWEBASH_TIMINGS=/nonexistent/trace "$SWEBASH" -c 'echo hi; exit 3'
#> hi
#! swebash: /nonexistent/trace: No such file or directory
## status: 3
