# SPDX-License-Identifier: MIT
"""A client of QMP: messages as they are, or commands with their answers and the events between."""

import json
import re
import select
import time

from console import PATIENCE, check
from listener import connect


class Qmp:
    """A client, negotiated unless told otherwise."""

    def __init__(self, end, negotiate=True):
        """The end: a connected socket, or a path."""
        self.socket = connect(end) if isinstance(end, str) else end
        self.seen = b""
        self.events = []  # that nobody has asked for
        self.greeting = self.hear()
        if negotiate:
            check(self.ask("qmp_capabilities") == {}, "no negotiation")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def line(self, patience=PATIENCE):
        """The next line, its end taken off; None when there is none, b"" at the end."""
        while b"\n" not in self.seen:
            if not select.select([self.socket], [], [], patience)[0]:
                return None
            data = self.socket.recv(65536)
            if not data:
                check(not self.seen, "it ends in the middle of a line")
                return b""
            self.seen += data
        line, self.seen = self.seen.split(b"\n", 1)
        check(line.endswith(b"\r"), "a line does not end in \\r\\n: %r" % line)
        return line[:-1]

    def hear(self):
        """The next message."""
        line = self.line()
        check(line is not None, "silence")
        check(line, "the connection is closed")
        return json.loads(line)

    def exchange(self, data):
        """Returns the answer to these bytes, which is followed by a known answer."""
        self.send(data + b'\n{"execute": "query-target", "id": "end"}\n')
        answers = []
        while True:
            line = self.line()
            check(line, "no answer to %r" % data[:100])
            if b'"id": "end"' in line:
                return answers
            answers.append(line)

    def command(self, name, /, **arguments):
        """The whole answer of a command."""
        message = {"execute": name, "id": name}
        if arguments:
            message["arguments"] = {key.replace("_", "-"): arguments[key] for key in arguments}
        self.send(json.dumps(message).encode())
        while True:
            heard = self.hear()
            if "event" not in heard:
                check(heard.pop("id", None) == name, "the id is not echoed: %s" % heard)
                return heard
            self.events.append(heard)

    def ask(self, name, /, **arguments):
        """Returns the result of a command."""
        answer = self.command(name, **arguments)
        check("return" in answer, "%s: %s" % (name, answer))
        return answer["return"]

    def human(self, line):
        return self.ask("human-monitor-command", command_line=line)

    def event(self, name):
        """The data of the next event of this name; others are passed over."""
        while True:
            event = self.events.pop(0) if self.events else self.hear()
            check("event" in event, "an answer that nobody asked for: %s" % event)
            check(set(event["timestamp"]) == {"seconds", "microseconds"}, "no timestamp")
            check(abs(event["timestamp"]["seconds"] - time.time()) < 600, "another time")
            if event["event"] == name:
                return event.get("data")


def plain(line):
    """An answer without what differs from run to run, and between QEMU and Baya."""
    line = re.sub(rb'"seconds": \d+, "microseconds": \d+', b'"seconds": 0', line)
    line = re.sub(rb'"thread-id": \d+', b'"thread-id": 0', line)
    line = re.sub(rb'"micro": \d+, "minor": \d+, "major": \d+', b'"micro": 0', line)
    return re.sub(rb'"package": "[^"]*"', b'"package": ""', line)
