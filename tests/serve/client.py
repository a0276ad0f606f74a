# SPDX-License-Identifier: Apache-2.0
"""A client of `swebash serve` (docs/serve.md), and a server for the time of a test."""

import array
import json
import os
import socket
import subprocess
import tempfile


def as_frame(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Fault(Exception):
    """An answer that says why not."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]


class Client:
    """One connection. `call` waits for its answer; `send` and `receive` are what it is made of."""

    def __init__(self, path, timeout=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.came = b""
        self.last = 0
        self.notes = []
        self.answers = {}

    def send_bytes(self, data, descriptors=()):
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        sent = self.socket.sendmsg([data], rights)
        if sent < len(data):
            self.socket.sendall(data[sent:])

    def send(self, method, passed=(), **parameters):
        self.last += 1
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": parameters}
        self.send_bytes(as_frame(request), passed)
        return self.last

    def receive(self):
        """The next message; None at the end."""
        while True:
            head, blank, rest = self.came.partition(b"\r\n\r\n")
            if blank:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.came = rest[length:]
                    return json.loads(rest[:length])
            more = self.socket.recv(1 << 16)
            if not more:
                return None
            self.came += more

    def answer(self, number):
        while number not in self.answers:
            message = self.receive()
            if message is None:
                raise EOFError("the server has closed the connection")
            if "method" in message:
                self.notes.append(message["params"])
            else:
                self.answers[message["id"]] = message
        message = self.answers.pop(number)
        if "error" in message:
            raise Fault(message["error"])
        return message["result"]

    def call(self, method, passed=(), **parameters):
        return self.answer(self.send(method, passed, **parameters))

    def close(self):
        self.socket.close()


class Server:
    """`swebash serve` on a socket of its own, which ends with the block."""

    def __init__(self, program, *options, path=None, **more):
        self.place = tempfile.TemporaryDirectory(prefix="swebash-serve.")
        self.path = path or os.path.join(self.place.name, "socket")
        where = [] if path else ["--socket", self.path]
        self.process = subprocess.Popen([program, "serve", *where, *options], stdout=subprocess.PIPE, text=True, **more)
        self.said = self.process.stdout.readline().strip()

    def client(self, **more):
        return Client(self.path, **more)

    def end(self, patience=20):
        self.process.terminate()
        status = self.process.wait(patience)
        self.process.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.place.cleanup()
