#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The layout of C: what clang-format would write by .clang-format, but for tables (initialisers and
enumerations of several lines, cases of one line) and macros, whose columns are laid out by hand. `check_format.py --fix [FILE...]`
writes it."""

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

# An initialiser or compound literal that goes on behind its line.
TABLE = re.compile(r"(?:=|=\s*\([^()]*\)|[(,&?:]\s*\([^()]*\)|return\s*\([^()]*\))\s*(\{)[^{}]*"
                   r"(?:\{[^{}]*\}[^{}]*)*$")
ENUM = re.compile(r"^\s*(?:typedef )?enum\b[^{;()]*(\{)[^}]*$")
CASE = re.compile(r"^\s*(?:case\b[^:]*|default): *[^ {].*;$")  # a row of a table of cases
VERSION = 14  # of clang-format: others break lines elsewhere
TOGETHER = 10  # files that are given to it at once
ABSENT = 77  # what ctest takes for a test that was skipped


def cache_path():
    """Where it is kept which texts are as they should be, as a compiler's cache keeps what it made."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "baya", "format")


@functools.cache
def rules():
    """All that says how a text should be."""
    return (ROOT / ".clang-format").read_bytes() + pathlib.Path(__file__).read_bytes()


def key_of(name):
    """A text's hash, with that of the rules."""
    return hashlib.sha256(rules() + text_of(name).encode()).hexdigest()


def read_good():
    """The keys of texts that were as they should be."""
    try:
        with open(cache_path(), encoding="ascii") as file:
            return set(file.read().split())
    except OSError:
        return set()


def keep_good(keys):
    """Keeps them; where nothing can be written, all is looked at again."""
    try:
        os.makedirs(os.path.dirname(cache_path()), exist_ok=True)
        with open(cache_path() + f".{os.getpid()}", "w", encoding="ascii") as file:
            file.write("\n".join(sorted(keys)))
        os.replace(file.name, cache_path())
    except OSError:
        pass


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


def ranges(text, before=0):
    """The options that name the lines which are not laid out by hand, of a text behind so many lines."""
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
    """The text as it should be."""
    words = ranges(text)
    return run_tool(tool, name, words, text) if words else text


def are_good(tool, names):
    """Whether files that follow each other in one text are as they should be: to begin the tool
    takes longer than most files do."""
    text, words = "", []
    for name in names:
        words += ranges(text_of(name), text.count("\n"))
        text += text_of(name)
    return not words or run_tool(tool, names[0], words, text) == text


def one(tool, name):
    """A file, its text, and as it should be: what is put in order may move other lines."""
    text = text_of(name)
    new, before = formatted(tool, name, text), text
    for _ in range(4):
        if new == before:
            break
        new, before = formatted(tool, name, new), new
    return name, text, new


def some(tool, names):
    """The files, of some, that are not as they should be: each as `one` has it."""
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
