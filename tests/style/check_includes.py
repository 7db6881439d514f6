#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom. The rings: bus <- cpu, bus <- devices; the board's files know both; what
is in front of the board knows the board and the bus; the firmware, which is guest code, shares
the memory map and nothing else. Tests, which may include anything, are not looked at."""

import re

from source import FOLDERS, ROOT, finish, sources, text_of

# What a board is configured with and complains with is what its loader takes and returns.
BESIDES = {("devices/boot/loader.h", "devices/board/board.h"),
           ("devices/boot/loader_file.h", "devices/board/board.h")}
# What is in front of the board may know of it.
PUBLIC = ("devices/board/board.h", "devices/board/calls.h", "devices/board/errors.h",
          "devices/board/explain/explain.h", "devices/board/inspect/debug.h",
          "devices/board/inspect/inspect.h", "devices/board/inspect/log.h",
          "devices/board/inspect/look.h", "devices/board/inspect/probe.h",
          "devices/board/plug/balloon.h", "devices/board/plug/nodes.h",
          "devices/board/plug/plug.h", "devices/board/screen.h",
          "devices/board/snapshot/snapshot.h", "devices/board/timing/timing.h",
          "devices/device.h", "devices/memmap.h")
BOARD = re.compile(r"devices/board/(?!device_types\.[ch])")


def allowed(name, target):
    ring = name.split("/")[0]
    if (name, target) in BESIDES:
        return True
    if target.split("/")[0] == ring and ring != "devices":
        return True
    if ring == "devices":
        if BOARD.match(name):
            return target.startswith(("bus/", "cpu/", "devices/"))
        return target.startswith(("bus/", "devices/")) and not BOARD.match(target)
    if ring == "cpu":
        return target.startswith("bus/")
    if ring == "frontends":
        return target.startswith("bus/") or target in PUBLIC
    if ring == "firmware":
        return target == "devices/memmap.h"
    return False


def main():
    problems, count = [], 0
    for name in sources(FOLDERS[:-1]):
        for number, line in enumerate(text_of(name).split("\n"), 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not include:
                continue
            count += 1
            target = include.group(1)
            if not (ROOT / target).is_file():
                problems.append(f"{name}:{number}: {target} is not a path from the root")
            elif not allowed(name, target):
                problems.append(f"{name}:{number}: must not include {target}")
    finish(problems, f"{count} includes")


if __name__ == "__main__":
    main()
