# SPDX-License-Identifier: MIT
"""
Tests a program that controls the machine by QMP. The answers are byte for byte QEMU's where both
programs can answer the same; a Linux is stopped, reset, typed into and ended; and clients send
invalid messages, disconnect, or do not read.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from fixtures.bundled import PROMPT, await_power_key, await_shell
from fixtures.console import PATIENCE, Machine, Skipped, check, main, need
from fixtures.listener import connect
from fixtures.qmp import Qmp, plain

# The guest never runs, and so cannot influence the answers.
FROZEN = ["-S", "-bios", "none", "-display", "none", "-serial", "null", "-monitor", "none"]
# A client that was not served while another one got this many answers is taken not to be served at
# all: before each answer the machine does all other work that is pending.
TURNS = 100
KEY = ('{"execute":"input-send-event","arguments":{"events":[{"type":"%s","data":%s}]}}')

SAVE = '{"execute":"%ssave","arguments":{"val":%d,"size":8,"filename":"%s"%s}}'
DUMP = '{"execute":"dump-guest-memory","arguments":{"paging":false,"protocol":"%s"%s}}'

UUID = ["-uuid", "550e8400-e29b-41d4-a716-446655440000"]

# Requests that are answered byte for byte as QEMU 7.2 answers them.
SAME = [
    '{"execute":"query-status"}',
    '{"execute":"query-status","id":{"a":[1,2.5,null,"\\u00e9\\u0001\\"/",true,{"":[]}]}}',
    "{'execute':'query-status','id':'it\\'s \"so\"'}",
    '{"execute":"nope","id":1}',
    '{"execute":"query-status","arguments":{}}',
    '{"execute":"query-status","arguments":{"x":1}}',
    '{"execute":"query-status","arguments":[]}',
    '{"execute":"query-status","foo":1,"id":3}',
    '{"execute":"query-status"}{"execute":"query-name"} {"execute":"query-kvm"}',
    '{"execute":"query-status","id":\n5\n}',
    '{"exec":"query-status"}',
    '{"execute":5}',
    '{"execute":null}',
    '{}',
    '{"id":5}',
    '[]',
    '[1,2]',
    '5',
    '"x"',
    'null',
    'nonsense',
    '{"a":1,"a":2}',
    '[' * 1025,
    '{"execute":"qmp_capabilities"}',
    '{"execute":"stop"}',
    '{"execute":"query-version"}',
    '{"execute":"query-cpus-fast"}',
    '{"execute":"query-name"}',
    '{"execute":"query-kvm"}',
    '{"execute":"query-uuid"}',
    '{"execute":"query-dump"}',
    '{"execute":"set-action"}',
    '{"execute":"set-action","arguments":{"panic":"pause","reboot":"reset"}}',
    '{"execute":"set-action","arguments":{"panic":"nope"}}',
    '{"execute":"set-action","arguments":{"shutdown":5}}',
    '{"execute":"query-balloon"}',
    '{"execute":"balloon"}',
    '{"execute":"balloon","arguments":{"value":-5}}',
    '{"execute":"human-monitor-command"}',
    '{"execute":"human-monitor-command","arguments":{"command-line":5}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":""}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"stop","cpu-index":9}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"stop","cpu-index":"x"}}',
    '{"execute":"screendump"}',
    '{"execute":"screendump","arguments":{"filename":"/nowhere/a.ppm","format":"foo"}}',
    '{"execute":"screendump","arguments":{"filename":"/nowhere/a.ppm","device":"foo"}}',
    '{"execute":"screendump","arguments":{"filename":"/nowhere/a.ppm","head":"x"}}',
    '{"execute":"set_link","arguments":{"name":"nope","up":false}}',
    '{"execute":"chardev-send-break","arguments":{"id":"nope"}}',
    '{"execute":"chardev-send-break","arguments":{"id":"serial0"}}',
    '{"execute":"memsave"}',
    SAVE % ("mem", 0, "/dev/null", ""),
    SAVE % ("mem", 1 << 31, "/nowhere/file", ""),
    SAVE % ("mem", 1 << 31, "/dev/null", ', "cpu-index": 9'),
    SAVE % ("mem", 1 << 31, "/dev/null", ""),
    SAVE % ("pmem", 1 << 31, "/nowhere/file", ""),
    SAVE % ("pmem", 1 << 31, "/dev/null", ""),
    DUMP % ("/nowhere/file", ""),
    DUMP % ("file:/nowhere/file", ""),
    DUMP % ("file:/dev/null", ', "begin": 2147483648'),
    DUMP % ("file:/dev/null", ', "length": 4096'),
    DUMP % ("file:/dev/null", ', "format": "nope"'),
    '{"execute":"input-send-event","arguments":{"events":[]}}',
    '{"execute":"input-send-event","arguments":{"events":{}}}',
    '{"execute":"input-send-event","arguments":{"events":[5]}}',
    '{"execute":"input-send-event","arguments":{"events":[{"data":{}}]}}',
    '{"execute":"input-send-event","arguments":{"events":[{"type":"key"}]}}',
    KEY % ("zzz", "{}"),
    KEY % ("key", '{"down":true}'),
    KEY % ("key", '{"down":true,"key":{"type":"qcode","data":"zzz"}}'),
    KEY % ("key", '{"down":true,"key":{"type":"number","data":"x"}}'),
    KEY % ("abs", '{"axis":"z","value":5}'),
    KEY % ("abs", '{"axis":"x","value":5}'),
    KEY % ("btn", '{"button":"left","down":1}'),
    KEY % ("btn", '{"button":"foo","down":true}'),
    '{"execute":"send-key","arguments":{"keys":[{"type":"qcode"}]}}',
]



DISKS = {name: "-drive if=none,id=d%s,node-name=%s,format=qcow2,file=FILE "
               "-device virtio-blk-device,drive=d%s" % (name, name, name) for name in "ab"}
DISKS["c"] = ("-blockdev driver=raw,node-name=c,file.driver=file,file.filename=FILE "
              "-device virtio-blk-device,drive=c")


def job(kind, name, tag, *nodes, devices=None):
    """Returns the command for a job with snapshots; vmstate is the first node."""
    arguments = {"job-id": name, "tag": tag}
    if kind != "delete" and nodes:
        arguments["vmstate"] = nodes[0]
    arguments["devices"] = list(nodes) if devices is None else devices
    return json.dumps({"execute": "snapshot-" + kind, "arguments": arguments})


def of_job(verb, name):
    return '{"execute":"job-%s","arguments":{"id":"%s"}}' % (verb, name)


QUERY_JOBS = '{"execute":"query-jobs"}'
QUERY_STATUS = '{"execute":"query-status"}'
CONT = '{"execute":"cont"}'
# These requests must cause the same answers and events as in QEMU, in the same order. The machine
# runs with the disks a, b and c, of which c cannot have snapshots.
SAME_JOBS = [
    QUERY_JOBS,
    job("save", "s0", "t", "a", "b"),
    QUERY_JOBS,
    *[of_job(verb, "s0") for verb in ("cancel", "complete", "finalize", "pause", "resume", "dismiss")],
    *[of_job(verb, "s0") for verb in ("cancel", "complete", "finalize", "pause", "resume", "dismiss")],
    job("save", "s1", "t", "a"),
    QUERY_JOBS,
    job("save", "s1", "t2", "a"),
    *[job("save", name, "t3", "a") for name in ("", "1a", "a b", "a/b", "-a", "a.b-_c")],
    job("save", "m1", "t4", "x", devices=["a"]),
    job("save", "m2", "t4", "a", devices=["x"]),
    job("save", "m3", "t4", "a", devices=["b"]),
    job("save", "m4", "t4", "a", devices=[]),
    job("save", "m5", "t4", "a", devices=["a", 5]),
    job("save", "m6", "t4", "a", devices="a"),
    job("save", "m7", "t5", "c"),
    job("save", "m8", "t5", "a", "c"),
    job("save", "m9", "only", "b"),
    QUERY_STATUS,
    QUERY_JOBS,
    job("load", "l0", "t", "a", "b"),
    QUERY_STATUS,
    job("load", "l1", "nope", "a", "b"),
    QUERY_STATUS,
    job("load", "l2", "nope", "a", "b"),
    job("load", "l3", "t", "a", "b"),
    QUERY_STATUS,
    CONT,
    job("load", "l4", "t", "b", "a"),
    CONT,
    job("load", "l5", "t", "b", devices=["a"]),
    CONT,
    job("load", "l6", "t", "x", devices=["a"]),
    CONT,
    job("load", "l7", "t", "a", devices=[]),
    CONT,
    job("load", "l8", "t", "a", "c"),
    CONT,
    job("load", "l9", "t", "a"),
    QUERY_STATUS,
    job("load", "la", "only", "a", "b"),
    CONT,
    QUERY_JOBS,
    job("delete", "d0", "only", "a", "b"),
    job("delete", "d1", "only", "a", "b"),
    job("delete", "d2", "only", "x"),
    job("delete", "d3", "only", "a", "c"),
    job("delete", "d4", "only"),
    job("delete", "d5", "t", "a"),
    '{"execute":"snapshot-delete","arguments":{"job-id":"d6","tag":"t","vmstate":"a","devices":[]}}',
    '{"execute":"snapshot-save"}',
    '{"execute":"snapshot-save","arguments":{"job-id":5}}',
    '{"execute":"snapshot-load","arguments":{"job-id":"a","tag":"b","vmstate":"c"}}',
    '{"execute":"job-dismiss"}',
    '{"execute":"job-dismiss","arguments":{"id":5}}',
    '{"execute":"query-jobs","arguments":{"id":5}}',
    QUERY_JOBS,
    '{"execute":"human-monitor-command","arguments":{"command-line":"savevm h"}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"savevm h"}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"loadvm h"}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"delvm h"}}',
    '{"execute":"human-monitor-command","arguments":{"command-line":"delvm h"}}',
]

# Baya's monitor adds this to QEMU's answer.
STOPPED = b"the machine is stopped now; cont lets it go on\\r\\n"

# Each of these must get an answer, though not QEMU's words, and must not change the machine.
MALFORMED = [b"{", b"}", b"]", b"{]", b"[}", b'{"execute"}', b'{"execute":}', b"{5:1}", b'"',
             b'{"execute":"query-status",}', b'{"execute" "query-status"}', b"\xff", b"\xff\xff{",
             b'{"execute":"query-sta\x00tus"}', b"\x00", b"\x01\x02\x03", b'{"a":"\xc3("}',
             b'{"execute":"query-status","id":"\\ud800"}', b'{"id":"\\u0000"}', b'{"id":1e999}',
             b'{"id":99999999999999999999999}', b"[" * 5000, b'{"a":' * 5000, b"[" * 1024,
             b'{"execute":"' + b"x" * 3000000 + b'"}', b'{"execute":"' + b"x" * 500000 + b'"}',
             b'"' * 99999, b"\\", b"'", b"{'a':'\\", b"-", b"1.5.5", b"truefalse", b"NaN", b"\t\r ",
             b'{"execute":"query-status","arguments":{"":""}}', "{\"execute\":\"\u00e9\"}".encode(),
             b'{"execute":"human-monitor-command","arguments":{"command-line":"'
             + b"help " * 200 + b'"}}',
             b'{"execute":"input-send-event","arguments":{"events":['
             + b",".join([b'{"type":"rel","data":{"axis":"x","value":-1}}'] * 300) + b"]}}",
             b'{"execute":"send-key","arguments":{"keys":['
             + b",".join([b'{"type":"qcode","data":"a"}'] * 99) + b"]}}"]


@contextlib.contextmanager
def controlled(baya, log, *options, suffix=",server,nowait"):
    """Yields a machine and a client."""
    path = log + ".sock"
    with Machine([baya, "-qmp", "unix:" + path + suffix, *options], log) as machine, \
            Qmp(connect(path, lambda: machine.process.poll() is None)) as client:
        yield machine, client
    check(not os.path.exists(path), "the socket stays behind")


def answers(path):
    """Returns the answers to the negotiation and to SAME, without what may differ."""
    with Qmp(connect(path), negotiate=False) as client:
        client.send(b'{"execute":"stop"}{"execute":"qmp_capabilities","arguments":{"a":1}}'
                    b'{"execute":"qmp_capabilities","id":7}')
        got = [[plain(client.line()) for _ in range(3)]]
        for text in SAME:
            got.append([plain(line) for line in client.exchange(text.encode())])
    return got


def same(baya, folder, log):
    """Checks that the answers are QEMU's, byte for byte."""
    qemu = shutil.which("qemu-system-riscv64")
    path = log + ".sock"
    with Machine([baya, "-qmp", "unix:" + path + ",server=on,wait=off", "-smp", "2", *UUID, "-name",
                  "a name", *FROZEN], log):
        ours = answers(path)
    for text, lines in zip(["first"] + SAME, ours):
        check(lines, "no answer to %s" % text[:100])
    if not qemu:
        print("QEMU is not installed: the answers are compared with nothing")
        return
    with Machine([qemu, "-M", "virt", "-qmp", "unix:" + path + ",server=on,wait=off", "-smp", "2",
                  "-name", "a name", *UUID, *FROZEN], log):
        theirs = answers(path)
    for text, our, their in zip(["first"] + SAME, ours, theirs):
        check(our == their, "%s: %r and not %r" % (text[:200], our, their))


def with_disks(program, folder, log, disks):
    """Returns the answers to and events of SAME_JOBS, each of which is awaited."""
    bare = os.path.join(folder, "logs", "qmp_busy.bin")
    with open(bare, "wb") as file:
        file.write(bytes.fromhex("6f000000"))  # j .
    words = []
    for disk in disks:
        image = log + ".%s.qcow2" % disk
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "1M"], check=True)
        words += DISKS[disk].replace("FILE", image).split()
    path = log + ".sock"
    with Machine([*program, "-bios", bare, "-display", "none", "-serial", "null", "-monitor",
                  "none", "-m", "32", "-qmp", "unix:" + path + ",server=on,wait=off", *words],
                 log) as machine, \
            Qmp(connect(path, lambda: machine.process.poll() is None)) as client:
        return [heard(client, text) for text in SAME_JOBS if "c" in disks or '"c"' not in text]


def heard(client, text):
    """Returns all lines that a request causes, up to the end of the job that it may begin."""
    client.send(text.encode() + b"\n")
    lines = [client.line()]
    while b'"return"' not in lines[-1] and b'"error"' not in lines[-1]:
        lines.append(client.line())
    while len(lines) > 1 and b"JOB" in lines[0] and b"null" not in lines[0] and \
            b"concluded" not in lines[-1]:
        lines.append(client.line())
    return [plain(line) for line in lines + client.exchange(b"")]


def jobs(baya, folder, log):
    """Checks that events and answers about snapshots of a running machine are QEMU's, byte for
    byte."""
    need({"qemu-system-riscv64": "qemu-system-misc", "qemu-img": "qemu-utils"})
    for disks in ("abc", "ab"):
        ours = with_disks([baya], folder, log, disks)
        theirs = with_disks(["qemu-system-riscv64", "-M", "virt"], folder, log, disks)
        asked = [text for text in SAME_JOBS if "c" in disks or '"c"' not in text]
        for text, our, their in zip(asked, ours, theirs):
            our = [line.replace(STOPPED, b"") for line in our]
            check(our == their, "%s: %r and not %r" % (text[:200], our, their))


class Schema:
    """The result of query-qmp-schema: types, and commands and events, by name."""

    def __init__(self, told):
        self.types = {entry["name"]: entry for entry in told
                      if entry["meta-type"] not in ("command", "event")}
        self.told = {entry["name"]: entry for entry in told
                     if entry["meta-type"] in ("command", "event")}
        check(len(self.types) + len(self.told) == len(told), "a name stands twice")

    def kind(self, name):
        """Returns the type's name in JSON; "value" for an alternate."""
        kind = self.types[name]
        return {"builtin": kind.get("json-type"), "enum": "string", "array": "array",
                "object": "object", "alternate": "value"}[kind["meta-type"]]

    def members(self, name):
        """Returns from each argument or member of a command or event to its type and whether it may
        be omitted."""
        kind = self.types[self.told[name]["arg-type"]]
        return {member["name"]: (self.kind(member["type"]), "default" in member)
                for member in kind["members"]}


def schema(baya, folder, log):
    """Checks that the schema lists all commands and events, each as QEMU's own schema describes
    it."""
    schemas = []
    for program in ([baya], [shutil.which("qemu-system-riscv64"), "-M", "virt"]):
        path = log + ".sock"
        if not program[0]:
            raise Skipped("QEMU is not installed")
        with Machine([*program, "-qmp", "unix:" + path + ",server=on,wait=off", *FROZEN],
                     log) as machine, \
                Qmp(connect(path, lambda machine=machine: machine.process.poll() is None)) as client:
            schemas.append(Schema(client.ask("query-qmp-schema")))
            commands = {entry["name"] for entry in client.ask("query-commands")}
            told = {name for name, entry in schemas[-1].told.items()
                    if entry["meta-type"] == "command"}
            check(told == commands, "commands: %s" % (told ^ commands))
    ours, theirs = schemas
    for name, entry in ours.told.items():
        check(entry["meta-type"] == theirs.told[name]["meta-type"], "%s is another thing" % name)
        check(entry.get("ret-type", "any") in ours.types, "%s returns nothing known" % name)
        their = theirs.members(name)
        for member, (kind, optional) in ours.members(name).items():
            check(member in their, "%s: QEMU has no %s" % (name, member))
            check("value" in (kind, their[member][0]) or kind == their[member][0],
                  "%s: %s is %s, not %s" % (name, member, kind, their[member][0]))
            check(optional == their[member][1], "%s: %s is optional in one" % (name, member))


def linux(baya, folder, log):
    """Controls a Linux from its start to its end."""
    disk = os.path.join(folder, "qmp.img")
    with open(disk, "wb") as image:
        image.truncate(1 << 20)
    with controlled(baya, log, "-S", "-smp", "2", "-drive",
                    "file=%s,format=raw,if=virtio,id=disk,readonly=on" % disk, "-device",
                    "virtio-gpu-device", "-device", "virtio-keyboard-device", "-device",
                    "virtio-tablet-device", "-nic", "user,id=net") as (machine, client):
        check(client.ask("query-status")["status"] == "prelaunch", "it runs already")
        client.ask("cont")
        client.event("RESUME")
        await_shell(machine, "2")
        stop_and_go(machine, client)
        ask_around(client, disk)
        type_keys(machine, client)
        client.ask("system_reset")
        check(client.event("RESET") == {"guest": False, "reason": "host-qmp-system-reset"},
              "the reset is another's")
        await_reboot(machine)
        machine.type("reboot\n")
        check(client.event("RESET") == {"guest": True, "reason": "guest-reset"},
              "the guest's reset is another's")
        await_reboot(machine)
        await_power_key(machine)
        client.ask("set-action", shutdown="pause")
        client.ask("system_powerdown")
        check(client.event("POWERDOWN") is None, "the event has data")
        check(client.event("SHUTDOWN") == {"guest": True, "reason": "guest-shutdown"},
              "the guest's end is another's")
        client.event("STOP")
        check(client.ask("query-status")["status"] == "shutdown", "it has not stopped")
        client.ask("quit")
        check(client.event("SHUTDOWN") == {"guest": False, "reason": "host-qmp-quit"},
              "the end is another's")
        check(client.line() == b"", "something comes behind SHUTDOWN")
        machine.wait(0)


def await_reboot(machine):
    machine.expect("Linux version")
    await_shell(machine, "2")


def stop_and_go(machine, client):
    client.ask("stop")
    client.event("STOP")
    check(client.ask("query-status") == {"status": "paused", "singlestep": False,
                                         "running": False}, "it is not paused")
    machine.type("echo went $((6*7))\n")
    client.ask("stop")
    check(not client.events and client.line(0.3) is None, "a second STOP")
    client.ask("cont")
    client.event("RESUME")
    machine.expect("went 42")
    machine.expect(PROMPT)


def ask_around(client, disk):
    block, = client.ask("query-block")
    check(block["device"] == "disk" and block["inserted"]["file"] == disk and
          block["inserted"]["ro"] and block["inserted"]["image"]["virtual-size"] == 1 << 20,
          "another disk: %s" % block)
    check([cpu["cpu-index"] for cpu in client.ask("query-cpus-fast")] == [0, 1], "other harts")
    check("disk (#block" in client.human("info block"), "another disk for people")
    names = [command["name"] for command in client.ask("query-commands")]
    check({"qmp_capabilities", "quit", "query-commands"} <= set(names), "names: %s" % names)
    for name in ("blockdev-mirror", "migrate"):
        check(client.command(name)["error"] == {
            "class": "CommandNotFound", "desc": "The command %s has not been found" % name},
            "%s is another error" % name)
    client.ask("set_link", name="net", up=False)
    check("link down" in client.human("info network"), "the cable is plugged in")
    forward_port(client)
    client.human("cpu 1")  # applies to that line alone
    check("hart 0" in client.human("explain"), "another hart is explained")


def forward_port(client):
    """Forwards a port of the host while the machine runs, and removes it again."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        rule = "tcp:127.0.0.1:%d" % port
        check(client.human("hostfwd_add %s-:7" % rule).startswith(
            "Could not set up host forwarding rule '%s-:7': Address already in use" % rule),
            "a port is had twice")
    check(client.human("hostfwd_add net %s-:7" % rule) == "", "no port is led to the guest")
    check(str(port) in client.human("info network"), "the port is not listed")
    socket.create_connection(("127.0.0.1", port)).close()
    check(client.human("hostfwd_remove " + rule) == "", "it cannot be taken away")
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
        check(False, "the port is still there")
    for line in ("hostfwd_remove " + rule, "hostfwd_add", "hostfwd_add tcp", "hostfwd_remove",
                 "hostfwd_add nothing %s-:7" % rule, "hostfwd_add tcp:127.0.0.1:99999-:7"):
        check(client.human(line).startswith(line.split()[0] + ": "), "%s is accepted" % line)


def type_keys(machine, client):
    """Presses keys at the guest's screen console, which runs a shell, too."""
    for name in ("e", "c", "h", "o", "spc", "minus", "v", "shift-dot", "slash", "d", "e", "v",
                 "slash", "t", "t", "y", "shift-s", "0"):
        keys = [{"type": "qcode", "data": key} for key in name.split("-")]
        events = [{"type": "key", "data": {"down": down, "key": key}}
                  for down, order in ((True, keys), (False, keys[::-1])) for key in order]
        client.ask("input-send-event", events=events)
        time.sleep(0.02)
    client.ask("send-key", keys=[{"type": "qcode", "data": "ret"}], hold_time=20)
    machine.expect("-v\r*\n")
    machine.type("\n")
    machine.expect(PROMPT)


def panic(baya, folder, log):
    with controlled(baya, log) as (machine, client):
        await_shell(machine)
        machine.type("echo c >/proc/sysrq-trigger\n")
        check(client.event("GUEST_PANICKED") == {"action": "poweroff"}, "another action")
        check(client.event("SHUTDOWN")["reason"] == "guest-panic", "another reason")
        machine.wait(6)


def panic_actions(baya, folder, log):
    with controlled(baya, log, "-action", "panic=pause") as (machine, client):
        await_shell(machine)
        machine.type("echo c >/proc/sysrq-trigger\n")
        check(client.event("GUEST_PANICKED") == {"action": "pause"}, "another action")
        client.event("STOP")
        check(client.ask("query-status")["status"] == "guest-panicked", "another status")
        client.ask("quit")
        machine.wait(6)
    with controlled(baya, log, "-no-shutdown", "-action", "panic=shutdown") as (machine, client):
        await_shell(machine)
        machine.type("echo c >/proc/sysrq-trigger\n")
        check(client.event("GUEST_PANICKED") == {"action": "pause"}, "it is not kept")
        client.event("STOP")
        check(client.ask("query-status")["status"] == "guest-panicked", "another status")
        client.ask("quit")
        machine.wait(6)
    # With panic=2 the kernel announces the reboot before it does it.
    with controlled(baya, log, "-append", "console=ttyS0 panic=2", "-action",
                    "panic=pause") as (machine, client):
        await_shell(machine)
        machine.type("echo c >/proc/sysrq-trigger\n")
        check(client.event("GUEST_PANICKED") == {"action": "run"}, "it is to reboot")
        check(client.event("RESET") == {"guest": True, "reason": "guest-reset"}, "another reset")
        client.ask("quit")
        machine.wait(0)


def picture(baya, folder, log):
    """Runs `baya screenshot` in another folder, while a client asks for the same picture."""
    mine, theirs = (os.path.join(folder, "logs", name) for name in ("qmp.ppm", "qmp_theirs.ppm"))
    other = os.path.abspath(log + ".other.sock")
    with controlled(baya, log, "-device", "virtio-gpu-device", "-qmp",
                    "unix:%s,server,nowait" % other) as (machine, client):
        await_shell(machine)
        machine.command("echo 0 >/sys/class/graphics/fbcon/cursor_blink", PROMPT)
        client.ask("screendump", filename=os.path.abspath(mine))
        run_screenshot(baya, folder, [other, "logs/qmp_theirs.ppm"], 0, "")
        with open(mine, "rb") as my_file, open(theirs, "rb") as their_file:
            check(my_file.read() == their_file.read(), "another picture")
        run_screenshot(baya, folder, ["unix:" + other, "logs/qmp.png", "0"], 0, "")
        with open(os.path.join(folder, "logs", "qmp.png"), "rb") as file:
            check(file.read(8) == b"\x89PNG\r\n\x1a\n", "it is no PNG")
        for words, code, text in (
                ([other, "a.ppm", "7"], 3, "screenshot: %s: the machine has no such screen" % other),
                ([other, "nowhere/a"], 3, "failed to open file '%s/nowhere/a': No such file or "
                                          "directory" % os.path.realpath(folder)),
                (["/nowhere", "a"], 3, "/nowhere: cannot connect: No such file or directory"),
                (["nowhere", "a"], 3, "nowhere: cannot connect: No such file or directory"),
                (["nowhere:1", "a"], 2, "usage: "), (["tcp::65536", "a"], 2, "usage: "), ([], 2, "usage")):
            run_screenshot(baya, folder, words, code, text)
        # The client of this test has the first socket, so that no other is answered.
        run_screenshot(baya, folder, [os.path.abspath(log) + ".sock", "a.ppm"], 3,
                       "another client may have it")
        machine.type("\x01x")
        machine.wait(0)


def run_screenshot(baya, folder, words, code, text):
    done = subprocess.run([os.path.abspath(baya), "screenshot", *words], cwd=folder, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check(done.returncode == code, "%s: exit code %d: %s" % (words, done.returncode, done.stdout))
    check(text in done.stdout and bool(text) == bool(done.stdout), "it says " + done.stdout)


def hostile(baya, folder, log):
    """Checks that any bytes get an answer and do not change the machine; whole, byte by byte, and
    cut off."""
    with controlled(baya, log, *FROZEN) as (machine, client):
        for text in MALFORMED:
            client.exchange(b"\xff" + text + b"\n\xff\n")
        for text in SAME[:20] + ['{"execute":"query-status"}' * 20]:
            for byte in (text + "\n").encode():
                client.send(bytes([byte]))
        client.exchange(b"\xff\n")
        for text in (b'{"execute":"query-stat', b'{"execute":"query-status","id":"', b"[[[["):
            with Qmp(reopened(client, log)) as other:
                other.send(text)
                client = other
        with Qmp(reopened(client, log)) as other:
            check(other.ask("query-status")["status"] == "prelaunch", "it is another machine")
            other.ask("quit")
            check(other.event("SHUTDOWN") == {"guest": False, "reason": "host-qmp-quit"},
                  "another end")
        machine.wait(0)


def reopened(client, log):
    client.socket.close()
    return connect(log + ".sock")


def clients(baya, folder, log):
    """Checks that a second client waits for its turn, and that the machine does not wait for one
    that does not read."""
    place = log + ".other.sock"
    with controlled(baya, log, *FROZEN, "-qmp", "unix:%s,server,nowait" % place) as (
            machine, first), Qmp(connect(place)) as other:
        second = connect(log + ".sock")
        second.setblocking(False)
        for _ in range(TURNS):
            first.ask("query-status")
        with contextlib.suppress(BlockingIOError):
            check(not second.recv(1), "the second one is served besides the first")
        second.setblocking(True)
        first.socket.close()
        with Qmp(second) as client:
            flood(client.socket, other)
        with Qmp(connect(log + ".sock")) as third:
            check(third.human("info status").startswith("VM status: paused\r\n"), "it runs")
            machine.process.terminate()
            check(third.event("SHUTDOWN")["reason"] == "host-signal", "another reason")
        machine.wait(-signal.SIGTERM)


def together(baya, folder, log):
    """Checks that clients at two sockets get all events at the same time, also while the machine is
    stopped."""
    other = log + ".other.sock"
    with controlled(baya, log, *FROZEN, "-qmp", "unix:%s,server,nowait" % other) as (machine, first), \
            Qmp(connect(other)) as second:
        for name, doer, hearer in (("a", first, second), ("b", second, first)):
            doer.send((CONT + '{"execute":"stop"}' + job("save", name, "t", "x")).encode())
            begun = [statuses(name, "created", "running"), [{"return": {}}],
                     statuses(name, "aborting", "concluded")]
            runs = [[("RESUME", None)], [{"return": {}}], [("STOP", None)], [{"return": {}}]]
            check(hear_all(doer, runs + begun), "the one who does it hears something else")
            check(hear_all(hearer, runs[0:4:2] + begun[0:3:2]), "the other hears something else")
        check([told["id"] for told in second.ask("query-jobs")] == ["b", "a"], "other jobs")
        second.ask("job-dismiss", id="a")
        check(hear_all(first, [statuses("a", "null")]) and
              hear_all(second, [statuses("a", "null")]), "it is dismissed for one")
        check(first.command("job-dismiss", id="a")["error"]["desc"] == "Job not found", "it is there")
        first.ask("quit")
        for client in (first, second):
            check(hear_all(client, [[("SHUTDOWN", {"guest": False, "reason": "host-qmp-quit"})],
                                    statuses("b", "null")]), "another end")
        machine.wait(0)


def statuses(name, *words):
    return [("JOB_STATUS_CHANGE", {"status": word, "id": name}) for word in words]


def hear_all(client, expected):
    """Returns whether these answers, and events as (name, data), come in this order."""
    for one in sum(expected, []):
        heard_one = client.events.pop(0) if client.events else client.hear()
        if "event" in heard_one:
            heard_one = heard_one["event"], heard_one.get("data")
        if heard_one != one:
            print("%s and not %s" % (heard_one, one))
            return False
    return True


def flood(client, other):
    """Sends requests until no more fit into the socket, and reads no answers."""
    request = b'{"execute":"human-monitor-command","arguments":{"command-line":"help"}}\n' * 100
    client.setblocking(False)
    turns = 0
    while turns < TURNS:
        turns += 1
        with contextlib.suppress(BlockingIOError):
            client.send(request)
            turns = 0
        other.ask("query-status")


def places(baya, folder, log):
    """Tests the places where a client can be, and the messages if it cannot."""
    path = log + ".sock"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        refused(baya, log, ["-qmp", "tcp:127.0.0.1:%d,server,nowait" % port],
                "-qmp tcp:127.0.0.1:%d,server,nowait: cannot listen there: Address already in use; "
                "choose another with -qmp tcp::PORT or -qmp unix:PATH" % port)
        with Machine([baya, *FROZEN, "-qmp", "tcp::%d" % port], log) as machine, \
                Qmp(server.accept()[0]) as client:
            client.ask("quit")
            machine.wait(0)
    refused(baya, log, ["-qmp", "unix:" + path],
            "-qmp unix:%s: cannot connect there: No such file or directory; start the other end "
            "first, or add server or reconnect=SECONDS" % path)
    with Machine([baya, *FROZEN, "-qmp", "tcp::%d,server=on,wait=off" % port], log) as machine:
        machine_answers(port)
        machine.wait(0)
    with Machine([baya, *FROZEN, "-chardev", "socket,id=c,path=%s,server=on,wait=off" % path, "-mon",
                  "chardev=c,mode=control"], log) as machine, Qmp(path) as client:
        client.ask("quit")
        machine.wait(0)
    with Machine([baya, *FROZEN, "-qmp", "unix:%s,server" % path], log) as machine:
        machine.expect("waiting for a client; nowait would start at once")
        with Qmp(path) as client:
            client.ask("quit")
        machine.wait(0)
    with Machine([baya, "-S", "-bios", "none", "-qmp", "stdio"], log) as machine:
        machine.expect('"capabilities": ')
        machine.type('{"execute":"qmp_capabilities"}{"execute":"quit"}')
        machine.expect("host-qmp-quit")
        machine.wait(0)


def called(baya, folder, log):
    """Checks that with reconnect= Baya tries to connect until it succeeds, and again after a client
    disconnects."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "qmp")
        with Machine([baya, *FROZEN[:-1], "stdio", "-qmp", "unix:%s,reconnect=1" % path],
                     log) as machine:
            machine.expect(r"\(baya\) ")
            for turn in range(3):
                with socket.socket(socket.AF_UNIX) as server:
                    server.bind(path)
                    server.listen()
                    with Qmp(server.accept()[0]) as client:
                        check(client.ask("query-status")["status"] == "prelaunch", "it runs")
                        if turn == 2:
                            client.ask("quit")
                os.unlink(path)
            machine.wait(0)


def machine_answers(port):
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        with contextlib.suppress(ConnectionRefusedError):
            with Qmp(socket.create_connection(("127.0.0.1", port))) as client:
                client.ask("quit")
            return
        time.sleep(0.02)
    check(False, "nobody listens at port %d" % port)


def refused(baya, log, options, words):
    done = subprocess.run([baya, *FROZEN, *options], stdin=subprocess.DEVNULL, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode == 3, "exit code %d" % done.returncode)
    check(done.stdout == "baya: %s\n" % words, "it says '%s'" % done.stdout)


def unchanged(baya, folder, log):
    """Checks that with the virtual clock stops of the machine do not change the run."""
    elf = os.path.join(folder, "../guest/debugged.elf")
    options = [elf, "--clock=virtual", "--state-hash"]
    alone = subprocess.run([baya, *options], check=True, capture_output=True, text=True).stderr
    with controlled(baya, log, "-S", *options) as (machine, client):
        client.ask("cont")
        with contextlib.suppress(Exception):
            for _ in range(20):
                client.ask("stop")
                client.human("info registers -a")
                client.ask("cont")
        machine.process.wait(PATIENCE)
        while machine.read():
            pass
        stopped = machine.seen.decode()
    hashes = [text.split('"state_hash":')[1].split("}")[0] for text in (alone, stopped)]
    check(hashes[0] == hashes[1], "states %s and %s" % tuple(hashes))


if __name__ == "__main__":
    main({name: getattr(sys.modules[__name__], name) for name in
          ("same", "schema", "jobs", "linux", "panic", "panic_actions", "picture", "hostile",
           "clients", "together", "places", "called", "unchanged")})
