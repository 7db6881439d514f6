/* SPDX-License-Identifier: MIT */
/*
 * frontends/net/dgram.c with a peer that reads late: frames for which the peer has no room wait.
 * And with members of a multicast group.
 */
#include "tests/frontends/cli/options_line.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "frontends/net/port.h"

#define FRAME_SIZE 1514

struct dgram_wire {
	char own[64], other[64]; /* paths */
	struct net_port port;
	struct pollset set;
	int peer;
};

static int bind_peer(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int peer = socket(AF_UNIX, SOCK_DGRAM, 0);

	strcpy(address.sun_path, path);
	assert_int_equal(bind(peer, (const struct sockaddr *)&address, sizeof(address)), 0);
	return peer;
}

static void open_wire(struct dgram_wire *wire)
{
	struct board_error error;
	char line[300];

	*wire = (struct dgram_wire){ .peer = -1 };
	snprintf(wire->own, sizeof(wire->own), "dgram-%d-own", getpid());
	snprintf(wire->other, sizeof(wire->other), "dgram-%d-other", getpid());
	snprintf(line, sizeof(line),
		 "-netdev dgram,id=n,local.type=unix,local.path=%s,remote.type=unix,remote.path=%s "
		 "-device virtio-net-device,netdev=n",
		 wire->own, wire->other);
	wire->port.options = &parse_well(line)->net.netdevs[0];
	wire->port.kind = &net_dgram;
	assert_int_equal(net_dgram.open(&wire->port, &error), 0);
	wire->peer = bind_peer(wire->other);
}

static void close_wire(struct dgram_wire *wire)
{
	net_dgram.close(&wire->port);
	pollset_free(&wire->set);
	close(wire->peer);
	unlink(wire->other);
}

static void send_frames(struct dgram_wire *wire, unsigned count)
{
	u8 frame[FRAME_SIZE] = { 0 };

	for (unsigned n = 0; n < count; n++) {
		frame[0] = (u8)n;
		net_dgram.send(&wire->port, frame, sizeof(frame));
	}
}

/* Waits as the run loop does, but at most for a second; returns whether there was something to wait
 * for. */
static bool look_at_wire(struct dgram_wire *wire, u64 ns)
{
	bool seen;

	pollset_clear(&wire->set);
	net_dgram.fill_pollset(&wire->port, &wire->set);
	wire->set.ns = ns;
	seen = pollset_wait(&wire->set);
	net_dgram.poll(&wire->port, &wire->set);
	return seen;
}

/* Returns the number of the frame that has arrived; -1 if there is none. */
static int take_frame(struct dgram_wire *wire)
{
	u8 frame[FRAME_SIZE];

	return recv(wire->peer, frame, sizeof(frame), MSG_DONTWAIT) == FRAME_SIZE ? frame[0] : -1;
}

static void test_burst(void **state)
{
	struct dgram_wire wire;
	const int count = 200;

	open_wire(&wire);
	send_frames(&wire, count);
	for (int n = 0; n < count; n++) {
		int got = take_frame(&wire);

		if (got < 0) {
			assert_true(look_at_wire(&wire, NS_PER_S));
			got = take_frame(&wire);
		}
		assert_int_equal(got, n);
	}
	assert_int_equal(take_frame(&wire), -1);
	close_wire(&wire);
}

/* While the peer does not read, the run loop must sleep. */
static void test_full_peer(void **state)
{
	struct dgram_wire wire;

	open_wire(&wire);
	send_frames(&wire, 100);
	assert_false(look_at_wire(&wire, NS_PER_S / 100));
	close_wire(&wire);
}

/* Others than the peer may send while frames wait. */
static void test_third_party(void **state)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	u8 frame[FRAME_SIZE] = { 0 };
	struct dgram_wire wire;
	int other = socket(AF_UNIX, SOCK_DGRAM, 0);

	open_wire(&wire);
	send_frames(&wire, 100);
	look_at_wire(&wire, 0);
	strcpy(to.sun_path, wire.own);
	assert_int_equal(sendto(other, frame, sizeof(frame), MSG_DONTWAIT,
				(const struct sockaddr *)&to, sizeof(to)),
			 sizeof(frame));
	close(other);
	close_wire(&wire);
}

/* A peer that has gone loses the frames that wait; the peer that takes its place gets those that
 * are sent after that. */
static void test_new_peer(void **state)
{
	struct dgram_wire wire;

	open_wire(&wire);
	send_frames(&wire, 100);
	look_at_wire(&wire, 0);
	close(wire.peer);
	assert_true(look_at_wire(&wire, NS_PER_S));
	unlink(wire.other);
	wire.peer = bind_peer(wire.other);
	send_frames(&wire, 1);
	assert_int_equal(take_frame(&wire), 0);
	assert_int_equal(take_frame(&wire), -1);
	close_wire(&wire);
}

struct member {
	struct line line;
	struct net card;
	struct net_port port;
	struct pollset set;
};

/* Opens a member of a group, with local.port= as QEMU requires it. */
static void open_member(struct member *member, unsigned group_port, unsigned local_port)
{
	struct board_error error;
	char text[300];

	snprintf(text, sizeof(text),
		 "-netdev dgram,id=n,remote.type=inet,remote.host=239.192.7.1,remote.port=%u,"
		 "local.type=inet,local.host=127.0.0.1,local.port=%u "
		 "-device virtio-net-device,netdev=n",
		 group_port, local_port);
	*member = (struct member){ 0 };
	line_fill(&member->line, text);
	member->port = (struct net_port){ .options = member->line.options.net.netdevs,
					  .kind = &net_dgram,
					  .card = &member->card };
	assert_true(net_queue_open(&member->port.queue, NET_QUEUE_SIZE));
	assert_int_equal(net_dgram.open(&member->port, &error), 0);
}

static void close_member(struct member *member)
{
	net_dgram.close(&member->port);
	net_queue_close(&member->port.queue);
	pollset_free(&member->set);
	options_free(&member->line.options);
}

/* Waits until a datagram has arrived. Returns whether it has been accepted as a frame. */
static bool hears(struct member *member)
{
	pollset_clear(&member->set);
	net_dgram.fill_pollset(&member->port, &member->set);
	member->set.ns = NS_PER_S;
	assert_true(pollset_wait(&member->set));
	net_dgram.poll(&member->port, &member->set);
	return net_queue_waits(&member->port.queue);
}

static void check_info(struct member *member, unsigned group_port)
{
	char wanted[80], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	net_dgram.info(&member->port, out);
	fclose(out);
	snprintf(wanted, sizeof(wanted), ", group 239.192.7.1:%u, interface 127.0.0.1\n",
		 group_port);
	assert_string_equal(text, wanted);
	free(text);
}

/* All members receive at the group's port, whatever local.port= is; each receives what the others
 * send, and not what it sends itself. */
static void test_group(void **state)
{
	unsigned number = 20000 + (unsigned)getpid() % 20000;
	u8 frame[FRAME_SIZE] = { 0 };
	struct member one, same, other;

	open_member(&one, number, number);
	open_member(&same, number, number);
	open_member(&other, number, number + 1);
	net_dgram.send(&one.port, frame, sizeof(frame));
	assert_true(hears(&same));
	assert_true(hears(&other));
	assert_false(hears(&one));
	check_info(&one, number);
	close_member(&one);
	close_member(&same);
	close_member(&other);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_group),
	cmocka_unit_test(test_burst),
	cmocka_unit_test(test_full_peer),
	cmocka_unit_test(test_third_party),
	cmocka_unit_test(test_new_peer),
	{ 0 },
};
