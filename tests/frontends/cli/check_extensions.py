#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the manual's table of extensions, which is between two comments, is what baya-docs
prints. With --write the table is written there.

usage: check_extensions.py BAYA-DOCS extensions.md [--write]"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")))

import page_table  # noqa: E402

BEGIN = "<!-- extensions: baya-docs extensions -->\n"
END = "<!-- end of extensions -->\n"


def main():
    docs, page = sys.argv[1:3]
    table = subprocess.run([docs, "extensions"], check=True, capture_output=True, text=True).stdout
    return page_table.keep(page, (BEGIN, END), table, "extensions")


if __name__ == "__main__":
    sys.exit(main())
