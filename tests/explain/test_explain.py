#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests what `baya explain` says about small programs, on each tier: the cases of a *.cases file.
Arguments: --in-turn, with which each case runs on one tier only, the next in turn; baya, the
compiler, the file, and optionally the name of one case."""

import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FLAGS = ("-march=rv64gc_zicsr_zicbom_zicboz", "-mabi=lp64", "-nostdlib", "-static",
         "-Ttext=0x80000000", "-Wl,--no-warn-rwx-segments,--no-relax", "-Wa,-I" + HERE)
TIERS = "interp", "threaded", "jit"


class Case:
    """A case: NAME | OPTIONS, instructions, lines that must come in this order and lines that must
    not come."""

    def __init__(self, head):
        name, _, options = head.partition("|")
        self.name, self.options = name.strip(), shlex.split(options)
        self.code, self.wanted, self.unwanted = [], [], []

    def check(self, output):
        lines = iter(output.splitlines())
        for wanted in self.wanted:
            if not any(re.search(wanted, line) for line in lines):
                return f"no line (after those before it) has: {wanted}"
        for unwanted in self.unwanted:
            if re.search(unwanted, output, re.M):
                return f"there is: {unwanted}"
        return None


def read(path):
    cases = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith("==="):
                cases.append(Case(line[3:]))
            elif line.startswith("---"):
                cases[-1].wanted.append(line[4:])
            elif line.startswith("! "):
                cases[-1].unwanted.append(line[2:])
            elif cases:
                cases[-1].code.append(line)
    return cases


def build(case, compiler, folder):
    source, program = os.path.join(folder, "case.s"), os.path.join(folder, "case.elf")
    with open(source, "w", encoding="utf-8") as file:
        file.write('.include "begin.inc"\n' + "\n".join(case.code) + "\n")
    subprocess.run([compiler, *FLAGS, source, "-o", program], check=True)
    return program


def run(case, baya, program, engine):
    # The usual timeout of explain may be too short on a busy host.
    command = [baya, "explain", program, "--clock=virtual", "--max-insns=1000000", "--serial=null",
               "--timeout=1000", "--engine=" + engine, *case.options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=1500,
                          stderr=subprocess.PIPE, check=False)
    output = done.stdout.decode("utf-8")
    problem = case.check(output)
    if done.returncode:
        problem = f"exit code {done.returncode}"
    return f"{' '.join(command)}\n{output}{case.name}: {problem}" if problem else None


def main():
    in_turn = sys.argv[1] == "--in-turn"
    baya, compiler, path, *name = sys.argv[1 + in_turn:]
    cases = [case for case in read(path) if name in ([], [case.name])]
    assert cases and all(case.wanted for case in cases)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            program = build(case, compiler, folder)
            for engine in TIERS[number % 3:][:1] if in_turn else TIERS:
                problem = run(case, baya, program, engine)
                if problem:
                    problems.append(problem)
    print(*problems, f"{len(cases)} cases, {len(problems)} problems", sep="\n")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
