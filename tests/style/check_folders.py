#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that a folder of the rings or of the tests is easy to survey: it has few enough files to
read their names, and a README of at most a page that says what it contains."""

import pathlib

from source import ROOT, finish, sources

FOLDERS = ("bus", "cpu", "devices", "firmware", "frontends", "tests")
SUFFIXES = (".c", ".h", ".inc", ".def", ".S", ".core", ".py", ".facts")
ENTRIES = 45  # files and folders, without pages
PAGE = 70  # lines of a README


def folder_problems(folder):
    """Yields what is wrong with one folder, which is a path below the root."""
    entries = [entry for entry in folder.iterdir() if entry.suffix != ".md"]
    if len(entries) > ENTRIES:
        yield f"{len(entries)} entries, the limit is {ENTRIES}: find the folder inside it"
    readme = folder / "README.md"
    if not readme.is_file():
        yield "no README.md that says what lives here"
    elif len(readme.read_text(encoding="utf-8").split("\n")) > PAGE:
        yield f"README.md has more than {PAGE} lines, which is a page"


def main():
    folders = sorted({str(pathlib.PurePosixPath(name).parent) for name in sources(FOLDERS, SUFFIXES)})
    problems = [f"{folder}: {problem}" for folder in folders
                for problem in folder_problems(ROOT / folder)]
    finish(problems, f"{len(folders)} folders")


if __name__ == "__main__":
    main()
