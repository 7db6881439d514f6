# SPDX-License-Identifier: MIT
"""More for debian13.py's guest: modules of Debian's kernel and programs of Debian's packages, as a
cpio archive that is put behind its initramfs. Made once, from packages that are fetched as
debian13.py fetches them."""

import fcntl
import glob
import os
import subprocess
import sys
import tempfile

import debian13
from console import Skipped

KERNEL = r"/kernel/(fs|lib|crypto|arch|net|sound|drivers/(virtio|block|char))/.*\.ko\.xz$"


def unpack(parts, packages, wanted, root):
    """The files that `wanted` names, of the packages and all that they need."""
    with tempfile.TemporaryDirectory(dir=parts) as whole:
        for package in debian13.fetch(parts, ["--closure"], packages):
            subprocess.run(["dpkg-deb", "-x", package, whole], check=True)
        for name in wanted:
            subprocess.run("cp -a --parents ./%s %s" % (name, root), cwd=whole, shell=True,
                           check=True)


def build(folder, modules, packages, wanted, own):
    """The archive, behind the initramfs that debian13.py makes."""
    parts = debian13.path_of(folder, "")
    kernel = glob.glob(os.path.join(parts, "linux-image-*.deb"))
    if not kernel:
        raise Skipped("Debian 13's kernel package is gone")
    with tempfile.TemporaryDirectory(dir=parts) as root:
        files = debian13.read_package(kernel[-1], KERNEL)
        os.makedirs(os.path.join(root, "modules"))
        first = debian13.modules_in_order(files, debian13.MODULES)
        rest = debian13.modules_in_order(files, modules)
        for index, (module, data) in enumerate(rest.items()):
            if module in first:
                continue
            path = os.path.join(root, "modules", "5%02d-%s.ko" % (index, module))
            with open(path, "wb") as file:
                file.write(data)
        unpack(parts, packages, wanted, root)
        os.symlink("usr/lib", os.path.join(root, "lib"))
        os.makedirs(os.path.join(root, "root"))
        for name, data in own.items():
            with open(os.path.join(root, "root", name), "wb") as file:
                file.write(data)
        more = subprocess.run("find . -mindepth 1 | cpio --quiet -o -H newc", cwd=root, shell=True,
                              check=True, stdout=subprocess.PIPE).stdout
    with open(debian13.part(folder, "initrd.cpio"), "rb") as file:
        return file.read() + more


def make(folder, name, modules, packages, wanted, own):
    """
    The path of an initramfs with these modules, inserted when it begins, the files of packages
    that `wanted` names (as a shell matches), and files of our own in /root. It is made again when
    the test or what it is made of is newer; tests that run at once wait for each other.
    """
    path = debian13.path_of(folder, name)
    sources = [__file__, sys.argv[0], debian13.part(folder, "initrd.cpio")]
    with open(path + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(os.path.getmtime(source) for source in sources)
        if not os.path.exists(path) or os.path.getmtime(path) < newest:
            debian13.write(debian13.path_of(folder, ""), name,
                           build(folder, modules, packages, wanted, own))
    return path
