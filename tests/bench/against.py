# SPDX-License-Identifier: MIT
"""
Programs of programs/ in the bundled Linux on Baya and on QEMU, and as they are on the host, in
turn. A round boots each machine anew; a program then runs on one after the other. What is compared
is the host's CPU time of the emulator between the program's begin and end.
"""

import datetime
import glob
import json
import os
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import beside
from figures import spread, table

PROGRAMS = os.path.join(beside.HERE, "programs")
ROW = re.compile(r"^PROGRAM\((\w+), (\w+), (\d+), \w+\)$", re.M)
# Results are compared bit for bit: no compiler may fuse what the other does not.
FLAGS = ("-std=gnu11 -O2 -Wall -Wextra -Wshadow -ffp-contract=off -fno-math-errno "
         "-static").split()
COMPILERS = {"guest": ["riscv64-linux-gnu-gcc", "-march=rv64gc", "-mabi=lp64d"],
             "native": ["gcc", "-fno-tree-vectorize"]}
PROMPT = b"baya:~# "
MACHINE = ["-smp", "1", "-append", "console=ttyS0 quiet"]
SECONDS_MOST = 1200  # for one program or boot; a machine that takes longer hangs


def programs():
    """From each program's name to its class and rounds."""
    with open(os.path.join(PROGRAMS, "programs.def"), encoding="ascii") as file:
        return {name: (kind, int(rounds)) for name, kind, rounds in ROW.findall(file.read())}


def choose(only):
    """The programs that --only names, by themselves or by their class."""
    known = programs()
    kinds = {kind for kind, _ in known.values()}
    for word in only or ():
        if word not in known and word not in kinds:
            sys.exit(f"--only {word}: there is no such program or class; "
                     f"classes: {', '.join(sorted(kinds))}; programs: {', '.join(known)}")
    return {name: row for name, row in known.items()
            if not only or name in only or row[0] in only}


def build_programs(target, path):
    """All programs as one file. Those of fp/ are compiled for each precision."""
    command = [*COMPILERS[target], *FLAGS]
    common = [file for file in sorted(glob.glob(os.path.join(PROGRAMS, "**", "*.c"),
                                                recursive=True))
              if os.path.basename(os.path.dirname(file)) != "fp"]
    groups = [(common, [])]
    groups += [(sorted(glob.glob(os.path.join(PROGRAMS, "fp", "*.c"))), [f"-DREAL={real}"])
               for real in ("double", "single")]
    with tempfile.TemporaryDirectory() as folder:
        for number, (files, more) in enumerate(groups):
            objects = os.path.join(folder, str(number))
            os.mkdir(objects)
            subprocess.run([*command, *more, "-c", *files], cwd=objects, check=True)
        subprocess.run([*command, "-o", path, *glob.glob(os.path.join(folder, "*", "*.o")),
                        "-lm", "-pthread"], check=True)


class Broken(Exception):
    """A machine or program that did not do what it should."""


class Machine:
    """An emulator with a shell on its console."""

    def __init__(self, command):
        with tempfile.TemporaryFile() as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=errors)
        self.output = b""
        # The clock of all threads of a process (clock_getcpuclockid(3)).
        self.clock = ~self.process.pid << 3 | 2
        try:
            self.expect(re.escape(PROMPT))
            self.boot = self.cpu()
        except Broken:
            self.end()
            raise

    def cpu(self):
        return time.clock_gettime(self.clock)

    def expect(self, pattern):
        """Wait for output that matches, and drop it and what came before."""
        limit = time.monotonic() + SECONDS_MOST
        while True:
            found = re.search(pattern, self.output)
            if found:
                self.output = self.output[found.end():]
                return found
            ready, _, _ = select.select([self.process.stdout], [], [],
                                        max(0, limit - time.monotonic()))
            data = ready and os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise Broken(f"{' '.join(self.process.args)}: no {pattern.decode()} in\n"
                             f"{self.output[-1000:].decode(errors='replace')}")
            self.output += data

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def run(self, name, rounds):
        self.type(f"/programs {name} {rounds}")
        self.expect(rb"\nbegin\r?\n")
        begin = self.cpu()
        self.type("")
        found = self.expect(rb"end (\w+) (\d+) (\d+)\r?\n")
        cpu = self.cpu() - begin
        self.expect(re.escape(PROMPT))
        return {"sum": found[1].decode(), "cpu": cpu, "guest": int(found[2]) / 1e9}

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Native:
    """The programs as they are, on one processor as in the machines."""

    def __init__(self, path):
        self.path = path

    def run(self, name, rounds):
        processor = {min(os.sched_getaffinity(0))}
        done = subprocess.run([self.path, name, str(rounds)], input=b"\n", check=False,
                              stdout=subprocess.PIPE, timeout=SECONDS_MOST,
                              preexec_fn=lambda: os.sched_setaffinity(0, processor))
        found = re.search(rb"end (\w+) (\d+) (\d+)\n", done.stdout)
        if not found:
            raise Broken(f"{name} on the host: exit status {done.returncode}")
        return {"sum": found[1].decode(), "cpu": int(found[3]) / 1e9,
                "guest": int(found[2]) / 1e9}

    def end(self):
        pass


def commands(options, folder):
    """Whom the programs run on, in turn: names and how to begin."""
    guest = beside.pack_guest(folder, "programs") + MACHINE
    found = {}
    for engine in options.engine or [None]:
        command = [options.baya, *guest, *options.baya_args.split()]
        if engine:
            command.append("--engine=" + engine)
        found[engine or "baya"] = lambda command=command: Machine(command)
    if "qemu" in options.against:
        qemu = [options.qemu, "-M", "virt", *guest]
        found["qemu"] = lambda: Machine(qemu)
    if "native" in options.against:
        native = os.path.join(folder, "native")
        build_programs("native", native)
        found["native"] = lambda: Native(native)
    return found


class Comparison:
    """Runs, and what came of them."""

    def __init__(self, options, begin):
        self.options = options
        self.begin = begin
        self.failures = []
        self.runs = {}   # of a program, of whom: a list
        self.boots = {who: [] for who in begin if who != "native"}

    def round(self, chosen):
        there = {}
        try:
            for who, begin in self.begin.items():
                there[who] = begin()
                if who in self.boots:
                    self.boots[who].append(there[who].boot)
            for name, (_, rounds) in chosen.items():
                rounds = max(1, rounds // self.options.part)
                runs = {who: machine.run(name, rounds) for who, machine in there.items()}
                for who, run in runs.items():
                    self.runs.setdefault(name, {}).setdefault(who, []).append(run)
                sums = {who: run["sum"] for who, run in runs.items()}
                if len(set(sums.values())) != 1:
                    self.failures.append(f"{name}: the sums differ: {sums}")
                print(name, *(f"{who} {run['cpu']:.3f}" for who, run in runs.items()),
                      file=sys.stderr, flush=True)
        finally:
            for machine in there.values():
                machine.end()

    def seconds(self, name, who):
        return [run["cpu"] for run in self.runs[name].get(who, ())]

    def ratios(self, name, who, other):
        """How often one's time goes into the other's, for runs next to each other."""
        return [b / a for a, b in zip(self.seconds(name, who), self.seconds(name, other))]


def means(comparison, chosen, who, other):
    """Geometric means of a class's ratios, and of all, with the least of them."""
    ratios = {}
    for name, (kind, _) in chosen.items():
        found = comparison.ratios(name, who, other)
        if found:
            ratios.setdefault(kind, []).append(statistics.median(found))
    ratios["all"] = sum(ratios.values(), [])
    return {kind: {"mean": statistics.geometric_mean(values), "least": min(values),
                   "most": max(values), "programs": len(values)}
            for kind, values in ratios.items() if values}


def pairs(begin):
    """Whose ratios are told: who, over whom, heading."""
    ours = [who for who in begin if who not in ("qemu", "native")]
    found = []
    for who in ours:
        if "qemu" in begin:
            found.append(("qemu/" + who, who, "qemu"))
        if "native" in begin:
            found.append((who + "/native", "native", who))
    found += [(f"{ours[0]}/{who}", who, ours[0]) for who in ours[1:]]
    return found


def print_tables(comparison, chosen):
    told = pairs(comparison.begin)
    rows = [("CPU seconds", *comparison.begin, *(heading for heading, _, _ in told))]
    for name in chosen:
        rows.append((name,
                     *(spread(comparison.seconds(name, who), "{:.3f}")
                       for who in comparison.begin),
                     *(spread(comparison.ratios(name, who, other)) for _, who, other in told)))
    table(rows)
    found = [means(comparison, chosen, who, other) for _, who, other in told]
    if found:
        rows = [("geometric mean (least-most)", *(heading for heading, _, _ in told))]
        for kind in found[0]:
            rows.append((f"{kind} ({found[0][kind]['programs']})",
                         *("{mean:.2f} ({least:.2f}-{most:.2f})".format(**mean[kind])
                           for mean in found)))
        table(rows)
    table([("boot to the prompt", "CPU seconds")] +
          [(who, spread(boots)) for who, boots in comparison.boots.items()])


def host():
    """The processor, as the kernel names it, and how many."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        name = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return f"{name[1].strip() if name else 'unknown processor'}, {os.cpu_count()} processors"


def qemu_version(options):
    said = subprocess.run([options.qemu, "--version"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return "QEMU " + re.search(r"version (\S+)", said)[1]


def print_markdown(comparison, chosen):
    """README's table of speed."""
    told = pairs(comparison.begin)
    found = [means(comparison, chosen, who, other) for _, who, other in told]
    headings = [f"time {heading}" for heading, _, _ in told]
    print("| programs |", " | ".join(headings), "|")
    print("|---|" + "---|" * len(headings))
    for kind in found[0]:
        cells = ["{mean:.2f} ({least:.2f} to {most:.2f})".format(**mean[kind]) for mean in found]
        print(f"| {kind} ({found[0][kind]['programs']}) |", " | ".join(cells), "|")
    boots = ", ".join(f"{who} {statistics.median(runs):.2f} s"
                      for who, runs in comparison.boots.items())
    against = [host()]
    if "qemu" in comparison.begin:
        against.append(qemu_version(comparison.options))
    print(f"\nGeometric means (least to most) of CPU time, medians of {comparison.options.runs} "
          f"runs in turn, {datetime.date.today().isoformat()}; {', '.join(against)}. "
          f"Boot of the bundled Linux: {boots}. By `tests/bench/run "
          f"--against={','.join(comparison.options.against)} --markdown`.\n")


def write_json(comparison, chosen, path):
    told = pairs(comparison.begin)
    result = {
        "date": datetime.date.today().isoformat(), "host": host(),
        "qemu": qemu_version(comparison.options) if "qemu" in comparison.begin else None,
        "programs": {name: {"class": chosen[name][0], "runs": runs,
                            "ratios": {heading: comparison.ratios(name, who, other)
                                       for heading, who, other in told}}
                     for name, runs in comparison.runs.items()},
        "means": {heading: means(comparison, chosen, who, other)
                  for heading, who, other in told},
        "boot": comparison.boots, "failures": comparison.failures}
    with open(path, "w", encoding="ascii") as out:
        json.dump(result, out, indent=1)


def main(options):
    """What `run --against` does; the exit status."""
    chosen = choose(options.only)
    with tempfile.TemporaryDirectory(prefix="baya-bench-") as folder:
        build_programs("guest", os.path.join(folder, "programs"))
        comparison = Comparison(options, commands(options, folder))
        try:
            for _ in range(options.runs):
                comparison.round(chosen)
        except Broken as reason:
            comparison.failures.append(str(reason))
            chosen = {name: chosen[name] for name in comparison.runs}
    if not options.check:
        print_tables(comparison, chosen)
    if options.markdown:
        print_markdown(comparison, chosen)
    if options.json:
        write_json(comparison, chosen, options.json)
    for failure in comparison.failures:
        print(f"FAILED {failure}")
    return 1 if comparison.failures else 0
