# SPDX-License-Identifier: MIT
"""Checks that commands work as they are printed: those of README.md, docs/ and the manual page are
each started in a folder that contains the files they name, and ended soon; the monitor's commands
are run in one machine. The manual page must list all commands of the monitor and of QMP."""

import glob
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from fixtures.bundled import PROMPT, ROMS, await_power_key, await_shell
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.qmp import Qmp

TOP = os.path.join(ROMS, "..")
# Commands with these words are not run here: other tests run them, or they need files that are not
# part of Baya.
ELSEWHERE = ("debian", "riscv-tests", "my.elf", "/kernel/", "kernel/kernel", "vmlinux",
             "logdiff", "screenshot ", "fw_dynamic.bin -kernel Image", " -S ")
# This client fails, as no server listens when it connects.
ALONE = "stream,addr.type=unix"
ENDED, STOPPED, NO_HOST = 0, 4, 3
# Patterns of the monitor's answers to these commands; other commands print nothing.
ANSWERS = {
    "ps": r"(?m)^ *1 .*init", "explain": r"^hart 0: ", "explain trap": r"^trap \d+: ",
    "explain $sp w": r"(?s)^ +a store at 0x\w+ as .*satp.*level \d",
    "x/10i $pc": r"^(\w{16}( <\S+>)?: .*\n){10}$",
    "xp/4i 0x80000000": r"^0000000080000000:  [0-9a-f]+  \S+",
    "print/x $mstatus": r"^0x[0-9a-f]+$",
    "print/x ($sp + 0x100) & ~15": r"^0x[0-9a-f]+0$",
    "x/4xg $sp": r"^(\w{16}:( 0x\w{16}){2}\n){2}$", "gva2gpa $pc": r"^gpa: 0x\w+$",
    "info registers": r"(?m)^ priv ",
    "info registers -v": r"(?m)^ v31 |^ hart 0 has no vector registers$", "info mem": r"(?m)^\w+ .* rwx?|r-x", "info tlb": r"0x",
    "info jit": r"(?s)^engine: jit.*jit \d+ .*native code: \d+ blocks.*TLB: \d+ misses",
    "info traps": r"(?m)^ +\d+  .*-mode at 0x", "info qtree": r"virtio-gpu", "info pci": r"00:00.0 ",
    "info block": r"disk\.img", "info blockstats": r"rd_bytes=\d", "info network": r"user", "info chardev": r"terminal",
    "info snapshots": r"^There is no snapshot available\.$",
    "info cpus": r"^\* CPU #0: thread_id=\d+\n$",
    "info mtree": r"(?m)^ *0*80000000", "info pic": r"plic|PLIC", "info status": r"VM status: ",
}
LOOKS = ("explain", "gva2gpa", "info", "ps", "x/")
LAST = ("system_powerdown",)
RESTARTS = "sendkey ctrl-alt-delete"
FORWARD = "hostfwd_add tcp:127.0.0.1:8080-:80"


def joined(text):
    """Joins lines that end in a backslash with the next one; returns all lines."""
    return re.sub(r" *\\\n *", " ", text).split("\n")


def of_pages():
    """Returns the lines that README.md and the pages of docs/ print as code."""
    found = []
    for page in sorted(glob.glob(TOP + "/README.md") + glob.glob(TOP + "/docs/*.md")):
        with open(page, encoding="utf-8") as file:
            text = re.sub(r"(?m)^(?!    ).*$", "", file.read())
        found += [re.sub(r"^\$ ", "", line.strip()) for line in joined(text)]
    return found


def of_manual(baya):
    with open(baya + ".1", encoding="utf-8") as file:
        text = file.read()
    text = text[text.index(".SH EXAMPLES"):].replace("\\-", "-").replace("\\e", "\\")
    return joined(text)


def commands(lines):
    """Returns the lines that run baya and can be run here, without the comment or ellipsis after
    the command."""
    found = [re.sub(r" # .*| \.\.\.|\s*&$", "", line + " ").strip() for line in lines
             if line.startswith("baya ") or "| baya " in line]
    return [line for line in found if not any(word in line + " " for word in ELSEWHERE)]


def of_monitor(lines):
    """Returns the monitor's commands, each once. Those that only show something come first, as
    others may change what they show."""
    found = [re.sub(r" # .*", "", line + " ")[len("(baya) "):].strip() for line in lines
             if line.startswith("(baya) ")]
    return sorted(dict.fromkeys(found), key=lambda line: (line in LAST, not line.startswith(LOOKS)))


def keep(baya, folder):
    """Makes a disk with a snapshot for `-loadvm before`."""
    subprocess.run("qemu-img create -q -f qcow2 kept.qcow2 1M".split(), cwd=folder, check=True)
    done = subprocess.run([os.path.abspath(baya), "-S", "-drive", "file=kept.qcow2,format=qcow2",
                           "-monitor", "stdio", "-serial", "null"], cwd=folder, check=True,
                          input="savevm before\nquit\n", stdout=subprocess.PIPE, text=True)
    check("Error" not in done.stdout, done.stdout)


def fill(baya, folder, guests):
    """Makes the files and devices that the commands name."""
    os.symlink(os.path.abspath(ROMS), os.path.join(folder, "roms"))
    for name in "tests", "README.md":
        os.symlink(os.path.join(os.path.abspath(TOP), name), os.path.join(folder, name))
    os.mkdir(os.path.join(folder, "data"))
    for name in ("disk.img", "disc.iso", "work.qcow2"):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate(1 << 20)
    if shutil.which("qemu-img"):
        subprocess.run("qemu-img create -q -f qcow2 -F raw -b disk.img work.qcow2".split(),
                       cwd=folder, check=True)
        keep(baya, folder)
    with open(os.path.join(folder, "secret"), "w", encoding="ascii") as file:
        file.write("weaver\n")
    with open(os.path.join(folder, "program"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\n")
    os.chmod(os.path.join(folder, "program"), 0o755)
    for name in "fifo.in", "fifo.out":
        os.mkfifo(os.path.join(folder, name))
    for source, name in ((os.path.join(guests, "test_pass.elf"), "program.elf"),
                         (os.path.join(ROMS, "Image.gz"), "Image"),
                         (os.path.join(ROMS, "initramfs.cpio.gz"), "initrd.gz")):
        shutil.copyfile(source, os.path.join(folder, name))
    variables = "/usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd"
    if os.path.exists(variables):
        shutil.copyfile(variables, os.path.join(folder, "variables.fd"))


def lacks(line):
    """Returns whether the command needs a package of the host's that is not installed."""
    words = [word.split("file=")[-1] for word in shlex.split(line)]
    return (any(word.startswith("/usr/") and not os.path.exists(word) for word in words) or
            "qcow2" in line and not shutil.which("qemu-img"))


def run(baya, folder, line):
    """Runs a command. A machine is ended after a number of instructions; commands in the bundled
    Linux end by themselves."""
    if not re.search(r"(^|\| )baya (run|cycles) ", line):
        line = line.replace("baya ", "baya --max-insns=1000000 ", 1).replace(
            "baya --max-insns=1000000 explain ", "baya explain --max-insns=1000000 ")
    environment = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy",
                       PATH=os.path.dirname(os.path.abspath(baya)) + ":" + os.environ["PATH"])
    return subprocess.run(["bash", "-o", "pipefail", "-c", line.replace("/tmp/", folder + "/")],
                          cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=PATIENCE)


def all_of_them(baya, folder, log):
    lines = list(dict.fromkeys(commands(of_pages()) + commands(of_manual(baya))))
    check(len(lines) > 50, "there are %d commands only" % len(lines))
    with tempfile.TemporaryDirectory() as work, open(log, "ab") as said:
        fill(baya, work, os.path.join(folder, "../guest"))
        for line in lines:
            if lacks(line):
                print("not here: " + line)
                continue
            done = run(baya, work, line)
            said.write(b"$ %s\n%s\n" % (line.encode(), done.stdout))
            said.flush()
            taken = done.returncode == NO_HOST and (b"taken" in done.stdout or ALONE in line)
            check(done.returncode in (ENDED, STOPPED) or taken,
                  "'%s' ends with %d" % (line, done.returncode))


def listed(baya, qmp):
    """Checks that the manual page has a row for each command."""
    with open(baya + ".1", encoding="utf-8") as file:
        rows = set(re.findall(r"(?m)^\.B (.*)$", file.read().replace("\\-", "-")))
    for before, line in ("", "help"), ("info ", "info"):
        for said in qmp.human(line).replace("\r", "").splitlines():
            usage = before + re.split(r"  +", said)[0]
            check(any(usage.startswith(row) for row in rows), "no row of the manual: " + usage)
    names = {command["name"] for command in qmp.ask("query-commands")}
    check(len(names) > 20, "there are %d commands only" % len(names))
    missing = names - {row.split(" ")[0] for row in rows}
    check(not missing, "the manual lacks %s" % missing)


def monitor(baya, folder, log):
    """Runs the commands that the manuals print in the monitor of a machine with a screen, a network
    and a disk."""
    lines = of_monitor(of_pages() + of_manual(baya))
    check(set(ANSWERS) <= set(lines), "not printed: %s" % (set(ANSWERS) - set(lines)))
    with tempfile.TemporaryDirectory() as work:
        picture, disk = (os.path.join(work, name) for name in ("screen.png", "disk.img"))
        form = "qcow2" if shutil.which("qemu-img") else "raw"
        with open(disk, "wb") as file:
            file.truncate(1 << 20)
        if form == "qcow2":
            subprocess.run(["qemu-img", "create", "-q", "-f", form, disk, "1M"], check=True)
        else:
            lines = [line for line in lines if "vm " not in line and "snapshots" not in line]
        words = ["-nic", "user,id=n", "-drive", "file=%s,format=%s,if=virtio" % (disk, form),
                 "-qmp", "unix:%s/qmp,server,nowait" % work]
        for device in "gpu", "keyboard", "tablet":
            words += ["-device", "virtio-%s-device" % device]
        with Machine([baya, *words], log) as machine:
            await_shell(machine)
            await_power_key(machine)
            with Qmp(work + "/qmp") as qmp:
                listed(baya, qmp)
                for line in lines:
                    said = qmp.human(re.sub(r"(\w+\.(png|bin|core))", work + r"/\1", line))
                    said = said.replace("\r", "")
                    answer = ANSWERS.get(line, "^$")
                    taken = line == FORWARD and "in use" in said
                    check(taken or re.search(answer, said), "(baya) %s: %s" % (line, said))
                    if line == RESTARTS:
                        machine.expect("Restarting system")
                        await_shell(machine)
                        await_power_key(machine)
            machine.expect("Power down")
            machine.wait(0)
        with open(picture, "rb") as file:
            check(file.read(4) == b"\x89PNG", "no picture")


if __name__ == "__main__":
    main({"all": all_of_them, "monitor": monitor})
