# SPDX-License-Identifier: MIT
"""Unix sockets that a program is about to listen at."""

import socket
import time

from console import PATIENCE, Failed


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
