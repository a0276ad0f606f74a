#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries to get out of a confinement: every case of tests/confine/*.try, in each isolation, as each user.

A case is first run without a confinement: there it must print REACHED, or it proves nothing. Then it is
run confined, where it must not. tests/confine/README.md says how a case is written.
"""

import argparse
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ISOLATIONS = ("namespace", "landlock")


class Case:
    """One way out: what is done, before, inside and after, and where it applies."""

    def __init__(self, file, line, title):
        self.place, self.title = f"{file}:{line}", title
        self.before, self.inside, self.after = [], [], []
        self.users, self.isolations = ["root", "nobody"], list(ISOLATIONS)
        self.flags, self.direct, self.control, self.terminal = "", False, "", False

    def setting(self, name, value, where):
        if name == "as":
            self.users = value.split()
        elif name == "only":
            self.isolations = [value.split(":")[0].strip()]
        elif name == "flags":
            self.flags = value
        elif name == "no control":
            self.control = value
        elif name == "terminal":
            self.terminal = True
        else:
            sys.exit(f"{where}: no such setting: {name}")


def read_cases(path):
    cases = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("### "):
            cases.append(Case(path.name, number, line[4:]))
        elif line.startswith("## "):
            name, _, value = line[3:].partition(":")
            cases[-1].setting(name.strip(), value.strip(), f"{path.name}:{number}")
        elif line.startswith("< "):
            cases[-1].before.append(line[2:])
        elif line.startswith("> "):
            cases[-1].after.append(line[2:])
        elif line and not line.startswith("# ") and cases:
            cases[-1].inside.append(line)
    return cases


class Listeners:
    """Sockets outside, which answer whoever reaches them."""

    def __init__(self, root):
        self.abstract = os.path.basename(root)
        self.sockets = []
        self.port = self._listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self.udp = self._listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._listen(socket.AF_UNIX, socket.SOCK_STREAM, f"{root}/outside/socket")
        os.chmod(f"{root}/outside/socket", 0o777)
        self._listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.abstract)

    def _listen(self, family, kind, address):
        sock = socket.socket(family, kind)
        sock.bind(address)
        self.sockets.append(sock)
        if kind == socket.SOCK_STREAM:
            sock.listen(50)
            threading.Thread(target=self._accept, args=(sock,), daemon=True).start()
        return sock.getsockname()[1] if family == socket.AF_INET else 0

    def close(self):
        for sock in self.sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)  # or who waits in accept() holds it
            except OSError:
                pass
            sock.close()

    @staticmethod
    def _accept(sock):
        while True:
            try:
                peer, _ = sock.accept()
                peer.close()
            except OSError:
                return


def become(user):
    if user == "root" or os.geteuid() != 0:
        return
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


class Run:
    """One run of one case in fresh folders."""

    # Every case has the tools of the system alone.
    PATH = "/usr/bin:/bin:/usr/sbin:/sbin"

    def __init__(self, shell, reach, case, user):
        self.shell, self.reach, self.case, self.user = shell, reach, case, user

    def go(self, words):
        """What the case prints where the shell is started by `words`."""
        root = tempfile.mkdtemp(prefix="swebash-try.")
        try:
            return self._go(root, words)
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def _go(self, root, words):
        os.chmod(root, 0o755)
        for folder in ("ws", "outside", "bin"):
            os.mkdir(f"{root}/{folder}")
        pathlib.Path(f"{root}/outside/secret").write_text("ESCAPED\n")
        pathlib.Path(f"{root}/ws/own").write_text("own\n")
        shutil.copy(self.reach, f"{root}/ws/reach")
        script = f"{root}/ws/inside.sh"
        pathlib.Path(script).write_text("\n".join(self.case.inside) + "\n")
        if self.user != "root" and os.geteuid() == 0:
            entry = pwd.getpwnam(self.user)
            for folder, names, files in os.walk(root):
                for name in [folder] + [os.path.join(folder, n) for n in names + files]:
                    os.chown(name, entry.pw_uid, entry.pw_gid)
        listeners = Listeners(root)
        words = words.replace("@WORK@", f"{root}/ws")
        environment = {
            "PATH": self.PATH, "LC_ALL": "C.UTF-8", "TERM": "dumb", "HOME": f"{root}/outside",
            "WORK": f"{root}/ws", "OUT": f"{root}/outside", "SWEBASH": self.shell, "SHELL_HERE": words,
            "PORT": str(listeners.port), "UDP": str(listeners.udp), "ABSTRACT": listeners.abstract,
            "SWEBASH_CACHE_DIR": f"{root}/outside/cache",
        }
        kept = " ".join(f"--env {n}" for n in ("WORK", "OUT", "PORT", "UDP", "ABSTRACT", "VICTIM", "PLACE"))
        confined = "--workspace" in words
        inside = f"$SHELL_HERE {self.case.flags + ' ' + kept if confined else ''} $WORK/inside.sh"
        # Somebody else's process, with a secret in its words, its environment and its memory.
        lines = [
            "cd $WORK",
            "env TOKEN=ESCAPED sleep 60 3< $OUT/secret & VICTIM=$!; export VICTIM",
            "sleep 0.05; PLACE=$(sed -n 's/-.*stack.*//p' /proc/$VICTIM/maps); export PLACE",
            *self.case.before,
        ]
        lines.append(inside if not any("@INSIDE@" in line for line in lines) else "")
        lines = [line.replace("@INSIDE@", inside) for line in lines]
        lines += self.case.after + ["kill -9 $VICTIM 2> /dev/null", "exit 0"]
        outer = f"{root}/bin/outer.sh"
        pathlib.Path(outer).write_text("\n".join(lines) + "\n")
        command = ["/bin/sh", outer]
        if self.case.terminal:
            command = ["script", "-qec", f"/bin/sh {outer}", "/dev/null"]
        # A case that gets out kills no more than what is in a namespace of its own.
        if os.geteuid() == 0:
            # Its numbers are none that a process inside could have.
            first = "echo 20000 > /proc/sys/kernel/ns_last_pid; exec \"$@\""
            entry = pwd.getpwnam(self.user)
            role = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
            command = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "/bin/sh", "-c", first, "sh",
                       *(role if self.user != "root" else []), *command]
        process = subprocess.Popen(command, env=environment, cwd=f"{root}/ws", stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            output = process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            output = b"(it did not end)\n"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        listeners.close()
        return output.decode(errors="replace")


def is_out(output):
    """Whether the case got what it was after."""
    return re.search(r"^(REACHED|ESCAPED)", output, re.M) is not None


def bubblewrap(shell):
    """The same view by bubblewrap, with `shell` in it; empty where that is not installed."""
    path = shutil.which("bwrap")
    if path is None:
        return ""
    words = [path, "--unshare-all", "--die-with-parent", "--proc /proc", "--dev /dev", "--tmpfs /tmp"]
    words += [f"--ro-bind-try {folder} {folder}" for folder in ("/usr", "/etc", "/opt")]
    words += [f"--symlink {os.readlink(link)} {link}" for link in ("/bin", "/sbin", "/lib", "/lib64") if os.path.islink(link)]
    program = os.path.dirname(shell)
    return " ".join(words + [f"--ro-bind {program} {program}", "--bind @WORK@ @WORK@", "--chdir @WORK@", shell])


class Judge:
    """Runs cases and counts what came of them."""

    def __init__(self, options, reach):
        self.options, self.reach = options, reach
        self.counts = {"held": 0, "skipped": 0, "FAILED": 0}
        self.others = {"kept": 0, "let through": 0}

    def say(self, result, case, how, why=""):
        self.counts[result] += 1
        if result != "held" or self.options.verbose:
            print(f"{result}: {case.place}: {case.title} ({how}){': ' + why if why else ''}", flush=True)

    def judge(self, case, user):
        run = Run(self.options.shell, self.reach, case, user)
        if case.control:
            free = ""
        else:
            free = run.go(self.options.shell)
            if not is_out(free):
                why = "it does not work without a confinement here: " + " ".join(free.split()[-12:])
                self.say("skipped", case, user, why)
                return
        # What has no flags and no policy of ours can be asked of it too; what comes of that is only told.
        own = case.flags or case.control or case.place.startswith("policy.try")
        if self.options.bubblewrap and not own and "namespace" in case.isolations:
            out = is_out(run.go(bubblewrap(self.options.shell)))
            self.others["let through" if out else "kept"] += 1
            if out:
                print(f"bubblewrap: let through, as {user}: {case.place}: {case.title}", flush=True)
        for isolation in case.isolations:
            how = f"{isolation}, as {user}"
            if self.options.isolation and isolation != self.options.isolation:
                continue
            if isolation in self.options.lacking:
                self.say("skipped", case, how, self.options.lacking[isolation])
                continue
            output = run.go(f"{self.options.shell} --workspace @WORK@ --isolation {isolation}")
            if is_out(output) or "it did not end" in output:
                self.say("FAILED", case, how, "\n    " + output.replace("\n", "\n    "))
            else:
                self.say("held", case, how)
                if self.options.show:
                    print("    " + output.replace("\n", "\n    "))


def what_lacks(shell, user):
    """By isolation why this machine cannot give it."""
    lacking = {}
    with tempfile.TemporaryDirectory(prefix="swebash-try.") as folder:
        os.chmod(folder, 0o755)
        work = f"{folder}/w"
        os.mkdir(work)
        if user != "root" and os.geteuid() == 0:
            os.chown(work, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        for isolation in ISOLATIONS:
            done = subprocess.run([shell, "--workspace", work, "--isolation", isolation, "-c", "echo in"], check=False,
                                  capture_output=True, text=True, preexec_fn=lambda: become(user), cwd="/")
            if done.stdout != "in\n":
                lacking[isolation] = done.stderr.strip()
    return lacking


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shell", required=True)
    parser.add_argument("--filter", default="", help="cases with this in their titles")
    parser.add_argument("--isolation", choices=ISOLATIONS)
    parser.add_argument("--user", choices=("root", "nobody"))
    parser.add_argument("--bubblewrap", action="store_true", help="ask it the same, and tell what comes of it")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--show", action="store_true", help="what was printed inside")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    options.shell = os.path.abspath(options.shell)
    if options.bubblewrap and not bubblewrap(options.shell):
        print("bubblewrap is not installed: it is not asked")
        options.bubblewrap = False
    compiler = shutil.which("cc")
    if compiler is None:
        print("skipped: there is no C compiler")
        return 77
    with tempfile.TemporaryDirectory(prefix="swebash-try.") as scratch:
        os.chmod(scratch, 0o755)
        reach = f"{scratch}/reach"
        subprocess.run([compiler, "-O1", "-w", "-static", "-o", reach, str(HERE / "reach.c")], check=True)
        judge = Judge(options, reach)
        cases = [case for path in options.files or sorted(HERE.glob("*.try")) for case in read_cases(path)]
        users = ("root", "nobody") if os.geteuid() == 0 else (pwd.getpwuid(os.geteuid()).pw_name,)
        for user in users:
            if options.user and user != options.user:
                continue
            options.lacking = what_lacks(options.shell, user)
            for case in cases:
                role = user if os.geteuid() == 0 else "nobody"
                if options.filter in case.title and role in case.users:
                    judge.judge(case, user)
    print(f"{len(cases)} ways out: " + ", ".join(f"{n} {what}" for what, n in judge.counts.items()))
    if options.bubblewrap:
        print("bubblewrap: " + ", ".join(f"{n} {what}" for what, n in judge.others.items()))
    return 1 if judge.counts["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
