# SPDX-License-Identifier: Apache-2.0
"""The language: the same script in each shell, less what the shell's start costs."""

import math
import os

import measure

# name, script, runs in dash
WORK = [
    ("while [ ], 300,000 turns", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done", True),
    ("while (( )), 300,000 turns", "i=0; while ((i < 300000)); do ((i++)); done", False),
    ("100,000 calls", "f() { :; }; i=0; while [ $i -lt 100000 ]; do f $i; i=$((i+1)); done", True),
    ("calls with local, 50,000", "f() { local a=$1 b; b=$a; }; i=0; while [ $i -lt 50000 ]; do f $i; i=$((i+1)); done", True),
    ("fib(18)", "fib() { if [ $1 -lt 2 ]; then r=$1; else fib $(($1-1)); set -- $1 $r; fib $(($1-2)); r=$(($2+r)); fi; }\nfib 18", True),
    ("fib(18), local", "fib() { local n=$1 a; if ((n < 2)); then r=$n; return; fi; fib $((n-1)); a=$r; fib $((n-2)); ((r+=a)); }\nfib 18", False),
    ("strings, 50,000", "i=0; s=; while [ $i -lt 50000 ]; do s=a/b.$i; t=${s#*/}; t=${t%.*}; u=$t$i; i=$((i+1)); done", True),
    ("case, 100,000 words", "i=0; while [ $i -lt 100000 ]; do case w$i in x*) : ;; *[!0-9]9) : ;; w*5) : ;; *) : ;; esac; i=$((i+1)); done", True),
    ("for over 100,000 words", "n=0; for w in $(head -n 16700 LINES); do case $w in word*) n=$((n+1)) ;; of|line) : ;; esac; done; [ $n -eq 16700 ]", True),
    ("while read, 100,000 lines", "while read -r a b; do :; done < LINES", True),
    ("while IFS= read, 100,000", "n=0; while IFS= read -r line; do n=$((n+1)); done < LINES; [ $n -eq 100000 ]", True),
    ("cat | while read, 20,000", "head -n 20000 LINES | while read -r a b; do :; done", True),
    ("printf and echo, 100,000", "i=0; while [ $i -lt 50000 ]; do printf '%s %d\\n' word $i; echo line $i; i=$((i+1)); done", True),
    ("[[ ]] and =~, 50,000", "n=0; for ((i=0;i<50000;i++)); do [[ w$i == *5 ]] && ((n++)); [[ w$i =~ ^w[0-9]*7$ ]] && ((n++)); done; ((n == 10000))", False),
    ("arrays of 100,000", "a=(); for ((i=0;i<100000;i++)); do a[i]=$i; done; s=0; for x in \"${a[@]}\"; do ((s+=x)); done; echo $s", False),
    ("array sort, 200", "a=(); for ((i=0;i<200;i++)); do a+=($((i*7919%211))); done; for ((i=0;i<200;i++)); do for ((j=0;j<199-i;j++)); do if ((a[j] > a[j+1])); then t=${a[j]}; a[j]=${a[j+1]}; a[j+1]=$t; fi; done; done", False),
    ("associative, 50,000", "declare -A m; for ((i=0;i<50000;i++)); do m[k$i]=$i; done; s=0; for k in \"${!m[@]}\"; do ((s+=m[$k])); done; echo $s", False),
    ("append to 1 MB", "s=; for ((i=0;i<100000;i++)); do s+=0123456789; done; echo ${#s}", False),
    ("replace in 100 KB", "printf -v s '%20000s'; s=${s// /axyzb}; t=${s//a/b}; echo ${#t}", False),
    ("character by character, 20,000", "s=; i=0; while [ $i -lt 20000 ]; do s=${s}x; i=$((i+1)); done; [ ${#s} -eq 20000 ]", True),
    ("characters of a string, 10,000", "printf -v s '%10000s'; n=0; for ((i=0;i<${#s};i++)); do [[ ${s:i:1} == ' ' ]] && ((n++)); done; ((n == 10000))", False),
    ("\"$@\" passed on, 30,000", "g() { [ $# -eq 6 ]; }; f() { g \"$@\"; }; i=0; while [ $i -lt 30000 ]; do f a b c d e \"$i\"; i=$((i+1)); done", True),
    ("set -- and shift, 30,000", "i=0; while [ $i -lt 30000 ]; do set -- a b c d e; while [ $# -gt 0 ]; do shift; done; i=$((i+1)); done", True),
    ("functions in functions, 20,000", "a() { b \"$1\" x y z; }; b() { c \"$@\" 1 2 3; }; c() { return $(($#-7)); }; i=0; while [ $i -lt 20000 ]; do a $i; i=$((i+1)); done", True),
    ("a file split into words", "n=0; for w in $(cat LINES); do n=$((n+1)); done; [ $n -eq 600000 ]", True),
    ("$(<file) into an array", "mapfile -t a <<< \"$(<LINES)\"; set -f; IFS=$'\\n'; b=($(<LINES)); ((${#a[@]} == 100000 && ${#b[@]} == 100000))", False),
    ("printf -v, 50,000", "for ((i=0;i<50000;i++)); do printf -v s '%05d:%s' $i word; done; echo $s", False),
    ("paths, 30,000", "i=0; while [ $i -lt 30000 ]; do p=/usr/lib/x$i/file.tar.gz; d=${p%/*}; b=${p##*/}; e=${b#*.}; case $e in *.gz) : ;; esac; i=$((i+1)); done", True),
    ("eval, 50,000", "i=0; while [ $i -lt 50000 ]; do eval \"i=\\$((i+1))\"; done", True),
    ("a script of 56,000 lines", ". SCRIPT", True),
    ("a line of 2,000 words, 50 times", "i=0; while [ $i -lt 50 ]; do . WORDS; i=$((i+1)); done", True),
    ("2,000 names by a pattern, 50 times", "cd FILES; i=0; while [ $i -lt 50 ]; do set -- *.c; i=$((i+1)); done", True),
    ("names in 40 directories, 50 times", "i=0; while [ $i -lt 50 ]; do set -- FILES/*/*.h; i=$((i+1)); done", True),
    ("options by getopts, 10,000", "i=0; while [ $i -lt 10000 ]; do OPTIND=1; set -- -a -b x -c y; while getopts ab:c o; do :; done; i=$((i+1)); done", True),
]

# What a script of functions is made of; the number is each function's own.
FUNCTION = """f%d() {
  if [ "$1" -lt %d ]; then
    echo "value is $1 and ${2:-none}" >> "$HOME/log"
    case $1 in
      a|b) echo one ;;
      *.c) echo two "$@" ;;
      *) return 1 ;;
    esac
  elif [ -n "$2" ] && [ -r /etc/passwd ]; then
    for x in a b c "$@"; do y=${x%%.c}; z=$((y + %d * 2)); done
  else
    while read -r line; do printf '%%s\\n' "$line"; done < /dev/null
  fi
}
"""


def write_files(scratch):
    """The files that scripts of WORK name, by their placeholders."""
    places = {name: os.path.join(scratch, name.lower()) for name in ("LINES", "SCRIPT", "WORDS", "FILES")}
    with open(places["LINES"], "w", encoding="ascii") as file:
        file.writelines(f"word{i} second part of line {i}\n" for i in range(100000))
    with open(places["SCRIPT"], "w", encoding="ascii") as file:
        file.writelines(FUNCTION % (i, i, i) for i in range(4000))
    with open(places["WORDS"], "w", encoding="ascii") as file:
        # bash takes a square of their number.
        words = " ".join(f"word{i}" if i % 3 else f"opt{i}" for i in range(2000))
        file.write(f"for w in {words}; do case $w in word*1) n=$((n+1)) ;; opt*) : ;; *) ;; esac; done\n")
    for i in range(40):
        os.makedirs(os.path.join(places["FILES"], f"d{i}"))
        for j in range(25):
            open(os.path.join(places["FILES"], f"d{i}", f"{j}.h"), "w", encoding="ascii").close()
    for i in range(4000):
        open(os.path.join(places["FILES"], f"file{i}.{'c' if i % 2 else 'txt'}"), "w", encoding="ascii").close()
    return places


def run(context):
    rounds = 2 if context.quick else 5
    places = write_files(context.scratch)
    shells = [s for s in context.shells() if s[0] != "busybox"]
    start = {r.name: r.minimum for r in measure.interleave(context.spawner, [(n, w + ["-c", ":"]) for n, w in shells], 20)}
    lines, results, ratios = [], {}, {}
    for name, script, in_dash in WORK:
        path = os.path.join(context.scratch, "work.sh")
        with open(path, "w", encoding="utf-8") as file:
            for placeholder, place in places.items():
                script = script.replace(placeholder, place)
            file.write(script + "\n")
        commands = [(n, w + [path]) for n, w in shells if in_dash or n != "dash"]
        rows = {r.name: r for r in measure.interleave(context.spawner, commands, rounds)}
        net = {n: max(1.0, r.minimum - start[n]) for n, r in rows.items()}
        line = [name] + [measure.human(net[n]) if n in net else "-" for n, _ in shells]
        for other in ("dash", "bash"):
            if other in net:
                ratios.setdefault(other, []).append(net[other] / net["swebash"])
                line.append(f"{ratios[other][-1]:.2f} ×")
            else:
                line.append("-")
        lines.append(line)
        results[name] = {n: r.as_json() for n, r in rows.items()}
    means = {n: math.exp(sum(map(math.log, r)) / len(r)) for n, r in ratios.items()}
    lines.append(["geometric mean"] + [""] * len(shells) + [f"{means[n]:.2f} ×" if n in means else "-" for n in ("dash", "bash")])
    measure.print_table("the language: minima, less an empty start; × = how much faster swebash is",
                        [""] + [n for n, _ in shells] + ["dash", "bash"], lines)
    measure.write_json(context.json_path("shell"), {"shell": results, "geometric_mean": means})
