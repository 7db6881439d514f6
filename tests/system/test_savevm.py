# SPDX-License-Identifier: MIT
"""
Tests snapshots of a running machine: after a snapshot is loaded, a Linux's memory, disk, screen and
shell are as they were when it was saved, in the same process and in another one.
"""

import contextlib
import json
import os
import re
import subprocess
import tempfile

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, check, main, need
from fixtures.desktop import (Desktop, await_window, devices, draw, read_ppm, until, window_pixels,
                              xdotool)
from fixtures.listener import connect
from fixtures.monitor import Client
from fixtures.qmp import Qmp

QUIET = ["-display", "none"]


def image(log, name):
    """Makes a qcow2 image; returns its path."""
    need({"qemu-img": "qemu-utils"})
    path = "%s.%s.qcow2" % (log, name)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "16M"], check=True)
    return path


def disk(path, name="disk"):
    return ["-drive", "file=%s,format=qcow2,if=none,id=%s" % (path, name),
            "-device", "virtio-blk-device,drive=" + name]


@contextlib.contextmanager
def controlled(baya, log, *options):
    """Yields a machine, a client of its monitor, and one of QMP."""
    with tempfile.TemporaryDirectory() as place:
        paths = place + "/monitor", place + "/qmp"
        with Machine([baya, "-monitor", "unix:%s,server,nowait" % paths[0], "-qmp",
                      "unix:%s,server,nowait" % paths[1], *options], log) as machine, \
                Qmp(connect(paths[1], lambda: machine.process.poll() is None)) as client, \
                connect(paths[0]) as there:
            yield machine, Client(there), client


def fill(machine, word):
    """Stores the word in a variable of the shell, in a file in memory, and on the disk."""
    machine.command("x=%s; echo $x >/tmp/file; echo $x >/dev/vda; sync" % word, PROMPT)


def content(machine):
    """Returns the three words. The guest's page cache is dropped first, as it could hold the disk's
    word."""
    machine.command("echo 7 >/proc/sys/vm/drop_caches", PROMPT)
    return machine.command("echo $x $(cat /tmp/file) $(head -n 1 /dev/vda)", PROMPT).split()


def stopped_time(monitor):
    """Stops the machine; returns its mtime, which advances as fast as possible if the clock is
    virtual and all harts wait."""
    check(monitor.ask("stop") == "", "it cannot be stopped")
    return int(monitor.ask("xp /1xg 0x200bff8").split()[1], 0)


def has(machine, word):
    found = content(machine)
    check(found == [word] * 3, "memory, file and disk have %s, not %s" % (found, word))


def works(machine):
    """Checks timers, and the network, whose peer uses the machine's time, too."""
    machine.command("sleep 0.1; sleep 1", PROMPT)
    said = machine.command("ping -c 1 -W 100 10.0.2.2", PROMPT)
    check("1 packets received" in said, "no network: " + said)


def guest(baya, folder, log, harts, *options):
    """Saves and loads snapshots by the monitor and by jobs, alternating between them."""
    path = image(log, "disk")
    with controlled(baya, log, *QUIET, "-smp", harts, "-nic", "user", *options,
                    *disk(path)) as (machine, monitor, client):
        await_shell(machine, harts)
        machine.command("udhcpc -i eth0 -q -n", PROMPT)
        works(machine)
        fill(machine, "old")
        check(monitor.ask("savevm before") == "", "it cannot be saved")
        check([client.event(name) for name in ("STOP", "RESUME")] == [None] * 2, "other events")
        saved = stopped_time(monitor)
        check(monitor.ask("savevm before") == "", "it cannot be saved in the place of another")
        monitor.ask("cont")
        fill(machine, "new")
        check(stopped_time(monitor) > saved, "its time stands still")
        check(monitor.ask("loadvm before") == "", "it cannot be loaded")
        check(stopped_time(monitor) == saved, "its time goes on")
        monitor.ask("cont")
        has(machine, "old")
        works(machine)
        fill(machine, "third")
        by_jobs(machine, client)
        while_it_waits(machine, monitor)
        listed(monitor, client, path)
        power_off(machine)
    check(names(path) == ["before", "third"], "qemu-img lists %s" % names(path))
    subprocess.run(["qemu-img", "check", "-q", path], check=True)


def by_jobs(machine, client):
    end = run_job(client, "save", "third")
    check("error" not in end, "it is not saved: %s" % end)
    fill(machine, "fourth")
    end = run_job(client, "load", "before")
    check("error" not in end, "it is not loaded: %s" % end)
    has(machine, "old")
    end = run_job(client, "load", "third")
    check("error" not in end, "it is not loaded: %s" % end)
    has(machine, "third")
    works(machine)
    end = run_job(client, "save", "third")
    check(end["error"] == "Snapshot 'third' already exists in one or more devices", str(end))
    has(machine, "third")


def run_job(client, kind, tag):
    """Runs a job; returns its last entry in query-jobs."""
    client.ask("snapshot-" + kind, job_id="job", tag=tag, vmstate="disk", devices=["disk"])
    while client.event("JOB_STATUS_CHANGE") != {"status": "concluded", "id": "job"}:
        pass
    end, = client.ask("query-jobs")
    client.ask("job-dismiss", id="job")
    return end


def while_it_waits(machine, monitor):
    """Checks that a stopped machine remains stopped when a snapshot is loaded, and that a snapshot
    can be loaded while the guest waits for a far timer."""
    check(monitor.ask("stop") == "" and monitor.ask("loadvm before") == "", "it is not loaded")
    check(monitor.ask("info status").startswith("VM status: paused\n"), "it runs")
    monitor.ask("cont")
    has(machine, "old")
    machine.type("sleep 100000; echo slept\n")
    machine.expect("slept\r*\n")
    check(monitor.ask("loadvm third") == "", "it is not loaded")
    has(machine, "third")


def listed(monitor, client, path):
    """Checks that the monitor, QMP and qemu-img list the same snapshots."""
    monitor.ask("savevm gone")
    monitor.ask("savevm")
    told = client.ask("query-block")[0]["inserted"]["image"]["snapshots"]
    info = json_of(path)
    check([{key: snapshot[key] for key in told[0]} for snapshot in info] == told,
          "%s and not %s" % (told, info))
    rows = monitor.ask("info snapshots").split("\n")
    theirs = subprocess.run(["qemu-img", "snapshot", "-l", "-U", path], check=True, text=True,
                            stdout=subprocess.PIPE).stdout.split("\n")
    check([row[10:] for row in rows[1:]] == [row[10:] for row in theirs[1:]],
          "%s and not %s" % (rows, theirs))
    last = told[-1]["name"]
    check(re.fullmatch(r"vm-\d{14}", last), "it is named " + last)
    check([snapshot["name"] for snapshot in told] == ["before", "third", "gone", last], str(told))
    for name in ("gone", last, "gone"):
        check(monitor.ask("delvm " + name) == "", "%s cannot be deleted" % name)
    said = monitor.ask("loadvm gone")
    check(said.startswith("Error: Snapshot 'gone' does not exist in one or more devices\n"), said)
    check("paused (restore-vm)" in monitor.ask("info status"), "a failed load lets it run")
    monitor.ask("cont")


def json_of(path):
    return json.loads(subprocess.run(["qemu-img", "info", "-U", "--output=json", path], check=True,
                                     stdout=subprocess.PIPE).stdout)["snapshots"]


def names(path):
    lines = subprocess.run(["qemu-img", "snapshot", "-l", path], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split("\n")[2:]
    return [line.split()[1] for line in lines if line]


def again(baya, folder, log, *options):
    """Starts another process with a snapshot of two disks, by the commands of docs/storage.md."""
    paths = image(log, "a"), image(log, "b")
    words = [baya, *QUIET, *options, "-nic", "user", *disk(paths[0]),
             *disk(paths[1], "second")]
    with Machine(words, log) as machine:
        await_shell(machine)
        machine.command("udhcpc -i eth0 -q -n", PROMPT)
        fill(machine, "old")
        machine.command("echo other >/dev/vdb; sync", PROMPT)
        at_monitor(machine, "savevm before")
        machine.type("\x01c\n")
        machine.expect(PROMPT)
        fill(machine, "new")
        machine.command("echo new >/dev/vdb; sync", PROMPT)
        machine.type("\x01x")
        machine.wait(0)
    for _ in range(2):
        with Machine(words + ["-loadvm", "before"], log) as machine:
            has(machine, "old")
            check(machine.command("head -n 1 /dev/vdb", PROMPT) == "other\n", "the second disk")
            works(machine)
            check("before" in at_monitor(machine, "info snapshots"), "it is not listed")
            machine.type("\x01x")
            machine.wait(0)
    with controlled(*words[:1], log, *words[1:], "-loadvm", "before", "-S") as (machine, _, client):
        check(client.ask("query-status")["status"] == "prelaunch", "-S lets it run")
        client.ask("cont")
        has(machine, "old")
        power_off(machine)


def at_monitor(machine, line):
    """Gives the keyboard to the monitor; returns its answer to a line."""
    machine.type("\x01c")
    machine.expect(r"\(baya\) ")
    return machine.command(line, r"\(baya\) ")


def shared(baya, folder, log):
    """Checks that two machines can run at the same time from one snapshot of an image, which is not
    changed."""
    path = image(log, "disk")
    with controlled(baya, log, *QUIET, *disk(path)) as (machine, monitor, _):
        await_shell(machine)
        fill(machine, "old")
        check(monitor.ask("savevm before") == "", "it cannot be saved")
        fill(machine, "new")
        power_off(machine)
    with open(path, "rb") as file:
        before = file.read()
    words = [baya, *QUIET, "-snapshot", *disk(path), "-loadvm", "before"]
    with Machine(words, log + ".first") as first, Machine(words, log + ".second") as second:
        for machine in first, second:
            has(machine, "old")
        fill(first, "first")
        fill(second, "second")
        at_monitor(first, "savevm mine")
        first.type("\x01c\n")
        first.expect(PROMPT)
        fill(first, "third")
        has(second, "second")
        at_monitor(first, "loadvm mine")
        first.type("\x01c\n")
        first.expect(PROMPT)
        has(first, "first")
        for machine in first, second:
            machine.type("\x01x")
            machine.wait(0)
    with open(path, "rb") as file:
        check(file.read() == before, "the image has changed")


def screen(baya, folder, log):
    """Checks that loading restores the picture, in a window, too; and that the window's title shows
    whether the machine runs."""
    path = image(log, "disk")
    picture = log + ".ppm"
    with Desktop(), controlled(baya, log, "-display", "sdl", "-name", "Test", *disk(path),
                               *devices("virtio-gpu-device")) as (machine, monitor, client):
        def shot():
            client.ask("screendump", filename=os.path.abspath(picture))
            with open(picture, "rb") as file:
                return read_ppm(file.read())
        await_shell(machine)
        window = await_window("Test")
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        draw(machine)
        until(lambda: window_pixels(window) == shot(), "the window is not the screen")
        old = shot()
        check(monitor.ask("savevm before") == "", "it cannot be saved")
        machine.command("echo Something else; clear >/dev/tty1", PROMPT)
        until(lambda: window_pixels(window) == shot() != old, "nothing else is on the screen")
        check(monitor.ask("loadvm before") == "", "it cannot be loaded")
        until(lambda: shot() == old, "another picture")
        until(lambda: window_pixels(window) == old, "another picture in the window")
        check(xdotool("getwindowname", window) == "Test", "another title")
        monitor.ask("loadvm nothing")
        until(lambda: xdotool("getwindowname", window) == "Test - paused", "the title says nothing")
        monitor.ask("loadvm before")
        monitor.ask("cont")
        until(lambda: xdotool("getwindowname", window) == "Test", "it does not go on")
        power_off(machine)


def errors(baya, folder, log):
    """Checks that impossible requests are refused with a message, and do not change the machine."""
    path, raw = image(log, "disk"), log + ".raw"
    with open(raw, "wb") as file:
        file.truncate(1 << 20)
    writable = ["-drive", "file=%s,format=raw,if=virtio,id=raw" % raw]
    for options, text in (
            ([], "no block device can store vmstate for snapshot"),
            (writable, "Device 'raw' is writable but does not support snapshots"),
            (disk(path), "Snapshot 'x' does not exist in one or more devices")):
        done = subprocess.run([baya, *QUIET, "-loadvm", "x", *options], stdin=subprocess.DEVNULL,
                              timeout=PATIENCE, capture_output=True, text=True, check=False)
        check(done.returncode == 3, "exit code %d" % done.returncode)
        check(done.stderr == "baya: -loadvm: %s\n" % text, "it says '%s'" % done.stderr)
        with controlled(baya, log, *QUIET, "-S", *options) as (machine, monitor, _):
            for line in ("savevm x", "loadvm x") if options != disk(path) else ("loadvm x",):
                check(monitor.ask(line) == "Error: %s\n" % text, "%s is accepted" % line)
            monitor.ask("quit")
            machine.wait(0)
    done = subprocess.run([baya, "-loadvm", ""], stdin=subprocess.DEVNULL, timeout=PATIENCE,
                          capture_output=True, text=True, check=False)
    check(done.returncode == 2 and "-loadvm" in done.stderr, "an empty name is accepted")


if __name__ == "__main__":
    main({"guest": guest, "again": again, "shared": shared, "screen": screen, "errors": errors})
