# SPDX-License-Identifier: MIT
"""A table in a page of docs/ that the program makes: it stands between two marks of the page."""

import sys


def keep(page, marks, table, what):
    """Compare the table with the page's, or with --write behind the command line's first two words
    put it there; return the exit code. `what` says in words which table it is."""
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
