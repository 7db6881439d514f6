/* SPDX-License-Identifier: MIT */
/*
 * Lists the devices and options that QEMU or Spike has and Baya lacks, with what to use instead.
 * This is for people who bring a QEMU or Spike command line: the most similar name that Baya has
 * would not help them.
 */
#include "frontends/cli/table.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

struct missing {
	const char *names; /* shell patterns, separated by blanks */
	const char *instead;
};

#define DISK "a disk or CD is virtio-blk-pci with drive=ID"
#define SCREEN "a screen is virtio-gpu-pci, or ramfb"
#define POINTER "a pointer is virtio-tablet-pci or virtio-mouse-pci, a keyboard virtio-keyboard-pci"

/* The first pattern that matches is used. */
static const struct missing devices[] = {
	{ "virtio-*-pci-transitional", "devices are modern ones; leave out -transitional" },
	{ "e1000* rtl8139 ne2k_* pcnet* igb* vmxnet3 tulip i8255* usb-net cadence_gem",
	  "a network card is virtio-net-pci" },
	{ "VGA secondary-vga cirrus-vga bochs-display qxl* ati-vga vmware-svga virtio-vga* "
	  "virtio-gpu-gl* vhost-user-gpu* vhost-user-vga", SCREEN },
	{ "floppy vhost-scsi* nvme* ahci ich9-ahci ide-* scsi-* virtio-scsi-* megasas* lsi* pvscsi "
	  "am53c974 mptsas* sdhci-pci sd-card usb-storage usb-bot usb-uas vhost-user-blk*", DISK },
	{ "usb-kbd usb-mouse usb-tablet usb-wacom-tablet virtio-input-host* virtio-multitouch-*",
	  POINTER },
	{ "intel-hda ich9-intel-hda hda-* AC97 ES1370 sb16 usb-audio",
	  "a sound card is virtio-sound-pci with audiodev=ID" },
	{ "*xhci* *ehci* *uhci* *ohci* usb-*",
	  "there is no USB; " POINTER ", " DISK },
	{ "vhost-user-fs-*", "a shared folder is virtio-fs-pci with -fsdev, or -virtfs" },
	{ "vhost-vsock-* vhost-user-vsock-*",
	  "sockets are virtio-vsock-pci with guest-cid=N and socket=PATH" },
	{ "virtio-iommu-* riscv-iommu-* intel-iommu amd-iommu", "there is no IOMMU; leave it out" },
	{ "vfio-*", "no device of the host can be given to the guest" },
	{ "pci-bridge pcie-pci-bridge ioh3420 xio3130-* x3130-* pxb* i82801b11-bridge",
	  "a slot for a device is pcie-root-port; other devices go on bus=pcie.0" },
	{ "virtio-mem-* virtio-pmem-* pc-dimm nvdimm", "memory is what -m says" },
	{ "virtio-crypto-* tpm-*", "leave it out" },
	{ "pvpanic*", "panics are found on the console (-action panic=); leave it out" },
	{ "*i6300esb ib700 diag288 *wdt*", "there is no watchdog; --timeout=SECONDS ends a run" },
	{ "gpio* *.gpio *_gpio vhost-user-gpio-* i2c* vhost-user-i2c-* spi* ssi-* m25p80 tmp105 ds1338 "
	  "at24c-eeprom pca95* can can-* kvaser_pci ctucan_pci mioe3680_pci pcm3680_pci",
	  "virt has no GPIO, I2C, SPI or CAN; a program of the host takes the place of what is behind "
	  "it by virtserialport on a virtio-serial-pci, or by -serial" },
	{ "isa-* pci-serial* usb-serial",
	  "further ports are virtserialport and virtconsole on a virtio-serial-pci" },
	{ "guest-loader", "-device loader puts files into memory; -dtb describes them" },
	{ "vmcoreinfo", "dumps have no VMCOREINFO note; leave it out" },
	{ "ivshmem* edu pci-testdev vmgenid", "leave it out" },
};

static const struct missing netdevs[] = {
	{ "socket", "stream connects, and with server=on listens; dgram is UDP and multicast" },
	{ "bridge", "tap uses an interface of the host, which root makes a port of a bridge: ip link set "
		    "NAME master BRIDGE" },
	{ "vde l2tpv3 netmap vhost-user vhost-vdpa vmnet-* passt af-xdp",
	  "tap uses an interface of the host, and user needs none" },
};

static const struct missing options[] = {
	{ "enable-kvm", "all instructions are emulated; leave it out" },
	{ "smbios", "the device tree describes the machine; leave it out; a credential of systemd is "
		    "-fw_cfg name=opt/io.systemd.credentials/NAME,string=VALUE" },
	{ "acpitable no-acpi no-hpet", "the device tree describes the machine; leave it out" },
	{ "usbdevice", "there is no USB; a pointer is -device virtio-tablet-pci, a keyboard -device "
	  "virtio-keyboard-pci" },
	{ "spice", "-display sdl and -vnc show screens" },
	{ "qmp-pretty", "-chardev with -mon chardev=ID,mode=control,pretty=on indents the JSON" },
	{ "compat", "leave it out" },
	{ "curses full-screen fullscreen", "-display sdl,full-screen=on or -vnc shows screens" },
	{ "soundhw audio audio-help",
	  "-audiodev sdl,id=a -device virtio-sound-pci,audiodev=a is a sound card" },
	{ "fda fdb sd mtdblock iscsi", "-drive file=FILE is a disk" },
	{ "incoming only-migratable", "there is no migration; savevm and --loadvm keep a machine "
				      "in its disk" },
	{ "watchdog", "there is no watchdog; --timeout=SECONDS ends a run" },
	{ "trace", "-d help lists what can be logged" },
	{ "plugin", "use --coverage, --profile, --log, --stats or --timing" },
	{ "strace", "-d in_asm,cpu with -dfilter shows a program's ECALLs, a7 their number" },
	{ "singlestep one-insn-per-tb", "--engine=interp runs instructions one at a time" },
	{ "tb-size", "leave it out" },
	{ "runas run-with chroot",
	  "the host's tools confine a process; leave it out" },
	{ "mem-path mem-prealloc", "-object memory-backend-file,id=m,size=SIZE,mem-path=PATH -machine "
	  "memory-backend=m puts memory into a file; prealloc=on there takes it at once" },
	{ "tpmdev", "there is no TPM; leave it out" },
	{ "set", "give the parameter with its -device or -drive" },
	{ "option-rom prom-env", "-bios and -device loader put firmware into memory" },
	{ "debugcon", "a further port is -device virtio-serial-pci -device "
	  "virtserialport,chardev=ID" },
	{ "add-fd", "name the file itself" },
	{ "preconfig qtest qtest-log", "leave it out" },
	{ "show-cursor alt-grab ctrl-grab no-quit no-frame rotate portrait", "leave it out" },
	{ "writeconfig", "a file for -readconfig is written by hand" },
};

/* These are Spike's options, without dashes; docs/spike.md has the same in a table. */
static const struct missing spike_options[] = {
	{ "isa", "-cpu ISA takes the same string, as -cpu rv64gcv_zba" },
	{ "priv", "-cpu max,s=off,u=off has M-mode alone, -cpu max,s=off has M and U" },
	{ "varch", "-cpu max,vlen=256 says how long a vector register is" },
	{ "misaligned", "misaligned accesses are done; -cpu max,misaligned=off has them trap" },
	{ "pmpregions", "there are 16 regions; -cpu max,pmp=off has none" },
	{ "pmpgranularity", "a PMP region has at least 4 bytes; leave it out" },
	{ "triggers", "there are 4 triggers; -cpu max,sdtrig=off has none" },
	{ "blocksz", "a cache block has 64 bytes; leave it out" },
	{ "p[0-9]*", "-smp N is the number of harts" },
	{ "hartids", "-smp N has the harts 0 to N - 1" },
	{ "l log-commits", "--log=FILE writes each instruction with what it changed" },
	{ "H halted", "-S waits for the monitor or GDB before the first instruction" },
	{ "g", "--profile=FILE says where the time goes; -s serves GDB" },
	{ "ic dc l2 log-cache-miss", "baya cycles --core=CORE lists the accesses and misses of a core's caches" },
	{ "instructions steps", "--max-insns=N ends the run after N instructions" },
	{ "pc", "-device loader,addr=ADDRESS,cpu-num=0 has hart 0 begin there" },
	{ "pcs", "-device loader,addr=ADDRESS,cpu-num=N has hart N begin there" },
	{ "big-endian", "memory is little-endian" },
	{ "rbb-port", "-gdb tcp::PORT serves GDB itself, without OpenOCD" },
	{ "dm-* dmi-* debug-*", "-s and -gdb serve GDB without a debug module; leave it out" },
	{ "disable-dtb", "a program finds the device tree in a1 and need not use it; leave it out" },
	{ "dtb-discovery", "-device adds devices, and the device tree describes them; leave it out" },
	{ "dump-dts", "-M virt,dumpdtb=FILE writes the device tree, which dtc -I dtb FILE prints" },
	{ "bootargs", "-append is the kernel's command line" },
	{ "real-time-clint", "--clock=host is the default; --clock=virtual follows the instructions" },
	{ "extension extlib", "no extension of another program can be loaded" },
	{ "+signature +signature-granularity", "--signature=FILE and --signature-granularity=N are "
	  "Baya's" },
	{ "pk", "baya run --share=. -- ./PROGRAM runs a program in Linux" },
};

/* These are items of an option's list: keys, words without a key, or a key with its value. */
static const struct {
	const char *options; /* separated by blanks */
	struct missing item;
} items[] = {
	{ "drive", { "bps* iops* throttling.* group", "requests take the time that the host needs; "
						      "leave it out" } },
	{ "drive", { "file=nbd:* file=nbd+*", "nbd-client makes a block device of it" } },
	{ "drive", { "file=http:* file=https:* file=ftp:* file=ftps:*",
		     "download the file first" } },
	{ "drive", { "file=fat:*", "a shared folder is -virtfs" } },
	{ "drive", { "file=ssh:* file=iscsi:* file=rbd:* file=gluster* file=nfs:*",
		     "give a file or a block device of the host" } },
	{ "drive", { "if=scsi if=ide if=sd if=floppy if=mtd",
		     "if=virtio is a disk, and media=cdrom makes a CD of it" } },
	{ "drive", { "format=vmdk format=vdi format=vhdx format=vpc format=qed format=qcow "
		     "format=dmg format=parallels format=luks",
		     "qemu-img convert -O qcow2 copies it into a file that Baya can use" } },
	{ "blockdev", { "driver=nbd driver=http driver=https driver=ssh driver=iscsi driver=rbd "
			"driver=vvfat driver=nvme driver=luks driver=vmdk driver=vdi driver=vhdx "
			"driver=throttle driver=null-co driver=null-aio driver=copy-on-read "
			"driver=quorum driver=blkdebug",
			"drivers are raw, qcow2, file and host_device" } },
	{ "device", { "cyls heads secs lcyls lheads lsecs",
		      "a disk has no geometry; leave it out" } },
	{ "device", { "min_io_size opt_io_size discard_granularity max-discard-sectors "
		      "max-write-zeroes-sectors", "the guest is told what suits the host; leave it "
						  "out, or give physical_block_size=512" } },
	{ "device", { "share-rw=on share-rw=true", "an image that is written has one user; leave "
						   "it out" } },
	{ "device", { "speed duplex", "a virtual card has no speed; leave it out" } },
	{ "device", { "failover_pair_id", "there is no migration; leave it out" } },
	{ "device", { "tx x-txtimer x-txburst", "frames are sent at once; leave it out" } },
	{ "device", { "notify_on_empty", "event_idx is what drivers use; leave it out" } },
	{ "device", { "romfile=?* romsize", "no device has a ROM; leave it out" } },
	{ "object", { "throttle-group", "requests take the time that the host needs; leave it "
					"out" } },
	{ "cpu", { "host", "all instructions are emulated; max has all of them" } },
	{ "cpu", { "thead-c906", "c906 has its instructions, and --core=c906 its cycles" } },
	{ "cpu", { "sifive-u*", "u74 has their instructions, and --core=u74 cycles" } },
	{ "chardev", { "ringbuf memory udp vc serial parallel spice* dbus braille msmouse",
		       "socket and pty are for other programs, file writes a file" } },
	{ "serial", { "vc vc:* udp:* con: braille msmouse /dev/*",
		      "tcp:, unix: and pty are for other programs, file: writes a file" } },
	{ "display", { "gtk curses egl-headless cocoa dbus spice-app",
		       "sdl shows windows, and -vnc is for viewers" } },
	{ "machine", { "spike sifive_u sifive_e shakti_c microchip-icicle-kit opentitan none "
		       "amd-microblaze-v-generic", "the machine is virt" } },
	{ "vnc", { "to", "give a display that is free" } },
	{ "vnc", { "power-control", "the monitor and QMP control the machine; leave it out" } },
	{ "vnc", { "tls-creds tls-authz sasl sasl-authz acl reverse",
		   "viewers come through ssh or a VPN; password=on asks for a password" } },
	{ "netdev nic net", { "smb smbserver", "a shared folder is -virtfs" } },
	{ "netdev nic net", { "br helper", "root makes the interface a port of a bridge: ip link "
					   "set NAME master BRIDGE; leave it out" } },
	{ "netdev nic net", { "fds vhostfd vhostfds", "fd=N is the descriptor of all queues" } },
	{ "netdev nic net", { "*.ipv4 *.ipv6", "an address instead of a name says which" } },
	{ "netdev nic net", { "*.to", "give a port that is free, or 0" } },
	{ "netdev nic net", { "*.keep-alive *.numeric *.mptcp *.tight", "leave it out" } },
	{ "fsdev virtfs", { "writeout", "the host writes when the guest syncs; leave it out" } },
	{ "d", { "out_asm", "--jit-dump=FILE shows the host's code" } },
	{ "d", { "op op_opt op_ind page fpu plugin trace:*", "-d help lists what can be logged" } },
};

static bool missing_is_named(const char *names, const char *name)
{
	char pattern[64];

	while (*names) {
		size_t size = strcspn(names, " ");

		memcpy(pattern, names, size);
		pattern[size] = 0;
		if (!fnmatch(pattern, name, 0))
			return true;
		names += size;
		names += strspn(names, " ");
	}
	return false;
}

static const char *missing_look_up(const struct missing *list, unsigned count, const char *name)
{
	for (unsigned n = 0; n < count; n++)
		if (missing_is_named(list[n].names, name))
			return list[n].instead;
	return NULL;
}

const char *missing_device(const char *name)
{
	return missing_look_up(devices, ARRAY_SIZE(devices), name);
}

const char *missing_netdev(const char *name)
{
	return missing_look_up(netdevs, ARRAY_SIZE(netdevs), name);
}

const char *missing_option(const char *name)
{
	return missing_look_up(options, ARRAY_SIZE(options), name);
}

const char *missing_spike_option(const char *name)
{
	return missing_look_up(spike_options, ARRAY_SIZE(spike_options), name);
}

int check_missing_items(struct parser *parser, const char *option, const char *list)
{
	for (unsigned n = 0; n < ARRAY_SIZE(items); n++)
		for (const char *rest = list; rest && missing_is_named(items[n].options, option);) {
			char *item = keyval_first(&parser->options->strings, &rest);
			char *equals = strchrnul(item, '='), value = *equals;
			bool named;

			*equals = 0;
			named = missing_is_named(items[n].item.names, item);
			if (!named)
				*equals = value;
			if (named || missing_is_named(items[n].item.names, item))
				return keyval_fail(parser->error,
						   "-%s: %s: QEMU has it and Baya has not: %s",
						   option, item, items[n].item.instead);
		}
	return 0;
}
