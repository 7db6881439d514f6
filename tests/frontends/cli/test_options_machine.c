/* SPDX-License-Identifier: MIT */
/* Options about those parts of the machine that always exist. */
#include "options_line.h"

static void test_rtc(void **state)
{
	const struct rtc_config *rtc = &parse_well("-rtc base=utc")->board.rtc;

	assert_true(rtc->base == RTC_UTC && !rtc->stands);
	rtc = &parse_well("-rtc base=localtime,clock=vm,driftfix=slew")->board.rtc;
	assert_true(rtc->base == RTC_LOCALTIME && rtc->stands);
	rtc = &parse_well("-rtc clock=vm -rtc base=2001-09-09T01:46:40 --clock=virtual")->board.rtc;
	assert_true(rtc->base == RTC_DATE && rtc->stands);
	assert_int_equal(rtc->date, 1000000000 * CLOCK_HZ);
	rtc = &parse_well("-rtc base=1970-01-02,clock=host")->board.rtc;
	assert_int_equal(rtc->date, 86400 * CLOCK_HZ);
	assert_false(rtc->stands);
}

/* The arguments are kept as a list, which the board joins. */
static void test_semihosting(void **state)
{
	const struct board_config *board =
		&parse_well("-semihosting-config path=data,arg=prog,arg=one")->board;

	assert_true(board->semihosting);
	assert_string_equal(board->semihosting_folder, "data");
	assert_int_equal(board->semihosting_arguments.count, 2);
	assert_string_equal(board->semihosting_arguments.items[0], "prog");
	assert_string_equal(board->semihosting_arguments.items[1], "one");
	board = &parse_well("-semihosting-config path=data,arg=a -semihosting-config arg=b")->board;
	assert_string_equal(board->semihosting_folder, "data");
	assert_int_equal(board->semihosting_arguments.count, 2);
	assert_string_equal(board->semihosting_arguments.items[0], "a");
	assert_string_equal(board->semihosting_arguments.items[1], "b");
}

/* These are the results of QEMU 7.2, whose machine never has more harts than cpus=. */
static void test_smp(void **state)
{
	static const struct {
		const char *text;
		unsigned harts;
	} cases[] = {
		{ "-smp 64", 64 },
		{ "-smp cpus=33", 33 },
		{ "-smp sockets=2,cores=8,threads=4", 64 },
		{ "-smp cores=3", 3 },
		{ "-smp 4,maxcpus=8", 4 },
		{ "-smp 2,sockets=1,cores=2,threads=1,maxcpus=2", 2 },
		{ "-smp 1,cores=4,maxcpus=8", 1 },
		{ "-smp cores=4,maxcpus=8", 8 },
		{ "-smp 4,sockets=2", 4 },
		{ "-smp 8,sockets=2,cores=2", 8 },
		{ "-smp 3,threads=2,maxcpus=512", 3 },
		{ "-smp dies=1,clusters=1,cores=5", 5 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(parse_well(cases[i].text)->board.harts, cases[i].harts);
}

/* The disk exists; the iothread has no effect, and only its name is checked. */
static void test_iothread(void **state)
{
	const struct board_config *board =
		&parse_well("-object iothread,id=t,poll-max-ns=0 -drive file=a,if=none,id=d "
			    "-device virtio-blk-pci,drive=d,iothread=t")
			 ->board;
	const struct virtio_blk_properties *disk = board->devices[0].properties;

	assert_int_equal(board->device_count, 1);
	assert_string_equal(board->devices[0].type, "virtio-blk");
	assert_int_equal(board->devices[0].transport, DEVICE_PCI);
	assert_int_equal(board->disk_count, 1);
	assert_string_equal(board->disks[0].file, "a");
	assert_string_equal(disk->drive, board->disks[0].id);
	assert_string_equal(disk->iothread, "t");
}

static void test_memory(void **state)
{
	const struct options *options;

	options = parse_well(
		"-machine virt,memory-backend=m -m 64M -object memory-backend-file,id=m,"
		"size=64M,mem-path=a,share=on,prealloc=on,merge=off,dump=off,reserve=off");
	assert_string_equal(options->board.ram.file, "a");
	assert_true(options->board.ram.share && options->board.ram.prealloc);
	options = parse_well("-object memory-backend-memfd,id=m,size=96M,seal=on,hugetlb=off "
			     "-object memory-backend-ram,id=n,size=32M -M memory-backend=m");
	assert_int_equal(options->board.ram_size, 96 * MiB);
	assert_null(options->board.ram.file);
	options = parse_well("-m 64M -smp 4 -object memory-backend-file,id=m,size=64M,mem-path=a "
			     "-numa node,nodeid=0,cpus=0-1,cpus=2-3,memdev=m");
	assert_string_equal(options->board.ram.file, "a");
	assert_int_equal(options->board.numa.count, 1);
}

#define TWO_MEMORIES                            \
	"-object memory-backend-ram,id=a,size=1G " \
	"-object memory-backend-memfd,id=b,size=2G,share=on,prealloc=on "

static void test_numa(void **state)
{
	const struct board_numa *numa;
	const struct options *options;

	options = parse_well("-smp 6 -m 3G " TWO_MEMORIES "-numa node,cpus=0-2,cpus=5,memdev=b "
			     "-numa node,nodeid=1,cpus=3-4,memdev=a -numa dist,src=1,dst=0,val=30");
	numa = &options->board.numa;
	assert_int_equal(numa->count, 2);
	assert_int_equal(numa->harts[0], 0x27);
	assert_int_equal(numa->harts[1], 0x18);
	assert_int_equal(numa->memory[0], 2 * GiB);
	assert_int_equal(numa->memory[1], GiB);
	assert_true(options->board.ram.share && options->board.ram.prealloc);
	assert_false(options->board.ram.in_process);
	assert_int_equal(numa->distance[0][0], 10);
	assert_int_equal(numa->distance[0][1], 30);
	assert_int_equal(numa->distance[1][0], 30);
	/* Without cpus=, the nodes get equal shares of the harts, and the last node gets the rest,
	 * as in QEMU. */
	options = parse_well("-smp 5 -numa node,nodeid=1,mem=64M -numa node,nodeid=0,mem=32M");
	numa = &options->board.numa;
	assert_int_equal(numa->harts[0], 3);
	assert_int_equal(numa->harts[1], 0x1c);
	assert_int_equal(numa->memory[0], 32 * MiB);
	assert_int_equal(options->board.ram_size, 96 * MiB);
	assert_true(options->board.ram.in_process);
	assert_false(numa->has_distances);
	options = parse_well("-smp 64 -m 64M -numa node,cpus=0-63");
	assert_int_equal(options->board.numa.harts[0], UINT64_MAX);
	assert_int_equal(options->board.ram_size, 64 * MiB);
}

static void test_numa_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-numa node,mem=64M -numa node,nodeid=0", "-numa node: nodeid=0 is given twice" },
		{ "-numa node,nodeid=1", "-numa node: there is no node 0" },
		{ "-numa node -numa node",
		  "-numa node: each of several nodes needs memdev=ID or mem=SIZE" },
		{ "-m 64M -numa node,mem=32M", "-numa: the memory of all nodes has 33554432 bytes, and "
					       "-m says 67108864; leave -m out, or give it the same" },
		{ "-numa node,mem=33554433",
		  "-numa node: mem: 33554433 bytes are no multiple of 4096" },
		{ "-numa node,mem=40G -numa node,mem=40G", "-numa: the memory of all nodes has "
							   "85899345920 bytes; accepted: up to 68719476736" },
		{ "-numa node,memdev=m,mem=32M",
		  "-numa node: memdev= and mem= both say what the memory is; leave one out" },
		{ "-smp 2 -numa node,cpus=0-2", "-numa node: cpus=0-2: the machine has harts 0 to 1; "
						"-smp gives it more" },
		{ "-smp 4 -numa node,mem=32M,cpus=0-2 -numa node,mem=32M,cpus=2-3",
		  "-numa node: cpus=2-3: node 0 has some of these" },
		{ "-smp 4 -numa node,cpus=0-1", "-numa node: hart 2 is in no node; cpus=2 adds it" },
		{ "-numa node,cpus=1-0", "-numa node: cpus=1-0: give N or N-N" },
		{ "-numa node,cpus=x", "-numa node: cpus=x: give N or N-N" },
		{ "-numa dist,src=0", "-numa dist: needs src=N, dst=N and val=N" },
		{ "-numa node -numa dist,src=0,dst=1,val=20", "-numa dist: there is no node 1" },
		{ "-numa dist,src=1,dst=1,val=20",
		  "-numa dist: the distance of node 1 from itself is 10" },
		{ "-numa node,mem=32M -numa node,mem=32M -numa node,mem=32M "
		  "-numa dist,src=0,dst=1,val=20",
		  "-numa dist: the distance between nodes 0 and 2 is missing" },
		{ "-numa cpu,node-id=0", "-numa: type: 'cpu' is not accepted; accepted: node|dist" },
		{ "-object memory-backend-file,id=m,size=32M,mem-path=a -numa node,memdev=m "
		  "-numa node,mem=32M",
		  "-numa node: memory in a file (memory-backend-file) goes only with a single node; "
		  "use memory-backend-ram" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_memory_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-M memory-backend=m -m 64M -object memory-backend-ram,id=m,size=32M",
		  "-machine: memory-backend=m has 33554432 bytes, and -m says 67108864; leave -m "
		  "out, or give it the same" },
		{ "-object memory-backend-ram,id=m,size=32M "
		  "-object memory-backend-memfd,id=m,size=64M",
		  "-object memory-backend-memfd: id=m is given twice" },
		{ "-M memory-backend=m -object memory-backend-ram,id=n,size=32M",
		  "-machine: memory-backend=m: no -object memory-backend-ram, -file or -memfd has "
		  "this id" },
		{ "-object memory-backend-ram,id=m,size=32M -M memory-backend=m "
		  "-numa node,memdev=m",
		  "-numa: memory of nodes and -machine memory-backend= both say what the memory is; "
		  "leave one out" },
		{ "-numa node,memdev=m", "-numa node: memdev=m: no -object memory-backend-ram, "
					 "-file or -memfd has this id" },
		{ "-object memory-backend-file,id=m,size=32M",
		  "-object memory-backend-file: needs mem-path=PATH" },
		{ "-object memory-backend-ram,id=m",
		  "-object memory-backend-ram: needs id=ID and size=SIZE" },
		{ "-object memory-backend-ram,id=m,size=0x2000001",
		  "-object memory-backend-ram: 33554433 bytes are no multiple of 4096" },
		{ "-object memory-backend-memfd,id=m,size=32M,hugetlb=on",
		  "-object memory-backend-memfd: hugetlb: 'on' is not accepted; accepted: off" },
		{ "--clock=host --compare", "--compare: does not go with --clock=host, under which "
					    "no two runs are the same" },
		{ "--clock=x", "--clock: 'x' is not accepted; accepted: virtual|host" },
		{ "--compare -M memory-backend=m "
		  "-object memory-backend-file,id=m,size=32M,mem-path=a,share=on",
		  "--compare: a second machine cannot have the memory in a shared file; give "
		  "memory-backend-file share=off" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-object iothread,poll-grow=1", "-object iothread: needs id=ID" },
		{ "-object rng-builtin,id=t -drive file=a,if=none,id=d "
		  "-device virtio-blk-pci,drive=d,iothread=t",
		  "-device virtio-blk-pci: iothread=t: no -object iothread has this id" },
		{ "-object iothread,id=t -device virtio-rng-pci,rng=t",
		  "-device virtio-rng-pci: rng=t: no -object has this id" },
		{ "-M virt,acpi=on", "-machine: acpi=on: there is no ACPI; the device tree describes "
				     "the machine; accepted: off|auto" },
		{ "-smp cores=65", "-smp: 65 harts are too many; accepted: 1 to 64" },
		{ "-smp 4,cores=3", "-smp: sockets (1) * cores (3) * threads (1) must be 4, the "
				    "number of harts" },
		{ "-smp 4,sockets=2,cores=2,threads=2", "-smp: sockets (2) * cores (2) * threads "
							"(2) must be 4, the number of harts" },
		{ "-smp 5,sockets=2,maxcpus=9", "-smp: sockets (2) * cores (4) * threads (1) must "
						"be 9, the maxcpus" },
		{ "-smp 1,sockets=7,maxcpus=3", "-smp: sockets (7) * cores (0) * threads (1) must "
						"be 3, the maxcpus" },
		{ "-smp 4,maxcpus=2", "-smp: 4 harts are more than maxcpus=2" },
		{ "-smp 4,maxcpus=513", "-smp: maxcpus: '513' is out of range; accepted: 1 to 512" },
		{ "-smp 4,clusters=2", "-smp: the virt machine has no dies or clusters, as in QEMU; "
				       "use sockets=, cores= and threads=" },
		{ "-rtc base=soon", "-rtc: base='soon' is no date; accepted: utc, localtime, and "
				    "dates such as 2026-07-01T12:00:00 or 2026-07-01" },
		{ "-rtc base=2026-02-30", "-rtc: base='2026-02-30' is no date; accepted: utc, "
					  "localtime, and dates such as 2026-07-01T12:00:00 or "
					  "2026-07-01" },
		{ "-rtc base=2026-02-03T", "-rtc: base='2026-02-03T' is no date; accepted: utc, "
					   "localtime, and dates such as 2026-07-01T12:00:00 or "
					   "2026-07-01" },
		{ "-rtc clock=sun", "-rtc: clock: 'sun' is not accepted; accepted: host|rt|vm" },
		{ "-rtc clock=host --clock=virtual",
		  "-rtc: clock=host does not go with the virtual clock, under which each run is the "
		  "same; leave it out, or give --clock=host" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

/* A further file is added to those given before. */
static void test_symbols(void **state)
{
	const struct mistake mistakes[] = {
		{ "--symbols=offset=1 c.elf", "--symbols: needs a FILE" },
		{ "--symbols=a.elf,offset=x c.elf", "--symbols: offset" },
		{ "--symbols=a.elf,at=1 c.elf", "accepted: file, offset" },
	};
	const struct options *options =
		parse_well("--symbols=a,,1.elf --symbols=b.elf,offset=0x1000 c.elf");

	assert_int_equal(options->board.symbols_count, 2);
	assert_string_equal(options->board.symbols[0].file, "a,1.elf");
	assert_int_equal(options->board.symbols[0].offset, 0);
	assert_string_equal(options->board.symbols[1].file, "b.elf");
	assert_int_equal(options->board.symbols[1].offset, 0x1000);
	check_errors_have(mistakes, ARRAY_SIZE(mistakes));
}

/* However many files are given, there is room for the bundled kernel's. */
static void test_most_symbols(void **state)
{
	char text[1024] = "";
	size_t size = 0;
	const struct options *options;

	for (int n = 0; n < 32; n++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, "--symbols=a.elf ");
	options = parse_well(text);
	assert_true(options->bundled);
	assert_int_equal(options->board.symbols_count, 32);
	assert_true(options->board.symbols_count < ARRAY_SIZE(options->board.symbols));
	snprintf(text + size, sizeof(text) - size, "--symbols=a.elf");
	check_error_has(parse(text), "--symbols: is given more than 32 times");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_rtc),
	cmocka_unit_test(test_semihosting),
	cmocka_unit_test(test_smp),
	cmocka_unit_test(test_symbols),
	cmocka_unit_test(test_most_symbols),
	cmocka_unit_test(test_iothread),
	cmocka_unit_test(test_memory),
	cmocka_unit_test(test_memory_errors),
	cmocka_unit_test(test_numa),
	cmocka_unit_test(test_numa_errors),
	cmocka_unit_test(test_errors),
	{ 0 },
};
