#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests --pipeview: files have the format of Konata, all instructions that were executed retire,
and the cycles between two readings of a counter are those of the RTL.

usage: test_pipeview.py BAYA FOLDER (tests/cycles)"""

import csv
import json
import pathlib
import sys
import tempfile
import unittest

import kanata
from run_baya import run, stats_of

FOLDER = pathlib.Path(sys.argv[2])
ALU = FOLDER / "elf/alu.elf"
TRAPS = FOLDER / "privileged/elf/ptrap.elf"


class Pipeview(unittest.TestCase):
    def view(self, *words, code=0, path="view.log"):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "view.log"
            stderr = run(*words, f"--pipeview={log}", code=code).stderr
            found = kanata.read(log.with_name(path))
        kanata.check(found)
        return found, stderr

    def test_measured(self):
        """Checks, for kernels of alu.elf, that the difference of two readings of mcycle is that in
        the table."""
        for core, table in (("cva6", "cva6.tsv"), ("c906", "c906.tsv")):
            with open(FOLDER / table, encoding="ascii") as file:
                wanted = [int(row["cycles"]) for row in csv.DictReader(file, delimiter="\t")
                          if row["program"] == "alu"]
            found, _ = self.view(f"--core={core}", ALU, "--pipeview-max=30000")
            reads = [each.end for each in found
                     if not each.flushed and ",mcycle,zero" in each.label]
            ours = [end - begin for begin, end in zip(reads[::2], reads[1::2])]
            self.assertGreater(len(ours), 9)
            self.assertEqual(ours, wanted[:len(ours)])

    def test_all_retire(self):
        for core in ("cva6", "c906", "rocket", "u74"):
            found, stderr = self.view(f"--core={core}", "--stats", ALU, "--max-insns=5000",
                                      code=4)
            done = [each for each in found if not each.flushed]
            stats = json.loads(stderr.splitlines()[-1])
            outside = stats["instructions"] - \
                sum(mode["instructions"] for mode in stats["timing"]["harts"][0]["modes"].values())
            self.assertEqual(len(done), stats["instructions"] - outside)
            self.assertEqual([each.end for each in done], sorted(each.end for each in done))

    def test_part(self):
        """Checks that the file has the instructions in the region, and none of those that warm the
        core up before it."""
        for words in (["--timing-from=2000", "--timing-until=+500"],
                      ["--timing-from=2000", "--timing-until=+500", "--timing-warm=1000"],
                      ["--timing-from=main", "--timing-until=+500", "--timing-warm=100"]):
            found, stderr = self.view("--core=cva6", "--stats", ALU, "--max-insns=5000", *words,
                                      code=4)
            done = [each for each in found if not each.flushed]
            region = json.loads(stderr.splitlines()[-1])["timing"]["regions"]
            self.assertEqual(region["count"], 1)
            self.assertEqual(region["instructions"], 500)
            # Instructions in the pipeline at either end of the region are not seen to retire.
            self.assertLessEqual(len(done), 500)
            self.assertGreater(len(done), 480)
            self.assertLess(done[-1].end - done[0].end, region["cycles"] + 1)

    def test_wrong_paths(self):
        found, _ = self.view("--core=cva6", TRAPS, "--pipeview-max=20000")
        self.assertEqual(len(found), 20000)
        flushed = [each for each in found[:-50] if each.flushed]
        self.assertGreater(len(flushed), 100)
        # Each flushed instruction was at least fetched, on a wrong path.
        self.assertTrue(all(each.stages[0][0] == "F" for each in flushed))

    def test_harts(self):
        found, _ = self.view("--core=cva6", "-smp", "2", ALU, "--pipeview-max=500",
                             path="view.log.1")
        self.assertEqual(len(found), 500)

    def test_region(self):
        """Checks that the file has a region's instructions, and not those of its warm-up."""
        found, stderr = self.view("--core=cva6", "--stats", ALU, "--timing-from=5000",
                                  "--timing-until=+2000", "--timing-warm=1000")
        done = sum(not each.flushed for each in found)
        self.assertIn(done, range(1980, 2001))
        counted = json.loads(stderr.splitlines()[-1])["timing"]["harts"][0]["modes"]["M"]["instructions"]
        self.assertIn(counted, range(1980, 2001))

    def test_nothing_changes(self):
        with_view = json.loads(self.view("--core=cva6", "--stats", ALU, "--state-hash",
                                         "--pipeview-max=10")[1])
        without = stats_of(run("--core=cva6", "--stats", ALU, "--state-hash"))
        for each in ("cycles", "instructions", "state_hash", "timing"):
            self.assertEqual(with_view[each], without[each])


class BadInput(unittest.TestCase):
    def complains(self, code, *words):
        said = run(*words, code=code).stderr
        self.assertEqual(len(said.splitlines()), 1, said)

    def test_usage(self):
        self.complains(2, ALU, "--pipeview=view.log")
        self.complains(2, "cycles", "--core=cva6", ALU, "--pipeview=view.log")
        self.complains(2, "--timing=simple", ALU, "--pipeview=/dev/null")
        self.complains(2, "--core=cva6", ALU, "--pipeview=/dev/null", "--pipeview-max=0")

    def test_files(self):
        self.complains(3, "--core=cva6", ALU, "--pipeview=/nowhere/at/all")
        self.complains(3, "--core=cva6", ALU, "--pipeview=/dev/full")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
