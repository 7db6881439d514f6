# SPDX-License-Identifier: MIT
"""
Disk images with an ext4 file system, made and read on the host without root: e2fsprogs' mke2fs
puts files into them, its debugfs and e2fsck say what a guest left there.
"""

import contextlib
import hashlib
import os
import random
import shutil
import struct
import subprocess
import tempfile

from console import Failed, Skipped

MIB = 1 << 20
TOOLS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def tool(name):
    path = shutil.which(name, path=TOOLS)
    if not path:
        raise Skipped("%s is not installed (e2fsprogs)" % name)
    return path


def write_partition_table(image, mebibytes):
    """A PC's table with one bootable Linux partition, from the first MiB to the end."""
    start, sectors = MIB // 512, (mebibytes - 1) * MIB // 512
    entry = struct.pack("<B3sB3sII", 0x80, b"\xfe\xff\xff", 0x83, b"\xfe\xff\xff", start, sectors)
    with open(image, "r+b") as file:
        file.seek(446)
        file.write(entry + bytes(48) + b"\x55\xaa")


def format_with(root, image, mebibytes, start=0):
    """A sparse image of this size with a file system from byte `start` on, of the files in root."""
    with open(image, "wb") as file:
        file.truncate(mebibytes * MIB)
    subprocess.run([tool("mke2fs"), "-q", "-F", "-t", "ext4", "-d", root, "-E",
                    "offset=%d" % start, image, "%dk" % (mebibytes * 1024 - start // 1024)],
                   check=True)


def make(image, mebibytes, files, partition):
    with tempfile.TemporaryDirectory(dir=os.path.dirname(image)) as root:
        for name, content in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if isinstance(content, bytes):
                with open(path, "wb") as file:
                    file.write(content)
            else:
                shutil.copyfile(content, path)
        format_with(root, image, mebibytes, MIB if partition else 0)
    if partition:
        write_partition_table(image, mebibytes)


@contextlib.contextmanager
def made(image, mebibytes, files, partition=False):
    """
    An image with these files: from a name to bytes, or to the path of a file to copy. The file
    system fills the image, or with `partition` the only partition in it. Stays after a failure.
    """
    make(image, mebibytes, files, partition)
    yield image
    os.remove(image)


def noise(mebibytes):
    """Bytes that do not compress, the same in every run."""
    return random.Random(mebibytes).randbytes(mebibytes * MIB)


def sha256(image, name):
    """The host's view of a file in an image."""
    found = hashlib.sha256()
    with subprocess.Popen([tool("debugfs"), "-R", "cat " + name, image], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as reader:
        while data := reader.stdout.read(MIB):
            found.update(data)
    return found.hexdigest()


def check_clean(image):
    """The file system must be whole and unmounted."""
    done = subprocess.run([tool("e2fsck"), "-f", "-n", image], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failed("e2fsck finds damage: %s" % done.stdout)
