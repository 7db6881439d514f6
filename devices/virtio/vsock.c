/* SPDX-License-Identifier: MIT */
/*
 * The queues of a socket device. Packets of the guest are accepted as long as there is room for the
 * resets that may have to answer them. Packets for the guest are written when it offers buffers,
 * those without data first.
 */
#include "devices/virtio/vsock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VIRTIO_ID_VSOCK 19
#define VIRTIO_VSOCK_F_STREAM BIT(0)
#define VIRTIO_VSOCK_F_NO_IMPLIED_STREAM BIT(2)
#define QUEUE_SIZE 128
#define QUEUES 3
#define HEADER sizeof(struct virtio_vsock_hdr)

/*
 * Writes as many of the data bytes (vsock->data) as the chain has room for. Returns their number.
 */
static u32 send_data(struct virtio_vsock *vsock, struct virtq_chain *chain)
{
	struct virtio_vsock_connection *connection = &vsock->connections[vsock->data_connection];
	u32 size = (u32)MIN(vsock->data_size, chain->in.size - HEADER);
	struct virtio_vsock_hdr header;

	virtio_vsock_header(vsock, vsock->data_connection, VIRTIO_VSOCK_OP_RW, &header);
	header.len = size;
	virtq_buffer_write(&chain->in, &header, HEADER);
	virtq_buffer_write(&chain->in, vsock->data, size);
	vsock->data += size;
	vsock->data_size -= size;
	connection->sent += size;
	return size;
}

static enum virtio_served virtio_vsock_receive(struct virtio_vsock *vsock,
					       struct virtq_chain *chain, u32 *written)
{
	struct clock *clock = &vsock->virtio.platform->clock;
	bool full = vsock->stray_count == VIRTIO_VSOCK_STRAYS_MAX;
	struct virtio_vsock_hdr header;

	if (chain->out.count || chain->in.size <= HEADER)
		return VIRTIO_BAD;
	*written = HEADER;
	if (virtio_vsock_next(vsock, &header))
		virtq_buffer_write(&chain->in, &header, HEADER);
	else if (vsock->data_size)
		*written += send_data(vsock, chain);
	else
		return VIRTIO_WAIT;
	if (full)
		clock_arm(clock, &vsock->resume, clock_now(clock));
	return VIRTIO_USED;
}

static enum virtio_served virtio_vsock_transmit(struct virtio_vsock *vsock,
						struct virtq_chain *chain)
{
	struct virtio_vsock_hdr header;

	if (vsock->stray_count == VIRTIO_VSOCK_STRAYS_MAX)
		return VIRTIO_WAIT;
	if (chain->in.count || !virtq_buffer_read(&chain->out, &header, HEADER) ||
	    header.len > chain->out.size)
		return VIRTIO_BAD;
	if (header.src_cid != vsock->guest_cid) {
		log_line(&vsock->virtio.platform->log, LOG_GUEST_ERRORS,
			 "%s: a packet from another cid: %llu", vsock->virtio.name, header.src_cid);
		return VIRTIO_USED;
	}
	virtio_vsock_packet(vsock, &header, &chain->out);
	virtio_kick(&vsock->virtio, VIRTIO_VSOCK_RXQ);
	return VIRTIO_USED;
}

/*
 * Serves a chain of any queue. Chains of the event queue only wait: it reports migrations, which do
 * not exist here.
 */
static enum virtio_served virtio_vsock_serve(void *self, unsigned queue, struct virtq_chain *chain,
					     u32 *written)
{
	struct virtio_vsock *vsock = self;

	if (queue == VIRTIO_VSOCK_EVENTQ)
		return chain->out.count ? VIRTIO_BAD : VIRTIO_WAIT;
	return queue == VIRTIO_VSOCK_RXQ ? virtio_vsock_receive(vsock, chain, written) :
					   virtio_vsock_transmit(vsock, chain);
}

static void resume(void *ctx, u64 now)
{
	struct virtio_vsock *vsock = ctx;

	(void)now;
	virtio_kick(&vsock->virtio, VIRTIO_VSOCK_TXQ);
}

static void virtio_vsock_reset(void *self)
{
	struct virtio_vsock *vsock = self;

	clock_disarm(&vsock->virtio.platform->clock, &vsock->resume);
	virtio_vsock_forget(vsock);
}

static const struct virtio_ops vsock_ops = {
	.device_id = VIRTIO_ID_VSOCK,
	.serve = virtio_vsock_serve,
	.reset = virtio_vsock_reset,
};

static bool can_take(const struct virtio_vsock_connection *connection)
{
	return connection->state == VSOCK_CONNECTED && !(connection->host_shut & VSOCK_SHUT_SEND) &&
	       !(connection->guest_shut & VSOCK_SHUT_RECEIVE);
}

static u64 virtio_vsock_room(void *device, u32 n, u64 most)
{
	struct virtio_vsock *vsock = device;
	const struct virtio_vsock_connection *connection = &vsock->connections[n];

	if (!can_take(connection) || vsock->waiting || vsock->stray_count)
		return 0;
	return virtio_space(&vsock->virtio, VIRTIO_VSOCK_RXQ, HEADER,
			    MIN(most, virtio_vsock_credit(connection)));
}

static bool virtio_vsock_find_free(void *device, u32 *connection)
{
	const struct virtio_vsock *vsock = device;

	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++)
		if (vsock->connections[n].state == VSOCK_FREE) {
			*connection = n;
			return vsock->virtio.status & VIRTIO_STATUS_DRIVER_OK;
		}
	return false;
}

static bool is_used(void *device, u32 connection)
{
	const struct virtio_vsock *vsock = device;

	return vsock->connections[connection].state != VSOCK_FREE;
}

static void virtio_vsock_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_vsock *vsock = ctx;
	struct vsock_record record;

	if (size < sizeof(record))
		return;
	memcpy(&record, data, sizeof(record));
	if (record.connection >= VSOCK_CONNECTIONS_MAX)
		return;
	if (record.input == VSOCK_DATA && can_take(&vsock->connections[record.connection])) {
		vsock->data = data + sizeof(record);
		vsock->data_size = size - sizeof(record);
		vsock->data_connection = record.connection;
	} else {
		virtio_vsock_input(vsock, &record);
	}
	virtio_kick(&vsock->virtio, VIRTIO_VSOCK_RXQ);
	vsock->data_size = 0;
}

static const struct state_field vsock_fields[] = {
	{ "connections", offsetof(struct virtio_vsock, connections), 1,
	  sizeof(((struct virtio_vsock *)0)->connections), false },
	{ "strays", offsetof(struct virtio_vsock, strays), 1,
	  sizeof(((struct virtio_vsock *)0)->strays), false },
	STATE_FIELD(struct virtio_vsock, stray_count),
	STATE_FIELD(struct virtio_vsock, next_port),
	STATE_FIELD(struct virtio_vsock, turn),
	STATE_FIELD(struct virtio_vsock, waiting),
};

static int vsock_loaded(void *self)
{
	const struct virtio_vsock *vsock = self;
	u32 waiting = 0;

	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++) {
		const struct virtio_vsock_connection *connection = &vsock->connections[n];

		if (connection->state >= VSOCK_STATES ||
		    connection->received - connection->taken > VSOCK_WINDOW ||
		    (connection->state == VSOCK_FREE && connection->pending))
			return -EINVAL;
		waiting += !!connection->pending;
	}
	return vsock->stray_count <= VIRTIO_VSOCK_STRAYS_MAX && vsock->waiting == waiting &&
			       vsock->turn < VSOCK_CONNECTIONS_MAX ?
		       0 :
		       -EINVAL;
}

static const struct state_type vsock_type = {
	.version = 1,
	.fields = vsock_fields,
	.count = ARRAY_SIZE(vsock_fields),
	.post_load = vsock_loaded,
};

void virtio_vsock_init(struct virtio_vsock *vsock, struct platform *platform, const char *name,
		       const struct virtio_vsock_properties *properties)
{
	const struct virtio_setup core = {
		.ops = &vsock_ops,
		.self = vsock,
		.name = name,
		.features = VIRTIO_VSOCK_F_STREAM | VIRTIO_VSOCK_F_NO_IMPLIED_STREAM,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &vsock->guest_cid,
		.config_size = sizeof(vsock->guest_cid),
	};
	const struct journal_sink sink = { .name = vsock->part,
					   .put = virtio_vsock_put,
					   .ctx = vsock };

	*vsock = (struct virtio_vsock){
		.vsock = { .path = properties->socket,
			   .free = virtio_vsock_find_free,
			   .used = is_used,
			   .room = virtio_vsock_room,
			   .device = vsock },
		.guest_cid = properties->cid,
		.resume = { .fire = resume, .ctx = vsock },
	};
	virtio_init(&vsock->virtio, platform, &core);
	snprintf(vsock->part, sizeof(vsock->part), "%s.sockets", vsock->virtio.name);
	vsock->vsock.sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, vsock->part, &vsock_type, vsock);
	snprintf(vsock->part, sizeof(vsock->part), "%s.resume", vsock->virtio.name);
	clock_event_init(&platform->clock, &platform->state, &vsock->resume, vsock->part);
	snprintf(vsock->part, sizeof(vsock->part), "%s.sockets", vsock->virtio.name);
	virtio_vsock_reset(vsock);
}

static int virtio_vsock_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	struct virtio_vsock *vsock = self;

	virtio_vsock_init(vsock, setup->context->platform, setup->name, setup->properties);
	vsock->vsock.descriptors = setup->context->descriptors;
	*virtio = &vsock->virtio;
	return 0;
}

static int virtio_vsock_check(struct device_setup *setup)
{
	const struct virtio_vsock_properties *properties = setup->properties;

	return properties->cid && properties->socket ?
		       0 :
		       device_fail(setup, -EINVAL, "needs guest-cid=N, 3 or more, and socket=PATH");
}

#define FIELD(member) offsetof(struct virtio_vsock_properties, member)

static const struct key virtio_vsock_keys[] = {
	{ .name = "guest-cid", .kind = KEY_NUMBER, .offset = FIELD(cid), .accepted = "N",
	  .min = 3, .max = UINT32_MAX - 1 },
	{ .name = "socket", .kind = KEY_TEXT, .offset = FIELD(socket), .accepted = "PATH" },
};

const struct device_type virtio_vsock_device = {
	.name = "virtio-vsock",
	.names = DEVICE_VIRTIO_NAMES("virtio-vsock"),
	.help = "Sockets (AF_VSOCK) between the guest, whose number is guest-cid=, and the host: a "
		"program that connects to the Unix socket PATH and writes \"CONNECT N\" and an end "
		"of line reaches the guest's port N, and is told \"OK\"; the guest's connections "
		"to the host's port N arrive at PATH_N.",
	.category = DEVICE_SOCKET,
	.keys = virtio_vsock_keys,
	.key_count = ARRAY_SIZE(virtio_vsock_keys),
	.properties_size = sizeof(struct virtio_vsock_properties),
	.check = virtio_vsock_check,
	.part = "vsock",
	.size = sizeof(struct virtio_vsock),
	.create = virtio_vsock_create,
	.opens_much = true,
};
