#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`swebash serve` as its clients have it: what each method does, and what no client can do to the others."""

import os
import pty
import select
import signal
import socket
import stat
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Client, Fault, Server, as_frame

PROGRAM = ""
INVALID_PARAMS, NOT_FOUND, REFUSED, ENDED, BUSY, LEAVING, TOO_LONG = -32602, -32001, -32002, -32003, -32004, -32005, -32006


def memory_of(process):
    """Resident kilobytes."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


class ServerTest(unittest.TestCase):
    OPTIONS = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(PROGRAM, *cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def setUp(self):
        self.client = self.server.client()

    def tearDown(self):
        self.client.close()

    def run_(self, script, **more):
        return self.client.call("run", script=script, **more)

    def open(self, client=None, **more):
        return (client or self.client).call("session.open", **more)["session"]

    def fails(self, code, method, **parameters):
        with self.assertRaises(Fault) as caught:
            self.client.call(method, **parameters)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        return str(caught.exception)

    def until(self, what, patience=10.0):
        end = time.monotonic() + patience
        while not what():
            self.assertLess(time.monotonic(), end, "it does not come")
            time.sleep(0.01)


class Methods(ServerTest):
    def test_a_session_keeps_what_its_runs_leave(self):
        session = self.open()
        self.run_("x=5; cd /tmp; echo from > file", session=session)
        result = self.run_("echo $x $PWD; cat file; echo oops >&2; false", session=session)
        self.assertEqual((result["output"], result["errors"], result["status"], result["end"]),
                         ("5 /tmp\nfrom\n", "oops\n", 1, "finished"))

    def test_a_run_without_a_session_has_one_of_its_own(self):
        self.run_("echo kept > kept; y=1")
        self.assertEqual(self.run_("ls; echo ${y-none}; pwd")["output"], "none\n/home/user\n")

    def test_options_of_a_session(self):
        session = self.open(environment={"GREETING": "hello"}, directory="/srv/deep", umask=0o77, file_bytes=100000)
        self.assertEqual(self.run_("echo $GREETING; pwd; umask", session=session)["output"], "hello\n/srv/deep\n0077\n")
        self.fails(REFUSED, "session.open", file_bytes=1 << 50)
        self.fails(INVALID_PARAMS, "session.open", directory="relative")
        self.fails(INVALID_PARAMS, "session.open", environment={"A": 1})
        self.fails(INVALID_PARAMS, "session.open", environment={"1x": "y"})

    def test_a_named_session_outlives_its_connection_and_an_unnamed_one_is_its_own(self):
        other = self.server.client()
        own = self.open(other)
        self.open(other, name="shared")
        other.call("run", session="shared", script="z=7")
        self.assertEqual(self.run_("echo $z", session="shared")["output"], "7\n")
        self.fails(NOT_FOUND, "run", script=":", session=own)
        other.close()
        self.assertEqual(self.run_("echo $z", session="shared")["output"], "7\n")
        self.fails(REFUSED, "session.open", name="shared")
        self.fails(INVALID_PARAMS, "session.open", name="no/good")
        self.assertIn("shared", [one["session"] for one in self.client.call("session.list")["sessions"]])
        self.client.call("session.close", session="shared")
        self.fails(NOT_FOUND, "run", script=":", session="shared")

    def test_bytes_that_are_no_text(self):
        result = self.run_(r"printf '\xff\x00\xfe'; cat", input={"base64": "gICA"})
        self.assertEqual(result["output"], {"base64": "/wD+gICA"})
        self.assertEqual(self.run_("cat", input="grüße")["output"], "grüße")

    def test_output_beyond_the_limit_lacks_its_middle(self):
        result = self.run_("for ((i = 0; i < 10000; i++)); do echo $i; done", output_limit=1000)
        self.assertEqual((result["limit"], result["output_bytes"]), ("output", 48890))
        self.assertTrue(result["output"].startswith("0\n1\n") and result["output"].endswith("9999\n"))

    def test_output_as_it_comes(self):
        result = self.run_("echo one; echo two >&2; echo three", stream=True)
        self.assertEqual(result["output"], "")
        self.assertEqual([(note["stream"], note["data"]) for note in self.client.notes],
                         [("output", "one\n"), ("errors", "two\n"), ("output", "three\n")])

    def test_output_to_descriptors_of_the_client(self):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            number = self.client.send("run", (out.fileno(), err.fileno()), script="echo to out; echo to err >&2",
                                      descriptors=["output", "errors"])
            self.assertEqual(self.client.answer(number)["status"], 0)
            self.assertEqual((os.pread(out.fileno(), 99, 0), os.pread(err.fileno(), 99, 0)), (b"to out\n", b"to err\n"))
        self.fails(INVALID_PARAMS, "run", script=":", descriptors=["output"])

    def test_input_from_a_descriptor_of_the_client(self):
        reading, writing = os.pipe()
        os.write(writing, b"one\ntwo\nthree\n")
        for script, output in (("read a; echo $a", "one\n"), ("read a; echo $a; cat", "two\nthree\n")):
            number = self.client.send("run", (reading,), script=script, descriptors=["input"])
            if "cat" in script:
                os.close(writing)
            self.assertEqual(self.client.answer(number)["output"], output)
        os.close(reading)

    def test_a_descriptor_that_nobody_reads_ends_the_run(self):
        reading, writing = os.pipe()
        number = self.client.send("run", (writing,), script="while :; do echo y; done", descriptors=["output"])
        os.close(writing)
        os.read(reading, 100)
        os.close(reading)
        result = self.client.answer(number)
        self.assertEqual((result["end"], result["status"]), ("nobody_reads", 141))

    def test_a_started_run_is_polled_and_waited_for(self):
        session = self.open()
        run = self.client.call("start", session=session, script="echo one; sleep 0.2; echo two; exit 3")["run"]
        first = self.client.call("poll", run=run, wait_ms=5000)
        self.assertEqual((first["output"], first["ended"]), ("one\n", False))
        self.assertFalse(self.client.call("wait", run=run, wait_ms=1)["ended"])
        last = self.client.call("wait", run=run)
        self.assertEqual((last["output"], last["ended"], last["result"]["status"]), ("two\n", True, 3))
        self.fails(NOT_FOUND, "wait", run=run)

    def test_a_signal_stops_a_run_and_not_its_session(self):
        session = self.open()
        for script in ("sleep 100", "while :; do :; done"):
            run = self.client.call("start", session=session, script="kept=1; " + script)["run"]
            time.sleep(0.05)
            self.client.call("signal", run=run, signal="INT")
            result = self.client.call("wait", run=run)["result"]
            self.assertEqual((result["end"], result["status"]), ("interrupted", 130))
        self.assertEqual(self.run_("echo $kept", session=session)["output"], "1\n")
        waiting = self.client.send("run", session=session, script="sleep 100")
        time.sleep(0.1)
        self.client.call("signal", session=session, signal="KILL")
        self.assertEqual(self.client.answer(waiting)["end"], "interrupted")
        self.fails(NOT_FOUND, "run", session=session, script=":")
        self.fails(INVALID_PARAMS, "signal", session=session, signal="FOO")

    def test_a_run_that_waits_for_its_turn_can_be_stopped(self):
        session = self.open()
        first = self.client.call("start", session=session, script="sleep 100")["run"]
        second = self.client.call("start", session=session, script="echo never")["run"]
        self.client.call("signal", run=second, signal="INT")
        self.client.call("signal", run=first, signal="INT")
        self.assertEqual(self.client.call("wait", run=second)["result"]["end"], "not_run")

    def test_requests_of_a_session_keep_their_order(self):
        session = self.open()
        numbers = [self.client.send("run", session=session, script=f"n+=,{i}; echo $n") for i in range(200)]
        outputs = [self.client.answer(number)["output"] for number in numbers]
        self.assertEqual(outputs[-1], "".join(f",{i}" for i in range(200)) + "\n")

    def test_sessions_of_one_connection_run_side_by_side(self):
        slow = self.client.send("run", script="sleep 1")
        begun = time.monotonic()
        self.assertEqual(self.run_("echo quick")["output"], "quick\n")
        self.assertLess(time.monotonic() - begun, 0.8)
        self.assertEqual(self.client.answer(slow)["status"], 0)

    def test_files(self):
        session = self.open()
        self.client.call("file.write", session=session, path="data", content={"base64": "/w=="}, mode=0o600)
        self.assertEqual(self.client.call("file.read", session=session, path="data")["content"], {"base64": "/w=="})
        about = self.client.call("file.stat", session=session, path="data")
        self.assertEqual((about["type"], about["size"], about["mode"]), ("file", 1, 0o600))
        self.client.call("file.make_directory", session=session, path="/tmp/a/b")
        self.assertEqual(self.client.call("file.list", session=session, path="/tmp/a")["items"],
                         [{"name": "b", "type": "directory"}])
        self.client.call("file.remove", session=session, path="/tmp/a")
        self.fails(NOT_FOUND, "file.stat", session=session, path="/tmp/a")
        self.fails(NOT_FOUND, "file.read", session=session, path="nothing")
        self.fails(REFUSED, "file.write", session=session, path="/", content="x")

    def test_a_session_that_has_ended_says_so(self):
        session = self.open()
        self.assertEqual(self.run_("kill -KILL $$", session=session)["end"], "ended")
        self.fails(ENDED, "run", session=session, script="echo hi")

    def test_nothing_of_the_host_is_there(self):
        result = self.run_("ls /; cat /etc/hostname; cat /proc/1/cmdline; echo > /escaped; exec 3<>/dev/tcp/127.0.0.1/22")
        self.assertEqual(result["output"], "bin\ndev\netc\nhome\nproc\ntmp\nusr\n")
        self.assertFalse(os.path.exists("/escaped"))

    def test_forks_and_snapshots(self):
        session = self.open()
        self.run_("x=1; f() { echo f$x; }; cd /tmp; echo old > file", session=session)
        fork = self.client.call("session.fork", session=session)["session"]
        self.client.call("session.snapshot", session=session, snapshot="before")
        self.run_("x=2; echo new > file", session=session)
        self.assertEqual(self.run_("f; cat file; pwd", session=fork)["output"], "f1\nold\n/tmp\n")
        self.assertEqual(self.run_("f; cat file", session=session)["output"], "f2\nnew\n")
        again = self.open(snapshot="before")
        self.assertEqual(self.run_("f; cat file", session=again)["output"], "f1\nold\n")
        self.client.call("session.restore", session=session, snapshot="before")
        self.assertEqual(self.run_("f; cat file", session=session)["output"], "f1\nold\n")
        # What has ended goes on from one.
        self.assertEqual(self.run_("kill -KILL $$", session=session)["end"], "ended")
        self.client.call("session.restore", session=session, snapshot="before")
        self.assertEqual(self.run_("f", session=session)["output"], "f1\n")
        self.client.call("session.fork", session=session, name="named")
        other = self.server.client()
        self.assertEqual(other.call("run", session="named", script="f")["output"], "f1\n")
        other.close()
        self.client.call("session.close", session="named")
        self.client.call("snapshot.remove", snapshot="before")
        self.fails(NOT_FOUND, "session.restore", session=session, snapshot="before")
        self.fails(NOT_FOUND, "session.open", snapshot="before")
        self.fails(INVALID_PARAMS, "session.snapshot", session=session, snapshot="no/good")

    def test_stats(self):
        stats = self.client.call("stats")
        self.assertEqual(stats["pid"], self.server.process.pid)
        self.assertGreater(stats["resident_bytes"], 0)


class BadClients(ServerTest):
    def is_well(self):
        with_another = self.server.client()
        self.assertEqual(with_another.call("run", script="echo well")["output"], "well\n")
        with_another.close()

    def test_one_that_goes_in_the_middle_of_a_call(self):
        self.open(name="left")
        other = self.server.client()
        other.send("run", session="left", script="while :; do :; done")
        other.send("run", script="while :; do :; done")
        time.sleep(0.1)
        other.close()
        self.until(lambda: self.client.call("stats")["runs_under_way"] == 0)
        self.assertEqual(self.run_("echo free", session="left")["output"], "free\n")
        self.client.call("session.close", session="left")

    def test_one_that_says_no_more_gets_its_answers(self):
        number = self.client.send("run", script="sleep 0.2; echo late")
        self.client.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(self.client.answer(number)["output"], "late\n")
        self.assertIsNone(self.client.receive())

    def test_half_a_frame(self):
        frame = as_frame({"jsonrpc": "2.0", "id": 1, "method": "stats"})
        for length in range(1, len(frame), 7):
            other = self.server.client()
            other.send_bytes(frame[:length])
            other.close()
        self.is_well()

    def test_a_frame_of_a_gigabyte(self):
        before = memory_of(self.server.process)
        for _ in range(20):
            other = self.server.client()
            other.send_bytes(b"Content-Length: 1073741824\r\n\r\n")
            message = other.receive()
            self.assertEqual(message["error"]["code"], TOO_LONG)
            self.assertIsNone(other.receive())
            other.close()
        self.assertLess(memory_of(self.server.process) - before, 4096)
        self.is_well()

    def test_what_is_no_frame(self):
        for junk in (b"hello\r\n\r\n", b"\0" * 5000, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"Content-Length: -1\r\n\r\n"):
            other = self.server.client()
            other.send_bytes(junk)
            self.assertEqual(other.receive()["error"]["code"], -32700)
            other.close()
        self.is_well()

    def test_what_is_no_request(self):
        cases = [
            (b"{", -32700), (b"", -32700), (b'"\xff"', -32700), (b"{} {}", -32700),
            (b"[]", -32600), (b"1", -32600), (b"{}", -32600), (b"[" * 100000, -32600),
            (b'{"jsonrpc":"2.0","id":[],"method":"stats"}', -32600),
            (b'{"jsonrpc":"1.0","id":1,"method":"stats"}', -32600),
            (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
            (b'{"jsonrpc":"2.0","id":1,"method":"run","params":[1]}', -32602),
            (b'{"jsonrpc":"2.0","id":1,"method":"run","params":{"script":7}}', -32602),
            (b'{"jsonrpc":"2.0","id":1,"method":"run","params":{"script":"","timeout_ms":-1}}', -32602),
            (b'{"jsonrpc":"2.0","id":1,"method":"run","params":{"script":{"base64":"*"}}}', -32602),
            (b'{"jsonrpc":"2.0","id":1,"method":"nothing"}', -32601),
        ]
        for text, code in cases:
            self.client.send_bytes(as_frame(text))
            self.assertEqual(self.client.receive()["error"]["code"], code, text[:60])
        # The same connection goes on, and what wants no answer gets none.
        self.client.send_bytes(as_frame({"jsonrpc": "2.0", "method": "run", "params": {"script": "echo"}}))
        self.is_well()
        self.assertEqual(self.run_("echo on")["output"], "on\n")

    def test_a_thousand_at_once(self):
        clients = [self.server.client() for _ in range(1000)]
        begun = time.monotonic()
        numbers = [client.send("run", script=f"echo {i}; sleep 0.05") for i, client in enumerate(clients)]
        for i, client in enumerate(clients):
            self.assertEqual(client.answer(numbers[i])["output"], f"{i}\n")
        print(f"1000 clients, a script each: {time.monotonic() - begun:.2f} s", file=sys.stderr)
        for client in clients:
            client.close()
        self.until(lambda: self.client.call("stats")["clients"] == 1)

    def test_one_that_does_not_read(self):
        before = memory_of(self.server.process)
        slow = self.server.client()
        number = slow.send("run", script="x=$(printf '%01000d' 7); for ((i = 0; i < 50000; i++)); do echo $x; done",
                           stream=True)
        # Answers by the hundred, none of which it reads.
        deaf = self.server.client()
        deaf.socket.setblocking(False)
        sent = 0
        try:
            for _ in range(2000):
                deaf.send("run", script="x=$(printf '%0500000d' 7); echo $x")
                sent += 1
        except BlockingIOError:
            pass
        time.sleep(1)
        self.is_well()
        grown = memory_of(self.server.process) - before
        self.assertLess(grown, 120 << 10)
        # Who reads at last gets all of it.
        slow.answer(number)
        self.assertEqual(sum(len(note["data"]) for note in slow.notes), 50000 * 1001)
        slow.close()
        deaf.close()

    def test_descriptors_that_nobody_asked_for(self):
        with open("/dev/null", "rb") as null:
            try:
                for _ in range(40):
                    self.client.call("stats", (null.fileno(),))
            except (EOFError, ConnectionError):
                pass
        self.is_well()


class Runaways(ServerTest):
    """Each ends alone and says why; its neighbours are answered as before."""

    OPTIONS = ("--task-memory", str(64 << 20), "--tasks", "50", "--file-bytes", str(1 << 20))

    def latencies(self, session, count=60):
        samples = []
        for _ in range(count):
            begun = time.perf_counter()
            self.assertEqual(self.run_("echo hi", session=session)["output"], "hi\n")
            samples.append((time.perf_counter() - begun) * 1e6)
            time.sleep(0.005)
        return samples

    def test_all_kinds(self):
        session = self.open()
        quiet = statistics.median(self.latencies(session))
        kinds = {
            "loops": ("while :; do :; done", {}),
            "allocates": ("x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done", {"timeout_ms": 20000}),
            "forks": ("f() { f | f & }; f; while :; do :; done", {}),
            "writes a file": ("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done > file; echo ended $?", {}),
            "writes out": ("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done", {}),
            "recurses": ("f() { f; }; f", {}),
        }
        others = {kind: self.server.client() for kind in kinds}
        numbers = {kind: others[kind].send("run", script=script, **{"timeout_ms": 1500, **more})
                   for kind, (script, more) in kinds.items()}
        during = statistics.median(self.latencies(session))
        results = {kind: others[kind].answer(numbers[kind]) for kind in kinds}
        print(f"echo hi, median: {quiet:.0f} µs alone, {during:.0f} µs beside {len(kinds)} runaways", file=sys.stderr)
        for kind in ("loops", "writes out"):
            self.assertEqual((results[kind]["end"], results[kind]["status"], results[kind]["limit"]),
                             ("timed_out", 124, "time"), kind)
        self.assertIn("memory", results["allocates"]["errors"])
        self.assertIn("forks", results)
        self.assertNotEqual(results["recurses"]["status"], 0)
        self.assertIn("No space left", results["writes a file"]["errors"])
        self.assertLess(during, 50_000)
        after = statistics.median(self.latencies(session))
        self.assertLess(after, 20_000)

    def test_a_full_disk_of_the_clients(self):
        with open("/dev/full", "wb", buffering=0) as full:
            number = self.client.send("run", (full.fileno(),), script="echo lost; echo seen >&2", descriptors=["output"])
            self.assertEqual(self.client.answer(number)["errors"], "seen\n")


class Sockets(unittest.TestCase):
    def test_is_for_its_user_alone_and_goes_with_the_server(self):
        with Server(PROGRAM) as server:
            self.assertEqual(server.said, server.path)
            self.assertEqual(stat.S_IMODE(os.stat(server.path).st_mode), 0o600)
            self.assertEqual(server.end(), 0)
            self.assertFalse(os.path.exists(server.path))

    @unittest.skipIf(os.geteuid() != 0, "only root can be another user")
    def test_another_user_is_turned_away(self):
        with Server(PROGRAM) as server:
            os.chmod(server.place.name, 0o755)
            os.chmod(server.path, 0o666)
            pid = os.fork()
            if pid == 0:
                os.setuid(65534)
                with socket.socket(socket.AF_UNIX) as other:
                    other.settimeout(10)
                    other.connect(server.path)
                    os._exit(0 if other.recv(1) == b"" else 1)
            self.assertEqual(os.waitpid(pid, 0)[1], 0)

    def test_a_live_one_is_left_and_a_stale_one_replaced(self):
        with Server(PROGRAM) as server:
            second = subprocess.run([PROGRAM, "serve", "--socket", server.path], capture_output=True, text=True, check=False)
            self.assertEqual((second.returncode, second.stderr),
                             (1, f"swebash serve: {server.path}: a server listens there already\n"))
            self.assertEqual(server.client().call("run", script="echo still")["output"], "still\n")
            server.process.kill()
            server.process.wait()
            third = subprocess.Popen([PROGRAM, "serve", "--socket", server.path], stdout=subprocess.PIPE, text=True)
            try:
                third.stdout.readline()
                self.assertEqual(Client(server.path).call("run", script="echo new")["output"], "new\n")
            finally:
                third.terminate()
                third.wait()
                third.stdout.close()

    def test_what_is_no_socket_is_left(self):
        with tempfile.NamedTemporaryFile() as file:
            done = subprocess.run([PROGRAM, "serve", "--socket", file.name], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("it is there, and is no socket", done.stderr)
        done = subprocess.run([PROGRAM, "serve", "--socket", "/tmp/" + "x" * 200], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)

    def test_a_socket_that_systemd_opened(self):
        with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as listener:
            path = os.path.join(place, "socket")
            listener.bind(path)
            listener.listen()
            start = 'exec 3<&$1; LISTEN_PID=$$ LISTEN_FDS=1 exec "$2" serve'
            server = subprocess.Popen(["bash", "-c", start, "-", str(listener.fileno()), PROGRAM],
                                      pass_fds=(listener.fileno(),))
            try:
                self.assertEqual(Client(path).call("run", script="echo activated")["output"], "activated\n")
            finally:
                server.terminate()
                self.assertEqual(server.wait(20), 0)
            self.assertTrue(os.path.exists(path))

    def test_standard_input_and_output(self):
        requests = b"".join(as_frame({"jsonrpc": "2.0", "id": i, "method": "run", "params": {"script": f"echo {i}"}})
                            for i in range(3))
        done = subprocess.run([PROGRAM, "serve", "--stdio"], input=requests, capture_output=True, timeout=30, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        for i in range(3):
            self.assertIn(f'"output":"{i}\\n"'.encode(), done.stdout)
        self.assertEqual(done.stdout.count(b"Content-Length"), 3)


class Ends(unittest.TestCase):
    def test_what_runs_is_answered_first(self):
        with Server(PROGRAM) as server:
            client = server.client()
            number = client.send("run", script="sleep 0.5; echo done")
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
            with self.assertRaises(Fault) as caught:
                client.call("run", script="echo more")
            self.assertEqual(caught.exception.code, LEAVING)
            self.assertEqual(client.answer(number)["output"], "done\n")
            self.assertEqual(server.process.wait(10), 0)
            self.assertFalse(os.path.exists(server.path))

    def test_what_does_not_end_is_stopped(self):
        for script in ("while :; do :; done", "sleep 100", "while :; do echo; done"):
            with Server(PROGRAM, "--drain", "0.2") as server:
                client = server.client()
                client.send("run", script=script, stream=True)
                background = client.call("session.open", name="b")["session"]
                client.call("run", session=background, script="while :; do :; done &")
                begun = time.monotonic()
                self.assertEqual(server.end(), 0)
                self.assertLess(time.monotonic() - begun, 8)

    def test_a_second_signal_does_not_wait(self):
        with Server(PROGRAM, "--drain", "1000") as server:
            client = server.client()
            client.send("run", script="sleep 100")
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            self.assertIsNone(server.process.poll())
            self.assertEqual(server.end(), 0)
            client.close()


class Connect(ServerTest):
    """The client that behaves as a shell."""

    def connect(self, *words, **more):
        return subprocess.run([PROGRAM, "connect", "--socket", self.server.path, *words], capture_output=True,
                              text=True, timeout=30, check=False, **more)

    def test_runs_as_a_shell_does(self):
        for words, given, output, errors, status in [
            (["-c", "echo out; echo err >&2; exit 3"], "", "out\n", "err\n", 3),
            (["-c", 'echo "$# $2"', "name", "a", "b c"], "", "2 b c\n", "", 0),
            (["-c", "read a; echo $a; cat"], "one\ntwo\n", "one\ntwo\n", "", 0),
            ([], "echo from input\nfalse\n", "from input\n", "", 1),
            (["-", "/nowhere"], "", "", "swebash connect: /nowhere: No such file or directory\n", 127),
        ]:
            done = self.connect(*words, input=given)
            self.assertEqual((done.stdout, done.stderr, done.returncode), (output, errors, status), words)
        with tempfile.NamedTemporaryFile("w") as script:
            script.write('echo "script $1"')
            script.flush()
            self.assertEqual(self.connect("-", script.name, "word").stdout, "script word\n")
        self.assertEqual(self.connect("--wrong").returncode, 2)
        self.assertEqual(self.connect("--help").returncode, 0)

    def test_a_session_that_is_named_stays(self):
        self.connect("kept", "-c", "x=5; cd /tmp")
        self.assertEqual(self.connect("kept", "-c", "echo $x $PWD").stdout, "5 /tmp\n")
        self.client.call("session.close", session="kept")

    def test_takes_of_its_input_what_the_script_reads(self):
        script = f'{{ "{PROGRAM}" connect --socket {self.server.path} -c "read a"; cat; }}'
        done = subprocess.run(["bash", "-c", script], input="one\ntwo\n", capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "two\n")

    def test_a_signal_ends_the_command_and_then_the_client(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            client = subprocess.Popen([PROGRAM, "connect", "--socket", self.server.path, "live", "-c",
                                       "echo begun; x=kept; sleep 100"], stdout=subprocess.PIPE, text=True)
            self.assertEqual(client.stdout.readline(), "begun\n")
            client.send_signal(number)
            self.assertEqual(client.wait(10), -number)
            client.stdout.close()
            self.assertEqual(self.connect("live", "-c", "echo $x").stdout, "kept\n")

    def test_dies_where_nobody_reads(self):
        script = f'"{PROGRAM}" connect --socket {self.server.path} -c "while :; do echo y; done" | head -n 1; echo ${{PIPESTATUS[0]}}'
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual(done.stdout, "y\n141\n")

    def test_killed_it_takes_its_run_along(self):
        client = subprocess.Popen([PROGRAM, "connect", "--socket", self.server.path, "-c", "echo begun; while :; do :; done"],
                                  stdout=subprocess.PIPE, text=True)
        client.stdout.readline()
        client.kill()
        client.wait()
        client.stdout.close()
        self.until(lambda: self.client.call("stats")["runs_under_way"] == 0)

    def test_without_a_server(self):
        done = subprocess.run([PROGRAM, "connect", "--socket", "/nowhere/s", "-c", ":"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (126, "swebash connect: /nowhere/s: no server listens there; `swebash serve' starts one\n"))

    def test_a_prompt_at_a_terminal(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(PROGRAM, [PROGRAM, "connect", "--socket", self.server.path, "typed"])
        seen = ""

        def expect(text):
            nonlocal seen
            end = time.monotonic() + 20
            while text not in seen:
                self.assertTrue(select.select([terminal], [], [], end - time.monotonic())[0], f"{text!r} not in {seen!r}")
                try:
                    seen += os.read(terminal, 4096).decode()
                except OSError:
                    break
            self.assertIn(text, seen)
            seen = seen.split(text, 1)[1]

        def type_(text):
            os.write(terminal, text.encode())

        expect("user:~$ ")
        type_("x=5; echo a$x\n")
        expect("a5\r\n")
        expect("$ ")
        type_("for i in 1 2; do\n")
        expect("> ")
        type_("echo n$i; done\n")
        expect("n1\r\nn2\r\n")
        expect("$ ")
        type_("read y\nanswer\n")
        expect("$ ")
        type_("echo got $y; (exit 7)\n")
        expect("got answer\r\n")
        expect("$ ")
        type_("echo last $?\n")
        expect("last 7\r\n")
        expect("$ ")
        type_("echo begun; sleep 100\n")
        expect("begun\r\n")
        type_("\x03")
        expect("$ ")
        type_("echo status $?\n")
        expect("status 130\r\n")
        expect("$ ")
        type_("half a line\x03")
        expect("$ ")
        type_("exit 4\n")
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 4)
        self.assertEqual(self.connect("typed", "-c", "echo $x").stdout, "5\n")


class Idle(ServerTest):
    OPTIONS = ("--idle", "0.2")

    def away(self, session):
        return next(one for one in self.client.call("session.list")["sessions"] if one["session"] == session)["away"]

    def test_a_session_that_nobody_uses_is_put_away_and_goes_on(self):
        session = self.open()
        self.run_("x=(1 2); f() { echo ${x[@]} $?; }; cd /tmp; echo text > file; exec 5< file; (exit 3)", session=session)
        self.until(lambda: self.away(session))
        self.assertEqual(self.run_("f; pwd; cat file; read -u 5 y; echo $y", session=session)["output"],
                         "1 2 3\n/tmp\ntext\ntext\n")
        self.until(lambda: self.away(session))
        self.assertEqual(self.client.call("file.read", session=session, path="file")["content"], "text\n")
        self.until(lambda: self.away(session))
        self.client.call("session.close", session=session)

    def test_one_with_something_in_the_background_stays(self):
        session = self.open()
        self.run_("{ sleep 1; echo late > /tmp/late; } &", session=session)
        time.sleep(0.6)
        self.assertFalse(self.away(session))
        self.until(lambda: self.away(session))
        self.assertEqual(self.run_("cat /tmp/late", session=session)["output"], "late\n")


class Mounts(unittest.TestCase):
    def test_directories_of_the_host_are_there_where_the_policy_says(self):
        with tempfile.TemporaryDirectory() as place:
            for name in ("read", "write"):
                os.mkdir(os.path.join(place, name))
                with open(os.path.join(place, name, "file"), "w", encoding="utf-8") as file:
                    file.write(name + "\n")
            os.symlink("/etc/passwd", os.path.join(place, "write", "way-out"))
            with Server(PROGRAM, "--mount", f"{place}/read:/data", "--mount", f"{place}/write:/shared:rw") as server:
                client = server.client()
                result = client.call("run", script="cat /data/file /shared/file; echo new > /shared/new; echo no > /data/new; cat /shared/way-out")
                self.assertEqual(result["output"], "read\nwrite\nuser:x:1000:1000:user:/home/user:/bin/bash\n")
                self.assertIn("/data/new: Read-only file system", result["errors"])
                client.close()
            self.assertTrue(os.path.exists(os.path.join(place, "write", "new")))
            self.assertFalse(os.path.exists(os.path.join(place, "read", "new")))
        for wrong in ("/nowhere:/x", "nocolon", "/tmp:relative"):
            done = subprocess.run([PROGRAM, "serve", "--mount", wrong], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"--mount {wrong}: ", done.stderr)


class Documents(unittest.TestCase):
    def test_the_client_of_the_page_works(self):
        page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/serve.md")
        with open(page, encoding="utf-8") as file:
            section = file.read().split("## A client in Python\n")[1].split("\n## ")[0]
        code = "".join(line[4:] or "\n" for line in section.splitlines(True))
        with tempfile.TemporaryDirectory() as runtime:
            os.mkdir(os.path.join(runtime, "swebash"))
            with Server(PROGRAM, env={"XDG_RUNTIME_DIR": runtime}, path=os.path.join(runtime, "swebash/serve.sock")):
                done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                      env={"XDG_RUNTIME_DIR": runtime}, check=False)
        self.assertEqual((done.stderr, done.stdout), ("", "hello from /tmp\n\n"))


class Many(ServerTest):
    OPTIONS = ("--sessions", "2000", "--clients", "20", "--runs", "4")

    def test_limits_are_told_and_hold(self):
        for i in range(2000):
            self.open(name=f"s{i}")
        self.assertIn("as many sessions", self.fails(BUSY, "session.open"))
        per_session = memory_of(self.server.process) / 2000
        print(f"2000 named sessions: {per_session:.0f} KB each with the server's own", file=sys.stderr)
        for i in range(2000):
            self.client.call("session.close", session=f"s{i}")
        self.open()
        clients = [self.server.client() for _ in range(19)]
        late = self.server.client()
        self.assertEqual(late.receive()["error"]["code"], BUSY)
        for client in clients:
            client.close()

    def test_more_runs_than_at_once_wait_for_their_turn(self):
        numbers = [self.client.send("run", script="sleep 0.1; echo hi") for _ in range(20)]
        time.sleep(0.05)
        self.assertLessEqual(self.client.call("stats")["threads"], 12)
        for number in numbers:
            self.assertEqual(self.client.answer(number)["output"], "hi\n")

    def test_many_threads_on_many_sessions(self):
        failed = []

        def work(number):
            client = self.server.client()
            try:
                for i in range(100):
                    session = client.call("session.open")["session"]
                    client.call("run", session=session, script=f"x={number}-{i}")
                    if client.call("run", session=session, script="echo $x | cat")["output"] != f"{number}-{i}\n":
                        failed.append(number)
                    client.call("session.close", session=session)
            except (Fault, EOFError, OSError) as error:
                failed.append(error)
            client.close()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(warnings="ignore")
