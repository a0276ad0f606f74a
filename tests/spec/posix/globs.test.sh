# SPDX-License-Identifier: Apache-2.0
# POSIX XCU 2.6.6 and 2.13: pathname expansion and patterns.

### stars, question marks and brackets
: > a1; : > a2; : > b1; : > .hidden
rm script.sh
echo *
echo a*
echo ?1
echo [ab]1
echo [!a]*
echo .h*
#> a1 a2 b1
#> a1 a2
#> a1 b1
#> a1 b1
#> b1
#> .hidden

### no match stays as it is
echo nothing*here
#> nothing*here

### quoting stops it
: > f1
echo "f*" f\* 'f*'
#> f* f* f*

### directories in patterns
mkdir -p d/e d/f
: > d/e/x; : > d/f/x; : > d/f/y
echo d/*/x
echo d/*/
echo */f/*
#> d/e/x d/f/x
#> d/e/ d/f/
#> d/f/x d/f/y

### results of expansions are patterns
: > one.c; : > two.c
p='*.c'
echo $p
echo "$p"
#> one.c two.c
#> *.c

### noglob
: > one.c
set -f
echo *.c
set +f
echo *.c
#> *.c
#> one.c

### character classes
: > a; : > B; : > 7
rm script.sh
echo [[:digit:]] [[:upper:]] [[:lower:]]
#> 7 B a

### patterns in case
for w in foo.c foo.h Foo 'a b' '' -x; do
  case $w in
    *.[ch]) echo "source $w" ;;
    [A-Z]*) echo "capital $w" ;;
    *' '*) echo "blank $w" ;;
    '') echo empty ;;
    -*) echo "option $w" ;;
  esac
done
#> source foo.c
#> source foo.h
#> capital Foo
#> blank a b
#> empty
#> option -x
