/* SPDX-License-Identifier: MIT */
/* Properties of -device: those that change a device, and those that only describe what Baya does in
 * any case. */
#include "options_line.h"

#define DISK "-drive file=a,if=none,id=d -device virtio-blk-pci,drive=d,"

static const struct virtio_blk_properties *disk_of(const char *text)
{
	const struct board_config *board = &parse_well(text)->board;

	assert_int_equal(board->device_count, 1);
	return board->devices[0].properties;
}

static void test_disk(void **state)
{
	static const struct mistake refusals[] = {
		{ DISK "queue-size=1000", "-device virtio-blk-pci: queue-size: '1000' is no power of "
					  "two; give 128, 256, 512 or 1024" },
		{ DISK "queue-size=2", "-device virtio-blk-pci: queue-size: '2' is out of range; "
				       "accepted: 4 to 1024" },
		{ DISK "discard=maybe", "-device virtio-blk-pci: discard: 'maybe' is not accepted; "
					"accepted: on|off" },
	};
	const struct virtio_blk_properties *disk = disk_of(DISK "id=x");

	assert_int_equal(disk->queue_size, 256);
	assert_true(disk->discard && disk->write_zeroes);
	disk = disk_of(DISK "queue-size=1024,discard=off,write-zeroes=false");
	assert_int_equal(disk->queue_size, 1024);
	assert_false(disk->discard || disk->write_zeroes);
	check_errors_are(refusals, ARRAY_SIZE(refusals));
}

/* Values that describe what Baya does in any case are accepted. Other values of the same properties
 * are refused, because they would have no effect. */
static void test_ignored(void **state)
{
	static const struct mistake refusals[] = {
		{ DISK "scsi=on", "-device virtio-blk-pci: scsi: 'on' is not accepted; accepted: off" },
		{ DISK "event_idx=no", "-device virtio-blk-pci: event_idx: 'no' is not accepted; "
				       "accepted: on" },
		{ DISK "share-rw=on", "-device: share-rw=on: QEMU has it and Baya has not: an image "
				      "that is written has one user; leave it out" },
		{ DISK "opt_io_size=4k", "-device: opt_io_size: QEMU has it and Baya has not: the "
					 "guest is told what suits the host; leave it out, or give "
					 "physical_block_size=512" },
		{ "-device virtio-net-pci,rombar=2", "-device virtio-net-pci: rombar: '2' is out of "
						     "range; accepted: 0 to 1" },
		{ "-device virtio-net-pci,romfile=a.rom", "-device: romfile=a.rom: QEMU has it and "
							  "Baya has not: no device has a ROM; leave "
							  "it out" },
		{ "-device virtio-net-pci,speed=1000", "-device: speed: QEMU has it and Baya has not: a "
						       "virtual card has no speed; leave it out" },
		{ "-device vmcoreinfo", "-device vmcoreinfo: QEMU has it and Baya has not: dumps "
					"have no VMCOREINFO note; leave it out" },
		{ "-global virtio-net-pci.ctrl_vq=off",
		  "-global virtio-net-pci: ctrl_vq: 'off' is not accepted; accepted: on" },
	};

	disk_of(DISK
		"scsi=off,share-rw=off,event_idx=on,indirect_desc=on,iommu_platform=off,"
		"any_layout=true,queue_reset=on,config-wce=off,request-merging=on,ioeventfd=on,"
		"ats=off,aer=off,page-per-vq=off,rombar=0,romfile=,acpi-index=3");
	parse_well("-device virtio-net-pci,status=on,ctrl_vq=on,ctrl_rx=on,ctrl_rx_extra=on,"
		   "ctrl_mac_addr=on,ctrl_vlan=off,ctrl_guest_offloads=off,guest_ecn=off,"
		   "guest_ufo=off,host_ufo=off,guest_rsc_ext=off,rss=off,hash=off,failover=off,"
		   "guest_announce=on,gso=on");
	parse_well("-device virtio-rng-device,indirect_desc=on,event_idx=on,iommu_platform=off "
		   "-device pcie-root-port,id=p,rombar=0 -global virtio-blk-pci.scsi=off "
		   "-device {\"driver\":\"virtio-rng-pci\",\"disable-modern\":false}");
	check_errors_are(refusals, ARRAY_SIZE(refusals));
}

/* Only devices from which firmware boots have a boot index; -1 is none, as in QEMU. */
static void test_boot_index(void **state)
{
	static const struct mistake refusals[] = {
		{ DISK "bootindex=2147483648", "bootindex: '2147483648' is out of range; accepted: 0 "
					       "to 2147483647, and -1" },
		{ DISK "bootindex=-2", "bootindex: '-2' is not a number" },
		{ "-device virtio-rng-pci,bootindex=1", "no parameter 'bootindex'" },
		{ "-device pcie-root-port,bootindex=1", "no parameter 'bootindex'" },
	};
	const struct board_config *board =
		&parse_well(DISK "bootindex=0 -device virtio-net-device,bootindex=2147483647 "
				 "-device virtio-net-pci -device virtio-net-pci,bootindex=-1")
			 ->board;

	assert_int_equal(board->devices[0].boot, 1);
	assert_int_equal(board->devices[1].boot, 1 + (u64)INT32_MAX);
	assert_int_equal(board->devices[2].boot, 0);
	assert_int_equal(board->devices[3].boot, 0);
	check_errors_have(refusals, ARRAY_SIZE(refusals));
}

/* A root port is no virtio device. */
static void test_root_port(void **state)
{
	check_error_has(parse("-device pcie-root-port,packed=on"),
			"-device pcie-root-port: no parameter 'packed'");
	check_error_has(parse("-device pcie-root-port,vectors=1"),
			"-device pcie-root-port: no parameter 'vectors'");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_disk),
	cmocka_unit_test(test_ignored),
	cmocka_unit_test(test_boot_index),
	cmocka_unit_test(test_root_port),
	{ 0 },
};
