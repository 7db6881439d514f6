#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs real systems with --compare: compare.py BUILD [--instructions=N] [--only=NAME]

The systems are the bundled Linux with commands of its own, python3 and node in a root of Debian 13
(made once by tests/bench/real.py, which takes some minutes), and a KVM guest that boots in the
bundled Linux again and again. Each runs for this number of instructions in native code, and at the
same time in the interpreter. Prints the instructions that were compared, those of them that were
native code, and the differences; the exit code is 1 if there were any, or if a system did not do
its work.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(TESTS, "bench"))

import guest_bench  # noqa: E402
import real  # noqa: E402

LIMIT, DIFFER = 4, 7
SHELL = "#!/bin/sh\n"
CHROOT = SHELL + real.MOUNTS + "\nwhile chroot /mnt /bin/sh -c '%s'; do :; done\n"
COMMANDS = ("ls -lR /bin /proc/self | md5sum; seq 2000 | sort -r | awk '{ n += $1 * 1.5 } "
            "END { print n }'; gzip -c /bin/busybox | sha256sum; echo done; ")

# The script that the bundled Linux runs, and a pattern of its output that shows a completed turn of
# its work.
SYSTEMS = {
    "linux": (SHELL + f"while :; do {COMMANDS}done\n", r"^done\r*$"),
    "python": (CHROOT % real.COMMANDS["python3"], r"^\d+ \d+ 15000 \d+ \["),
    "node": (CHROOT % real.COMMANDS["node"], r"^\S+ \S+"),
    "kvm": (SHELL + "[ -e /dev/kvm ] || { " + COMMANDS * 3 + "exit; }\n"
            "while nest quiet run=/work; do :; done\n", r"^done\r*$"),
}


def kernel_disk(folder):
    """Makes the disk from which `nest` reads the kernel, of whole sectors; returns its path."""
    path = os.path.join(folder, "disk")
    with open(os.path.join(folder, "Image"), "rb") as kernel, open(path, "wb") as disk:
        data = kernel.read()
        disk.write(data + bytes(-len(data) % 512))
    return path


def start(options, folder, system):
    """Runs a system; returns its exit code and its output."""
    work = os.path.join(folder, "work")
    with open(work, "w", encoding="ascii") as script:
        script.write(SYSTEMS[system][0])
    os.chmod(work, 0o755)
    guest = guest_bench.pack_guest(folder, "work")
    if system in ("python", "node"):
        disk = real.prepare(options.baya)
    else:
        disk = kernel_disk(folder)
    done = subprocess.run(
        [options.baya, "--engine=jit", "--compare=interp", "--stats",
         "--max-insns=%d" % options.instructions, *guest, *real.disk_options(disk, ",readonly=on"),
         "-append", "console=ttyS0 quiet run=/work"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        cwd=options.keep or folder)
    return done.returncode, done.stdout.decode(errors="replace")


def compare(options, system):
    """Prints the result of a system; returns whether there was no difference and the system did its
    work."""
    with tempfile.TemporaryDirectory(prefix="baya-compare-") as folder:
        code, said = start(options, folder, system)
    stats = re.search(r"^\{.*\}$", said, re.M)
    turns = len(re.findall(SYSTEMS[system][1], said, re.M))
    if not stats or code not in (LIMIT, DIFFER):
        print("%s: exit code %d\n%s" % (system, code, said[-2000:]))
        return False
    stats = json.loads(stats.group())
    print("%s: %d million instructions compared with the interpreter, %d million of them native "
          "code, %d turns of its work, %d differences"
          % (system, stats["instructions"] // 10 ** 6, stats["tiers"]["jit"] // 10 ** 6, turns,
             code == DIFFER), flush=True)
    if code == DIFFER or not turns:
        print(said[-4000:])
    return code == LIMIT and turns > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="the build folder")
    parser.add_argument("--instructions", type=int, default=2 * 10 ** 9)
    parser.add_argument("--only", choices=SYSTEMS, action="append", help="this system")
    parser.add_argument("--keep", metavar="FOLDER",
                        help="a folder, made if it is missing, for the state at a difference")
    options = parser.parse_args()
    options.baya = os.path.abspath(os.path.join(options.build, "frontends", "baya"))
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    agreed = [compare(options, system) for system in options.only or SYSTEMS]
    sys.exit(0 if all(agreed) else 1)


main()
