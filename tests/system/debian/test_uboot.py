# SPDX-License-Identifier: MIT
"""
Tests that Debian's U-Boot, in S-mode on our firmware, reaches its prompt and boots Debian's kernel
from an ext4 partition on a virtio disk, by itself and by commands. UBOOT below is `trixie`, from
Debian 13's u-boot-qemu, or `installed`, from the host's.
"""

import contextlib
import os

from fixtures import disk_image
from fixtures.console import Machine, Skipped, check, main
from fixtures.debian13 import CONSOLE, PROMPT, await_shell, part, power_off

INSTALLED = "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf"
UBOOT_PROMPT = r"\n=> "
RAM_SIZE = "0x0000000020000000"
DISK_MIB = 64

EXTLINUX = b"""default debian
timeout 1
label debian
	linux /boot/vmlinux
	initrd /boot/initrd.cpio
	append %s booted=extlinux
""" % CONSOLE.encode()

# Commands, and what their output must contain. U-Boot looks for devices on PCIe when it boots from
# them, or is asked to.
BY_HAND = (
    ("virtio scan", ""),
    ("load virtio 0:1 $kernel_addr_r /boot/vmlinux", "bytes read"),
    ("load virtio 0:1 $ramdisk_addr_r /boot/initrd.cpio", "bytes read"),
    ("setenv bootargs %s booted=byhand" % CONSOLE, ""),
)


@contextlib.contextmanager
def started(baya, folder, log, uboot, harts):
    """Yields a machine with U-Boot as its kernel and Debian's kernel on its disk."""
    if uboot == "installed" and not os.path.exists(INSTALLED):
        raise Skipped("u-boot-qemu is not installed")
    program = INSTALLED if uboot == "installed" else part(folder, "uboot.elf")
    files = {"boot/vmlinux": part(folder, "vmlinux"),
             "boot/initrd.cpio": part(folder, "initrd.cpio"), "extlinux/extlinux.conf": EXTLINUX}
    with disk_image.made(log[:-len(".log")] + ".img", DISK_MIB, files, partition=True) as image:
        argv = [baya, "-kernel", program, "-m", "512M", "-smp", harts, "-nographic",
                "-drive", "file=%s,format=raw,if=virtio" % image]
        with Machine(argv, log) as machine:
            yield machine


def await_prompt(machine):
    machine.expect("U-Boot 20")
    machine.expect("Hit any key to stop autoboot", never="Unhandled exception")
    machine.type("\n")
    machine.expect(UBOOT_PROMPT)
    print("%.1f s to U-Boot's prompt" % machine.seconds)
    check(RAM_SIZE in machine.command("bdinfo", UBOOT_PROMPT), "bdinfo tells another RAM")


def end(machine, harts, booted):
    """Waits for the kernel. U-Boot's prompt comes instead if it cannot start one."""
    machine.expect("Starting kernel", never="Unhandled exception|" + UBOOT_PROMPT)
    await_shell(machine, harts)
    check(booted in machine.command("cat /proc/cmdline", PROMPT), "another command line")
    power_off(machine)


def extlinux(baya, folder, log, uboot, harts):
    """U-Boot finds the kernel itself, by extlinux.conf."""
    with started(baya, folder, log, uboot, harts) as machine:
        await_prompt(machine)
        machine.type("boot\n")
        end(machine, harts, "booted=extlinux")


def booti(baya, folder, log, uboot, harts):
    """Loads and starts the kernel command by command; before that U-Boot resets the machine
    once."""
    with started(baya, folder, log, uboot, harts) as machine:
        await_prompt(machine)
        machine.type("reset\n")
        await_prompt(machine)
        for line, wanted in BY_HAND:
            answer = machine.command(line, UBOOT_PROMPT)
            check(wanted in answer, "'%s' failed: %s" % (line, answer))
        machine.type("booti $kernel_addr_r $ramdisk_addr_r:$filesize $fdtcontroladdr\n")
        end(machine, harts, "booted=byhand")


if __name__ == "__main__":
    main({"extlinux": extlinux, "booti": booti})
