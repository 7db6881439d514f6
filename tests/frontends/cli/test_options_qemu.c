/* SPDX-License-Identifier: MIT */
/* QEMU command lines whose meaning depends on several options. */
#include "options_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -global applies to devices before and after it, and a device's own properties override it. */
static void test_global(void **state)
{
	static const struct mistake refusals[] = {
		{ "-global virtio-mmio.force-legacy=maybe", "force-legacy" },
		{ "-global virtio-mmio.speed=1", "no parameter 'speed'" },
		{ "-global virtio-blk-device.num-queue=1", "nearest is 'num-queues'" },
		{ "-global virtio-blk-device.num-queues=x", "-global virtio-blk-device: num-queues" },
		{ "-global virtio-mmio", "not DEVICE.PROPERTY=VALUE" },
		{ "-global virtio-mmio=off", "not DEVICE.PROPERTY=VALUE" },
		{ "-global driver=virtio-mmio,value=off", "not DEVICE.PROPERTY=VALUE" },
		{ "-global", "needs a value" },
	};
	const struct virtio_blk_properties *disk;
	const struct options *options;

	options = parse_well("-drive file=a.img,if=none,id=a -device virtio-blk-device,drive=a "
			     "-drive file=b.img,if=none,id=b "
			     "-device virtio-blk-pci,drive=b,num-queues=3,packed=off "
			     "-device virtio-rng-pci "
			     "-global virtio-mmio.force-legacy=false -global virtio-pci.packed=on "
			     "-global driver=virtio-blk-pci,property=num-queues,value=4 "
			     "-global virtio-blk-device.num-queues=2 "
			     "-global virtio-blk-device.serial=abc -drive file=c.img");
	assert_int_equal(options->board.device_count, 4);
	disk = options->board.devices[0].properties;
	assert_int_equal(disk->queues, 2);
	assert_false(options->board.devices[0].packed);
	disk = options->board.devices[1].properties;
	assert_int_equal(disk->queues, 3);
	assert_false(options->board.devices[1].packed);
	assert_true(options->board.devices[2].packed);
	/* A device on PCI contains the other one. */
	disk = options->board.devices[3].properties;
	assert_int_equal(disk->queues, 4);
	assert_string_equal(disk->serial, "abc");
	options = parse_well("-global virtio-mmio.force-legacy=true");
	assert_int_equal(options->board.mmio, BOARD_MMIO_LEGACY);
	options = parse_well("-global virtio-mmio.force-legacy=off");
	assert_int_equal(options->board.mmio, BOARD_MMIO_MODERN);
	/* This is accepted, as in QEMU. */
	options = parse_well("-global PIIX4_PM.disable_s3=1");
	assert_string_equal(options->warnings, "baya: -global PIIX4_PM.disable_s3: there is "
					       "no such device, nothing has this property\n");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

static void test_process(void **state)
{
	static const struct mistake refusals[] = {
		{ "-uuid 1", "550e8400-" },
		{ "-uuid 550e8400-e29b-41d4-a716-44665544000x", "550e8400-" },
		{ "-uuid 550e8400-e29b-41d4-a716-4466554400000", "550e8400-" },
		{ "-boot order=zq", "'z' is no drive" },
		{ "-boot frob=1", "no parameter 'frob'" },
		{ "-boot splash-time=65536", "out of range; accepted: 0 to 65535" },
		{ "-boot reboot-timeout=65536", "out of range; accepted: 0 to 65535, and -1" },
		{ "-boot reboot-timeout=-2", "'-2' is not a number" },
		{ "-k xx", "no keyboard 'xx'; accepted: ar, bepo, cz, da, de, de-ch, en-gb, " },
		{ "-k common", "no keyboard 'common'" },
		{ "-accel kvm", "tcg; leave it out" },
		{ "-M virt,accel=kvm:xen", "tcg; leave it out" },
		{ "-fw_cfg opt/a", "one of file=FILE and string=TEXT" },
		{ "-fw_cfg opt/a,file=a,string=b", "one of file=FILE and string=TEXT" },
		{ "-fw_cfg file=a", "name=NAME" },
		{ "-icount shift=11", "0 to 10" },
		{ "-icount frob=1", "no parameter 'frob'" },
	};
	static const u8 uuid[] = { 0x55, 0x0e, 0x84, 0x00, 0xe2, 0x9b, 0x41, 0xd4,
				   0xa7, 0x16, 0x44, 0x66, 0x55, 0x44, 0x00, 0x0F };
	const struct options *options;

	options = parse_well(
		"-M virt,usb=on,acpi=off,accel=kvm:tcg,graphics=off -accel kvm "
		"-accel tcg,thread=multi,tb-size=64 -boot order=cdn,menu=on,strict=off "
		"-boot c -k de -msg timestamp=on,guest-name=off -overcommit mem-lock=on,cpu-pm=on -usb "
		"-name box,process=vm1,debug-threads=on -L /usr/share/qemu "
		"-uuid 550e8400-e29b-41d4-A716-44665544000F -icount shift=auto,sleep=off "
		"-fw_cfg name=opt/a,string=hello -fw_cfg opt/b,file=b.txt");
	assert_memory_equal(options->board.uuid, uuid, sizeof(uuid));
	assert_string_equal(options->name, "box");
	assert_string_equal(options->process.process_name, "vm1");
	assert_true(options->process.lock_memory);
	assert_int_equal(options->board.clock, CLOCK_VIRTUAL);
	assert_int_equal(options->board.shift, 0);
	assert_int_equal(options->board.fw_file_count, 2);
	assert_string_equal(options->board.fw_files[0].text, "hello");
	assert_string_equal(options->board.fw_files[1].file, "b.txt");
	assert_string_equal(options->warnings, "baya: -msg: messages have neither time nor name: "
					       "timestamp=on,guest-name=off has no effect\n");
	options = parse_well("-icount 10 -msg timestamp=off");
	assert_int_equal(options->board.shift, 10);
	assert_null(options->warnings);
	options = parse_well("-icount shift=3,sleep=on,align=on");
	assert_string_equal(options->warnings,
			    "baya: -icount: sleep=on: the time for which the guest sleeps is "
			    "skipped, as with sleep=off; --clock=host is the host's time\n"
			    "baya: -icount: align=on: the guest is not slowed down to the host's "
			    "time; --clock=host is that time\n");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* Options add to earlier ones, as in QEMU. */
static void test_boot(void **state)
{
	const struct board_boot *boot = &parse_well("-boot c")->board.boot;

	assert_false(boot->menu || boot->strict || boot->menu_wait.given || boot->fail_wait.given);
	boot = &parse_well("-boot menu=on,splash-time=5000 -boot d,strict=on,reboot-timeout=0")
			->board.boot;
	assert_true(boot->menu && boot->strict && boot->menu_wait.given && boot->fail_wait.given);
	assert_int_equal(boot->menu_wait.ms, 5000);
	assert_int_equal(boot->fail_wait.ms, 0);
	boot = &parse_well("-boot menu=on,reboot-timeout=9 -boot menu=off,reboot-timeout=-1")
			->board.boot;
	assert_false(boot->menu || boot->fail_wait.given);
}

static void test_replay(void **state)
{
	static const struct mistake refusals[] = {
		{ "-icount rr=record", "need rrfile=FILE" }, { "-icount rrfile=a", "need rrfile=FILE" },
		{ "-icount shift=1,rr=frob,rrfile=a", "none|record|replay" },
		{ "-icount 1,rr=replay,rrfile=a -drive file=d,format=raw", "'d' could change" },
		{ "-icount 1,rr=record,rrfile=a -drive if=pflash,file=f", "'f' could change" },
		{ "-icount 1,rr=record,rrfile=a --compare", "does not go with --compare" },
		{ "-icount 1,rr=record,rrfile=a --clock=host", "does not go with --clock=host" },
		{ "-icount 1,rr=record,rrfile=a -M virt,memory-backend=m -object "
		  "memory-backend-file,id=m,size=128M,mem-path=f,share=on", "share=off" },
		{ "-icount 1,rr=record,rrfile=a -blockdev driver=file,node-name=n,filename=d -device "
		  "virtio-blk-device,drive=n", "'d' could change" },
	};
	const struct options *options;

	options = parse_well("-icount 1,rr=replay,rrfile=a -drive file=d,format=raw -snapshot "
			     "-drive if=pflash,file=f,format=raw,readonly=on");
	assert_int_equal(options->replay.mode, REPLAY_PLAY);
	assert_string_equal(options->replay.file, "a");
	assert_true(options->net.absent);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* Cores that are compared run on the same disks. */
static void test_cycles_disks(void **state)
{
	static const struct mistake refusals[] = {
		{ "cycles --core=cva6,simple -bios none -drive if=pflash,file=f,format=raw",
		  "'f' could change, and the next run would find it changed; add -snapshot" },
		{ "cycles --core=cva6,memory.latency=9,simple a.elf "
		  "-drive file=d,format=raw,if=virtio",
		  "'d' could change" },
		{ "cycles --core=cva6 --against=t /tmp -drive file=d,format=raw,if=virtio",
		  "'d' could change" },
	};

	check_errors_have(refusals, ARRAY_SIZE(refusals));
	parse_well("cycles --core=cva6,memory.latency=9 a.elf -drive file=d,format=raw,if=virtio");
	parse_well("cycles --core=cva6,simple a.elf -drive file=d,format=raw,if=virtio -snapshot");
	parse_well("cycles --core=cva6,simple -bios none "
		   "-drive if=pflash,file=f,format=raw,readonly=on");
}

/* Lists can be JSON, as libvirt passes them; some words have no effect here. */
static void test_json(void **state)
{
	static const struct mistake refusals[] = {
		{ "-device {\"id\":\"a\"}", "'driver' is missing" },
		{ "-device {\"driver\":\"virtio-rng-pci\",\"addr\":null}", "'addr' is no key" },
		{ "-device {\"driver\":1}", "'driver' is missing, or is no text" },
		{ "-object {", "JSON parse error" },
		{ "-device {\"driver\":\"virtio-rng-pci\",\"addr=3,id\":1}", "'addr=3,id' is no" },
		{ "-device {\"driver\":\"virtio-rng-pci\",\"\":1}", "'' is no" },
		{ "-m slots=2", "needs a size" },
		{ "-device {\"driver\":\"virtio-rng-pci\",\"frob\":1}", "no parameter 'frob'" },
	};
	const struct virtio_blk_properties *disk;
	const struct options *options;

	options = parse_well(
		"-object {\"qom-type\":\"iothread\",\"id\":\"t\"} "
		"-drive file=a,,b.img,if=none,id=a,cache.direct=on,file.locking=auto "
		"-device {\"driver\":\"virtio-blk-pci\",\"drive\":\"a\",\"num-queues\":3,"
		"\"packed\":true,\"iothread\":\"t\",\"bootindex\":1,\"write-cache\":\"on\"} "
		"-netdev {\"type\":\"stream\",\"id\":\"n\",\"server\":true,"
		"\"addr\":{\"type\":\"unix\",\"path\":\"a,b\"}} "
		"-device virtio-rng-pci,max-bytes=1024,period=1000,vectors=0 "
		"-parallel none -serial pty -serial null");
	assert_int_equal(options->board.device_count, 2);
	disk = options->board.devices[0].properties;
	assert_int_equal(disk->queues, 3);
	assert_true(options->board.devices[0].packed);
	assert_int_equal(options->net.netdev_count, 1);
	assert_int_equal(options->ports.serial.kind, PORT_PTY);
	assert_string_equal(options->warnings, "baya: -netdev id=n: no card has this network; "
					       "-device virtio-net-pci,netdev=n adds one\n");
	options = parse_well("-netdev user,id=n -netdev hubport,id=h,hubid=0,netdev=n "
			     "-device virtio-net-pci,netdev=h -nic user -net nic -net user");
	assert_null(options->warnings);
	options = parse_well("-m 64M,slots=2,maxmem=1G");
	assert_int_equal(options->board.ram_size, 64 * MiB);
	assert_non_null(strstr(options->warnings, "slots= and maxmem= have no effect"));
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* Words that libvirt passes and that no other test has. */
static void test_libvirt(void **state)
{
	static const struct mistake refusals[] = {
		{ "-watchdog-action bite", "accepted: reset|shutdown|poweroff|inject-nmi" },
		{ "-watchdog i6300esb", "there is no watchdog" },
	};
	const struct options *options;

	options = parse_well(
		"-object {\"qom-type\":\"secret\",\"id\":\"k\",\"format\":\"raw\",\"file\":\"a\"} "
		"-sandbox off -chardev socket,id=c,path=a,server=on,wait=off "
		"-mon chardev=c,id=monitor,mode=control -watchdog-action reset "
		"-device {\"driver\":\"pcie-root-port\",\"port\":8,\"chassis\":1,\"id\":\"p\","
		"\"bus\":\"pcie.0\",\"multifunction\":true,\"addr\":\"0x1\"}");
	assert_int_equal(options->qmp_count, 1);
	assert_int_equal(options->board.device_count, 1);
	assert_string_equal(options->warnings,
			    "baya: -watchdog-action: there is no watchdog: reset has no effect\n");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* With -nodefaults only consoles that were requested are on the terminal. */
static void test_nodefaults(void **state)
{
	const struct options *options;

	options = parse_well("-nodefaults -nographic -device virtio-serial-device "
			     "-device virtconsole");
	assert_int_equal(options->ports.serial.kind, PORT_NULL);
	assert_int_equal(options->ports.virtio[0].port.kind, PORT_NULL);
	assert_false(options->monitor);
	options = parse_well("-nodefaults -serial stdio");
	assert_int_equal(options->ports.serial.kind, PORT_STDIO);
	assert_false(options->monitor);
	options = parse_well("-serial mon:stdio -nodefaults");
	assert_int_equal(options->ports.serial.kind, PORT_STDIO);
	assert_true(options->monitor);
	options = parse_well("-monitor stdio -nodefaults");
	assert_int_equal(options->ports.serial.kind, PORT_NULL);
	assert_true(options->monitor);
	options = parse_well("-nodefaults -chardev stdio,id=c -mon c");
	assert_int_equal(options->ports.serial.kind, PORT_NULL);
	assert_true(options->monitor);
}

/* Kernel, initrd, firmware and so on can be properties of the machine. */
static void test_machine_boots(void **state)
{
	const struct board_config *board;

	board = &parse_well("-M virt,firmware=none,kernel=a,,b,initrd=c,dtb=d -initrd e "
			    "-append x=1,y -M virt")
			 ->board;
	assert_string_equal(board->bios, "none");
	assert_string_equal(board->kernel, "a,b");
	assert_string_equal(board->initrd, "e");
	assert_string_equal(board->append, "x=1,y");
	assert_string_equal(board->dtb, "d");
	check_error_has(parse("-M virt,kernel="), "-machine: kernel: is empty");
}

static void test_daemon(void **state)
{
	static const struct mistake refusals[] = {
		{ "-daemonize -serial stdio", "leaves the terminal" },
		{ "-daemonize -monitor stdio", "leaves the terminal" },
		{ "-daemonize -gdb stdio", "leaves the terminal" },
		{ "-daemonize -qmp stdio", "leaves the terminal" },
		{ "-action panic=frob", "none|pause|shutdown|exit-failure" },
		{ "-action frob=pause", "no parameter 'frob'" },
	};
	const struct options *options;

	options = parse_well("-daemonize -pidfile a.pid -no-shutdown "
			     "-action reboot=shutdown,panic=pause,watchdog=none");
	assert_true(options->process.daemonize && options->process.actions.no_reboot);
	assert_string_equal(options->process.pid_file, "a.pid");
	assert_int_equal(options->process.actions.shutdown, SHUTDOWN_PAUSE);
	assert_int_equal(options->process.actions.panic, PANIC_PAUSE);
	assert_int_equal(options->ports.serial.kind, PORT_NULL);
	options = parse_well("-no-reboot -action shutdown=poweroff");
	assert_true(options->process.actions.no_reboot);
	assert_int_equal(options->process.actions.panic, PANIC_UNSAID);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* Cards and networks of -net are on the same hub, in whatever order they are given. */
static void test_net(void **state)
{
	static const struct mistake refusals[] = {
		{ "-net frob", "accepted: user" },
		{ "-net nic,model=e1000", "virtio-net-device" },
		{ "-net nic,macadr=1", "nearest is 'macaddr'" },
		{ "-net user,hostfw=x", "nearest is 'hostfwd'" },
	};
	const struct net_options *net;
	const struct options *options;

	options = parse_well("-net nic,macaddr=52:54:00:01:02:03,model=virtio "
			     "-net user,hostfwd=tcp::2222-:22");
	net = &options->net;
	assert_int_equal(net->netdev_count, 3);
	assert_int_equal(options->board.device_count, 1);
	assert_int_equal(options->board.devices[0].transport, DEVICE_PCI);
	for (unsigned n = 0; n < 3; n++) {
		const struct net_hubport *port = net->netdevs[n].settings;

		assert_int_equal(net->netdevs[n].kind, n == 1 ? NETDEV_USER : NETDEV_HUBPORT);
		assert_true(n == 1 || (port->hub == 0 && !port->netdev == !n));
	}
	assert_int_equal(parse_well("-net none")->net.netdev_count, 0);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* The error for an option that QEMU has is not the one for a misspelled option. */
static void test_missing(void **state)
{
	static const struct mistake refusals[] = {
		{ "-device e1000,netdev=n", "QEMU has it and Baya has not: a network card is "
					    "virtio-net-pci" },
		{ "-device usb-kbd", "virtio-keyboard-pci" },
		{ "-device nvme,drive=d", "virtio-blk-pci" },
		{ "-device VGA", "virtio-gpu-pci" },
		{ "-device i6300esb", "there is no watchdog; --timeout=" },
		{ "-device sifive_gpio", "virt has no GPIO, I2C, SPI or CAN; a program" },
		{ "-device kvaser_pci", "by virtserialport" },
		{ "-netdev socket,id=n,listen=:1", "QEMU has socket and Baya has not: stream" },
		{ "-dfilter 0x80000000+0x1000,0x80+", "'0x80+' is no range: FIRST+SIZE" },
		{ "-rtc base=utc run", "a command comes first, before its options: baya run" },
		{ "-smbios type=0", "QEMU has it and Baya has not: the device tree" },
		{ "-smbios type=11,value=io.systemd.credential:a=b",
		  "is -fw_cfg name=opt/io.systemd.credentials/NAME,string=VALUE" },
		{ "--enable-kvm", "leave it out" },
		{ "-device virtio-blk-pcie", "nearest is 'virtio-blk-pci'" },
		{ "frob", "no such command; commands: run, get, test" },
		{ "explain frob", "'frob': there is no such file" },
		{ "cycles --core=u74 a.elf --html=-", "--html=page.html" },
		{ "-d int,pages,exec", "-d: no item 'pages' (-d help lists all)" },
	};
	const struct options *options;

	check_errors_have(refusals, ARRAY_SIZE(refusals));
	options = parse_well(
		"-device virtio-rng -drive if=none,id=d,file=a -device virtio-blk,drive=d");
	assert_int_equal(options->board.devices[0].transport, DEVICE_PCI);
	assert_string_equal(options->board.devices[1].type, "virtio-blk");
	/* The file does not exist yet. */
	parse_well("frob.elf");
}

/*
 * An option of Spike's, or of qemu-riscv64's, is recognised as such, and the error names what Baya
 * has instead.
 */
static void test_missing_spike(void **state)
{
	static const struct mistake refusals[] = {
		{ "--isa=rv64gcv a.elf", "--isa: Spike has it and Baya has not: -cpu ISA" },
		{ "-p4 a.elf", "-smp N" },
		{ "-g a.elf", "-g: Spike has it and Baya has not: --profile=FILE says where the "
			      "time goes; -s serves GDB" },
		{ "-strace a.elf", "-strace: QEMU has it and Baya has not: -d in_asm,cpu" },
		{ "-l a.elf", "-l: Spike has it and Baya has not: --log=FILE" },
		{ "--log-commits a.elf", "--log=FILE" },
		{ "-H a.elf", "-S waits" },
		{ "a.elf +signature=a.sig", "+signature: Spike has it and Baya has not: --signature" },
		{ "+signature-granularity=4 a.elf", "--signature-granularity=N" },
		{ "--instructions=9 a.elf", "--max-insns=N" },
		{ "pk a.elf", "baya run --share=. --" },
		{ "--priv=m a.elf", "s=off,u=off" },
		{ "--dm-progsize=2 a.elf", "-gdb" },
		{ "--dmi-rti=1 a.elf", "-gdb" },
		{ "--halted a.elf", "-S waits" },
		{ "--pmpgranularity=4 a.elf", "4 bytes" },
		{ "--pcs=0:0x80000000 a.elf", "cpu-num=N" },
		{ "--dtb-discovery a.elf", "-device adds" },
		{ "--big-endian a.elf", "little-endian" },
	};

	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* For parameters and words of lists that Baya lacks, errors say what to use instead, too. */
static void test_missing_items(void **state)
{
	static const struct mistake refusals[] = {
		{ "-drive file=a,bps=1000", "-drive: bps: QEMU has it and Baya has not: requests" },
		{ "-drive file=a,throttling.iops-total=9", "requests take the time" },
		{ "-drive file=nbd://a/b", "-drive: file=nbd://a/b: QEMU has it and Baya has not" },
		{ "-drive id=a,file=fat:rw:/tmp", "-drive: file=fat:rw:/tmp: QEMU has it" },
		{ "-drive file=a,format=vmdk", "-drive: format=vmdk: QEMU has it and Baya has not" },
		{ "-drive file=a,if=ide", "-drive: if=ide: QEMU has it and Baya has not" },
		{ "-blockdev driver=null-co,node-name=a", "-blockdev: driver=null-co: QEMU has it" },
		{ "-object throttle-group,id=a", "-object: throttle-group: QEMU has it" },
		{ "-cpu host", "-cpu: host: QEMU has it and Baya has not: all" },
		{ "-cpu sifive-u54,v=on", "-cpu: sifive-u54: QEMU has it and Baya has not: u74" },
		{ "-chardev ringbuf,id=a", "-chardev: ringbuf: QEMU has it and Baya has not" },
		{ "-serial udp::4", "tcp:, unix: and pty" },
		{ "-serial /dev/ttyS0", "tcp:, unix: and pty" },
		{ "-vnc :1,to=9", "give a display that is free" },
		{ "-netdev user,id=n,smb=/a", "a shared folder is -virtfs" },
		{ "-net user,smb=/a", "a shared folder is -virtfs" },
		{ "-netdev bridge,id=n", "ip link set NAME master BRIDGE" },
		{ "-netdev bridge,id=n,br=br0", "ip link set NAME master BRIDGE" },
		{ "-nic tap,helper=/a", "ip link set NAME master BRIDGE" },
		{ "-nic tap,fds=3:4", "fd=N is the descriptor" },
		{ "-nic stream,addr.type=inet,addr.host=a,addr.port=1,addr.ipv4=on",
		  "an address instead of a name" },
		{ "-nic stream,addr.type=inet,addr.host=a,addr.port=1,addr.to=9", "or 0" },
		{ "-nic user,id=n -object filter-dump,id=f,netdev=n,file=a,queue=rx",
		  "accepted: all" },
		{ "-device virtio-net-pci-transitional", "leave out -transitional" },
		{ "-device virtio-net-device-non-transitional", "no device" },
		{ "-fsdev local,id=f,path=a,security_model=none,writeout=immediate", "leave it out" },
		{ "-d int,out_asm", "--jit-dump=FILE" },
		{ "-M spike", "the machine is virt" },
		{ "-display gtk", "sdl shows windows" },
		{ "-vga frob", "accepted: none|std|virtio" },
		{ "-drive if=none,id=d,file=a -device virtio-blk-pci,drive=d,logical_block_size=4096",
		  "accepted: 512" },
	};
	const struct options *options;

	options = parse_well(
		"-drive if=none,id=d,file=a,l2-cache-size=1M,lazy-refcounts=on,cache.no-flush=off "
		"-device virtio-blk-pci,drive=d,logical_block_size=512,physical_block_size=512 "
		"-netdev tap,id=n,vhost=on,vnet_hdr=off,queues=2,sndbuf=1M "
		"-object filter-dump,id=f,netdev=n,file=a,queue=all,status=on "
		"-device virtio-net-pci-non-transitional,netdev=n,mrg_rxbuf=on,"
		"rx_queue_size=1024 -device virtio-gpu-pci,edid=on "
		"-fsdev local,id=f,path=/tmp,security_model=none,multidevs=remap "
		"-chardev file,id=c,path=b,append=on -serial chardev:c");
	assert_null(options->warnings);
	assert_true(options->ports.serial.append);
	assert_string_equal(parse_well("-vga std")->warnings,
			    "baya: -vga: the machine has no VGA, as in QEMU; -device "
			    "virtio-gpu-pci is a screen: std has no effect\n");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

static void test_help_of_cores(void **state)
{
	static const char *const lines[][2] = {
		{ "--timing=cva6,help", "cva6" }, { "--core=a.core,memory.latency=60,help",
						    "a.core,memory.latency=60" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(lines); n++) {
		const struct options *options = parse_well(lines[n][0]);

		assert_int_equal(options->action, ACTION_DRIVER_HELP);
		assert_null(options->driver);
		assert_string_equal(options->board.timing, lines[n][1]);
	}
}

static void test_help_words(void **state)
{
	static const char *const lines[][2] = {
		{ "-accel help", "tcg\n" },
		{ "-netdev help", "\nhubport\n  A port of a hub inside this process.\n"
				  "  hubid=N (0 to 2147483647)\n" },
		{ "-chardev help", "\npty\n" },
		{ "-object help", "\nsecret\n" },   { "-display help", "\nsdl\n" },
		{ "--core=help", "\nrocket\n" },      { "--timing=help", "\ncva6\n" },
		{ "-boot help", "order=\n" },	     { "-name help", "windows" },
		{ "-nic help", "user\n" },	     { "-audiodev help", "\nwav\n" },
		{ "-net help", "nic\n" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(lines); n++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		const struct options *options = parse_well(lines[n][0]);

		assert_int_equal(options->action, ACTION_DRIVER_HELP);
		options_print_driver(options->driver, out);
		fclose(out);
		assert_non_null(strstr(text, lines[n][1]));
		free(text);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_global),
	cmocka_unit_test(test_process),
	cmocka_unit_test(test_boot),
	cmocka_unit_test(test_replay),
	cmocka_unit_test(test_cycles_disks),
	cmocka_unit_test(test_json),
	cmocka_unit_test(test_libvirt),
	cmocka_unit_test(test_nodefaults),
	cmocka_unit_test(test_machine_boots),
	cmocka_unit_test(test_daemon),
	cmocka_unit_test(test_net),
	cmocka_unit_test(test_missing),
	cmocka_unit_test(test_missing_spike),
	cmocka_unit_test(test_missing_items),
	cmocka_unit_test(test_help_words),
	cmocka_unit_test(test_help_of_cores),
	{ 0 },
};
