# SPDX-License-Identifier: MIT
"""What people are told of native code: --stats and `info jit`."""

import json
import os
import subprocess

from console import PATIENCE, check, main

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cycles/elf/csort.elf")


def run(baya, *words, code=0, typed=""):
    """A run of the program; how it ended must be as expected. Returns what it wrote."""
    done = subprocess.run([baya, PROGRAM, "--clock=virtual", *words], input=typed, text=True,
                          capture_output=True, timeout=PATIENCE, check=False)
    check(done.returncode == code, "exit code %d: %s" % (done.returncode, done.stderr))
    return done


def stats_of(done):
    return json.loads(done.stderr.splitlines()[-1])


def stats(baya, *_):
    """The figures agree with each other, and with what the engine can have done."""
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
    check(jit["code"]["translated"] <= jit["code"]["instructions"] < jit["code"]["bytes"], str(jit))


def info(baya, *_):
    """The monitor says what --stats says, at the beginning and in the middle of a run."""
    words = ["-S", "-monitor", "stdio", "-serial", "null"]
    said = run(baya, *words, typed="info jit\nquit\n").stdout
    check("engine: jit, --jit-only=all\n" in said and "instructions: 0;" in said, said)
    check("arena: " in said and "evictions: 0" in said, said)
    said = run(baya, *words, "--engine=interp", typed="info jit\nquit\n").stdout
    check("engine: interp\n" in said and "native code" not in said, said)
    said = run(baya, *words, "--jit-only=alu", typed="info jit\nquit\n").stdout
    check("engine: jit, --jit-only=alu\n" in said, said)


if __name__ == "__main__":
    main({"stats": stats, "info": info})
