# SPDX-License-Identifier: Apache-2.0
# bash: traps.

### EXIT runs once at the end with the status
trap 'echo "bye $?"' EXIT
echo work
(exit 3)
#> work
#> bye 3
## status: 3

### EXIT and exit
trap 'echo "trap $?"; exit 7' EXIT
exit 2
#> trap 2
## status: 7

### EXIT sees its variables and may be reset
x=1
trap 'echo "x is $x"' EXIT
x=2
trap 'echo new' EXIT
trap - EXIT
echo end
#> end

### subshells have no EXIT trap of their parent
trap 'echo parent' EXIT
(echo sub)
x=$(echo captured); echo $x
(trap 'echo child' EXIT; echo in child)
#> sub
#> captured
#> in child
#> child
#> parent

### EXIT in a function belongs to the shell
f() { trap 'echo bye' EXIT; echo f; }
f; echo after
#> f
#> after
#> bye

### EXIT after an error
trap 'echo "cleanup $?"' EXIT
set -e
false
echo never
#> cleanup 1
## status: 1

### EXIT after a syntax error in eval and an unset variable
trap 'echo "cleanup $?"' EXIT
set -u
echo $nothing
#> cleanup 1
#! script.sh: line 3: nothing: unbound variable
## status: 1

### a signal
trap 'echo got USR1' USR1
kill -USR1 $$
echo after
#> got USR1
#> after

### the status after a handler is the old one
trap 'false' USR1
true; kill -USR1 $$; echo $?
trap '(exit 5)' USR1
(exit 3); kill -USR1 $$; echo $?
#> 0
#> 0

### names, numbers and prefixes
trap 'echo a' SIGUSR1; kill -USR1 $$
trap 'echo b' 10; kill -10 $$
trap 'echo c' usr2; kill -s USR2 $$
trap 'echo bye' 0
#> a
#> b
#> c
#> bye

### ignoring
trap '' TERM
kill -TERM $$
echo alive
sh -c 'kill -TERM $$; echo child ignores too'
#> alive
#> child ignores too

### default again
trap 'echo no' USR1
trap - USR1
{ (kill -USR1 $BASHPID; echo never); } 2>/dev/null
echo $?
#> 138

### a number resets
trap 'echo x' USR1 USR2
trap 10
trap -p
#> trap -- 'echo x' SIGUSR2

### listing
trap 'echo "it'"'"'s"' EXIT
trap '' INT
trap 'a
b' USR1
trap -p
trap -p INT
trap - EXIT
#> trap -- 'echo "it'\''s"' EXIT
#> trap -- '' SIGINT
#> trap -- 'a
#> b' SIGUSR1
#> trap -- '' SIGINT

### bad signals
trap 'echo x' NOSUCH
echo $?
trap x 999
echo $?
trap
echo $?
#> 1
#> 1
#> 0
#! script.sh: line 1: trap: NOSUCH: invalid signal specification
#! script.sh: line 3: trap: 999: invalid signal specification

### ERR
trap 'echo "err $?"' ERR
false
(exit 4)
if false; then :; fi
false || true
! true
false && true
true | false
x=$(false)
#> err 1
#> err 4
#> err 1
#> err 1
## status: 1

### BASH_COMMAND after a pipeline is its last simple command, not one that is gone
trap 'echo "$BASH_COMMAND"' ERR
false one | false two
true | { false; }
f() { unset -f f; return 1; } 2>/dev/null
f | false three
{ f; } || true
{ false; } | false four
[[ a == b ]]
((0))
(false)
:
#> false two
#> true
#> false three
#> false four
#> [[ a == b ]]
#> ((0))
#> ( false )

### ERR is not inherited by functions
trap 'echo err' ERR
f() { false; true; }
f
g() { false; }
g
#> err
## status: 1

### errtrace
set -E
trap 'echo "err in ${FUNCNAME:-main}"' ERR
f() { false; true; }
f
(false; true)
#> err in f
#> err in main

### ERR with errexit
set -e
trap 'echo "failed: $?"' ERR
trap 'echo end' EXIT
false
echo never
#> failed: 1
#> end
## status: 1

### DEBUG before each command
trap 'echo "+ $BASH_COMMAND"' DEBUG
x=1
echo a
if true; then :; fi
for i in 1; do echo $i; done
((x++))
trap - DEBUG
echo off
#> + x=1
#> + echo a
#> a
#> + true
#> + :
#> + for i in 1
#> + echo $i
#> 1
#> + ((x++))
#> + trap - DEBUG
#> off

### DEBUG in functions needs functrace
trap 'echo "d $BASH_COMMAND"' DEBUG
f() { echo in; }
f
set -T
f
trap - DEBUG
#> d f
#> in
#> d set -T
#> d f
#> d f
#> d echo in
#> in
#> d trap - DEBUG

### DEBUG may skip with extdebug
shopt -s extdebug
trap '[[ $BASH_COMMAND != *skip* ]]' DEBUG
echo shown
echo skip this
trap - DEBUG
#> shown

### RETURN
f() { trap 'echo "ret ${FUNCNAME[0]}"' RETURN; echo f; g; }
g() { echo g; }
f
h() { echo h; }
h
#> f
#> g
#> ret f
#> h

### RETURN for a sourced file
echo 'echo sourced' > lib
trap 'echo returned' RETURN
. ./lib
#> sourced
#> returned

### RETURN with functrace
set -T
trap 'echo ret' RETURN
f() { :; }
f
trap - RETURN
#> ret

### BASH_COMMAND in a signal handler
trap 'echo "during: $BASH_COMMAND"' USR1
kill -USR1 $$
#> during: kill -USR1 $$

### LINENO in handlers
trap 'echo "line $LINENO"' ERR
true
false
#> line 3
## status: 1

### a trap in a loop and with break
trap 'stop=1' USR1
for i in 1 2 3 4; do
  [[ $i == 2 ]] && kill -USR1 $$
  [[ $stop ]] && break
done
echo $i
#> 2

### a handler that exits
trap 'echo leaving; exit 9' TERM
kill -TERM $$
echo never
#> leaving
## status: 9

### a handler that returns from a function
f() { trap 'return 5' USR1; kill -USR1 $$; echo never; }
f
echo $?
#> 5

### signals during wait
trap 'echo caught' USR1
sleep 5 & p=$!
(sleep 0.2; kill -USR1 $$) &
wait $p
echo "status $?"
kill $p
#> caught
#> status 138

### a signal during a foreground command waits for it
trap 'echo caught' USR1
(sleep 0.05; kill -USR1 $$) &
sleep 0.7
echo done
#> caught
#> done

### a subshell resets handlers and shows them
trap 'echo handler' USR1
trap '' USR2
(trap -p; kill -USR2 $BASHPID; echo lives)
#> trap -- 'echo handler' SIGUSR1
#> trap -- '' SIGUSR2
#> lives

### exec drops traps
trap 'echo never' EXIT
exec echo replaced
#> replaced

### trap in a pipeline
{ trap 'echo stage ends' EXIT; echo x; } | cat
#> x
#> stage ends

### trap prints with -l
trap -l | head -n 1 | cut -c 1-12
trap -l | grep -c SIGKILL
#>$  1) SIGHUP\t \n
#> 1

### recursion of ERR
trap 'false; echo once' ERR
false
echo end
#> once
#> end

### exit within EXIT of a subshell
(trap 'exit 6' EXIT; exit 1); echo $?
#> 6

### DEBUG of a stage runs before its task is made
trap 'echo "d $BASH_COMMAND" >&2' DEBUG
{ echo one; } | cat
trap - DEBUG
#> one
#! d cat
#! d trap - DEBUG

### DEBUG that answers 2 leaves the function with extdebug
shopt -s extdebug
f() { echo first; echo leave; echo never; }
trap 'case $BASH_COMMAND in "echo leave") (exit 2);; esac' DEBUG
f; echo "status $?"
trap - DEBUG
#> first
#> status 2

### BASH_COMMAND in DEBUG has the head of a compound command
trap 'echo "[$BASH_COMMAND]"' DEBUG
for ((i=0; i<1; i++)); do :; done
for x in "a b"; do :; done
case "a b" in *) :;; esac
[[ a == b ]]
((1+1))
trap - DEBUG
#> [((i=0))]
#> [((i<1))]
#> [:]
#> [((i++))]
#> [((i<1))]
#> [for x in "a b"]
#> [:]
#> [case "a b" in ]
#> [:]
#> [[[ a == b ]]]
#> [((1+1))]
#> [trap - DEBUG]

### ERR of a redirection that fails on a compound command
trap 'echo failed' ERR
{ :; } < nothing_here
for i in 1; do :; done < nothing_here
echo end
#> failed
#> failed
#> end
#! script.sh: line 2: nothing_here: No such file or directory
#! script.sh: line 3: nothing_here: No such file or directory

### the EXIT trap runs before a signal ends the script
trap 'echo cleaned $?' EXIT
kill -TERM $$
echo not reached
#> cleaned 0
## status: 143

### the EXIT trap runs before SIGINT and SIGHUP end a script, and cannot change how it ends
cat >one.sh <<'A'
trap 'echo cleaned; exit 3' EXIT
kill -s "$1" $$
echo not reached
A
for signal in INT HUP USR1; do
  "$BASH" one.sh "$signal" 2>/dev/null
  echo $?
done
#> cleaned
#> 130
#> cleaned
#> 129
#> cleaned
#> 138
#!~ script.sh: line *: *[0-9] Hangup                  "$BASH" one.sh "$signal" 2> /dev/null
#!~ script.sh: line *: *[0-9] User defined signal 1   "$BASH" one.sh "$signal" 2> /dev/null

### a script that waits for a program runs its EXIT trap as soon as a signal comes
cat >waits.sh <<'A'
trap 'echo cleaned' EXIT
(/bin/sleep 0.2; kill -TERM $$) &
/bin/sleep 20
echo not reached
A
"$BASH" waits.sh
echo $?
#> cleaned
#> 143
#! Terminated

### a signal that is ignored or trapped does not bring the EXIT trap
trap 'echo bye' EXIT
trap '' TERM
kill -TERM $$
trap 'echo got it' TERM
kill -TERM $$
trap - TERM
echo still here
#> got it
#> still here
#> bye

### messages about the text of a trap name the trap
trap ')' EXIT
trap ')' USR1
kill -USR1 $$
echo $?
#> 0
#! script.sh: trap: line 1: syntax error near unexpected token `)'
#! script.sh: trap: line 1: `)'
#!?                           ^
#! script.sh: exit trap: line 1: syntax error near unexpected token `)'
#! script.sh: exit trap: line 1: `)'
#!?                                ^

### BASH_COMMAND in an ERR trap is the [[ ]], (( )) or subshell that failed
trap 'echo "$BASH_COMMAND"' ERR
[[ a ==   b ]]
((  0 ))
(exit 3)
false 'a b'
#> [[ a == b ]]
#> ((  0 ))
#> ( exit 3 )
#> false 'a b'
## status: 1

### a signal to $! reaches the program that a job has become, and its status is the program's
cat > graceful <<'S'
#!/bin/sh
trap 'echo "got it"; exit 7' TERM
echo ready
while :; do sleep 0.05; done
S
chmod +x graceful
graceful=./graceful
for how in plain exec subshell; do
  mkfifo "$how"
  case $how in
    plain) "$graceful" > "$how" & ;;
    exec) exec "$graceful" > "$how" & ;;
    subshell) ( "$graceful" ) > "$how" & ;;
  esac
  pid=$!
  { read -r line; kill -TERM "$pid"; cat; } < "$how"
  wait "$pid"
  echo "$how $?"
done
#> got it
#> plain 7
#> got it
#> exec 7
#> got it
#> subshell 7

### real-time signals, the first and the last too
trap 'echo first' RTMIN; trap 'echo before last' RTMAX-1; trap 'echo last' RTMAX
kill -RTMIN $$; kill -s RTMAX-1 $$; kill -RTMAX $$; kill -64 $$
#> first
#> before last
#> last
#> last

### a SIGCHLD that was sent runs no trap
trap 'echo child' CHLD
kill -CHLD $$; :; echo -; /bin/true; :
#> -
#> child

### in the background a program ignores SIGINT and SIGQUIT, a compound command by itself
sh -c 'kill -INT $$; kill -QUIT $$; echo program' & wait $!; echo $?
sh -c 'kill -INT $$; echo stage' | cat & wait $!
{ kill -INT $BASHPID; kill -QUIT $BASHPID; echo group; (kill -INT $BASHPID; echo no); echo $?; } & wait $!
{ sh -c 'kill -INT $$; echo no'; echo $?; } & wait $!
f() { kill -INT $BASHPID; echo no; }; f & wait $!; echo $?
#> program
#> 0
#> stage
#> group
#> 130
#> 130
#> 130

### a shell ignores SIGQUIT, what it runs does not
trap - QUIT
${SHELL_UNDER_TEST:-$BASH} -c 'trap - QUIT; kill -QUIT $$; echo goes on; (kill -QUIT $BASHPID; echo no); echo $?' 2>/dev/null
#> goes on
#> 131

### a SIGINT that comes while a program runs is the program's business if it goes on
(/bin/sleep 0.2; kill -INT $$) & /bin/sleep 0.5; echo after
trap 'echo bye' EXIT
(/bin/sleep 0.2; kill -INT $$) & /bin/sleep 0.5; echo after
trap 'echo trapped' INT
(/bin/sleep 0.2; kill -INT $$) & /bin/sleep 0.5; echo after
#> after
#> after
#> trapped
#> after
#> bye

### a SIGINT that the program dies of ends the shell too
/bin/sh -c 'kill -INT $$'; echo goes on
(/bin/sleep 0.2; kill -INT $$) & /bin/sh -c 'sleep 0.5; kill -INT $$'
echo never
## status: 130
#> goes on

### an EXIT trap goes with an exec that fails, if the shell ends of it
(trap 'echo no' EXIT; exec /nonexistent) 2>/dev/null; echo $?
(trap 'echo not found' EXIT; exec nosuchcommand) 2>/dev/null; echo $?
(shopt -s execfail; trap 'echo no' EXIT; exec /nonexistent; echo no) 2>/dev/null; echo $?
shopt -s execfail; trap 'echo kept' EXIT; exec /nonexistent 2>/dev/null; echo on
#> 127
#> not found
#> 127
#> 127
#> on
#> kept

### SIGPIPE from another process ends the shell, unless it is ignored or trapped
"$BASH" -c '/bin/kill -s PIPE $$; echo no'; echo $?
"$BASH" -c 'trap - PIPE; /bin/kill -s PIPE $$; echo no'; echo $?
"$BASH" -c 'trap "" PIPE; /bin/kill -s PIPE $$; echo ignored'
"$BASH" -c 'trap "echo caught" PIPE; /bin/kill -s PIPE $$; echo on'
"$BASH" -c 'trap "echo end" EXIT; /bin/kill -s PIPE $$; echo no'; echo $?
#> 141
#> 141
#> ignored
#> caught
#> on
#> end
#> 141

### a write without a reader is an error where SIGPIPE is ignored
exec 3>&1
trap '' PIPE
{ /bin/sleep 0.1; echo y; echo "status $?" >&3; } | :
{ /bin/sleep 0.1; printf y; echo "status $?" >&3; } | :
trap - PIPE
{ /bin/sleep 0.1; echo y; echo "status $?" >&3; } | :
#> status 1
#> status 1
#! script.sh: line 3: echo: write error: Broken pipe
#! script.sh: line 4: printf: write error: Broken pipe

### what a subshell inherits to list, the subshells in it inherit
trap 'echo x' TERM
( (trap -p); : )
{ { trap -p; } | cat; } | cat
(trap 'echo y' INT; (trap -p))
(trap - INT; (trap -p))
#> trap -- 'echo x' SIGTERM
#> trap -- 'echo x' SIGTERM
#> trap -- 'echo y' SIGINT

### a script without #! cannot trap what was ignored, and inherits no action
trap '' USR2
trap 'echo leaving' EXIT
trap 'echo hup' HUP
./plain
#> trap -- '' SIGUSR2
#> alive
#> leaving
## file plain 755
#| trap 'echo never' USR2
#| trap
#| kill -USR2 $$
#| echo alive

### a process substitution does not show the actions of its shell
trap 'echo int' INT
trap '' USR1
cat < <(trap -p)
(trap -p INT)
#> trap -- '' SIGUSR1
#> trap -- 'echo int' SIGINT

### the DEBUG trap runs for the expressions that a loop leaves out
trap 'echo "$BASH_COMMAND"' DEBUG
for ((;;)); do break; done
for ((;1;)); do break; done
#> ((1))
#> ((1))
#> break
#> ((1))
#> ((1))
#> break

### a stage that dies of its reader's end runs its EXIT trap and says nothing
{ trap 'echo leaving >&2' EXIT; sleep 0.2; echo lost; echo never >&2; } | :
echo ${PIPESTATUS[@]}
{ trap 'sleep 0.2; echo lost' EXIT; exit; } | :
echo ${PIPESTATUS[@]}
#> 141 0
#> 141 0
#! leaving
