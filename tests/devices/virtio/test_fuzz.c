/* SPDX-License-Identifier: MIT */
/*
 * Tests with random drivers: register writes, ring contents, notifications, input, passing of time,
 * resets and reloads, in random order. Half of it is well-formed, so that it reaches much of the
 * code. Usage: test_fuzz [steps [seed]]. Builds with sanitizers detect bad accesses; this test
 * checks properties that no driver may ever violate.
 */
#include "machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUES 6
#define MACHINE_STEPS 2000 /* steps until the next kind of device */

struct fuzz {
	struct machine machine;
	struct guest_queue queues[QUEUES];
	u64 seed, steps;
	u64 served; /* chains that were returned, as a measure of how much code was reached */
};

static u64 fuzz_below(struct fuzz *f, u64 limit)
{
	return guest_random(&f->seed) % limit;
}

static u64 some_address(struct fuzz *f)
{
	const u64 places[] = {
		GUEST_DATA,  GUEST_DATA,    GUEST_DATA, GUEST_QUEUE(fuzz_below(f, QUEUES)),
		GUEST_RAM,   GUEST_RAM_END, GUEST_SLOT, GUEST_OTHER,
		GUEST_ROM,   0,             UINT64_MAX, 1ull << fuzz_below(f, 64),
	};
	u64 base = places[fuzz_below(f, ARRAY_SIZE(places))];

	return fuzz_below(f, 3) ? base + fuzz_below(f, 0x1000) : base - fuzz_below(f, 32);
}

static u32 some_length(struct fuzz *f)
{
	switch (fuzz_below(f, 12)) {
	case 0:
		return 0;
	case 1:
		return (u32)guest_random(&f->seed);
	case 2:
		return (u32)fuzz_below(f, GUEST_RAM_SIZE);
	case 3:
	case 4:
		return 16;
	case 5:
		return 1;
	default:
		return 512 * (u32)(1 + fuzz_below(f, 8)) +
		       (fuzz_below(f, 4) ? 0 : (u32)fuzz_below(f, 40));
	}
}

static u32 some_flags(struct fuzz *f, u32 num)
{
	u32 flags = (u32)fuzz_below(f, 4) | (fuzz_below(f, 8) ? 0 : F_INDIRECT);

	return FLAGS(fuzz_below(f, 50) ? flags : fuzz_below(f, 0x10000),
		     fuzz_below(f, num + num / 8 + 1));
}

/* Returns one of the queues, usually one that the device has. */
static struct guest_queue *some_queue(struct fuzz *f)
{
	return &f->queues[fuzz_below(f,
				     fuzz_below(f, 20) ? f->machine.virtio->queue_count : QUEUES)];
}

/* Chooses how many of a chain's pieces are device-readable, usually as many as the device needs. */
static u32 some_readable(struct fuzz *f, const struct guest_queue *queue, u32 pieces)
{
	if (!fuzz_below(f, 20))
		return (u32)fuzz_below(f, pieces + 1);
	if (f->machine.kind == MACHINE_RNG)
		return 0;
	if (machine_outputs(&f->machine) && (queue->index < 2 || f->machine.kind == MACHINE_SERIAL))
		return queue->index % 2 ? pieces : 0;
	return 1 + (u32)fuzz_below(f, pieces - 1);
}

/* Makes a message that has its size, usually the right one, and its type. */
static void make_message(struct fuzz *f, u64 table)
{
	struct guest *guest = &f->machine.guest;
	u32 size = fuzz_below(f, 8) ? 64 : (u32)fuzz_below(f, 100);
	u32 kind = (u32)fuzz_below(f, fuzz_below(f, 2) ? 50 : 128);

	guest_desc(guest, table, 0, GUEST_DATA, 64, FLAGS(F_NEXT, 1));
	memcpy(guest_ram(guest, GUEST_DATA), &size, 4);
	memcpy(guest_ram(guest, GUEST_DATA + 4), &kind, 4);
}

/* Makes a chain as drivers do: readable parts, then writable ones. */
static void make_chain(struct fuzz *f, struct guest_queue *queue, u32 table, u32 count)
{
	u32 wanted = 2 + (u32)fuzz_below(f, 4), pieces = MIN(count, wanted);
	u32 readable = pieces < 2 ? 0 : some_readable(f, queue, pieces);
	u32 type = (u32)fuzz_below(f, 16), zero = 0;
	u32 control = (u32)fuzz_below(f, 9) | (fuzz_below(f, 4) ? 1u << 16 : 0);
	u64 sector = fuzz_below(f, MACHINE_SECTORS + 2);

	for (u32 i = 0; i < pieces; i++) {
		u32 flags = (i >= readable ? F_WRITE : 0) | (i + 1 < pieces ? F_NEXT : 0);
		u32 len = i == 0 && readable ? 16 : i + 1 == pieces ? 1 : 512;

		guest_desc(queue->guest, table ? GUEST_DATA + table : queue->desc, i,
			   GUEST_DATA + 0x1000 * i, len, FLAGS(flags, i + 1));
	}
	memcpy(guest_ram(queue->guest, GUEST_DATA), &type, 4);
	memcpy(guest_ram(queue->guest, GUEST_DATA + 4), &zero, 4);
	memcpy(guest_ram(queue->guest, GUEST_DATA + 8), &sector, 8);
	if (machine_shares(&f->machine))
		make_message(f, table ? GUEST_DATA + table : queue->desc);
	if (f->machine.kind != MACHINE_SERIAL)
		return;
	type %= 3;
	memcpy(guest_ram(queue->guest, GUEST_DATA), &type, 4);
	memcpy(guest_ram(queue->guest, GUEST_DATA + 4), &control, 4);
}

static void step_start(struct fuzz *f)
{
	struct guest *guest = &f->machine.guest;
	u64 features = guest_offered(guest);

	/* All queues of a device have the same size; larger ones would be refused. */
	u32 most = MIN(f->machine.virtio->queues[0].num_max, 64);

	if (!fuzz_below(f, 2))
		features &= guest_random(&f->seed);
	guest_negotiate(guest, features);
	for (unsigned i = 0; i < QUEUES; i++) {
		f->queues[i].num = 2u << fuzz_below(f, (u64)__builtin_ctz(most));
		guest_queue_start(guest, &f->queues[i], i, f->queues[i].num);
	}
	guest_driver_ok(guest);
}

static void step_chain(struct fuzz *f)
{
	struct guest_queue *queue = some_queue(f);

	if (fuzz_below(f, 3)) {
		make_chain(f, queue, 0, queue->num);
	} else {
		make_chain(f, queue, 0x20000, 64);
		ring_desc(queue, 0, GUEST_DATA + 0x20000, 64 * 16, FLAGS(F_INDIRECT, 0));
	}
	guest_submit(queue, 0);
}

/*
 * Makes a chain, usually an available one, at the place in a packed ring at which the device
 * expects one.
 */
static void step_packed(struct fuzz *f)
{
	const struct virtio *virtio = f->machine.virtio;
	struct guest_queue *queue = &f->queues[fuzz_below(f, virtio->queue_count)];
	const struct virtq *virtq = &virtio->queues[queue->index];
	u32 position = virtq->last_avail & 0x7fff;
	bool wrap = virtq->last_avail & 0x8000;
	u32 pieces = 2 + (u32)fuzz_below(f, 4), readable = some_readable(f, queue, pieces);

	if (!(virtio->driver_features & VIRTIO_F_RING_PACKED) || position >= virtq->num)
		return;
	make_chain(f, queue, 0x20000, 64); /* the request */
	for (u32 i = 0; i < pieces; i++) {
		u32 flags = (i >= readable ? F_WRITE : 0) | (i + 1 < pieces ? F_NEXT : 0);
		u32 len = i == 0 && readable ? 16 : i + 1 == pieces ? 1 : 512;

		flags |= wrap ? 0x80 : 0x8000;
		if (!fuzz_below(f, 50))
			flags ^= 1u << fuzz_below(f, 16);
		guest_desc(queue->guest, queue->desc, position, GUEST_DATA + 0x1000 * i, len,
			   (u32)fuzz_below(f, 0x10000) | flags << 16);
		if (++position == virtq->num) {
			position = 0;
			wrap = !wrap;
		}
	}
	guest_kick(queue);
}

static void step_descriptor(struct fuzz *f)
{
	struct guest_queue *queue = some_queue(f);
	bool inner = !fuzz_below(f, 3);
	u64 table = inner ? GUEST_DATA + 0x20000 : queue->desc;
	u32 index = (u32)fuzz_below(f, inner ? 64 : queue->num);
	u64 addr = some_address(f);
	u32 len = some_length(f);

	guest_desc(queue->guest, table, index, addr, len, some_flags(f, queue->num));
}

static void step_available(struct fuzz *f)
{
	struct guest_queue *queue = some_queue(f);

	switch (fuzz_below(f, 4)) {
	case 0:
		guest_put16(queue->guest, queue->avail + 2 * fuzz_below(f, queue->num + 3),
			    (u16)guest_random(&f->seed));
		return;
	case 1:
		queue->avail_idx = (u16)guest_random(&f->seed);
		return;
	default:
		guest_submit(queue, fuzz_below(f, 2) ? 0 : (u16)fuzz_below(f, queue->num));
	}
}

static void step_register(struct fuzz *f)
{
	static const u32 values[] = { 0, 1, 2, 3, 4, 7, 8, 15, 64, 128, 256, 0xffff, UINT32_MAX };
	u32 value = fuzz_below(f, 3) ? values[fuzz_below(f, ARRAY_SIZE(values))] :
				       (u32)some_address(f);
	u64 reg = fuzz_below(f, 4) ? fuzz_below(f, MMIO_CONFIG / 4) * 4 :
				     fuzz_below(f, VIRTIO_MMIO_SIZE);
	unsigned size = fuzz_below(f, 8) ? 4 : 1u << fuzz_below(f, 4);
	struct bus *bus = &f->machine.guest.platform.bus;
	u64 got;

	/*
	 * A status of 0, a reset, is written less often, because the steps after it reach little
	 * code.
	 */
	if (reg == MMIO_STATUS && value == 0 && fuzz_below(f, 4))
		return;
	bus_store(bus, GUEST_SLOT + reg, size, value);
	bus_load(bus, GUEST_SLOT + reg, size, &got);
}

static void step_memory(struct fuzz *f)
{
	u64 addr = fuzz_below(f, 2) ? GUEST_DATA + fuzz_below(f, 64) :
				      GUEST_QUEUE(0) + fuzz_below(f, QUEUES * 0x10000);

	*(u8 *)guest_ram(&f->machine.guest, addr) = (u8)guest_random(&f->seed);
}

/* Makes a packet, which may be valid, where chains begin, and an event of the host. */
static void step_vsock(struct fuzz *f)
{
	struct vsock *vsock = &f->machine.vsock.vsock;
	struct journal *journal = &f->machine.guest.platform.journal;
	const struct virtio_vsock_hdr header = {
		.src_cid = 3,
		.dst_cid = 2,
		.src_port = (u32)fuzz_below(f, 3),
		.dst_port = (u32)fuzz_below(f, 2),
		.len = (u32)fuzz_below(f, 800),
		.type = 1,
		.op = (u16)fuzz_below(f, 9),
		.flags = (u32)fuzz_below(f, 4),
		.buf_alloc = (u32)fuzz_below(f, 4000),
		.fwd_cnt = (u32)fuzz_below(f, 4000),
	};
	struct {
		struct vsock_record record;
		u8 data[1000];
	} input = { .record = { VSOCK_DATA, (u32)fuzz_below(f, 6), (u32)fuzz_below(f, 1000) } };
	u64 room = vsock->room(vsock->device, input.record.connection, sizeof(input.data));

	memcpy(guest_ram(&f->machine.guest, GUEST_DATA), &header, 16);
	memcpy(guest_ram(&f->machine.guest, GUEST_DATA + 0x1000), (const u8 *)&header + 16,
	       sizeof(header) - 16);
	if (room)
		journal_put(journal, vsock->sink, &input, sizeof(input.record) + room);
	input.record.input = (u32)fuzz_below(f, VSOCK_RESET + 1);
	journal_put(journal, vsock->sink, &input, sizeof(input.record));
}

/*
 * Passes consecutive segments of one TCP stream to the device, sometimes with an error or
 * truncated.
 */
static void step_net(struct fuzz *f)
{
	static const u8 headers[] = {
		0x52, 0x54, 0, 1, 2, 3, 0x52, 0x55, 10, 0, 2, 2, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0,
		64, 6, 0, 0, 10, 0, 2, 2, 10, 0, 2, 15, 0, 7, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x50,
		0x10, 1, 0, 0, 0, 0, 0,
	};
	struct journal *journal = &f->machine.guest.platform.journal;
	struct net *net = &f->machine.net.net;
	u32 payload = (u32)fuzz_below(f, 300) + 1, size = sizeof(headers) + payload;
	u8 row[8 * (sizeof(u32) + sizeof(headers) + 300)] = { 0 }, *at = row;

	for (u32 n = 0, end = (u32)fuzz_below(f, 8); n < end; n++) {
		memcpy(at, &size, sizeof(size));
		memcpy(at + 4, headers, sizeof(headers));
		at[4 + 17] = (u8)(size - 14);
		at[4 + 16] = (u8)((size - 14) >> 8);
		at[4 + 41] = (u8)(n * payload);
		at[4 + 40] = (u8)(n * payload >> 8);
		at += 4 + size;
	}
	if (!fuzz_below(f, 2) && at > row)
		row[fuzz_below(f, (u32)(at - row))] = (u8)fuzz_below(f, 256);
	net_ready(net, row, (size_t)(at - row));
	net_put(net, journal, row, fuzz_below(f, (u32)(at - row) + 1));
	if (!fuzz_below(f, 8))
		net_put_link(net, journal, fuzz_below(f, 2));
}

static void step_input(struct fuzz *f)
{
	struct chardev *chardev = &f->machine.console.ports[fuzz_below(f, 2)].chardev;
	struct journal *journal = &f->machine.guest.platform.journal;
	static const u8 data[2000];

	if (f->machine.kind == MACHINE_CONSOLE)
		chardev_put(&f->machine.console.ports[0].chardev, journal, data,
			    fuzz_below(f, 600) + 1);
	if (f->machine.kind == MACHINE_SERIAL) {
		chardev_put(chardev, journal, data, fuzz_below(f, 600) + 1);
		chardev->event(chardev->device, fuzz_below(f, 6), (u16)fuzz_below(f, 300),
			       (u16)fuzz_below(f, 99));
	}
	if (f->machine.kind == MACHINE_VSOCK)
		step_vsock(f);
	if (f->machine.kind == MACHINE_NET)
		step_net(f);
}

static void step_time(struct fuzz *f)
{
	guest_sleep(&f->machine.guest, fuzz_below(f, 5000));
}

static void step_reload(struct fuzz *f)
{
	u64 before = state_hash(&f->machine.guest.platform.state);

	/* Any state that a driver can reach can be loaded. */
	assert_int_equal(guest_clone(&f->machine.guest, &f->machine.guest), 0);
	assert_true(state_hash(&f->machine.guest.platform.state) == before);
}

static void step_reset(struct fuzz *f)
{
	if (fuzz_below(f, 3))
		guest_set(&f->machine.guest, MMIO_STATUS, 0);
	else
		platform_reset(&f->machine.guest.platform);
}

static const struct {
	void (*step)(struct fuzz *f);
	unsigned weight;
} steps[] = {
	{ step_start, 30 },      { step_chain, 200 },   { step_descriptor, 150 },
	{ step_packed, 200 },
	{ step_available, 150 }, { step_register, 40 }, { step_memory, 50 },
	{ step_input, 50 },      { step_time, 50 },     { step_reload, 1 },
	{ step_reset, 3 },
};

/* Checks properties of the state that hold whatever a driver does. */
static void fuzz_check(struct fuzz *f)
{
	const struct virtio *virtio = f->machine.virtio;

	assert_int_equal(f->machine.guest.other_accesses, 0);
	assert_int_equal(f->machine.guest.line, virtio->interrupt_status != 0);
	assert_false(virtio->interrupt_status & ~3);
	if (virtio->status & VIRTIO_STATUS_FEATURES_OK)
		assert_false(virtio->driver_features & ~virtio->device_features);
	else
		assert_false(virtio->status & VIRTIO_STATUS_DRIVER_OK);
	for (unsigned i = 0; i < virtio->queue_count; i++)
		assert_false(virtio->queues[i].num > virtio->queues[i].num_max);
}

static void run_step(struct fuzz *f)
{
	unsigned total = 0, pick;
	u16 used[VIRTIO_QUEUES_MAX];
	struct virtio *virtio = f->machine.virtio;

	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++)
		total += steps[i].weight;
	for (unsigned i = 0; i < virtio->queue_count; i++)
		used[i] = virtio->queues[i].last_avail;
	pick = (unsigned)fuzz_below(f, total);
	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++) {
		if (pick < steps[i].weight) {
			steps[i].step(f);
			break;
		}
		pick -= steps[i].weight;
	}
	for (unsigned i = 0; i < virtio->queue_count; i++)
		f->served += virtio->queues[i].last_avail != used[i];
	/* A driver whose device needs a reset starts again. */
	if (guest_needs_reset(&f->machine.guest) && !fuzz_below(f, 3))
		step_start(f);
	fuzz_check(f);
}

static void test_random_drivers(void **state)
{
	struct fuzz *f = *state;
	static u8 rom[PAGE_SIZE];

	for (u64 done = 0; done < f->steps; done += MACHINE_STEPS) {
		machine_init(&f->machine, done / MACHINE_STEPS % MACHINE_KINDS);
		if (done / MACHINE_STEPS / MACHINE_KINDS % 2)
			f->machine.virtio->device_features |= VIRTIO_F_RING_PACKED;
		step_start(f);
		for (unsigned i = 0; i < MACHINE_STEPS; i++)
			run_step(f);
		assert_memory_equal(f->machine.guest.rom.host, rom, sizeof(rom));
		machine_check_works(&f->machine);
		machine_free(&f->machine);
	}
	print_message("%llu steps, %llu with chains served\n", f->steps, f->served);
	/* If few chains were served, the test would prove nothing. */
	assert_true(f->served > f->steps / 20);
}

int main(int argc, char **argv)
{
	static struct fuzz fuzz;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_random_drivers, &fuzz),
	};

	fuzz.steps = argc > 1 ? strtoull(argv[1], NULL, 0) : 200000;
	fuzz.seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 0x9e3779b97f4a7c15;
	printf("test_fuzz %llu %#llx\n", fuzz.steps, fuzz.seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
