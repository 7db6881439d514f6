#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the lengths of functions, files and headers, the number of parameters, and columns. The
file `exceptions` names what is longer, its limit, and why; an exception that is not needed any more
is a problem, too."""

import re

from source import ROOT, finish, functions, sources, text_of

# Strings are not broken into lines, so that they can be searched for; a macro's backslashes do not
# count.
UNBROKEN = re.compile(r'"(\\.|[^"\\])*"\S{0,2}( \S{1,2})?$|[\\ \t]+$')
LIMITS = {"function": 60, "file": 600, "header": 150, "parameters": 5, "columns": 100}


def exceptions():
    """Returns from (limit, place) to how much is allowed there."""
    found = {}
    path = ROOT / "tests/style/exceptions"
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            limit, place, allowed, reason = line.split(None, 3)
            assert limit in LIMITS and reason, line
            found[limit, place] = int(allowed)
    return found


def measures(name):
    """Yields each (limit, place, line, size) of a file."""
    text = text_of(name)
    lines = text.split("\n")
    yield "header" if name.endswith(".h") else "file", name, 1, len(lines) - 1
    for number, line in enumerate(lines, 1):
        columns = len(UNBROKEN.sub("", line).expandtabs(8))
        if columns > LIMITS["columns"]:
            yield "columns", name, number, columns
    if not name.endswith((".c", ".h")):
        return
    for function in functions(text):
        place = f"{name}:{function.name}"
        yield "function", place, function.first, function.last - function.first + 1
        yield "parameters", place, function.first, function.parameters


def main():
    problems, files, allowed = [], sources(), exceptions()
    needed = set()
    for name in files:
        for limit, place, line, size in measures(name):
            if size <= LIMITS[limit]:
                continue
            needed.add((limit, place))
            if size > allowed.get((limit, place), 0):
                function = place[len(name) + 1:]
                problems.append(f"{name}:{line}: {function and function + ': '}{limit} {size}, "
                                f"the limit is {LIMITS[limit]}")
    for limit, place in allowed:
        if (limit, place) not in needed:
            problems.append(f"tests/style/exceptions: {limit} {place} is not needed")
    finish(problems, f"the lengths of {len(files)} files")


if __name__ == "__main__":
    main()
