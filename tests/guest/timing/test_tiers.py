#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_tiers.py BAYA CORE INSTRUCTIONS TURN PROGRAM.elf[:HARTS]...: each tier takes the same
cycles.

Each program is timed as CORE in the interpreter, in threaded code, with a log and, with the model
`simple`, in native code, for at most this many instructions. How it ends, what it writes and
everything that --stats reports about the machine must be the same, to the cycle and to the event.
If TURN is a number, each program is run in one other tier besides the interpreter, in turn, and the
first program in the one of that number; otherwise it is run in all."""

import json
import os
import subprocess
import sys

INTERPRETED = ["--engine=interp"]
OTHERS = [["--engine=threaded"], ["--engine=threaded", "--log=" + os.devnull]]
NATIVE = ["--engine=jit"]  # for `simple`, whose prices it adds up
HOST = ("seconds", "mips", "tiers", "code", "tlb", "startup_seconds", "memo")


def outcome(baya, core, most, program, harts, tier):
    command = [baya, program, "-smp", harts, "--clock=virtual", "-cpu", "max,sv57=on",
               "--timing=" + core, "--stats", "--max-insns=" + most, *tier]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, check=False, timeout=1500)
    lines = run.stderr.decode().splitlines()
    stats = [json.loads(line) for line in lines if line.startswith("{")]
    if len(stats) != 1:
        sys.exit(f"{' '.join(command)}: no statistics: {lines}")
    for key in HOST:
        stats[0].pop(key, None)
    return run.returncode, run.stdout, stats[0]


def main():
    baya, core, most, turn, *programs = sys.argv[1:]
    others = OTHERS + [NATIVE] if core == "simple" else OTHERS
    instructions = cycles = differences = 0
    for n, program in enumerate(programs):
        tiers = [INTERPRETED, *(others if turn == "all" else [others[(int(turn) + n) % len(others)]])]
        path, _, harts = program.partition(":")
        runs = [outcome(baya, core, most, path, harts or "1", tier) for tier in tiers]
        instructions += runs[0][2]["instructions"]
        cycles += runs[0][2]["cycles"]
        for tier, run in zip(tiers[1:], runs[1:]):
            if run != runs[0]:
                differences += 1
                print(f"{path}: {' '.join(tier)} is not as the interpreter:\n  {run}\n  {runs[0]}")
    print(f"{core}: {len(programs)} programs, {instructions} instructions, {cycles} cycles in each "
          f"tier; {differences} differ")
    sys.exit(1 if differences or not instructions or not cycles else 0)


if __name__ == "__main__":
    main()
