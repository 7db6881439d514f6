# SPDX-License-Identifier: MIT
"""The part of a page that a script writes: what is between two lines of comment."""

BEGIN = "<!-- The next lines are written by tests/bench/run --update. -->\n"
END = "<!-- Here they end. -->\n"


def replace(page, text):
    """The page with `text` between the two lines; None if it has not each of them once, in order."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        return None
    return before + BEGIN + text + END + after


def can_update(path):
    with open(path, encoding="utf-8") as file:
        return replace(file.read(), "") is not None


def update(path, text):
    """Write `text` into the file, which can_update."""
    with open(path, encoding="utf-8") as file:
        page = replace(file.read(), text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
