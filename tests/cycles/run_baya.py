# SPDX-License-Identifier: MIT
"""Runs the program that the test's first argument names, and checks its exit code."""

import json
import subprocess
import sys


def run(*words, code=0):
    """Returns the finished process of subprocess, with stdout and stderr as text."""
    done = subprocess.run([sys.argv[1], *map(str, words)], capture_output=True, text=True,
                          check=False, timeout=1500)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done


def stats_of(done):
    """Returns the object that --stats prints, in the last line: on a slow host a message that the
    guest is silent may precede it."""
    return json.loads(done.stderr.splitlines()[-1])
