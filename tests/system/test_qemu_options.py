# SPDX-License-Identifier: MIT
"""Tests options of QEMU's command lines: what the guest sees of them, and what happens to the
process."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, check, main, need
from fixtures.monitor import Client
from fixtures.qmp import Qmp, connect

RAW = "cat /sys/firmware/qemu_fw_cfg/by_name/opt/org.%s/raw"


def run_line(commands):
    return ["-nographic", "-append", 'console=ttyS0 run="%s"' % "; ".join(commands)]


def surroundings(baya, folder, log):
    """Tests files of fw_cfg, and a card of -net that reaches its network through a hub."""
    path = os.path.join(folder, "logs", "fw_cfg.txt")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write("of a file\n")
    line = [baya, "-fw_cfg", "opt/org.a,string=of a text", "-fw_cfg", "name=opt/org.b,file=" + path,
            "-net", "nic,macaddr=52:54:00:aa:bb:cc", "-net", "user"]
    line += run_line([RAW % "a", "echo", RAW % "b", "udhcpc -n -q -i eth0", "ip a"])
    with Machine(line, log) as machine:
        machine.expect("of a text\r?\nof a file\r?\n")
        machine.expect("52:54:00:aa:bb:cc")
        machine.expect("10.0.2.15/24")
        machine.wait(0)


def folders(baya, _, log):
    """Checks that -L help prints a folder that exists, and runs nothing."""
    with open(log, "w+", encoding="utf-8") as out:
        subprocess.run([baya, "-L", "help"], stdin=subprocess.DEVNULL, stdout=out, check=True,
                       timeout=PATIENCE)
        out.seek(0)
        names = out.read().splitlines()
    check(names and all(os.path.isdir(name) for name in names), "no folders: %s" % names)


def cycles_of(baya, options):
    """Returns the cycles that the first million instructions take, and the messages about the
    options."""
    done = subprocess.run([baya, "--max-insns=1000000", "--stats", "--serial=null", *options],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          timeout=PATIENCE)
    check(done.returncode == 4, "%s: %r" % (options, done))
    return json.loads(done.stderr.splitlines()[-1])["cycles"], done.stderr


def pace(baya, _, log):
    """Checks that suboptions of -icount without a meaning are reported, and that shift= has no
    effect with a timing model."""
    with open(log, "w", encoding="utf-8") as out:
        timed, _ = cycles_of(baya, ["--timing=simple"])
        shifted, said = cycles_of(baya, ["--timing=simple", "-icount", "shift=6,sleep=off"])
        out.write("%s or %s cycles\n%s" % (timed, shifted, said))
        check(timed == shifted, "%s cycles, not %s" % (shifted, timed))
        check("shift=6 has no meaning with --timing=simple" in said, "not said: " + said)
        silent = cycles_of(baya, ["-icount", "shift=3,align=off,sleep=off"])[1]
        check("icount" not in silent, "said: " + silent)
        for word in ("sleep=on", "align=on"):
            said = cycles_of(baya, ["-icount", "auto," + word])[1]
            out.write(said)
            check("baya: -icount: %s: " % word in said, "not said: " + said)


# A program for 0x80001000, which stores the word after it to the test device.
PROGRAM = [0x00000317, 0x01832503,  # auipc t1, 0; lw a0, 24(t1)
           0x001002b7, 0x00a2a023,  # lui t0, 0x100; sw a0, 0(t0)
           0x0000006f, 0]  # j .


def loaded(baya, _, log):
    """Writes a program by data= of -device loader, and starts it by cpu-num=, also on a second
    hart."""
    line = ["-bios", "none", "-nographic"]
    for n in range(0, len(PROGRAM), 2):
        line += ["-device", "loader,addr=0x%x,data=0x%08x%08x,data-len=8"
                 % (0x80001000 + 4 * n, PROGRAM[n + 1], PROGRAM[n])]
    tries = [(["-device", "loader,addr=0x80001000,cpu-num=0"], 0x00073333, "failure 7"),
             (["-smp", "2", "-device", "loader,addr=0x80001000,cpu-num=1",
               "-device", "loader,addr=0x80001010,cpu-num=0"], 0x00093333, "failure 9"),
             # With data= the option cpu-num= only chooses the hart whose address space is written.
             (["-device", "loader,addr=0x80001000,cpu-num=0",
               "-device", "loader,addr=0x80002000,data=0,data-len=1,cpu-num=0"], 0x00053333,
              "failure 5"),
             (["-device", "loader,addr=0x80001000,cpu-num=0", "--compare"], 0x00033333,
              "failure 3")]
    with open(log, "w", encoding="utf-8") as out:
        for options, word, said in tries:
            # data-be=on stores the value in big-endian order, so its bytes are swapped here.
            data = int.from_bytes(word.to_bytes(4, "little"), "big")
            value = "loader,addr=0x80001018,data=0x%x,data-be=on,data-len=4" % data
            done = subprocess.run([baya, *line, *options, "-device", value], capture_output=True,
                                  stdin=subprocess.DEVNULL, text=True, check=False,
                                  timeout=PATIENCE)
            out.write("%r\n" % done)
            check(done.returncode == 1 and said in done.stderr, "%s: %r" % (options, done))


def await_end(path):
    """Waits until the file is gone, which the process removes when it ends."""
    end = time.monotonic() + PATIENCE
    while os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.02)
    check(not os.path.exists(path), path + " is still there")


def daemon(baya, _, log):
    """Checks that with -daemonize the process that is started ends once the machine runs, and that
    it reports errors and the names of pseudoterminals before that."""
    pid_file, serial, socket = log + ".pid", log + ".serial", log + ".sock"
    line = [baya, "-daemonize", "-pidfile", pid_file, "-serial", "file:" + serial, "-qmp",
            "unix:%s,server=on,wait=off" % socket, "-no-shutdown", "-name", "x,process=baya-vm"]
    line += ["-append", 'console=ttyS0 run="uname -m"', "-device", "virtio-serial-device",
             "-device", "virtserialport,chardev=p", "-chardev", "pty,id=p"]
    begun = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                           timeout=PATIENCE)
    check((begun.returncode, begun.stderr) == (0, b""), "begun: %r" % begun)
    check(re.fullmatch(rb"char device redirected to /dev/pts/\d+ \(label p\)\n", begun.stdout),
          "begun: %r" % begun)
    with open(pid_file, encoding="ascii") as file:
        pid = int(file.read())
    try:
        check_daemon(baya, pid, pid_file, serial, socket)
    finally:
        if os.path.exists(pid_file):
            os.kill(pid, signal.SIGKILL)
            os.remove(pid_file)
    failed = subprocess.run([baya, "-daemonize", "-kernel", "/nowhere/Image"], check=False,
                            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    check(failed.returncode == 3 and b"/nowhere/Image" in failed.stderr, "failed: %r" % failed)


def check_daemon(baya, pid, pid_file, serial, socket):
    """Checks the process in the background, and ends it."""
    with open("/proc/%d/comm" % pid, encoding="ascii") as file:
        check(file.read() == "baya-vm\n", "it has another name")
    check(os.getsid(pid) == pid, "it has a terminal")
    second = subprocess.run([baya, "-pidfile", pid_file], stdin=subprocess.DEVNULL,
                            capture_output=True, check=False, timeout=PATIENCE)
    check(second.returncode == 3 and b"which runs" in second.stderr, "second: %r" % second)
    with Qmp(connect(socket, lambda: os.path.exists(pid_file))) as client:
        while client.ask("query-status")["status"] != "shutdown":
            time.sleep(0.05)
        with open(serial, "rb") as file:
            check(b"riscv64" in file.read(), "the serial port wrote something else")
        check(client.command("cont")["error"]["desc"] ==
              "Resetting the Virtual Machine is required", "what has shut down goes on")
        check("paused (shutdown)" in client.human("info status"), "the monitor knows less")
        client.ask("system_reset")
        client.event("RESET")
        check(client.ask("query-status")["status"] == "prelaunch", "it is not as it begins")
        client.ask("cont")
        client.event("RESUME")
        check(client.event("SHUTDOWN") == {"guest": True, "reason": "guest-shutdown"},
              "it ends by something else")
        client.event("STOP")
        client.ask("quit")
    await_end(pid_file)


DENIED = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"


def check_confined(pid):
    """Checks that each thread of a process has a filter, and can get no new privileges."""
    threads = os.listdir("/proc/%d/task" % pid)
    for thread in threads:
        with open("/proc/%d/task/%s/status" % (pid, thread), encoding="ascii") as file:
            status = file.read()
        check("\nSeccomp:\t2\n" in status and "\nNoNewPrivs:\t1\n" in status,
              "a thread is not confined: " + status)
    return len(threads)


def check_viewer(path):
    """Connects a viewer by VNC, which is shown a part of the screen."""
    with socket.socket(socket.AF_UNIX) as viewer:
        viewer.settimeout(PATIENCE)
        viewer.connect(path)
        for size, answer in ((12, b"RFB 003.008\n"), (2, b"\1"), (4, b"\1"),
                             (24, b"\3\0" + bytes(4) + b"\0\4\0\4")):
            got = viewer.recv(size, socket.MSG_WAITALL)
            check(len(got) == size, "the server's greeting ends after " + repr(got))
            viewer.sendall(answer)
        check(viewer.recv(int.from_bytes(got[20:], "big"), socket.MSG_WAITALL), "it has no name")
        check(viewer.recv(1) == b"\0", "no picture comes")


def confined(baya, _, log):
    """Boots Linux with each word of -sandbox denied, and uses what takes system calls: a disk with a
    snapshot, a network, shares, and viewers, which have threads of their own."""
    need({"qemu-img": "qemu-utils"})
    with tempfile.TemporaryDirectory() as place:
        disk, control, screen = (os.path.join(place, name) for name in ("disk", "monitor", "vnc"))
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"], check=True)
        line = [baya, "-sandbox", DENIED, "-serial", "stdio", "-vnc", "unix:" + screen,
                "-monitor", "unix:%s,server,nowait" % control, "-nic", "user",
                "-drive", "file=%s,format=qcow2,if=virtio" % disk, "-device", "virtio-gpu-pci",
                "-fsdev", "local,id=f,path=%s,security_model=none" % place,
                "-device", "virtio-9p-pci,fsdev=f,mount_tag=s",
                "-fsdev", "local,id=g,path=%s,security_model=none" % place,
                "-device", "virtio-fs-pci,fsdev=g,tag=s"]
        with Machine(line, log) as machine, connect(control) as there:
            await_shell(machine)
            monitor = Client(there)
            before = check_confined(machine.process.pid)
            check_viewer(screen)
            check(before > 1, "all is done by one thread")
            for command, said in (
                    ("udhcpc -n -q -i eth0", "obtained from 10.0.2.2"),
                    ("mount -t 9p s /mnt && echo of 9P >/mnt/a; cat /mnt/a", "of 9P"),
                    ("mv /mnt/a /mnt/b && chmod 600 /mnt/b; ls /mnt", "b"),
                    ("umount /mnt; mount -t virtiofs s /mnt; cat /mnt/b", "of 9P"),
                    ("umount /mnt; echo on disk >/dev/vda; sync; uname", "Linux")):
                answer = machine.command(command, PROMPT)
                check(said in answer, "%s: %s" % (command, answer))
            for command in ("savevm a", "loadvm a"):
                check(monitor.ask(command) == "", command + " fails")
            check("on disk" in machine.command("head -n 1 /dev/vda", PROMPT), "the disk is empty")
            check_confined(machine.process.pid)
            power_off(machine)


def confined_daemon(baya, _, log):
    """Checks that a daemon is confined, although it became one by what is denied, and that programs
    which it may start are confined, too: those of guestfwd=, whose sessions are not their own."""
    pid_file, control = log + ".pid", log + ".sock"
    line = [baya, "-daemonize", "-pidfile", pid_file, "-S", "-display", "none", "-qmp",
            "unix:%s,server=on,wait=off" % control]
    subprocess.run([*line, "-sandbox", DENIED], stdin=subprocess.DEVNULL, check=True,
                   timeout=PATIENCE)
    with open(pid_file, encoding="ascii") as file:
        check_confined(int(file.read()))
    with Qmp(connect(control)) as client:
        client.ask("quit")
    await_end(pid_file)
    status = "guestfwd=tcp:10.0.2.100:80-cmd:grep -e Seccomp -e NoNewPrivs /proc/self/status"
    line = [baya, "-sandbox", DENIED.replace("spawn=deny", "spawn=allow"), "-nic", "user," + status]
    line += run_line(["udhcpc -n -q -i eth0", "nc 10.0.2.100 80"])
    with Machine(line, log) as machine:
        machine.expect("NoNewPrivs:\t1\r?\nSeccomp:\t2\r?\n")
        machine.wait(0)


if __name__ == "__main__":
    main({"confined": confined, "confined_daemon": confined_daemon, "daemon": daemon,
          "folders": folders, "loaded": loaded, "pace": pace, "surroundings": surroundings})
