/* SPDX-License-Identifier: MIT */
/*
 * The core of all virtio devices (virtio 1.2 section 2): feature negotiation, device status,
 * configuration space, queues, interrupt status, reset. The transports (mmio.c, pci.c) map these to
 * registers; the devices only interpret chains of buffers.
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
/* With either of these the features are final: a legacy driver does not set FEATURES_OK. */
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
	VIRTIO_USED, /* the chain is returned to the driver */
	VIRTIO_WAIT, /* it stays in the queue; the device calls virtio_kick when it can continue */
	/* it stays, partly done; it is served again after the harts have run a little */
	VIRTIO_AGAIN,
	VIRTIO_BAD, /* it is malformed: the device needs a reset */
};

/* One kind of device; `self` is the pointer given to virtio_init. */
struct virtio_ops {
	u32 device_id; /* 5 Device Types */
	/*
	 * Serves one chain. It may consume the buffers, and sets *written (0 before the call) to
	 * the number of bytes that it filled from the front of chain->in.
	 */
	enum virtio_served (*serve)(void *self, unsigned queue, struct virtq_chain *chain,
				    u32 *written);
	/* Called when the driver writes to configuration space, in bounds. NULL: read-only. */
	void (*config_write)(void *self, u32 offset, unsigned size, u32 value);
	/* Called when a queue is reset: forgets partly done chains. NULL: there never are any. */
	void (*queue_reset)(void *self, unsigned queue);
	void (*reset)(void *self); /* called after the queues were reset; may be NULL */
};

struct virtio_setup {
	const struct virtio_ops *ops;
	void *self;
	const char *name; /* unique in the machine, below VIRTIO_NAME_MAX; copied */
	u64 features; /* those of the device type; the common ones are added */
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
	/* The transport's: interrupt_status got a bit for a queue or VIRTIO_SOURCE_CONFIG. */
	void (*notify)(void *ctx, unsigned source);
	void *notify_ctx;
	bool halted, legacy; /* virtio_halt; it follows from the transport's state. legacy.h */
	char fault[128]; /* why it needs a reset; not state, so "" after a load */
	struct clock_event work;
	u64 spent; /* cost of this turn in bytes (virtio_charge) */
	/* State, in addition to the queues' */
	u64 driver_features;
	u32 device_features_sel, driver_features_sel, queue_sel;
	u32 config_generation, page_size, queue_align; /* the last two: legacy transport */
	u64 pending; /* bit q: queue q is served again when `work` fires */
	u8 status, interrupt_status;
};

/* Registers the state, under setup->name; never fails. */
void virtio_init(struct virtio *virtio, struct platform *platform,
		 const struct virtio_setup *setup);
void virtio_set_queue_size(struct virtio *virtio, unsigned queue, u16 size); /* before use */

/* For transports. Selectors and indices come from the driver, and may be out of bounds. */
void virtio_reset(struct virtio *virtio);
u32 virtio_device_features(const struct virtio *virtio);
u32 virtio_driver_features(const struct virtio *virtio);
void virtio_set_driver_features(struct virtio *virtio, u32 value);
void virtio_set_status(struct virtio *virtio, u8 value);
void virtio_acknowledge(struct virtio *virtio, u32 interrupts);
struct virtq *virtio_selected(struct virtio *virtio); /* NULL: there is no such queue */
/* Returns the selected queue if it may be configured, because it is not ready; else NULL. */
struct virtq *virtio_configurable(struct virtio *virtio);
void virtio_queue_enable(struct virtio *virtio, bool ready);
/* resets the selected queue, if this was negotiated */
void virtio_queue_reset(struct virtio *virtio);
/* Reads 1, 2 or 4 bytes; those beyond the end are zeros. */
u32 virtio_config_read(const struct virtio *virtio, u32 offset, unsigned size);
void virtio_config_write(struct virtio *virtio, u32 offset, unsigned size, u32 value);

/* Serves a queue. Called at the driver's notification, or when the device can continue. */
void virtio_kick(struct virtio *virtio, u32 queue);

/* For devices: adds to the cost of the chain, and so of the turn; more may be asked than done. */
static inline void virtio_charge(struct virtio *virtio, u64 bytes)
{
	virtio->spent += MIN(bytes, PLATFORM_WORK_MOST);
	platform_work(virtio->platform, bytes);
}

/* For devices: finds chains with room for `bytes`. Changes nothing; may be called at any time. */
struct virtq_room virtio_room(const struct virtio *virtio, unsigned queue, u64 bytes);
/* Returns the room of all chains, each after a header, up to `most`. Changes nothing. */
u64 virtio_space(const struct virtio *virtio, unsigned queue, u64 header, u64 most);
/* For devices: returns whether chains may be taken from the queue. */
bool virtio_queue_live(const struct virtio *virtio, unsigned queue);

/* For transports: halts the device, which may not access memory then, or ends that. */
void virtio_halt(struct virtio *virtio, bool halted);

/* For devices: must be called after configuration space was changed. */
void virtio_config_changed(struct virtio *virtio);
/* Sets DEVICE_NEEDS_RESET, since the driver did something wrong (fault) at this position. */
void virtio_fail(struct virtio *virtio, unsigned queue, const char *fault, u16 position);

static inline bool virtio_negotiated(const struct virtio *virtio, u64 feature)
{
	return (virtio->status & VIRTIO_STATUS_FINAL) && (virtio->driver_features & feature);
}

#endif
