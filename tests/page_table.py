# SPDX-License-Identifier: MIT
"""Checks a table in a page of docs/ that a program generates; it lies between two marks in the
page."""

import sys


def keep(page, marks, table, what):
    """Compares the table with the page's, or, with --write after the first two words of the command
    line, writes it there; returns the exit code. `marks` are the lines before and after the table,
    `what` describes the table in words."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(marks[0])
    old, after = rest.split(marks[1])
    if old == table:
        return 0
    if sys.argv[3:] == ["--write"]:
        with open(page, "w", encoding="utf-8") as file:
            file.write(before + marks[0] + table + marks[1] + after)
        return 0
    print("%s: the table of %s is old; put the new one there with\n    %s --write"
          % (page, what, " ".join(sys.argv[:3])))
    return 1
