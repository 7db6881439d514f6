#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_fit.py BAYA FOLDER BOARDS: `baya cycles --fit` names the parameters in which a board differs
from a core.

The board is simulated: a core that comes with Baya, with other values of two parameters; its table
has the cycles of that model. Fitted to the original core, --fit must name these two parameters
first, with the board's values, and with them no difference may remain.
"""

import subprocess
import sys
import tempfile

# Core, programs, and the board's parameters, each of another kind; all influence the programs.
BOARDS = (
    ("rocket", "muldiv", {"mul.latency": "7", "div.latency": "12"}),
    ("u74", "fp", {"fpu.add64": "9", "fpu.convert": "5"}),
)


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=1500)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def table_of(baya, folder, core, program):
    """Returns a program's rows of a table, with the cycles that the program takes on a core."""
    text = run(baya, "cycles", "--core=" + core, f"--against={folder}/c906.tsv",
               "--only=" + program, folder + "/elf")
    cycles = {}
    for line in text.splitlines():
        words = line.split()
        if words[:1] == [program]:
            cycles[words[1]] = words[3]
    with open(folder + "/c906.tsv", encoding="utf-8") as rows:
        cells = [line.rstrip("\n").split("\t") for line in rows]
    return "".join("\t".join([c[0], c[1], c[2], cycles[c[1]], c[4], c[5]]) + "\n"
                   for c in cells if c[0] == program)


def check(baya, folder, core, program, board):
    changed = core + "".join(f",{name}={value}" for name, value in board.items())
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.write(table_of(baya, folder, changed, program))
        table.flush()
        text = run(baya, "cycles", "--fit", "--core=" + core, "--against=" + table.name,
                   folder + "/elf")
    found = [line.split() for line in text.splitlines() if "explains" in line]
    named = {words[0]: words[3] for words in found[:2]}
    if named != board or not text.splitlines()[-1].endswith("mean error 0.000%"):
        print(f"{changed}:\n{text}")
        return False
    return True


def main():
    baya, folder, boards = sys.argv[1:]
    good = [check(baya, folder, *board) for board in BOARDS[:int(boards)]]
    print(f"{sum(good)} of {len(good)} boards were recognized")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
