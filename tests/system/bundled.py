# SPDX-License-Identifier: MIT
"""The guest that `baya` boots when it is told nothing: how to await its shell and end it."""

import os

from console import check

ROMS = os.path.join(os.path.dirname(__file__), "..", "..", "roms")
PROMPT = r"baya:\S*# "
TROUBLE = r"Kernel panic|Oops|BUG:|WARNING:|can't access tty"


def await_shell(machine, harts="1"):
    machine.expect(PROMPT, never=TROUBLE)
    print("%.1f s to the shell" % machine.seconds)
    check(machine.command("nproc", PROMPT) == harts + "\n", "not all harts are online")


def await_power_key(machine):
    """Until somebody in the guest listens to the power key."""
    machine.command("until [ -e /run/acpid.pid ]; do usleep 10000; done", PROMPT)


def power_off(machine):
    machine.type("poweroff\n")
    await_end(machine)


def await_end(machine):
    machine.expect("reboot: Power down", never=TROUBLE)
    machine.wait(0)
