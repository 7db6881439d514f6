/* SPDX-License-Identifier: MIT */
/* Serves messages in chains. See share.h. */
#include "devices/virtio/share.h"

#include "devices/device_type.h"
#include "devices/share/share.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A request is several system calls, and may be one that waits for the storage. It counts towards
 * the limit of a turn as much as moving this many bytes.
 */
#define REQUEST_COST (512 * KiB)

/*
 * Answers the journal, which calls this function twice for each reply: for its size, and then for
 * its bytes.
 */
static void virtio_share_ask(void *ctx, u8 *data, size_t size)
{
	struct virtio_share *share = ctx;
	u32 reply_size;

	if (data == share->reply)
		return;
	assert(size == sizeof(reply_size));
	reply_size = share->protocol->answer(share->ctx, share->request, share->request_size,
					     share->reply, share->reply_room);
	memcpy(data, &reply_size, sizeof(reply_size));
}

/*
 * Copies a whole request to share->request, and checks that there is room for the shortest reply.
 */
static bool take_request(struct virtio_share *share, struct virtq_chain *chain)
{
	const struct virtio_share_protocol *protocol = share->protocol;
	u32 copied = (u32)MIN(chain->out.size, protocol->message_max);

	share->reply_room = (u32)MIN(chain->in.size, protocol->message_max);
	if (share->reply_room < protocol->reply_min && (share->reply_room || !protocol->silent))
		return false;
	if (copied < protocol->request_min)
		return false;
	virtq_buffer_read(&chain->out, share->request, copied);
	memcpy(&share->request_size, share->request, sizeof(share->request_size));
	return share->request_size >= protocol->request_min && share->request_size <= copied;
}

enum virtio_served virtio_share_serve(struct virtio_share *share, struct virtq_chain *chain,
				      u32 *written)
{
	const struct virtio_share_protocol *protocol = share->protocol;
	struct journal *journal = &share->virtio->platform->journal;
	u32 size;

	virtio_charge(share->virtio, REQUEST_COST);
	if (!take_request(share, chain))
		return VIRTIO_BAD;
	journal_ask(journal, share->sink, &size, sizeof(size));
	if (!size && protocol->silent)
		return VIRTIO_USED;
	if (!size || size > share->reply_room)
		return VIRTIO_BAD; /* the journal that is replayed is that of another run */
	journal_ask(journal, share->sink, share->reply, size);
	virtq_buffer_write(&chain->in, share->reply, size);
	*written = size;
	return VIRTIO_USED;
}

void virtio_share_close(struct virtio_share *share)
{
	share_close(share->share);
	free(share->request);
	free(share->reply);
}

int virtio_share_check(struct device_setup *setup, const char *tag)
{
	const struct share_properties *properties = setup->properties;

	if (properties->path || (properties->fsdev && properties->tag))
		return 0;
	return device_fail(setup, -EINVAL, "needs fsdev=ID of an -fsdev, and %s=TAG", tag);
}

int virtio_share_open(struct virtio_share *share, struct device_setup *setup,
		      const struct virtio_share_protocol *protocol)
{
	const struct share_properties *properties = setup->properties;
	const struct share_config config = {
		.path = properties->path,
		.security = properties->mapped ? SHARE_MAPPED : SHARE_NONE,
		.readonly = properties->readonly,
		.descriptors = setup->context->descriptors,
	};
	int error;

	if (setup->context->copies && !properties->readonly)
		return device_fail(setup, -EINVAL,
				   "with --compare and --restore nothing is written "
				   "to the host: share %s with readonly=on",
				   properties->path);
	error = share_open(&share->share, &config);
	if (error == -ENOSYS)
		return device_fail(setup, error,
				   "openat2, by which folders are shared safely, is refused: "
				   "Linux 5.6 or newer is needed, or a sandbox that allows it");
	if (error)
		return device_fail(setup, error, "%s: cannot be shared: %s", properties->path,
				   strerror(-error));
	share->protocol = protocol;
	share->properties = properties;
	share->request = malloc(protocol->message_max);
	share->reply = malloc(protocol->message_max);
	return share->request && share->reply ? 0 : -ENOMEM;
}

/* Refuses snapshots while the folder is mounted, as QEMU's 9p does. */
static bool bound(void *self, char *why, size_t size)
{
	const struct virtio_share *share = self;

	if (!share->protocol->mounted(share->ctx))
		return false;
	snprintf(why, size,
		 "Migration is disabled when VirtFS export path '%s' is mounted in the "
		 "guest using mount_tag '%s'",
		 share->properties->path, share->properties->tag);
	return true;
}

/* Drops the guest's file numbers, which would refer to other files now. */
static int virtio_share_loaded(void *self)
{
	const struct virtio_share *share = self;

	share->protocol->reset(share->ctx);
	return 0;
}

/* The state has no fields: all of it depends on the host's files. */
static const struct state_type share_type = { .version = 1,
					      .post_load = virtio_share_loaded,
					      .bound = bound };

void virtio_share_begin(struct virtio_share *share, struct virtio *virtio, void *ctx)
{
	const struct journal_sink sink = { .name = virtio->name,
					   .ask = virtio_share_ask,
					   .ctx = share };
	char name[STATE_NAME_MAX];

	share->ctx = ctx;
	share->virtio = virtio;
	share->sink = journal_register(&virtio->platform->journal, &sink);
	snprintf(name, sizeof(name), "%s.share", virtio->name);
	state_register(&virtio->platform->state, name, &share_type, share);
}
