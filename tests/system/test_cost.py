# SPDX-License-Identifier: MIT
"""
What a machine costs its host: time at an idle prompt, memory, time to start. Prints numbers; fails
only where they are wildly off, which is another way of working and not another computer.
"""

import os
import subprocess
import time

import bundled
import debian13
import test_debian
from console import PATIENCE, Failed, Machine, check, main

IDLE_SECONDS = 2
IDLE_PERCENT_WILD = 20
RESIDENT_MIB_WILD = 512


def cpu_seconds(pid):
    """The time of all threads: utime and stime, fields 14 and 15 of proc(5)'s /proc/PID/stat."""
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise Failed("no VmRSS")


def idle_percent(pid):
    """The time that the process takes of a core, which other work on the host does not add to."""
    before = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(pid) - before) / IDLE_SECONDS


def measure_idle(machine):
    """The guest may still be at work behind its prompt: one that never is idle is wrong."""
    end = time.monotonic() + PATIENCE
    while (percent := idle_percent(machine.process.pid)) >= IDLE_PERCENT_WILD:
        check(time.monotonic() < end, "an idle guest takes the host's time: %.0f%%" % percent)
    print("at the prompt: %.1f%% of a core" % percent)


def idle_bundled(baya, _, log, harts):
    with Machine([baya, "--clock=host", "-smp", harts], log) as machine:
        bundled.await_shell(machine, harts)
        measure_idle(machine)
        bundled.power_off(machine)


def idle_debian(baya, folder, log, harts):
    argv = [baya, "--clock=host", "-kernel", debian13.part(folder, "vmlinux"), "-smp", harts,
            "-initrd", debian13.part(folder, "initrd.cpio"), "-append", debian13.CONSOLE,
            "-m", "512M", "-nographic"]
    with Machine(argv, log) as machine:
        debian13.await_shell(machine, harts)
        test_debian.check_firmware(machine, "default")
        test_debian.use_harts(machine)
        measure_idle(machine)
        debian13.power_off(machine)


def memory(baya, _, log):
    """RAM that the guest has not touched is not the host's."""
    with Machine([baya, "-m", "4G"], log) as machine:
        bundled.await_shell(machine)
        resident = resident_mib(machine.process.pid)
        print("%.0f MiB of 4096 are resident" % resident)
        check(resident < RESIDENT_MIB_WILD, "RAM is resident that the guest did not touch")
        bundled.power_off(machine)


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
