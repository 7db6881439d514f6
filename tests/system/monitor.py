# SPDX-License-Identifier: MIT
"""Somebody at the monitor, which is at a socket: lines in, answers up to the next prompt out."""

from console import PATIENCE, check

PROMPT = "(baya) "


class Client:
    """Greeted."""

    def __init__(self, there):
        self.there = there
        self.there.settimeout(PATIENCE)
        check("help lists the commands" in self.read(), "no greeting")

    def read(self):
        """Up to the prompt, or to the end."""
        said = ""
        while not said.endswith(PROMPT):
            data = self.there.recv(4096)
            if not data:
                return said
            said += data.decode()
        return said[:-len(PROMPT)]

    def ask(self, line):
        self.there.sendall(line.encode() + b"\n")
        return self.read()
