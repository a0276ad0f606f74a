# SPDX-License-Identifier: Apache-2.0
"""Runs in the read-only root that sandbox.py makes: a script on standard input, what came of it on
standard output, until the input ends. A script is its length and its text; an answer the status
(-1: it did not end), the lengths of its output and its messages, and these."""
import ctypes
import os
import resource
import select
import signal
import struct
import sys

SECONDS = 10
OUTPUT = 1 << 20
NEW_NAMESPACES = 0x00020000 | 0x08000000 | 0x20000000  # mounts, ipc, pids
NEW_USER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
LIMITS = [(resource.RLIMIT_CPU, 5), (resource.RLIMIT_DATA, 1 << 30), (resource.RLIMIT_NPROC, 200),
          (resource.RLIMIT_FSIZE, OUTPUT), (resource.RLIMIT_NOFILE, 256), (resource.RLIMIT_CORE, 0)]

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), "%s%r" % (function.__name__, arguments))


def write(path, data):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.write(fd, data)
    os.close(fd)


def be_the_shell(shell, out, err):
    """Gives up privileges and becomes the shell."""
    call(libc.unshare, NEW_USER)
    write("/proc/self/setgroups", b"deny")
    write("/proc/self/uid_map", b"1000 0 1")
    write("/proc/self/gid_map", b"1000 0 1")
    call(libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for what, limit in LIMITS:
        resource.setrlimit(what, (limit, limit))
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them
        signal.signal(number, signal.SIG_DFL)
    empty = os.open("/dev/null", os.O_RDONLY)
    for fd, target in ((empty, 0), (out, 1), (err, 2)):
        os.dup2(fd, target)
    os.closerange(3, 256)
    os.setsid()
    os.execv(shell, [shell, "script"])


def be_init(shell, script, out, err, answer):
    """Process 1 of the script's namespace: makes its folder, starts the shell, and reaps. When it
    ends, the system ends whatever is left."""
    call(libc.mount, b"proc", b"/proc", b"proc", 0, None)
    call(libc.mount, b"tmpfs", b"/w", b"tmpfs", 0, b"size=16m,mode=1777")
    os.chdir("/w")
    write("script", script)
    child = os.fork()
    if child == 0:
        be_the_shell(shell, out, err)
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            os.write(answer, struct.pack("=i", 128 - code if code < 0 else code))
            return


def run(shell, script):
    """The answer to a script."""
    out, err = (os.memfd_create(name) for name in ("out", "err"))
    done, answer = os.pipe()
    keeper = os.fork()
    if keeper == 0:  # a new pid namespace begins with the next child
        try:
            call(libc.prctl, PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            call(libc.unshare, NEW_NAMESPACES)
            init = os.fork()
            if init == 0:
                call(libc.prctl, PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
                be_init(shell, script, out, err, answer)
                os._exit(0)
            os.close(answer)
            os.waitpid(init, 0)
        except BaseException as error:
            print("sandbox:", error, file=sys.stderr, flush=True)
        finally:
            os._exit(0)
    os.close(answer)
    ready, _, _ = select.select([done], [], [], SECONDS)
    data = os.read(done, 4) if ready else b""
    os.close(done)
    if not data:
        os.kill(keeper, signal.SIGKILL)
    os.waitpid(keeper, 0)
    texts = []
    for fd in (out, err):
        texts.append(os.pread(fd, OUTPUT, 0))
        os.close(fd)
    status = struct.unpack("=i", data)[0] if data else -1
    return struct.pack("=iII", status, *map(len, texts)) + b"".join(texts)


def main():
    while len(length := sys.stdin.buffer.read(4)) == 4:
        script = sys.stdin.buffer.read(struct.unpack("=I", length)[0])
        sys.stdout.buffer.write(run(sys.argv[1], script))
        sys.stdout.buffer.flush()


main()
