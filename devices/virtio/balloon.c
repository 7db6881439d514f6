/* SPDX-License-Identifier: MIT */
/* Serves the chains in a balloon's queues. The host's requests come through the journal. */
#include "devices/virtio/balloon.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/virtio/guest_error.h"

#define VIRTIO_ID_BALLOON 5
#define QUEUE_SIZE 128

/*
 * 5.5.2 Virtqueues. Drivers from before 2024 do not count queues of features that were not
 * negotiated: for them the reporting queue has the number of the queue for free page hints, which
 * are not offered.
 */
#define INFLATEQ 0
#define DEFLATEQ 1
#define STATSQ 2
#define REPORTING_VQ_OLD 3
#define REPORTING_VQ 4
#define QUEUES 5

/* the most pages of one chain that are given back in one turn */
#define INFLATE_TURN 256

/* the size of a statistic; they follow each other without padding (5.5.6.3) */
#define STAT_SIZE 10

static void give_back(struct virtio_balloon *balloon, u64 addr, u64 len)
{
	if (bus_dma_zero(&balloon->virtio.platform->bus, addr, len))
		balloon->returned += len;
	else
		guest_error(&balloon->virtio, "%#llx is no memory", addr);
}

/* Giving a page back counts towards the limit of a turn as much as moving this many bytes. */
#define PAGE_COST (64 * KiB)

/* Gives back the pages of an array of page numbers. A long array takes several turns. */
static enum virtio_served inflate(struct virtio_balloon *balloon, struct virtq_chain *chain)
{
	struct virtq_buffer *out = &chain->out;
	u32 page;

	if (chain->in.count || out->size % sizeof(page))
		return VIRTIO_BAD;
	/* The driver may have replaced the chain by a shorter one since the last turn. */
	virtq_buffer_skip(out, MIN(balloon->done * sizeof(page), out->size));
	for (unsigned n = 0; n < INFLATE_TURN && virtq_buffer_read(out, &page, sizeof(page)); n++) {
		give_back(balloon, (u64)page << BALLOON_PAGE_SHIFT, 1u << BALLOON_PAGE_SHIFT);
		virtio_charge(&balloon->virtio, PAGE_COST);
		balloon->done++;
	}
	if (out->size)
		return VIRTIO_AGAIN;
	balloon->done = 0;
	return VIRTIO_USED;
}

/*
 * Serves a chain of pages that the guest takes back. There is nothing to do: the host allocates a
 * page again when it is written.
 */
static enum virtio_served deflate(const struct virtq_chain *chain)
{
	return chain->in.count || chain->out.size % sizeof(u32) ? VIRTIO_BAD : VIRTIO_USED;
}

static void take_stats(struct virtio_balloon *balloon, struct virtq_buffer *out)
{
	u8 stat[STAT_SIZE];
	u16 tag;

	for (unsigned n = 0; n < BALLOON_STATS; n++)
		balloon->stats[n] = UINT64_MAX;
	for (unsigned n = 0; n < 2 * BALLOON_STATS; n++) {
		if (!virtq_buffer_read(out, stat, STAT_SIZE))
			break;
		memcpy(&tag, stat, sizeof(tag));
		if (tag < BALLOON_STATS)
			memcpy(&balloon->stats[tag], stat + sizeof(tag), sizeof(u64));
	}
}

/* Reads the statistics in a buffer, which stays in the queue until new ones are requested. */
static enum virtio_served give_stats(struct virtio_balloon *balloon, struct virtq_chain *chain)
{
	if (chain->in.count)
		return VIRTIO_BAD;
	if (balloon->asked) {
		balloon->asked = false;
		return VIRTIO_USED;
	}
	take_stats(balloon, &chain->out);
	return VIRTIO_WAIT;
}

/*
 * Gives back the free pages that the driver reports, which are the chain's buffers. If the driver
 * poisons free pages, their contents must be kept, so they are not given back (5.5.6.5).
 */
static enum virtio_served virtio_balloon_report(struct virtio_balloon *balloon,
						struct virtq_chain *chain)
{
	bool poisoned = virtio_negotiated(&balloon->virtio, VIRTIO_BALLOON_F_PAGE_POISON) &&
			balloon->config.poison_val;

	if (chain->out.count)
		return VIRTIO_BAD;
	for (unsigned n = 0; n < chain->in.count && !poisoned; n++) {
		const struct iovec *piece = &chain->in.iov[n];
		u64 addr;

		if (bus_physical(&balloon->virtio.platform->bus, piece->iov_base, &addr))
			give_back(balloon, addr, piece->iov_len);
	}
	return VIRTIO_USED;
}

static enum virtio_served virtio_balloon_serve(void *self, unsigned queue,
					       struct virtq_chain *chain, u32 *written)
{
	(void)written;
	switch (queue) {
	case INFLATEQ:
		return inflate(self, chain);
	case DEFLATEQ:
		return deflate(chain);
	case STATSQ:
		return give_stats(self, chain);
	default:
		return virtio_balloon_report(self, chain);
	}
}

static void virtio_balloon_queue_reset(void *self, unsigned queue)
{
	struct virtio_balloon *balloon = self;

	if (queue == INFLATEQ)
		balloon->done = 0;
	if (queue == STATSQ)
		balloon->asked = false;
}

/* Empties the balloon for the next driver. The host's request remains. */
static void driver_reset(void *self)
{
	struct virtio_balloon *balloon = self;

	balloon->config.actual = balloon->config.poison_val = 0;
	memset(balloon->stats, 0xff, sizeof(balloon->stats));
}

static void virtio_balloon_config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct virtio_balloon *balloon = self;
	u8 *bytes = (u8 *)&balloon->config;

	for (unsigned n = 0; n < size; n++, offset++, value >>= 8)
		if (offset / sizeof(u32) * sizeof(u32) ==
			    offsetof(struct virtio_balloon_config, actual) ||
		    offset >= offsetof(struct virtio_balloon_config, poison_val))
			bytes[offset] = (u8)value;
}

static const struct virtio_ops balloon_ops = {
	.device_id = VIRTIO_ID_BALLOON,
	.serve = virtio_balloon_serve,
	.config_write = virtio_balloon_config_write,
	.queue_reset = virtio_balloon_queue_reset,
	.reset = driver_reset,
};

/*
 * Handles a record of the journal: the number of pages that the host wants, or a request for
 * statistics.
 */
static void virtio_balloon_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_balloon *balloon = ctx;

	if (size == sizeof(balloon->config.num_pages)) {
		memcpy(&balloon->config.num_pages, data, size);
		virtio_config_changed(&balloon->virtio);
	} else if (virtio_queue_live(&balloon->virtio, STATSQ)) {
		balloon->asked = true;
		virtio_kick(&balloon->virtio, STATSQ);
	}
}

void virtio_balloon_want(struct virtio_balloon *balloon, u32 pages)
{
	journal_put(&balloon->virtio.platform->journal, balloon->sink, &pages, sizeof(pages));
}

void virtio_balloon_ask(struct virtio_balloon *balloon)
{
	journal_put(&balloon->virtio.platform->journal, balloon->sink, "?", 1);
}

static const struct state_field balloon_fields[] = {
	{ "num_pages", offsetof(struct virtio_balloon, config.num_pages), sizeof(u32), 1, false },
	{ "actual", offsetof(struct virtio_balloon, config.actual), sizeof(u32), 1, false },
	{ "poison_val", offsetof(struct virtio_balloon, config.poison_val), sizeof(u32), 1, false },
	STATE_ARRAY(struct virtio_balloon, stats),
	STATE_FIELD(struct virtio_balloon, returned),
	STATE_FIELD(struct virtio_balloon, done),
	STATE_FIELD(struct virtio_balloon, asked),
};

static const struct state_type balloon_type = {
	.version = 1,
	.fields = balloon_fields,
	.count = ARRAY_SIZE(balloon_fields),
};

void virtio_balloon_init(struct virtio_balloon *balloon, struct platform *platform,
			 const char *name, const struct virtio_balloon_properties *properties)
{
	struct virtio_setup core = {
		.ops = &balloon_ops,
		.self = balloon,
		.name = name,
		.features = VIRTIO_BALLOON_F_STATS_VQ | VIRTIO_BALLOON_F_PAGE_POISON,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &balloon->config,
		.config_size = sizeof(balloon->config),
	};
	struct journal_sink sink = { .name = balloon->part,
				     .put = virtio_balloon_put,
				     .ctx = balloon };

	if (properties->deflate_on_oom)
		core.features |= VIRTIO_BALLOON_F_DEFLATE_ON_OOM;
	if (properties->reporting)
		core.features |= VIRTIO_BALLOON_F_PAGE_REPORTING;
	*balloon = (struct virtio_balloon){ .done = 0 };
	memset(balloon->stats, 0xff, sizeof(balloon->stats));
	virtio_init(&balloon->virtio, platform, &core);
	snprintf(balloon->part, sizeof(balloon->part), "%s.balloon", balloon->virtio.name);
	balloon->sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, balloon->part, &balloon_type, balloon);
}

static int virtio_balloon_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	struct virtio_balloon *balloon = self;

	virtio_balloon_init(balloon, setup->context->platform, setup->name, setup->properties);
	*virtio = &balloon->virtio;
	return 0;
}

static int virtio_balloon_check_beside(struct device_setup *setup, const void *other)
{
	(void)other;
	return device_fail(setup, -EINVAL, "a machine can have only one balloon");
}

static const struct key virtio_balloon_keys[] = {
	{ .name = "deflate-on-oom", .kind = KEY_SWITCH, .accepted = "on|off",
	  .offset = offsetof(struct virtio_balloon_properties, deflate_on_oom) },
	{ .name = "free-page-reporting", .kind = KEY_SWITCH, .accepted = "on|off",
	  .initial = true, .offset = offsetof(struct virtio_balloon_properties, reporting) },
};

const struct device_type virtio_balloon_device = {
	.name = "virtio-balloon",
	.names = DEVICE_VIRTIO_NAMES("virtio-balloon"),
	.help = "A memory balloon: the monitor's balloon MIB takes memory from the guest and gives "
		"it back; free-page-reporting=on, the default, returns memory that the guest frees "
		"to the host.",
	.category = DEVICE_MEMORY,
	.keys = virtio_balloon_keys,
	.key_count = ARRAY_SIZE(virtio_balloon_keys),
	.properties_size = sizeof(struct virtio_balloon_properties),
	.check_beside = virtio_balloon_check_beside,
	.part = "balloon",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_balloon),
	.create = virtio_balloon_create,
	.old = true,
};
