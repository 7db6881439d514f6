# SPDX-License-Identifier: MIT
"""
Tests devices on the PCIe bus as Linux and U-Boot find and use them: a disk is read and written,
with pin interrupts by PLIC and APLIC and with messages to the IMSIC, and with split and packed
rings.
"""

import os
import random

from fixtures.bundled import PROMPT, booted
from fixtures.console import Machine, Skipped, check, main

UBOOT = "/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf"
SIZE = 4 << 20
HARTS = "2"
# From the value of -M virt,aia= to the words in /proc/interrupts for a device's interrupt.
INTERRUPT = {"none": "SiFive PLIC", "aplic": "APLIC-DIRECT", "aplic-imsic": "PCI-MSIX"}
PACKED_BIT = 34
FOUND = "0000:00:00.0 0x1b36 0x0008 0x060000\n" \
        "0000:00:03.0 0x1af4 0x1042 0x010000\n" \
        "0000:00:04.0 0x1af4 0x1044 0x00ff00\n"
LIST = "(cd /sys/bus/pci/devices; for d in *; do echo $d $(cat $d/vendor $d/device $d/class); done)"


def make_disk(folder, name):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(random.Random(name).randbytes(SIZE))
    return path


def check_interrupts(machine, aia):
    """Checks that with messages each queue has a vector, and that otherwise the device has one
    interrupt."""
    lines = machine.command("grep virtio /proc/interrupts", PROMPT).splitlines()
    check(all(INTERRUPT[aia] in line for line in lines), "interrupts: %s" % lines)
    queues = [line for line in lines if "req." in line]
    check(len(queues) == (int(HARTS) if aia == "aplic-imsic" else 0), "vectors: %s" % lines)
    for line in queues or lines:
        check(any(int(n) for n in line.split()[1:1 + int(HARTS)]), "it never came: " + line)


def disk(baya, folder, log, engine, aia, packed):
    """Copies the first half of a disk over the second in the guest, and checks the result on the
    host."""
    image = make_disk(folder, "pci-%s-%s-%s.img" % (engine, aia, packed))
    line = [baya, "--engine=" + engine, "-smp", HARTS, "-M", "virt,aia=" + aia,
            "-drive", "file=%s,format=raw,if=none,id=d" % image,
            "-device", "virtio-rng-pci,addr=4,packed=" + packed,
            "-device", "virtio-blk-pci,drive=d,addr=3,packed=" + packed]
    with booted(line, log, HARTS) as machine:
        machine.command("stty cols 500", PROMPT)
        check(machine.command(LIST, PROMPT) == FOUND, "the bus has other devices")
        features = machine.command("cat /sys/block/vda/device/features", PROMPT)
        check(features[PACKED_BIT] == ("1" if packed == "on" else "0"), "features: " + features)
        # Each hart uses a queue of its own.
        for hart in range(int(HARTS)):
            machine.command("taskset %d dd if=/dev/vda of=/dev/vda bs=64k count=16 skip=%d seek=%d "
                            "conv=fsync 2>&1" % (1 << hart, 16 * hart, 32 + 16 * hart), PROMPT)
        check(machine.command("head -c 5000 /dev/hwrng | wc -c", PROMPT) == "5000\n", "no entropy")
        check_interrupts(machine, aia)
    with open(image, "rb") as file:
        first, second = file.read(SIZE // 2), file.read()
    check(first == second, "the host finds another content")
    os.remove(image)


def uboot(baya, folder, log):
    """Checks that U-Boot finds the bus and reads the disk."""
    if not os.path.exists(UBOOT):
        raise Skipped("u-boot-qemu is not installed")
    image = make_disk(folder, "pci-uboot.img")
    line = [baya, "-kernel", UBOOT, "-m", "256M", "-nographic",
            "-drive", "file=%s,format=raw,if=none,id=d" % image,
            "-device", "virtio-blk-pci,drive=d"]
    with Machine(line, log) as machine:
        machine.expect("Hit any key to stop autoboot", never="Unhandled exception")
        machine.type("\n")
        prompt = r"\n=> "
        machine.expect(prompt)
        check("0x1af4" in machine.command("pci", prompt), "pci lists no virtio device")
        machine.command("virtio scan", prompt)
        machine.command("virtio read 0x84000000 1 1", prompt)
        with open(image, "rb") as file:
            word = int.from_bytes(file.read(516)[512:], "little")
        check("%08x" % word in machine.command("md.l 0x84000000 1", prompt), "another content")
    os.remove(image)


if __name__ == "__main__":
    main({"disk": disk, "uboot": uboot})
