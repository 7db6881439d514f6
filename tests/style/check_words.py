#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no word is used again which was replaced by one of the field's: the list is `words`
in this folder. A word counts alone and between the underscores of a name, in code and in comments.
Checks also that no comment begins with a word that leaves out the sentence's subject."""

import pathlib
import re

from source import finish, sources, text_of

RINGS = ("bus/", "cpu/", "devices/", "firmware/", "frontends/")  # where words were replaced
OPENING = re.compile(r"/\*+[\s*]*(What|Who|Of|The same|Likewise|True when|True if|False when|False if)\b")
WORDS = pathlib.Path(__file__).with_name("words")


def read_words(text):
    """Returns the rows of the list: where, word, what to say instead."""
    rows = [line.split(" | ") for line in text.split("\n") if line and not line.startswith("#")]
    return [tuple(field.strip() for field in row) for row in rows]


def without_strings(text):
    """Returns the text without the contents of strings, which are messages to users or names of
    fields in saved states."""
    pattern = re.compile(r'(/\*.*?\*/)|"(?:\\.|[^"\\\n])*"', re.S)
    return pattern.sub(lambda match: match.group(1) or '""', text)


def check(name, text, rows):
    words = {word: instead for where, word, instead in rows if re.match(where, name)}
    if not words:
        return
    banned = re.compile(r"(?<![a-z])(%s)(?![a-z])" % "|".join(sorted(words, key=len, reverse=True)),
                        re.I)
    for number, line in enumerate(without_strings(text).split("\n"), 1):
        for match in banned.finditer(line):
            word = match.group(1).lower()
            yield number, f"'{word}' was given up: say {words[word]} (docs/glossary.md)"


def check_openings(text):
    for match in OPENING.finditer(text):
        yield (text.count("\n", 0, match.start(1)) + 1,
               f"a comment begins with '{match.group(1)}': write a sentence with a subject")


def problems_of(name, rows):
    text = text_of(name)
    if name.startswith(RINGS):
        yield from check(name, text, rows)
    yield from check_openings(text)


def main():
    rows = read_words(WORDS.read_text(encoding="utf-8"))
    files = sources()
    problems = [f"{name}:{line}: {why}" for name in files for line, why in problems_of(name, rows)]
    finish(problems, f"{len(rows)} words in {len(files)} files")


if __name__ == "__main__":
    main()
