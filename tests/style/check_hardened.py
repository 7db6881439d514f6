#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the program and its modules have the hardening that CMakeLists.txt requests from the
compiler and the linker. Arguments: readelf, objdump, the program, then modules (*.so) and the
libraries of which the program is made (*.a); without any, those in the folder `build`."""

import re
import subprocess
import sys

from source import built, finish

# Threaded code jumps to labels, which are not marked as targets of indirect branches: see
# cpu/CMakeLists.txt.
UNMARKED = re.compile(r"threaded\w*\.c\.o$")

# (what is missing if the pattern is not found, readelf's option, the pattern in its output)
LINKED = (
    ("position-independent code", "-hW", r"Type:\s+DYN"),
    ("immediate binding", "-dW", r"\bNOW\b"),
    ("read-only relocations", "-lW", r"GNU_RELRO"),
    ("a stack that is not executable", "-lW", r"GNU_STACK.* RW\s"),
    ("the stack protector", "-sW", r"UND __stack_chk_fail\b"),
)
PROGRAM = (
    ("a position-independent executable", "-dW", r"Flags:.*\bPIE\b"),
    ("FORTIFY", "-sW", r"UND __(memcpy|snprintf|read)_chk\b"),
)
# The compiler probes each page of a large frame when it allocates the frame.
PROBE = re.compile(r"\borq\s+\$0x0,\(%rsp\)")

BUILT = ("frontends/baya", "frontends/*.so", "bus/libbaya_bus.a", "cpu/libbaya_cpu.a",
         "devices/libbaya_devices.a", "frontends/libbaya_frontends.a")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def lacks(readelf, path, checks):
    for what, option, pattern in checks:
        if not re.search(pattern, output(readelf, option, path)):
            yield f"{path}: lacks {what}"


def lacks_code(objdump, program):
    if not PROBE.search(output(objdump, "-d", program)):
        yield f"{program}: lacks probes of the stack (-fstack-clash-protection)"
    if not re.search(r"<main>:\s.*\sendbr64", output(objdump, "-d", "--disassemble=main", program)):
        yield f"{program}: main does not begin with ENDBR64 (-fcf-protection)"


def members(readelf, library):
    """Yields each object of a library and the CET properties in its note."""
    for part in output(readelf, "-nW", library).split("\nFile: ")[1:]:
        name = re.search(r"\(([^)]*)\)", part).group(1)
        yield name, set(re.findall(r"\b(IBT|SHSTK)\b", part))


def lacks_marks(readelf, library):
    seen = list(members(readelf, library))
    if not seen:
        yield f"{library}: no object was seen, so this is not the library that was expected"
    for name, marks in seen:
        for mark in {"SHSTK"} if UNMARKED.search(name) else {"IBT", "SHSTK"}:
            if mark not in marks:
                yield f"{library}: {name} is not marked for {mark}"


def main():
    readelf, objdump, program, *others = sys.argv[1:] or ["readelf", "objdump", *built(*BUILT)]
    problems = [*lacks(readelf, program, LINKED + PROGRAM), *lacks_code(objdump, program)]
    for path in others:
        if path.endswith(".a"):
            problems += lacks_marks(readelf, path)
        else:
            problems += lacks(readelf, path, LINKED)
    finish(problems, f"the program, and {len(others)} modules and libraries of it")


if __name__ == "__main__":
    main()
