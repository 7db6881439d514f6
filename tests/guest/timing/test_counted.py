#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests counters of a timing model's events (counted.c): they have exactly the values that --stats
reports, and the same in each tier. An overflow interrupts within the documented bounds.

usage: test_counted.py BAYA PROGRAM CORE"""

import json
import subprocess
import sys

# Names in the CPI stack, in the order of cpu/counters/cause.def; their selectors begin at
# FIRST_CAUSE.
CAUSES = ("issue", "fetch", "load-use", "mul/div", "fp", "mispredict", "l1i", "l1d", "l2", "tlb",
          "stores", "fence/csr", "sleep")
FIRST_CAUSE = 0x20200
CYCLES, INSTRUCTIONS, REFERENCES, MISSES, BRANCHES = 1, 2, 3, 4, 5
MISPREDICTED, STALL_FRONT, STALL_BACK = 6, 8, 9
L1D_READ, L1D_READ_MISS, L1D_WRITE, L1D_WRITE_MISS = 0x10000, 0x10001, 0x10002, 0x10003
L1I_READ, L1I_READ_MISS = 0x10008, 0x10009

ROUNDS = 2000 + 500
PERIOD = 20000  # events until an overflow
LOOP = 3  # instructions in a round
# How late an interrupt may be: instructions between two checks for interrupts, and instructions
# that a pipeline may hold.
LATE = 64 + 64


def run(baya, program, core, engine):
    words = [baya, "--engine=" + engine, "--clock=virtual", "-cpu", "max", "--timing=" + core,
             "--stats", program]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1500)
    assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
    counted, overflown = {"U": {}, "S": {}}, {}
    for line in done.stdout.splitlines():
        field = line.split()
        if field and field[0] == "counted":
            counted[field[2]][int(field[1], 16)] = int(field[3], 16)
        elif field and field[0] == "overflown":
            overflown[int(field[1], 16)] = (int(field[2], 16), int(field[3], 16))
    stats = json.loads(done.stderr.splitlines()[-1])
    return counted, overflown, stats["timing"]["harts"][0]["modes"]


def check_mode(counted, mode):
    """Compares the counts of a mode with the emulator's own account of that mode."""
    assert counted[CYCLES] == mode["cycles"], (counted[CYCLES], mode)
    assert counted[INSTRUCTIONS] == mode["instructions"], (counted[INSTRUCTIONS], mode)
    for number, cause in enumerate(CAUSES):
        assert counted[FIRST_CAUSE + number] == mode["stack"].get(cause, 0), (cause, mode)


def check_memory(counted):
    """Checks events whose number is known from the program: loads, stores and branches in a
    round."""
    assert counted[REFERENCES] == counted[L1D_READ] + counted[L1D_WRITE]
    assert counted[MISSES] == counted[L1D_READ_MISS] + counted[L1D_WRITE_MISS]
    assert ROUNDS <= counted[L1D_READ] <= ROUNDS + 100
    assert 0 < counted[L1D_READ_MISS] <= counted[L1D_READ]
    assert ROUNDS // 4 < counted[L1D_WRITE] < ROUNDS + 100
    assert counted[L1I_READ_MISS] < 100 < counted[L1I_READ]
    assert counted[STALL_FRONT] > 0 and counted[STALL_BACK] > 0
    assert counted[STALL_FRONT] + counted[STALL_BACK] <= counted[CYCLES]
    assert 100 < counted[MISPREDICTED] < ROUNDS


def check_overflow(selector, overflown, per_round):
    """Checks that an overflow interrupts after PERIOD events, within the documented bounds; there
    are `per_round` events in a round."""
    rounds, value = overflown[selector]
    assert PERIOD / per_round * 0.95 - LATE < rounds < PERIOD / per_round * 1.05 + LATE, \
        (selector, rounds, per_round)
    assert value < 1000 * per_round, (selector, value)


def main():
    baya, program, core = sys.argv[1:]
    results = [run(baya, program, core, engine) for engine in ("interp", "threaded")]
    counted, overflown, modes = results[0]
    assert results[0] == results[1], "tiers differ"
    check_mode(counted["U"], modes["U"])
    check_mode(counted["S"], modes["S"])
    for mode in "US":
        assert 2 * ROUNDS <= counted[mode][BRANCHES] <= 2 * ROUNDS + 100
        if core != "simple":
            check_memory(counted[mode])
    assert overflown[CYCLES][0] < 40000, "no overflow of cycles"
    if core != "simple":
        check_overflow(L1D_READ, overflown, 1)


main()
