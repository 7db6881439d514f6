# SPDX-License-Identifier: MIT
"""Tests the bundled guest, which `baya` without options boots: in each tier, with more harts, with
each interrupt controller, with a reboot, and with a command to run."""

import gzip
import os
import re
import signal
import subprocess
import tempfile

from fixtures.bundled import CONSOLE, PROMPT, ROMS, SMALL, TROUBLE, answer, await_shell, booted
from fixtures.console import Machine, Skipped, check, main

FW_JUMP = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin"
PAYLOAD_OFFSET = 2 << 20


# From the value of -M virt,aia= to the controller that /proc/interrupts names for the serial port.
CONTROLLER = {"none": "SiFive PLIC", "aplic": "APLIC-DIRECT", "aplic-imsic": "APLIC-MSI"}


def shell(baya, _, log, engine, harts, aia="none", bios="default", cpu="max", *options):
    """Checks that the shell answers, and that the serial port's interrupts come by the expected
    controller."""
    line = [baya, "--engine=" + engine, "-smp", harts, "-M", "virt,aia=" + aia, "-cpu", cpu,
            *SMALL, "-append", CONSOLE, *options]
    if bios == "opensbi":
        line += ["-bios", fw_jump(), "-kernel", os.path.join(ROMS, "Image.gz"), "-initrd",
                 os.path.join(ROMS, "initramfs.cpio.gz"), "-nographic"]
    with booted(line, log, harts) as machine:
        serial = answer(machine, "grep ttyS0 /proc/interrupts")
        check(CONTROLLER[aia] in serial, "the serial port's interrupt: " + serial)
        check(any(int(n) for n in serial.split()[1:1 + int(harts)]), "it has had none")
        check(answer(machine, "echo $((6 * 7))") == "42\n", "the shell cannot reckon")


def alone(baya, _, log):
    """Boots without any option, and the guest reboots."""
    with booted([baya], log) as machine:
        machine.type("reboot\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        await_shell(machine)


def legacy(baya, _, log):
    """Checks that Linux drives legacy virtio-mmio devices, also after a reset of the machine."""
    image = log[:-len(".log")] + ".img"
    text = bytes(range(256)) * 16
    with open(image, "wb") as file:
        file.write(text.ljust(1 << 20, b"\0"))
    line = [baya, "-global", "virtio-mmio.force-legacy=true", "-device", "virtio-rng-device",
            "-drive", "file=%s,format=raw,if=virtio" % image]
    with booted(line, log) as machine:
        machine.type("reboot\n")
        machine.expect("reboot: Restarting system", never=TROUBLE)
        await_shell(machine)
        said = machine.command("head -c 500 /dev/hwrng | wc -c", PROMPT)
        check(said == "500\n", "no entropy: " + said)
        machine.command("dd if=/dev/vda of=/dev/vda bs=4k count=1 seek=7 conv=fsync", PROMPT)
    with open(image, "rb") as file:
        file.seek(7 * 4096)
        check(file.read(4096) == text, "what the guest copied is not there")
    os.unlink(image)


def status(baya, _, log):
    """Checks that a command which run= makes the guest's init execute decides Baya's exit code."""
    for command, text, code in (("uname -m", "riscv64", 0), ("exit 3", "exit status 3", 1)):
        append = 'console=ttyS0 run="%s"' % command
        with Machine([baya, "-append", append, "-nographic"], log) as machine:
            machine.expect(text, never=TROUBLE)
            machine.wait(code)


def counted(baya, _, log):
    """Checks that the first shell's greeting counts the harts that are online, not all that
    exist."""
    for limit, harts in (("", 3), (" maxcpus=1", 1)):
        with Machine([baya, "-smp", "3", *SMALL, "-append", CONSOLE + limit], log) as machine:
            text = machine.expect(PROMPT, never=TROUBLE)
            check("harts: %d," % harts in text, "the greeting is " + text[-300:])


def kept(baya, folder, log):
    """Checks that a machine that never starts leaves the logs and the signature file of an earlier
    run alone."""
    path = os.path.join(folder, "kept")
    program = os.path.join(ROMS, "../tests/cycles/elf/csort.elf")
    for option in ("--log=", "--jit-dump=", "-d int -D", "--signature="):
        for never in (["nosuch.elf"], ["-gdb", "unix:/nonexistent/socket", program]):
            with open(path, "w", encoding="ascii") as file:
                file.write("what was there\n")
            words = [*option.split(), path] if option.endswith("-D") else [option + path]
            with Machine([baya, *words, "-nographic", *never], log) as machine:
                machine.wait(3)
            with open(path, encoding="ascii") as file:
                check(file.read() == "what was there\n", "%s %s: it is gone" % (option, never))
    os.unlink(path)


def fw_jump():
    if not os.path.exists(FW_JUMP):
        raise Skipped("the package opensbi is not installed")
    return FW_JUMP


def payload(baya, folder, log):
    """Boots firmware and kernel in one image, like OpenSBI's fw_payload. There is no -kernel, and
    so no initramfs that could be the root."""
    image = os.path.join(folder, "fw_payload.bin")
    with open(image, "wb") as out, open(fw_jump(), "rb") as firmware, \
            gzip.open(os.path.join(ROMS, "Image.gz")) as kernel:
        out.write(firmware.read().ljust(PAYLOAD_OFFSET, b"\0") + kernel.read())
    with Machine([baya, "-m", "256M", "-bios", image, "-nographic"], log) as machine:
        machine.expect("OpenSBI v")
        machine.expect("Linux version")
        machine.expect("Unable to mount root fs")
        machine.wait(6)


# By model: letters and names of extensions that Linux must find, names that it must not find, and
# the MMU's mode.
MODELS = {
    "rv64gc": ("imafdc", "zicntr", "zba zicbom sstc svpbmt zihpm", "sv39"),
    "rva20s64": ("imafdc", "zicntr", "zba zicbom sstc svpbmt zihpm", "sv39"),
    "rva22s64": ("imafdc", "zba zbb zbs zicbom zicboz zihpm svpbmt svinval", "sstc zicond", "sv39"),
    "rvb23s64": ("imafdc", "zba zicond zawrs zfa zcb zimop sstc sscofpmf svnapot svpbmt",
                 "zfhmin zbc zacas", "sv39"),
    "rva23s64": ("imafdcvh", "zba zicond zawrs zfa zcb zimop sstc sscofpmf svnapot svpbmt",
                 "zbc zacas smaia", "sv39"),
    "max": ("imafdcvh", "zba zbc zfa zfh zicond zacas sstc svnapot", "zkr", "sv48"),
    # The kernel takes entropy from the seed CSR, to which the firmware must have given it access.
    "max,zkr=on": ("imafdch", "zkr zkt", "", "sv48"),
    "cva6": ("imafdc", "zba zbs zcb zicond zihpm", "sstc svpbmt zicbom zicclsm", "sv39"),
    "max,sv57=on": ("imafdch", "zba", "", "sv57"),
    # Linux does not know these extensions; only the firmware uses them.
    "max,smdbltrp=on": ("imafdcvh", "zba", "", "sv48"),
    "max,smrnmi=on": ("imafdch", "zba", "", "sv48"),
    "max,pmp=off": ("imafdch", "zba", "smepmp", "sv48"),
    "max,smdbltrp=on,smrnmi=on": ("imafdch", "zba", "", "sv48"),
}


def model(baya, _, log, name, harts="1"):
    """Checks that Linux finds the extensions of each model, and runs with them."""
    letters, has, lacks, mmu = MODELS[name]
    append = 'console=ttyS0 run="cat /proc/cpuinfo"'
    line = [baya, "-cpu", name, "-smp", harts, "-append", append, "-nographic"]
    with Machine(line, log) as machine:
        machine.expect(r"\nisa\s*: rv64", never=TROUBLE)
        words = machine.expect(r"\r?\n", never=TROUBLE).split("_")
        machine.expect(r"mmu\s*: " + mmu + r"\r?\n", never=TROUBLE)
        machine.wait(0)
    check(set(letters) <= set(words[0]), "%s is not all of %s" % (words[0], letters))
    check("h" in letters or "h" not in words[0], "there is H")
    for word in has.split():
        check(word in words, "Linux does not find %s" % word)
    for word in lacks.split():
        check(word not in words, "Linux finds %s" % word)


def nmi(baya, _, log):
    """Checks that the monitor's nmi is taken; the vector holds no handler, so the run ends."""
    with Machine([baya, "-cpu", "max,smrnmi=on"], log) as machine:
        await_shell(machine)
        machine.type("\1cnmi\n")
        machine.expect("non-maskable interrupt")
        machine.wait(5)


def ended(baya, _, log):
    """Checks that a signal that asks Baya to end is also what terminates the process, after all
    output is written and without a core dump; and that a guest's command which dies by SIGTERM only
    determines the exit code."""
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT:
        with Machine([baya, *SMALL, "--stats"], log) as machine:
            machine.expect("Linux version")
            machine.process.send_signal(number)
            machine.expect('"instructions":')
            status = os.waitpid(machine.process.pid, 0)[1]
            check(os.WIFSIGNALED(status) and os.WTERMSIG(status) == number and
                  not os.WCOREDUMP(status), "signal %d: status %#x" % (number, status))
    with Machine([baya, "run", "--", "sh", "-c", "kill -TERM $$"], log) as machine:
        machine.wait(128 + signal.SIGTERM)


def panic(baya, _, log):
    """Checks that a panic during a command prints the kernel's last lines, unless the serial port's
    output goes somewhere else."""
    crash = ["--", "sh", "-c", "echo so far; read line; echo c >/proc/sysrq-trigger"]
    for option, hidden in ([], True), (["-chardev", "stderr,id=e", "-serial", "chardev:e"], False):
        with Machine([baya, "run", *option, *crash], log) as machine:
            machine.expect("so far")
            machine.type("\n")
            if hidden:
                machine.expect("baya: the last lines on the guest's serial port")
            machine.expect("Kernel panic - not syncing: sysrq triggered crash")
            said = machine.expect("baya: the guest's kernel panicked and hangs\n")
            check("not syncing: sysrq triggered crash ]---" in said and
                  "the last lines" not in said, "another log: " + said)
            machine.wait(6)


def contained(baya, _, log):
    """Checks that Baya as process 1 of a container, which cannot terminate itself by a signal,
    exits with 128+N."""
    inside = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*inside, "true"], check=False, capture_output=True).returncode:
        raise Skipped("unshare cannot make a container here")
    with Machine([*inside, baya, *SMALL], log) as machine:
        machine.expect("Linux version")
        with open("/proc/%d/task/%d/children" % ((machine.process.pid,) * 2),
                  encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)
        machine.wait(128 + signal.SIGTERM)


def explained(baya, _, log):
    """Checks that a signal ends the run under `baya explain`, and that the process terminates by it
    after the explanation."""
    with Machine([baya, "explain", *SMALL], log) as machine:
        machine.expect("Linux version")
        machine.process.send_signal(signal.SIGINT)
        machine.expect("hart 0")
        machine.wait(-signal.SIGINT)


def symbols(baya, binaries, log):
    """Checks that addresses in the bundled kernel are given as symbols without any option, and
    together with the symbols of programs."""
    programs = ["--symbols=" + os.path.join(os.path.dirname(binaries), "guest", name)
                for name in ("late_timer.elf", "test_ignored.elf")]
    run = ["--clock=virtual", "--max-insns=5000000", *programs, *SMALL]
    with tempfile.TemporaryDirectory() as folder, open(log, "w", encoding="utf-8") as out:
        subprocess.run([baya, "explain", *run], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                       check=False)
        stacks = os.path.join(folder, "stacks.folded")
        subprocess.run([baya, "--core=simple", "--profile=" + stacks, *run], stdout=out, stderr=out,
                       stdin=subprocess.DEVNULL, check=False)
        with open(stacks, encoding="utf-8") as file:
            check(";start_kernel;" in file.read(), "the profile does not know start_kernel")
    with open(log, encoding="utf-8", errors="replace") as file:
        check(re.search(r"at 0xffffffff8\w+ <\w+", file.read()), "explain names no address")


if __name__ == "__main__":
    main({"model": model, "nmi": nmi, "payload": payload, "shell": shell, "alone": alone,
          "legacy": legacy, "status": status, "counted": counted, "kept": kept, "symbols": symbols,
          "ended": ended, "panic": panic, "contained": contained, "explained": explained})
