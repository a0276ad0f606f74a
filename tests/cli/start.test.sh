# SPDX-License-Identifier: Apache-2.0
# The program: how it starts, from where, and with what around it.

### a pipeline of builtins
## args: -c 'echo hello | cat'
#> hello

### the version names the program
## args: --version
#>~ swebash, version *
#> License Apache-2.0: <https://www.apache.org/licenses/LICENSE-2.0>

### started through a link, it finds its companions
## run by: sh
ln -s "$SWEBASH" here
./here -c 'echo linked'
mkdir bin && ln -s ../here bin/there
PATH=$PWD/bin:$PATH there -c 'echo by PATH'
#> linked
#> by PATH

### started with another argv[0]
## run by: sh
bash -c 'exec -a nonsense "$SWEBASH" -c "echo named"'
#> named

### without HOME and with an empty environment
## run by: sh
env -i "$SWEBASH" -c 'echo started'
#> started

### in a directory that is gone
## run by: sh
mkdir gone && cd gone && rmdir ../gone
"$SWEBASH" -c 'echo still' 2>/dev/null
#> still

### with standard output closed
## run by: sh
"$SWEBASH" -c 'echo lost' >&-
test $? -ne 0 && echo refused
#> refused
#!~ */swebash: line 1: echo: write error: Bad file descriptor

### to a full device
## run by: sh
"$SWEBASH" -c 'echo lost; exit $?' > /dev/full
echo $?
#> 1
#!~ */swebash: line 1: echo: write error: No space left on device

### with SIGPIPE ignored by its parent
## run by: sh
trap '' PIPE
"$SWEBASH" -c 'echo fine'
#> fine

### a script with NUL bytes, carriage returns and any bytes
## run by: sh
printf 'echo start\necho a\000b\necho c\r\n\377\376 2>/dev/null\necho end\n' > odd
"$SWEBASH" odd 2>/dev/null | tail -n 1
#> end

### ten thousand nested parentheses are an answer, not a crash
## run by: sh
{ head -c 10000 /dev/zero | tr '\0' '('; echo :; } > deep
"$SWEBASH" deep 2>/dev/null
test $? -lt 128 && echo answered
#> answered

### a line of a megabyte
## run by: sh
{ printf 'x='; head -c 1000000 /dev/zero | tr '\0' a; printf '; echo ${#x}\n'; } > long
"$SWEBASH" long
#> 1000000

### with little address space it runs or says why not
## run by: sh
for size in 3000 4000 8000 20000 100000 1000000 4200000 4300000 6000000 unlimited; do
  ( ulimit -v $size; "$SWEBASH" -c 'echo small; (echo subshell) | cat; /bin/echo native' ) >out 2>err
  status=$?
  test $status -lt 128 && { test -s err || grep -qs native out; } || echo "$size gave $status"
done
test -s err || echo answered
#> answered

### a death by a signal is the program's own
## run by: sh
"$SWEBASH" -c 'kill -TERM $$' 2>/dev/null
echo $?
#> 143

### a start leaves no file behind
## run by: sh
SWEBASH_CACHE_DIR=$PWD/cache "$SWEBASH" -c :
ls -A | grep -v -e script.sh -e cache
## status: 1

### called as bash, it keeps its history where bash does, with HOME or without
ln -s "$SWEBASH" bash
HOME=$PWD ./bash --norc -i -c '[[ $HISTFILE == "$PWD/.bash_history" ]]' 2>/dev/null; echo $?
unset HOME
./bash --norc -i -c '[[ $HISTFILE == ~/.bash_history ]]' 2>/dev/null; echo $?
#> 0
#> 0
