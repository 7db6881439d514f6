# SPDX-License-Identifier: MIT
"""Replaces the part of a page that a script writes, which lies between two comments."""

BEGIN = "<!-- The next lines are written by tests/bench/run --update. -->\n"
END = "<!-- Here they end. -->\n"


def replace(page, text):
    """Returns the page with `text` between the two lines; None if the page does not have each line
    once, in this order."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        return None
    return before + BEGIN + text + END + after


def can_update(path):
    with open(path, encoding="utf-8") as file:
        return replace(file.read(), "") is not None


def update(path, text):
    """Writes `text` into a file for which can_update is true."""
    with open(path, encoding="utf-8") as file:
        page = replace(file.read(), text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
