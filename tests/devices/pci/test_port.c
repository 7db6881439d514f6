/* SPDX-License-Identifier: MIT */
/*
 * Tests a root port with a device in its slot, as well-behaved and as hostile guests use it: bus
 * numbers, windows, power, events, the interrupt, and the effects of a reset and of a saved state.
 */
#include "bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/pci/port.h"

#define PORT_SLOT 5u
#define OTHER_SLOT 6u
#define PORT (BENCH_ECAM + (PORT_SLOT << 15))
#define BUS 7u
#define BAR_SIZE 0x4000u

/* Offsets in the PCI Express capability, and bits of the registers there */
#define SLOT_CONTROL 0x18u
#define SLOT_STATUS 0x1au
#define LINK_STATUS 0x12u
#define BUTTON 1u
#define PRESENCE 8u
#define COMMAND 16u
#define PRESENT 64u
#define EVENTS (BUTTON | PRESENCE | COMMAND)
#define INTERRUPT 32u
#define LED_ON 0x100u
#define LED_BLINKS 0x200u
#define LED_OFF 0x300u
#define OFF 0x400u

struct fixture {
	struct bench bench;
	struct pci_port port, other;
	struct pci_device card;
	unsigned resets, accesses;
};

static bool card_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	((struct fixture *)ctx)->accesses++;
	*value = offset;
	return true;
}

static bool card_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	return card_read(ctx, offset, size, &value);
}

static const struct bus_ops card_ops = { card_read, card_write };

static void card_reset(void *ctx)
{
	struct fixture *f = ctx;

	f->resets++;
	pci_device_reset(&f->card);
}

static int setup(void **state)
{
	static struct fixture fixture;
	static const struct pci_ids ids = { .vendor = 0xabcd, .device = 0x1111, .pin = 1 };
	struct fixture *f = &fixture;
	const struct pci_bar bar = { .size = BAR_SIZE, .kind = PCI_BAR_MEMORY64,
				     .prefetchable = true, .ops = &card_ops, .ctx = f };

	memset(f, 0, sizeof(*f));
	bench_init(&f->bench);
	pci_port_init(&f->port, &f->bench.host, "port", PORT_SLOT * PCI_FUNCTIONS, 3);
	pci_port_init(&f->other, &f->bench.host, "other", OTHER_SLOT * PCI_FUNCTIONS, 4);
	pci_device_init(&f->card, &f->bench.platform, "card", &ids);
	pci_device_bar(&f->card, 0, &bar);
	f->card.reset = card_reset;
	f->card.ctx = f;
	platform_reset(&f->bench.platform);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	bench_free(&((struct fixture *)*state)->bench);
	return 0;
}

static u32 port_get(struct fixture *f, u32 offset, unsigned size)
{
	return (u32)bench_load(&f->bench, PORT + offset, size);
}

static void port_test_set(struct fixture *f, u32 offset, unsigned size, u32 value)
{
	bench_store(&f->bench, PORT + offset, size, value);
}

static u32 slot(struct fixture *f, u32 offset)
{
	return port_get(f, f->port.express + offset, 2);
}

static void set_slot(struct fixture *f, u32 offset, u32 value)
{
	port_test_set(f, f->port.express + offset, 2, value);
}

static u64 card_config(unsigned bus)
{
	return BENCH_ECAM + ((u64)bus << 20);
}

static void number_bus(struct fixture *f)
{
	port_test_set(f, PCI_SECONDARY_BUS, 1, BUS);
	port_test_set(f, PCI_SUBORDINATE_BUS, 1, BUS);
}

/* Places the card's BAR at an address, and makes the port's windows as large as possible. */
static void open_windows(struct fixture *f, u64 addr)
{
	port_test_set(f, PCI_MEMORY_BASE, 4, 0xfff04000);
	port_test_set(f, PCI_PREFETCH_BASE, 4, 0xfff00000);
	port_test_set(f, PCI_PREFETCH_LIMIT_UPPER, 4, 0xff);
	port_test_set(f, PCI_COMMAND, 2, 7);
	bench_store(&f->bench, card_config(BUS) + PCI_BAR0, 4, (u32)addr);
	bench_store(&f->bench, card_config(BUS) + PCI_BAR0 + 4, 4, (u32)(addr >> 32));
	bench_store(&f->bench, card_config(BUS) + PCI_COMMAND, 2, 7);
}

static bool reaches(struct fixture *f, u64 addr)
{
	unsigned before = f->accesses;

	bench_load(&f->bench, addr, 4);
	return f->accesses != before;
}

static void test_buses(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(port_get(f, PCI_VENDOR_ID, 4), 0x000c1b36);
	assert_int_equal(port_get(f, PCI_CLASS, 2), 0x0604);
	assert_int_equal(port_get(f, PCI_HEADER_TYPE, 1), 1);
	assert_int_equal(port_get(f, f->port.express + 0x14u, 4), 3 << 19 | 0x7b);
	pci_port_plug(&f->port, &f->card, false);
	/*
	 * As long as the secondary bus has no number, the card is on no bus, especially not on bus
	 * 0.
	 */
	for (unsigned bus = 0; bus < 256; bus++)
		assert_int_not_equal(bench_load(&f->bench, card_config(bus), 2), 0xabcd);
	for (unsigned number = 1; number < 256; number++) {
		port_test_set(f, PCI_SECONDARY_BUS, 1, number);
		for (unsigned bus = 1; bus < 256; bus++)
			assert_int_equal(bench_load(&f->bench, card_config(bus), 2) == 0xabcd,
					 bus == number);
	}
	/* Other devices and functions do not exist there. */
	for (u64 function = 1; function < 256; function++)
		assert_int_equal(bench_load(&f->bench, card_config(255) + (function << 12), 4),
				 UINT32_MAX);
	/* The port with the lower number has the same bus number, and no card. */
	number_bus(f);
	bench_store(&f->bench, PORT + 0x8000 + PCI_SECONDARY_BUS, 1, BUS);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 2), 0xabcd);
	port_test_set(f, PCI_SECONDARY_BUS, 1, 0);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 4), UINT32_MAX);
}

static void test_windows(void **state)
{
	struct fixture *f = *state;
	const u64 low = BENCH_LOW + 0x100000, high = BENCH_HIGH + 0x300000;

	pci_port_plug(&f->port, &f->card, false);
	number_bus(f);
	open_windows(f, low);
	assert_true(reaches(f, low) && reaches(f, low + BAR_SIZE - 4));
	assert_false(reaches(f, low + BAR_SIZE));
	/* The window is moved while it is in use, and then to where the host has no window. */
	open_windows(f, high);
	assert_true(reaches(f, high));
	assert_false(reaches(f, low));
	port_test_set(f, PCI_PREFETCH_BASE_UPPER, 4, 0x100);
	assert_false(reaches(f, high));
	port_test_set(f, PCI_PREFETCH_BASE_UPPER, 4, 4);
	port_test_set(f, PCI_PREFETCH_LIMIT_UPPER, 4, 4);
	port_test_set(f, PCI_PREFETCH_BASE, 4, 0x00300030);
	assert_true(reaches(f, high));
	/* A window that ends before it begins is disabled. */
	port_test_set(f, PCI_PREFETCH_BASE, 4, 0x00200030);
	assert_false(reaches(f, high));
	open_windows(f, low);
	port_test_set(f, PCI_PREFETCH_BASE_UPPER, 4, 0x100);
	port_test_set(f, PCI_MEMORY_BASE, 4, 0x40104010);
	assert_true(reaches(f, low));
	port_test_set(f, PCI_COMMAND, 2, 5);
	assert_false(reaches(f, low));
	/* Without bus mastering the card cannot access memory, either. */
	assert_true(pci_masters(&f->card));
	port_test_set(f, PCI_COMMAND, 2, 3);
	assert_false(pci_masters(&f->card));
}

static void test_power(void **state)
{
	struct fixture *f = *state;

	number_bus(f);
	assert_int_equal(slot(f, SLOT_STATUS), 0);
	pci_port_plug(&f->port, &f->card, true);
	assert_int_equal(slot(f, SLOT_STATUS), BUTTON | PRESENCE | PRESENT);
	assert_int_equal(slot(f, LINK_STATUS) & 0x2000, 0x2000);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 2), 0xabcd);
	bench_store(&f->bench, card_config(BUS) + PCI_COMMAND, 2, 7);
	f->resets = 0;
	set_slot(f, SLOT_CONTROL, OFF | LED_ON);
	assert_int_equal(f->resets, 1);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 4), UINT32_MAX);
	set_slot(f, SLOT_CONTROL, OFF | LED_OFF);
	assert_int_equal(f->resets, 1);
	/* Nobody has requested the card: it stays, and is accessible again when power is on. */
	assert_false(f->port.ejected);
	set_slot(f, SLOT_CONTROL, LED_ON);
	assert_int_equal(bench_load(&f->bench, card_config(BUS) + PCI_COMMAND, 4), 0);
	/* Writing ones clears events, but not presence. */
	set_slot(f, SLOT_STATUS, 0xffff);
	assert_int_equal(slot(f, SLOT_STATUS), PRESENT);
	port_test_set(f, PCI_BRIDGE_CONTROL, 2, 0x40);
	assert_int_equal(f->resets, 2);
}

static void test_unplug(void **state)
{
	struct fixture *f = *state;

	number_bus(f);
	pci_port_plug(&f->port, &f->card, false);
	set_slot(f, SLOT_CONTROL, LED_BLINKS);
	assert_int_equal(pci_port_ask(&f->port), -EBUSY);
	set_slot(f, SLOT_CONTROL, LED_ON);
	assert_int_equal(pci_port_ask(&f->port), 0);
	assert_int_equal(pci_port_ask(&f->port), -EALREADY);
	assert_int_equal(slot(f, SLOT_STATUS) & BUTTON, BUTTON);
	set_slot(f, SLOT_STATUS, 0xffff);
	set_slot(f, SLOT_CONTROL, LED_BLINKS);
	set_slot(f, SLOT_CONTROL, LED_BLINKS | OFF);
	assert_false(f->port.ejected);
	set_slot(f, SLOT_CONTROL, LED_OFF | OFF);
	assert_true(f->port.ejected);
	assert_int_equal(slot(f, SLOT_STATUS), PRESENCE | COMMAND);
	assert_int_equal(slot(f, LINK_STATUS) & 0x2000, 0);
	set_slot(f, SLOT_CONTROL, LED_ON);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 4), UINT32_MAX);
	pci_port_unplug(&f->port);
	/*
	 * A slot without power releases its card immediately; a reset releases one that was
	 * requested.
	 */
	set_slot(f, SLOT_CONTROL, LED_OFF | OFF);
	pci_port_plug(&f->port, &f->card, true);
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 4), UINT32_MAX);
	assert_int_equal(pci_port_ask(&f->port), 0);
	assert_true(f->port.ejected);
	pci_port_unplug(&f->port);
	set_slot(f, SLOT_CONTROL, LED_ON);
	pci_port_plug(&f->port, &f->card, true);
	assert_int_equal(pci_port_ask(&f->port), 0);
	assert_false(f->port.ejected);
	platform_reset(&f->bench.platform);
	assert_true(f->port.ejected);
	assert_int_equal(slot(f, SLOT_STATUS), 0);
}

/* INTA of slot 5 is line 1. */
static void test_interrupts(void **state)
{
	struct fixture *f = *state;
	u32 msix = f->port.msix.capability;

	pci_port_plug(&f->port, &f->card, true);
	assert_false(f->bench.lines[1]);
	set_slot(f, SLOT_CONTROL, INTERRUPT | BUTTON);
	assert_true(f->bench.lines[1]);
	set_slot(f, SLOT_STATUS, BUTTON);
	assert_false(f->bench.lines[1]);
	set_slot(f, SLOT_CONTROL, INTERRUPT | BUTTON | PRESENCE | COMMAND);
	assert_true(f->bench.lines[1]);
	set_slot(f, SLOT_STATUS, EVENTS);
	assert_false(f->bench.lines[1]);
	/* With MSI-X there is one message for all events that come before they are cleared. */
	port_test_set(f, PCI_BAR0, 4, (u32)BENCH_LOW);
	port_test_set(f, PCI_COMMAND, 2, 7);
	bench_store(&f->bench, BENCH_LOW, 4, (u32)BENCH_MESSAGE);
	bench_store(&f->bench, BENCH_LOW + 8, 4, 99);
	bench_store(&f->bench, BENCH_LOW + 12, 4, 0);
	port_test_set(f, msix + 2, 2, 0x8000);
	assert_int_equal(f->bench.messages, 0);
	assert_int_equal(pci_port_ask(&f->port), 0);
	assert_int_equal(f->bench.messages, 1);
	assert_int_equal(f->bench.message_data, 99);
	set_slot(f, SLOT_CONTROL, INTERRUPT | EVENTS | LED_OFF | OFF);
	assert_int_equal(f->bench.messages, 1);
	set_slot(f, SLOT_STATUS, EVENTS);
	pci_port_unplug(&f->port);
	pci_port_plug(&f->port, &f->card, true);
	assert_int_equal(f->bench.messages, 2);
	assert_false(f->bench.lines[1]);
	/* The card's pin drives the same line, as long as the card has power. */
	set_slot(f, SLOT_CONTROL, LED_ON);
	pci_set_pin(&f->card, true);
	assert_true(f->bench.lines[1]);
	set_slot(f, SLOT_CONTROL, OFF);
	assert_false(f->bench.lines[1]);
}

static void test_state(void **state)
{
	struct fixture *f = *state;
	struct state_image image = { 0 };

	pci_port_plug(&f->port, &f->card, false);
	number_bus(f);
	open_windows(f, BENCH_LOW + 0x100000);
	assert_int_equal(pci_port_ask(&f->port), 0);
	assert_int_equal(state_save(&f->bench.platform.state, &image), 0);
	set_slot(f, SLOT_CONTROL, OFF);
	port_test_set(f, PCI_SECONDARY_BUS, 1, 0);
	assert_int_equal(state_load(&f->bench.platform.state, image.data, image.size), 0);
	assert_true(reaches(f, BENCH_LOW + 0x100000));
	assert_int_equal(bench_load(&f->bench, card_config(BUS), 2), 0xabcd);
	assert_int_equal(pci_port_ask(&f->port), -EALREADY);
	/* The saved state says that a card was requested, and here there is none. */
	pci_port_unplug(&f->port);
	assert_int_not_equal(state_load(&f->bench.platform.state, image.data, image.size), 0);
	free(image.data);
}

static u64 port_next_random(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/*
 * Random values are written to all registers of the port and the card, while cards are plugged and
 * unplugged.
 */
static void test_noise(void **state)
{
	struct fixture *f = *state;
	struct pci_port *port = &f->port;
	u64 seed = 9, value;

	for (unsigned round = 0; round < 300000; round++) {
		u64 bus = port_next_random(&seed) % 3 ? port_next_random(&seed) % 4 : 0;
		u64 addr = BENCH_ECAM + (bus << 20) + ((bus ? 0 : PORT_SLOT) << 15) +
			   port_next_random(&seed) % 0x100;

		bus_store(&f->bench.platform.bus, addr, 1u << port_next_random(&seed) % 3,
			  port_next_random(&seed));
		bus_load(&f->bench.platform.bus,
			 (port_next_random(&seed) % 2 ? BENCH_HIGH : BENCH_LOW) +
				 port_next_random(&seed) % 0x10000000,
			 4, &value);
		if (port->ejected)
			pci_port_unplug(port);
		else if (!port->plugged)
			pci_port_plug(port, &f->card, true);
		else if (round % 64 == 0)
			pci_port_ask(port);
		if (round % 5000 == 0)
			platform_reset(&f->bench.platform);
		assert_true(!port->pci.below || port->pci.below == port->plugged);
		assert_int_equal(!!(slot(f, SLOT_STATUS) & PRESENT),
				 port->plugged && !port->ejected);
	}
	for (u32 i = 0; i < PCI_CONFIG_SIZE; i++)
		assert_int_equal((port->pci.config[i] ^ port->pci.first[i]) &
					 ~(port->pci.writable[i] | port->pci.clearable[i] |
					   port->pci.changing[i]),
				 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_buses, setup, teardown),
	cmocka_unit_test_setup_teardown(test_windows, setup, teardown),
	cmocka_unit_test_setup_teardown(test_power, setup, teardown),
	cmocka_unit_test_setup_teardown(test_unplug, setup, teardown),
	cmocka_unit_test_setup_teardown(test_interrupts, setup, teardown),
	cmocka_unit_test_setup_teardown(test_state, setup, teardown),
	cmocka_unit_test_setup_teardown(test_noise, setup, teardown),
	{ 0 },
};
