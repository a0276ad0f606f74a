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
                  self.environment, self.escapes, self.directories, self.transformed, self.regexes, self.references, self.holes,
                  self.counted, self.descriptors]
        compound = [self.branch, self.loop, self.choice, self.function, self.group, self.pipeline, self.document, self.and_or,
                    self.scoped, self.alias, self.inner_document, self.called, self.sourced, self.background, self.selection,
                    self.failing, self.locals, self.trapped, self.nested_document, self.matched]
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

    def failing(self):
        """What set -e and ERR make of a failure, by where it stands."""
        place = self.pick(["%f", "if %f; then :; fi", "while %f; do break; done", "%f && true", "true && %f", "%f || true", "! %f", "%f | true",
                           "true | %f", "{ %f; }", "( %f )", "x=$(%f)", "local x=$(%f)", "declare x=$(%f)", "echo $(%f; echo in)", "eval '%f'", "fn", "fn || echo caught",
                           "fn; echo after fn", "case $(%f) in '') echo empty ;; esac", "for x in $(%f) b; do echo $x; done", "cat <(%f)", "[[ -n $(%f) ]]",
                           "{ %f; echo in; } || echo caught", "( %f; echo in ) && echo y", "%f > f", "exec 3< nosuch", "x=1 %f", "until ! %f; do break; done", "command %f", "$(echo %f)"]
                          ).replace("%f", self.pick(["false", "(exit 3)", "nosuch", "[[ a == b ]]", "((0))", "return 2", "test", "cd nosuch", "(false; true)", "let 0", "read x < /dev/null"]))
        text = self.pick(["( set -e; %p; echo end ); echo $?", "set -e; %p\necho end", "trap 'echo err $?' ERR; %p; echo $?", "set -E; trap 'echo err $LINENO' ERR; %p\necho end",
                          "set -eE; trap 'echo err $?' ERR; trap 'echo exit $?' EXIT; %p; echo end", "shopt -s inherit_errexit; set -e; %p; echo end", "set -e; f2() { %p; echo in; }; f2; echo end",
                          "set -eo pipefail; %p; echo end", "set -e; f2() { %p; echo in; }; if f2; then echo y; fi; f2 | cat; echo end", "x=$(set -e; %p; echo in); echo $? $x", "set -eu; %p; echo ${nosuch}"]
                         ).replace("%p", place)
        return "fn() { %s; echo fn; }\n" % self.pick(["false", "return 3", self.echo()]) + text

    def locals(self):
        one, two = self.name(), self.name()
        return self.pick(["f1() { local %h %1=%w; f2; declare -p %1; }; f2() { local %1; echo \"${%1-unset}\"; %1+=x; declare -p %1; }; %1=out; f1; declare -p %1",
                          "fn() { local %1=(%w b); unset '%1[0]'; declare -p %1; }; %1=o; fn; declare -p %1", "fn() { local -n r=%1; local %2=in; r=%w; declare -p r %1; }; fn; declare -p %1",
                          "fn() { local IFS=:; set -- a b %w; echo \"$*\"; }; set -- p q; fn; echo \"$*\"", "fn() { local n=$1; (( n > 0 )) && fn $((n-1)); echo $n; }; fn 2",
                          "fn() { declare -g %h %1=%w; declare -p %1; }; fn; declare -p %1", "fn() { local %1; local %1=%w; unset %1; echo ${%1-un}; %1=again; }; %1=o; fn; echo $%1",
                          "f1() { local -A %1=([k]=%w); f2; }; f2() { %1[j]=2; echo ${#%1[@]} ${%1[k]}; }; f1; echo ${%1[k]-no}", "fn() { local %h %1 %2=%w; declare -p %1 %2; }; fn; echo $?",
                          "fn() { readonly %1=%w; %1=2; echo no; }; fn; echo $? $%1", "fn() { local -r %1=%w; local %1=2; echo $?; }; fn; echo $%1", "fn() { local -x %1=%w; sh -c 'echo $%1'; }; fn; sh -c 'echo $%1'",
                          "fn() { typeset -i %1; %1=%2+1; echo $%1; }; %2=4; fn", "fn() { local -I %1; %1+=in; declare -p %1; }; %1=%w; fn; declare -p %1", "fn() { eval local %1=%w; echo $%1; }; fn",
                          "fn() { for %1 in a b; do local %1=%w; done; echo $%1; }; fn; echo $%1", "fn() { read %1 <<< %w; local %2; mapfile -t %2 <<< \"$%1\"; declare -p %2; }; fn", "local() { echo mine; }; fn() { local %1; }; fn; unset -f local"]
                         ).replace("%h", self.pick(["", "-i", "-u", "-a", "-A", "-r", "-x", "-l", "-n", "-t"])).replace("%1", one).replace("%2", two).replace("%w", self.word())

    def trapped(self):
        what = self.pick(["EXIT", "ERR", "DEBUG", "RETURN"])
        return self.pick(["( trap 'echo t' %s; %b )", "fn() { trap 'echo t $FUNCNAME' %s; %b; }; fn; echo after; trap", "set -T; trap 'echo t $BASH_COMMAND' %s; fn() { %b; }; fn", "trap 'echo t' %s; { %b; } | cat",
                          "trap 'echo t' %s; x=$(%b); echo $x", "trap 'echo a; exit 5' %s; %b; echo end", "trap 'return 3' %s; fn() { %b; echo in; }; fn; echo $?", "shopt -s extdebug; trap '(( n++ < 2 ))' %s; %b; echo $n",
                          "trap 'echo t' %s; eval '%b'; echo '%b' > g; . ./g", "trap 'echo ${BASH_LINENO[0]} $LINENO' %s\n%b\nfn() {\n%b\n}\nfn", "trap 'false' %s; %b; echo $?", "trap 'trap' %s; %b", "trap '%s' %s; trap - %s; trap -p",
                          "( trap 'echo t $?' %s; set -e; %b; false; echo no ); echo $?", "trap 'echo x' EXIT; (exit 3); ( : ); %b", "trap 'x=$((x+1))' %s; x=0; %b; echo $x", "fn() { local -; set -e; trap 'echo t' %s; %b; }; fn"]
                         ).replace("%s", what).replace("%b", self.pick(["true", "false", "(false)", "echo b", ": a; : b", "for i in 1 2; do :; done", "if false; then :; fi", "(( 0 ))", "[[ a ]]", "case x in x) : ;; esac", "x=1", "return 2", "exit 4", "fn2() { :; }; fn2"]))

    def nested_document(self):
        """Here-documents within substitutions, functions and loops."""
        tag = self.pick(["E", "'E'", "\\E"])
        body = self.pick([self.word(), "$x ${a:-%s}" % self.operand(), "\\$x \\\\ `echo q`", "$(echo \"a b\")", "a\\\nb", "'\"", "$((1 + 1)) ${#a}", "${a:-`echo z`}"])
        return self.pick(["echo $(cat <<%t\n%b\nE\n) after", "x=$(cat <<%t; echo more\n%b\nE\n); echo \"$x\"", "echo \"$(cat <<A; cat <<%t\n1\nA\n%b\nE\n)\"", "for x in $(cat <<%t\n%b\nE\n); do echo \"[$x]\"; done",
                          "fn() { cat <<%t; }\n%b\nE\nfn", "fn() { cat <<%t\n%b\nE\n}; fn; declare -f fn", "if cat <<%t; then\n%b\nE\necho y; fi", "while read -r x; do echo \"$x\"; cat <<A; done <<%t\nin $x\nA\n%b\nE", "cat <<%t | tr a b && echo y\n%b\nE",
                          "{ cat; cat <<A; } <<%t\n2\nA\n%b\nE", "cat <<-%t\n\t%b\n\tE\necho z", "cat <<A$(echo)B\n%b\nA$(echo)B", "x=`cat <<%t\n%b\nE\n`; echo \"$x\"", "cat <(cat <<%t\n%b\nE\n)", "eval \"$(cat <<'E'\necho %b\nE\n)\"", "case $(cat <<%t\n%b\nE\n) in *) echo c ;; esac",
                          "cat <<%t\n$(cat <<A\n%b\nA\n)\nE", "(cat <<%t) ; echo s\n%b\nE", "cat << %t >f; cat f\n%b\nE", "read -r x y <<%t; echo \"$y|$x\"\n%b\nE"]).replace("%t", tag).replace("%b", body)

    def matched(self):
        """case and [[ ]] with extended patterns."""
        pattern = lambda: self.pick(["+(a|b)*", "!(foo)", "@(f|b)*", "?(a)b", "*([[:alpha:]])", "[!a-c]?", "\"$x\"*", "$x", "f[o\\]]o", "a\\*", "'f'*", "[[:upper:]_]*", "@(+([0-9])|-)", "!(*o|b*)", "*", "?", "''", "~", "[]a]*", "é?"])
        return self._fill(self.pick(
            ["shopt -s extglob\ncase %w in %p) echo 1 ;& %p) echo 2 ;;& %p|%p) echo 3 ;; *) echo 4 ;; esac; echo $?", "shopt -s extglob\nfor x in foo aab b1 '' 'a*' 12; do case $x in (%p) echo \"$x y\" ;; %p) echo n ;; esac; done",
             "[[ %w == %p && %w != %p ]]; echo $?", "x=%w; [[ $x = %p || ! $x == %p ]]; echo $?", "shopt -s extglob\nx=%w; echo \"${x##%p}\" \"${x/#%p/S}\" \"${x//%p/}\"", "shopt -s nocasematch extglob\ncase FOO in %p) echo y ;; esac",
             "case %w in %p) ;; esac; echo $?", "shopt -s extglob\ncase %w in\n# comment\n(%p) echo p\n;;\nesac"]), pattern)

    def _fill(self, text, pattern):
        """`text` with words and patterns of their own for each %w and %p."""
        while "%w" in text:
            text = text.replace("%w", self.word(), 1)
        while "%p" in text:
            text = text.replace("%p", pattern(), 1)
        return text

    def references(self):
        """Namerefs through builtins, functions and loops."""
        one, two = self.name(), self.name()
        return self.pick(["declare -n r=%1 q=r; q=%w; declare -p r q %1", "declare -n r=%1; %1=(1 2 3); echo ${r[1]} ${#r[@]} \"${r[@]:1}\"; unset 'r[1]'; declare -p %1", "declare -n r=%1; declare -A %1; r[k]=%w; echo ${!r[@]}; declare -p %1",
                          "declare -n r='%1[%i]'; r=%w; echo ${r-no} ${#r}; declare -p %1", "declare -n r=%1; mapfile -t r <<< %w; declare -p %1", "declare -n r=%1; printf -v r %s %w; getopts a r -a; echo $%1", "declare -n r=nosuch; echo ${r-unset} ${!r}; r=%w; declare -p nosuch",
                          "fn() { local -n %1=$1; %1+=(%w); }; %2=(a); fn %2; declare -p %2", "fn() { local -n r=$1; local %1=in; echo $r; }; %1=out; fn %1", "declare -n r=%1; r=%w eval 'echo $r $%1'; declare -p %1", "declare -n r=%1; ((r++)); ((r+=2)); let r*=2; echo $%1",
                          "declare -n r=%1; unset %1; echo ${r:=%w} $%1", "declare -n r=%1; declare -i r; r=1+1; declare -p r %1", "declare -n r=%1; local r=%w; typeset -p r", "declare -n r=%1; readonly r; r=%w; declare -p r %1", "declare -rn r=%1; r=%w; r=2; declare +n r; unset -n r; echo $?",
                          "declare -n a=b b=c; c=%w; echo $a; a=2; unset b; declare -p a b c", "declare -n r=%1; for r in %2 x; do r=%w; done; declare -p r %2 x", "declare -n r=%1; [[ -v r ]]; echo $?; echo ${r@A} ${r+set}", "declare -n r=1; declare -n r=@; declare -n r=a-b; echo $?"]
                         ).replace("%1", one).replace("%2", two).replace("%w", self.word()).replace("%i", self.pick(["0", "1", "-1", "k", "@", "$b"]))

    def holes(self):
        """Arrays with holes, and what counts, cuts and removes there."""
        return self.pick(["%n=([1]=a [4]=%w [9]=c); %u; echo \"${%n[@]%o}\" ${#%n[@]}", "%n=([3]=%w); %n+=(z); %n[-1]=last; declare -p %n; echo ${!%n[@]}", "%n=(a b c d); unset '%n[1]' '%n[-1]'; echo \"${%n[@]%o}\"; declare -p %n", "%n=([5]=%w); for i in \"${!%n[@]}\"; do echo $i; done; echo ${%n[-1]} ${%n[0]-none}",
                          "%n=([2]=b [1]=a); set -- \"${%n[@]}\"; echo $# $1; %n=(\"${%n[@]}\"); declare -p %n", "%n=(); %n[7]=%w; echo ${%n[@]: -1} \"${%n[*]}\"; IFS=-; echo \"${%n[*]}\"", "declare -A %n=([a]=1 [b]=%w); unset '%n[a]'; echo \"${%n[@]%o}\" ${!%n[@]}", "%n=([0]=x [2]=%w); echo \"${%n[@]/x/y}\" \"${%n[@]^^}\" \"${%n[@]#?}\"; %n[1]+=m; declare -p %n",
                          "%n=(1 [5]=2 3 [2]=%w 4); declare -p %n", "%n=(a b); %n=([3]=\"${%n[@]}\" %w); declare -p %n", "read -a %n <<< %w; unset %n; declare -p %n; echo ${#%n[@]}", "%n=(x y); (( %n[3] = ${#%n[@]} , %n[-2]++ )); declare -p %n"]
                         ).replace("%n", self.name()).replace("%w", self.word()).replace("%o", self.pick(["", ":1", ":1:2", ": -1", ":0", ":5", ":2:1", "@Q", "@a", "-d"])).replace("%u", self.pick([":", "unset '%n[4]'", "unset '%n[*]'", "unset '%n[9]' '%n[1]'"]).replace("%n", "a"))

    def counted(self):
        """getopts, shift and $@ together; printf that reuses its format."""
        return self.pick(["fn() { local OPTIND o; while getopts '%g' o; do echo \"$o=$OPTARG@$OPTIND\"; done; shift $((OPTIND-1)); echo $# \"$1\"; }; fn %a; fn %a", "set -- %a; getopts %g o; getopts %g o; echo $o $OPTIND; OPTIND=1; getopts %g o %a; echo $o $?", "while getopts '%g' o %a 2> /dev/null; do case $o in a) echo A ;; [b:]) echo \"B$OPTARG\" ;; \\?) echo bad $OPTARG ;; esac; done; echo $OPTIND",
                          "printf '%s-%d.' a 1 b 2 c; echo; printf '%s\\n' \"$@\"; printf '%5s|%-5s|%05d\\n' %w %w 42", "printf '%b' 'a\\tb\\c' no; echo; printf '%q %s\\n' %w", "printf '%.3s|%*s|%-*s|\\n' abcdef 5 x 4 y; printf '%c%c\\n' abc ''", "printf '%d %i %u %o %x %X\\n' 010 0x1f \"'A\" 8 255 255; echo $?", "printf '%(%Y)T %s\\n' 0 x; printf '%s %%s\\n' %w; printf -- '-%s\\n' %w", "printf '%s' | cat; printf '%d\\n' ''; printf '%e %.2f %g\\n' 1 2.5 1e10", "set -- a 'b c' ''; echo \"${@:2}\" ${#@} \"${*:1:2}\" ${@: -1}; shift 2; echo $#; shift 5; echo $?", "set -- %w %w; for i; do shift; echo \"$i $#\"; done; set --; echo \"$*\" $#"]
                         ).replace("%g", self.pick(["ab:", ":ab:", "a:b:", "abc", ":a"])).replace("%a", self.pick(["-a -b x y", "-abx", "-b", "-c -a", "-a -- -b", "-ab x -a", "x -a", "-b '' z"])).replace("%w", self.word())

    def descriptors(self):
        return self.pick(["exec 3> f; echo %w >&3; exec 3>&-; cat f", "{ echo a; echo b >&2; } 2>&1 > f | cat; cat f", "echo x >&nosuch; cat nosuch", "cat <&9; echo $?", "echo %w > f 2>&1 3< f; cat f", "while read -u 3 x; do echo \"<$x>\"; done 3<<< %w", "fn() { echo a; echo b >&2; } > f 2>&1; fn; cat f", "echo abc <> f >&0; cat f", "set -C; echo a > f; echo b > f; echo $?; echo c >| f; cat f", "exec {v}> f; echo %w >&$v; exec {v}>&-; echo x >&$v; cat f",
                          "exec 3>&1; { echo a >&3; echo b; } > f; cat f", "{ read x; read -u 4 y; } < f 4<<< %w; echo $? $y", "echo a > f b; cat f", "> f echo %w; < f cat", "echo a &> f; echo b >> f 2>&1; wc -l < f", "exec 5< f; read x <&5; echo $?; exec 5<&-", "echo a 2>&1 1>&2 | cat", "if echo a; then echo b; fi > f; cat f", "for x in 1 2; do echo $x; done >> f; cat < f", "{ echo a; } > nosuch/f; echo $?", "echo $(< f) $(< nosuch); echo $?", ": > %w; ls -A | wc -l", "echo a 3>&- 4>&3; echo $?", "cat - <<< %w 0<&0", "exec < /dev/null; read x; echo $?", "( echo a >&4 ) 4>&1 | cat; echo ${PIPESTATUS[@]}", "! : < nosuch; echo $?; exec 2>&1; nosuch", "echo a >&-; echo $?", "read x < <(echo %w) ; echo $x", "exec 6<> f; echo one >&6; read x <&6; echo $? $x; cat f"]
                         ).replace("%w", self.word())


def script_of(seed):
    """The statements of script `seed`."""
    return Grammar(seed).script()
