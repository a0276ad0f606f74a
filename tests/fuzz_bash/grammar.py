# SPDX-License-Identifier: Apache-2.0
"""Scripts out of a grammar of bash: the same seed, the same script."""
import random

NAMES = ["a", "b", "c", "x", "y"]
LITERALS = ["foo", "bar", "1", "2", "0", "-1", "a b", "", "*", "f*", "x=1", "~", "é", "a.b", "[ab]", "-n", "{1..3}", "{a,b}c"]


class Grammar:
    """One script: a list of statements, each of one or more lines."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.depth = 0

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def some(self, make, low, high, joint=" "):
        return joint.join(make() for _ in range(self.random.randint(low, high)))

    def script(self):
        lines = [self.statement() for _ in range(self.random.randint(2, 6))]
        if self.chance(15):
            lines.insert(0, self.pick(["set -u", "set -e", "set -f", "set -o posix", "shopt -s extglob nullglob",
                                       "shopt -s expand_aliases; alias q='echo ' r='x; echo '", "IFS=:", "set -- p 'q r' s",
                                       "set -x", "shopt -s lastpipe", "set -o pipefail", "set -E", "set -T", "IFS='x '", "IFS=",
                                       "shopt -s nocasematch", "shopt -s extdebug", "shopt -s inherit_errexit; set -e",
                                       "shopt -s localvar_inherit", "set -v", "PS4='+$LINENO '; set -x", "set -k", "set -a",
                                       "shopt -s failglob", "shopt -s dotglob globstar", "set +B", "shopt -s xpg_echo",
                                       "shopt -u sourcepath patsub_replacement", "set -o history; set -H", "set -C"]))
        return [self.mutated(line) if self.chance(8) else line for line in lines]

    def mutated(self, line):
        """A line that may be wrong: a piece of it gone, doubled or replaced."""
        pieces = line.split(" ")
        at = self.random.randrange(len(pieces))
        how = self.random.randrange(3)
        if how == 0:
            del pieces[at]
        elif how == 1:
            pieces.insert(at, pieces[at])
        else:
            pieces[at] = self.pick([";", "&&", "|", "(", ")", "<", ">", "done", "then", "{", "}", "'", '"', "\\", "]]", ";;"])
        return " ".join(pieces)

    def name(self):
        return self.pick(NAMES)

    def word(self):
        make = self.pick([self.literal, self.literal, self.quoted, self.parameter, self.parameter, self.joined])
        return make()

    def literal(self):
        text = self.pick(LITERALS)
        return "'%s'" % text if " " in text or text == "" else text

    def joined(self):
        return self.literal() + self.pick([self.quoted, self.parameter])()

    def quoted(self):
        return self.pick(['"%s"', '"p %s q"', "'$%s'", "\\%s", "$'%s\\t'"]) % self.pick(
            [self.name(), "$" + self.name(), "${%s}" % self.name()])

    def operand(self):
        return self.pick(["d", "'d e'", '"d e"', "$b", '"$b"', "", "\\}", "~", "d$(echo e)"])

    def parameter(self):
        name = self.pick(NAMES + ["1", "@", "*", "#", "?", "a[0]", "a[@]", "c[*]", "x[1]"])
        form = self.pick(["$@", "${%s}", "${%s:-%o}", "${%s-%o}", "${%s:+%o}", "${%s+%o}", "${%s#%p}", "${%s##%p}", "${%s%%%p}",
                          "${%s/%p/%o}", "${%s//%p/%o}", "${#%s}", "${%s:1}", "${%s:0:2}", "${%s: -1}", "${%s^}", "${%s,,}",
                          "${%s@Q}", "${!%s}", "${%s:=%o}", "$((%s + 1))", "$(echo %s)", "`echo %s`", "$(%t)"])
        if form == "$(%t)":
            return "$(%s)" % (self.statement() if self.depth < 2 else "echo t")
        text = (form.replace("%s", name).replace("%o", self.operand())
                .replace("%p", self.pick(["f", "f*", "*o", "?", "[a-f]", "", "'*'", "o"])).replace("%%", "%"))
        return '"%s"' % text if self.chance(40) and '"' not in text else text

    def statement(self):
        self.depth += 1
        simple = [self.echo, self.echo, self.printf, self.assignment, self.array, self.declaration, self.test, self.arithmetic,
                  self.read, self.redirected, self.builtin, self.elements, self.nameref, self.attributes, self.trap, self.formats,
                  self.reading, self.options, self.completion, self.history, self.globs, self.cases, self.substrings,
                  self.environment, self.escapes, self.directories, self.transformed, self.regexes]
        compound = [self.branch, self.loop, self.choice, self.function, self.group, self.pipeline, self.document, self.and_or,
                    self.scoped, self.alias, self.inner_document, self.called, self.sourced, self.background, self.selection]
        text = self.pick(simple + (compound if self.depth < 4 else []))()
        self.depth -= 1
        return text

    def echo(self):
        return "echo " + self.some(self.word, 1, 3)

    def printf(self):
        return "printf '<%s>\\n' " + self.some(self.word, 1, 3)

    def assignment(self):
        return self.some(lambda: "%s%s%s" % (self.name(), self.pick(["=", "=", "+="]), self.word()), 1, 2)

    def array(self):
        return self.pick(["%s=(%s)", "%s+=(%s)", "%s[1]=%s", "declare -A %s=([k]=%s)", "unset %s; echo %s"]) % (
            self.name(), self.some(self.word, 1, 1))

    def declaration(self):
        return "%s %s" % (self.pick(["declare", "declare -i", "declare -u", "export", "declare -a", "readonly", "declare -p", "unset",
                                     "declare -n"]), self.pick([self.name(), self.assignment()]))

    def test(self):
        left, right = self.word(), self.word()
        return self.pick(["[[ %s == %s ]]; echo $?", "[ %s = %s ]; echo $?", "[[ %s =~ %s ]]; echo $? ${BASH_REMATCH[0]}",
                          "[[ -n %s && %s ]]; echo $?", "test %s -eq %s; echo $?", "[[ ! %s < %s ]]; echo $?"]) % (left, right)

    def arithmetic(self):
        one, two = self.pick(["a", "1", "x", "a[0]", "07", "(2)"]), self.pick(["b", "2", "-3", "y", "0"])
        return self.pick(["echo $((%s %s %s))", "((%s %s %s)); echo $?", "let 'x=%s %s %s'; echo $x"]) % (
            one, self.pick(["+", "*", "<", "==", "&&", "%", "<<", "|"]), two)

    def read(self):
        return "read %s%s <<< %s; echo \"$x|$y\"" % (self.pick(["", "-r ", "-n 2 ", "-d o ", "-a c "]),
                                                    self.pick(["x", "x y"]), self.word())

    def redirected(self):
        return self.pick(["echo %s > f; cat f", "{ echo %s; echo e >&2; } 2>&1", "echo %s >> f; cat < f", "cat <<< %s",
                          "echo %s 3>&1 >&3", "cat < nosuch; echo $? %s", "exec 4> g; echo %s >&4; exec 4>&-; cat g"]) % self.word()

    def builtin(self):
        return self.pick(["eval echo %s", "set -- %s %s; echo $#", "shift; echo $# %s", "type %s", "cd /; echo $PWD %s", "local x=%s",
                          "getopts ab: x -b %s; echo $x $OPTARG", "trap 'echo exit' EXIT; : %s", "mapfile -t c <<< %s; declare -p c",
                          "return %s", "( exit %s ); echo $?", "command -v %s", "unset %s", "printf '%%d\\n' %s", "printf '%%q ' %s",
                          "echo -e %s", "alias q=%s; q", "wait; echo $? %s", "hash -r; echo %s", "kill -l %s", "test %s; echo $?"]
                         ).replace("%s", self.word()).replace("%%", "%")

    def branch(self):
        return "if %s; then\n%s\n%sfi" % (self.statement(), self.statement(),
                                          "else\n%s\n" % self.statement() if self.chance(40) else "")

    def loop(self):
        return self.pick(["for %n in %w; do\n%s\ndone", "for %n; do\n%s\ndone", "for ((i=0; i<2; i++)); do\n%s\ndone",
                          "i=0; while ((i++ < 2)); do\n%s\ndone", "i=0; until ((i++ > 1)); do\n%s\nbreak\ndone",
                          "for %n in %w; do %s; done | cat"]).replace(
            "%n", self.name()).replace("%w", self.some(self.word, 1, 3)).replace("%s", self.statement())

    def choice(self):
        return "case %s in\n%s) %s ;;\n%s | *) %s %s\nesac" % (
            self.word(), self.word(), self.statement(), self.word(), self.statement(), self.pick([";;", ";&", ";;&"]))

    def function(self):
        return "fn() {\nlocal %s\n%s\n%s\n}\nfn %s; echo $?" % (
            self.name(), self.statement(), self.pick([":", "return 3", "echo $1", "shift"]), self.some(self.word, 0, 2))

    def group(self):
        return self.pick(["{\n%s\n%s\n}", "(\n%s\n%s\n)", "{\n%s\n%s\n} > f; cat f"]) % (self.statement(), self.statement())

    def pipeline(self):
        return "%s | %s" % (self.pick([self.echo, self.printf, self.group])(), self.pick(["cat", "read x; echo $x", "while read x; do echo \"[$x]\"; done",
                                                                                     "tr a b", "{ cat; echo $?; }"]))

    def document(self):
        return "cat <<%s\n%s $a ${b:-%s} \\$x `echo y`\nE" % (self.pick(["E", "'E'", "\\E"]), self.word(), self.operand())

    def and_or(self):
        return "%s %s %s" % (self.pick(["true", "false", "! true", self.echo()]), self.pick(["&&", "||"]), self.echo())

    def elements(self):
        """Arrays with holes, ranges and odd subscripts."""
        name, at = self.name(), self.pick(["0", "1", "-1", "a", "1+1", "@", "*", "", "x[1]", "$b", "-5", "k", "'1'"])
        return self.pick(["%n=([2]=%w %w [0]=%w); declare -p %n", "%n[%i]=%w; declare -p %n", "%n=(%w %w %w); unset '%n[%i]'; declare -p %n",
                          "echo \"${%n[%i]}\" ${#%n[%i]} ${!%n[@]}", "%n=(1 2 3 4); echo ${%n[@]:%i:2}", "%n+=([5]=%w [%i]+=%w); declare -p %n",
                          "echo ${%n[%i]:-%w} ${%n[%i]+set}", "declare -A m=([k]=%w); m[k]+=%w; echo ${m[k]} ${!m[@]} ${m[%i]}",
                          "declare -A m; m[%i]=1; echo \"${!m[@]}\"", "[[ -v %n[%i] ]]; echo $?", "(( %n[%i]++ )); declare -p %n",
                          "printf -v '%n[%i]' %s %w; declare -p %n", "%n=(%w); echo ${%n[@]@A} \"${%n[@]@K}\"", "echo $(( %n[%i] + 1 ))",
                          "%n=(f o o); echo ${%n[@]/o/%w} ${%n[*]^} ${%n[@]#f}", "local %n[%i]=%w", "read %n[%i] <<< %w; declare -p %n"]
                         ).replace("%n", name).replace("%i", at).replace("%w", self.word())

    def nameref(self):
        one, two = self.name(), self.name()
        return self.pick(["declare -n r=%1; r=%w; echo $%1", "declare -n r=%1; unset r; declare -p %1", "declare -n r=%1; unset -n r; echo ${r-no}",
                          "declare -n r='%1[1]'; r=%w; declare -p %1", "declare -n r; r=%1; r+=%w; declare -p r %1", "declare -n r=%1; declare -p r; echo ${!r}",
                          "declare -n r=%1; for r in %1 %2; do echo $r ${!r}; done", "declare -n r=%1; declare +n r; declare -p r", "declare -n %1=%2; %1=(%w); declare -p %2 %1",
                          "fn() { local -n r=$1; r=%w; }; fn %1; echo $%1", "declare -n r=%1; read r <<< %w; echo $%1", "declare -n r=%w",
                          "declare -n r=%1; [[ -R r ]]; echo $? ${r@a} ${r@A}", "declare -n r=%1; readonly r; %1=5; echo $?", "declare -n r=%1; r[2]=%w; declare -p %1",
                          "declare -n r=%1; export r; declare -p r %1", "fn() { declare -n %1=%1; %1=%w; }; fn; echo $?"]
                         ).replace("%1", one).replace("%2", two).replace("%w", self.word())

    def attributes(self):
        name = self.name()
        how = self.pick(["-i", "-u", "-l", "-a", "-A", "-r", "-x", "-c", "-t", "-g", "-I", "-f", "-F", "-n", "+i", "+x", "+r", "+a", "-ai", "-ux", "-lu", "-p", "-ap", "-xr"])
        return self.pick(["declare %h %n=%w; declare -p %n", "declare %h %n; %n=%w; declare -p %n", "%n=%w; declare %h %n; declare -p %n", "typeset %h %n=(%w); declare -p %n",
                          "fn() { local %h %n=%w; declare -p %n; }; fn", "declare %h %n=%w; %n+=%w; echo $%n; echo ${%n@a}", "declare %h; echo $?", "readonly %n; declare %h %n=%w; echo $?",
                          "export %h %n=%w; echo $?", "readonly %h %n; %n=1; echo $?", "declare %h %n[1]=%w; declare -p %n"]
                         ).replace("%h", how).replace("%n", name).replace("%w", self.word())

    def trap(self):
        what = self.pick(["EXIT", "ERR", "DEBUG", "RETURN", "USR1", "INT", "0", "SIGTERM", "CHLD", "99"])
        return self.pick(["trap 'echo t $?' %s", "trap 'echo t $LINENO' %s; false; (false); fn() { false; return 2; }; fn", "trap - %s", "trap '' %s; trap", "trap -p %s", "trap 'echo in; return 4' %s",
                          "trap 'echo t $BASH_COMMAND' %s; true; : %w", "( trap 'echo t' %s; false; echo x )", "trap 'trap - %s; echo once' %s; true; false", "trap 'echo t' %s; echo $(trap; false)",
                          "trap 'echo u' USR1; kill -USR1 $BASHPID; echo after", "trap 'echo t $FUNCNAME' %s; fn() { true; }; fn; declare -tf fn; fn", "trap -l %s | head -n 1"]
                         ).replace("%s", what).replace("%w", self.word())

    def formats(self):
        form = "%" + self.pick(["", "-", "0", "+", " ", "#", "'"]) + self.pick(["", "5", "*", "1", "-3"]) + self.pick(["", ".2", ".", ".*", ".0"]) + self.pick(list("diouxXeEfgGcsbqQaA%n") + ["(%Y)T", "ld", "z"])
        return "printf '[%s]\\n' %s; echo $?" % (form, self.some(self.word, 0, 3))

    def reading(self):
        text = self.pick(["a b c", "a:b::c", " x  y ", "a\\\\ b", "1\\n2\\n3", "a\\tb", "p\\0q", "", "\\\\n", "éà"])
        return self.pick(["printf '%t' | { read %o %n; echo $? \"$x|$y\"; }", "read %o %n < <(printf '%t'); echo $? \"$x|$y\"; declare -p c", "printf '%t\\n' > f; mapfile %m c < f; declare -p c",
                          "printf '%t' > f; while IFS=%i read -r x y; do echo \"[$x][$y]\"; done < f", "printf '%t\\n' > f; IFS=%i read %o %n < f; echo $? \"$x|$y\"", "printf '%t' > f; mapfile %m < f; echo ${#MAPFILE[@]} ${MAPFILE[@]}"]
                         ).replace("%o", self.pick(["", "-r", "-n1", "-N 3", "-d ''", "-d :", "-a c", "-s", "-t 0", "-e", "-p q", "-u 0", "-n 0", "-rn2", "-N0"])).replace(
            "%m", self.pick(["", "-t", "-n 1", "-s 1", "-O 2", "-d :", "-C echo", "-c 1 -C echo", "-u 0", "-td ''"])).replace("%n", self.pick(["x", "x y", "", "1"])).replace(
            "%i", self.pick([":", "''", "'x '", "$'\\t'", "' :'"])).replace("%t", text)

    def options(self):
        return self.pick(["set -- %a; while getopts %g o; do echo $o ${OPTARG-no} $OPTIND; done; shift $((OPTIND-1)); echo $*", "getopts %g o %a; echo $? $o $OPTARG", "OPTIND=%i; getopts %g o %a; echo $? $o $OPTIND",
                          "OPTERR=0; getopts %g o %a; echo $? $o", "set -o | grep '^%s'", "set %f; echo $-", "shopt %p; echo $?", "shopt -q %n; echo $?", "set -- %a; shift %i; echo $# $?", "echo $SHELLOPTS; set %f", "shopt -po %s"]
                         ).replace("%a", self.pick(["-a", "-ab x", "-b", "-bx y", "-- -a", "-c", "x -a", "-a -b '' z", "-:", "-ac -b"])).replace("%g", self.pick(["ab:", ":ab:", "a", "", "a:b", ":", "b::"])).replace(
            "%i", self.pick(["1", "0", "2", "-1", "x", "''"])).replace("%s", self.pick(["err", "no", "posix", "x", "verbose"])).replace("%f", self.pick(["-f", "+f", "-u", "+B", "-", "--", "+", "-o posix", "+o posix", "-eu", "-q", "-o nosuch", "-h", "+h", "-b", "-P"])).replace(
            "%p", self.pick(["-s", "-u", "", "-p", "-o", "-s nosuch", "extglob", "-p extglob", "-so posix", "-qu"])).replace("%n", self.pick(["extglob", "nosuch", "nullglob", "dotglob"]))

    def completion(self):
        return self.pick(["compgen -W %w -- %p", "compgen -W 'foo far \"b c\" $a' -P '<' -S '>' %p", "compgen -v %p | head -n 3", "touch foo fa .fh; compgen -f %p", "mkdir -p d; compgen -d %p", "compgen -A %x %p | head -n 4",
                          "compgen -b %p | head -n 5", "compgen -k %p", "fn() { COMPREPLY=(%w foo); }; compgen -F fn %p", "compgen -C 'echo foo bar' %p", "compgen -W 'foo bar far' -X '%q' %p", "touch foo fa; compgen -G '%q'",
                          "complete -F fn x; complete -p x", "complete -W 'a b' -o nospace x y; complete -p; complete -r x; complete -p", "complete %w; echo $?", "compopt -o nospace %n; echo $?", "compgen -a; echo $?", "fn() { :; }; compgen -A function"]
                         ).replace("%w", self.word()).replace("%p", self.pick(["", "f", "fo", "b", "'a'", "--", "é"])).replace("%x", self.pick(["alias", "builtin", "keyword", "signal", "setopt", "shopt", "helptopic", "binding", "export", "arrayvar", "enabled", "disabled", "running", "nosuch"])).replace(
            "%q", self.pick(["f*", "!f*", "&", "*o", "!&*", "@(foo|bar)"])).replace("%n", self.name())

    def history(self):
        return "set -o history; " + self.pick(["history -s %w; history", "echo a\nhistory 1; history", "history -s one; history -s two; history -d %i; history; echo $?", "history -c; history -s %w %w; fc -l", "history -s 'echo hi'; fc -s; echo $?", "history -p %x; echo $?",
                                               "HISTCONTROL=%c; echo a\necho a\n echo b\nhistory", "HISTSIZE=2; echo a\necho b\nhistory", "HISTIGNORE='echo*'; echo a\nhistory", "history -s a; history -w f; cat f", "printf 'l1\\nl2\\n' > f; history -r f; history; history -n f; echo $?", "fc -ln %i; echo $?", "history %i; echo $?", "HISTTIMEFORMAT='T '; history -s x; history"]
                                              ).replace("%w", self.word()).replace("%i", self.pick(["1", "-1", "0", "2-3", "99", "x", "1-"])).replace("%x", self.pick(["'!!'", "'!x'", "'!e:1'", "'!?a?'", "'a!'", "'^a^b'"])).replace("%c", self.pick(["ignoredups", "ignorespace", "erasedups", "ignoreboth"]))

    def globs(self):
        pattern = self.pick(["*", "f*", "@(foo|bar)", "!(f*)", "?(f)oo", "+([a-z])", "*(o)", "[!f]*", "[[:alpha:]]*", "[a-f", "\\*", "**", "d/*", ".*", "*/", "[.]*", "f?o", "'f'*", "{f,b}*", "[a-z-]*", "@(|foo)", "!(*)", "[[=a=]]*", "f*/..", "[f/o]*"])
        subject = self.pick(["foo", "bar", "f", "", "[a-f", "*", ".x", "fOO", "d/x"])
        return self.pick(["shopt -s extglob\ntouch foo bar f .x; mkdir -p d; : > d/x; echo %p", "shopt -s extglob\n[[ '%s' == %p ]]; echo $?", "shopt -s extglob\ncase '%s' in %p) echo y ;; *) echo n ;; esac", "shopt -s extglob\nx='%s'; echo \"${x#%p}|${x%%%p}|${x/%p/_}|${x//%p/_}\"", "shopt -s %o\ntouch foo bar .x; mkdir -p d; echo %p",
                          "GLOBIGNORE='%p'; touch foo bar .x; echo *", "shopt -s extglob\nx='%p'; [[ '%s' == $x ]]; echo $?; [[ '%s' == \"$x\" ]]; echo $?"]).replace("%%", "%").replace("%p", pattern).replace("%s", subject).replace("%o", self.pick(["nullglob", "failglob", "dotglob", "nocaseglob", "globstar"]))

    def cases(self):
        value = self.pick(["foo Bar", "éÀß", "ABC", "a", "", "hello WORLD", "ǆ"])
        return "x='%s'; echo \"${x%s}\"" % (value, self.pick(["^", "^^", ",", ",,", "~", "~~", "^^[a-m]", ",,[A-B]", "^?", "^^o", "@U", "@u", "@L", "@Q", "@E", "@P", "@A", "@a", "@K", "^^é"]))

    def substrings(self):
        value = self.pick(["abcdef", "é☃x", "", "a"])
        return "%s; echo \"${%s:%s%s}\"" % (self.pick(["x='%s'" % value, "set -- %s b 'c d'" % value if value else "set --", "x=(%s 1 2)" % value]), self.pick(["x", "@", "*", "x[@]", "1", "x[1]"]),
                                           self.pick(["0", "1", " -1", "-1", " -9", "a", "1?2:3", "2", "(1)", "'1'", "$#", "x", " "]), self.pick(["", "", ":1", ": -1", ":0", ":-1", ":a", ":9", ":", ":1:1"]))

    def environment(self):
        name = self.name()
        return self.pick(["%n=%w env | grep '^%n='", "%n=%w eval 'echo $%n'; echo $%n", "fn() { echo $%n; %n=in; }; %n=%w fn; echo $%n", "export %n=%w; env | grep '^%n='", "%n=%w :; echo $%n", "%n=%w declare -p %n", "%n=%w export %n; declare -p %n", "%n=%w readonly %n; declare -p %n",
                          "export %n; %n=%w; sh -c 'echo $%n'", "%n+=%w sh -c 'echo $%n'", "%n=%w unset %n; echo ${%n-no}", "%n=1 %n=%w sh -c 'echo $%n'", "fn() { local %n; echo ${%n-no}; unset %n; echo ${%n-no}; }; %n=%w fn", "IFS=: read x y <<< 'a:b'; echo $x $y", "declare -x %n=%w; printenv %n", "%n=(%w) true; declare -p %n", "%n[1]=%w true; declare -p %n", "command %n=%w"]
                         ).replace("%n", name).replace("%w", self.word())

    def escapes(self):
        text = self.pick(["\\a", "\\x41", "\\u00e9", "\\101", "\\0101", "\\c", "\\cA", "\\e", "\\q", "\\\\", "\\'", "\\x", "\\u", "\\U1F600", "\\x{41}", "\\?", "\\400"])
        return self.pick(["echo -e 'p%sq'", "echo $'p%sq'", "printf 'p%sq\\n'", "printf '%b|\\n' 'p%sq'", "x='p%sq'; echo \"${x@E}\"", "x=$'p%sq'; printf '%q\\n' \"$x\"; echo ${x@Q}", "x=$'p%sq'; declare -p x", "echo -n 'p%sq'; echo -E 'p%sq'", "cat <<< $'p%sq'"]).replace("%s", text)

    def directories(self):
        return self.pick(["mkdir -p d/e; cd d; cd e; pwd; cd -; dirs", "mkdir -p d; pushd d; dirs -v; popd; echo $?", "cd nosuch; echo $?", "mkdir -p d; CDPATH=/w; cd d; echo $PWD", "mkdir -p d; ln -s d l; cd l; pwd; pwd -P; cd ..; pwd", "pushd; echo $?", "popd; echo $?", "mkdir -p d e; pushd d; pushd ../e; pushd +1; dirs; popd -1; dirs", "cd %w; echo $?", "cd -P %w; echo $?", "mkdir -p d; cd d; rmdir ../d; pwd; cd ..; echo $?", "dirs %o; echo $?", "pushd -n /usr; dirs; echo ~1 ~+ ~-", "cd ''; echo $?", "cd -- -; echo $?", "OLDPWD=/usr; cd ~-; pwd", "cd a b; echo $?", "mkdir -p d; cd -L d/..; pwd; cd -e x"]
                         ).replace("%w", self.word()).replace("%o", self.pick(["-c", "+0", "-0", "-l", "-p", "+9", "-x"]))

    def transformed(self):
        name = self.name()
        return "%s; echo %s" % (self.pick(["%s=%s", "%s=(%s b)", "declare -A %s=([k]=%s)", "declare -i %s=%s", "set -- %s %s", "unset %s; : %s"]) % (name, self.word()),
                                self.some(lambda: self.pick(['"${%s@Q}"', "${%s@A}", "${%s@a}", "${%s[@]@Q}", '"${%s[@]@A}"', "${%s[@]@a}", '"${%s[@]@K}"', "${%s[@]@k}", "${%s@P}", "${!%s}", "${!%s*}", '"${!%s@}"', "${#%s}", "${#%s[@]}", "${!%s[*]}", "${*@Q}", "${@@A}", "${%s-u}", "${%s[1]:=v}", "${%s:?}", "${%s?m}"]).replace("%s", name), 1, 3))

    def regexes(self):
        regex = self.pick(["(f)(o*)", "^a", "b$", "[[:digit:]]+", "a|b", "'.'", "\\.", "(", "[a", "x*", "(a)?b", "f{2}", "$x", '"$x"', "^(.*)é$", ".", "()", "\\bfoo", "[^f]+", "a**"])
        return "%s[[ %s =~ %s ]]; echo $? \"${BASH_REMATCH[@]}\"" % (self.pick(["", "x='f.o'; ", "shopt -s nocasematch; "]), self.word(), regex)

    def scoped(self):
        one, two = self.name(), self.name()
        return self.pick(["f1() { local %1=%w; f2; echo $%1; }; f2() { %1=in; unset %1; echo ${%1-no}; }; %1=out; f1; echo $%1", "fn() { local -; set -f; echo *; }; fn; echo $-", "fn() { local %1 %2=%w; declare -p; }; fn | grep ' %1'", "fn() { local %1=1; local %1=2; local -p; }; fn", "fn() { declare -g %1=%w; local %1=2; echo $%1; }; fn; echo $%1",
                          "fn() { echo $FUNCNAME ${#FUNCNAME[@]} ${BASH_LINENO[@]} $LINENO; caller 0; }\nfn", "fn() { return; }; false; fn; echo $?", "fn() { (( $1 )) || return; fn $(( $1 - 1 )); echo $1 \"$@\"; }; fn 3", "fn() { unset -f fn; echo $?; }; fn; fn", "fn() ( %1=%w; exit 3 )\nfn; echo $? $%1", "fn() { %s; } 2>&1 > f; fn; cat f", "declare -f fn; fn() { %s\n}; declare -f fn; type fn", "fn() for x in 1 2; do echo $x; done\nfn; declare -f fn", "function fn { echo \"$@\"; set -- z; echo $1; }; set -- p; fn q; echo $1", "fn() { shift %i; echo $# $?; }; fn 1 2", "fn() { local x=$(false); echo $?; local y; y=$(false); echo $?; }; fn", "readonly -f fn; fn() { :; }; readonly -f fn; fn() { echo; }; echo $?"]
                         ).replace("%1", one).replace("%2", two).replace("%w", self.word()).replace("%i", self.pick(["", "1", "3", "-1", "x"])).replace("%s", self.statement())

    def alias(self):
        return "shopt -s expand_aliases\n" + self.pick(["alias q='echo '\nalias z='p %w'\nq z z", "alias q='for x in'\nq 1 2; do echo $x; done", "alias q='if true; then echo y; fi'\nq", "alias q=echo\nalias; unalias q; q %w", "alias q='echo a; echo'\nq b | cat", "alias q='echo \"'\nq x\"", "alias q='case x in x)'\nq echo y;; esac", "alias q='{ echo'\nq 1; }", "alias q='q 1'\nq", "alias q='z ' z=echo\nq z", "alias q='echo a\necho b'\nq c", "alias q='cat <<E\nx\nE'\nq", "alias q='%w'\nq %w", "alias -p; unalias -a; alias q", "alias q='!'\nq true; echo $?", "alias '%w=x'; echo $?", "alias q='(echo'\nq 1)", "alias if=echo\nif x", "\\q; alias q='echo #'\nq x", "BASH_ALIASES[q]='echo %w'\nq; alias"]
                                                       ).replace("%w", self.word())

    def inner_document(self):
        tag = self.pick(["E", "'E'", "\"E\"", "\\E", "E", "E F"])
        return self.pick(["x=$(cat <<%t\n%w $b\nE\n); echo \"$x\"", "echo \"$(cat <<%t\n%w\n  E\nE\n)\"", "cat <<-%t\n\t%w\n\tE", "cat <<%t; echo after\n$(echo %w) ${a:-'d \"e'} \\$b \\\\ \\\nx\nE", "cat <<%t - <<< x | tr a b\n%w\nE", "cat <<E1 <<E2\n%w\nE1\nb\nE2", "{ cat; } <<%t\n`echo %w` $((1+1))\nE", "while read x; do echo \"<$x>\"; done <<%t\n%w\n b\\\nc\nE", "fn() { cat <<%t\n$1\nE\n}; fn %w; declare -f fn", "x=`cat <<%t\n%w\nE\n`; echo $x", "cat <<%t\n%w", "read x <<%t && echo $x\n%w\nE", "cat 3<<%t <&3\n%w\nE", "eval 'cat <<%t\n%w\nE'", "<<%t cat\n${x:=%w}\nE\necho $x"]).replace("%t", tag).replace("%w", self.pick([self.word(), self.literal(), self.parameter()]))

    def called(self):
        return self.pick(["eval '%s'", "eval \"%w\" ; echo $?", "command %s", "builtin %b; echo $?", "command -v %b; command -V %b", "type -t %b; type -a %b | head -n 2", "exec %w 2>/dev/null; echo $?", "( exec echo %w ); echo $?", "x=%w; ${x:-echo} y", "! %s\necho $?", "time -p %s 2> /dev/null", "coproc { echo %w; }; read x <&${COPROC[0]}; echo $x", "\"$BASH\" -c 'echo $0 $#' %w %w", "env %b x; echo $?", "enable -n echo; type -t echo; enable echo", "hash -p /bin/ls q; type q; hash -t q", "help %b | head -n 1; echo $?", "ulimit -n; umask %u; umask; umask -S", "times > /dev/null; echo $?", "let %w; echo $?", "test %w %o %w; echo $?", "[ %w %o %w -a %w ]; echo $?", "kill -l %u; echo $?", "printf '%d\\n' \"'a\" %u", "wait %u; echo $?", "jobs; disown; echo $?", "exit %w", "logout; echo $?", "suspend; echo $?", "break %u; echo $?", "for x in 1 2; do for y in 1 2; do continue %u; echo $x$y; done; done; echo $?", "for x in 1 2 3; do echo $x; break %w; done; echo $?"]
                         ).replace("%s", self.statement()).replace("%b", self.pick(["echo", "cd", "nosuch", "ls", "if", "fn", ":", "[", "-x", "test", "read"])).replace("%u", self.pick(["1", "2", "0", "-1", "x", "022", "u+w", "9", "130", "''"])).replace(
            "%o", self.pick(["=", "-eq", "-lt", "!=", "<", "-nt", "-ef", "-x", "==", "=~"])).replace("%w", self.word())

    def sourced(self):
        return self.pick(["cat > g <<'E'\n%s\nE\n. ./g %w; echo $?", "echo 'return %w; echo no' > g; . ./g; echo $?", "echo 'echo $# $1; shift; set -- z' > g; set -- p; . ./g; echo $1; . ./g q; echo $1", ". ./nosuch; echo $?", "source; echo $?", "echo 'echo ${BASH_SOURCE[0]} $LINENO; fn() { echo $BASH_SOURCE; }' > g; . ./g; fn", "cat > g <<'E'\n%s\nE\n\"$BASH\" g %w; echo $?", "echo 'x=(' > g; . ./g; echo $?", "echo 'echo $(' > g; . ./g; echo $?; \"$BASH\" g; echo $?", ". /dev/stdin <<'E'\n%s\nE"]
                         ).replace("%s", self.statement()).replace("%w", self.pick([self.word(), "2", ""]))

    def background(self):
        return self.pick(["{ %s; } > g 2>&1 & wait $!; echo $?; cat g", "(exit 3) & wait $!; echo $?", "false & wait; echo $?", "sleep 0 & wait -n; echo $?", "cat <(echo %w) <(echo b)", "echo %w > >(cat > g); wait; cat g", "x=$(echo %w &); echo \"$x\"", "{ echo a; exit 2; } | cat; echo ${PIPESTATUS[@]}", "true | false | (exit 4); echo ${PIPESTATUS[*]} $?", "wait 99999; echo $?", "(trap 'echo t' TERM; kill $BASHPID; echo x)", "(kill -9 $BASHPID); echo $?", "sh -c 'kill -TERM $$'; echo $?", "kill -0 $$; echo $?", "kill %w; echo $?", "exec 5<&0 5<&-; echo $?", "{ echo x >&9; } 2>/dev/null; echo $?", "exec {fd}> g; echo $fd; echo %w >&$fd; exec {fd}>&-; cat g", "echo x &> g; cat g; echo y &>> g; cat g", "echo x >| g; cat < g > h; cat h", "echo %w > g; read x < g; read -u 3 y 3< g; echo $x $y", "ls nosuch > g 2>&1; echo $?; > g; cat g"]
                         ).replace("%s", self.statement()).replace("%w", self.word())

    def selection(self):
        return self.pick(["select x in %w b; do echo \"$x $REPLY\"; %s\nbreak; done <<< 2", "case %w in (%p) %s ;; %p|%p) echo 2 ;;& *) echo 3 ;; esac", "case $%n in \"%n\") ;; esac; echo $?", "for x in %w; { echo $x; }", "for ((;;)) { %s\nbreak; }", "for (( i=%w; i<2; i++ )); do echo $i; done", "if [[ %w && ! -e %w || ( %w == %p ) ]]; then %s\nfi; echo $?", "[[ %w -%c %w ]]; echo $?", "[[ -%u %w ]]; echo $?", "[ -%u %w ]; echo $?", "while false; do :; done; echo $?", "until true; do :; done; echo $?", "{ %s\n} 2>&1 | cat", "if ! { %s; }; then echo n; fi", "(( %w )) && echo y", "echo $(( %w ? 1 : x = 2 ))", "echo $(( a = %w, a++ + ++a, a <<= 2, a ** 2 ))", "echo $[ %w ] $((16#ff)) $((2#%w))", "(( a[%w] = 2 )); declare -p a"]
                         ).replace("%s", self.statement()).replace("%p", self.pick(["f*", "foo", "'*'", "\"$a\"", "?", "[0-9]", "*"])).replace("%w", self.word()).replace("%n", self.name()).replace("%c", self.pick(["eq", "lt", "nt", "ef"])).replace("%u", self.pick(["e", "f", "d", "n", "z", "v", "o", "R", "t", "s", "x", "q"]))


def script_of(seed):
    """The statements of script `seed`."""
    return Grammar(seed).script()
