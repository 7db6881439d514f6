# SPDX-License-Identifier: MIT
"""Tests what packagers give to CMake, as docs/building.md describes it."""

import os

from fixtures.build_tree import Tree
from fixtures.console import check, main

GUEST = ("Image.gz", "initramfs.cpio.gz", "vmlinux.gz")


def guest(_, __, log):
    """Checks that BAYA_BUNDLED_GUEST=OFF neither needs nor installs the bundled guest, which is
    otherwise missed before anything is built."""
    with Tree(log) as tree:
        tree.copy_sources("-rs")
        for name in GUEST:
            os.unlink(os.path.join(tree.source, "roms", name))
        status, said = tree.configure("-DCMAKE_DISABLE_FIND_PACKAGE_cmocka=ON")
        check(status != 0 and "roms/Image.gz, of the bundled guest, is missing; "
              "-DBAYA_BUNDLED_GUEST=OFF" in said, "it says: " + said)
        status, said = tree.configure("-DBAYA_BUNDLED_GUEST=OFF", "-DCMAKE_DISABLE_FIND_PACKAGE_cmocka=ON")
        check(status == 0, "it cannot be configured: " + said)
        tree.pretend()
        prefix, status, said = tree.install()
        check(status == 0, "it cannot be installed: " + said)
        found = os.listdir(os.path.join(prefix, "share/baya"))
        check("cores" in found and not set(GUEST) & set(found), "installed: %s" % found)


if __name__ == "__main__":
    main({"guest": guest})
