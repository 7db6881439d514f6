# SPDX-License-Identifier: MIT
"""
Debian 13's kernel as it is packaged boots to a shell, with our firmware and with Debian's OpenSBI,
on one hart and on four; uses an ext4 virtio disk hard; powers off and reboots; sleeps.
FIRMWARE below is `default` (ours) or a file of OpenSBI's.
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
    """To the shell and off."""
    with Machine(command_line(baya, folder, firmware, harts, aia), log) as machine:
        await_shell(machine, harts)
        check_firmware(machine, firmware)
        use_harts(machine)
        power_off(machine)


def once(baya, folder, log, firmware, harts):
    """To the shell, and with -no-reboot a reset ends the run."""
    argv = command_line(baya, folder, firmware, harts)
    with Machine(argv + ["-no-reboot"], log) as machine:
        await_shell(machine, harts)
        check_firmware(machine, firmware)
        use_harts(machine)
        machine.type("reboot -f\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        machine.wait(0)


def reboot(baya, folder, log, firmware, harts):
    """A reset boots again."""
    argv = command_line(baya, folder, firmware, harts)
    with Machine(argv, log) as machine:
        await_shell(machine, harts)
        machine.type("reboot -f\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        await_shell(machine, harts)
        power_off(machine)


def suspend(baya, folder, log, firmware, harts):
    """
    To RAM, and back when the serial line has a byte: from the last hart's going off on that wakes
    the machine, or keeps it from falling asleep, which the kernel counts as another thing.
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
            # The byte may have become an empty line, with a prompt of its own, or not.
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
    """In the guest: copy a file and read it back from the disk, not from memory."""
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
    """Many programs at once, a file through the disk, then the host's view of it."""
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
    main({"boot": boot, "once": once, "reboot": reboot, "suspend": suspend, "disk": disk})
