# SPDX-License-Identifier: MIT
"""The tree's sources as the style checks see them: which files there are, text without comments and
strings, and functions. There is no real parser: the tree keeps to a layout in which a function's
opening and closing braces stand alone in the first column."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("bus", "cpu", "devices", "firmware", "frontends", "roms", "tests")
SUFFIXES = (".c", ".h", ".inc", ".def", ".S")


# Programs with which the tables in tests/cycles were measured must stay as they were.
MEASURED = re.compile(r"tests/cycles/.*programs/")


def sources(folders=FOLDERS, suffixes=SUFFIXES):
    """Returns paths relative to the root, in order: the files that git tracks or would add, or all
    files if there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", *folders]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        names = [pathlib.PurePosixPath(line) for line in listing.stdout.splitlines()]
    else:
        names = [path.relative_to(ROOT) for folder in folders
                 for path in (ROOT / folder).rglob("*")]
    return sorted(str(name) for name in set(names)
                  if name.suffix in suffixes and (ROOT / name).is_file()
                  and not MEASURED.match(str(name)))


def built(*patterns):
    """Returns the files of these patterns in the folder `build`, for a check that is run by
    hand."""
    return [str(path) for pattern in patterns for path in sorted((ROOT / "build").glob(pattern))]


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def bare(text):
    """Returns the text with comments and the contents of strings replaced by blanks; the lines stay
    where they are."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        word = match.group(0)
        if word[0] in "\"'":
            return word[0] + " " * (len(word) - 2) + word[-1]
        return re.sub(r"[^\n]", " ", word)

    return pattern.sub(blank, text)


class Function:
    def __init__(self, name, first, last, parameters, body):
        self.name = name
        self.first = first  # line of the signature, counted from 1
        self.last = last  # line of the closing brace
        self.parameters = parameters
        self.body = body  # lines between the braces, without comments and strings


def parameters_of(signature):
    """Returns the number of parameters in the last parenthesis at the outermost level."""
    start = signature.index("(")
    depth, count, words = 0, 1, ""
    for char in signature[start:]:
        depth += (char == "(") - (char == ")")
        if depth == 1 and char == ",":
            count += 1
        words += char
        if depth == 0:
            break
    inside = words[1:-1].strip()
    return 0 if inside in ("", "void") else count


def functions(text):
    """Returns the functions that are defined in a C file."""
    lines = bare(text).split("\n")
    found = []
    for number, line in enumerate(lines):
        if line.rstrip() != "{":
            continue
        first = number
        while first > 0 and (not lines[first][:1].strip() or lines[first][:1] in "{"):
            first -= 1
        # A signature may be broken before its name; the part before that has no parenthesis.
        signature = " ".join(lines[first:number])
        name = re.search(r"(\w+)\s*\(", signature)
        if not name or signature.startswith(("struct", "enum")) and "(" not in signature:
            continue
        last = number
        while last < len(lines) and not lines[last].startswith("}"):
            last += 1
        found.append(Function(name.group(1), first + 1, last + 1, parameters_of(signature),
                              lines[number + 1:last]))
    return found


def finish(problems, what):
    """Prints the problems, or that there are none, and exits accordingly."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {what}" if problems else f"no problem in {what}")
    sys.exit(1 if problems else 0)
