/* SPDX-License-Identifier: MIT */
/*
 * Random bytes for the guest. The generator for reproducible runs is no input from the host, so
 * it does not pass the journal: a replay computes the same bytes and leaves the same state.
 */
#include "devices/virtio/rng.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define VIRTIO_ID_ENTROPY 4
#define QUEUE_SIZE 8

/* 5.4.6.2: "MAY use less than the entire buffer length"; bounds the work of a request. */
#define BYTES_MAX 4096

/* SplitMix64: a counter in steps of the golden ratio, each value mixed. */
static u64 next(struct virtio_rng *rng)
{
	u64 mixed = rng->state += 0x9e3779b97f4a7c15ull;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ull;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebull;
	return mixed ^ (mixed >> 31);
}

static void generate(struct virtio_rng *rng, u8 *data, size_t size)
{
	for (size_t done = 0; done < size; done += sizeof(u64)) {
		u64 word = next(rng);

		memcpy(data + done, &word, MIN(size - done, sizeof(word)));
	}
}

/* The journal asks for the host's. */
static void ask(void *ctx, u8 *data, size_t size)
{
	(void)ctx;
	for (size_t done = 0; done < size;) {
		ssize_t got = getrandom(data + done, size - done, 0);

		assert(got > 0 || errno == EINTR);
		done += got > 0 ? (size_t)got : 0;
	}
}

static enum virtio_served serve(void *self, unsigned queue, struct virtq_chain *chain, u32 *written)
{
	struct virtio_rng *rng = self;
	struct platform *platform = rng->virtio.platform;
	u8 data[BYTES_MAX];
	size_t size = MIN(chain->in.size, sizeof(data));

	(void)queue;
	if (chain->out.count)
		return VIRTIO_BAD;
	if (platform->clock.mode == CLOCK_VIRTUAL)
		generate(rng, data, size);
	else
		journal_ask(&platform->journal, rng->sink, data, size);
	virtq_buffer_write(&chain->in, data, size);
	*written = (u32)size;
	return VIRTIO_USED;
}

static const struct virtio_ops rng_ops = {
	.device_id = VIRTIO_ID_ENTROPY,
	.serve = serve,
};

static const struct state_field rng_fields[] = {
	STATE_FIELD(struct virtio_rng, state),
};

static const struct state_type rng_type = {
	.version = 1,
	.fields = rng_fields,
	.count = ARRAY_SIZE(rng_fields),
};

void virtio_rng_init(struct virtio_rng *rng, struct platform *platform, const char *name)
{
	struct virtio_setup core = {
		.ops = &rng_ops,
		.self = rng,
		.name = name,
		.queue_count = 1,
		.queue_size = QUEUE_SIZE,
	};
	struct journal_sink sink = { .name = rng->part, .ask = ask };

	*rng = (struct virtio_rng){ .state = platform->seed };
	virtio_init(&rng->virtio, platform, &core);
	snprintf(rng->part, sizeof(rng->part), "%s.rng", rng->virtio.name);
	rng->sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, rng->part, &rng_type, rng);
}
