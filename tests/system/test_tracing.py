# SPDX-License-Identifier: MIT
"""
Tests what Baya reports about a run: the commit log and its comparison, -d, and the stale-TLB
detector, which must find nothing while the kernels boot.
"""

import os
import re
import subprocess

from fixtures import debian13
from fixtures.bundled import CONSOLE, PROMPT, SMALL, TROUBLE
from fixtures.console import Machine, check, main

INSNS = 200000
ITEMS = "exec,nochain,cpu,in_asm,mmu,int"
LINE = re.compile(
    r"core   0: ([013] 0x[0-9a-f]{16} \(0x([0-9a-f]{4}|[0-9a-f]{8})\)"
    r"( [xf]\d  0x[0-9a-f]{16}| [xf]\d\d 0x[0-9a-f]{16}| c\d+_\w+ 0x[0-9a-f]{16})*"
    r"( mem 0x[0-9a-f]{16}( 0x([0-9a-f]{2}){1,8})?)*"
    r"|exception (trap_\w+|interrupt #\d+), epc 0x[0-9a-f]{16}"
    r"|          tval 0x[0-9a-f]{16})\n")


def run(record, argv, code):
    record.write("$ " + " ".join(argv) + "\n")
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True)
    record.write(done.stdout)
    check(done.returncode == code, "exit code %d of %s" % (done.returncode, " ".join(argv)))
    return done.stdout


def commit_log(baya, folder, log):
    """Checks that both formats have the same content, that every line has Spike's form, and that
    logdiff finds a change."""
    spike, json, changed = (os.path.join(folder, "commits." + end)
                            for end in ("spike", "json", "changed"))
    argv = [baya, "--clock=virtual", "--max-insns=%d" % INSNS]
    with open(log, "w", encoding="utf-8") as record:
        run(record, argv + ["--log=" + spike], 4)
        run(record, argv + ["--log=" + json, "--log-format=json"], 4)
        said = run(record, [baya, "logdiff", spike, json], 0)
        agreed = re.fullmatch(r"hart 0: (\d+) in agreement\n", said)
        check(agreed and int(agreed[1]) >= INSNS, "not all of it is compared: " + said)
        with open(spike, encoding="utf-8") as file:
            lines = file.readlines()
        bad = [line for line in lines if not LINE.fullmatch(line)]
        check(not bad, "no line of Spike's: " + "".join(bad[:1]))
        at, name = next((n, found[1]) for n in range(INSNS // 2, INSNS)
                        if (found := re.search(r" (x\d+) +0x0", lines[n])))
        lines[at] = re.sub(r"( x\d+ +0x)0", r"\g<1>7", lines[at])
        with open(changed, "w", encoding="utf-8") as file:
            file.writelines(lines)
        said = run(record, [baya, "logdiff", changed, spike], 1)
        check("in agreement, then different: %s\n" % name in said, "the change is not found")
        check("%s:%d:\n" % (changed, at + 1) in said, "the line is not told")
    for path in (spike, json, changed):
        os.remove(path)


def trace(baya, folder, log):
    """Checks that -d logs the same run as the commit log, and that logging does not change the
    run."""
    commits, traced = (os.path.join(folder, "traced." + end) for end in ("log", "trace"))
    argv = [baya, "--clock=virtual", "--max-insns=20000", "--state-hash", "-serial", "null"]
    hashes = set()
    with open(log, "w", encoding="utf-8") as record:
        for more in [], ["--log=" + commits], ["-D", traced, "-d", ITEMS]:
            said = run(record, argv + more, 4)
            hashes.add(re.search(r"hash\D*([0-9a-f]+)", said)[1])
    check(len(hashes) == 1, "it is another run")
    with open(commits, encoding="utf-8") as file:
        run_pcs = re.findall(r"^core   0: [013] 0x([0-9a-f]{16})", file.read(), re.MULTILINE)
    with open(traced, encoding="utf-8") as file:
        text = file.read()
    pcs = re.findall(r"^Trace 0: 0x0 \[0{16}/([0-9a-f]{16})/M\] \S*$", text, re.MULTILINE)
    # The commit log has committed instructions, -d exec also those that trapped.
    trapped = len(re.findall(r"^hart 0: .* at M 0x[0-9a-f]+, tval .* -> M ", text, re.MULTILINE))
    begun = iter(pcs)
    check(all(pc in begun for pc in run_pcs) and len(pcs) == len(run_pcs) + trapped,
          "other instructions")
    shown = re.findall(r"^ pc       ([0-9a-f]{16})$", text, re.MULTILINE)
    check(shown == pcs, "other registers")
    code = re.findall(r"^hart 0: M 0x([0-9a-f]+): \w", text, re.MULTILINE)
    check([int(pc, 16) for pc in pcs] == [int(pc, 16) for pc in code], "other code")
    check(re.search(r"^hart 0: tlb_fill address=[0-9a-f]+ fetch M-mode ret 0 "
                    r"physical [0-9a-f]+ prot [r-][w-]x$", text, re.MULTILINE), "no translation")
    for path in (commits, traced):
        os.remove(path)
    dfilter(argv, traced, sorted(int(pc, 16) for pc in pcs), log)


def dfilter(argv, traced, pcs, log):
    """Checks that -dfilter limits the log to instructions in the ranges, in each engine."""
    low, high = pcs[len(pcs) // 4], pcs[len(pcs) // 2]
    ranges = "%#x..%#x,%#x+1" % (low, high, pcs[-1])
    wanted = [pc for pc in pcs if low <= pc <= high or pc == pcs[-1]]
    logged = {}
    with open(log, "a", encoding="utf-8") as record:
        for items, *engine in ["exec,cpu"], ["in_asm"], ["in_asm", "--engine=interp"]:
            run(record, argv + ["-D", traced, "-d", items, "-dfilter", ranges, *engine], 4)
            with open(traced, encoding="utf-8") as file:
                text = file.read()
            logged[items, *engine] = [int(pc, 16) for pc in re.findall(
                r"^(?:Trace 0: 0x0 \[0{16}/|hart 0: M 0x)([0-9a-f]+)[/:]", text, re.MULTILINE)]
            os.remove(traced)
    for each in ("exec,cpu",), ("in_asm", "--engine=interp"):
        check(sorted(logged[each]) == wanted, "other instructions than those in the ranges")
    # With threaded code, in_asm logs whole blocks, whose last instructions may not have been
    # executed.
    check(set(wanted) <= set(logged["in_asm",]), "instructions of blocks are not there")
    check(all(low <= pc <= high or pc == pcs[-1] for pc in logged["in_asm",]),
          "instructions outside of the ranges")


def nothing_told(findings):
    with open(findings, encoding="utf-8") as file:
        check(not file.read(), "findings in " + findings)
    os.remove(findings)


def strict(baya, _, log, harts, millions="0"):
    """Boots the bundled guest, works and powers off, with the detector; a slow build boots only for
    a number of instructions."""
    findings = log[:-len(".log")] + ".findings"
    argv = [baya, "--strict", "-D", findings, "-smp", harts, "--clock=virtual",
            "-nographic", *SMALL]
    work = "ls -lR /proc/sys/kernel | sort | md5sum; for i in 1 2 3 4; do ls /bin | md5sum & done; wait"
    if int(millions):
        argv += ["-append", CONSOLE, "--max-insns=%s000000" % millions]
        with Machine(argv, log) as machine:
            machine.wait(4)
    else:
        with Machine(argv + ["-append", CONSOLE + ' run="%s"' % work], log) as machine:
            machine.expect("run: exit status 0", never=TROUBLE)
            machine.wait(0)
    nothing_told(findings)


def compare(baya, folder, log, harts):
    """
    Checks that the tiers agree from power-on to power-off, and that typed input reaches both
    machines. The guest can read what it wrote to the disk, but the image is not changed.
    """
    disk = os.path.join(folder, "compare_%s.img" % harts)
    with open(disk, "wb") as image:
        image.truncate(1 << 20)
    argv = [baya, "--compare", "-smp", harts, *SMALL, "-append", CONSOLE,
            "-drive", "if=virtio,format=raw,file=" + disk]
    with Machine(argv, log) as machine:
        machine.expect("--compare: the disk images stay as they are")
        machine.expect(PROMPT, never=TROUBLE)
        machine.command("echo disk | dd of=/dev/vda conv=fsync", PROMPT)
        machine.command("echo 3 >/proc/sys/vm/drop_caches", PROMPT)
        check(machine.command("head -c 5 /dev/vda", PROMPT) == "disk\n", "nothing is written")
        check(machine.command("echo $((6 * 7))", PROMPT) == "42\n", "the shell cannot reckon")
        machine.command("ls -lR /proc/sys | sort | md5sum", PROMPT)
        machine.type("poweroff\n")
        machine.expect("reboot: Power down", never=TROUBLE)
        machine.wait(0)
    with open(disk, "rb") as image:
        check(not any(image.read()), "the image is written")
    os.remove(disk)


def strict_debian(baya, folder, log, harts):
    """Runs Debian 13's stock kernel with the detector, from power-on to power-off, with some
    programs at once."""
    findings = log[:-len(".log")] + ".findings"
    work = ("busybox mount -t proc proc /proc; busybox mount -t devtmpfs dev /dev; "
            "for i in 1 2 3 4 5 6; do busybox ls -lR /proc/sys | busybox md5sum & done; wait; "
            "busybox poweroff -f")
    argv = [baya, "--strict", "-D", findings, "--clock=virtual", "-smp", harts, "-m", "512M",
            "-nographic", "-kernel", debian13.part(folder, "vmlinux"),
            "-initrd", debian13.part(folder, "initrd.cpio"),
            "-append", 'console=ttyS0 rdinit=/bin/busybox -- sh -c "%s"' % work]
    with Machine(argv, log) as machine:
        machine.expect("Linux version .*-riscv64", never=TROUBLE)
        for _ in range(6):
            machine.expect("[0-9a-f]{32}  -", never=TROUBLE)
        machine.expect("reboot: Power down", never=TROUBLE)
        machine.wait(0)
    nothing_told(findings)


if __name__ == "__main__":
    main({"commit_log": commit_log, "trace": trace, "strict": strict, "strict_debian": strict_debian,
          "compare": compare})
