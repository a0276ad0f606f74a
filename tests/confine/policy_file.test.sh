# SPDX-License-Identifier: Apache-2.0
# Policy files: what they give, what weighs more, and every way to get one wrong.

### a file says what flags would, and its paths count from where it lies
## run by: sh
mkdir w r d; echo read > r/f; mkdir w/no
cat > d/p.toml <<'END'
workspace = "../w"
allow-read = ["../r"]
deny = ["../w/no"]
env = ["EDITOR", "NEW=a b"]
END
EDITOR=vi TOKEN=x "$SWEBASH" --policy d/p.toml -c 'pwd; cat ../r/f; ls no 2> /dev/null; echo $? "$EDITOR" "$NEW" "[$TOKEN]"' | sed "s,$PWD,HERE,"
#> HERE/w
#> read
#> 2 vi a b []

### the user's own file is read with --workspace, and only then
## run by: sh
mkdir w .config .config/swebash; echo 'env = "FROM=user"' > .config/swebash/policy.toml
"$SWEBASH" --workspace w -c 'echo "[$FROM]"'
echo 'nonsense' > .config/swebash/policy.toml
"$SWEBASH" -c 'echo "[$FROM]"'
"$SWEBASH" --workspace w -c 'echo not run' 2> /dev/null; echo $?
#> [user]
#> []
#> 2

### XDG_CONFIG_HOME says where that is; --policy is read instead
## run by: sh
mkdir w x x/swebash; echo 'env = "FROM=xdg"' > x/swebash/policy.toml; echo 'env = "BY=flag"' > p.toml
export XDG_CONFIG_HOME="$PWD/x"
"$SWEBASH" --workspace w -c 'echo "[$FROM][$BY]"'
"$SWEBASH" --workspace w --policy p.toml -c 'echo "[$FROM][$BY]"'
SWEBASH_POLICY=p.toml "$SWEBASH" --workspace w -c 'echo "[$FROM][$BY]"'
"$SWEBASH" --workspace w --policy /dev/null -c 'echo "[$FROM][$BY]"'
#> [xdg][]
#> [][flag]
#> [][flag]
#> [][]

### the environment weighs more than a file, a flag more than that; lists add up
## run by: sh
mkdir w v u r s; echo r > r/f; echo s > s/f
printf 'workspace = "w"\nallow-read = "r"\nenv = ["A=file", "B=file", "C=file"]\nno-native = true\n' > p.toml
"$SWEBASH" --policy p.toml -c 'echo ${PWD##*/} $A $B $C; cat ../r/f; /bin/echo no' 2> /dev/null
SWEBASH_WORKSPACE=v SWEBASH_ENV=B=environment SWEBASH_NO_NATIVE=0 "$SWEBASH" --policy p.toml --workspace u --env C=flag --allow-read s -c 'echo ${PWD##*/} $A $B $C; cat ../r/f ../s/f; /bin/echo yes'
#> w file file file
#> r
#> u file environment flag
#> r
#> s
#> yes

### what is wrong is said by file and line, and nothing runs
## run by: sh
mkdir w
try() { printf "$1" > p.toml; "$SWEBASH" --policy p.toml -c 'echo RUN' 2>&1 | sed "s,$PWD,HERE,"; "$SWEBASH" --policy p.toml -c 'echo RUN' > /dev/null 2>&1; echo $?; }
try 'workspace = "w"\nallow-reed = []\n'
try 'workspace = "none"\n'
try 'workspace = "w"\n\ndeny = ["none"]\n'
try 'workspace = "w"\nallow-write = "/etc"\n'
try 'workspace = "w"\nlimit-wall = "soon"\n'
try 'workspace = "w"\nno-native = true\nallow-run = ["ls"]\n'
try 'workspace = "w"\nisolation = "vm"\n'
try 'workspace = "w"\nenv = ["=x"]\n'
try 'workspace = "w"\nallow-net = ["a/b"]\n'
try 'env = []\n'
#> swebash: p.toml:2: allow-reed: no such key (allow-read is one)
#> 2
#> swebash: p.toml:1: workspace: HERE/none: No such file or directory (mkdir -p makes it)
#> 2
#> swebash: p.toml:3: deny: HERE/none: No such file or directory (what is denied must be there)
#> 2
#> swebash: p.toml:2: allow-write: /etc: cannot be allowed (name what is needed of it)
#> 2
#> swebash: p.toml:2: limit-wall: soon: not a limit
#> 2
#> swebash: p.toml:3: no-native = true with allow-run contradicts line 2 (keep one of them)
#> 2
#> swebash: p.toml:2: isolation: "vm" is none of its values (auto|namespace|landlock)
#> 2
#> swebash: p.toml:2: env: =x: no name of a variable (--env NAME or NAME=VALUE)
#> 2
#> swebash: p.toml:2: allow-net: a/b: no host (HOST or HOST:PORT, *.HOST for all below it)
#> 2
#> swebash: p.toml: names no workspace (workspace = "DIR" in it, or --workspace DIR)
#> 2

### no TOML
## run by: sh
mkdir w; printf 'workspace = "w"\nallow-read = [\n' > p.toml
"$SWEBASH" --policy p.toml -c 'echo RUN'; echo $?
#> 2
#! swebash: p.toml:2: Error while parsing array: encountered end-of-file (TOML: key = "text", key = true, key = ["text", "text"])

### a file that is not there, or is none
## run by: sh
"$SWEBASH" --policy none.toml -c 'echo RUN'; echo $?
"$SWEBASH" --policy . -c 'echo RUN'; echo $?
#> 2
#> 2
#! swebash: --policy: none.toml: No such file or directory (a policy file must be there, and readable)
#! swebash: --policy: .: Is a directory (name a file in it)

### a policy file in the workspace can be read and not changed
## run by: sh
mkdir w w/etc; echo 'env = "A=1"' > w/etc/p.toml
"$SWEBASH" --workspace w --policy w/etc/p.toml -c 'cat etc/p.toml; echo x > etc/p.toml; rm -f etc/p.toml; mv etc else; sed -i s/1/2/ etc/p.toml; chmod 600 etc/p.toml; echo still $A' 2> err; head -n 1 err | sed "s,$PWD,HERE,"
cat w/etc/p.toml
"$SWEBASH" --workspace w --policy w/etc/p.toml --isolation landlock -c 'echo RUN' 2>&1 | sed "s,$PWD,HERE,"
ln -s etc/p.toml w/l
"$SWEBASH" --workspace w --policy w/l -c 'echo RUN' 2>&1 | sed "s,$PWD,HERE,"
#> env = "A=1"
#> still 1
#> swebash: HERE/w/etc/p.toml: not allowed by the workspace policy (policies are kept from change)
#> env = "A=1"
#> swebash: HERE/w/etc/p.toml: a policy file within the workspace needs a view of its own, --isolation namespace, or a script could change it
#> swebash: --policy: HERE/w/l: stands behind a link, which a script could change (name the file itself, or one outside the workspace)

### nor can the user's own be made where HOME is the workspace
## run by: sh
"$SWEBASH" --workspace . -c 'mkdir -p .config/swebash; echo "allow-net = true" > .config/swebash/policy.toml; mv .config c; ls .config/swebash' 2> /dev/null
ls .config/swebash; [ -e c ] || echo kept
#> kept
