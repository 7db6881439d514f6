#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the layout of C: it must be what clang-format writes by .clang-format, except in tables
(initialisers and enumerations of several lines, cases of one line) and macros, whose columns are
laid out by hand. `check_format.py --fix [FILE...]` changes the files."""

import concurrent.futures
import difflib
import functools
import hashlib
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys

from source import ROOT, bare, finish, sources, text_of

# An initialiser or compound literal that continues after its first line.
TABLE = re.compile(r"(?:=|=\s*\([^()]*\)|[(,&?:]\s*\([^()]*\)|return\s*\([^()]*\))\s*(\{)[^{}]*"
                   r"(?:\{[^{}]*\}[^{}]*)*$")
ENUM = re.compile(r"^\s*(?:typedef )?enum\b[^{;()]*(\{)[^}]*$")
CASE = re.compile(r"^\s*(?:case\b[^:]*|default): *[^ {].*;$")  # a row of a table of cases
VERSION = 14  # of clang-format; others break lines at other places
TOGETHER = 10  # files that are given to clang-format at once
ABSENT = 77  # the exit code of a skipped test in CTest


def cache_path():
    """Returns the path of the cache, in which the hashes of texts with a right layout are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "baya", "format")


@functools.cache
def rules():
    """Returns everything that determines the layout of a text."""
    return (ROOT / ".clang-format").read_bytes() + pathlib.Path(__file__).read_bytes()


def key_of(name):
    """Returns the hash of a file's text and of the rules."""
    return hashlib.sha256(rules() + text_of(name).encode()).hexdigest()


def read_good():
    """Returns the hashes in the cache."""
    try:
        with open(cache_path(), encoding="ascii") as file:
            return set(file.read().split())
    except OSError:
        return set()


def keep_good(keys):
    """Writes the hashes to the cache. Errors are ignored, as all files are checked again then."""
    try:
        os.makedirs(os.path.dirname(cache_path()), exist_ok=True)
        with open(cache_path() + f".{os.getpid()}", "w", encoding="ascii") as file:
            file.write("\n".join(sorted(keys)))
        os.replace(file.name, cache_path())
    except OSError:
        pass


def find_tool():
    """Returns the name of clang-format if it has the right version, or None."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        run = shutil.which(name) and subprocess.run([name, "--version"], capture_output=True,
                                                    text=True, check=False)
        if run and re.search(rf"version {VERSION}\.", run.stdout):
            return name
    return None


def table_end(lines, number, column):
    """Returns the last line of the braces that open at a column of a line."""
    depth = 0
    for last in range(number, len(lines)):
        text = lines[last][column:] if last == number else lines[last]
        depth += text.count("{") - text.count("}")
        if depth <= 0:
            return last
    return len(lines) - 1


def struct_start(lines, number):
    """Returns the first line of the declaration of the struct that a line closes."""
    depth = 1
    while depth and number > 0:
        number -= 1
        depth += lines[number].count("}") - lines[number].count("{")
    return number


def macro_end(lines, number):
    """Returns the last line of a preprocessor directive."""
    while lines[number].endswith("\\") and number + 1 < len(lines):
        number += 1
    return number


def by_hand(text):
    """Returns for each line whether it belongs to a table or a macro."""
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


def ranges(text, before=0):
    """Returns the options that name the lines which are not laid out by hand. The text follows
    `before` other lines."""
    words, first = [], None
    for number, hand in enumerate(by_hand(text) + [True], before + 1):
        if not hand and first is None:
            first = number
        elif hand and first is not None:
            words.append(f"--lines={first}:{number - 1}")
            first = None
    return words


def run_tool(tool, name, words, text):
    run = subprocess.run([tool, f"--assume-filename={ROOT / name}", *words],
                         input=text, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"clang-format {name}: {run.stderr}")
    return run.stdout


def formatted(tool, name, text):
    """Returns the text in the right layout."""
    words = ranges(text)
    return run_tool(tool, name, words, text) if words else text


def are_good(tool, names):
    """Returns whether these files have the right layout. They are given to clang-format as one
    text, as starting it takes longer than formatting most files."""
    text, words = "", []
    for name in names:
        words += ranges(text_of(name), text.count("\n"))
        text += text_of(name)
    return not words or run_tool(tool, names[0], words, text) == text


def one(tool, name):
    """Returns a file's name, its text, and the text in the right layout. Formatting is repeated, as
    it may move other lines that are then not right yet."""
    text = text_of(name)
    new, before = formatted(tool, name, text), text
    for _ in range(4):
        if new == before:
            break
        new, before = formatted(tool, name, new), new
    return name, text, new


def some(tool, names):
    """Returns those of the files that have a wrong layout, each as `one` returns it."""
    if are_good(tool, names):
        return []
    return [each for each in (one(tool, name) for name in names) if each[1] != each[2]]


def main():
    tool = find_tool()
    if not tool:
        print(f"there is no clang-format {VERSION}; apt-get install clang-format-{VERSION}")
        sys.exit(ABSENT)
    fix = "--fix" in sys.argv[1:]
    named = [arg for arg in sys.argv[1:] if arg != "--fix"]
    files = named or sources(suffixes=(".c", ".h"))
    keys = {name: key_of(name) for name in files}
    good, problems = read_good(), []
    unknown = [name for name in files if keys[name] not in good]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        groups = [unknown[n:n + TOGETHER] for n in range(0, len(unknown), TOGETHER)]
        for name, text, new in itertools.chain(*pool.map(functools.partial(some, tool), groups)):
            keys.pop(name)
            if fix:
                (ROOT / name).write_text(new, encoding="utf-8")
            else:
                problems += difflib.unified_diff(text.split("\n"), new.split("\n"), name,
                                                 f"{name} as clang-format has it", lineterm="",
                                                 n=1)
    if not named:
        keep_good(keys.values())
    finish(problems, f"the layout of {len(files)} files")


if __name__ == "__main__":
    main()
