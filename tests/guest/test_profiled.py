#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests --profile without a core: samples are taken where the time is spent (profiled.c), in native
code and in the other engines, and taking them does not change the run.

usage: test_profiled.py BAYA PROGRAM ENGINE PART

Only one PARTth of the instructions is executed, for which a slow build takes as many samples as a
fast one takes for all."""

import collections
import json
import os
import re
import subprocess
import sys
import tempfile

# The number of instructions that the program executes, and the limits for the engines.
ALL = 1920000000
MOST = {"interp": 30000000, "threaded": 150000000, "jit": ALL}


def run(baya, *words):
    """Returns the figures of --stats that do not depend on the host."""
    done = subprocess.run([baya, *words, "--clock=virtual", "--state-hash"], check=False, text=True,
                          capture_output=True)
    assert done.returncode in (0, 4), done.stderr
    stats = json.loads(next(line for line in done.stderr.splitlines() if line.startswith("{")))
    return stats["instructions"], stats["state_hash"]


def check_folded(text):
    found = {}
    for line in text.splitlines():
        mode, name, count = re.fullmatch(r"(\w+);(\S+) ([1-9]\d*)", line).groups()
        assert (mode, name) not in found, text
        found[mode, name] = int(count)
    busy, lazy = found["M", "busy"], found["M", "lazy"]
    assert busy > lazy > 0, text
    assert busy + lazy > 0.8 * sum(found.values()), text


def check_callgrind(text):
    assert "\nevents: samples\n" in text, text
    found, mode, function = collections.Counter(), None, None
    for line in text.splitlines():
        if line.startswith("ob="):
            mode = line[3:]
        elif line.startswith("fn="):
            function = re.fullmatch(r"fn=\(\d+\) (.+)", line).group(1)
        elif re.match(r"\d", line):
            found[mode, function] += int(re.fullmatch(r"\d+ (\d+)", line).group(1))
    assert found["M", "busy"] > found["M", "lazy"] > 0, text
    assert "\nsummary: %d\n" % found.total() in text, text


def main():
    baya, program, engine, part = sys.argv[1:]
    words = [program, "--engine=" + engine]
    most = MOST[engine] // int(part)
    if most < ALL:
        words.append("--max-insns=%d" % most)
    plain = run(baya, *words)
    with tempfile.TemporaryDirectory() as folder:
        for name, examine in (("folded", check_folded), ("callgrind.out", check_callgrind)):
            path = os.path.join(folder, name)
            assert run(baya, *words, "--profile=" + path) == plain, "the run is another"
            with open(path, encoding="ascii") as file:
                examine(file.read())


main()
