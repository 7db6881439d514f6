# SPDX-License-Identifier: MIT
"""Ports of virtio-serial, as Linux' own driver brings them up, and programs at both their ends."""

import contextlib
import hashlib
import os
import socket
import struct
import subprocess
import tempfile
import threading
import time

from bundled import PROMPT, await_shell, power_off
from console import PATIENCE, Machine, check, main
from desktop import Desktop, need, run, until

NAMES = "for n in 1 2 3; do cat /sys/class/virtio-ports/vport0p$n/name; done"
PORT = "/dev/vport0p1"
SOURCE = "/bin/busybox"  # about two megabytes


class Peer(threading.Thread):
    """Connects, says `greeting`, and takes `count` bytes, slowly at first."""

    def __init__(self, path, greeting, count):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.socket.sendall(greeting)
        self.count = count
        self.got = bytearray()

    def run(self):
        while len(self.got) < self.count:
            time.sleep(0.01 if len(self.got) < 1 << 18 else 0)
            data = self.socket.recv(4096 if len(self.got) < 1 << 18 else 1 << 16)
            if not data:
                break
            self.got += data

    def finish(self):
        self.join(PATIENCE)
        self.socket.close()
        return bytes(self.got)


def ports(baya, _, log, transport, engine):
    """Names and nodes; a socket both ways, more than fits anywhere; a file; a second console."""
    with tempfile.TemporaryDirectory() as folder:
        path, copy = folder + "/s", folder + "/copy"
        line = [baya, "--engine=" + engine, "-device", "virtio-serial-" + transport,
                "-chardev", "socket,id=s,path=%s,server=on,wait=off" % path,
                "-device", "virtserialport,chardev=s,name=org.test.socket",
                "-chardev", "file,id=f,path=" + copy,
                "-device", "virtserialport,chardev=f,name=org.test.file,nr=3",
                "-chardev", "null,id=n", "-device", "virtconsole,chardev=n",
                "-device", "virtserialport,chardev=t,name=org.test.second",
                "-chardev", "socket,id=t,path=%s/t,server=on,wait=off" % folder]
        with Machine(line, log) as machine:
            await_shell(machine)
            check(machine.command(NAMES, PROMPT).split() ==
                  ["org.test.socket", "org.test.second", "org.test.file"], "other names")
            machine.command("echo to file >/dev/vport0p3; echo lost >/dev/hvc1", PROMPT)
            want, count = machine.command("md5sum <%s; wc -c <%s" % (SOURCE, SOURCE),
                                          PROMPT).replace("-", "").split()
            peer = Peer(path, b"from the host\n", int(count))
            check(machine.command("head -n 1 " + PORT, PROMPT) == "from the host\n", "greeting")
            peer.start()
            machine.command("cat %s >%s" % (SOURCE, PORT), PROMPT)
            check(hashlib.md5(peer.finish()).hexdigest() == want, "other bytes arrived")
            again = Peer(path, b"again\n", 6)
            check(machine.command("head -n 1 " + PORT, PROMPT) == "again\n", "the next peer")
            again.start()
            machine.command("echo back! >" + PORT, PROMPT)
            check(again.finish() == b"back!\n", "the next peer's answer")
            power_off(machine)
        with open(copy, encoding="ascii") as file:
            check(file.read() == "to file\n", "the file")
        check(not os.path.exists(path), "the socket is still there")


def size(baya, _, log):
    """A virtio console knows how large the terminal is, and when that changes."""
    with tempfile.TemporaryDirectory() as folder:
        flag = folder + "/flag"
        script = ("stty rows 33 cols 101; (until [ -e %s ]; do sleep 0.2; done; "
                  "stty rows 44 cols 120 </dev/tty) & exec %s -serial null -append console=hvc1 "
                  "-device virtio-serial-device -device virtconsole" % (flag, baya))
        with Machine(["script", "-qec", script, "/dev/null"], log) as machine:
            await_shell(machine)
            check(machine.command("stty size", PROMPT).split() == ["33", "101"], "another size")
            open(flag, "w", encoding="ascii").close()
            machine.command("until stty size | grep '44 120'; do sleep 0.2; done", PROMPT)
            power_off(machine)


# Messages of SPICE's agent.
CLIPBOARD, CAPABILITIES, GRAB, REQUEST = 4, 6, 7, 8
BOTH = struct.pack("<I", 1 << 5 | 1 << 6)  # by demand, with a selection
TEXT = struct.pack("<II", 0, 1)
COPY = ["xclip", "-selection", "clipboard"]


def message(kind, data):
    """In one chunk."""
    return (struct.pack("<II", 1, 20 + len(data)) + struct.pack("<IIQI", 1, kind, 0, len(data)) +
            data)


def tell(machine, kind, data):
    """By the shell of the guest."""
    text = "".join("\\%03o" % byte for byte in message(kind, data))
    for start in range(0, len(text), 120):
        machine.command("printf '%s' >>m" % text[start:start + 120], PROMPT)
    machine.command("cat m >&3; rm m", PROMPT)


def hear(machine, kind, data):
    """What it gets must be this."""
    want = message(kind, data)
    said = machine.command("dd bs=1 count=%d <&3 2>/dev/null | od -An -v -tx1" % len(want), PROMPT)
    check(bytes.fromhex(said) == want, "another message: " + said)


def clipboard(baya, _, log):
    """Text copied in the guest is pasted on the host, and the other way."""
    need({"xclip": "xclip"})
    line = [baya, "-display", "sdl", "-device", "virtio-serial-device",
            "-chardev", "qemu-vdagent,id=vd,name=vdagent,clipboard=on",
            "-device", "virtserialport,chardev=vd,name=com.redhat.spice.0"]
    with Desktop(), Machine(line, log) as machine:
        await_shell(machine)
        machine.command("exec 3<>" + PORT, PROMPT)
        hear(machine, CAPABILITIES, struct.pack("<I", 1) + BOTH)
        tell(machine, CAPABILITIES, struct.pack("<I", 0) + BOTH)
        tell(machine, GRAB, TEXT)
        hear(machine, REQUEST, TEXT)
        tell(machine, CLIPBOARD, TEXT + "from the g\u00fcest".encode())
        until(lambda: run(*COPY, "-o") == "from the g\u00fcest".encode(), "nothing to paste")
        subprocess.run(COPY + ["-i"], input="from the h\u00f6st".encode(), check=True)
        hear(machine, GRAB, TEXT)
        tell(machine, REQUEST, TEXT)
        hear(machine, CLIPBOARD, TEXT + "from the h\u00f6st".encode())
        power_off(machine)


def carry(source, target, text):
    """Copy on a display what is to be pasted on another; an agent that starts sees only news."""
    def arrives():
        subprocess.run(COPY + ["-i", "-display", source], input=text, check=True)
        time.sleep(1)
        return run(*COPY, "-o", "-display", target) == text
    until(arrives, "it cannot be pasted: " + target)


def agent(baya, _, log):
    """Debian's own agent: the guest only passes its bytes on, from a second port."""
    need({"xclip": "xclip", "spice-vdagentd": "spice-vdagent", "spice-vdagent": "spice-vdagent"})
    with tempfile.TemporaryDirectory() as folder, Desktop():
        host = os.environ["DISPLAY"]
        line = [baya, "-display", "sdl", "-device", "virtio-serial-device",
                "-chardev", "qemu-vdagent,id=vd,name=vdagent,clipboard=on",
                "-device", "virtserialport,chardev=vd,name=com.redhat.spice.0",
                "-chardev", "socket,id=b,path=%s/b,server=on,wait=off" % folder,
                "-device", "virtserialport,chardev=b,name=bridge"]
        with Machine(line, log) as machine, contextlib.ExitStack() as stack:
            await_shell(machine)
            machine.command("exec 3<>%s 4<>/dev/vport0p2" % PORT, PROMPT)
            machine.command("cat <&3 >&4 &", PROMPT)
            machine.command("while sleep 1; do cat <&4 >&3; done &", PROMPT)
            stack.enter_context(Desktop())
            guest = os.environ["DISPLAY"]
            for words in (["spice-vdagentd", "-x", "-X", "-f", "-u", "/dev/null"],
                          ["spice-vdagent", "-x"]):
                words += ["-s", folder + "/b", "-S", folder + "/session"]
                daemon = subprocess.Popen(["timeout", "-k", "1", "900", *words],
                                          stderr=subprocess.DEVNULL)
                stack.callback(daemon.wait)
                stack.callback(daemon.terminate)
                until(lambda: os.path.exists(folder + "/session"), "the agent does not start")
            carry(guest, host, b"of the guest")
            carry(host, guest, "of the h\u00f6st ".encode() * 20000)


main({"ports": ports, "size": size, "clipboard": clipboard, "agent": agent})
