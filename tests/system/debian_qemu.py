# SPDX-License-Identifier: MIT
"""
QEMU of Debian 13 for this machine, whose own may be too old to compare with. It is fetched once
with roms/debian13 into ~/.cache/baya, and runs there with the libraries it came with.
"""

import fcntl
import os
import shutil

import debian13


def fetch(name, options, package):
    """Returns a folder with a package's files, and those of all that was asked for with it."""
    folder = debian13.cache(name)
    root = os.path.join(folder, "root")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(root):
            shutil.rmtree(root + ".new", ignore_errors=True)
            debian13.unpack(folder, ["--host", *options], [package], root + ".new")
            os.rename(root + ".new", root)
    return root


def user():
    """The command that runs a program for Linux; console.Skipped: the package cannot be had."""
    return [os.path.join(fetch("qemu-user", [], "qemu-user"), "usr/bin/qemu-riscv64")]


def system():
    """The command that runs a machine; console.Skipped: the packages cannot be had."""
    root = os.path.join(fetch("qemu-system", ["--closure"], "qemu-system-riscv"), "usr")
    return [os.path.join(root, "lib64/ld-linux-x86-64.so.2"),
            "--library-path", os.path.join(root, "lib/x86_64-linux-gnu"),
            os.path.join(root, "bin/qemu-system-riscv64"), "-L", os.path.join(root, "share/qemu")]
