# SPDX-License-Identifier: Apache-2.0
# bash: pipefail, PIPESTATUS, process substitution, here-strings, coproc.

### PIPESTATUS and pipefail
false | true | (exit 3)
echo "${PIPESTATUS[@]}"
set -o pipefail
false | true
echo $?
#> 1 0 3
#> 1

### here-strings
cat <<< "one $((1 + 1))"
read -r a b <<< 'x y z'
echo "$b"
#> one 2
#> y z

### process substitution
cat <(echo a) <(echo b)
while read -r x; do last=$x; done < <(printf '1\n2\n')
echo $last
#> a
#> b
#> 2

### both outputs
{ echo out; echo err >&2; } &> f
cat f
{ echo out; echo err >&2; } |& sort
#> out
#> err
#> err
#> out

### lastpipe
shopt -s lastpipe
echo kept | read -r x
echo $x
#> kept

### a descriptor by name
exec {fd}> f
echo text >&$fd
exec {fd}>&-
cat f
#> text

### coproc
coproc cat
echo through >&"${COPROC[1]}"
read -r x <&"${COPROC[0]}"
echo $x
eval "exec ${COPROC[1]}>&-"
wait
#> through

### time of a pipeline keeps its status
TIMEFORMAT=
time false
echo $?
#> 1

### errexit and pipefail together
set -eo pipefail
false | true
echo never
## status: 1

### ERR and RETURN traps
trap 'echo err' ERR
false
f() { trap 'echo ret' RETURN; }
f
#> err
#> ret

### BASH_SUBSHELL and BASHPID
(echo $BASH_SUBSHELL; (echo $BASH_SUBSHELL))
[ $BASHPID = $$ ] && echo same
([ $BASHPID = $$ ] || echo other)
#> 1
#> 2
#> same
#> other
