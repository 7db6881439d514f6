# SPDX-License-Identifier: MIT
"""Tests the guest's memory in a file of the host: with share=on other programs see it, with
share=off the file is not changed."""

import hashlib
import mmap
import os
import tempfile

from fixtures.bundled import PROMPT, await_shell, booted, power_off
from fixtures.console import Machine, check, main

SIZE = 128 << 20


def machine_line(baya, path, share):
    return [baya, "-M", "virt,memory-backend=m", "-object",
            "memory-backend-file,id=m,size=128M,mem-path=%s,share=%s" % (path, share)]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file(baya, _, log):
    """Checks that a program of the host finds what the guest has just written, and that guests can
    start with a file that has other content."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "ram")
        with booted(machine_line(baya, path, "on"), log) as machine:
            machine.command("echo $((1234567 * 1000001))-marker >/dev/shm/x || "
                            "echo $((1234567 * 1000001))-marker >/tmp/x", PROMPT)
            check(os.path.getsize(path) == SIZE, "the file has another size")
            with open(path, "rb") as there:
                with mmap.mmap(there.fileno(), 0, prot=mmap.PROT_READ) as memory:
                    check(memory.find(b"1234568234567-marker") >= 0, "it is not to be seen")
        before = digest(path)
        with Machine(machine_line(baya, path, "off"), log) as machine:
            await_shell(machine)
            power_off(machine)
        check(digest(path) == before, "share=off has changed the file")
        with Machine(machine_line(baya, path, "on"), log) as machine:
            await_shell(machine)
            power_off(machine)
        os.truncate(path, 4096)
        with Machine(machine_line(baya, path, "on"), log) as machine:
            machine.expect("ram: is smaller than the guest's memory, 128 MiB")
            machine.wait(3)


main({"file": file})
