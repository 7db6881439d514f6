# SPDX-License-Identifier: MIT
"""Linux uses the hart's counters, through the firmware: a program in the bundled guest counts its
work by perf_event_open (perf.c), and is interrupted by overflows."""

import os
import shutil
import subprocess

from bundled import ROMS, TROUBLE
from console import Machine, Skipped, main

HERE = os.path.dirname(__file__)
GCC = "riscv64-unknown-elf-gcc"
FLAGS = "-march=rv64gc -mabi=lp64d -O2 -ffreestanding -nostdlib -static -Wall -Wextra".split()


def initrd_with_program(folder):
    """The bundled guest's files with /perf behind them."""
    if not shutil.which(GCC) or not shutil.which("cpio"):
        raise Skipped(GCC + " or cpio is not installed")
    place = os.path.join(folder, "perf")
    os.makedirs(place, exist_ok=True)
    subprocess.run([GCC, *FLAGS, os.path.join(HERE, "perf.c"), "-o", os.path.join(place, "perf")],
                   check=True)
    archive = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=place, input=b"perf\n",
                             check=True, capture_output=True).stdout
    image = os.path.join(folder, "perf.cpio")
    with open(image, "wb") as out, open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as guest:
        # An archive that is not compressed begins at a multiple of four.
        first = guest.read()
        out.write(first + b"\0" * (-len(first) % 4) + archive)
    return image


def counts(baya, folder, log, engine):
    """The counts are right, and an overflow every 100000 instructions is 20 interrupts."""
    line = [baya, "--engine=" + engine, "--clock=virtual", "-nographic",
            "-kernel", os.path.join(ROMS, "Image.gz"), "-initrd", initrd_with_program(folder),
            "-append", 'console=ttyS0 run="/perf && grep pmu /proc/interrupts"']
    with Machine(line, log) as machine:
        machine.expect("31 hardware counters", never=TROUBLE)
        machine.expect(r" 20  .*riscv-pmu", never=TROUBLE)
        machine.wait(0)


if __name__ == "__main__":
    main({"counts": counts})
