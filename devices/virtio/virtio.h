/* SPDX-License-Identifier: MIT */
/*
 * The core of all virtio devices (virtio 1.2 section 2): feature negotiation, device status,
 * configuration space, queues, interrupt status, reset. The transports (mmio.c, pci.c) map these to
 * registers; the devices only interpret chains.
 */
#ifndef DEVICES_VIRTIO_VIRTIO_H
#define DEVICES_VIRTIO_VIRTIO_H

#include "bus/platform.h"
#include "devices/virtio/queue.h"

#define VIRTIO_QUEUES_MAX 64
#define VIRTIO_NAME_MAX 16

/* 2.1 Device Status Field */
#define VIRTIO_STATUS_ACKNOWLEDGE 1
#define VIRTIO_STATUS_DRIVER 2
#define VIRTIO_STATUS_DRIVER_OK 4
#define VIRTIO_STATUS_FEATURES_OK 8
#define VIRTIO_STATUS_DEVICE_NEEDS_RESET 64
#define VIRTIO_STATUS_FAILED 128
/* Either says that the features are final: a legacy driver knows no FEATURES_OK. */
#define VIRTIO_STATUS_FINAL (VIRTIO_STATUS_FEATURES_OK | VIRTIO_STATUS_DRIVER_OK)

/* 6 Reserved Feature Bits; those of the queue are in queue.h */
#define VIRTIO_F_VERSION_1 BIT(32)
#define VIRTIO_F_RING_RESET BIT(40)

/* Interrupt status (4.2.2 InterruptStatus, 4.1.4.5 ISR status) */
#define VIRTIO_ISR_QUEUE 1
#define VIRTIO_ISR_CONFIG 2

/* The source of a configuration change's notification. */
#define VIRTIO_SOURCE_CONFIG VIRTIO_QUEUES_MAX

/* The result of serving a chain. */
enum virtio_served {
	VIRTIO_USED, /* return it to the driver */
	VIRTIO_WAIT, /* leave it; the device calls virtio_kick when it can go on */
	VIRTIO_AGAIN, /* leave it, partly done; serve it again after the harts have run a little */
	VIRTIO_BAD, /* malformed: the device needs a reset */
};

/* One kind of device; `self` is the pointer given to virtio_init. */
struct virtio_ops {
	u32 device_id; /* 5 Device Types */
	/*
	 * Serve one chain. The buffers may be consumed; *written (0 before the call) becomes the
	 * number of bytes filled from the front of chain->in.
	 */
	enum virtio_served (*serve)(void *self, unsigned queue, struct virtq_chain *chain,
				    u32 *written);
	/* The driver wrote to configuration space, in bounds. NULL: it is read-only. */
	void (*config_write)(void *self, u32 offset, unsigned size, u32 value);
	/* A queue was reset: the device forgets partly done chains. NULL: it never has any. */
	void (*queue_reset)(void *self, unsigned queue);
	/* The device was reset, its queues before it. NULL: it has nothing else to reset. */
	void (*reset)(void *self);
};

struct virtio_setup {
	const struct virtio_ops *ops;
	void *self;
	const char *name; /* unique in the machine, below VIRTIO_NAME_MAX; copied */
	u64 features; /* the device type's own; the common ones are added */
	unsigned queue_count; /* at most VIRTIO_QUEUES_MAX */
	u16 queue_size; /* a power of two, at most VIRTQ_SIZE_MAX */
	const void *config; /* configuration space as the driver reads it; outlives the device */
	u32 config_size;
};

struct virtio {
	const struct virtio_ops *ops;
	void *self;
	struct platform *platform;
	char name[VIRTIO_NAME_MAX];
	u64 device_features;
	unsigned queue_count;
	struct virtq queues[VIRTIO_QUEUES_MAX];
	const u8 *config;
	u32 config_size;
	/* The transport's: interrupt_status got a bit, for this queue or VIRTIO_SOURCE_CONFIG. */
	void (*notify)(void *ctx, unsigned source);
	void *notify_ctx;
	bool halted, legacy; /* by the transport (virtio_halt), from its state; see legacy.h */
	char fault[128]; /* why it needs a reset; also "" after a state was loaded */
	struct clock_event work;
	u64 spent; /* bytes of this turn, see virtio_spend */
	/* State, beside the queues' */
	u64 driver_features;
	u32 device_features_sel, driver_features_sel, queue_sel;
	u32 config_generation, page_size, queue_align; /* the latter two of a legacy transport */
	u64 pending; /* bit q: queue q is served again when `work` fires */
	u8 status, interrupt_status;
};

/* Registers the state, under setup->name; never fails. */
void virtio_init(struct virtio *virtio, struct platform *platform,
		 const struct virtio_setup *setup);
void virtio_set_queue_size(struct virtio *virtio, unsigned queue, u16 size); /* before use */

/* These are for transports. Selectors and indices are the driver's, and may be out of bounds. */
void virtio_reset(struct virtio *virtio);
u32 virtio_device_features(const struct virtio *virtio);
u32 virtio_driver_features(const struct virtio *virtio);
void virtio_set_driver_features(struct virtio *virtio, u32 value);
void virtio_set_status(struct virtio *virtio, u8 value);
void virtio_acknowledge(struct virtio *virtio, u32 interrupts);
struct virtq *virtio_selected(struct virtio *virtio); /* NULL: no such queue */
/* Returns the selected queue if the driver may configure it, because it is not ready; else NULL. */
struct virtq *virtio_configurable(struct virtio *virtio);
void virtio_queue_enable(struct virtio *virtio, bool ready);
void virtio_queue_reset(struct virtio *virtio); /* the selected one; ignored if not negotiated */
/* Reads 1, 2 or 4 bytes; zeros beyond the end. */
u32 virtio_config_read(const struct virtio *virtio, u32 offset, unsigned size);
void virtio_config_write(struct virtio *virtio, u32 offset, unsigned size, u32 value);

/* Serves a queue: after the driver's notification, or when the device can continue. */
void virtio_kick(struct virtio *virtio, u32 queue);

/* For devices: adds `bytes` to the cost of the current chain, and so of the turn. */
static inline void virtio_spend(struct virtio *virtio, u64 bytes)
{
	virtio->spent += bytes;
}

/* For devices: finds room for `bytes` bytes. Changes nothing, and may be called at any time. */
struct virtq_room virtio_room(const struct virtio *virtio, unsigned queue, u64 bytes);
/* Returns how many bytes chains can take, each after a header, up to `most`. Changes nothing. */
u64 virtio_space(const struct virtio *virtio, unsigned queue, u64 header, u64 most);
/* For devices: returns whether chains may be taken from the queue. */
bool virtio_queue_live(const struct virtio *virtio, unsigned queue);

/* For transports: forbids the device to access memory, or allows it again. */
void virtio_halt(struct virtio *virtio, bool halted);

/* For devices: must be called after configuration space was changed. */
void virtio_config_changed(struct virtio *virtio);
/* For a driver that broke the rules at a position: DEVICE_NEEDS_RESET until the next reset. */
void virtio_fail(struct virtio *virtio, unsigned queue, const char *fault, u16 position);

static inline bool virtio_negotiated(const struct virtio *virtio, u64 feature)
{
	return (virtio->status & VIRTIO_STATUS_FINAL) && (virtio->driver_features & feature);
}

#endif
