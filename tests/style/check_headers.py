#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that each header compiles alone. A header that a source file includes first has been
compiled so by the build; the others are compiled here. Arguments: the C compiler, and the options
that every file needs. Headers of guest code are compiled by a RISC-V compiler, if there is one."""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

from source import ROOT, finish, sources, text_of

GUEST = ("firmware/", "roms/", "tests/firmware/", "tests/guest/", "tests/bench/",
         "tests/system/programs/perf_event.h")
FIRST = re.compile(r'^#\s*(\w+)\s*(["<]?)([^">\n]*)', re.MULTILINE)  # the first directive of a file
CROSS = ("riscv64-linux-gnu-gcc", "riscv64-unknown-elf-gcc")


def compile_alone(command, name):
    flags = ["-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wno-unused-function",
             "-Wno-unused-const-variable", "-Wno-unused-variable", "-Werror", "-fsyntax-only",
             *(["-Wno-unused-parameter"] if name.startswith("tests/") else []),
             f"-I{ROOT}", "-include", name, "-x", "c", "/dev/null"]
    done = subprocess.run([*command, *flags], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    return f"{name} does not compile alone:\n{done.stderr}" if done.returncode else None


def first_of_sources():
    """Returns the headers that source files of the build include first. Each is returned relative
    to the root and to the source's folder, of which only one exists."""
    found = set()
    for name in sources(suffixes=(".c",)):
        first = FIRST.search(text_of(name))
        if first and first.group(1) == "include" and first.group(2) == '"':
            folders = "", os.path.dirname(name)
            found.update(os.path.normpath(os.path.join(folder, first.group(3)))
                         for folder in folders)
    return found


def main():
    host = sys.argv[1:] or ["cc"]
    cross = next((tool for tool in CROSS if shutil.which(tool)), None)
    jobs, headers, compiled = [], sources(suffixes=(".h",)), first_of_sources()
    for name in headers:
        guest = name.startswith(GUEST)
        if not guest and name not in compiled:
            jobs.append((host, name))
        elif guest and cross:
            jobs.append(([cross, "-ffreestanding", "-mcmodel=medany"], name))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = [problem for problem in pool.map(lambda job: compile_alone(*job), jobs)
                    if problem]
    finish(problems, f"{len(headers)} headers, {len(jobs)} of them compiled here")


if __name__ == "__main__":
    main()
