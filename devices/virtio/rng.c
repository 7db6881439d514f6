/* SPDX-License-Identifier: MIT */
/* Gives the guest random bytes from the machine's source. */
#include "devices/virtio/rng.h"

#include <string.h>

#define VIRTIO_ID_ENTROPY 4
#define QUEUE_SIZE 8

/*
 * The most bytes of one request, which bounds its work; the device "MAY use less than the entire
 * buffer length" (5.4.6.2).
 */
#define BYTES_MAX 4096

static enum virtio_served virtio_rng_serve(void *self, unsigned queue, struct virtq_chain *chain,
					   u32 *written)
{
	struct virtio_rng *rng = self;
	u8 data[BYTES_MAX];
	size_t size = MIN(chain->in.size, sizeof(data));

	(void)queue;
	if (chain->out.count)
		return VIRTIO_BAD;
	entropy_get(&rng->virtio.platform->entropy, data, size);
	virtq_buffer_write(&chain->in, data, size);
	*written = (u32)size;
	return VIRTIO_USED;
}

static const struct virtio_ops rng_ops = {
	.device_id = VIRTIO_ID_ENTROPY,
	.serve = virtio_rng_serve,
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

	*rng = (struct virtio_rng){ 0 };
	virtio_init(&rng->virtio, platform, &core);
}

static int virtio_rng_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	struct virtio_rng *rng = self;
	int failed = entropy_check(&setup->context->platform->entropy);

	if (failed)
		return device_fail(setup, failed,
				   "getrandom, from which random bytes come, is refused: %s; allow "
				   "it in the sandbox, or give --clock=virtual",
				   strerror(-failed));
	virtio_rng_init(rng, setup->context->platform, setup->name);
	*virtio = &rng->virtio;
	return 0;
}

struct virtio_rng_properties {
	/* the object's id; the bytes come from the machine's source whatever object that is */
	const char *rng;
	/* limit how many bytes the host gives; ignored, for there are enough */
	u64 max_bytes, period;
};

static const struct key virtio_rng_keys[] = {
	{ .name = "rng", .kind = KEY_TEXT, .accepted = "ID", .role = DEVICE_NAMES_ENTROPY,
	  .offset = offsetof(struct virtio_rng_properties, rng) },
	{ .name = "max-bytes", .kind = KEY_NUMBER, .accepted = "N",
	  .offset = offsetof(struct virtio_rng_properties, max_bytes), .max = UINT64_MAX },
	{ .name = "period", .kind = KEY_NUMBER, .accepted = "MILLISECONDS",
	  .offset = offsetof(struct virtio_rng_properties, period), .max = UINT32_MAX },
};

const struct device_type virtio_rng_device = {
	.name = "virtio-rng",
	.names = DEVICE_VIRTIO_NAMES("virtio-rng"),
	.help = "Entropy from the host.",
	.category = DEVICE_ENTROPY,
	.keys = virtio_rng_keys,
	.key_count = ARRAY_SIZE(virtio_rng_keys),
	.properties_size = sizeof(struct virtio_rng_properties),
	.part = "rng",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_rng),
	.create = virtio_rng_create,
	.pluggable = true,
	.old = true,
};
