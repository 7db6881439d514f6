# SPDX-License-Identifier: MIT
"""
Tests what Baya does with wrong arguments and files: it writes one line to stderr that says what is
wrong, which file it is and what to do, exits with the code for the kind of error (2 usage, 3 host
error), and does not crash.
"""

import gzip
import os
import re
import struct
import subprocess
import tempfile

from fixtures.console import PATIENCE, Skipped, check, main

ROMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../roms")
CORES = os.path.join(os.path.dirname(ROMS), "cpu/timing/cores")
RISCV, X86_64 = 243, 62
USAGE, HOST, BUDGET = 2, 3, 4


def elf(machine, bits=64, big=False):
    """Returns the headers of a program that has one empty segment and does nothing."""
    order = ">" if big else "<"
    ident = b"\x7fELF" + bytes([bits // 32, 2 if big else 1, 1]) + bytes(9)
    if bits == 64:
        return ident + struct.pack(order + "HHIQQQIHHHHHH", 2, machine, 1, 0x80000000, 64, 0, 0,
                                   64, 56, 1, 64, 0, 0) + bytes(56)
    return ident + struct.pack(order + "HHIIIIIHHHHHH", 2, machine, 1, 0x80000000, 52, 0, 0,
                               52, 32, 1, 40, 0, 0) + bytes(32)


def overlapping_elf():
    """Returns headers with two segments at one address."""
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x80000000, 0x80000000, 64, 64, 4096)
    return (b"\x7fELF\x02\x01\x01" + bytes(9) +
            struct.pack("<HHIQQQIHHHHHH", 2, RISCV, 1, 0x80000000, 64, 0, 0, 64, 56, 2, 64, 0, 0) +
            load + load)


def make_files():
    with open(os.path.join(ROMS, "Image.gz"), "rb") as file:
        kernel = file.read()
    with open(os.path.join(ROMS, "initramfs.cpio.gz"), "rb") as file:
        initrd = file.read()
    contents = {"empty": b"", "text": b"Hello\n" * 1000, "Image.gz": kernel, "initrd.gz": initrd,
                "as-qcow2": b"QFI\xfb".ljust(1024, b"\0"), "as-vmdk": b"KDMV".ljust(1024, b"\0"),
                "cut.gz": kernel[:-1000], "cut-initrd.gz": initrd[:-1000],
                "x86": elf(X86_64), "rv32": elf(RISCV, bits=32), "big": elf(RISCV, big=True),
                "cut.elf": elf(RISCV)[:70], "overlap.elf": overlapping_elf(),
                "x86.gz": gzip.compress(elf(X86_64)),
                "cut.dtb": bytes.fromhex("d00dfeed00010000") + bytes(56)}
    for name, content in contents.items():
        with open(name, "wb") as file:
            file.write(content)
    os.mkdir("folder")
    with open("huge", "wb") as file:
        file.truncate(200 << 30)


# Arguments, exit code, and words that must be in the line.
CASES = (
    ("-kernel missing", HOST, "kernel 'missing': cannot be opened: No such file"),
    ("-kernel empty", HOST, "kernel 'empty': is empty"),
    ("-kernel text", HOST, "kernel 'text': is text and no riscv64 kernel"),
    ("-kernel cut.gz", HOST, "kernel 'cut.gz': is cut off"),
    ("-kernel huge", HOST, "kernel 'huge': 0x80200000 to 0x32801fffff is not in RAM"),
    ("-kernel folder", HOST, "kernel 'folder': is a directory"),
    ("-kernel x86", HOST, "is an ELF for x86-64; give one built for riscv64"),
    ("-kernel x86.gz", HOST, "'x86.gz': holds, gzip'd, what is an ELF"),
    ("-kernel rv32", HOST, "is a 32-bit (RV32) ELF"),
    ("-kernel big", HOST, "is a big-endian ELF"),
    ("-kernel Image.gz -m 16M -initrd huge", HOST, "initrd 'huge': needs "),
    ("-kernel Image.gz -initrd missing", HOST, "initrd 'missing': cannot be opened"),
    ("-kernel Image.gz -initrd empty", HOST, "initrd 'empty': is empty"),
    ("-kernel Image.gz -initrd cut-initrd.gz", HOST, "initrd 'cut-initrd.gz': is cut off"),
    ("-kernel Image.gz -dtb missing", HOST, "device tree 'missing': cannot be opened"),
    ("-kernel Image.gz -dtb empty", HOST, "device tree 'empty': is empty"),
    ("-kernel Image.gz -dtb text", HOST, "device tree 'text': is not a compiled device tree"),
    ("-kernel Image.gz -dtb cut.dtb", HOST, "device tree 'cut.dtb': is cut off"),
    ("-kernel Image.gz -dtb huge", HOST, "device tree 'huge': has "),
    ("-bios missing", HOST, "firmware 'missing': cannot be opened"),
    ("-bios x86", HOST, "firmware 'x86': is an ELF for x86-64"),
    ("missing", USAGE, "'missing': there is no such file, and no such command"),
    ("cut.elf", HOST, "program 'cut.elf': is cut off"),
    ("overlap.elf", HOST, "overlap"),
    ("-drive file=missing,if=virtio", HOST, "missing: cannot be opened as a disk"),
    ("-drive file=empty,if=virtio", HOST, "empty: is empty; make a disk with `truncate -s 1G empty`"),
    ("-drive file=empty,format=qcow2", HOST,
     "empty: is empty; make a disk with `qemu-img create -f qcow2 empty 1G`"),
    ("-drive file=folder,if=virtio", HOST, "folder: is a folder, not a disk image"),
    ("-drive file=text,format=qcow2", HOST, "text: is no qcow2 image"),
    ("-drive file=as-qcow2,if=virtio", HOST, "as-qcow2: looks like a qcow2 image; add format="),
    ("-drive if=pflash,format=qcow2,file=as-qcow2", USAGE, "as-qcow2: flash is a raw file"),
    ("-drive if=pflash,file=as-qcow2,readonly=on", HOST,
     "as-qcow2: looks like a qcow2 image; `qemu-img convert -O raw`"),
    ("-pflash as-vmdk -snapshot", HOST,
     "as-vmdk: looks like a vmdk image; `qemu-img convert -O raw`"),
    ("-M virt,pflash0=f -drive if=none,id=f,file=as-vmdk", HOST, "as-vmdk: looks like a vmdk"),
    ("-hda as-vmdk", HOST, "as-vmdk: looks like a vmdk image; `qemu-img convert -O qcow2`"),
    ("-device loader,file=text,addr=0x10", HOST, "is not in RAM, which begins at 0x80000000"),
    ("-device loader,data=1,data-len=8,addr=0x10", HOST, "8 bytes at addr=0x10 are not in RAM"),
    ("-device loader,addr=0x80000000,cpu-num=1", USAGE, "cpu-num=1: the last hart is 0"),
    ("-device nosuch", USAGE, "no device 'nosuch'"),
    ("-smp 0", USAGE, "-smp: cpus: '0' is out of range; accepted: 1 to 64"),
    ("-smp 65", USAGE, "-smp: cpus: '65' is out of range; accepted: 1 to 64"),
    ("-m 1", USAGE, "-m: 1 is too small; accepted: 16M to 64G"),
    ("-m 1T", USAGE, "-m: 1T is too large; accepted: 16M to 64G"),
    ("-kernle Image.gz", USAGE, "unknown option -kernle; nearest is -kernel"),
    ("--engin=interp", USAGE, "unknown option --engin; nearest is --engine"),
    ("-append", USAGE, "-append: needs a value"),
    ("-M pc", USAGE, "'pc' is not accepted; accepted: virt"),
    ("--log=/no/such/file", HOST, "cannot write the commit log '/no/such/file'"),
    ("--log=/dev/null --log-format=xml", USAGE, "'xml' is not accepted; accepted: spike|json"),
    ("--timing=nosuch", USAGE, "there is no core 'nosuch'; accepted: none, c906, cva6"),
    ("--core=nosuch", USAGE, "baya: there is no core 'nosuch'; accepted: none, c906, cva6"),
    ("--timing=./missing.core", HOST, "./missing.core: No such file"),
    ("--timing=./text", USAGE, "./text:1: "),
    ("--timing=cva6 -cpu max,v=on", USAGE, "core 'cva6' has no vector unit"),
    ("--timing=u74,mul.latency=3 -cpu max,vlen=256", USAGE, "core 'u74' has no vector unit"),
    ("--timing=saturn -cpu max,vlen=128", USAGE,
     "core 'saturn' has vector registers of 256 bits; leave vlen=128 out of -cpu"),
    ("--timing=saturn,vector.vlen=0 -cpu max,vlen=256", USAGE, "core 'saturn' has no vector unit"),
    ("--timing=cva6-inorder,vector.vlen=256", USAGE,
     "--timing: vector.vlen must be 0 where dcache.policy is through"),
    ("--timing=c906 -cpu rva23s64", USAGE, "core 'c906' has no vector unit"),
    ("--timing=cva6,nosuch=1", USAGE, "a core of kind cva6 has no parameter 'nosuch'"),
    ("--timing=cva6,dcache.ways=3", USAGE, "--timing: dcache.ways must be a power of two"),
    ("--timing-from=5", USAGE, "--timing-from: needs --timing=CORE or --core=CORE"),
    ("--chaos", USAGE, "one hart has no races; give -smp 2, or more"),
    ("--chaos -smp 2 --clock=host", USAGE, "--chaos: does not go with --clock=host"),
    ("--chaos -smp 2 --timing=simple", USAGE, "--chaos: does not go with --timing=simple"),
    ("test . --chaos", USAGE, "one hart has no races; give -smp 2, or more"),
    ("--timing=none --timing-until=5", USAGE, "--timing-until: needs --timing=CORE"),
    ("--timing=cva6 --timing-warm=5", USAGE, "--timing-warm: needs --timing-from"),
    ("--timing=cva6 --timing-from=nosuch", USAGE, "'nosuch' is no point in a run"),
    ("--timing=cva6 --timing-from=nosuch", USAGE, "of a file that is loaded or given to --symbols"),
    ("--timing=cva6 --timing-from=0x1", USAGE, "'0x1' is no point in a run"),
    ("--timing=cva6 --timing-from=+5", USAGE, "'+5' is no point in a run"),
    ("--timing=cva6 --timing-until=+0", USAGE, "'+0' is no point in a run"),
    ("--timing=cva6 --timing-from=9 --timing-until=9", USAGE,
     "9 must be greater than --timing-from=9"),
    ("--timing=cva6 --timing-until=0", USAGE, "0 leaves nothing to be timed"),
    ("--timing=cva6 --timing-from=0x80000000 --timing-warm=9999999", USAGE, "at most 1000000"),
    ("-M virt,timing=nosuch", USAGE, "there is no core 'nosuch'"),
    ("cycles --core=cva6 --against=missing .", HOST, "missing: No such file"),
    ("cycles --core=cva6 --against=text .", USAGE, "text:1: not a row of program, id"),
    ("--log-format=json", USAGE, "--log-format: needs --log=FILE"),
    ("--profile-event=mispredict", USAGE, "--profile-event: needs --profile=FILE"),
    ("--profile-period=5", USAGE, "--profile-period: needs --profile=FILE"),
    ("--pipeview-max=5", USAGE, "--pipeview-max: needs --pipeview=FILE"),
    ("--signature-granularity=8", USAGE, "--signature-granularity: needs --signature=FILE"),
    ("--signature=/dev/null --signature-granularity=3", USAGE,
     "--signature-granularity: '3' is not accepted; accepted: 1|2|4|8|16"),
    ("logdiff folder text", HOST, "folder: Is a directory"),
    ("--compare --strict", USAGE, "--compare: does not go with --log, --strict"),
    ("--compare -d exec", USAGE, "--compare: does not go with --log, --strict"),
    ("--compare --log=/dev/null", USAGE, "--compare: does not go with --log, --strict"),
    ("--compare -gdb stdio", USAGE, "--compare: does not go with -gdb and -s"),
    ("--compare -s", USAGE, "--compare: does not go with -gdb and -s"),
    ("--compare --engine=interp", USAGE, "both machines would run --engine=interp"),
    ("--compare=jit", USAGE, "both machines would run --engine=jit"),
    ("--compare=qemu", USAGE, "--compare"),
    ("--restore=missing", HOST, "state 'missing': cannot be read: No such file"),
    ("--restore=folder", HOST, "state 'folder': cannot be read"),
    ("--restore=text", HOST, "state 'text': is no machine that --compare has left"),
    ("--restore=empty", HOST, "state 'empty': is no machine that --compare has left"),
    ("-cpu max,rnmi-interrupt-vector=8", USAGE, "rnmi-interrupt-vector needs smrnmi=on"),
    ("-cpu max,smrnmi=on,rnmi-exception-vector=9", USAGE, "accepted: an even address"),
    ("-cpu max,mvendorid=0x100000000", USAGE, "is not accepted; accepted: 0 to 0xffffffff"),
    ("-cpu max,marchid", USAGE, "'marchid' is not accepted; accepted: a number"),
    ("-cpu max,short-isa-string=on", USAGE, "is not accepted; accepted: off"),
    ("-cpu max,resetvec=0x1000", USAGE, "-cpu: no property 'resetvec' (-cpu help lists all)"),
    ("-cpu max,vlen=0", USAGE, "'vlen=0' is not accepted; accepted: 128, 256, 512, 1024"),
    ("-cpu max,vlen=-128", USAGE, "'vlen=-128' is not accepted; accepted: 128, 256, 512, 1024"),
    ("-cpu max,vlen=18446744073709551744", USAGE, "is not accepted; accepted: 128, 256, 512, 1024"),
    ("-cpu rva23s64,v=off,vlen=256", USAGE, "-cpu: vlen needs v=on"),
    ("-cpu max,zve64x=off,zvbc=on", USAGE, "'zvbc=on' needs zve64x, which 'zve64x=off' takes"),
    ("-cpu max,v=on,vlen=384", USAGE, "'vlen=384' is not accepted; accepted: 128, 256, 512, 1024"),
    ("-cpu max,v=on,vlen=2048", USAGE, "'vlen=2048' is not accepted; accepted: 128, 256"),
    ("-cpu max,v=on,vlen=64", USAGE, "'vlen=64' is not accepted"),
    ("-cpu max,v=on,vlen=", USAGE, "'vlen=' is not accepted"),
    ("-cpu max,v=on,vlen", USAGE, "'vlen' is not accepted"),
    ("-cpu max,v=on,elen=32", USAGE, "'elen=32' is not accepted; accepted: 64"),
    ("-cpu rv64g", USAGE, "-cpu rv64g: the bundled Linux needs rv64gc, and this lacks c;"),
    ("run -cpu rv64imac -- ls", USAGE, "-cpu rv64imac: the bundled Linux needs rv64gc, and "
     "this lacks f d;"),
    ("-cpu max,s=off", USAGE, "the bundled Linux needs rv64gc, and this lacks s sv39;"),
    ("-cpu rv64gc,zve32x=on,elen=64", USAGE, "elen needs zve64x=on"),
    ("-cpu max,v=on,rvv_ta_all_1s=2", USAGE, "'rvv_ta_all_1s=2' is not accepted; accepted: on"),
    ("-cpu max,v=off,vlen=256", USAGE, "-cpu: vlen needs v=on"),
    ("-cpu max,v=off,rvv_vl_half_avl=on", USAGE, "-cpu: rvv_vl_half_avl needs v=on"),
    ("-cpu max,v=on,f=off", USAGE, "'v=on' needs f, which 'f=off' takes away"),
    ("-cpu max,v=on,d=off", USAGE, "'v=on' needs d, which 'd=off' takes away"),
    ("-cpu max,v=on,zve64d=off", USAGE, "'v=on' needs zve64d, which 'zve64d=off' takes away"),
    ("logdiff", USAGE, "needs two files"),
    ("logdiff text", USAGE, "needs two files"),
    ("logdiff -x", USAGE, "unknown option -x"),
    ("logdiff missing text", HOST, "missing: No such file or directory"),
    ("logdiff text text", HOST, "text: holds no line of a commit log"),
    ("-D /no/such/file -d int", HOST, "cannot write the log '/no/such/file'"),
)


# For each kind: a core, and the errors that are particular to its parameters: parameter, wrong
# value, words of the message. spoilt_cores() adds the errors that every kind has.
KINDS = {
    "simple": ("simple", ()),
    "cva6": ("cva6", (
        ("icache.ways", "3", "icache.ways must be a power of two"),
        ("dcache.line", "48", "dcache.line must be a power of two"),
        ("dcache.sets", "512", "dcache.sets times dcache.line must be at most 4096"),
        ("itlb.entries", "0", "itlb.entries: '0 entries' is not a number from 2 to 128"),
        ("dtlb.entries", "12", "dtlb.entries must be a power of two"),
        ("memory.width", "32", "memory.width must be a power of two, and at most icache.line"))),
    "c906": ("c906", (
        ("dcache.sets", "96", "dcache.sets has to be a power of two"),
        ("jtlb.sets", "0", "jtlb.sets: '0 sets' is not a number from 8 to 64"),
        ("icache.line", "48", "has no parameter 'icache.line'"))),
    "inorder": ("rocket", (
        ("icache.line", "48", "icache.line must be a power of two"),
        ("dcache.ways", "3", "dcache.ways must be a power of two where replacement is random"),
        ("dtlb.entries", "0", "dtlb.entries: '0 entries' is not a number from 1 to 128"),
        ("icache.replacement", "often", "icache.replacement: 'often' is none of "),
        ("issue.commit", "0", "issue.commit: '0 "))),
}


def spoilt_cores(kind):
    """Yields mistakes: the file's lines, the number of the line that the message must name (None if
    it names no line), and words of the message."""
    name, own = KINDS[kind]
    with open(os.path.join(CORES, name + ".core"), encoding="utf-8") as file:
        text = file.read().splitlines()
    rows = [n for n, line in enumerate(text) if re.match(r"[a-z0-9_]+\.[a-z0-9_]+ *=", line)]
    at = rows[len(rows) // 2]
    while "|" in text[at] or not re.search(r"= *\d", text[at]):
        at += 1
    param = text[at].split("=")[0].strip()

    def with_value(value, row=at):
        return text[:row] + [re.sub(r"= *\S+", "= " + value, text[row])] + text[row + 1:]

    last = len(text)
    yield text[:at] + text[at + 1:], None, param + " is missing, in "
    yield text[:at] + ["no.such = 1"] + text[at:], at + 1, "has no parameter 'no.such'"
    yield with_value("-1"), at + 1, param + ": '-1"
    yield with_value("99999999999999999999"), at + 1, "is not a number from "
    yield with_value("1000000000000"), at + 1, "is not a number from "
    yield with_value("many"), at + 1, "is not a number from "
    yield with_value("1 furlongs"), at + 1, param + ": "
    yield text + [text[at]], last + 1, param + " is given twice, first in line %d" % (at + 1)
    yield text + ["nonsense"], last + 1, "'nonsense' is no PARAMETER = VALUE UNIT"
    yield ["kind = fast"], 1, "there is no kind 'fast' of timing models; accepted: simple, cva6"
    yield [], None, "names no kind of timing model"
    for param, value, words in own:
        row = next((n for n in rows if text[n].split("=")[0].strip() == param), None)
        if row is None:
            yield text + ["%s = %s" % (param, value)], last + 1, words
        else:
            yield with_value(value, row), row + 1, words


def cores(baya, _, log):
    """Checks that each mistake in a core file is reported in one line with file, line and what is
    allowed, and exit code 2."""
    baya = os.path.abspath(baya)
    wrong = count = 0
    with tempfile.TemporaryDirectory() as folder, open(log, "w", encoding="utf-8") as record:
        os.chdir(folder)
        for kind in KINDS:
            for text, row, words in spoilt_cores(kind):
                with open("bad.core", "w", encoding="utf-8") as file:
                    file.write("\n".join(text) + "\n")
                done = subprocess.run([baya, "--timing=./bad.core"], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                      check=False, timeout=PATIENCE)
                begin = "baya: ./bad.core:" + ("%d: " % row if row else " ")
                good = (done.returncode == USAGE and done.stderr.startswith(begin) and
                        words in done.stderr and done.stderr.count("\n") == 1)
                wrong += not good
                count += 1
                record.write("%s: kind %s, expected '%s' and '%s'\n%s" % (
                    "good" if good else "WRONG", kind, begin, words, done.stderr))
        os.chdir("/")
    check(not wrong, "%d of %d answers are not as they should be" % (wrong, count))


def lines(baya, _, log):
    """Runs each of the CASES."""
    baya = os.path.abspath(baya)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, open(log, "w", encoding="utf-8") as record:
        os.chdir(folder)
        make_files()
        for arguments, code, words in CASES:
            done = subprocess.run([baya] + arguments.split(), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  check=False, timeout=PATIENCE)
            good = (done.returncode == code and not done.stdout and words in done.stderr and
                    done.stderr.startswith("baya: ") and done.stderr.count("\n") == 1)
            wrong += not good
            record.write("%s: baya %s\n  exit code %d, expected %d and '%s'\n%s%s" % (
                "good" if good else "WRONG", arguments, done.returncode, code, words,
                done.stdout[:1000], done.stderr))
        os.chdir("/")
    check(not wrong, "%d of %d answers are not as they should be" % (wrong, len(CASES)))


def stack(baya, _, log):
    """Checks that a limit of the stack that is too small is an error, unless the process may raise
    it (then the soft limit alone is small)."""
    for limit, code, words in (("64", HOST, "baya: the stack's limit is 64 KiB; give at least 512"),
                               ("511", HOST, "511 KiB"), ("512", 0, ""), ("-S 128", 0, "")):
        done = subprocess.run(["sh", "-c", 'ulimit -s %s; exec "$@" 2>>$0' % limit, log, baya,
                               "run", "--", "true"], stdin=subprocess.DEVNULL, check=False)
        with open(log, encoding="utf-8") as said:
            check(done.returncode == code and words in said.read(), "with -s " + limit)


def limited(baya, _, log):
    """Checks that a run which finds too little address space names the limit, whatever it lacks
    memory for, and that each step is within what docs/building.md says."""
    program = os.path.join(os.path.dirname(ROMS), "tests/cycles/elf/csort.elf")
    needs = (((), 510), (("--engine=threaded",), 310), (("-m", "1G"), 1400), (("-smp", "8",), 680),
             (("--core=cva6",), 1030))
    with open(log, "w", encoding="utf-8") as record:
        for options, need in needs:
            for size in (*range(100, need - 20, 20), need):
                done = subprocess.run(
                    ["bash", "-c", 'ulimit -v %d && exec "$@"' % (size << 10), "bash", baya,
                     *options, "--max-insns=1000", program], stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                    timeout=PATIENCE)
                record.write("%s %d MiB: %d, %s" % (options, size, done.returncode, done.stderr))
                said = "ulimit -v limits the address space to %d KiB" % (size << 10)
                wanted = (BUDGET, False) if size == need else (HOST, True)
                check((done.returncode, said in done.stderr) == wanted,
                      "%s with %d MiB: %s" % (options, size, done.stderr))


def temporary(baya, _, log):
    """Checks that the message about a -snapshot file that cannot be created names its folder, and
    that an empty TMPDIR counts as unset."""
    image, folder = log + ".disk", log + ".folder"
    with open(image, "wb") as file:
        file.truncate(1 << 20)
    os.makedirs(folder, exist_ok=True)
    run = [baya, "-snapshot", "-drive", "file=%s,format=raw" % image, "-bios", "none", "-display",
           "none", "-serial", "none", "-monitor", "none", "-S", "--timeout=0.1"]
    with open(log, "w", encoding="utf-8") as record:
        for place, code, reason in (("/proc", HOST, "No such file or directory"),
                                    ("/nowhere", HOST, "No such file or directory"),
                                    (image, HOST, "Not a directory"), (folder, 4, ""), ("", 4, "")):
            done = subprocess.run(run, stdin=subprocess.DEVNULL, stdout=record,
                                  stderr=subprocess.PIPE, text=True, check=False,
                                  env={**os.environ, "TMPDIR": place})
            record.write(done.stderr)
            told = "" if not reason else (
                "baya: %s: its temporary file for -snapshot cannot be created in %s: %s; set TMPDIR "
                "to another folder\n" % (image, place, reason))
            check(done.returncode == code and (not told or done.stderr == told), "in " + place)
    check(not os.listdir(folder), "a file is left")
    os.rmdir(folder)
    os.unlink(image)


def homeless(baya, _, log):
    """Checks that a missing HOME is reported, as there is no folder for Debian's disk then."""
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    with open(log, "w", encoding="utf-8") as record:
        for words, code, text in (("get debian", HOST, "baya: get debian: HOME is not set: "),
                                  ("run debian", USAGE, "baya: baya run debian: HOME is not set: "),
                                  ("get debian -h", 0, "")):
            done = subprocess.run([baya] + words.split(), stdin=subprocess.DEVNULL, stdout=record,
                                  stderr=subprocess.PIPE, text=True, check=False, env=environment)
            record.write(done.stderr)
            check(done.returncode == code and done.stderr.startswith(text), words)


def closed(baya, _, log):
    """Checks that no disk gets the number of a closed standard output, where the output would
    overwrite it: not even where there is no /dev/null, as in a bare root folder."""
    image = log + ".disk"
    bare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
            'mount -t tmpfs none /dev && "$@"', "sh"]
    if subprocess.run(bare + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        raise Skipped("no user namespaces here")
    with open(log, "w", encoding="utf-8") as record:
        for place in ([], bare):
            with open(image, "wb") as file:
                file.truncate(1 << 20)
            done = subprocess.run(place + ["sh", "-c", 'exec "$@" >&-', "sh", baya, "-drive",
                                           "file=%s,format=raw" % image, "--timeout=60"],
                                  stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  check=False)
            record.write(done.stderr)
            check(done.returncode == HOST and "cannot write to 'standard output': Bad file "
                  "descriptor" in done.stderr, "%d, %s" % (done.returncode, done.stderr))
            with open(image, "rb") as file:
                check(not any(file.read()), "the disk is overwritten")
    os.unlink(image)


if __name__ == "__main__":
    main({"cores": cores, "lines": lines, "stack": stack, "limited": limited, "temporary": temporary,
          "homeless": homeless, "closed": closed})
