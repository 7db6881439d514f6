# SPDX-License-Identifier: MIT
"""The monitor at a socket: lines in, answers and prompts out, one client after the other."""

import os
import re
import socket
import subprocess
import tempfile

from fixtures.console import PATIENCE, Machine, check, main
from fixtures.listener import TELNET, TELNET_WORDS, connect
from fixtures.monitor import PROMPT, Client

FROZEN = ["-S", "-display", "none", "-serial", "null"]


def talk(client):
    check(client.ask("info status").startswith("VM status: paused\n"), "it does not begin frozen")
    check(client.ask("cont") == "" and client.ask("info status") == "VM status: running\n",
          "cont does not let it run")
    check(client.ask("stop") == "" and "paused" in client.ask("info status"), "stop does not")
    check(client.ask("info registers\r").startswith(" priv "), "a line that ends as telnet's")
    check(client.ask("nonsense").startswith("no command 'nonsense'"), "what does not exist")
    for words in ("quit now", "stop now", "info status now"):
        check("takes no arguments, such as 'now'" in client.ask(words), words)
    check(re.fullmatch(r"\* CPU #0: thread_id=[0-9]+\n", client.ask("info cpus")), "no CPU 0")
    check(re.fullmatch(r"Baya [0-9.]+\n", client.ask("info version")), "no version")
    for words in ("info mtree -f", "info block -v"):
        check(client.ask(words) == client.ask(words[:-3]) != "", words)
    check(client.ask("help stop").split() == "stop stop the machine".split(), "help of a command")
    check(client.ask("help no").startswith("no command 'no'"), "help of what does not exist")
    check(client.ask("x" * 255).startswith("no command 'xxx"), "the longest line")
    check(client.ask("x" * 100000) == "the line is too long\n", "a line that is too long")
    check(client.ask("") == "" and client.ask("\0") == "", "lines without a word")


def socket_test(baya, folder, log):
    """A client is served, waits while another is connected, and can end the machine."""
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


def read_to(there, end):
    said = b""
    while not said.endswith(end):
        data = there.recv(1)
        check(data, "it hung up after %r" % said)
        said += data
    return said


def telnet(baya, _, log):
    """A telnet client's keys come one by one, with its commands between; each is shown."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "monitor")
        words = [baya, *FROZEN, "-monitor", "unix:%s,server=on,wait=off,telnet=on" % path]
        with Machine(words, log) as machine, connect(path) as there:
            there.settimeout(PATIENCE)
            there.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            prompt = PROMPT.encode()
            greeting = read_to(there, prompt)
            check(greeting.startswith(TELNET) and b"commands\r\n" in greeting, str(greeting))
            for byte in TELNET_WORDS + b"info statusx\x7f":
                there.sendall(bytes([byte]))
            check(read_to(there, b"x\b \b") == b"info statusx\b \b", "what is typed is not shown")
            for end in (b"\r\0", b"\r\n", b"\r", b"\n"):
                there.sendall(end)
                check(read_to(there, prompt).startswith(b"\r\nVM status: paused\r\n"),
                      "another answer")
                there.sendall(b"info status")
                check(read_to(there, b"info status") == b"info status", "an answer too many")
            there.sendall(b"\x7f" * 300 + b"quit\r")
            machine.wait(0)


if __name__ == "__main__":
    main({"socket": socket_test, "telnet": telnet})
