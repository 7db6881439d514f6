# SPDX-License-Identifier: MIT
"""
Tests roms/demo as a newcomer uses it: Debian's Weston in the bundled guest, in Baya's window, which
is typed into and closed. The demo's packages are fetched into FOLDER/demo once.
"""

import os
import select
import subprocess

from fixtures.console import Machine, Skipped, check, main
from fixtures.desktop import (HEIGHT, SIZE, WIDTH, Desktop, await_window, press_close, type_keys,
                              until, window_pixels)

DEMO = os.path.join(os.path.dirname(__file__), "../../roms/demo")
BACKGROUND = bytes((0x20, 0x50, 0x60))  # the color in roms/guest/demo


def fetch(baya, folder):
    """Fetches all packages that the demo needs. Raises Skipped if they cannot be had."""
    os.environ["BAYA"] = baya
    os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "demo")
    done = subprocess.run([DEMO, "-machine", "help"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 3:
        raise Skipped(done.stderr.strip())
    check(done.returncode == 0, "roms/demo: " + done.stderr)


def answers(machine):
    """
    Types a command into Weston's terminal; returns whether it ran. Before the terminal is shown, it
    gets no keys, or only a part of the line. The command is one whose parts are complete: one with
    brackets could leave the shell waiting for more input.
    """
    type_keys("echo keys 42 >/dev/ttyS0")
    while select.select([machine.process.stdout], [], [], 5)[0] and machine.read():
        if b"keys 42" in machine.seen:
            return True
    return False


def desktop_test(baya, folder, log):
    """Checks that Weston's desktop appears, that its terminal gets keys, and that closing the
    window ends the demo without an error."""
    fetch(baya, folder)
    with Desktop(), Machine([DEMO, "-device", "virtio-gpu-device" + SIZE, "-device",
                             "virtio-keyboard-device", "-device", "virtio-tablet-device"],
                            log) as machine:
        machine.expect("Weston is up: ")
        window = await_window("Baya")

        def shown():
            width, height, pixels = window_pixels(window)
            corner = (width * (height - 1)) * 3
            return (width, height) == (WIDTH, HEIGHT) and pixels[corner:corner + 3] == BACKGROUND
        until(shown, "there is no desktop")
        machine.expect("The terminal is up")
        until(lambda: answers(machine), "the terminal does not answer")
        press_close(window)
        machine.expect("run: exit status 0")
        machine.wait(0)


if __name__ == "__main__":
    main({"desktop": desktop_test})
