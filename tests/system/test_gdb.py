# SPDX-License-Identifier: MIT
"""
Tests GDB from Debian (gdb-multiarch) as the debugger of a machine: bare-metal programs by lines of
their source, the firmware and the kernel from the first instruction on, harts as threads; and
clients that disconnect without a word, connect second, or send invalid packets.
"""

import contextlib
import os
import re
import socket
import subprocess
import tempfile
import time

from fixtures.bundled import PROMPT as SHELL, ROMS
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.debugger import PROMPT as GDB, Client, Debugger
from fixtures.desktop import until
from fixtures.listener import await_listener
import test_nested

OFFSET, SHARED_VA = 0x340, 0x100000000  # of tests/guest/debugged.c
KERNEL = 0x80200000
FLASH = (0x20000000, 0x22000000)  # a bank with a drive, and one without
ROM, MTIME, PRIORITY, UART = 0x1000, 0x200bff8, 0xc000004, 0x10000000
STEPS = 500
QUANTUM = 5000  # instructions of a hart before it is another hart's turn
TEN = 10
LOOKS = 100  # reads of mtime
CALLS = 100  # calls of address 0 by S-mode


def debugged(folder):
    return os.path.join(folder, "../guest/debugged.elf")


@contextlib.contextmanager
def listening(baya, log, *options):
    """Yields a machine that waits for a debugger, and the path of its socket."""
    path = log + ".sock"
    with Machine([baya, "-S", "-gdb", "unix:" + path, *options], log) as machine:
        await_listener(path, lambda: machine.process.poll() is None)
        yield machine, path


@contextlib.contextmanager
def debugging(baya, log, files, *options):
    """Yields a GDB attached to a machine that has not begun to run, and the machine."""
    with listening(baya, log, *options) as (machine, path), \
            Debugger(log + ".gdb", *files) as gdb:
        gdb.do("target remote " + path, "0x0000000000001000")
        yield gdb, machine


def to_stage(gdb, number):
    gdb.do("tbreak stage if number == %d" % number)
    gdb.do("continue", "stage (number", "=%d)" % number)


def lines(gdb):
    """Steps from line to line, for which GDB steps through ranges of addresses, and out of a
    function."""
    text = gdb.do("compare-sections", "matched")
    check("MIS" not in text, "what was loaded is not what the file has: " + text)
    to_stage(gdb, 1)
    gdb.do("tbreak count_up")
    gdb.do("continue", "count_up (by=")
    gdb.do("next", "return watched")
    gdb.do("finish", "Value returned is", "= 1")
    gdb.do("monitor system_reset")


def breakpoints(gdb):
    to_stage(gdb, 1)
    gdb.do("break count_up")
    for by in (1, 2, 3):
        gdb.do("continue", "count_up (by=")
        gdb.equal("by", by)
        gdb.do("backtrace", "main ()")
        gdb.do("list", "watched += by")
    gdb.do("delete")
    gdb.do("monitor system_reset")


def watchpoints(gdb):
    to_stage(gdb, 1)
    gdb.do("watch watched", "Hardware watchpoint")
    for old, new in ((0, 1), (1, 3), (3, 6)):
        gdb.do("continue", "Old value = %d\nNew value = %d\n" % (old, new), "count_up")
    gdb.do("delete")
    gdb.do("rwatch read_only")
    gdb.do("continue", "Value = 23130")
    gdb.do("delete")
    gdb.do("watch twice")
    for old, new in ((0, 11), (11, 22), (22, 33)):
        gdb.do("continue", "Old value = %d\nNew value = %d\n" % (old, new), "store_twice")
    gdb.do("delete")
    gdb.do("tbreak store_twice")
    gdb.do("monitor system_reset")
    gdb.do("continue", "store_twice")
    gdb.do("awatch twice")
    gdb.do("stepi 20", "New value = 11")
    for _ in range(2):  # the same access again
        gdb.do("monitor system_reset")
        gdb.do("continue", "Value = 11")
    gdb.do("delete")


def aliases(gdb):
    """Watches a location by its physical address, which the program writes through another virtual
    address, with the MMU on."""
    number = 0x1122334455667788
    to_stage(gdb, 2)
    gdb.do("awatch shared[%d]" % (OFFSET // 8))
    gdb.do("continue", "Old value = 0\nNew value = %d" % number)
    gdb.equal("$priv", 1)
    gdb.equal("$satp >> 60", 8)
    gdb.equal("$a0", SHARED_VA + OFFSET)
    gdb.equal("*(unsigned long *)$a0", number)
    gdb.do("continue", "Value = %d" % number)
    place = gdb.value("&shared[%d]" % (OFFSET // 8))
    gdb.do("monitor physical on", "physical")
    gdb.equal("*(unsigned long *)%d" % place, number)
    gdb.do("print *(unsigned long *)%d" % SHARED_VA, "Cannot access memory")
    gdb.do("monitor context hs")
    gdb.equal("*(unsigned long *)%d" % (SHARED_VA + OFFSET), number)
    gdb.do("set $priv = 3")  # the hart is in M-mode, without translation; S-mode still translates
    gdb.do("monitor x/xg 0x%x" % (SHARED_VA + OFFSET), ": 0x%016x" % number)
    gdb.do("monitor gva2gpa 0x%x" % SHARED_VA, "gpa: 0x%x\n" % (place - OFFSET))
    gdb.do("monitor info mem", "%016x %016x" % (SHARED_VA, place - OFFSET))
    gdb.do("monitor explain 0x%x w" % SHARED_VA, "as S-mode", "it goes well")
    gdb.do("monitor context vmid 7", "No hart has VMID 7")
    gdb.do("set $hgatp = 0x%x" % (7 << 44))
    gdb.do("monitor context vmid 7", "No hart has VMID 7")  # hgatp.MODE is Bare
    gdb.do("set $hgatp = 0x%x" % (8 << 60 | 7 << 44))
    gdb.do("monitor context vmid 7", "vmid 7", "set code-cache off")
    gdb.do("set $hgatp = 0")
    gdb.do("watch *(long *)%d" % place)
    gdb.do("continue", "Could not insert hardware watchpoint")
    gdb.do("delete")
    gdb.do("print *(unsigned long *)%d" % place, "Cannot access memory")
    gdb.do("monitor info mem", "No hart has VMID 7")
    gdb.do("monitor explain 0 w", "No hart has VMID 7")
    gdb.do("monitor gva2gpa 0", "No hart has VMID 7")
    gdb.do("monitor x/i 0", "No hart has VMID 7")
    gdb.do("monitor context current")
    gdb.do("monitor info mem", "No translation or protection")
    gdb.do("set $priv = 1")
    gdb.do("delete")


def patched_code(gdb):
    """Checks that a breakpoint survives when the code at its address is written again."""
    to_stage(gdb, 3)
    gdb.do("break *patched")
    for result in (1, 2, 3):
        gdb.do("continue", "patched")
        gdb.do("stepi")
        gdb.equal("$a0", result)
    gdb.do("delete")


def steps(gdb):
    to_stage(gdb, 4)
    gdb.do("tbreak calm")
    gdb.do("continue", "calm")
    begin, ticks, retired = gdb.value("&calm"), gdb.value("ticks"), gdb.value("$minstret")
    gdb.do("stepi %d" % STEPS)
    gdb.equal("$minstret", retired + STEPS)
    gdb.equal("ticks", ticks)
    check(begin <= gdb.value("$pc") < begin + 64, "a step led elsewhere")
    gdb.equal("($mip & $mie) != 0", 1)
    gdb.do("maintenance packet Qqemu.sstep=0x5", 'received: "OK"')
    gdb.do("stepi", "tick ()")
    gdb.do("monitor interrupts off")
    gdb.do("finish", "be_interrupted ()")


def devices(gdb):
    """Checks that watchpoints also stop at a device's writes, if these change the value."""
    gdb.do("watch device_data", "Hardware watchpoint")
    gdb.do("continue", "Old value = {0, 0}\nNew value = {0, 1431127377}\n")
    gdb.do("delete")
    gdb.do("set var device_data[1] = 0")
    gdb.do("monitor system_reset")
    gdb.do("tbreak stage if number == 4")
    gdb.do("continue", "=4)")
    gdb.do("set breakpoint always-inserted on")
    gdb.do("awatch device_data[1]")
    gdb.do("set var device_data[1] = 7")  # a write by GDB does not count as a device's
    gdb.do("continue", "New value = 1431127377\n")
    gdb.do("delete")
    gdb.do("set breakpoint always-inserted off")


def unfetchable(gdb):
    """Checks that a breakpoint where no instruction can be fetched is reached before the fault is
    raised."""
    to_stage(gdb, 7)
    gdb.do("hbreak *0")
    for mode in (3, *[1] * CALLS):
        gdb.do("continue", "0x0000000000000000 in")
        gdb.equal("$priv", mode)
    gdb.do("delete")
    to_handler = gdb.value("$mtvec")
    gdb.do("stepi")
    gdb.equal("$pc", to_handler)
    gdb.do("monitor system_reset")


def writes(gdb):
    """Writes registers and memory, also some that cannot be written."""
    gdb.do("set $t3 = 0x1234")
    gdb.equal("$t3", 0x1234)
    gdb.do("set $ft3 = 1.5")
    gdb.do("print $ft3", "double = 1.5")
    gdb.do("set $mscratch = 0x55")
    gdb.equal("$mscratch", 0x55)
    gdb.do("set $mscratch = 0")
    for name in ("mcycle", "minstret"):
        before = gdb.value("$" + name)
        gdb.do("set $%s = 0x123456" % name)
        gdb.equal("$" + name, 0x123456)
        gdb.do("set $%s = %d" % (name, before))
        gdb.equal("$" + name, before)
    gdb.do("set $mhartid = 1", "Could not write register")
    gdb.do("set var shared[5] = 99")
    gdb.equal("shared[5]", 99)
    for nowhere in (ROM, 0x8000000):
        gdb.do("set {int}0x%x = 1" % nowhere, "Cannot access memory")
    for group, names in (("machine", ("mstatus", "mepc", "mtopei", "mhartid")),
                         ("supervisor", ("satp", "sstateen0", "senvcfg", "scause")),
                         ("hypervisor", ("hgatp", "hstatus", "vsatp", "htinst", "hstateen3")),
                         ("user", ("cycle", "instret"))):
        gdb.do("info registers " + group, *["\n%s " % name for name in names[1:]])
    gdb.do("info registers machine", "mstatus ")
    gdb.do("monitor info registers", *["\n %-8s 0000" % name for name in (
        "mstatus", "hstatus", "hideleg", "hedeleg", "vsstatus", "vstvec", "vsepc", "vscause",
        "vstval", "htval", "mtval2", "vsatp", "hgatp")])
    gdb.do("info registers csr", "mstatus", "pmpaddr15", "hgatp", "vsatp", "mhpmevent31", "senvcfg")


def registers(gdb):
    """Reads and writes registers of devices, by accesses of the size that GDB asks for."""
    gdb.equal("*(unsigned char *)0x%x" % (UART + 5), 0x60)
    gdb.do("set {char}0x%x = 0x5a" % (UART + 7))
    gdb.do("x/8xb 0x%x" % UART, "0x60", "0x5a\n")
    # GDB reads many registers at once, of a device that has no 64-bit registers.
    gdb.do("x/8xw 0x%x" % (PRIORITY - 4), "0x%x:\t0x00000000" % (PRIORITY + 12))
    gdb.do("set {int}0x%x = 5" % PRIORITY)
    gdb.do("x/xw 0x%x" % PRIORITY, "0x00000005\n")
    gdb.do("x/xg 0x%x" % (PRIORITY - 4), "0x0000000500000000\n")
    gdb.do("x/xb 0x%x" % PRIORITY, "Cannot access memory")
    gdb.do("set {char}0x%x = 1" % PRIORITY, "Cannot access memory")
    gdb.do("set {long}0x%x = 0" % (PRIORITY - 4))
    gdb.equal("*(int *)0x%x" % PRIORITY, 0)
    gdb.equal("*(unsigned long *)0x%x >> 48" % MTIME, 0)
    gdb.do("maintenance packet Qqemu.PhyMemMode:1", 'received: "OK"')
    gdb.equal("*(unsigned char *)0x%x" % (UART + 7), 0x5a)
    gdb.do("monitor physical off")


def binary(gdb):
    """Transfers bytes of all values, also of those that have a meaning in packets."""
    data = bytes(range(256)) * 6
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        gdb.do("restore %s binary &shared[256]" % file.name, "Restoring")
        gdb.do("show remote binary-download-packet", "currently enabled")
        gdb.do("dump binary memory %s &shared[256] (char *)&shared[256] + %d"
               % (file.name, len(data)))
        with open(file.name, "rb") as back:
            check(back.read() == data, "what comes back is not what was written")


def program(baya, folder, log, engine, core="none"):
    elf = debugged(folder)
    with debugging(baya, log, [elf], elf, "--engine=" + engine, "--timing=" + core,
                   "--clock=virtual") as (gdb, machine):
        for scene in (lines, breakpoints, watchpoints, aliases, patched_code, steps, devices,
                      unfetchable, writes, registers, binary):
            scene(gdb)
        gdb.do("continue", "exited normally")
        machine.wait(0)


def restarted(baya, folder, log):
    """Checks that a reset is done at once, and that later changes of memory and registers remain;
    also after the machine has shut down."""
    elf = debugged(folder)
    with debugging(baya, log, [elf], elf, "-no-shutdown") as (gdb, _):
        to_stage(gdb, 1)
        gdb.do("set var watched = 7")
        restart(gdb)
        gdb.equal("watched", 0)
        gdb.do("set var watched = 8")
        gdb.do("set $s5 = 0x1234")
        gdb.do("stepi")
        gdb.equal("$pc", ROM + 4)
        gdb.equal("$s5", 0x1234)
        gdb.equal("watched", 8)
        gdb.do("load")
        gdb.equal("$pc", gdb.value("&_start"))
        gdb.do("set var watched = 0")
        to_stage(gdb, 1)
        gdb.do("continue", "SIGINT")
        restart(gdb)
        to_stage(gdb, 1)
        gdb.do("kill")
    with listening(baya, log, elf) as (_, path), Client(path) as client:
        for text in ("!", "Z0,80000000,2"):
            check(client.ask(text) == "OK", text)
        check(client.ask("vCont;c").startswith("T05thread:1;"), "no stop")
        client.send(b"$R00#b2$p20#d2")
        pc = client.hear()
        check(pc == "0010000000000000", "pc %s behind a restart" % pc)


def extended(baya, folder, log):
    """GDB detaches, after which the machine runs without its breakpoints, and attaches to it
    again."""
    endless = os.path.join(folder, "../guest/endless.elf")
    with listening(baya, log, endless, "-smp", "2") as (machine, path), \
            Debugger(log + ".gdb", endless) as gdb:
        gdb.do("set breakpoint always-inserted on")
        gdb.do("target extended-remote " + path, "0x0000000000001000")
        gdb.do("break _start")
        gdb.do("continue", "Breakpoint 1")
        for before in (1, 2):
            gdb.do("detach", "detached")
            gdb.do("info threads", "No threads")
            text = gdb.do("attach 1")
            check("0x0000000000001000" not in text and "Breakpoint" not in text, text)
            gdb.equal("$_thread", 1)
            gdb.do("thread 2")
            gdb.do("stepi")
            check(gdb.value("$minstret") > 2 * before, "it has not run")
        gdb.do("detach", "detached")
        gdb.do("disconnect")
        gdb.do("target extended-remote " + path)
        gdb.do("kill", "killed")
        machine.wait(0)


def extended_non_stop(baya, folder, log):
    """Does the same in non-stop mode; and attaches to a machine that ended while GDB was
    detached."""
    endless, dead = (os.path.join(folder, "../guest", name) for name in ("endless.elf", "dead_wfi.elf"))
    with listening(baya, log, endless, "-smp", "2") as (_, path), Client(path) as client:
        for text in ("!", "QNonStop:1", "D;1"):
            check(client.ask(text) == "OK", text)
        client.send(b"\3")
        check(client.ask("vAttach;1") == "OK", "it is not attached")
        client.say("qAttached")
        told = sorted((client.hear(), client.hear()))
        check(told[0] == "1" and told[1].startswith("Stop:T00thread:1;"), "told: %s" % told)
        check(client.ask("vStopped").startswith("T00thread:2;"), "the other hart was not stopped")
        check(client.ask("vStopped") == "OK", "there are more")
    with listening(baya, log, dead) as (machine, path), Client(path) as client:
        for text in ("!", "D;1"):
            check(client.ask(text) == "OK", text)
        machine.expect("the machine stays for those who control it")
        check(client.ask("vAttach;1").startswith("T"), "it is not attached")
        check(client.ask("vKill;1") == "OK", "it is not killed")
        machine.wait(0)


def restart(gdb):
    gdb.do("monitor system_reset")
    gdb.do("maintenance flush register-cache")
    gdb.equal("$pc", ROM)


def flash(baya, folder, log, engine):
    """Writes programs to flash, with a drive and without, runs them there and changes them."""
    image = os.path.join(folder, os.path.basename(log) + ".img")
    with open(image, "wb") as file:
        file.write(b"\xff" * 8192)
    drive = "if=pflash,format=raw,file=" + image
    with debugging(baya, log, [], "-bios", "none", "-drive", drive, "--engine=" + engine) as (gdb, _):
        for bank in FLASH:
            gdb.equal("*(int *)0x%x" % bank, 0xffffffff)
            gdb.do("set {int[3]}0x%x = {0x00150513, 0x00158593, 0xff9ff06f}" % bank)  # a0++, a1++
            gdb.equal("*(int *)0x%x" % bank, 0x00150513)
            gdb.equal("*(int *)0x%x" % (bank + 12), 0xffffffff)
            gdb.do("set $pc = 0x%x" % bank)
            gdb.do("set $a0 = 0")
            gdb.do("set $a1 = 0")
            gdb.do("break *0x%x if $a0 == %d" % (bank + 4, STEPS))
            gdb.do("continue", "Breakpoint")
            gdb.equal("$a1", STEPS - 1)
            gdb.do("set {int}0x%x = 0x00258593" % (bank + 4))
            gdb.do("stepi 3")
            gdb.equal("$a1", STEPS + 1)
            gdb.do("delete")
        gdb.do("kill")
    with open(image, "rb") as file:
        check(file.read() == b"\xff" * 8192, "the file has changed")
    with debugging(baya, log, [], "-drive", drive + ",readonly=on") as (gdb, _):
        gdb.do("set {int}0x%x = 0" % FLASH[0], "Cannot access memory")
        gdb.equal("*(int *)0x%x" % FLASH[0], 0xffffffff)
    os.remove(image)


def harts(baya, folder, log, engine, count):
    """Checks that each hart reaches the breakpoint as its own thread, and that one hart can run
    alone."""
    elf, count = debugged(folder), int(count)
    with debugging(baya, log, [elf], elf, "--engine=" + engine, "-smp", str(count)) as (gdb, _):
        gdb.do("info threads", *['"hart %d" (M-mode)' % n for n in range(count)])
        to_stage(gdb, 5)
        gdb.do("break go_round")
        seen = set()
        while len(seen) < count:
            gdb.do("continue", "go_round (hart=")
            seen.add(gdb.value("$mhartid"))
            gdb.equal("$_thread", gdb.value("$mhartid") + 1)
        chosen(gdb)
        gdb.do("thread 1")
        gdb.do("set scheduler-locking on")
        before = [gdb.value("rounds[%d]" % n) for n in range(count)]
        for _ in range(3):
            gdb.do("continue", "go_round (hart=")
        check(gdb.value("rounds[0]") > before[0], "the hart that runs does not")
        for n in range(1, count):
            gdb.equal("rounds[%d]" % n, before[n])
        gdb.do("delete")
        gdb.do("set scheduler-locking off")
        gdb.do("tbreak stage")
        gdb.do("continue", "number")


def chosen(gdb):
    """Checks that monitor commands refer to the thread that has stopped or was selected, or to the
    hart that `cpu` chose."""
    def about(hart):
        gdb.do("monitor info cpus", "* CPU #%d:" % hart)
        gdb.do("monitor info registers", "mhartid  %016x" % hart)
    stopped = gdb.value("$mhartid")
    gdb.do("info threads")
    about(stopped)
    gdb.do("thread 2")
    about(1)
    gdb.do("monitor cpu 0")
    gdb.do("info threads")
    about(0)
    gdb.do("thread 2")
    about(1)
    gdb.do("monitor help interrupts", "interrupts on|off ")
    check("help" not in gdb.do("monitor help cpu", "cpu HART "), "all commands are listed")


def kernel_symbols(baya, folder, log):
    """Returns the addresses of functions by kallsyms of the bundled kernel, which has no other
    symbols."""
    with Machine([baya, "-append", "nokaslr console=ttyS0"], log) as machine:
        machine.expect(SHELL)
        text = machine.command("grep -E ' (start_kernel|kernel_init|do_sys_openat2)$' "
                               "/proc/kallsyms", SHELL)
    return {line.split()[2]: int(line.split()[0], 16) for line in text.strip().split("\n")}


def kernel(baya, folder, log, engine, count):
    """Checks that breakpoints set before the MMU is on are still reached when it is."""
    elf = os.path.join(ROMS, "firmware.elf")
    names = kernel_symbols(baya, folder, log)
    with debugging(baya, log, [elf], "--engine=" + engine, "-smp", count, "-append",
                   "nokaslr console=ttyS0") as (gdb, machine):
        gdb.do("tbreak *_start")
        gdb.do("continue", "_start ()")
        gdb.do("hbreak *0x%x" % names["start_kernel"])
        gdb.do("break *0x%x" % KERNEL)
        gdb.do("continue", "0x0000000080200000")
        gdb.equal("$priv", 1)
        gdb.equal("$satp", 0)
        gdb.do("continue", "0x%016x" % names["start_kernel"])
        check(gdb.value("$satp") >> 60, "the MMU is off")
        gdb.do("info threads", "S-mode")
        gdb.do("delete")
        gdb.do("tbreak *0x%x" % names["kernel_init"])
        gdb.do("continue", "0x%016x" % names["kernel_init"])
        begin = time.monotonic()
        gdb.do("stepi %d" % STEPS)
        print("%.0f steps a second by GDB" % (STEPS / (time.monotonic() - begin)))
        gdb.do("detach", "detached")
        machine.expect(SHELL)


def no_file(baya, folder, log):
    """Checks that GDB without a file gets the symbols of the software that runs, the bundled
    kernel's or a program's."""
    with listening(baya, log, "-append", "nokaslr console=ttyS0") as (machine, path), \
            Debugger(log + ".gdb") as gdb:
        gdb.do("target remote " + path, "Reading /vmlinux.gz from remote target")
        gdb.do("watch *(int *)&system_state", "Hardware watchpoint")
        gdb.do("continue", "New value = 1\n", "in rest_init ()")
        gdb.do("delete")
        gdb.do("monitor system_reset")
        gdb.do("break start_kernel")
        gdb.do("continue", "in start_kernel ()")
        gdb.equal("$pc", gdb.value("(unsigned long)start_kernel"))
        gdb.do("kill")
        machine.wait(0)
    with listening(baya, log, debugged(folder)) as (_, path), Debugger(log + ".gdb") as gdb:
        gdb.do("target remote " + path, "Reading /debugged.elf from remote target")
        to_stage(gdb, 1)


def guest_physical(gdb, address):
    """Returns the guest physical address of an address in the guest that runs."""
    value = gdb.value(str(address))
    gdb.do("monitor context vs")
    return int(re.search("gpa: (0x.*)", gdb.do("monitor gva2gpa 0x%x" % value)).group(1), 16)


def watched_in(gdb, context, virt, place="*(long *)&jiffies_64"):
    """Watches a variable of one of two kernels that are at the same virtual addresses."""
    gdb.do("monitor context " + context)
    gdb.do("watch " + place, "Hardware watchpoint")
    for _ in range(2):
        gdb.do("continue", "New value = ")
        gdb.equal("$virt", virt)
    gdb.do("delete")


def nested(baya, folder, log, engine):
    """Debugs the kernel of a nested machine, which KVM runs: V is 1, and translation has two
    stages."""
    start = kernel_symbols(baya, folder, log)["start_kernel"]
    disk = test_nested.kernel_disk(folder, os.path.basename(log))
    with listening(baya, log, "--engine=" + engine, "-append", "nokaslr console=ttyS0", "-drive",
                   "file=%s,format=raw,if=virtio" % disk) as (machine, path), \
            Debugger(log + ".gdb") as gdb:
        gdb.do("target remote " + path)
        gdb.do("hbreak *0x%x" % start)
        gdb.do("continue", "0x%016x" % start)
        # The code is read here, as a kernel that is up has freed its initialization code.
        code = gdb.value("*(unsigned long *)0x%x" % start)
        gdb.do("delete")
        gdb.do("detach")
        machine.expect(SHELL)
        gdb.do("target remote " + path)
        gdb.do("hbreak *0x%x" % start)
        gdb.type("continue\n")
        machine.type("nest 'run=\"exit 7\"'\n")
        check("0x%016x" % start in gdb.expect(GDB), "the inner kernel does not begin")
        gdb.equal("$virt", 1)
        gdb.equal("$priv", 1)
        check(gdb.value("$vsatp") >> 60 and gdb.value("$hgatp") >> 60, "a stage is missing")
        gdb.equal("*(unsigned long *)0x%x" % start, code)
        gdb.do("monitor gva2gpa 0x%x" % start, "gpa: 0x80")
        for context in ("vs", "vmid %d" % (gdb.value("$hgatp") >> 44 & 0x3fff)):
            gdb.do("monitor context " + context, context)
            gdb.equal("*(unsigned long *)0x%x" % start, code)
        gdb.do("monitor info mem", "VS stage", "G stage")
        gpa = guest_physical(gdb, start)
        gdb.do("monitor context gpa")
        gdb.equal("*(unsigned long *)0x%x" % gpa, code)
        gdb.do("monitor x/xg 0x%x" % gpa, ": 0x%016x" % code)
        gdb.do("monitor x/i 0x%x" % gpa, "%016x" % gpa)
        check("VS stage" not in gdb.do("monitor info mem", "G stage"), "it lists both stages")
        gdb.do("monitor explain 0x%x x" % gpa, "no VS-stage translation of a guest physical",
               "G-stage Sv", "it goes well")
        gdb.do("monitor context hs", "set code-cache off")
        text = gdb.do("monitor info mem", "vaddr")
        check("stage" not in text, "the host's kernel has two stages: " + text)
        gdb.do("monitor context current")
        gdb.do("monitor info mem", "VS stage", "G stage")
        pc = gdb.value("$pc")
        gdb.do("stepi")
        check(gdb.value("$pc") in (pc + 2, pc + 4), "a step in the inner kernel led elsewhere")
        gdb.do("delete")
        watched_in(gdb, "hs", 0)
        watched_in(gdb, "vmid %d" % (gdb.value("$hgatp") >> 44 & 0x3fff), 1)
        watched_in(gdb, "gpa", 1, "*(long *)0x%x" % guest_physical(gdb, "&jiffies_64"))
        gdb.do("detach")
        machine.expect(SHELL)
        check(machine.command("echo $?", SHELL) == "7\n", "the inner machine did not end well")
    os.remove(disk)


def bare_hypervisor(baya, folder, log):
    """Watches a hypervisor that has no page tables, and whose guest uses the same address."""
    code, place, tables = 0x80000000, 0xc0000100, 0x80004000
    with debugging(baya, log, [], "-bios", "none", "-m", "2G", "-cpu", "max,pmp=off") as (gdb, _):
        gdb.do("set {int[2]}0x%x = {0x0005b503, 0x0000006f}" % code)  # ld a0, 0(a1); j .
        gdb.do("set {long[2]}0x%x = {0x200000df, 0x200000df}" % (tables + 16))  # for RAM alone
        gdb.do("set $hgatp = 0x%x" % (8 << 60 | tables >> 12))
        gdb.do("set $a1 = 0x%x" % place)
        gdb.do("set $priv = 1")
        gdb.do("monitor context hs")
        gdb.do("awatch *(long *)0x%x" % place)
        gdb.do("hbreak *0x%x" % (code + 4))
        for virt in 1, 0:
            gdb.do("set $virt = %d" % virt)
            gdb.do("set $pc = 0x%x" % code)
            text = gdb.do("continue", "Breakpoint 2, ")
            check(("Value = 0" in text) == (not virt), "it watches something else: " + text)
        gdb.do("kill")


def user(baya, folder, log):
    """Debugs a program in Linux by its own symbols, in its address space alone."""
    with tempfile.TemporaryDirectory() as share, \
            listening(baya, log, "-virtfs", "local,path=%s,mount_tag=host,security_model=none"
                      % share) as (machine, path):
        elf = os.path.join(share, "program")
        subprocess.run(["riscv64-linux-gnu-gcc", "-g", "-O1", "-static", "-nostdlib",
                        "-mno-relax", "-o", elf,
                        os.path.join(os.path.dirname(__file__), "programs/user_program.c")], check=True)
        with Debugger(log + ".gdb", elf) as gdb:
            gdb.do("target remote " + path)
            gdb.do("detach")
            machine.command("", SHELL)
            machine.command("mount -t 9p -o trans=virtio host /mnt", SHELL)
            gdb.do("target remote " + path)
            gdb.do("break work")
            gdb.type("continue\n")
            machine.type("/mnt/program; echo it ends: $?\n")
            check(", work (by=" in gdb.expect(GDB), "the program does not begin")
            gdb.equal("$priv", 0)
            gdb.do("backtrace", "_start ()")
            gdb.do("watch counter", "Hardware watchpoint")
            gdb.do("continue", "Old value = 0\nNew value = 1\n")
            gdb.do("finish", "Value returned is", "= 1")
            gdb.do("continue", "work (by=", "=2)")
            gdb.do("monitor ps", "program          on hart 0 in U-mode")
            gdb.do("set var counter = 100")
            gdb.do("delete")
            gdb.do("break *far")  # Linux reads its page only when the program is there
            gdb.do("continue", "Breakpoint", "far (by=")
            gdb.do("x/i $pc", "<far>:")
            gdb.do("next", "return work(by) + 1")
            gdb.do("finish", "Value returned is", "= 114")
            gdb.do("detach")
            machine.expect("it ends: 114")


def processes(gdb, path, pattern):
    """
    Returns the output of ps, once it contains the pattern: a stop may be in the firmware, in
    another process, or between a trap and the instruction that saves the kernel's registers.
    """
    def listed():
        gdb.do("detach")
        time.sleep(0.05)
        gdb.do("target remote " + path)
        text = gdb.do("monitor ps")
        return re.search(pattern, text) and text
    return until(listed, "ps: no '%s'" % pattern)


def monitor(baya, folder, log):
    """Checks the monitor's output about a Linux without symbols."""
    disk = os.path.join(folder, "gdb_monitor.img")
    with open(disk, "wb") as image:
        image.truncate(1 << 20)
    with listening(baya, log, "-append", "console=ttyS0", "-drive",
                   "file=%s,format=raw,if=virtio" % disk,
                   "-device", "virtio-rng-pci,id=dice,addr=7") as (machine, path), \
            Debugger(log + ".gdb") as gdb:
        gdb.do("target remote " + path)
        gdb.do("monitor info mem", "No translation or protection")
        gdb.do("monitor x/3i 0x1000", "auipc t0,0x0", "csrrs a0,mhartid,zero")
        gdb.do("monitor gva2gpa 0x80000000", "gpa: 0x80000000")
        gdb.do("monitor ps", "no hart is in a Linux kernel")
        gdb.do("detach")
        machine.expect(SHELL)
        gdb.do("target remote " + path)
        listed = processes(gdb, path, "on hart 0")
        for text in ("PID task", "0 ffffffff", "swapper/0", "on hart 0"):
            check(text in listed, "ps: no '%s' in '%s'" % (text, listed))
        for name in ("1 .* init", "2 .* kthreadd", "sh"):
            check(re.search(r"(?m)^ *%s *$" % name if name[0] != "s" else r" sh *\n", listed),
                  "ps has no %s" % name)
        gdb.do("detach")
        machine.command("while :; do :; done &", SHELL)
        gdb.do("target remote " + path)
        processes(gdb, path, r"sh +on hart 0 in [US]-mode")
        gdb.do("monitor info mem", "vaddr", "ffffffff80000000 0000000080200000", "rwx-gad")
        gdb.do("monitor info tlb", "S-mode, ASID", "r-x")
        gdb.do("monitor gva2gpa 0xffffffff80000000", "gpa: 0x80200000")
        gdb.do("monitor gva2gpa 0x123456789000", "Unmapped")
        gdb.do("monitor info qtree", "serial, at 0x10000000", "blk0: virtio-blk: virtio device 2",
               "uses it", "dev: 00:07.0", "rng: virtio-rng, id dice: virtio device 4, 1 queue")
        gdb.do("monitor info block", "gdb_monitor.img (raw)", "1048576 bytes")
        gdb.do("monitor nonsense", "unknown command: 'nonsense'")
        gdb.do("kill")


def speed(baya, folder, log, engine):
    """Measures steps per second, each of which is a packet and its answer."""
    with listening(baya, log, debugged(folder), "--engine=" + engine) as (_, path):
        with Client(path) as client:
            check(client.ask("QStartNoAckMode") == "OK", "no QStartNoAckMode")
            client.send(b"+")
            begin = time.monotonic()
            for _ in range(TEN * STEPS):
                check(client.ask("vCont;s:1;c")[:3] == "T05", "a step did not end")
            rate = TEN * STEPS / (time.monotonic() - begin)
            print("%.0f steps a second" % rate)


def clients(baya, folder, log):
    """Checks that one client is served at a time, and that after one that disconnects without a
    word the machine continues, and accepts the next."""
    endless = os.path.join(folder, "../guest/endless.elf")
    with listening(baya, log, endless, "--timeout=1500") as (machine, path):
        with Client(path) as first:
            check(first.ask("qSupported:swbreak+;hwbreak+").startswith("PacketSize="), "no sizes")
            check(first.ask("Z0,80000e00,2") == "OK", "no breakpoint")
            with Client(path) as second, Debugger(log + ".second") as gdb:
                for _ in range(2):
                    check("another debugger" in second.ask("qSupported"), "a second one is heard")
                gdb.type("target remote %s\n" % path)
                gdb.expect("another debugger is connected to this machine")
                gdb.expect(GDB)
                with contextlib.ExitStack() as many:
                    for _ in range(4):
                        many.enter_context(Client(path)).ask("vMustReplyEmpty")
                    check(second.socket.recv(1) == b"", "more than some are kept")
                with Client(path) as lldb:  # would take an error as an answer, and ask for ever
                    lldb.say("QStartNoAckMode")
                    check(lldb.socket.recv(1) == b"", "LLDB gets an answer")
            nonsense(first)
        with Client(path) as third:
            check(third.ask("?").startswith("T05"), "the next one is not told of a stop")
            third.send(b"$vCont;c#")  # disconnects in the middle of a packet
        with Debugger(log + ".gdb") as gdb:
            gdb.do("target remote " + path)
            gdb.do("kill", "killed")
        machine.wait(0)


def lost(baya, folder, log):
    """Checks that a client that is gone when its breakpoint is reached leaves no breakpoint behind,
    and no stopped clock."""
    # The kernel is unpacked here, as each reset would unpack the bundled one.
    image = test_nested.kernel_disk(folder, os.path.basename(log))
    with listening(baya, log, "--clock=virtual", "-nographic", "-kernel", image) as (machine, path):
        for n in range(40):
            with Client(path) as client:
                check(client.ask("?").startswith("T05"), "it is not told of a stop")
                client.ask("qRcmd," + b"system_reset".hex())
                check(client.ask("Z0,%x,2" % KERNEL) == "OK", "no breakpoint")
                client.say("vCont;c")
                time.sleep(n % 8 * 0.0025)
        with Client(path) as client:
            check(client.ask("?").startswith("T05"), "the last one is not heard")
            client.say("vCont;c")
            check(client.ask("k") == "X09", "it is not told of the end")
            check(b"$" not in client.socket.recv(16), "it is told twice")
        machine.wait(0)
    os.remove(image)


def nonsense(client):
    """Checks that damaged packets are requested again, and that invalid commands are refused."""
    client.send(b"$?#00")
    client.send(b"$m80000000,4#zz")
    client.send(b"$" + b"m" * 70000 + b"#00")
    client.send(b"}}}}####\x00\xff$$$")
    for text, answer in (("vMustReplyEmpty", ""), ("vNothing", ""), ("", ""), ("m", "E0e"),
                         ("m,,", "E0e"), ("mffffffffffffffff,4", "E0e"), ("M80000000,4:12", "E16"),
                         ("X80000000,4:123", "E16"), ("G00", "E16"), ("p", "E16"),
                         ("pffffffff", "E16"), ("P0=zz", "E16"), ("Z9,0,0", ""), ("z5,0,4", ""),
                         ("Z0,80000001,2", "E16"), ("Z2,0,ffffffffffffffff", "E16"),
                         ("qC", "QC1"), ("qCRC:80000000,10", ""), ("qSupportedNot", ""),
                         ("QNonStopNot:1", ""),
                         ("Hg77", "E16"), ("T0", "E16"), ("vCont;q", "E16"), ("vCont;c:99", "E16"),
                         ("vCont;r1:1", "E16"), ("qRcmd,zz", "E16"), ("QNonStop:7", "E16"),
                         ("qXfer:features:read:other:0,9", "E00"),
                         ("qXfer:features:read:target.xml:zz", "E16"),
                         ("qXfer:threads:read::ffffffffffffffff,ffffffffffffffff", "l")):
        got = client.ask(text)
        check(got == answer, "%r is answered by %r instead of %r" % (text, got, answer))


def command(client, line):
    """Runs a command of the monitor; returns its output."""
    client.say("qRcmd," + line.encode().hex())
    said = ""
    while (got := client.hear()) != "OK":
        said += bytes.fromhex(got[1:]).decode()
    return said


def qemu_packets(baya, folder, log):
    """Tests the packets that QEMU adds, which show and change what the monitor does."""
    with listening(baya, log, debugged(folder)) as (_, path), Client(path) as client:
        for line, text, answer in (
                ("", "qqemu.Supported", "sstepbits;sstep;PhyMemMode"),
                ("", "qqemu.sstepbits", "ENABLE=1,NOIRQ=2,NOTIMER=4"),
                ("", "Qqemu.sstepbits", "ENABLE=1,NOIRQ=2,NOTIMER=4"),
                ("", "qqemu.sstep", "0x7"), ("interrupts on", "qqemu.sstep", "0x1"),
                ("interrupts off", "qqemu.sstep", "0x7"), ("", "Qqemu.sstep=1", "OK"),
                ("", "qqemu.sstep", "0x1"), ("", "Qqemu.sstep=0x7", "OK"),
                ("", "qqemu.sstep", "0x7"), ("", "Qqemu.sstep=0", "E16"),
                ("", "Qqemu.sstep=0x9", "E16"), ("", "Qqemu.sstep=", "E16"),
                ("", "Qqemu.sstep=1x", "E16"), ("", "qqemu.sstep", "0x7"),
                ("", "qqemu.PhyMemMode", "0"), ("physical on", "qqemu.PhyMemMode", "1"),
                ("context hs", "qqemu.PhyMemMode", "0"), ("", "Qqemu.PhyMemMode:", "E16"),
                ("", "Qqemu.PhyMemMode:x", "E16"), ("", "qqemu", ""), ("", "qqemu.sstepNot", ""),
                ("", "qqemu.", "")):
            if line:
                command(client, line)
            got = client.ask(text)
            check(got == answer, "%r is answered by %r instead of %r" % (text, got, answer))
        for value, space in ((1, "physical"), (0, "current")):
            check(client.ask("Qqemu.PhyMemMode:%d" % value) == "OK", "it is refused")
            said = command(client, "context")
            check(said == "memory is read as: %s\n" % space, said)


def wide(baya, folder, log):
    """Tests a watchpoint of many pages, with several offsets of its beginning; and one that is too
    large."""
    elf = debugged(folder)
    with listening(baya, log, elf) as (_, path), Client(path) as client:
        place = symbol(elf, "watched")
        stage = "0,%x,2" % symbol(elf, "stage")
        check(client.ask("Z" + stage) == "OK", "no breakpoint")
        check(client.ask("vCont;c").startswith("T05thread:1;"), "no stop")
        check(client.ask("z" + stage) == "OK", "it stays")
        for before, after in ((0x2008, 8), (0x1000, 0x2000), (0, 0x3000)):
            point = "Z2,%x,%x" % (place - before, before + after)
            for _ in range(2):  # setting it twice changes nothing
                check(client.ask(point) == "OK", "no watchpoint " + point)
            told = client.ask("vCont;c")
            check("watch:%x;" % place in told, "%s: %s" % (point, told))
            check(client.ask("z" + point[1:]) == "OK", "it stays: " + point)
            check(client.ask("vCont;s").startswith("T05thread:1;"), "no step")
        for size, answer in ((0x400001, "E16"), (0x3ff001, "OK"), (0x1000, "E1c")):
            got = client.ask("Z4,%x,%x" % (KERNEL, size))
            check(got == answer, "%x bytes: %s" % (size, got))


def still(baya, _folder, log):
    """Checks that the time stands still after the report of a stop, also with the host's clock:
    here the client reads the time with packets that it sends together with the request to stop."""
    with listening(baya, log) as (_, path), Client(path) as client:
        client.say("qRcmd," + b"physical on".hex())
        while client.hear() != "OK":
            pass
        client.say("vCont;c")
        time.sleep(0.2)
        look = b"m%x,8" % MTIME
        client.send(b"\x03" + b"$%s#%02x" % (look, sum(look) & 255) * LOOKS)
        check(client.hear().startswith("T02"), "it did not stop")
        seen = {client.hear() for _ in range(LOOKS)}
        check(len(seen) == 1 and "E0e" not in seen, "the time goes on: %s" % sorted(seen))


def non_stop(baya, folder, log):
    """Tests non-stop mode: one hart stops while the others run, and stops are reported one by
    one."""
    with listening(baya, log, debugged(folder), "-smp", "3") as (_, path), Client(path) as client:
        for text in ("QNonStop:1", "Z0,%x,2" % 0x80000000, "vCont;c"):
            check(client.ask(text) == "OK", "%s is refused" % text)
        told = [client.hear()]
        check(told[0].startswith("Stop:T05thread:"), "no notification but %s" % told[0])
        while len(told) < 3:
            answer = client.ask("vStopped")
            if answer != "OK":
                told.append(answer)
                continue
            told.append(client.hear())
        check(client.ask("vStopped") == "OK", "there are more stops than harts")
        check(len({text.split("thread:")[1][0] for text in told}) == 3, "not each hart stopped")
        for text in ("z0,%x,2" % 0x80000000, "vCont;c:2", "vCont;t:2"):
            got = client.ask(text)
            check(got == "OK", "%s is answered by %s" % (text, got))
        check(client.hear().startswith("Stop:T00thread:2;"), "hart 1 did not stop")


def non_stop_gdb(baya, folder, log):
    """Tests non-stop mode with GDB, which continues one hart after the other."""
    elf = debugged(folder)
    with listening(baya, log, elf, "-smp", "3") as (_, path), Debugger(log + ".gdb", elf) as gdb:
        gdb.do("set non-stop on")
        gdb.type("target remote %s\n" % path)
        for hart in (1, 2):
            gdb.expect('"hart %d" stopped' % hart)
        gdb.type("echo told of all\\n\n")
        gdb.expect("told of all\n")
        gdb.expect(GDB)
        gdb.do("break *0x%x" % 0x80000000)
        gdb.do("thread 1")
        gdb.do("continue", "Breakpoint 1")
        gdb.do("thread 2")
        gdb.equal("$pc", 0x1000)
        gdb.do("continue", "Breakpoint 1")
        gdb.do("thread 3")
        gdb.equal("$pc", 0x1000)
        gdb.do("delete")
        gdb.do("continue &")
        threads = gdb.do("info threads", "(running)")
        check(threads.count("(running)") == 1, "not one hart runs: " + threads)
        gdb.type("interrupt\n")
        gdb.expect("Thread 3 .*stopped")
        gdb.do("kill")


def symbol(elf, name):
    """Returns the address of a symbol of a program."""
    text = subprocess.run(["riscv64-unknown-elf-nm", elf], check=True, capture_output=True,
                          text=True).stdout
    return next(int(line.split()[0], 16) for line in text.split("\n") if line.endswith(" " + name))


def unchanged(baya, folder, log, engine, count):
    """
    Checks that with the virtual clock a run that is stopped several times, and continues by single
    steps in which interrupts are taken, ends in the same state as without a debugger.
    """
    elf = debugged(folder)
    options = [elf, "--clock=virtual", "--state-hash", "--engine=" + engine, "-smp", count]
    alone = subprocess.run([baya, *options], check=True, capture_output=True, text=True).stderr
    with listening(baya, log, *options) as (machine, path), Client(path) as client:
        client.say("qRcmd," + b"interrupts on".hex())
        while client.hear() != "OK":
            pass
        for kind, name, size, steps in ((0, "stage", 2, 3), (2, "watched", 8, 3),
                                        (1, "count_up", 2, 3), (4, "ticks", 8, 900), (0, "doze", 2, 12),
                                        (0, "go_round", 2, 90), (3, "rounds", 24, 200),
                                        (0, "contend", 2, 3 * QUANTUM)):
            point = "%d,%x,%x" % (kind, symbol(elf, name), size)
            check(client.ask("Z" + point) == "OK", "no point " + point)
            check(client.ask("vCont;c").startswith("T05thread:"), "no stop at " + name)
            client.ask("g")
            client.ask("m%x,100" % symbol(elf, "shared"))
            check(client.ask("z" + point) == "OK", "it remains: " + point)
            for _ in range(steps):
                told = client.ask("vCont;s:1;c")
                check(told.startswith("T05thread:1;"), "a step ends with " + told)
        check(client.ask("vCont;c") == "W00", "the program did not end well")
        stopped = machine.expect("\n$")
    for text in (alone, stopped):
        check("state_hash" in text, "no hash in '%s'" % text)
    hashes = [re.search('"state_hash":"?([^",}]*)', text).group(1) for text in (alone, stopped)]
    check(hashes[0] == hashes[1], "states %s and %s" % tuple(hashes))


def stdio(baya, folder, log):
    elf = debugged(folder)
    with Debugger(log + ".gdb", elf) as gdb:
        gdb.do("target remote | %s -gdb stdio -S %s" % (baya, elf), "0x0000000000001000")
        gdb.do("break count_up")
        gdb.do("continue", "count_up")
        gdb.do("kill")
        gdb.do("target remote | %s -gdb stdio -S %s/../guest/traps.elf" % (baya, folder))
        gdb.do("continue", "facts, 0 failed", "exited normally")
        gdb.do("target remote | %s -gdb stdio -S %s/../guest/semihost_fail.elf" % (baya, folder))
        gdb.do("continue", "the guest reported failure 3", "exited with code 03")
    abandoned(baya, elf)


def abandoned(baya, elf):
    """Checks that a machine whose GDB is killed ends as well, and that one from which GDB detached
    runs to its end."""
    for said, answer, runs in ((b"", b"", False), (b"$D#44", b"+$OK#9a", True)):
        reader, writer = os.pipe()
        os.write(writer, said)
        os.close(writer)
        with os.fdopen(reader) as there:
            done = subprocess.run([baya, "-gdb", "stdio", "-S", "--stats", elf], stdin=there,
                                  capture_output=True, timeout=PATIENCE, check=False)
        check(done.returncode == 0 and done.stdout.endswith(answer), "exit code %d, it says %s" % (
            done.returncode, done.stdout))
        check((b'"instructions":0,' not in done.stderr) == runs, done.stderr.decode())


def taken(baya, folder, log):
    """Checks the message about a port that is in use: it names the port and the option for
    another."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        where = "tcp::%d" % server.getsockname()[1]
        with Machine([baya, "-gdb", where, debugged(folder)], log) as machine:
            line = machine.expect("\n")
            for part in (where, "in use", "-gdb tcp::PORT"):
                check(part in line, "no '%s' in '%s'" % (part, line))
            machine.wait(3)


def no_vectors(baya, folder, log):
    """Checks that a hart without vectors has none of their registers."""
    elf = os.path.join(folder, "../guest/vectored.elf")
    with debugging(baya, log, [elf], elf, "-cpu", "rv64gc") as (gdb, _):
        gdb.do("info registers v0", "Invalid register")
        text = gdb.do("monitor info registers", "\n stvec    0000")
        check("vs" not in text and "htval" not in text, "it has the hypervisor's CSRs: " + text)
        gdb.do("monitor info registers -v", " fcsr ", " hart 0 has no vector registers")
        gdb.do("info registers vstart", "Invalid register")


def vectors(baya, folder, log, engine):
    """Tests vector registers with all their views, and watchpoints of elements in the middle of an
    access."""
    elf = os.path.join(folder, "../guest/vectored.elf")
    with debugging(baya, log, [elf], elf, "--engine=" + engine, "--clock=virtual", "-cpu",
                   "max,v=on,vlen=256") as (gdb, machine):
        gdb.do("tbreak loaded")
        gdb.do("continue", "loaded ()")
        gdb.do("print $v8.w", "= {1, 2, 3, 4, 5, 6, 7, 8}")
        gdb.do("print $v8.l[1]", "= %d" % (4 << 32 | 3))
        gdb.do("print $v8.q[1]", "= %d" % (8 << 96 | 7 << 64 | 6 << 32 | 5))
        gdb.do("print $v8.s", "= {1, 0, 2, 0, 3, 0")
        gdb.do("print $v8.b", "= {1, 0, 0, 0, 2, 0")
        for name, value in (("vlenb", 32), ("vl", 8), ("vtype", 0xd0), ("vstart", 0)):
            gdb.equal("$" + name, value)
        gdb.do("set $v8.w[7] = 100")
        gdb.do("set $v31 = $v8")
        gdb.do("print $v31.w", "= {1, 2, 3, 4, 5, 6, 7, 100}")
        gdb.do("set $vcsr = 5")
        gdb.do("info registers vxrm vxsat", "vxrm           0x2", "vxsat          0x1")
        gdb.do("monitor info registers -v", " fcsr ", "\n vxrm     0000000000000002\n",
               "\n vlenb    0000000000000020\n", "\n v31      " + "00000064" + "".join(
                   "%08x" % n for n in range(7, 0, -1)) + "\n")
        gdb.do("set $vl = 3", "Could not write register")
        gdb.do("watch {int}((char *)&begin_signature + 20)", "Hardware watchpoint")
        gdb.do("continue", "Old value = 0\nNew value = 12\n", "stored ()")
        gdb.do("print {int[8]}&begin_signature", "= {2, 4, 6, 8, 10, 12, 14, 200}")
        gdb.do("delete")
        gdb.do("rwatch {int}((char *)&numbers + 36)")
        gdb.do("continue", "Value = 10\n", "loaded ()")
        gdb.do("print $v8.w", "= {9, 10, ")
        gdb.do("delete")
        gdb.do("continue", "exited normally")
        machine.wait(0)


if __name__ == "__main__":
    main({"program": program, "harts": harts, "kernel": kernel, "nested": nested, "monitor": monitor,
          "speed": speed,
          "clients": clients, "lost": lost, "no_file": no_file, "unchanged": unchanged,
          "bare_hypervisor": bare_hypervisor,
          "user": user, "non_stop": non_stop, "non_stop_gdb": non_stop_gdb, "stdio": stdio, "taken": taken, "still": still,
          "restarted": restarted, "flash": flash, "wide": wide, "extended": extended,
          "extended_non_stop": extended_non_stop,
          "vectors": vectors, "no_vectors": no_vectors, "qemu_packets": qemu_packets})
