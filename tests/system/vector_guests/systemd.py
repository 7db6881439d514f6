#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots Debian 13 with systemd at each VLEN: systemd.py BAYA [--vlen=V] [--log=FILE]

The disk is that of `baya get debian`, which must exist; it is not written to. systemd must come to
`running`, without a failed unit, and the kernel must have found vectors. The exit status is 1
otherwise. results.md has the last run.
"""

import argparse
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.normpath(os.path.join(HERE, "..")))

from fixtures import console  # noqa: E402

VLENS = (128, 256, 512, 1024)
PROMPT = r"root@\S+:\S*# "
# The kernel's name of a hart with vectors.
ISA = re.compile(r"^isa\s*:\s*rv64\w*v", re.M)


def boot(options, vlen):
    """Boots a machine; returns the seconds until systemd runs."""
    argv = [options.baya, "run", "debian", "-snapshot", "-cpu", "max,vlen=%d" % vlen]
    with console.Machine(argv, options.log) as machine:
        machine.expect("login: ")
        machine.type("root\n")
        machine.expect(PROMPT)
        state = machine.command("systemctl is-system-running --wait", PROMPT)
        seconds = machine.seconds
        failed = machine.command("systemctl --failed --no-pager --no-legend", PROMPT)
        isa = machine.command("cat /proc/cpuinfo", PROMPT)
    console.check("running" in state, "VLEN %d: systemd is %s" % (vlen, state.strip()))
    console.check("failed" not in failed, "VLEN %d: %s" % (vlen, failed.strip()))
    console.check(ISA.search(isa), "VLEN %d: the kernel has found no vectors" % vlen)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baya", type=os.path.abspath)
    parser.add_argument("--vlen", action="append", type=int, help="only at this VLEN")
    parser.add_argument("--log", default=os.devnull, help="keeps what the guests said")
    options = parser.parse_args()
    for vlen in options.vlen or VLENS:
        try:
            print("VLEN %d: running after %.0f s" % (vlen, boot(options, vlen)), flush=True)
        except console.Failed as reason:
            sys.exit(str(reason))


if __name__ == "__main__":
    main()
