# SPDX-License-Identifier: MIT
"""Tests the socket device with Debian 13's own driver and its socat, with programs of the host at
the other end: connections both ways, much data, closing, and ports on which no program listens."""

import hashlib
import os
import random
import socket
import tempfile
import threading

from fixtures import debian_overlay
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.debian13 import CONSOLE, PROMPT, TROUBLE, await_shell, part, power_off

MODULES = ("vmw_vsock_virtio_transport",)
FILES = ("usr/lib/ld-linux-*", "usr/lib/*/*.so*", "usr/bin/socat*")


def noise(size):
    return random.Random(size).randbytes(size)


def call(path, port):
    """Connects to a port of the guest, as a program of the host does; returns the socket, and the
    device's answer."""
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(PATIENCE)
    peer.connect(path)
    peer.sendall(b"CONNECT %d\n" % port)
    said = b""
    while not said.endswith(b"\n"):
        byte = peer.recv(1)
        if not byte:
            break
        said += byte
    return peer, said


def listen(path, port):
    server = socket.socket(socket.AF_UNIX)
    server.settimeout(PATIENCE)
    server.bind("%s_%d" % (path, port))
    server.listen()
    return server


def read_all(peer):
    found = b""
    while True:
        more = peer.recv(65536)
        if not more:
            return found
        found += more


def echo(path, port, data):
    """Sends data, and receives at the same time; returns what the guest sent back."""
    peer, said = call(path, port)
    check(said.startswith(b"OK "), "told %r" % said)

    def send():
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    back = read_all(peer)
    sender.join()
    peer.close()
    return back


def from_host(machine, path):
    """Tests connections from programs of the host to the guest."""
    machine.command("socat VSOCK-LISTEN:1234,fork,backlog=64 EXEC:cat &", PROMPT)
    while not call(path, 1234)[1].startswith(b"OK "):
        pass  # the guest does not listen yet
    data = noise(2000000)
    check(echo(path, 1234, data) == data, "other bytes came back")
    for n in range(50):
        check(echo(path, 1234, b"line %d" % n) == b"line %d" % n, "connection %d" % n)
    peers = [call(path, 1234) for _ in range(20)]
    check(all(said.startswith(b"OK ") for _, said in peers), "not all were connected")
    for n, (peer, _) in enumerate(peers):
        peer.sendall(b"%02d" % n)
    for n, (peer, _) in enumerate(peers):
        check(peer.recv(2, socket.MSG_WAITALL) == b"%02d" % n, "mixed up")
        peer.close()
    check(call(path, 4321)[1] == b"", "somebody listens")
    for line in (b"HELLO\n", b"CONNECT x\n", b"CONNECT 4294967295\n", b"x" * 64):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(PATIENCE)
        peer.connect(path)
        peer.sendall(line)
        try:
            check(peer.recv(1) == b"", "an answer to %r" % line)
        except ConnectionResetError:
            pass  # the device closed the socket before it had read all
        peer.close()


def from_guest(machine, path):
    """Tests connections from the guest to programs of the host."""
    with listen(path, 77) as server:
        machine.type("socat -u FILE:noise VSOCK-CONNECT:2:77; echo sent $?\n")
        peer, _ = server.accept()
        peer.settimeout(PATIENCE)
        check(read_all(peer) == noise(1000000), "the host got other bytes")
        peer.close()
        machine.expect("sent 0", never=TROUBLE)
        machine.expect(PROMPT)
        machine.type("socat -u VSOCK-CONNECT:2:77 - | md5sum\n")
        peer, _ = server.accept()
        peer.sendall(noise(3000000))
        peer.close()
        machine.expect(hashlib.md5(noise(3000000)).hexdigest(), never=TROUBLE)
        machine.expect(PROMPT)
    said = machine.command("socat - VSOCK-CONNECT:2:78 </dev/null; echo $?", PROMPT)
    check("reset" in said and said.endswith("1\n"), "to a port of nobody: " + said)


def run(baya, folder, log, card, *options):
    with tempfile.TemporaryDirectory() as work:
        path = work + "/socket"
        initrd = debian_overlay.make(folder, "vsock.cpio", MODULES, ["socat"], FILES,
                                     {"noise": noise(1000000)})
        line = [baya, "-kernel", part(folder, "vmlinux"), "-initrd", initrd, "-append",
                CONSOLE, "-m", "512M", "-nographic", "-device",
                "virtio-vsock-%s,guest-cid=3,socket=%s" % (card, path), *options]
        with Machine(line, log) as machine:
            await_shell(machine, "1")
            from_host(machine, path)
            from_guest(machine, path)
            check(machine.command("dmesg | grep -Ec '%s'" % TROUBLE, PROMPT) == "0\n",
                  "the kernel complained")
            power_off(machine)
        check(not os.path.exists(path), "the socket was left")


def socat(baya, folder, log, card):
    run(baya, folder, log, card)


def compare(baya, folder, log):
    """Compares the run with a second machine, which gets the host's input from the journal and has
    no connection to the host."""
    run(baya, folder, log, "device", "--clock=virtual", "--compare")


def errors(baya, _, log):
    """Checks that a socket option that cannot work is reported in one line."""
    device = "virtio-vsock-device,"
    with tempfile.TemporaryDirectory() as work:
        with listen(work + "/socket", 1):
            lines = (
                ("guest-cid=3", 2, "needs guest-cid=N"),
                ("socket=x", 2, "needs guest-cid=N"),
                ("guest-cid=2,socket=x", 2, "guest-cid"),
                ("guest-cid=3,socket=/nowhere/x", 3, "No such file"),
                ("guest-cid=3,socket=" + "x" * 100, 3, "too long"),
                ("guest-cid=3,socket=%s/socket_1" % work, 3, "is taken"),
            )
            for words, code, text in lines:
                with Machine([baya, "-device", device + words], log) as machine:
                    machine.expect(text)
                    machine.wait(code)


if __name__ == "__main__":
    main({"socat": socat, "compare": compare, "errors": errors})
