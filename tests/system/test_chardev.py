# SPDX-License-Identifier: MIT
"""Tests options of -chardev that programs use: a socket that they have opened, and a log."""

import contextlib
import os
import socket
import subprocess
import tempfile
import time

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, check, main
from fixtures.qmp import Qmp

FROZEN = ["-S", "-bios", "none", "-display", "none", "-monitor", "none"]


def given(baya, _, log):
    """Passes one end of a socket pair for QMP and one for a port, as qemu.machine.QEMUMachine
    does."""
    with contextlib.ExitStack() as stack:
        pairs = [[stack.enter_context(end) for end in socket.socketpair()] for _ in range(2)]
        numbers = [there.fileno() for _, there in pairs]
        line = [baya, *FROZEN, "-chardev", "socket,id=mon,fd=%d" % numbers[0],
                "-mon", "chardev=mon,mode=control,pretty=on",
                "-chardev", "socket,id=port,fd=%d" % numbers[1], "-serial", "chardev:port"]
        process = subprocess.Popen(line, pass_fds=numbers, stdin=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.kill)
        for _, there in pairs:
            there.close()
        client = pairs[0][0].makefile("rw", encoding="ascii")
        check(client.readline() == "{\n" and client.readline() == '    "QMP": {\n',
              "the JSON is not indented")
        client.write('{"execute":"qmp_capabilities"}{"execute":"query-chardev"}{"execute":"quit"}')
        client.flush()
        text = client.read()
        check('"filename": "fd=%d"' % numbers[1] in text and '"label": "port"' in text,
              "another port: " + text)
        check(process.wait(PATIENCE) == 0, "exit code %d" % process.returncode)
    for options, words in (
            (["-serial", "chardev:a"], "the port 'serial': cannot connect to fd=77: Bad file "
             "descriptor; it must be a socket that the program which starts Baya has opened"),
            (["-mon", "chardev=a,mode=control"], "-mon a: cannot connect there: Bad file "
             "descriptor; fd= must be a socket that the program which starts Baya has opened")):
        refused(baya, ["-chardev", "socket,id=a,fd=77", *options], 3, words)
    refused(baya, ["-chardev", "socket,id=a,fd=7,path=x"], 2,
            "-chardev: a socket needs path=FILE, or host=HOST and port=PORT, or fd=NUMBER of one "
            "that is open")
    refused(baya, ["-chardev", "socket,id=a,fd=7,reconnect=1"], 2,
            "-chardev: a socket with fd=7 cannot be made again; leave reconnect= out")


def refused(baya, options, code, words, beside=FROZEN):
    done = subprocess.run([baya, *beside, *options], stdin=subprocess.DEVNULL, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode == code, "exit code %d" % done.returncode)
    check(done.stdout.startswith("baya: " + words), "it says '%s'" % done.stdout)


def logged(baya, _, log):
    """Checks the logs of the terminal's port and of one whose output is discarded."""
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("console", "port")]
        line = [baya, "-chardev", "stdio,id=c,mux=on,signal=off,logfile=" + names[0], "-serial",
                "chardev:c", "-mon", "chardev=c", "-device", "virtio-serial-device",
                "-chardev", "null,id=n,logfile=%s,logappend=on" % names[1],
                "-device", "virtserialport,chardev=n", "-device", "virtserialport,chardev=c"]
        for turn in range(2):
            with Machine(line, log) as machine:
                await_shell(machine)
                machine.command("echo turn %d >/dev/vport0p1; echo said $((6*7))" % turn, PROMPT)
                machine.command("echo beside it >/dev/vport0p2", PROMPT)
                power_off(machine)
        with open(names[0], "rb") as file:
            seen = file.read()
        # The log has the output of both ports of the device, in order.
        check(seen.count(b"said 42") == 1 and b"Linux version" in seen and
              seen.index(b"Linux version") < seen.index(b"beside it\n"), "the log of the console")
        with open(names[1], "rb") as file:
            check(file.read() == b"turn 0\nturn 1\n", "the log of the port")
    refused(baya, ["-chardev", "null,id=n,logfile=/nowhere/a", "-serial", "chardev:n"], 3,
            "-chardev n: logfile=/nowhere/a cannot be written: No such file or directory")
    refused(baya, ["-chardev", "socket,id=n,path=a,server=on,logfile=b", "-mon", "chardev=n"], 2,
            "-chardev n: logfile= is for what the guest writes to a port", FROZEN[:-2])
    refused(baya, ["-chardev", "null,id=n,logappend=on"], 2,
            "-chardev: 'null,id=n,logappend=on': logappend= needs logfile=FILE")
    refused(baya, ["-chardev", "stdio,id=c,logfile=a", "-mon", "chardev=c,mode=control"], 2,
            "-chardev c: logfile= is for what the guest writes to a port")


def asked(baya, folder, log):
    """Checks query-chardev, which reports all addresses and the port that the host chose, and
    query-dump."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "qmp")
        line = [baya, *FROZEN[:-2], "-chardev",
                "socket,id=m,path=%s/m,server=on,wait=off" % place, "-mon", "m",
                "-qmp", "tcp:127.0.0.1:0,server,nowait", "-qmp", "unix:%s,server,nowait" % path,
                "-gdb", "tcp:127.0.0.1:0", "-serial", "tcp:127.0.0.1:0,server=on,wait=off"]
        with Machine(line, log) as machine, Qmp(path) as client:
            port, *others = client.ask("query-chardev")
            controls(client, others, place)
            check(port["label"] == "serial0" and port["frontend-open"], "another port: %s" % port)
            where = port["filename"]
            check(where.startswith("disconnected:tcp:127.0.0.1:") and
                  where.endswith(",server=on"), "another place: " + where)
            number = int(where.split(":")[3].split(",")[0])
            with socket.create_connection(("127.0.0.1", number)):
                pass
            check(client.ask("query-dump") == {"total": 0, "status": "none", "completed": 0},
                  "there was a dump")
            deep = os.path.join(place, *["folder" * 8] * 20)
            os.makedirs(deep)
            check(client.human("memsave 0x80000000 8 %s/file" % deep) == "" and
                  os.path.getsize(deep + "/file") == 8, "a long line")
            client.ask("system_powerdown")
            check(client.event("POWERDOWN") is None, "the event has data")
            machine.expect("no driver of a keyboard listens")
            client.ask("quit")
            machine.wait(0)


def controls(client, others, place):
    """Checks the addresses of monitors, QMP clients and debuggers, with the labels that QEMU gives
    them."""
    names = {other["label"]: other["filename"] for other in others}
    check(all(other["frontend-open"] for other in others), "one is closed: %s" % others)
    check(sorted(names) == ["compat_monitor0", "compat_monitor1", "gdb", "m"],
          "other places: %s" % names)
    check(names["m"] == "disconnected:unix:%s/m,server=on" % place, "another monitor")
    check(names["compat_monitor1"] == "unix:%s/qmp,server=on" % place, "another client")
    told = client.human("info chardev")
    check("m: socket at %s/m, not connected" % place in told.splitlines(), told)
    check("compat_monitor1: socket at %s/qmp" % place in told.splitlines(), told)
    for name in ("gdb", "compat_monitor0"):
        where = names[name].removeprefix("disconnected:tcp:").removesuffix(",server=on")
        check(int(where.removeprefix("127.0.0.1:")) > 0, "no port: " + where)
        check("%s: socket at %s, not connected" % (name, where) in told.splitlines(), told)
    client.human("gdbserver none")
    check("gdb" not in client.human("info chardev"), "a debugger could still come")


def held(baya, _, log):
    """Checks that a machine waits if its output is not read, but can be reset nevertheless, and
    that its end is reported."""
    with tempfile.TemporaryDirectory() as place:
        paths = [os.path.join(place, name) for name in ("qmp", "serial")]
        line = [baya, "-display", "none", "-monitor", "none", "-append", 'console=ttyS0 run="yes"',
                "-qmp", "unix:%s,server,nowait" % paths[0],
                "-serial", "unix:%s,server=on,wait=off" % paths[1]]
        with Machine(line, log) as machine, Qmp(paths[0]) as client, \
                socket.socket(socket.AF_UNIX) as reader:
            reader.connect(paths[1])
            for _ in range(2):
                await_waiting(machine)
                client.ask("system_reset")
                client.event("RESET")
            client.ask("quit")
            check(client.event("SHUTDOWN")["reason"] == "host-qmp-quit", "another end")
            machine.wait(0)


def await_waiting(machine):
    """Waits until the process hardly uses CPU time any more."""
    clock = ~machine.process.pid << 3 | 2  # the clock of all its threads (clock_getcpuclockid(3))
    before = -1
    while time.clock_gettime(clock) - before > 0.05:
        before = time.clock_gettime(clock)
        time.sleep(0.5)


if __name__ == "__main__":
    main({"given": given, "logged": logged, "asked": asked, "held": held})
