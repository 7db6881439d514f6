#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The report of `baya cycles` and the stacks of --stats: whatever is split up sums up again, text
and JSON agree, and what cannot be written or read is said in one line.

usage: test_report.py BAYA FOLDER (tests/cycles)"""

import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

BAYA, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
SORT = FOLDER / "elf/csort.elf"
USER = FOLDER / "privileged/elf/pkernel.elf"


def run(*words, code=0):
    done = subprocess.run([BAYA, *map(str, words)], capture_output=True, text=True, check=False,
                          timeout=100)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done


def without_sections(path, folder):
    """A copy that has no symbols: its header names no sections any more."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, 40, 0)
    struct.pack_into("<HH", data, 60, 0, 0)
    copy = pathlib.Path(folder) / path.name
    copy.write_bytes(data)
    return copy


class Report(unittest.TestCase):
    def check_sums(self, core):
        total, outside, functions = core["total"], core["outside"], core["functions"]
        self.assertEqual(sum(total["stack"].values()), total["cycles"])
        for figure in ("cycles", "instructions"):
            self.assertEqual(sum(each[figure] for each in functions) + outside[figure],
                             total[figure])
        for cause in total["stack"]:
            self.assertEqual(sum(each["stack"].get(cause, 0) for each in [*functions, outside]),
                             total["stack"][cause], cause)
        for function in functions:
            self.assertEqual(sum(function["stack"].values()), function["cycles"])

    def test_sums(self):
        for core in ("cva6", "c906", "rocket", "simple"):
            report = json.loads(run("cycles", f"--core={core}", SORT, "--json").stdout)
            self.assertEqual(report["program"], str(SORT))
            self.assertEqual([each["core"] for each in report["cores"]], [core])
            self.check_sums(report["cores"][0])
            self.assertEqual(set(report["cores"][0]["total"]["stack"]) - {"outside"} -
                             set(report["causes"]), set())
            self.assertIn("sift", [each["name"] for each in report["cores"][0]["functions"]])

    def test_side_by_side(self):
        with tempfile.TemporaryDirectory() as folder:
            name = pathlib.Path(folder) / "report.json"
            text = run("cycles", "--core=cva6,memory.latency=60,simple", SORT,
                       f"--json={name}").stdout
            report = json.loads(name.read_text(encoding="ascii"))
        names = [core["core"] for core in report["cores"]]
        self.assertEqual(names, ["cva6,memory.latency=60", "simple"])
        lines = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}
        for n, core in enumerate(report["cores"]):
            self.check_sums(core)
            for each in [*core["functions"], {**core["total"], "name": "total"}]:
                self.assertEqual(lines[each["name"]][n * 4:n * 4 + 2],
                                 [str(each["cycles"]), str(each["instructions"])])
        stack = text.split("spent on\n")[1].splitlines()
        cells = [int(re.match(r".{28} +(\d+)", line).group(1)) for line in stack]
        self.assertEqual(sum(cells[:-1]), cells[-1])

    def test_without_symbols(self):
        with tempfile.TemporaryDirectory() as folder:
            bare = without_sections(SORT, folder)
            done = run("cycles", "--core=cva6", bare, "--json", "--max-insns=20000", code=4)
        core = json.loads(done.stdout)["cores"][0]
        self.check_sums(core)
        for function in core["functions"]:
            self.assertRegex(function["name"], r"^0x[0-9a-f]+-0x[0-9a-f]+$")

    def test_stats(self):
        done = run("--core=cva6", "--stats", USER)
        stats = json.loads(done.stderr)
        hart, = stats["timing"]["harts"]
        self.assertEqual(stats["timing"]["core"], "cva6")
        self.assertEqual(set(hart["modes"]), {"M", "S", "U"})
        self.assertEqual(hart["cycles"], stats["cycles"])
        modes = hart["modes"].values()
        self.assertEqual(sum(mode["cycles"] for mode in modes) + hart["outside"], hart["cycles"])
        for mode in modes:
            self.assertEqual(sum(mode["stack"].values()), mode["cycles"])
        outside = stats["instructions"] - sum(mode["instructions"] for mode in modes)
        self.assertIn(outside, range(200))
        report = json.loads(run("cycles", "--core=cva6", USER, "--json").stdout)
        total = report["cores"][0]["total"]
        for cause, cycles in total["stack"].items():
            if cause != "outside":
                self.assertEqual(sum(mode["stack"].get(cause, 0) for mode in modes), cycles)
        self.assertNotIn("timing", json.loads(run("--stats", USER).stderr))


class BadInput(unittest.TestCase):
    def complains(self, code, *words):
        done = run(*words, code=code)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_unwritable(self):
        for option in ("--json",):
            said = self.complains(3, "cycles", "--core=cva6", SORT, f"{option}=/nowhere/at/all")
            self.assertIn("/nowhere/at/all", said)

    def test_full(self):
        done = run("cycles", "--core=simple", SORT, "--json=/dev/full", code=3)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_too_many(self):
        said = run("cycles", "--core=" + ",".join(["simple"] * 9), SORT, code=2).stderr
        self.assertIn("at most 8", said)

    def test_options(self):
        self.complains(2, "cycles", "--core=cva6", SORT, "--json=")
        self.complains(2, "cycles", "--core=cva6", "--against=table", FOLDER, "--json")

    def test_tables(self):
        heading = "program\tid\tlabel\tcycles\tinstret\textra\n"
        rows = {"nothing\t1\tlabel\t2\t3\t4\n": "there is no",
                "csort\t1\tlabel\t2\t3\n": ":2: not a row", "csort\t1\tlabel\tx\t3\t4\n": ":2:",
                "csort\t1\tlabel\t0\t3\t4\n": ":2:", "csort\t1\tlabel\t-2\t3\t4\n": ":2:"}
        for row, wanted in rows.items():
            with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
                table.write(heading + row)
                table.flush()
                said = run("cycles", "--core=cva6", f"--against={table.name}", FOLDER / "elf",
                           code=2).stderr
            self.assertEqual(len(said.splitlines()), 1)
            self.assertIn(wanted, said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
