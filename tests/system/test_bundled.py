# SPDX-License-Identifier: MIT
"""The bundled guest, as `baya` alone boots it: in each tier, on more harts, twice, on command."""

from bundled import PROMPT, TROUBLE, await_shell, power_off
from console import Machine, check, main


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


if __name__ == "__main__":
    main({"shell": shell, "alone": alone, "status": status})
