# SPDX-License-Identifier: MIT
"""The guest that `baya` boots when it is told nothing: how to await its shell and end it."""

import os
import re

from console import check

ROMS = os.path.join(os.path.dirname(__file__), "..", "..", "roms")
PROMPT = r"baya:\S*# "
TROUBLE = r"Kernel panic|Oops|BUG:|WARNING:|can't access tty"
KERNEL_LINE = re.compile(r"^\[ *\d+\.\d{6}\] .*\n", re.MULTILINE)


def answer(machine, line):
    """What a command in the guest printed, without a line of the kernel's that came in between: on
    a busy host its scheduler complains at any time."""
    return KERNEL_LINE.sub("", machine.command(line, PROMPT))


def await_shell(machine, harts="1"):
    machine.expect(PROMPT, never=TROUBLE)
    print("%.1f s to the shell" % machine.seconds)
    check(answer(machine, "nproc") == harts + "\n", "not all harts are online")


def await_power_key(machine):
    """Until somebody in the guest listens to the power key."""
    machine.command("until [ -e /run/acpid.pid ]; do usleep 10000; done", PROMPT)


def power_off(machine):
    machine.type("poweroff\n")
    await_end(machine)


def await_end(machine):
    machine.expect("reboot: Power down", never=TROUBLE)
    machine.wait(0)
