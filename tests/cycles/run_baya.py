# SPDX-License-Identifier: MIT
"""A run of the program that the test's first argument names; how it ended must be as expected."""

import json
import subprocess
import sys


def run(*words, code=0):
    """What it wrote: an object of subprocess, with stdout and stderr as text."""
    done = subprocess.run([sys.argv[1], *map(str, words)], capture_output=True, text=True,
                          check=False, timeout=1500)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done


def stats_of(done):
    """The line of --stats, before which a slow host's run may say that the guest is silent."""
    return json.loads(done.stderr.splitlines()[-1])
