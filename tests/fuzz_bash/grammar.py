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
                                       "set -x", "shopt -s lastpipe", "set -o pipefail"]))
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
                  self.read, self.redirected, self.builtin]
        compound = [self.branch, self.loop, self.choice, self.function, self.group, self.pipeline, self.document, self.and_or]
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


def script_of(seed):
    """The statements of script `seed`."""
    return Grammar(seed).script()
