/* SPDX-License-Identifier: MIT */
/*
 * The driver's side of virtio. It was written from the specification, and shares no code with the
 * device's side. Checks are assertions of cmocka.
 */
#include "guest.h"
#include <stdlib.h>
#include <string.h>

static void guest_set_line(void *ctx, unsigned num, bool level)
{
	struct guest *guest = ctx;

	guest->raised += level && !guest->line;
	guest->line = level;
}

static bool other_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct guest *guest = ctx;

	guest->other_accesses++;
	*value = 0;
	return true;
}

static bool other_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct guest *guest = ctx;

	guest->other_accesses++;
	return true;
}

static const struct bus_ops other_ops = { other_read, other_write };

static void before_code_write(void *ctx, u64 offset, u64 len)
{
}

void guest_init(struct guest *guest, enum clock_mode mode)
{
	struct region other = {
		.name = "other", .base = GUEST_OTHER, .size = PAGE_SIZE,
		.ops = &other_ops, .ctx = guest,
	};
	struct region memory = { .name = "ram", .base = GUEST_RAM, .size = GUEST_RAM_SIZE };
	const struct ram_backing memfd = { 0 }; /* its allocated blocks show what was given back */
	struct region rom = {
		.name = "rom", .base = GUEST_ROM, .size = PAGE_SIZE, .readonly = true,
	};

	*guest = (struct guest){ 0 };
	platform_init(&guest->platform, mode, 1);
	assert_int_equal(ram_init_backed(&guest->ram, "ram", GUEST_RAM_SIZE, &memfd), 0);
	assert_int_equal(ram_init(&guest->rom, PAGE_SIZE), 0);
	guest->ram.before_code_write = guest->rom.before_code_write = before_code_write;
	state_register_ram(&guest->platform.state, "ram", &guest->ram);
	memory.ram = &guest->ram;
	rom.ram = &guest->rom;
	assert_int_equal(bus_attach(&guest->platform.bus, &memory), 0);
	assert_int_equal(bus_attach(&guest->platform.bus, &rom), 0);
	assert_int_equal(bus_attach(&guest->platform.bus, &other), 0);
}

void guest_free(struct guest *guest)
{
	platform_free(&guest->platform);
	ram_free(&guest->ram);
	ram_free(&guest->rom);
}

int guest_teardown(void **state)
{
	guest_free(*state);
	return 0;
}

void guest_attach(struct guest *guest, struct virtio *virtio)
{
	struct irq irq = { guest_set_line, guest, 1 };

	assert_int_equal(virtio_mmio_init(&guest->slot, &guest->platform, GUEST_SLOT, irq, virtio),
			 0);
	platform_reset(&guest->platform);
}

u32 guest_get(struct guest *guest, u32 reg)
{
	u64 value;

	assert_true(bus_load(&guest->platform.bus, GUEST_SLOT + reg, 4, &value));
	return (u32)value;
}

void guest_set(struct guest *guest, u32 reg, u32 value)
{
	assert_true(bus_store(&guest->platform.bus, GUEST_SLOT + reg, 4, value));
}

void *guest_ram(struct guest *guest, u64 addr)
{
	assert_true(addr >= GUEST_RAM && addr < GUEST_RAM_END);
	return guest->ram.host + (addr - GUEST_RAM);
}

void guest_put16(struct guest *guest, u64 addr, u16 value)
{
	memcpy(guest_ram(guest, addr), &value, sizeof(value));
}

u16 guest_get16(struct guest *guest, u64 addr)
{
	u16 value;

	memcpy(&value, guest_ram(guest, addr), sizeof(value));
	return value;
}

bool guest_negotiate(struct guest *guest, u64 features)
{
	guest_set(guest, MMIO_STATUS, 0);
	guest_set(guest, MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE);
	guest_set(guest, MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
	for (u32 half = 0; half < 2; half++) {
		guest_set(guest, MMIO_DRIVER_FEATURES_SEL, half);
		guest_set(guest, MMIO_DRIVER_FEATURES, (u32)(features >> 32 * half));
	}
	guest_set(guest, MMIO_STATUS, guest_get(guest, MMIO_STATUS) | VIRTIO_STATUS_FEATURES_OK);
	return guest_get(guest, MMIO_STATUS) & VIRTIO_STATUS_FEATURES_OK;
}

void guest_driver_ok(struct guest *guest)
{
	guest_set(guest, MMIO_STATUS, guest_get(guest, MMIO_STATUS) | VIRTIO_STATUS_DRIVER_OK);
}

u64 guest_offered(struct guest *guest)
{
	u64 features = 0;

	for (u32 half = 0; half < 2; half++) {
		guest_set(guest, MMIO_DEVICE_FEATURES_SEL, half);
		features |= (u64)guest_get(guest, MMIO_DEVICE_FEATURES) << 32 * half;
	}
	return features;
}

bool guest_needs_reset(struct guest *guest)
{
	return guest_get(guest, MMIO_STATUS) & VIRTIO_STATUS_DEVICE_NEEDS_RESET;
}

void guest_queue_start(struct guest *guest, struct guest_queue *queue, unsigned index, u32 num)
{
	u64 base = GUEST_QUEUE(index);
	const u64 areas[] = { base, base + 0x4000, base + 0x8000 };
	static const u32 regs[] = { MMIO_QUEUE_DESC, MMIO_QUEUE_DRIVER, MMIO_QUEUE_DEVICE };

	*queue = (struct guest_queue){ guest, index, num, areas[0], areas[1], areas[2], 0, 0 };
	memset(guest_ram(guest, base), 0, 0x10000);
	guest_set(guest, MMIO_QUEUE_SEL, index);
	assert_int_equal(guest_get(guest, MMIO_QUEUE_READY), 0);
	guest_set(guest, MMIO_QUEUE_NUM, num);
	for (unsigned i = 0; i < ARRAY_SIZE(areas); i++) {
		guest_set(guest, regs[i], (u32)areas[i]);
		guest_set(guest, regs[i] + 4, (u32)(areas[i] >> 32));
	}
	guest_set(guest, MMIO_QUEUE_READY, 1);
}

void guest_start(struct guest *guest, struct guest_queue *queue, u64 features, u32 num)
{
	assert_true(guest_negotiate(guest, features));
	guest_queue_start(guest, queue, 0, num);
	assert_int_equal(guest_get(guest, MMIO_QUEUE_READY), 1);
	guest_driver_ok(guest);
}

void guest_desc(struct guest *guest, u64 table, u32 index, u64 addr, u32 len, u32 flags_next)
{
	u8 *desc = guest_ram(guest, table + index * 16ull);

	memcpy(desc, &addr, 8);
	memcpy(desc + 8, &len, 4);
	memcpy(desc + 12, &flags_next, 4);
}

void guest_offer(struct guest_queue *queue, u16 head)
{
	guest_put16(queue->guest, queue->avail + 4 + queue->avail_idx % queue->num * 2, head);
	guest_put16(queue->guest, queue->avail + 2, ++queue->avail_idx);
}

void guest_kick(struct guest_queue *queue)
{
	guest_set(queue->guest, MMIO_QUEUE_NOTIFY, queue->index);
}

void guest_submit(struct guest_queue *queue, u16 head)
{
	guest_offer(queue, head);
	guest_kick(queue);
}

bool guest_used(struct guest_queue *queue, u32 *id, u32 *len)
{
	const u8 *element;

	if (guest_get16(queue->guest, queue->used + 2) == queue->used_seen)
		return false;
	element = guest_ram(queue->guest, queue->used + 4 + queue->used_seen++ % queue->num * 8);
	if (id)
		memcpy(id, element, 4);
	if (len)
		memcpy(len, element + 4, 4);
	return true;
}

bool guest_returned(struct guest_queue *queue)
{
	return guest_used(queue, NULL, NULL);
}

u32 guest_take_at(struct guest_queue *queue, const char *file, int line)
{
	u32 len;

	_assert_true(guest_used(queue, NULL, &len), "a used element to take", file, line);
	return len;
}

u32 guest_run(struct guest_queue *queue, u16 head)
{
	u32 id, len;

	guest_submit(queue, head);
	assert_true(guest_used(queue, &id, &len));
	assert_int_equal(id, head);
	return len;
}

void guest_sleep(struct guest *guest, u64 ns)
{
	struct clock *clock = &guest->platform.clock;
	u64 end = clock_now(clock) + ns;

	while (clock_next(clock) <= end) {
		clock_advance(clock, clock_next(clock));
		clock_fire(clock);
	}
	clock_advance(clock, end);
}

int guest_clone(struct guest *to, const struct guest *from)
{
	struct state_image image = { 0 };
	int error;

	assert_int_equal(state_save(&from->platform.state, &image), 0);
	error = state_load(&to->platform.state, image.data, image.size);
	free(image.data);
	return error;
}

u64 guest_random(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
