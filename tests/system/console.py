# SPDX-License-Identifier: MIT
"""
A machine under test, driven through its console as a person would: start it, wait for text, type,
wait for its end. All it writes is kept in a log file, whose tail is printed when a test fails.
Knows nothing about what runs inside.

Time decides nothing but when a machine counts as hung: when it writes nothing at all for PATIENCE
seconds (BAYA_TEST_PATIENCE, 1500 unless set) while something is awaited. That is some ten times
what the slowest step takes with sanitizers, for hosts that do as much besides, and less than CTest
waits.
"""

import os
import re
import select
import subprocess
import sys
import time

PATIENCE = float(os.environ.get("BAYA_TEST_PATIENCE", "1500"))
SKIPPED = 77  # SKIP_RETURN_CODE of these tests in CTest
TAIL_LINES = 60
# Lines that Linux writes when its own time is short, between those of any command.
SLOW_HOST = re.compile(r"^\[ *\d+\.\d+\] (?:sched: DL replenish lagged too much|"
                       r"(?:hrtimer|perf): interrupt took .*)\n", re.M)


class Failed(Exception):
    """Returns what was expected and what came instead, in one line."""


class Skipped(Exception):
    """Why the test cannot run here, in a few words."""


def check(fact, otherwise):
    if not fact:
        raise Failed(otherwise)


class Machine:
    """A running emulator. Use with `with`: on leaving it is ended, whatever happened."""

    def __init__(self, argv, log):
        argv = [str(arg) for arg in argv]
        self.seen = b""  # what nothing has matched yet
        self.log = open(log, "ab", buffering=0)
        self.log.write(("\n$ " + " ".join(argv) + "\n").encode())
        self.started = time.monotonic()
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.log.close()

    @property
    def seconds(self):
        """Since the start."""
        return time.monotonic() - self.started

    def read(self):
        """Take what it wrote; False when that is nothing, or it has closed its output."""
        output = self.process.stdout
        if not select.select([output], [], [], PATIENCE)[0]:
            return False
        data = os.read(output.fileno(), 65536)
        self.log.write(data)
        self.seen += data
        return bool(data)

    def expect(self, pattern, never=None):
        """
        Read until the regular expression matches, and return the text before the match. Fails
        when `never` matches in that text.
        """
        while True:
            found = re.search(pattern.encode(), self.seen)
            before = self.seen[:found.start()] if found else self.seen
            banned = re.search(never.encode(), before) if never else None
            if banned:
                raise Failed("'%s' came before '%s'" % (banned.group().decode(), pattern))
            if found:
                self.seen = self.seen[found.end():]
                return before.decode("utf-8", "replace")
            if not self.read():
                ended = self.process.poll() is not None
                raise Failed("no '%s': %s" % (pattern, "it ended" if ended else "silence"))

    def type(self, text):
        self.process.stdin.write(text.encode("latin-1"))
        self.process.stdin.flush()

    def command(self, line, prompt):
        """
        Type a line at a shell; return what it wrote between the line's echo and the prompt, without
        what Linux says of a host that is slow.
        """
        self.type(line + "\n")
        self.expect(re.escape(line[-20:]) + r"\r*(?=\n)")  # the prompt may begin with the newline
        return SLOW_HOST.sub("", self.expect(prompt).replace("\r", "")[1:])

    def wait(self, code):
        """Read to the end of its output; it must end with this exit code."""
        while self.read():
            pass
        try:
            got = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failed("it does not end") from None
        check(got == code, "exit code %d instead of %d" % (got, code))


def print_tail(log):
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = file.read().replace("\r", "").split("\n")
    print("--- the end of %s" % log)
    print("\n".join(lines[-TAIL_LINES:]))
    print("---")


def run_scenario(scenario, log):
    """Call scenario(log) with a new log and return the exit code of the test program."""
    os.makedirs(os.path.dirname(log), exist_ok=True)
    open(log, "wb").close()
    try:
        scenario(log)
    except Skipped as reason:
        print("skipped: %s" % reason)
        return SKIPPED
    except Failed as failure:
        print_tail(log)
        print("failed: %s" % failure)
        return 1
    print("ok: the console is in %s" % log)
    return 0


def main(scenarios):
    """
    Command line of all test programs here: BAYA FOLDER SCENARIO [ARGUMENT...]. FOLDER holds
    debian13/ and takes logs/. The scenario is called as scenario(baya, folder, log, *arguments).
    """
    baya, folder, name, *arguments = sys.argv[1:]
    label = "_".join([name] + [re.sub(r"[^\w.]+", "", argument) for argument in arguments])
    program = os.path.basename(sys.argv[0])[len("test_"):-len(".py")]
    log = os.path.join(folder, "logs", "%s_%s.log" % (program, label))
    sys.exit(run_scenario(lambda log: scenarios[name](baya, folder, log, *arguments), log))
