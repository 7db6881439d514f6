/* SPDX-License-Identifier: MIT */
/*
 * Firmware finds in fw_cfg what to boot. The paths, formats and defaults are those of QEMU 7.2
 * with the same devices, which EDK2 (OvmfPkg/Library/QemuBootOrderLib) understands.
 */
#include "tests/board.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/plug/plug.h"
#include "devices/boot/fwcfg.h"
#include "devices/memmap.h"
#include "devices/pci/device.h"
#include "devices/pci/port.h"

#define HOST_BRIDGE "/pci@ffffffffffffffff"
#define NO_FILE SIZE_MAX

static char image[2][32];
static const struct virtio_blk_properties disks[] = {
	{ .drive = "d0", .queues = 1 },
	{ .drive = "d1", .queues = 1 },
};
static const struct virtio_net_properties card = { 0 };
static const struct pcie_root_port_properties port = { .slot = 1 };

static int make_images(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		int fd;

		strcpy(image[n], "/tmp/baya-order-XXXXXX");
		fd = mkstemp(image[n]);
		if (fd < 0 || ftruncate(fd, 1 * MiB) < 0 || close(fd) < 0)
			return -1;
	}
	return 0;
}

static int remove_images(void **state)
{
	(void)state;
	return unlink(image[0]) || unlink(image[1]);
}

static struct board_config config_of(const struct device_config *devices, unsigned count)
{
	struct board_config config = {
		.harts = 1,
		.ram_size = 64 * MiB,
		.bios = "none",
		.disks = { { .id = "d0", .file = image[0], .format = BOARD_FORMAT_RAW },
			   { .id = "d1", .file = image[1], .format = BOARD_FORMAT_RAW } },
		.disk_count = 2,
		.device_count = count,
		.clock = CLOCK_VIRTUAL,
	};

	if (count)
		memcpy(config.devices, devices, count * sizeof(*devices));
	return config;
}

static void read_item(struct board *board, u16 key, void *data, size_t size)
{
	struct bus *bus = &board_platform(board)->bus;
	u64 value;

	assert_true(bus_store(bus, FW_CFG_BASE + 8, 2, htobe16(key)));
	for (size_t n = 0; n < size; n++) {
		assert_true(bus_load(bus, FW_CFG_BASE, 1, &value));
		((u8 *)data)[n] = (u8)value;
	}
}

/* Reads the file, and returns its size, or NO_FILE if there is none. */
static size_t read_named(struct board *board, const char *name, char *data, size_t room)
{
	u8 files[4 + FWCFG_FILES_MAX * 64];

	read_item(board, FWCFG_DIRECTORY, files, sizeof(files));
	for (unsigned n = 0; n < files[3]; n++) {
		const u8 *entry = files + 4 + (size_t)n * 64;
		size_t size = (size_t)entry[2] << 8 | entry[3];

		if (strcmp((const char *)entry + 8, name) != 0)
			continue;
		assert_true(size <= room);
		read_item(board, (u16)(entry[4] << 8 | entry[5]), data, size);
		return size;
	}
	return NO_FILE;
}

/* Checks the file `bootorder`; NULL: there is none. */
static void expect_order(struct board *board, const char *want)
{
	char text[1000];
	size_t size = read_named(board, "bootorder", text, sizeof(text));

	assert_int_equal(size, want ? strlen(want) + 1 : NO_FILE);
	if (want)
		assert_string_equal(text, want);
}

static void expect_number(struct board *board, const char *name, size_t want_size, u64 want)
{
	u64 value = 0;

	assert_int_equal(read_named(board, name, (char *)&value, sizeof(value)), want_size);
	assert_int_equal(value, want);
}

static void test_order(void **state)
{
	const struct device_config devices[] = {
		{ .type = "virtio-net", .transport = DEVICE_PCI, .boot = 6, .properties = &card },
		{ .type = "virtio-blk",
		  .transport = DEVICE_PCI,
		  .slot = 0x1f * PCI_FUNCTIONS,
		  .boot = 1,
		  .properties = &disks[0] },
		{ .type = "virtio-net",
		  .transport = DEVICE_PCI,
		  .slot = 0x1f * PCI_FUNCTIONS + 3,
		  .boot = 4,
		  .properties = &card },
		{ .type = "virtio-net", .transport = DEVICE_PCI, .properties = &card },
		{ .type = "virtio-blk",
		  .transport = DEVICE_MMIO,
		  .boot = 3,
		  .properties = &disks[1] },
		{ .type = "virtio-net",
		  .transport = DEVICE_MMIO,
		  .slot = 1,
		  .boot = 1 + (u64)INT32_MAX,
		  .properties = &card },
	};
	struct board_config config = config_of(devices, ARRAY_SIZE(devices));
	struct board *board = make_board(&config);

	(void)state;
	expect_order(board, HOST_BRIDGE "/scsi@1f/disk@0,0\n"
					"/virtio-mmio@0000000010008000/disk@0,0\n" HOST_BRIDGE
					"/ethernet@1f,3/ethernet-phy@0\n" HOST_BRIDGE
					"/ethernet@1/ethernet-phy@0\n"
					"/virtio-mmio@0000000010001000/ethernet-phy@0");
	board_free(board);
}

/* Firmware that finds HALT boots from nothing else. */
static void test_strict(void **state)
{
	struct device_config device = { .type = "virtio-blk",
					.transport = DEVICE_PCI,
					.boot = 1,
					.properties = &disks[0] };
	struct board_config config = config_of(&device, 1);
	struct board *board;

	(void)state;
	config.boot.strict = true;
	board = make_board(&config);
	expect_order(board, HOST_BRIDGE "/scsi@1/disk@0,0\nHALT");
	board_free(board);
	config.devices[0].boot = 0;
	board = make_board(&config);
	expect_order(board, NULL);
	board_free(board);
}

static void test_times(void **state)
{
	struct board_config config = config_of(NULL, 0);
	struct board *board = make_board(&config);
	u16 menu = 0;

	(void)state;
	read_item(board, FWCFG_BOOT_MENU, &menu, sizeof(menu));
	assert_int_equal(menu, 0);
	expect_number(board, "etc/boot-fail-wait", 4, UINT32_MAX);
	expect_number(board, "etc/boot-menu-wait", NO_FILE, 0);
	board_free(board);

	config.boot = (struct board_boot){ .menu = true,
					    .menu_wait = { true, 5000 },
					    .fail_wait = { true, 0 } };
	board = make_board(&config);
	read_item(board, FWCFG_BOOT_MENU, &menu, sizeof(menu));
	assert_int_equal(menu, 1);
	expect_number(board, "etc/boot-fail-wait", 4, 0);
	expect_number(board, "etc/boot-menu-wait", 2, 5000);
	board_free(board);
}

/* Two devices cannot have the same place in the order. */
static void test_twice(void **state)
{
	const struct device_config devices[] = {
		{ .type = "virtio-net", .transport = DEVICE_PCI, .boot = 4, .properties = &card },
		{ .type = "virtio-net", .transport = DEVICE_MMIO, .boot = 4, .properties = &card },
	};
	struct board_config config = config_of(devices, ARRAY_SIZE(devices));
	struct board_error error = { 0 };

	(void)state;
	assert_null(board_create(&config, &error));
	assert_string_equal(error.text, "-device virtio-net: two devices have bootindex=3; give "
					"each its own");
	assert_int_equal(error.exit_code, 2);
}

/* A device that is plugged in is in the order from the next reset on, as in QEMU. */
static void test_plugged(void **state)
{
	const struct device_config ports = { .type = "pcie-root-port",
					     .transport = DEVICE_PCI,
					     .id = "p",
					     .properties = &port };
	const struct device_config disk = { .type = "virtio-blk",
					    .transport = DEVICE_PCI,
					    .id = "x",
					    .bus = "p",
					    .boot = 8,
					    .properties = &disks[0] };
	const char path[] = HOST_BRIDGE "/pci-bridge@1/scsi@0/disk@0,0";
	struct board_config config = config_of(&ports, 1);
	struct board *board = make_board(&config);
	struct board_error error;
	char text[1];

	(void)state;
	assert_int_equal(board_plug(board, &disk, &error), 0);
	expect_order(board, NULL);
	assert_int_equal(board_reset(board, &error), 0);
	expect_order(board, path);
	assert_int_equal(board_unplug(board, "x", &error), 0);
	expect_order(board, path);
	/* The slot is powered off by a reset, and then the device is gone. */
	assert_int_equal(board_reset(board, &error), 0);
	assert_int_equal(read_named(board, "bootorder", text, sizeof(text)), 0);
	board_free(board);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, make_images, remove_images)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_order),   UNIT(test_strict), UNIT(test_times), UNIT(test_twice),
	UNIT(test_plugged), { 0 },
};
