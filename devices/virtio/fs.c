/* SPDX-License-Identifier: MIT */
/* Serves FUSE requests in chains. See fs.h. */
#include "devices/virtio/fs.h"

#include "devices/share/fuse.h"

#include <errno.h>
#include <string.h>

#define VIRTIO_ID_FS 26
/* The hiprio queue and one request queue: requests are carried out one after the other. */
#define QUEUE_COUNT 2
/* Linux makes requests of as many pages as a queue has entries, except those for the headers. */
#define QUEUE_SIZE 256

static u32 virtio_fs_answer(void *ctx, const u8 *request, u32 size, u8 *reply, u32 room)
{
	return fuse_answer(ctx, request, size, reply, room);
}

static bool mounted(const void *ctx)
{
	return fuse_mounted(ctx);
}

static void virtio_fs_forget(void *ctx)
{
	fuse_reset(ctx);
}

static const struct virtio_share_protocol protocol = {
	.request_min = FUSE_REQUEST_MIN,
	.reply_min = FUSE_REPLY_MIN,
	.message_max = FUSE_MESSAGE_MAX,
	.silent = true,
	.answer = virtio_fs_answer,
	.mounted = mounted,
	.reset = virtio_fs_forget,
};

/* Serves both queues in the same way: the driver chooses the queue of a request. */
static enum virtio_served virtio_fs_serve(void *self, unsigned queue, struct virtq_chain *chain,
					  u32 *written)
{
	struct virtio_fs *fs = self;

	(void)queue;
	return virtio_share_serve(&fs->share, chain, written);
}

static void virtio_fs_reset(void *self)
{
	struct virtio_fs *fs = self;

	fuse_reset(fs->fuse);
}

static const struct virtio_ops fs_ops = {
	.device_id = VIRTIO_ID_FS,
	.serve = virtio_fs_serve,
	.reset = virtio_fs_reset,
};

static void virtio_fs_free(void *self)
{
	struct virtio_fs *fs = self;

	fuse_free(fs->fuse);
	virtio_share_close(&fs->share);
}

static int virtio_fs_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct share_properties *properties = setup->properties;
	struct virtio_fs *fs = self;
	const struct virtio_setup core = {
		.ops = &fs_ops,
		.self = fs,
		.name = setup->name,
		.queue_count = QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.config = &fs->config,
		.config_size = sizeof(fs->config),
	};
	size_t tag_size = strlen(properties->tag);
	int error;

	if (!tag_size || tag_size > VIRTIO_FS_TAG_MAX)
		return device_fail(setup, -EINVAL, "tag=%s: a tag has 1 to %d bytes",
				   properties->tag, VIRTIO_FS_TAG_MAX);
	error = virtio_share_open(&fs->share, setup, &protocol);
	if (!error) {
		fs->fuse = fuse_create(fs->share.share, properties->cache);
		error = fs->fuse ? 0 : -ENOMEM;
	}
	if (error) {
		virtio_fs_free(fs);
		return error;
	}
	memcpy(fs->config.tag, properties->tag, tag_size);
	fs->config.num_request_queues = QUEUE_COUNT - 1;
	virtio_init(&fs->virtio, setup->context->platform, &core);
	virtio_share_begin(&fs->share, &fs->virtio, fs->fuse);
	*virtio = &fs->virtio;
	return 0;
}

static int virtio_fs_check(struct device_setup *setup)
{
	return virtio_share_check(setup, "tag");
}

#define FIELD(member) offsetof(struct share_properties, member)

static const struct key virtio_fs_keys[] = {
	{ .name = "fsdev", .kind = KEY_TEXT, .offset = FIELD(fsdev), .accepted = "ID",
	  .role = DEVICE_NAMES_FSDEV },
	{ .name = "tag", .kind = KEY_TEXT, .offset = FIELD(tag), .accepted = "TAG" },
	/* the words are in the order of enum fuse_cache */
	{ .name = "cache", .kind = KEY_WORD, .offset = FIELD(cache),
	  .accepted = "auto|none|always" },
};

const struct device_type virtio_fs_device = {
	.name = "virtio-fs",
	.names = DEVICE_VIRTIO_NAMES("virtio-fs"),
	.help = "A folder of the host; fsdev= names an -fsdev, tag= is the name that the guest "
		"mounts. The guest caches names and attributes for a second; with cache=none it "
		"does not, with cache=always for ever.",
	.category = DEVICE_SHARE,
	.keys = virtio_fs_keys,
	.key_count = ARRAY_SIZE(virtio_fs_keys),
	.properties_size = sizeof(struct share_properties),
	.check = virtio_fs_check,
	.boot_function = "pci1af4,105a",
	.boot_unit = "filesystem@0",
	.part = "fs",
	.size = sizeof(struct virtio_fs),
	.create = virtio_fs_create,
	.free = virtio_fs_free,
	.opens_much = true,
};
