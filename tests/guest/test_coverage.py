#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests --coverage, which writes the basic blocks that a run executes, in drcov format, in each
engine.

usage: test_coverage.py BAYA known|moved|cleared|unrecorded|linux|processes"""

import contextlib
import os
import re
import struct
import subprocess
import sys
import time

ENGINES = ("interp", "threaded", "jit")
RAM = 0x80000000
HEADER = ["DRCOV VERSION: 2", "DRCOV FLAVOR: drcov-64"]
COLUMNS = "Columns: id, base, end, entry, path"

# A program, by address: a loop of two rounds, a jump over an instruction, and a jump to an
# instruction at the end of its page, after which the hart loops in the next page.
PROGRAM = {
    0x00: 0x00200513,  # li a0, 2
    0x04: 0x00050663,  # beqz a0, 0x10, not taken
    0x08: 0xfff50513,  # addi a0, a0, -1
    0x0c: 0xfe051ee3,  # bnez a0, 0x8, taken once
    0x10: 0x0080006f,  # j 0x18
    0x14: 0x00150513,  # addi a0, a0, 1, never executed
    0x18: 0x00001297,  # auipc t0, 1
    0x1c: 0xfe628067,  # jr -26(t0), to 0xffe
    0xffe: 0x00100593,  # li a1, 1
    0x1002: 0x0000006f,  # j 0x1002
}
BLOCKS = [(0x0, 8), (0x8, 8), (0x10, 4), (0x18, 8), (0xffe, 4), (0x1002, 4)]


def check(good, text):
    assert good, text


def write_program(path):
    code = bytearray(max(PROGRAM) + 4)
    for place, word in PROGRAM.items():
        struct.pack_into("<I", code, place, word)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, 243, 1, RAM, 64, 0, 5, 64, 56, 1,
                         0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 120, RAM, RAM, len(code), len(code), 4)
    with open(path, "wb") as out:
        out.write(header + segment + code)


def read_drcov(path):
    """Returns the blocks' (offset, bytes) by the names of modules, and the modules' bases."""
    with open(path, "rb") as file:
        lines = [file.readline().decode().rstrip("\n") for _ in range(4)]
        count = int(lines[2].removeprefix("Module Table: version 2, count "))
        check(lines[:2] == HEADER and lines[3] == COLUMNS, "header: %s" % lines)
        modules = [file.readline().decode().rstrip("\n").split(", ", 4) for _ in range(count)]
        blocks = int(re.fullmatch(rb"BB Table: (\d+) bbs\n", file.readline()).group(1))
        data = file.read()
    check(len(data) == 8 * blocks, "%d bytes of %d blocks" % (len(data), blocks))
    found = {module[4]: [] for module in modules}
    check(len(found) == count, "a module is listed twice: %s" % modules)
    for start, size, module in struct.iter_unpack("<IHH", data):
        found[modules[module][4]].append((start, size))
    return found, {module[4]: int(module[1], 16) for module in modules}


def places(blocks):
    """Returns the covered halfwords. They are the same in all engines, but each engine divides them
    into other blocks."""
    return {(name, start + at) for name in blocks for start, size in blocks[name]
            for at in range(0, size, 2)}


def same(found, wanted):
    """Returns whether the blocks are the expected ones. With small caches each instruction is a
    block of its own, and only the covered code is compared."""
    if os.environ.get("BAYA_PARANOID") == "1":
        return places({"": found}) == places({"": wanted})
    return found == wanted


def run(baya, *words):
    done = subprocess.run([baya, "--clock=virtual", *words], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, check=False)
    check(done.returncode == 4, "%s: %d, %s" % (words, done.returncode, done.stderr))


def known(baya):
    """Checks that each block is listed once, in each engine and with a core; and no other block. The
    file that has them is listed once, too, although it is loaded twice."""
    program, out = "coverage.elf", "coverage.drcov"
    write_program(program)
    for option in [*("--engine=" + engine for engine in ENGINES), "--core=simple", "--core=cva6"]:
        run(baya, program, option, "--max-insns=100000", "--coverage=" + out, "-device",
            "loader,file=%s,addr=%#x,force-raw=on" % (program, RAM + 0x10000))
        blocks, bases = read_drcov(out)
        check(same(blocks[program], BLOCKS), "%s: %s" % (option, blocks[program]))
        check(bases[program] == RAM, "base: %#x" % bases[program])
        check(all(start in range(0x1000, 0x1100) for start, _ in blocks["memory"]),
              "%s: not only the boot ROM: %s" % (option, blocks["memory"]))


FUNCTION = [(0x800, 8), (0x808, 4)]  # in covered.S
HIGH = "memory+0x100000000"


def moved(baya):
    """Checks that code is covered at its physical address, although it was executed first at
    another virtual address, and that code above 4 GiB is covered."""
    program, out = "covered.elf", "covered.drcov"
    found = []
    for engine in ENGINES:
        run(baya, program, "-m", "6G", "--engine=" + engine, "--max-insns=100000",
            "--coverage=" + out)
        blocks, bases = read_drcov(out)
        found.append(places(blocks))
        check(same([block for block in blocks[program] if block[0] >= 0x800], FUNCTION),
              "%s: %s" % (engine, blocks[program]))
        high = [(bases[HIGH] + start, size) for start, size in blocks[HIGH]]
        check(same(high, [(0x140000000 + start, size) for start, size in FUNCTION]),
              "%s: %s" % (engine, blocks))
    check(found[0] == found[1] == found[2], "the engines differ: %s" % found)


def hear(machine):
    """Returns what the monitor says up to its next prompt."""
    text = ""
    while not text.endswith("(baya) "):
        char = machine.stdout.read(1)
        check(char, "the monitor has gone: %s" % text)
        text += char
    return text.removesuffix("(baya) ")


def command(machine, line):
    """Returns the monitor's answer to a command, which it echoes."""
    machine.stdin.write(line + "\n")
    machine.stdin.flush()
    return hear(machine).removeprefix(line + "\n")


@contextlib.contextmanager
def controlled(baya, *options):
    """Yields a machine that has not begun, with its monitor."""
    with subprocess.Popen([baya, "-S", "-monitor", "stdio", "-serial", "null", "-display", "none",
                           *options], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as machine:
        try:
            hear(machine)
            yield machine
            machine.communicate("q\n", timeout=60)
        finally:
            machine.kill()
    check(machine.returncode == 0, "exit code %d" % machine.returncode)


def covered(machine, program, out):
    """Returns the blocks of the program, which goes on, once it is in its last loop."""
    while int(command(machine, "print/x $pc"), 16) != RAM + BLOCKS[-1][0]:
        time.sleep(0.01)
    check(command(machine, "coverage " + out) == "", "the command says something")
    return read_drcov(out)[0][program]


def cleared(baya):
    """Checks that the monitor writes what was executed since it was cleared: by a machine that went
    on, that was reset, or that a snapshot was loaded into."""
    program, out, disk = "cleared.elf", "cleared.drcov", "cleared.qcow2"
    write_program(program)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "1M"], check=True)
    for engine in ENGINES:
        with controlled(baya, program, "--clock=virtual", "--engine=" + engine,
                        "--coverage=cleared_end.drcov", "-drive",
                        "if=none,id=d,format=qcow2,file=" + disk) as machine:
            command(machine, "savevm begin")
            command(machine, "cont")
            check(same(covered(machine, program, out), BLOCKS), "not all is covered")
            command(machine, "coverage clear")
            time.sleep(0.1)
            check(same(covered(machine, program, out), BLOCKS[-1:]), "what ran earlier is covered")
            for again in ("system_reset", "loadvm begin"):
                command(machine, "coverage clear")
                check(command(machine, again) == "", again + " fails")
                check(same(covered(machine, program, out), BLOCKS), again + ": not all is covered")
            command(machine, "coverage clear")
            time.sleep(0.1)
        check(same(read_drcov("cleared_end.drcov")[0][program], BLOCKS[-1:]),
              "the file at the end has what was cleared")


def unrecorded(baya):
    """Checks that the monitor says so if nothing is recorded."""
    with controlled(baya) as machine:
        for argument in ("clear", "unrecorded.drcov"):
            answer = command(machine, "coverage " + argument)
            check("start Baya with --coverage=FILE" in answer, answer)


INIT = 100000000  # instructions of a boot after which processes have run
LINUX = ["-display", "none", "-monitor", "none", "-serial", "null"]


def linux(baya):
    """Checks that all instructions which -d exec logs are covered, in firmware and kernel, before
    and after the kernel is mapped."""
    log, out = "coverage_linux.log", "coverage_linux.drcov"
    run(baya, *LINUX, "--max-insns=2000000", "-d", "exec", "-D", log)
    with open(log, encoding="utf-8") as lines:
        executed = set(re.findall(r"\[0+/([0-9a-f]{16})/", lines.read()))
    os.unlink(log)
    executed = {int(pc, 16) for pc in executed}
    check(any(pc >> 63 for pc in executed), "the kernel is not mapped")
    for engine in ENGINES:
        run(baya, *LINUX, "--max-insns=2000000", "--engine=" + engine, "--coverage=" + out)
        blocks, bases = read_drcov(out)
        kernel = next(name for name in blocks if "Image" in name)
        mapped = 0xffffffff80000000 - bases[kernel]
        covered = {bases[name] + start + at for name in blocks for start, size in blocks[name]
                   for at in range(0, size, 2)}
        missing = {pc for pc in executed if (pc - mapped if pc >> 63 else pc) not in covered}
        check(not missing, "%s: %d missing, %#x" % (engine, len(missing), min(missing, default=0)))


def processes(baya):
    """Checks that code of processes is left out, and that evicted blocks of the kernel are not."""
    found = []
    for engine in ("threaded", "jit"):
        out = "coverage_processes.drcov"
        run(baya, *LINUX, "--max-insns=%d" % INIT, "--engine=" + engine, "--coverage=" + out)
        blocks = read_drcov(out)[0]
        check(all(start in range(0x1000, 0x1100) for start, _ in blocks["memory"]),
              "not only the boot ROM: %s" % blocks["memory"])
        found.append(places(blocks))
    check(found[0] == found[1], "%s differ" % (found[0] ^ found[1]))


if __name__ == "__main__":
    {"known": known, "moved": moved, "cleared": cleared, "unrecorded": unrecorded, "linux": linux,
     "processes": processes}[sys.argv[2]](sys.argv[1])
