# SPDX-License-Identifier: MIT
"""
Tests a disk of the host that becomes full: the machine stops, its user makes room and lets it
continue, and the guest does not notice; or an error is reported to the guest, as werror= and
rerror= choose. The full disk is a small file system in a mount namespace of the test's.
"""

import contextlib
import os
import re
import struct
import subprocess
import tempfile

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, Skipped, check, main
from fixtures.listener import connect
from fixtures.monitor import Client
from fixtures.qmp import Qmp

UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]
MIB = 1 << 20
ROOM = 8 * MIB  # bytes of the file system, of which another file occupies a quarter


@contextlib.contextmanager
def machine_on_full_disk(baya, log, make, *options):
    """Boots a Linux with a disk that the shell commands `make` create in $D; yields the machine,
    clients of its monitor and of QMP, and the path of the file that occupies space."""
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
    """Makes the guest write more than there is room for, and print the status."""
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
    """Tests the default: the machine stops. Each cont tries the write again."""
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
        check(client.ask("cont") == {}, "cont")  # the disk is still full
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
    """Tests werror=report and ignore, as options of the drive and of the device; the device's
    counts."""
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
    """Tests rerror=stop with a file that was truncated and gets its size back."""
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
    """Checks that an output file that cannot be written completely is an error of the host, even if
    the run ended at its limit of instructions."""
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
    """Checks that a write beyond `ulimit -f`, to a disk or to a shared folder, fails without ending
    Baya. A machine starts even if the limit is smaller than its memory, but not if the bundled
    guest's symbols exceed the limit when they are unpacked."""
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


def unattended(baya, _, log):
    """Checks that the guest gets an error when nobody can type cont: standard input is /dev/null,
    or a pipe that ends after the machine has stopped."""
    if subprocess.run(UNSHARE + ["true"], stderr=subprocess.DEVNULL, check=False).returncode:
        raise Skipped("no user namespaces here")
    script = ("mount -t tmpfs -o size=1M none \"$1\" && truncate -s 16M \"$1\"/disk && exec \"$2\" "
              "-drive file=\"$1\"/disk,format=raw -display none -append 'console=ttyS0 "
              "run=\"dd if=/dev/zero of=/dev/vda bs=64k count=100 conv=fsync\"'")
    with tempfile.TemporaryDirectory() as place, open(log, "w", encoding="utf-8") as record:
        for stdin in (subprocess.DEVNULL, subprocess.PIPE):
            with subprocess.Popen(UNSHARE + ["sh", "-c", script, "sh", place, baya], stdin=stdin,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True) as process:
                said = ""
                while stdin == subprocess.PIPE and "the machine is stopped" not in said:
                    line = process.stdout.readline()
                    check(line, "it does not stop: " + said)
                    said += line
                said += process.communicate(timeout=PATIENCE)[0]
            record.write(said)
            check(process.returncode == 1 and "dd: /dev/vda: Input/output error" in said,
                  "%d: %s" % (process.returncode, said[-500:]))


def flash(baya, _, log):
    """Checks a flash bank whose file cannot grow: Baya reports that once, and the guest gets an
    error for each write."""
    program = [0x220002b7, 0x00400337, 0x04030313,  # t0: the bank; t1: the program command, then the word
               0x0062a023, 0x0062a023, 0x0062a023, 0x0062a023,  # sw t1, (t0): two words
               0x0002a383,  # lw t2, (t0): the status
               0x00900337, 0x09030313,  # t1: both chips are ready, and programming failed
               0x00100437, 0x000054b7, 0x55548493,  # s0: the test device; s1: its value for success
               0x00638463, 0x0000006f,  # loops here unless t2 is t1
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
          "flash": flash, "unattended": unattended})
