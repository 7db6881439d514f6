#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manual's table of extensions is what baya-docs prints, between two comments. With --write it
is put there.

usage: check_extensions.py BAYA-DOCS extensions.md [--write]"""

import subprocess
import sys

BEGIN = "<!-- extensions: baya-docs extensions -->\n"
END = "<!-- end of extensions -->\n"


def main():
    docs, page = sys.argv[1:3]
    table = subprocess.run([docs, "extensions"], check=True, capture_output=True, text=True).stdout
    with open(page, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    if old == table:
        return 0
    if sys.argv[3:] == ["--write"]:
        with open(page, "w", encoding="utf-8") as file:
            file.write(before + BEGIN + table + END + after)
        return 0
    print("%s: the table of extensions is old; put the new one there with\n    "
          "%s %s %s --write" % (page, sys.argv[0], docs, page))
    return 1


if __name__ == "__main__":
    sys.exit(main())
