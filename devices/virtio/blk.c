/* SPDX-License-Identifier: MIT */
/*
 * Carries out block requests: a table maps the request's type to its function. Data moves between
 * the image and guest memory without being copied; everything else is copied once and then checked.
 * An error of the host becomes the request's status.
 */
#include "devices/virtio/blk.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VIRTIO_ID_BLOCK 2
#define QUEUE_SIZE 256

/* 5.2.3 Feature bits */
#define VIRTIO_BLK_F_SEG_MAX BIT(2)
#define VIRTIO_BLK_F_RO BIT(5)
#define VIRTIO_BLK_F_BLK_SIZE BIT(6)
#define VIRTIO_BLK_F_FLUSH BIT(9)
#define VIRTIO_BLK_F_TOPOLOGY BIT(10)
#define VIRTIO_BLK_F_MQ BIT(12)
#define VIRTIO_BLK_F_DISCARD BIT(13)
#define VIRTIO_BLK_F_WRITE_ZEROES BIT(14)

/* 5.2.6 Device Operation */
#define VIRTIO_BLK_T_IN 0
#define VIRTIO_BLK_T_OUT 1
#define VIRTIO_BLK_T_FLUSH 4
#define VIRTIO_BLK_T_GET_ID 8
#define VIRTIO_BLK_T_DISCARD 11
#define VIRTIO_BLK_T_WRITE_ZEROES 13

#define VIRTIO_BLK_S_OK 0
#define VIRTIO_BLK_S_IOERR 1
#define VIRTIO_BLK_S_UNSUPP 2
/* These are internal, and never returned to a driver. */
#define STATUS_WAIT 255 /* try the request again */
#define STATUS_AGAIN 254 /* it is partly done, and continues after the harts have run */

/* A request needs one descriptor for its header and one for its status. */
#define SEG_MAX(queue_size) ((queue_size) - 2u)
/*
 * These limits bound the time of one request on a host that cannot punch holes, and must write
 * zeros.
 */
#define ZERO_SECTORS_MAX 65536
#define ZERO_SEGMENTS_MAX 16
#define REQUEST_BYTES_MAX GiB

struct virtio_blk_req {
	u32 type;
	u32 reserved;
	u64 sector;
};

struct virtio_blk_discard_write_zeroes {
	u64 sector;
	u32 num_sectors;
	u32 flags;
};

#define SEGMENT_UNMAP 1

/* A request that is carried out. */
struct blk_call {
	struct virtq_chain *chain; /* contains only the data */
	u64 sector;
	u64 *done; /* how many bytes were transferred in earlier turns */
	u32 *written; /* as in virtio_ops */
};

struct blk_request {
	const char *name;
	bool writes; /* a read-only device refuses the request */
	u8 (*run)(struct virtio_blk *blk, const struct blk_call *call); /* returns the status */
};

/* Returns whether the bytes are whole sectors that are within the disk. */
static bool sectors_valid(const struct virtio_blk *blk, u64 sector, u64 bytes)
{
	return bytes % DISK_SECTOR == 0 && bytes <= REQUEST_BYTES_MAX &&
	       range_within(sector, bytes / DISK_SECTOR, 0, blk->disk->sectors);
}

static u8 status_of(int error)
{
	return error == DISK_WAIT ? STATUS_WAIT : error ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_OK;
}

static int flush(struct virtio_blk *blk)
{
	virtio_charge(&blk->virtio, PLATFORM_WORK_SYNC);
	return disk_flush(blk->disk);
}

/* Puts a completed write onto the medium if the driver does not send flushes (5.2.6.2). */
static int make_stable(struct virtio_blk *blk, int error)
{
	if (error || virtio_negotiated(&blk->virtio, VIRTIO_BLK_F_FLUSH))
		return error;
	return flush(blk);
}

/*
 * Reads or writes the next part of the data. Only a loader has requests of more than one part: an
 * operating system's are smaller.
 */
static u8 transfer(struct virtio_blk *blk, const struct blk_call *call, struct virtq_buffer *data,
		   int (*move)(struct disk *, u64, struct iovec *, unsigned))
{
	u64 size = data->size;
	/* A chain that is shorter than what was done is a new one of the driver. */
	u64 done = *call->done < size ? *call->done : 0;
	u64 part = MIN(size - done, PLATFORM_WORK_MOST);
	int error;

	if (!sectors_valid(blk, call->sector, size))
		return VIRTIO_BLK_S_IOERR;
	virtq_buffer_skip(data, done);
	virtq_buffer_cut(data, part);
	error = move(blk->disk, call->sector * DISK_SECTOR + done, data->iov, data->count);
	if (error == DISK_WAIT)
		return STATUS_WAIT;
	done += part;
	*call->done = error || done == size ? 0 : done;
	return *call->done ? STATUS_AGAIN : status_of(error);
}

static u8 run_in(struct virtio_blk *blk, const struct blk_call *call)
{
	u32 size = (u32)call->chain->in.size;
	u8 status = transfer(blk, call, &call->chain->in, disk_read);

	*call->written = status == VIRTIO_BLK_S_OK ? size : 0;
	return status;
}

static u8 run_out(struct virtio_blk *blk, const struct blk_call *call)
{
	u8 status = transfer(blk, call, &call->chain->out, disk_write);

	return status == VIRTIO_BLK_S_OK ? status_of(make_stable(blk, 0)) : status;
}

static u8 run_flush(struct virtio_blk *blk, const struct blk_call *call)
{
	(void)call;
	return status_of(flush(blk));
}

static u8 run_get_id(struct virtio_blk *blk, const struct blk_call *call)
{
	u64 size = MIN(call->chain->in.size, sizeof(blk->serial));

	virtq_buffer_write(&call->chain->in, blk->serial, size);
	*call->written = (u32)size;
	return VIRTIO_BLK_S_OK;
}

/* Carries out discards and writes of zeros; `allowed` has the flags that the request may have. */
static u8 zero_segments(struct virtio_blk *blk, struct virtq_chain *chain, u32 allowed,
			bool discard)
{
	struct virtio_blk_discard_write_zeroes segments[ZERO_SEGMENTS_MAX];
	u64 size = chain->out.size;
	unsigned count = (unsigned)(size / sizeof(segments[0]));
	int error = 0;

	if (!size || size % sizeof(segments[0]) || size > sizeof(segments))
		return VIRTIO_BLK_S_IOERR;
	virtq_buffer_read(&chain->out, segments, size);
	for (unsigned i = 0; i < count; i++)
		if (segments[i].flags & ~allowed)
			return VIRTIO_BLK_S_UNSUPP;
	for (unsigned i = 0; i < count; i++)
		if (segments[i].num_sectors > ZERO_SECTORS_MAX ||
		    !sectors_valid(blk, segments[i].sector,
				   (u64)segments[i].num_sectors * DISK_SECTOR))
			return VIRTIO_BLK_S_IOERR;
	/*
	 * If the host's file system can neither punch holes nor zero ranges, this takes as long as
	 * writing.
	 */
	for (unsigned i = 0; !error && i < count; i++) {
		u64 bytes = (u64)segments[i].num_sectors * DISK_SECTOR;

		if (discard && blk->disk->keeps_discarded)
			continue;
		virtio_charge(&blk->virtio, bytes);
		error = disk_zero(blk->disk, segments[i].sector * DISK_SECTOR, bytes,
				  !blk->disk->keeps_discarded &&
					  (discard || (segments[i].flags & SEGMENT_UNMAP)));
	}
	return status_of(make_stable(blk, error));
}

static u8 run_discard(struct virtio_blk *blk, const struct blk_call *call)
{
	return zero_segments(blk, call->chain, 0, true);
}

static u8 run_write_zeroes(struct virtio_blk *blk, const struct blk_call *call)
{
	return zero_segments(blk, call->chain, SEGMENT_UNMAP, false);
}

static const struct blk_request requests[] = {
	[VIRTIO_BLK_T_IN] = { "read", false, run_in },
	[VIRTIO_BLK_T_OUT] = { "write", true, run_out },
	[VIRTIO_BLK_T_FLUSH] = { "flush", false, run_flush },
	[VIRTIO_BLK_T_GET_ID] = { "get id", false, run_get_id },
	[VIRTIO_BLK_T_DISCARD] = { "discard", true, run_discard },
	[VIRTIO_BLK_T_WRITE_ZEROES] = { "write zeroes", true, run_write_zeroes },
};

static u8 virtio_blk_run(struct virtio_blk *blk, u32 type, const struct blk_call *call)
{
	if (type >= ARRAY_SIZE(requests) || !requests[type].run)
		return VIRTIO_BLK_S_UNSUPP;
	if (requests[type].writes && blk->disk->readonly)
		return VIRTIO_BLK_S_IOERR;
	return requests[type].run(blk, call);
}

static enum virtio_served virtio_blk_serve(void *self, unsigned queue, struct virtq_chain *chain,
					   u32 *written)
{
	struct virtio_blk *blk = self;
	struct virtio_blk_req header;
	struct blk_call call = { .chain = chain, .done = &blk->done[queue], .written = written };
	u8 *status = virtq_buffer_take_last(&chain->in);
	u64 data = chain->in.size;
	u8 outcome;

	if (blk->waiting & BIT(queue))
		return VIRTIO_WAIT;
	if (!status || !virtq_buffer_read(&chain->out, &header, sizeof(header)))
		return VIRTIO_BAD;
	call.sector = header.sector;
	outcome = virtio_blk_run(blk, header.type, &call);
	if (outcome == STATUS_WAIT) {
		blk->waiting |= BIT(queue);
		return VIRTIO_WAIT;
	}
	if (outcome == STATUS_AGAIN)
		return VIRTIO_AGAIN;
	/* The driver may also have made another request of it. */
	blk->done[queue] = 0;
	*status = outcome;
	/* *written includes the status byte only if all bytes before it were written (2.7.8.2). */
	if (*written == data)
		++*written;
	return VIRTIO_USED;
}

static void virtio_blk_queue_reset(void *self, unsigned queue)
{
	struct virtio_blk *blk = self;

	blk->waiting &= ~BIT(queue);
	blk->done[queue] = 0;
}

static void virtio_blk_reset(void *self)
{
	struct virtio_blk *blk = self;

	blk->waiting = 0;
}

static void retry(void *ctx)
{
	struct virtio_blk *blk = ctx;
	u64 waiting = blk->waiting;

	blk->waiting = 0;
	for (; waiting; waiting &= waiting - 1)
		virtio_kick(&blk->virtio, (u32)__builtin_ctzll(waiting));
}

/* Tells the driver that the disk has grown: the capacity may change (5.2.4). */
static void blk_grown(void *ctx)
{
	struct virtio_blk *blk = ctx;

	blk->sectors = blk->config.capacity = blk->disk->sectors;
	virtio_config_changed(&blk->virtio);
}

static const struct virtio_ops blk_ops = {
	.device_id = VIRTIO_ID_BLOCK,
	.serve = virtio_blk_serve,
	.queue_reset = virtio_blk_queue_reset,
	.reset = virtio_blk_reset,
};

static const struct state_field blk_fields[] = {
	STATE_FIELD(struct virtio_blk, waiting),
	STATE_ARRAY(struct virtio_blk, done),
	STATE_FIELD(struct virtio_blk, sectors),
};

static int blk_loaded(void *self)
{
	struct virtio_blk *blk = self;
	bool valid = blk->sectors == blk->disk->sectors;

	blk->sectors = blk->disk->sectors;
	for (unsigned n = 0; n < ARRAY_SIZE(blk->done); n++)
		valid &= blk->done[n] % DISK_SECTOR == 0;
	return valid ? 0 : -EINVAL;
}

static const struct state_type blk_type = {
	.version = 4,
	.fields = blk_fields,
	.count = ARRAY_SIZE(blk_fields),
	.fixed = 1, /* sectors */
	.post_load = blk_loaded,
};

static u64 blk_features(const struct virtio_blk_setup *setup)
{
	u64 features = VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE | VIRTIO_BLK_F_FLUSH |
		       VIRTIO_BLK_F_TOPOLOGY;

	features |= setup->disk->readonly ? VIRTIO_BLK_F_RO :
					    VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES;
	features |= setup->queues > 1 ? VIRTIO_BLK_F_MQ : 0;
	return features & ~setup->withheld;
}

void virtio_blk_init(struct virtio_blk *blk, struct platform *platform,
		     const struct virtio_blk_setup *setup)
{
	struct virtio_setup core = {
		.ops = &blk_ops,
		.self = blk,
		.name = setup->name,
		.features = blk_features(setup),
		.queue_count = setup->queues,
		.queue_size = setup->queue_size ? setup->queue_size : QUEUE_SIZE,
		.config = &blk->config,
		.config_size = sizeof(blk->config),
	};
	char name[STATE_NAME_MAX];

	*blk = (struct virtio_blk){ .disk = setup->disk, .sectors = setup->disk->sectors };
	if (setup->serial)
		memcpy(blk->serial, setup->serial, strnlen(setup->serial, sizeof(blk->serial)));
	blk->config = (struct virtio_blk_config){
		.capacity = setup->disk->sectors,
		.seg_max = SEG_MAX(core.queue_size),
		.blk_size = DISK_SECTOR,
		/* the host's page size, in sectors, unless the user chooses otherwise */
		.topology = { .physical_block_exp = setup->small ? 0 : 3,
			      .min_io_size = setup->small ? 1 : 8 },
		.num_queues = (u16)setup->queues,
		.max_discard_sectors = ZERO_SECTORS_MAX,
		.max_discard_seg = ZERO_SEGMENTS_MAX,
		.discard_sector_alignment = 8,
		.max_write_zeroes_sectors = ZERO_SECTORS_MAX,
		.max_write_zeroes_seg = ZERO_SEGMENTS_MAX,
		.write_zeroes_may_unmap = 1,
	};
	virtio_init(&blk->virtio, platform, &core);
	setup->disk->on_read = setup->on_read;
	setup->disk->on_write = setup->on_write;
	setup->disk->retry = retry;
	setup->disk->grown = blk_grown;
	setup->disk->user = blk;
	snprintf(name, sizeof(name), "%s.blk", blk->virtio.name);
	state_register(&platform->state, name, &blk_type, blk);
}

/*
 * Returns what the disk does about errors: what the user said, or the default. If two machines are
 * compared, neither may stop for an error that occurred only in one of them.
 */
static enum disk_on_error policy(const struct device_context *context, unsigned said,
				 enum disk_on_error unsaid)
{
	static const enum disk_on_error policies[] = {
		[BLOCK_ERROR_REPORT] = DISK_REPORT, [BLOCK_ERROR_IGNORE] = DISK_IGNORE,
		[BLOCK_ERROR_STOP] = DISK_STOP, [BLOCK_ERROR_ENOSPC] = DISK_ENOSPC,
	};

	if (context->copies)
		return DISK_REPORT;
	return said == BLOCK_ERROR_AUTO ? unsaid : policies[said];
}

static int virtio_blk_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct virtio_blk_properties *properties = setup->properties;
	const struct device_context *context = setup->context;
	const struct virtio_blk_setup own = {
		.name = setup->name,
		.disk = context->disk(setup, properties->drive),
		.serial = properties->serial,
		.queues = (unsigned)(properties->queues ? properties->queues : context->harts),
		.queue_size = (u16)properties->queue_size,
		.withheld = (properties->discard ? 0 : VIRTIO_BLK_F_DISCARD) |
			    (properties->write_zeroes ? 0 : VIRTIO_BLK_F_WRITE_ZEROES),
		.small = !properties->physical,
		.on_read = policy(context, properties->on_read, DISK_REPORT),
		.on_write = policy(context, properties->on_write, DISK_ENOSPC),
	};
	struct virtio_blk *blk = self;

	if (!own.disk)
		return -ENOENT;
	virtio_blk_init(blk, context->platform, &own);
	*virtio = &blk->virtio;
	return 0;
}

/* Frees the device, but not the disk, which belongs to the code that opened it. */
static void virtio_blk_free(void *self)
{
	struct virtio_blk *blk = self;

	blk->disk->retry = blk->disk->grown = NULL;
	blk->disk->on_read = blk->disk->on_write = DISK_REPORT;
}

static int virtio_blk_check(struct device_setup *setup)
{
	const struct virtio_blk_properties *properties = setup->properties;

	if (!properties->drive)
		return device_fail(setup, -EINVAL, "needs drive=ID of a -drive if=none,id=ID");
	if (properties->queue_size & (properties->queue_size - 1))
		return device_fail(setup, -EINVAL,
				   "queue-size: '%llu' is no power of two; give 128, 256, 512 or "
				   "1024",
				   properties->queue_size);
	return 0;
}

#define FIELD(member) offsetof(struct virtio_blk_properties, member)

static const struct key virtio_blk_keys[] = {
	{ .name = "drive", .kind = KEY_TEXT, .offset = FIELD(drive), .accepted = "ID",
	  .role = DEVICE_NAMES_DRIVE },
	{ .name = "serial", .kind = KEY_TEXT, .offset = FIELD(serial), .accepted = "TEXT" },
	{ .name = "num-queues", .kind = KEY_NUMBER, .offset = FIELD(queues), .accepted = "N",
	  .min = 1, .max = 8 },
	{ .name = "queue-size", .kind = KEY_NUMBER, .offset = FIELD(queue_size), .accepted = "N",
	  .min = 4, .max = VIRTQ_SIZE_MAX, .initial = QUEUE_SIZE },
	{ .name = "discard", .kind = KEY_SWITCH, .offset = FIELD(discard), .accepted = "on|off",
	  .initial = true },
	{ .name = "write-zeroes", .kind = KEY_SWITCH, .offset = FIELD(write_zeroes),
	  .accepted = "on|off", .initial = true },
	{ .name = "werror", .kind = KEY_WORD, .offset = FIELD(on_write),
	  .accepted = BLOCK_WRITE_ERROR_WORDS },
	{ .name = "rerror", .kind = KEY_WORD, .offset = FIELD(on_read),
	  .accepted = BLOCK_READ_ERROR_WORDS },
	{ .name = "write-cache", .kind = KEY_WORD, .offset = FIELD(write_cache),
	  .accepted = "on|auto" },
	{ .name = "logical_block_size", .kind = KEY_WORD, .offset = FIELD(logical),
	  .accepted = "512" },
	{ .name = "physical_block_size", .kind = KEY_WORD, .offset = FIELD(physical),
	  .accepted = "512|4096", .initial = 1 },
	{ .name = "request-merging", .kind = KEY_SWITCH, .offset = FIELD(ignored),
	  .accepted = "on|off" },
	{ .name = "config-wce", .kind = KEY_SWITCH, .offset = FIELD(ignored), .accepted = "off" },
	{ .name = "share-rw", .kind = KEY_SWITCH, .offset = FIELD(ignored), .accepted = "off" },
	{ .name = "scsi", .kind = KEY_SWITCH, .offset = FIELD(ignored), .accepted = "off" },
	{ .name = "iothread", .kind = KEY_TEXT, .offset = FIELD(iothread), .accepted = "ID",
	  .role = DEVICE_NAMES_IOTHREAD },
};

const struct device_type virtio_blk_device = {
	.name = "virtio-blk",
	.names = DEVICE_VIRTIO_NAMES("virtio-blk"),
	.help = "A disk; drive= names a -drive with if=none and this id.",
	.category = DEVICE_STORAGE,
	.keys = virtio_blk_keys,
	.key_count = ARRAY_SIZE(virtio_blk_keys),
	.properties_size = sizeof(struct virtio_blk_properties),
	.check = virtio_blk_check,
	.boot_function = "scsi",
	.boot_unit = "disk@0,0",
	.part = "blk",
	.size = sizeof(struct virtio_blk),
	.create = virtio_blk_create,
	.free = virtio_blk_free,
	.pluggable = true,
	.old = true,
};
