#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests `baya test`: which programs it finds, what it reports for each way in which a program can
end, in which form and with which exit code. Arguments: baya, and the folder of the programs built
from suite/."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

BAYA, PROGRAMS = (os.path.abspath(path) for path in sys.argv[1:3])
SECONDS = 1500
X86_64 = (b"\x7fELF\x02\x01\x01" + bytes(9) +
          struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0) + bytes(56))


class Suite(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, "/")
        os.chdir(folder.name)

    def put(self, *names):
        """Copies programs to files with names like `program`, or `folder/program1`."""
        for name in names:
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            shutil.copy(os.path.join(PROGRAMS, re.sub(r"\d$", "", os.path.basename(name))), name)

    def run_test(self, *arguments):
        done = subprocess.run([BAYA, "test", *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS,
                              check=False)
        self.output = done.stdout.decode("utf-8")
        self.errors = done.stderr.decode("utf-8")
        self.lines = self.output.splitlines()
        return done.returncode

    def test_pass(self):
        self.put("pass")
        self.assertEqual(self.run_test("pass"), 0)
        self.assertEqual(self.lines[0], "pass   pass")
        self.assertRegex(self.lines[1], r"^1 tests in \d+\.\d s: 1 passed$")
        self.assertEqual(self.errors, "")

    def test_end_of_input(self):
        """Checks that reads by semihosting return an end of file, and do not wait for input that
        cannot come."""
        self.put("reads")
        for engine in "interp", "threaded", "jit":
            self.assertEqual(self.run_test("reads", "--engine=" + engine), 0, self.output)
        for chardev in "null", "file,path=out", "stderr":
            done = subprocess.run([BAYA, "reads", "-chardev", chardev + ",id=c",
                                   "-serial", "chardev:c"], stdin=subprocess.DEVNULL,
                                  check=False, timeout=SECONDS)
            self.assertEqual(done.returncode, 0, chardev)

    def test_case(self):
        self.put("fail")
        for engine in "interp", "threaded", "jit":
            self.assertEqual(self.run_test("fail", "--engine=" + engine), 1)
            self.assertRegex(self.lines[0], r"^FAIL   fail: case 3 \(test_3\) failed at "
                             r"0x800000\w\w <test_3\+0xc>: bne a0,a3,0x800000\w\w with "
                             r"a0 = 0x15, a3 = 0x17$")

    def test_surprise(self):
        self.put("surprise")
        self.assertEqual(self.run_test("surprise"), 1)
        self.assertRegex(self.lines[0], r"^FAIL   surprise: unexpected trap: illegal instruction "
                         r"from M-mode at 0x800000\w\w <test_2\+0x4> to M-mode at 0x80000010 "
                         r"<trap_vector>, tval 0xc0001073: ")

    def test_hang(self):
        self.put("hang")
        self.assertEqual(self.run_test("hang", "--timeout=0.2"), 4)
        self.assertRegex(self.lines[0], r"^LIMIT  hang: timed out after 0.2 s at 0x800000\w\w "
                         r"<test_2> in M-mode, \d+ instructions$")
        self.assertEqual(self.run_test("hang", "--max-insns=10007"), 4)
        self.assertRegex(self.lines[0], r"^LIMIT  hang: not done after 10007 instructions at "
                         r"0x800000\w\w <test_2> in M-mode, 10007 instructions$")

    def test_reset_loop(self):
        """Checks that instructions and resets are counted across resets."""
        self.put("resets")
        for engine in "interp", "jit":
            self.assertEqual(self.run_test("resets", "--max-insns=10000", "--engine=" + engine), 4)
            found = re.match(r"LIMIT  resets: not done after 10000 instructions at 0x\w+.* in M-mode, "
                             r"10000 instructions; it has reset itself (\d+) times$", self.lines[0])
            self.assertTrue(found, self.output)
            self.assertGreater(int(found[1]), 100)
        self.assertEqual(self.run_test("resets", "--timeout=0.5"), 4)
        self.assertRegex(self.lines[0], r"timed out after 0.5 s .*, [1-9]\d+ instructions; "
                         r"it has reset itself \d+ times$")

    def test_dead(self):
        self.put("traps", "waits", "calls")
        self.assertEqual(self.run_test("traps", "waits", "calls"), 5)
        self.assertRegex(self.lines[0], r"^DEAD   traps: trap loop: instruction access fault from "
                         r"M-mode at 0x8 to M-mode at 0x8, tval 0x8: .*; before it, "
                         r"illegal instruction from M-mode at 0x800000\w\w <test_2\+0x4>")
        self.assertRegex(self.lines[1], r"^DEAD   waits: waits for ever in WFI at 0x800000\w\w "
                         r"<sleep\+0x4> in M-mode, interrupts enabled: 0x0$")
        self.assertRegex(self.lines[2], r"^DEAD   calls: trap loop: instruction access fault from "
                         r"M-mode at 0x0 to M-mode at 0x0, tval 0x0: .*; "
                         r"ra is 0x800000\w\w <after>$")

    def test_critical_error(self):
        self.put("traps")
        self.assertEqual(self.run_test("traps", "-cpu", "max,smdbltrp=on"), 5)
        self.assertRegex(self.lines[0], r"^DEAD   traps: critical error: illegal instruction in "
                         r"M-mode at 0x800000\w\w <test_2\+0x4>, tval 0xc0001073: .* \(Smdbltrp\)$")

    def test_other_hart(self):
        """Checks that a trap loop ends the test, although the other hart never ends."""
        self.put("half")
        self.assertEqual(self.run_test("half", "-smp", "2"), 5)
        self.assertIn("illegal instruction from M-mode", self.lines[0])

    def test_bad_input(self):
        self.put("outside", "stripped", "narrow")
        with open("x86", "wb") as file:
            file.write(X86_64)
        with open("text", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n")
        for name, words in (("outside", "has its symbol tohost at 0x1000, which is not in RAM"),
                            ("stripped", "has no symbols, so where its tohost is cannot be known"),
                            ("narrow", "is a 32-bit (RV32) ELF; give one built for riscv64"),
                            ("x86", "is an ELF for x86-64; give one built for riscv64"),
                            ("text", "program 'text': is "),
                            ("missing", "cannot be opened: No such file or directory")):
            with self.subTest(name):
                self.assertEqual(self.run_test(name), 3)
                self.assertTrue(self.lines[0].startswith("ERROR  %s: program '%s': " %
                                                         (name, name)), self.output)
                self.assertIn(words, self.lines[0])
                self.assertEqual(len(self.lines), 2, self.output)
        done = subprocess.run([BAYA, "outside"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, timeout=SECONDS)
        self.assertEqual(done.returncode, 3)
        self.assertIn("has its symbol tohost at 0x1000, which is not in RAM", done.stderr)

    def test_folder(self):
        self.put("suite/b/pass1", "suite/b/pass2", "suite/c/narrow",
                 "suite/c/pass", "suite/fail", "suite/a/pass")
        with open("suite/c/x86", "wb") as file:
            file.write(X86_64)
        with open("suite/pass.dump", "w", encoding="ascii") as file:
            file.write("80000000 <_start>:\n")
        os.mkfifo("suite/pipe")
        os.symlink("..", "suite/b/up")
        os.symlink("../c/pass", "suite/b/link")
        want = ["pass   suite/a/pass", "pass   suite/b/link", "pass   suite/b/pass1",
                "pass   suite/b/pass2", "pass   suite/c/pass"]
        for jobs in "1", "4":
            self.assertEqual(self.run_test("suite/", "-j", jobs), 1)
            self.assertEqual(self.lines[:5], want)
            self.assertTrue(self.lines[5].startswith("FAIL   suite/fail: case 3"), self.output)
            self.assertEqual(self.lines[6:8], ["1 ELFs for 32-bit RISC-V were passed over",
                                               "1 ELFs for other machines were passed over"])
            self.assertIn("5 passed, 1 failed", self.lines[8])
        self.assertEqual(self.run_test("suite", "--filter=pass?"), 0)
        self.assertEqual(self.lines[:2], want[2:4])
        self.assertEqual(self.run_test("suite", "--filter=nothing*"), 3)
        self.assertEqual(self.errors, "baya: no test: nothing like nothing* in 'suite' is an ELF "
                         "for riscv64\n")

    def test_exit_code(self):
        self.put("pass", "fail", "hang", "traps", "narrow")
        limit = "--max-insns=100000"
        self.assertEqual(self.run_test("pass", "hang", limit), 4)
        self.assertEqual(self.run_test("hang", "pass", "traps", limit), 5)
        self.assertEqual(self.run_test("traps", "hang", "fail", limit), 1)
        self.assertEqual(self.run_test("fail", "narrow", "pass"), 3)

    def test_output(self):
        """Checks that the program's output is printed without control characters."""
        self.put("shouts")
        self.assertEqual(self.run_test("shouts"), 1)
        self.assertEqual(self.lines[:5], [
            "FAIL   shouts: reported failure 5", "       | first",
            "       |   ?[31m <&>\" ]]> # \\ ???? \u00fc",
            "       |   ...", "       | last"])

    def test_tap(self):
        self.put("pass", "fail", "shouts", "narrow")
        shutil.copy("pass", "odd # na\\me\nhere")
        self.assertEqual(self.run_test("--tap", "pass", "fail", "shouts", "narrow",
                                       "odd # na\\me\nhere"), 3)
        self.assertEqual(self.lines[:2], ["TAP version 14", "1..5"])
        points, number, inside = [], 0, False
        for line in self.lines[2:]:
            if inside:
                inside = line != "  ..."
                self.assertTrue(line.startswith("  "), line)
                continue
            if line == "  ---":
                self.assertTrue(points[-1][0])
                inside = True
                continue
            if line.startswith("#"):
                continue
            point = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\#|\\\\)*)", line)
            self.assertTrue(point, line)
            number += 1
            self.assertEqual(int(point[2]), number)
            points.append((bool(point[1]), point[3]))
        self.assertFalse(inside)
        self.assertEqual(points, [(False, "pass"), (True, "fail"), (True, "shouts"),
                                  (True, "narrow"), (False, "odd \\# na\\\\me?here")])
        self.assertIn("    last", self.lines)

    def test_junit(self):
        self.put("a/pass", "a/fail", "a/shouts", "a/hang", "narrow")
        os.rename("a/pass", "a/<\"&'>\x01")
        self.assertEqual(self.run_test("a", "narrow", "--junit=out.xml", "--max-insns=10000"), 3)
        self.assertTrue(self.lines[0].startswith("pass   a/<\"&'>?"))
        root = xml.etree.ElementTree.parse("out.xml").getroot()
        self.assertEqual(root.tag, "testsuites")
        suite, = root
        cases = list(suite)
        self.assertEqual([(suite.get(key), root.get(key)) for key in
                          ("tests", "failures", "errors", "skipped")],
                         [("5", "5"), ("3", "3"), ("1", "1"), ("0", "0")])
        self.assertEqual([(case.get("classname"), case.get("name")) for case in cases],
                         [("a", "<\"&'>?"), ("a", "fail"), ("a", "hang"), ("a", "shouts"),
                          ("", "narrow")])
        self.assertEqual([case[0].tag if len(case) else None for case in cases],
                         [None, "failure", "failure", "failure", "error"])
        self.assertIn("a3 = 0x17", cases[1][0].get("message"))
        self.assertEqual(cases[3].find("system-out").text.splitlines()[0], "first")
        for case in cases:
            self.assertGreaterEqual(float(case.get("time")), 0)
        self.assertEqual(self.run_test("a", "--junit=no/such/folder"), 3)
        self.assertIn("no/such/folder: No such file", self.errors)

    def test_lost_output(self):
        """Checks that a write to standard output that fails between others that succeed is
        reported. Standard output leads to a port that nobody has: a write is answered by an error,
        which the next one returns, and the one after that succeeds again."""
        self.put("pass")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
            nobody.bind(("127.0.0.1", 0))
            address = nobody.getsockname()
        for count in 2, 3:  # the summary is written last, with success or not
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                out.connect(address)
                done = subprocess.run([BAYA, "test", *["pass"] * count, "-j1"], check=False,
                                      stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
                                      text=True, timeout=SECONDS)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertRegex(done.stderr, "^baya: cannot write to 'standard output': .*\n$")

    def test_every_engine(self):
        self.put("pass", "fail", "hang", "traps")
        self.assertEqual(self.run_test("--engine=all", "pass", "fail", "hang", "traps",
                                       "--max-insns=10000"), 1)
        want = [[word, name, engine] for word, name in (("pass", "pass"), ("FAIL", "fail"),
                                                        ("LIMIT", "hang"), ("DEAD", "traps"))
                for engine in ("[interp]", "[threaded]", "[jit]")]
        self.assertEqual([line.replace("]:", "]").split()[:3] for line in self.lines[:12]], want)

    def test_disagreement(self):
        self.put("clock")
        self.assertEqual(self.run_test("clock", "--engine=all", "--clock=host"), 7)
        self.assertRegex(self.lines[1], r"^DIFFER clock \[threaded\]: failed reported failure \d+ "
                         r"in interp; failed reported failure \d+ here$")
        self.assertEqual(self.run_test("clock", "--engine=all"), 1)

    def test_signature(self):
        self.put("signature", "pass")
        words = ["01234567", "89abcdef", "ffffffff", "00000001", "0d0c0b0a"]
        self.assertEqual(self.run_test("signature", "--signature=out"), 0)
        with open("out", encoding="ascii") as file:
            self.assertEqual(file.read().split(), words)
        self.assertEqual(self.run_test("signature", "--signature=out",
                                       "--signature-granularity=16"), 0)
        with open("out", encoding="ascii") as file:
            self.assertEqual(file.read().split(), ["".join(reversed(words[:4])),
                                                   "0" * 24 + words[4]])
        os.remove("out")
        subprocess.run([BAYA, "signature", "--signature=out"], stdin=subprocess.DEVNULL,
                       check=True, timeout=SECONDS)
        with open("out", encoding="ascii") as file:
            self.assertEqual(file.read().split(), words)
        self.assertEqual(self.run_test("pass", "--signature=out"), 3)
        self.assertIn("has no symbols begin_signature and end_signature", self.lines[0])
        self.assertEqual(self.run_test("signature", "pass", "--signature=out"), 2)
        self.assertEqual(self.run_test("signature", "--signature=/"), 3)
        self.assertIn("cannot write the signature '/'", self.lines[0])

    def run_baya(self, *arguments):
        return subprocess.run([BAYA, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, check=False, timeout=SECONDS)

    def test_signature_is_missing(self):
        """Checks that a missing signature is reported before the run, which would never end."""
        self.put("hang")
        done = self.run_baya("hang", "--signature=out")
        self.assertEqual(done.returncode, 3)
        self.assertIn("has no symbols begin_signature and end_signature", done.stderr)
        self.assertEqual(self.run_test("hang", "--signature=out"), 3)
        self.assertFalse(os.path.exists("out"))

    def test_symbols_of_stripped(self):
        """Checks that --symbols gives the tohost of a stripped program, and that there is a hint
        without it."""
        self.put("signature", "bare")
        done = self.run_baya("bare", "--timeout=0.5")
        self.assertEqual(done.returncode, 4)
        self.assertIn("the program has no symbols, so where its tohost is", done.stderr)
        done = self.run_baya("bare", "--symbols=signature", "--signature=out")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open("out", encoding="ascii") as file:
            self.assertEqual(file.read().split()[0], "01234567")

    def test_signature_of_vectors(self):
        self.put("vectors")
        for engine in "interp", "threaded", "jit":
            self.assertEqual(self.run_test("vectors", "-cpu", "max,v=on", "--engine=" + engine,
                                           "--signature=out"), 0)
            with open("out", encoding="ascii") as file:
                self.assertEqual(file.read().split(),
                                 ["fffffffe", "ffffffff", "00000000", "00000001", "00000002"])

    def test_interrupted(self):
        """Checks that three tests run at once, that Ctrl-c ends all of them, and that the tests
        that are not done are reported."""
        self.put("pass", "hang1", "hang2", "hang3", "hang4", "hang5")
        process = subprocess.Popen([BAYA, "test", "-j3", "pass", "hang1", "hang2", "hang3",
                                    "hang4", "hang5", "--timeout=1000", "--junit=out.xml"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.assertEqual(process.stdout.readline(), "pass   pass\n")
        children, started = [], time.monotonic()
        while len(children) < 3:
            self.assertLess(time.monotonic() - started, SECONDS)
            with open("/proc/%d/task/%d/children" % (process.pid, process.pid),
                      encoding="ascii") as file:
                children = file.read().split()
            time.sleep(0.01)
        self.assertEqual(len(children), 3)
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertTrue(rest.startswith("ended by signal 2 (Interrupt) with 5 tests not done\n"),
                        rest)
        self.assertFalse([child for child in children if os.path.exists("/proc/" + child)])
        suite, = xml.etree.ElementTree.parse("out.xml").getroot()
        self.assertEqual(suite.get("skipped"), "5")

    def test_usage(self):
        for arguments, error in (((), "baya test: needs files or folders"),
                                 (("-kernel", "x"), "-kernel: baya test runs programs in M-mode, "),
                                 (("--tapp", "x"), "unknown option --tapp; nearest is --tap"),
                                 (("-j", "0", "x"), "-j: '0' is out of range")):
            self.assertEqual(self.run_test(*arguments), 2)
            self.assertIn(error, self.errors)
            self.assertEqual(self.errors.count("\n"), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
