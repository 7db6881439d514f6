# SPDX-License-Identifier: MIT
"""
Measures what a machine costs its host: work at an idle prompt, memory, time to start. The test
prints the numbers; it fails only where they are far off, which a slower computer cannot explain.
"""

import os
import re
import subprocess
import time

from fixtures import bundled, debian13
from fixtures.console import Failed, Machine, check, main

IDLE_SECONDS = 2
IDLE_TRIES = 30
IDLE_SLEEPS_WILD = 4000
RESIDENT_MIB_WILD = 512


def sleeps(pid):
    """Returns how often each thread of a process has slept so far, by the thread's number."""
    found = {}
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/status" % (pid, thread), encoding="ascii") as file:
            found[int(thread)] = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(),
                                               re.M).group(1))
    return found


def resident_mib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise Failed("no VmRSS")


def measure_idle(machine, prompt):
    """Checks that the machine sleeps while the guest sleeps, and is woken for the guest's ticks
    only; other work on the host makes the machine sleep less often. The guest may still be at work
    when its prompt appears, so this is tried several times; a guest that is never idle is an
    error."""
    pid = machine.process.pid
    for _ in range(IDLE_TRIES):
        before = sleeps(pid)
        machine.command("sleep %d" % IDLE_SECONDS, prompt)
        slept = {thread: count - before.get(thread, 0) for thread, count in sleeps(pid).items()}
        print("at the prompt: sleeps of threads in %d s: %s" % (IDLE_SECONDS, slept))
        if slept[pid] and sum(slept.values()) < IDLE_SLEEPS_WILD:
            return
    raise Failed("an idle guest keeps the host at work")


def idle_bundled(baya, _, log, harts):
    with bundled.booted([baya, "--clock=host", "-smp", harts], log, harts) as machine:
        measure_idle(machine, bundled.PROMPT)


def idle_debian(baya, folder, log, harts):
    argv = [baya, "--clock=host", "-kernel", debian13.part(folder, "vmlinux"), "-smp", harts,
            "-initrd", debian13.part(folder, "initrd.cpio"), "-append", debian13.CONSOLE,
            "-m", "512M", "-nographic"]
    with Machine(argv, log) as machine:
        debian13.await_shell(machine, harts)
        debian13.check_firmware(machine, "default")
        debian13.use_harts(machine)
        measure_idle(machine, debian13.PROMPT)
        debian13.power_off(machine)


def memory(baya, _, log):
    """Checks that RAM which the guest has not touched occupies no memory of the host."""
    with bundled.booted([baya, "-m", "4G"], log) as machine:
        resident = resident_mib(machine.process.pid)
        print("%.0f MiB of 4096 are resident" % resident)
        check(resident < RESIDENT_MIB_WILD, "RAM is resident that the guest did not touch")


def version(baya, *_):
    took = []
    for _ in range(10):
        start = time.monotonic()
        done = subprocess.run([baya, "--version"], stdout=subprocess.PIPE, text=True, check=False)
        took.append(time.monotonic() - start)
        check(done.returncode == 0 and done.stdout.startswith("baya "), "no version")
    print("--version takes %.1f ms" % (1000 * min(took)))


if __name__ == "__main__":
    main({"idle_bundled": idle_bundled, "idle_debian": idle_debian, "memory": memory,
          "version": version})
