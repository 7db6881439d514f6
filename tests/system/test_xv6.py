# SPDX-License-Identifier: MIT
"""
Tests xv6-riscv, with the options of its own Makefile. `like` boots a kernel of ours that does what
xv6 does (tests/guest/bare); with `open` one that does not set PMP up, as xv6 did until 2021.
`storm` boots it with a level-triggered PLIC, with which such kernels hang. `real` runs `make
QEMU=baya qemu` and usertests in each of the folders that the environment variable BAYA_TEST_XV6
names, separated by colons. They must be clones of xv6-riscv; make writes to them.
"""

import os
import subprocess

from fixtures.console import Machine, Skipped, main

OPTIONS = ["-machine", "virt", "-bios", "none", "-m", "128M", "-smp", "3", "-nographic"]
DISK = ["-device", "virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0"]
# By what the kernel must find: the version of virtio, or no PMP.
GLOBAL = {"modern": ["-global", "virtio-mmio.force-legacy=false"],
          "legacy": ["-global", "virtio-mmio.force-legacy=true"],
          "default": [],
          "open": ["-cpu", "max,pmp=off"]}
PROMPT = r"\n\$ "
TOOLS = "riscv64-linux-gnu-"
# Its Makefile makes warnings errors, and GCC since version 12 warns about its shell.
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
    """Boots twice from one disk; the guest repeats what is typed."""
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
    """Checks that with a level-triggered PLIC the guest makes no progress, as a line that is still
    high interrupts again at once, and that explain reports the cause."""
    image, drive = disk(log)
    argv = [baya, "explain", *OPTIONS, "-kernel", kernel(folder), *GLOBAL["modern"], *drive,
            "-machine", "virt,plic=level", "--max-insns=20000000", "--clock=virtual"]
    with Machine(argv, log) as machine:
        machine.expect(r"PLIC source 10 \(uart\): line high", never="boot 1")
        machine.expect(r"an interrupt storm: completed \d{3,} times")
        machine.wait(0)
    os.unlink(image)


def sets_pmp(folder):
    """Returns whether this xv6 sets PMP up, as it does since 2021; older versions need harts
    without PMP."""
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
    """Runs usertests with new disk images, as usertests leave theirs full of files."""
    folders = os.environ.get("BAYA_TEST_XV6", "")
    if not folders:
        raise Skipped("BAYA_TEST_XV6 names no folder of xv6-riscv")
    for folder in folders.split(":"):
        subprocess.run(["rm", "-f", os.path.join(folder, "fs.img")], check=True)
        usertests(baya, log, folder)


if __name__ == "__main__":
    main({"like": like, "storm": storm, "real": real})
