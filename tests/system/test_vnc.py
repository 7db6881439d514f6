# SPDX-License-Identifier: MIT
"""
Tests viewers by VNC: TigerVNC's under Xvfb, which must show what the guest drew and whose keys and
pointer must reach the guest, and vncsnapshot at the same time. Tests also the guard pages around
guest RAM and stacks.
"""

import os
import signal
import socket
import struct
import subprocess
import time

from fixtures.bundled import PROMPT, await_shell, booted, power_off
from fixtures.console import PATIENCE, Machine, check, main, need
from fixtures.desktop import (HEIGHT, WIDTH, Desktop, await_pixels, await_window, check_keys,
                              check_pointer, devices, draw, drawn, end_repeats, run, screendump, until,
                              unwatch, watch, xdotool)

VIEWER = ["timeout", "-k", "1", "900", "xtigervncviewer", "-AutoSelect=0", "-NoJPEG=1",
          "-FullColor=1", "-PreferredEncoding=ZRLE", "-ReconnectOnError=0",
          "-AlertOnFatalError=0"]
PASSWORD = "weaver"


class Viewer:
    """TigerVNC's viewer, which is ended on leaving."""

    def __init__(self, place, log, *options):
        self.log = open(log + ".viewer", "wb")
        environment = dict(os.environ, VNC_USERNAME="", VNC_PASSWORD=PASSWORD)
        self.process = subprocess.Popen([*VIEWER, *options, place], env=environment,
                                        stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def own_address():
    """Returns a loopback address that belongs to this process alone: its ports are free, and no
    other test can use them before the machine does."""
    process = os.getpid()
    return "127.%d.%d.%d" % (64 + (process >> 16 & 63), process >> 8 & 255, process & 255)


def check_places(machine):
    """Checks that a key is sent by its position on the keyboard, whatever character it has in the
    viewer's layout; here the key to the right of the left shift key."""
    run("setxkbmap", "de")
    watch(machine, 0)
    xdotool("key", 52)
    unwatch(machine, "\\b1 44 0")


def viewer_test(baya, folder, log, screen):
    """Types, points and compares the picture, with a password from a file."""
    need({"xtigervncviewer": "tigervnc-viewer"})
    picture = log + ".ppm"
    place = own_address() + ":1"
    secret = log + ".secret"
    with open(secret, "w", encoding="ascii") as file:
        file.write(PASSWORD + "\n")
    with Desktop(), Machine([baya, "-vnc", place + ",password-secret=s", "-object",
                             "secret,id=s,file=" + secret, "-name", "Test", *devices(screen)],
                            log) as machine:
        await_shell(machine)
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        with Viewer(place, log):
            window = await_window("Test - TigerVNC")
            check_keys(machine)
            check_pointer(machine, window)
            check_places(machine)
            draw(machine)
            expected = (WIDTH, HEIGHT, drawn(WIDTH * HEIGHT))
            until(lambda: screendump(machine, picture) == expected,
                  "screendump is not what was drawn")
            await_pixels(window, expected, "the viewer is not shown what was drawn")
        power_off(machine)


class Typist:
    """A viewer that sends characters without key codes, as noVNC does in some browsers. It
    disconnects on leaving."""

    def __init__(self, address, port):
        self.socket = socket.create_connection((address, port))
        self.socket.settimeout(PATIENCE)

    def __enter__(self):
        for size, answer in ((12, b"RFB 003.008\n"), (2, b"\1"), (4, b"\1"), (24, b"")):
            got = self.socket.recv(size, socket.MSG_WAITALL)
            check(len(got) == size, "the server's greeting ends after " + repr(got))
            self.socket.send(answer)
        return self

    def __exit__(self, *_):
        self.socket.close()

    def type(self, keysym):
        """Presses a key and releases it, by RFB's KeyEvent (RFC 6143, section 7.5.4)."""
        self.socket.send(b"".join(struct.pack(">BBHI", 4, down, 0, keysym) for down in (1, 0)))


def layout_test(baya, folder, log):
    """Checks that characters are typed by the keys that the layout of -k has for them."""
    address = own_address()
    with booted([baya, "-vnc", address + ":1", "-k", "de"], log) as machine:
        end_repeats(machine)
        watch(machine, 0)
        with Typist(address, 5901) as viewer:
            for keysym, codes in ((ord("y"), [44]), (ord("z"), [21]), (0xe4, [40]), (0xf6, [39]),
                                  (ord("-"), [53]), (ord("/"), [42, 8]), (ord("@"), [100, 16])):
                viewer.type(keysym)
                for code in codes:
                    machine.expect("\\b1 %d 1\r*\n" % code, never="\\b1 [0-9]* 1\r*\n")
        unwatch(machine, "\\b1 16 0")


def several_test(baya, folder, log):
    """Connects a viewer of another kind at the same time; viewers may disconnect before the machine
    ends."""
    need({"xtigervncviewer": "tigervnc-viewer", "vncsnapshot": "vncsnapshot"})
    place = own_address() + ":1"
    with Desktop(), Machine([baya, "-display", "vnc=" + place, "-name", "Test",
                             *devices("virtio-gpu-device")], log) as machine:
        await_shell(machine)
        with Viewer(place, log):
            await_window("Test - TigerVNC")
            run("vncsnapshot", "-quality", "100", place, log + ".jpg")
            size = run("identify", "-format", "%wx%h", log + ".jpg").decode()
            check(size == "%dx%d" % (WIDTH, HEIGHT), "vncsnapshot took %s" % size)
            check_keys(machine)
        power_off(machine)


def taken_test(baya, folder, log):
    """Checks the message about a port that is in use, which names it and the option for another;
    the machine runs without VNC."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Machine([baya, "-vnc", ":%d" % (port - 5900)], log) as machine:
            machine.expect("no viewers: port %d of 127.0.0.1 is taken already; choose another "
                           "with -display vnc=:N, .*; the machine runs without\r*\n" % port)
            await_shell(machine)
            power_off(machine)


def greeting_test(baya, folder, log):
    """Checks that the first shell of each terminal writes the greeting, whichever comes first, and
    that later shells do not."""
    with Machine([baya, "-vnc", own_address() + ":1"], log) as machine:
        machine.expect("Baya's guest: Linux", never=PROMPT)
        machine.expect(PROMPT)
        machine.command("until [ -e /run/greeted/dev/tty1 ]; do usleep 10000; done", PROMPT)
        machine.type("exit\n")
        machine.expect(PROMPT, never="Baya's guest: Linux")
        power_off(machine)


def gone_test(baya, folder, log):
    """Tests clients that send a byte and disconnect: a later client is greeted, and Baya ends when
    it is told to."""
    address = own_address()
    with Machine([baya, "-vnc", address + ":1"], log) as machine:
        await_shell(machine)
        for _ in range(3):
            with socket.create_connection((address, 5901)) as peer:
                time.sleep(0.03)
                peer.send(b"R")
        with socket.create_connection((address, 5901)) as peer:
            peer.settimeout(PATIENCE)
            check(peer.recv(12) == b"RFB 003.008\n", "a later viewer is not greeted")
        machine.process.terminate()
        machine.wait(-signal.SIGTERM)


def mappings(process):
    """Yields (first address, end address, permissions, name) of each mapping, in order."""
    with open("/proc/%d/maps" % process, encoding="ascii") as maps:
        for line in maps:
            words = line.split()
            first, behind = (int(word, 16) for word in words[0].split("-"))
            yield first, behind, words[1], words[5] if len(words) > 5 else ""


def is_guarded(found, begin, end):
    """Returns whether all addresses from begin to end belong to mappings without any permission."""
    for first, behind, rights, _ in found:
        if first <= begin < behind and rights.startswith("---"):
            begin = behind
    return begin >= end


def check_stacks(process, found, guard):
    """Checks that there are guard pages below the stacks of all waiting threads except the main
    one; returns the number of these threads."""
    stacks = 0
    for thread in os.listdir("/proc/%d/task" % process):
        with open("/proc/%d/task/%s/syscall" % (process, thread), encoding="ascii") as call:
            words = call.read().split()
        if int(thread) == process or len(words) < 3:
            continue
        pointer = int(words[-2], 16)
        stack = next(first for first, behind, _, _ in found if first <= pointer < behind)
        check(is_guarded(found, stack - guard, stack), "a stack without a guard")
        stacks += 1
    return stacks


def guards_test(baya, folder, log):
    """Checks that guest RAM has guard pages around it, and each thread's stack below it."""
    guard, address = 64 << 10, own_address()
    memory = 192 << 20  # bytes; no other mapping has this size
    with booted([baya, "-m", "192M", "-vnc", address + ":1"], log) as machine:
        with socket.create_connection((address, 5901)) as viewer:
            check(len(viewer.recv(12)) == 12, "nobody greets")
            process = machine.process.pid
            found = list(mappings(process))
            rams = [(first, behind) for first, behind, _, name in found
                    if name.startswith("/memfd:") or behind - first == memory]
            check(any(behind - first == memory for first, behind in rams), "there is no RAM")
            for first, behind in rams:
                check(is_guarded(found, first - guard, first) and
                      is_guarded(found, behind, behind + guard), "RAM without guards")
            until(lambda: check_stacks(process, found, guard) >= 2, "the threads were not found")


if __name__ == "__main__":
    main({"viewer": viewer_test, "layout": layout_test, "several": several_test, "taken": taken_test,
          "gone": gone_test, "greeting": greeting_test,
          "guards": guards_test})
