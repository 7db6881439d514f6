/* SPDX-License-Identifier: MIT */
/*
 * The virtio device core: the actions of a transport's registers, and the only loop that takes
 * chains from a queue, lets the device serve them, and returns them to the driver. The work of a
 * turn is limited to PLATFORM_WORK_MOST, and is continued by a clock event, so that a driver can
 * never keep the host here.
 */
#include "devices/virtio/virtio.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/virtio/guest_error.h"
#include "devices/virtio/legacy.h"

/* After a turn that was ended early, the harts run for so many ns. */
#define TURN_PAUSE 1000
/* Reading a descriptor, and mapping its memory, takes as long as moving so many bytes. */
#define PIECE_COST 64

/* Legacy devices offer this; modern ones always accept any layout. */
#define VIRTIO_F_ANY_LAYOUT BIT(27)

/* The initial alignment is QEMU's, because some drivers (xv6's of 2021) rely on it. */
#define LEGACY_ALIGN PAGE_SIZE

#define COMMON_FEATURES                                                                            \
	(VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | VIRTIO_F_RING_RESET)

#define DRIVER_STATUS                                                                              \
	(VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER | VIRTIO_STATUS_FEATURES_OK |            \
	 VIRTIO_STATUS_DRIVER_OK | VIRTIO_STATUS_FAILED)

static const struct state_field device_fields[] = {
	STATE_FIELD(struct virtio, driver_features),
	STATE_FIELD(struct virtio, device_features_sel),
	STATE_FIELD(struct virtio, driver_features_sel),
	STATE_FIELD(struct virtio, queue_sel),
	STATE_FIELD(struct virtio, config_generation),
	STATE_FIELD(struct virtio, pending),
	STATE_FIELD(struct virtio, status),
	STATE_FIELD(struct virtio, interrupt_status),
	STATE_FIELD(struct virtio, page_size),
	STATE_FIELD(struct virtio, queue_align),
	STATE_FIELD(struct virtio, legacy),
};

static int device_loaded(void *self)
{
	struct virtio *virtio = self;
	u8 status = virtio->status;
	u64 foreign = virtio->driver_features & ~virtio->device_features;

	if (status & ~(DRIVER_STATUS | VIRTIO_STATUS_DEVICE_NEEDS_RESET))
		return -EINVAL;
	if ((status & VIRTIO_STATUS_DRIVER_OK) && !(status & VIRTIO_STATUS_FEATURES_OK) &&
	    !virtio->legacy)
		return -EINVAL;
	if ((status & VIRTIO_STATUS_FINAL) && foreign)
		return -EINVAL;
	if (virtio->interrupt_status & ~(VIRTIO_ISR_QUEUE | VIRTIO_ISR_CONFIG))
		return -EINVAL;
	if (virtio->queue_count < VIRTIO_QUEUES_MAX && virtio->pending >> virtio->queue_count)
		return -EINVAL;
	for (unsigned i = 0; i < virtio->queue_count; i++)
		if (!virtq_loaded(&virtio->queues[i], &virtio->platform->bus,
				  virtio->driver_features))
			return -EINVAL;
	virtio->fault[0] = 0;
	return 0;
}

static const struct state_type device_type = {
	.version = 5,
	.fields = device_fields,
	.count = ARRAY_SIZE(device_fields),
	.fixed = 1, /* legacy */
	.post_load = device_loaded,
};

static const struct state_field queue_fields[] = {
	STATE_FIELD(struct virtq, desc),       STATE_FIELD(struct virtq, driver),
	STATE_FIELD(struct virtq, device),     STATE_FIELD(struct virtq, num),
	STATE_FIELD(struct virtq, last_avail), STATE_FIELD(struct virtq, used_idx),
	STATE_FIELD(struct virtq, ready),
};

static const struct state_type queue_type = {
	.version = 1,
	.fields = queue_fields,
	.count = ARRAY_SIZE(queue_fields),
};

static void interrupt(struct virtio *virtio, u8 bit, unsigned source)
{
	virtio->interrupt_status |= bit;
	if (virtio->notify)
		virtio->notify(virtio->notify_ctx, source);
}

/* Stores a text that describes the fault and its place in the queue. */
static void note_fault(struct virtio *virtio, unsigned queue, const char *fault, u16 position)
{
	const struct virtq *virtq = &virtio->queues[queue];
	/* A packed ring's position has the wrap counter in its highest bit. */
	unsigned entry = virtq->num ? (position & 0x7fffu) % virtq->num : 0;
	int length =
		snprintf(virtio->fault, sizeof(virtio->fault),
			 virtq->ready ? "queue %u: %s, at entry %u of the ring" : "queue %u: %s",
			 queue, fault, entry);

	assert(length < (int)sizeof(virtio->fault));
}

void virtio_fail(struct virtio *virtio, unsigned queue, const char *fault, u16 position)
{
	note_fault(virtio, queue, fault, position);
	if (!(virtio->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET))
		log_warn(&virtio->platform->log, LOG_GUEST_ERRORS,
			 "%s: %s; the device does nothing more until its driver resets it",
			 virtio->name, virtio->fault);
	virtio->status |= VIRTIO_STATUS_DEVICE_NEEDS_RESET;
	virtio->pending = 0;
	clock_disarm(&virtio->platform->clock, &virtio->work);
	if (virtio->status & VIRTIO_STATUS_DRIVER_OK)
		interrupt(virtio, VIRTIO_ISR_CONFIG, VIRTIO_SOURCE_CONFIG);
}

void virtio_config_changed(struct virtio *virtio)
{
	virtio->config_generation++;
	if (virtio->status & VIRTIO_STATUS_DRIVER_OK)
		interrupt(virtio, VIRTIO_ISR_CONFIG, VIRTIO_SOURCE_CONFIG);
}

/*
 * Returns whether chains may be taken from the queue: not before DRIVER_OK is set (2.1.2), and not
 * without QueueReady (4.2.2.1).
 */
bool virtio_queue_live(const struct virtio *virtio, unsigned queue)
{
	const u8 mask = VIRTIO_STATUS_DRIVER_OK | VIRTIO_STATUS_DEVICE_NEEDS_RESET |
			VIRTIO_STATUS_FAILED;

	return (virtio->status & mask) == VIRTIO_STATUS_DRIVER_OK && !virtio->halted &&
	       virtio->queues[queue].ready;
}

static void work_later(struct virtio *virtio, unsigned queue)
{
	struct clock *clock = &virtio->platform->clock;

	virtio->pending |= BIT(queue);
	if (virtio->work.when == CLOCK_NEVER)
		clock_arm(clock, &virtio->work, clock_now(clock) + TURN_PAUSE);
}

static void charge_chain(struct virtio *virtio, const struct virtq_chain *chain)
{
	u64 pieces = chain->out.count + chain->in.count;

	virtio_charge(virtio,
		      PLATFORM_WORK_CALL + pieces * PIECE_COST + chain->out.size + chain->in.size);
}

/*
 * Serves the chains that are available, but only as many as were available at the beginning:
 * otherwise a driver that lets the device write to the available ring could keep it busy. Sets
 * *more if the turn ended early, or if new chains have become available.
 */
static const char *serve_chains(struct virtio *virtio, unsigned queue, struct virtq_ring *ring,
				bool *more)
{
	enum virtio_served served = VIRTIO_USED;
	struct virtq_chain chain;
	unsigned waiting;
	const char *fault = virtq_waiting(ring, &waiting);

	virtio->spent = 0;
	for (; !fault && waiting && virtio->spent < PLATFORM_WORK_MOST; waiting--) {
		u32 written = 0;

		fault = virtq_peek(ring, &chain);
		if (fault)
			return fault;
		charge_chain(virtio, &chain);
		served = virtio->ops->serve(virtio->self, queue, &chain, &written);
		if (served == VIRTIO_BAD)
			return "malformed request";
		if (served != VIRTIO_USED)
			break;
		virtq_push(ring, &chain, written);
	}
	if (!fault)
		fault = virtq_waiting(ring, &waiting);
	*more = served == VIRTIO_AGAIN || (served == VIRTIO_USED && waiting);
	return fault;
}

static void serve_queue(struct virtio *virtio, unsigned queue)
{
	struct virtq_ring ring;
	bool more = false;
	const char *fault;

	if (!virtio_queue_live(virtio, queue))
		return;
	fault = virtq_open(&ring, &virtio->queues[queue], &virtio->platform->bus,
			   virtio->driver_features);
	if (!fault) {
		fault = serve_chains(virtio, queue, &ring, &more);
		if (virtq_close(&ring))
			interrupt(virtio, VIRTIO_ISR_QUEUE, queue);
	}
	if (fault)
		virtio_fail(virtio, queue, fault, virtio->queues[queue].last_avail);
	else if (more)
		work_later(virtio, queue);
}

static void work(void *ctx, u64 now)
{
	struct virtio *virtio = ctx;
	u64 pending = virtio->pending;

	(void)now;
	virtio->pending = 0;
	for (; pending; pending &= pending - 1)
		serve_queue(virtio, (unsigned)__builtin_ctzll(pending));
}

static const char *count_room(struct virtq_ring *ring, u64 bytes, unsigned *chains)
{
	struct virtq_chain chain;
	unsigned waiting;
	u64 room = 0;
	const char *fault = virtq_waiting(ring, &waiting);

	for (unsigned n = 1; !fault && n <= waiting; n++) {
		fault = virtq_peek(ring, &chain);
		if (fault)
			return fault;
		room += chain.in.size;
		if (room >= bytes) {
			*chains = n;
			return NULL;
		}
		virtq_skip(ring, &chain);
	}
	return fault;
}

struct virtq_room virtio_room(const struct virtio *virtio, unsigned queue, u64 bytes)
{
	struct virtq copy = virtio->queues[queue];
	struct virtq_room room = { .chains = 0 };
	struct virtq_ring ring;

	if (!virtio_queue_live(virtio, queue))
		return room;
	room.fault =
		virtq_open_readonly(&ring, &copy, &virtio->platform->bus, virtio->driver_features);
	if (!room.fault)
		room.fault = count_room(&ring, bytes, &room.chains);
	room.position = copy.last_avail;
	return room;
}

static void count_space(struct virtq_ring *ring, u64 header, u64 most, u64 *space)
{
	struct virtq_chain chain;
	unsigned waiting;

	if (virtq_waiting(ring, &waiting))
		return;
	for (; waiting && *space < most && !virtq_peek(ring, &chain); waiting--) {
		*space += chain.in.size - MIN(chain.in.size, header);
		virtq_skip(ring, &chain);
	}
	*space = MIN(*space, most);
}

u64 virtio_space(const struct virtio *virtio, unsigned queue, u64 header, u64 most)
{
	struct virtq copy = virtio->queues[queue];
	struct virtq_ring ring;
	u64 space = 0;

	if (most && virtio_queue_live(virtio, queue) &&
	    !virtq_open_readonly(&ring, &copy, &virtio->platform->bus, virtio->driver_features))
		count_space(&ring, header, most, &space);
	return space;
}

void virtio_kick(struct virtio *virtio, u32 queue)
{
	if (queue < virtio->queue_count)
		serve_queue(virtio, queue);
	else
		guest_error(virtio, "notification for queue %u, which does not exist", queue);
}

static void serve_all(struct virtio *virtio)
{
	for (unsigned i = 0; i < virtio->queue_count; i++)
		serve_queue(virtio, i);
}

void virtio_halt(struct virtio *virtio, bool halted)
{
	bool before = virtio->halted;

	virtio->halted = halted;
	if (before && !halted)
		serve_all(virtio);
}

/* Forgets what a device was doing with a queue. */
static void forget_queue(struct virtio *virtio, unsigned queue)
{
	virtio->pending &= ~BIT(queue);
	if (virtio->ops->queue_reset)
		virtio->ops->queue_reset(virtio->self, queue);
}

static void reset_queue(struct virtio *virtio, unsigned queue)
{
	virtq_reset(&virtio->queues[queue]);
	forget_queue(virtio, queue);
}

void virtio_reset(struct virtio *virtio)
{
	for (unsigned i = 0; i < virtio->queue_count; i++)
		reset_queue(virtio, i);
	clock_disarm(&virtio->platform->clock, &virtio->work);
	virtio->driver_features = 0;
	virtio->device_features_sel = 0;
	virtio->driver_features_sel = 0;
	virtio->queue_sel = 0;
	virtio->status = 0;
	virtio->fault[0] = 0;
	virtio->interrupt_status = 0;
	virtio->queue_align = LEGACY_ALIGN;
	if (virtio->ops->reset)
		virtio->ops->reset(virtio->self);
}

u32 virtio_device_features(const struct virtio *virtio)
{
	u32 sel = virtio->device_features_sel;

	return sel < 2 ? (u32)(virtio->device_features >> 32 * sel) : 0;
}

u32 virtio_driver_features(const struct virtio *virtio)
{
	u32 sel = virtio->driver_features_sel;

	return sel < 2 ? (u32)(virtio->driver_features >> 32 * sel) : 0;
}

void virtio_set_driver_features(struct virtio *virtio, u32 value)
{
	u64 before = virtio->driver_features;
	u32 sel = virtio->driver_features_sel;

	if (virtio->status & VIRTIO_STATUS_FINAL) {
		guest_error(virtio, "features written after FEATURES_OK");
		return;
	}
	if (sel < 2)
		virtio->driver_features =
			field_set(virtio->driver_features, 0xffffffffull << 32 * sel, value);
	/* A queue that was configured for the other ring format becomes invalid. */
	if ((virtio->driver_features ^ before) & VIRTIO_F_RING_PACKED)
		for (unsigned i = 0; i < virtio->queue_count; i++)
			reset_queue(virtio, i);
}

/*
 * Writes the device status, whose bits can only be set, except by a reset (2.1.1). FEATURES_OK is
 * refused if the driver has accepted features that were not offered. It is not refused without
 * VIRTIO_F_VERSION_1, although it could be ("MAY fail to operate", 6.2): some drivers (xv6's) never
 * read the upper half of the features, but use the modern layout. A legacy driver does not set
 * FEATURES_OK; those of its features that were offered are valid from DRIVER_OK on.
 */
void virtio_set_status(struct virtio *virtio, u8 value)
{
	u8 before = virtio->status;
	u8 status = before | (value & DRIVER_STATUS);

	if (!value) {
		virtio_reset(virtio);
		return;
	}
	if (virtio->legacy && status & VIRTIO_STATUS_DRIVER_OK)
		virtio->driver_features &= virtio->device_features;
	if (virtio->driver_features & ~virtio->device_features) {
		guest_error(virtio, "features not offered: %#llx", virtio->driver_features);
		status &= ~VIRTIO_STATUS_FEATURES_OK;
	}
	if (!(status & VIRTIO_STATUS_FEATURES_OK) && !virtio->legacy)
		status &= ~VIRTIO_STATUS_DRIVER_OK;
	virtio->status = status;
	/* Buffers that were made available before DRIVER_OK are served now (3.1.1). */
	if ((status & ~before) & VIRTIO_STATUS_DRIVER_OK)
		serve_all(virtio);
}

void virtio_acknowledge(struct virtio *virtio, u32 interrupts)
{
	virtio->interrupt_status &= ~interrupts;
}

struct virtq *virtio_selected(struct virtio *virtio)
{
	return virtio->queue_sel < virtio->queue_count ? &virtio->queues[virtio->queue_sel] : NULL;
}

struct virtq *virtio_configurable(struct virtio *virtio)
{
	struct virtq *queue = virtio_selected(virtio);

	if (queue && !queue->ready)
		return queue;
	guest_error(virtio, "queue %u is absent or ready and cannot be configured",
		    virtio->queue_sel);
	return NULL;
}

void virtio_queue_enable(struct virtio *virtio, bool ready)
{
	struct virtq *queue = virtio_selected(virtio);
	const char *fault = NULL;

	if (!queue) {
		guest_error(virtio, "queue %u enabled, which does not exist", virtio->queue_sel);
		return;
	}
	if (!ready) {
		queue->ready = 0;
		forget_queue(virtio, virtio->queue_sel);
	} else if (!queue->ready) {
		fault = virtq_enable(queue, &virtio->platform->bus, virtio->driver_features);
	}
	if (fault)
		virtio_fail(virtio, virtio->queue_sel, fault, queue->last_avail);
}

void virtio_queue_reset(struct virtio *virtio)
{
	if (virtio_selected(virtio) && virtio_negotiated(virtio, VIRTIO_F_RING_RESET))
		reset_queue(virtio, virtio->queue_sel);
	else
		guest_error(virtio, "reset of queue %u refused", virtio->queue_sel);
}

u32 virtio_config_read(const struct virtio *virtio, u32 offset, unsigned size)
{
	u32 value = 0;

	if (offset < virtio->config_size)
		memcpy(&value, virtio->config + offset, MIN(size, virtio->config_size - offset));
	return value;
}

void virtio_config_write(struct virtio *virtio, u32 offset, unsigned size, u32 value)
{
	if (virtio->ops->config_write && range_within(offset, size, 0, virtio->config_size))
		virtio->ops->config_write(virtio->self, offset, size, value);
	else
		guest_error(virtio, "write to config space at %#x", offset);
}

void virtio_make_legacy(struct virtio *virtio)
{
	virtio->legacy = true;
	virtio->device_features = (u32)virtio->device_features | VIRTIO_F_ANY_LAYOUT;
}

void virtio_set_queue_size(struct virtio *virtio, unsigned queue, u16 size)
{
	assert(size && size <= VIRTQ_SIZE_MAX && !(size & (size - 1)));
	virtio->queues[queue].num_max = size;
	virtq_reset(&virtio->queues[queue]);
}

void virtio_init(struct virtio *virtio, struct platform *platform, const struct virtio_setup *setup)
{
	char name[STATE_NAME_MAX];

	assert(setup->queue_count <= VIRTIO_QUEUES_MAX);
	*virtio = (struct virtio){
		.ops = setup->ops,
		.self = setup->self,
		.platform = platform,
		.device_features = setup->features | COMMON_FEATURES,
		.queue_count = setup->queue_count,
		.config = setup->config,
		.config_size = setup->config_size,
		.work = { .when = CLOCK_NEVER, .fire = work, .ctx = virtio },
		.queue_align = LEGACY_ALIGN,
	};
	snprintf(virtio->name, sizeof(virtio->name), "%s", setup->name);
	state_register(&platform->state, virtio->name, &device_type, virtio);
	for (unsigned i = 0; i < virtio->queue_count; i++) {
		virtio_set_queue_size(virtio, i, setup->queue_size);
		snprintf(name, sizeof(name), "%s.queue%u", virtio->name, i);
		state_register(&platform->state, name, &queue_type, &virtio->queues[i]);
	}
	snprintf(name, sizeof(name), "%s.work", virtio->name);
	clock_event_init(&platform->clock, &platform->state, &virtio->work, name);
}
