# SPDX-License-Identifier: MIT
"""Tests Debian's perf in a guest whose machine runs with a timing model: `perf stat` shows the
model's events, `perf record` takes samples by them. The test fetches the package linux-perf and its
dependencies."""

import glob
import os
import shutil
import subprocess

from fixtures.bundled import ROMS, TROUBLE
from fixtures.console import Machine, check, main, need
from fixtures.debian13 import fetch

# The files that perf needs to run: the program, the dynamic linker and the libraries. Those of its
# script languages are left out.
NEEDED = ("usr/bin/perf", "usr/lib/ld-*", "usr/lib/riscv64-linux-gnu/*.so*")
CAUSES = ["r%x:u" % (0x80020200 + number) for number in range(13)]
EVENTS = ["cycles:u", "instructions:u", "branches:u", "branch-misses:u", *CAUSES]
PERIOD = 20000
SCRIPT = """#!/bin/sh
work='i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done'
perf stat -x, -e %s -- sh -c "$work" 2>&1
perf record -q -e cycles:u -c %d -o /tmp/data -- sh -c "$work" 2>/dev/null
echo "samples $(perf script -i /tmp/data -F event 2>/dev/null | grep -c cycles)"
""" % (",".join(EVENTS), PERIOD)


def initrd_with_tool(folder):
    """Makes an initramfs of the bundled guest's files, perf, and a script; returns its path."""
    need({"cpio": "cpio", "dpkg-deb": "dpkg"})
    place = os.path.join(folder, "perf_tool")
    whole, root = os.path.join(place, "whole"), os.path.join(place, "root")
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(whole)
    for path in fetch(os.path.join(folder, "debian13", "perf"), ["--closure"], ["linux-perf"]):
        subprocess.run(["dpkg-deb", "-x", path, whole], check=True)
    os.makedirs(root)
    for pattern in NEEDED:
        for path in glob.glob(os.path.join(whole, pattern)):
            to = os.path.join(root, os.path.relpath(path, whole))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(path, to, follow_symlinks=False)
    os.symlink("usr/lib", os.path.join(root, "lib"))
    with open(os.path.join(root, "perf.sh"), "w", encoding="ascii") as script:
        script.write(SCRIPT)
    image = os.path.join(place, "initrd.cpio")
    with open(image, "wb") as out, open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as guest:
        first = guest.read()
        out.write(first + b"\0" * (-len(first) % 4))
        out.flush()
        subprocess.run("find . | cpio -o -H newc --quiet", shell=True, cwd=root, check=True,
                       stdout=out)
    return image


def stat(baya, folder, log, core):
    line = [baya, "-cpu", "max", "--timing=" + core, "--clock=virtual", "-nographic", "-m", "512M",
            "-kernel", os.path.join(ROMS, "Image.gz"), "-initrd", initrd_with_tool(folder),
            "-append", 'console=ttyS0 run="sh /perf.sh"']
    counted = {}
    with Machine(line, log) as machine:
        machine.expect("Run /init", never=TROUBLE)
        while len(counted) < len(EVENTS):
            field = machine.expect(r"\r?\n", never=TROUBLE).split(",")
            if len(field) > 3 and field[2] in EVENTS:
                counted[field[2]] = int(field[0])
        machine.expect("samples ", never=TROUBLE)
        samples = int(machine.expect(r"\r?\n"))
        machine.wait(0)
    cycles = counted["cycles:u"]
    check(cycles == sum(counted[cause] for cause in CAUSES), "causes: %s" % counted)
    check(counted["instructions:u"] > counted["branches:u"] > 3000, "counts: %s" % counted)
    check(abs(samples - cycles / PERIOD) <= 2 + cycles / PERIOD / 50,
          "%d samples of %d cycles" % (samples, cycles))


if __name__ == "__main__":
    main({"stat": stat})
