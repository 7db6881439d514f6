/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/virtio/pci.c, the transport over PCI, which is used as section 4.1 of the
 * specification requires, and in ways that violate it. The device is the entropy device.
 */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

#include "devices/virtio/pci.h"
#include "devices/virtio/rng.h"

#define ECAM 0x30000000ull
#define LOW 0x40000000ull
#define MSIX LOW
#define BAR (LOW + 0x10000)
#define SLOT 2u
#define NO_VECTOR 0xffff
#define ENABLE 0x8000u

/* 4.1.4.3 */
enum {
	DEVICE_FEATURE_SELECT = 0, DEVICE_FEATURE = 4, DRIVER_FEATURE_SELECT = 8,
	DRIVER_FEATURE = 12, CONFIG_VECTOR = 16, NUM_QUEUES = 18, STATUS = 20,
	CONFIG_GENERATION = 21, QUEUE_SELECT = 22, QUEUE_SIZE = 24, QUEUE_VECTOR = 26,
	QUEUE_ENABLE = 28, QUEUE_NOTIFY_OFF = 30, QUEUE_DESC = 32, QUEUE_DRIVER = 40,
	QUEUE_DEVICE = 48, QUEUE_NOTIFY_DATA = 56, QUEUE_RESET = 58, COMMON_SIZE = 60,
};

/* The field cfg_type of the capabilities (4.1.4). */
enum { CAP_COMMON = 1, CAP_NOTIFY, CAP_ISR, CAP_DEVICE, CAP_PCI, CAPS };

struct fixture {
	struct guest guest;
	struct pci_host host;
	struct virtio_rng rng;
	struct virtio_pci transport;
	u8 caps[CAPS]; /* offsets */
	u64 parts[CAPS]; /* addresses of the structures */
	bool lines[PCI_LINES];
	unsigned messages;
	u32 data;
};
GUEST_COMES_FIRST(struct fixture);

static void pci_set_line(void *ctx, unsigned num, bool level)
{
	((struct fixture *)ctx)->lines[num] = level;
}

static void message(void *ctx, u64 addr, u32 data)
{
	struct fixture *f = ctx;

	f->messages++;
	f->data = data;
}

static u32 pci_test_get(struct fixture *f, u64 addr, unsigned size)
{
	u64 value;

	assert_true(bus_load(&f->guest.platform.bus, addr, size, &value));
	return (u32)value;
}

static void pci_set(struct fixture *f, u64 addr, unsigned size, u32 value)
{
	assert_true(bus_store(&f->guest.platform.bus, addr, size, value));
}

static u64 config(u32 offset)
{
	return ECAM + (SLOT << 15) + offset;
}

static u32 common(struct fixture *f, u32 offset, unsigned size)
{
	return pci_test_get(f, f->parts[CAP_COMMON] + offset, size);
}

static void set_common(struct fixture *f, u32 offset, unsigned size, u32 value)
{
	pci_set(f, f->parts[CAP_COMMON] + offset, size, value);
}

static void find_capabilities(struct fixture *f)
{
	for (u32 at = pci_test_get(f, config(PCI_CAPABILITIES), 1); at;
	     at = pci_test_get(f, config(at + 1), 1)) {
		u32 type = pci_test_get(f, config(at + 3), 1);

		if (pci_test_get(f, config(at), 1) != 9)
			continue;
		assert_true(type < CAPS && !f->caps[type]);
		f->caps[type] = (u8)at;
		f->parts[type] = BAR + pci_test_get(f, config(at + 8), 4);
	}
}

static void pci_start(struct fixture *f, bool messages)
{
	struct pci_host_config host = {
		.ecam = ECAM,
		.windows = { { 0x3000000, 0x10000 }, { LOW, 0x40000000 },
			     { 0x400000000, 0x400000000 } },
		.message = messages ? message : NULL,
		.message_ctx = f,
	};

	*f = (struct fixture){ 0 };
	guest_init(&f->guest, CLOCK_VIRTUAL);
	for (unsigned n = 0; n < PCI_LINES; n++)
		host.lines[n] = (struct irq){ pci_set_line, f, n };
	assert_int_equal(pci_host_attach(&f->host, &f->guest.platform, &host), 0);
	virtio_rng_init(&f->rng, &f->guest.platform, "rng");
	virtio_pci_init(&f->transport, &f->host, &f->rng.virtio);
	pci_host_plug(&f->host, SLOT * PCI_FUNCTIONS, &f->transport.pci);
	platform_reset(&f->guest.platform);
	pci_set(f, config(PCI_BAR0 + 4), 4, (u32)MSIX);
	pci_set(f, config(PCI_BAR0 + 16), 4, (u32)BAR);
	pci_set(f, config(PCI_COMMAND), 2, (u32)(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
	find_capabilities(f);
}

static int setup(void **state)
{
	static struct fixture fixture;

	*state = &fixture;
	pci_start(&fixture, true);
	return 0;
}

static void restart(struct fixture *f, bool messages)
{
	guest_free(&f->guest);
	pci_start(f, messages);
}

/*
 * Initializes the device as in 3.1.1 and 4.1.5.1. The queue's areas are where guest/guest.c places
 * them.
 */
static void drive(struct fixture *f, struct guest_queue *queue, u64 features)
{
	static const u32 areas[] = { QUEUE_DESC, QUEUE_DRIVER, QUEUE_DEVICE };
	u64 base = GUEST_QUEUE(0);

	set_common(f, STATUS, 1, 0);
	assert_int_equal(common(f, STATUS, 1), 0);
	set_common(f, STATUS, 1, 3);
	for (u32 half = 0; half < 2; half++) {
		set_common(f, DRIVER_FEATURE_SELECT, 4, half);
		set_common(f, DRIVER_FEATURE, 4, (u32)(features >> 32 * half));
		assert_int_equal(common(f, DRIVER_FEATURE, 4), (u32)(features >> 32 * half));
	}
	set_common(f, STATUS, 1, 11);
	assert_int_equal(common(f, STATUS, 1), 11);
	*queue = (struct guest_queue){ &f->guest, 0, 8, base, base + 0x4000, base + 0x8000, 0, 0 };
	memset(guest_ram(&f->guest, base), 0, 0x10000);
	set_common(f, QUEUE_SELECT, 2, 0);
	assert_int_equal(common(f, QUEUE_SIZE, 2), 8);
	for (unsigned n = 0; n < ARRAY_SIZE(areas); n++) {
		set_common(f, areas[n], 4, (u32)(base + n * 0x4000));
		set_common(f, areas[n] + 4, 4, 0);
		assert_int_equal(common(f, areas[n], 4), (u32)(base + n * 0x4000));
	}
	set_common(f, QUEUE_ENABLE, 2, 1);
	assert_int_equal(common(f, QUEUE_ENABLE, 2), 1);
	set_common(f, STATUS, 1, 15);
	ring_desc(queue, 0, GUEST_DATA, 64, FLAGS(F_WRITE, 0));
}

static void kick(struct fixture *f)
{
	u32 multiplier = pci_test_get(f, config(f->caps[CAP_NOTIFY] + 16u), 4);

	pci_set(f, f->parts[CAP_NOTIFY] + common(f, QUEUE_NOTIFY_OFF, 2) * (u64)multiplier, 2, 0);
}

static bool served(struct guest_queue *queue)
{
	u32 id, len;

	return guest_used(queue, &id, &len) && id == 0 && len == 64;
}

static void test_identity(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(pci_test_get(f, config(0), 4), 0x10441af4);
	assert_int_equal(pci_test_get(f, config(PCI_REVISION), 4), 0x00ff0001);
	for (unsigned type = CAP_COMMON; type < CAPS; type++)
		/* the device has no such structure */
		assert_int_equal(!!f->caps[type], type != CAP_DEVICE);
	assert_int_equal(common(f, NUM_QUEUES, 2), 1);
	/* A device whose messages nobody receives has no MSI-X (4.1.2.1). */
	assert_int_equal(f->transport.msix.count, 2);
	restart(f, false);
	assert_int_equal(f->transport.msix.count, 0);
	assert_int_equal(f->transport.pci.bars[1].size, 0);
}

static void test_pin(void **state)
{
	struct fixture *f = *state;
	struct guest_queue queue;

	for (unsigned messages = 0; messages < 2; messages++) {
		restart(f, messages);
		drive(f, &queue, VIRTIO_F_VERSION_1);
		guest_offer(&queue, 0);
		kick(f);
		assert_true(served(&queue));
		assert_true(f->lines[SLOT]);
		assert_int_equal(f->messages, 0);
		/* Reading clears the interrupt status (4.1.4.5). */
		assert_int_equal(pci_test_get(f, f->parts[CAP_ISR], 1), 1);
		assert_false(f->lines[SLOT]);
		assert_int_equal(pci_test_get(f, f->parts[CAP_ISR], 1), 0);
	}
}

static void enable_msix(struct fixture *f)
{
	for (u32 vector = 0; vector < 2; vector++) {
		pci_set(f, MSIX + vector * 16, 4, 0x28000000);
		pci_set(f, MSIX + vector * 16 + 8, 4, 100 + vector);
		pci_set(f, MSIX + vector * 16 + 12, 4, 0);
	}
	pci_set(f, config(f->transport.msix.capability + 2u), 2, ENABLE);
}

static void test_vectors(void **state)
{
	struct fixture *f = *state;
	struct guest_queue queue;

	enable_msix(f);
	drive(f, &queue, VIRTIO_F_VERSION_1);
	assert_int_equal(common(f, QUEUE_VECTOR, 2), NO_VECTOR);
	assert_int_equal(common(f, CONFIG_VECTOR, 2), NO_VECTOR);
	guest_offer(&queue, 0);
	kick(f);
	assert_true(served(&queue));
	assert_int_equal(f->messages, 0);
	for (u32 vector = 0; vector < 0x10000; vector++) {
		set_common(f, QUEUE_VECTOR, 2, vector);
		assert_int_equal(common(f, QUEUE_VECTOR, 2), vector < 2 ? vector : NO_VECTOR);
		set_common(f, CONFIG_VECTOR, 2, vector);
		assert_int_equal(common(f, CONFIG_VECTOR, 2), vector < 2 ? vector : NO_VECTOR);
	}
	set_common(f, QUEUE_VECTOR, 2, 1);
	guest_offer(&queue, 0);
	kick(f);
	assert_int_equal(f->messages, 1);
	assert_int_equal(f->data, 101);
	assert_false(f->lines[SLOT]);
	set_common(f, CONFIG_VECTOR, 2, 0);
	virtio_config_changed(&f->rng.virtio);
	assert_int_equal(f->messages, 2);
	assert_int_equal(f->data, 100);
	assert_int_equal(common(f, CONFIG_GENERATION, 1), 1);
	set_common(f, STATUS, 1, 0);
	assert_int_equal(common(f, QUEUE_VECTOR, 2), NO_VECTOR);
}

/* The device accesses no memory before the guest makes it a bus master, and nothing is lost. */
static void test_bus_master(void **state)
{
	struct fixture *f = *state;
	struct guest_queue queue;

	drive(f, &queue, VIRTIO_F_VERSION_1);
	pci_set(f, config(PCI_COMMAND), 2, (u32)PCI_COMMAND_MEMORY);
	guest_offer(&queue, 0);
	kick(f);
	assert_false(served(&queue));
	pci_set(f, config(PCI_COMMAND), 2, (u32)(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
	assert_true(served(&queue));
	assert_true(f->lines[SLOT]);
}

/* Selects a part of a BAR for access through four bytes of configuration space (4.1.4.9). */
static void window(struct fixture *f, u32 bar, u32 offset, u32 length)
{
	pci_set(f, config(f->caps[CAP_PCI] + 4u), 1, bar);
	pci_set(f, config(f->caps[CAP_PCI] + 8u), 4, offset);
	pci_set(f, config(f->caps[CAP_PCI] + 12u), 4, length);
}

static void test_window(void **state)
{
	struct fixture *f = *state;
	u32 data = f->caps[CAP_PCI] + 16u;

	pci_set(f, config(PCI_COMMAND), 2,
		(u32)PCI_COMMAND_MASTER); /* the BAR need not be mapped for this */
	window(f, 4, STATUS, 1);
	pci_set(f, config(data), 1, 3);
	assert_int_equal(pci_test_get(f, config(data), 1), 3);
	assert_int_equal(f->rng.virtio.status, 3);
	window(f, 4, QUEUE_SIZE, 2);
	assert_int_equal(pci_test_get(f, config(data), 2), 8);
	/* Accesses that the window must refuse. */
	static const u32 bad[][3] = {
		{ 0, STATUS, 1 }, { 5, STATUS, 1 }, { 255, STATUS, 1 }, { 4, 0x4000, 1 },
		{ 4, UINT32_MAX, 1 }, { 4, 0x3fff, 4 }, { 4, 1, 4 }, { 4, 0, 0 }, { 4, 0, 3 },
		{ 4, 0, 8 }, { 4, 0, UINT32_MAX },
	};
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		window(f, bad[i][0], bad[i][1], bad[i][2]);
		pci_set(f, config(data), 4, 0);
		pci_test_get(f, config(data), 4);
		assert_int_equal(f->rng.virtio.status, 3);
	}
	/* The device is notified through its own configuration space. */
	window(f, 4, 0x3000, 4);
	pci_set(f, config(data), 4, 0);
}

static void test_queue_select(void **state)
{
	struct fixture *f = *state;

	for (u32 queue = 1; queue < 0x10000; queue++) {
		set_common(f, QUEUE_SELECT, 2, queue);
		assert_int_equal(common(f, QUEUE_SELECT, 2), queue);
		assert_int_equal(common(f, QUEUE_SIZE, 2), 0);
		assert_int_equal(common(f, QUEUE_VECTOR, 2), NO_VECTOR);
		assert_int_equal(common(f, QUEUE_NOTIFY_OFF, 2), 0);
		set_common(f, QUEUE_SIZE, 2, 8);
		set_common(f, QUEUE_VECTOR, 2, 0);
		set_common(f, QUEUE_DESC, 4, (u32)GUEST_RAM);
		set_common(f, QUEUE_ENABLE, 2, 1);
		set_common(f, QUEUE_RESET, 2, 1);
		assert_int_equal(common(f, QUEUE_ENABLE, 2), 0);
	}
}

static void test_queue_sizes(void **state)
{
	struct fixture *f = *state;
	static const u32 bad[] = { 0, 3, 9, 16, 0x8000, 0xffff };

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		struct guest_queue queue;

		drive(f, &queue, VIRTIO_F_VERSION_1 | VIRTIO_F_RING_RESET);
		set_common(f, QUEUE_RESET, 2, 1);
		assert_int_equal(common(f, QUEUE_ENABLE, 2), 0);
		set_common(f, QUEUE_SIZE, 2, bad[i]);
		set_common(f, QUEUE_ENABLE, 2, 1);
		assert_int_equal(common(f, QUEUE_ENABLE, 2), 0);
		assert_true(common(f, STATUS, 1) & VIRTIO_STATUS_DEVICE_NEEDS_RESET);
	}
}

/* Fields have one width. An access of any other width changes nothing and reads zeros. */
static void test_widths(void **state)
{
	struct fixture *f = *state;

	set_common(f, STATUS, 1, 3);
	set_common(f, STATUS, 2, 0);
	set_common(f, STATUS, 4, 0);
	assert_int_equal(common(f, STATUS, 1), 3);
	assert_int_equal(common(f, STATUS, 4), 0);
	assert_int_equal(common(f, QUEUE_SIZE, 1), 0);
	assert_int_equal(common(f, QUEUE_SIZE + 1, 1), 0);
}

/* Random values are written to every offset of the BAR with every size, many times. */
static void test_noise(void **state)
{
	struct fixture *f = *state;
	u64 seed = 9, value;

	for (u64 offset = 0; offset < 0x4010; offset++)
		for (unsigned size = 1; size <= 8; size *= 2) {
			bus_load(&f->guest.platform.bus, BAR + offset, size, &value);
			bus_store(&f->guest.platform.bus, BAR + offset, size,
				  guest_random(&seed) & 0x10f0f);
		}
	for (unsigned round = 0; round < 300000; round++) {
		u64 part = guest_random(&seed) % 4 * 0x1000;
		u64 offset = part + guest_random(&seed) % 0x50;
		unsigned size = 1u << guest_random(&seed) % 3;

		bus_store(&f->guest.platform.bus, BAR + offset, size,
			  guest_random(&seed) >> guest_random(&seed) % 64);
		bus_load(&f->guest.platform.bus, BAR + offset, size, &value);
		if (round % 64 == 0)
			pci_set(f, config(guest_random(&seed) & 0xfc), 4, (u32)guest_random(&seed));
		if (round % 256 == 0)
			pci_set(f, config(PCI_BAR0 + 16), 4, (u32)BAR);
	}
	assert_int_equal(f->guest.other_accesses, 0);
	/* The device works again after a reset. */
	struct guest_queue queue;

	platform_reset(&f->guest.platform);
	pci_set(f, config(PCI_BAR0 + 16), 4, (u32)BAR);
	pci_set(f, config(PCI_COMMAND), 2, (u32)(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
	drive(f, &queue, VIRTIO_F_VERSION_1);
	guest_offer(&queue, 0);
	kick(f);
	assert_true(served(&queue));
}

static void test_state(void **state)
{
	struct fixture *f = *state;
	struct guest_queue queue;
	struct state_image image = { 0 };

	enable_msix(f);
	drive(f, &queue, VIRTIO_F_VERSION_1);
	set_common(f, QUEUE_VECTOR, 2, 1);
	assert_int_equal(state_save(&f->guest.platform.state, &image), 0);
	restart(f, true);
	assert_int_equal(state_load(&f->guest.platform.state, image.data, image.size), 0);
	free(image.data);
	guest_offer(&queue, 0);
	kick(f);
	assert_true(served(&queue));
	assert_int_equal(f->data, 101);
	image = (struct state_image){ 0 };
	f->transport.queue_vectors[0] = 2;
	assert_int_equal(state_save(&f->guest.platform.state, &image), 0);
	assert_int_not_equal(state_load(&f->guest.platform.state, image.data, image.size), 0);
	free(image.data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, guest_teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_identity), TEST(test_pin), TEST(test_vectors), TEST(test_bus_master),
	TEST(test_window), TEST(test_queue_select), TEST(test_queue_sizes),
	TEST(test_widths), TEST(test_noise), TEST(test_state),
	{ 0 },
};
