# SPDX-License-Identifier: MIT
"""Tests serial ports: those of virtio-serial with Linux's own driver, and programs at both their
ends; the UART with breaks, ptys and telnet; and the clipboard."""

import contextlib
import hashlib
import itertools
import os
import select
import socket
import struct
import subprocess
import tempfile
import threading
import time

from fixtures.bundled import PROMPT, await_shell, booted, power_off
from fixtures.console import PATIENCE, Machine, check, main, need
from fixtures.desktop import Desktop, await_window, devices, run, until
from fixtures.qmp import Qmp
from fixtures.listener import TELNET, TELNET_WORDS
from test_vnc import Viewer, own_address

NAMES = "for n in 1 2 3; do cat /sys/class/virtio-ports/vport0p$n/name; done"
PORT = "/dev/vport0p1"
SOURCE = "/bin/busybox"  # about two megabytes


def line_break(baya, _, log):
    """
    Checks that Linux's driver counts the breaks that the terminal, the monitor and a program send,
    and that it receives what is typed after them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/qmp"
        with booted([baya, "-qmp", "unix:%s,server,nowait" % path], log) as machine, \
                Qmp(path) as client:
            def by_monitor():
                check(client.human("chardev-send-break serial0") == "", "the monitor answers")

            senders = [lambda: machine.type("\x01b"), lambda: machine.type("\x01b"), by_monitor,
                       lambda: client.ask("chardev-send-break", id="serial0")]
            for count, send in enumerate(senders, 1):
                send()
                machine.type("\n")
                machine.expect(PROMPT)
                until(lambda: "brk:%d" % count in
                      machine.command("cat /proc/tty/driver/serial", PROMPT),
                      "the driver has not counted %d breaks" % count)
            check("no port 'x'" in client.human("chardev-send-break x"), "there is a port x")


class Peer(threading.Thread):
    """Connects to a port, sends `greeting`, and receives `count` bytes, slowly at first."""

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
    """Tests names and device nodes, a socket in both directions with more data than all buffers
    hold, a file, and a second console."""
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
        with booted(line, log) as machine:
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
        with open(copy, encoding="ascii") as file:
            check(file.read() == "to file\n", "the file")
        check(not os.path.exists(path), "the socket is still there")


class Terminal:
    """The other end of a pty, as a terminal program opens it."""

    def __init__(self, machine, label):
        text = machine.expect(r" \(label %s\)" % label)
        self.name = text.split("char device redirected to ")[-1]
        self.fd = -1

    def open(self):
        self.fd = os.open(self.name, os.O_RDWR | os.O_NOCTTY)

    def close(self):
        os.close(self.fd)

    def read(self, count):
        got = bytearray()
        while len(got) < count:
            check(select.select([self.fd], [], [], PATIENCE)[0], "silence of the pty")
            data = os.read(self.fd, count - len(got))
            check(data, "the pty is hung up")
            got += data
        return bytes(got)

    def expect(self, text):
        got = b""
        while not got.endswith(text):
            got += self.read(1)
        return got


def pty_line(baya, *options):
    return [baya, "-device", "virtio-serial-device", "-device", "virtserialport,chardev=p,name=x",
            "-chardev", "pty,id=p", *options]


def pty(baya, _, log):
    """Checks that the guest's echo of data by a pty is exact: all byte values, much data at once,
    and after the pty was closed and opened again."""
    with Machine(pty_line(baya), log) as machine:
        end = Terminal(machine, "p")
        await_shell(machine)
        machine.type("\x01cinfo chardev\n")
        machine.expect("p: pty %s, not connected" % end.name)
        machine.type("\x01c\n")
        machine.expect(PROMPT)
        machine.command("exec 3<>%s; while :; do cat <&3 >&3; sleep 0.1; done &" % PORT, PROMPT)
        for data in (bytes(range(256)), os.urandom(1 << 18)):
            end.open()
            writer = threading.Thread(target=os.write, args=(end.fd, data), daemon=True)
            writer.start()
            check(end.read(len(data)) == data, "other bytes came back")
            writer.join(PATIENCE)
            end.close()
        end.open()
        os.write(end.fd, b"one line\n")
        check(end.expect(b"\n") == b"one line\n", "another line")
        machine.command("kill %1; wait; exec 3>&-", PROMPT)
        machine.command("until echo late >%s; do sleep 0.1; done" % PORT, PROMPT)
        check(end.expect(b"\n") == b"late\n", "what the guest says on its own")
        end.close()
        machine.command("while sleep 0.1; do head -n 1 <%s; done &" % PORT, PROMPT)
        end.open()  # as `echo >/dev/pts/N` does: open, write and close at once
        os.write(end.fd, b"and gone\n")
        end.close()
        machine.expect("and gone")
        power_off(machine)


def serial_pty(baya, _, log):
    """Uses the shell on a pty, which is closed and opened again, with no process at its other end
    between."""
    line = [baya, "-serial", "pty", "-monitor", "none"]
    with Machine(line, log) as machine:
        end = Terminal(machine, "serial0")
        end.open()
        end.expect(b"baya:~# ")
        for n in range(2):
            os.write(end.fd, b"echo $((%d + 41))\n" % n)
            end.expect(b"%d\r\n" % (n + 41))
            end.expect(b"baya:~# ")
            end.close()
            end.open()
        os.write(end.fd, b"poweroff\n")
        machine.wait(0)
        end.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as there:
        return there.getsockname()[1]


def telnet(baya, _, log):
    """Uses the shell by telnet, whose commands are removed from the data, and whose data has all
    byte values."""
    port = free_port()
    line = [baya, "-serial", "telnet:127.0.0.1:%d,server" % port, "-monitor", "none"]
    with Machine(line, log) as machine:
        machine.expect("waiting for a connection at 127.0.0.1:%d" % port)
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as there:
            def read_to(end, said=b""):
                while not said.endswith(end):
                    data = there.recv(1)
                    check(data, "it hung up after %r" % said)
                    said += data
                return said
            check(read_to(b"baya:~# ").startswith(TELNET), "no greeting of telnet's")
            there.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in TELNET_WORDS[:9] + b"echo $((41" + TELNET_WORDS + b" + 1))\r":
                there.sendall(bytes([byte]))
            check(b"42\r\n" in read_to(b"baya:~# "), "no answer")
            there.sendall(b"\xff\xf3\rgrep -o 'brk:.*' /proc/tty/driver/serial\r")
            read_to(b"brk:")  # the echo
            read_to(b"brk:1 ")
            read_to(b"baya:~# ")
            there.sendall(b"printf '\\377a\\377\\377b'; poweroff\r")
            read_to(b"\xff\xffa\xff\xff\xff\xffb")
            machine.wait(0)


def size(baya, _, log):
    """Checks that a virtio console reports the terminal's size, and its changes."""
    with tempfile.TemporaryDirectory() as folder:
        flag = folder + "/flag"
        script = ("stty rows 33 cols 101; (until [ -e %s ]; do sleep 0.2; done; "
                  "stty rows 44 cols 120 </dev/tty) & exec %s -serial null -append console=hvc1 "
                  "-device virtio-serial-device -device virtconsole" % (flag, baya))
        with booted(["script", "-qec", script, "/dev/null"], log) as machine:
            check(machine.command("stty size", PROMPT).split() == ["33", "101"], "another size")
            # The guest must run the loop before the size changes, as a shell's prompt would write
            # its line again.
            machine.type("until stty size | grep '44 120'; do echo another; sleep 0.2; done\n")
            machine.expect("\nanother")
            open(flag, "w", encoding="ascii").close()
            machine.expect("44 120\r*\n")
            machine.expect(PROMPT)


# Messages of SPICE's agent.
CLIPBOARD, CAPABILITIES, GRAB, REQUEST = 4, 6, 7, 8
BOTH = struct.pack("<I", 1 << 5 | 1 << 6)  # clipboard by demand, and with a selection
TEXT = struct.pack("<II", 0, 1)
COPY = ["xclip", "-selection", "clipboard"]


def message(kind, data):
    """Returns a message in one chunk."""
    return (struct.pack("<II", 1, 20 + len(data)) + struct.pack("<IIQI", 1, kind, 0, len(data)) +
            data)


def tell(machine, kind, data):
    """Sends a message from the guest, by its shell."""
    text = "".join("\\%03o" % byte for byte in message(kind, data))
    for start in range(0, len(text), 120):
        machine.command("printf '%s' >>m" % text[start:start + 120], PROMPT)
    machine.command("cat m >&3; rm m", PROMPT)


def hear(machine, kind, data):
    """Checks that the guest receives exactly this message."""
    want = message(kind, data)
    said = machine.command("dd bs=1 count=%d <&3 2>/dev/null | od -An -v -tx1" % len(want), PROMPT)
    check(bytes.fromhex(said) == want, "another message: " + said)


def clipboard(baya, _, log, display):
    """Checks that text copied in the guest can be pasted on the host, or in a viewer, and the other
    way."""
    need({"xclip": "xclip"})
    viewed = display == "vnc"
    place = own_address() + ":1"
    line = [baya, "-display", "vnc=" + place if viewed else display,
            *devices("virtio-gpu-device"), "-device", "virtio-serial-device",
            "-chardev", "qemu-vdagent,id=vd,name=vdagent,clipboard=on",
            "-device", "virtserialport,chardev=vd,name=com.redhat.spice.0"]
    with Desktop(), Machine(line, log) as machine, contextlib.ExitStack() as stack:
        await_shell(machine)
        if viewed:
            stack.enter_context(Viewer(place, log))
        await_window("Baya")
        machine.command("exec 3<>" + PORT, PROMPT)
        hear(machine, CAPABILITIES, struct.pack("<I", 1) + BOTH)
        tell(machine, CAPABILITIES, struct.pack("<I", 0) + BOTH)
        tell(machine, GRAB, TEXT)
        hear(machine, REQUEST, TEXT)
        tell(machine, CLIPBOARD, TEXT + "from the g\u00fcest \u20ac".encode())
        until(lambda: run(*COPY, "-o") == "from the g\u00fcest \u20ac".encode(), "nothing to paste")
        subprocess.run(COPY + ["-i"], input="from the h\u00f6st \u20ac".encode(), check=True)
        hear(machine, GRAB, TEXT)
        tell(machine, REQUEST, TEXT)
        hear(machine, CLIPBOARD, TEXT + "from the h\u00f6st \u20ac".encode())
        power_off(machine)


def carry(source, target, text):
    """
    Copies text on one display, and waits until it can be pasted on the other. An agent only notices
    changes after its start, so the text is copied again if it does not arrive. Each wait is longer
    than the one before, as copying again cancels the transfer that is under way.
    """
    end = time.monotonic() + PATIENCE
    for tries in itertools.count(1):
        subprocess.run(COPY + ["-i", "-display", source], input=text, check=True)
        for _ in range(10 * tries):
            if run(*COPY, "-o", "-display", target) == text:
                return
            time.sleep(0.1)
        check(time.monotonic() < end, "it cannot be pasted: " + target)


def agent(baya, _, log):
    """Tests with Debian's own agent, which runs on the host; the guest only passes its data on from
    one port to another."""
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


main({"ports": ports, "pty": pty, "serial_pty": serial_pty, "break": line_break, "size": size, "telnet": telnet,
       "clipboard": clipboard, "agent": agent})
