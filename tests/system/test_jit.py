# SPDX-License-Identifier: MIT
"""Tests what users can see of native code: --stats, `info jit`, --jit-dump, --perf-map and
--profile."""

import json
import os
import re
import subprocess
import tempfile

from fixtures import debian_qemu
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.monitor import Client
from fixtures.listener import connect

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cycles/elf/csort.elf")


def run(baya, *words, code=0, typed=""):
    """Runs the program, or the command that runs it, which must end with this exit code. Returns
    the finished process with its output."""
    command = [baya] if isinstance(baya, str) else baya
    done = subprocess.run([*command, PROGRAM, "--clock=virtual", *words], input=typed, text=True,
                          capture_output=True, timeout=PATIENCE, check=False)
    check(done.returncode == code, "exit code %d: %s" % (done.returncode, done.stderr))
    return done


def stats_of(done):
    return json.loads(done.stderr.splitlines()[-1])


def stats(baya, *_):
    """Checks that the figures agree with each other, and with what the engine can have done."""
    found = {engine: stats_of(run(baya, "--stats", "--engine=" + engine))
             for engine in ("interp", "threaded", "jit")}
    for engine, each in found.items():
        code, tlb = each["code"], each["tlb"]
        check(sum(each["tiers"].values()) == each["instructions"], str(each))
        check((code["decoded"] > 0) == (engine != "interp"), str(each))
        check((code["translated"] > 0) == (engine == "jit"), str(each))
        check(tlb["walks"] > 0 and tlb["misses"] > 0, str(each))
    jit = found["jit"]
    check(jit["tiers"]["jit"] > jit["tiers"]["threaded"], str(jit))
    check(0 < jit["code"]["cold_bytes"] < jit["code"]["bytes"], str(jit))
    check(jit["code"]["translated"] <= jit["code"]["instructions"] < jit["code"]["bytes"], str(jit))


def info(baya, *_):
    """Checks what `info jit` says before the first instruction, with three engines or options."""
    words = ["-S", "-monitor", "stdio", "-serial", "null"]
    said = run(baya, *words, typed="info jit\nquit\n").stdout
    check("engine: jit, --jit-only=all\n" in said and "instructions: 0;" in said, said)
    check("arena: 0 of " in said and "evictions: 0" in said, said)
    said = run(baya, *words, "--engine=interp", typed="info jit\nquit\n").stdout
    check("engine: interp\n" in said and "native code" not in said, said)
    said = run(baya, *words, "--jit-only=alu", typed="info jit\nquit\n").stdout
    check("engine: jit, --jit-only=alu\n" in said, said)


def dump(baya, *_):
    """Checks that the dump has each block that --stats counts, with all its instructions and
    bytes."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "dump")
        code = stats_of(run(baya, "--stats", "--jit-dump=" + path))["code"]
        with open(path, encoding="ascii") as file:
            stubs, *blocks = file.read().split("\nblock ")
    for name in ("enter", "call", "leave_pc"):
        check("\nstub %s: " % name in stubs, stubs[:2000])
    check(".byte" not in "".join(blocks), "there is what no instruction of the host is")
    sums = [0, 0]
    for block in blocks:
        head, rest = block.split("\n", 1)
        found = re.fullmatch(r"0x(\w+)( <\S+>)?: physical 0x(\w+), key 0x\w+, (\d+) instructions in "
                             r"(\d+) bytes, (\d+) bytes of code", head)
        check(found and found.group(1) == found.group(3), head)
        guest = re.findall(r"(?m)^  0x(\w+): [a-z]", rest)
        check(len(guest) == int(found.group(4)) and guest[0] == found.group(1), block)
        sums[0] += len(guest)
        sums[1] += int(found.group(6))
    check([len(blocks), *sums] == [code["translated"], code["instructions"], code["bytes"]],
          "%s instead of %s" % ([len(blocks), *sums], code))
    check(any(" <sift>:" in block.split("\n")[0] for block in blocks), "no block of sift")
    said = run(baya, "--jit-dump=/nowhere/at/all", code=3).stderr
    check(said == "baya: cannot write native code '/nowhere/at/all': No such file or directory\n",
          said)
    said = run(baya, "--jit-dump=/dev/full", code=3).stderr
    check("'/dev/full': No space left" in said, said)


def boot(baya, *options):
    """Boots for a number of instructions. Returns those figures of --stats that depend on the guest
    alone."""
    words = [baya, "-nographic", "--clock=virtual", "--max-insns=40000000", "--state-hash", *options]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, text=True, capture_output=True,
                          timeout=PATIENCE, check=False)
    check(done.returncode == 4, "exit code %d: %s" % (done.returncode, done.stderr))
    said = json.loads(next(line for line in done.stderr.splitlines() if line.startswith("{")))
    return said["instructions"], said["cycles"], said["state_hash"]


def profile(baya, *_):
    """Checks that the samples of a kernel's boot are in its functions and in the firmware, and that
    sampling changes nothing in the guest."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "folded")
        plain, sampled = boot(baya), boot(baya, "--profile=" + path)
        check(plain == sampled, "%s with samples, else %s" % (sampled, plain))
        with open(path, encoding="ascii") as file:
            lines = file.read().splitlines()
        found = [re.fullmatch(r"(\w+);(\S+) ([1-9]\d*)", line) for line in lines]
        check(all(found), str(lines))
        modes = {each.group(1) for each in found}
        check("S" in modes and modes <= {"M", "S", "U", "host"}, str(modes))
        named = [each for each in found if each.group(1) == "S" and each.group(2)[0] != "0"]
        check(named, "no function of the kernel: %s" % lines)
        done = subprocess.run([baya, "run", "--profile=" + path, "--", "true"], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
                              check=False)
        check(done.returncode == 0 and os.path.getsize(path), done.stderr)


def perf_map(baya, _, log):
    """Checks that perf's map exists while the machine runs and names all code, and that the code's
    memory is one that perf looks up in the map, as it belongs to no file but /dev/zero."""
    with tempfile.TemporaryDirectory() as place:
        monitor = os.path.join(place, "monitor")
        words = [baya, PROGRAM, "--clock=virtual", "--perf-map", "-no-shutdown", "-S", "-serial", "null",
                 "-monitor", "unix:%s,server,nowait" % monitor]
        with Machine(words, log) as machine:
            client = Client(connect(monitor))
            path = "/tmp/perf-%d.map" % machine.process.pid
            try:
                client.ask("cont")
                while "shutdown" not in client.ask("info status"):
                    pass
                told = client.ask("info jit")
                with open("/proc/%d/maps" % machine.process.pid, encoding="ascii") as file:
                    maps = file.read()
                with open(path, encoding="ascii") as file:
                    lines = file.read().splitlines()
                client.ask("quit")
                machine.wait(0)
            finally:
                if os.path.exists(path):
                    os.unlink(path)
    found = [re.fullmatch(r"([0-9a-f]+) ([0-9a-f]+) (\S+)", line).groups() for line in lines]
    names = [name for _, _, name in found]
    check({"baya:enter", "baya:call", "baya:leave_pc"} < set(names), str(names))
    check("sift" in names and any(re.match(r"quick\+0x", name) for name in names), str(names))
    size = sum(int(size, 16) for _, size, name in found if not name.startswith("baya:"))
    check(", %d bytes, " % size in told, "%d bytes: %s" % (size, told))
    memory = re.search(r"(?m)^(\w+)-(\w+) r-xs .* /dev/zero", maps)
    check(memory, maps)
    for start, size, _ in found:
        check(int(memory.group(1), 16) <= int(start, 16) < int(memory.group(2), 16), start)


def old(baya, *_):
    """Checks on processors of QEMU's that x86-64-v2 is needed for native code alone: on older ones
    the program is the same without, and says so where it tells what its engine does."""
    plain = stats_of(run(baya, "--stats", "--state-hash"))
    for model, lacks in (("kvm64", "SSSE3"), ("phenom", "SSSE3"), ("Nehalem", None)):
        emulated = [*debian_qemu.user("x86_64"), "-cpu", model, baya]
        said = stats_of(run(emulated, "--stats", "--state-hash"))
        check(said.get("native_needs") == lacks, str(said))
        check((said["tiers"]["jit"] > 0) == (lacks is None), str(said))
        check(said["state_hash"] == plain["state_hash"], str(said))
        done = run(emulated, "--engine=jit", code=2 if lacks else 0)
        wanted = ("baya: --engine=jit: native code needs %s, which this processor lacks; "
                  "--engine=threaded does without" % lacks if lacks else "")
        check(wanted in done.stderr, done.stderr)
        told = run(emulated, "-S", "-monitor", "stdio", "-serial", "null", typed="info jit\nquit\n")
        wanted = "engine: %s\n" % ("threaded; native code needs %s, which this processor lacks" % lacks
                                   if lacks else "jit, --jit-only=all")
        check(wanted in told.stdout, told.stdout)
        done = subprocess.run([*emulated, "run", "--", "uname", "-m"], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False)
        check(done.returncode == 0 and done.stdout == "riscv64\n", done.stderr)


if __name__ == "__main__":
    main({"stats": stats, "info": info, "dump": dump, "perf_map": perf_map,
          "profile": profile, "old": old})
