# SPDX-License-Identifier: MIT
"""
roms/demo as a newcomer types it: Debian's Weston in the bundled guest, in Baya's window, typed into
and closed. Its packages are fetched into FOLDER/demo once.
"""

import os
import select
import subprocess

from fixtures.console import Machine, Skipped, check, main
from fixtures.desktop import (HEIGHT, SIZE, WIDTH, Desktop, await_window, press_close, type_keys,
                              until, window_pixels)

DEMO = os.path.join(os.path.dirname(__file__), "../../roms/demo")
BACKGROUND = bytes((0x20, 0x50, 0x60))  # in roms/guest/demo


def fetch(baya, folder):
    """All that the demo needs, or a reason why not."""
    os.environ["BAYA"] = baya
    os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "demo")
    done = subprocess.run([DEMO, "-machine", "help"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 3:
        raise Skipped(done.stderr.strip())
    check(done.returncode == 0, "roms/demo: " + done.stderr)


def answers(machine):
    """
    Type a command at Weston's terminal; whether it ran. Before it is shown, it has no keys, and it
    may get a part of the line: no part of this one is left open, as one with brackets would be.
    """
    type_keys("echo keys 42 >/dev/ttyS0")
    while select.select([machine.process.stdout], [], [], 5)[0] and machine.read():
        if b"keys 42" in machine.seen:
            return True
    return False


def desktop_test(baya, folder, log):
    """Weston's desktop is there, its terminal takes keys, closing the window ends it well."""
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
