/* SPDX-License-Identifier: MIT */
/*
 * virtio-mmio registers: a table maps an offset to the function of the device core (virtio 1.2,
 * 4.2.2). Control registers have 32 bits, and accesses of other widths are refused, as are accesses
 * to configuration space that are not of 8, 16 or 32 bits. Start at the table.
 */
#include "devices/virtio/mmio.h"
#include "devices/fdt.h"
#include "devices/virtio/virtio.h"

#define MAGIC_VALUE 0x74726976 /* "virt" */
#define VERSION 2
#define VERSION_LEGACY 1
/* The number is QEMU's, "QEMU", which some drivers (xv6's) require. */
#define VENDOR_ID 0x554d4551
#define CONFIG 0x100

/* The sizes of a legacy queue's descriptor, and of its available ring with used_event. */
#define VIRTQ_LEGACY_DESC 16
#define VIRTQ_LEGACY_AVAIL(num) (6 + 2 * (u64)(num))

struct mmio_register {
	const char *name;
	u32 (*read)(struct virtio *virtio); /* NULL: write-only */
	void (*write)(struct virtio *virtio, u32 value); /* NULL: read-only */
};

static u32 read_device_id(struct virtio *virtio)
{
	return virtio->ops->device_id;
}

static u32 read_device_features(struct virtio *virtio)
{
	return virtio_device_features(virtio);
}

static void write_device_features_sel(struct virtio *virtio, u32 value)
{
	virtio->device_features_sel = value;
}

static void write_driver_features_sel(struct virtio *virtio, u32 value)
{
	virtio->driver_features_sel = value;
}

static void write_queue_sel(struct virtio *virtio, u32 value)
{
	virtio->queue_sel = value;
}

static u32 read_queue_num_max(struct virtio *virtio)
{
	const struct virtq *queue = virtio_selected(virtio);

	return queue ? queue->num_max : 0;
}

static void write_queue_num(struct virtio *virtio, u32 value)
{
	struct virtq *queue = virtio_configurable(virtio);

	if (queue)
		virtq_set_num(queue, value);
}

static u32 read_queue_ready(struct virtio *virtio)
{
	const struct virtq *queue = virtio_selected(virtio);

	return queue ? queue->ready : 0;
}

static void write_queue_ready(struct virtio *virtio, u32 value)
{
	virtio_queue_enable(virtio, value & 1);
}

static u32 read_interrupt_status(struct virtio *virtio)
{
	return virtio->interrupt_status;
}

static u32 read_status(struct virtio *virtio)
{
	return virtio->status;
}

static void write_status(struct virtio *virtio, u32 value)
{
	virtio_set_status(virtio, (u8)value);
}

/* Defines the function that writes one half of the address of a queue's area. */
#define AREA_WRITER(area, half, shift)                                                             \
	static void write_##area##_##half(struct virtio *virtio, u32 value)                        \
	{                                                                                          \
		struct virtq *queue = virtio_configurable(virtio);                                        \
                                                                                                   \
		if (queue)                                                                         \
			queue->area = field_set(queue->area, 0xffffffffull << (shift), value);     \
	}

AREA_WRITER(desc, low, 0)
AREA_WRITER(desc, high, 32)
AREA_WRITER(driver, low, 0)
AREA_WRITER(driver, high, 32)
AREA_WRITER(device, low, 0)
AREA_WRITER(device, high, 32)

/* Returns the length or base of a shared memory region: all ones, because there is none. */
static u32 read_no_region(struct virtio *virtio)
{
	(void)virtio;
	return UINT32_MAX;
}

static void write_shm_sel(struct virtio *virtio, u32 value)
{
	(void)virtio;
	(void)value;
}

/* Returns 0: a queue's reset is complete when the write that requests it returns. */
static u32 read_queue_reset(struct virtio *virtio)
{
	(void)virtio;
	return 0;
}

static void write_queue_reset(struct virtio *virtio, u32 value)
{
	if (value & 1)
		virtio_queue_reset(virtio);
}

static u32 read_config_generation(struct virtio *virtio)
{
	return virtio->config_generation;
}

/*
 * In the legacy interface (4.2.4) one page number determines the places of a queue's three areas.
 */

static void write_page_size(struct virtio *virtio, u32 value)
{
	virtio->page_size = value;
}

static void write_queue_align(struct virtio *virtio, u32 value)
{
	virtio->queue_align = value;
}

static u32 read_queue_pfn(struct virtio *virtio)
{
	const struct virtq *queue = virtio_selected(virtio);

	return queue && queue->ready && virtio->page_size ? (u32)(queue->desc / virtio->page_size) :
							    0;
}

/*
 * Places the areas of a legacy queue (2.7.2, "Legacy Interfaces: A Note on Virtqueue Layout"). An
 * alignment must be a power of two.
 */
static void write_queue_pfn(struct virtio *virtio, u32 value)
{
	u64 align = virtio->queue_align;
	struct virtq *queue;

	virtio_queue_enable(virtio, false);
	queue = virtio_configurable(virtio);
	if (!queue || !value)
		return;
	queue->desc = (u64)value * virtio->page_size;
	queue->driver = queue->desc + (u64)queue->num * VIRTQ_LEGACY_DESC;
	queue->device = queue->driver + VIRTQ_LEGACY_AVAIL(queue->num);
	if (align && !(align & (align - 1)))
		queue->device = align_up(queue->device, align);
	virtio_queue_enable(virtio, true);
}

/* Returns the magic value, which an empty slot has as well. */
static u32 read_magic_value(struct virtio *virtio)
{
	(void)virtio;
	return MAGIC_VALUE;
}

static u32 read_version(struct virtio *virtio)
{
	(void)virtio;
	return VERSION;
}

static u32 read_legacy_version(struct virtio *virtio)
{
	(void)virtio;
	return VERSION_LEGACY;
}

static u32 read_vendor_id(struct virtio *virtio)
{
	(void)virtio;
	return VENDOR_ID;
}

/* 4.2.2 MMIO Device Register Layout */
static const struct mmio_register registers[CONFIG / 4] = {
	[0x000 / 4] = { "MagicValue", read_magic_value, NULL },
	[0x004 / 4] = { "Version", read_version, NULL },
	[0x008 / 4] = { "DeviceID", read_device_id, NULL },
	[0x00c / 4] = { "VendorID", read_vendor_id, NULL },
	[0x010 / 4] = { "DeviceFeatures", read_device_features, NULL },
	[0x014 / 4] = { "DeviceFeaturesSel", NULL, write_device_features_sel },
	[0x020 / 4] = { "DriverFeatures", NULL, virtio_set_driver_features },
	[0x024 / 4] = { "DriverFeaturesSel", NULL, write_driver_features_sel },
	[0x030 / 4] = { "QueueSel", NULL, write_queue_sel },
	[0x034 / 4] = { "QueueNumMax", read_queue_num_max, NULL },
	[0x038 / 4] = { "QueueNum", NULL, write_queue_num },
	[0x044 / 4] = { "QueueReady", read_queue_ready, write_queue_ready },
	[0x050 / 4] = { "QueueNotify", NULL, virtio_kick },
	[0x060 / 4] = { "InterruptStatus", read_interrupt_status, NULL },
	[0x064 / 4] = { "InterruptACK", NULL, virtio_acknowledge },
	[0x070 / 4] = { "Status", read_status, write_status },
	[0x080 / 4] = { "QueueDescLow", NULL, write_desc_low },
	[0x084 / 4] = { "QueueDescHigh", NULL, write_desc_high },
	[0x090 / 4] = { "QueueDriverLow", NULL, write_driver_low },
	[0x094 / 4] = { "QueueDriverHigh", NULL, write_driver_high },
	[0x0a0 / 4] = { "QueueDeviceLow", NULL, write_device_low },
	[0x0a4 / 4] = { "QueueDeviceHigh", NULL, write_device_high },
	[0x0ac / 4] = { "SHMSel", NULL, write_shm_sel },
	[0x0b0 / 4] = { "SHMLenLow", read_no_region, NULL },
	[0x0b4 / 4] = { "SHMLenHigh", read_no_region, NULL },
	[0x0b8 / 4] = { "SHMBaseLow", read_no_region, NULL },
	[0x0bc / 4] = { "SHMBaseHigh", read_no_region, NULL },
	[0x0c0 / 4] = { "QueueReset", read_queue_reset, write_queue_reset },
	[0x0fc / 4] = { "ConfigGeneration", read_config_generation, NULL },
};

/* 4.2.4 MMIO Device Legacy Register Layout */
static const struct mmio_register legacy_registers[CONFIG / 4] = {
	[0x000 / 4] = { "MagicValue", read_magic_value, NULL },
	[0x004 / 4] = { "Version", read_legacy_version, NULL },
	[0x008 / 4] = { "DeviceID", read_device_id, NULL },
	[0x00c / 4] = { "VendorID", read_vendor_id, NULL },
	[0x010 / 4] = { "HostFeatures", read_device_features, NULL },
	[0x014 / 4] = { "HostFeaturesSel", NULL, write_device_features_sel },
	[0x020 / 4] = { "GuestFeatures", NULL, virtio_set_driver_features },
	[0x024 / 4] = { "GuestFeaturesSel", NULL, write_driver_features_sel },
	[0x028 / 4] = { "GuestPageSize", NULL, write_page_size },
	[0x030 / 4] = { "QueueSel", NULL, write_queue_sel },
	[0x034 / 4] = { "QueueNumMax", read_queue_num_max, NULL },
	[0x038 / 4] = { "QueueNum", NULL, write_queue_num },
	[0x03c / 4] = { "QueueAlign", NULL, write_queue_align },
	[0x040 / 4] = { "QueuePFN", read_queue_pfn, write_queue_pfn },
	[0x050 / 4] = { "QueueNotify", NULL, virtio_kick },
	[0x060 / 4] = { "InterruptStatus", read_interrupt_status, NULL },
	[0x064 / 4] = { "InterruptACK", NULL, virtio_acknowledge },
	[0x070 / 4] = { "Status", read_status, write_status },
};

static const struct mmio_register *register_at(const struct virtio_mmio *mmio, u64 offset)
{
	bool legacy = mmio->virtio ? mmio->virtio->legacy : mmio->empty_is_legacy;

	return (legacy ? legacy_registers : registers) + offset / 4;
}

/*
 * Returns whether an empty slot has a register at the offset. Drivers must not access others
 * (4.2.3.1.1).
 */
static bool placeholder(u64 offset)
{
	return offset == 0x000 || offset == 0x004 || offset == 0x00c;
}

static void mmio_refused(struct virtio_mmio *mmio, const char *verb, u64 offset)
{
	const char *name = offset < CONFIG ? register_at(mmio, offset)->name : NULL;

	log_line(&mmio->platform->log, LOG_GUEST_ERRORS, "virtio-mmio: %s of %s at offset %#llx",
		 verb, name ? name : "nothing", offset);
}

static bool mmio_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct virtio_mmio *mmio = ctx;
	struct virtio *virtio = mmio->virtio;

	*value = 0;
	if (offset >= CONFIG) {
		if (virtio)
			*value = virtio_config_read(virtio, (u32)offset - CONFIG, size);
		return true;
	}
	if (size != 4)
		return false;
	if (!register_at(mmio, offset)->read)
		mmio_refused(mmio, "read", offset);
	else if (virtio || placeholder(offset))
		*value = register_at(mmio, offset)->read(virtio);
	return true;
}

static bool mmio_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct virtio_mmio *mmio = ctx;
	struct virtio *virtio = mmio->virtio;
	u8 before;

	if (offset < CONFIG && size != 4)
		return false;
	if (!virtio)
		return true;
	before = virtio->interrupt_status;
	if (offset >= CONFIG)
		virtio_config_write(virtio, (u32)offset - CONFIG, size, (u32)value);
	else if (register_at(mmio, offset)->write)
		register_at(mmio, offset)->write(virtio, (u32)value);
	else
		mmio_refused(mmio, "write", offset);
	/*
	 * If the interrupt status has bits more, the line has been set already; if it has bits
	 * fewer, it has not.
	 */
	if (before & ~virtio->interrupt_status)
		irq_set(mmio->irq, virtio->interrupt_status != 0);
	return true;
}

static const struct bus_ops mmio_ops = { mmio_read, mmio_write };

static void mmio_notify(void *ctx, unsigned source)
{
	struct virtio_mmio *mmio = ctx;

	(void)source;
	irq_set(mmio->irq, true);
}

static void mmio_reset(void *self)
{
	struct virtio_mmio *mmio = self;

	virtio_reset(mmio->virtio);
	/*
	 * page_size is reset only here and not by a driver's reset: Linux writes it once, before it
	 * resets the device, and sets up queues afterwards.
	 */
	mmio->virtio->page_size = 0;
	irq_set(mmio->irq, false);
}

int virtio_mmio_init(struct virtio_mmio *mmio, struct platform *platform, u64 base, struct irq irq,
		     struct virtio *virtio)
{
	struct region region = {
		.name = "virtio-mmio",
		.base = base,
		.size = VIRTIO_MMIO_SIZE,
		.min = 1,
		.max = 4,
		.ops = &mmio_ops,
		.ctx = mmio,
	};

	*mmio = (struct virtio_mmio){ .virtio = virtio, .platform = platform, .irq = irq };
	if (virtio) {
		virtio->notify = mmio_notify;
		virtio->notify_ctx = mmio;
		platform_on_reset(platform, mmio_reset, mmio);
	}
	return bus_attach(&platform->bus, &region);
}

void virtio_mmio_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc)
{
	fdt_node(fdt, "virtio_mmio@%llx", base);
	fdt_interrupt(fdt, intc, irq);
	fdt_reg(fdt, base, VIRTIO_MMIO_SIZE);
	fdt_str(fdt, "compatible", "virtio,mmio");
	fdt_end(fdt);
}
