/* SPDX-License-Identifier: MIT */
/* Peers that send half of a message, send it late, or not at all. */
#include "tests/frontends/asleep.h"
#include "vnc_viewer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Sends to the window as a connected peer; returns false if the window has disconnected it. */
static bool window_vnc_framing_send(int fd, const void *words, size_t size)
{
	return send(fd, words, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* Half-open viewers delay neither other viewers nor the end. They send no hello, send half of it,
 * or request everything and read nothing. */
static void test_row_40_half_open(void **state)
{
	static const char *const words[] = { "", "RFB 003", "RFB 003.008\n", "RFB 003.008\n\1\1" };
	struct fixture *f = *state;
	struct seen seen = { 0 };
	int fds[ARRAY_SIZE(words)];
	rfbClient *viewer;

	open_window(f);
	for (unsigned n = 0; n < ARRAY_SIZE(words); n++) {
		size_t size = strlen(words[n]);

		fds[n] = knock(f);
		assert_int_equal(write(fds[n], words[n], size), (ssize_t)size);
	}
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	draw(f, 0, 0, 1, 1);
	hear_pixels(viewer, WIDTH * HEIGHT + 1);
	close_with_threads(f);
	for (unsigned n = 0; n < ARRAY_SIZE(words); n++)
		close(fds[n]);
	go(viewer);
}

/*
 * libvncserver waited for ever for four bytes of a peer that had sent fewer, whether the peer was
 * still connected or not. Here everything that a viewer may send, up to a key press, is cut after
 * each byte; then the viewer leaves, or stays connected.
 */
static void test_words_cut(void **state)
{
	static const u8 words[] = "RFB 003.008\n\1\1\4\1\0\0\0\0\0a";
	const struct timespec moment = { 0, 30000000 };
	struct fixture *f = *state;
	struct seen seen = { 0 };
	int stays[5];
	rfbClient *viewer = NULL;

	open_window(f);
	for (size_t said = 1; said < sizeof(words); said++) {
		int fd = knock(f);

		/* By then the library has looked, and found nothing. */
		assert_true(await_asleep(getpid()));
		assert_true(window_vnc_framing_send(fd, words, said));
		if (said % 5)
			close(fd);
		else
			stays[said / 5] = fd;
	}
	/* So many peers have connected by now that the backlog may be full. */
	for (unsigned n = 0; n < 50000 && !viewer; n++) {
		viewer = come(f, &seen);
		if (!viewer)
			nanosleep(&moment, NULL);
	}
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	close_with_threads(f);
	for (size_t n = 1; n < sizeof(words) / 5; n++)
		close(stays[n]);
	go(viewer);
}

/* Each byte comes late; nevertheless the key is pressed, and other viewers do not wait. */
static void test_words_late(void **state)
{
	static const u8 words[] = "RFB 003.008\n\1\1"
				  "\2\0\0\1\0\0\0\0" /* SetEncodings: raw */
				  "\6\0\0\0\0\0\0\2h\xf6" /* ClientCutText */
				  "\4\1\0\0\0\0\0a";
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer = NULL;
	int fd;

	f->setup.clipboard = true;
	open_window(f);
	fd = knock(f);
	for (size_t n = 0; n < sizeof(words) - 1; n++) {
		assert_true(window_vnc_framing_send(fd, &words[n], 1));
		assert_true(await_asleep(getpid()));
		if (n == 5) {
			viewer = come(f, &seen);
			assert_non_null(viewer);
			hear_pixels(viewer, WIDTH * HEIGHT);
		}
	}
	expect_copied(f, "h\xc3\xb6");
	expect_key(f, KEY_A, true, WINDOW_SMALL);
	go(viewer);
	close(fd);
}

/* Returns the port of this process's only listening TCP socket. */
static in_port_t listening_port(void)
{
	for (int n = 3; n < 256; n++) {
		struct sockaddr_in place;
		socklen_t size = sizeof(int);
		int listens = 0;

		if (getsockopt(n, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) || !listens)
			continue;
		size = sizeof(place);
		if (!getsockname(n, (struct sockaddr *)&place, &size) &&
		    place.sin_family == AF_INET)
			return place.sin_port;
	}
	fail_msg("nobody listens");
	return 0;
}

static int knock_at_port(in_port_t port)
{
	const struct sockaddr_in place = { .sin_family = AF_INET, .sin_port = port,
					   .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&place, sizeof(place)), 0);
	return fd;
}

/* RFC 6455, section 1.3, has this key and its answer. */
static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\nOrigin: a\r\n"
			      "Sec-WebSocket-Version: 13\r\n"
			      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/* The data received must begin with this. */
static void window_vnc_words_expect(int fd, const char *words, size_t size)
{
	char got[64] = "";

	assert_true(size <= sizeof(got));
	assert_int_equal(recv(fd, got, size, MSG_WAITALL), (ssize_t)size);
	assert_memory_equal(got, words, size);
}

/* Reads the server's handshake to its end. */
static void expect_welcome(int fd)
{
	char got[512] = "";

	for (size_t size = 0; !strstr(got, "\r\n\r\n"); size++) {
		assert_true(size < sizeof(got) - 1);
		assert_int_equal(recv(fd, &got[size], 1, 0), 1);
	}
	assert_memory_equal(got, "HTTP/1.1 101 ", 13);
	assert_non_null(strstr(got, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
}

/* Opens a window; a browser connects to the viewers' address and reads the version. Returns the
 * browser's socket. */
static int open_to_browser(struct fixture *f)
{
	int fd;

	open_window(f);
	fd = knock(f);
	assert_true(window_vnc_framing_send(fd, request, sizeof(request) - 1));
	expect_welcome(fd);
	window_vnc_words_expect(fd, "\x82\x0cRFB 003.008\n", 14);
	return fd;
}

/* A browser sends first, even at the viewers' address. */
static void test_websocket(void **state)
{
	struct fixture *f = *state;
	int fd;

	fd = open_to_browser(f);
	close_with_threads(f);
	close(fd);
}

/* A program that is not a browser has no origin, and need not send one. */
static void test_no_origin(void **state)
{
	static const char before[] = "GET / HTTP/1.1\r\nHost: a\r\n";
	const char *after = strstr(request, "Sec-WebSocket-Version:");
	struct fixture *f = *state;
	int fd;

	open_window(f);
	fd = knock(f);
	assert_true(window_vnc_framing_send(fd, before, sizeof(before) - 1));
	assert_true(window_vnc_framing_send(fd, after, strlen(after)));
	expect_welcome(fd);
	window_vnc_words_expect(fd, "\x82\x0cRFB 003.008\n", 14);
	close_with_threads(f);
	close(fd);
}

/* The viewer's message is in frames of one byte each. The library waited in the first frame for the
 * rest of the message, and all viewers that connected meanwhile waited for the library. */
static void test_frames_half(void **state)
{
	static const char frames[] = "\x82\x81\0\0\0\0R\x82\x81\0\0\0\0F"
				     "\x82\x81\0\0\0\0B\x82\x89\0\0\0\0 003.00";
	static const char rest[] = "8\n";
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;
	int fd;

	fd = open_to_browser(f);
	assert_true(window_vnc_framing_send(fd, frames, sizeof(frames) - 1));
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	assert_true(window_vnc_framing_send(fd, rest, sizeof(rest) - 1));
	window_vnc_words_expect(fd, "\x82\x02\1\1", 4);
	close_with_threads(f);
	go(viewer);
	close(fd);
}

/* The library reads everything that a browser has sent: a browser that sends more than its version
 * is disconnected. */
static void test_frames_hasty(void **state)
{
	static const char frame[] = "\x82\x8f\0\0\0\0RFB 003.008\n\1\1\4";
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;
	char byte;
	int fd;

	fd = open_to_browser(f);
	assert_true(window_vnc_framing_send(fd, frame, sizeof(frame) - 1));
	while (recv(fd, &byte, 1, 0) > 0)
		;
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	close_with_threads(f);
	go(viewer);
	close(fd);
}

/* Pictures are sent at once: Nagle's algorithm is off for each viewer's connection. */
static void test_no_delay(void **state)
{
	struct net_address place = { .type = NET_ADDRESS_INET, .host = "127.0.0.1", .port = "0" };
	struct fixture *f = *state;
	struct sockaddr_in mine, other;
	socklen_t size = sizeof(mine);
	unsigned found = 0;
	int fd;

	f->setup.address = &place;
	open_window(f);
	fd = knock_at_port(listening_port());
	window_vnc_words_expect(fd, "RFB 003.008\n", 12);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&mine, &size), 0);
	for (int n = 3; n < 256; n++) {
		int on = 0;

		size = sizeof(other);
		if (getpeername(n, (struct sockaddr *)&other, &size) ||
		    other.sin_family != AF_INET || other.sin_port != mine.sin_port)
			continue;
		size = sizeof(on);
		assert_int_equal(getsockopt(n, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
		assert_true(on);
		found++;
	}
	assert_true(found);
	close_with_threads(f);
	close(fd);
}

/* At their own address, browsers may send their request slowly. Frames follow, as in section 5.2,
 * those of the browser with a mask. A peer that is not a browser is disconnected. */
static void test_own_websocket(void **state)
{
	static const char hello[] = "\x82\x8c\0\0\0\0RFB 003.008\n";
	/* The library itself would wait for 100 ms; waiting longer here proves no less. */
	const struct timespec moment = { 0, 150000000 };
	struct fixture *f = *state;
	char path[80];
	struct net_address place = { .type = NET_ADDRESS_UNIX, .path = path };
	int fd, other;

	snprintf(path, sizeof(path), "%s.browsers", f->path);
	f->setup.websocket = &place;
	open_window(f);
	fd = knock_at(path);
	nanosleep(&moment, NULL);
	assert_true(window_vnc_framing_send(fd, request, 20));
	nanosleep(&moment, NULL);
	assert_true(window_vnc_framing_send(fd, request + 20, sizeof(request) - 21));
	expect_welcome(fd);
	window_vnc_words_expect(fd, "\x82\x0cRFB 003.008\n", 14);
	assert_true(window_vnc_framing_send(fd, hello, sizeof(hello) - 1));
	window_vnc_words_expect(fd, "\x82\x02\1\1", 4);
	other = knock_at(path);
	assert_true(window_vnc_framing_send(other, "RFB 003.008\n\r\n\r\n", 16));
	assert_true(recv(other, &(char){ 0 }, 1, 0) <= 0);
	close(other);
	/* A peer that has sent half of the request delays no other peer. */
	other = knock_at(place.path);
	assert_true(window_vnc_framing_send(other, request, 20));
	close_with_threads(f);
	close(other);
	close(fd);
	assert_int_equal(access(place.path, F_OK), -1);
}

/* Browsers send everything, read nothing and leave. The library leaked 46 KB for each (as the
 * sanitizers show) when its answer could not be sent any more. */
static void test_browsers_leave(void **state)
{
	struct net_address place = { .type = NET_ADDRESS_INET, .host = "127.0.0.1", .port = "0" };
	struct fixture *f = *state;
	in_port_t port;
	int fd;

	f->setup.websocket = &place;
	open_window(f);
	port = listening_port();
	for (unsigned n = 0; n < 8; n++) {
		fd = knock_at_port(port);
		assert_true(window_vnc_framing_send(fd, request, sizeof(request) - 1));
		close(fd);
	}
	/* A browser that connects after them and stays is served. */
	fd = knock_at_port(port);
	assert_true(window_vnc_framing_send(fd, request, sizeof(request) - 1));
	expect_welcome(fd);
	window_vnc_words_expect(fd, "\x82\x0cRFB 003.008\n", 14);
	close_with_threads(f);
	close(fd);
}

/* The library does not return from one of these calls; nevertheless the window ends. */
static int blocked = -1, blocks;

struct _rfbScreenInfo;

void __real_rfbProcessEvents(struct _rfbScreenInfo *screen, long microseconds);
void __wrap_rfbProcessEvents(struct _rfbScreenInfo *screen, long microseconds);

void __wrap_rfbProcessEvents(struct _rfbScreenInfo *screen, long microseconds)
{
	struct pollfd fd = { blocked, POLLIN, 0 };

	if (blocked >= 0 && write(blocks, "b", 1) == 1)
		poll(&fd, 1, -1);
	__real_rfbProcessEvents(screen, microseconds);
}

static void test_stuck(void **state)
{
	struct fixture *f = *state;
	int gate[2], news[2], fd;

	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(news), 0);
	blocked = gate[0];
	blocks = news[1];
	open_window(f);
	fd = knock(f);
	assert_true(window_vnc_framing_send(fd, "RFB 003.008\n", 12));
	assert_int_equal(read(news[0], &(char){ 0 }, 1), 1);
	assert_false(window_close(f->window));
	f->window = NULL;
	blocked = -1;
	close(fd);
}

const struct CMUnitTest unit_tests[] = {
	TEST(test_row_40_half_open),
	TEST(test_words_cut),
	TEST(test_words_late),
	TEST(test_websocket),
	TEST(test_no_origin),
	TEST(test_frames_half),
	TEST(test_frames_hasty),
	TEST(test_no_delay),
	TEST(test_own_websocket),
	TEST(test_browsers_leave),
	TEST(test_stuck),
	{ 0 },
};
