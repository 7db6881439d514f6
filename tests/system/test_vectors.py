# SPDX-License-Identifier: MIT
"""
Tests that processes of the bundled Linux keep their vector registers (programs/vectors.c) over
context switches, signals, exceptions, ptrace and exec, and that the kernel reports the vector
features of the device tree; and that processes of a KVM guest keep theirs, while processes of its
host use others.
"""

import os
import subprocess
import tempfile

from fixtures.bundled import PROMPT, ROMS, SMALL, TROUBLE, booted
from fixtures.console import PATIENCE, check, main, need
from test_nested import kernel_disk

GCC = "riscv64-linux-gnu-gcc"
SOURCE = os.path.join(os.path.dirname(__file__), "programs/vectors.c")
SCENES = ("told", "switches", "signals", "trace", "control", "fresh")
CPU = "max,v=on,zvfh=on,zvbb=on,zvbc=on,zvkng=on,vlen="


def compile_to(folder):
    need({GCC: "gcc-riscv64-linux-gnu"})
    subprocess.run([GCC, "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-static",
                    SOURCE, "-o", folder + "/vectors"], check=True)


def linux(baya, _, log, engine, vlen, harts):
    """Runs all scenes of the program, which uses more processes than there are harts."""
    with tempfile.TemporaryDirectory() as share:
        compile_to(share)
        each = "for scene in %s; do ./vectors $scene && echo $scene ok; done" % " ".join(SCENES)
        done = subprocess.run([baya, "run", "--engine=" + engine, "-cpu", CPU + vlen,
                               "-smp", harts, *SMALL, "--share=" + share, "--", "sh", "-c", each],
                              timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(log, "w", encoding="utf-8") as file:
        file.write(done.stdout)
    want = "".join(scene + " ok\n" for scene in SCENES)
    check(done.stdout == want, "it said %r" % done.stdout)


def guest_files(folder):
    """Makes an initramfs of the bundled guest's files and /vectors; returns its path."""
    with open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as file:
        first = file.read()
    compile_to(folder)
    more = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=folder, input=b"vectors\n",
                          check=True, capture_output=True).stdout
    path = os.path.join(folder, "initrd")
    with open(path, "wb") as file:  # an archive begins at a multiple of 4
        file.write(first + b"\0" * (-len(first) % 4) + more)
    return path


def nested(baya, folder, log, engine, vlen):
    """Runs processes that use vector registers in a KVM guest and, at the same time, outside of
    it."""
    scenes = "switches signals trace fresh"
    inner = "for scene in %s; do /vectors $scene || exit 1; done; exit 7" % scenes
    with tempfile.TemporaryDirectory(dir=folder) as place:
        line = [baya, "--engine=" + engine, "-cpu", CPU + vlen, "-nographic",
                "-kernel", os.path.join(ROMS, "Image.gz"), "-initrd", guest_files(place),
                "-append", "console=ttyS0", "-drive",
                "file=%s,format=raw,if=virtio" % kernel_disk(place, "vectors")]
        with booted(line, log) as machine:
            machine.command("(while /vectors switches 2; do :; done; echo wrong >/bad) &", PROMPT)
            seen = machine.command("nest 'run=\"%s\"'" % inner, PROMPT)
            check("run: exit status 7" in seen, "the inner machine's registers were lost")
            check(machine.command("cat /bad", PROMPT).startswith("cat: "), "the outer's were lost")
            check(machine.command('dmesg | grep -Ec "%s"' % TROUBLE, PROMPT) == "0\n",
                  "the kernel complained")


if __name__ == "__main__":
    main({"linux": linux, "nested": nested})
