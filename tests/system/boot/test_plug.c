/* SPDX-License-Identifier: MIT */
/*
 * Devices are plugged into a machine and removed again, many times: everything that they registered
 * goes with them, the machine's state is what it was, their nodes can be used again, and impossible
 * requests are refused with a message.
 */
#include "devices/board/machine.h"
#include "tests/board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/plug/nodes.h"
#include "devices/board/plug/plug.h"
#include "devices/pci/port.h"

#define ROUNDS 500
#define IMAGE_SIZE (1 * MiB)
/* Slot Control of the root port in slot 1. */
#define SLOT_CONTROL 0x18
#define SLOT_STATUS 0x1a
#define POWER_ON 0x01c0
#define POWER_OFF 0x07c0

struct fixture {
	struct board *board;
	char image[64];
	unsigned gone;
	char last[32];
};

static const struct virtio_blk_properties disk = { .drive = "n0", .queues = 1 };
static const struct pcie_root_port_properties slot_1 = { .slot = 1 };

static void gone(void *ctx, const char *id)
{
	struct fixture *f = ctx;

	f->gone++;
	snprintf(f->last, sizeof(f->last), "%s", id ? id : "none");
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct fixture *f = &fixture;
	const struct board_config config = {
		.harts = 1,
		.ram_size = 64 * MiB,
		.bios = "none",
		.devices = { { .type = "pcie-root-port", .transport = DEVICE_PCI, .id = "rp0",
			       .properties = &slot_1 } },
		.device_count = 1,
		.clock = CLOCK_VIRTUAL,
	};
	int fd;

	*f = (struct fixture){ .image = "/tmp/baya-plug-XXXXXX" };
	fd = mkstemp(f->image);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, IMAGE_SIZE), 0);
	close(fd);
	f->board = make_board(&config);
	board_on_unplugged(f->board, gone, f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	board_free(f->board);
	unlink(f->image);
	return 0;
}

static void set_slot(struct fixture *f, u32 offset, u16 value)
{
	const struct pci_port *port = board_find_port(f->board, "rp0");

	assert_true(bus_store(&f->board->platform.bus,
			      PCIE_ECAM_BASE + (1 << 15) + port->express + offset, 2, value));
}

/* Writes Slot Control; the events that this causes are forgotten. */
static void power(struct fixture *f, u16 value)
{
	set_slot(f, SLOT_CONTROL, value);
	set_slot(f, SLOT_STATUS, 0xffff);
}

static void expect_plugged(struct fixture *f, const struct device_config *config)
{
	struct board_error error = { .text = "" };

	if (board_plug(f->board, config, &error))
		fail_msg("%s", error.text);
}

static void expect_refused(struct fixture *f, const struct device_config *config, const char *why)
{
	struct board_error error;

	assert_int_equal(board_plug(f->board, config, &error), -1);
	assert_string_equal(error.text, why);
}

static void add_node(struct fixture *f, struct board_error *error)
{
	const struct board_disk node = { .node = "n0", .file = f->image,
					 .format = BOARD_FORMAT_RAW };

	assert_int_equal(board_add_node(f->board, &node, error), 0);
}

static void test_again_and_again(void **state)
{
	static const struct device_config kinds[] = {
		{ .type = "virtio-blk", .transport = DEVICE_PCI, .id = "a", .bus = "rp0",
		  .properties = &disk },
		{ .type = "virtio-rng", .transport = DEVICE_PCI, .id = "b", .bus = "rp0" },
	};
	struct fixture *f = *state;
	struct platform *platform = &f->board->platform;
	unsigned parts = platform->state.count, resets = platform->reset_count;
	unsigned events = platform->clock.count;
	size_t sinks = platform->journal.sink_count;
	struct board_error error;
	u64 hash;

	power(f, POWER_OFF);
	hash = state_hash(&platform->state);
	for (unsigned n = 0; n < ROUNDS; n++) {
		const struct device_config *kind = &kinds[n % 2];

		add_node(f, &error);
		power(f, POWER_ON);
		expect_plugged(f, kind);
		assert_true(platform->state.count > parts && platform->reset_count > resets);
		assert_int_equal(board_delete_node(f->board, "n0", &error), n % 2 ? 0 : -1);
		power(f, POWER_OFF);
		assert_int_equal(board_unplug(f->board, kind->id, &error), 0);
		assert_int_equal(f->gone, n + 1);
		assert_string_equal(f->last, kind->id);
		if (n % 2 == 0)
			assert_int_equal(board_delete_node(f->board, "n0", &error), 0);
	}
	set_slot(f, SLOT_STATUS, 0xffff);
	assert_int_equal(platform->state.count, parts);
	assert_int_equal(platform->reset_count, resets);
	assert_int_equal(platform->clock.count, events);
	assert_int_equal(platform->journal.sink_count, sinks);
	assert_int_equal(f->board->device_count, 1);
	assert_int_equal(f->board->node_count, 0);
	assert_int_equal(state_hash(&platform->state), hash);
}

/* The removal is requested, and happens at the reset, with the device's node. */
static void test_reset(void **state)
{
	static const struct device_config blk = { .type = "virtio-blk", .transport = DEVICE_PCI,
						  .id = "a", .bus = "rp0", .properties = &disk };
	struct fixture *f = *state;
	struct board_error error;

	add_node(f, &error);
	expect_plugged(f, &blk);
	assert_int_equal(board_unplug(f->board, "a", &error), 0);
	assert_int_equal(board_unplug(f->board, "a", &error), -EBUSY);
	assert_int_equal(f->gone, 0);
	assert_int_equal(board_delete_node(f->board, "n0", &error), -1);
	assert_int_equal(board_reset(f->board, &error), 0);
	assert_int_equal(f->gone, 1);
	assert_int_equal(board_unplug(f->board, "a", &error), -ENODEV);
	assert_int_equal(board_delete_node(f->board, "n0", &error), 0);
	/* A device that is still plugged in is freed with the machine. */
	add_node(f, &error);
	expect_plugged(f, &blk);
}

static void test_refusals(void **state)
{
	struct fixture *f = *state;
	struct board_error error;
	struct device_config config = { .type = "virtio-rng", .transport = DEVICE_PCI, .id = "a" };

	expect_refused(f, &config, "Bus 'pcie.0' does not support hotplugging");
	config.bus = "rp9";
	expect_refused(f, &config, "Bus 'rp9' not found");
	config.bus = "rp0";
	config.id = "rp0";
	expect_refused(f, &config, "Duplicate device ID 'rp0'");
	config.id = "1 a";
	expect_refused(f, &config, "Parameter 'id' expects an identifier");
	config.id = NULL;
	config.type = "virtio-net";
	expect_refused(f, &config,
		       "Device 'virtio-net' does not support hotplugging: the host's "
		       "side of it is made at the start");
	config.type = "virtio-blk";
	config.properties = &disk;
	expect_refused(f, &config, "Property 'virtio-blk-device.drive' can't find value 'n0'");
	config.type = "virtio-rng";
	expect_plugged(f, &config);
	expect_refused(f, &config,
		       "PCI: slot 0 function 0 not available for virtio-rng, the bus "
		       "'rp0' has a device");
	config.transport = DEVICE_MMIO;
	expect_refused(f, &config, "Bus 'virtio-mmio-bus.7' does not support hotplugging");
	assert_int_equal(board_unplug(f->board, "rp0", &error), -EBUSY);
	assert_string_equal(error.text, "Bus 'pcie.0' does not support hotplugging");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_again_and_again, setup, teardown),
	cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
	cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
	{ 0 },
};
