#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The layout of C: what clang-format would write by .clang-format, but for tables (initialisers and
enumerations of several lines, cases of one line) and macros, whose columns are laid out by hand. `check_format.py --fix [FILE...]`
writes it."""

import concurrent.futures
import difflib
import functools
import os
import re
import shutil
import subprocess
import sys

from source import ROOT, bare, finish, sources, text_of

# An initialiser or compound literal that goes on behind its line.
TABLE = re.compile(r"(?:=|=\s*\([^()]*\)|[(,&?:]\s*\([^()]*\)|return\s*\([^()]*\))\s*(\{)[^{}]*"
                   r"(?:\{[^{}]*\}[^{}]*)*$")
ENUM = re.compile(r"^\s*(?:typedef )?enum\b[^{;()]*(\{)[^}]*$")
CASE = re.compile(r"^\s*(?:case\b[^:]*|default): *[^ {].*;$")  # a row of a table of cases
VERSION = 14  # of clang-format: others break lines elsewhere
ABSENT = 77  # what ctest takes for a test that was skipped


def find_tool():
    """The name of clang-format, if it is the one."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        run = shutil.which(name) and subprocess.run([name, "--version"], capture_output=True,
                                                    text=True, check=False)
        if run and re.search(rf"version {VERSION}\.", run.stdout):
            return name
    return None


def table_end(lines, number, column):
    """The last line of the braces that open at a column of a line."""
    depth = 0
    for last in range(number, len(lines)):
        text = lines[last][column:] if last == number else lines[last]
        depth += text.count("{") - text.count("}")
        if depth <= 0:
            return last
    return len(lines) - 1


def struct_start(lines, number):
    """The first line of the declaration of the struct that a line closes."""
    depth = 1
    while depth and number > 0:
        number -= 1
        depth += lines[number].count("}") - lines[number].count("{")
    return number


def macro_end(lines, number):
    """The last line of a directive of the preprocessor."""
    while lines[number].endswith("\\") and number + 1 < len(lines):
        number += 1
    return number


def by_hand(text):
    """Which lines are of tables or macros."""
    lines = [line.rstrip() for line in bare(text).split("\n")]
    marks = [False] * len(lines)
    number = 0
    while number < len(lines):
        table = TABLE.search(lines[number]) or ENUM.search(lines[number])
        last = number if CASE.search(lines[number]) else number - 1
        if lines[number].lstrip().startswith("#"):
            last = macro_end(lines, number)
        elif table:
            last = table_end(lines, number, table.start(1))
            if lines[number].lstrip().startswith("}"):
                number = struct_start(lines, number)
        for n in range(number, last + 1):
            marks[n] = True
        number = max(number, last) + 1
    return marks


def formatted(tool, name, text):
    """The text as it should be."""
    lines, first = [], None
    for number, hand in enumerate(by_hand(text) + [True], 1):
        if not hand and first is None:
            first = number
        elif hand and first is not None:
            lines.append(f"--lines={first}:{number - 1}")
            first = None
    if not lines:
        return text
    run = subprocess.run([tool, f"--assume-filename={ROOT / name}", *lines],
                         input=text, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"clang-format {name}: {run.stderr}")
    return run.stdout


def one(tool, name):
    """The text of a file, and as it should be: what is put in order may move other lines."""
    text = text_of(name)
    new, before = formatted(tool, name, text), text
    for _ in range(4):
        if new == before:
            break
        new, before = formatted(tool, name, new), new
    return name, text, new


def main():
    tool = find_tool()
    if not tool:
        print(f"there is no clang-format {VERSION}; apt-get install clang-format-{VERSION}")
        sys.exit(ABSENT)
    fix = "--fix" in sys.argv[1:]
    files = [arg for arg in sys.argv[1:] if arg != "--fix"] or sources(suffixes=(".c", ".h"))
    problems = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, text, new in pool.map(functools.partial(one, tool), files):
            if new != text and fix:
                (ROOT / name).write_text(new, encoding="utf-8")
            elif new != text:
                problems += difflib.unified_diff(text.split("\n"), new.split("\n"), name,
                                                 f"{name} as clang-format has it", lineterm="",
                                                 n=1)
    finish(problems, f"the layout of {len(files)} files")


if __name__ == "__main__":
    main()
