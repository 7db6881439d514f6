/* SPDX-License-Identifier: MIT */
/*
 * Every option, one row each (the devices of -device are beside their code): its spelling,
 * its value, its help and what it does. Spelling and meaning are QEMU's where QEMU has the option.
 * To add one, add a row (and a function in cli/values.c if a field of struct options is not
 * enough).
 */
#include "frontends/cli/table.h"

#include "frontends/cli/machine/links.h"
#include "frontends/cli/machine/net.h"
#include "frontends/cli/machine/rtc.h"

#define FIELD(member) offsetof(struct options, member)
#define TEXT(member) { .kind = KEY_TEXT, .offset = FIELD(member), .accepted = "FILE" }
#define FLAG(member) { .kind = KEY_SWITCH, .offset = FIELD(member) }
#define WORD(member, words) { .kind = KEY_WORD, .offset = FIELD(member), .accepted = words }
#define NUMBER(member, low, high)                                                                  \
	{ .kind = KEY_NUMBER, .offset = FIELD(member), .accepted = "N", .min = low, .max = high }
#define BY_FUNCTION { .kind = KEY_ANY }

const struct option options_table[] = {
	{ "bios", NULL, "default|none|FILE", GROUP_BOOT,
	  "The firmware: default is Baya's own SBI; FILE can be OpenSBI or U-Boot as they are "
	  "built.",
	  "default|none|FILE", NULL, TEXT(board.bios) },
	{ "kernel", NULL, "FILE", GROUP_BOOT,
	  "A Linux Image, Image.gz or EFI-stub Image, an ELF, or code without a header, such as "
	  "u-boot.bin. Such code is loaded 2 MiB behind the start of RAM, or at the start with "
	  "-bios none.",
	  "FILE", NULL, TEXT(board.kernel) },
	{ "initrd", NULL, "FILE", GROUP_BOOT,
	  "The initial RAM disk for the kernel.", "FILE", NULL,
	  TEXT(board.initrd) },
	{ "append", NULL, "TEXT", GROUP_BOOT, "The kernel's command line.", NULL, NULL,
	  { .kind = KEY_ANY, .offset = FIELD(board.append), .accepted = "TEXT" } },
	{ "dtb", NULL, "FILE", GROUP_BOOT, "A device tree in place of the machine's own.", "FILE",
	  NULL, TEXT(board.dtb) },

	{ "machine", "M", "virt[,aia=KIND][,aia-guests=N][,plic=KIND][,dumpdtb=FILE]",
	  GROUP_MACHINE,
	  "The machine: virt, as in QEMU. dumpdtb=FILE writes the device tree to FILE and runs "
	  "nothing. aia= selects the interrupt controllers: none (a PLIC), aplic, or "
	  "aplic-imsic with aia-guests= guest interrupt files per hart (0). plic= determines "
	  "when a PLIC signals an interrupt again after its completion: qemu (the default) when "
	  "the device raises its line again, which hides it if a driver forgets to serve the "
	  "device; level, as in hardware, whenever the line is high. pflash0=NODE and "
	  "pflash1=NODE make -blockdev nodes flash banks. aclint=on has an ACLINT in place of "
	  "the CLINT; by its SSWI S-mode can interrupt harts. acpi=off and usb=on|off are "
	  "accepted.",
	  "virt|help", apply_machine, BY_FUNCTION },
	{ "cpu", NULL, "MODEL[,EXT=on|off...]", GROUP_MACHINE,
	  "The harts: rv64gc, a profile (rva20s64, rva22s64, rva23s64), or max, the default, "
	  "which has everything except for what breaks old software. EXT=on and EXT=off add and "
	  "remove extensions; -cpu help lists them. With smrnmi=on, rnmi-interrupt-vector=ADDR "
	  "is the handler of non-maskable interrupts, and rnmi-exception-vector=ADDR that of "
	  "exceptions in it (0).",
	  "rv64gc|rva20s64|rva22s64|rva23s64|max|rv64|help", apply_cpu, BY_FUNCTION },
	{ "m", NULL, "SIZE", GROUP_MACHINE,
	  "The size of RAM in MiB, or with a suffix: 512M, 2G. From 16M to 64G; the default is "
	  "128M, as in QEMU, and 512M for the bundled guest. The host's memory is used only as "
	  "the guest touches it.",
	  "128M|512M|1G|2G|4G|8G", apply_ram, BY_FUNCTION },
	{ "smp", NULL, "N[,cores=N...]", GROUP_MACHINE,
	  "The number of harts, 1 to 64; the default is 1. maxcpus=, sockets=, cores= and "
	  "threads= are accepted as in QEMU: without N their product counts.",
	  "1|2|4|8|16|32|64", apply_smp, BY_FUNCTION },
	{ "numa", NULL, "node[,memdev=ID]", GROUP_MACHINE,
	  "The only node of memory; memdev=ID is the same as -machine memory-backend=ID.",
	  "node", apply_numa,
	  BY_FUNCTION },
	{ "uuid", NULL, "UUID", GROUP_MACHINE,
	  "The machine's UUID, which firmware reads in fw_cfg and programs by QMP.",
	  NULL, apply_uuid, BY_FUNCTION },
	{ "fw_cfg", NULL, "NAME,file=FILE|string=TEXT", GROUP_MACHINE,
	  "Add an entry to fw_cfg for firmware and guest. Linux shows it as "
	  "/sys/firmware/qemu_fw_cfg/by_name/NAME/raw. NAME begins with opt/.", "name=opt/",
	  apply_fw_cfg, BY_FUNCTION },
	{ "overcommit", NULL, "mem-lock=on|off", GROUP_MACHINE,
	  "mem-lock=on keeps all of the machine's memory in the host's RAM, so that nothing is "
	  "paged out.",
	  "mem-lock=on|mem-lock=off", apply_overcommit, BY_FUNCTION },
	{ "semihosting", NULL, NULL, GROUP_MACHINE,
	  "Let the guest use semihosting calls. A bare-metal program always can.",
	  NULL, NULL, FLAG(board.semihosting) },
	{ "semihosting-config", NULL, "enable=on|off[,path=FOLDER][,arg=TEXT]", GROUP_MACHINE,
	  "The same as -semihosting, with properties. path= gives the guest access to the files "
	  "beneath this folder, and to no others; arg= is its command line, which is the "
	  "program's name by default. target=native is accepted.", "enable=on|enable=off",
	  apply_semihosting, BY_FUNCTION },
	{ "rtc", NULL, "base=utc|localtime|DATE[,clock=host|vm]", GROUP_MACHINE,
	  "The real-time clock. base= is its initial time: the host's time in UTC (the "
	  "default), in the host's time zone (localtime), or a date such as "
	  "2026-07-01T12:00:00. With clock=host (the default) it goes on while the machine is "
	  "stopped; with clock=vm it stands still then. Under the virtual clock clock=vm is "
	  "used, and the initial time is DATE or 2025-01-01.",
	  "base=utc|base=localtime|clock=vm", apply_rtc, BY_FUNCTION },
	{ "no-reboot", NULL, NULL, GROUP_MACHINE, "End when the guest resets the machine.", NULL,
	  NULL, FLAG(no_reboot) },

	{ "no-shutdown", NULL, NULL, GROUP_MACHINE,
	  "When the guest shuts down, stop the machine instead of ending: the same as -action "
	  "shutdown=pause.", NULL,
	  apply_no_shutdown, BY_FUNCTION },
	{ "action", NULL, "EVENT=ACTION[,EVENT=ACTION...]", GROUP_MACHINE,
	  "What happens when the guest resets: reboot=reset|shutdown; when it shuts down: "
	  "shutdown=poweroff|pause; when its kernel has panicked and hangs: "
	  "panic=none|pause|shutdown|exit-failure. By default a panic ends Baya with exit code "
	  "6, as shutdown and exit-failure do, unless a person can examine the guest.",
	  NULL, apply_end_action, BY_FUNCTION },
	{ "daemonize", NULL, NULL, GROUP_MACHINE,
	  "Run in the background once the machine has started. Consoles that are not connected "
	  "elsewhere are connected to nothing.", NULL, NULL, FLAG(process.daemonize) },
	{ "pidfile", NULL, "FILE", GROUP_MACHINE,
	  "Write the process ID to FILE, and remove FILE at the end.", "FILE", NULL,
	  TEXT(process.pid_file) },
	{ "readconfig", NULL, "FILE", GROUP_MACHINE,
	  "Read options from FILE, in QEMU's format: a line [OPTION] or [OPTION \"ID\"] is "
	  "followed by the items of its list, each in a line KEY = \"VALUE\". After [baya] a "
	  "line OPTION = \"VALUE\" is any option; \"on\" is the value of an option without a "
	  "value. The user's own file, baya/baya.conf in $XDG_CONFIG_HOME or in ~/.config, has "
	  "the same format and is read before the options of a run, but not for test, explain, "
	  "cycles and run.", "FILE", apply_readconfig,
	  BY_FUNCTION },
	{ "no-user-config", NULL, NULL, GROUP_MACHINE,
	  "Do not read baya.conf.", NULL,
	  apply_accepted, BY_FUNCTION },

	{ "drive", NULL, "file=FILE[,KEY=VALUE...]", GROUP_DISK,
	  "Add a disk image: format=raw, the default, or format=qcow2, with its backing files. "
	  "if=virtio, the default, makes a virtio disk; if=none,id=ID keeps it for -device "
	  "virtio-blk-device,drive=ID; if=pflash,unit=0|1 makes a flash bank. readonly=on, "
	  "snapshot=on, serial=TEXT, node-name=NAME; media=cdrom means readonly=on. werror= and "
	  "rerror= determine what happens when the host fails to write or to read: report (the "
	  "guest gets an error), ignore, stop (the machine stops, and cont tries again), or "
	  "enospc, the default for writing (stop if the disk is full, else report). Without a "
	  "monitor, QMP or debugger that could continue the machine the default is report, "
	  "where QEMU would stop for ever. detect-zeroes=on|unmap does not store zeros that the "
	  "guest writes; discard=ignore keeps what the guest discards. index=, aio= and "
	  "cache=writeback|none|unsafe are accepted. In file names commas are doubled.",
	  NULL, apply_drive, BY_FUNCTION },
	{ "blockdev", NULL, "driver=DRIVER,node-name=NAME[,KEY=VALUE...]", GROUP_DISK,
	  "Add a disk image as a node that -device virtio-blk-device,drive=NAME and QMP's "
	  "blockdev-del can name: driver=raw or qcow2 with file.driver=file,file.filename=FILE, "
	  "or with file= and the name of a node that has driver=file,filename=FILE. "
	  "read-only=on, discard=unmap, and QEMU's properties about speed are accepted. The "
	  "value can be JSON. -snapshot does not apply to these.",
	  "driver=", apply_blockdev, BY_FUNCTION },
	{ "hda", NULL, "FILE", GROUP_DISK, "A disk: -drive file=FILE. Also -hdb, -hdc, -hdd.",
	  "FILE", apply_disk, BY_FUNCTION },
	{ "hdb", NULL, "FILE", GROUP_DISK,
	  "The same for a second disk.", "FILE", apply_disk, BY_FUNCTION },
	{ "hdc", NULL, "FILE", GROUP_DISK,
	  "The same for a third disk.", "FILE", apply_disk, BY_FUNCTION },
	{ "hdd", NULL, "FILE", GROUP_DISK,
	  "The same for a fourth disk.", "FILE", apply_disk, BY_FUNCTION },
	{ "pflash", NULL, "FILE", GROUP_DISK,
	  "A flash bank, the first or the second: -drive file=FILE,format=raw,if=pflash.", "FILE",
	  apply_pflash, BY_FUNCTION },
	{ "cdrom", NULL, "FILE", GROUP_DISK,
	  "The image of a disc, as a read-only disk: -drive file=FILE,format=raw,media=cdrom.",
	  "FILE", apply_cdrom, BY_FUNCTION },
	{ "snapshot", NULL, NULL, GROUP_DISK,
	  "Do not change disk images: what is written goes to a temporary file in $TMPDIR or "
	  "/var/tmp, and is dropped at the end. The same as snapshot=on of each drive.",
	  NULL, NULL, FLAG(snapshot) },
	{ "device", NULL, "NAME[,KEY=VALUE...]", GROUP_DISK,
	  "Add a device. -device help lists all devices with their parameters, -device "
	  "NAME,help those of one device.", "DEVICES|help",
	  apply_device, BY_FUNCTION },
	{ "global", NULL, "DEVICE.PROPERTY=VALUE", GROUP_DISK,
	  "Set a property of all devices of this name, unless their -device sets it too. "
	  "Another form is driver=DEVICE,property=PROPERTY,value=VALUE. "
	  "virtio-mmio.force-legacy=true|false selects the version of virtio-mmio devices; the "
	  "default is true with -bios none and false otherwise, while it is always true in QEMU.",
	  "virtio-mmio.force-legacy=false", apply_global, BY_FUNCTION },
	{ "virtfs", NULL, "local,path=DIR,mount_tag=TAG,security_model=MODEL[,readonly=on]",
	  GROUP_DISK,
	  "Share a folder with the guest, which mounts it with `mount -t 9p -o "
	  "trans=virtio,version=9p2000.L TAG /mnt`. With security_model=none files belong to "
	  "the user who runs Baya; mapped-xattr keeps the guest's owners and modes in extended "
	  "attributes.",
	  "local,path=", apply_virtfs, BY_FUNCTION },
	{ "fsdev", NULL, "local,id=ID,path=DIR,security_model=MODEL[,readonly=on]", GROUP_DISK,
	  "Share a folder by -device virtio-9p-device,fsdev=ID,mount_tag=TAG; the rest is the "
	  "same as for -virtfs.", "local,id=", apply_fsdev,
	  BY_FUNCTION },
	{ "object", NULL, "TYPE,id=ID[,KEY=VALUE...]", GROUP_DISK,
	  "rng-random or rng-builtin: the host's entropy, for virtio-rng-device,rng=ID. "
	  "filter-dump,netdev=ID,file=FILE[,maxlen=SIZE]: writes the frames of a network to "
	  "FILE, in pcap's format. secret,id=ID,file=FILE: a password for -vnc. iothread,id=ID: "
	  "for virtio-blk-device,iothread=ID; it has no effect. "
	  "memory-backend-file,id=ID,size=SIZE,mem-path=FILE with -machine memory-backend=ID: "
	  "the guest's memory begins with the file's content, and with share=on it is the "
	  "file's, visible to other processes; memory-backend-ram and -memfd: ordinary memory; "
	  "prealloc=on allocates it at once.",
	  OBJECT_TYPES, apply_object, BY_FUNCTION },

	{ "nic", NULL, "user|none|KIND[,model=DEVICE][,mac=ADDRESS][,KEY=VALUE...]", GROUP_NET,
	  "Add a network card, virtio-net-device unless model= names another, and the network "
	  "that it is connected to, with -netdev's kinds and properties.",
	  "user|none|stream|dgram|hubport|tap", apply_nic,
	  BY_FUNCTION },
	{ "net", NULL, "nic|user|stream|dgram|tap|none[,KEY=VALUE...]", GROUP_NET,
	  "The older syntax: nic adds a card, with macaddr= and model=; the others add networks "
	  "as -netdev does; all are connected to one hub.",
	  "nic|user|stream|dgram|tap|none", apply_net,
	  BY_FUNCTION },
	{ "netdev", NULL, "user|stream|dgram|hubport|tap,id=ID[,KEY=VALUE...]", GROUP_NET,
	  "Add a network for -device virtio-net-device,netdev=ID. user: the host's network as "
	  "its programs see it, with DHCP, DNS and TFTP; "
	  "hostfwd=tcp:[ADDRESS]:PORT-[ADDRESS]:PORT forwards a port of the host to the guest; "
	  "guestfwd=tcp:ADDRESS:PORT-TARGET forwards an address of the network to tcp:HOST:PORT "
	  "or unix:PATH of the host, to a program (cmd:COMMAND), or to chardev:ID; with "
	  "restrict=on the guest reaches nothing else; net=, host=, dhcpstart=, dns=, "
	  "ipv6-net=, ipv6-host=, ipv6-dns=, ipv4=, ipv6=, hostname=, domainname=, dnssearch=, "
	  "tftp=, tftp-server-name=, bootfile=. stream: another machine or passt, "
	  "addr.type=inet|unix|fd, addr.host=, addr.port=, addr.path=, server=on to wait for "
	  "it, reconnect=SECONDS. dgram: datagrams from local.* to remote.*, which may be a "
	  "multicast group. hubport: hubid=N, netdev=ID. tap: ifname=, script=, downscript=, "
	  "fd=.", "user|stream|dgram|hubport|tap", apply_netdev, BY_FUNCTION },

	{ "serial", NULL, "stdio|mon:stdio|file:FILE|unix:FILE|tcp:[HOST]:PORT|pty|null",
	  GROUP_CONSOLE,
	  "Where the serial port is connected. The default is mon:stdio, this terminal, shared "
	  "with the monitor. unix:, tcp: and telnet: (HOST may be an IPv6 address in brackets) "
	  "make a connection; server, wait=off or nowait, nodelay and reconnect=SECONDS can "
	  "follow, with the meaning of -chardev socket. Also chardev:ID and none.",
	  "stdio|mon:stdio|file:|unix:|tcp:|telnet:|pty|null|none|chardev:", apply_serial,
	  BY_FUNCTION },
	{ "monitor", NULL, "stdio|none|tcp:[HOST]:PORT|unix:PATH[,server][,nowait]", GROUP_CONSOLE,
	  "Where the monitor is. With stdio it has the keyboard at the start; with a socket, "
	  "whose syntax is -qmp's, it is not in the terminal.",
	  "stdio|none|tcp:|telnet:|unix:|chardev:", apply_monitor, BY_FUNCTION },
	{ "chardev", NULL, "stdio|null|file|socket|pty|stderr|qemu-vdagent,id=ID[,...]",
	  GROUP_CONSOLE,
	  "Define a backend for consoles and ports. stdio: with mux=on it can be shared, with "
	  "signal=off Ctrl-c goes to the guest. file: with path=FILE. socket: path=FILE or "
	  "host=HOST,port=PORT; it connects, or with server=on it waits for a connection, which "
	  "wait=off does while the machine runs; reconnect=SECONDS tries again; nodelay sends "
	  "data at once; telnet is for telnet clients; with abstract path= is no file. pty: a "
	  "pseudoterminal, whose name is printed. stderr: standard error. qemu-vdagent: with "
	  "clipboard=on, for -device virtserialport,chardev=ID,name=com.redhat.spice.0: text "
	  "that is copied in the guest can be pasted on the host and the other way, by SPICE's "
	  "agent in the guest and the window or the viewers of -display.",
	  "stdio|null|file|socket|pty|stderr|qemu-vdagent", apply_chardev, BY_FUNCTION },
	{ "mon", NULL, "chardev=ID[,mode=readline|control]", GROUP_CONSOLE,
	  "Connect the monitor to a -chardev; with mode=control, QMP.", "chardev=", apply_mon,
	  BY_FUNCTION },
	{ "qmp", NULL, "tcp:[HOST]:PORT|unix:PATH|stdio[,server][,nowait]", GROUP_CONSOLE,
	  "Let programs control the machine by QEMU's machine protocol, in JSON: at a socket "
	  "where Baya listens (server; the machine does not run before the first client has "
	  "connected, unless nowait is given) or to which it connects (with reconnect=SECONDS "
	  "it tries until it succeeds, and again later), or on standard input and output.",
	  "unix:|tcp:|stdio", apply_qmp, BY_FUNCTION },
	{ "echr", NULL, "CODE", GROUP_CONSOLE,
	  "The code of the character that starts the terminal's commands, 1 to 31; the default "
	  "is 1, Ctrl-a.",
	  NULL, NULL, NUMBER(escape_char, 1, 31) },

	{ "display", NULL, "none|sdl|vnc=:N[,KEY=VALUE...]", GROUP_SCREEN,
	  "Where the machine's screens are shown: nowhere, in windows (SDL2) or to viewers "
	  "(-vnc). For windows there are scale=smooth|integer and full-screen=on|off. If no "
	  "-device is a screen, sdl and vnc add virtio-gpu-device, virtio-keyboard-device and "
	  "virtio-tablet-device. Keys: Ctrl-Alt-f switches to full screen, Ctrl-Alt-g grabs "
	  "keyboard and mouse, Ctrl-Alt-s changes the scaling, Ctrl-Alt-u restores the "
	  "picture's own size.",
	  "none|sdl|vnc=", apply_display, BY_FUNCTION },
	{ "vnc", NULL, ":N|HOST:N|unix:PATH[,KEY=VALUE...]", GROUP_SCREEN,
	  "Let VNC viewers show the machine's screens and type (libvncserver): at port 5900 + "
	  "N, of this host alone unless HOST is another of its addresses. password=on: viewers "
	  "need a password, which the monitor's set_password sets; password-secret=ID: it is "
	  "that of -object secret,id=ID,file=FILE; websocket=on: for viewers in browsers "
	  "(noVNC), at port 5700 + N, or websocket=PORT. The same as -display vnc=....",
	  NULL, apply_vnc, BY_FUNCTION },
	{ "nographic", NULL, NULL, GROUP_SCREEN,
	  "The same as -display none.", NULL, apply_nographic,
	  BY_FUNCTION },
	{ "screenshot", NULL, "FILE", GROUP_SCREEN,
	  "When the run ends, for example by --timeout or --max-insns, write the picture of the "
	  "first screen to FILE: as PNG if the name ends in .png, else as PPM. `baya "
	  "screenshot` takes a picture of a running machine.", "FILE", NULL, TEXT(screenshot) },
	{ "name", NULL, "TEXT[,process=NAME]", GROUP_SCREEN,
	  "The title of the windows, and the machine's name in QMP; process= sets the name of "
	  "the process.",
	  NULL, apply_name, BY_FUNCTION },

	{ "audiodev", NULL, "none|wav|sdl,id=ID[,KEY=VALUE...]", GROUP_SOUND,
	  "Define a backend for -device virtio-sound-device,audiodev=ID. none: no sound. wav: "
	  "playback is written to path=FILE, and recording reads in.path=FILE and then silence. "
	  "sdl: the host's loudspeakers and microphone. out.frequency=, out.channels=, "
	  "out.format= and in.frequency=, in.channels=, in.format= are the formats that the "
	  "card offers and the files have; the defaults are 44100, 2 and s16. Except for files, "
	  "the guest can choose a frequency from 8000 to 192000 unless one is given.",
	  "none|wav|sdl", apply_audiodev, BY_FUNCTION },

	{ "engine", NULL, "interp|threaded", GROUP_RUN,
	  "How instructions are executed: one at a time, or in decoded blocks (the default). "
	  "`baya test` also accepts all: each test runs in every engine, and the results must "
	  "agree.",
	  "interp|threaded|all", apply_engine, WORD(board.engine, "interp|threaded") },
	{ "clock", NULL, "virtual|host", GROUP_RUN,
	  "The guest's time: virtual follows its own work, so that each run is the same (the "
	  "default of baya test); host follows the host's time (the default otherwise).",
	  "virtual|host", NULL, WORD(board.clock, "virtual|host") },
	{ "icount", NULL, "N|auto[,align=off][,sleep=off]", GROUP_RUN,
	  "Use the virtual clock, with 2^N nanoseconds for an instruction, N from 0 to 10; auto "
	  "means one nanosecond, as --clock=virtual. With --timing the model determines an "
	  "instruction's time.", "auto|shift=", apply_icount, BY_FUNCTION },
	{ "seed", NULL, "N", GROUP_RUN,
	  "The seed of random choices under the virtual clock; the default is 0.", NULL, NULL,
	  NUMBER(board.seed, 0, 0) },
	{ "max-insns", NULL, "N", GROUP_RUN,
	  "End with exit code 4 after all harts together have executed exactly N instructions.",
	  NULL, NULL,
	  NUMBER(max_insns, 1, UINT64_MAX - 1) },
	{ "timeout", NULL, "SECONDS", GROUP_RUN,
	  "End with exit code 4 after so many seconds of the host's time. With baya test it "
	  "holds for each test, and the default is 30; with baya explain the default is 10.",
	  NULL, apply_timeout, BY_FUNCTION },
	{ "symbols", NULL, "FILE", GROUP_RUN,
	  "Use the symbols of this ELF too, such as the vmlinux of an Image, to name addresses.",
	  "FILE",
	  NULL, TEXT(board.symbols) },
	{ "signature", NULL, "FILE", GROUP_RUN,
	  "When the program has ended, write its memory from begin_signature to end_signature "
	  "to FILE in the format that riscof compares: hexadecimal, a word in each line.",
	  "FILE", NULL, TEXT(signature) },
	{ "signature-granularity", NULL, "N", GROUP_RUN,
	  "The number of bytes in a word of the signature; the default is 4.", "4|8|16", NULL,
	  NUMBER(signature_granularity, 1, 64) },
	{ "stats", NULL, NULL, GROUP_RUN,
	  "At the end print one line of JSON on stderr: instructions, cycles, seconds, mips, "
	  "instructions per tier, and with --timing what each hart's cycles were spent on in "
	  "each mode.",
	  NULL, NULL, FLAG(stats) },
	{ "state-hash", NULL, NULL, GROUP_RUN,
	  "Print the line of --stats with state_hash, a hash of the machine's whole state.",
	  NULL, NULL,
	  FLAG(state_hash) },

	{ "timing", NULL, "CORE[,PARAMETER=VALUE...]", GROUP_RUN,
	  "Count the cycles that a core would take: none, the name of a core that comes with "
	  "Baya, or a file of your own (*.core). CORE,help lists its parameters. Uses the "
	  "virtual clock, and works with each --engine.",
	  "none|simple|cva6|c906|rocket|u74", apply_timing, BY_FUNCTION },

	{ "timing-from", NULL, "POINT", GROUP_RUN,
	  "Time a part of the run, and run the rest at full speed. POINT is a number of "
	  "instructions after which it begins, or a pc (0x80000000), a symbol (main, main+0x10) "
	  "or marker, the guest's marker, where it begins each time. Needs --timing or --core.",
	  NULL, NULL,
	  TEXT(board.timing_from) },
	{ "timing-until", NULL, "POINT", GROUP_RUN,
	  "The end of that part, which is not included: a POINT as for --timing-from, or +N for "
	  "N instructions behind the begin. The default is the end of the run, or with "
	  "--timing-from=marker the guest's marker of an end.",
	  NULL, NULL, TEXT(board.timing_until) },
	{ "timing-warm", NULL, "N", GROUP_RUN,
	  "Warm caches and predictors with the last N instructions before that part, whose "
	  "cycles do not count.", NULL, NULL, NUMBER(board.timing_warm, 1, UINT64_MAX) },

	{ "core", NULL, "CORE[,PARAMETER=VALUE...]", GROUP_RUN,
	  "Run on a core: --timing=CORE, and -cpu CORE if there is such a model and no -cpu is "
	  "given.",
	  "cva6|c906|rocket|u74", apply_core, BY_FUNCTION },

	{ "timing-check", NULL, NULL, GROUP_RUN,
	  "Time each hart twice, with and without reuse of former results, and end with exit "
	  "code 7 if the two differ. This is for testing Baya.",
	  NULL, NULL, FLAG(board.timing_check) },
	{ "pipeview", NULL, "FILE", GROUP_RUN,
	  "Write the path of each instruction through the core's pipeline to FILE, for the "
	  "viewer Konata; that of further harts to FILE.1, FILE.2 ...", "FILE", NULL,
	  TEXT(pipeview) },
	{ "pipeview-max", NULL, "N", GROUP_RUN,
	  "How many instructions of a hart are written, including those of wrong paths; the "
	  "default is 100000.", NULL, NULL, NUMBER(pipeview_max, 1, UINT64_MAX) },

	{ "profile", NULL, "FILE", GROUP_RUN,
	  "Write a call profile to FILE: which function called which, at what cost, by symbols, "
	  "for kernel and user, each mode by itself.", "FILE", NULL, TEXT(profile.path) },
	{ "profile-event", NULL, "EVENT", GROUP_RUN,
	  "The event that the profile counts: cycles (the default), instructions, mispredict, "
	  "l1d-miss, cycles-tlb ...; cpu/counters/event.def lists them, and so does the error for "
	  "a wrong one.",
	  "cycles|instructions|mispredict|l1d-miss|l1i-miss|l2-miss|dtlb-miss|itlb-miss", NULL,
	  { .kind = KEY_TEXT, .offset = FIELD(profile.event), .accepted = "EVENT" } },
	{ "profile-period", NULL, "N", GROUP_RUN,
	  "Take a sample every N events; the default is 1, which counts them all.", NULL, NULL,
	  NUMBER(profile.period, 1, UINT64_MAX) },
	{ "profile-format", NULL, "auto|folded|callgrind", GROUP_RUN,
	  "Folded stacks, or callgrind's format; auto, the default, chooses callgrind for files "
	  "named callgrind.out* or *.callgrind.", "auto|folded|callgrind", NULL,
	  WORD(profile.format, "auto|folded|callgrind") },

	{ "log", NULL, "FILE", GROUP_RUN,
	  "Write a commit log: each instruction with what it wrote, and traps. This uses the "
	  "interpreter. `baya logdiff A B` compares two logs.",
	  "FILE", NULL, TEXT(commit_log) },
	{ "log-format", NULL, "spike|json", GROUP_RUN,
	  "spike is the format of Spike's --log-commits (the default), json a JSON object per "
	  "line.", "spike|json", NULL,
	  WORD(board.commit_format, "spike|json") },

	{ "compare", NULL, NULL, GROUP_RUN,
	  "Run a second machine in the interpreter in lockstep with this one and compare them, "
	  "with the virtual clock. At a difference print the first instruction that differs, "
	  "write the machine from before it, disks included, to baya-compare.state, and end "
	  "with exit code 7. Disk images are not changed: what the guest writes to them is "
	  "dropped at the end.",
	  NULL, NULL, FLAG(board.compare) },
	{ "restore", NULL, "FILE", GROUP_RUN,
	  "Begin with the machine that --compare has written to FILE, with the options of that "
	  "run, which are in its fifth line. Disk images must be as they were, and are not "
	  "changed.",
	  "FILE", NULL, TEXT(board.restore) },
	{ "loadvm", NULL, "NAME", GROUP_RUN,
	  "Begin with the machine that the monitor's savevm has stored in its qcow2 disks under "
	  "this name, with the options of that run.", NULL, NULL,
	  { .kind = KEY_TEXT, .offset = FIELD(loadvm), .accepted = "NAME" } },
	{ "strict", NULL, NULL, GROUP_RUN,
	  "Report on stderr where the guest relies on a fence that it has not executed: each "
	  "hit of the TLB is compared with the page tables. This uses the interpreter. The same "
	  "as -d strict.",
	  NULL, apply_strict, BY_FUNCTION },

	{ "s", NULL, NULL, GROUP_DEBUG, "The same as -gdb tcp::1234.", NULL, NULL,
	  FLAG(gdb_default) },
	{ "S", NULL, NULL, GROUP_DEBUG,
	  "Do not start the machine before a debugger, or the monitor's cont, continues it.",
	  NULL, NULL,
	  FLAG(frozen) },
	{ "gdb", NULL, "tcp:[HOST]:PORT|unix:PATH|stdio", GROUP_DEBUG,
	  "Let GDB debug the machine: at a TCP port (of 127.0.0.1 unless HOST is given), a "
	  "socket in the file system, or standard input and output. In GDB: target remote "
	  ":1234, or target remote | baya -gdb stdio FILE. Harts are threads; `monitor help` "
	  "lists further commands.", "tcp::1234|unix:|stdio", apply_gdb,
	  BY_FUNCTION },

	{ "j", NULL, "N", GROUP_SUITE,
	  "Run N tests at once; the default is one for each CPU of the host.", NULL, NULL,
	  NUMBER(suite.jobs, 1, 1024) },
	{ "filter", NULL, "PATTERN", GROUP_SUITE,
	  "Run only tests whose file names match PATTERN, as in a shell: 'rv64ui-p-*'.", NULL,
	  NULL, { .kind = KEY_TEXT, .offset = FIELD(suite.filter), .accepted = "PATTERN" } },
	{ "tap", NULL, NULL, GROUP_SUITE, "Print the results as TAP version 14.", NULL, NULL,
	  FLAG(suite.tap) },
	{ "junit", NULL, "FILE", GROUP_SUITE, "Write the results to FILE as JUnit's XML as well.",
	  "FILE", NULL, TEXT(suite.junit) },

	{ "hart", NULL, "N", GROUP_EXPLAIN,
	  "Explain only this hart; the default is all harts.", NULL,
	  apply_hart, BY_FUNCTION },
	{ "trap", NULL, "N", GROUP_EXPLAIN,
	  "Explain a trap by its number since reset: one of the hart's last 32.", NULL, NULL,
	  NUMBER(explain.trap, 1, UINT64_MAX) },

	{ "json", NULL, "[=FILE]", GROUP_CYCLES,
	  "Write the figures as JSON to FILE. Without FILE they go to standard output in place "
	  "of the text, and the program's output goes to stderr.",
	  "FILE", apply_json, BY_FUNCTION },

	{ "html", NULL, "FILE", GROUP_CYCLES,
	  "Write the figures as a page that needs no other file: a drawing of the stack, "
	  "functions side by side, and each instruction under its line of source if the program "
	  "has debug information.",
	  "FILE", NULL, TEXT(cycles.html) },

	{ "against", NULL, "TABLE", GROUP_CYCLES,
	  "Run each program of TABLE, DIR/PROGRAM.elf, and compare what the programs measure "
	  "with the table.", "FILE", NULL, TEXT(cycles.against) },
	{ "fit", NULL, NULL, GROUP_CYCLES,
	  "With --against: print which parameters of the core the errors point at, in which "
	  "direction, and how much of them each explains. Changes nothing.", NULL, NULL,
	  FLAG(cycles.fit) },
	{ "max-error", NULL, "PERCENT", GROUP_CYCLES,
	  "End with exit code 1 if a record differs by more than this.", NULL, apply_percent,
	  BY_FUNCTION },
	{ "max-mean", NULL, "PERCENT", GROUP_CYCLES,
	  "End with exit code 1 if the mean difference of all records is more than this.",
	  NULL, apply_percent, BY_FUNCTION },
	{ "only", NULL, "PATTERN", GROUP_CYCLES,
	  "Run only programs of TABLE whose names match PATTERN, as in a shell: 'c*'.", NULL,
	  NULL, { .kind = KEY_TEXT, .offset = FIELD(cycles.only), .accepted = "PATTERN" } },

	{ "share", NULL, "DIR[,readonly=on]", GROUP_COMMAND,
	  "Share a folder with the guest. It is the command's working directory, or /mnt of "
	  "Debian.", "FILE",
	  apply_share, BY_FUNCTION },
	{ "ssh", NULL, "PORT", GROUP_COMMAND,
	  "The port of the host that is forwarded to Debian's ssh; the default is the first "
	  "free one from 2222 on.", NULL, NULL, NUMBER(ssh_port, 1, 65535) },

	{ "d", NULL, "ITEM[,ITEM...]", GROUP_LOG,
	  "Log what happens in the machine; -d help lists the items.",
	  "guest_errors|unimp|int|in_asm|exec|cpu|mmu|nochain|cpu_reset|strict|help",
	  apply_log, BY_FUNCTION },
	{ "D", NULL, "FILE", GROUP_LOG, "Log to FILE in place of stderr.", "FILE", NULL,
	  TEXT(log_file) },
	{ "h", "help", NULL, GROUP_LOG, "Print this help.", NULL, apply_action, BY_FUNCTION },
	{ "version", NULL, NULL, GROUP_LOG, "Print the version.", NULL, apply_action,
	  BY_FUNCTION },

	{ "vga", NULL, "none", GROUP_ACCEPTED,
	  "There is no VGA device.", "none", apply_accepted,
	  BY_FUNCTION },
	{ "accel", NULL, "tcg[,thread=single|multi][,tb-size=N]", GROUP_ACCEPTED,
	  "All instructions are emulated.", "tcg", apply_accel, BY_FUNCTION },
	{ "boot", NULL, "DRIVES|order=DRIVES[,menu=on|off][,strict=on|off]", GROUP_ACCEPTED,
	  "Firmware chooses by itself what to boot, as in QEMU.",
	  "order=|menu=|strict=", apply_boot,
	  BY_FUNCTION },
	{ "k", NULL, "LAYOUT", GROUP_ACCEPTED,
	  "Keys are passed to the guest by their place, and the guest applies its own layout.",
	  "en-us|en-gb|de|fr|es|it", apply_keyboard, BY_FUNCTION },
	{ "msg", NULL, "timestamp=on|off", GROUP_ACCEPTED,
	  "The format of messages does not change.",
	  "timestamp=on|timestamp=off", apply_msg, BY_FUNCTION },
	{ "usb", NULL, NULL, GROUP_ACCEPTED, "There is no USB; its devices are refused.", NULL,
	  apply_accepted, BY_FUNCTION },
	{ "L", NULL, "DIR", GROUP_ACCEPTED, "Baya finds its files itself.", "FILE", apply_accepted,
	  BY_FUNCTION },
	{ "nodefaults", NULL, NULL, GROUP_ACCEPTED,
	  "There is no device that was not asked for. The same as -no-user-config.",
	  NULL, apply_accepted,
	  BY_FUNCTION },
};
const unsigned options_count = ARRAY_SIZE(options_table);
