# SPDX-License-Identifier: MIT
"""Runs programs of programs/, or real ones of Debian 13 (real.py), in the bundled Linux on Baya and
on QEMU, and the former also on the host, in turn. In each round every machine is booted anew; then
each program runs on one machine after the other. The measure is the CPU time of the host that the
emulator uses from the program's begin to its end."""

import contextlib
import datetime
import glob
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time

import guest_bench
import generated_part
from figures import spread, table

sys.path.insert(0, os.path.join(guest_bench.TOP, "tests", "system"))

from fixtures import console  # noqa: E402
from fixtures import debian13  # noqa: E402
import real  # noqa: E402

PROGRAMS = os.path.join(guest_bench.HERE, "programs")
ROW = re.compile(r"^PROGRAM\((\w+), (\w+), (\d+), \w+\)$", re.M)
# Results are compared bit for bit, so no compiler may fuse operations that the other does not fuse.
FLAGS = ("-std=gnu11 -O2 -Wall -Wextra -Wshadow -ffp-contract=off -fno-math-errno "
         "-static").split()
COMPILERS = {"guest": ["riscv64-linux-gnu-gcc", "-march=rv64gc", "-mabi=lp64d"],
             "native": ["gcc", "-fno-tree-vectorize"]}
PROMPT = "baya:~# "
# QEMU has Sv57, which OpenJDK refuses, so machines are compared with page tables of four levels.
KERNEL_ARGUMENTS = ["-append", "console=ttyS0 quiet no5lvl"]


def programs():
    """Returns the class and the rounds of each program, by name."""
    with open(os.path.join(PROGRAMS, "programs.def"), encoding="ascii") as file:
        return {name: (kind, int(rounds)) for name, kind, rounds in ROW.findall(file.read())}


def choose(options):
    """Returns the programs that --only selects, by name or by class, or all: by name, the class and
    the arguments for programs/main.c."""
    if options.debian:
        known = real.chosen()
    else:
        known = {name: (kind, f"{name} {max(1, rounds // options.part)}")
                 for name, (kind, rounds) in programs().items()}
    kinds = {kind for kind, _ in known.values()}
    for word in options.only or ():
        if word not in known and word not in kinds:
            sys.exit(f"--only {word}: there is no such program or class; "
                     f"classes: {', '.join(sorted(kinds))}; programs: {', '.join(known)}")
    return {name: row for name, row in known.items()
            if not options.only or name in options.only or row[0] in options.only}


def build_programs(target, path):
    """Compiles all programs to one file; those of fp/ are compiled for each precision."""
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


class Machine(console.Machine):
    """An emulator with a shell on its console."""

    def __init__(self, command, log, prompt=PROMPT):
        super().__init__(command, log)
        self.log_file, self.prompt = log, prompt
        # the clock of all threads of a process (clock_getcpuclockid(3))
        self.clock = ~self.process.pid << 3 | 2

    def await_shell(self):
        """Returns the CPU time of the boot."""
        self.expect(self.prompt)
        return self.cpu()

    def cpu(self):
        return time.clock_gettime(self.clock)

    def run(self, line):
        """Runs programs/main.c with these arguments; returns the program's checksum, and the times
        in seconds."""
        self.type(f"/programs {line}\n")
        self.expect(r"\nbegin\r*\n", never=self.prompt)
        begin = self.cpu()
        self.type("\n")
        self.expect(r"\nend ", never=self.prompt)
        cpu = self.cpu() - begin
        found, passed, _ = self.expect(r"\n").split()
        self.expect(self.prompt)
        return {"sum": found, "cpu": cpu, "guest": int(passed) / 1e9}


class Native:
    """Runs the programs on the host itself, on one processor, as in the machines."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, line):
        processor = {min(os.sched_getaffinity(0))}
        done = subprocess.run([self.path, *line.split()], input="\n", check=False, text=True,
                              stdout=subprocess.PIPE,
                              preexec_fn=lambda: os.sched_setaffinity(0, processor))
        if done.returncode:
            raise console.Failed(f"{line} on the host: exit status {done.returncode}")
        found, passed, cpu = done.stdout.rpartition("end ")[2].split()
        return {"sum": found, "cpu": int(cpu) / 1e9, "guest": int(passed) / 1e9}


def emulators(options):
    """Returns the commands of the emulators that are compared, without the options that both
    have."""
    found = {}
    for engine in options.engine or [None]:
        more = ["--engine=" + engine] if engine else []
        found[engine or "baya"] = [options.baya, *options.baya_args.split(), *more, "-smp", "1"]
    if "qemu" in options.against:
        found["qemu"] = [options.qemu, "-M", "virt", "-smp", "1"]
    return found


class Comparison:
    """The runs and their results."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.failures = []
        self.emulators = emulators(options)
        self.guest = guest_bench.pack_guest(folder, "programs") + KERNEL_ARGUMENTS
        if options.debian:
            # Both machines use the disk at the same time, and neither writes to it.
            self.guest += real.disk_options(real.prepare(options.baya), ",readonly=on")
        self.load = os.getloadavg()[0]
        self.who = list(self.emulators)
        if "native" in options.against and not options.debian:
            self.who.append("native")
            build_programs("native", self.native())
        self.runs = {}  # by program, then by machine: a list
        self.boots = {}  # by guest, then by machine: a list

    def native(self):
        return os.path.join(self.folder, "native")

    def boot(self, guest, who, options, prompt):
        """Returns a machine that has booted to its shell's prompt."""
        machine = Machine([*self.emulators[who], *options],
                          os.path.join(self.folder, f"{who}.log"), prompt)
        try:
            taken = machine.await_shell()
        except console.Failed:
            machine.__exit__()
            raise
        self.boots.setdefault(guest, {}).setdefault(who, []).append(taken)
        return machine

    def begin(self, who):
        """Returns the machine, or the host, on which programs can be run."""
        if who == "native":
            return Native(self.native())
        machine = self.boot("bundled Linux", who, self.guest, PROMPT)
        if self.options.debian:
            machine.type(real.MOUNTS + "\n")
            machine.expect(PROMPT)
        return machine

    def round(self, chosen):
        for who in self.emulators if self.options.debian else ():
            with self.boot("Debian's kernel", who, real.boot_options(), debian13.PROMPT):
                pass
        with contextlib.ExitStack() as stack:
            there = {who: stack.enter_context(self.begin(who)) for who in self.who}
            for name, (_, line) in chosen.items():
                self.run(name, line, there)

    def run(self, name, line, there):
        """Runs a program once on each machine, one after the other."""
        runs = {who: machine.run(line) for who, machine in there.items()}
        for who, run in runs.items():
            self.runs.setdefault(name, {}).setdefault(who, []).append(run)
        sums = {who: run["sum"] for who, run in runs.items()}
        if len(set(sums.values())) != 1:
            self.failures.append(f"{name}: the sums differ: {sums}")
        print(name, *(f"{who} {run['cpu']:.3f}" for who, run in runs.items()),
              file=sys.stderr, flush=True)

    def seconds(self, name, who):
        return [run["cpu"] for run in self.runs[name].get(who, ())]

    def ratios(self, name, who, other):
        """Returns the other's time divided by this one's, for runs next to each other."""
        return [b / a for a, b in zip(self.seconds(name, who), self.seconds(name, other))]


def means(comparison, chosen, who, other):
    """Returns the geometric mean, the least and the greatest of the ratios of each class, and of
    all."""
    ratios = {}
    for name, (kind, _) in chosen.items():
        found = comparison.ratios(name, who, other)
        if found:
            ratios.setdefault(kind, []).append(statistics.median(found))
    ratios["all"] = sum(ratios.values(), [])
    return {kind: {"mean": statistics.geometric_mean(values), "least": min(values),
                   "most": max(values), "programs": len(values)}
            for kind, values in ratios.items() if values}


def pairs(everyone):
    """Returns the ratios that are printed: heading, divisor, dividend."""
    ours = [who for who in everyone if who not in ("qemu", "native")]
    found = []
    for who in ours:
        if "qemu" in everyone:
            found.append(("qemu/" + who, who, "qemu"))
        if "native" in everyone:
            found.append((who + "/native", "native", who))
    found += [(f"{ours[0]}/{who}", who, ours[0]) for who in ours[1:]]
    return found


def print_tables(comparison, chosen):
    told = pairs(comparison.who)
    rows = [("CPU seconds", *comparison.who, *(heading for heading, _, _ in told))]
    for name in chosen:
        rows.append((name,
                     *(spread(comparison.seconds(name, who), "{:.3f}")
                       for who in comparison.who),
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
    table([("boot to the prompt", *comparison.emulators)] +
          [(guest, *(spread(boots[who]) for who in comparison.emulators))
           for guest, boots in comparison.boots.items()])


def host():
    """Returns the processor's name, as the kernel reports it, and how many there are."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        name = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return f"{name[1].strip() if name else 'unknown processor'}, {os.cpu_count()} processors"


def qemu_version(options):
    said = subprocess.run([options.qemu, "--version"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return "QEMU " + re.search(r"version (\S+)", said)[1]


def markdown(comparison, chosen):
    """Returns README's table of speed."""
    options, told = comparison.options, pairs(comparison.who)
    found = [means(comparison, chosen, who, other) for _, who, other in told]
    lines = [f"| programs | {' | '.join('time ' + heading for heading, _, _ in told)} |",
             "|---|" + "---|" * len(told)]
    for kind in found[0]:
        cells = ["{mean:.2f} ({least:.2f} to {most:.2f})".format(**mean[kind]) for mean in found]
        lines.append(f"| {kind} ({found[0][kind]['programs']}) | {' | '.join(cells)} |")
    boots = "; ".join(f"boot of {guest}: " + ", ".join(
        f"{who} {statistics.median(runs):.2f} s" for who, runs in boots.items())
        for guest, boots in comparison.boots.items())
    with_qemu = ", " + qemu_version(options) if "qemu" in comparison.who else ""
    many = f"medians of {options.runs} runs in turn" if options.runs > 1 else "one run"
    part = f" of 1/{options.part} of the rounds" if options.part > 1 else ""
    note = (f"Geometric means (least to most) of CPU time, {many}{part}, "
            f"{datetime.date.today().isoformat()}; {host()}{with_qemu}, "
            f"load {comparison.load:.1f} at the start. CPU time of the {boots}. By "
            f"`tests/bench/run --against={','.join(options.against)}"
            f"{' --debian' if options.debian else ''}`.")
    lines += ["", *textwrap.wrap(note, 118, break_long_words=False, break_on_hyphens=False)]
    return "\n".join(lines) + "\n"


def write_json(comparison, chosen, path):
    told = pairs(comparison.who)
    result = {
        "date": datetime.date.today().isoformat(), "host": host(), "load": comparison.load,
        "qemu": qemu_version(comparison.options) if "qemu" in comparison.who else None,
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
    """Does what `run --against` requests; returns the exit status."""
    chosen = choose(options)
    if options.update and not generated_part.can_update(options.update):
        sys.exit(f"{options.update} does not have these lines once each:\n"
                 f"{generated_part.BEGIN}{generated_part.END}")
    with tempfile.TemporaryDirectory(prefix="baya-bench-") as folder:
        build_programs("guest", os.path.join(folder, "programs"))
        try:
            comparison = Comparison(options, folder)
        except console.Skipped as reason:
            print(reason, file=sys.stderr)
            return 3
        try:
            for _ in range(options.runs):
                comparison.round(chosen)
        except console.Failed as reason:
            for log in glob.glob(os.path.join(folder, "*.log")):
                console.print_tail(log)
            comparison.failures.append(str(reason))
            chosen = {name: chosen[name] for name in comparison.runs}
    if chosen and not options.check:
        print_tables(comparison, chosen)
    if chosen and options.markdown:
        print(markdown(comparison, chosen))
    if chosen and options.update and not comparison.failures:
        generated_part.update(options.update, markdown(comparison, chosen))
    if options.json:
        write_json(comparison, chosen, options.json)
    for failure in comparison.failures:
        print(f"FAILED {failure}")
    return 1 if comparison.failures else 0
