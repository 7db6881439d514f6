# SPDX-License-Identifier: MIT
"""Commands work as they are printed: those of the README and of the manual page, each begun in a
folder that has what they name, and ended soon."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile

from bundled import ROMS
from console import check, main

TOP = os.path.join(ROMS, "..")
# Not run here: what others are there for, and what is not a part of Baya.
ELSEWHERE = ("debian", "riscv-tests", "my.elf", "/kernel/", "vmlinux", "logdiff", "screenshot ",
             "fw_dynamic.bin -kernel Image", " -S ")
# Who connects before somebody listens is told so.
ALONE = "stream,addr.type=unix"
ENDED, STOPPED, NO_HOST = 0, 4, 3


def joined(text):
    """Lines that end in a backslash go on."""
    return re.sub(r" *\\\n *", " ", text).split("\n")


def of_readme():
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^(?!    ).*$", "", file.read())
    return [re.sub(r"^\$ ", "", line.strip()) for line in joined(text)]


def of_manual(baya):
    with open(baya + ".1", encoding="utf-8") as file:
        text = file.read()
    text = text[text.index(".SH EXAMPLES"):].replace("\\-", "-").replace("\\e", "\\")
    return joined(text)


def commands(lines):
    """Those of ours, without what is said behind them and what is left open."""
    found = [re.sub(r" # .*| \.\.\.|\s*&$", "", line + " ").strip() for line in lines
             if line.startswith("baya ")]
    return [line for line in found if not any(word in line + " " for word in ELSEWHERE)]


def fill(folder, guests):
    """What the commands name."""
    os.symlink(os.path.abspath(ROMS), os.path.join(folder, "roms"))
    os.symlink(os.path.join(os.path.abspath(TOP), "tests"), os.path.join(folder, "tests"))
    os.mkdir(os.path.join(folder, "data"))
    for name in ("disk.img", "disc.iso", "work.qcow2"):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate(1 << 20)
    if shutil.which("qemu-img"):
        subprocess.run("qemu-img create -q -f qcow2 -F raw -b disk.img work.qcow2".split(),
                       cwd=folder, check=True)
    with open(os.path.join(folder, "secret"), "w", encoding="ascii") as file:
        file.write("weaver\n")
    for source, name in ((os.path.join(guests, "test_pass.elf"), "program.elf"),
                         (os.path.join(ROMS, "Image.gz"), "Image"),
                         (os.path.join(ROMS, "initramfs.cpio.gz"), "initrd.gz")):
        shutil.copyfile(source, os.path.join(folder, name))
    variables = "/usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd"
    if os.path.exists(variables):
        shutil.copyfile(variables, os.path.join(folder, "variables.fd"))


def lacks(line):
    """A package of the host's, which need not be there."""
    words = [word.split("file=")[-1] for word in shlex.split(line)]
    return (any(word.startswith("/usr/") and not os.path.exists(word) for word in words) or
            "qcow2" in line and not shutil.which("qemu-img"))


def run(baya, folder, line):
    """A machine ends after a while; commands of the bundled Linux end by themselves."""
    if not re.match("baya (run|cycles) ", line):
        line = line.replace("baya ", "baya --max-insns=1000000 ", 1).replace(
            "baya --max-insns=1000000 explain ", "baya explain --max-insns=1000000 ")
    environment = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy",
                       PATH=os.path.dirname(os.path.abspath(baya)) + ":" + os.environ["PATH"])
    return subprocess.run(line.replace("/tmp/", folder + "/"), shell=True, cwd=folder,
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=600)


def all_of_them(baya, folder, log):
    lines = commands(of_readme()) + commands(of_manual(baya))
    check(len(lines) > 50, "there are %d commands only" % len(lines))
    with tempfile.TemporaryDirectory() as work, open(log, "ab") as said:
        fill(work, os.path.join(folder, "../guest"))
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


if __name__ == "__main__":
    main({"all": all_of_them})
