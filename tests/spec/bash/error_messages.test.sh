# SPDX-License-Identifier: Apache-2.0
# bash: what errors say and what they cost, syntax errors among them.

### a command that is not there
nothing_like_it arg
echo $?
#> 127
#! script.sh: line 1: nothing_like_it: command not found

### in a function, the line of the command
f() {
  :
  nothing_like_it
}
f
#! script.sh: line 3: nothing_like_it: command not found
## status: 127

### unbound variables end the script
set -u
echo before
echo "$nothing"
echo never
#> before
#! script.sh: line 3: nothing: unbound variable
## status: 1

### readonly assignments
readonly r=1
r=2
echo "status $?"
r=3 echo "still runs"
echo "status $?"
#> status 1
#> still runs
#> status 0
#! script.sh: line 2: r: readonly variable
#! script.sh: line 4: r: readonly variable

### builtins name themselves
cd /nothing/there
cd a b
shift x
export -Z
unset -Z
echo $?
#> 2
#! script.sh: line 1: cd: /nothing/there: No such file or directory
#! script.sh: line 2: cd: too many arguments
#! script.sh: line 3: shift: x: numeric argument required
#! script.sh: line 4: export: -Z: invalid option
#! export: usage: export [-fn] [name[=value] ...] or export -p
#! script.sh: line 5: unset: -Z: invalid option
#! unset: usage: unset [-f] [-v] [-n] [name ...]

### numeric arguments
exit_with() { return x; }
exit_with; echo $?
shift -1; echo $?
ulimit -n x; echo $?
umask 999; echo $?
#> 2
#> 1
#> 1
#> 1
#! script.sh: line 1: return: x: numeric argument required
#! script.sh: line 3: shift: -1: shift count out of range
#! script.sh: line 4: ulimit: x: invalid number
#! script.sh: line 5: umask: 999: octal number out of range

### cd's errors
cd nothing; echo $?
: > file; cd file; echo $?
unset OLDPWD; cd -; echo $?
unset HOME; cd; echo $?
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 1: cd: nothing: No such file or directory
#! script.sh: line 2: cd: file: Not a directory
#! script.sh: line 3: cd: OLDPWD not set
#! script.sh: line 4: cd: HOME not set

### an unexpected token
## file bad
#| echo before
#| echo )
#| echo never
"$BASH" bad 2>&1 | grep -v '^ *^$'; echo ${PIPESTATUS[0]}
#> before
#> bad: line 2: syntax error near unexpected token `)'
#> bad: line 2: `echo )'
#> 2

### an unexpected end of file
echo before
if true; then
  echo inside
#> before
#! script.sh: line 4: syntax error: unexpected end of file
## status: 2

### an unclosed quote
echo before
echo "open
echo never
#> before
#! script.sh: line 2: unexpected EOF while looking for matching `"'
## status: 2

### unclosed quotes and expansions
for s in "echo 'x" 'echo ${x' 'echo $(x' 'echo `x' 'echo "x' 'echo $((1' 'echo $"x' "echo \$'x"; do
  (eval "$s") 2>/dev/null; echo "$s: $?"
done
#> echo 'x: 2
#> echo ${x: 2
#> echo $(x: 2
#> echo `x: 2
#> echo "x: 2
#> echo $((1: 2
#> echo $"x: 2
#> echo $'x: 2

### unexpected words by construct
for s in 'fi' 'done' 'then' 'for in x; do' 'case x in a) ;' 'while do done' '; ;' '&& x' '| x' '( )' '{ }' 'if ; then :; fi' 'function' 'f( { :; }' ';;' '}' 'for x y; do :; done' '<' '> ;'; do
  (eval "$s") 2>/dev/null; echo "$s: $?"
done
#> fi: 2
#> done: 2
#> then: 2
#> for in x; do: 2
#> case x in a) ;: 2
#> while do done: 2
#> ; ;: 2
#> && x: 2
#> | x: 2
#> ( ): 2
#> { }: 2
#> if ; then :; fi: 2
#> function: 2
#> f( { :; }: 2
#> ;;: 2
#> }: 2
#> for x y; do :; done: 2
#> <: 2
#> > ;: 2

### messages of eval's syntax errors
{ eval 'echo )'; eval 'for 1x in a; do :; done'; } 2>&1 | grep -v '^ *^$'
#> script.sh: eval: line 1: syntax error near unexpected token `)'
#> script.sh: eval: line 1: `echo )'
#> script.sh: line 1: `1x': not a valid identifier

### a bad loop variable
for 1x in a; do echo never; done
echo $?
#> 1
#! script.sh: line 1: `1x': not a valid identifier

### a syntax error in a function body
## file bad
#| f() { echo a; ; }
#| echo never
"$BASH" bad 2>&1 | grep -v '^ *^$'; echo ${PIPESTATUS[0]}
#> bad: line 1: syntax error near unexpected token `;'
#> bad: line 1: `f() { echo a; ; }'
#> 2

### a syntax error after commands that ran
## file bad
#| echo one
#| echo two
#| case x in
#|   y echo never ;;
#| esac
"$BASH" bad 2>&1 | grep -v '^ *^$'; echo ${PIPESTATUS[0]}
#> one
#> two
#> bad: line 4: syntax error near unexpected token `echo'
#> bad: line 4: `  y echo never ;;'
#> 2

### syntax errors of -c
"$BASH" -c 'echo a; )' name 2>&1 | grep -v '^ *^$'; echo ${PIPESTATUS[0]}
#> name: -c: line 1: syntax error near unexpected token `)'
#> name: -c: line 1: `echo a; )'
#> 2

### syntax errors of standard input
printf '%s\n' 'echo first' 'echo (' 'echo after' | "$BASH" 2>&1 | grep -v '^ *^$' | sed "s,^$BASH,the shell,"
echo ${PIPESTATUS[1]}
#> first
#> the shell: line 2: syntax error near unexpected token `newline'
#> the shell: line 2: `echo ('
#> 2

### an unclosed substitution at the end of a script
echo start
x=$(echo a
#> start
#! script.sh: line 3: unexpected EOF while looking for matching `)'
## status: 2

### an unclosed here-document in a substitution
x=$(cat <<END
text
)
echo "$x"
#! script.sh: line 4: warning: here-document at line 1 delimited by end-of-file (wanted `END')
#! script.sh: line 5: unexpected EOF while looking for matching `)'
## status: 2

### a division in an index
a=(1)
echo ${a[1/0]}
echo "next $?"
#> next 1
#! script.sh: line 2: 1/0: division by 0 (error token is "0")

### a bad array subscript and a bad assignment
declare -a a; a[x y]=1; echo $?
declare 'a[1'=2; echo $?
#> 1
#! script.sh: line 1: x y: syntax error in expression (error token is "y")
#! script.sh: line 2: declare: `a[1=2': not a valid identifier

### an error in a substitution stops that alone
x=$(echo ${u?unset here}; echo never)
echo "status $? [$x]"
#> status 1 []
#! script.sh: line 1: u: unset here

### an expansion error in a function
f() { echo ${1?no argument}; echo never; }
f
echo never either
#! script.sh: line 1: 1: no argument
## status: 1

### errors in subshells stay there
(set -u; echo $nothing; echo never)
echo "status $?"
#> status 1
#! script.sh: line 1: nothing: unbound variable

### break and continue outside loops
break; echo $?
continue; echo $?
#> 0
#> 0
#! script.sh: line 1: break: only meaningful in a `for', `while', or `until' loop
#! script.sh: line 2: continue: only meaningful in a `for', `while', or `until' loop

### builtins with wrong options
cd -Z; pwd -Z; read -Z; type -Z; alias -Z
wait -Z; kill -Z; printf -Z; hash -Z; umask -Z
echo $?
#> 2
#! script.sh: line 1: cd: -Z: invalid option
#! cd: usage: cd [-L|[-P [-e]] [-@]] [dir]
#! script.sh: line 1: pwd: -Z: invalid option
#! pwd: usage: pwd [-LP]
#! script.sh: line 1: read: -Z: invalid option
#! read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]
#! script.sh: line 1: type: -Z: invalid option
#! type: usage: type [-afptP] name [name ...]
#! script.sh: line 1: alias: -Z: invalid option
#! alias: usage: alias [-p] [name[=value] ... ]
#! script.sh: line 2: wait: -Z: invalid option
#! wait: usage: wait [-fn] [-p var] [id ...]
#! script.sh: line 2: kill: Z: invalid signal specification
#! script.sh: line 2: printf: -Z: invalid option
#! printf: usage: printf [-v var] format [arguments]
#! script.sh: line 2: hash: -Z: invalid option
#! hash: usage: hash [-lr] [-p pathname] [-dt] [name ...]
#! script.sh: line 2: umask: -Z: invalid option
#! umask: usage: umask [-p] [-S] [mode]

### shift, getopts, let without arguments
let; echo $?
getopts; echo $?
source; echo $?
#> 1
#> 2
#> 2
#! script.sh: line 1: let: expression expected
#! getopts: usage: getopts optstring name [arg ...]
#! script.sh: line 3: source: filename argument required
#! source: usage: source filename [arguments]

### writing to a full device
echo x > /dev/full; echo $?
printf x > /dev/full; echo $?
#> 1
#> 1
#! script.sh: line 1: echo: write error: No space left on device
#! script.sh: line 2: printf: write error: No space left on device

### an argument list that is too long
x=$(printf '%3000000s' x)
/bin/true "$x"; echo $?
#> 126
#! script.sh: line 2: /bin/true: Argument list too long

### a missing interpreter
printf '#!/nothing/here\n' > s; chmod +x s; ./s; echo $?
#> 127
#! script.sh: line 1: ./s: cannot execute: required file not found

### the name of a script in a folder
mkdir d; echo 'nothing_like_it' > d/s; "$BASH" d/s
#! d/s: line 1: nothing_like_it: command not found
## status: 127

### the name without a script
## args: -c 'nothing_like_it'
#!~ *: line 1: nothing_like_it: command not found
## status: 127

### the name given to -c
## args: -c 'nothing_like_it' myname
#! myname: line 1: nothing_like_it: command not found
## status: 127

### errors of a sourced file name that file
echo 'nothing_like_it
echo ${u?}' > lib
. ./lib
echo never
#! ./lib: line 1: nothing_like_it: command not found
#! ./lib: line 2: u: parameter not set
## status: 1

### a killed child is reported to the script's standard error
{ sh -c 'kill -SEGV $$'; echo $?; } 2>/dev/null
sh -c 'kill -KILL $$'; echo $?
#> 139
#> 137
#!~ script.sh: line 2: * Killed  *sh -c 'kill -KILL $$'

### what arithmetic commands complain of, and what is not theirs
readonly r=1
((r = 2)); echo $?
((1 +)); echo $?
[[ 1x -eq 1 ]]; echo $?
let r=3; echo $?
for ((i = 08; ; )); do :; done; echo $?
#> 1
#> 1
#> 1
#> 1
#> 1
#! script.sh: line 2: r: readonly variable
#! script.sh: line 3: ((: 1 +: syntax error: operand expected (error token is "+")
#! script.sh: line 4: [[: 1x: value too great for base (error token is "1x")
#! script.sh: line 5: r: readonly variable
#! script.sh: line 6: ((: i = 08: value too great for base (error token is "08")

### readers of a closed descriptor
read -t 0 x <&-; echo $?
mapfile a <&-; echo "$? ${#a[@]}"
read x <&-; echo $?
select x in a b; do break; done <&-; echo $?
#> 1
#> 0 0
#> 1
#> 
#> 1
#!~ *: line 3: read: read error: 0: Bad file descriptor
#! 1) a
#! 2) b
#!~ #[?] *: line 4: read error: 0: Bad file descriptor

### for (( )) tells of too few and too many expressions
cat >few.sh <<'A'
for ((i=0;i<3)); do echo $i; done
A
cat >many.sh <<'A'
for ((a;b;c;d)); do break; done
A
"$BASH" few.sh
echo $?
"$BASH" many.sh
echo $?
"$BASH" few.sh 2>&1 | sed 's/^.*line 1: //'
"$BASH" many.sh 2>&1 | sed 's/^.*line 1: //'
#> 2
#> 2
#> syntax error: arithmetic expression required
#> syntax error: `((i=0;i<3))'
#> syntax error: `;' unexpected
#> syntax error: `((a;b;c;d))'
#! few.sh: line 1: syntax error: arithmetic expression required
#! few.sh: line 1: syntax error: `((i=0;i<3))'
#! many.sh: line 1: syntax error: `;' unexpected
#! many.sh: line 1: syntax error: `((a;b;c;d))'

### a message in the script's own words is nobody's but the script's
( [[ -n ${x?is wrong (error token is x)} ]] )
( read ${x?r: readonly variable} )
#! script.sh: line 1: x: is wrong (error token is x)
#! script.sh: line 2: x: r: readonly variable
## status: 1
