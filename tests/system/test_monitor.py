# SPDX-License-Identifier: MIT
"""The monitor at a socket: lines in, answers and prompts out, one client after the other."""

import os
import socket
import subprocess
import tempfile

from console import PATIENCE, Machine, check, main
from listener import connect
from monitor import Client

FROZEN = ["-S", "-display", "none", "-serial", "null"]


def talk(client):
    check(client.ask("info status").startswith("VM status: paused\n"), "it does not begin frozen")
    check(client.ask("cont") == "" and client.ask("info status") == "VM status: running\n",
          "cont does not let it run")
    check(client.ask("stop") == "" and "paused" in client.ask("info status"), "stop does not")
    check(client.ask("info registers\r").startswith(" priv "), "a line that ends as telnet's")
    check(client.ask("nonsense").startswith("no command 'nonsense'"), "what does not exist")
    check(client.ask("x" * 255).startswith("no command 'xxx"), "the longest line")
    check(client.ask("x" * 100000) == "the line is too long\n", "a line that is too long")
    check(client.ask("") == "" and client.ask("\0") == "", "lines without a word")


def socket_test(baya, folder, log):
    """Who comes is served, waits while somebody is there, and ends the machine."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "monitor")
        words = [baya, *FROZEN, "-monitor", "unix:%s,server,nowait" % path]
        with Machine(words, log) as machine:
            first = Client(connect(path))
            talk(first)
            later = connect(path)
            first.there.sendall(b"info sta")
            first.there.close()
            later = Client(later)
            check("paused" in later.ask("info status"), "half a line is left of the first")
            taken = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                   timeout=PATIENCE, check=False)
            check(taken.returncode == 3 and "-monitor" in taken.stderr, taken.stderr)
            check(later.ask("quit") == "", "an answer to quit")
            machine.wait(0)
        hears(baya, log, place)


def hears(baya, log, place):
    """Baya comes to one that listens, named by a -chardev."""
    path = os.path.join(place, "there")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(path)
        there.listen()
        with Machine([baya, *FROZEN, "-chardev", "socket,id=m,path=" + path, "-mon", "m"],
                     log) as machine:
            client = Client(there.accept()[0])
            check("paused" in client.ask("info status"), "no answer")
            client.ask("quit")
            machine.wait(0)


if __name__ == "__main__":
    main({"socket": socket_test})
