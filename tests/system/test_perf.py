# SPDX-License-Identifier: MIT
"""Tests that Linux can use the hart's counters, through the firmware: a program in the bundled
guest counts its work by perf_event_open (programs/perf.c), and is interrupted by overflows. With a
timing model the program counts the model's events (programs/perf_model.c), which must be the
figures that --stats prints."""

import json
import os
import subprocess
import tempfile

from fixtures.bundled import ROMS, TROUBLE
from fixtures.console import Machine, check, main, need

PROGRAMS = os.path.join(os.path.dirname(__file__), "programs")
GCC = "riscv64-unknown-elf-gcc"
FLAGS = "-march=rv64gc -mabi=lp64d -O2 -ffreestanding -nostdlib -static -Wall -Wextra".split()


def initrd_with_program(folder, source="perf"):
    """Makes an initramfs of the bundled guest's files and /perf; returns its path. Other tests may
    make the same file at the same time."""
    need({GCC: "gcc-riscv64-unknown-elf", "cpio": "cpio"})
    image = os.path.join(folder, source + ".cpio")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        subprocess.run([GCC, *FLAGS, os.path.join(PROGRAMS, source + ".c"),
                        "-o", os.path.join(place, "perf")], check=True)
        archive = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=place,
                                 input=b"perf\n", check=True, capture_output=True).stdout
    unfinished = "%s.%d" % (image, os.getpid())
    with open(unfinished, "wb") as out, open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as guest:
        # An uncompressed archive must begin at a multiple of four bytes.
        first = guest.read()
        out.write(first + b"\0" * (-len(first) % 4) + archive)
    os.replace(unfinished, image)
    return image


def counts(baya, folder, log, engine):
    """Checks the counts, and that an overflow every 100000 instructions causes 20 interrupts."""
    line = [baya, "--engine=" + engine, "--clock=virtual", "-nographic",
            "-kernel", os.path.join(ROMS, "Image.gz"), "-initrd", initrd_with_program(folder),
            "-append", 'console=ttyS0 run="/perf && grep pmu /proc/interrupts"']
    with Machine(line, log) as machine:
        machine.expect("31 hardware counters", never=TROUBLE)
        machine.expect(r" 20  .*riscv-pmu", never=TROUBLE)
        machine.wait(0)


# Names in the CPI stack by the numbers of cpu/counters/cause.def. Raw events for them begin at
# 0x20200, with PMU_OWN set, as some cores have event numbers of their own.
FIRST_CAUSE = 4 << 32 | 0x80020200
CAUSES = ("issue", "fetch", "load-use", "mul/div", "fp", "mispredict", "l1i", "l1d", "l2", "tlb",
          "stores", "fence/csr", "sleep")


# Linux needs these options of the models: privilege filters (sscofpmf), and enough counters for all
# of these events. The real cores have neither.
CPUS = {"cva6": "cva6,sscofpmf=on,hpm6=off",
        "c906": "c906,sscofpmf=on,hpm8=off"}
# Models whose minstret also counts instructions that trap.
COUNT_TRAPS = ("c906",)

# From perf's numbers of events, of hardware and of caches (3 << 32), to the events of --stats.
EVENTS = {0x4: ("branch",), 0x5: ("mispredict",), 0x7: ("stall-front",), 0x8: ("stall-back",),
          0x2: ("l1d-read", "l1d-write"), 0x3: ("l1d-miss", "l1d-write-miss"),
          0x300000000: ("l1d-read",), 0x300010000: ("l1d-miss",),
          0x300000003: ("dtlb-read",), 0x300010003: ("dtlb-miss",),
          0x300000004: ("itlb-read",), 0x300010004: ("itlb-miss",)}


def count_in_user_mode(baya, log, initrd, core, rounds, *more):
    """
    Counts events during an amount of work; returns perf's counts, and what --stats says of the
    timing. The kernel's address randomization is off: its random numbers depend on the length of
    the command line, which contains the amount of work, and with another address the stack could
    lie in two pages instead of one, which takes one more page fault.
    """
    line = [baya, "-cpu", CPUS.get(core, "max"), "--timing=" + core, "--stats", "--clock=virtual",
            "-nographic", "-m", "128M", "-kernel", os.path.join(ROMS, "Image.gz"),
            "-initrd", initrd,
            "-append", "console=ttyS0 norandmaps rdinit=/perf -- %d" % rounds, *more]
    counted = {}
    with Machine(line, log) as machine:
        machine.expect("Run /perf as init", never=TROUBLE)
        while len(counted) < 27:
            machine.expect("counted ")
            field = machine.expect(r"\r?\n").split()
            counted[int(field[0], 16)] = int(field[1], 16)
        machine.expect(r"(?=\{\"instructions\")", never=TROUBLE)
        stats = json.loads(machine.expect(r"\n"))
        machine.wait(0)
    return counted, stats["timing"]


def user_mode(timing):
    return timing["harts"][0]["modes"]["U"]


def model(baya, folder, log, core):
    """
    Checks that perf's counts of U-mode are exactly the machine's own: the difference is what the
    program executes outside of the work, before and after it has counters, and must not depend on
    the amount of work. With the core `simple` this holds for cycles, too.
    """
    initrd = initrd_with_program(folder, "perf_model")
    few, few_timing = count_in_user_mode(baya, log, initrd, core, 1000)
    more, more_timing = count_in_user_mode(baya, log, initrd, core, 4000)
    few_all, more_all = user_mode(few_timing), user_mode(more_timing)
    for counted, whole in ((few, few_all), (more, more_all)):
        whole["instructions"] += traps(core, whole)
    shown = [("instructions", 1)]
    if core == "simple":
        shown += [("cycles", 0)]
    for own, config in shown:
        outside = few_all[own] - few[config], more_all[own] - more[config]
        check(0 < outside[0] == outside[1], "%s: %s beside the work" % (own, outside))
    for number, cause in enumerate(CAUSES):
        for counted, whole in ((few, few_all), (more, more_all)):
            check(counted[FIRST_CAUSE + number] <= whole["stack"].get(cause, 0), cause)
    for counted in (few, more):
        check(sum(value for config, value in counted.items() if config >> 8 == FIRST_CAUSE >> 8) ==
              counted[0], "causes are not all cycles: %s" % counted)
    # Each round executes the branch in its body and the loop's.
    check(2 * 3000 <= more[4] - few[4] <= 3 * 3000, "branches: %d, %d" % (few[4], more[4]))


def traps(core, mode):
    return mode["events"].get("trap", 0) if core in COUNT_TRAPS else 0


def agrees(counted, own, core, before, behind):
    """
    Checks that all counts are exactly the machine's own, apart from `before` instructions before
    the timed region and `behind` instructions after it, the last of which is an ECALL. Each of
    these takes one cycle, as nothing is timed outside of the region.
    """
    ecall = behind > 0
    instructions = own["instructions"] + before + behind
    instructions += traps(core, own) if core in COUNT_TRAPS else -ecall
    check(counted[1] == instructions, "instructions: %d, %s" % (counted[1], own))
    # The first cycle of a model is that of the reset, and attributed to no cause.
    check(counted[0] == own["cycles"] + 1 + before + behind, "cycles: %d, %s" % (counted[0], own))
    for number, cause in enumerate(CAUSES):
        value = counted[FIRST_CAUSE + number]
        check(value == own["stack"].get(cause, 0), "%s: %d, %s" % (cause, value, own))
    for number, names in EVENTS.items():
        value = counted[number]
        check(value == sum(own["events"].get(name, 0) for name in names),
              "%s: %d, %s" % (names, value, own))


def region(baya, folder, log, core):
    """Times the work alone; or the work and the first instructions of the kernel after it."""
    initrd = initrd_with_program(folder, "perf_model")
    marked = (baya, log, initrd, core, 1000, "--timing-from=marker")
    counted, timing = count_in_user_mode(*marked)
    # The region is preceded by the start marker. It is followed by the end marker, by instructions
    # of the work that are still in flight then, and by the system call that ends the counting.
    behind = counted[0] - user_mode(timing)["cycles"] - 2
    check(behind in range(4, 12), "%d behind" % behind)
    agrees(counted, user_mode(timing), core, 1, behind)
    length = timing["regions"]["instructions"] + 100
    counted, timing = count_in_user_mode(*marked, "--timing-until=+%d" % length)
    agrees(counted, user_mode(timing), core, 1, 0)


if __name__ == "__main__":
    main({"counts": counts, "model": model, "region": region})
