# SPDX-License-Identifier: MIT
"""Unix sockets that a program is about to listen at."""

import socket
import time

from console import PATIENCE, Failed


# A telnet server's greeting: will echo, suppress go-ahead, send binary; do send binary.
TELNET = bytes([255, 251, 1, 255, 251, 3, 255, 251, 0, 255, 253, 0])
# A client's possible answer, and more: a subnegotiation with everything in it, and a no-op.
TELNET_WORDS = bytes([255, 253, 1, 255, 253, 3, 255, 251, 0, 255, 251, 31,
                      255, 250, 31, 0, 80, 255, 255, 10, 13, 255, 240, 255, 241])


def listens(path):
    """A socket has its name before it listens. Linux' /proc/net/unix has __SO_ACCEPTCON behind that."""
    with open("/proc/net/unix", encoding="utf-8") as sockets:
        rows = [row.split() for row in sockets]
    return any(row[3] == "00010000" and row[-1] == path for row in rows)


def await_listener(path, alive=lambda: True):
    started = time.monotonic()
    while not listens(path):
        if not alive():
            raise Failed("the program has ended that was to listen at %s" % path)
        if time.monotonic() - started > PATIENCE:
            raise Failed("nobody listens at %s" % path)
        time.sleep(0.01)


def connect(path, alive=lambda: True):
    await_listener(path, alive)
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    return client
