# SPDX-License-Identifier: MIT
"""
xv6-riscv, with the options of its own Makefile: `like` is a kernel of ours that does what xv6 does
(tests/guest/bare), with `open` one that leaves PMP as it is, as xv6 did until 2021, `storm` is the same on a PLIC that goes by levels, which it does not survive;
`real` runs `make QEMU=baya qemu` and usertests in each of the folders, with a colon between them,
that the environment's BAYA_TEST_XV6 names. They are to be clones of xv6-riscv; what make writes
goes into them.
"""

import os
import subprocess

from fixtures.console import Machine, Skipped, main

OPTIONS = ["-machine", "virt", "-bios", "none", "-m", "128M", "-smp", "3", "-nographic"]
DISK = ["-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0"]
# By what the kernel is to find: the version of virtio, and none of PMP.
GLOBAL = {"modern": ["-global", "virtio-mmio.force-legacy=false"],
          "legacy": ["-global", "virtio-mmio.force-legacy=true"],
          "default": [],
          "open": ["-cpu", "max,pmp=off"]}
PROMPT = r"\n\$ "
TOOLS = "riscv64-linux-gnu-"
# By its Makefile warnings are errors, and compilers since GCC 12 warn of its shell.
CC = TOOLS + "gcc -Wno-error=infinite-recursion"


def kernel(folder, name="bare"):
    program = os.path.join(folder, "..", "guest", name + ".elf")
    if not os.path.exists(program):
        raise Skipped("there is no compiler for guest programs")
    return program


def disk(log):
    image = log[:-len(".log")] + ".img"
    with open(image, "wb") as file:
        file.truncate(1 << 20)
    return image, ["-drive", "file=%s,if=none,format=raw,id=x0" % image] + DISK


def like(baya, folder, log, version, engine):
    """Boots twice from one disk, and repeats what is typed."""
    image, drive = disk(log)
    name = "bare_open" if version == "open" else "bare"
    argv = [baya, *OPTIONS, "-kernel", kernel(folder, name), *GLOBAL[version], *drive,
            "--engine=" + engine]
    for boot in (1, 2):
        with Machine(argv, log) as machine:
            machine.expect("disk: " + ("modern" if version == "modern" else "legacy"),
                           never="trap")
            machine.expect("boot %d\n" % boot, never="trap")
            machine.expect(r"\$ ")
            for line in ("weaver", "nest"):
                machine.type(line + "\r")
                machine.expect(line + "\r" + PROMPT)
            machine.type("q")
            machine.wait(0)
    os.unlink(image)


def storm(baya, folder, log):
    """Where a high line asks again at once, nothing is written any more, and explain says why."""
    image, drive = disk(log)
    argv = [baya, "explain", *OPTIONS, "-kernel", kernel(folder), *GLOBAL["modern"], *drive,
            "-machine", "virt,plic=level", "--max-insns=20000000", "--clock=virtual"]
    with Machine(argv, log) as machine:
        machine.expect(r"PLIC source 10 \(uart\): line high", never="boot 1")
        machine.expect(r"an interrupt storm: completed \d{3,} times")
        machine.wait(0)
    os.unlink(image)


def sets_pmp(folder):
    """Not before 2021: it is for harts without PMP until then."""
    with open(os.path.join(folder, "kernel", "start.c"), encoding="utf-8") as file:
        return "pmpaddr" in file.read()


def usertests(baya, log, folder):
    emulator = os.path.abspath(baya) + ("" if sets_pmp(folder) else " -cpu max,pmp=off")
    argv = ["make", "-C", folder, "TOOLPREFIX=" + TOOLS, "CC=" + CC, "QEMU=" + emulator, "qemu"]
    with Machine(argv, log) as machine:
        machine.expect("init: starting sh")
        machine.expect(r"\$ ")
        machine.type("usertests\n")
        machine.expect("ALL TESTS PASSED", never="FAILED|panic")
        print("%s: usertests passed, %.0f s" % (folder, machine.seconds))
        machine.type("\x01x")
        machine.wait(0)


def real(baya, _, log):
    """The images are made anew, as usertests leave theirs full of files."""
    folders = os.environ.get("BAYA_TEST_XV6", "")
    if not folders:
        raise Skipped("BAYA_TEST_XV6 names no folder of xv6-riscv")
    for folder in folders.split(":"):
        subprocess.run(["rm", "-f", os.path.join(folder, "fs.img")], check=True)
        usertests(baya, log, folder)


if __name__ == "__main__":
    main({"like": like, "storm": storm, "real": real})
