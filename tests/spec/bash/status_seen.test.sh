# SPDX-License-Identifier: Apache-2.0
# bash: $? at the start of what runs commands is that of the last command

### eval, a sourced file and a case see the last status
(exit 5); eval 'echo $?'
printf 'echo $?\n' >lib
(exit 4); . ./lib
(exit 3); case x in x) echo $?; esac
f() { eval "$1"; }
(exit 2); f 'echo $?'
#> 5
#> 4
#> 3
#> 2

### for and select see the last status
(exit 5); for i in $?; do echo $i $?; done
(exit 4); select i in a; do echo $?; break; done <<<1 2>err
(exit 3); for i in; do :; done; echo $?
#> 5 5
#> 4
#> 0

### eval and a sourced file without commands succeed
(exit 3); eval '# nothing'; echo $?
printf '# nothing\n' >lib
(exit 3); . ./lib; echo $?
(exit 3); case x in x) ;; esac; echo $?
(exit 3); case x in y) ;; esac; echo $?
#> 0
#> 0
#> 0
#> 0

### wait -n leaves the status to a wait for the process
/bin/sh -c 'exit 3' & p=$!
wait -n; echo $?
wait $p; echo $?
#> 3
#> 3

### a function with its own OPTIND leaves its caller's getopts where it was
f() {
  local OPTIND=1 opt
  while getopts :abcxyz opt; do
    echo "$opt"
    if [[ $opt == y ]]; then f -abc; fi
  done
}
f -xyz
#> x
#> y
#> a
#> b
#> c
#> z
