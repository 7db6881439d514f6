# SPDX-License-Identifier: MIT
"""Runs the bundled guest with an additional program, on Baya and on QEMU, and prints the figures
side by side."""

import argparse
import gzip
import os
import shutil
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
ROMS = os.path.join(TOP, "roms")


def build_guest(folder, program):
    """Adds guest/PROGRAM.c to the bundled guest as /PROGRAM; returns the options of both
    machines."""
    subprocess.run(["riscv64-linux-gnu-gcc", "-static", "-O2", "-o",
                    os.path.join(folder, program),
                    os.path.join(HERE, "guest", program + ".c")], check=True)
    return pack_guest(folder, program)


def pack_guest(folder, program):
    """Adds FOLDER/PROGRAM to an initramfs as /PROGRAM; returns the options for it and the kernel,
    which are those of both machines."""
    image, initrd = os.path.join(folder, "Image"), os.path.join(folder, "initrd")
    with gzip.open(os.path.join(ROMS, "Image.gz")) as packed, open(image, "wb") as out:
        shutil.copyfileobj(packed, out)
    more = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=folder,
                          input=program.encode() + b"\n", stdout=subprocess.PIPE,
                          check=True).stdout
    with open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as first, open(initrd, "wb") as out:
        out.write(first.read() + more)
    return ["-m", "512M", "-kernel", image, "-initrd", initrd, "-nographic"]


def line(machine, options, command):
    """Returns the command line of a machine whose guest runs a command and then ends."""
    return (["timeout", "-k", "1", "300"] + machine + options +
            ["-append", f'console=ttyS0 quiet run="{command}"'])


def arguments(text):
    """Returns a parser of the options that all of these benchmarks have."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--baya", default=os.path.join(TOP, "build", "frontends", "baya"))
    parser.add_argument("--runs", type=int, default=3)
    return parser


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def compare(name, options, measure):
    """Prints the MB/s that measure(machine) returns, for Baya and for QEMU in turn."""
    qemu = shutil.which("qemu-system-riscv64")
    ours, theirs = [], []
    for _ in range(options.runs):
        ours.append(measure([options.baya]))
        if qemu:
            theirs.append(measure([qemu, "-M", "virt"]))
    text = f"{name}: baya {spread(ours)} MB/s"
    if theirs:
        ratios = [a / b for a, b in zip(ours, theirs)]
        text += f", QEMU {spread(theirs)} MB/s, ratio {spread(ratios)}"
    print(text, flush=True)
