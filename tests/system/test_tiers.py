# SPDX-License-Identifier: MIT
"""
Tests boots of the bundled guest with a timing model: the tiers must agree in all of it, to the
cycle, and so must a model that replays from its memo and one that steps. Without a model, the tiers
must agree in the order in which harts run when it is random (--chaos).
"""

import json
import subprocess

from fixtures.bundled import CONSOLE, SMALL
from fixtures.console import check, main

TIERS = ("--engine=threaded", "--engine=interp")
HOST = ("seconds", "mips", "tiers", "code", "tlb", "startup_seconds", "memo")
COMMAND = CONSOLE + ' run="uname -m; cat /proc/cpuinfo"'
ENDED, LIMIT = 0, 4

# After this number of instructions the boot has come to init, and the command has not begun.
INIT = 49000000


def run(baya, record, code, *words):
    """Runs a machine; returns what the guest printed, and --stats."""
    argv = [baya, "--clock=virtual", "--stats", *SMALL, "-nographic", "-append", COMMAND,
            *words]
    record.write("$ " + " ".join(argv) + "\n")
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, text=True)
    record.write(done.stdout + done.stderr)
    check(done.returncode == code, "exit code %d with %s" % (done.returncode, words))
    return done.stdout, json.loads(done.stderr.splitlines()[-1])


def compare(baya, log, code, ways, *words):
    """Runs the machine with each of these sets of options, and checks that the results are the
    same; returns the output and --stats without what depends on the host."""
    with open(log, "w", encoding="utf-8") as record:
        outcomes = [run(baya, record, code, *way.split(), *words) for way in ways]
    for _, stats in outcomes:
        for key in HOST:
            stats.pop(key, None)
    for way, outcome in zip(ways, outcomes):
        check(outcome == outcomes[0], "%s and %s differ: %s\n%s" % (ways[0], way, outcomes[0][1],
                                                                    outcome[1]))
    return outcomes[0]


def boot(baya, _, log, core, harts="1", millions="0"):
    """Runs to the end of a command in the guest, or for a number of million instructions."""
    words = ["--timing=" + core, "-smp", harts]
    if millions != "0":
        words.append("--max-insns=%s000000" % millions)
    # With a timing model native code is used only where it adds up prices, which `simple` has.
    ways = TIERS + (("--engine=jit",) if core == "simple" else ())
    output, stats = compare(baya, log, ENDED if millions == "0" else LIMIT, ways, *words)
    check("riscv64" in output or millions != "0", "the command did not run")
    check(stats["cycles"] > 1000000, "there are hardly any cycles")


def user(baya, _, log, core):
    """Times only the end of the run: init, a shell and the command; in the interpreter with a check
    by stepping."""
    ways = "--engine=threaded", "--engine=interp --timing-check"
    output, stats = compare(baya, log, ENDED, ways, "--timing=" + core,
                            "--timing-from=%d" % INIT)
    check("riscv64" in output, "the command did not run")
    modes = stats["timing"]["harts"][0]["modes"]
    check(modes["U"]["instructions"] > 250000 < modes["S"]["instructions"], "modes: %s" % modes)


def memo(baya, _, log, core, millions="0"):
    """Runs all, or a number of million instructions, with the memo, and checks it by stepping."""
    words = ["--timing=" + core, "--timing-check"]
    if millions != "0":
        words.append("--max-insns=%s000000" % millions)
    with open(log, "w", encoding="utf-8") as record:
        output, stats = run(baya, record, ENDED if millions == "0" else LIMIT, *words)
    check("riscv64" in output or millions != "0", "the command did not run")
    taken = stats["memo"][0]["instructions"]
    check(taken > stats["instructions"] // 10, "hardly anything came from the memo")


def chaos(baya, _, log):
    """Boots four harts with turns of random lengths: a seed gives the same run in all engines, and
    another seed gives another run."""
    ways = "--engine=interp", "--engine=threaded", "--engine=jit"
    output, first = compare(baya, log, ENDED, ways, "-smp", "4", "--chaos", "--seed=1")
    check("riscv64" in output, "the command did not run")
    _, second = compare(baya, log, ENDED, ways[2:], "-smp", "4", "--chaos", "--seed=2")
    check(first["cycles"] != second["cycles"], "the seed changes nothing: %s" % first)


if __name__ == "__main__":
    main({"boot": boot, "user": user, "memo": memo, "chaos": chaos})
