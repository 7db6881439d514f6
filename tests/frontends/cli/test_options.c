/* SPDX-License-Identifier: MIT */
/*
 * Command lines are parsed into a configuration, or refused with one line that says what is wrong.
 */
#include "options_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/cli/table.h"

#include "bus/log.h"

static void test_nothing(void **state)
{
	const struct options *options = parse_well("");

	assert_int_equal(options->action, ACTION_RUN);
	assert_true(options->bundled);
	assert_int_equal(options->board.harts, 1);
	assert_int_equal(options->board.ram_size, 512 * MiB);
	assert_int_equal(options->board.engine, ENGINE_JIT);
	assert_int_equal(options->board.clock, CLOCK_HOST);
	assert_int_equal(options->ports.serial.kind, PORT_STDIO);
	assert_true(options->monitor);
	assert_false(options->monitor_first);
	assert_true(options->escapes);
	assert_int_equal(options->escape_char, 1);
	assert_true(options->max_insns == UINT64_MAX);
}

static void test_debian(void **state)
{
	const struct options *options;

	options = parse_well("-kernel Image -initrd initrd.gz -append console=ttyS0 -m 2G -smp 4 "
			     "-drive file=disk.img,format=raw,if=virtio -nographic -no-reboot");
	assert_false(options->bundled);
	assert_string_equal(options->board.kernel, "Image");
	assert_string_equal(options->board.initrd, "initrd.gz");
	assert_string_equal(options->board.append, "console=ttyS0");
	assert_int_equal(options->board.ram_size, 2 * GiB);
	assert_int_equal(options->board.harts, 4);
	assert_int_equal(options->board.disk_count, 1);
	assert_string_equal(options->board.disks[0].file, "disk.img");
	assert_false(options->board.disks[0].readonly);
	assert_true(options->process.actions.no_reboot);
	options = parse_well("-kernel Image");
	assert_int_equal(options->board.ram_size, 128 * MiB);
}

/* A core's model chooses the virtual clock, unless the user has chosen one, before or after it. */
static void test_clock(void **state)
{
	assert_int_equal(parse_well("a.elf")->board.clock, CLOCK_HOST);
	assert_int_equal(parse_well("--core=cva6 a.elf")->board.clock, CLOCK_VIRTUAL);
	assert_int_equal(parse_well("--compare a.elf")->board.clock, CLOCK_VIRTUAL);
	assert_int_equal(parse_well("--clock=host --core=cva6 a.elf")->board.clock, CLOCK_HOST);
	assert_int_equal(parse_well("--core=cva6 --clock=host a.elf")->board.clock, CLOCK_HOST);
}

static void test_own(void **state)
{
	const struct options *options;

	options = parse_well("--engine=interp --clock virtual -seed=7 --max-insns 0x10 "
			     "--timeout=2.5 --stats --state-hash -d int,unimp -D log.txt a.elf");
	assert_int_equal(options->board.engine, ENGINE_INTERP);
	assert_int_equal(options->board.clock, CLOCK_VIRTUAL);
	assert_int_equal(options->board.seed, 7);
	assert_int_equal(options->max_insns, 16);
	assert_true(options->timeout == 2.5);
	assert_true(options->stats && options->state_hash);
	assert_int_equal(options->board.log_items, LOG_INT | LOG_UNIMP);
	assert_string_equal(options->log_file, "log.txt");
	assert_string_equal(options->board.program, "a.elf");
	assert_true(options->board.semihosting);
	assert_false(options->bundled);
	assert_false(options->perf_map);
	options = parse_well("--jit-dump=code.txt -perfmap --jit-only=mem a.elf");
	assert_string_equal(options->jit_dump, "code.txt");
	assert_int_equal(options->board.jit_only, BOARD_JIT_MEM);
	assert_true(options->perf_map);
}

static void test_consoles(void **state)
{
	static const struct {
		const char *text;
		enum port_kind_number serial, virtcon;
		bool monitor, monitor_first, escapes, signal_keys;
	} cases[] = {
		{ .text = "-nographic", .serial = PORT_STDIO, .monitor = true, .escapes = true },
		{ .text = "-serial mon:stdio", .serial = PORT_STDIO,
		  .monitor = true, .escapes = true },
		{ .text = "-serial stdio", .serial = PORT_STDIO, .signal_keys = true },
		{ .text = "-serial null", .serial = PORT_NULL, .escapes = true },
		{ .text = "-serial none -monitor stdio", .serial = PORT_NULL,
		  .monitor = true, .monitor_first = true, .escapes = true },
		{ .text = "-monitor none", .serial = PORT_STDIO, .escapes = true },
		{ .text = "-monitor stdio", .serial = PORT_STDIO,
		  .monitor = true, .monitor_first = true, .escapes = true },
		{ .text = "-monitor unix:/tmp/m,server,nowait", .serial = PORT_STDIO,
		  .escapes = true },
		{ .text = "-chardev socket,id=m,path=/tmp/m,server=on,wait=off -mon m",
		  .serial = PORT_STDIO, .escapes = true },
		{ .text = "-serial file:out.txt", .serial = PORT_FILE, .escapes = true },
		{ .text = "-device virtio-serial-device -device virtconsole", .serial = PORT_STDIO,
		  .virtcon = PORT_STDIO, .monitor = true, .escapes = true },
		{ .text = "-chardev stdio,id=c,signal=off -device virtio-serial-device "
			  "-device virtconsole,chardev=c",
		  .serial = PORT_NULL, .virtcon = PORT_STDIO },
		{ .text = "-chardev stdio,id=c,mux=on -serial chardev:c "
			  "-mon chardev=c,mode=readline",
		  .serial = PORT_STDIO, .monitor = true, .escapes = true },
		{ .text = "-serial null -device virtconsole -device virtio-serial-device",
		  .serial = PORT_NULL, .virtcon = PORT_STDIO, .monitor = true, .escapes = true },
		{ .text = "-chardev file,id=f,path=a.txt -serial chardev:f", .serial = PORT_FILE,
		  .escapes = true },
	};
	const struct options *options;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("%s\n", cases[i].text);
		options = parse_well(cases[i].text);
		assert_int_equal(options->ports.serial.kind, cases[i].serial);
		assert_int_equal(options->ports.virtio[0].port.kind, cases[i].virtcon);
		assert_int_equal(options->monitor, cases[i].monitor);
		assert_int_equal(options->monitor_first, cases[i].monitor_first);
		assert_int_equal(options->escapes, cases[i].escapes);
		assert_int_equal(options->signal_keys, cases[i].signal_keys);
	}
}

static void test_accepted(void **state)
{
	static const char *const lines[] = {
		"-M virt", "-machine virt,aia=none", "-M aclint=on", "-machine type=virt,accel=tcg",
		"-M virt,aia=aplic-imsic,aia-guests=7", "-M virt,plic=level", "-cpu rv64",
		"-cpu rva22s64", "-cpu max,v=off,h=off,zba=true,Zbb", "-nodefaults -nographic",
		"-accel tcg -vga none -nic none -net none -name test", "-smp 4,sockets=1,cores=4",
		"-smp cpus=2,cores=2,threads=1,sockets=1", "-smp 4,maxcpus=8", "-m size=1.5G",
		"-m 16", "-m 64G", "-bios default", "-semihosting",
		"-semihosting-config enable=on,target=native", "--nographic --smp=2", "-echr 2",
		"-drive file=a,format=raw,media=disk,index=0,discard=unmap,aio=threads",
		"-append x", "-initrd x",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(parse_well(lines[i])->action, ACTION_RUN);
}

static void test_actions(void **state)
{
	static const struct {
		const char *text;
		enum options_action action;
		const char *shows;
	} cases[] = {
		{ "-h", ACTION_HELP, "-kernel FILE" },
		{ "-help", ACTION_HELP, "--engine=interp|threaded|jit" },
		{ "-h", ACTION_HELP, "Ctrl-a b " },
		{ "--help -bogus", ACTION_HELP, "Exit codes" },
		{ "test -h", ACTION_TEST_HELP, "--junit=FILE" },
		{ "-version", ACTION_VERSION, "baya 1.2\n" },
		{ "--version", ACTION_VERSION, "baya 1.2\n" },
		{ "-M help", ACTION_MACHINE_HELP, "virt" },
		{ "-M ?", ACTION_MACHINE_HELP, "virt" },
		{ "-M virt,help", ACTION_MACHINE_HELP, "virt" },
		{ "-cpu ?", ACTION_CPU_HELP, "sstc" },
		{ "-device ?", ACTION_DEVICE_HELP, "virtio-blk-device" },
		{ "-netdev ?", ACTION_DRIVER_HELP, "" },
		{ "-cpu help", ACTION_CPU_HELP, "sstc" },
		{ "-device help", ACTION_DEVICE_HELP, "virtio-blk-device" },
		{ "-device loader,help", ACTION_DRIVER_HELP, "" },
		{ "-d help", ACTION_LOG_HELP, "guest_errors" },
		{ "-L help", ACTION_FOLDERS_HELP, "" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);
		const struct options *options = parse_well(cases[i].text);

		assert_int_equal(options->action, cases[i].action);
		options_print(cases[i].action, "1.2", out);
		fclose(out);
		assert_non_null(strstr(text, cases[i].shows));
		free(text);
	}
}

static void test_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-kernle x", "unknown option -kernle; nearest is -kernel (baya -h lists all)" },
		{ "--engin=x", "unknown option --engin; nearest is --engine (baya -h lists all)" },
		{ "-smb 4", "unknown option -smb; nearest is -smp (baya -h lists all)" },
		{ "--", "unknown option -- (baya -h lists all)" },
		{ "-kernel", "-kernel: needs a value: FILE" },
		{ "--kernel=", "-kernel: is empty; give FILE" },
		{ "--stats=1", "--stats: takes no value" },
		{ "--engine=fast", "--engine: 'fast' is not accepted; accepted: interp|threaded|jit" },
		{ "--seed=x", "--seed: 'x' is not a number (decimal, or hexadecimal after 0x)" },
		{ "--max-insns=0", "--max-insns: '0' is out of range; accepted: 1 to "
				   "18446744073709551614" },
		{ "--timeout=0", "--timeout: '0' is not a time; accepted: seconds above 0, such "
				 "as 30 or 2.5" },
		{ "--timeout=nan", "--timeout: 'nan' is not a time; accepted: seconds above 0, "
				   "such as 30 or 2.5" },
		{ "-smp 0", "-smp: cpus: '0' is out of range; accepted: 1 to 64" },
		{ "-smp 65", "-smp: cpus: '65' is out of range; accepted: 1 to 64" },
		{ "-smp -1", "-smp: cpus: '-1' is not a number (decimal, or hexadecimal after "
			     "0x)" },
		{ "-smp 4,core=1", "-smp: no parameter 'core', nearest is 'cores'; accepted: cpus, "
				  "maxcpus, sockets, dies, clusters, cores, threads" },
		{ "-m 1", "-m: 1 is too small; accepted: 16M to 64G" },
		{ "-m 1T", "-m: 1T is too large; accepted: 16M to 64G" },
		{ "-m 0", "-m: 0 is too small; accepted: 16M to 64G" },
		{ "-m lots", "-m: 'lots' is not a size; write MiB as 512 or 512M, GiB as 2G" },
		{ "-m 99999999999E", "-m: '99999999999E' is not a size; write MiB as 512 or 512M, "
				     "GiB as 2G" },
		{ "-M sifive_u", "-machine: sifive_u: QEMU has it and Baya has not: the "
			       "machine is virt" },
		{ "-M virt,aia=imsic", "-machine: aia: 'imsic' is not accepted; accepted: none|aplic|"
				       "aplic-imsic" },
		{ "-M virt,aia-guests=64", "-machine: aia-guests: '64' is out of range; accepted: 0 to 63" },
		{ "cycles --core=cva6 --max-mean=-1 a.elf", "--max-mean: '-1' is no percentage; "
							    "accepted: 0 and above, such as 0.5" },
		{ "-cpu sifive", "-cpu: no model 'sifive'; accepted: rv64gc, rva20s64, rva22s64, "
				 "rvb23s64, rva23s64, cva6, c906, rocket, u74, max" },
		{ "-cpu rv64,zalasr=on", "-cpu: 'zalasr=on': no hart has it yet" },
		{ "-cpu max,f=off,d=on", "-cpu: 'd=on' needs f, which 'f=off' takes away" },
		{ "-cpu rv64,zbx=on", "-cpu: no extension 'zbx', nearest is 'zba' (-cpu help lists "
				      "all)" },
		{ "-append x -bios f", "-append: needs -kernel" },
		{ "-initrd x -bios f", "-initrd: needs -kernel" },
		{ "a.elf b.elf", "'b.elf': there is already a program, 'a.elf'" },
		{ "a.elf -kernel x", "a.elf: a bare-metal program runs without -kernel, -initrd, "
				     "-append and -bios; a disk goes in by -drive file=FILE" },
		{ "-drive if=virtio", "-drive: 'if=virtio' names no file; add file=FILE" },
		{ "-drive file=x,if=xen", "-drive: if: 'xen' is not accepted; accepted: "
					  "none|virtio|pflash" },
		{ "-drive file=x,format=x", "-drive: format: 'x' is not accepted; "
					    "accepted: raw|qcow2" },
		{ "-virtfs local,mount_tag=t", "-virtfs: 'local,mount_tag=t' names no folder; add "
					       "path=DIR" },
		{ "-virtfs local,path=.,mount_tag=t", "-virtfs: 'local,path=.,mount_tag=t' needs "
						      "security_model=none or "
						      "security_model=mapped-xattr" },
		{ "-virtfs local,path=.,security_model=none",
		  "-virtfs: 'local,path=.,security_model=none' needs mount_tag=TAG, by which the "
		  "guest mounts it" },
		{ "-device virtio-9p-device,fsdev=f,mount_tag=t",
		  "-device virtio-9p-device: fsdev=f: no -fsdev has this id" },
		{ "-drive file=x,if=pflash,unit=2", "-drive: if=pflash has units 0 and 1 only" },
		{ "-drive file=x,if=pflash,unit=0 -drive file=y,if=pflash,unit=0",
		  "-drive: if=pflash has index=0 already, for 'x'; give 'y' another index=, or "
		  "none" },
		{ "-drive file=x,id=a -drive file=y,id=a", "-drive: id=a is given twice" },
		{ "-device ramfb,id=a -device ramfb,id=a", "-device: id=a is given twice" },
		{ "-device virtio-blk-device", "-device virtio-blk-device: needs drive=ID of a "
					       "-drive if=none,id=ID" },
		{ "-device virtio-blk-device,drive=x", "-device: drive=x: no -drive has this id, "
						      "and no -blockdev this node-name" },
		{ "-drive file=x,if=virtio,id=a -device virtio-blk-device,drive=a",
		  "-device: drive=a: this drive is in use already; give it if=none" },
		{ "-drive file=x,if=none,id=a -device virtio-blk-device,drive=a,bus=pcie.0",
		  "-device: no bus 'pcie.0'; accepted: virtio-mmio-bus.0 to virtio-mmio-bus.7" },
		{ "-device virtio-blk-pcie", "-device: no device 'virtio-blk-pcie'; nearest is "
					     "'virtio-blk-pci' (-device help lists all)" },
		{ "-device virtio-rng-pci,addr=20", "-device: addr=20 is not a free slot; "
						    "accepted: 1 to 1f, hexadecimal, with .1 to "
						    ".7 for functions" },
		{ "-device virtio-rng-pci,addr=0", "-device: addr=0 is not a free slot; "
						   "accepted: 1 to 1f, hexadecimal, with .1 to "
						   ".7 for functions" },
		{ "-device virtio-rng-pci,addr=3.8", "-device: addr=3.8 is not a free slot; "
						     "accepted: 1 to 1f, hexadecimal, with .1 to "
						     ".7 for functions" },
		{ "-device virtio-rng-pci,addr=3.1 -device virtio-rng-pci,addr=3",
		  "-device: addr=3.1: a device with addr=3,multifunction=on must come before it" },
		{ "-device virtio-rng-pci,addr=3 -device virtio-rng-pci,addr=0x3.0x1 "
		  "-device virtio-rng-pci,addr=3.1", "-device: addr=3.1 is taken twice" },
		{ "-device virtio-rng-pci,addr=3 -device virtio-serial-pci,addr=03.0",
		  "-device: addr=03.0 is taken twice" },
		{ "-device virtio-rng-pci,bus=virtio-mmio-bus.0", "-device: no bus "
		  "'virtio-mmio-bus.0'; accepted: pcie.0 and the id of a pcie-root-port before it" },
		{ "-device pcie-root-port,id=p -device virtio-rng-pci,bus=p -device "
		  "virtio-serial-pci,bus=p", "-device: bus=p is taken twice" },
		{ "-device pcie-root-port,id=p -device virtio-rng-pci,bus=p,addr=1",
		  "-device: addr=1: behind a pcie-root-port there is only slot 0" },
		{ "-device pcie-root-port,id=p -device pcie-root-port,id=q",
		  "-device pcie-root-port: chassis=0,slot=0 is given twice" },
		{ "-device virtio-rng-device,rng=r", "-device virtio-rng-device: rng=r: no "
						     "-object has this id" },
		{ "-device virtconsole", "-device virtconsole: needs -device virtio-serial-device "
					 "as well" },
		{ "-object rng-egd,id=x", "-object: qom-type: 'rng-egd' is not accepted; "
					  "accepted: " OBJECT_TYPES },
		{ "-object rng-builtin", "-object: 'rng-builtin' needs id=ID" },
		{ "-object qom-type=filter-dump,id=d", "-object filter-dump: needs netdev=ID and "
						       "file=FILE" },
		{ "-serial null -serial pty",
		  "-serial: 'null' has the machine's only serial port; leave it or 'pty' out, or "
		  "make the latter a -chardev of a virtconsole" },
		{ "-serial stdio -monitor stdio", "-serial, -monitor: stdio can be used twice "
						  "only as mon:stdio or as a chardev with "
						  "mux=on" },
		{ "-serial chardev:x", "chardev 'x': no -chardev has this id" },
		{ "-chardev file,id=x", "-chardev: 'file,id=x': path=FILE belongs to file, pipe and "
					"socket, and file and pipe need it" },
		{ "-monitor file:x", "-monitor: it can only use the terminal, a socket or a "
				     "chardev with mux=on; accepted: stdio, none, tcp:, "
				     "telnet:, unix:" },
		{ "-display frob", "-display: type: 'frob' is not accepted; accepted: none|sdl|vnc" },
		{ "-d int,bogus", "-d: no item 'bogus' (-d help lists all)" },
		{ "--tap", "--tap: can be used only with baya test (baya -h lists the options "
			   "for this)" },
		{ "test -bios default x",
		  "-bios: baya test runs programs in M-mode, without firmware; a kernel runs with "
		  "baya -bios default -kernel FILE" },
		{ "test", "baya test: needs files or folders with tests (baya test -h)" },
		{ "test --jnuit=x", "unknown option --jnuit; nearest is --junit (baya test -h "
				    "lists all)" },
		{ "test -M virt,dumpdtb=x y", "-machine: dumpdtb= does not go with baya test" },
		{ "test -j0 x", "-j: '0' is out of range; accepted: 1 to 1024" },
		{ "test --engine=fast x", "--engine: 'fast' is not accepted; accepted: "
					  "interp|threaded|jit" },
		{ "--engine=all x", "--engine: 'all' is not accepted; accepted: interp|threaded|jit" },
		{ "test --engine=all --signature=x y", "--signature: goes with one engine, not "
						       "with --engine=all" },
		{ "--signature=x", "--signature: needs a program to be run" },
		{ "-echr 0", "-echr: '0' is out of range; accepted: 1 to 31" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

/* The options that `baya run` sets itself are not blamed. */
static void test_command_errors(void **state)
{
	static const char message[] = "baya run: is about the bundled guest; does not go with "
				      "-kernel, -bios and the like";
	static const struct mistake mistakes[] = {
		{ "run -bios f -- true", message },
		{ "run -kernel f -- true", message },
		{ "run -drive if=pflash,file=f -- true", message },
		{ "run -device loader,file=f -- true", message },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_loader_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-device loader,addr=1", "-device loader: does nothing; add file=FILE, data=VALUE "
					   "or cpu-num=HART" },
		{ "-device loader,data=1,addr=4", "-device loader: data= needs data-len=BYTES" },
		{ "-device loader,data=1,data-len=4", "-device loader: data= needs addr=ADDRESS" },
		{ "-device loader,data=256,data-len=1,addr=4",
		  "-device loader: data=0x100 has more than data-len=1 bytes" },
		{ "-device loader,data-len=9,addr=4", "-device loader: data-len: '9' is out of range; "
						     "accepted: 1 to 8" },
		{ "-device loader,data=1,data-len=4,addr=4,file=x",
		  "-device loader: data= goes with neither file= nor force-raw=" },
		{ "-device loader,cpu-num=1", "-device loader: cpu-num= needs addr=ADDRESS or "
					      "file=FILE" },
		{ "-device loader,file=x,force-raw=on", "-device loader: force-raw=on needs "
							"addr=ADDRESS" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_engine_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "--jit-only=none --engine=interp", "--jit-only: needs --engine=jit" },
		{ "--jit-dump=x --engine=threaded", "--jit-dump: needs --engine=jit" },
		{ "--jit-dump", "--jit-dump: needs a value: FILE" },
		{ "--perf-map --engine=interp", "--perf-map: needs --engine=jit" },
		{ "--jit-only=int x", "--jit-only: 'int' is not accepted; accepted: "
				      "all|none|alu|mem|fp" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_port_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-tcp:h:2,guestfwd=tcp:10.0.2.4:1-tcp:h",
		  "-nic user: guestfwd: 'tcp:10.0.2.4:1-tcp:h' is not accepted; give "
		  "tcp:ADDRESS:PORT-tcp:HOST:PORT|unix:PATH|cmd:COMMAND|chardev:ID" },
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-tcp:a'b:2",
		  "-nic user: guestfwd: 'tcp:10.0.2.4:1-tcp:a'b:2' is not accepted; give "
		  "tcp:ADDRESS:PORT-tcp:HOST:PORT|unix:PATH|cmd:COMMAND|chardev:ID" },
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-unix:a'b",
		  "-nic user: guestfwd: 'tcp:10.0.2.4:1-unix:a'b' is not accepted; give "
		  "tcp:ADDRESS:PORT-tcp:HOST:PORT|unix:PATH|cmd:COMMAND|chardev:ID" },
		{ "-serial frob::1", "-serial: 'frob::1' is not accepted; accepted: stdio, "
				    "file:PATH, pipe:PATH, unix:PATH, tcp:HOST:PORT, "
				    "telnet:HOST:PORT, pty, chardev:ID, null, none, and mon: before "
				    "stdio, pipe:, unix:, tcp:, telnet: and pty" },
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-chardev:c", "chardev 'c': no -chardev has this "
								 "id" },
		{ "-nic user,guestfwd=tcp:10.0.2.4:1-chardev:c -chardev stdio,id=c",
		  "guestfwd=tcp:10.0.2.4:1-chardev:c: it cannot use a chardev that is stdio or "
		  "qemu-vdagent" },
		{ "-serial tcp:", "-serial: 'tcp:' is not accepted; accepted: tcp:[HOST]:PORT, "
				  "unix:PATH, stdio" },
		{ "-chardev socket,id=x,path=a,port=1", "-chardev: a socket needs path=FILE, or "
							"host=HOST and port=PORT, or fd=NUMBER of one "
							"that is open" },
		{ "-chardev socket,id=x,path=a,server=on,reconnect=1",
		  "-chardev: reconnect= is for the side that connects" },
		{ "-chardev pty,id=x -serial chardev:x -device virtserialport,chardev=x "
		  "-device virtio-serial-device",
		  "chardev 'x' is used twice; give it mux=on" },
		{ "-device virtserialport,name=x", "-device virtserialport: needs chardev=ID, of a "
						   "-chardev" },
		{ "-device virtserialport,chardev=x,nr=0 -device virtio-serial-pci",
		  "-device virtserialport: nr=0 is for a virtconsole" },
		{ "-device virtserialport,chardev=x,nr=2 -device virtio-serial-pci,max_ports=2",
		  "-device virtserialport: there is no port 2; the first is 0, and max_ports=2" },
		{ "-device virtconsole,nr=2 -device virtserialport,nr=2,chardev=x "
		  "-device virtio-serial-pci", "-device virtserialport: nr=2 is taken twice" },
		{ "-device virtconsole,bus=a.0 -device virtio-serial-pci,id=b",
		  "-device virtconsole: bus=a.0: it must be ID.0, with the id of a -device "
		  "virtio-serial-device" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_suite(void **state)
{
	const struct options *options = parse_well("test a.elf");

	assert_int_equal(options->verb, VERB_TEST);
	assert_int_equal(options->suite.path_count, 1);
	assert_int_equal(options->suite.jobs, 0);
	assert_int_equal(options->board.clock, CLOCK_VIRTUAL);
	assert_int_equal(options->board.engine, ENGINE_JIT);
	assert_int_equal(options->board.ram_size, 128 * MiB);
	assert_true(options->timeout == 30);
	assert_true(1u << options->signature_shift == 4);
	assert_false(options->suite.every_engine);
	options = parse_well("test --tap a -j3 --junit=x.xml --filter=rv64* b --engine=all -m 64M "
			     "-smp 2 -cpu max --timeout=1.5 --max-insns=9 c");
	assert_int_equal(options->suite.path_count, 3);
	assert_string_equal(options->suite.paths[2], "c");
	assert_string_equal(options->suite.junit, "x.xml");
	assert_string_equal(options->suite.filter, "rv64*");
	assert_int_equal(options->suite.jobs, 3);
	assert_true(options->suite.every_engine && options->suite.tap);
	assert_int_equal(options->board.harts, 2);
	assert_int_equal(options->board.ram_size, 64 * MiB);
	assert_int_equal(options->max_insns, 9);
	/* Only the first word is a verb. */
	options = parse_well("./test");
	assert_int_equal(options->verb, VERB_RUN);
	assert_string_equal(options->board.program, "./test");
}

/* This is one device more than the machine has slots. */
static void test_too_many(void **state)
{
	static const char device[] = " -device virtio-rng-device";
	const struct line *line;
	char text[9 * sizeof(device)] = "";

	for (unsigned n = 0; n < 9; n++)
		strcat(text, device);
	line = parse(text);
	assert_int_not_equal(line->result, 0);
	assert_string_equal(line->error.text,
			    "-device: 9 virtio devices are too many; the machine has 8 slots; "
			    "those on PCIe need none, as virtio-net-pci, or model=virtio-net-pci "
			    "with -nic");
}

/* The empty word and a lone dash are taken for names of programs, and the empty one is refused. */
static void test_odd_words(void **state)
{
	char *words[] = { "baya", "", NULL };
	struct options options;
	struct board_error error;

	assert_int_not_equal(options_parse(&options, 2, words, &error), 0);
	assert_string_equal(error.text, "the name of the program is empty");
	options_free(&options);
}

/* Prints the manual page without its other sections. */
static void print_bare_man(FILE *out)
{
	options_print_man(out, &(struct options_man){ .version = "1.2", .date = "2026-11-29" });
}

/* Every option is in the help and in the manual. */
static void test_table(void **state)
{
	for (unsigned p = 0; p < 2; p++) {
		char *text = NULL, name[64];
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		if (p == 0)
			print_bare_man(out);
		else
			options_print(ACTION_HELP, "1.2", out);
		fclose(out);
		for (unsigned i = 0; i < options_count; i++) {
			const char *from = options_table[i].name;
			char *to = name;

			for (; *from; *to++ = *from++)
				if (*from == '-' && p == 0)
					*to++ = '\\';
			*to = 0;
			if (!strstr(text, name))
				fail_msg("%s is missing in text %u", name, p);
		}
		free(text);
	}
}

/* Makefiles such as xv6's look for '^-gdb' in the help, so options begin lines, as in QEMU's. */
static void test_help_begins_lines(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	options_print(ACTION_HELP, "1.2", out);
	fclose(out);
	assert_non_null(strstr(text, "\n-gdb "));
	free(text);
}

static void test_help_width(void **state)
{
	char *text = NULL, *rest = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	options_print(ACTION_HELP, "1.2", out);
	fclose(out);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		assert_true(strlen(line) <= 80);
	free(text);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_nothing),	   cmocka_unit_test(test_debian),
	cmocka_unit_test(test_clock),
	cmocka_unit_test(test_own),
	cmocka_unit_test(test_consoles),
	cmocka_unit_test(test_accepted),
	cmocka_unit_test(test_actions),	   cmocka_unit_test(test_errors),
	cmocka_unit_test(test_command_errors),
	cmocka_unit_test(test_loader_errors),
	cmocka_unit_test(test_engine_errors),
	cmocka_unit_test(test_port_errors),
	cmocka_unit_test(test_too_many),   cmocka_unit_test(test_odd_words),
	cmocka_unit_test(test_table),	   cmocka_unit_test(test_help_width),
	cmocka_unit_test(test_help_begins_lines),
	cmocka_unit_test(test_suite),
	{ 0 },
};
