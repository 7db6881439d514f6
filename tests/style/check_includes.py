#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks which files include which. The rings: bus <- cpu, bus <- devices; the folders of the board
use both; the frontends use the board's public headers and the bus; the firmware, which is guest
code, shares only the memory map. Inside a ring the folders are layers: LAYERS lists for each what
it may include of its own ring, which are only rows above it, so that there is no cycle. UP lists
the exceptions, each with a reason. Tests, which may include anything, are not checked."""

import re

from source import FOLDERS, ROOT, finish, sources, text_of

# From the lowest layer up: a folder, and the other folders of its ring that it may include. A
# folder that is not listed belongs to the one that contains it. Names in a value are relative to
# the ring.
LAYERS = {
    "cpu/fpu": "",
    "cpu/isa": "fpu",
    "cpu/hart": "isa",
    "cpu/counters": "isa hart",
    "cpu/mmu": "isa hart counters",
    "cpu/debug/triggers": "isa hart mmu",
    "cpu/csr": "isa hart counters mmu debug/triggers",
    "cpu/trap": "hart counters mmu debug/triggers csr",
    "cpu/timing": "isa hart counters mmu",
    "cpu/vector": "fpu isa hart mmu debug/triggers csr trap",
    "cpu/sem": "",
    "cpu/engine": "fpu isa hart counters mmu csr trap timing vector sem",
    "cpu/timing/units": "timing",
    "cpu/timing/memo": "isa counters timing timing/units",
    "cpu/timing/profile": "isa counters timing",
    "cpu/timing/simple": "isa timing",
    "cpu/timing/inorder": "isa hart mmu timing timing/units timing/memo",
    "cpu/timing/cva6": "isa hart mmu timing timing/units timing/memo",
    "cpu/timing/c906": "isa hart mmu timing timing/memo",
    "cpu/jit": "isa hart mmu csr trap timing engine sem fpu",
    "cpu/jit/emit": "isa hart mmu csr engine fpu jit",
    "cpu/run": "isa hart counters mmu csr trap timing vector engine timing/units",
    "cpu/debug": "isa hart mmu debug/triggers csr engine vector run",
    "cpu/timed": "hart counters mmu csr timing sem engine jit timing/profile debug",
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
    "frontends/qmp": "host net chardev block display monitor",
    "frontends/report": "cli",
    "frontends/gdb": "host net chardev cli monitor",
    "frontends/run": "host net audio chardev display cli monitor qmp report gdb",
    "frontends/suite": "host cli",
    "frontends/cycles": "host cli report run",
    "frontends": "host chardev display cli monitor qmp gdb run suite cycles",
}

# Includes of a higher layer, and the reason for each.
UP = {
    ("cpu/isa/disasm.c", "cpu/csr/csr.h"):
        "the names of registers are in the table of what they are, csr.def",
    ("frontends/monitor/monitor.c", "frontends/gdb/debugger.h"):
        "the command gdbserver lets a debugger come; gdb's own monitor commands come here",
    ("frontends/net/guestfwd.c", "frontends/chardev/port_end.h"):
        "guestfwd= leads to a chardev, and a chardev to a socket of net",
}

# Headers of the machine that frontends may include.
PUBLIC = ("devices/board/board.h", "devices/board/calls.h",
          "devices/board/device_types.h", "devices/board/errors.h",
          "devices/board/explain/explain.h", "devices/board/inspect/coverage.h",
          "devices/board/inspect/debug.h", "devices/board/inspect/elf_files.h",
          "devices/board/inspect/inspect.h", "devices/board/inspect/log.h",
          "devices/board/inspect/logging.h",
          "devices/board/inspect/hart_state.h", "devices/board/inspect/probe.h",
          "devices/board/inspect/save.h", "devices/board/inspect/space.h",
          "devices/board/plug/balloon.h", "devices/board/plug/nodes.h",
          "devices/board/plug/plug.h", "devices/board/replay.h",
          "devices/board/samples.h", "devices/board/screen.h",
          "devices/board/snapshot/snapshot.h", "devices/board/timing/regions.h",
          "devices/board/timing/timing.h",
          "devices/device.h", "devices/memmap.h", "devices/printable.h")


def layer(name):
    """Returns the row of LAYERS to which a file belongs; the name of its ring if there is no
    row."""
    folder = name.rsplit("/", 1)[0]
    while folder not in LAYERS and "/" in folder:
        folder = folder.rsplit("/", 1)[0]
    return folder


def layers_below(folder):
    """Returns the rows of LAYERS that a folder may include."""
    ring = folder.split("/")[0]
    return [other if other == ring else f"{ring}/{other}" for other in LAYERS[folder].split()]


def goes_down(name, target):
    """Returns whether, inside a ring, the target is in the same folder, or in one that the folder
    may include."""
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


def remedy(name, target):
    """Returns what to do about an include that is not allowed."""
    ring, other = name.split("/")[0], target.split("/")[0]
    if ring == "frontends" and other == "devices":
        return ("a public header of the board is a row of PUBLIC in check_includes.py; "
                "others are the board's own")
    if ring == other:
        return (f"let {layer(name)} include {layer(target)} in LAYERS in check_includes.py, or, "
                "with a reason, the one file in UP")
    return "includes go down only, from ring to ring (docs/architecture.md)"


def table_problems():
    """Returns what is wrong with LAYERS itself: rows that include one that is not above them."""
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
                problems.append(f"{name}:{number}: must not include {target}: {remedy(name, target)}")
    problems += [f"UP: {name} does not include {target} any more" for name, target in UP
                 if (name, target) not in used]
    finish(problems, f"{count} includes")


if __name__ == "__main__":
    main()
