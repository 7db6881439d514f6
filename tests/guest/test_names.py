#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests names in profiles, traces, lists of native code, accounts and pipeline views, with a guest
that runs at the same addresses as its hypervisor (guest_names.S): the guest must have the names of
its own code, and not those of the hypervisor's. If the guest's code has no symbols, it has neither
names nor lines of source.

usage: test_names.py BAYA PROGRAM NAMELESS"""

import json
import os
import re
import subprocess
import sys
import tempfile

NAMES = {"M": {"_start"}, "S": {"host", "handler"}, "VS": {"guest_loop", "guest_call"}}


def run(words, code=4):
    done = subprocess.run([*words, "--clock=virtual"], check=False, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == code, (words, done.stderr)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def check_stacks(text):
    """Checks that each function of a stack belongs to its mode, and that all functions occur."""
    found = {mode: set() for mode in NAMES}
    for line in text.splitlines():
        mode, *names = line.rsplit(" ", 1)[0].split(";")
        found[mode].update(names)
    assert found == NAMES, text


def check_trace(text):
    for mode, name in re.findall(r"/(\w+)\] (\w+)", text):
        assert name in NAMES[mode], (mode, name)
    assert "/VS] guest_call" in text, text


def check_samples(text):
    """Checks that mode and function of samples agree, except in a few samples at a trap."""
    found = {}
    for line in text.splitlines():
        mode, name, count = re.fullmatch(r"([^;]+);(\S+) (\d+)", line).groups()
        found[mode, name] = int(count)
    wrong = sum(count for (mode, name), count in found.items()
                if mode != "host" and name not in NAMES.get(mode, ()))
    assert found["S", "handler"] > 0 and found["VS", "guest_loop"] > 0, text
    assert wrong < 0.15 * sum(found.values()), text


def check_native(text):
    """Checks that only blocks of the guest's code, and not of the hypervisor's, have physical
    addresses that differ from their virtual ones."""
    blocks = re.findall(r"^block (0x\w+) <(\w+).*physical (0x\w+),", text, re.M)
    found = {name for at, name, place in blocks if at != place}
    assert "guest_loop" in found and found <= NAMES["VS"], text


def check_account(text):
    found = {function["name"] for function in json.loads(text)["cores"][0]["functions"]}
    assert found == set.union(*NAMES.values()), found


def check_pipeline(text):
    """Checks the file's two labels of an instruction: its text with the pc, and the name of its
    function."""
    codes = dict(re.findall(r"L\t(\d+)\t0\t.*: (\w+)", text))
    names = dict(re.findall(r"L\t(\d+)\t1\t(\w+)", text))
    calls = [number for number, code in codes.items() if code == "ecall"]
    assert calls and all(names[number] == "guest_loop" for number in calls), text


def check_lines(text):
    """Checks that only the guest's code has no lines, although it has the same addresses as
    _start."""
    files = dict(re.findall(r"^ob=(\w+)\nfl=(.*)$", text, re.M))
    assert files["VS"] == "???" and files["S"].endswith("guest_names.S"), text
    assert not re.search(r"^(fi|fe)=", text, re.M), text


def check_page(text):
    """Checks that the page has a section for each function, with its lines of source."""
    sections = {name: section for name, section in
                re.findall(r"<summary>(.*?)</summary>(.*?)</details>", text, re.S)}
    for name, section in sections.items():
        assert ("guest_names.S" in section) != ("0x80000000" in name), (name, section)
    assert len(sections) > 2 and any("0x80000000" in name for name in sections), text


def main():
    baya, program, nameless = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out")
        for words, examine in (
                (["--core=simple", "--profile=" + path, "--max-insns=20000"], check_stacks),
                (["-d", "exec", "-D", path, "--max-insns=500"], check_trace),
                (["--jit-dump=" + path, "--max-insns=1000000"], check_native),
                (["--core=c906", "-cpu", "max", "--pipeview=" + path, "--max-insns=500"],
                 check_pipeline)):
            run([baya, program, *words])
            examine(read(path))
        for engine, most in (("interp", 10000000), ("threaded", 100000000), ("jit", 600000000)):
            run([baya, program, "--engine=" + engine, "--profile=" + path, f"--max-insns={most}"])
            check_samples(read(path))
        run([baya, "cycles", program, "--core=simple", "--json=" + path, "--max-insns=20000"])
        check_account(read(path))
        graph = os.path.join(folder, "callgrind.out")
        for words in (["--core=simple", "--max-insns=20000"], ["--max-insns=300000000"]):
            run([baya, nameless, "--profile=" + graph, *words])
            check_lines(read(graph))
        run([baya, "cycles", nameless, "--core=simple", "--html=" + path, "--max-insns=20000"])
        check_page(read(path))


main()
