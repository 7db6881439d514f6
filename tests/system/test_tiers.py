# SPDX-License-Identifier: MIT
"""
A boot of the bundled guest with a timing model: the tiers agree on all of it, to the cycle, and so
do a model that remembers and one that steps.
"""

import json
import subprocess

from console import check, main

TIERS = ("threaded", "interp")
HOST = ("seconds", "mips", "tiers", "startup_seconds", "memo")


def boot(baya, _, log, core, harts="1", millions="0"):
    """To the end of a command in the guest, or so many million instructions."""
    outcomes = []
    with open(log, "w", encoding="utf-8") as record:
        for tier in TIERS:
            argv = [baya, "--engine=" + tier, "--clock=virtual", "--timing=" + core, "--stats",
                    "-smp", harts, "-m", "128M", "-nographic",
                    "-append", 'console=ttyS0 run="uname -m; cat /proc/cpuinfo"']
            if millions != "0":
                argv.append("--max-insns=%s000000" % millions)
            record.write("$ " + " ".join(argv) + "\n")
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, check=False, text=True)
            record.write(done.stdout + done.stderr)
            check(done.returncode == (0 if millions == "0" else 4),
                  "exit code %d with --engine=%s" % (done.returncode, tier))
            stats = json.loads(done.stderr.splitlines()[-1])
            outcomes.append((done.stdout, {key: value for key, value in stats.items()
                                           if key not in HOST}))
        record.write("%s\n" % outcomes[0][1])
    check("riscv64" in outcomes[0][0] or millions != "0", "the command did not run")
    check(outcomes[0][1]["cycles"] > 1000000, "there are hardly any cycles")
    check(outcomes[0] == outcomes[1], "%s and %s differ: %s\n%s" % (*TIERS, outcomes[0][1],
                                                                    outcomes[1][1]))


def memo(baya, _, log, core, millions):
    """So many million instructions of it, from the memo and stepped."""
    argv = [baya, "--clock=virtual", "--timing=" + core, "--timing-check", "--stats", "-m", "128M",
            "-nographic", "--max-insns=%s000000" % millions]
    with open(log, "w", encoding="utf-8") as record:
        record.write("$ " + " ".join(argv) + "\n")
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, text=True)
        record.write(done.stdout + done.stderr)
    check(done.returncode == 4, "exit code %d" % done.returncode)
    taken = json.loads(done.stderr.splitlines()[-1])["memo"][0]["instructions"]
    check(taken > int(millions) * 100000, "hardly anything came from the memo")


if __name__ == "__main__":
    main({"boot": boot, "memo": memo})
