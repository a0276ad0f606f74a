# SPDX-License-Identifier: Apache-2.0
# Rules for commands: what they see, and what they do about it.

### a rule sees the words after expansion, for programs and for what the engine has
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "git push --force*"
#| action = "deny"
#| [[command]]
#| match = "rm -r*"
#| action = "deny"
#| [[command]]
#| match = "echo [Ss]ecret*"
#| action = "deny"
mkdir w w/d
"$SWEBASH" --policy p.toml -c 'x=push; f=-rf
git $x --force; echo $?
"${x/push/git}" push --force-with-lease; /usr/bin/git push --force; command git push --force; eval "git push --force"; git push --force | cat; (exec git push --force); $(echo git) push --force &
wait; rm $f d; echo $?; ls; echo secret; echo "[$(echo Secret)]"; printf "%s\n" fine; git --version > /dev/null; echo $?' 2> err
grep -c "not allowed by a rule" err; grep -m 2 swebash: err | sed 's/^.*: line/line/'
#> 126
#> 126
#> d
#> []
#> fine
#> 0
#> 11
#> swebash: git push --force: not allowed by a rule of the policy (p.toml:3)
#> line 2: /usr/bin/git: Operation not permitted

### a program under another name is what it is
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "git push --force*"
#| action = "deny"
#| [git]
#| protected = ["main"]
mkdir -p w; git init -q -b main w/r
"$SWEBASH" --policy p.toml -c '(exec -a x git push --force); hash -p /usr/bin/git g; g push --force
cd r; (exec -a x git commit); :'
#! swebash: x push --force (/usr/bin/git): not allowed by a rule of the policy (p.toml:3)
#!~ *exec: /usr/bin/git: Operation not permitted
#! swebash: g push --force (/usr/bin/git): not allowed by a rule of the policy (p.toml:3)
#!~ */usr/bin/git: Operation not permitted
#! swebash: x commit (/usr/bin/git) on branch main: not allowed by a rule of the policy (p.toml:6)
#!~ *exec: /usr/bin/git: Operation not permitted

### of rules that match the last one counts
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "echo *"
#| action = "deny"
#| [[command]]
#| match = "echo -n *"
#| action = "allow"
mkdir w; "$SWEBASH" --policy p.toml -c 'echo a; echo -n b; printf "\n"' 2> /dev/null
#> b

### ask without a terminal is deny
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "ls*"
#| action = "ask"
mkdir w; setsid -w "$SWEBASH" --policy p.toml -c 'ls; echo $?; echo y | ls' 2>&1; :
#> swebash: ls: not allowed by a rule of the policy (p.toml:3: not agreed to at a terminal)
#> 126
#> swebash: ls: not allowed by a rule of the policy (p.toml:3: not agreed to at a terminal)

### branches of git that are protected
## run by: sh
## file p.toml
#| workspace = "w"
#| env = ["GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@x", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@x"]
#| [git]
#| protected = ["main", "release/*"]
mkdir w; git init -q -b start w
"$SWEBASH" --policy p.toml -c 'git commit -q --allow-empty -m one; git branch main; git branch release/1
git checkout -q main; git commit -q --allow-empty -m two; echo $?; git merge start; git rebase start
cd .git; git -C .. commit -q --allow-empty -m two; cd ..
git checkout -q release/1; git commit -q --allow-empty -m two
git checkout -q start; git push . start:main; git push . HEAD:refs/heads/release/2; git push --all .; git rebase start main
git commit -q --allow-empty -m three && git push -q . start:topic && git log --format=%s topic' 2> err
grep -v line err | sed 's/ (p.toml.*//'
#> 126
#> three
#> one
#> swebash: git commit -q --allow-empty -m two on branch main: not allowed by a rule of the policy
#> swebash: git merge start on branch main: not allowed by a rule of the policy
#> swebash: git rebase start on branch main: not allowed by a rule of the policy
#> swebash: git -C .. commit -q --allow-empty -m two on branch main: not allowed by a rule of the policy
#> swebash: git commit -q --allow-empty -m two on branch release/1: not allowed by a rule of the policy
#> swebash: git push . start:main on branch main: not allowed by a rule of the policy
#> swebash: git push . HEAD:refs/heads/release/2 on branch release/2: not allowed by a rule of the policy
#> swebash: git push --all . on branch main: not allowed by a rule of the policy
#> swebash: git rebase start main on branch main: not allowed by a rule of the policy

### they are in the status, as guard rails
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "rm *"
#| action = "ask"
#| [git]
#| protected = ["main"]
mkdir w; "$SWEBASH" --policy p.toml -c 'workspace' | grep rail
#>   command        rm *: asked about (p.toml:3, a guard rail)
#>   git branch     main: denied (p.toml:6, a guard rail)

### what no rule is about runs as ever
## run by: sh
## file p.toml
#| workspace = "w"
#| [[command]]
#| match = "never *"
#| action = "deny"
mkdir w; "$SWEBASH" --policy p.toml -c 'echo a | cat; x=$(echo b); echo $x; ls; /bin/echo c; f() { echo d; }; f; echo e | while read -r l; do echo $l; done; set -e; false; echo no'; echo $?
#> a
#> b
#> c
#> d
#> e
#> 1
