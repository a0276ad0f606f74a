#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drives a shell at a terminal as the cases of a *.pty file say, and looks at what it shows.

A case is a title and steps, one a line (README.md beside this file):

    ### ^C abandons the line
    type echo "not
    key ^C
    type echo $?
    line 130
    end 0
"""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

PROMPT = "@ "
KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a", "^\\": b"\x1c", "^M": b"\r", "^?": b"\x7f",
        "^U": b"\x15", "^W": b"\x17"}


class Failure(Exception):
    pass


class Session:
    """A shell on a terminal of its own."""

    def __init__(self, shell, arguments, environment, directory, size, ignored):
        self.shown = ""  # everything, without carriage returns
        self.at = 0  # how far it has been looked at
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                # Python ignores these, and an ignored signal would stay so.
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                for each in ignored:
                    signal.signal(each, signal.SIG_IGN)
                os.chdir(directory)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
                os.execve(shell, ["swebash", *arguments], environment)
            finally:
                os._exit(126)

    def read(self, timeout):
        """Takes what comes within `timeout` seconds; false at the end."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.shown += data.decode(errors="replace").replace("\r", "")
        return bool(data)

    def see(self, pattern, timeout):
        """Waits until `pattern` is shown behind what has been seen."""
        deadline = time.monotonic() + timeout
        while True:
            found = re.compile(pattern).search(self.shown, self.at)
            if found:
                self.at = found.end()
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise Failure(f"not shown within {timeout:g} s: {pattern}")
            if not self.read(left) and not re.compile(pattern).search(self.shown, self.at):
                raise Failure(f"ended without showing: {pattern}")

    def write(self, data):
        while data:
            # The shell may wait for us to read what it shows.
            readable, writable, _ = select.select([self.fd], [self.fd], [], 10)
            if readable:
                self.read(0)
            if writable:
                data = data[os.write(self.fd, data[:1024]) :]

    def wait(self, timeout):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                while select.select([self.fd], [], [], 0)[0] and self.read(0):
                    pass
                return
        raise Failure(f"has not ended within {timeout:g} s")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.status = -signal.SIGKILL
        os.close(self.fd)

    def end_what_is_left(self):
        """Kills what the session's jobs leave running, which would hold the caller's descriptors."""
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getsid(int(name)) == self.pid:
                    os.kill(int(name), signal.SIGKILL)
            except OSError:
                pass


class Case:
    def __init__(self, title, where):
        self.title = title
        self.where = where
        self.steps = []


def read_cases(path):
    cases = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("### "):
                cases.append(Case(line[4:], f"{path}:{number}"))
            elif line and not line.startswith("#"):
                if not cases:
                    raise SystemExit(f"{path}:{number}: a step before the first case")
                cases[-1].steps.append((number, line))
    return cases


def prompt_pattern(prompt):
    return r"(?<![^\n])" + re.escape(prompt) + "$"


class Run:
    """One case on its way."""

    def __init__(self, shell, case, timeout, ignored):
        self.shell = shell
        self.ignored = list(ignored)
        self.case = case
        self.timeout = timeout
        self.home = tempfile.mkdtemp(prefix="swebash-pty.")
        self.arguments = []
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
            "HOME": self.home,
            "TMPDIR": self.home,
            "PS1": PROMPT,
            "PS2": "> ",
        }
        self.size = (24, 80)
        self.session = None
        self.ended = []

    def start(self):
        if self.session is None:
            self.session = Session(
                self.shell, self.arguments, self.environment, self.home, self.size, self.ignored
            )
        return self.session

    def step(self, word, rest):
        if word == "args":
            self.arguments = rest.split()
        elif word == "env":
            name, _, value = rest.partition("=")
            self.environment[name] = value.replace("$HOME", self.home)
        elif word == "unset":
            self.environment.pop(rest, None)
        elif word == "size":
            self.size = tuple(int(number) for number in rest.split())
        elif word == "file":
            self.file = os.path.join(self.home, rest)
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
            open(self.file, "w", encoding="utf-8").close()
        elif word == "|":
            with open(self.file, "a", encoding="utf-8") as file:
                file.write(rest + "\n")
        elif word == "mode":
            mode, _, name = rest.partition(" ")
            os.chmod(os.path.join(self.home, name), int(mode, 8))
        elif word == "holds":
            name, _, pattern = rest.partition(" ")
            if not self.comes_to_hold(os.path.join(self.home, name), pattern):
                raise Failure(f"{name} holds no {pattern}")
        elif word == "absent":
            if os.path.exists(os.path.join(self.home, rest)):
                raise Failure(f"{rest} is there")
        else:
            self.session_step(word, rest)

    @staticmethod
    def comes_to_hold(path, pattern):
        """Whether the file matches, at the latest after five seconds: a job may still write it."""
        deadline = time.monotonic() + 5
        while True:
            try:
                with open(path, encoding="utf-8") as file:
                    if re.search(pattern, file.read()):
                        return True
            except FileNotFoundError:
                pass
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)

    def session_step(self, word, rest):
        session = self.start()
        if word == "type":
            session.write(rest.encode() + b"\n")
        elif word == "put":
            session.write(rest.encode())
        elif word == "repeat":
            count, _, text = rest.partition(" ")
            session.write(text.encode() * int(count))
        elif word == "key":
            for key in rest.split():
                session.write(KEYS[key])
        elif word == "prompt":
            session.see(prompt_pattern(self.environment.get("PS1", PROMPT)), self.timeout)
        elif word == "see":
            session.see(re.escape(rest), self.timeout)
        elif word == "match":
            session.see(rest, self.timeout)
        elif word == "line":
            session.see("(?:^|\n)" + re.escape(rest) + "(?=\n)", self.timeout)
        elif word == "unseen":
            if re.search("(?:^|\n)" + re.escape(rest) + "(?=\n)", session.shown):
                raise Failure(f"shown: {rest}")
        elif word == "pause":
            deadline = time.monotonic() + float(rest)
            while time.monotonic() < deadline:
                session.read(max(0, deadline - time.monotonic()))
        elif word == "resize":
            rows, columns = rest.split()
            size = struct.pack("HHHH", int(rows), int(columns), 0, 0)
            fcntl.ioctl(session.fd, termios.TIOCSWINSZ, size)
            session.read(0.1)
        elif word == "hangup":
            os.kill(session.pid, signal.SIGHUP)
        elif word == "signal":
            os.kill(session.pid, getattr(signal, rest))
        elif word == "end":
            session.wait(self.timeout)
            if session.status != int(rest):
                raise Failure(f"ended with status {session.status}, not {rest}")
            session.close()
            self.ended.append(session)  # its jobs go on until the case is over
            self.session = None
        else:
            raise Failure(f"no such step: {word}")

    def run(self):
        """None, or why the case failed."""
        number = 0
        try:
            for number, line in self.case.steps:
                word, _, rest = line.partition(" ")
                self.step(word, rest)
            return None
        except (Failure, OSError) as failure:
            shown = self.session.shown[-2000:] if self.session else ""
            return f"line {number}: {failure}\n--- shown:\n{shown}\n---"
        finally:
            if self.session:
                self.session.close()
                self.ended.append(self.session)
            for session in self.ended:
                session.end_what_is_left()
            shutil.rmtree(self.home, ignore_errors=True)


def main():
    arguments = sys.argv[1:]
    shell, pattern, timeout, paths, ignored = None, "", 10.0, [], []
    while arguments:
        word = arguments.pop(0)
        if word == "--shell":
            shell = os.path.abspath(arguments.pop(0))
        elif word == "--filter":
            pattern = arguments.pop(0)
        elif word == "--ignore":
            ignored.append(getattr(signal, arguments.pop(0)))
        elif word == "--timeout":
            timeout = float(arguments.pop(0))
        else:
            paths.append(word)
    if shell is None or not paths:
        sys.exit(
            "usage: driver.py --shell PROGRAM [--filter TEXT] [--timeout SECONDS]"
            " [--ignore SIGNAL]... FILE.pty..."
        )
    failed = total = 0
    for path in paths:
        for case in read_cases(path):
            if pattern not in case.title and pattern not in path:
                continue
            total += 1
            why = Run(shell, case, timeout, ignored).run()
            if why is not None:
                failed += 1
                print(f"FAILED {case.where}: {case.title}\n{why}")
    print(f"{total - failed} of {total} cases passed")
    sys.exit(1 if failed or not total else 0)


if __name__ == "__main__":
    main()
