# SPDX-License-Identifier: MIT
"""
Debian 13 in Debian 13: its kernel loads KVM, its own QEMU (for riscv64, from a virtio disk) is the
virtual-machine monitor, the same kernel the guest. Needs the H extension.
"""

from console import Machine, check, main
from debian13 import PROMPT, TROUBLE, await_shell, part, power_off

QEMU = ("qemu-system-riscv64 -M virt -accel kvm -cpu host -m 256M -smp %s -nographic -no-reboot "
        "-kernel /vmlinux -initrd /initrd.cpio -append 'console=ttyS0 panic=-1 %s'")
PREPARE = (
    "mount -t ext4 -o ro /dev/vda /mnt",
    "mount -o bind /dev /mnt/dev; mount -o bind /proc /mnt/proc",
    "for module in /mnt/modules/*; do insmod $module; done",
)


def use_guest(machine, harts):
    """The inner guest runs on KVM's SBI, computes, waits, sees interrupts and all its harts."""
    def command(line):
        return machine.command(line, PROMPT)

    check("ID=0x3 " in command("dmesg | grep 'SBI implementation ID='"), "not on KVM")
    check(command("echo $((6 * 7)); sleep 1; echo slept") == "42\nslept\n", "it does not sleep")
    many = "for i in $(seq 50); do cat /proc/self/stat | grep -q cat || echo lost & done; wait"
    check(command("(%s; echo all)" % many) == "all\n", "a program went wrong")
    check(command("dmesg | grep -Ec '%s'" % TROUBLE) == "0\n", "the inner kernel complained")


def boot(baya, folder, log, engine, harts):
    """To the inner userspace, out of it by power-off, and the same for the outer."""
    argv = [baya, "--engine=" + engine, "-kernel", part(folder, "vmlinux"),
            "-initrd", part(folder, "initrd.cpio"), "-append", "console=ttyS0",
            "-m", "1G", "-smp", harts, "-nographic",
            "-drive", "file=%s,format=raw,if=virtio" % part(folder, "qemu.img")]
    with Machine(argv, log) as machine:
        await_shell(machine, harts)
        for line in PREPARE:
            check(machine.command(line, PROMPT) == "", "'%s' complains" % line)
        check("hypervisor extension available" in machine.command("dmesg | grep kvm", PROMPT),
              "the kernel finds no H extension")
        machine.type("chroot /mnt %s\n" % (QEMU % (harts, "inner")))
        await_shell(machine, harts)
        use_guest(machine, harts)
        machine.type("poweroff -f\n")
        machine.expect("reboot: Power down", never=TROUBLE)
        machine.expect(PROMPT, never=TROUBLE)
        check(machine.command("echo $?", PROMPT) == "0\n", "QEMU did not end well")
        check(machine.command("dmesg | grep -Ec '%s'" % TROUBLE, PROMPT) == "0\n",
              "the outer kernel complained")
        power_off(machine)


if __name__ == "__main__":
    main({"boot": boot})
