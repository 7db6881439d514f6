#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Debian's packages that use vectors at each VLEN: run.py BAYA [options]

Makes a root of the packages of Debian 13, and one of testing for those that use vectors only there
(cases.py), as tests/bench/real.py makes one. The mirror is that of apt's sources, signatures are
verified, and everything is kept in $XDG_CACHE_HOME/baya/vectors. Each package runs its own tests,
or work whose results must be the same on a machine without vectors. A third root has test programs
that only the packages' sources contain (sources.py).

The table shows for each VLEN what percentage of the sampled instructions in the package's own files
were vector instructions (work/sample.c). results.md has the last one.

This needs apt, dpkg, e2fsprogs, riscv64-linux-gnu-gcc, and what sources.py requests by roms/need.
The exit code is 1 if a result differs or no vectors ran, and 77 if packages cannot be had and all
other results are right.
"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../../bench")]

import guest_bench  # noqa: E402
import cases  # noqa: E402
from fixtures import console  # noqa: E402
from fixtures import debian13  # noqa: E402
from fixtures import disk_image  # noqa: E402
import real  # noqa: E402
import sources  # noqa: E402

GCC = "riscv64-linux-gnu-gcc"
VLENS = (128, 256, 512, 1024)
DISK_MIB = 1536
MOUNTS = real.MOUNTS.replace("-o ro", "-o %s") + " && mount -t sysfs sys /mnt/sys"


def cache():
    return debian13.cache("vectors")


def run_guest(options, cpu, disk, commands, writes=False):
    """Boots the bundled kernel, with `disk` as a root in /mnt, and runs commands; returns the
    output."""
    with tempfile.TemporaryDirectory(prefix="baya-vectors-") as folder:
        with open(os.path.join(folder, "work"), "w", encoding="ascii") as script:
            script.write("#!/bin/sh\n%s\n%s\n" % (MOUNTS % ("rw" if writes else "ro"), commands))
        os.chmod(script.name, 0o755)
        argv = [options.baya, "-cpu", cpu, *guest_bench.pack_guest(folder, "work"), "-m", "1G",
                *real.disk_options(disk, "" if writes else ",readonly=on"),
                "-append", "console=ttyS0 quiet run=/work"]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
    return (done.stdout + done.stderr).decode(errors="replace")


def unpack(parts, wanted, programs, image):
    """Makes an image with the packages, and with what the cases run, among it `programs`, in
    /vectors."""
    with tempfile.TemporaryDirectory(dir=parts) as root:
        debian13.unpack_root(parts, wanted, root)
        place = os.path.join(root, "vectors")
        shutil.copytree(os.path.join(HERE, "work"), place)
        for name, folder in programs.items():
            shutil.copytree(folder, os.path.join(place, name))
        os.makedirs(os.path.join(root, "sys"), exist_ok=True)
        subprocess.run([GCC, "-O2", "-static", os.path.join(place, "sample.c"), "-o",
                        os.path.join(place, "sample")], check=True)
        subprocess.run([GCC, "-march=rv64gcv", "-shared", "-nostdlib",
                        os.path.join(place, "call.S"), "-o", os.path.join(place, "call.so")],
                       check=True)
        disk_image.format_with(root, image, DISK_MIB)


def make_clips(options, disk):
    said = run_guest(options, "max,v=off", disk,
                     "chroot /mnt /usr/bin/env %s /bin/sh /vectors/clips.sh && echo all made" %
                     cases.BLAS, True)
    if "all made" not in said:
        sys.exit("the clips were not made: " + said)


def prepare(options, suite):
    """Returns a disk with everything that a suite runs, and the set of packages that are missing in
    it, as their sources cannot be had. The disk is made if it is missing or older than its parts.
    Raises Skipped if the packages of the root cannot be had."""
    folder = os.path.join(cache(), suite.replace(" ", "-"))
    os.makedirs(folder, exist_ok=True)
    disk = os.path.join(folder, "root.img")
    work = os.path.join(HERE, "work")
    with open(os.path.join(folder, "lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.environ["DEBIAN13_SUITE"] = cases.STABLE if suite == cases.SOURCES else suite
        built = sources.build_all(folder) if suite == cases.SOURCES else {}
        programs = {name: made for name, made in built.items() if made}
        parts = [cases.__file__, *programs.values(),
                 *(os.path.join(work, name) for name in os.listdir(work))]
        if not os.path.exists(disk) or os.path.getmtime(disk) < max(map(os.path.getmtime, parts)):
            unpack(folder, cases.packages(suite), programs, disk + ".new")
            if suite != cases.SOURCES:
                make_clips(options, disk + ".new")
            os.rename(disk + ".new", disk)
    return disk, built.keys() - programs.keys()


def run_cases(options, suite):
    """Prints a row for each setting of a suite's cases; returns whether all results are right.
    Raises Skipped if they are, but some cases could not run."""
    chosen = cases.chosen(suite, options.only)
    if not chosen:
        return True
    disk, missing = prepare(options, suite)
    left_out = [case.name for case in chosen if missing & set(case.packages.split())]
    chosen = [case for case in chosen if case.name not in left_out]
    results, good = {}, True
    for vlen in (0, *options.vlen):
        cpu = "max,vlen=%d" % vlen if vlen else "max,v=off"
        said = run_guest(options, cpu, disk, cases.script(chosen, vlen))
        results[vlen] = cases.read(said)
        if options.log:
            with open("%s.%s.%d" % (options.log, suite, vlen), "w", encoding="utf-8") as file:
                file.write(said)
    print("| %s | %s |" % (suite, " | ".join("VLEN %d" % vlen for vlen in options.vlen)))
    print("|---|" + "---|" * len(options.vlen))
    for case in chosen:
        scalar = results[0].get((case.name, ""))
        if not case.passes and (scalar is None or scalar.code != 0):
            print("%s without vectors: %s" % (case.name, scalar and scalar.said[-2000:]))
            good = False
            continue
        for setting in case.settings:
            judged = [cases.judge(case, setting, vlen, scalar,
                                  results[vlen].get((case.name, setting)))
                      for vlen in options.vlen]
            good = good and all(right for _, right in judged)
            print("| %s | %s |" % (" ".join((case.name, setting)).strip(),
                                   " | ".join(text for text, _ in judged)), flush=True)
    if good and left_out:
        raise console.Skipped(", ".join(left_out))
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baya", type=os.path.abspath)
    parser.add_argument("--suite", action="append", help="only of this suite of Debian")
    parser.add_argument("--only", action="append", metavar="NAME", default=[],
                        help="only this package")
    parser.add_argument("--vlen", action="append", type=int, help="only at this VLEN")
    parser.add_argument("--log", help="keeps what the guests said in files of this name and more")
    options = parser.parse_args()
    options.vlen = options.vlen or VLENS
    code = 0
    for suite in options.suite or cases.ALL:
        try:
            code = code if run_cases(options, suite) else 1
        except console.Skipped as reason:
            print("%s: skipped: %s" % (suite, reason), flush=True)
            code = code or console.SKIPPED
    sys.exit(code)


if __name__ == "__main__":
    main()
