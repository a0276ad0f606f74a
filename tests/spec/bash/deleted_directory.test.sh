# SPDX-License-Identifier: Apache-2.0
# A working directory that was deleted under the shell: cd, pwd and the directory stack.

### cd into a deleted directory's own names never leaves for another place
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
for to in . ./ ./. -P; do
  cd $to . 2>/dev/null || cd "$to" 2>/dev/null; echo "$?"
  [[ $PWD == "$top"/a/b/* ]] && readlink /proc/self/cwd | sed "s#^$top#TOP#"
done
echo *
#> 0
#> TOP/a/b (deleted)
#> 0
#> TOP/a/b (deleted)
#> 0
#> TOP/a/b (deleted)
#> 0
#> TOP/a/b (deleted)
#> *

### cd . in a deleted directory says that it has no name, and PWD is the way there
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
cd .; echo "$? ${PWD#"$top"} ${OLDPWD#"$top"}"
pwd | sed "s#^$top#TOP#"
#! cd: error retrieving current directory: getcwd: cannot access parent directories: No such file or directory
#> 0 /a/b/. /a/b
#> TOP/a/b/.

### the parent of a deleted directory is found where it still is
mkdir -p a/b; top=$PWD; cd a/b; rm -r ../b
cd ..; echo "$? ${PWD#"$top"} ${OLDPWD#"$top"}"; ls -d ../a
#> 0 /a /a/b
#> ../a

### a name that is nowhere in a deleted directory is an error, whatever / has
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
cd etc 2>/dev/null; echo "$? ${PWD#"$top"}"
cd tmp/.. 2>/dev/null; echo "$? ${PWD#"$top"}"
cd "" 2>/dev/null; echo "$? ${PWD#"$top"}"
#> 1 /a/b
#> 1 /a/b
#> 1 /a/b

### cd -e -P fails when the new directory has no name
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
cd -P . 2>/dev/null; echo $?; cd -e -P . 2>/dev/null; echo $?
#> 0
#> 1

### a shell that starts in a deleted directory says so and keeps PWD
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
"${SWEBASH:-$BASH}" -c 'echo "${PWD##*/a/}"; pwd; echo $?; cd ..; echo "$? $PWD"; dirs; pushd /' 2>&1 | sed "s#^$top#TOP#"
#> shell-init: error retrieving current directory: getcwd: cannot access parent directories: No such file or directory
#> b
#> pwd: error retrieving current directory: getcwd: cannot access parent directories: No such file or directory
#> 1
#> chdir: error retrieving current directory: getcwd: cannot access parent directories: No such file or directory
#> 0 ..
#> ..
#> / ..

### pushd keeps the way to a deleted directory
mkdir -p a/b; top=$PWD; cd a/b; rm -r "$top/a"
HOME=/; pushd .. 2>/dev/null | sed "s#$top#TOP#g"
pushd / >/dev/null; popd 2>/dev/null; echo "$? $PWD"
#> TOP/a/b/.. TOP/a/b
#> 1 /

### cd does not go through a name that is not there
mkdir a; : >f
cd none/.. 2>/dev/null; echo $?
cd "$PWD/a/none/.." 2>/dev/null; echo $?
cd f/.. 2>/dev/null; echo $?
#> 1
#> 1
#> 1

### cd '' stays, and counts as a change
cd /usr; cd bin; cd ""; echo "$? $PWD $OLDPWD"
HOME=; cd; echo "$? $PWD $OLDPWD"
#> 0 /usr/bin /usr/bin
#> 0 /usr/bin /usr/bin
