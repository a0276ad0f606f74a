# SPDX-License-Identifier: Apache-2.0
# bash: set, shopt, SHELLOPTS, xtrace.

### the letters of $-
echo $-
set -ef; echo $-; set +f; echo $-
#> hB
#> efhB
#> ehB

### set -o prints and sets
set -o | grep -e '^pipefail' -e '^nounset' -e '^posix'
set -o nounset; set +o | grep -e nounset -e errexit
#>$ nounset        \toff\n
#>$ pipefail       \toff\n
#>$ posix          \toff\n
#> set +o errexit
#> set -o nounset

### unknown options
set -o nothing; echo $?
set -Z; echo $?
shopt -s nothing; echo $?
set +o nothing; echo $?
#> 2
#> 2
#> 1
#> 2
#! script.sh: line 1: set: nothing: invalid option name
#! script.sh: line 2: set: -Z: invalid option
#! set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]
#! script.sh: line 3: shopt: nothing: invalid shell option name
#! script.sh: line 4: set: nothing: invalid option name

### shopt prints, sets and asks
shopt -s extglob; shopt extglob nullglob; echo $?
shopt -q extglob; echo $?; shopt -q nullglob; echo $?
shopt -p nullglob extglob
shopt -u extglob; shopt -p extglob
shopt -o pipefail; shopt -so pipefail; shopt -qo pipefail && echo on
#>$ extglob        \ton\n
#>$ nullglob       \toff\n
#> 1
#> 0
#> 1
#> shopt -u nullglob
#> shopt -s extglob
#> shopt -u extglob
#>$ pipefail       \toff\n
#> on

### SHELLOPTS and BASHOPTS
set -u; [[ :$SHELLOPTS: == *:nounset:* ]] && echo in
shopt -s nullglob; [[ :$BASHOPTS: == *:nullglob:* ]] && echo in
SHELLOPTS=x; echo $?
#> in
#> in
#! script.sh: line 3: SHELLOPTS: readonly variable
## status: 1

### set with parameters
set -e -- -a b; echo "$1 $- $#" | tr -d hB
set - x y; echo "$1 $#"
set +e; set a -e; echo "$2"
set --; echo $#
#> -a e 2
#> x 2
#>
#> 0

### nounset in its forms
set -u
echo "[${u-}] [${u:-d}] [$#] [$@] [$*]"
a=(); echo "${a[@]}" ${#a[@]}
(echo $u); echo $?
(echo ${u#x}); (echo ${#u}); (echo $1); (echo ${a[1]}); ((u + 1)); echo end
#> [] [d] [0] [] []
#> 0
#> 1
#! script.sh: line 4: u: unbound variable
#! script.sh: line 5: u: unbound variable
#! script.sh: line 5: u: unbound variable
#! script.sh: line 5: $1: unbound variable
#! script.sh: line 5: a[1]: unbound variable
#! script.sh: line 5: u: unbound variable
## status: 1

### allexport
set -a; x=1; f() { echo f; }; sh -c 'echo $x'; set +a; y=2; sh -c 'echo "[$y]"'
#> 1
#> []

### noexec
echo before
set -n
echo never
#> before

### verbose
set -v
echo a # comment
set +v
#> a
#! echo a # comment
#! set +v

### xtrace of simple commands
set -x
echo a 'b c' "d" $'e\tf' '' '*' "it's"
x=1 y='a b'
x=2 true
ls() { :; }
ls
#>$ a b c d e\tf  * it's\n
#!$ + echo a 'b c' d 'e\tf' '' '*' 'it'\\''s'\n
#! + x=1
#! + y='a b'
#! + x=2
#! + true
#! + ls
#! + :

### xtrace of compound commands
set -x
if [ a = a ]; then :; fi
for i in 1 2; do :; done
case x in x) : ;; esac
((1 + 1))
[[ a == a* && -n x ]]
for ((i = 0; i < 1; i++)); do :; done
a=(1 'two 2')
while false; do :; done
(: sub)
f() { local v=1; return 0; }; f
#! + '[' a = a ']'
#! + :
#! + for i in 1 2
#! + :
#! + for i in 1 2
#! + :
#! + case x in
#! + :
#! + (( 1 + 1 ))
#! + [[ a == a* ]]
#! + [[ -n x ]]
#! + (( i = 0 ))
#! + (( i < 1 ))
#! + :
#! + (( i++ ))
#! + (( i < 1 ))
#! + a=(1 'two 2')
#! + false
#! + : sub
#! + f
#! + local v=1
#! + return 0

### xtrace of pipelines and substitutions
set -x
x=$(echo in)
echo $(echo $(echo deep))
: > /dev/null
eval 'echo evaluated'
#> deep
#> evaluated
#! ++ echo in
#! + x=in
#! +++ echo deep
#! ++ echo deep
#! + echo deep
#! + :
#! + eval 'echo evaluated'
#! ++ echo evaluated

### PS4
PS4='+${LINENO}: '
set -x
: one
: two
#! +3: : one
#! +4: : two

### PS4 with levels
PS4='> '
set -x
eval ': one'
x=$(: two)
. /dev/stdin <<< ': three'
#! > eval ': one'
#! >> : one
#! >> : two
#! > x=
#! > . /dev/stdin
#! >> : three

### BASH_XTRACEFD
exec 5> trace; BASH_XTRACEFD=5
set -x; : traced; set +x
cat trace
#> + : traced
#> + set +x

### ignoreeof, posix and others are settable
for o in allexport braceexpand hashall interactive-comments keyword monitor noclobber nolog notify onecmd physical privileged; do
  set +o $o 2>/dev/null || echo "no $o"
done

### keyword
set -k; sh -c 'echo $x' x=1; set +k
#> 1

### onecmd ends after one
set -t; echo one
echo never
#> one

### posix mode
set -o posix; shopt -o posix; set +o posix
#>$ posix          \ton\n

### hashall, physical
mkdir -p d/e; ln -s d l; cd l; set -P; cd ..; [[ -d l ]] && echo up; cd l; [[ $PWD == */d ]] && echo physical
#> up
#> physical

### local -
f() { local -; set -f; echo $- | tr -d hB; }
f; echo $- | tr -d hB
#> f
#>

### shopt names all exist
for o in autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo; do
  shopt $o > /dev/null; (($? > 1)) && echo "no $o"
done
shopt | wc -l | tr -d ' '
#> 57

### set -o names all exist
set -o | cut -f1 | tr -d ' ' | tr '\n' ' '
#>$ allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof interactive-comments keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail posix privileged verbose vi xtrace 

### shift_verbose
shift 5; echo $?
shopt -s shift_verbose; shift 5; echo $?
#> 1
#> 1
#! script.sh: line 2: shift: 5: shift count out of range

### localvar_inherit
shopt -s localvar_inherit
f() { local v; echo "$v"; }; v=outer; f
#> outer

### compat and extquote
shopt -s extquote; echo "${u:-$'a\tb'}"
#>$ a\tb\n

### keyword takes assignments among the arguments
f() { echo "$# $1 [$x]"; }
set -k
f x=1 y
f y x=$(echo 'a b')
echo "[$x]"
set +k
f x=1
#> 1 y [1]
#> 1 y [a b]
#> []
#> 1 x=1 []

### xtrace goes where standard error was before the command
set -x
printf 'text' > out 2> err
x=1 printf 'more' >> out 2>> err
set +x
cat out err
#>$ textmore
#! + printf text
#! + x=1
#! + printf more
#! + set +x

### verbose shows what eval reads
set -v
eval 'echo one
echo two'
#> one
#> two
#! eval 'echo one
#! echo two'
#! echo one
#! echo two

### xtrace shows an assignment before it is made, as it was expanded
PS4='+ '
x=1
declare -i n
set -x
n=1+1
x+=5
x='a  b'
PS4='> '
PS4='+ '
y=1 z='a b' true
set +x
#! + n=1+1
#! + x+=5
#! + x='a  b'
#! + PS4='> '
#! > PS4='+ '
#! + y=1
#! + z='a b'
#! + true
#! + set +x

### xtrace shows a declared list first, expanded, and the name in the declaration
set -x
declare -a x=(1 'b c' [5]="$BASH_SUBSHELL")
declare -A m=([k]=v ["a b"]="c d")
declare -A e=()
f() { local -a l=(1 2) k=5; }
f
export a=1 b='c d'
readonly ro=1
x=([2]=a [3]+="b c" {1,2})
set +x
#! + x=('1' 'b c' ['5']='0')
#! + declare -a x
#! + m=(['k']='v' ['a b']='c d')
#! + declare -A m
#! + e=()
#! + declare -A e
#! + f
#! + l=('1' '2')
#! + local -a l k=5
#! + export a=1 'b=c d'
#! + a=1
#! + b='c d'
#! + readonly ro=1
#! + ro=1
#! + x=([2]=a [3]+="b c" {1,2})
#! + set +x

### xtrace shows negations and quoted patterns of [[ ]] as bash does
set -x
[[ ! a == "a b" ]]
[[ ab == a"b"* ]]
[[ a = '' || -n x ]]
[[ ! -f /nowhere ]]
set +x
#! + [[ ! a == \a\ \b ]]
#! + [[ ab == a\b* ]]
#! + [[ a = '' ]]
#! + [[ -n x ]]
#! + [[ ! -f /nowhere ]]
#! + set +x

### xtrace shows select
PS3=
set -x
select s in a; do break; done <<<1
set +x
#! + select s in a
#! 1) a
#! + break
#! + set +x

### under set -k what is assigned is expanded from left to right
x=old y=
set -k
x=new y=$x z=9
echo $x $y $z
x=newer $none y=$x z=8
echo $x $y $z
#> new new 9
#> newer newer 8
