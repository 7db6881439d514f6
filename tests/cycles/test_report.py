#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests the report of `baya cycles` and the CPI stacks of --stats: parts add up to their totals,
text and JSON agree, and files that cannot be read or written are reported in one line.

usage: test_report.py BAYA FOLDER [DEBUG-ELF] FOLDER is tests/cycles, DEBUG-ELF its csort with debug
information."""

import functools
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from run_baya import run, stats_of

FOLDER = pathlib.Path(sys.argv[2])
DEBUG = sys.argv[3] if len(sys.argv) > 3 else None
SORT = FOLDER / "elf/csort.elf"
USER = FOLDER / "privileged/elf/pkernel.elf"


def without_sections(path, folder):
    """Makes a copy of an ELF file without symbols: its header refers to no sections."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, 40, 0)
    struct.pack_into("<HH", data, 60, 0, 0)
    copy = pathlib.Path(folder) / path.name
    copy.write_bytes(data)
    return copy


def retype(path):
    """Gives all sections of program data that are not loaded into memory the type of string
    tables."""
    data = bytearray(path.read_bytes())
    start, = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    for at in range(start, start + size * count, size):
        kind, flags = struct.unpack_from("<IQ", data, at + 4)
        if kind == 1 and not flags & 2:
            struct.pack_into("<I", data, at + 4, 3)
    path.write_bytes(data)


@functools.cache
def report_of(core):
    """Returns the whole report on csort, which several tests use."""
    return json.loads(run("cycles", f"--core={core}", SORT, "--json").stdout)


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
            report = report_of(core)
            self.assertEqual(report["program"], str(SORT))
            self.assertEqual([each["core"] for each in report["cores"]], [core])
            self.check_sums(report["cores"][0])
            self.assertEqual(set(report["cores"][0]["total"]["stack"]) - {"outside"} -
                             set(report["causes"]), set())
            self.assertIn("sift", [each["name"] for each in report["cores"][0]["functions"]])

    def test_end(self):
        """Checks that nothing is counted of the loop after the store that ends the program."""
        for core in ("cva6", "c906", "rocket", "simple"):
            report = report_of(core)
            functions = {each["name"]: each for each in report["cores"][0]["functions"]}
            self.assertLessEqual(functions["finish"]["instructions"], 6)
            self.assertNotIn("park", functions)

    def test_booted(self):
        """Checks that a program which is booted as QEMU boots it is measured as well, and executes
        the same instructions."""
        said = run("cycles", "--core=cva6", "-bios", "none", "-kernel", SORT, "-semihosting",
                   "--json").stdout
        report, program = json.loads(said), report_of("cva6")

        def counts(of):
            return {each["name"]: each["instructions"] for each in of["cores"][0]["functions"]
                    if each["name"] in ("sift", "quick", "heap", "sorted")}

        self.assertEqual(report["program"], program["program"])
        self.assertEqual(counts(report), counts(program))
        self.assertEqual(len(counts(report)), 4)

    def test_side_by_side(self):
        with tempfile.TemporaryDirectory() as folder:
            name = pathlib.Path(folder) / "report.json"
            text = run("cycles", "--core=cva6,memory.latency=60,simple", SORT,
                       f"--json={name}").stdout
            report = json.loads(name.read_text(encoding="ascii"))
        names = [core["core"] for core in report["cores"]]
        self.assertEqual(names, ["cva6,memory.latency=60", "simple"])
        again = run("cycles", "--core=cva6,memory.latency=60", "--core=simple", SORT).stdout
        self.assertEqual(again, text)
        lines = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}
        for n, core in enumerate(report["cores"]):
            self.check_sums(core)
            for each in [*core["functions"], {**core["total"], "name": "total"}]:
                self.assertEqual(lines[each["name"]][n * 4:n * 4 + 2],
                                 [str(each["cycles"]), str(each["instructions"])])
        stack, events = [part.splitlines() for part in
                         text.split("spent on\n")[1].split("\n\n")]
        cells = [int(re.match(r".{28} +(\d+)", line).group(1)) for line in stack]
        self.assertEqual(sum(cells[:-1]), cells[-1])
        rows = {line.split()[0]: line.split()[1::2] for line in events[1:]}
        counted = [core["events"] for core in report["cores"]]
        self.assertEqual(rows, {event: [str(of.get(event, 0)) for of in counted]
                                for event in rows})
        self.assertLessEqual({"l1d-read", "l1d-miss", "mispredict"}, set(rows))
        self.assertEqual(set(rows), set().union(*counted))

    def test_uncached(self):
        """Checks the message about a core that does not cache all of RAM."""
        said = "baya: the core caches all of RAM but 1024 MiB, as memory.cached_base"
        for core, size, there in (("cva6", "2G", True), ("cva6", "1G", False),
                                  ("cva6,memory.cached_size=0x80000000", "2G", False),
                                  ("simple", "2G", False)):
            done = run(f"--core={core}", "-m", size, SORT)
            self.assertEqual(said in done.stderr, there, (core, size))

    def test_no_region(self):
        """Checks the message about a region that never begins; there is no report then."""
        words = "--core=cva6", "--timing-from=marker", SORT
        done = run("cycles", *words, "--json", code=2)
        self.assertEqual(done.stdout, "")
        said = "baya: --timing-from=marker: the run has not come there"
        self.assertIn(said, done.stderr)
        done = run(*words, "--stats")
        self.assertIn(said, done.stderr)
        self.assertEqual(stats_of(done)["timing"]["regions"]["count"], 0)
        done = run("cycles", "--core=cva6", "--timing-from=sift", SORT)
        self.assertNotIn("timing-from", done.stderr)

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
        stats = stats_of(done)
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
        for event, times in report["cores"][0]["events"].items():
            self.assertEqual(sum(mode["events"].get(event, 0) for mode in modes), times)
        self.assertNotIn("timing", stats_of(run("--stats", USER)))


class Page(unittest.TestCase):
    """Checks that the page is well-formed, refers to no other file, and has the figures of the
    JSON."""

    def make(self, program, cores="cva6", *options, code=0):
        with tempfile.TemporaryDirectory() as folder:
            name = pathlib.Path(folder) / "page.html"
            done = run("cycles", f"--core={cores}", program, f"--html={name}", "--json", *options,
                       code=code)
            text = name.read_text(encoding="ascii")
        self.assertTrue(text.startswith("<!DOCTYPE html>\n"))
        for word in ("http:", "https:", "<script", "src=", "@import", "url("):
            self.assertNotIn(word, text)
        return xml.etree.ElementTree.fromstring(text.split("\n", 1)[1]), json.loads(done.stdout)

    @staticmethod
    def number(cell):
        return int("".join(cell.itertext()).replace("\u202f", "") or 0)

    def check_code(self, page, report):
        """Checks that the figures of a function's instructions add up to those of the function."""
        shown = 0
        for section in page.iter("details"):
            name = section.find("summary").text
            rows = [row for row in section.iter("tr")
                    if any(cell.get("class") == "asm" for cell in row)]
            for n, core in enumerate(report["cores"]):
                function = next((each for each in core["functions"] if each["name"] == name),
                                {"cycles": 0, "instructions": 0})
                for k, figure in enumerate(("cycles", "instructions")):
                    self.assertEqual(sum(self.number(row[2 + 4 * n + k]) for row in rows),
                                     function[figure], (name, figure))
            shown += 1
        self.assertGreater(shown, 0)

    def check_bars(self, page):
        for bar in page.iter("b"):
            widths = [float(re.match(r"width:([\d.]+)%", layer.get("style")).group(1))
                      for layer in bar.findall("i")]
            if widths:
                self.assertAlmostEqual(sum(widths), 100, delta=0.2)

    def check_drawing(self, page, report):
        """Checks that a bar's length is proportional to its core's CPI."""
        lengths = []
        for group in page.iter("g"):
            lengths.append(sum(float(layer.get("width")) for layer in group.iter("rect")))
        cpis = [sum(cycles for cause, cycles in core["total"]["stack"].items()
                    if cause != "outside") / core["total"]["instructions"]
                for core in report["cores"]]
        for length, cpi in zip(lengths, cpis, strict=True):
            self.assertAlmostEqual(length / lengths[0], cpi / cpis[0], delta=0.001)

    def test_side_by_side(self):
        page, report = self.make(SORT, "cva6,simple,rocket")
        self.check_code(page, report)
        self.check_bars(page)
        self.check_drawing(page, report)
        self.assertEqual([row for row in page.iter("tr") if row.get("class") == "line"], [])

    def test_without_symbols(self):
        with tempfile.TemporaryDirectory() as folder:
            page, report = self.make(without_sections(SORT, folder), "cva6", "--max-insns=20000",
                                     code=4)
        self.check_code(page, report)

    @unittest.skipUnless(DEBUG, "no cross compiler")
    def test_lines(self):
        page, report = self.make(DEBUG, "cva6,simple")
        self.check_code(page, report)
        source = (FOLDER / "programs/csort.c").read_text(encoding="ascii").splitlines()
        shown = 0
        for section in page.iter("details"):
            file, line = "", []
            for row in section.iter("tr"):
                kind = row.get("class")
                if kind == "file":
                    file = row[0].text
                elif kind in ("line", "between") and file.endswith("/csort.c"):
                    self.assertEqual(row[1].text or "", source[int(row[0].text) - 1])
                    shown += 1
                if kind == "line":
                    line = [self.number(cell) for cell in row[2:4]]
                elif line and row[0].get("class") == "pc" and kind is None:
                    line = [all - self.number(cell) for all, cell in zip(line, row[2:4])]
                    self.assertGreaterEqual(min(line), 0)
        self.assertGreater(shown, 20)

    @unittest.skipUnless(DEBUG, "no cross compiler")
    def test_relative_lines(self):
        """Checks that sources which the compiler was given by a relative path are found from any
        folder, and that a file of the same name in the current folder is not taken for them."""
        gcc = ("riscv64-unknown-elf-gcc", "-O2", "-march=rv64gc_zicsr_zifencei", "-mabi=lp64d",
               "-mcmodel=medany", "-ffreestanding", "-nostdlib", "-nostartfiles", "-static",
               "-Wl,--no-relax,--no-warn-rwx-segments", "-I", FOLDER / "programs", "-T",
               FOLDER / "programs/link.ld")
        text = (FOLDER / "programs/csort.c").read_text(encoding="ascii")
        with tempfile.TemporaryDirectory() as folder:
            there, here = (pathlib.Path(folder).resolve() / name for name in ("there", "here"))
            for place, source in (there, text), (here, text.replace("pivot", "wrong")):
                (place / "sub").mkdir(parents=True)
                (place / "sub/csort.c").write_text(source, encoding="ascii")
            for options in ("-gdwarf-5",), ("-gdwarf-4",), ("-g", f"-ffile-prefix-map={there}=."):
                subprocess.run([*gcc, *options, FOLDER / "programs/crt.S", "sub/csort.c", "-o",
                                "csort.elf"], cwd=there, check=True)
                mapped = len(options) > 1
                page = subprocess.run([sys.argv[1], "cycles", "--core=simple", there / "csort.elf",
                                       "--html=/dev/stdout"], cwd=there if mapped else here,
                                      capture_output=True, text=True, check=True).stdout
                name = "sub/csort.c" if mapped else f"{there}/sub/csort.c"
                self.assertTrue(f">{name}</td>" in page, options)
                self.assertEqual(("pivot" in page, "wrong" in page), (True, False), options)

    @unittest.skipUnless(DEBUG, "no cross compiler")
    def test_packed_lines(self):
        """Checks that compressed debug sections are read, except sections that would fill the
        memory."""
        with tempfile.TemporaryDirectory() as folder:
            zeros, large, copy = (pathlib.Path(folder) / name for name in ("zeros", "large", "copy"))
            with zeros.open("wb") as file:
                file.truncate(64 << 20)
            objcopy = "riscv64-unknown-elf-objcopy"
            subprocess.run([objcopy, "--add-section", f".debug_types={zeros}", DEBUG, large],
                           check=True)
            for program, some in (DEBUG, True), (large, False):
                for form, typed in ("zlib", True), ("zlib-gnu", True), ("zlib-gnu", False):
                    subprocess.run([objcopy, f"--compress-debug-sections={form}", program, copy],
                                   check=True)
                    if not typed:
                        retype(copy)
                    self.assertLess(copy.stat().st_size, 1 << 20)
                    page, _ = self.make(copy, "simple")
                    lines = [row for row in page.iter("tr") if row.get("class") == "line"]
                    self.assertEqual(bool(lines), some, (form, typed, program))


class BadInput(unittest.TestCase):
    def complains(self, code, *words):
        done = run(*words, code=code)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_unwritable(self):
        for option in ("--json", "--html"):
            said = self.complains(3, "cycles", "--core=cva6", SORT, f"{option}=/nowhere/at/all")
            self.assertIn("/nowhere/at/all", said)

    def test_full(self):
        for option in ("--json", "--html"):
            done = run("cycles", "--core=simple", SORT, f"{option}=/dev/full", code=3)
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_kept(self):
        """Checks that an existing file is replaced only by a report, and stays if there is none."""
        with tempfile.TemporaryDirectory() as folder:
            name = pathlib.Path(folder) / "kept"
            for option in ("--json", "--html"):
                for core, program in (("nothing", SORT), ("simple", "/nowhere/at/all")):
                    name.write_text("kept", encoding="ascii")
                    code = 2 if core == "nothing" else 3
                    self.complains(code, "cycles", f"--core={core}", program, f"{option}={name}")
                    self.assertEqual(name.read_text(encoding="ascii"), "kept")
                run("cycles", "--core=simple", SORT, f"{option}={name}")
                self.assertNotEqual(name.read_text(encoding="utf-8"), "kept")
            self.assertEqual([name], list(pathlib.Path(folder).iterdir()))

    def test_too_many(self):
        said = run("cycles", "--core=" + ",".join(["simple"] * 9), SORT, code=2).stderr
        self.assertIn("at most 8", said)

    def test_options(self):
        self.complains(2, "cycles", "--core=cva6", SORT, "--json=")
        self.complains(2, "cycles", "--core=cva6", "--against=table", FOLDER, "--json")
        for option in ("fit", "only=x", "max-error=1", "max-mean=1"):
            said = self.complains(2, "cycles", "--core=cva6", SORT, f"--{option}")
            self.assertIn(f"--{option.split('=')[0]}: needs --against=TABLE", said)
        for words in ((), ("--against=table", "-kernel", SORT)):
            self.assertIn("needs a program", self.complains(2, "cycles", "--core=cva6", *words))

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
