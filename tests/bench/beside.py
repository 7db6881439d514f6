# SPDX-License-Identifier: MIT
"""The bundled guest with one program more in it, for Baya and for QEMU, and figures side by side."""

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
    """The bundled guest with guest/PROGRAM.c as /PROGRAM; options of both machines."""
    subprocess.run(["riscv64-linux-gnu-gcc", "-static", "-O2", "-o",
                    os.path.join(folder, program),
                    os.path.join(HERE, "guest", program + ".c")], check=True)
    return pack_guest(folder, program)


def pack_guest(folder, program):
    """The kernel and an initramfs with FOLDER/PROGRAM as /PROGRAM; options of both machines."""
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
    """The command line that runs a command in the guest and ends the machine."""
    return (["timeout", "-k", "1", "300"] + machine + options +
            ["-append", f'console=ttyS0 quiet run="{command}"'])


def arguments(text):
    """The options all of these benchmarks have."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--baya", default=os.path.join(TOP, "build", "frontends", "baya"))
    parser.add_argument("--runs", type=int, default=3)
    return parser


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"


def compare(name, options, measure):
    """Print what measure(machine) gives in MB/s, for Baya and for QEMU in turn."""
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
