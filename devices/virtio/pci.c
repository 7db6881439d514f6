/* SPDX-License-Identifier: MIT */
/*
 * virtio-pci registers: a table maps an offset to the function of the device core (4.1.4.3), as in
 * mmio.c. A field can be accessed only with its own width (4.1.3.1). Start at the table.
 */
#include "devices/virtio/pci.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VENDOR_ID 0x1af4
#define DEVICE_ID 0x1040 /* plus the device's type */
#define REVISION 1
#define SUBSYSTEM_ID 0x1100
#define PCI_CAP_ID_VNDR 9

#define MSI_NO_VECTOR 0xffff

/* 4.1.4 Virtio Structure PCI Capabilities */
struct virtio_pci_cap {
	u8 cap_vndr, cap_next, cap_len, cfg_type, bar, id, padding[2];
	u32 offset, length;
};

#define CAP_COMMON_CFG 1
#define CAP_NOTIFY_CFG 2
#define CAP_ISR_CFG 3
#define CAP_DEVICE_CFG 4
#define CAP_PCI_CFG 5

/* The BARs, and the layout of the large one, are those of QEMU's devices. */
#define MSIX_BAR 1
#define BAR 4
#define BAR_SIZE 0x4000
#define PART_SIZE 0x1000
#define COMMON 0x0000
#define ISR 0x1000
#define DEVICE 0x2000
#define NOTIFY 0x3000
#define NOTIFY_MULTIPLIER 4
#define COMMON_SIZE 0x3c

struct pci_register {
	const char *name;
	u8 size;
	u32 (*read)(struct virtio_pci *transport); /* NULL: write-only */
	void (*write)(struct virtio_pci *transport, u32 value); /* NULL: read-only */
};

/*
 * The PCI class code of each device type, as in QEMU. Types that are not listed have 0x00ff, QEMU's
 * PCI_CLASS_OTHERS.
 */
static const u16 classes[] = {
	[1] = 0x0200, /* network: Ethernet */
	[2] = 0x0100, /* block: storage: SCSI */
	[3] = 0x0780, /* console: communication: other */
	[9] = 0x0002, /* 9P: unclassified */
	[16] = 0x0380, /* GPU: display: other */
	[18] = 0x0980, /* input: other */
	[19] = 0x0780, /* sockets: communication: other */
	[25] = 0x0401, /* sound: multimedia: audio */
	[26] = 0x0180, /* file system: storage: other */
};

static u16 class_of(u32 type)
{
	return type < ARRAY_SIZE(classes) && classes[type] ? classes[type] : 0x00ff;
}

/* Drives the interrupt line from the interrupt status. If MSI-X is enabled, the line stays low. */
static void virtio_pci_update(struct virtio_pci *transport)
{
	pci_set_pin(&transport->pci,
		    transport->virtio->interrupt_status && !pci_msix_enabled(&transport->msix));
}

static void notify(void *ctx, unsigned source)
{
	struct virtio_pci *transport = ctx;
	u16 vector = source == VIRTIO_SOURCE_CONFIG ? transport->config_vector :
						      transport->queue_vectors[source];

	pci_msix_notify(&transport->msix, vector);
	virtio_pci_update(transport);
}

static void forget_vectors(struct virtio_pci *transport)
{
	transport->config_vector = MSI_NO_VECTOR;
	for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++)
		transport->queue_vectors[i] = MSI_NO_VECTOR;
}

/*
 * Returns the vector to store. One that does not exist reads back as VIRTIO_MSI_NO_VECTOR
 * (4.1.5.1.2).
 */
static u16 vector_of(const struct virtio_pci *transport, u32 value)
{
	return value < transport->msix.count ? (u16)value : MSI_NO_VECTOR;
}

static u32 read_device_feature_select(struct virtio_pci *transport)
{
	return transport->virtio->device_features_sel;
}

static void write_device_feature_select(struct virtio_pci *transport, u32 value)
{
	transport->virtio->device_features_sel = value;
}

static u32 read_device_feature(struct virtio_pci *transport)
{
	return virtio_device_features(transport->virtio);
}

static u32 read_driver_feature_select(struct virtio_pci *transport)
{
	return transport->virtio->driver_features_sel;
}

static void write_driver_feature_select(struct virtio_pci *transport, u32 value)
{
	transport->virtio->driver_features_sel = value;
}

static u32 read_driver_feature(struct virtio_pci *transport)
{
	return virtio_driver_features(transport->virtio);
}

static void write_driver_feature(struct virtio_pci *transport, u32 value)
{
	virtio_set_driver_features(transport->virtio, value);
}

static u32 read_config_vector(struct virtio_pci *transport)
{
	return transport->config_vector;
}

static void write_config_vector(struct virtio_pci *transport, u32 value)
{
	transport->config_vector = vector_of(transport, value);
}

static u32 read_num_queues(struct virtio_pci *transport)
{
	return transport->virtio->queue_count;
}

static u32 read_status(struct virtio_pci *transport)
{
	return transport->virtio->status;
}

static void write_status(struct virtio_pci *transport, u32 value)
{
	virtio_set_status(transport->virtio, (u8)value);
	if (!value)
		forget_vectors(transport);
}

static u32 read_config_generation(struct virtio_pci *transport)
{
	return transport->virtio->config_generation;
}

static u32 read_queue_select(struct virtio_pci *transport)
{
	return transport->virtio->queue_sel;
}

static void write_queue_select(struct virtio_pci *transport, u32 value)
{
	transport->virtio->queue_sel = value;
}

static u32 read_queue_size(struct virtio_pci *transport)
{
	const struct virtq *queue = virtio_selected(transport->virtio);

	return queue ? queue->num : 0;
}

static void write_queue_size(struct virtio_pci *transport, u32 value)
{
	struct virtq *queue = virtio_configurable(transport->virtio);

	if (queue)
		virtq_set_num(queue, value);
}

static u32 read_queue_vector(struct virtio_pci *transport)
{
	return virtio_selected(transport->virtio) ?
		       transport->queue_vectors[transport->virtio->queue_sel] :
		       MSI_NO_VECTOR;
}

static void write_queue_vector(struct virtio_pci *transport, u32 value)
{
	if (virtio_selected(transport->virtio))
		transport->queue_vectors[transport->virtio->queue_sel] =
			vector_of(transport, value);
}

static u32 read_queue_enable(struct virtio_pci *transport)
{
	const struct virtq *queue = virtio_selected(transport->virtio);

	return queue ? queue->ready : 0;
}

/*
 * Enables the selected queue. Other values than 1 are ignored: "The driver MUST NOT write a 0"
 * (4.1.4.3.2).
 */
static void write_queue_enable(struct virtio_pci *transport, u32 value)
{
	if (value == 1)
		virtio_queue_enable(transport->virtio, true);
}

static u32 read_queue_notify_off(struct virtio_pci *transport)
{
	return virtio_selected(transport->virtio) ? transport->virtio->queue_sel : 0;
}

/* Defines the functions that read and write one half of the address of a queue's area. */
#define AREA_HALF(area, half, shift)                                                               \
	static u32 read_##area##_##half(struct virtio_pci *transport)                              \
	{                                                                                          \
		const struct virtq *queue = virtio_selected(transport->virtio);                    \
                                                                                                   \
		return queue ? (u32)(queue->area >> (shift)) : 0;                                  \
	}                                                                                          \
	static void write_##area##_##half(struct virtio_pci *transport, u32 value)                 \
	{                                                                                          \
		struct virtq *queue = virtio_configurable(transport->virtio);                      \
                                                                                                   \
		if (queue)                                                                         \
			queue->area = field_set(queue->area, 0xffffffffull << (shift), value);     \
	}

AREA_HALF(desc, low, 0)
AREA_HALF(desc, high, 32)
AREA_HALF(driver, low, 0)
AREA_HALF(driver, high, 32)
AREA_HALF(device, low, 0)
AREA_HALF(device, high, 32)

/*
 * Returns the value for queue_notify_data, which drivers without VIRTIO_F_NOTIF_CONFIG_DATA ignore.
 */
static u32 read_queue_notify_data(struct virtio_pci *transport)
{
	return read_queue_notify_off(transport);
}

/* Returns 0: a queue's reset is complete when the write that requests it returns. */
static u32 read_queue_reset(struct virtio_pci *transport)
{
	(void)transport;
	return 0;
}

static void write_queue_reset(struct virtio_pci *transport, u32 value)
{
	if (value == 1)
		virtio_queue_reset(transport->virtio);
}

/* 4.1.4.3 Common configuration structure layout */
static const struct pci_register registers[COMMON_SIZE] = {
	[0x00] = { "device_feature_select", 4, read_device_feature_select,
		   write_device_feature_select },
	[0x04] = { "device_feature", 4, read_device_feature, NULL },
	[0x08] = { "driver_feature_select", 4, read_driver_feature_select,
		   write_driver_feature_select },
	[0x0c] = { "driver_feature", 4, read_driver_feature, write_driver_feature },
	[0x10] = { "config_msix_vector", 2, read_config_vector, write_config_vector },
	[0x12] = { "num_queues", 2, read_num_queues, NULL },
	[0x14] = { "device_status", 1, read_status, write_status },
	[0x15] = { "config_generation", 1, read_config_generation, NULL },
	[0x16] = { "queue_select", 2, read_queue_select, write_queue_select },
	[0x18] = { "queue_size", 2, read_queue_size, write_queue_size },
	[0x1a] = { "queue_msix_vector", 2, read_queue_vector, write_queue_vector },
	[0x1c] = { "queue_enable", 2, read_queue_enable, write_queue_enable },
	[0x1e] = { "queue_notify_off", 2, read_queue_notify_off, NULL },
	[0x20] = { "queue_desc", 4, read_desc_low, write_desc_low },
	[0x24] = { "queue_desc", 4, read_desc_high, write_desc_high },
	[0x28] = { "queue_driver", 4, read_driver_low, write_driver_low },
	[0x2c] = { "queue_driver", 4, read_driver_high, write_driver_high },
	[0x30] = { "queue_device", 4, read_device_low, write_device_low },
	[0x34] = { "queue_device", 4, read_device_high, write_device_high },
	[0x38] = { "queue_notify_data", 2, read_queue_notify_data, NULL },
	[0x3a] = { "queue_reset", 2, read_queue_reset, write_queue_reset },
};

/* Returns the register at an offset if the access has the register's width, else NULL. */
static const struct pci_register *virtio_pci_find(struct virtio_pci *transport, u64 offset,
						  unsigned size)
{
	if (offset < COMMON_SIZE && registers[offset].size == size)
		return &registers[offset];
	log_line(&transport->pci.platform->log, LOG_GUEST_ERRORS,
		 "%s: access of %u bytes at offset %#llx of the common configuration",
		 transport->virtio->name, size, offset);
	return NULL;
}

static bool bar_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct virtio_pci *transport = ctx;
	u64 part = offset % PART_SIZE;
	const struct pci_register *reg;

	*value = 0;
	switch (offset - part) {
	case COMMON:
		reg = virtio_pci_find(transport, part, size);
		if (reg)
			*value = reg->read(transport);
		break;
	case ISR:
		/* A read clears the interrupt status, which lowers the line (4.1.4.5). */
		if (part)
			break;
		*value = transport->virtio->interrupt_status;
		virtio_acknowledge(transport->virtio, UINT32_MAX);
		virtio_pci_update(transport);
		break;
	case DEVICE:
		*value = virtio_config_read(transport->virtio, (u32)part, size);
		break;
	default:
		break;
	}
	return true;
}

static bool bar_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct virtio_pci *transport = ctx;
	u64 part = offset % PART_SIZE;
	const struct pci_register *reg;

	switch (offset - part) {
	case COMMON:
		reg = virtio_pci_find(transport, part, size);
		if (reg && reg->write)
			reg->write(transport, (u32)value);
		break;
	case DEVICE:
		virtio_config_write(transport->virtio, (u32)part, size, (u32)value);
		break;
	case NOTIFY:
		virtio_kick(transport->virtio, (u32)part / NOTIFY_MULTIPLIER);
		break;
	default:
		break;
	}
	/* Any write may have raised or lowered the line. */
	virtio_pci_update(transport);
	return true;
}

static const struct bus_ops bar_ops = { bar_read, bar_write };

/*
 * Finds the access that the guest requests through the PCI configuration access capability, whose
 * last 4 bytes are a window to the BAR (4.1.4.9). Returns false if the BAR does not accept it.
 */
static bool window(const struct virtio_pci *transport, u32 *offset, u32 *size)
{
	struct virtio_pci_cap cap;

	memcpy(&cap, transport->pci.config + transport->access, sizeof(cap));
	*offset = cap.offset;
	*size = cap.length;
	return cap.bar == BAR && (cap.length == 1 || cap.length == 2 || cap.length == 4) &&
	       cap.offset % cap.length == 0 && range_within(cap.offset, cap.length, 0, BAR_SIZE);
}

static bool touches_window(const struct virtio_pci *transport, u32 offset)
{
	return offset - (transport->access + sizeof(struct virtio_pci_cap)) < 4;
}

static void reading(void *ctx, u32 offset, unsigned size)
{
	struct virtio_pci *transport = ctx;
	u32 where, length;
	u64 value;

	(void)size;
	if (!touches_window(transport, offset) || !window(transport, &where, &length))
		return;
	bar_read(transport, where, length, &value);
	memcpy(transport->pci.config + transport->access + sizeof(struct virtio_pci_cap), &value,
	       length);
}

static void virtio_pci_written(void *ctx, u32 offset, unsigned size)
{
	struct virtio_pci *transport = ctx;
	u32 where, length;

	(void)size;
	if (touches_window(transport, offset) && window(transport, &where, &length))
		bar_write(transport, where, length,
			  pci_get(&transport->pci,
				  transport->access + (unsigned)sizeof(struct virtio_pci_cap),
				  length));
	pci_msix_update(&transport->msix);
	virtio_halt(transport->virtio, !pci_masters(&transport->pci));
	virtio_pci_update(transport);
}

/*
 * Adds a capability for a part of the BAR, with `extra` bytes after the common fields. Returns its
 * offset.
 */
static u8 add_structure(struct virtio_pci *transport, u8 type, u32 offset, u32 length, u8 extra)
{
	struct pci_device *pci = &transport->pci;
	u8 size = (u8)sizeof(struct virtio_pci_cap) + extra;
	u8 at = pci_device_capability(pci, PCI_CAP_ID_VNDR, size);

	pci_put(pci, at + offsetof(struct virtio_pci_cap, cap_len), 1, size);
	pci_put(pci, at + offsetof(struct virtio_pci_cap, cfg_type), 1, type);
	pci_put(pci, at + offsetof(struct virtio_pci_cap, bar), 1, length ? BAR : 0);
	pci_put(pci, at + offsetof(struct virtio_pci_cap, offset), 4, offset);
	pci_put(pci, at + offsetof(struct virtio_pci_cap, length), 4, length);
	return at;
}

static void add_structures(struct virtio_pci *transport)
{
	struct pci_device *pci = &transport->pci;
	u32 queues = transport->virtio->queue_count;
	u8 at;

	add_structure(transport, CAP_COMMON_CFG, COMMON, COMMON_SIZE, 0);
	add_structure(transport, CAP_ISR_CFG, ISR, 1, 0);
	if (transport->virtio->config_size)
		add_structure(transport, CAP_DEVICE_CFG, DEVICE, transport->virtio->config_size, 0);
	at = add_structure(transport, CAP_NOTIFY_CFG, NOTIFY, queues * NOTIFY_MULTIPLIER, 4);
	pci_put(pci, at + sizeof(struct virtio_pci_cap), 4, NOTIFY_MULTIPLIER);
	at = add_structure(transport, CAP_PCI_CFG, 0, 0, 4);
	transport->access = at;
	pci->writable[at + offsetof(struct virtio_pci_cap, bar)] = 0xff;
	memset(&pci->writable[at + offsetof(struct virtio_pci_cap, offset)], 0xff,
	       sizeof(struct virtio_pci_cap) - offsetof(struct virtio_pci_cap, offset) + 4);
}

static void transport_reset(void *self)
{
	struct virtio_pci *transport = self;

	forget_vectors(transport);
	virtio_reset(transport->virtio);
	virtio_pci_update(transport);
}

/* Resets all parts of a device when the machine is reset. */
static void reset_all(void *ctx)
{
	struct virtio_pci *transport = ctx;

	pci_device_reset(&transport->pci);
	if (transport->msix.capability)
		pci_msix_reset(&transport->msix);
	transport_reset(transport);
}

static const struct state_field transport_fields[] = {
	STATE_FIELD(struct virtio_pci, config_vector),
	STATE_ARRAY(struct virtio_pci, queue_vectors),
};

static bool vector_possible(const struct virtio_pci *transport, u16 vector)
{
	return vector == MSI_NO_VECTOR || vector < transport->msix.count;
}

static int transport_loaded(void *self)
{
	struct virtio_pci *transport = self;

	if (!vector_possible(transport, transport->config_vector))
		return -EINVAL;
	for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++)
		if (!vector_possible(transport, transport->queue_vectors[i]))
			return -EINVAL;
	transport->virtio->halted = !pci_enabled(&transport->pci, PCI_COMMAND_MASTER);
	return 0;
}

static const struct state_type transport_type = {
	.version = 2,
	.fields = transport_fields,
	.count = ARRAY_SIZE(transport_fields),
	.post_load = transport_loaded,
};

void virtio_pci_init(struct virtio_pci *transport, const struct pci_host *host,
		     struct virtio *virtio)
{
	const struct pci_ids ids = {
		.vendor = VENDOR_ID,
		.device = (u16)(DEVICE_ID + virtio->ops->device_id),
		.subsystem_vendor = VENDOR_ID,
		.subsystem = SUBSYSTEM_ID,
		.class = class_of(virtio->ops->device_id),
		.revision = REVISION,
		.pin = 1,
	};
	const struct pci_bar bar = {
		.size = BAR_SIZE,
		.kind = PCI_BAR_MEMORY64,
		.prefetchable = true,
		.ops = &bar_ops,
		.ctx = transport,
	};
	struct platform *platform = host->platform;
	char part[STATE_NAME_MAX];

	*transport = (struct virtio_pci){ .virtio = virtio };
	pci_device_init(&transport->pci, platform, virtio->name, &ids);
	transport->pci.reading = reading;
	transport->pci.written = virtio_pci_written;
	transport->pci.reset = reset_all;
	transport->pci.ctx = transport;
	pci_device_bar(&transport->pci, BAR, &bar);
	if (host->config.message)
		pci_msix_init(&transport->msix, &transport->pci, virtio->name, MSIX_BAR,
			      MIN(virtio->queue_count + 1, PCI_MSIX_VECTORS_MAX - 1));
	add_structures(transport);
	virtio->notify = notify;
	virtio->notify_ctx = transport;
	snprintf(part, sizeof(part), "%s.transport", virtio->name);
	state_register(&platform->state, part, &transport_type, transport);
	platform_on_reset(platform, transport_reset, transport);
}
