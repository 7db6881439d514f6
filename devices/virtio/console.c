/* SPDX-License-Identifier: MIT */
/*
 * What the chains of a console mean: input waits here until the driver offers buffers, output
 * goes out in parts of limited size. Bytes from the host come by the journal only.
 */
#include "devices/virtio/console.h"
#include <errno.h>
#include <stdio.h>

#define VIRTIO_ID_CONSOLE 3
#define VIRTIO_CONSOLE_F_EMERG_WRITE BIT(2)
#define QUEUE_SIZE 64

/* 5.3.2 Virtqueues */
#define RECEIVEQ 0
#define TRANSMITQ 1
#define QUEUES 2

/* Output of one chain in one turn, in bytes. */
#define OUTPUT_TURN (64 * KiB)

static enum virtio_served receive(struct virtio_console *console, struct virtq_chain *chain,
				  u32 *written)
{
	u32 size;

	if (chain->out.count)
		return VIRTIO_BAD;
	if (!console->input_count)
		return VIRTIO_WAIT;
	size = (u32)MIN(chain->in.size, console->input_count);
	*written = size;
	for (u32 part; size; size -= part) {
		part = MIN(size, VIRTIO_CONSOLE_INPUT - console->input_start);
		virtq_buffer_write(&chain->in, &console->input[console->input_start], part);
		console->input_start = (console->input_start + part) % VIRTIO_CONSOLE_INPUT;
		console->input_count -= part;
	}
	return VIRTIO_USED;
}

static enum virtio_served transmit(struct virtio_console *console, struct virtq_chain *chain)
{
	struct virtq_buffer *out = &chain->out;
	u64 turn;

	if (chain->in.count)
		return VIRTIO_BAD;
	/* The driver may have put a shorter chain in the place of the one begun. */
	virtq_buffer_skip(out, MIN(console->sent, out->size));
	turn = MIN(out->size, OUTPUT_TURN);
	console->sent += (u32)turn;
	for (u64 part; turn; turn -= part) {
		part = MIN(turn, out->iov->iov_len);
		chardev_write(&console->chardev, out->iov->iov_base, part);
		virtq_buffer_skip(out, part);
	}
	if (out->size)
		return VIRTIO_AGAIN;
	console->sent = 0;
	return VIRTIO_USED;
}

static enum virtio_served serve(void *self, unsigned queue, struct virtq_chain *chain, u32 *written)
{
	return queue == RECEIVEQ ? receive(self, chain, written) : transmit(self, chain);
}

static void queue_reset(void *self, unsigned queue)
{
	struct virtio_console *console = self;

	if (queue == TRANSMITQ)
		console->sent = 0;
}

/* 5.3.5.1: emerg_wr works on a device that no driver has configured. */
static void config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct virtio_console *console = self;
	u8 byte = (u8)value;

	(void)size;
	if (offset == offsetof(struct virtio_console_config, emerg_wr))
		chardev_write(&console->chardev, &byte, 1);
}

static const struct virtio_ops console_ops = {
	.device_id = VIRTIO_ID_CONSOLE,
	.serve = serve,
	.config_write = config_write,
	.queue_reset = queue_reset,
};

static size_t room(void *device)
{
	struct virtio_console *console = device;

	return VIRTIO_CONSOLE_INPUT - console->input_count;
}

static void put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_console *console = ctx;
	size_t fits = MIN(size, room(console));

	for (size_t i = 0; i < fits; i++) {
		u32 end = console->input_start + console->input_count++;

		console->input[end % VIRTIO_CONSOLE_INPUT] = data[i];
	}
	virtio_kick(&console->virtio, RECEIVEQ);
}

/* A reset of the machine; one by the driver leaves what was typed ahead of it. */
static void reset(void *self)
{
	struct virtio_console *console = self;

	console->input_start = 0;
	console->input_count = 0;
}

static const struct state_field console_fields[] = {
	STATE_ARRAY(struct virtio_console, input),
	STATE_FIELD(struct virtio_console, input_start),
	STATE_FIELD(struct virtio_console, input_count),
	STATE_FIELD(struct virtio_console, sent),
};

static int console_loaded(void *self)
{
	const struct virtio_console *console = self;

	return console->input_start < VIRTIO_CONSOLE_INPUT &&
			       console->input_count <= VIRTIO_CONSOLE_INPUT
		       ? 0
		       : -EINVAL;
}

static const struct state_type console_type = {
	.version = 1,
	.fields = console_fields,
	.count = ARRAY_SIZE(console_fields),
	.loaded = console_loaded,
};

void virtio_console_init(struct virtio_console *console, struct platform *platform,
			 const char *name)
{
	struct virtio_setup core = {
		.ops = &console_ops,
		.self = console,
		.name = name,
		.features = VIRTIO_CONSOLE_F_EMERG_WRITE,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &console->config,
		.config_size = sizeof(console->config),
	};
	struct journal_sink sink = { .name = console->part, .put = put, .ctx = console };

	*console = (struct virtio_console){ .chardev = { .room = room, .device = console } };
	virtio_init(&console->virtio, platform, &core);
	snprintf(console->part, sizeof(console->part), "%s.console", console->virtio.name);
	console->chardev.sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, console->part, &console_type, console);
	platform_on_reset(platform, reset, console);
}

int virtio_console_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	struct virtio_console *console = self;

	virtio_console_init(console, setup->context->platform, setup->name);
	*virtio = &console->virtio;
	return 0;
}
