# SPDX-License-Identifier: Apache-2.0
# bash: what a trap's action sees: $?, FUNCNAME, BASH_LINENO, LINENO, BASH_COMMAND, and where its exit and return lead

### the EXIT trap runs within the function that called exit
trap 'echo "${FUNCNAME[*]} [${BASH_LINENO[*]}] $x $1"' EXIT
f() {
  local x=5
  eval exit
}
x=1 f a
#> f main [6 0] 5 a

### the EXIT trap runs within the function in which set -e ends the script
set -e
trap 'echo "${FUNCNAME[*]} [${BASH_LINENO[*]}] $? $BASH_COMMAND"' EXIT
f() {
  false
}
g() { f; }
g
#> f g main [6 7 0] 1 false
## status: 1

### an error leaves the functions before the EXIT trap
set -u
trap 'echo "${FUNCNAME[*]} [${x-}]"' EXIT
f() {
  local x=5
  echo $nothing
}
f
#> main []
#!~ *unbound variable
## status: 1

### what the EXIT trap of a function writes goes where the function's output went
(
  trap 'echo bye' EXIT
  f() { exit; }
  f >out
)
echo "[$(cat out)]"
#> [bye]

### the EXIT trap stands in the listing while it runs, and one that it sets does not run
(
  trap 'trap -p; trap "echo no" EXIT; trap -p' EXIT
  exit 3
)
echo $?
#> trap -- 'trap -p; trap "echo no" EXIT; trap -p' EXIT
#> trap -- 'echo no' EXIT
#> 3

### exit without a status in the EXIT trap keeps the shell's
(trap 'true; exit' EXIT; exit 3); echo $?
(trap 'false; exit' EXIT; true); echo $?
(f() { trap f EXIT; exit; }; trap f EXIT; exit 5); echo $?
(trap 'exit 4' EXIT; exit 3); echo $?
#> 3
#> 0
#> 5
#> 4

### return in a trap, and in what it calls, answers $? from before the trap
f() { false; return; }
(trap 'f; echo $?' EXIT; exit 5)
(trap 'f; echo $?' ERR; (exit 7))
g() { trap 'false; return' USR1; kill -USR1 $BASHPID; echo no; }
(g; echo $?)
(trap 'f; echo $?' DEBUG; :)
#> 5
#> 7
#> 0
#> 1

### the RETURN trap sees $? from before return
h() { trap 'echo "trap $?"' RETURN; (exit 3); return 5; }
h
echo $?
#> trap 3
#> 5

### the RETURN trap of a sourced file stands on the line of its command
printf 'false\nreturn 4\n' >lib
trap 'echo "$LINENO $BASH_COMMAND $?"' RETURN

. ./lib
. ./missing
#> 4 . ./lib 1
#> 5 . ./missing 4
#! script.sh: line 5: ./missing: No such file or directory
## status: 1

### the DEBUG trap at a function's entry is on the line of its body
set -T
f()
{
  :
}
trap 'echo "$LINENO"' DEBUG
f
#> 7
#> 3
#> 4

### what the DEBUG trap calls runs no RETURN trap
set -T
d() { :; }
trap 'echo "return ${FUNCNAME[0]}"' RETURN
trap d DEBUG
f() { :; }
f
trap - DEBUG
#> return f

### the ERR trap of a pipeline is on the line of its last command
trap 'echo "$LINENO"' ERR

false |
  false
#> 4
## status: 1

### a subshell at the end of a pipeline runs the ERR trap, and the pipeline does
trap 'echo E' ERR
(false) | (false)
false | false
#> E
#> E
#> E
## status: 1

### BASH_COMMAND in the EXIT trap is the command that ended the shell
trap 'echo "$BASH_COMMAND"' EXIT
true last
#> true last

### exit in a trap ends a shell that waits for its script on a pipe
{
  echo 'trap "echo in; exit 7" TERM'
  echo '{ sleep 0.2; kill -TERM $$; } &'
  sleep 0.6
  echo 'echo not reached'
} | "${SWEBASH:-$BASH}"
echo "${PIPESTATUS[1]}"
#> in
#> 7

### a DEBUG trap that a function in a pipeline sets runs before its next command
f() { trap 'echo "before $BASH_COMMAND"' DEBUG; echo hi; }
trap : DEBUG
f | cat
#> before echo hi
#> hi

### BASH_COMMAND is the eval once its text has run
set -E
trap 'echo "E $? $BASH_COMMAND"' ERR
eval false
f() { eval 'true
(exit 3)'; }
f
trap 'echo "X $BASH_COMMAND"' EXIT
eval 'exit 4'
#> E 1 false
#> E 1 eval false
#> E 3 ( exit 3 )
#> E 3 eval 'true
#> (exit 3)'
#> E 3 eval 'true
#> (exit 3)'
#> X eval 'exit 4'
## status: 4

### the EXIT trap runs within the redirections of what says exit
(trap 'echo bye' EXIT; { exit 3; } > out); echo $? "[$(cat out)]"
(trap 'echo bye' EXIT; eval 'exit 3' > out); echo $? "[$(cat out)]"
(trap 'echo bye' EXIT; exit 3 > out); echo $? "[$(cat out)]"
(set -e; trap 'echo bye' EXIT; { false; } > out) & wait $!; echo $? "[$(cat out)]"
#> 3 [bye]
#> 3 [bye]
#> 3 [bye]
#> 1 [bye]

### set -e leaves a redirected function before the EXIT trap runs
f() { nosuch_command 2> /dev/null; }
(set -e; trap 'echo bye $? $FUNCNAME' EXIT; f > out) & wait $!; echo $? "[$(cat out)]"
#> bye 127 main
#> 127 []

### a sourced file has the DEBUG trap only under functrace, and is over when its RETURN trap runs
echo 'echo in' > file.sh
trap 'echo "debug ${FUNCNAME[0]-none}"' DEBUG
. ./file.sh
set -T
trap 'echo "return ${FUNCNAME[0]-none} $1"' RETURN
f() { . ./file.sh arg; }
f own
set +T
. ./file.sh
#> debug none
#> in
#> debug none
#> debug none
#> debug none
#> debug f
#> debug f
#> debug source
#> in
#> debug f
#> return f arg
#> debug f
#> return f own
#> debug none
#> debug none
#> in
#> return none 
