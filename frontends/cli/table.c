/* SPDX-License-Identifier: MIT */
/*
 * Every option, one row each (the devices of -device are in cli/machine/drivers.c): its spelling,
 * its value, its help and what it does. Spelling and meaning are QEMU's where QEMU has the option.
 * To add one, add a row (and a function in cli/values.c if a field of struct options is not
 * enough).
 */
#include "frontends/cli/table.h"

#include "frontends/cli/machine/links.h"
#include "frontends/cli/machine/net.h"
#include "frontends/cli/machine/rtc.h"

const char interface_words[] = "none|virtio|pflash";

const char *const options_groups[GROUP_COUNT] = {
	[GROUP_BOOT] = "What to boot",
	[GROUP_MACHINE] = "Machine",
	[GROUP_DISK] = "Disks and devices",
	[GROUP_NET] = "Network",
	[GROUP_CONSOLE] = "Consoles",
	[GROUP_SCREEN] = "Screen",
	[GROUP_SOUND] = "Sound",
	[GROUP_RUN] = "Running",
	[GROUP_DEBUG] = "Debugging",
	[GROUP_SUITE] = "Running tests: baya test",
	[GROUP_EXPLAIN] = "Explaining: baya explain",
	[GROUP_CYCLES] = "Counting cycles: baya cycles",
	[GROUP_COMMAND] = "Running a command, or Debian: baya run",
	[GROUP_LOG] = "Messages",
	[GROUP_ACCEPTED] = "Accepted from QEMU's command lines, as it is so here anyway",
};

const struct key drive_keys[] = {
	{ "file", KEY_TEXT, offsetof(struct drive, file), "FILE", 0, 0 },
	{ "format", KEY_WORD, offsetof(struct drive, format), "raw|qcow2", 0, 0 },
	{ "if", KEY_WORD, offsetof(struct drive, interface), interface_words, 0, 0 },
	{ "id", KEY_TEXT, offsetof(struct drive, id), "ID", 0, 0 },
	{ "node-name", KEY_TEXT, offsetof(struct drive, node), "NAME", 0, 0 },
	{ "readonly", KEY_SWITCH, offsetof(struct drive, readonly), "on|off", 0, 0 },
	{ "read-only", KEY_SWITCH, offsetof(struct drive, readonly), "on|off", 0, 0 },
	{ "unit", KEY_NUMBER, offsetof(struct drive, unit), "N", 0, 255 },
	{ "index", KEY_NUMBER, offsetof(struct drive, index), "N", 0, 255 },
	{ "serial", KEY_TEXT, offsetof(struct drive, serial), "TEXT", 0, 0 },
	{ "media", KEY_WORD, offsetof(struct drive, media), "disk|cdrom", 0, 0 },
	{ "snapshot", KEY_SWITCH, offsetof(struct drive, snapshot), "on|off", 0, 0 },
	{ "werror", KEY_WORD, offsetof(struct drive, werror), ON_ERROR_WORDS, 0, 0 },
	{ "rerror", KEY_WORD, offsetof(struct drive, rerror), ON_READ_ERROR_WORDS, 0, 0 },
	{ "detect-zeroes", KEY_WORD, offsetof(struct drive, zeroes), "off|on|unmap", 0, 0 },
	{ "cache", KEY_WORD, offsetof(struct drive, cache),
	  "writeback|none|unsafe|writethrough|directsync", 0, 0 },
	{ "aio", KEY_WORD, offsetof(struct drive, ignored_word), "threads|native|io_uring", 0, 0 },
	{ "discard", KEY_WORD, offsetof(struct drive, discard), "unmap|on|ignore|off", 0, 0 },
};
const unsigned drive_key_count = ARRAY_SIZE(drive_keys);

#define FIELD(member) offsetof(struct options, member)
#define TEXT(member) { NULL, KEY_TEXT, FIELD(member), "FILE", 0, 0 }
#define FLAG(member) { NULL, KEY_SWITCH, FIELD(member), NULL, 0, 0 }
#define WORD(member, words) { NULL, KEY_WORD, FIELD(member), words, 0, 0 }
#define NUMBER(member, min, max) { NULL, KEY_NUMBER, FIELD(member), "N", min, max }
#define BY_FUNCTION { NULL, KEY_ANY, 0, NULL, 0, 0 }

const struct option options_table[] = {
	{ "bios", NULL, "default|none|FILE", GROUP_BOOT,
	  "Firmware: default is Baya's own SBI, FILE may be OpenSBI or U-Boot as built.",
	  "default|none|FILE", NULL, TEXT(board.bios) },
	{ "kernel", NULL, "FILE", GROUP_BOOT, "Linux Image, Image.gz or EFI-stub Image, an ELF, or code "
	  "without a header, as u-boot.bin, which is loaded 2 MiB behind the start of RAM, or at its "
	  "start with -bios none.",
	  "FILE", NULL, TEXT(board.kernel) },
	{ "initrd", NULL, "FILE", GROUP_BOOT, "Initial RAM disk for the kernel.", "FILE", NULL,
	  TEXT(board.initrd) },
	{ "append", NULL, "TEXT", GROUP_BOOT, "The kernel's command line.", NULL, NULL,
	  { NULL, KEY_ANY, FIELD(board.append), "TEXT", 0, 0 } },
	{ "dtb", NULL, "FILE", GROUP_BOOT, "A device tree in place of the machine's own.", "FILE",
	  NULL, TEXT(board.dtb) },

	{ "machine", "M", "virt[,aia=KIND][,aia-guests=N][,plic=KIND][,dumpdtb=FILE]",
	  GROUP_MACHINE,
	  "The machine: virt, QEMU's. With dumpdtb=FILE its device tree is written to FILE and "
	  "nothing runs. aia= says what interrupt controllers there are: none (a PLIC), aplic, or "
	  "aplic-imsic with aia-guests= guest interrupt files per hart (0). plic= says when a PLIC "
	  "asks again after completion: qemu (the default), when the device has raised its line "
	  "anew, which hides what a driver forgets to serve; level, as hardware, whenever it is "
	  "high. pflash0=NODE and pflash1=NODE name flash banks by -blockdev's node-name. "
	  "aclint=on: an ACLINT in place of the CLINT, whose SSWI lets S-mode interrupt harts. acpi=off "
	  "and usb=on|off are accepted.",
	  "virt|help", apply_machine, BY_FUNCTION },
	{ "cpu", NULL, "MODEL[,EXT=on|off...]", GROUP_MACHINE,
	  "The harts: rv64gc, a profile (rva20s64, rva22s64, rva23s64), or max, the default, which "
	  "is all there is but what breaks old software. EXT=on and EXT=off add and take away "
	  "extensions; -cpu help lists them. With smrnmi=on, rnmi-interrupt-vector=ADDR and "
	  "rnmi-exception-vector=ADDR say where non-maskable interrupts are handled, and "
	  "exceptions of their handler (0).",
	  "rv64gc|rva20s64|rva22s64|rva23s64|max|rv64|help", apply_cpu, BY_FUNCTION },
	{ "m", NULL, "SIZE", GROUP_MACHINE,
	  "RAM in MiB, or with a suffix: 512M, 2G. From 16M to 64G; 128M unless given, as in QEMU, "
	  "and 512M for the bundled guest. Takes host memory only as the guest touches it.",
	  "128M|512M|1G|2G|4G|8G", apply_ram, BY_FUNCTION },
	{ "smp", NULL, "N[,cores=N...]", GROUP_MACHINE,
	  "Number of harts, 1 to 64; 1 unless given. Takes maxcpus=, sockets=, cores= and threads= as "
	  "QEMU does: their product counts if N is not given.",
	  "1|2|4|8|16|32|64", apply_smp, BY_FUNCTION },
	{ "numa", NULL, "node[,memdev=ID]", GROUP_MACHINE,
	  "The only node of memory; memdev= is as -machine memory-backend=ID.", "node", apply_numa,
	  BY_FUNCTION },
	{ "uuid", NULL, "UUID", GROUP_MACHINE,
	  "The machine's, in fw_cfg for firmware, and by QMP.", NULL, apply_uuid, BY_FUNCTION },
	{ "fw_cfg", NULL, "NAME,file=FILE|string=TEXT", GROUP_MACHINE,
	  "Something for firmware and guest to read in fw_cfg, where Linux has it as "
	  "/sys/firmware/qemu_fw_cfg/by_name/NAME/raw; names begin with opt/.", "name=opt/",
	  apply_fw_cfg, BY_FUNCTION },
	{ "overcommit", NULL, "mem-lock=on|off", GROUP_MACHINE,
	  "With on the host keeps all of the machine in its memory, and pages nothing out.",
	  "mem-lock=on|mem-lock=off", apply_overcommit, BY_FUNCTION },
	{ "semihosting", NULL, NULL, GROUP_MACHINE,
	  "Let the guest use semihosting calls. Always on for a bare-metal program.",
	  NULL, NULL, FLAG(board.semihosting) },
	{ "semihosting-config", NULL, "enable=on|off[,path=FOLDER][,arg=TEXT]", GROUP_MACHINE,
	  "The same, as a list. path= lets the guest have the files beneath this folder, and no "
	  "others; arg= is its command line, without it the program's name. target=native is "
	  "accepted.", "enable=on|enable=off",
	  apply_semihosting, BY_FUNCTION },
	{ "rtc", NULL, "base=utc|localtime|DATE[,clock=host|vm]", GROUP_MACHINE,
	  "The real-time clock: base= is what it begins with, the host's time in UTC (the default) "
	  "or as the host's zone has it, or a date such as 2026-07-01T12:00:00. With clock=host "
	  "(the default) it goes on while the machine is stopped, with clock=vm it stands still, "
	  "too. Under the virtual clock it is clock=vm and begins with 2025-01-01, or DATE.",
	  "base=utc|base=localtime|clock=vm", apply_rtc, BY_FUNCTION },
	{ "no-reboot", NULL, NULL, GROUP_MACHINE, "End when the guest resets the machine.", NULL,
	  NULL, FLAG(no_reboot) },

	{ "no-shutdown", NULL, NULL, GROUP_MACHINE,
	  "Keep the machine, stopped, when the guest shuts it down: -action shutdown=pause.", NULL,
	  apply_no_shutdown, BY_FUNCTION },
	{ "action", NULL, "EVENT=ACTION[,EVENT=ACTION...]", GROUP_MACHINE,
	  "What the guest's deeds do: reboot=reset|shutdown, shutdown=poweroff|pause, and where its "
	  "kernel has panicked and hangs panic=none|pause|shutdown|exit-failure. Without, that "
	  "ends Baya (with exit code 6, as the last two do) unless a person looks on.",
	  NULL, apply_end_action, BY_FUNCTION },
	{ "daemonize", NULL, NULL, GROUP_MACHINE,
	  "Leave the terminal when the machine begins. What is not said to be elsewhere is "
	  "nowhere.", NULL, NULL, FLAG(process.daemonize) },
	{ "pidfile", NULL, "FILE", GROUP_MACHINE,
	  "Keep the number of the process in FILE while it runs.", "FILE", NULL,
	  TEXT(process.pid_file) },
	{ "readconfig", NULL, "FILE", GROUP_MACHINE,
	  "Take options from FILE, which is as QEMU's: [OPTION] or [OPTION \"ID\"], behind which "
	  "KEY = \"VALUE\" in lines of their own are the items of its list; and [baya], behind which "
	  "OPTION = \"VALUE\" is any option, \"on\" the value of one that has none. The same, of "
	  "the user's own, is read before the options of a run (not of test, explain, cycles and "
	  "run): baya/baya.conf in $XDG_CONFIG_HOME, or in ~/.config.", "FILE", apply_readconfig,
	  BY_FUNCTION },
	{ "no-user-config", NULL, NULL, GROUP_MACHINE, "Do without baya.conf.", NULL,
	  apply_accepted, BY_FUNCTION },

	{ "drive", NULL, "file=FILE[,KEY=VALUE...]", GROUP_DISK,
	  "A disk image: format=raw, also unless given, or format=qcow2, with its backing files. "
	  "if=virtio (as without if=) is a virtio disk, if=none,id=ID waits for "
	  "-device virtio-blk-device,drive=ID, if=pflash,unit=0|1 is a flash bank. readonly=on, "
	  "snapshot=on, serial=TEXT, node-name=NAME; media=cdrom is readonly=on; werror= and rerror= "
	  "say what an error of the host's at writing or reading does: report (the guest gets it), "
	  "ignore, stop (the machine is, and cont tries again), enospc, the default of writing "
	  "(stop for a full disk, else report; report alone where no monitor, QMP or debugger "
	  "could let it go on, where QEMU's stops for ever); detect-zeroes=on|unmap takes zeros that are "
	  "written as none; discard=ignore keeps what the guest discards; index=, aio= and "
	  "cache=writeback|none|unsafe are accepted. A comma in a name is written twice.",
	  NULL, apply_drive, BY_FUNCTION },
	{ "blockdev", NULL, "driver=DRIVER,node-name=NAME[,KEY=VALUE...]", GROUP_DISK,
	  "The same as a node that -device virtio-blk-device,drive=NAME and QMP's blockdev-del "
	  "know: driver=raw or qcow2 with file.driver=file,file.filename=FILE, or file= and the "
	  "name of a node with driver=file,filename=FILE. read-only=on, discard=unmap, and what "
	  "QEMU has for speed. Also as JSON. -snapshot is of drives and not of these.",
	  "driver=", apply_blockdev, BY_FUNCTION },
	{ "hda", NULL, "FILE", GROUP_DISK, "A disk: -drive file=FILE. Also -hdb, -hdc, -hdd.",
	  "FILE", apply_disk, BY_FUNCTION },
	{ "hdb", NULL, "FILE", GROUP_DISK, "Likewise.", "FILE", apply_disk, BY_FUNCTION },
	{ "hdc", NULL, "FILE", GROUP_DISK, "Likewise.", "FILE", apply_disk, BY_FUNCTION },
	{ "hdd", NULL, "FILE", GROUP_DISK, "Likewise.", "FILE", apply_disk, BY_FUNCTION },
	{ "pflash", NULL, "FILE", GROUP_DISK,
	  "A flash bank, the first or the second: -drive file=FILE,format=raw,if=pflash.", "FILE",
	  apply_pflash, BY_FUNCTION },
	{ "cdrom", NULL, "FILE", GROUP_DISK,
	  "A disc's image, as a disk that is only read: -drive file=FILE,format=raw,media=cdrom.",
	  "FILE", apply_cdrom, BY_FUNCTION },
	{ "snapshot", NULL, NULL, GROUP_DISK,
	  "Keep what is written to disks in a file of its own, in $TMPDIR or /var/tmp, and drop it "
	  "at the end; as snapshot=on of each drive.", NULL, NULL, FLAG(snapshot) },
	{ "device", NULL, "NAME[,KEY=VALUE...]", GROUP_DISK,
	  "Add a device; -device help lists them all with their parameters, -device NAME,help "
	  "those of one.", "DEVICES|help",
	  apply_device, BY_FUNCTION },
	{ "global", NULL, "DEVICE.PROPERTY=VALUE", GROUP_DISK,
	  "Give a property to all devices of this name whose -device does not say otherwise; also "
	  "driver=DEVICE,property=PROPERTY,value=VALUE. virtio-mmio.force-legacy=true|false says "
	  "what virtio-mmio devices are; unless given, true with -bios none alone, as in QEMU "
	  "always.", "virtio-mmio.force-legacy=false", apply_global, BY_FUNCTION },
	{ "virtfs", NULL, "local,path=DIR,mount_tag=TAG,security_model=MODEL[,readonly=on]",
	  GROUP_DISK,
	  "Share a folder with the guest, where `mount -t 9p -o trans=virtio,version=9p2000.L TAG "
	  "/mnt` makes it seen. security_model=none makes files as the user who runs Baya, "
	  "mapped-xattr keeps the guest's owners and modes in extended attributes.",
	  "local,path=", apply_virtfs, BY_FUNCTION },
	{ "fsdev", NULL, "local,id=ID,path=DIR,security_model=MODEL[,readonly=on]", GROUP_DISK,
	  "The same for -device virtio-9p-device,fsdev=ID,mount_tag=TAG.", "local,id=", apply_fsdev,
	  BY_FUNCTION },
	{ "object", NULL, "TYPE,id=ID[,KEY=VALUE...]", GROUP_DISK,
	  "rng-random or rng-builtin: an entropy source for virtio-rng-device,rng=ID, the host's. "
	  "filter-dump,netdev=ID,file=FILE[,maxlen=SIZE]: what passes on a network goes to FILE as "
	  "well, in the format of pcap. secret,id=ID,file=FILE: a password for -vnc. "
	  "iothread,id=ID: for virtio-blk-device,iothread=ID, which is as fast without. "
	  "memory-backend-file,id=ID,size=SIZE,mem-path=FILE with -machine memory-backend=ID: the "
	  "guest's memory begins as the file is, and with share=on is the file's, for others to "
	  "see; memory-backend-ram and -memfd: memory as ever; prealloc=on takes it at once.",
	  OBJECT_TYPES, apply_object, BY_FUNCTION },

	{ "nic", NULL, "user|none|KIND[,model=DEVICE][,mac=ADDRESS][,KEY=VALUE...]", GROUP_NET,
	  "A network card, virtio-net-device unless model= says another, and the network that it "
	  "is on, as -netdev has it.", "user|none|stream|dgram|hubport|tap", apply_nic,
	  BY_FUNCTION },
	{ "net", NULL, "nic|user|stream|dgram|tap|none[,KEY=VALUE...]", GROUP_NET,
	  "The older way: nic is a card, with macaddr= and model=, and the others are networks as "
	  "-netdev has them; all are on one hub.", "nic|user|stream|dgram|tap|none", apply_net,
	  BY_FUNCTION },
	{ "netdev", NULL, "user|stream|dgram|hubport|tap,id=ID[,KEY=VALUE...]", GROUP_NET,
	  "A network for -device virtio-net-device,netdev=ID. user: the host's, as its programs "
	  "see it, with DHCP, DNS and TFTP; hostfwd=tcp:[ADDRESS]:PORT-[ADDRESS]:PORT leads a port "
	  "of the host to one of the guest, guestfwd=tcp:ADDRESS:PORT-TARGET one of the network to "
	  "tcp:HOST:PORT or unix:PATH of the host, to a program, cmd:COMMAND, or to chardev:ID; restrict=on lets the guest reach "
	  "nothing else; net=, host=, dhcpstart=, dns=, ipv6-net=, ipv6-host=, ipv6-dns=, ipv4=, "
	  "ipv6=, hostname=, domainname=, dnssearch=, tftp=, tftp-server-name=, bootfile=. stream: "
	  "another machine or passt, addr.type=inet|unix|fd, addr.host=, addr.port=, addr.path=, "
	  "server=on to wait for it, reconnect=SECONDS. dgram: datagrams from local.* to remote.*, "
	  "which may be a group. hubport: hubid=N, netdev=ID. tap: ifname=, script=, downscript=, "
	  "fd=.", "user|stream|dgram|hubport|tap", apply_netdev, BY_FUNCTION },

	{ "serial", NULL, "stdio|mon:stdio|file:FILE|unix:FILE|tcp:[HOST]:PORT|pty|null",
	  GROUP_CONSOLE,
	  "Where the serial port goes. Without it: mon:stdio, this terminal shared with the "
	  "monitor. unix:, tcp: and telnet: (HOST may be an IPv6 address in brackets) connect; "
	  "behind them may stand server, wait=off or nowait, nodelay and reconnect=SECONDS, as -chardev "
	  "socket has them. Also chardev:ID and none.",
	  "stdio|mon:stdio|file:|unix:|tcp:|telnet:|pty|null|none|chardev:", apply_serial,
	  BY_FUNCTION },
	{ "monitor", NULL, "stdio|none|tcp:[HOST]:PORT|unix:PATH[,server][,nowait]", GROUP_CONSOLE,
	  "Where the monitor is; with stdio the keyboard is the monitor's at the start, with a "
	  "socket, as -qmp has it, it is not in the terminal.",
	  "stdio|none|tcp:|telnet:|unix:|chardev:", apply_monitor, BY_FUNCTION },
	{ "chardev", NULL, "stdio|null|file|socket|pty|stderr|qemu-vdagent,id=ID[,...]",
	  GROUP_CONSOLE,
	  "Name an end for consoles and ports: stdio with mux=on to share it or signal=off to give "
	  "Ctrl-c to the guest; file with path=FILE; socket with path=FILE or host=HOST,port=PORT, "
	  "connected to unless server=on says to wait there, which wait=off does beside the "
	  "running machine, and reconnect=SECONDS to try again (nodelay: nothing is collected "
	  "before it is sent; telnet: for telnet clients; abstract: path= is no file); pty, a "
	  "terminal of its own, whose name is said; stderr, standard error; qemu-vdagent with clipboard=on, for "
	  "-device virtserialport,chardev=ID,name=com.redhat.spice.0: text that is copied in the "
	  "guest can be pasted on the host, and the other way, by SPICE's agent in the guest and "
	  "the window or the viewers of -display.",
	  "stdio|null|file|socket|pty|stderr|qemu-vdagent", apply_chardev, BY_FUNCTION },
	{ "mon", NULL, "chardev=ID[,mode=readline|control]", GROUP_CONSOLE,
	  "Put the monitor on a -chardev; with mode=control as -qmp.", "chardev=", apply_mon,
	  BY_FUNCTION },
	{ "qmp", NULL, "tcp:[HOST]:PORT|unix:PATH|stdio[,server][,nowait]", GROUP_CONSOLE,
	  "Let programs control the machine by QEMU's machine protocol, JSON: at a socket where "
	  "Baya listens (server; the machine does not run before the first has come, unless "
	  "nowait) or that it connects to (with reconnect=SECONDS until somebody is there, and "
	  "again), or on standard input and output.",
	  "unix:|tcp:|stdio", apply_qmp, BY_FUNCTION },
	{ "echr", NULL, "CODE", GROUP_CONSOLE,
	  "The character that starts the terminal's commands, 1 to 31; 1, Ctrl-a, unless given.",
	  NULL, NULL, NUMBER(escape_char, 1, 31) },

	{ "display", NULL, "none|sdl|vnc=:N[,KEY=VALUE...]", GROUP_SCREEN,
	  "Who shows the machine's screens: nobody, windows (SDL2) or viewers (-vnc). Of windows: "
	  "scale=smooth|integer, full-screen=on|off. With sdl or vnc and no screen among the "
	  "devices the machine gets virtio-gpu-device, virtio-keyboard-device and "
	  "virtio-tablet-device. Ctrl-Alt-f: full screen, Ctrl-Alt-g: grab keyboard and mouse, "
	  "Ctrl-Alt-s: how it is scaled, Ctrl-Alt-u: the picture's own size.",
	  "none|sdl|vnc=", apply_display, BY_FUNCTION },
	{ "vnc", NULL, ":N|HOST:N|unix:PATH[,KEY=VALUE...]", GROUP_SCREEN,
	  "Let VNC viewers see the machine's screens and type (libvncserver): at port 5900 + N of "
	  "this host alone, unless HOST is another of its addresses. password=on: asked for, and "
	  "given by the monitor's set_password; password-secret=ID: given by -object "
	  "secret,id=ID,file=FILE; websocket=on: for browsers' viewers (noVNC), at port 5700 + N, or "
	  "websocket=PORT. As -display vnc=....", NULL, apply_vnc, BY_FUNCTION },
	{ "nographic", NULL, NULL, GROUP_SCREEN, "As -display none.", NULL, apply_nographic,
	  BY_FUNCTION },
	{ "screenshot", NULL, "FILE", GROUP_SCREEN,
	  "When the run ends, as by --timeout or --max-insns, write what the first screen shows: as "
	  "PNG if the name ends in .png, else as PPM. `baya screenshot` takes one of a machine that "
	  "runs.", "FILE", NULL, TEXT(screenshot) },
	{ "name", NULL, "TEXT[,process=NAME]", GROUP_SCREEN,
	  "The windows' title, and what QMP calls the machine; process= is the process's name.",
	  NULL, apply_name, BY_FUNCTION },

	{ "audiodev", NULL, "none|wav|sdl,id=ID[,KEY=VALUE...]", GROUP_SOUND,
	  "What -device virtio-sound-device,audiodev=ID is connected to. none: silence. wav: what "
	  "is played goes to path=FILE, what is recorded comes from in.path=FILE, then silence. "
	  "sdl: the host's loudspeakers and microphone. out.frequency=, out.channels=, out.format= "
	  "and in.frequency=, in.channels=, in.format= are what the card offers, and what the "
	  "files have: 44100, 2 and s16 unless given; but for files the guest chooses among the "
	  "frequencies from 8000 to 192000 unless one is given.",
	  "none|wav|sdl", apply_audiodev, BY_FUNCTION },

	{ "engine", NULL, "interp|threaded", GROUP_RUN,
	  "How instructions are run: one at a time, or in decoded blocks (the default). With baya "
	  "test also all: each test in every engine, and they must agree.",
	  "interp|threaded|all", apply_engine, WORD(board.engine, "interp|threaded") },
	{ "clock", NULL, "virtual|host", GROUP_RUN,
	  "Time as the guest sees it: of its own work, so that each run is the same (the default "
	  "of baya test), or the host's (the default).",
	  "virtual|host", NULL, WORD(board.clock, "virtual|host") },
	{ "icount", NULL, "N|auto[,align=off][,sleep=off]", GROUP_RUN,
	  "The virtual clock, under which an instruction takes 2^N nanoseconds, N from 0 to 10; "
	  "with auto one nanosecond, as with --clock=virtual. With --timing it takes what the "
	  "model says.", "auto|shift=", apply_icount, BY_FUNCTION },
	{ "seed", NULL, "N", GROUP_RUN,
	  "What random choices under the virtual clock start from; 0 unless given.", NULL, NULL,
	  NUMBER(board.seed, 0, 0) },
	{ "max-insns", NULL, "N", GROUP_RUN,
	  "End with exit code 4 after exactly N instructions of all harts.", NULL, NULL,
	  NUMBER(max_insns, 1, UINT64_MAX - 1) },
	{ "timeout", NULL, "SECONDS", GROUP_RUN,
	  "End with exit code 4 after this much host time. With baya test: each test, 30 unless "
	  "given. With baya explain: 10 unless given.", NULL, apply_timeout, BY_FUNCTION },
	{ "symbols", NULL, "FILE", GROUP_RUN,
	  "Name addresses by the symbols of this ELF too, as a vmlinux beside its Image.", "FILE",
	  NULL, TEXT(board.symbols) },
	{ "signature", NULL, "FILE", GROUP_RUN,
	  "When the program has ended, write its memory from begin_signature to end_signature to "
	  "FILE, as riscof compares it: in hexadecimal, a line a word.",
	  "FILE", NULL, TEXT(signature) },
	{ "signature-granularity", NULL, "N", GROUP_RUN,
	  "Bytes in a word of the signature; 4 unless given.", "4|8|16", NULL,
	  NUMBER(signature_granularity, 1, 64) },
	{ "stats", NULL, NULL, GROUP_RUN,
	  "At the end print one line of JSON on stderr: instructions, cycles, seconds, mips, "
	  "instructions per tier, and with --timing what each hart's cycles were spent on in each "
	  "mode.",
	  NULL, NULL, FLAG(stats) },
	{ "state-hash", NULL, NULL, GROUP_RUN,
	  "The same line with state_hash, a hash of the machine's whole state.", NULL, NULL,
	  FLAG(state_hash) },

	{ "timing", NULL, "CORE[,PARAMETER=VALUE...]", GROUP_RUN,
	  "Count cycles as a core would take: none, the name of a file that comes with Baya, or a "
	  "file of your own (*.core). CORE,help lists its parameters. With the virtual "
	  "clock, in whichever tier --engine says.",
	  "none|simple|cva6|c906|rocket|u74", apply_timing, BY_FUNCTION },

	{ "timing-from", NULL, "POINT", GROUP_RUN,
	  "Time a part of the run, and let the rest run as fast as without: from the time when so "
	  "many instructions have retired, or from a pc (0x80000000), a symbol (main, main+0x10) or "
	  "a marker of the guest's, each time it comes there. With --timing or --core.", NULL, NULL,
	  TEXT(board.timing_from) },
	{ "timing-until", NULL, "POINT", GROUP_RUN,
	  "The end of it, not included: the same, or +N for N instructions behind the begin. To the "
	  "end of the run, or with --timing-from=marker to the marker of an end, unless given.",
	  NULL, NULL, TEXT(board.timing_until) },
	{ "timing-warm", NULL, "N", GROUP_RUN,
	  "Warm caches and predictors with the last N instructions before it. Their cycles do not "
	  "count.", NULL, NULL, NUMBER(board.timing_warm, 1, UINT64_MAX) },

	{ "core", NULL, "CORE[,PARAMETER=VALUE...]", GROUP_RUN,
	  "Be a core: --timing=CORE, and -cpu CORE where there is such a model and no -cpu is given.",
	  "cva6|c906|rocket|u74", apply_core, BY_FUNCTION },

	{ "timing-check", NULL, NULL, GROUP_RUN,
	  "Time each hart twice: as ever, and without taking anything from what was met before; end "
	  "with exit code 7 where the two differ. For testing Baya.",
	  NULL, NULL, FLAG(board.timing_check) },
	{ "pipeview", NULL, "FILE", GROUP_RUN,
	  "Write the way of each instruction through the core's pipeline to FILE, as the viewer "
	  "Konata reads it; of further harts to FILE.1, FILE.2 ...", "FILE", NULL,
	  TEXT(pipeview) },
	{ "pipeview-max", NULL, "N", GROUP_RUN,
	  "So many instructions of a hart are shown, those of wrong paths included; 100000 unless "
	  "given.", NULL, NULL, NUMBER(pipeview_max, 1, UINT64_MAX) },

	{ "profile", NULL, "FILE", GROUP_RUN,
	  "Write who called whom, and at what cost, to FILE: by symbols, kernel and user, in each "
	  "mode of its own.", "FILE", NULL, TEXT(profile.path) },
	{ "profile-event", NULL, "EVENT", GROUP_RUN,
	  "What is counted in the profile: cycles (unless given), instructions, mispredict, l1d-miss, "
	  "cycles-tlb ...; cpu/counters/event.def lists them, and so does a wrong one.",
	  "cycles|instructions|mispredict|l1d-miss|l1i-miss|l2-miss|dtlb-miss|itlb-miss", NULL,
	  { NULL, KEY_TEXT, FIELD(profile.event), "EVENT", 0, 0 } },
	{ "profile-period", NULL, "N", GROUP_RUN,
	  "A sample for so many events; 1, which counts them all, unless given.", NULL, NULL,
	  NUMBER(profile.period, 1, UINT64_MAX) },
	{ "profile-format", NULL, "auto|folded|callgrind", GROUP_RUN,
	  "Folded stacks, or callgrind's format; auto, unless given, means callgrind for files "
	  "named callgrind.out* or *.callgrind.", "auto|folded|callgrind", NULL,
	  WORD(profile.format, "auto|folded|callgrind") },

	{ "log", NULL, "FILE", GROUP_RUN,
	  "Write a commit log: each instruction with what it wrote, and traps. Runs in the "
	  "interpreter. `baya logdiff A B` compares two.",
	  "FILE", NULL, TEXT(commit_log) },
	{ "log-format", NULL, "spike|json", GROUP_RUN,
	  "As Spike's --log-commits (the default), or a JSON object per line.", "spike|json", NULL,
	  WORD(board.commit_format, "spike|json") },

	{ "compare", NULL, NULL, GROUP_RUN,
	  "Run a second machine in the interpreter in lockstep with this one and compare them, with "
	  "the virtual clock. At a difference print the first instruction that differs, write the "
	  "machine from before it, disks included, to baya-compare.state, and end with exit code 7. "
	  "Disk images are not written: what the guest writes to them is dropped at the end.",
	  NULL, NULL, FLAG(board.compare) },
	{ "restore", NULL, "FILE", GROUP_RUN,
	  "Begin with the machine that --compare has left in FILE, with the options of that run, "
	  "which are in its fifth line. Disk images must be as they were, and are not written.",
	  "FILE", NULL, TEXT(board.restore) },
	{ "loadvm", NULL, "NAME", GROUP_RUN,
	  "Begin with the machine as the monitor's savevm has kept it in its qcow2 disks under this "
	  "name, with the options of that run.", NULL, NULL,
	  { NULL, KEY_TEXT, FIELD(loadvm), "NAME", 0, 0 } },
	{ "strict", NULL, NULL, GROUP_RUN,
	  "Tell on stderr where the guest relies on a fence that it has not made: each hit of the "
	  "TLB is held against the page tables. Runs in the interpreter. The same as -d strict.",
	  NULL, apply_strict, BY_FUNCTION },

	{ "s", NULL, NULL, GROUP_DEBUG, "The same as -gdb tcp::1234.", NULL, NULL,
	  FLAG(gdb_default) },
	{ "S", NULL, NULL, GROUP_DEBUG,
	  "Do not begin to run before a debugger, or the monitor's cont, says so.", NULL, NULL,
	  FLAG(frozen) },
	{ "gdb", NULL, "tcp:[HOST]:PORT|unix:PATH|stdio", GROUP_DEBUG,
	  "Let GDB debug the machine: at a TCP port (of 127.0.0.1 unless HOST is given), a socket "
	  "in the file system, or standard input and output. In GDB: target remote :1234, or "
	  "target remote | baya -gdb stdio FILE. Harts are threads; monitor help tells what else "
	  "there is.", "tcp::1234|unix:|stdio", apply_gdb,
	  BY_FUNCTION },

	{ "j", NULL, "N", GROUP_SUITE,
	  "So many tests at once; one for each CPU of the host unless given.", NULL, NULL,
	  NUMBER(suite.jobs, 1, 1024) },
	{ "filter", NULL, "PATTERN", GROUP_SUITE,
	  "Only tests whose file's name is like PATTERN, as a shell matches: 'rv64ui-p-*'.", NULL,
	  NULL, { NULL, KEY_TEXT, FIELD(suite.filter), "PATTERN", 0, 0 } },
	{ "tap", NULL, NULL, GROUP_SUITE, "Print the results as TAP version 14.", NULL, NULL,
	  FLAG(suite.tap) },
	{ "junit", NULL, "FILE", GROUP_SUITE, "Write the results to FILE as JUnit's XML as well.",
	  "FILE", NULL, TEXT(suite.junit) },

	{ "hart", NULL, "N", GROUP_EXPLAIN, "Explain this hart; all unless given.", NULL,
	  apply_hart, BY_FUNCTION },
	{ "trap", NULL, "N", GROUP_EXPLAIN,
	  "Explain a trap by its number since reset: one of the hart's last 32.", NULL, NULL,
	  NUMBER(explain.trap, 1, UINT64_MAX) },

	{ "json", NULL, "[=FILE]", GROUP_CYCLES,
	  "The figures as JSON, to FILE; without FILE to standard output in place of the text, and "
	  "what the program writes goes to stderr.",
	  "FILE", apply_json, BY_FUNCTION },

	{ "html", NULL, "FILE", GROUP_CYCLES,
	  "The figures as a page that needs no other file: the stack drawn, functions side by side, "
	  "and each instruction under its line of source where the program has debug "
	  "information.",
	  "FILE", NULL, TEXT(cycles.html) },

	{ "against", NULL, "TABLE", GROUP_CYCLES,
	  "Run each program of TABLE, DIR/PROGRAM.elf, and compare what they measure of "
	  "themselves.", "FILE", NULL, TEXT(cycles.against) },
	{ "fit", NULL, NULL, GROUP_CYCLES,
	  "With --against: print which parameters of the core the errors point at, in which "
	  "direction, and how much of them each explains. Changes nothing.", NULL, NULL,
	  FLAG(cycles.fit) },
	{ "max-error", NULL, "PERCENT", GROUP_CYCLES,
	  "The exit code is 1 when a record is further off than that.", NULL, apply_percent,
	  BY_FUNCTION },
	{ "max-mean", NULL, "PERCENT", GROUP_CYCLES,
	  "The same when the mean over all records is.", NULL, apply_percent, BY_FUNCTION },
	{ "only", NULL, "PATTERN", GROUP_CYCLES,
	  "Only programs of TABLE whose name is like PATTERN, as a shell matches: 'c*'.", NULL,
	  NULL, { NULL, KEY_TEXT, FIELD(cycles.only), "PATTERN", 0, 0 } },

	{ "share", NULL, "DIR[,readonly=on]", GROUP_COMMAND,
	  "Share a folder, which is the command's working directory, and /mnt of Debian.", "FILE",
	  apply_share, BY_FUNCTION },
	{ "ssh", NULL, "PORT", GROUP_COMMAND,
	  "The port of the host that leads to Debian's ssh; unless given the first free one from "
	  "2222 on.", NULL, NULL, NUMBER(ssh_port, 1, 65535) },

	{ "d", NULL, "ITEM[,ITEM...]", GROUP_LOG,
	  "Log what happens in the machine; -d help lists the items.",
	  "guest_errors|unimp|int|in_asm|exec|cpu|mmu|nochain|cpu_reset|strict|help",
	  apply_log, BY_FUNCTION },
	{ "D", NULL, "FILE", GROUP_LOG, "Log to FILE in place of stderr.", "FILE", NULL,
	  TEXT(log_file) },
	{ "h", "help", NULL, GROUP_LOG, "Print this help.", NULL, apply_action, BY_FUNCTION },
	{ "version", NULL, NULL, GROUP_LOG, "Print the version.", NULL, apply_action,
	  BY_FUNCTION },

	{ "vga", NULL, "none", GROUP_ACCEPTED, "There is no screen.", "none", apply_accepted,
	  BY_FUNCTION },
	{ "accel", NULL, "tcg[,thread=single|multi][,tb-size=N]", GROUP_ACCEPTED,
	  "All instructions are emulated.", "tcg", apply_accel, BY_FUNCTION },
	{ "boot", NULL, "DRIVES|order=DRIVES[,menu=on|off][,strict=on|off]", GROUP_ACCEPTED,
	  "Firmware looks for itself, in QEMU as well.", "order=|menu=|strict=", apply_boot,
	  BY_FUNCTION },
	{ "k", NULL, "LAYOUT", GROUP_ACCEPTED,
	  "Keys go to the guest by where they are; the guest says what is on them.",
	  "en-us|en-gb|de|fr|es|it", apply_keyboard, BY_FUNCTION },
	{ "msg", NULL, "timestamp=on|off", GROUP_ACCEPTED, "Messages are as they are.",
	  "timestamp=on|timestamp=off", apply_msg, BY_FUNCTION },
	{ "usb", NULL, NULL, GROUP_ACCEPTED, "There is no USB; its devices are refused.", NULL,
	  apply_accepted, BY_FUNCTION },
	{ "L", NULL, "DIR", GROUP_ACCEPTED, "Baya finds its files itself.", "FILE", apply_accepted,
	  BY_FUNCTION },
	{ "nodefaults", NULL, NULL, GROUP_ACCEPTED,
	  "No device is there unless asked for. As -no-user-config.", NULL, apply_accepted,
	  BY_FUNCTION },
};
const unsigned options_count = ARRAY_SIZE(options_table);
