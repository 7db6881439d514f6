# SPDX-License-Identifier: MIT
"""Tests Debian 13 booted by UEFI: EDK2 in the flash finds a FAT disk on the PCIe bus and runs the
kernel that its startup.nsh names, which is an EFI program. Variables that EDK2 writes to the second
bank of flash are there in the next run. Or EDK2 runs the -kernel, which it finds in fw_cfg. It
tries disks in the order of their boot indices."""

import gzip
import os
import shutil
import subprocess
import tempfile

from fixtures.console import Machine, check, main, need
from fixtures.debian13 import CONSOLE, PROMPT, TROUBLE, await_shell, part, power_off

DISK_MIB = 128
STARTUP = b"fs0:\\Image %s initrd=\\initrd\r\n" % CONSOLE.encode()
SHELL = "Shell> "
GUID = "6d33944a-ec75-4855-a54d-809c75241f6c"


def fat_disk(folder, files):
    """Makes a FAT file system without a partition table, with these files; returns the image's
    path."""
    need({"mkfs.vfat": "dosfstools", "mcopy": "mtools"})
    disk = os.path.join(folder, "disk.img")
    with open(disk, "wb") as file:
        file.truncate(DISK_MIB << 20)
    subprocess.run(["mkfs.vfat", "-F", "32", disk], stdout=subprocess.DEVNULL, check=True)
    for name, path in files.items():
        subprocess.run(["mcopy", "-i", disk, path, "::" + name], check=True)
    return disk


def flash_of(folder, place):
    """Returns the options for flash with EDK2. The machine writes its variables, so they are a
    copy."""
    variables = os.path.join(place, "variables")
    if not os.path.exists(variables):
        shutil.copyfile(part(folder, "efi.variables"), variables)
    return ["-nographic",
            "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=" + part(folder, "efi.code"),
            "-drive", "if=pflash,unit=1,format=raw,file=" + variables]


def line_of(baya, folder, place, disk):
    return [baya, "-m", "1G", "-smp", "2", "-M", "virt,aia=aplic-imsic",
            *flash_of(folder, place), "-drive", "file=%s,format=raw,if=none,id=d" % disk,
            "-device", "virtio-blk-pci,drive=d"]


def to_shell(machine):
    # EDK2 waits for a key in a busy loop, without WFI: without the key the five seconds would be
    # processor time.
    machine.expect("Press ESCAPE within")
    machine.type("\r")
    machine.expect(r"PciRoot\(0x0\)/Pci\(0x1,0x0\)")
    machine.expect("startup.nsh.* or any other key to continue", never=TROUBLE)
    machine.type("\x1b")
    machine.expect(SHELL, never=TROUBLE)


def boot(baya, folder, log):
    """Boots firmware, EDK2, its shell and Linux; checks in a second run that an EFI variable was
    kept."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        startup = os.path.join(place, "startup.nsh")
        with open(startup, "wb") as file:
            file.write(STARTUP)
        disk = fat_disk(place, {"Image": part(folder, "vmlinux"), "startup.nsh": startup,
                                "initrd": part(folder, "initrd.cpio")})
        with Machine(line_of(baya, folder, place, disk), log) as machine:
            to_shell(machine)
            machine.type("setvar weaver -guid %s -nv -bs -rt =L\"nests\"\r" % GUID)
            machine.expect(SHELL, never="Unable")
            machine.type("fs0:startup.nsh\r")
            await_shell(machine, "2")
            said = machine.command("dmesg | grep efi:", PROMPT)
            check("EFI v2.7 by Debian distribution of EDK II" in said, "not by UEFI: " + said)
            power_off(machine)
        with Machine(line_of(baya, folder, place, disk), log) as machine:
            to_shell(machine)
            machine.type("setvar weaver -guid %s\r" % GUID)
            machine.expect("6E 00 65 00 73 00 74 00 73 00", never="Unable")
            machine.type("reset -s\r")
            machine.wait(0)


# Parts of what EDK2 prints of the places of two disks, short enough that no line ends in them.
PLACES = {"pci": (r"Pci\(0x1,", r"Pci\(0x2,"), "device": ("D1E2,00800", "D1E2,00700")}


def order(baya, folder, log, transport):
    """Checks that EDK2 tries the disk with the lower boot index first."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        empty = os.path.join(place, "empty.img")
        with open(empty, "wb") as file:
            file.truncate(1 << 20)
        for indices in ((1, 5), (5, 1)):
            argv = [baya, "-m", "512M", *flash_of(folder, place)]
            for index in indices:
                argv += ["-drive", "file=%s,format=raw,if=none,readonly=on,id=d%d" % (empty, index),
                         "-device", "virtio-blk-%s,drive=d%d,bootindex=%d" %
                         (transport, index, index)]
            first, second = PLACES[transport][::1 if indices[0] == 1 else -1]
            with Machine(argv, log) as machine:
                machine.expect("Press ESCAPE within")
                machine.type("\r")
                machine.expect("failed to load Boot")
                machine.expect(first, never=second)
                machine.expect("failed to load Boot")
                machine.expect(second, never=first)
            os.unlink(os.path.join(place, "variables"))


def direct(baya, folder, log):
    """Boots the kernel of the command line, which is in gzip, and again after a reset."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        packed = os.path.join(place, "vmlinux.gz")
        with open(part(folder, "vmlinux"), "rb") as image, gzip.open(packed, "wb", 1) as file:
            shutil.copyfileobj(image, file)
        line = [baya, "-m", "6G", "-smp", "4", *flash_of(folder, place), "-kernel", packed,
                "-initrd", part(folder, "initrd.cpio"), "-append", CONSOLE + " weaver=nests"]
        with Machine(line, log) as machine:
            for end in ("reboot -f\n", "poweroff -f\n"):
                machine.expect("EFI stub: Booting Linux Kernel")
                await_shell(machine, "4")
                said = machine.command("cat /proc/cmdline; dmesg | grep efi:", PROMPT)
                check("weaver=nests" in said, "another command line: " + said)
                check("EFI v2.7 by Debian distribution of EDK II" in said, "not by UEFI: " + said)
                machine.type(end)
            machine.wait(0)


main({"boot": boot, "direct": direct, "order": order})
