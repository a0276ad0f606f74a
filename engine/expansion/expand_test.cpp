// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/expand.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "engine/expansion/expand_test_host.hpp"
#include "engine/text/quote.hpp"

namespace swebash::engine {
namespace {

// What the system's bash writes for `script`; the same commands as MiniShell's are defined first.
std::string bash_output(std::string_view script) {
  std::string whole =
      "n(){ printf '%s:' \"$#\"; [ \"$#\" -eq 0 ] || printf '[%s]' \"$@\"; printf '\\n'; }; "
      "p(){ declare -p \"$@\"; }; HOME=/root; cd /; ";
  whole += script;
  const std::string command =
      "LC_ALL=C.UTF-8 bash --norc -c " + quote_single_plain(whole) + " bash 2>&1; s=$?";
  // A failed expansion ends `bash -c`: its status is told apart from success by a last line.
  FILE* pipe = popen((command + "; [ $s = 0 ] || echo st=$s").c_str(), "r");
  std::string out;
  if (pipe == nullptr) return out;
  char buffer[4096];
  while (const usize got = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
  pclose(pipe);
  return out;
}

bool have_bash() {
  static const bool have = bash_output("echo $BASH_VERSION").starts_with("5.2");
  return have;
}

class ExpanderAgainstBash : public testing::TestWithParam<const char*> {};

TEST_P(ExpanderAgainstBash, WritesTheSame) {
  if (!have_bash()) GTEST_SKIP() << "no bash 5.2 to compare with";
  MiniShell shell;
  EXPECT_EQ(shell.run(GetParam()), bash_output(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Lists, ExpanderAgainstBash,
    testing::Values(
        R"sh(set --; n "$@"""; n "$@$@"; n "$@ "; x=; n "$x$@"; n ""$@; n $x"$@"; n "$@"$x; n "$@""$@"; n "$x""$@")sh",
        R"sh(set --; n "${a[@]}$x"; n '' "$@"''; n "${@+x}" ${@+x} "${@-x}"; n ${@-a b} "${@:-}")sh",
        R"sh(set -- "a b" c; n x$@y; n "x$@y"; n x$*y; n "x$*y"; IFS=,; n "$*"; n x"$*"y; n "${z-$@}"; n ${z-"$@"})sh",
        R"sh(set -- "a b" c; IFS=,; v=$@; n "$v"; v=$*; n "$v"; v="$@"; n "$v"; v="$*"; n "$v")sh",
        R"sh(set -- "a b" c; IFS=,; case $* in "a b c") echo sp;; "a b,c") echo comma;; esac; cat <<< $*; cat <<< $@)sh",
        R"sh(a=(1 "" "2 3"); n "x${a[@]}y" ; n ${a[@]}; n "${a[@]:1}"; n "${a[*]}"; n "${!a[@]}"; n ${a[@]#1}; n "${a[@]/#/p}")sh",
        R"sh(set -- "" ""; n "${@:-x}" ; set -- ""; n "${@:-x}" "${@-y}"; a=(""); n "${a[@]:-x}"; a=(); n "${a[@]-x}" "${a[@]+y}" "${a-z}")sh",
        R"sh(set -- a b c d e f g h i j k; echo $10 ${10} ${#} ${@:9} "${@:2:2}" ${*: -2}; n "${@:0}"; n "${@:12}" ${@:2:0}; n "${*:1:2}")sh",
        R"sh(a=([3]=a [5]=b [9]=c); n ${a[@]:4:1}; n "${a[@]: -4}"; n ${a[@]:0:2}; n "${a[@]:20}"; n "${a[@]: -20}")sh",
        R"sh(a=(abc def); n ${a[@]^} ${a^^} ${a[@]/b/X} ${a[@]:1:1} ${a[@]: -1})sh",
        R"sh(a=(1 2 3); b="a[@]"; n "${!b}"; n "${!b:1}"; n "${!b/2/x}")sh",
        R"sh(a=(1 2 3); unset "a[1]"; n "${a[@]:1:1}" ${#a[@]} ${!a[@]}; n "${a[@]/#/x}" "${a[*]/%/y}")sh",
        R"sh(a=(); n "${a[@]}"; a=(""); n "${a[@]}" ${a[@]}; n ${a[@]+"${a[@]}"})sh"));

INSTANTIATE_TEST_SUITE_P(
    Splitting, ExpanderAgainstBash,
    testing::Values(
        R"sh(x="a "; n $x""; n $x"$@"; n ""$x; n $x'b'; n $x$x; n a$x"b"c)sh",
        R"sh(IFS=:; set -- "" a "" b ""; n $*; n $@; n "$*" ; n x$*y; n "x$@y")sh",
        R"sh(IFS=; set -- "" a "" b ""; n $*; n $@; n x$*y; x="a b"; n $x)sh",
        R"sh(unset IFS; set -- "" a "" b ""; n $*; n $@; x=" a b "; n $x)sh",
        R"sh(IFS=" :"; x="a : b::c: :d: "; n $x; n $x$x; x=":"; n $x; n $x$x; n "$x"$x; x=" : "; n $x; n a$x; n a$x"b")sh",
        R"sh(IFS=:; x=a:; n $x; n $x$x; n $x""; n $x"b"; n ${x}c; y=":b"; n $x$y)sh",
        R"sh(x=aXbXc; IFS=X; echo $x; set -- $x; echo $#; y=$x; echo "$y"; echo ${x%X*}; n 1$((2+3))4)sh",
        R"sh(x="a  b"; n ${y-a  b} "${y-a  b}" ${y-"a  b"} ${y-$x}; n ${y-"a b" c} ${y:+} "${y+}")sh",
        R"sh(IFS=$'\n'; x=$'a b\nc\n\nd\n'; n $x; n $(echo "$x"))sh",
        R"sh(IFS=é; x=aébèc; n $x; IFS=2; n $((1+11)) "$((12))")sh",
        R"sh(x='*'; IFS='*'; n $x; n "$x")sh",
        R"sh(IFS=' '; x=$'a\tb c'; n $x; IFS=$'\t '; n $x)sh", R"sh(set -f; x='a* /et*'; n $x)sh"));

INSTANTIATE_TEST_SUITE_P(
    Operators, ExpanderAgainstBash,
    testing::Values(
        R"sh(x=abcabc; n "${x//b/[&]}" "${x//b/"&"}" "${x//b/\&}" ${x//b/[&]} "${x//b/\\&}" "${x/b/\n}")sh",
        R"sh(x=abcabc; r="<&>"; echo ${x//b/$r} "${x//b/"$r"}"; shopt -u patsub_replacement; echo ${x//b/$r})sh",
        R"sh(x='a*b'; n "${x#a*}" "${x#'a*'}" "${x#"a*"}" "${x//\*/s}" "${x/'*'/t}"; p='a*'; n "${x#$p}" "${x#"$p"}")sh",
        R"sh(x=/usr/local/lib.so.1; n ${x#*/} ${x##*/} ${x%.*} ${x%%.*} ${x/l/L} ${x//l/L} ${x/#\/usr/U} ${x/%1/2} ${x/%2/3})sh",
        R"sh(x=abc; n ${x^?} ${x^^[bc]} ${x~} ${x~~} ${x,} ${x^b} ${x^^}; y=ABC; n ${y,} ${y,,} ${y,,[AB]} ${y~})sh",
        R"sh(x=abc; n ${x: -2:1} ${x:1} ${x:0:-1} ${x:5} ${x:3}. ${x: -1:0}.; n=1; n ${x:n:n+0} ${x:n?1:2})sh",
        R"sh(x=éàü; n ${x:1:1} ${x: -1} ${#x} ${x%?} ${x#?} ${x/à/b} ${x^^} ${x//?/.} ${x:1})sh",
        R"sh(x=aaa; n ${x/a} ${x//a} ${x//a/} ${x//aa/b} ${x/#a/b} ${x/%a/b} "${x/}" ${x//} ${x/#/b} ${x/%/b})sh",
        R"sh(shopt -s extglob; x=foobar; n ${x##+(o|f)} ${x%%@(ar|bar)} ${x//[oa]/_} ${x/!(f*)/Z} ${x#?(f)o})sh",
        R"sh(x="a/b c"; n "${x//\//_}" "${x// /-}" "${x/[[:space:]]/S}" "${x/\//}")sh",
        R"sh(x=5; n "${x@A}" "${x@K}" "${x@k}"; declare -r y=3; n "${y@a}" ${y@A}; x="a\\tb"; n "${x@E}"; x="hello world"; n "${x@U} ${x@u} ${x@L}")sh",
        R"sh(a=(1 "" "2 3"); n "${a[@]@Q}"; n "${a[*]@Q}"; n "${a@A}"; n "${a[@]@A}"; n "${a[@]@a}"; n "${a[@]@K}"; n "${a[@]@k}")sh",
        R"sh(declare -A m=([x]=1 ["y z"]="2 3"); n "${m[@]@K}"; n "${m[@]@k}"; n "${m[@]@A}"; n "${!m[@]}"; n "${m[*]}")sh",
        R"sh(set -- p "q r"; n "${@@Q}"; n "${@@A}" ; n "${*@A}"; n ${@:0}; n "${@:1:1}"; n "${@: -1}"; n "${*:1:2}")sh",
        R"sh(x=y; y=z; n ${!x} ${!x:0:1} ${!x#z}; set -- a b; n "${!#}"; p=@; n "${!p}"; q=1; n ${!q})sh",
        R"sh(foo=1 foobar=2; n ${!foo*}; n "${!foo@}"; n "${!foo*}")sh",
        R"sh(x="a'b"; n "${x@Q}"; x=$'a\nb'; n "${x@Q}"; n ${z@Q}; x=; n ${x@Q}; x='\u\$'; n "${x@P}")sh",
        R"sh(a=(3 4);n ${#a} ${#a[1]} ${#a[@]} ${#} ${#@} ${#*} ${##} ${#?})sh",
        R"sh(n "${x:-"a b"}" "${x:-'a b'}" ${x:-'a  b'} ${x:-$((3))} ${x:-$(echo 1 2)} "${x:-$(echo 1 2)}")sh",
        R"sh(n ${x:=~} ; y=${z-~}; n $y ${q-~/b}; n "${q-~}"; n ${w:=a b} $w "$w")sh",
        R"sh(x=; n ${x-a} ${x:-b} ${x+c} ${x:+d} "${x:+d}" ${u+e} "${u:+e}"; n ${x=f} ${x:=g} $x)sh"));

INSTANTIATE_TEST_SUITE_P(
    Words, ExpanderAgainstBash,
    testing::Values(
        R"sh(n {1..3} {a..e..2} {01..10..3} a{b,c}d{e,f} {3..1} {1..10..-3} {Z..a} {1..2}{3..4} {-1..1} {-01..1})sh",
        R"sh(n {a,b{1,2},c} {a,} x{,y} {a} {a,b {,} a{b,c}"d e" {$HOME,x} "{a,b}" \{a,b} {0..5..2} {5..0..2})sh",
        R"sh(set +B; n {1,2} a{b,c})sh", R"sh(x=1; n {$x,2}{a,b} $x{y,z} {"a b",c})sh",
        R"sh(n ~ ~root ~nouser a=~ x:~ "~" \~ ~/x ~root/y; y=~:~root; n $y; HOME=; n ~; HOME=/h; n ~ ~/a)sh",
        R"sh(n /et[c] "/et"[c] "/et[c]" /et\[c]; x="/et*"; n $x "$x"; y="/et\\[c]"; n $y; z="\\/et*"; n $z; w="a\\b"; n $w)sh",
        R"sh(n /etc/pass[w]d* /nonexist* [ ] a[ "*" '?' \*; shopt -s nullglob; n /nonexist* a; x=/nonexist*; n $x; n "$x")sh",
        R"sh(i=5; a=(1 2 3); n ${a[i-4]} ${a[1+1]} ${a["1"]} ${a[$i-5]} ${a[-1]}; declare -A m=([k 1]=v [i]=w); k="k 1"; n "${m[$k]} ${m["k 1"]} ${m[k 1]} ${m[i]}")sh",
        R"sh(declare -A m=([k 1]=v [i]=w); n $((m[i])) ; w=9; n $((m[i])) $(( m["i"] )))sh",
        R"sh(n $(echo "a  b") "$(echo "a  b")" $(echo) "$(echo)" a$(echo b c)d `echo x y`)sh",
        R"sh(n $((1+2)) $[3+4] $(( (1) )); x=3; n $((x++)) $x $((x=5,x+1)); n $((a[1]=5)) ${a[@]} $((0x1f)) $((2**10)) "$(( $((1+1)) * 2 ))")sh",
        R"sh(x=2; n $(($x+1)) $((${x}*2)) $((x$x)) $(( $x$x )) $((-$x)) $((1-$x)); x=-2; n $((1-$x)) $((-$x)) $(($x)))sh",
        R"sh(i=3; n $(($i+1)) $(( $i*$i )) $((2**$i)) $(($i==3)) $(( $i <= 2 )) $((1$i)) $(($i$i)) $((0x1$i)) $((-$i)) $(($i<<1)); a[3]=7; n $((a[$i])) $(($i?$i:4)); i=-3; n $((-$i)) $((2-$i)); i=4; n $(($i+(i=5))) $i; i=08; n $((10#$i)))sh",
        R"sh(x=a'b'"c"\d$'\x65'; n $x "$x"y'z' ""'' a""b; n $'a\tb' "a\
b" 'a\b' "a\b\$")sh",
        R"sh(set -- a b; x=1; cat <<E
$* $@ "$@" ${x:-"q"} \$x `echo hi` $((x+1)) 'a'
E)sh",
        R"sh(cat <<< "a  b"; x="c  d"; cat <<< $x; cat <<< a{b,c})sh",
        R"sh(case "a*" in "a*") echo q;; esac; p="a*"; case abc in $p) echo m;; esac; case abc in "$p") echo n;; *) echo o;; esac; case a in b|a) echo two;; esac)sh",
        R"sh(shopt -s nocasematch; case ABC in a*) echo i;; esac; case ABC in abc) echo j;; esac)sh",
        R"sh(shopt -s extglob; p='@(abc|x)'; case abc in $p) echo e;; esac; case $x in "") echo empty;; esac)sh"));

INSTANTIATE_TEST_SUITE_P(
    Assignments, ExpanderAgainstBash,
    testing::Values(
        R"sh(x=1; x+=2; n $x; a=1; a+=(2); n ${a[@]}; declare -i n=1; n+=n+5; n $n; y[2]=c; y[2]+=d; n ${y[@]})sh",
        R"sh(a=(x y); a=("${a[@]}" z); n ${a[@]}; a=(${a[@]/x/"p q"}); n ${#a[@]}; b=([1]=x "y z" [0]=w); p b)sh",
        R"sh(c=($(echo 1 2 3)); n ${#c[@]}; d=({a,b}c); n ${d[@]}; e=(); p e; e+=(x); e+=([5]=y z); p e)sh",
        R"sh(declare -A m; m=(a b c d); n "${m[@]@A}"; m=(a b c); n "${m[@]@A}"; m+=([x]=y); m[z z]=1; p m; unset 'm[x]'; p m)sh",
        R"sh(a=([2]=x y [1]=z w); p a; a=([1+1]=q); p a; i=3; a[i]=r; a[i+1]+=s; a[-1]=t; p a)sh",
        R"sh(declare -A m=([a]=1 b); echo hi; n "${m[@]@A}")sh",
        R"sh(declare -ai a=(1+1 2+2); a+=(3+3); a[0]+=5; n ${a[@]}; declare -i i; i=1+2; i+=4; n $i)sh",
        R"sh(declare -u u=abc; u+=def; n $u; declare -l l=ABC; n $l; declare -c c="foo BAR"; n "$c")sh",
        R"sh(x=1; x=(2 3); n ${x[@]}; x=5; p x; s=1; s[2]=3; p s; unset 's[0]'; p s)sh",
        R"sh(declare -n r=t; r=5; p r t; r+=6; n $r $t ${!r}; unset r; n ${t-gone})sh",
        R"sh(declare -n r=arr[3]; r=x; p arr; n "$r"; declare -n q=arr; q+=(y); n ${q[@]} ${#q[@]} "${!q}")sh",
        R"sh(declare -n r; r=foo; foo=5; n $r ${!r})sh",
        R"sh(a=(1 2 3); unset 'a[1]'; p a; unset 'a[-1]'; p a; unset 'a[9]'; unset 'a[@]'; p a)sh",
        R"sh(x="a b" y=$x z=$x$x; n $y "$z"; v=a{b,c} w=*; n "$v" "$w")sh",
        R"sh(declare -A m; for=1; m[a]=1 m["b c"]=2 m['d']=3; k=e; m[$k]=4; n ${#m[@]} "${m[b c]}" ${m[e]})sh",
        R"sh(declare -A m=([one]=1 [two]=2 [three]=3 [four]=4 [five]=5 [six]=6 [seven]=7 [a]=1 [b]=2 [c]=3); n "${!m[@]}"; n "${m[@]}")sh",
        R"sh(x=$((1+2)); n $x; x+=1; n $x; n $((x+1)); x=08; n $x ${#x}; x=007; n "$x"; x=12345678901234567890; n $x)sh"));

INSTANTIATE_TEST_SUITE_P(
    Failures, ExpanderAgainstBash,
    testing::Values(R"sh(${x?foo}; echo hi)sh", R"sh(echo ${x:?a b  c}; echo hi)sh",
                    R"sh(echo ${x?}; echo hi)sh", R"sh(echo ${x:?}; echo hi)sh",
                    R"sh(set -u; echo $x; echo hi)sh", R"sh(set -u; echo "${a[1]}"; echo hi)sh",
                    R"sh(set -u; a=(); n "${a[@]}" ${a[*]}; n ${x[@]}; n "$@" $*)sh",
                    R"sh(set -u; echo $3; echo hi)sh", R"sh(set -u; echo $!; echo hi)sh",
                    R"sh(set -u; echo ${x#y})sh", R"sh(set -u; echo ${#x})sh",
                    R"sh(set -u; echo ${x@Q})sh", R"sh(set -u; echo $((x+1)))sh",
                    R"sh(set -u; echo ${!x})sh", R"sh(echo ${x!y}; echo hi)sh",
                    R"sh(readonly=1; declare -r x=1; x=2; echo hi)sh",
                    R"sh(declare -ra a=(1 2); a[1]=3; echo hi)sh",
                    R"sh(declare -ra a=(1 2); a+=(1); echo hi)sh", R"sh(echo $((1/0)); echo hi)sh",
                    R"sh(echo $((1+)); echo hi)sh", R"sh(x=$((1/0)); echo hi)sh",
                    R"sh(x=abc; echo ${x:1:-5}; echo hi)sh", R"sh(echo ${3=x}; echo hi)sh",
                    R"sh(set --; echo ${@:=x}; echo ok)sh", R"sh(echo ${!x}; echo hi)sh",
                    R"sh(x=; echo ${!x}; echo hi)sh", R"sh(x="a b"; echo ${!x}; echo hi)sh",
                    R"sh(a=(1 2); a[-5]=3; echo hi)sh", R"sh(a=(1 2); echo ${a[-5]}; echo hi)sh",
                    R"sh(declare -A m; echo ${m[]}; echo hi)sh", R"sh(a[0]=(1 2); echo hi)sh",
                    R"sh(x=5; echo ${x@Z}; echo hi)sh", R"sh(x=abc; echo ${x:1/0}; echo hi)sh",
                    R"sh(x=abc; echo ${x:y z}; echo hi)sh",
                    R"sh(a=(1 2 3); echo ${a[@]: -1:-1}; echo hi)sh",
                    R"sh(shopt -s failglob; echo /nonexist*; echo hi)sh",
                    R"sh(declare -i i=1; i=x+; echo hi)sh",
                    R"sh(declare -n r=s; declare -n s=r; echo $r; r=4; echo hi)sh",
                    R"sh(declare -n r; r=1x; echo hi)sh"));

// A quadratic replacement takes minutes here, a linear one milliseconds.
TEST(Expander, ReplacesInAMegabyteInOnePass) {
  MiniShell shell;
  std::string text;
  while (text.size() < (1U << 20)) text += "abcdefgh";
  ASSERT_TRUE(shell.variables().assign("x", text).has_value());
  EXPECT_EQ(shell.run("y=${x//a/b}; z=${x//[ad]/}; echo ${#y} ${#z} ${y:0:4} ${z:0:4}"),
            "1048576 786432 bbcd bcef\n");
}

TEST(Expander, RefusesABraceRangeThatWouldFillMemory) {
  MiniShell shell;
  EXPECT_EQ(
      shell.run("n {1..1000000000}"),
      "bash: line 1: brace expansion: failed to allocate memory for 1000000000 elements\nst=1\n");
}

TEST(Expander, DropsNulFromCommandOutput) {
  MiniShell shell;
  EXPECT_EQ(shell.run("x=\"$(echo a; echo; echo)\"; n \"$x\""), "1:[a]\n");
}

TEST(Expander, SplitsAReferenceAtItsSubscript) {
  const auto element = Expander::parse_reference("a[i+1]");
  ASSERT_TRUE(element.has_value());
  EXPECT_EQ(element->name, "a");
  EXPECT_EQ(element->subscript, "i+1");
  EXPECT_FALSE(Expander::parse_reference("1a").has_value());
  EXPECT_FALSE(Expander::parse_reference("a[1").has_value());
  EXPECT_FALSE(Expander::parse_reference("").has_value());
}

}  // namespace
}  // namespace swebash::engine
