# SPDX-License-Identifier: MIT
"""
Processes of the bundled Linux keep their vector registers (vectors.c): over context switches,
signals, exceptions, ptrace and exec; and the kernel says of vectors what the device tree says.
"""

import os
import shutil
import subprocess
import tempfile

from console import PATIENCE, Skipped, check, main

GCC = "riscv64-linux-gnu-gcc"
SOURCE = os.path.join(os.path.dirname(__file__), "vectors.c")
SCENES = ("told", "switches", "signals", "trace", "control", "fresh")
CPU = "max,v=on,zvfh=on,zvbb=on,zvbc=on,zvkng=on,vlen="


def linux(baya, _, log, engine, vlen, harts):
    """All scenes; more processes than harts."""
    if not shutil.which(GCC):
        raise Skipped(GCC + " is not installed")
    with tempfile.TemporaryDirectory() as share:
        subprocess.run([GCC, "-O2", "-Wall", "-Wextra", "-Werror", "-static", SOURCE, "-o",
                        share + "/vectors"], check=True)
        each = "for scene in %s; do ./vectors $scene && echo $scene ok; done" % " ".join(SCENES)
        done = subprocess.run([baya, "run", "--engine=" + engine, "-cpu", CPU + vlen,
                               "-smp", harts, "--share=" + share, "--", "sh", "-c", each],
                              timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with open(log, "w", encoding="utf-8") as file:
        file.write(done.stdout)
    want = "".join(scene + " ok\n" for scene in SCENES)
    check(done.stdout == want, "it said %r" % done.stdout)


if __name__ == "__main__":
    main({"linux": linux})
