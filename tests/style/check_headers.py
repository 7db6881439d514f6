#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each header compiles alone. Arguments: the C compiler, and what it needs for every file; headers
of guest code are compiled by a RISC-V compiler, where there is one."""

import concurrent.futures
import os
import shutil
import subprocess
import sys

from source import ROOT, finish, sources

GUEST = ("firmware/", "roms/", "tests/firmware/", "tests/guest/", "tests/bench/",
         "tests/system/perf_event.h")
CROSS = ("riscv64-linux-gnu-gcc", "riscv64-unknown-elf-gcc")


def compile_alone(command, name):
    flags = ["-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wno-unused-function",
             "-Wno-unused-const-variable", "-Wno-unused-variable", "-Werror", "-fsyntax-only",
             f"-I{ROOT}", "-include", name, "-x", "c", "/dev/null"]
    done = subprocess.run([*command, *flags], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    return f"{name} does not compile alone:\n{done.stderr}" if done.returncode else None


def main():
    host = sys.argv[1:] or ["cc"]
    cross = next((tool for tool in CROSS if shutil.which(tool)), None)
    jobs = []
    for name in sources(suffixes=(".h",)):
        guest = name.startswith(GUEST)
        if not guest:
            jobs.append((host, name))
        elif cross:
            jobs.append(([cross, "-ffreestanding", "-mcmodel=medany"], name))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = [problem for problem in pool.map(lambda job: compile_alone(*job), jobs)
                    if problem]
    finish(problems, f"{len(jobs)} headers")


if __name__ == "__main__":
    main()
