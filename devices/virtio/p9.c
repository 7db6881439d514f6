/* SPDX-License-Identifier: MIT */
/*
 * 9P messages in chains: a request is copied once and answered, the answer copied back. What the
 * answer says comes by the journal, as its size first and then its bytes.
 */
#include "devices/virtio/p9.h"

#include "devices/device_types.h"
#include "devices/share/p9.h"
#include "devices/share/share.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define VIRTIO_ID_9P 9
#define VIRTIO_9P_F_MOUNT_TAG BIT(0)
#define QUEUE_SIZE 128

/* Room that every answer needs: that of an error. */
#define REPLY_MIN (P9_HEADER + 4)

/* Asked first for the size of the answer, which it then has, and then for the answer. */
static void ask(void *ctx, u8 *data, size_t size)
{
	struct virtio_p9 *p9 = ctx;
	u32 reply_size;

	if (data == p9->reply)
		return;
	assert(size == sizeof(reply_size));
	reply_size = p9_answer(p9->p9, p9->request, p9->request_size, p9->reply, p9->reply_room);
	memcpy(data, &reply_size, sizeof(reply_size));
}

static enum virtio_served serve(void *self, unsigned queue, struct virtq_chain *chain, u32 *written)
{
	struct virtio_p9 *p9 = self;
	struct journal *journal = &p9->virtio.platform->journal;
	u32 copied = (u32)MIN(chain->out.size, P9_MSIZE_MAX), size;

	(void)queue;
	p9->reply_room = (u32)MIN(chain->in.size, P9_MSIZE_MAX);
	if (copied < P9_HEADER || p9->reply_room < REPLY_MIN)
		return VIRTIO_BAD;
	virtq_buffer_read(&chain->out, p9->request, copied);
	memcpy(&p9->request_size, p9->request, sizeof(p9->request_size));
	if (p9->request_size < P9_HEADER || p9->request_size > copied)
		return VIRTIO_BAD;
	journal_ask(journal, p9->sink, &size, sizeof(size));
	if (size < P9_HEADER || size > p9->reply_room)
		return VIRTIO_BAD; /* a replay of something else */
	journal_ask(journal, p9->sink, p9->reply, size);
	virtq_buffer_write(&chain->in, p9->reply, size);
	*written = size;
	return VIRTIO_USED;
}

static void queue_reset(void *self, unsigned queue)
{
	struct virtio_p9 *p9 = self;

	(void)queue;
	p9_reset(p9->p9);
}

static const struct virtio_ops p9_ops = {
	.device_id = VIRTIO_ID_9P,
	.serve = serve,
	.queue_reset = queue_reset,
};

void virtio_p9_free(void *self)
{
	struct virtio_p9 *p9 = self;

	p9_free(p9->p9);
	share_close(p9->share);
	free(p9->request);
	free(p9->reply);
}

/* The folder and what is allocated; virtio_p9_free gives back also a part of it. */
static int get_ready(struct virtio_p9 *p9, struct device_setup *setup)
{
	const struct virtio_9p_properties *properties = setup->properties;
	const struct share_config config = {
		.path = properties->path,
		.security = properties->mapped ? SHARE_MAPPED : SHARE_NONE,
		.readonly = properties->readonly,
	};
	int error = share_open(&p9->share, &config);

	if (error == -ENOSYS)
		return device_fail(setup, error, "this host's kernel has no openat2, by which folders "
				   "are shared safely: Linux 5.6 or newer is needed");
	if (error)
		return device_fail(setup, error, "%s: cannot be shared: %s", properties->path,
				   strerror(-error));
	p9->p9 = p9_create(p9->share);
	p9->request = malloc(P9_MSIZE_MAX);
	p9->reply = malloc(P9_MSIZE_MAX);
	return p9->p9 && p9->request && p9->reply ? 0 : -ENOMEM;
}

int virtio_p9_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct virtio_9p_properties *properties = setup->properties;
	struct platform *platform = setup->context->platform;
	struct virtio_p9 *p9 = self;
	struct virtio_setup core = {
		.ops = &p9_ops,
		.self = p9,
		.name = setup->name,
		.features = VIRTIO_9P_F_MOUNT_TAG,
		.queue_count = 1,
		.queue_size = QUEUE_SIZE,
		.config = &p9->config,
	};
	const struct journal_sink sink = { .name = p9->virtio.name, .ask = ask, .ctx = p9 };
	size_t tag_size = strlen(properties->tag);
	int error;

	if (tag_size > VIRTIO_P9_TAG_MAX)
		return device_fail(setup, -EINVAL, "mount_tag=%s: a tag has at most %d bytes",
				   properties->tag, VIRTIO_P9_TAG_MAX);
	if (setup->context->copies && !properties->readonly)
		return device_fail(setup, -EINVAL, "with --compare and --restore nothing is written "
				   "to the host: share %s with readonly=on", properties->path);
	error = get_ready(p9, setup);
	if (error) {
		virtio_p9_free(p9);
		return error;
	}
	p9->config.tag_size = (u16)tag_size;
	memcpy(p9->config.tag, properties->tag, tag_size);
	core.config_size = (u32)(sizeof(p9->config.tag_size) + tag_size);
	virtio_init(&p9->virtio, platform, &core);
	p9->sink = journal_register(&platform->journal, &sink);
	*virtio = &p9->virtio;
	return 0;
}
