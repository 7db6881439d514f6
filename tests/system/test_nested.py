# SPDX-License-Identifier: MIT
"""
Tests a machine in the machine: the bundled guest, whose kernel has KVM, boots its own kernel and
files again by the command `nest`. This needs the H extension.
"""

import contextlib
import gzip
import os
import re

from fixtures.bundled import PROMPT, ROMS, TROUBLE, await_shell, power_off
from fixtures.console import Machine, check, main

SECTOR = 512
INNER = ("Machine model: baya,vmm", "SBI implementation ID=0x3", "run: exit status 7")


def kernel_disk(folder, label):
    """Makes the disk from which `nest` reads the kernel, the bundled one; returns its path."""
    path = os.path.join(folder, "kernel_%s.img" % label)
    with gzip.open(os.path.join(ROMS, "Image.gz")) as packed, open(path, "wb") as disk:
        kernel = packed.read()
        disk.write(kernel + bytes(-len(kernel) % SECTOR))
    return path


@contextlib.contextmanager
def started(baya, folder, log, *options):
    """Yields a machine that is at its shell, with a kernel for the nested one on its disk."""
    disk = kernel_disk(folder, os.path.basename(log))
    with Machine([baya, *options, "-drive", "file=%s,format=raw,if=virtio" % disk],
                 log) as machine:
        await_shell(machine)
        check("hypervisor extension available" in machine.command("dmesg | grep kvm", PROMPT),
              "the kernel finds no H extension")
        yield machine
    os.remove(disk)


def run_status(machine):
    """Runs a command in the inner guest; checks its output, and its exit status through both
    machines."""
    seen = machine.command("nest 'run=\"nproc; exit 7\"'", PROMPT)
    print("%.1f s to the end of the inner machine" % machine.seconds)
    check(not re.search(TROUBLE, seen), "the inner kernel complained")
    for text in INNER:
        check(text in seen, "the inner machine did not say '%s'" % text)
    check(machine.command("echo $?", PROMPT) == "7\n", "the exit status was lost")


def status(baya, folder, log, engine):
    with started(baya, folder, log, "--engine=" + engine) as machine:
        run_status(machine)
        power_off(machine)


def aia(baya, folder, log, engine):
    """Checks that KVM uses AIA for an inner hart's interrupts if the machine has it."""
    with started(baya, folder, log, "--engine=" + engine, "-M",
                 "virt,aia=aplic-imsic,aia-guests=1") as machine:
        check("AIA available" in machine.command("dmesg | grep kvm", PROMPT), "KVM sees no AIA")
        run_status(machine)
        power_off(machine)


def shell(baya, folder, log, engine):
    """Runs a shell in the inner guest, with a console of its own; then powers the inner guest
    off."""
    with started(baya, folder, log, "--engine=" + engine) as machine:
        machine.type("nest\n")
        machine.expect("Machine model: baya,vmm", never=TROUBLE)
        await_shell(machine)
        check("hvc0" in machine.command("tty", PROMPT), "another console")
        check(machine.command("echo $((6 * 7))", PROMPT) == "42\n", "the shell cannot reckon")
        machine.type("poweroff\n")
        machine.expect("reboot: Power down", never=TROUBLE)
        machine.expect(PROMPT, never=TROUBLE)
        check(machine.command("echo $?", PROMPT) == "0\n", "the exit status was lost")
        power_off(machine)


if __name__ == "__main__":
    main({"aia": aia, "shell": shell, "status": status})
