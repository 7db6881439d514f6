/* SPDX-License-Identifier: MIT */
/*
 * A guest for tests of virtio devices: RAM, a virtio-mmio slot, and the driver's side of its
 * queues, without a hart. It drives a device as a real driver does, or as a hostile one: every
 * field of the rings can be set.
 */
#ifndef TESTS_DEVICES_VIRTIO_GUEST_GUEST_H
#define TESTS_DEVICES_VIRTIO_GUEST_GUEST_H

#include "bus/platform.h"
#include "devices/virtio/mmio.h"
#include "devices/virtio/virtio.h"
#include "tests/cmocka.h"

#define GUEST_RAM 0x80000000ull
#define GUEST_RAM_SIZE (64 * MiB)
#define GUEST_RAM_END (GUEST_RAM + GUEST_RAM_SIZE)
#define GUEST_ROM 0x1000ull
#define GUEST_SLOT 0x10001000ull
#define GUEST_OTHER 0x10002000ull /* another device's registers; accesses are counted */
/* The areas of queue q. The test's buffers are from GUEST_DATA on. */
#define GUEST_QUEUE(q) (GUEST_RAM + (q) * 0x10000ull)
#define GUEST_DATA (GUEST_RAM + 1 * MiB)

/* The registers of the virtio specification, 4.2.2 "MMIO Device Register Layout". */
enum {
	MMIO_MAGIC = 0x000,
	MMIO_VERSION = 0x004,
	MMIO_DEVICE_ID = 0x008,
	MMIO_VENDOR_ID = 0x00c,
	MMIO_DEVICE_FEATURES = 0x010,
	MMIO_DEVICE_FEATURES_SEL = 0x014,
	MMIO_DRIVER_FEATURES = 0x020,
	MMIO_DRIVER_FEATURES_SEL = 0x024,
	MMIO_QUEUE_SEL = 0x030,
	MMIO_QUEUE_NUM_MAX = 0x034,
	MMIO_QUEUE_NUM = 0x038,
	MMIO_QUEUE_READY = 0x044,
	MMIO_QUEUE_NOTIFY = 0x050,
	MMIO_INTERRUPT_STATUS = 0x060,
	MMIO_INTERRUPT_ACK = 0x064,
	MMIO_STATUS = 0x070,
	MMIO_QUEUE_DESC = 0x080,
	MMIO_QUEUE_DRIVER = 0x090,
	MMIO_QUEUE_DEVICE = 0x0a0,
	MMIO_SHM_LEN = 0x0b0,
	MMIO_QUEUE_RESET = 0x0c0,
	MMIO_CONFIG_GENERATION = 0x0fc,
	MMIO_CONFIG = 0x100,
};

enum { F_NEXT = 1, F_WRITE = 2, F_INDIRECT = 4 };

struct guest {
	struct platform platform;
	struct ram ram, rom;
	struct virtio_mmio slot;
	bool line; /* level of the interrupt line */
	unsigned raised; /* how often it went from low to high */
	unsigned other_accesses;
};

struct guest_queue {
	struct guest *guest;
	unsigned index;
	u32 num;
	u64 desc, avail, used;
	u16 avail_idx, used_seen;
};

void guest_init(struct guest *guest, enum clock_mode mode);
void guest_free(struct guest *guest);

/* The teardown of cmocka for a test whose state is a struct that begins with its guest; it belongs
 * to setups such as probe_guest_setup(). It uses the struct's address as its guest's, which
 * GUEST_COMES_FIRST checks for each such struct. */
int guest_teardown(void **state);
#define GUEST_COMES_FIRST(type)                                                                    \
	_Static_assert(offsetof(type, guest) == 0, "guest_teardown() frees what comes first")

/* Puts the device into the slot; NULL: there is none. */
void guest_attach(struct guest *guest, struct virtio *virtio);

u32 guest_get(struct guest *guest, u32 reg);
void guest_set(struct guest *guest, u32 reg, u32 value);

/* These access RAM as the guest does. Addresses must be those of RAM. */
void *guest_ram(struct guest *guest, u64 addr);
void guest_put16(struct guest *guest, u64 addr, u16 value);
u16 guest_get16(struct guest *guest, u64 addr);

/* Initialises the device as in the specification's section 3.1.1, up to FEATURES_OK, with exactly
 * these features. Returns false if the device refuses them. */
bool guest_negotiate(struct guest *guest, u64 features);
void guest_driver_ok(struct guest *guest);
u64 guest_offered(struct guest *guest);
bool guest_needs_reset(struct guest *guest);

/* Configures and enables a queue of `num` entries at GUEST_QUEUE(index), whose areas are zero. */
void guest_queue_start(struct guest *guest, struct guest_queue *queue, unsigned index, u32 num);

/* Negotiates the features, enables one queue, and sets DRIVER_OK. */
void guest_start(struct guest *guest, struct guest_queue *queue, u64 features, u32 num);

void guest_desc(struct guest *guest, u64 table, u32 index, u64 addr, u32 len, u32 flags_next);
#define FLAGS(flags, next) ((u32)(flags) | (u32)(next) << 16)
#define ring_desc(queue, index, addr, len, flags_next)                                             \
	guest_desc((queue)->guest, (queue)->desc, index, addr, len, flags_next)

void guest_offer(struct guest_queue *queue, u16 head);
void guest_kick(struct guest_queue *queue);

/* Offers the chain and notifies the device, whatever it then does with it. */
void guest_submit(struct guest_queue *queue, u16 head);

/* Reads the next used element. Returns false if there is none. `id` and `len` may be NULL. */
bool guest_used(struct guest_queue *queue, u32 *id, u32 *len);

/* Reads the next used element and ignores its contents. Returns false if there is none. */
bool guest_returned(struct guest_queue *queue);

/* Returns the length in the next used element, which must exist. It is a macro, as cmocka's
 * assertions are, so that a failure names the line of the test. */
#define guest_take(queue) guest_take_at(queue, __FILE__, __LINE__)
u32 guest_take_at(struct guest_queue *queue, const char *file, int line);

/* Submits the chain, which the device must return at once. Returns the length that the device
 * wrote. */
u32 guest_run(struct guest_queue *queue, u16 head);

/* Lets `ns` of virtual time pass, and fires what is due, event by event. */
void guest_sleep(struct guest *guest, u64 ns);

/* Copies all registered state to another guest of the same configuration. Returns the result of
 * state_load. */
int guest_clone(struct guest *to, const struct guest *from);

/* Returns the next random number; `state` is the seed. */
u64 guest_random(u64 *state);

#endif
