# SPDX-License-Identifier: MIT
"""Tests that memory that the guest frees, or puts into its balloon, is returned to the host."""

import time

from fixtures.bundled import PROMPT, booted
from fixtures.console import PATIENCE, check, main

MEBI = 1 << 20
FILL = 48 * MEBI
MEMORY = 250 * MEBI
WORK = "mount -t tmpfs -o size=90%% x /mnt; dd if=/dev/zero of=/mnt/f bs=1M count=%d 2>/dev/null;" \
       " ls -l /mnt/f"
MONITOR = r"\(baya\) "


def resident(pid):
    """Returns the resident bytes of the guest's memory, which is found as the only mapping of its
    size."""
    found = False
    with open("/proc/%d/smaps" % pid) as maps:
        for line in maps:
            key, value = line.split()[:2]
            if key == "Size:":
                found = int(value) << 10 == MEMORY
            elif key == "Rss:" and found:
                return int(value) << 10
    raise AssertionError("there is no mapping of the guest's memory")


def child(machine):
    return machine.process.pid


def await_less(machine, limit):
    """Waits until at most `limit` bytes are resident. The guest reports free pages about every two
    seconds."""
    end = time.monotonic() + PATIENCE
    while resident(child(machine)) > limit:
        check(time.monotonic() < end, "%d MiB are resident" % (resident(child(machine)) >> 20))
        time.sleep(0.2)
    print("%d MiB are resident" % (resident(child(machine)) >> 20))


def monitor(machine, line):
    """Runs one command of the monitor, and returns to the guest; returns the command's output."""
    machine.type("\x01c")
    machine.expect(MONITOR)
    machine.type(line + "\r")
    machine.expect("\n")
    text = machine.expect(MONITOR)
    machine.type("\x01c")
    return text


def free(baya, _, log, transport, engine):
    """Checks that a file in the guest's memory occupies memory of the host while it exists, and no
    longer."""
    line = [baya, "--engine=" + engine, "-m", str(MEMORY // MEBI),
            "-device", "virtio-balloon-" + transport]
    with booted(line, log) as machine:
        await_less(machine, 150 * MEBI)
        # Otherwise Linux would keep an eighth of its free memory in lists per hart, which are not
        # reported.
        machine.command("echo 10000 >/proc/sys/vm/percpu_pagelist_high_fraction", PROMPT)
        check(str(FILL) in machine.command(WORK % (FILL // MEBI), PROMPT), "no file")
        full = resident(child(machine))
        check(full > FILL, "%d MiB are resident" % (full >> 20))
        machine.command("rm /mnt/f", PROMPT)
        await_less(machine, full - FILL // 4 * 3)
        check(str(FILL) in machine.command(WORK % (FILL // MEBI), PROMPT), "no second file")
        check(resident(child(machine)) > FILL, "the second file takes nothing")


def total(machine):
    """Returns how much memory the guest believes to have, in MiB."""
    meminfo = machine.command("grep MemTotal /proc/meminfo", PROMPT).split()
    return int(meminfo[1]) // 1024


def balloon(baya, _, log):
    """Checks that the monitor takes memory from the guest, and gives it back."""
    line = [baya, "-device", "virtio-balloon-device,free-page-reporting=off"]
    with booted(line, log) as machine:
        before = total(machine)
        monitor(machine, "balloon 200")
        end = time.monotonic() + PATIENCE
        while "actual=200" not in monitor(machine, "info balloon"):
            check(time.monotonic() < end, "the guest does not give its memory")
            time.sleep(0.2)
        check(total(machine) < before - 300, "the guest has as much as before")
        text = monitor(machine, "info balloon")
        check("stat-total-memory" in text, "no statistics: " + text)
        monitor(machine, "balloon 512")
        while "actual=512" not in monitor(machine, "info balloon"):
            check(time.monotonic() < end, "the guest does not take its memory")
            time.sleep(0.2)
        check(total(machine) > before - 20, "the guest has less than before")


main({"free": free, "balloon": balloon})
