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

### classify: the parts of a line, whole or not
touch file
compgen -L classify 'if cd "a $x" file -l; then nosuch >o | echo "open'
#> keyword	0	2	if	
#> builtin	3	5	cd	
#> string	6	9	"a 	
#> variable	9	11	$x	
#> string	11	12	"	
#> argument	13	17	file	path
#> option	18	20	-l	
#> operation	20	21	;	
#> keyword	22	26	then	
#> unknown	27	33	nosuch	
#> redirection	34	35	>	
#> argument	35	36	o	
#> operation	37	38	|	
#> builtin	39	43	echo	
#> unclosed	44	45	"	
#> string	45	49	open	

### classify: the bracket at the place, and its mate
compgen -L classify '{ :; }' 0
#> keyword	0	1	{	
#> builtin	2	3	:	
#> operation	3	4	;	
#> keyword	5	6	}	
#> brackets	0	5

### whole: whether Enter runs it
for line in 'echo a' 'echo "a' 'a |' 'if a; then b' 'if a; then b; fi' 'cat <<E' 'echo )' 'a \'; do
  if compgen -L whole "$line"; then printf '%s\n' "$line"; fi
done
#> echo a
#> if a; then b; fi
#> echo )

### hint: how the command is called
compgen -L hint 'x=1; umask -'
compgen -L hint 'nosuch a'; echo $?
#> hint	5	10	umask [-p] [-S] [mode]	Shows or sets the mask of file permissions.
#> 1
