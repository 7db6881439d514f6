# SPDX-License-Identifier: MIT
"""The bundled guest, as `baya` alone boots it: in each tier, on more harts, twice, on command."""

import gzip
import os

from bundled import PROMPT, ROMS, TROUBLE, await_shell, power_off
from console import Machine, Skipped, check, main

FW_JUMP = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin"
PAYLOAD_OFFSET = 2 << 20


def shell(baya, _, log, engine, harts):
    """A shell that answers."""
    with Machine([baya, "--engine=" + engine, "-smp", harts], log) as machine:
        await_shell(machine, harts)
        check(machine.command("echo $((6 * 7))", PROMPT) == "42\n", "the shell cannot reckon")
        power_off(machine)


def alone(baya, _, log):
    """No option at all, and a reboot by the guest."""
    with Machine([baya], log) as machine:
        await_shell(machine)
        machine.type("reboot\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        await_shell(machine)
        power_off(machine)


def status(baya, _, log):
    """The exit code of a command in the guest is Baya's: run= of the guest's init."""
    for command, text, code in (("uname -m", "riscv64", 0), ("exit 3", "exit status 3", 1)):
        append = 'console=ttyS0 run="%s"' % command
        with Machine([baya, "-append", append, "-nographic"], log) as machine:
            machine.expect(text, never=TROUBLE)
            machine.wait(code)


def payload(baya, folder, log):
    """Firmware and kernel in one image, as OpenSBI's fw_payload is: no -kernel, so no root either."""
    if not os.path.exists(FW_JUMP):
        raise Skipped("the package opensbi is not installed")
    image = os.path.join(folder, "fw_payload.bin")
    with open(image, "wb") as out, open(FW_JUMP, "rb") as firmware, \
            gzip.open(os.path.join(ROMS, "Image.gz")) as kernel:
        out.write(firmware.read().ljust(PAYLOAD_OFFSET, b"\0") + kernel.read())
    with Machine([baya, "-m", "256M", "-bios", image, "-nographic"], log) as machine:
        machine.expect("OpenSBI v")
        machine.expect("Linux version")
        machine.expect("Unable to mount root fs")
        machine.wait(6)


if __name__ == "__main__":
    main({"payload": payload, "shell": shell, "alone": alone, "status": status})
