#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks rules that a search can find broken. Each rule is an entry of RULES: the files for which
it holds, the pattern that must not occur, and why."""

import re

from source import bare, finish, functions, sources, text_of

# (files, forbidden in the text without comments and strings, why)
RULES = (
    (r"cpu/", r"\b(v?f?printf|puts|putchar|perror)\s*\(", "cpu/ prints nothing"),
    (r"(bus|devices)/", r"\b(printf|puts|putchar|perror|exit|abort_message)\s*\(",
     "only frontends speak to the user"),
    (r"(bus|cpu|devices)/", r"\bexit\s*\(", "only frontends end the process"),
    (r"(bus|cpu|devices|frontends)/", r"\b(strcpy|strcat|sprintf|gets|alloca)\s*\(",
     "it does not know how much room there is"),
    (r"(bus|cpu|devices)/", r"\b(rand|random|srand|time|gettimeofday)\s*\(",
     "what is not the guest's or the seed's goes through the clock and the journal"),
    (r"", r"\btypedef\s+(struct|union|enum)\b[^(]*?[;{]", "structs have no second name"),
    (r"cpu/sem/", r"[Cc]ycle", "no body mentions a cycle"),
    (r"", r"\((unsigned long long|long long)\)|\bPRI[dux]64\b",
     "u64 and s64 are printed by %llu and %lld without a cast (bus/base.h)"),
    (r"", r"^\s*#\s*if\s+0\b", "what is not used is in the history"),
    (r"(bus|cpu|devices|frontends)/", r"\bassert\s*\(\s*0\s*\)", "say what is impossible"),
)
# the end of a compound literal's type, as in (struct x){
CAST = re.compile(r"\((?:const )?(?:struct|union) \w+(?:\[\w*\])?\)$")
TESTS = re.compile(r"\bunit_tests\[\]\s*=\s*\{(.*?)\};", re.S)
LAST_ROW = re.compile(r"\{\s*0\s*\}")
TEST_ROW = re.compile(r"\bcmocka_unit_test\w*\([^()]*\)")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
FIRST_LINES = ("/* SPDX-License-Identifier: MIT */", "# SPDX-License-Identifier: MIT")


def nameless_booleans(plain):
    """Yields lines of rows of initialisers with two values true or false without a designator, as a
    reader cannot tell these apart. The elements of an array of bool are alike, and allowed."""
    groups, begin = [], 0
    for token in re.finditer(r"[{}();,]|\b(?:true|false)\b", plain):
        word, at = token.group(0), token.start()
        if word == "{":
            before = plain[begin:at].rstrip()
            data = bool(groups) and groups[-1][0] or before.endswith(("=", "return"))
            array = bool(groups) and groups[-1][2] or re.search(r"\bbool\b[^;{}]*\[", before)
            groups.append([data or before.endswith(")") and CAST.search(before), 0, array, at])
        elif word == "}" and groups:
            data, count, array, first = groups.pop()
            if data and count > 1 and not array:
                yield plain.count("\n", 0, first) + 1
        elif word in "();,":
            pass
        elif groups and plain[:at].rstrip()[-1:] in ("{", ",") and \
                plain[token.end():].lstrip()[:1] in (",", "}"):
            groups[-1][1] += 1
        if word in "{};":
            begin = token.end()


def open_lists(plain):
    """Yields lines of lists of tests that do not end with their only row { 0 }: tests/main.c runs
    the rows before the first of these, and without one it would read beyond the end of the list."""
    for tests in TESTS.finditer(plain):
        ends = LAST_ROW.split(tests.group(1))
        if len(ends) != 2 or ends[1].strip(" \t\n,"):
            yield plain.count("\n", 0, tests.start()) + 1


def repeated_tests(plain):
    """Yields lines of rows of lists of tests that are the same as an earlier row."""
    for tests in TESTS.finditer(plain):
        seen = set()
        for row in TEST_ROW.finditer(tests.group(1)):
            if row.group() in seen:
                yield plain.count("\n", 0, tests.start(1) + row.start()) + 1
            seen.add(row.group())


def check_text(name, text):
    lines = text.split("\n")
    if lines[0] not in FIRST_LINES:
        yield 1, "does not begin with the licence"
    elif len(lines) < 2 or not lines[1].startswith(("/*", "#", '"""')):
        yield 2, "does not say what it owns"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield len(lines), "does not end with one end of line"
    for number, line in enumerate(lines, 1):
        if MARKS.search(line):
            yield number, "work that is left is an issue, not a comment"
        if line != line.rstrip():
            yield number, "spaces at the end"
        if re.match(r" {8}", line) and not line.endswith("\\"):
            yield number, "spaces where a tab belongs"


def check_bare(name, text):
    plain = bare(text)
    for where, forbidden, why in RULES:
        if re.match(where, name):
            for match in re.finditer(forbidden, plain, re.M):
                yield plain.count("\n", 0, match.start()) + 1, why
    for line in nameless_booleans(plain):
        yield line, "two of true and false in a row: name the fields, .field = true"
    for line in open_lists(plain):
        yield line, "unit_tests does not end with its only row { 0 }"
    for line in repeated_tests(plain):
        yield line, "a test runs twice"
    if name.endswith((".c", ".h")):
        for function in functions(text):
            for number, line in enumerate(function.body, function.first):
                if re.match(r"\s*#\s*(if|ifdef|ifndef|else|elif)\b", line):
                    yield number, f"conditional compilation in {function.name}"


def main():
    problems, files = [], sources()
    for name in files:
        text = text_of(name)
        for check in (check_text, check_bare):
            problems += [f"{name}:{line}: {why}" for line, why in check(name, text)]
    finish(problems, f"{len(files)} files")


if __name__ == "__main__":
    main()
