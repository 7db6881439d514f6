# SPDX-License-Identifier: MIT
"""
Tests that Debian 13's kernel as it is packaged boots to a shell, with our firmware and with
Debian's OpenSBI, on one hart and on four; that it uses an ext4 virtio disk heavily; and that it
powers off, reboots and suspends. FIRMWARE below is `default` (ours) or a file of OpenSBI's.
"""

import hashlib

from fixtures import disk_image
from fixtures.console import Machine, check, main
from fixtures.debian13 import (CONSOLE, PROMPT, TROUBLE, await_shell, check_firmware, part, power_off,
                               use_harts)

DISK_MIB = 64
TRANSPORTS = {
    "mmio": ["-device", "virtio-blk-device,drive=d"],
    "pci": ["-M", "virt,aia=aplic-imsic", "-device", "virtio-blk-pci,drive=d"],
}


def command_line(baya, folder, firmware, harts, aia="none"):
    if firmware != "default":
        firmware = part(folder, firmware)
    return [baya, "-bios", firmware, "-kernel", part(folder, "vmlinux"),
            "-initrd", part(folder, "initrd.cpio"), "-append", CONSOLE,
            "-M", "virt,aia=" + aia, "-m", "512M", "-smp", harts, "-nographic"]


def boot(baya, folder, log, firmware, harts, aia="none"):
    """Boots to the shell and powers off."""
    with Machine(command_line(baya, folder, firmware, harts, aia), log) as machine:
        await_shell(machine, harts)
        check_firmware(machine, firmware)
        use_harts(machine)
        power_off(machine)


def once(baya, folder, log, firmware, harts):
    """Boots to the shell; with -no-reboot a reset ends the run."""
    argv = command_line(baya, folder, firmware, harts)
    with Machine(argv + ["-no-reboot"], log) as machine:
        await_shell(machine, harts)
        check_firmware(machine, firmware)
        use_harts(machine)
        machine.type("reboot -f\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        machine.wait(0)


def reboot(baya, folder, log, firmware, harts):
    """Checks that a reset boots the machine again."""
    argv = command_line(baya, folder, firmware, harts)
    with Machine(argv, log) as machine:
        await_shell(machine, harts)
        machine.type("reboot -f\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        await_shell(machine, harts)
        power_off(machine)


def cores(baya, folder, log):
    """Boots on the cores with ids of their own, for which the kernel has work-arounds of errata."""
    for cpu, mvendorid in (("c906", "0x5b7"), ("u74", "0x489"), ("cva6", "0x602")):
        argv = command_line(baya, folder, "default", "1") + ["-cpu", cpu]
        with Machine(argv, log) as machine:
            await_shell(machine, "1")
            told = machine.command("grep mvendorid /proc/cpuinfo", PROMPT)
            check(told.split()[-1] == mvendorid, "%s has another mvendorid: %s" % (cpu, told))
            power_off(machine)


def suspend(baya, folder, log, firmware, harts):
    """
    Suspends to RAM, and resumes when a byte arrives at the serial line. A byte that arrives once
    the last hart is going off wakes the machine, or keeps it from suspending; the kernel does not
    count the latter as a success, so the test tries again.
    """
    with Machine(command_line(baya, folder, firmware, harts), log) as machine:
        await_shell(machine, harts)
        machine.command("echo enabled > /sys/class/tty/ttyS0/power/wakeup", PROMPT)
        machine.command("echo N > /sys/module/printk/parameters/console_suspend", PROMPT)
        for _ in range(20):
            machine.command("dmesg -n 8", PROMPT)
            machine.type("echo mem > /sys/power/state\n")
            machine.expect("CPU%d: off" % (int(harts) - 1), never=TROUBLE)
            machine.type("\n")
            machine.expect("PM: suspend exit", never=TROUBLE)
            # The byte may or may not have become an empty line, which has a prompt of its own.
            machine.type("echo a''wake\n")
            machine.expect("awake", never=TROUBLE)
            machine.expect(PROMPT, never=TROUBLE)
            machine.command("dmesg -n 1", PROMPT)
            slept = machine.command("cat /sys/power/suspend_stats/success", PROMPT)
            if slept == "1\n":
                break
        check(slept == "1\n", "it never slept")
        check(machine.command("nproc", PROMPT) == harts + "\n", "not all harts came back")
        power_off(machine)


def copy_on_disk(machine, source_sum):
    """Copies a file in the guest and reads the copy back from the disk, not from the page cache."""
    def command(line):
        return machine.command(line, PROMPT)

    command("mount -t ext4 /dev/vda /mnt")
    check("/dev/vda /mnt ext4 rw" in command("cat /proc/mounts"), "the disk is not mounted")
    check(command("cat /mnt/etc/greeting") == "Hello from the host\n", "a file is not the host's")
    command("dd if=/mnt/source of=/mnt/copy bs=1M && sync")
    command("echo 3 >/proc/sys/vm/drop_caches")
    check(command("sha256sum /mnt/copy").split()[0] == source_sum, "the guest's sum is wrong")
    command("echo done >/mnt/answer; umount /mnt")


def disk(baya, folder, log, firmware, harts, transport):
    """Runs many programs at once, copies a file on the disk, and checks the file as the host reads
    it."""
    argv = command_line(baya, folder, firmware, harts) + TRANSPORTS[transport]
    source = disk_image.noise(DISK_MIB)
    source_sum = hashlib.sha256(source).hexdigest()
    files = {"source": source, "etc/greeting": b"Hello from the host\n"}
    with disk_image.made(log[:-len(".log")] + ".img", 3 * DISK_MIB, files) as image:
        argv += ["-drive", "file=%s,format=raw,if=none,id=d" % image]
        with Machine(argv, log) as machine:
            await_shell(machine, harts)
            check_firmware(machine, firmware)
            use_harts(machine)
            copy_on_disk(machine, source_sum)
            print("%.1f s to the sum of %d MB" % (machine.seconds, DISK_MIB))
            check(machine.command("dmesg | grep -Ec '%s'" % TROUBLE, PROMPT) == "0\n",
                  "the kernel complained")
            power_off(machine)
        check(disk_image.sha256(image, "/copy") == source_sum, "the host sees another sum")
        check(disk_image.sha256(image, "/answer") == hashlib.sha256(b"done\n").hexdigest(),
              "the host does not see the guest's file")
        disk_image.check_clean(image)


if __name__ == "__main__":
    main({"boot": boot, "cores": cores, "once": once, "reboot": reboot, "suspend": suspend,
          "disk": disk})
