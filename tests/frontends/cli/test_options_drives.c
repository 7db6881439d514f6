/* SPDX-License-Identifier: MIT */
/* -drive, -hda, -cdrom, -pflash: disks and flash banks, and the devices that disks become. */
#include "options_line.h"

#include "devices/memmap.h"

static void test_disks(void **state)
{
	const struct board_config *board;
	const struct virtio_blk_properties *disk;
	const struct options *options;

	options =
		parse_well("-device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0,serial=abc,"
			   "num-queues=2 -drive file=a,,b.img,if=none,format=raw,id=x0,readonly=on "
			   "-drive file=c.img,serial=xyz,cache=none,discard=ignore "
			   "-drive if=pflash,file=code.fd,unit=0,readonly=on "
			   "-drive if=pflash,file=vars.fd,unit=1 "
			   "-device loader,file=d.bin,addr=0x84000000,force-raw=on "
			   "-object rng-random,id=r0,filename=/dev/urandom "
			   "-device virtio-rng-pci,rng=r0,addr=0x1f");
	board = &options->board;
	assert_int_equal(board->disk_count, 2);
	assert_string_equal(board->disks[0].file, "a,b.img");
	disk = board->devices[0].properties;
	assert_string_equal(disk->serial, "abc");
	assert_int_equal(disk->queues, 2);
	assert_int_equal(board->devices[0].slot, 1);
	assert_true(board->disks[0].readonly);
	assert_string_equal(board->disks[1].file, "c.img");
	assert_true(!board->disks[0].keeps_discarded && board->disks[1].keeps_discarded);
	disk = board->devices[2].properties;
	assert_string_equal(disk->serial, "xyz");
	assert_string_equal(disk->drive, board->disks[1].id);
	assert_int_equal(board->devices[2].slot, 0);
	assert_false(board->disks[1].readonly);
	assert_string_equal(board->pflash[0].file, "code.fd");
	assert_string_equal(board->pflash[1].file, "vars.fd");
	assert_true(board->pflash[0].readonly);
	assert_false(board->pflash[1].readonly);
	assert_int_equal(board->load_count, 1);
	assert_string_equal(board->loads[0].file, "d.bin");
	assert_true(board->loads[0].has_addr && board->loads[0].raw);
	assert_int_equal(board->loads[0].addr, 0x84000000);
	assert_int_equal(board->device_count, 3);
	assert_int_equal(board->devices[2].transport, DEVICE_PCI);
	assert_string_equal(board->devices[1].type, "virtio-rng");
	assert_int_equal(board->devices[1].transport, DEVICE_PCI);
	assert_int_equal(board->devices[1].slot, 31 * PCI_FUNCTIONS);
}

/* A drive is a disk by itself, or belongs to the device that names it, as on QEMU's virt
 * machine. */
static void test_named_drive(void **state)
{
	static const struct mistake refusals[] = {
		{ "-drive file=a,if=virtio,id=x -device virtio-blk-device,drive=x",
		  "give it if=none" },
		{ "-drive file=a,id=x -device virtio-blk-device,drive=x "
		  "-device virtio-blk-pci,drive=x", "in use already" },
	};
	const struct board_config *board;
	const struct options *options;

	options = parse_well("-drive file=a.img,format=raw,id=hd0 "
			     "-device virtio-blk-pci,drive=hd0,serial=abc -hdb b,c.img "
			     "-device virtio-rng-device");
	board = &options->board;
	assert_int_equal(board->disk_count, 2);
	assert_int_equal(board->device_count, 3);
	assert_int_equal(board->devices[0].transport, DEVICE_PCI);
	assert_string_equal(
		((const struct virtio_blk_properties *)board->devices[0].properties)->serial,
		"abc");
	assert_string_equal(board->disks[1].file, "b,c.img");
	assert_int_equal(board->devices[1].transport, DEVICE_MMIO);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* Disks of -drive, -hda and -cdrom are on PCI and follow all devices, and a folder of -virtfs has
 * its place among these. */
static void test_order(void **state)
{
	static const struct {
		const char *type, *drive;
		enum device_transport transport;
	} expected[] = {
		{ "virtio-rng", NULL, DEVICE_PCI },      { "virtio-9p", NULL, DEVICE_PCI },
		{ "virtio-net", NULL, DEVICE_PCI },      { "virtio-blk", "x", DEVICE_MMIO },
		{ "virtio-blk", "virtio0", DEVICE_PCI }, { "virtio-blk", "virtio3", DEVICE_PCI },
		{ "virtio-blk", "virtio2", DEVICE_PCI },
	};
	const struct board_config *board;

	board = &parse_well("-drive file=a,if=virtio -device virtio-rng-pci -hdd b "
			    "-virtfs local,path=.,mount_tag=t,security_model=none "
			    "-cdrom c -netdev user,id=n -device virtio-net-pci,netdev=n "
			    "-drive file=d,if=none,id=x -device virtio-blk-device,drive=x")
			 ->board;
	assert_int_equal(board->device_count, ARRAY_SIZE(expected));
	for (unsigned n = 0; n < ARRAY_SIZE(expected); n++) {
		const struct virtio_blk_properties *disk = board->devices[n].properties;

		assert_string_equal(board->devices[n].type, expected[n].type);
		assert_int_equal(board->devices[n].transport, expected[n].transport);
		if (expected[n].drive)
			assert_string_equal(disk->drive, expected[n].drive);
	}
}

/* Drives are numbered separately for each interface, and named after interface and number, as in
 * QEMU. */
static void test_units(void **state)
{
	static const struct mistake refusals[] = {
		{ "-drive file=a,index=0 -drive file=b,index=0",
		  "-drive: if=virtio has index=0 already, for 'a'; give 'b' another index=, or "
		  "none" },
		{ "-drive file=a -hda b", "if=virtio has index=0 already, for 'a'" },
		{ "-hdc a -cdrom b", "if=virtio has index=2 already, for 'a'" },
		{ "-drive if=none,file=a -drive if=none,file=b,unit=0", "if=none has index=0" },
		{ "-drive file=a,index=1,unit=1", "give one of them" },
		{ "-drive if=none,file=a -device virtio-blk-device,drive=none1", "drive=none1" },
	};
	const struct board_config *board;
	const struct options *options;

	board = &parse_well("-hdb b -drive file=a -drive file=c,format=raw "
			    "-drive if=none,file=d -drive if=none,file=e "
			    "-device virtio-blk-device,drive=none1")
			 ->board;
	assert_int_equal(board->disk_count, 5);
	assert_string_equal(board->disks[0].id, "virtio1");
	assert_string_equal(board->disks[1].id, "virtio0");
	assert_string_equal(board->disks[2].id, "virtio2");
	assert_string_equal(board->disks[3].id, "none0");
	assert_string_equal(board->disks[4].id, "none1");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
	options = parse_well("-drive driver=qcow2,file.driver=file,file.filename=a,"
			     "copy-on-read=off -drive file=file:b,copy-on-read=on "
			     "-drive file=c,cache=directsync");
	board = &options->board;
	assert_int_equal(board->disks[0].format, BOARD_FORMAT_QCOW2);
	assert_string_equal(board->disks[0].file, "a");
	assert_string_equal(board->disks[1].file, "b");
	assert_string_equal(options->warnings,
			    "baya: -drive: copy-on-read=on has no effect: what is read is not "
			    "copied from the backing file\n"
			    "baya: -drive: cache=writethrough and cache=directsync are as "
			    "writeback: what the guest flushes is kept\n");
}

static void test_flash(void **state)
{
	static const struct mistake refusals[] = {
		{ "-M virt,pflash0=x", "pflash0=x: no -blockdev" },
		{ "-M virt,pflash1=q -blockdev driver=qcow2,node-name=q,file.driver=file,"
		  "file.filename=a", "a: flash is a raw file; `qemu-img convert -O raw`" },
		{ "-M virt,pflash1=q -blockdev driver=file,node-name=f,filename=a "
		  "-blockdev driver=qcow2,node-name=q,file=f", "a: flash is a raw file" },
		{ "-drive if=pflash,format=qcow2,file=a", "a: flash is a raw file" },
		{ "-M virt,pflash0=x -drive if=none,id=x,file=a -pflash b", "given twice" },
	};
	const struct board_config *board;
	const struct options *options;

	options = parse_well("-machine virt,pflash0=code,pflash1=vars "
			     "-blockdev node-name=code,driver=file,read-only=on,filename=code.fd "
			     "-blockdev node-name=below,driver=file,filename=vars.fd "
			     "-blockdev node-name=vars,driver=raw,file=below "
			     "-drive if=none,id=d,file=d.img -device virtio-blk-device,drive=d");
	board = &options->board;
	assert_string_equal(board->pflash[0].file, "code.fd");
	assert_true(board->pflash[0].readonly);
	assert_string_equal(board->pflash[1].file, "vars.fd");
	assert_false(board->pflash[1].readonly);
	assert_int_equal(board->disk_count, 1);
	assert_string_equal(board->disks[0].file, "d.img");
	assert_false(options->bundled);
	board = &parse_well("-pflash a -pflash b,c")->board;
	assert_string_equal(board->pflash[0].file, "a");
	assert_string_equal(board->pflash[1].file, "b,c");
	assert_int_equal(board->pflash[0].format, BOARD_FORMAT_UNSAID);
	assert_false(board->pflash[0].snapshot);
	board = &parse_well("-pflash a -drive if=pflash,file=b -snapshot")->board;
	assert_true(board->pflash[0].snapshot && board->pflash[1].snapshot);
	board = &parse_well("-pflash a -drive if=none,id=x,file=b,snapshot=on "
			    "-machine virt,pflash1=x")
			 ->board;
	assert_true(board->pflash[1].snapshot);
	assert_false(board->pflash[0].snapshot);
	board = &parse_well("-drive id=x,file=b -machine virt,pflash0=x")->board;
	assert_string_equal(board->pflash[0].file, "b");
	assert_int_equal(board->disk_count, 0);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* A warning says when code in the second bank would be started by QEMU before 8.1, but not here. */
static void test_second_bank(void **state)
{
	const struct options *options;

	options = parse_well("-drive if=pflash,unit=1,file=a");
	assert_true(options->bundled);
	assert_string_equal(
		options->warnings,
		"baya: -drive if=pflash,unit=1: the bundled Linux is started, not code in this "
		"bank; firmware that loads a kernel goes into unit=0\n");
	options = parse_well("-drive if=pflash,unit=1,file=a -bios b");
	assert_false(options->bundled);
	assert_null(options->warnings);
	options = parse_well("-drive if=pflash,unit=1,file=a -kernel Image");
	assert_string_equal(
		options->warnings,
		"baya: -drive if=pflash,unit=1: the -kernel is started, not code in this "
		"bank; firmware that loads a kernel goes into unit=0\n");
	assert_null(parse_well("-pflash a -pflash b -kernel Image")->warnings);
	/* Without firmware the bank is data. */
	options = parse_well("-bios none -kernel firmware.elf -drive if=pflash,unit=1,file=a");
	assert_null(options->warnings);
}

/* The file of rng-random may be any character device; its bytes are not used. */
static void test_entropy(void **state)
{
	static const struct mistake refusals[] = {
		{ "-object rng-random,id=x,filename=/etc/passwd",
		  "-object: filename: '/etc/passwd' is not a character device; for the same bytes "
		  "in each run give --clock=virtual and --seed" },
		{ "-object rng-random,id=x,filename=/nowhere",
		  "-object: filename: '/nowhere' cannot be read: No such file or directory" },
	};
	const struct options *options;

	options = parse_well("-object rng-random,id=a,filename=/dev/hwrng -object rng-random,id=b "
			     "-object rng-builtin,id=c");
	assert_null(options->warnings);
	options = parse_well("-object rng-random,id=r,filename=/dev/zero "
			     "-device virtio-rng-pci,rng=r");
	assert_string_equal(options->warnings,
			    "baya: -object: filename=/dev/zero has no effect: random bytes come "
			    "from the host's kernel, or with --clock=virtual from --seed\n");
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_disks), cmocka_unit_test(test_named_drive),
	cmocka_unit_test(test_order), cmocka_unit_test(test_units),
	cmocka_unit_test(test_flash), cmocka_unit_test(test_second_bank),
	cmocka_unit_test(test_entropy),	 { 0 },
};
