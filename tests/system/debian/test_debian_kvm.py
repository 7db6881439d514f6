# SPDX-License-Identifier: MIT
"""
Tests Debian 13 in Debian 13: its kernel loads KVM, its own QEMU (for riscv64, from a virtio disk)
is the virtual-machine monitor, and the guest is the same kernel. This needs the H extension.
"""

from fixtures.console import Machine, check, main
from fixtures.debian13 import CONSOLE, PROMPT, TROUBLE, await_shell, part, power_off

QEMU = ("qemu-system-riscv64 -M %s -accel kvm -cpu host -m 256M -smp %s -nographic -no-reboot "
        "-kernel /vmlinux -initrd /initrd.cpio -append '" + CONSOLE + " panic=-1'")
# By interrupt controller: the feature that KVM reports, the outer and the inner machine, and the
# inner kernel's name for the controller of its UART's interrupt.
FOUND = {"none": "hypervisor extension available",
         "imsic": "AIA available with 3 guest external interrupts"}
MACHINES = {"none": ("virt", "virt"),
            "imsic": ("virt,aia=aplic-imsic,aia-guests=3", "virt,aia=aplic-imsic")}
CONTROLLERS = {"none": "PLIC", "imsic": "APLIC-MSI"}
PREPARE = (
    "mount -t ext4 -o ro /dev/vda /mnt",
    "mount -o bind /dev /mnt/dev; mount -o bind /proc /mnt/proc",
    "for module in /mnt/modules/*; do insmod $module; done",
)


def check_kvm(machine, controller):
    """Checks that the outer kernel has found its machine's virtualization features."""
    said = machine.command("dmesg | grep kvm", PROMPT)
    check(FOUND[controller] in said, "the kernel does not find all: " + said)


def check_guest(machine, controller):
    """Checks that the inner guest runs on KVM's SBI, computes, waits, and gets interrupts from the
    expected controller."""
    def command(line):
        return machine.command(line, PROMPT)

    check("ID=0x3 " in command("dmesg | grep 'SBI implementation ID='"), "not on KVM")
    interrupts = command("cat /proc/interrupts")
    check(CONTROLLERS[controller] in interrupts, "another interrupt controller: " + interrupts)
    check(command("echo $((6 * 7)); sleep 1; echo slept") == "42\nslept\n", "it does not sleep")
    many = "for i in $(seq 50); do cat /proc/self/stat | grep -q cat || echo lost & done; wait"
    check(command("(%s; echo all)" % many) == "all\n", "a program went wrong")
    check(command("dmesg | grep -Ec '%s'" % TROUBLE) == "0\n", "the inner kernel complained")


def run(baya, folder, log, engine, harts, controller):
    """Boots to the inner userspace, powers the inner machine off, and then the outer."""
    outer, inner = MACHINES[controller]
    argv = [baya, "--engine=" + engine, "-M", outer, "-kernel", part(folder, "vmlinux"),
            "-initrd", part(folder, "initrd.cpio"), "-append", CONSOLE,
            "-m", "1G", "-smp", harts, "-nographic",
            "-drive", "file=%s,format=raw,if=virtio" % part(folder, "qemu.img")]
    with Machine(argv, log) as machine:
        await_shell(machine, harts)
        for line in PREPARE:
            check(machine.command(line, PROMPT) == "", "'%s' complains" % line)
        check_kvm(machine, controller)
        machine.type("chroot /mnt %s\n" % (QEMU % (inner, harts)))
        await_shell(machine, harts)
        check_guest(machine, controller)
        machine.type("poweroff -f\n")
        machine.expect("reboot: Power down", never=TROUBLE)
        machine.expect(PROMPT, never=TROUBLE)
        check(machine.command("echo $?", PROMPT) == "0\n", "QEMU did not end well")
        check(machine.command("dmesg | grep -Ec '%s'" % TROUBLE, PROMPT) == "0\n",
              "the outer kernel complained")
        power_off(machine)


def boot(baya, folder, log, engine, harts):
    """Tests interrupts by PLICs; QEMU emulates the inner one."""
    run(baya, folder, log, engine, harts, "none")


def aia(baya, folder, log, engine, harts):
    """Tests interrupts by messages; the inner IMSICs are KVM's, in guest interrupt files."""
    run(baya, folder, log, engine, harts, "imsic")


if __name__ == "__main__":
    main({"aia": aia, "boot": boot})
