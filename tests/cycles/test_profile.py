#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests --profile: both formats have the same figures, whose sum is that of the run; functions are
called as often as the algorithms in tests/cycles/programs/crec.c call them.

usage: test_profile.py BAYA FOLDER [DEBUG-ELF] FOLDER is tests/cycles, DEBUG-ELF its csort with
debug information."""

import collections
import itertools
import json
import pathlib
import re
import sys
import tempfile
import unittest

from run_baya import run, stats_of

FOLDER = pathlib.Path(sys.argv[2])
DEBUG = sys.argv[3] if len(sys.argv) > 3 else None
SORT, RECURSION = FOLDER / "elf/csort.elf", FOLDER / "elf/crec.elf"
SYSTEM = FOLDER / "elf/sys.elf"
KERNEL = FOLDER / "privileged/elf/pkernel.elf"


def profile(name, *words, code=0):
    """Returns the text of the profile, and --stats."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        done = run(*words, f"--profile={path}", "--stats", code=code)
        return path.read_text(encoding="ascii"), json.loads(done.stderr.splitlines()[-1])


def read_folded(text):
    """Returns from each stack, as a tuple of names, to its count."""
    found = {}
    for line in text.splitlines():
        stack, count = re.fullmatch(r"([^ ]+) ([1-9]\d*)", line).groups()
        stack = tuple(stack.split(";"))
        assert stack not in found and all(stack), line
        found[stack] = int(count)
    return found


class Callgrind:
    """A profile for callgrind. `own`: (mode, function) -> own count; `calls`: (mode, caller,
    callee) -> [calls, count]; `lines`: (file, line, function) -> own count; `sites`: (file, line,
    callee) -> the callee's first line."""

    def __init__(self, text):
        self.own, self.calls, names, mode, function = {}, {}, {}, None, None
        self.lines, self.sites = collections.Counter(), {}
        header, body = text.split("\n\n", 1)
        self.header = dict(line.split(": ", 1) for line in header.splitlines()[1:])
        assert header.startswith("# callgrind format\nversion: 1\n")
        callee, calls = None, None
        for line in body.splitlines():
            if line.startswith("ob="):
                mode = line[3:]
            elif re.match(r"c?fn=", line):
                kind, number, name = re.fullmatch(r"(c?fn)=\((\d+)\) (.+)", line).groups()
                assert names.setdefault(number, name) == name, line
                if kind == "fn":
                    function, callee = name, None
                    assert (mode, function) not in self.own
                    self.own[mode, function] = 0
                else:
                    callee = name
            elif line.startswith("calls="):
                calls, begin = map(int, re.fullmatch(r"calls=(\d+) (\d+)", line).groups())
            elif re.match(r"f[lie]=", line):
                file = line[3:]
            elif line and not line.startswith("cfi="):
                number, count = map(int, re.fullmatch(r"(\d+) (\d+)", line).groups())
                if callee:
                    assert (file, number, callee) not in self.sites or not number
                    self.sites[file, number, callee] = begin
                    before = self.calls.get((mode, function, callee), [0, 0])
                    self.calls[mode, function, callee] = [before[0] + calls, before[1] + count]
                else:
                    self.own[mode, function] += count
                    self.lines[file, number, function] += count
        self.total = sum(self.own.values())
        assert self.total == int(self.header["summary"])

    def called(self, name):
        return sum(calls for (_, _, callee), (calls, _) in self.calls.items() if callee == name)


def cycles_of(stats):
    return sum(mode["cycles"] for mode in stats["timing"]["harts"][0]["modes"].values())


class Profile(unittest.TestCase):
    def test_sums(self):
        for core in ("cva6", "c906", "rocket"):
            text, stats = profile("out.folded", f"--core={core}", SORT)
            folded = read_folded(text)
            self.assertEqual(sum(folded.values()), cycles_of(stats))
            self.assertEqual({stack[0] for stack in folded}, {"M"})
            text, _ = profile("callgrind.out.1", f"--core={core}", SORT)
            callgrind = Callgrind(text)
            own = collections.Counter()
            for stack, count in folded.items():
                own[stack[0], stack[-1]] += count
            self.assertEqual({each: count for each, count in callgrind.own.items() if count},
                             dict(own))
            report = json.loads(run("cycles", f"--core={core}", SORT, "--json").stdout)
            for function in report["cores"][0]["functions"]:
                self.assertEqual(own["M", function["name"]], function["cycles"])

    def test_modes(self):
        text, stats = profile("kernel", "--core=cva6", KERNEL)
        own = collections.Counter()
        for stack, count in read_folded(text).items():
            own[stack[0]] += count
        self.assertEqual(dict(own), {mode: each["cycles"] for mode, each in
                                     stats["timing"]["harts"][0]["modes"].items()})
        # User mode calls no function of the kernel, and the kernel none of user mode.
        for stack in read_folded(text):
            self.assertTrue("sort" not in stack or "sorter" in stack)
            self.assertTrue("sorter" not in stack or stack[0] == "U")
            self.assertTrue("give_page" not in stack or stack[0] == "S")

    def test_traps(self):
        """Checks that the callers are known after a return from a trap, by the stack pointer; also
        after an mret that is used as a jump."""
        for engine in ("interp", "threaded"):
            text, _ = profile("x", "--timing=simple", SYSTEM, f"--engine={engine}")
            stacks = read_folded(text)
            self.assertIn(("M", "_start", "main", "ecalls", "step_saved", "counted"), stacks)
            self.assertNotIn("main", {stack[1] for stack in stacks})

    def test_calls(self):
        def permutations(n):
            return 1 if n == 1 else 1 + n * permutations(n - 1)

        def queens(columns, row, up, down):
            return 1 + sum(queens(columns + (c,), row + 1, up + (c + row,), down + (c - row,))
                           for c in range(6) if row < 6 and c not in columns and
                           c + row not in up and c - row not in down)

        callgrind = Callgrind(profile("x.callgrind", "--timing=simple", RECURSION)[0])
        # The program measures each of them twice.
        self.assertEqual(callgrind.called("permutations"), 2 * permutations(5))
        self.assertEqual(callgrind.called("queens"), 2 * queens((), 0, (), ()))
        self.assertEqual(callgrind.calls["M", "main", "queens"][0], 2)

    @unittest.skipUnless(DEBUG, "no compiler, or no libdw")
    def test_lines(self):
        """Checks that the costs of lines are those in the report's page, and that calls are from
        the line that contains them to the callee's first line."""
        callgrind = Callgrind(profile("x.callgrind", "--core=cva6", DEBUG)[0])
        source = (FOLDER / "programs/csort.c").read_text(encoding="ascii").splitlines()
        name = next(file for file, _, _ in callgrind.lines if file.endswith("csort.c"))
        spent = {line[1:]: count for line, count in callgrind.lines.items() if line[0] == name}
        self.assertGreater(sum(spent.values()), 0.9 * callgrind.total)
        page = run("cycles", "--core=cva6", DEBUG, "--html=/dev/stdout").stdout
        page = page.replace("&#8239;", "")
        for (number, function), count in spent.items():
            self.assertTrue(f">{count}</td>" in page, (number, function, count))
        for words in (("-bios", DEBUG), ("-bios", "none", "-device", f"loader,file={DEBUG},cpu-num=0")):
            other = Callgrind(profile("x.callgrind", "--core=cva6", *words)[0])
            self.assertIn(name, {file for file, _, _ in other.lines}, words)
        calls = {(number, callee): begin for (file, number, callee), begin in
                 callgrind.sites.items() if file == name}
        own = [call for call in calls if call[1] in ("sift", "quick", "sorted", "heap")]
        self.assertIn("sift", {callee for _, callee in own})
        for number, callee in own:
            begin = calls[number, callee]
            self.assertRegex(source[number - 1], callee + r"\(|\bsort\(")
            self.assertIn(callee + "(", "".join(source[begin - 3:begin]))

    def test_events(self):
        text, stats = profile("x", "--core=cva6", SORT, "--profile-event=instructions")
        retired = sum(mode["instructions"]
                      for mode in stats["timing"]["harts"][0]["modes"].values())
        self.assertEqual(sum(read_folded(text).values()), retired)
        text, stats = profile("x", "--core=cva6", SORT, "--profile-event=cycles-mispredict")
        spent = stats["timing"]["harts"][0]["modes"]["M"]["stack"]["mispredict"]
        self.assertEqual(sum(read_folded(text).values()), spent)
        missed = sum(read_folded(profile("x", "--core=cva6", SORT,
                                         "--profile-event=mispredict")[0]).values())
        self.assertIn(missed, range(spent // 50, spent + 1))

    def test_events_by_mode(self):
        """Checks that the counts of events in each mode are those of the counters."""
        for core in ("cva6", "c906", "rocket"):
            for event in ("mispredict", "l1d-read", "l1d-write-miss", "l1i-read", "trap"):
                # The first store in user mode that misses is after some 65000 instructions.
                until = 70000 if event == "l1d-write-miss" else 30000
                text, stats = profile("x", f"--core={core}", KERNEL, f"--timing-until={until}",
                                      f"--profile-event={event}")
                found = collections.Counter()
                for stack, count in read_folded(text).items():
                    found[stack[0]] += count
                for mode, each in stats["timing"]["harts"][0]["modes"].items():
                    self.assertEqual(found[mode], each["events"].get(event, 0),
                                     (core, event, mode))

    def test_stepped(self):
        """Checks that replays from the memo and steps attribute counts to the same stacks, for each
        event in another third of the program."""
        for event, begin in (("cycles", 200000), ("mispredict", 100000), ("l1d-miss", 1)):
            words = ("--core=cva6", SORT, f"--profile-event={event}", f"--timing-from={begin}",
                     f"--timing-until={begin + 110000}")
            self.assertEqual(profile("x", *words)[0],
                             profile("x", *words, "--pipeview=/dev/null",
                                     "--pipeview-max=1")[0], event)

    def test_harts(self):
        text, stats = profile("x", "--core=cva6", "-smp", "2", "--max-insns=20000", SORT, code=4)
        total = sum(mode["cycles"] for hart in stats["timing"]["harts"]
                    for mode in hart["modes"].values())
        self.assertEqual(Callgrind(profile("callgrind.out", "--core=cva6", "-smp", "2",
                                           "--max-insns=20000", SORT, code=4)[0]).total, total)
        self.assertEqual(sum(int(line.split()[1]) for line in text.splitlines()), total)

    def test_region(self):
        for core, begin in itertools.product(("cva6", "c906", "rocket"), range(50000, 50004)):
            text, stats = profile("x", f"--core={core}", SORT, f"--timing-from={begin}",
                                  "--timing-until=60000", "--timing-warm=2000")
            self.assertEqual(sum(read_folded(text).values()), cycles_of(stats))
            self.assertEqual(stats["timing"]["harts"][0]["modes"]["M"]["instructions"],
                             60000 - begin)
        self.assertLess(cycles_of(stats), 40000)

    def test_samples(self):
        exact = read_folded(profile("x", "--core=cva6", SORT)[0])
        sampled = read_folded(profile("x", "--core=cva6", SORT, "--profile-period=1000")[0])
        self.assertTrue(all(count % 1000 == 0 for count in sampled.values()))
        self.assertLess(sum(exact.values()) - sum(sampled.values()), 1000)
        most = max(exact, key=exact.get)
        self.assertAlmostEqual(sampled[most] / exact[most], 1, delta=0.1)

    def test_engines(self):
        texts = {profile("x", "--core=cva6", KERNEL, f"--engine={engine}")[0]
                 for engine in ("interp", "threaded")}
        self.assertEqual(len(texts), 1)

    def test_format(self):
        text, _ = profile("callgrind.out", "--timing=simple", SORT, "--profile-format=folded")
        read_folded(text)
        text, _ = profile("folded", "--timing=simple", SORT, "--profile-format=callgrind")
        self.assertEqual(Callgrind(text).header["events"], "cycles")

    def test_nothing_changes(self):
        _, with_profile = profile("x", "--core=cva6", SORT, "--state-hash")
        without = stats_of(run("--core=cva6", SORT, "--state-hash"))
        for each in ("cycles", "instructions", "state_hash"):
            self.assertEqual(with_profile[each], without[each])


class BadInput(unittest.TestCase):
    def complains(self, code, *words):
        said = run(*words, code=code).stderr
        self.assertEqual(len(said.splitlines()), 1, said)
        return said

    def test_usage(self):
        for words in ("--profile-event=cycles", "--profile-period=10"):
            said = self.complains(2, SORT, "--profile=x", words)
            self.assertTrue(said.startswith(f"baya: {words.split('=')[0]}: needs --timing"), said)
        self.complains(2, "cycles", "--core=cva6", SORT, "--profile=/dev/null")
        self.complains(2, "--core=cva6", SORT, "--profile=/dev/null", "--profile-period=0")
        self.complains(2, "--core=cva6", SORT, "--profile=/dev/null", "--profile-format=svg")
        said = self.complains(2, "--core=cva6", SORT, "--profile=/dev/null",
                              "--profile-event=moon")
        for name in ("cycles", "instructions", "mispredict", "l1d-miss"):
            self.assertIn(name, said)

    def test_files(self):
        self.complains(3, "--core=cva6", SORT, "--profile=/nowhere/at/all")
        self.complains(3, "--core=cva6", SORT, "--profile=/dev/full")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
