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
