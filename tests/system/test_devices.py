# SPDX-License-Identifier: MIT
"""Tests all devices in one machine, on PCIe with packed rings and an interrupt for each queue: with
each engine, and compared with a second machine that gets the input from the host by the journal."""

import os
import re
import subprocess
import tempfile

from fixtures.bundled import CONSOLE, PROMPT, SMALL, await_shell, power_off
from fixtures.console import Machine, check, main
from fixtures.listener import connect
from fixtures.qmp import Qmp

FILE_SIZE = 300000
# What -device help lists beside devices on PCIe and those that have no bus: the same devices on
# virtio-mmio, another kind of port, and a file in memory.
OTHERS = re.compile(r"-device$|^virtconsole$|^loader$")
CHUNK = "hello, port\n"
KEYS, EVENT_SIZE = "baya", 24
# A key is pressed and released; each is an event, and another one that ends the report.
KEY_BYTES = len(KEYS) * 4 * EVENT_SIZE


def check_types(baya, line):
    """Checks that the options add a device of each type, so that no two register the same name."""
    text = subprocess.run([baya, "-device", "help"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout
    added = {word.partition(",")[0] for word in line}
    missing = [name for name in re.findall(r"(?m)^\S+$", text)
               if not OTHERS.search(name) and name not in added]
    check(not missing, "add a device of this type to the test: %s" % " ".join(missing))


def devices(folder, *options):
    """Returns the options that add the devices; files and sockets on the host are in the folder."""
    share = os.path.join(folder, "share")
    os.mkdir(share)
    with open(os.path.join(share, "file"), "wb") as file:
        file.write(b"Baya.\n" * (FILE_SIZE // 6))
    with open(os.path.join(folder, "disk.img"), "wb") as file:
        file.truncate(1 << 20)
    ends = {"virtio-blk": "drive=d", "virtio-gpu": "max_outputs=2", "virtio-keyboard": None,
            "virtio-tablet": None, "virtio-mouse": None, "virtio-balloon": None, "virtio-rng": None,
            "virtio-serial": "id=s", "virtio-net": "netdev=n,mq=on", "virtio-fs": "fsdev=f,tag=fs",
            "virtio-9p": "fsdev=g,mount_tag=9p", "virtio-sound": "audiodev=a",
            "virtio-vsock": "guest-cid=3,socket=%s/vsock" % folder}
    line = ["-smp", "2", "-M", "virt,aia=aplic-imsic", *SMALL, "-append", CONSOLE,
            "-netdev", "user,id=n",
            "-drive", "file=%s/disk.img,format=raw,if=none,id=d" % folder,
            "-chardev", "socket,id=c,path=%s/port,server=on,wait=off" % folder,
            "-audiodev", "none,id=a", "-qmp", "unix:%s/qmp,server,nowait" % folder]
    for name in "fg":
        line += ["-fsdev", "local,id=%s,path=%s,security_model=none,readonly=on" % (name, share)]
    for name, properties in ends.items():
        line += ["-device", ",".join(filter(None, (name + "-pci,packed=on", properties)))]
    return line + ["-device", "virtserialport,bus=s.0,chardev=c,name=a",
                   "-device", "pcie-root-port", "-device", "ramfb", *options]


def work(machine):
    """Uses each device a little, and checks the results."""
    machine.command("mkdir /fs /9p; mount -t virtiofs fs /fs", PROMPT)
    machine.command("mount -t 9p -o trans=virtio 9p /9p", PROMPT)
    for mount in ("/fs", "/9p"):
        said = machine.command("wc -c <%s/file" % mount, PROMPT)
        check(said == "%d\n" % FILE_SIZE, "the file of %s has %s" % (mount, said))
    machine.command("cp /9p/file /dev/vda; sync", PROMPT)
    said = machine.command("cmp -n %d /fs/file /dev/vda && echo same" % FILE_SIZE, PROMPT)
    check(said == "same\n", "the disk differs: " + said)
    said = machine.command("head -c 5000 /dev/hwrng | wc -c", PROMPT)
    check(said == "5000\n", "no entropy: " + said)
    said = machine.command("udhcpc -i eth0 -q -n 2>&1 | tail -n 1", PROMPT)
    check("lease of 10.0.2.15 obtained" in said, said)
    said = machine.command("grep -c PCI-MSIX.*virtio.*-input /proc/interrupts", PROMPT)
    check(int(said) >= 2, "no interrupt for each queue of the network: " + said)


def feed(machine, folder):
    """Makes input by users and programs of the host: keys, the pointer, a port, the balloon's
    size."""
    for line in ("head -c %d /dev/input/event0 >/keys &" % KEY_BYTES,
                 "head -c %d /dev/input/event1 >/point &" % (2 * EVENT_SIZE)):
        machine.command(line, PROMPT)
        machine.command("until ls -l /proc/$!/fd | grep -q event; do :; done", PROMPT)
    with connect(folder + "/port") as port, Qmp(folder + "/qmp") as qmp:
        port.sendall(CHUNK.encode())
        said = machine.command("head -n 1 /dev/vport*p1", PROMPT)
        check(said == CHUNK, "the port says " + said)
        for key in KEYS:
            qmp.ask("send-key", keys=[{"type": "qcode", "data": key}])
        qmp.ask("input-send-event", events=[{"type": "abs", "data": {"axis": "x", "value": 999}}])
        qmp.human("balloon 64")
        machine.command("wait", PROMPT)
        said = machine.command("wc -c </keys; wc -c </point", PROMPT)
        check(said == "%d\n%d\n" % (KEY_BYTES, 2 * EVENT_SIZE), "events of %s bytes" % said)
        machine.command("total() { free -m | awk '/Mem/ { print $2 }'; }", PROMPT)
        machine.command("until [ $(total) -lt 64 ]; do sleep 1; done", PROMPT)


def together(baya, _, log, *options):
    with tempfile.TemporaryDirectory() as folder, \
            Machine([baya, *devices(folder, *options)], log) as machine:
        check_types(baya, machine.process.args)
        await_shell(machine, "2")
        work(machine)
        feed(machine, folder)
        said = machine.command("dmesg | grep -iE 'fail|error|broken'", PROMPT)
        check(not said.strip(), "the guest complains: " + said)
        power_off(machine)


if __name__ == "__main__":
    main({"together": together})
