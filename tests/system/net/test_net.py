# SPDX-License-Identifier: MIT
"""Tests the network: addresses, names and data by the user-mode network in each tier; two machines
that ping each other (over a connection, by multicast, with QEMU and through passt); captures,
links, --compare; and the messages when an address is in use or a peer sends invalid data."""

import hashlib
import os
import random
import shutil
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time

from fixtures.bundled import PROMPT, ROMS, await_shell, booted, power_off
from fixtures.console import PATIENCE, Machine, Skipped, check, main, need
from fixtures.listener import connect

LINE = "-append console=ttyS0".split()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pattern(size):
    return random.Random(1).randbytes(size)


class Sink(threading.Thread):
    """Accepts one connection on a port of the host and keeps the data that it receives."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.data = b""
        self.start()

    def run(self):
        connection, _ = self.listener.accept()
        with connection:
            while piece := connection.recv(1 << 20):
                self.data += piece


# The guest's commands: accept a connection on port 8000, and print a line when the port is open.
LISTEN = ("nc -l -p 8000 >/tmp/in & while ! grep -q :1F40 /proc/net/tcp /proc/net/tcp6; "
          "do sleep 0.1; done; echo listens now; wait; md5sum /tmp/in")


def send_to_guest(port, data):
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


def setup_address(machine, address):
    machine.command("ip address add %s/24 dev eth0; ip link set eth0 up" % address, PROMPT)


def check_ping(machine, address, count=2):
    said = machine.command("ping -c %d -W 20 %s" % (count, address), PROMPT)
    check("%d packets received" % count in said or " 0% packet loss" in said, said)


def user(baya, _, log, engine, megabytes):
    """Tests DHCP, the gateway, a host name, data from the host and back, IPv6, and the monitor's
    commands."""
    size = int(megabytes) << 20
    port, data, sink = free_port(), pattern(size), Sink()
    line = [baya, "--engine=" + engine, "-nic",
            "user,hostname=weaver,hostfwd=tcp:127.0.0.1:%d-:8000" % port]
    with booted(line, log) as machine:
        machine.command("ip link set eth0 up", PROMPT)
        machine.command("until ip -6 a show eth0 | grep fec0: | grep -qv tent; do :; done", PROMPT)
        check_ping(machine, "fec0::2")
        said = machine.command("udhcpc -i eth0 -q -n", PROMPT)
        check("lease of 10.0.2.15 obtained from 10.0.2.2" in said, said)
        check_ping(machine, "10.0.2.2")
        check_ping(machine, "fec0::2")  # IPv6 works after DHCP, too
        machine.type(LISTEN + "\n")
        machine.expect("\nlistens now")
        send_to_guest(port, data)
        machine.expect(hashlib.md5(data).hexdigest())
        machine.expect(PROMPT)
        machine.command("nc 10.0.2.2 %d </tmp/in" % sink.port, PROMPT)
        sink.join(PATIENCE)
        check(sink.data == data, "%d of %d bytes came back" % (len(sink.data), size))
        machine.type("\001c")
        machine.type("info network\n")
        machine.expect(r"net0: virtio-net, mac 52:54:00:12:34:56, link up")
        machine.expect(r"nic0: user, net 10\.0\.2\.0, mask 255\.255\.255\.0")
        machine.expect(r"TCP\[HOST_FORWARD\]")
        machine.type("set_link net0 off\n")
        machine.expect(r"\(baya\) ")
        machine.type("\001c")
        machine.command("until ip link show eth0 | grep -q NO-CARRIER; do usleep 10000; done",
                        PROMPT)


class Hasher(socketserver.StreamRequestHandler):
    """Reads all data of a connection, and sends its hash when the peer has closed its side."""

    def handle(self):
        data = self.rfile.read()
        self.wfile.write(data[:9] + hashlib.md5(data).hexdigest().encode() + b"\n")


def hasher(machine):
    """Tests two connections at a time, which are closed separately; no server listens on port 10's
    target."""
    machine.command("head -c 3000000 /dev/urandom >r", PROMPT)
    machine.command("mkfifo go; (echo first; cat go) | nc 10.0.2.102 9 >f &", PROMPT)
    want = machine.command("md5sum <r", PROMPT).split()[0]
    check(want in machine.command("nc 10.0.2.102 9 <r | tail -c 33", PROMPT), "other bytes")
    check("first" in machine.command("echo >go; wait; cat f", PROMPT), "the first connection")
    machine.command("nc 10.0.2.102 10 </dev/null", PROMPT)


def listener_of(path):
    client = connect(path)
    client.settimeout(PATIENCE)
    return client


def crowd(path):
    """Makes as many connections as the socket's backlog holds: one more would have to wait. Returns
    them."""
    waiting = []
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        try:
            client.connect(path)
        except BlockingIOError:
            client.close()
            return waiting
        waiting.append(client)


def behind_a_crowd(machine, listener):
    """Checks that a connection that has to wait does not stop the machine, and is accepted at
    last."""
    waiting = crowd(listener.getsockname())
    machine.command("nc 10.0.2.101 8 </dev/null >said &", PROMPT)
    machine.command("until grep -q :0008 /proc/net/tcp; do usleep 1000; done", PROMPT)
    said = machine.command("tr a-z A-Z </proc/uptime | nc 10.0.2.100 7", PROMPT)
    check("." in said, "the network stands still: " + said)
    for client in waiting:
        listener.accept()[0].close()
        client.close()
    connection, _ = listener.accept()
    connection.sendall(b"by socket\n")
    connection.close()
    said = machine.command("wait; cat said", PROMPT)
    check("by socket\n" in said, said)


def late_reader(machine, stream):
    """Checks that a program that reads late gets all that the guest has sent; a file's output may
    wait up to 16 MB."""
    size = 24 << 20
    machine.command("head -c %d /dev/urandom >r" % size, PROMPT)
    want = machine.command("md5sum <r", PROMPT).split()[0]
    machine.type("nc 10.0.2.103 1 <r\n")
    time.sleep(2)
    got = hashlib.md5()
    while size and (data := stream.recv(min(size, 1 << 20))):
        got.update(data)
        size -= len(data)
    check(got.hexdigest() == want, "other bytes, or %d are lacking" % size)
    machine.type("\x03")
    machine.expect(PROMPT)


def services(baya, folder, log):
    """Tests services that the user-mode network itself offers: a command, a socket, files by
    TFTP."""
    served = os.path.join(folder, "tftp-%d" % os.getpid())
    os.makedirs(served)
    with open(os.path.join(served, "boot.txt"), "w", encoding="ascii") as file:
        file.write("by tftp\n")
    path = os.path.join(served, "socket")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hasher)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    nic = ("user,tftp=%s,dns=10.0.2.4,guestfwd=tcp:10.0.2.100:7-cmd:tr a-z A-Z,"
           "guestfwd=tcp:10.0.2.101:8-unix:%s,guestfwd=tcp:10.0.2.102:9-tcp:localhost:%d,"
           "guestfwd=tcp:10.0.2.102:10-tcp:127.0.0.1:1" %
           (served, path, server.server_address[1]))
    nic += ",guestfwd=tcp:10.0.2.103:1-chardev:c"
    chardev = "socket,id=c,server=on,wait=off,path=%s/stream" % served
    with booted([baya, "-nic", nic, "-chardev", chardev], log) as machine:
        machine.command("udhcpc -i eth0 -q -n", PROMPT)
        check("10.0.2.4" in machine.command("cat /etc/resolv.conf", PROMPT), "another name server")
        said = machine.command("echo command | nc 10.0.2.100 7", PROMPT)
        check("COMMAND" in said, said)
        behind_a_crowd(machine, listener)
        hasher(machine)
        with listener_of(os.path.join(served, "stream")) as stream:
            stream.sendall(b"waits for somebody\n")
            for said in (b"one", b"two"):
                machine.type("nc 10.0.2.103 1\n%s\n" % said.decode())
                check(stream.recv(4, socket.MSG_WAITALL) == said + b"\n", "another word")
                stream.sendall(b"heard " + said + b"\n")
                machine.expect("heard " + said.decode())
                machine.type("\x03")
                machine.expect(PROMPT)
            late_reader(machine, stream)
        said = machine.command("tftp -g -r boot.txt 10.0.2.2; cat boot.txt", PROMPT)
        check("by tftp" in said, said)
    listener.close()
    server.shutdown()
    shutil.rmtree(served)


def queues(baya, _, log, device):
    """Tests several queues, and a large MTU; the monitor knows the card by its id. A second card
    has features switched off."""
    line = [baya, "-smp", "2", "-netdev", "user,id=n",
            "-device", device + ",netdev=n,id=card,mac=52:54:00:00:00:07,mq=on,host_mtu=9000",
            "-netdev", "user,id=o", "-device", device + ",netdev=o,mrg_rxbuf=off,csum=off,gso=off,"
            "rx_queue_size=1024,tx_queue_size=512"]
    with booted(line, log, "2") as machine:
        machine.command("udhcpc -i eth0 -q -n", PROMPT)
        said = machine.command("ip link show eth0; ls /sys/class/net/eth0/queues", PROMPT)
        check("52:54:00:00:00:07" in said and "mtu 9000" in said, said)
        check("tx-1" in said, "one queue only: " + said)
        said = machine.command("ping -c 2 -s 4000 10.0.2.2", PROMPT)
        check("2 packets received" in said, said)
        bits = [machine.command("cat /sys/class/net/eth%d/device/features" % n, PROMPT).split()[-1]
                for n in range(2)]
        for bit, feature in ((0, "CSUM"), (11, "HOST_TSO4"), (12, "HOST_TSO6"), (15, "MRG_RXBUF")):
            check([card[bit] for card in bits] == ["1", "0"], "%s: %s" % (feature, bits))
        machine.type("\001cinfo network\n")
        machine.expect(r"net0 \(card\): virtio-net, mac 52:54:00:00:00:07, link up")
        machine.type("set_link card off\n")
        machine.expect(r"\(baya\) ")
        machine.type("\001c")
        machine.command("until ip link show eth0 | grep -q NO-CARRIER; do usleep 10000; done",
                        PROMPT)
        machine.command("ip link set eth0 down; udhcpc -i eth1 -q -n", PROMPT)
        check_ping(machine, "10.0.2.2")


def alone(baya, _, log):
    """Checks that cards without netdev= have a link, as in QEMU, but no peer; set_link takes the
    link down."""
    with booted([baya, "-device", "virtio-net-device,id=card", "-device", "virtio-net-pci"],
                log) as machine:
        for card in ("eth0", "eth1"):
            said = machine.command("ip link set %s up; cat /sys/class/net/%s/carrier"
                                   % (card, card), PROMPT)
            check(said == "1\n", "no carrier: " + said)
        setup_address(machine, "10.1.1.1")
        said = machine.command("ping -c 2 -W 1 10.1.1.2", PROMPT)
        check("100% packet loss" in said, said)
        machine.type("\001cset_link card off\n")
        machine.expect(r"\(baya\) ")
        machine.type("info network\n")
        machine.expect(r"net0 \(card\): virtio-net, mac [0-9a-f:]+, link down")
        machine.expect(r"net1: virtio-net, mac [0-9a-f:]+, link up")
        machine.type("\001c")
        machine.command("until grep -q 0 /sys/class/net/eth0/carrier; do usleep 10000; done",
                        PROMPT)


def set_link(machine, name, state):
    machine.type("\001cset_link %s %s\n" % (name, state))
    said = machine.expect(r"\n\(baya\) ")
    check("no card" not in said, said)
    machine.type("\001c")


def links(baya, _, log):
    """Checks that set_link prefers names of the command line to those that cards have anyway, and
    that it cuts a network off a hub, as in QEMU."""
    line = [baya, "-netdev", "user,id=net1", "-netdev", "hubport,id=p,hubid=0,netdev=net1",
            "-netdev", "hubport,id=h,hubid=0", "-device", "virtio-net-device,netdev=h",
            "-device", "virtio-net-pci,id=net0"]
    with booted(line, log) as machine:
        machine.command("ip link set eth1 up; udhcpc -i eth0 -q -n", PROMPT)
        set_link(machine, "net0", "off")
        machine.command("until grep -q 0 /sys/class/net/eth1/carrier; do usleep 10000; done",
                        PROMPT)
        for name in ("net1", "p"):
            set_link(machine, name, "off")
            said = machine.command("ping -c 1 -W 1 10.0.2.2; cat /sys/class/net/eth0/carrier",
                                   PROMPT)
            check("100% packet loss" in said and said.endswith("\n1\n"), name + ": " + said)
            machine.type("\001cinfo network\n")
            machine.expect("%s: [a-z]*, link down" % name)
            machine.type("\001c")
            set_link(machine, name, "on")
            check_ping(machine, "10.0.2.2", 1)
        set_link(machine, "h", "off")
        machine.command("until grep -q 0 /sys/class/net/eth0/carrier; do usleep 10000; done",
                        PROMPT)


def restricted(baya, _, log):
    """Checks that with restrict=on the guest can reach only the network itself."""
    sink = Sink()
    with booted([baya, "-nic", "user,restrict=on,net=192.168.7.0/24,dhcpstart=192.168.7.20"],
                log) as machine:
        said = machine.command("udhcpc -i eth0 -q -n", PROMPT)
        check("lease of 192.168.7.20" in said, said)
        machine.command("echo no | nc -w 3 192.168.7.2 %d" % sink.port, PROMPT)
        check(sink.data == b"" and sink.is_alive(), "the host was reached")


def ping_pair(log, first, second, prepare=lambda: None):
    """Runs two machines on one network: each pings the other, and a file is transferred."""
    with booted(first, log) as one:
        prepare()
        with Machine(second, log + ".2") as two:
            await_shell(two)
            setup_address(one, "10.1.1.1")
            setup_address(two, "10.1.1.2")
            check_ping(one, "10.1.1.2")
            check_ping(two, "10.1.1.1")
            check_ping(one, "-s 20000 10.1.1.2")  # an echo request of 14 frames
            one.type(LISTEN + "\n")
            one.expect("\nlistens now")
            sums = two.command("dd if=/dev/urandom of=/tmp/x bs=64k count=32 2>/dev/null; "
                               "md5sum </tmp/x; nc 10.1.1.1 8000 </tmp/x", PROMPT)
            one.expect(sums.split()[0])
            two.type("poweroff\n")
            two.wait(0)


def stream(baya, folder, log, kind):
    """Tests a connection between two machines with fixed addresses."""
    path = os.path.join(folder, "net-%d" % os.getpid())
    port = free_port()
    end = {"unix": "addr.type=unix,addr.path=" + path,
           "inet": "addr.type=inet,addr.host=127.0.0.1,addr.port=%d" % port}[kind]
    ping_pair(log, [baya, "-nic", "stream,server=on,%s,mac=52:54:00:00:00:01" % end],
              [baya, "-nic", "stream,%s,mac=52:54:00:00:00:02" % end])
    check(not os.path.exists(path), "the socket %s was left behind" % path)


def group(baya, _, log):
    """Tests a multicast group, which connects machines without one in the middle. It needs
    multicast on the loopback interface."""
    port = free_port()
    line = ("dgram,remote.type=inet,remote.host=239.192.7.1,remote.port=%d,"
            "local.type=inet,local.host=127.0.0.1,mac=52:54:00:00:00:0%d")
    ping_pair(log, [baya, "-nic", line % (port, 1)], [baya, "-nic", line % (port, 2)])


def dgram(baya, folder, log):
    """Tests datagrams between two sockets, each of which is the other's remote."""
    ends = [os.path.join(folder, "net-%d-%d" % (os.getpid(), n)) for n in range(2)]
    line = ("dgram,local.type=unix,local.path=%s,remote.type=unix,remote.path=%s,"
            "mac=52:54:00:00:00:0%d")
    ping_pair(log, [baya, "-nic", line % (ends[0], ends[1], 1)],
              [baya, "-nic", line % (ends[1], ends[0], 2)])


def qemu(baya, folder, log, kind="stream"):
    """Tests a connection with QEMU as the other machine."""
    need({"qemu-system-riscv64": "qemu-system-misc"})
    path = os.path.join(folder, "net-%d" % os.getpid())
    ends = {"stream": ("server=on,addr.type=unix,addr.path=" + path,
                       "addr.type=unix,addr.path=" + path),
            "dgram": [",".join("%s.type=unix,%s.path=%s" % (side, side, path + end)
                               for side, end in zip(("local", "remote"), order))
                      for order in ("ab", "ba")]}[kind]
    image = os.path.join(folder, "Image")
    if not os.path.exists(image):
        with open(path + ".image", "wb") as out:
            subprocess.run(["gzip", "-dc", os.path.join(ROMS, "Image.gz")], stdout=out, check=True)
        os.rename(path + ".image", image)
    other = ["timeout", "300", "qemu-system-riscv64", "-M", "virt", "-m", "512M", "-nographic",
             "-kernel", image, "-initrd", os.path.join(ROMS, "initramfs.cpio.gz"), *LINE,
             "-netdev", "%s,id=n,%s" % (kind, ends[1]),
             "-device", "virtio-net-device,netdev=n,mac=52:54:00:00:00:02"]
    ping_pair(log, [baya, "-nic", "%s,%s,mac=52:54:00:00:00:01" % (kind, ends[0])], other)


def passt(baya, _, log):
    """Checks that passt gives the machine an address over a connection."""
    need({"passt": "passt"})
    place = tempfile.mkdtemp()
    os.chmod(place, 0o777)  # passt gives up root's rights
    path = os.path.join(place, "socket")
    daemon = subprocess.Popen(["passt", "--foreground", "--socket", path, "--address",
                               "10.9.9.2", "--netmask", "24", "--gateway", "10.9.9.1"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        while not os.path.exists(path) and daemon.poll() is None:
            time.sleep(0.1)
        if daemon.poll() is not None:
            raise Skipped("passt does not start here: %s" % daemon.stdout.read().decode())
        with booted([baya, "-nic", "stream,addr.type=unix,addr.path=" + path], log) as machine:
            said = machine.command("udhcpc -i eth0 -q -n", PROMPT)
            check("lease of 10.9.9.2 obtained" in said, said)
    finally:
        daemon.kill()
        daemon.wait()
        shutil.rmtree(place)


def hub(baya, folder, log):
    """Tests two cards and the user-mode network on a hub, and captures of all its frames."""
    path, began = os.path.join(folder, "hub.pcap"), time.time()
    line = [baya, "-netdev", "user,id=u", "-netdev", "hubport,id=h0,hubid=0,netdev=u",
            "-nic", "hubport,id=h1,hubid=0", "-nic", "hubport,id=h2,hubid=0",
            "-object", "filter-dump,id=f,netdev=u,file=" + path,
            "-object", "filter-dump,id=g,netdev=h0,file=" + path + ".port"]
    with booted(line, log) as machine:
        said = machine.command("udhcpc -i eth0 -q -n", PROMPT)
        check("lease of 10.0.2.15 obtained" in said, said)
        machine.command("unshare -n sleep 10000 & until [ $(readlink /proc/$!/ns/net) != "
                        "$(readlink /proc/self/ns/net) ]; do usleep 10000; done; "
                        "ip link set eth1 netns $!", PROMPT)
        machine.command("nsenter -t $! -n ip address add 10.0.2.99/24 dev eth1", PROMPT)
        machine.command("nsenter -t $! -n ip link set eth1 up", PROMPT)
        check_ping(machine, "10.0.2.99")
        check_ping(machine, "10.0.2.2")
        check_pcap(path, began)  # while the machine runs
    check_pcap(path, began)
    check([frame for _, frame in captured(path + ".port")] ==
          [frame for _, frame in captured(path)], "the hub's port saw other frames")


def switch(baya, folder, log):
    """Tests three machines on the hub of one, to which the others connect; one of these starts
    before it."""
    ends = [os.path.join(folder, "net-%d-%d" % (os.getpid(), n)) for n in (2, 3)]
    line = [baya, "-nic", "hubport,id=h,hubid=0"]
    for n, end in enumerate(ends):
        line += ["-netdev", "stream,server=on,addr.type=unix,id=s%d,addr.path=%s" % (n, end),
                 "-netdev", "hubport,hubid=0,id=p%d,netdev=s%d" % (n, n)]
    others = [[baya, "-nic", "stream,addr.type=unix,reconnect=1,addr.path=%s,"
               "mac=52:54:00:00:00:0%d" % (end, n)] for n, end in enumerate(ends, 2)]
    with booted(others[0], log + ".2") as two:
        with Machine(line, log) as one, Machine(others[1], log + ".3") as three:
            for n, machine in enumerate((one, two, three), 1):
                if machine is not two:
                    await_shell(machine)
                setup_address(machine, "10.1.1.%d" % n)
            two.command("until ping -c 1 10.1.1.3; do sleep 0.1; done", PROMPT)
            for machine, other in ((one, 2), (one, 3), (two, 3), (three, 2)):
                check_ping(machine, "10.1.1.%d" % other)
            power_off(three)
            power_off(one)


def captured(path):
    """Returns the frames of a pcap file, each with its time in nanoseconds."""
    frames = []
    with open(path, "rb") as file:
        magic, major, minor, _, _, _, link = struct.unpack("<IHHIIII", file.read(24))
        check((magic, major, minor, link) == (0xa1b23c4d, 2, 4, 1), "the file's header")
        while record := file.read(16):
            seconds, nanoseconds, written, size = struct.unpack("<IIII", record)
            frames.append((seconds * 10**9 + nanoseconds, file.read(written)))
            check(len(frames[-1][1]) == written == size, "a frame is cut off")
    return frames


def check_pcap(path, began):
    """Checks that the frames are in order of time since the test began, and that UDP (as of DHCP),
    ICMP and ARP are among them."""
    kinds, before = set(), began * 10**9
    for when, frame in captured(path):
        check(when >= before, "time goes back")
        check(when < time.time() * 10**9, "a frame is from the future")
        before = when
        kinds.add((frame[12:14], frame[23]) if frame[12:14] == b"\x08\0" else frame[12:14])
    for kind in ((b"\x08\0", 17), (b"\x08\0", 1), b"\x08\x06"):
        check(kind in kinds, "no frame of kind %s" % (kind,))


def complain(baya, log, line, code, *texts):
    with Machine([baya, *line], log) as machine:
        said = ""
        while machine.read():
            pass
        said = machine.seen.decode()
        machine.wait(code)
    for text in texts:
        check(text in said, "'%s' is not in: %s" % (text, said))
    check(said.count("\n") == 1, "not one line: " + said)


def errors(baya, folder, log):
    """Checks that one line says what is wrong, and which option would change it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        complain(baya, log, ["-nic", "user,hostfwd=tcp:127.0.0.1:%d-:22" % port], 3,
                 "Could not set up host forwarding rule 'tcp:127.0.0.1:%d-:22': Address already in "
                 "use; give another port before the '-'" % port)
        complain(baya, log, ["-nic", "stream,server=on,addr.type=inet,addr.host=127.0.0.1,"
                             "addr.port=%d" % port], 3, "is taken", "addr.port=")
    gone = os.path.join(folder, "no-such-socket")
    complain(baya, log, ["-nic", "stream,addr.type=unix,addr.path=" + gone], 3,
             gone, "reconnect=SECONDS")
    with Machine([baya, "-S", "-nic", "stream,server=on,addr.type=unix,addr.path=%s/x" % gone],
                 log) as machine:
        said = machine.expect(": No such file or directory\r?\n")
        check("cannot wait at " + gone in said, said)
        machine.wait(3)
    complain(baya, log, ["-nic", "tap,fd=0"], 3, "fd=0: Inappropriate ioctl for device; give the "
             "descriptor of a tap or macvtap interface")
    complain(baya, log, ["-nic", "user,hostfwd=22"], 2, "hostfwd", "'22'")
    complain(baya, log, ["-nic", "frob"], 2, "'frob'", "user|stream|dgram|hubport|tap")
    complain(baya, log, ["-nic", "bridge"], 2, "QEMU has bridge", "tap uses an interface")
    complain(baya, log, ["-netdev", "user,id=a", "-netdev", "user,id=a"], 2, "given twice")
    complain(baya, log, ["-device", "virtio-net-device,netdev=x"], 2, "netdev=x")
    complain(baya, log, ["-nic", "user,mac=01:00:00:00:00:00"], 2, "mac")
    complain(baya, log, ["-nic", "user,net=10.0.2.0/99"], 2, "net", "10.0.2.0/99")


def chosen_port(baya, _, log):
    """Checks that `info network` shows the port that the host has chosen."""
    line = [baya, "-S", "-serial", "none", "-monitor", "stdio", "-nic",
            "stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=0"]
    with Machine(line, log) as machine:
        machine.expect(r"\(baya\) ")
        machine.type("info network\n")
        machine.expect(r"stream, at 127\.0\.0\.1:[1-9]\d+, no peer")
        machine.type("quit\n")
        machine.wait(0)


def hostile_peer(baya, folder, log):
    """Checks that the machine continues whatever comes over the connection, and that the next peer
    is served."""
    path = os.path.join(folder, "net-%d" % os.getpid())
    generator = random.Random(2)
    bad = [b"\xff\xff\xff\xff", struct.pack(">I", 70000) + b"x" * 1000]
    bad += [generator.randbytes(5000) for _ in range(5)]
    fine = b"".join(struct.pack(">I", size) + generator.randbytes(size)
                    for size in (0, 1, 13, 14, 15, 60, 1514, 9000, 65535))
    with booted([baya, "-nic", "stream,server=on,addr.type=unix,addr.path=" + path],
                log) as machine:
        setup_address(machine, "10.1.1.1")
        for data in bad + [fine]:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.settimeout(PATIENCE)
                peer.connect(path)
                for at in range(0, len(data), 700):
                    try:
                        peer.sendall(data[at:at + 700])
                    except ConnectionError:
                        break
                if data is not fine:
                    try:
                        while peer.recv(4096):
                            pass
                    except ConnectionError:
                        pass
        machine.expect("has sent an invalid frame")
        check(machine.command("echo $((6 * 7))", PROMPT).endswith("42\n"), "it does not go on")


def hostile_dgram(baya, folder, log):
    """Sends datagrams that are no frames, and some that are longer than a frame can be."""
    path = os.path.join(folder, "net-%d" % os.getpid())
    generator = random.Random(3)
    with Machine([baya, "-nic", "dgram,local.type=unix,local.path=%s,remote.type=unix,"
                  "remote.path=%s-peer" % (path, path)], log) as machine, \
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        await_shell(machine)
        setup_address(machine, "10.1.1.1")
        peer.bind(path + "-peer")
        peer.settimeout(PATIENCE)
        for size in [*range(70), 1514, 9000, 65535, *range(65615, 65630), 100000, 200000]:
            peer.sendto(generator.randbytes(size), path)
        check(machine.command("echo $((6 * 7))", PROMPT).endswith("42\n"), "it does not go on")
        power_off(machine)
    os.unlink(path + "-peer")


def compare(baya, folder, log):
    """Checks that a second machine, which gets the network's input from the journal and runs in
    another tier, does exactly the same."""
    sink, data = Sink(), pattern(200000)
    port = free_port()
    command = ("udhcpc -i eth0 -q -n; ping -c 2 10.0.2.2; %s; "
               "nc 10.0.2.2 %d </tmp/in" % (LISTEN, sink.port))
    line = [baya, "--compare", "-nic", "user,hostfwd=tcp:127.0.0.1:%d-:8000" % port,
            "-append", 'console=ttyS0 run="%s"' % command]
    with Machine(line, log) as machine:
        machine.expect("2 packets received")
        machine.expect("\nlistens now")
        send_to_guest(port, data)
        machine.expect("run: exit status 0")
        machine.wait(0)
    sink.join(10)
    check(sink.data == data, "%d bytes came back" % len(sink.data))


main({name: function for name, function in globals().items()
      if name in ("user", "services", "queues", "alone", "links", "restricted", "stream", "group", "dgram", "qemu", "passt", "hub", "switch",
                  "errors", "chosen_port", "hostile_peer", "hostile_dgram", "compare")})
