# SPDX-License-Identifier: MIT
"""Tests disk images as Linux uses them: qcow2 over a backing file, -snapshot, -cdrom, locks,
stops."""

import hashlib
import os
import re
import subprocess
import tempfile

from fixtures.bundled import PROMPT, await_shell, booted
from fixtures.console import Machine, check, main, need
from fixtures.qmp import Qmp


def make(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.md5(file.read()).hexdigest()


def qcow2(baya, _, log):
    """Writes to a file system on a qcow2 image over a raw one, checks it, and checks that the raw
    one and with -snapshot both are unchanged."""
    need({"qemu-img": "qemu-utils", "mkfs.ext4": "e2fsprogs"})
    with tempfile.TemporaryDirectory() as folder:
        base, image = os.path.join(folder, "base.raw"), os.path.join(folder, "disk.qcow2")
        make("truncate", "-s", "64M", base)
        make("mkfs.ext4", "-q", base)
        make("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "base.raw", image)
        before = digest(base)
        drive = ["-drive", "file=%s,format=qcow2" % image]
        with booted([baya, *drive], log) as machine:
            machine.command("mount /dev/vda /mnt; cd /mnt", PROMPT)
            machine.command("for n in $(seq 50); do cp /bin/busybox f$n; done", PROMPT)
            machine.command("rm f1? f2?; sync; md5sum f* >sums; cd", PROMPT)
            done = subprocess.run([baya, *drive], capture_output=True, check=False)
            check(b"in use by another machine, or twice" in done.stderr, done.stderr.decode())
            check(done.returncode == 3, "exit code %d" % done.returncode)
            machine.command("umount /mnt", PROMPT)
        make("qemu-img", "check", "-q", image)
        check(digest(base) == before, "the backing file has changed")
        written = digest(image)
        with booted([baya, "-snapshot", *drive, "-cdrom", base], log) as machine:
            machine.command("mount /dev/vda /mnt; cd /mnt", PROMPT)
            check(machine.command("md5sum -c sums | grep -c OK", PROMPT) == "30\n", "sums")
            machine.command("rm f*; cd; umount /mnt", PROMPT)
            check(machine.command("blockdev --getro /dev/vdb", PROMPT) == "1\n", "a disc")
        check(digest(image) == written, "-snapshot has written")


def chain(baya, _, log):
    """Checks that QMP reports the backing files of an image, by which programs know that they must
    not remove these."""
    need({"qemu-img": "qemu-utils"})
    with tempfile.TemporaryDirectory() as folder:
        base, middle, top = (os.path.join(folder, name) for name in ("base.raw", "b.qcow2", "c.qcow2"))
        make("truncate", "-s", "1M", base)
        for name, form, below in (middle, "raw", "base.raw"), (top, "qcow2", middle):
            make("qemu-img", "create", "-q", "-f", "qcow2", "-F", form, "-b", below, name)
        with Machine([baya, "-S", "-display", "none", "-serial", "null", "-monitor", "none",
                      "-drive", "file=%s,format=qcow2" % top,
                      "-qmp", "unix:%s/qmp,server,nowait" % folder], log) as machine:
            with Qmp(folder + "/qmp") as client:
                told, = (block["inserted"] for block in client.ask("query-block"))
                check(told["backing_file_depth"] == 2 and told["backing_file"] == middle, str(told))
                node = client.ask("query-named-block-nodes")[0]
                check(node["backing_file_depth"] == 2, str(node))
                image, files = told["image"], []
                while image:
                    files += [(image["filename"], image.get("backing-filename"),
                               image.get("cluster-size"))]
                    image = image.get("backing-image")
                check(files == [(top, middle, 65536), (middle, "base.raw", 65536),
                                (base, None, None)], str(files))
                check("Backing file:     %s (chain depth: 2)" % middle in client.human("info block"),
                      "info block")
                client.ask("quit")
            machine.wait(0)


def write(machine, disk="vda"):
    """Writes 2 MiB, which no flush follows; returns their digest."""
    machine.command("head -c 2097152 /dev/urandom >r", PROMPT)
    return machine.command("dd if=r of=/dev/%s oflag=direct 2>&-; md5sum <r" % disk,
                           PROMPT).split()[0]


def check_copy(image, right):
    """Checks that a copy of an image in use is undamaged, and that its first 2 MiB have the right
    digest."""
    make("cp", image, image + ".copy")
    make("qemu-img", "check", "-q", image + ".copy")
    make("qemu-img", "convert", "-O", "raw", image + ".copy", image + ".raw")
    with open(image + ".raw", "rb") as file:
        check(hashlib.md5(file.read(2 << 20)).hexdigest() == right, "another copy")


def first_digest(image, form):
    make("qemu-img", "convert", "-f", form, "-O", "raw", image, image + ".copy")
    with open(image + ".copy", "rb") as file:
        return hashlib.md5(file.read(2 << 20)).hexdigest()


def committed(baya, _, log):
    """Commits disks of a running Linux: one with -snapshot, whose writes would otherwise be
    dropped, and an image with a backing file."""
    need({"qemu-img": "qemu-utils"})
    with tempfile.TemporaryDirectory() as folder:
        raw, base, image = (folder + name for name in ("/raw", "/base", "/disk.qcow2"))
        for name in raw, base:
            make("truncate", "-s", "4M", name)
        make("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "base", image)
        with Machine([baya, "-drive", "file=%s,format=raw,snapshot=on,if=none,id=d0" % raw, "-drive",
                      "file=%s,format=qcow2,if=none,id=d1" % image, "-device",
                      "virtio-blk-device,drive=d0", "-device", "virtio-blk-device,drive=d1", "-qmp",
                      "unix:%s/qmp,server,nowait" % folder], log) as machine:
            await_shell(machine)
            with Qmp(folder + "/qmp") as client:
                machine.command("dd if=/dev/vda of=/dev/null bs=64k count=16 iflag=direct", PROMPT)
                machine.command("dd if=/dev/zero of=/dev/vda bs=64k count=8 oflag=direct", PROMPT)
                stats = client.human("info blockstats").splitlines()[0]
                for counted in "wr_bytes=524288 ", "wr_operations=8 ", "flush_operations=0 ":
                    check(" " + counted in stats, "info blockstats: " + stats)
                check(int(re.match(r"d0: rd_bytes=([0-9]+) ", stats)[1]) >= 1 << 20, stats)
                check(re.search(r" rd_total_time_ns=[1-9][0-9]* ", stats), stats)
                digests = [write(machine, disk) for disk in ("vda", "vdb")]
                for disk in "d0", "all":
                    check(client.human("commit " + disk) == "", "no commit of " + disk)
                check("'d2' not found" in client.human("commit d2"), "there is no d2")
                for disk, right in zip(("vda", "vdb"), digests):
                    said = machine.command("dd if=/dev/%s bs=1M count=2 iflag=direct 2>&- | md5sum"
                                           % disk, PROMPT)
                    check(said.split()[0] == right, disk + " has another content")
                    write(machine, disk)
                client.ask("quit")
            machine.wait(0)
        for name, right in zip((raw, base), digests):
            check(first_digest(name, "raw") == right, name + " has another content")
        check(first_digest(image, "qcow2") not in digests, "the later write is not in the image")


def stopped(baya, _, log):
    """Checks that a copy of a stopped machine's disk has all data that was written, however it was
    stopped."""
    need({"qemu-img": "qemu-utils"})
    with tempfile.TemporaryDirectory() as folder:
        image, place = folder + "/disk.qcow2", folder + "/qmp"
        make("qemu-img", "create", "-q", "-f", "qcow2", image, "64M")
        with Machine([baya, "-no-shutdown", "-drive", "file=%s,format=qcow2" % image,
                      "-qmp", "unix:%s,server,nowait" % place], log) as machine:
            await_shell(machine, "1")
            first = write(machine)
            with Qmp(place) as client:
                client.ask("stop")
                check_copy(image, first)
                client.ask("cont")
                second = write(machine)
                client.event("RESUME")
                machine.type("poweroff -f\n")
                client.event("STOP")
                check_copy(image, second)
                client.ask("quit")
            machine.wait(0)


SECTOR = 2048


def both(value, size):
    """Returns a number in both byte orders, as ISO 9660 stores them (ECMA-119, 7.2.3 and 7.3.3)."""
    return value.to_bytes(size, "little") + value.to_bytes(size, "big")


def entry(name, sector, size, folder):
    """Returns a directory record (ECMA-119, 9.1)."""
    record = (bytes(1) + both(sector, 4) + both(size, 4) + bytes(7) + bytes([2 if folder else 0]) +
              bytes(2) + both(1, 2) + bytes([len(name)]) + name)
    record += bytes(1 - len(name) % 2)
    return bytes([len(record) + 1]) + record


def make_disc(path, name, data):
    """Writes a disc with one file: volume descriptors from sector 16 on, the folder, the file."""
    root, content = 18, 19
    own = entry(bytes(1), root, SECTOR, True)
    volume = (b"\1CD001\1" + bytes(73) + both(content + 1, 4) + bytes(32) + both(1, 2) +
              both(1, 2) + both(SECTOR, 2) + bytes(24))
    folder = own + entry(b"\1", root, SECTOR, True) + entry(name, content, len(data), False)
    with open(path, "wb") as file:
        for sector, part in ((16, volume + own), (17, b"\377CD001\1"), (root, folder),
                             (content, data.ljust(SECTOR, b"\0"))):
            file.seek(sector * SECTOR)
            file.write(part.ljust(SECTOR, b"\0"))


def iso(baya, _, log):
    """Checks that the bundled Linux can mount a disc."""
    with tempfile.TemporaryDirectory() as folder:
        disc = os.path.join(folder, "disc.iso")
        make_disc(disc, b"NEST.TXT;1", b"a weaver's\n")
        with booted([baya, "-cdrom", disc], log) as machine:
            machine.command("mount -t iso9660 /dev/vda /mnt", PROMPT)
            check(machine.command("cat /mnt/nest.txt", PROMPT) == "a weaver's\n", "another file")


def disguised(baya, _, log):
    """
    Checks that a guest which writes a qcow2 header that names another file to its raw disk does not
    get that file: without a format= the disk is refused, and with format=raw it stays raw.
    """
    with tempfile.TemporaryDirectory() as folder:
        disk, secret = os.path.join(folder, "disk"), os.path.join(folder, "secret")
        make("truncate", "-s", "1M", disk)
        make("truncate", "-s", "1M", secret)
        make("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret,
             disk + ".qcow2")
        with open(disk + ".qcow2", "rb") as file:
            header = file.read(1024)
        writes = "printf '%s' | dd of=/dev/vda bs=1024 conv=fsync" % \
            "".join("\\%03o" % byte for byte in header.rstrip(b"\0"))
        raw = ["-drive", "file=%s,format=raw" % disk]
        with booted([baya, *raw], log) as machine:
            for at in range(0, len(writes), 200):
                machine.type("echo -n '%s' >>/tmp/w\n" % writes[at:at + 200].replace("'", "'\\''"))
                machine.expect(PROMPT)
            machine.command("sh /tmp/w; echo", PROMPT)
        with open(disk, "rb") as file:
            check(file.read(1024).rstrip(b"\0") == header.rstrip(b"\0"), "it was not written")
        done = subprocess.run([baya, "-drive", "file=" + disk], capture_output=True, text=True,
                              check=False)
        check(done.returncode == 3 and "looks like a qcow2 image" in done.stderr, done.stderr)
        with booted([baya, *raw], log) as machine:
            opened = [os.readlink("/proc/%d/fd/%s" % (machine.process.pid, number))
                      for number in os.listdir("/proc/%d/fd" % machine.process.pid)]
            check(disk in opened and secret not in opened, "open are %s" % opened)
            check(machine.command("head -c 3 /dev/vda", "QFI") is not None, "it is not raw")


if __name__ == "__main__":
    main({"qcow2": qcow2, "disguised": disguised, "chain": chain, "iso": iso,
          "committed": committed, "stopped": stopped})
