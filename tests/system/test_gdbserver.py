# SPDX-License-Identifier: MIT
"""Tests the monitor's command gdbserver, by which GDB attaches to a machine that runs already, and
the cases in which the command is refused."""

import os
import socket

from fixtures.bundled import PROMPT as SHELL
from fixtures.console import Machine, check, main
from fixtures.debugger import Client, Debugger
from fixtures.listener import listens
from fixtures.qmp import Qmp

def comes_late(baya, folder, log):
    """Listens at one address, then at another, then at none; the machine runs on each time."""
    del folder
    with Machine([baya, "-append", "console=ttyS0", "-qmp", "unix:%s.qmp,server,nowait" % log],
                 log) as machine, Qmp(log + ".qmp") as client, Debugger(log + ".gdb") as gdb:
        machine.expect(SHELL)
        for place in (log + ".one", log + ".two"):
            said = client.human("gdbserver unix:" + place)
            check(said == "Waiting for gdb connection on device 'unix:%s'\r\n" % place, said)
            gdb.do("target remote " + place)
            gdb.equal("$_thread", 1)
            check(client.ask("query-status")["status"] == "debug", "the machine is not stopped")
            gdb.do("monitor gdbserver none", "cannot be used from a debugger")
            refused(client, log)
            gdb.do("stepi")
            gdb.do("detach")
        with Client(place) as there:
            check(there.ask("?").startswith("T05"), "it is not told of a stop")
            check(client.human("gdbserver unix:%s.one" % log).startswith("Waiting"), "no change")
            gone(there, place)
        with Client(log + ".one") as there:
            check(there.ask("?").startswith("T05"), "it is not told of a stop")
            check(client.human("gdbserver none") == "Disabled gdbserver\r\n", "it stays")
            gone(there, log + ".one")
        check(client.ask("query-status")["status"] == "running", "the machine stands still")
        check(machine.command("echo go", SHELL) == "go\n", "the guest does not answer")
        check(client.human("gdbserver none") == "Disabled gdbserver\r\n", "there was none")


def gone(there, place):
    """Checks that the client's connection is closed, and that no other client can connect."""
    check(there.socket.recv(1) == b"", "it hears something else")
    check(not listens(place), "the place is still there")


def refused(client, log):
    """Checks that an invalid argument does not disconnect the present debugger."""
    for words, part in (("nowhere", "gdbserver: "), ("stdio", "stdio is for -gdb alone"),
                        ("unix:%s.two,reconnect=1" % log, "reconnect")):
        said = client.human("gdbserver " + words)
        check(part in said, said)
    check(client.ask("query-status")["status"] == "debug", "the debugger is gone")


def taken(baya, folder, log):
    """Tests a port that is in use; and no argument, which means port 1234 of this host."""
    del folder
    with socket.socket() as server, \
            Machine([baya, "-S", "-display", "none", "-qmp", "unix:%s.qmp,server,nowait" % log],
                    log), Qmp(log + ".qmp") as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        where = "tcp::%d" % server.getsockname()[1]
        said = client.human("gdbserver " + where)
        check(where in said and "in use" in said, said)
        said = client.human("gdbserver")
        check("tcp::1234" in said, said)
        check(client.human("gdbserver none") == "Disabled gdbserver\r\n", "it stays")


def compared(baya, folder, log):
    """Checks that the command is refused under --compare, and that the machine is not changed."""
    del folder
    with Machine([baya, "-S", "--compare", "-display", "none", "-qmp",
                  "unix:%s.qmp,server,nowait" % log], log), Qmp(log + ".qmp") as client:
        said = client.human("gdbserver unix:" + log + ".gdb")
        check("a machine that is compared cannot be debugged" in said, said)
        check(not os.path.exists(log + ".gdb"), "there is a place")
        check(client.ask("query-status")["status"] == "prelaunch", "it was changed")


if __name__ == "__main__":
    main({"comes_late": comes_late, "taken": taken, "compared": compared})
