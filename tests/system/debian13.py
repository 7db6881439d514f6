# SPDX-License-Identifier: MIT
"""
What the Debian tests boot, made from Debian 13's packages: `debian13.py FOLDER` fetches kernel,
busybox, OpenSBI, U-Boot, EDK2 and QEMU with roms/debian13 and leaves in FOLDER/debian13 the kernel
as it is packaged, an initramfs of ours with busybox and the modules for an ext4 virtio disk,
firmware, U-Boot, EDK2, and a disk image with a QEMU that runs on RISC-V, what it boots, and KVM's
modules. Nothing is fetched when all is there. Exit code 77: the packages cannot be had.

For the tests: where the parts are, and how to await the guest's shell.
"""

import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import disk_image
from console import SKIPPED, Skipped, check

PROMPT = r"debian:\S*# "
TROUBLE = r"Kernel panic|Oops|BUG:|WARNING:|cannot insert|I/O error|self-detected stall"
# The kernel's arguments. How long a busy host lets something take says nothing of the machine: one
# that hangs is silent.
CONSOLE = "console=ttyS0 nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
PARTS = ("vmlinux", "initrd.cpio", "fw_dynamic.bin", "fw_jump.bin", "uboot.elf", "efi.code",
         "efi.variables", "qemu.img")
FETCH = os.path.join(os.path.dirname(__file__), "../../roms/debian13")
KERNEL = r"/boot/vmlinux-|/kernel/(fs|lib|crypto|arch|virt|drivers/(virtio|block|char))/.*\.ko\.xz$"
MODULES = ("virtio_mmio", "virtio_blk", "virtio_rng", "crc32c_generic", "ext4")
QEMU_DISK_MIB = 320
NOT_NEEDED = ("usr/share/doc", "usr/share/man", "usr/share/locale")

INIT = """#!/bin/busybox sh
export PATH=/sbin:/usr/sbin:/bin:/usr/bin HOME=/root PS1='debian:$PWD# '
/bin/busybox mkdir -p /sbin /usr/sbin /usr/bin
/bin/busybox mount -t proc proc /proc
/bin/busybox --install -s
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do
	insmod "$module" || echo "cannot insert $module"
done
cd /root
stty cols 500 </dev/ttyS0 # no line of a test is broken by the shell
dmesg -n 4 # nor is output mixed with less than errors
exec setsid -c sh </dev/ttyS0 >/dev/ttyS0 2>&1
"""


def fetch(folder, options, packages, suite=None):
    """Download packages, of another suite than roms/debian13 would; return their files' paths."""
    env = {**os.environ, "DEBIAN13_SUITE": suite} if suite else None
    done = subprocess.run([FETCH, *options, folder, *packages], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, env=env)
    if done.returncode == 3:
        raise Skipped(done.stderr.strip())
    if done.returncode:
        sys.exit("%s: %s" % (FETCH, done.stderr))
    return done.stdout.split()


def unpack(folder, options, packages, root):
    """Download packages, and unpack their files into a folder."""
    for package in fetch(folder, options, packages):
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)


def cache(name):
    """Where what is fetched is kept for the next time."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "baya", name)


def read_package(path, pattern):
    """The regular files of a package whose path matches: from their base name to their content."""
    found = {}
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE) as unpack:
        with tarfile.open(fileobj=unpack.stdout, mode="r|") as archive:
            for member in archive:
                if member.isfile() and re.search(pattern, member.name):
                    found[os.path.basename(member.name)] = archive.extractfile(member).read()
    return found


def dependencies(module):
    """The names in the `depends` field of a kernel module's .modinfo section."""
    found = re.search(rb"\0depends=([^\0]*)\0", module)
    return [name for name in found.group(1).decode().split(",") if name]


def modules_in_order(packed, names):
    """The modules and all they depend on, in the order they are inserted in."""
    files = {name[:-len(".ko.xz")].replace("-", "_"): data for name, data in packed.items()
             if name.endswith(".ko.xz")}
    ordered = {}

    def add(name):
        if name in ordered:
            return
        module = lzma.decompress(files[name])
        for dependency in dependencies(module):
            add(dependency.replace("-", "_"))
        ordered[name] = module

    for name in names:
        add(name)
    return ordered


def cpio_entry(number, name, mode, data, device):
    """One member of a cpio archive of the format `newc`, which the kernel unpacks."""
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


def initramfs(busybox, modules):
    none = (0, 0)
    entries = [(name, 0o040755, b"", none)
               for name in ("bin", "dev", "proc", "sys", "root", "mnt", "modules")]
    entries += [("dev/console", 0o020600, b"", (5, 1)),
                ("bin/busybox", 0o100755, busybox, none),
                ("bin/sh", 0o120777, b"busybox", none),
                ("init", 0o100755, INIT.encode(), none)]
    entries += [("modules/%02d-%s.ko" % (index, name), 0o100644, data, none)
                for index, (name, data) in enumerate(modules.items())]
    entries.append(("TRAILER!!!", 0, b"", none))
    return b"".join(cpio_entry(number, *entry) for number, entry in enumerate(entries, 1))


def write(folder, name, data):
    """Whole or not at all."""
    path = os.path.join(folder, name)
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.rename(path + ".new", path)


def write_modules(folder, modules):
    """Returns them as files whose names sort in the order in which they have to be inserted."""
    os.makedirs(folder)
    for index, (name, data) in enumerate(modules.items()):
        with open(os.path.join(folder, "%02d-%s.ko" % (index, name)), "wb") as file:
            file.write(data)


def unpack_root(folder, packages, root):
    """What is needed to chroot into: the files of packages and of all that they need."""
    unpack(folder, ["--closure"], packages, root)
    for name in NOT_NEEDED:
        shutil.rmtree(os.path.join(root, name))
    for name in ("dev", "proc", "tmp"):
        os.makedirs(os.path.join(root, name))
    for name in ("bin", "lib"):
        os.symlink("usr/" + name, os.path.join(root, name))


def qemu_disk(folder, modules):
    """
    An ext4 image to chroot into: the package qemu-system-riscv with all it depends on, KVM's
    modules in /modules, and vmlinux and initrd.cpio for a guest.
    """
    image = os.path.join(folder, "qemu.img")
    with tempfile.TemporaryDirectory(dir=folder) as root:
        unpack_root(folder, ["qemu-system-riscv"], root)
        for name in ("vmlinux", "initrd.cpio"):
            shutil.copyfile(os.path.join(folder, name), os.path.join(root, name))
        write_modules(os.path.join(root, "modules"), modules)
        disk_image.format_with(root, image + ".new", QEMU_DISK_MIB)
    os.rename(image + ".new", image)


def prepare(folder):
    kernel_file, = fetch(folder, ["--resolve"], ["linux-image-riscv64"])
    busybox_file, opensbi_file, uboot_file, efi_file = fetch(
        folder, [], ["busybox-static", "opensbi", "u-boot-qemu", "qemu-efi-riscv64"])
    kernel = read_package(kernel_file, KERNEL)
    busybox = read_package(busybox_file, "/bin/busybox$")["busybox"]
    opensbi = read_package(opensbi_file, "/riscv64-.*/generic/")
    uboot = read_package(uboot_file, "/qemu-riscv64_smode/")
    efi = read_package(efi_file, "/qemu-efi-riscv64/")
    vmlinux, = (data for name, data in kernel.items() if name.startswith("vmlinux-"))

    write(folder, "initrd.cpio", initramfs(busybox, modules_in_order(kernel, MODULES)))
    write(folder, "fw_dynamic.bin", opensbi["fw_dynamic.bin"])
    write(folder, "fw_jump.bin", opensbi["fw_jump.bin"])
    write(folder, "uboot.elf", uboot["uboot.elf"])
    write(folder, "efi.code", efi["RISCV_VIRT_CODE.fd"])
    write(folder, "efi.variables", efi["RISCV_VIRT_VARS.fd"])
    write(folder, "vmlinux", vmlinux)
    qemu_disk(folder, modules_in_order(kernel, ["kvm"]))


def path_of(folder, name):
    return os.path.join(folder, "debian13", name)


def complete(folder):
    """Whether all is there, and made by this version of this file."""
    made = os.path.getmtime(__file__)
    paths = [path_of(folder, name) for name in PARTS]
    return all(os.path.exists(path) and os.path.getmtime(path) >= made for path in paths)


def part(folder, name):
    """The path of one of the PARTS; Skipped when the packages could not be had."""
    if not complete(folder):
        raise Skipped("Debian 13's packages could not be had")
    return path_of(folder, name)


def await_shell(machine, harts):
    """See the kernel boot to the prompt, on all harts."""
    machine.expect("Linux version .*-riscv64", never=TROUBLE)
    machine.expect(PROMPT, never=TROUBLE)
    print("%.1f s to the shell" % machine.seconds)
    check(machine.command("nproc", PROMPT) == harts + "\n", "not all harts are online")


def power_off(machine):
    machine.type("poweroff -f\n")
    machine.expect("reboot: Power down", never=TROUBLE)
    machine.wait(0)


def main():
    folder = sys.argv[1]
    parts = path_of(folder, "")
    os.makedirs(parts, exist_ok=True)
    try:
        if not complete(folder):
            prepare(parts)
    except Skipped as reason:
        print("skipped: %s" % reason)
        sys.exit(SKIPPED)


if __name__ == "__main__":
    main()
