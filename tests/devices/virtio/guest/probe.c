/* SPDX-License-Identifier: MIT */
/* The test device, which echoes what it gets, and counts. */
#include "probe.h"

#include <string.h>

#include "devices/virtio/legacy.h"

static enum virtio_served probe_serve(void *self, unsigned queue, struct virtq_chain *chain,
				      u32 *written)
{
	struct probe *probe = self;
	u8 byte;

	if (probe->answer != VIRTIO_USED && !probe->answers)
		return probe->answer;
	probe->answers -= probe->answers != 0;
	probe->served[queue]++;
	while (chain->in.size && virtq_buffer_read(&chain->out, &byte, 1)) {
		virtq_buffer_write(&chain->in, &byte, 1);
		++*written;
	}
	return VIRTIO_USED;
}

static void config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct probe *probe = self;

	probe->config_writes++;
	probe->config_offset = offset;
	probe->config_size = size;
	probe->config_value = value;
}

static void queue_reset(void *self, unsigned queue)
{
	struct probe *probe = self;

	probe->resets[queue]++;
}

static const struct virtio_ops probe_ops = {
	.device_id = PROBE_ID,
	.serve = probe_serve,
	.config_write = config_write,
	.queue_reset = queue_reset,
};

void probe_init(struct probe *probe, struct platform *platform, const char *name)
{
	struct virtio_setup core = {
		.ops = &probe_ops,
		.self = probe,
		.name = name,
		.features = PROBE_FEATURES,
		.queue_count = PROBE_QUEUES,
		.queue_size = PROBE_QUEUE_SIZE,
		.config = probe->config,
		.config_size = PROBE_CONFIG_SIZE,
	};

	*probe = (struct probe){ .answer = VIRTIO_USED };
	for (u8 i = 0; i < PROBE_CONFIG_SIZE; i++)
		probe->config[i] = 0x10 + i;
	virtio_init(&probe->virtio, platform, &core);
}

enum probe_kind { PROBE_MODERN, PROBE_LEGACY, PROBE_NONE };

static int probe_guest_init(void **state, enum probe_kind kind)
{
	static struct probe_guest fixture;
	struct probe_guest *f = *state = &fixture;

	guest_init(&f->guest, CLOCK_VIRTUAL);
	if (kind != PROBE_NONE)
		probe_init(&f->probe, &f->guest.platform, "virtio0");
	if (kind == PROBE_LEGACY)
		virtio_make_legacy(&f->probe.virtio);
	guest_attach(&f->guest, kind == PROBE_NONE ? NULL : &f->probe.virtio);
	memset(f->probe.resets, 0, sizeof(f->probe.resets)); /* those of the machine's reset */
	return 0;
}

int probe_guest_setup(void **state)
{
	return probe_guest_init(state, PROBE_MODERN);
}

int probe_guest_setup_legacy(void **state)
{
	return probe_guest_init(state, PROBE_LEGACY);
}

int probe_guest_setup_empty(void **state)
{
	return probe_guest_init(state, PROBE_NONE);
}
