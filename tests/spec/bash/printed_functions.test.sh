# SPDX-License-Identifier: Apache-2.0
# bash: declare -f prints what stands in substitutions anew, and words as they were written.

### lists in substitutions
f() { x=$(echo   hi;ls
 pwd); y="a$(( 1+2 ))$(  (a;b) )"; z=`a;b`; }
declare -f f
#> f () 
#> { 
#>     x=$(echo hi; ls
#> pwd);
#>     y="a$(( 1+2 ))$( ( a; b ))";
#>     z=`a;b`
#> }

### compound commands in substitutions
f() { x=$(for i in 1 2;do echo $i;done); y=$(<in); z=$(if a;then b;fi); }
declare -f f
#> f () 
#> { 
#>     x=$(for i in 1 2;
#> do
#>     echo $i;
#> done);
#>     y=$(< in);
#>     z=$(if a; then
#>     b;
#> fi)
#> }

### where substitutions hide
f() { cat <(a;b) ${x:-$(a;b)} "${y[$(a  b)]}" $((1+$(a  b))) >$(x  y); v=(a "$(b;c)"); }
declare -f f
#> f () 
#> { 
#>     cat <(a; b) ${x:-$(a; b)} "${y[$(a b)]}" $((1+$(a b))) > $(x y);
#>     v=(a "$(b; c)")
#> }

### what is printed means the same
f() { echo "$(echo "a  b" | tr a c; echo d
echo e)"; }
f; eval "$(declare -f f)"; f
#> c  b
#> d
#> e
#> c  b
#> d
#> e

### names that cannot be
$x-y() { :; }
echo "status $?"
#> status 1
#! script.sh: line 1: `$x-y': not a valid identifier

### functions are printed without line continuations, $ before double quotes, and $''
f() {
  echo a\
b "c\
d" 'e\
f' $"text" $'tab\there' "$'x'"
  local -a x=(1   2 \
    3)
  echo y >&$z 1>&2 3>&$z
}
declare -f f
#> f () 
#> { 
#>     echo ab "cd" 'e\
#>$ f' "text" 'tab\there' "$'x'";\n
#>     local -a x=(1 2 3);
#>     echo y >&$z 1>&2 3>&$z
#> }

### semicolons after here-documents in printed functions
f() {
  if true; then
    a
    cat <<A
text
A
    b
  fi
  c
  g() { cat <<A
text
A
exit 1
  }
  d
  cat <<A >file
text
A
  e >file
  x=$({ one
if two; then three; fi
four; })
}
declare -f f
#> f () 
#> { 
#>     if true; then
#>         a;
#>         cat <<A
#> text
#> A
#>
#>         b;
#>     fi;
#>     c;
#>     function g () 
#>     { 
#>         cat <<A
#> text
#> A
#>
#>         exit 1
#>     };
#>     d;
#>     cat <<A > file
#> text
#> A
#>
#>     e > file;
#>     x=$({ one
#> if two; then
#>     three;
#> fi
#> four; })
#> }

### >&word stays >&word in a printed function
f() { a >&file; b &>file; c >& "$x"; }
declare -f f
#> f () 
#> { 
#>     a >&file;
#>     b &> file;
#>     c >&"$x"
#> }
