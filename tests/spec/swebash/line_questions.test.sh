# SPDX-License-Identifier: Apache-2.0
# compgen -L: what an editor of command lines is told about one.

### complete: what is replaced, and the words
touch one.c one.h 'd e'
compgen -L complete 'cat one'
compgen -L complete 'cat d' | cat -A
#> replace	4	7	one.
#> word	one.c	 	
#> word	one.h	 	
#> replace^I4^I5^Id\ e$
#> word^Id\ e^I ^I$

### complete: at a place within the line
touch file
compgen -L complete 'cat fi b' 6
#> replace	4	6	file
#> word	file		

### complete: by a specification, whose function is told of the line
f() { COMPREPLY=("$COMP_CWORD/$COMP_TYPE/$COMP_KEY/${COMP_WORDS[1]}"); compopt -o nospace; }
complete -F f git
compgen -L complete 'a | git --x=y'
#> replace	12	13	3/9/9/--x
#> word	3/9/9/--x		

### complete: nothing is a failure
compgen -L complete 'cat nosuch'; echo $?
#> 1

### compopt changes the specification of the completion that runs
f() { COMPREPLY=(x); compopt -o filenames; compopt; }
complete -F f git
compgen -L complete 'git '
complete -p git
#> compopt +o bashdefault +o default +o dirnames -o filenames +o noquote +o nosort +o nospace +o plusdirs git
#> replace	4	4	x
#> word	x	 	
#> complete -F f git

### what cannot be asked
compgen -L colour x; echo $?
compgen -L complete x y; echo $?
#> 2
#> 2
#!~ *compgen: colour: no such question about a line
#!~ *compgen: y: numeric argument required
