# SPDX-License-Identifier: Apache-2.0
# bash: what complete and compgen take of several.

### complete -D, -E and -I together: the first counts
complete -W a -D -E -I; complete -p
complete -r; complete -W b -E -I; complete -p
#> complete -W 'a' -D
#> complete -W 'b' -E

### compgen: the function comes before the command, whose comment ends with it
f() { COMPREPLY=(function); }
compgen -F f -C 'echo command #' x 2>/dev/null
#> function
#> command
