#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom. The rings: bus <- cpu, bus <- devices; the board's files know both; what
is in front of the board knows the board and the bus; the firmware, which is guest code, shares
the memory map and nothing else. Tests, which may include anything, are not looked at."""

import re

from source import FOLDERS, ROOT, finish, sources, text_of

# What a board is configured with and complains with is what its loader takes and returns.
BESIDES = {("devices/loader.h", "devices/board.h"), ("devices/loader_file.h", "devices/board.h")}
# What is in front of the board may know of it.
PUBLIC = ("devices/board.h", "devices/board_balloon.h", "devices/board_calls.h",
          "devices/board_debug.h", "devices/board_errors.h",
          "devices/board_explain.h", "devices/board_inspect.h", "devices/board_log.h",
          "devices/board_look.h", "devices/board_nodes.h", "devices/board_plug.h",
          "devices/board_probe.h",
          "devices/board_screen.h", "devices/board_snapshot.h",
          "devices/board_timing.h",
          "devices/device.h", "devices/memmap.h")
BOARD = re.compile(r"devices/board\w*\.[ch]$")


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
