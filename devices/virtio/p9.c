/* SPDX-License-Identifier: MIT */
/* Serves 9P messages in chains. See p9.h. */
#include "devices/virtio/p9.h"

#include "devices/share/p9.h"

#include <errno.h>
#include <string.h>

#define VIRTIO_ID_9P 9
#define VIRTIO_9P_F_MOUNT_TAG BIT(0)
#define QUEUE_SIZE 128

static u32 virtio_p9_answer(void *ctx, const u8 *request, u32 size, u8 *reply, u32 room)
{
	return p9_answer(ctx, request, size, reply, room);
}

static bool mounted(const void *ctx)
{
	return p9_mounted(ctx);
}

static void virtio_p9_forget(void *ctx)
{
	p9_reset(ctx);
}

static const struct virtio_share_protocol protocol = {
	.request_min = P9_HEADER,
	.reply_min = P9_HEADER + 4, /* the size of an error reply */
	.message_max = P9_MSIZE_MAX,
	.answer = virtio_p9_answer,
	.mounted = mounted,
	.reset = virtio_p9_forget,
};

static enum virtio_served virtio_p9_serve(void *self, unsigned queue, struct virtq_chain *chain,
					  u32 *written)
{
	struct virtio_p9 *p9 = self;

	(void)queue;
	return virtio_share_serve(&p9->share, chain, written);
}

static void virtio_p9_queue_reset(void *self, unsigned queue)
{
	struct virtio_p9 *p9 = self;

	(void)queue;
	p9_reset(p9->p9);
}

static const struct virtio_ops p9_ops = {
	.device_id = VIRTIO_ID_9P,
	.serve = virtio_p9_serve,
	.queue_reset = virtio_p9_queue_reset,
};

static void virtio_p9_free(void *self)
{
	struct virtio_p9 *p9 = self;

	p9_free(p9->p9);
	virtio_share_close(&p9->share);
}

static int virtio_p9_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct share_properties *properties = setup->properties;
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
	size_t tag_size = strlen(properties->tag);
	int error;

	if (tag_size > VIRTIO_P9_TAG_MAX)
		return device_fail(setup, -EINVAL, "mount_tag=%s: a tag has at most %d bytes",
				   properties->tag, VIRTIO_P9_TAG_MAX);
	error = virtio_share_open(&p9->share, setup, &protocol);
	if (!error) {
		p9->p9 = p9_create(p9->share.share);
		error = p9->p9 ? 0 : -ENOMEM;
	}
	if (error) {
		virtio_p9_free(p9);
		return error;
	}
	p9->config.tag_size = (u16)tag_size;
	memcpy(p9->config.tag, properties->tag, tag_size);
	core.config_size = (u32)(sizeof(p9->config.tag_size) + tag_size);
	virtio_init(&p9->virtio, setup->context->platform, &core);
	virtio_share_begin(&p9->share, &p9->virtio, p9->p9);
	*virtio = &p9->virtio;
	return 0;
}

static int virtio_p9_check(struct device_setup *setup)
{
	return virtio_share_check(setup, "mount_tag");
}

#define FIELD(member) offsetof(struct share_properties, member)

static const struct key virtio_p9_keys[] = {
	{ .name = "fsdev", .kind = KEY_TEXT, .offset = FIELD(fsdev), .accepted = "ID",
	  .role = DEVICE_NAMES_FSDEV },
	{ .name = "mount_tag", .kind = KEY_TEXT, .offset = FIELD(tag), .accepted = "TAG" },
};

const struct device_type virtio_p9_device = {
	.name = "virtio-9p",
	.names = DEVICE_VIRTIO_NAMES("virtio-9p"),
	.help = "A folder of the host; fsdev= names an -fsdev, mount_tag= is the name that the "
		"guest mounts.",
	.category = DEVICE_SHARE,
	.keys = virtio_p9_keys,
	.key_count = ARRAY_SIZE(virtio_p9_keys),
	.properties_size = sizeof(struct share_properties),
	.check = virtio_p9_check,
	.part = "9p",
	.size = sizeof(struct virtio_p9),
	.create = virtio_p9_create,
	.free = virtio_p9_free,
	.opens_much = true,
	.old = true,
};
