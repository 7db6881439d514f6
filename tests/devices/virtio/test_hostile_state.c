/* SPDX-License-Identifier: MIT */
/*
 * Tests requests in flight when a device is reset or loaded, and hostile values in a loaded file:
 * rows of the project's list of known bugs, tried on each virtio device.
 */
#include "machine.h"
#include <stdlib.h>
#include <string.h>

#define OFFERED 8
#define MUTANTS 400 /* for each kind of device */

static struct machine machine, other;

static void start_queue(struct machine *m, struct guest_queue *queue)
{
	assert_true(guest_negotiate(&m->guest, BIT(32)));
	guest_queue_start(&m->guest, queue, machine_queue(m), OFFERED);
	guest_driver_ok(&m->guest);
}

/*
 * Makes requests so long that a turn ends after two of them; the others are in flight. Returns
 * false if the device refuses them.
 */
static bool put_in_flight(struct machine *m, struct guest_queue *queue)
{
	bool to_guest = !machine_outputs(m);
	u32 data = m->kind <= MACHINE_BLK_READONLY || machine_shares(m);

	start_queue(m, queue);
	machine_request(m, queue);
	ring_desc(queue, data, GUEST_RAM + 8 * MiB, 56 * MiB,
		  FLAGS(to_guest && m->kind != MACHINE_SOUND ? F_WRITE | F_NEXT : F_NEXT, 2));
	ring_desc(queue, 2, GUEST_DATA + 64, 8, FLAGS(to_guest ? F_WRITE : 0, 0));
	for (unsigned n = 0; n < OFFERED; n++)
		guest_offer(queue, 0);
	guest_kick(queue);
	return guest_get16(&m->guest, queue->used + 2) < OFFERED &&
	       clock_next(&m->guest.platform.clock) != CLOCK_NEVER;
}

static void stop_by_status(struct machine *m, const struct state_image *image)
{
	guest_set(&m->guest, MMIO_STATUS, 0);
}

static void stop_by_reset(struct machine *m, const struct state_image *image)
{
	platform_reset(&m->guest.platform);
}

static void stop_by_load(struct machine *m, const struct state_image *image)
{
	assert_int_equal(state_load(&m->guest.platform.state, image->data, image->size), 0);
}

/* Passes input to a device, for which no driver has offered buffers. */
static void put_input(struct machine *m)
{
	struct journal *journal = &m->guest.platform.journal;
	/* for the network card: the size of a frame, and a frame of that size */
	static const u8 data[60] = { 56 };

	if (m->kind == MACHINE_NET)
		net_put(&m->net.net, journal, data, sizeof(data));
	if (m->kind == MACHINE_CONSOLE || m->kind == MACHINE_SERIAL)
		chardev_put(&m->console.ports[0].chardev, journal, data, sizeof(data));
	if (m->kind == MACHINE_INPUT)
		journal_put(journal, m->input.input.sink, data, sizeof(data));
}

/* Rows 17 and 18: after a reset or a load, no request that was in flight is carried out. */
static void test_row_17_reset_in_flight(void **state)
{
	static void (*const stops[])(struct machine *m, const struct state_image *image) = {
		stop_by_status, stop_by_reset, stop_by_load,
	};
	static u8 before[2 * MiB];
	struct guest_queue queue;
	unsigned in_flight = 0;

	for (int kind = 0; kind < MACHINE_KINDS; kind++)
		for (unsigned n = 0; n < ARRAY_SIZE(stops); n++) {
			struct state_image image = { 0 };

			machine_init(&machine, kind);
			assert_int_equal(state_save(&machine.guest.platform.state, &image), 0);
			in_flight += put_in_flight(&machine, &queue);
			stops[n](&machine, &image);
			free(image.data);
			memset(guest_ram(&machine.guest, GUEST_RAM), 0xa5, sizeof(before));
			memset(before, 0xa5, sizeof(before));
			put_input(&machine);
			guest_sleep(&machine.guest, CLOCK_HZ / 10);
			assert_memory_equal(guest_ram(&machine.guest, GUEST_RAM), before,
					    sizeof(before));
			/*
			 * After a load the line may be high: its level is state of the interrupt
			 * controller, which is loaded as well.
			 */
			assert_true(stops[n] == stop_by_load || !machine.guest.line);
			machine_check_works(&machine);
			machine_free(&machine);
		}
	/*
	 * Otherwise the test would prove nothing. Devices that refuse such requests have separate
	 * tests.
	 */
	assert_true(in_flight >= MACHINE_KINDS / 2 * ARRAY_SIZE(stops));
}

/* Returns a byte of a random field of the device, its queues or its transport. */
static u8 *some_byte(struct machine *m, u64 *seed)
{
	const struct state *registered = &m->guest.platform.state;

	for (;;) {
		const struct state_part *part =
			&registered->parts[guest_random(seed) % registered->count];
		const struct state_field *field;

		if (part->ram || !part->type->count)
			continue;
		field = &part->type->fields[guest_random(seed) % part->type->count];
		return (u8 *)part->self + field->offset +
		       guest_random(seed) % ((u64)field->size * field->count);
	}
}

/*
 * Row 29: a saved device with a changed number is refused, or is one that a guest could have
 * produced.
 */
static void test_row_29_state(void **state)
{
	unsigned taken = 0;
	u64 seed = 29;

	for (int kind = 0; kind < MACHINE_KINDS; kind++) {
		struct guest_queue queue;

		machine_init(&machine, kind);
		machine_init(&other, kind);
		put_in_flight(&machine, &queue);
		put_input(&machine);
		for (unsigned n = 0; n < MUTANTS; n++) {
			u8 *byte = some_byte(&machine, &seed), kept = *byte;

			*byte ^= guest_random(&seed) % 2 ? (u8)BIT(guest_random(&seed) % 8) : 0xff;
			if (!guest_clone(&other.guest, &machine.guest)) {
				taken++;
				put_input(&other);
				guest_set(&other.guest, MMIO_QUEUE_NOTIFY, machine_queue(&other));
				guest_sleep(&other.guest, 10000);
				assert_int_equal(guest_clone(&other.guest, &other.guest), 0);
			}
			*byte = kept;
			assert_int_equal(other.guest.other_accesses, 0);
			platform_reset(&other.guest.platform);
			if (n % 16 == 0)
				machine_check_works(&other);
		}
		machine_free(&machine);
		machine_free(&other);
	}
	assert_true(taken > MUTANTS);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_row_17_reset_in_flight),
	cmocka_unit_test(test_row_29_state),
	{ 0 },
};
