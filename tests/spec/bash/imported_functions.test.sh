# SPDX-License-Identifier: Apache-2.0
# bash: functions out of the environment, and into it.

### what follows a definition in the environment is not run
try() { env "BASH_FUNC_x%%=$1" "$BASH" -c 'declare -F; echo end' shell 2>&1 | sed 's/^[^ ]*: //'; }
try '() { :; }; echo bad'
try '() { :; } | cat'
try '() { :; } &'
try '() { :; } && echo bad'
try '() { :; }
echo bad'
#> warning: x: ignoring function definition attempt
#> error importing function definition for `x'
#> end
#> warning: x: ignoring function definition attempt
#> error importing function definition for `x'
#> end
#> warning: x: ignoring function definition attempt
#> error importing function definition for `x'
#> end
#> warning: x: ignoring function definition attempt
#> error importing function definition for `x'
#> end
#> declare -fx x
#> end

### what is no definition is refused
try() { env "BASH_FUNC_x%%=$1" "$BASH" -c 'declare -F; echo end' shell 2>/dev/null; }
try '() { (a)=>\'
try '() { 0>0$({ :; }); }; echo bad'
try '() { _; } >_[$($())] { echo bad; id; }'
try '() { x() { _; }; x() { _; } <<a; }'
try '() { :;'
try '() { :; } x'
try '() (echo bad)'
try ' () { :; }'
try 'echo bad'
#> end
#> end
#> end
#> declare -fx x
#> end
#> end
#> end
#> end
#> end
#> end

### a name that is more than a name
try() { env "BASH_FUNC_$1%%=() { :; }" "$BASH" -c 'declare -F; echo end' shell 2>/dev/null; }
try 'echo bad;x'
try '$(echo bad >&2)'
try 'function x'
try ' x'
try 'a/b'
try '"x"'
try if
try a-b.c
try a:b
try 'x#y'
#> end
#> end
#> end
#> end
#> end
#> end
#> end
#> declare -fx a-b.c
#> end
#> declare -fx a:b
#> end
#> declare -fx x#y
#> end

### what was refused stays in the environment
env 'BASH_FUNC_x%%=() { :; }; echo bad' "$BASH" -c 'env' 2>/dev/null | grep BASH_FUNC_x
#> BASH_FUNC_x%%=() { :; }; echo bad

### posix mode takes names of variables only
env 'BASH_FUNC_a-b%%=() { :; }' 'BASH_FUNC_c%%=() { :; }' "$BASH" --posix -c 'declare -F' 2>/dev/null
env 'BASH_FUNC_a-b%%=() { :; }' POSIXLY_CORRECT=1 "$BASH" -c 'declare -F; echo end' 2>/dev/null
#> declare -fx c
#> end

### a privileged shell takes none
env 'BASH_FUNC_c%%=() { :; }' "$BASH" -p -c 'declare -F; echo end'
#> end

### many here-documents and many loops in an imported function
loops=$(for i in {1..210}; do echo "for x$i in a; do :"; done; echo 'echo in; '; for i in {1..210}; do echo 'done'; done)
env "BASH_FUNC_x%%=() { $loops
}" "$BASH" -c x
here="true$(printf ' <<a%.0s' {1..14})"
env "BASH_FUNC_x%%=() { $here
$(printf 'a\n%.0s' {1..14})
}" "$BASH" -c 'x; echo "status $?"'
#> in
#> status 0

### bodies of every kind are exported
f() { echo one; } >&2
g() ( echo sub ) 2>&1
h() if true; then echo yes; fi
i() ((1 + 1 > 1))
j() [[ a == ? ]]
k() { cat; } <<E
text
E
export -f f g h i j k
"$BASH" -c 'f 2>&1; g; h; i && j && k; declare -f f k'
#> one
#> sub
#> yes
#> text
#> f () 
#> { 
#>     echo one
#> } 1>&2
#> k () 
#> { 
#>     cat
#> } <<E
#> text
#> E
#>
