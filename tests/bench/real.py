# SPDX-License-Identifier: MIT
"""Real programs in a root folder made of Debian 13's packages, on a disk of the bundled Linux, and
Debian's own kernel to boot. Both are made once and kept in $XDG_CACHE_HOME/baya/bench."""

import fcntl
import glob
import os
import shutil
import subprocess
import sys
import tempfile

import guest_bench

sys.path.insert(0, os.path.join(guest_bench.TOP, "tests", "system"))

from fixtures import debian13  # noqa: E402
from fixtures import disk_image  # noqa: E402

PACKAGES = ("coreutils dash python3 gcc libc6-dev xz-utils openssl sqlite3 perl lua5.4 nodejs "
            "openjdk-21-jdk-headless").split()
WORK = os.path.join(guest_bench.HERE, "real")
SOURCES = os.path.join(guest_bench.HERE, "programs")
DISK_MIB = 2048
JAVA = "/usr/lib/jvm/java-21-openjdk-riscv64/bin"
DATA = "/usr/lib/riscv64-linux-gnu/libcrypto.so.3"  # some megabytes as input

# The shell command of each program, which runs in that root folder. Its output must be the same on
# all machines.
COMMANDS = {
    "python3": "python3 /bench/work.py",
    "gcc": "cd /tmp && gcc -O2 -c /bench/integer/json.c && cat *.o",
    "xz": f"head -c 2M {DATA} | xz -T1 >/tmp/x && md5sum /tmp/x && xz -dc /tmp/x | md5sum",
    "openssl": f"cat {DATA} {DATA} | openssl enc -aes-128-cbc -K {'01' * 16} -iv {'23' * 16} | "
               f"openssl dgst -sha256 && openssl prime {2 ** 1279 - 1}",
    "sqlite3": "sqlite3 :memory: </bench/work.sql",
    "perl": "perl /bench/work.pl",
    "lua": "lua5.4 /bench/work.lua",
    "node": "node /bench/work.js",
    "openjdk": f"{JAVA}/java -Xmx192m -cp /bench Work",
}
# This is typed at the bundled guest's prompt before the first program.
MOUNTS = ("mount -o ro /dev/vda /mnt && mount -t tmpfs tmp /mnt/tmp && "
          "mount -t proc proc /mnt/proc && mount -t devtmpfs dev /mnt/dev")


def chosen():
    """Returns the class of each program, and the arguments for programs/main.c."""
    return {name: ("real", f"command chroot /mnt /bin/sh -c '{command}'")
            for name, command in COMMANDS.items()}


def disk_options(image, more=""):
    """Returns the options for the root folder as a disk of a machine."""
    return ["-drive", f"file={image},format=raw,if=none,id=root{more}",
            "-device", "virtio-blk-device,drive=root"]


def cache():
    return debian13.cache("bench")


def compile_java(baya, image):
    """Compiles the Java program with the compiler on the disk, in the bundled guest, which takes
    half a minute and then powers off."""
    command = (f"mount /dev/vda /mnt && mount -t proc proc /mnt/proc && "
               f"chroot /mnt {JAVA}/javac -J-Xmx192m -d /bench /bench/Work.java")
    subprocess.run([baya, "-m", "512M", "-nographic", *disk_options(image),
                    "-kernel", os.path.join(guest_bench.ROMS, "Image.gz"),
                    "-initrd", os.path.join(guest_bench.ROMS, "initramfs.cpio.gz"),
                    "-append", f'console=ttyS0 quiet run="{command}"'],
                   stdin=subprocess.DEVNULL, check=True)


def make_disk(parts, image, baya):
    with tempfile.TemporaryDirectory(dir=parts) as root:
        debian13.unpack_root(parts, PACKAGES, root)
        shutil.copytree(WORK, os.path.join(root, "bench"))
        shutil.copy(os.path.join(SOURCES, "program.h"), os.path.join(root, "bench"))
        shutil.copy(os.path.join(SOURCES, "programs.def"), os.path.join(root, "bench"))
        shutil.copytree(os.path.join(SOURCES, "integer"), os.path.join(root, "bench/integer"))
        disk_image.format_with(root, image + ".new", DISK_MIB)
    compile_java(baya, image + ".new")
    os.rename(image + ".new", image)


def prepare(baya):
    """Makes the files that are missing or older than their sources, by means of the program baya.
    Returns the disk's path."""
    folder = cache()
    parts = debian13.path_of(folder, "")
    os.makedirs(parts, exist_ok=True)
    sources = [__file__, debian13.__file__, *glob.glob(os.path.join(WORK, "*")),
               *glob.glob(os.path.join(SOURCES, "integer", "*"))]
    with open(os.path.join(folder, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not debian13.complete(folder):
            debian13.prepare(parts)
        disk = os.path.join(folder, "root.img")
        newest = max(os.path.getmtime(source) for source in sources)
        if not os.path.exists(disk) or os.path.getmtime(disk) < newest:
            make_disk(parts, disk, baya)
    return disk


def boot_options():
    """Returns the options for Debian's kernel, with busybox and modules in an initramfs."""
    return ["-m", "512M", "-nographic", "-kernel", debian13.part(cache(), "vmlinux"),
            "-initrd", debian13.part(cache(), "initrd.cpio"), "-append", debian13.CONSOLE]
