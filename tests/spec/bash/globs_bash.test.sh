# SPDX-License-Identifier: Apache-2.0
# bash: pathname expansion and its options.

### nullglob and failglob
shopt -s nullglob
echo [none]* end none*
shopt -u nullglob; shopt -s failglob
echo none*
echo "next $?"
#> end
#> next 1
#! script.sh: line 4: no match: none*

### dotglob
rm script.sh; : > .a; : > b
echo *
shopt -s dotglob
echo *
echo .*
#> b
#> .a b
#> .a

### hidden files need an explicit dot
: > .hidden; : > shown
echo .h* ?hidden [.]hidden
#> .hidden ?hidden [.]hidden

### nocaseglob
: > File; : > fILE2
shopt -s nocaseglob
echo f*
#> File fILE2

### globstar
mkdir -p a/b/c; : > a/1.t; : > a/b/2.t; : > a/b/c/3.t; : > 0.t
shopt -s globstar
echo **/*.t
echo a/**
echo **/
shopt -u globstar
echo **/*.t
#> 0.t a/1.t a/b/2.t a/b/c/3.t
#> a/ a/1.t a/b a/b/2.t a/b/c a/b/c/3.t
#> a/ a/b/ a/b/c/
#> a/1.t

### globstar and links
mkdir -p d/e; : > d/e/f; ln -s d l
shopt -s globstar
echo **/f
#> d/e/f

### extended patterns in path names
shopt -s extglob
: > a.c; : > a.h; : > a.o; : > b.c; : > abc
echo @(a|b).c
echo !(*.c|*.sh)
echo ?(a)b.c *(a|b)c +([a-c])
echo a.!(o)
#> a.c b.c
#> a.h a.o abc
#> b.c abc abc
#> a.c a.h

### extended patterns nest
shopt -s extglob
: > foo1; : > foobar; : > bar12
echo @(foo|bar)*([0-9]) @(foo@(1|bar)|none)
#> bar12 foo1 foo1 foobar

### without extglob a parenthesis is an error
shopt -u extglob
eval 'echo @(a|b)' 2>/dev/null
echo "status $?"
#> status 2

### brackets
: > a; : > b; : > -; : > ']'; : > '!'; : > 1
echo [a-b] [!a-z]  []] [-] [[:digit:]] [^a-b1]
#> a b ! - 1 ] ] - 1 ! - ]

### a backslash in a pattern
: > 'a*'; : > ab; : > 'x?'
echo a\* x\? a[*] "a"* 'x?'
p='a\*'; echo $p
#> a* x? a* a* ab x?
#> a\*

### GLOBIGNORE
: > a.c; : > b.c; : > c.h; : > .dot
GLOBIGNORE='*.c:script.sh'
echo *
GLOBIGNORE=
echo *
#> .dot c.h
#> .dot a.c b.c c.h script.sh

### slashes are matched by no pattern
mkdir d; : > d/f
echo d*f d?f d[/]f d/*
#> d*f d?f d[/]f d/f

### sorting
: > b; : > a; : > B; : > A; : > _; : > 10; : > 9
rm script.sh
LC_ALL=C
echo *
#> 10 9 A B _ a b

### directories and dots
mkdir -p d/.h d/e
echo d/* d/.* d/*/
echo ./d/* ../*/nothing
#> d/e d/.h d/e/
#> ./d/e ../*/nothing

### a path name with special characters
: > 'a b'; : > 'c$d'; : > "e'f"
for f in *' '* *\$* *\'*; do printf '[%s]' "$f"; done; echo
#> [a b][c$d][e'f]

### noglob
set -f
echo * [a]
set +f
#> * [a]

### no expansion in assignments and here-documents
: > f1
x=f*; echo "$x"; echo $x
cat <<< f*
cat <<E
f*
E
#> f*
#> f1
#> f*
#> f*

### expansion in arrays and in for
: > f1; : > f2
a=(f*); echo ${#a[@]}
for f in f* none*; do echo $f; done
#> 2
#> f1
#> f2
#> none*

### unreadable and missing directories
echo /nothing_here/* nothing/*/x
#> /nothing_here/* nothing/*/x

### a redirection to a pattern
: > only.txt
echo text > only.*
cat only.txt
ls
#> text
#> only.txt
#> script.sh

### multibyte names
: > é; : > aé; : > ab
echo ? ?? a[é]
#> é ab aé aé

### ranges by code points in the C locale
: > a; : > B; : > c
LC_ALL=C; echo [a-c] [A-Z]
#> a c B

### dots are never matched by globstar's stars
mkdir -p .git/x d; : > .git/x/f; : > d/f
shopt -s globstar; echo **/f
#> d/f

### compgen -G
: > g1; : > g2
compgen -G 'g*' | sort; compgen -G 'none*'; echo $?
#> g1
#> g2
#> 1

### a name with a leading dot asks for a dot in the alternative that matches it
shopt -s extglob
touch .hid shown
echo !(.hid)
echo @(?????|.*)
echo @(*|.h*)
echo !(shown).hid ?(shown).hid
shopt -u globskipdots
echo @(.?|*)
shopt -s dotglob
echo !(.hid)
echo @(.*|x)
#> script.sh shown
#> .hid shown
#> .hid script.sh shown
#> !(shown).hid .hid
#> .. script.sh shown
#> script.sh shown
#> . .. .hid

### an opening bracket without an end hides what could close a group
shopt -s extglob
touch ab
echo !([*)* +(a|b[)*
case '+(a|b[)' in +(a|b[)) echo itself;; *) echo other;; esac
#> !([*)* +(a|b[)*
#> itself

### a slash ends what may be a bracket expression in a path
shopt -s nullglob
echo [a/b] [a/]* x[/]y
#> [a/b] x[/]y

### two stars twice show the directory without its slash
shopt -s globstar
mkdir -p top/in
echo top/**
echo top/**/**
echo ./**/**
#> top/ top/in
#> top top/in
#> . ./script.sh ./top ./top/in
