# SPDX-License-Identifier: MIT
"""
A host's disk that is full: the machine stops, its user makes room and lets it go on, and the guest
has noticed nothing; or it is told of the error, as werror= and rerror= say. The disk is a small
file system in a mount namespace of our own.
"""

import contextlib
import os
import re
import struct
import subprocess
import tempfile

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import Machine, Skipped, check, main
from fixtures.listener import connect
from fixtures.monitor import Client
from fixtures.qmp import Qmp

UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]
MIB = 1 << 20
ROOM = 8 * MIB  # of the file system, a quarter of which something else takes


@contextlib.contextmanager
def machine_on_full_disk(baya, log, make, *options):
    """A Linux on a disk that `make` makes (in a shell, in $D), who controls it, what takes room."""
    if subprocess.run(UNSHARE + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        raise Skipped("no user namespaces here")
    with tempfile.TemporaryDirectory() as place:
        full = place + "/full"
        os.mkdir(full)
        paths = place + "/monitor", place + "/qmp"
        script = ("D=$1; shift; mount -t tmpfs -o size=%d none $D; head -c %d /dev/zero >$D/other; "
                  "%s; exec \"$@\"" % (ROOM, ROOM // 4, make))
        with Machine(UNSHARE + ["sh", "-c", script, "sh", full, baya, "-display", "none",
                                "-monitor", "unix:%s,server,nowait" % paths[0], "-qmp",
                                "unix:%s,server,nowait" % paths[1],
                                *[option.replace("$D", full) for option in options]],
                     log) as machine, \
                Qmp(connect(paths[1], lambda: machine.process.poll() is None)) as client, \
                connect(paths[0]) as there:
            await_shell(machine)
            other = "/proc/%d/root%s/other" % (machine.process.pid, full)
            yield machine, Client(there), client, other


def fill(machine):
    """More than there is room for, and what the guest got of it."""
    machine.type("dd if=/dev/urandom of=/tmp/data bs=1M count=7 2>/dev/null; "
                 "dd if=/tmp/data of=/dev/vda bs=1M oflag=direct 2>/dev/null; echo wrote $?\n")


def event_of(client, action, operation="write"):
    event = client.event("BLOCK_IO_ERROR")
    reason = event.pop("reason")
    check(re.match("#block[0-9]+$", event.pop("node-name")), "another node")
    check(event == {"device": "disk", "operation": operation, "action": action, "nospace":
                    reason == "No space left on device"}, "the event is %s" % event)
    return reason


def stops(baya, folder, log, form):
    """By default; cont tries again, as often as is asked for."""
    make = {"raw": "truncate -s 16M $D/disk", "qcow2": "qemu-img create -q -f qcow2 $D/disk 16M"}
    with machine_on_full_disk(baya, log, make[form], "-drive",
                              "file=$D/disk,format=%s,if=none,id=disk" % form,
                              "-device", "virtio-blk-device,drive=disk") \
            as (machine, monitor, client, other):
        fill(machine)
        check(event_of(client, "stop") == "No space left on device", "another reason")
        check(client.event("STOP") is None, "no STOP")
        check(client.ask("query-status") == {"status": "io-error", "singlestep": False,
                                             "running": False}, "another status")
        check("VM status: paused (io-error)" in monitor.ask("info status"), "info status")
        check(client.ask("query-block")[0]["io-status"] == "nospace", "query-block")
        check(client.ask("cont") == {}, "cont")  # nothing was mended
        event_of(client, "stop")
        os.unlink(other)
        check(monitor.ask("cont") == "", "cont")
        machine.expect("wrote 0")
        check(client.ask("query-status")["running"], "it does not run")
        check(client.ask("query-block")[0]["io-status"] == "ok", "query-block")
        said = machine.command("cmp /tmp/data /dev/vda 2>&1; dmesg | grep -c 'I/O error'", PROMPT)
        check(said.splitlines()[-1] == "0" and "differ" not in said, "it is not what it wrote")
        power_off(machine)


def told(baya, folder, log):
    """report and ignore, of the drive and of the device, which comes first."""
    with machine_on_full_disk(baya, log, "truncate -s 16M $D/disk", "-drive",
                              "file=$D/disk,format=raw,if=none,id=disk,werror=stop",
                              "-device", "virtio-blk-pci,drive=disk,werror=report") \
            as (machine, monitor, client, _):
        fill(machine)
        machine.expect("wrote 1")
        event_of(client, "report")
        power_off(machine)
    with machine_on_full_disk(baya, log, "truncate -s 16M $D/disk", "-drive",
                              "file=$D/disk,format=raw,if=none,id=disk,werror=ignore",
                              "-device", "virtio-blk-device,drive=disk") \
            as (machine, monitor, client, _):
        fill(machine)
        machine.expect("wrote 0")
        event_of(client, "ignore")
        power_off(machine)


def read(baya, folder, log):
    """rerror=stop: a file that has become shorter, and is mended."""
    with machine_on_full_disk(baya, log, "truncate -s 4M $D/disk", "-drive",
                              "file=$D/disk,format=raw,if=none,id=disk,rerror=stop",
                              "-device", "virtio-blk-device,drive=disk") \
            as (machine, monitor, client, other):
        image = other[:-len("other")] + "disk"
        os.truncate(image, MIB)
        machine.type("dd if=/dev/vda bs=1M skip=2 count=1 2>/dev/null | wc -c; echo read\n")
        check(event_of(client, "stop", "read") == "Input/output error", "another reason")
        check(client.ask("query-block")[0]["io-status"] == "failed", "query-block")
        os.truncate(image, 4 * MIB)
        client.ask("cont")
        machine.expect("1048576\r*\nread")
        power_off(machine)


def reports(baya, _, log):
    """A report that cannot be written is an error of the host, also of a run that was limited."""
    program = os.path.join(os.path.dirname(__file__), "..", "cycles", "elf", "csort.elf")
    run = [program, "--core=cva6", "--max-insns=100000"]
    cycles = ["cycles", "--core=cva6", program]
    with open(log, "w", encoding="utf-8") as record:
        for words in (run + ["--profile=/dev/full"], run + ["--pipeview=/dev/full"],
                      run + ["--coverage=/dev/full"], run + ["-d", "exec", "-D", "/dev/full"],
                      cycles + ["--html=/dev/full"], cycles + ["--json=/dev/full"],
                      ["-M", "virt,dumpdtb=/dev/full"]):
            done = subprocess.run([baya] + words, stdin=subprocess.DEVNULL, stdout=record,
                                  stderr=subprocess.PIPE, text=True, check=False)
            record.write(done.stderr)
            check(done.returncode == 3 and "'/dev/full': No space left" in done.stderr,
                  "%s: %d, %s" % (words[-1], done.returncode, done.stderr))
        for words in (["-h"], cycles):
            for redirect, text in ((">/dev/full", "No space left"), (">&-", "Bad file descriptor")):
                done = subprocess.run(["sh", "-c", 'exec "$0" "$@" ' + redirect, baya] + words,
                                      stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                      check=False)
                record.write(done.stderr)
                check(done.returncode == 3 and text in done.stderr, words[0] + redirect)


def limited(baya, folder, log):
    """Beyond `ulimit -f` a write fails, of a disk and of a shared folder, and nothing ends. Where the
    limit is less than the machine's memory, it starts all the same; but not where the bundled guest's
    symbols are longer when they are unpacked."""
    path = log + ".disk"
    with open(path, "wb") as file:
        file.truncate(64 * MIB)
    with tempfile.TemporaryDirectory() as shared, \
            Machine(["sh", "-c", 'ulimit -f 20000; exec "$@"', "sh", baya, "-drive",
                     "file=%s,format=raw" % path, "-virtfs",
                     "local,path=%s,mount_tag=host,security_model=none" % shared], log) as machine:
        await_shell(machine)
        machine.command("mount -t 9p -o trans=virtio,version=9p2000.L host /mnt", PROMPT)
        said = machine.command("dd if=/dev/zero of=/dev/vda bs=1M seek=32 count=1 conv=fsync 2>&1",
                               PROMPT)
        check("error" in said, "the disk: " + said)
        said = machine.command("dd if=/dev/zero of=/mnt/file bs=1M count=24 2>&1", PROMPT)
        check("error" in said, "the folder: " + said)
        power_off(machine)
    os.unlink(path)
    done = subprocess.run(["sh", "-c", 'ulimit -f 10; exec "$@"', "sh", baya, "run", "--", "true"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    check(done.returncode == 3 and done.stderr.endswith(
        "unpacks to more than a file may have; raise the limit by ulimit -f\n"), done.stderr)


def flash(baya, _, log):
    """Of a flash bank, whose file cannot grow: the user is told once, and the guest each time."""
    program = [0x220002b7, 0x00400337, 0x04030313,  # t0: the bank; t1: program a word, and the word
               0x0062a023, 0x0062a023, 0x0062a023, 0x0062a023,  # sw t1, (t0): two words
               0x0002a383,  # lw t2, (t0): the status
               0x00900337, 0x09030313,  # t1: both chips are ready, and programming failed
               0x00100437, 0x000054b7, 0x55548493,  # s0: the test device; s1: all is well
               0x00638463, 0x0000006f,  # stays here unless t2 is t1
               0x00942023, 0x0000006f]  # sw s1, (s0)
    with tempfile.TemporaryDirectory() as place, open(log, "w", encoding="utf-8") as record:
        with open(place + "/code", "wb") as file:
            file.write(struct.pack("<%dI" % len(program), *program))
        with open(place + "/bank", "wb"):
            pass
        done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", baya, "-bios",
                               place + "/code", "-display", "none", "-serial", "none", "-monitor",
                               "none", "--timeout=60", "-drive",
                               "if=pflash,unit=1,format=raw,file=%s/bank" % place],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False)
        record.write(done.stderr)
        check(done.stderr == "baya: %s/bank: write failed: File too large; the guest got an I/O "
              "error\n" % place, "it says " + done.stderr)
        check(done.returncode == 0, "exit code %d" % done.returncode)


if __name__ == "__main__":
    main({"stops": stops, "told": told, "read": read, "reports": reports, "limited": limited,
          "flash": flash})
