#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no writable object is global, so that one process can run two machines. Arguments:
objdump and the libraries to examine; without any, the libraries in the folder `build`."""

import re
import subprocess
import sys

from source import built, finish

# Sections of writable objects; objects that the compiler adds are in others.
WRITABLE = re.compile(r"(\.data|\.bss|\.tdata|\.tbss|\*COM\*)(?!\.rel\.ro)[.\w]*$")

LIBRARIES = ("bus/libbaya_bus.a", "cpu/libbaya_cpu.a", "devices/libbaya_devices.a")


def main():
    objdump, *libraries = sys.argv[1:] or ["objdump", *built(*LIBRARIES)]
    problems, count = [], 0
    for library in libraries:
        listing = subprocess.run([objdump, "-t", library], capture_output=True, text=True,
                                 check=True).stdout
        member = library
        for line in listing.split("\n"):
            if line.endswith(")") or ":     file format" in line:
                member = line.split(":")[0]
            # value, seven flags, section, size, name
            symbol = re.match(r"[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\.hidden )?(\S+)$", line)
            if not symbol or "O" not in symbol.group(1):
                continue
            count += 1
            if WRITABLE.match(symbol.group(2)) and "rel.ro" not in symbol.group(2):
                problems.append(f"{member}: {symbol.group(3)} is in {symbol.group(2)}")
    if not count:
        problems.append("no object at all was seen: the libraries are not what was expected")
    finish(problems, f"{count} objects of {len(libraries)} libraries")


if __name__ == "__main__":
    main()
