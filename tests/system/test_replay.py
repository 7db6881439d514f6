# SPDX-License-Identifier: MIT
"""
Tests recording a run's input and replaying the run from it (-icount rr=). The replay has the
recording as its only input: the keyboard, the server in the network and the shared file are
missing.
"""

import contextlib
import functools
import hashlib
import http.server
import os
import signal
import struct
import subprocess
import tempfile
import threading

from fixtures.bundled import PROMPT, await_shell, power_off
from fixtures.console import PATIENCE, Machine, check, main
from fixtures import debugger
from fixtures.listener import await_listener, connect
from fixtures.monitor import Client

MIB = 1 << 20


def icount(mode, path):
    return ["-icount", "shift=auto,rr=%s,rrfile=%s" % (mode, path)]


def recorded(baya, path, log, *options):
    """Returns a machine whose input is recorded."""
    return Machine([baya, "-nographic", *icount("record", path), *options], log)


def replay(baya, path, *options, code=0):
    """Runs the machine again without any input. Returns the console's bytes, and Baya's
    messages."""
    done = subprocess.run([baya, "-nographic", *icount("replay", path), *options],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=PATIENCE)
    check(done.returncode == code, "exit code %d, not %d: %s" %
          (done.returncode, code, done.stderr.decode()))
    return done.stdout, done.stderr.decode()


def console_of(log):
    """Returns all output of the machine, which follows the command in the log."""
    with open(log, "rb") as file:
        return file.read().split(b"\n", 2)[2]


def console(baya, folder, log, engine, harts):
    """Types lines, uses random numbers, resets and powers off; checks that the replay is the same
    run."""
    with tempfile.TemporaryDirectory() as place:
        path = place + "/input.rr"
        with recorded(baya, path, log, "-smp", harts) as machine:
            await_shell(machine, harts)
            machine.command("head -c 16 /dev/urandom | od -x; date; uptime", PROMPT)
            machine.type("reboot -f\n")
            await_shell(machine, harts)
            machine.command("cat /proc/interrupts", PROMPT)
            power_off(machine)
        output, said = replay(baya, path, "-smp", harts, "--engine=" + engine)
        check(output == console_of(log), "it wrote something else")
        check(not said, "it says " + said)


def ended(baya, folder, log):
    """Checks that the recording of a run that a signal ended is complete, and that one of a run
    that was killed is not."""
    with tempfile.TemporaryDirectory() as place:
        path = place + "/input.rr"
        with recorded(baya, path, log) as machine:
            await_shell(machine)
            machine.command("echo typed", PROMPT)
            machine.process.send_signal(signal.SIGTERM)
            machine.wait(-signal.SIGTERM)
        output, said = replay(baya, path)
        check(output == console_of(log), "it wrote something else")
        check(said == "baya: the replay has come to the end of the recording\n", "it says " + said)
        with open(path, "rb") as file:
            whole = file.read()
        with open(path, "wb") as file:
            file.write(whole[:-40])
        said = replay(baya, path, "--timeout=5", code=4)[1]
        check("the recording has no end" in said, "it says " + said)
        damaged = bytearray(whole)
        damaged[-1] ^= 1  # a bit of the state at the end
        with open(path, "wb") as file:
            file.write(damaged)
        said = replay(baya, path, code=7)[1]
        check("the replay is not the recorded run: the state at the end" in said, "says " + said)


def hostile(baya, path):
    """Replays a recording with impossible sizes of accesses to devices, and with invalid bytes for
    each other sink of the journal."""
    with open(path, "rb") as file:
        text = file.read().split(b"\n\n", 1)[0]
    sinks = [line[5:] for line in text.split(b"\n") if line.startswith(b"sink ")]
    probes = [struct.pack("<QIHHQ", address, 0, size, store, 0) for address in (0x1000, 0x80000000)
              for size in (0, 3, 9, 16, 60000) for store in (0, 1)]
    with open(path, "wb") as file:
        file.write(text + b"\n\n")
        for sink, name in enumerate(sinks):
            for data in probes if name == b"probe" else [b"\xff", b"\0" * 16, b"\xff" * 300]:
                if name not in (b"end of recording", b"reset"):
                    file.write(struct.pack("<QQII", 0, 0, sink, len(data)) + data)
    replay(baya, path, "--max-insns=100000", code=4)


def refused(baya, folder, log):
    """Checks that commands which would change the machine are refused while it is recorded, and
    that a replay refuses another machine and other files and options."""
    with tempfile.TemporaryDirectory() as place:
        path, disk, monitor = place + "/input.rr", place + "/disk.raw", place + "/monitor"
        with open(disk, "wb") as file:
            file.truncate(MIB)
        with recorded(baya, path, log, "-snapshot", "-drive",
                      "file=%s,format=raw,if=virtio,id=disk" % disk, "-monitor",
                      "unix:%s,server,nowait" % monitor) as machine:
            await_shell(machine)
            with connect(monitor) as there:
                client = Client(there)
                for line in "block_resize disk 2M", "device_add virtio-net-device", "savevm a", "timing none":
                    said = client.ask(line)
                    check("rr=" in said or "recorded" in said, "%s says %s" % (line, said))
            power_off(machine)
        with recorded(baya, path, log) as machine:
            await_shell(machine)
            power_off(machine)
        for options in ["-m", "300"], ["-append", "console=ttyS0 quiet"]:
            said = replay(baya, path, *options, code=3)[1]
            check("differs in the state at the beginning" in said, "it says " + said)
        said = replay(baya, path, "-device", "virtio-net-device,id=card", code=3)[1]
        check("another machine, which differs in " in said, "it says " + said)
        for mode in "record", "replay":
            line = [baya, *icount(mode, path), "-drive", "file=%s,format=raw,if=virtio" % disk]
            done = subprocess.run(line, capture_output=True, check=False, timeout=PATIENCE)
            check(done.returncode == 2 and b"add -snapshot" in done.stderr, "%r" % done)
        with open(disk, "rb") as file:
            check(file.read() == bytes(MIB), "the disk has changed")
        hostile(baya, path)
        said = replay(baya, disk, code=3)[1]
        check("it is no recording of input, or damaged" in said, "it says " + said)
        said = replay(baya, place + "/none", code=3)[1]
        check("No such file" in said, "it says " + said)
        done = subprocess.run([baya, *icount("record", "/dev/full"), "--max-insns=1000"],
                              capture_output=True, check=False, timeout=PATIENCE)
        check(done.returncode == 3 and done.stderr.count(b"No space left") == 1, "%r" % done)


@contextlib.contextmanager
def served(folder):
    """Yields the port of an HTTP server for the files in a folder."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def host(baya, folder, log):
    """Downloads a file and reads a shared folder; in the replay neither the server nor the file
    exists."""
    with tempfile.TemporaryDirectory() as place:
        path, share = place + "/input.rr", place + "/share"
        os.mkdir(share)
        with open(share + "/file", "wb") as file:
            file.write(os.urandom(MIB))
        with open(share + "/file", "rb") as file:
            digest = hashlib.md5(file.read()).hexdigest()
        options = ["-nic", "user", "-fsdev", "local,id=f,path=%s,security_model=none" % share,
                   "-device", "virtio-9p-device,fsdev=f,mount_tag=share"]
        with served(share) as port, recorded(baya, path, log, *options) as machine:
            await_shell(machine)
            machine.command("ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0", PROMPT)
            got = machine.command("wget -q -O - http://10.0.2.2:%d/file | md5sum" % port, PROMPT)
            check(digest in got, "the download is " + got)
            machine.command("mkdir /m; mount -t 9p share /m", PROMPT)
            got = machine.command("md5sum /m/file; echo done >/m/written", PROMPT)
            check(digest in got, "the file is " + got)
            power_off(machine)
        os.remove(share + "/file")
        os.remove(share + "/written")
        output, said = replay(baya, path, *options)
        check(output == console_of(log), "it wrote something else")
        check(not said, "it says " + said)
        check(not os.listdir(share), "the replay has written to the folder")


def command(baya, folder, log):
    """Records `baya run`; its replay may have other streams, but no other command, and a replay
    that differs is reported by the exit code, although the command has failed by itself."""
    def run(mode, words, code, out, err):
        done = subprocess.run([baya, "run", *icount(mode, path), "--", "sh", "-c", words],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=err, check=False,
                              timeout=PATIENCE)
        check(done.returncode == code, "%s: exit code %d, not %d: %s %s" %
              (mode, done.returncode, code, done.stdout, done.stderr))
        return done

    words = "echo out; echo wrong >&2; exit 5"
    with tempfile.TemporaryDirectory() as place:
        path = place + "/input.rr"
        run("record", words, 5, subprocess.PIPE, subprocess.PIPE)
        done = run("replay", words, 5, subprocess.PIPE, subprocess.STDOUT)
        check(sorted(done.stdout.split()) == [b"out", b"wrong"], "it writes %s" % done.stdout)
        done = run("replay", "exit 5", 3, subprocess.PIPE, subprocess.PIPE)
        check(b"differs in the state at the beginning" in done.stderr, "%s" % done.stderr)
        with open(path, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))  # a bit of the state at the end
        done = run("replay", words, 7, subprocess.PIPE, subprocess.PIPE)
        check(b"the replay is not the recorded run: the state at the end" in done.stderr,
              "%s" % done.stderr)


def debugged(baya, folder, log):
    """Checks that a debugger cannot write during a replay, but can stop it, and that the replay
    stays at the end of the recording."""
    with tempfile.TemporaryDirectory() as place:
        path, socket = place + "/input.rr", place + "/gdb"
        with recorded(baya, path, log) as machine:
            await_shell(machine)
            machine.command("echo typed", PROMPT)
            machine.process.send_signal(signal.SIGTERM)
            machine.wait(-signal.SIGTERM)
        written = console_of(log)
        with Machine([baya, "-nographic", *icount("replay", path), "-S", "-gdb",
                      "unix:%s,server,nowait" % socket], log) as machine:
            await_listener(socket, lambda: machine.process.poll() is None)
            with debugger.Client(socket) as client:
                client.ask("qSupported")
                for line in "P0a=0500000000000000", "M80200000,1:00":
                    check(client.ask(line).startswith("E"), "it takes " + line)
                check(client.ask("Z1,80200000,2") == "OK", "there is no breakpoint")
                check(client.ask("c").startswith("T"), "it does not stop")
                check(client.ask("z1,80200000,2") == "OK", "the breakpoint stays")
                check(client.ask("c").startswith("T"), "it does not stop at the end")
                machine.expect("the replay has come to the end of the recording")
                client.say("k")
                machine.wait(0)
        check(console_of(log).count(written) == 2, "it wrote something else")


if __name__ == "__main__":
    main({"console": console, "command": command, "debugged": debugged, "ended": ended,
          "host": host, "refused": refused})
