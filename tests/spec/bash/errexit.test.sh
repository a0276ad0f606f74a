# SPDX-License-Identifier: Apache-2.0
# bash: set -e and its exceptions.

### a failing command ends the script
set -e
echo a
false
echo b
#> a
## status: 1

### conditions are exempt
set -e
if false; then :; fi
while false; do :; done
until true; do :; done
false || echo or
true && echo and
! false
! true
echo end
#> or
#> and
#> end

### the last command of a list counts
set -e
true && false
echo never
## status: 1

### any but the last does not
set -e
false && true
false && true || true
echo end
#> end

### a function in a condition is exempt throughout
set -e
f() { false; echo "went on"; }
if f; then echo yes; fi
f || echo no
f && echo and
#> went on
#> yes
#> went on
#> went on
#> and

### a function that fails ends it
set -e
f() { false; echo never; }
f
echo never
## status: 1

### a subshell that fails ends it
set -e
(false; echo never)
echo never
## status: 1

### a subshell in a condition
set -e
(false; echo inside) || echo outside
if (false; echo tested); then echo true; fi
#> inside
#> tested
#> true

### groups
set -e
{ false; echo inside; } || true
{ false && true; }
echo "after: $?"
#> inside
#> after: 1

### substitution in an assignment counts
set -e
x=$(false)
echo never
## status: 1

### substitution in an argument does not
set -e
echo "x$(false)"
echo after
#> x
#> after

### substitution in local and export does not
set -e
f() { local x=$(false); echo "local $?"; }
f
export y=$(false)
echo "export $?"
#> local 0
#> export 0

### substitutions inherit only when asked
set -e
echo "$(false; echo not inherited)"
shopt -s inherit_errexit
echo "$(false; echo inherited)"
echo end
#> not inherited
#>
#> end

### pipelines by their last command
set -e
false | true
echo first
true | false
echo never
#> first
## status: 1

### pipefail
set -e -o pipefail
true | true
false | true
echo never
## status: 1

### arithmetic and conditional commands
set -e
((1))
[[ a == a ]]
let x=1
echo before
((0))
echo never
#> before
## status: 1

### a conditional command that fails
set -e
[[ a == b ]]
echo never
## status: 1

### a failing test before && in a loop does not count
set -e
case x in x) true ;; esac
for i in 1 2; do
  [[ $i == 1 ]] && echo one
done
echo "after: $?"
#> one
#> after: 1

### a loop whose body fails
set -e
for i in 1 2; do echo $i; false; done
echo never
#> 1
## status: 1

### a command that is not found
set -e
nothing_like_this 2>/dev/null
echo never
## status: 127

### a redirection that fails
set -e
: < nothing
echo never
#! script.sh: line 2: nothing: No such file or directory
## status: 1

### the status is the command's
set -e
(exit 42)
## status: 42

### turned off and on
set -e
set +e
false
echo survived
set -e
false
echo never
#> survived
## status: 1

### eval and source
set -e
eval 'true; false || true'
echo 'false || true; echo sourced' > lib
. ./lib
eval false
echo never
#> sourced
## status: 1

### source of a failing file
set -e
echo 'false; echo never' > lib
. ./lib
echo never
## status: 1

### background and wait
set -e
false &
wait $! || echo "wait gave $?"
false &
wait
echo "wait for all is zero"
#> wait gave 1
#> wait for all is zero

### return
set -e
f() { return 3; }
f || echo "caught $?"
f
echo never
#> caught 3
## status: 3

### exit trap
set -e
trap 'echo "trap $?"' EXIT
false
#> trap 1
## status: 1

### in a pipeline's stage
set -e
{ false; echo never; } | cat
echo after
echo x | { read -r l; false; }
echo never
#> after
## status: 1

### negation of a pipeline
set -e
! true | true
! { false; echo inside; }
echo end
#> inside
#> end

### a test in a function called plainly
set -e
check() { [[ $1 == ok ]]; }
check ok
echo one
check bad || echo two
check bad
echo never
#> one
#> two
## status: 1

### in a subshell of a condition through a function
set -e
f() { (false; echo sub); echo "f goes on"; }
f || true
echo end
#> sub
#> f goes on
#> end

### in command substitution within a condition
set -e
if x=$(false; echo kept); then echo "$x"; fi
#> kept

### nested functions and &&
set -e
inner() { false; }
outer() { inner; echo "outer goes on"; }
outer && echo yes
echo end
#> outer goes on
#> yes
#> end

### time and errexit
set -e
TIMEFORMAT=
time true
time false
echo never
## status: 1

### a redirection that fails on a compound command
set -e
if { :; } < nothing_here; then echo never; else echo suppressed; fi
while :; do :; done < nothing_here
echo never
#> suppressed
#! script.sh: line 2: nothing_here: No such file or directory
#! script.sh: line 3: nothing_here: No such file or directory
## status: 1

### no match under failglob
shopt -s failglob
set -e
echo *.nothing
echo never
#! script.sh: line 3: no match: *.nothing
## status: 1

### under set -e the first message of a syntax error is the last
set -e
trap 'echo exit $?' EXIT
eval 'echo )'
echo no
#> exit 2
#! script.sh: eval: line 3: syntax error near unexpected token `)'
## status: 2

### under set -e a wrong condition ends the shell
set -e
[[ 1 2 ]]
echo no
#! script.sh: line 2: conditional binary operator expected
## status: 2

### where failures are not looked at a syntax error is one of them
set -e
eval 'echo )' || echo yes
x=$(eval 'echo )') || echo "yes $?"
echo end
#> yes
#> yes 2
#> end
#! script.sh: eval: line 2: syntax error near unexpected token `)'
#! script.sh: eval: line 2: `echo )'
#! script.sh: eval: line 3: syntax error near unexpected token `)'
#! script.sh: eval: line 3: `echo )'
