/* SPDX-License-Identifier: MIT */
/*
 * frontends/net/vsock*.c with a guest's device: programs that connect and disconnect, slow programs
 * and silent ones.
 */
#include "vsock_guest.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/net/vsock_host.h"

static struct vsock_guest guest;
static struct vsock_set *set;
static char folder[32], path[64];

/* The board of this test has one such device. */
struct vsock *board_vsock(struct board *board, unsigned n)
{
	return n ? NULL : &guest.device.vsock;
}

struct platform *board_platform(struct board *board)
{
	return &guest.guest.platform;
}

static int vsock_host_setup(void **state)
{
	struct board_error error;

	strcpy(folder, "/tmp/baya-vsock-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	vsock_guest_init(&guest);
	guest.device.vsock.path = path;
	guest.device.vsock.descriptors = 512;
	assert_int_equal(vsock_open(&set, NULL, false, &error), 0);
	*state = &guest;
	return 0;
}

static int vsock_host_teardown(void **state)
{
	vsock_close(set);
	guest_free(&guest.guest);
	return rmdir(folder);
}

/* Polls as the run loop does, until all events have been handled. */
static void pump(void)
{
	for (unsigned n = 0; n < 5; n++) {
		vsock_poll(set);
		vsock_feed(set);
	}
}

static int come(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void vsock_host_say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
	pump();
}

static bool is_closed(int fd)
{
	struct pollfd look = { .fd = fd, .events = POLLIN };

	return poll(&look, 1, 0) > 0 && look.revents & POLLHUP;
}

/* Connects, sends the guest's port, and is accepted by the guest; *port becomes the host's port. */
static int vsock_host_call(struct vsock_guest *g, u32 *port)
{
	struct virtio_vsock_hdr header;
	char line[32], want[32];
	int fd = come();
	ssize_t got;

	vsock_host_say(fd, "CONNECT 22\n");
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_REQUEST);
	assert_int_equal(header.dst_port, 22);
	*port = header.src_port;
	vsock_guest_op(g, 22, *port, VIRTIO_VSOCK_OP_RESPONSE);
	snprintf(want, sizeof(want), "OK %u\n", *port);
	got = recv(fd, line, sizeof(line), MSG_DONTWAIT);
	assert_int_equal(got, strlen(want));
	assert_memory_equal(line, want, strlen(want));
	return fd;
}

static void test_a_connection(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	u8 data[VSOCK_BUFFER_SIZE];
	u32 port;
	int fd = vsock_host_call(g, &port);

	header = vsock_guest_header(22, port, VIRTIO_VSOCK_OP_CREDIT_UPDATE, 0);
	vsock_guest_send(g, &header, NULL, 0);
	vsock_host_say(fd, "question");
	assert_int_equal(vsock_guest_next(g, &header, data), VIRTIO_VSOCK_OP_RW);
	assert_int_equal(header.len, 8);
	assert_memory_equal(data, "question", 8);
	header = vsock_guest_header(22, port, VIRTIO_VSOCK_OP_RW, 6);
	vsock_guest_send(g, &header, "answer", 6);
	assert_int_equal(recv(fd, data, sizeof(data), MSG_DONTWAIT), 6);
	shutdown(fd, SHUT_WR);
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_SHUTDOWN);
	assert_int_equal(header.flags, VSOCK_SHUT_SEND);
	close(fd);
	header = vsock_guest_header(22, port, VIRTIO_VSOCK_OP_RW, 6);
	vsock_guest_send(g, &header, "nobody", 6);
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	assert_false(g->device.vsock.used(&g->device, 0));
}

/* A machine is saved with a connection, and loaded into another one that also has a connection. */
static void test_a_machine_that_is_loaded(void **state)
{
	struct vsock_guest *g = *state;
	struct state *machine = &g->guest.platform.state;
	struct state_image image = { 0 };
	struct virtio_vsock_hdr header;
	u32 first;
	int saved = vsock_host_call(g, &first), later;

	assert_int_equal(state_save(machine, &image), 0);
	later = come();
	vsock_host_say(later, "CONNECT 22\n");
	assert_true(g->device.vsock.used(&g->device, 1));
	assert_int_equal(state_load(machine, image.data, image.size), 0);
	assert_true(g->device.vsock.used(&g->device, 0));
	assert_false(g->device.vsock.used(&g->device, 1));
	vsock_loaded(set);
	assert_true(is_closed(saved) && is_closed(later));
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	assert_int_equal(header.src_port, first);
	for (u32 n = 0; n < VSOCK_CONNECTIONS_MAX; n++)
		assert_false(g->device.vsock.used(&g->device, n));
	close(saved);
	close(later);
	free(image.data);
}

/* For a program that does not read, a window of bytes is kept and no more; later the program gets
 * all bytes. */
static void test_slow_program(void **state)
{
	static u8 data[VSOCK_WINDOW / 2], back[sizeof(data)];
	struct vsock_guest *g = *state;
	const struct virtio_vsock_connection *connection = &g->device.connections[0];
	struct virtio_vsock_hdr header;
	u64 sent = 0, got = 0;
	u32 port;
	int fd = vsock_host_call(g, &port);

	for (unsigned n = 0; n < 1000; n++) {
		pump();
		while (vsock_guest_next(g, &header, NULL))
			;
		if (VSOCK_WINDOW - (connection->received - connection->taken) < sizeof(data))
			break;
		memset(data, (int)(sent / sizeof(data)), sizeof(data));
		header = vsock_guest_header(22, port, VIRTIO_VSOCK_OP_RW, sizeof(data));
		vsock_guest_send(g, &header, data, sizeof(data));
		sent += sizeof(data);
	}
	assert_in_range(sent, VSOCK_WINDOW, 999 * sizeof(data));
	header = vsock_guest_header(22, port, VIRTIO_VSOCK_OP_SHUTDOWN, 0);
	header.flags = VSOCK_SHUT_BOTH;
	vsock_guest_send(g, &header, NULL, 0);
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	for (ssize_t size; (size = recv(fd, back, sizeof(back), MSG_DONTWAIT)) > 0; pump()) {
		for (ssize_t n = 0; n < size; n++)
			assert_int_equal(back[n], (u8)((got + (u64)n) / sizeof(data)));
		got += (u64)size;
	}
	assert_int_equal(got, sent);
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	assert_true(is_closed(fd));
	close(fd);
}

/* CONNECT lines arrive in pieces or are invalid, and some programs send nothing. */
static void test_callers(void **state)
{
	static const char *const bad[] = { "CONNECT\n", "CONNECT \n", "CONNECT -1\n",
					   "CONNECT 99999999999\n", "\n", "connect 5\n",
					   "CONNECT 00000000000000000000000000005\n" };
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	int fd = come(), silent[20];

	for (const char *letter = "CONNECT 5"; *letter; letter++) {
		vsock_host_say(fd, (const char[]){ *letter, 0 });
		assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	}
	vsock_host_say(fd, "\nfirst bytes");
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_REQUEST);
	vsock_guest_op(g, 5, header.src_port, VIRTIO_VSOCK_OP_RST);
	assert_true(is_closed(fd));
	close(fd);
	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++) {
		fd = come();
		vsock_host_say(fd, bad[n]);
		assert_true(is_closed(fd));
		assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
		close(fd);
	}
	for (unsigned n = 0; n < ARRAY_SIZE(silent); n++) {
		silent[n] = come();
		pump();
	}
	for (unsigned n = 0; n < ARRAY_SIZE(silent); n++) {
		assert_int_equal(is_closed(silent[n]), n < ARRAY_SIZE(silent) - 16);
		close(silent[n]);
	}
	pump();
}

static void test_guest_calls_nobody(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;

	vsock_guest_op(g, 1000, 77, VIRTIO_VSOCK_OP_REQUEST);
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
}

/* The connections of the guest and of programs count together towards the limit. */
static void test_descriptors_end(void **state)
{
	struct vsock_guest *g = *state;
	struct virtio_vsock_hdr header;
	int fds[2], more;
	u32 port;

	g->device.vsock.descriptors = VSOCK_CALLS_MAX + ARRAY_SIZE(fds);
	for (unsigned n = 0; n < ARRAY_SIZE(fds); n++)
		fds[n] = vsock_host_call(g, &port);
	more = come();
	vsock_host_say(more, "CONNECT 22\n");
	assert_true(is_closed(more));
	assert_int_equal(vsock_guest_next(g, &header, NULL), 0);
	close(more);
	vsock_guest_op(g, 1000, 77, VIRTIO_VSOCK_OP_REQUEST);
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_RST);
	close(fds[0]);
	pump();
	assert_int_equal(vsock_guest_next(g, &header, NULL), VIRTIO_VSOCK_OP_SHUTDOWN);
	close(fds[1]);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_a_connection, vsock_host_setup,
					vsock_host_teardown),
	cmocka_unit_test_setup_teardown(test_a_machine_that_is_loaded, vsock_host_setup,
					vsock_host_teardown),
	cmocka_unit_test_setup_teardown(test_slow_program, vsock_host_setup,
					vsock_host_teardown),
	cmocka_unit_test_setup_teardown(test_callers, vsock_host_setup,
					vsock_host_teardown),
	cmocka_unit_test_setup_teardown(test_guest_calls_nobody, vsock_host_setup,
					vsock_host_teardown),
	cmocka_unit_test_setup_teardown(test_descriptors_end, vsock_host_setup,
					vsock_host_teardown),
	{ 0 },
};
