/* SPDX-License-Identifier: MIT */
/*
 * Lists every option, one row each: its spelling, its value, its help and what it does. (The
 * devices of -device are listed in the files that implement them.) Spelling and meaning are QEMU's
 * if QEMU has the option. To add an option, add a row (and a function in cli/values.c if a field of
 * struct options is not enough).
 */
#include "frontends/cli/table.h"

#include "frontends/cli/machine/links.h"
#include "frontends/cli/machine/net.h"
#include "frontends/cli/machine/rtc.h"

#define FIELD(member) offsetof(struct options, member)
#define TEXT(member) { .kind = KEY_TEXT, .offset = FIELD(member), .accepted = "FILE" }
#define FLAG(member) { .kind = KEY_SWITCH, .offset = FIELD(member), .accepted = "on|off" }
#define WORD(member, words) { .kind = KEY_WORD, .offset = FIELD(member), .accepted = words }
#define NUMBER(member, low, high)                                                                  \
	{ .kind = KEY_NUMBER, .offset = FIELD(member), .accepted = "N", .min = low, .max = high }

const struct option options_table[] = {
	{ .name = "bios", .value = "default|none|FILE", .group = GROUP_BOOT,
	  .help = "The firmware: default is Baya's own SBI; FILE can be OpenSBI or U-Boot as they "
		  "are built, or an ELF or Intel HEX.",
	  .complete = "default|none|FILE", .key = TEXT(board.bios) },
	{ .name = "kernel", .value = "FILE", .group = GROUP_BOOT,
	  .help = "A Linux Image, Image.gz or EFI-stub Image, an ELF, Intel HEX, a uImage "
		  "(mkimage -C none or gzip), or code without a header, such as u-boot.bin. Such "
		  "code is loaded 2 MiB behind the start of RAM, or at the start with -bios none.",
	  .complete = "FILE", .key = TEXT(board.kernel) },
	{ .name = "initrd", .value = "FILE", .group = GROUP_BOOT,
	  .help = "The initial RAM disk for the kernel.",
	  .complete = "FILE", .key = TEXT(board.initrd) },
	{ .name = "append", .value = "TEXT", .group = GROUP_BOOT,
	  .help = "The kernel's command line.",
	  .key = { .kind = KEY_ANY, .offset = FIELD(board.append), .accepted = "TEXT" } },
	{ .name = "dtb", .value = "FILE", .group = GROUP_BOOT,
	  .help = "A device tree in place of the machine's own.",
	  .complete = "FILE", .key = TEXT(board.dtb) },
	{ .name = "boot", .value = "order=DRIVES[,menu=on|off][,strict=on|off]...",
	  .group = GROUP_BOOT,
	  .help = "What firmware such as EDK2 is told about booting: menu=on lets it wait for the "
		  "user's choice, for splash-time= milliseconds; strict=on lets it boot only from "
		  "devices that have a bootindex=; reboot-timeout= is after how many milliseconds "
		  "it resets the machine if nothing can be booted (-1: never). The order is that "
		  "of bootindex= of -device; DRIVES have no effect, as in QEMU.",
	  .complete = "order=|menu=|strict=|splash-time=|reboot-timeout=",
	  .apply = apply_boot },
	{ .name = "L", .value = "DIR", .group = GROUP_BOOT,
	  .help = "With baya run: a folder whose lib and usr/lib are those of programs that are "
		  "linked dynamically, as for qemu-riscv64: /usr/riscv64-linux-gnu, or the root of "
		  "a riscv64 system. Other runs accept it, and Baya finds its files itself; "
		  "-L help prints the folder that has them.",
	  .complete = "FILE", .apply = apply_sysroot },

	{ .name = "machine", .alias = "M",
	  .value = "virt[,aia=KIND][,aia-guests=N][,plic=KIND][,dumpdtb=FILE]",
	  .group = GROUP_MACHINE,
	  .help = "The machine: virt, as in QEMU. dumpdtb=FILE writes the device tree to FILE and "
		  "runs nothing. aia= selects the interrupt controllers: none (a PLIC), aplic, or "
		  "aplic-imsic with aia-guests= guest interrupt files per hart (0). plic= "
		  "determines when a PLIC signals an interrupt again after its completion: qemu "
		  "(the default) when the device raises its line again, which hides it if a driver "
		  "forgets to serve the device; level, as in hardware, whenever the line is high. "
		  "pflash0=NODE and pflash1=NODE make -blockdev nodes flash banks. aclint=on has "
		  "an ACLINT in place of the CLINT; by its SSWI S-mode can interrupt harts. "
		  "firmware=, kernel=, initrd=, append= and dtb= are as -bios and so on. acpi=off "
		  "and usb=on|off are accepted.",
	  .complete = "virt|help", .apply = apply_machine },
	{ .name = "cpu", .value = "MODEL[,EXT=on|off...]", .group = GROUP_MACHINE,
	  .help = "The harts: rv64gc, a profile (rva20s64, rva22s64, rvb23s64, rva23s64), an ISA "
		  "string (rv64gc_zba_zbb), or max, the default, which has everything except for "
		  "what breaks old software. EXT=on and EXT=off change it, and NAME=VALUE tells "
		  "more, as vlen=256 does; -cpu help lists all.",
	  .complete = "rv64gc|rva20s64|rva22s64|rvb23s64|rva23s64|max|rv64|help",
	  .apply = apply_cpu },
	{ .name = "m", .value = "SIZE", .group = GROUP_MACHINE,
	  .help = "The size of RAM in MiB, or with a suffix: 512M, 2G. From 16M to 64G; the "
		  "default is 128M, as in QEMU, and 512M for the bundled guest. The host's memory "
		  "is used only as the guest touches it.",
	  .complete = "128M|512M|1G|2G|4G|8G", .apply = apply_ram },
	{ .name = "smp", .value = "N[,cores=N...]", .group = GROUP_MACHINE,
	  .help = "The number of harts, 1 to 64; the default is 1. maxcpus=, sockets=, cores= and "
		  "threads= are accepted as in QEMU: without N their product counts.",
	  .complete = "1|2|4|8|16|32|64", .apply = apply_smp },
	{ .name = "numa", .value = "node|dist[,KEY=VALUE...]", .group = GROUP_MACHINE,
	  .help = "node,cpus=N-N,memdev=ID is a NUMA node with these harts and this memory; "
		  "dist,src=N,dst=N,val=N is the distance between two of them. The device tree "
		  "describes it to the guest; no access takes longer for it.",
	  .complete = "node,|dist,", .apply = apply_numa },
	{ .name = "uuid", .value = "UUID", .group = GROUP_MACHINE,
	  .help = "The machine's UUID, which firmware reads in fw_cfg and programs by QMP.",
	  .apply = apply_uuid },
	{ .name = "fw_cfg", .value = "NAME,file=FILE|string=TEXT", .group = GROUP_MACHINE,
	  .help = "Add an entry to fw_cfg for firmware and guest. Linux shows it as "
		  "/sys/firmware/qemu_fw_cfg/by_name/NAME/raw. NAME begins with opt/. FILE may be a "
		  "pipe.",
	  .complete = "name=opt/", .apply = apply_fw_cfg },
	{ .name = "overcommit", .value = "mem-lock=on|off", .group = GROUP_MACHINE,
	  .help = "mem-lock=on keeps all of the machine's memory in the host's RAM, so that "
		  "nothing is paged out.",
	  .complete = "mem-lock=on|mem-lock=off", .apply = apply_overcommit },
	{ .name = "semihosting", .group = GROUP_MACHINE,
	  .help = "Let the guest use semihosting calls. A bare-metal program always can.",
	  .key = FLAG(board.semihosting) },
	{ .name = "semihosting-config", .value = "enable=on|off[,path=FOLDER][,arg=TEXT]...",
	  .group = GROUP_MACHINE,
	  .help = "The same as -semihosting, with properties. path= gives the guest access to the "
		  "files beneath this folder, and to no others; arg= is its command line, or each of "
		  "its words if it is repeated. Without arg= the command line is the file's name and "
		  "what -append says. target=native is accepted.",
	  .complete = "enable=on|enable=off", .apply = apply_semihosting },
	{ .name = "rtc", .value = "base=utc|localtime|DATE[,clock=host|vm]",
	  .group = GROUP_MACHINE,
	  .help = "The real-time clock. base= is its initial time: the host's time in UTC (the "
		  "default), in the host's time zone (localtime), or a date such as "
		  "2026-07-01T12:00:00. With clock=host (the default) it goes on while the machine "
		  "is stopped; with clock=vm it stands still then. Under the virtual clock "
		  "clock=vm is used, and the initial time is DATE or 2025-01-01.",
	  .complete = "base=utc|base=localtime|clock=vm", .apply = apply_rtc },
	{ .name = "no-reboot", .group = GROUP_MACHINE,
	  .help = "End when the guest resets the machine.",
	  .key = FLAG(process.actions.no_reboot) },
	{ .name = "no-shutdown", .group = GROUP_MACHINE,
	  .help = "When the guest shuts down, stop the machine instead of ending: the same as "
		  "-action shutdown=pause.",
	  .apply = apply_no_shutdown },
	{ .name = "action", .value = "EVENT=ACTION[,EVENT=ACTION...]", .group = GROUP_MACHINE,
	  .help = "What happens when the guest resets: reboot=reset|shutdown; when it shuts down: "
		  "shutdown=poweroff|pause; when its kernel has panicked and hangs: "
		  "panic=none|pause|shutdown|exit-failure. By default a panic ends Baya with exit "
		  "code 6, as shutdown and exit-failure do, unless a person can examine the guest.",
	  .apply = apply_end_action },
	{ .name = "daemonize", .group = GROUP_MACHINE,
	  .help = "Run in the background once the machine has started. Consoles that are not "
		  "connected elsewhere are connected to nothing.",
	  .key = FLAG(process.daemonize) },
	{ .name = "pidfile", .value = "FILE", .group = GROUP_MACHINE,
	  .help = "Write the process ID to FILE, and remove FILE at the end.",
	  .complete = "FILE", .key = TEXT(process.pid_file) },
	{ .name = "sandbox", .value = "on|off[,WORD=allow|deny...]", .group = GROUP_MACHINE,
	  .help = "From the guest's first instruction on, end Baya where it makes a system call that "
		  "it does not need, by libseccomp. obsolete=allow permits calls that no C library "
		  "makes any more; elevateprivileges=deny (or children) forbids set*uid and set*gid, "
		  "spawn=deny programs and processes, but not threads, and resourcecontrol=deny "
		  "priorities and affinity.",
	  .complete = "on|off", .apply = apply_sandbox },
	{ .name = "readconfig", .value = "FILE", .group = GROUP_MACHINE,
	  .help = "Read options from FILE, in QEMU's format: a line [OPTION] or [OPTION \"ID\"] is "
		  "followed by the items of its list, each in a line KEY = \"VALUE\". After [baya] "
		  "a line OPTION = \"VALUE\" is any option; \"on\" is the value of an option "
		  "without a value. The user's own file, baya/baya.conf in $XDG_CONFIG_HOME or in "
		  "~/.config, has the same format and is read before the options of a run, but not "
		  "for test, explain, cycles and run.",
	  .complete = "FILE", .apply = apply_readconfig },
	{ .name = "no-user-config", .group = GROUP_MACHINE,
	  .help = "Do not read baya.conf.",
	  .apply = apply_accepted },

	{ .name = "drive", .value = "file=FILE[,KEY=VALUE...]", .group = GROUP_DISK,
	  .help = "Add a disk image: format=raw, the default, or format=qcow2, with its backing "
		  "files. if=virtio, the default, makes a virtio-blk-pci; if=none,id=ID keeps it for "
		  "-device virtio-blk-device,drive=ID; if=pflash,unit=0|1 makes a flash bank. "
		  "readonly=on, snapshot=on, serial=TEXT, node-name=NAME; media=cdrom means "
		  "readonly=on. werror= and rerror= determine what happens when the host fails to "
		  "write or to read: report (the guest gets an error), ignore, stop (the machine "
		  "stops, and cont tries again), or enospc, the default for writing (stop if the "
		  "disk is full, else report). Without a monitor, QMP or debugger that could "
		  "continue the machine the default is report, where QEMU would stop for ever. "
		  "With detect-zeroes=on zeros that the guest writes take no space in qcow2 "
		  "images, with detect-zeroes=unmap in raw files, too. discard=ignore keeps what "
		  "the guest discards. aio= and cache= are "
		  "accepted. index=N is the drive's place among those of its if=. driver= is the "
		  "same as format=, and file.filename= as file=. In file names commas are doubled.",
	  .apply = apply_drive },
	{ .name = "blockdev", .value = "driver=DRIVER,node-name=NAME[,KEY=VALUE...]",
	  .group = GROUP_DISK,
	  .help = "Add a disk image as a node that -device virtio-blk-device,drive=NAME and QMP's "
		  "blockdev-del can name: driver=raw or qcow2 with "
		  "file.driver=file,file.filename=FILE, or with file= and the name of a node that "
		  "has driver=file,filename=FILE. read-only=on, discard=unmap, and QEMU's "
		  "properties about speed are accepted. The value can be JSON. -snapshot does not "
		  "apply to these.",
	  .complete = "driver=", .apply = apply_blockdev },
	{ .name = "hda", .value = "FILE", .group = GROUP_DISK,
	  .help = "A disk: -drive file=FILE. Also -hdb, -hdc, -hdd.",
	  .complete = "FILE", .apply = apply_disk },
	{ .name = "hdb", .value = "FILE", .group = GROUP_DISK,
	  .help = "The same for a second disk.",
	  .complete = "FILE", .apply = apply_disk },
	{ .name = "hdc", .value = "FILE", .group = GROUP_DISK,
	  .help = "The same for a third disk.",
	  .complete = "FILE", .apply = apply_disk },
	{ .name = "hdd", .value = "FILE", .group = GROUP_DISK,
	  .help = "The same for a fourth disk.",
	  .complete = "FILE", .apply = apply_disk },
	{ .name = "pflash", .value = "FILE", .group = GROUP_DISK,
	  .help = "A flash bank, the first or the second: -drive file=FILE,if=pflash.",
	  .complete = "FILE", .apply = apply_pflash },
	{ .name = "cdrom", .value = "FILE", .group = GROUP_DISK,
	  .help = "The image of a disc, as a read-only disk: -drive "
		  "file=FILE,format=raw,media=cdrom.",
	  .complete = "FILE", .apply = apply_cdrom },
	{ .name = "snapshot", .group = GROUP_DISK,
	  .help = "Do not change disk images: what is written goes to a temporary file in $TMPDIR "
		  "or /var/tmp, and is dropped at the end. The same as snapshot=on of each drive, "
		  "flash banks included.",
	  .key = FLAG(snapshot) },
	{ .name = "device", .value = "NAME[,KEY=VALUE...]", .group = GROUP_DISK,
	  .help = "Add a device. -device help lists all devices with their parameters, -device "
		  "NAME,help those of one device.",
	  .complete = "DEVICES|help", .apply = apply_device },
	{ .name = "global", .value = "DEVICE.PROPERTY=VALUE", .group = GROUP_DISK,
	  .help = "Set a property of all devices of this name, unless their -device sets it too. "
		  "Another form is driver=DEVICE,property=PROPERTY,value=VALUE. "
		  "virtio-mmio.force-legacy=true|false selects the version of virtio-mmio devices; "
		  "the default is true with -bios none and false otherwise, while it is always "
		  "true in QEMU.",
	  .complete = "virtio-mmio.force-legacy=false", .apply = apply_global },
	{ .name = "virtfs",
	  .value = "local,path=DIR,mount_tag=TAG,security_model=MODEL[,readonly=on]",
	  .group = GROUP_DISK,
	  .help = "Share a folder with the guest, which mounts it with `mount -t 9p -o "
		  "trans=virtio,version=9p2000.L TAG /mnt`. With security_model=none files belong "
		  "to the user who runs Baya; mapped-xattr keeps the guest's owners and modes in "
		  "extended attributes.",
	  .complete = "local,path=", .apply = apply_virtfs },
	{ .name = "fsdev", .value = "local,id=ID,path=DIR,security_model=MODEL[,readonly=on]",
	  .group = GROUP_DISK,
	  .help = "Share a folder by -device virtio-9p-device,fsdev=ID,mount_tag=TAG; the rest is "
		  "the same as for -virtfs.",
	  .complete = "local,id=", .apply = apply_fsdev },
	{ .name = "object", .value = "TYPE,id=ID[,KEY=VALUE...]", .group = GROUP_DISK,
	  .help = "rng-random[,filename=DEVICE] or rng-builtin: the host's entropy, for "
		  "virtio-rng-device,rng=ID; DEVICE has no effect. "
		  "filter-dump,netdev=ID,file=FILE[,maxlen=SIZE]: writes the frames of a network "
		  "to FILE, in pcap's format. secret,id=ID,file=FILE|data=TEXT: a password for "
		  "-vnc. iothread,id=ID: for virtio-blk-device,iothread=ID; it has no effect. "
		  "memory-backend-file,id=ID,size=SIZE,mem-path=FILE with -machine "
		  "memory-backend=ID: the guest's memory begins with the file's content, and with "
		  "share=on it is the file's, visible to other processes; memory-backend-ram and "
		  "-memfd: ordinary memory; prealloc=on allocates it at once.",
	  .complete = OBJECT_TYPES, .apply = apply_object },

	{ .name = "nic", .value = "user|none|KIND[,model=DEVICE][,mac=ADDRESS][,KEY=VALUE...]",
	  .group = GROUP_NET,
	  .help = "Add a network card, virtio-net-device unless model= names another, and the "
		  "network that it is connected to, with -netdev's kinds and properties.",
	  .complete = "user|none|stream|dgram|hubport|tap", .apply = apply_nic },
	{ .name = "net", .value = "nic|user|stream|dgram|tap|none[,KEY=VALUE...]",
	  .group = GROUP_NET,
	  .help = "The older syntax: nic adds a card, with macaddr= and model=; the others add "
		  "networks as -netdev does; all are connected to one hub.",
	  .complete = "nic|user|stream|dgram|tap|none", .apply = apply_net },
	{ .name = "netdev", .value = "user|stream|dgram|hubport|tap,id=ID[,KEY=VALUE...]",
	  .group = GROUP_NET,
	  .help = "Add a network for -device virtio-net-device,netdev=ID. user: the host's network "
		  "as its programs see it, with DHCP, DNS and TFTP; "
		  "hostfwd=tcp:[ADDRESS]:PORT-[ADDRESS]:PORT forwards a port of the host to the "
		  "guest; guestfwd=tcp:ADDRESS:PORT-TARGET forwards an address of the network to "
		  "tcp:HOST:PORT or unix:PATH of the host, to a program (cmd:COMMAND), or to "
		  "chardev:ID; with restrict=on the guest reaches nothing else; net=, host=, "
		  "dhcpstart=, dns=, ipv6-net=, ipv6-host=, ipv6-dns=, ipv4=, ipv6=, hostname=, "
		  "domainname=, dnssearch=, tftp=, tftp-server-name=, bootfile=. stream: another "
		  "machine or passt, addr.type=inet|unix|fd, addr.host=, addr.port=, addr.path=, "
		  "server=on to wait for it, reconnect=SECONDS. dgram: datagrams from local.* to "
		  "remote.*, which may be a multicast group. hubport: hubid=N, netdev=ID. tap: "
		  "ifname=, script=, downscript=, fd=.",
	  .complete = "user|stream|dgram|hubport|tap", .apply = apply_netdev },

	{ .name = "serial",
	  .value = "stdio|mon:stdio|file:FILE|pipe:FILE|unix:FILE|tcp:[HOST]:PORT|pty|null",
	  .group = GROUP_CONSOLE,
	  .help = "Where the serial port is connected. The default is mon:stdio, this terminal, "
		  "shared with the monitor; mon: can also precede pty, pipe:, unix:, tcp: and "
		  "telnet:. The last three (HOST may be an IPv6 address in brackets) make a "
		  "connection; server, wait=off or nowait, nodelay and reconnect=SECONDS can "
		  "follow, with the meaning of -chardev socket. Also chardev:ID and none.",
	  .complete = "stdio|mon:stdio|file:|pipe:|unix:|tcp:|telnet:|pty|null|none|chardev:",
	  .apply = apply_serial },
	{ .name = "monitor", .value = "stdio|none|tcp:[HOST]:PORT|unix:PATH[,server][,nowait]",
	  .group = GROUP_CONSOLE,
	  .help = "Where the monitor is. With stdio it has the keyboard at the start; with a "
		  "socket, whose syntax is -qmp's, it is not in the terminal. There can be up "
		  "to four.",
	  .complete = "stdio|none|tcp:|telnet:|unix:|chardev:", .apply = apply_monitor },
	{ .name = "chardev",
	  .value = "stdio|null|file|socket|pty|pipe|stderr|qemu-vdagent,id=ID[,...]",
	  .group = GROUP_CONSOLE,
	  .help = "Define a backend for consoles and ports. With mux=on several of them and the "
		  "monitor can share it. stdio: with signal=off Ctrl-c goes to the guest. file: "
		  "path=FILE[,append=on]. socket: path=FILE, host=HOST,port=PORT or fd=NUMBER; "
		  "it connects, or with server=on it waits, which wait=off does while the machine "
		  "runs; reconnect=SECONDS tries again; nodelay sends at once; telnet is for "
		  "telnet clients; with abstract path= is no file. pty: a pseudoterminal, whose "
		  "name is printed on standard output. pipe: named pipes, path=FILE stands for "
		  "FILE.in and FILE.out, or FILE if one of them is missing. qemu-vdagent: with "
		  "clipboard=on, for -device virtserialport,chardev=ID,name=com.redhat.spice.0: "
		  "text copied in the guest can be pasted on the host and the other way, by "
		  "SPICE's agent in the guest. logfile=FILE[,logappend=on] keeps a port's output.",
	  .complete = "stdio|null|file|socket|pty|pipe|stderr|qemu-vdagent",
	  .apply = apply_chardev },
	{ .name = "mon", .value = "chardev=ID[,mode=readline|control]", .group = GROUP_CONSOLE,
	  .help = "Connect the monitor to a -chardev; with mode=control, QMP (pretty=on indents).",
	  .complete = "chardev=", .apply = apply_mon },
	{ .name = "qmp", .value = "tcp:[HOST]:PORT|unix:PATH|stdio[,server][,nowait]",
	  .group = GROUP_CONSOLE,
	  .help = "Let programs control the machine by QEMU's machine protocol, in JSON: at a "
		  "socket where Baya listens (server; the machine does not run before the first "
		  "client has connected, unless nowait is given) or to which it connects (with "
		  "reconnect=SECONDS it tries until it succeeds, and again later), or on standard "
		  "input and output.",
	  .complete = "unix:|tcp:|stdio", .apply = apply_qmp },
	{ .name = "echr", .value = "CODE", .group = GROUP_CONSOLE,
	  .help = "The code of the character that starts the terminal's commands, 1 to 31; the "
		  "default is 1, Ctrl-a.",
	  .key = NUMBER(escape_char, 1, 31) },

	{ .name = "display", .value = "none|sdl|vnc=:N[,KEY=VALUE...]", .group = GROUP_SCREEN,
	  .help = "Where the machine's screens are shown: not at all, in windows (SDL2) or to "
		  "viewers (-vnc), who can be there beside either. For windows there are "
		  "scale=smooth|integer and full-screen=on|off. If no -device is a screen, sdl and vnc "
		  "add virtio-gpu-device, virtio-keyboard-device and virtio-tablet-device. Keys: "
		  "Ctrl-Alt-f switches to full screen, Ctrl-Alt-g grabs keyboard and mouse, "
		  "Ctrl-Alt-s changes the scaling, Ctrl-Alt-u restores the picture's own size.",
	  .complete = "none|sdl|vnc=", .apply = apply_display },
	{ .name = "vnc", .value = ":N|HOST:N|unix:PATH[,KEY=VALUE...]", .group = GROUP_SCREEN,
	  .help = "Let VNC viewers show the machine's screens and type (libvncserver): at port "
		  "5900 + N, of this host alone unless HOST is another of its addresses. "
		  "password=on: viewers need a password, which the monitor's set_password sets; "
		  "password-secret=ID: it is that of -object secret,id=ID,file=FILE; websocket=on: "
		  "for viewers in browsers (noVNC), at port 5700 + N, or websocket=PORT. none: no "
		  "viewers. The same as -display vnc=...; windows can be there as well.",
	  .apply = apply_vnc },
	{ .name = "k", .value = "LAYOUT", .group = GROUP_SCREEN,
	  .help = "The guest's keyboard, for VNC viewers that send characters and not the places of "
		  "keys: each is typed by the keys that write it there (libxkbcommon). The default is "
		  "en-us. Windows, and viewers that know QEMU's key events, send places, and the "
		  "guest alone applies its layout.",
	  .complete = "en-us|en-gb|de|fr|es|it", .apply = apply_keyboard },
	{ .name = "nographic", .group = GROUP_SCREEN,
	  .help = "The same as -display none: no windows. Viewers of -vnc stay.",
	  .apply = apply_nographic },
	{ .name = "screenshot", .value = "FILE", .group = GROUP_SCREEN,
	  .help = "When the run ends, for example by --timeout or --max-insns, write the picture "
		  "of the first screen to FILE: as PNG if the name ends in .png, else as PPM. "
		  "`baya screenshot` takes a picture of a running machine.",
	  .complete = "FILE", .key = TEXT(screenshot) },
	{ .name = "name", .value = "TEXT[,process=NAME]", .group = GROUP_SCREEN,
	  .help = "The title of the windows, and the machine's name in QMP; process= sets the name "
		  "of the process.",
	  .apply = apply_name },

	{ .name = "audiodev", .value = "none|wav|sdl,id=ID[,KEY=VALUE...]", .group = GROUP_SOUND,
	  .help = "Define a backend for -device virtio-sound-device,audiodev=ID. none: no sound. "
		  "wav: playback is written to path=FILE, and recording reads in.path=FILE and "
		  "then silence. sdl: the host's loudspeakers and microphone. out.frequency=, "
		  "out.channels=, out.format= and in.frequency=, in.channels=, in.format= are the "
		  "formats that the card offers and the files have; the defaults are 44100, 2 and "
		  "s16. Except for files, the guest can choose a frequency from 8000 to 192000 "
		  "unless one is given.",
	  .complete = "none|wav|sdl", .apply = apply_audiodev },

	{ .name = "engine", .value = "interp|threaded|jit", .group = GROUP_RUN,
	  .help = "How instructions are executed: one at a time (interp), in decoded "
		  "blocks (threaded), or with the blocks that run often as code of the host (jit, "
		  "the default). A processor older than x86-64-v2 cannot run jit, and threaded is the "
		  "default there. `baya test` also accepts all: each test runs in every engine that "
		  "the processor can run, and the results must agree.",
	  .complete = "interp|threaded|jit|all", .apply = apply_engine,
	  .key = WORD(board.engine, "interp|threaded|jit") },
	{ .name = "jit-only", .value = "none|alu|mem|fp|all", .group = GROUP_RUN,
	  .help = "With --engine=jit, which instructions become code of the host; for the others it "
		  "calls the interpreter. No choice changes what a guest does: it is for finding the "
		  "one that would.",
	  .complete = "none|alu|mem|fp|all", .key = WORD(board.jit_only, "all|none|alu|mem|fp") },
	{ .name = "jit-dump", .value = "FILE", .group = GROUP_RUN,
	  .help = "Write to FILE what --engine=jit makes of the guest's code: each block with its "
		  "addresses, each instruction, and below it the host's, both disassembled.",
	  .complete = "FILE", .key = TEXT(jit_dump) },
	{ .name = "perf-map", .alias = "perfmap", .group = GROUP_RUN,
	  .help = "With --engine=jit, write to /tmp/perf-PID.map which code of the host is which of "
		  "the guest, so that perf names it by the guest's symbols.",
	  .key = FLAG(perf_map) },
	{ .name = "clock", .value = "virtual|host", .group = GROUP_RUN,
	  .help = "The guest's time: virtual follows its own work, so that each run is the same "
		  "(the default of baya test); host follows the host's time (the default "
		  "otherwise).",
	  .complete = "virtual|host", .apply = apply_clock },
	{ .name = "icount", .value = "N|auto[,rr=record|replay,rrfile=FILE]", .group = GROUP_RUN,
	  .help = "Use the virtual clock, with 2^N nanoseconds for an instruction, N from 0 to 10; "
		  "auto means one nanosecond, as --clock=virtual. With --timing the model "
		  "determines an instruction's time. rr=record writes all input of the run to "
		  "FILE, and rr=replay repeats the run from it.",
	  .complete = "auto|shift=|shift=auto,rr=record,rrfile=", .apply = apply_icount },
	{ .name = "seed", .value = "N", .group = GROUP_RUN,
	  .help = "The seed of random choices under the virtual clock; the default is 0.",
	  .key = NUMBER(board.seed, 0, 0) },
	{ .name = "chaos", .group = GROUP_RUN,
	  .help = "Look for races between harts: use the virtual clock, end the turns of harts "
		  "after random numbers of instructions, and now and then let a hart stand still. "
		  "--seed=N chooses the numbers, so that a race that N has shown is repeated.",
	  .apply = apply_chaos },
	{ .name = "max-insns", .value = "N", .group = GROUP_RUN,
	  .help = "End with exit code 4 after all harts together have executed exactly N "
		  "instructions.",
	  .key = NUMBER(max_insns, 1, UINT64_MAX - 1) },
	{ .name = "timeout", .value = "SECONDS", .group = GROUP_RUN,
	  .help = "End with exit code 4 after so many seconds of the host's time, also while the "
		  "machine waits for a client before it starts. With baya test it holds for each "
		  "test, and the default is 30; with baya explain the default is 10.",
	  .apply = apply_timeout },
	{ .name = "exit-code", .value = EXIT_CODE_WORDS, .group = GROUP_RUN,
	  .help = "The exit code after the guest has reported failure: 1 (baya, the default), or the "
		  "code that it reported, at most 255 (guest, qemu). Such a code may be one that "
		  "otherwise has another meaning. With qemu SIGTERM, SIGINT and SIGHUP end Baya "
		  "with 0, as test harnesses for QEMU expect.",
	  .complete = EXIT_CODE_WORDS, .key = WORD(process.exit_code, EXIT_CODE_WORDS) },
	{ .name = "tell-silence", .value = TELL_SILENCE_WORDS, .group = GROUP_RUN,
	  .help = "Say on standard error, once, where the guest is when it has written nothing for "
		  "10 seconds: if that is a terminal (auto, the default), always, or never.",
	  .complete = TELL_SILENCE_WORDS, .key = WORD(process.tell_silence, TELL_SILENCE_WORDS) },
	{ .name = "symbols", .value = "FILE[,offset=N]", .group = GROUP_RUN,
	  .help = "Use the symbols of this ELF too, such as the vmlinux of an Image, to name "
		  "addresses, and those of a stripped PROGRAM to find its tohost. It may be given "
		  "repeatedly. The bundled kernel's symbols are used without it, and beside it. N is "
		  "added to the addresses, for a guest that a hypervisor has put elsewhere in RAM.",
	  .complete = "FILE", .apply = apply_symbols },
	{ .name = "signature", .value = "FILE", .group = GROUP_RUN,
	  .help = "When the program has ended, write its memory from begin_signature to "
		  "end_signature to FILE in the format that riscof compares: hexadecimal, a word "
		  "in each line.",
	  .complete = "FILE", .key = TEXT(signature) },
	{ .name = "signature-granularity", .value = "1|2|4|8|16", .group = GROUP_RUN,
	  .help = "The number of bytes in a word of the signature; the default is 4.",
	  .complete = "1|2|4|8|16", .key = WORD(signature_shift, "1|2|4|8|16") },
	{ .name = "stats", .group = GROUP_RUN,
	  .help = "At the end print one line of JSON on stderr: instructions, cycles, seconds, "
		  "mips, instructions per tier, blocks of code and the native code made of them, "
		  "misses of the TLB, and with --timing what each hart's cycles were spent on in "
		  "each mode.",
	  .key = FLAG(stats) },
	{ .name = "state-hash", .group = GROUP_RUN,
	  .help = "Print the line of --stats with state_hash, a hash of the machine's whole state.",
	  .key = FLAG(state_hash) },
	{ .name = "timing", .value = "CORE[,PARAMETER=VALUE...]", .group = GROUP_RUN,
	  .help = "Count the cycles that a core would take: none, the name of a core that comes "
		  "with Baya, or a file of your own (*.core). CORE,help lists its parameters. Uses "
		  "the virtual clock unless --clock=host is given, and works with each --engine.",
	  .complete = "none|" BAYA_CORES, .apply = apply_timing },
	{ .name = "timing-from", .value = "POINT", .group = GROUP_RUN,
	  .help = "Time a part of the run, and run the rest at full speed. POINT is a number of "
		  "instructions after which it begins, or a pc (0x80000000), a symbol (main, "
		  "main+0x10) or marker, the guest's marker, where it begins each time. Needs "
		  "--timing or --core.",
	  .key = TEXT(board.timing_from) },
	{ .name = "timing-until", .value = "POINT", .group = GROUP_RUN,
	  .help = "The end of that part, which is not included: a POINT as for --timing-from, or "
		  "+N for N instructions behind the begin. The default is the end of the run, or "
		  "with --timing-from=marker the guest's marker of an end.",
	  .key = TEXT(board.timing_until) },
	{ .name = "timing-warm", .value = "N", .group = GROUP_RUN,
	  .help = "Warm caches and predictors with the last N instructions before that part, whose "
		  "cycles do not count.",
	  .key = NUMBER(board.timing_warm, 1, UINT64_MAX) },
	{ .name = "core", .value = "CORE[,PARAMETER=VALUE...]", .group = GROUP_RUN,
	  .help = "Run on a core: --timing=CORE, and -cpu CORE if there is such a model and no "
		  "-cpu is given.",
	  .complete = BAYA_CORES, .apply = apply_core },
	{ .name = "timing-check", .group = GROUP_RUN,
	  .help = "Time each hart twice, with and without reuse of former results (the core simple "
		  "has none), and end with exit code 7 if the two differ. This is for testing Baya.",
	  .key = FLAG(board.timing_check) },
	{ .name = "pipeview", .value = "FILE", .group = GROUP_RUN,
	  .help = "Write the path of each instruction through the core's pipeline to FILE, for the "
		  "viewer Konata; that of further harts to FILE.1, FILE.2 ...",
	  .complete = "FILE", .key = TEXT(pipeview) },
	{ .name = "pipeview-max", .value = "N", .group = GROUP_RUN,
	  .help = "How many instructions of a hart are written, including those of wrong paths; "
		  "the default is 100000.",
	  .key = NUMBER(pipeview_max, 1, UINT64_MAX) },

	{ .name = "profile", .value = "FILE", .group = GROUP_RUN,
	  .help = "With --timing, write a call profile to FILE: which function called which, at what "
		  "cost, by symbols, for kernel and user, each mode by itself. Without it, take a "
		  "sample with each millisecond of the host's CPU time, in any engine, and write in "
		  "which functions they were.",
	  .complete = "FILE", .key = TEXT(profile.path) },
	{ .name = "profile-event", .value = "EVENT", .group = GROUP_RUN,
	  .help = "The event that the profile counts: cycles (the default), instructions, "
		  "mispredict, l1d-miss, cycles-tlb ...; cpu/counters/event.def lists them, and so "
		  "does the error for a wrong one.",
	  .complete = "cycles|instructions|mispredict|l1d-miss|l1i-miss|l2-miss|dtlb-miss|itlb-miss",
	  .key = { .kind = KEY_TEXT, .offset = FIELD(profile.event), .accepted = "EVENT" } },
	{ .name = "profile-period", .value = "N", .group = GROUP_RUN,
	  .help = "With --timing, take a sample every N events; the default is 1, which counts them "
		  "all.",
	  .key = NUMBER(profile.period, 1, UINT64_MAX) },
	{ .name = "profile-format", .value = "auto|folded|callgrind", .group = GROUP_RUN,
	  .help = "Folded stacks, or callgrind's format; auto, the default, chooses callgrind for "
		  "files named callgrind.out* or *.callgrind.",
	  .complete = "auto|folded|callgrind",
	  .key = WORD(profile.format, "auto|folded|callgrind") },

	{ .name = "coverage", .value = "FILE", .group = GROUP_RUN,
	  .help = "At the end, write to FILE which basic blocks of the programs that were loaded were "
		  "executed, in DynamoRIO's drcov format; in any engine.",
	  .complete = "FILE", .key = TEXT(coverage) },

	{ .name = "log", .value = "FILE", .group = GROUP_RUN,
	  .help = "Write a commit log: each instruction with what it wrote, and traps. This uses "
		  "the interpreter. `baya logdiff A B` compares two logs.",
	  .complete = "FILE", .key = TEXT(commit_log) },
	{ .name = "log-format", .value = "spike|json", .group = GROUP_RUN,
	  .help = "spike is the format of Spike's --log-commits (the default), json a JSON object "
		  "per line.",
	  .complete = "spike|json", .key = WORD(board.commit_format, "spike|json") },

	{ .name = "compare", .value = "[=interp|threaded|jit]", .group = GROUP_RUN,
	  .help = "Run a second machine in lockstep with this one, in another engine (the default "
		  "is interp), and compare them, with the virtual clock. At a difference print the first instruction that "
		  "differs, write the machine from before it, disks included, to "
		  "baya-compare.state, and end with exit code 7. Disk images are not changed: what "
		  "the guest writes to them is dropped at the end.",
	  .complete = "interp|threaded|jit", .apply = apply_compare,
	  .key = WORD(board.reference, "interp|threaded|jit") },
	{ .name = "restore", .value = "FILE", .group = GROUP_RUN,
	  .help = "Begin with the machine that --compare has written to FILE, with the options of "
		  "that run, which are in its fifth line. Disk images must be as they were, and "
		  "are not changed.",
	  .complete = "FILE", .key = TEXT(board.restore) },
	{ .name = "loadvm", .value = "NAME", .group = GROUP_RUN,
	  .help = "Begin with the machine that the monitor's savevm has stored in its qcow2 disks "
		  "under this name, with the options of that run. With -snapshot, any number of "
		  "machines at once can begin so.",
	  .key = { .kind = KEY_TEXT, .offset = FIELD(loadvm), .accepted = "NAME" } },
	{ .name = "strict", .group = GROUP_RUN,
	  .help = "Report on stderr where the guest relies on a fence of address translation "
		  "(SFENCE.VMA, HFENCE) that it has not executed: each hit of the TLB is compared "
		  "with the page tables. A missing FENCE.I is not detected. This uses the "
		  "interpreter. The same as -d strict.",
	  .apply = apply_strict },

	{ .name = "s", .group = GROUP_DEBUG,
	  .help = "The same as -gdb tcp::1234.",
	  .key = FLAG(gdb_default) },
	{ .name = "S", .group = GROUP_DEBUG,
	  .help = "Do not start the machine before a debugger, or the monitor's cont, continues it.",
	  .key = FLAG(frozen) },
	{ .name = "gdb", .value = "tcp:[HOST]:PORT|unix:PATH|stdio|chardev:ID|none",
	  .group = GROUP_DEBUG,
	  .help = "Let GDB debug the machine: at a TCP port (of 127.0.0.1 unless HOST is given), a "
		  "socket in the file system, or standard input and output. In GDB: target remote "
		  ":1234, or target remote | baya -gdb stdio FILE. Harts are threads; `monitor "
		  "help` lists further commands.",
	  .complete = "tcp::1234|unix:|stdio|chardev:|none", .apply = apply_gdb },

#include "frontends/cli/commands.def"

	{ .name = "d", .value = "ITEM[,ITEM...]", .group = GROUP_LOG,
	  .help = "Log what happens in the machine; -d help lists the items.",
	  .complete = "guest_errors|unimp|int|in_asm|exec|cpu|mmu|nochain|cpu_reset|strict|help",
	  .apply = apply_log },
	{ .name = "dfilter", .value = "RANGE[,RANGE...]", .group = GROUP_LOG,
	  .help = "Log exec, cpu and in_asm of -d for code at these addresses only: FIRST+SIZE, "
		  "LAST-SIZE or FIRST..LAST.",
	  .apply = apply_log_ranges },
	{ .name = "D", .value = "FILE", .group = GROUP_LOG,
	  .help = "Log to FILE, without limit, in place of stderr (a million lines); %d in it is "
		  "the process's number.",
	  .complete = "FILE", .key = TEXT(log_file) },
	{ .name = "h", .alias = "help", .group = GROUP_LOG,
	  .help = "Print this help.",
	  .apply = apply_action },
	{ .name = "version", .group = GROUP_LOG,
	  .help = "Print the version.",
	  .apply = apply_action },

#include "frontends/cli/accepted.def"
};
const unsigned options_count = ARRAY_SIZE(options_table);
