/* SPDX-License-Identifier: MIT */
/*
 * The state of connections, and how packets of the guest and records of the host change it. Packets
 * that have to be sent to the guest are only a bit for each kind, so nothing piles up if the guest
 * does not receive them.
 */
#include "devices/virtio/vsock.h"

#define FIRST_PORT (1u << 30) /* above the ports at which programs listen */

static void pend(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection,
		 unsigned ops)
{
	vsock->waiting += !connection->pending;
	connection->pending |= (u8)ops;
}

static u32 connection_number(const struct virtio_vsock *vsock,
			     const struct virtio_vsock_connection *connection)
{
	return (u32)(connection - vsock->connections);
}

static void tell_closed(struct virtio_vsock *vsock,
			const struct virtio_vsock_connection *connection)
{
	const struct vsock *host = &vsock->vsock;

	if (host->host)
		host->host->closed(host->ctx, connection_number(vsock, connection));
}

static void connection_release(struct virtio_vsock *vsock,
			       struct virtio_vsock_connection *connection)
{
	vsock->waiting -= !!connection->pending;
	*connection = (struct virtio_vsock_connection){ 0 };
}

/*
 * Ends the connection: for the host immediately, and for the guest when it has room for a packet.
 */
static void connection_reset(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection)
{
	if (connection->state != VSOCK_CLOSING)
		tell_closed(vsock, connection);
	connection->state = VSOCK_CLOSING;
	pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_RST));
	connection->pending = BIT(VIRTIO_VSOCK_OP_RST);
}

void virtio_vsock_forget(struct virtio_vsock *vsock)
{
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++) {
		struct virtio_vsock_connection *connection = &vsock->connections[n];

		if (connection->state != VSOCK_FREE && connection->state != VSOCK_CLOSING)
			tell_closed(vsock, connection);
		connection_release(vsock, connection);
	}
	vsock->stray_count = 0;
	vsock->next_port = FIRST_PORT;
	vsock->turn = 0;
}

u32 virtio_vsock_credit(const struct virtio_vsock_connection *connection)
{
	u32 flying = connection->sent - connection->peer_forwarded;

	return flying < connection->peer_alloc ? connection->peer_alloc - flying : 0;
}

static struct virtio_vsock_connection *connection_find(struct virtio_vsock *vsock, u32 guest_port,
						       u32 host_port)
{
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++) {
		struct virtio_vsock_connection *connection = &vsock->connections[n];

		if (connection->state != VSOCK_FREE && connection->guest_port == guest_port &&
		    connection->host_port == host_port)
			return connection;
	}
	return NULL;
}

static struct virtio_vsock_connection *connection_find_free(struct virtio_vsock *vsock)
{
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++)
		if (vsock->connections[n].state == VSOCK_FREE)
			return &vsock->connections[n];
	return NULL;
}

/*
 * Answers a packet that belongs to no connection with a reset, unless it is itself one. There is
 * room for it: otherwise the packet would not have been accepted.
 */
static void connection_refuse(struct virtio_vsock *vsock, const struct virtio_vsock_hdr *header)
{
	if (header->op == VIRTIO_VSOCK_OP_RST)
		return;
	assert(vsock->stray_count < VIRTIO_VSOCK_STRAYS_MAX);
	vsock->strays[vsock->stray_count++] = (struct virtio_vsock_stray){
		.host_cid = header->dst_cid,
		.guest_port = header->src_port,
		.host_port = header->dst_port,
		.type = header->type,
	};
}

static void connection_connect(struct virtio_vsock *vsock, const struct virtio_vsock_hdr *header)
{
	struct virtio_vsock_connection *connection = connection_find_free(vsock);
	const struct vsock *host = &vsock->vsock;

	if (!connection) {
		connection_refuse(vsock, header);
		return;
	}
	*connection = (struct virtio_vsock_connection){
		.guest_port = header->src_port,
		.host_port = header->dst_port,
		.peer_alloc = header->buf_alloc,
		.peer_forwarded = header->fwd_cnt,
		.state = VSOCK_CALLED,
	};
	if (host->host)
		host->host->connect(host->ctx, connection_number(vsock, connection),
				    header->dst_port);
}

static void accepted(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection)
{
	const struct vsock *host = &vsock->vsock;

	if (connection->state != VSOCK_CALLING) {
		connection_reset(vsock, connection);
		return;
	}
	connection->state = VSOCK_CONNECTED;
	if (host->host)
		host->host->accepted(host->ctx, connection_number(vsock, connection),
				     connection->host_port);
}

/*
 * Accepts data of the guest. If the guest sends more than its credit allows, the connection is
 * reset.
 */
static void take_data(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection,
		      u32 size, struct virtq_buffer *data)
{
	const struct vsock *host = &vsock->vsock;
	u32 waiting = connection->received - connection->taken;

	if (connection->state != VSOCK_CONNECTED || size > VSOCK_WINDOW - waiting ||
	    connection->guest_shut & VSOCK_SHUT_SEND) {
		connection_reset(vsock, connection);
		return;
	}
	connection->received += size;
	for (u64 part; size; size -= (u32)part) {
		part = MIN(size, data->iov->iov_len);
		if (host->host)
			host->host->data(host->ctx, connection_number(vsock, connection),
					 data->iov->iov_base, part);
		virtq_buffer_skip(data, part);
	}
}

/*
 * Ends a connection on which the guest neither sends nor receives any more, when the host has taken
 * all data.
 */
static void finish_if_done(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection)
{
	if (connection->guest_shut == VSOCK_SHUT_BOTH && connection->received == connection->taken)
		connection_reset(vsock, connection);
}

static void connection_shut(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection,
			    unsigned how)
{
	const struct vsock *host = &vsock->vsock;

	connection->guest_shut |= (u8)(how & VSOCK_SHUT_BOTH);
	if (connection->state != VSOCK_CONNECTED)
		connection_reset(vsock, connection);
	else if (host->host)
		host->host->shut(host->ctx, connection_number(vsock, connection),
				 connection->guest_shut);
	finish_if_done(vsock, connection);
}

static void obey(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection,
		 const struct virtio_vsock_hdr *header, struct virtq_buffer *data)
{
	connection->peer_alloc = header->buf_alloc;
	connection->peer_forwarded = header->fwd_cnt;
	switch (header->op) {
	case VIRTIO_VSOCK_OP_RESPONSE:
		accepted(vsock, connection);
		break;
	case VIRTIO_VSOCK_OP_SHUTDOWN:
		connection_shut(vsock, connection, header->flags);
		break;
	case VIRTIO_VSOCK_OP_RW:
		take_data(vsock, connection, header->len, data);
		break;
	case VIRTIO_VSOCK_OP_CREDIT_UPDATE:
		break;
	case VIRTIO_VSOCK_OP_CREDIT_REQUEST:
		pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_CREDIT_UPDATE));
		break;
	default: /* a request for a connection that is already open, or an unknown operation */
		connection_reset(vsock, connection);
	}
}

void virtio_vsock_packet(struct virtio_vsock *vsock, const struct virtio_vsock_hdr *header,
			 struct virtq_buffer *data)
{
	bool possible = header->dst_cid == VIRTIO_VSOCK_CID_HOST &&
			header->type == VIRTIO_VSOCK_TYPE_STREAM;
	struct virtio_vsock_connection *connection =
		possible ? connection_find(vsock, header->src_port, header->dst_port) : NULL;

	if (!connection) {
		if (possible && header->op == VIRTIO_VSOCK_OP_REQUEST)
			connection_connect(vsock, header);
		else
			connection_refuse(vsock, header);
		return;
	}
	if (header->op == VIRTIO_VSOCK_OP_RST) {
		if (connection->state != VSOCK_CLOSING)
			tell_closed(vsock, connection);
		connection_release(vsock, connection);
		return;
	}
	if (connection->state != VSOCK_CLOSING)
		obey(vsock, connection, header, data);
}

/* Returns a port of the host that no connection to this port of the guest uses. */
static u32 choose_port(struct virtio_vsock *vsock, u32 guest_port)
{
	while (connection_find(vsock, guest_port, vsock->next_port))
		vsock->next_port = (vsock->next_port + 1) | FIRST_PORT;
	guest_port = vsock->next_port;
	vsock->next_port = (vsock->next_port + 1) | FIRST_PORT;
	return guest_port;
}

static void open_connection(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection,
			    u32 port)
{
	u32 host_port = choose_port(vsock, port);

	*connection = (struct virtio_vsock_connection){
		.guest_port = port, .host_port = host_port, .state = VSOCK_CALLING,
	};
	pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_REQUEST));
}

/*
 * Notes that the host has taken `size` bytes. Sends the guest a credit update if the guest knows of
 * less than half a window.
 */
static void taken(struct virtio_vsock *vsock, struct virtio_vsock_connection *connection, u32 size)
{
	connection->taken += MIN(size, connection->received - connection->taken);
	if (connection->received - connection->sent_fwd_cnt > VSOCK_WINDOW / 2 &&
	    connection->taken != connection->sent_fwd_cnt)
		pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_CREDIT_UPDATE));
	finish_if_done(vsock, connection);
}

void virtio_vsock_input(struct virtio_vsock *vsock, const struct vsock_record *record)
{
	struct virtio_vsock_connection *connection = &vsock->connections[record->connection];
	unsigned state = connection->state;

	if (record->input == VSOCK_OPEN && state == VSOCK_FREE)
		open_connection(vsock, connection, record->value);
	if (state == VSOCK_FREE || state == VSOCK_CLOSING)
		return;
	if (record->input == VSOCK_RESET)
		connection_reset(vsock, connection);
	if (record->input == VSOCK_ACCEPT && state == VSOCK_CALLED) {
		connection->state = VSOCK_CONNECTED;
		pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_RESPONSE));
	}
	if (state != VSOCK_CONNECTED)
		return;
	if (record->input == VSOCK_TAKEN)
		taken(vsock, connection, record->value);
	if (record->input == VSOCK_SHUT) {
		connection->host_shut |= (u8)(record->value & VSOCK_SHUT_BOTH);
		pend(vsock, connection, BIT(VIRTIO_VSOCK_OP_SHUTDOWN));
	}
}

void virtio_vsock_header(struct virtio_vsock *vsock, u32 n, u16 op, struct virtio_vsock_hdr *header)
{
	struct virtio_vsock_connection *connection = &vsock->connections[n];

	connection->sent_fwd_cnt = connection->taken;
	*header = (struct virtio_vsock_hdr){
		.src_cid = VIRTIO_VSOCK_CID_HOST,
		.dst_cid = vsock->guest_cid,
		.src_port = connection->host_port,
		.dst_port = connection->guest_port,
		.type = VIRTIO_VSOCK_TYPE_STREAM,
		.op = op,
		.flags = op == VIRTIO_VSOCK_OP_SHUTDOWN ? connection->host_shut : 0,
		.buf_alloc = VSOCK_WINDOW,
		.fwd_cnt = connection->taken,
	};
}

static void next_stray(struct virtio_vsock *vsock, struct virtio_vsock_hdr *header)
{
	const struct virtio_vsock_stray *stray = &vsock->strays[--vsock->stray_count];

	*header = (struct virtio_vsock_hdr){
		.src_cid = stray->host_cid,
		.dst_cid = vsock->guest_cid,
		.src_port = stray->host_port,
		.dst_port = stray->guest_port,
		.type = (u16)stray->type,
		.op = VIRTIO_VSOCK_OP_RST,
	};
}

bool virtio_vsock_next(struct virtio_vsock *vsock, struct virtio_vsock_hdr *header)
{
	struct virtio_vsock_connection *connection;
	u16 op;

	if (vsock->stray_count) {
		next_stray(vsock, header);
		return true;
	}
	if (!vsock->waiting)
		return false;
	do
		vsock->turn = (vsock->turn + 1) % VSOCK_CONNECTIONS_MAX;
	while (!vsock->connections[vsock->turn].pending);
	connection = &vsock->connections[vsock->turn];
	op = (u16)__builtin_ctz(connection->pending);
	virtio_vsock_header(vsock, vsock->turn, op, header);
	connection->pending &= (u8)~BIT(op);
	vsock->waiting -= !connection->pending;
	if (connection->state == VSOCK_CLOSING)
		connection_release(vsock, connection);
	return true;
}
