#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom. The rings: bus <- cpu, bus <- devices; the board's folders know both; what
is in front of the board knows its public headers and the bus; the firmware, which is guest code,
shares the memory map and nothing else. Inside a ring the folders are layers: LAYERS says what each
may include of its own ring, and no row names one below it, so that there is no circle. UP is what
goes up all the same, each with a reason. Tests, which may include anything, are not looked at."""

import re

from source import FOLDERS, ROOT, finish, sources, text_of

# Ground first: a folder and the folders of its ring that it may include besides itself. A folder
# that is not listed belongs to the one above it. Names without a ring are of the folder's own.
LAYERS = {
    "cpu/fpu": "",
    "cpu/isa": "fpu",
    "cpu/hart": "isa",
    "cpu/mmu": "hart",
    "cpu/csr": "hart",
    "cpu/sem": "",
    "cpu/engine": "fpu isa hart mmu csr sem",
    "cpu/debug": "isa hart mmu csr engine",
    "cpu/timing/units": "",
    "cpu/timing": "isa mmu",
    "cpu/timing/profile": "isa timing",
    "cpu/timing/memo": "isa timing/units timing",
    "cpu/timing/simple": "isa timing",
    "cpu/timing/inorder": "isa hart mmu timing/units timing timing/memo",
    "cpu/timing/c906": "isa hart mmu timing timing/profile timing/memo",
    "cpu/timing/cva6": "isa hart mmu timing/units timing timing/profile timing/memo",
    "cpu/timed": "hart mmu csr sem engine debug timing timing/profile",
    "cpu/counters": "isa hart csr timing timed",
    "devices": "",
    "devices/boot": "devices",
    "devices/screen": "devices boot",
    "devices/block": "devices",
    "devices/net": "",
    "devices/share": "devices",
    "devices/pci": "devices",
    "devices/virtio": "devices screen block net share pci",
    "devices/irq": "devices",
    "devices/board": "devices boot screen block net pci virtio irq",
    "frontends/host": "",
    "frontends/net": "host",
    "frontends/block": "host",
    "frontends/audio": "host",
    "frontends/chardev": "host net",
    "frontends/display": "host net chardev",
    "frontends/cli": "host net block audio chardev display",
    "frontends/monitor": "host net chardev display cli",
    "frontends/qmp": "host net block display monitor",
    "frontends/report": "cli qmp",
    "frontends/gdb": "host net chardev cli monitor",
    "frontends/run": "host net audio chardev display cli monitor qmp report gdb",
    "frontends/suite": "host cli",
    "frontends/cycles": "host cli qmp run",
    "frontends": "host chardev display cli monitor qmp gdb run suite cycles",
}

# What goes up all the same, and why.
UP = {
    ("cpu/engine/code.c", "cpu/timed/runs.h"):
        "a block's runs are told to a timing model",
    ("cpu/hart/culprit.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/hart/hart.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/hart/hart.c", "cpu/debug/debug.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/debug/observe.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/engine/cfi.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/engine/interp.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/mmu/tlb.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/timed/ahead.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/timed/events.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/timed/regions.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.c", "cpu/timed/timed.h"):
        "the run loop calls what it runs",
    ("cpu/hart/hart.h", "cpu/counters/pmu.h"):
        "the hart is one struct, whose parts are described by those that serve them",
    ("cpu/hart/hart.h", "cpu/debug/trigger.h"):
        "the hart is one struct, whose parts are described by those that serve them",
    ("cpu/hart/hart.h", "cpu/mmu/pmp.h"):
        "the hart is one struct, whose parts are described by those that serve them",
    ("cpu/hart/hart.h", "cpu/mmu/regime.h"):
        "the hart is one struct, whose parts are described by those that serve them",
    ("cpu/hart/harts.c", "cpu/debug/debug.h"):
        "the run loop calls what it runs",
    ("cpu/hart/harts.c", "cpu/engine/code.h"):
        "the run loop calls what it runs",
    ("cpu/hart/harts.c", "cpu/timed/switch.h"):
        "the run loop calls what it runs",
    ("cpu/hart/harts.c", "cpu/timing/units/coherence.h"):
        "the run loop calls what it runs",
    ("cpu/hart/interrupt.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/hart/tinst.c", "cpu/mmu/peek.h"):
        "a trapped instruction is read again",
    ("cpu/hart/trap.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/hart/trap.c", "cpu/mmu/tlb.h"):
        "a trap changes the regime, and views with it",
    ("cpu/hart/trap_check.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/hart/trap_return.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/isa/disasm.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/mmu/regime.c", "cpu/csr/csr.h"):
        "the registers' bits stand beside what accesses them",
    ("cpu/mmu/walk.c", "cpu/timed/timed.h"):
        "a timing model is told of a walk's accesses",
    ("cpu/timing/units/predictor_state.c", "cpu/timing/layout_words.h"):
        "a predictor is saved by a table of its fields",
    ("frontends/monitor/monitor.c", "frontends/gdb/debugger.h"):
        "the command gdbserver lets a debugger come; gdb's own monitor commands come here",
    ("frontends/net/guestfwd.c", "frontends/chardev/port.h"):
        "guestfwd= leads to a chardev, and a chardev to a socket of net",
}

# What frontends may know of the machine.
PUBLIC = ("devices/board/board.h", "devices/board/calls.h", "devices/board/errors.h",
          "devices/board/explain/explain.h", "devices/board/inspect/debug.h",
          "devices/board/inspect/inspect.h", "devices/board/inspect/log.h",
          "devices/board/inspect/look.h", "devices/board/inspect/probe.h",
          "devices/board/plug/balloon.h", "devices/board/plug/nodes.h",
          "devices/board/plug/plug.h", "devices/board/screen.h",
          "devices/board/snapshot/snapshot.h", "devices/board/timing/timing.h",
          "devices/device.h", "devices/memmap.h")


def layer(name):
    """The row of LAYERS that a file belongs to; its ring's name where there is no row."""
    folder = name.rsplit("/", 1)[0]
    while folder not in LAYERS and "/" in folder:
        folder = folder.rsplit("/", 1)[0]
    return folder


def layers_below(folder):
    """The rows of LAYERS that a folder may include."""
    ring = folder.split("/")[0]
    return [other if other == ring else f"{ring}/{other}" for other in LAYERS[folder].split()]


def goes_down(name, target):
    """Inside a ring: is the target in the same folder, or in one that the folder may include?"""
    folder, other = layer(name), layer(target)
    return folder == other or folder in LAYERS and other in layers_below(folder)


def allowed(name, target):
    ring, other = name.split("/")[0], target.split("/")[0]
    if (name, target) in UP:
        return True
    if ring == other:
        return goes_down(name, target)
    if ring == "firmware":
        return target == "devices/memmap.h"
    if ring == "frontends":
        return other == "bus" or target in PUBLIC
    if layer(name) == "devices/board":
        return other in ("bus", "cpu")
    return ring != "bus" and other == "bus"


def table_problems():
    """What is wrong with LAYERS itself: a row that names one that is not above it."""
    above, problems = [], []
    for folder in LAYERS:
        problems += [f"LAYERS: {folder} may not include {other}, which is no row above it"
                     for other in layers_below(folder) if other not in above]
        above.append(folder)
    return problems


def main():
    problems, count, used = table_problems(), 0, set()
    for name in sources(FOLDERS[:-1]):
        for number, line in enumerate(text_of(name).split("\n"), 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not include:
                continue
            count += 1
            target = include.group(1)
            used.add((name, target))
            if not (ROOT / target).is_file():
                problems.append(f"{name}:{number}: {target} is not a path from the root")
            elif not allowed(name, target):
                problems.append(f"{name}:{number}: must not include {target}")
    problems += [f"UP: {name} does not include {target} any more" for name, target in UP
                 if (name, target) not in used]
    finish(problems, f"{count} includes")


if __name__ == "__main__":
    main()
