# SPDX-License-Identifier: MIT
"""
Tests disks that are added and removed while the machine runs: nodes of the block layer, by QMP and
by -blockdev, with answers that are byte for byte QEMU's where QEMU is installed; and a Linux with a
PCIe slot, into which a disk is plugged, which writes to it and releases it. In one test a shell
does by the slot's registers what Linux's hot-plug driver does, which is switched off.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.qmp import Qmp

FROZEN = ["-S", "-bios", "none", "-display", "none", "-serial", "null", "-monitor", "none"]


def request(command, **arguments):
    return json.dumps({"execute": command, "arguments":
                       {name.replace("_", "-"): value for name, value in arguments.items()}})


def add(driver, name, file=None, **others):
    if name:
        others["node-name"] = name
    if file is not None:
        others["file"] = file
    return request("blockdev-add", driver=driver, **others)


def in_file(name, **others):
    return {"driver": "file", "filename": name,
            **{key.replace("_", "-"): value for key, value in others.items()}}


def delete(name):
    return request("blockdev-del", node_name=name)


NODES = [
    request("query-named-block-nodes"),
    add("raw", "n0", in_file("missing.img")),
    add("raw", "n0", in_file("a.img", read_only=True), read_only=True),
    add("raw", "m0", in_file("b.img")),
    request("query-named-block-nodes", flat=True),
    request("block_resize"),
    request("block_resize", size=2 << 20),
    request("block_resize", node_name="m0", size="2M"),
    request("block_resize", node_name="m0", size=-1),
    request("block_resize", device="zz", size=2 << 20),
    request("block_resize", device="zz", node_name="yy", size=2 << 20),
    request("block_resize", device="d0", size=2 << 20),  # d0 is read-only
    request("block_resize", device="zz", node_name="m0", size=2 << 20),
    request("query-named-block-nodes", flat=True),
    add("raw", "n0", in_file("c.img")),  # n0 exists
    add("qcow2", "n1", in_file("c.img")),  # c.img is not qcow2
    add("qcow2", "n1", in_file("d.qcow2")),
    add("foo", "n2", in_file("c.img")),
    add("raw", "n3"),
    add("raw", "n3", "zz"),
    request("blockdev-add", node_name="n3", file="zz"),
    add("raw", None, in_file("c.img")),
    *(add("raw", name, in_file("c.img")) for name in ("", "#block1", "1a b", "x" * 32, "a/b", "é")),
    add("raw", "n3", in_file("c.img"), bogus=1),
    add("raw", "n3", in_file("c.img", bogus=1)),
    add("raw", "n3", in_file("c.img"), **{"read-only": "x"}),
    add("raw", "n3", in_file("c.img"), discard="x"),
    add("raw", "n3", in_file("c.img"), **{"detect-zeroes": "x"}),
    add("raw", "n3", in_file("c.img", aio=5)),
    add("raw", "n3", {"driver": "file"}),
    add("raw", "n3", 5),
    add(5, "n3", "f0"),
    add("raw", 5, "f0"),
    add("raw", "n3", in_file("c.img"), cache={"zz": True}),
    add("raw", "n3", in_file("c.img"), cache=5),
    add("file", "n3", filename="c.img", file="f0"),
    add("raw", "n3", in_file("c.img", node_name="n3")),
    add("raw", "n3", in_file("c.img", node_name="n0")),
    add("raw", "n3", in_file("/")),
    add("host_device", "n3", filename="c.img", **{"read-only": True}),
    add("file", "n3", filename="/dev/null"),
    add("raw", "n3", in_file("/nowhere/at/all")),
    add("raw", "d0", in_file("c.img")),  # the id of a drive
    add("file", "f0", filename="e.img"),
    add("raw", "n5", "f0"),
    delete("f0"),
    delete("zz"),
    delete("d0"),  # a drive's id is not a node's name
    delete("nd0"),  # in use by a device
    add("raw", "n8", in_file("c.img", node_name="inl"), **{"read-only": True}),
    delete("inl"),
    request("query-named-block-nodes"),
    delete("n8"),
    add("raw", "n8", in_file("c.img"), discard="unmap", cache={"direct": False}),
    delete("n5"),
    delete("f0"),
    delete("f0"),
    request("blockdev-del"),
    request("blockdev-del", node_name=5),
    request("query-named-block-nodes"),
]


def plug(driver, **arguments):
    return request("device_add", driver=driver, **arguments)


def unplug(name):
    return request("device_del", id=name)


PLUGS = [
    request("device_add"),
    request("device_add", bus="rp0"),
    plug("virtio-blk-foo", bus="rp0"),
    plug("virtio-rng-pci", bus="zz", id="x"),
    plug("virtio-rng-pci", id="x"),
    plug("virtio-rng-pci", id="x", bus="pcie.0"),
    plug("virtio-rng-device", id="x"),
    plug("virtio-rng-pci", bus="rp0", id="b0"),
    plug("virtio-blk-pci", bus="rp0", id="x"),
    plug("pcie-root-port"),
    plug("virtio-rng-pci", bus="rp0", id="1 x"),
    plug("virtio-blk-pci", bus="rp0", drive="zz"),
    plug("virtio-blk-pci", bus="rp0", drive="d0"),
    plug("virtio-rng-pci", bus="rp0", id="x"),
    request("device_del"),
    request("device_del", id=5),
    *(unplug(name) for name in ("zz", "b0", "rp0", "r1")),
]


def make_images(folder):
    for name in ("a.img", "b.img", "c.img", "e.img"):
        with open(os.path.join(folder, name), "wb") as file:
            file.truncate(1 << 20)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "d.qcow2", "1M"], cwd=folder,
                   check=True)


# Numbers of generated names, and what QEMU adds for some formats, are not compared.
DIFFERENT = rb'(?<=#block)\d+|"cluster-size": \d+, |"format-specific": {.*?}}, '


def answers(argv, folder, texts):
    """Returns the answers to QMP requests, without what may differ."""
    path = os.path.join(folder, "qmp.sock")
    argv = [*argv, "-qmp", "unix:%s,server=on,wait=off" % path, *FROZEN]
    before = os.getcwd()
    os.chdir(folder)
    try:
        with Machine(argv, os.path.join(folder, "log")), Qmp(path) as client:
            got = []
            for text in texts:
                lines = client.exchange(text.encode())
                got.append([re.sub(DIFFERENT, b"", line) for line in lines])
            client.send(b'{"execute":"quit"}')
            return got
    finally:
        os.chdir(before)


def compare(baya, options, texts):
    """Checks that Baya's answers are QEMU's, if that is installed; returns them."""
    qemu = shutil.which("qemu-system-riscv64")
    with tempfile.TemporaryDirectory() as folder:
        make_images(folder)
        ours = answers([baya, *options], folder, texts)
    check(all(ours), "no answer")
    if not qemu:
        print("QEMU is not installed: the answers are compared with nothing")
        return ours
    with tempfile.TemporaryDirectory() as folder:
        make_images(folder)
        theirs = answers([qemu, "-M", "virt", *options], folder, texts)
    for text, our, their in zip(texts, ours, theirs):
        check(our == their, "%s:\n%r\nand not\n%r" % (text, our, their))
    return ours


def nodes(baya, folder, log):
    """Adds and deletes nodes, with requests that are refused, as in QEMU."""
    del folder, log
    compare(baya, ["-drive", "file=a.img,format=raw,if=none,id=d0,readonly=on,node-name=nd0",
                   "-device", "virtio-blk-device,drive=d0,id=b0"], NODES)
    block, = json.loads(compare(baya, ["-blockdev",
                                       "driver=raw,node-name=n,file.driver=file,file.filename=a.img",
                                       "-device", "virtio-blk-pci,drive=n,id=b0"],
                                [delete("n"), request("query-named-block-nodes")])[1][0])["return"][:1]
    check(block["node-name"] == "n", "another node")


def job(client, command, node, **others):
    """Runs a job that saves or loads a snapshot; returns its error."""
    client.ask(command, job_id="j", tag="t", devices=[node], **others)
    while client.ask("query-jobs")[0]["status"] != "concluded":
        time.sleep(0.05)
    error = client.ask("query-jobs")[0].get("error", "")
    client.ask("job-dismiss", id="j")
    return error


def other_size(client):
    """Checks that loading a snapshot is refused after the machine's other disk has grown, without
    any change."""
    nodes = {block["device"]: block["inserted"]["node-name"]
             for block in client.ask("query-block")}
    check(job(client, "snapshot-save", nodes["d0"], vmstate=nodes["d0"]) == "", "it is not saved")
    client.ask("block_resize", device="d1", size=4 << 20)
    error = job(client, "snapshot-load", nodes["d0"], vmstate=nodes["d0"])
    check("is of another machine, which differs in blk" in error, "it says '%s'" % error)
    client.ask("cont")


def resize(baya, folder, log):
    """Checks that Linux notices that its disks have grown, and uses the new part."""
    del folder
    with tempfile.TemporaryDirectory() as place:
        make_images(place)
        # The driver's messages about new sizes are off, as they would be mixed with the echo of
        # typed commands.
        argv = [baya, "-append", "console=ttyS0 quiet", "-drive",
                "file=%s/d.qcow2,format=qcow2,id=d0" % place, "-drive",
                "file=%s/c.img,format=raw,if=none,id=d1" % place, "-device",
                "virtio-blk-pci,drive=d1", "-qmp", "unix:%s/qmp,server=on,wait=off" % place]
        with Machine(argv, log) as machine, Qmp(os.path.join(place, "qmp")) as client:
            await_shell(machine)
            client.ask("block_resize", device="d0", size=3 << 20)
            check(client.human("block_resize d1 3") == "", "the monitor cannot")
            for disk in "vda", "vdb":
                machine.command("while [ $(cat /sys/block/%s/size) != 6144 ]; do sleep 0.1; done"
                                % disk, PROMPT)
                machine.command("echo the new end | dd of=/dev/%s bs=512 seek=6143 conv=sync,fsync"
                                % disk, PROMPT)
            check("can only become larger" in client.human("block_resize d1 1M"), "it is smaller")
            other_size(client)
            check(machine.command("echo $((6*7))", PROMPT) == "42\n", "it does not go on")
            power_off(machine)
        for name, form in ("d.qcow2", "qcow2"), ("c.img", "raw"):
            raw = os.path.join(place, "raw")
            subprocess.run(["qemu-img", "convert", "-f", form, "-O", "raw",
                            os.path.join(place, name), raw], check=True)
            with open(raw, "rb") as image:
                data = image.read()
            check(len(data) == (4 << 20 if form == "raw" else 3 << 20) and
                  data[(3 << 20) - 512:].startswith(b"the new end\n"), "%s has another end" % name)


def plugs(baya, folder, log):
    """Checks the requests that device_add and device_del refuse."""
    del folder, log
    compare(baya, ["-drive", "file=a.img,format=raw,if=none,id=d0", "-device",
                   "virtio-blk-device,drive=d0,id=b0", "-device",
                   "pcie-root-port,id=rp0,chassis=1,slot=1", "-device", "virtio-rng-pci,id=r1"],
            PLUGS)


# Accesses to the port's registers: its PCI Express capability begins at $E.
SHELL = r"""
C=/sys/bus/pci/devices/0000:00:01.0/config
byte() { od -A n -t u1 -j $1 -N 1 $C | tr -d ' '; }
E=$(byte 52); while [ $(byte $E) != 16 ]; do E=$(byte $((E+1))); done
status() { byte $((E+26)); }
control() { printf "$1" | dd of=$C bs=2 seek=$((E/2+12)) conv=notrunc 2>/dev/null; }
clear() { printf '\377\000' | dd of=$C bs=2 seek=$((E/2+13)) conv=notrunc 2>/dev/null; }
"""
BUTTON, PRESENCE, PRESENT = 1, 8, 64
# Values of Slot Control. In all of them the attention indicator is off; power and its indicator
# differ.
ON, BLINKS, OFF = r"\300\001", r"\300\002", r"\300\007"


# Linux's own driver does not use the slot with this option.
BY_HAND = ["-append", "console=ttyS0 pcie_ports=compat"]


class Slot:
    """The guest's side of a slot, driven by a shell."""

    def __init__(self, machine):
        self.machine = machine
        machine.command("stty cols 500", PROMPT)
        for line in SHELL.strip().split("\n"):
            machine.command(line, PROMPT)

    def status(self):
        return int(self.machine.command("status", PROMPT))

    def control(self, value):
        self.machine.command("control '%s'" % value, PROMPT)

    def find(self):
        """Switches the slot's power on, and makes the kernel scan the bus."""
        check(self.status() & (BUTTON | PRESENCE | PRESENT) == BUTTON | PRESENCE | PRESENT,
              "the guest is not told of the device")
        self.machine.command("clear", PROMPT)
        self.control(ON)
        self.machine.command("echo 1 > /sys/bus/pci/rescan; udevadm settle 2>/dev/null", PROMPT)

    def let_go(self):
        check(self.status() & BUTTON, "the guest is not asked")
        self.machine.command("clear", PROMPT)
        self.control(BLINKS)
        self.machine.command("echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove", PROMPT)
        self.control(OFF)


def gone(client, name):
    event = client.event("DEVICE_DELETED")
    while "device" not in event:  # QEMU reports the virtio device inside it first
        event = client.event("DEVICE_DELETED")
    check(event == {"device": name, "path": "/machine/peripheral/" + name}, "event: %s" % event)


def once(machine, client, slot, name, file):
    """Plugs in a disk, finds it in the guest, writes to it and removes it."""
    client.ask("blockdev-add", driver="qcow2" if file.endswith("qcow2") else "raw",
               file=in_file(file), node_name=name)
    client.ask("device_add", driver="virtio-blk-pci", bus="rp0", drive=name, id="disk")
    slot.find()
    check(machine.command("cat /sys/block/vda/size", PROMPT) == "2048\n", "another disk")
    machine.command("echo %s to %s > /root/text; dd if=/root/text of=/dev/vda bs=512 seek=7 "
                    "conv=sync,fsync 2>/dev/null" % (name, os.path.basename(file)), PROMPT)
    block, = [block for block in client.ask("query-block")
              if block.get("qdev") == "/machine/peripheral/disk/virtio-backend"]
    check(block["inserted"]["node-name"] == name, "another node: %s" % block)
    check(client.command("blockdev-del", node_name=name)["error"]["desc"] ==
          "Node %s is in use" % name, "it is deleted below the guest")
    client.ask("device_del", id="disk")
    check(not client.events, "events: %s" % client.events)
    slot.let_go()
    gone(client, "disk")
    check(not slot.status() & PRESENT, "it is still there")
    check(machine.command("ls /sys/bus/pci/devices | wc -l; ls /dev/vda 2>&1 | wc -c", PROMPT)
          .split()[0] == "2", "the bus has other devices")
    client.ask("blockdev-del", node_name=name)


def check_written(folder, name, file):
    raw = os.path.join(folder, "written.raw")
    subprocess.run(["qemu-img", "convert", "-O", "raw", file, raw], check=True)
    with open(raw, "rb") as image:
        data = image.read()
    text = b"%s to %s\n" % (name.encode(), os.path.basename(file).encode())
    check(data == bytes(7 * 512) + text + bytes((1 << 20) - 7 * 512 - len(text)),
          "%s has other data" % file)


def at_reset(machine, client, slot):
    """Checks that a device whose removal the guest ignores is removed when the machine is reset."""
    slot.control(ON)
    said = client.human("device_add driver=virtio-rng-pci,bus=rp0,id=rng")
    check(not said, said)
    client.ask("device_del", id="rng")
    check("in the process of unplug" in client.command("device_del", id="rng")["error"]["desc"],
          "it is asked twice")
    client.ask("system_reset")
    gone(client, "rng")
    await_shell(machine)
    check(machine.command("ls /sys/bus/pci/devices | wc -l", PROMPT) == "2\n", "it is still there")


def hotplug(baya, folder, log, engine, aia):
    """Tests two disks, one after the other."""
    del folder
    with tempfile.TemporaryDirectory() as place:
        make_images(place)
        argv = [baya, "--engine=" + engine, "-M", "virt,aia=" + aia, *BY_HAND, "-device",
                "pcie-root-port,id=rp0,chassis=1,slot=5", "-qmp",
                "unix:%s/qmp,server=on,wait=off" % place]
        disks = [("n0", os.path.join(place, "b.img")), ("n1", os.path.join(place, "d.qcow2"))]
        with Machine(argv, log) as machine, Qmp(os.path.join(place, "qmp")) as client:
            await_shell(machine)
            slot = Slot(machine)
            for disk in disks:
                once(machine, client, slot, *disk)
            check("not found" in client.human("device_del disk"), "it is still known")
            at_reset(machine, client, slot)
            client.ask("quit")
            machine.wait(0)
        for disk in disks:
            check_written(place, *disk)


def await_disk(machine, there):
    machine.command("while [ %s -e /sys/block/vda ]; do sleep 0.1; done" % ("!" if there else ""),
                    PROMPT)


def pciehp(baya, folder, log, aia):
    """
    Adds and removes a disk twice, with Linux's own driver of slots (pciehp). On a machine without
    message-signalled interrupts that driver polls the slot: with interrupts it would wait for
    itself when the disk is removed.
    """
    del folder
    polls = "" if aia == "aplic-imsic" else "pciehp.pciehp_poll_mode=1 pciehp.pciehp_poll_time=1"
    with tempfile.TemporaryDirectory() as place:
        make_images(place)
        # The driver waits for seconds of the guest's time, which the virtual clock skips. Its
        # messages are off, as they would be mixed with the echo of typed commands.
        argv = [baya, "--clock=virtual", "-M", "virt,aia=" + aia, "-append",
                "console=ttyS0 quiet " + polls, "-device",
                "pcie-root-port,id=rp0,chassis=1,slot=5", "-drive",
                "file=%s/b.img,format=raw,if=none,id=d0" % place, "-qmp",
                "unix:%s/qmp,server=on,wait=off" % place]
        with Machine(argv, log) as machine, Qmp(os.path.join(place, "qmp")) as client:
            await_shell(machine)
            for _ in range(2):
                client.ask("device_add", driver="virtio-blk-pci", bus="rp0", drive="d0", id="disk")
                await_disk(machine, True)
                check(machine.command("cat /sys/block/vda/size", PROMPT) == "2048\n",
                      "another disk")
                client.ask("device_del", id="disk")
                gone(client, "disk")
                await_disk(machine, False)
            power_off(machine)


def saved(baya, folder, log):
    """Checks that a snapshot contains the pending removal of a device, and can only be loaded into
    a machine with the same devices."""
    del folder
    other = "is of another machine"
    with tempfile.TemporaryDirectory() as place:
        make_images(place)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "s.qcow2", "64M"], cwd=place,
                       check=True)
        argv = [baya, *BY_HAND, "-device", "pcie-root-port,id=rp0,chassis=1,slot=5", "-drive",
                "file=%s/s.qcow2,format=qcow2" % place, "-qmp",
                "unix:%s/qmp,server=on,wait=off" % place]
        with Machine(argv, log) as machine, Qmp(os.path.join(place, "qmp")) as client:
            await_shell(machine)
            check(client.human("savevm without") == "", "it cannot be saved")
            client.ask("device_add", driver="virtio-rng-pci", bus="rp0", id="rng")
            check(other in client.human("loadvm without"), "a machine with another device")
            client.ask("cont")
            check(client.human("savevm with") == "", "it cannot be saved with the device")
            client.ask("device_del", id="rng")
            check(client.human("savevm asked") == "", "it cannot be saved while it is asked")
            check(client.human("loadvm with") == "", "it is another machine")
            check(client.human("device_del rng") == "", "it was not asked then")
            check(client.human("loadvm asked") == "", "it is another machine now")
            check("in the process" in client.human("device_del rng"), "it was asked then")
            client.ask("system_reset")
            gone(client, "rng")
            await_shell(machine)
            check(other in client.human("loadvm with"), "a machine without the device")
            client.ask("cont")
            check(client.human("loadvm without") == "", "it is not as it was")
            check(machine.command("echo $((6*7))", PROMPT) == "42\n", "it does not go on")
            client.ask("quit")
            machine.wait(0)


def refused(baya, argv, words, folder):
    done = subprocess.run([baya, *FROZEN, *argv], stdin=subprocess.DEVNULL, timeout=PATIENCE, cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode in (2, 3) and done.stdout == "baya: %s\n" % words,
          "%s: it says '%s'" % (argv, done.stdout))


def lines(baya, folder, log):
    """Tests -blockdev as a list and as JSON, its messages of one line, locks, and that --compare
    refuses a disk that is added."""
    del folder
    image = "driver=raw,node-name=n,file.driver=file,file.filename=a.img"
    with tempfile.TemporaryDirectory() as place:
        make_images(place)
        for text, words in (
                ("driver=raw,node-name=n", "Parameter 'file' is missing"),
                ("node-name=n", "Parameter 'driver' is missing"),
                ("driver", "Expected '=' after parameter 'driver'"),
                (image + ",driver=raw", "'driver' is given twice"),
                (image + ",offset=512", "Parameter 'offset' is not supported by Baya"),
                (image + ",file.locking=off", "Parameter 'file.locking' is not supported as 'off'; "
                                              "accepted: auto|on"),
                (image + ",read-only=x", "Parameter 'read-only' expects 'on' or 'off'"),
                ('{"driver":"raw","node-name":"n","file":{"driver":"raw"}}',
                 "Parameter 'file.driver' does not accept value 'raw'"),
                ('{"driver":"raw","backing":{"driver":"raw"},"node-name":"n","file":"a"}',
                 "Parameter 'backing.driver' is unexpected")):
            refused(baya, ["-blockdev", text], "-blockdev: " + words, place)
        refused(baya, ["-blockdev", image.replace("a.img", "z.img")],
                "Could not open 'z.img': No such file or directory", place)
        refused(baya, ["-blockdev", image, "-device", "virtio-blk-device,drive=n", "-device",
                       "virtio-blk-device,drive=n"],
                "-device virtio-blk: Permission conflict on node 'n': it is in use", place)
        path = os.path.join(place, "a.img")
        with Machine([baya, *FROZEN, "-blockdev", json.dumps(
                {"driver": "raw", "node-name": "n", "file": in_file(path)}), "-qmp",
                      "unix:%s.sock,server=on,wait=off" % path], log), \
                Qmp(path + ".sock") as client:
            refused(baya, ["-blockdev", image],
                    "Failed to get \"write\" lock: 'a.img' is in use", place)
            check("n: %s (raw)" % path in client.human("info block"), "it is not listed")
            deep = "x"
            for _ in range(9):
                deep = {"file": deep}
            for hostile in (deep, {"k%d" % n: n for n in range(100)}, {"file": {}, "cache": {}},
                            {"x" * 1000: {"y" * 1000: 1}}, {"file": [5]}, {"file": None}):
                answer = client.command("blockdev-add", driver="raw", **hostile)
                check(answer["error"]["class"] == "GenericError", "it takes %s" % hostile)
            check(client.command("blockdev-del", **{"node-name": "n"}) == {"return": {}}, "it stays")
            refused(baya, ["-blockdev", image, "-kernel", "missing"],
                    "kernel 'missing': cannot be opened: No such file or directory; check name "
                    "and rights", place)
        with Machine([baya, *FROZEN, "-blockdev", "driver=file,node-name=f,filename=%s/d.qcow2" %
                      place, "-blockdev", "driver=qcow2,node-name=q,file=f", "-qmp",
                      "unix:%s.sock,server=on,wait=off" % path], log), \
                Qmp(path + ".sock") as client:
            # The file node below another node is not counted as a disk that cannot have snapshots.
            check(client.human("savevm s") == "", "it cannot be saved")
            check("List of partial" not in client.human("info snapshots"), "it is not of all")
            check(client.human("loadvm s") == "", "it cannot be loaded")
        with Machine([baya, *FROZEN, "--compare", "-qmp", "unix:%s.sock,server=on,wait=off" % path],
                     log), Qmp(path + ".sock") as client:
            answer = client.command("blockdev-add", driver="raw", file=in_file(path),
                                    **{"node-name": "n"})
            check("under --compare" in answer["error"]["desc"], "a disk under --compare")


if __name__ == "__main__":
    main({name: getattr(sys.modules[__name__], name) for name in
          ("nodes", "lines", "plugs", "resize", "saved", "hotplug", "pciehp")})
