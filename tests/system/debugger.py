# SPDX-License-Identifier: MIT
"""GDB as a person types at it, and the bare protocol, against a machine that listens for it."""

import re
import shutil
import socket

from console import PATIENCE, Failed, Machine, Skipped, check

PROMPT = r"\(gdb\) "
TROUBLE = r"Remote connection closed|Remote failure reply|Ignoring packet error|internal-error"


class Debugger(Machine):
    """A GDB. Commands are answered up to the next prompt, also those that wait for a stop."""

    def __init__(self, log, *files):
        name = shutil.which("gdb-multiarch")
        if not name:
            raise Skipped("gdb-multiarch is missing")
        super().__init__([name, "-nx", "-q", "-iex", "set confirm off", "-iex",
                          "set pagination off", "-iex", "set width 0", "-iex",
                          "set style enabled off", "-iex",
                          # Its 2 seconds are too few for a machine that starts under load.
                          "set remotetimeout 60", *files], log)
        self.expect(PROMPT)

    def do(self, line, *parts):
        """Runs a command, whose output must contain these words."""
        self.log.write(line.encode() + b"\n")
        self.type(line + "\n")
        text = self.expect(PROMPT, never=TROUBLE)
        for part in parts:
            check(part in text, "%s: no '%s' in '%s'" % (line, part, text.strip()))
        return text

    def value(self, expression):
        found = re.search(r"= (?:\(.*\) )?(0x[0-9a-f]+)", self.do("print/x " + expression))
        check(found, "%s has no value" % expression)
        return int(found.group(1), 16)

    def equal(self, expression, want):
        got = self.value(expression)
        check(got == want, "%s is 0x%x instead of 0x%x" % (expression, got, want))


class Client:
    """The protocol without GDB, to say what GDB would not."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.seen = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def say(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        self.send(b"$%s#%02x" % (data, sum(data) & 255))

    def hear(self):
        """The next packet or notification, without acknowledgements."""
        while True:
            found = re.search(rb"[$%]([^#]*)#..", self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found.group(1).decode("latin-1")
            data = self.socket.recv(65536)
            if not data:
                raise Failed("the machine has closed the connection")
            self.seen += data

    def ask(self, text):
        self.say(text)
        return self.hear()
