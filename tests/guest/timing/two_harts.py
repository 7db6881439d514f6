# SPDX-License-Identifier: MIT
"""Runs a program on two harts with a timing model, for test_shared.py and test_checked.py."""

import json
import subprocess
import sys


def harts(baya, program, core, *options):
    """Returns what --stats reports for the model of each hart, after a run that must end well."""
    command = [baya, str(program), "-smp", "2", "--timing=" + core, "--stats", *options]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, check=False, timeout=1500)
    stats = [json.loads(line) for line in run.stderr.decode().splitlines() if line.startswith("{")]
    if run.returncode or len(stats) != 1:
        sys.exit(f"{' '.join(command)}: exit code {run.returncode}: {run.stderr.decode()}")
    return stats[0]["timing"]["harts"]
