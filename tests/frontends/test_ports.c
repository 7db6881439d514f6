/* SPDX-License-Identifier: MIT */
/*
 * frontends/chardev/port*.c: what a restored machine is told, and connections that are made slowly.
 */
#include "bus/clock.h"
#include "tests/frontends/cli/options_line.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bus/platform.h"
#include "devices/board/board.h"
#include "devices/virtio/console.h"
#include "frontends/run/console.h"
#include "frontends/chardev/port.h"
#include "frontends/chardev/terminal.h"
#include "frontends/host/pollset.h"
#include "frontends/net/call.h"
#include "frontends/net/listen.h"

#define MACHINE "-m 16M -bios none -monitor none -serial null -device virtio-serial-device "
#define PORT "-device virtserialport,name=x,nr=1,chardev="
#define OPENED (BIT(4)) /* the last of the control messages */
#define WAITING 3 /* connections that fill the backlog of a peer */

/* A machine with a port, and the host's end of it. */
struct fixture {
	struct line line;
	struct board *board;
	struct port_set *ports;
	struct virtio_console_port *port;
};

static void make_machine(struct fixture *f, const char *options)
{
	char text[400];

	snprintf(text, sizeof(text), MACHINE "%s", options);
	line_fill(&f->line, text);
	if (f->line.result)
		fail_msg("'%s': %s", text, f->line.error.text);
	f->board = board_create(&f->line.options.board, &f->line.error);
	assert_non_null(f->board);
	f->port = board_port(f->board, f->line.options.ports.virtio[0].config)->device;
	f->ports = NULL;
}

static void open_ports(struct fixture *f)
{
	struct board_error error = { 0 };

	if (port_open(&f->ports, f->board, &f->line.options.ports, &error))
		fail_msg("%s", error.text);
}

static void free_machine(struct fixture *f)
{
	port_close(f->ports);
	board_free(f->board);
	options_free(&f->line.options);
}

/* A machine whose port's other end accepts everything is restored with a socket that has no
 * peer. */
static void test_restored_with_nobody(void **state)
{
	char folder[] = "/tmp/baya-ports-XXXXXX", options[200];
	struct state_image image = { 0 };
	struct fixture saved, restored;

	assert_non_null(mkdtemp(folder));
	make_machine(&saved, "-chardev null,id=n " PORT "n");
	open_ports(&saved);
	assert_true(saved.port->host_open);
	chardev_send_event(&saved.port->chardev, CHARDEV_BUSY);
	saved.port->known = saved.port->guest_open = true;
	assert_int_equal(state_save(&board_platform(saved.board)->state, &image), 0);
	snprintf(options, sizeof(options),
		 "-chardev socket,id=s,server=on,wait=off,path=%s/s " PORT "s", folder);
	make_machine(&restored, options);
	assert_int_equal(state_load(&board_platform(restored.board)->state, image.data, image.size),
			 0);
	assert_true(restored.port->host_busy && restored.port->host_open);
	open_ports(&restored);
	assert_false(restored.port->host_busy || restored.port->host_open);
	assert_true(restored.port->messages & OPENED);
	/* The state is loaded once more while the machine runs. */
	assert_int_equal(state_load(&board_platform(restored.board)->state, image.data, image.size),
			 0);
	port_loaded(restored.ports);
	assert_false(restored.port->host_busy || restored.port->host_open);
	assert_true(restored.port->messages & OPENED);
	free(image.data);
	free_machine(&saved);
	free_machine(&restored);
	assert_int_equal(rmdir(folder), 0);
}

/* The machine had no peer, and is restored with one: the clipboard's agent, which begins with the
 * guest's port open. */
static void test_restored_with_somebody(void **state)
{
	struct state_image image = { 0 };
	struct fixture saved, restored;

	make_machine(&saved, "-chardev pty,id=p " PORT "p");
	open_ports(&saved);
	assert_false(saved.port->host_open);
	saved.port->known = saved.port->guest_open = true;
	assert_int_equal(state_save(&board_platform(saved.board)->state, &image), 0);
	make_machine(&restored, "-chardev qemu-vdagent,id=a " PORT "a");
	assert_int_equal(state_load(&board_platform(restored.board)->state, image.data, image.size),
			 0);
	open_ports(&restored);
	assert_true(restored.port->host_open);
	assert_true(restored.port->messages & OPENED);
	assert_int_equal(restored.port->input_count, 0);
	port_feed(restored.ports, false);
	assert_true(restored.port->input_count > 0);
	/* The state is loaded once more while the machine runs, and the agent begins again. */
	assert_int_equal(state_load(&board_platform(restored.board)->state, image.data, image.size),
			 0);
	port_loaded(restored.ports);
	assert_true(restored.port->host_open);
	assert_true(restored.port->messages & OPENED);
	assert_int_equal(restored.port->input_count, 0);
	port_feed(restored.ports, false);
	assert_true(restored.port->input_count > 0);
	free(image.data);
	free_machine(&saved);
	free_machine(&restored);
}

static void *heard; /* the end that a program in the guest has opened */

static void hear_opened(void *ctx, bool open)
{
	heard = open ? ctx : NULL;
}

/* A port whose output a console watches still gets the output, and all other events. */
static void test_port_with_a_console(void **state)
{
	static struct console console;
	struct chardev *chardev;
	struct fixture f;
	void *end;

	make_machine(&f, "-chardev null,id=n -device virtconsole,chardev=n");
	chardev = &f.port->chardev;
	open_ports(&f);
	end = chardev->ctx;
	chardev->guest_opened = hear_opened;
	console_open(&console, f.board, &f.line.options, NULL);
	chardev->guest_opened(chardev->ctx, true);
	assert_ptr_equal(heard, end);
	chardev_write(chardev, (const u8 *)"hello", 5);
	assert_int_equal(console.written, 5);
	console_close(&console);
	free_machine(&f);
}

/* A machine that is loaded while it runs is told again that the terminal is open, and that input
 * has ended. */
static void test_loaded_with_a_terminal(void **state)
{
	static struct console console;
	struct state_image image = { 0 };
	struct terminal *terminal;
	struct console_end *end;
	struct fixture f;

	make_machine(&f, "-chardev stdio,id=t -device virtconsole,chardev=t");
	assert_int_equal(state_save(&board_platform(f.board)->state, &image), 0);
	open_ports(&f);
	assert_int_equal(terminal_open(&terminal, TERMINAL_OUTPUT_ONLY), 0);
	console_open(&console, f.board, &f.line.options, terminal);
	end = &console.ends[1];
	assert_ptr_equal(end->chardev, &f.port->chardev);
	assert_true(f.port->host_open);
	assert_false(end->chardev->tty_in);
	assert_int_equal(end->chardev->tty_out, isatty(STDOUT_FILENO));
	end->ended = true;
	console.panicked = true;
	console.columns = 80;
	assert_int_equal(state_load(&board_platform(f.board)->state, image.data, image.size), 0);
	assert_false(f.port->host_open);
	console_loaded(&console);
	assert_true(f.port->host_open);
	assert_false(end->ended || console.panicked || console.columns);
	free(image.data);
	console_close(&console);
	terminal_close(terminal);
	free_machine(&f);
}

/* Opens a socket that accepts no connections and whose backlog is full, so that a connection is
 * neither made nor refused. */
static int listen_busy(struct sockaddr *address, socklen_t size, int waiting[WAITING])
{
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_int_equal(bind(fd, address, size), 0);
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, address, &size), 0);
	for (unsigned n = 0; n < WAITING; n++) {
		waiting[n] = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(waiting[n], address, size);
	}
	return fd;
}

static void let_in(int listener)
{
	for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;)
		close(fd);
}

/* Polls as the run loop does, and accepts the connections that fill the backlog; returns the
 * longest poll in ns. */
static u64 look_until_open(struct fixture *f, int busy)
{
	struct pollset set = { 0 };
	u64 longest = 0;

	while (!f->port->host_open) {
		u64 before;

		pollset_clear(&set);
		port_fill_pollset(f->ports, &set, false);
		assert_true(set.ns < 20 * NS_PER_S);
		let_in(busy);
		set.ns = MIN(set.ns, NS_PER_S / 10);
		pollset_wait(&set);
		before = clock_host_ns();
		port_poll(f->ports, false);
		longest = MAX(longest, clock_host_ns() - before);
	}
	pollset_free(&set);
	return longest;
}

/* The machine must never be blocked for long: each poll must take seconds less than any limit of
 * the connection. */
static void check_busy(int listener, const int waiting[WAITING], const char *place)
{
	u64 begun = clock_host_ns(), longest;
	char options[200];
	struct fixture f;

	snprintf(options, sizeof(options), "-chardev socket,id=s,reconnect=1,%s " PORT "s", place);
	make_machine(&f, options);
	open_ports(&f);
	for (unsigned n = 0; n < 20; n++)
		port_poll(f.ports, false);
	assert_false(f.port->host_open);
	assert_true(clock_host_ns() - begun < 8 * NS_PER_S);
	longest = look_until_open(&f, listener);
	assert_true(longest < 5 * NS_PER_S);
	free_machine(&f);
	for (unsigned n = 0; n < WAITING; n++)
		close(waiting[n]);
	close(listener);
}

static void test_busy_peer_keeps_nobody_waiting(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/baya-ports-XXXXXX", place[120];
	int listener, waiting[WAITING];

	assert_non_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	listener = listen_busy((struct sockaddr *)&address, sizeof(address), waiting);
	assert_int_equal(errno, EAGAIN);
	snprintf(place, sizeof(place), "path=%s", address.sun_path);
	check_busy(listener, waiting, place);
	unlink(address.sun_path);
	assert_int_equal(rmdir(folder), 0);
}

/* The peer is silent, as one behind a firewall is; what is sent to it is lost. */
static void test_silent_peer_keeps_nobody_waiting(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int waiting[WAITING];
	int listener = listen_busy((struct sockaddr *)&address, sizeof(address), waiting);
	char place[80];

	snprintf(place, sizeof(place), "host=127.0.0.1,port=%u", ntohs(address.sin_port));
	check_busy(listener, waiting, place);
}

/* The peer goes, and returns under the same name. */
static void test_peer_that_comes_later(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/baya-ports-XXXXXX", options[200], path[64];
	struct fixture f;
	int listener, peer;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	snprintf(options, sizeof(options), "-chardev socket,id=s,reconnect=1,path=%s " PORT "s",
		 path);
	make_machine(&f, options);
	open_ports(&f);
	port_poll(f.ports, false);
	assert_false(f.port->host_open);
	memcpy(address.sun_path, path, strlen(path));
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	for (unsigned n = 0; n < 2; n++) {
		look_until_open(&f, -1);
		peer = accept(listener, NULL, NULL);
		assert_true(peer >= 0);
		close(peer);
		while (f.port->host_open) {
			port_poll(f.ports, false);
			port_feed(f.ports, false);
		}
	}
	free_machine(&f);
	close(listener);
	unlink(path);
	assert_int_equal(rmdir(folder), 0);
}

/* No server listens at a name's first address: the next one is tried. */
static void test_all_addresses_of_a_name(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	struct net_call call;
	char port[8];
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;

	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	snprintf(port, sizeof(port), "%u", ntohs(address.sin_port));
	assert_int_equal(net_call_begin(&call, &(struct net_address){ .host = "127.0.0.1",
								      .port = port }, 0), 0);
	call.found[1] = call.found[0];
	call.count = 2;
	((struct sockaddr_in *)&call.found[0].address)->sin_port = htons(1);
	while ((fd = net_call_poll(&call)) == -EAGAIN)
		;
	assert_true(fd >= 0);
	assert_int_equal(call.next, 1);
	assert_int_equal(net_call_poll(&call), -EAGAIN);
	close(fd);
	close(listener);
	assert_int_equal(net_connect_wait(&(struct net_address){ .host = "127.0.0.1",
								 .port = port }), -ECONNREFUSED);
}

/* When no descriptor is left, a peer that connects is disconnected, and the socket does not wake
 * the loop again. */
static void test_no_descriptor_left(void **state)
{
	char folder[] = "/tmp/baya-ports-XXXXXX", path[64];
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct sockaddr *to = (const struct sockaddr *)&address;
	const struct net_address place = { .type = NET_ADDRESS_UNIX, .path = path };
	struct pollfd look = { .events = POLLIN };
	struct net_listener listener;
	struct rlimit before, limit;
	int peers[2];
	char byte;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	memcpy(address.sun_path, path, strlen(path));
	assert_int_equal(net_listener_open(&listener, &place), 0);
	assert_int_equal(net_listener_accept(&listener), -EAGAIN);
	for (unsigned n = 0; n < 2; n++) {
		peers[n] = socket(AF_UNIX, SOCK_STREAM, 0);
		assert_int_equal(connect(peers[n], to, sizeof(address)), 0);
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = (struct rlimit){ (rlim_t)peers[1] + 1, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (unsigned n = 0; n < 2; n++) {
		assert_int_equal(net_listener_accept(&listener), -EMFILE);
		assert_int_equal(recv(peers[n], &byte, 1, 0), 0);
	}
	look.fd = listener.fd;
	assert_int_equal(poll(&look, 1, 0), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	for (unsigned n = 0; n < 2; n++)
		close(peers[n]);
	net_listener_close(&listener);
	assert_int_equal(rmdir(folder), 0);
}

/* Makes a machine whose port is a telnet server, and a client that has read the greeting. */
static int meet_by_telnet(struct fixture *f, const char *folder)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int peer = socket(AF_UNIX, SOCK_STREAM, 0);
	char options[100 + sizeof(address.sun_path)];
	u8 said[13];

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", folder);
	snprintf(options, sizeof(options),
		 "-chardev socket,id=s,server=on,wait=off,telnet=on,path=%s " PORT "s",
		 address.sun_path);
	make_machine(f, options);
	open_ports(f);
	f->port->known = f->port->guest_open = true;
	assert_int_equal(connect(peer, (const struct sockaddr *)&address, sizeof(address)), 0);
	while (!f->port->host_open)
		port_poll(f->ports, false);
	port_flush(f->ports);
	assert_int_equal(recv(peer, said, sizeof(said), 0), 12);
	/* IAC WILL ECHO, IAC WILL SUPPRESS-GO-AHEAD, IAC WILL BINARY, IAC DO BINARY */
	assert_memory_equal(said, "\xff\xfb\1\xff\xfb\3\xff\xfb\0\xff\xfd\0", 12);
	return peer;
}

/* The peer sends these bytes, `step` at a time; the guest must get the expected ones. */
static void check_telnet(struct fixture *f, int peer, const char *bytes, const char *want)
{
	size_t size = strlen(bytes);

	for (size_t step = 1; step <= size; step += size > 1 ? size - 1 : 1) {
		f->port->input_start = f->port->input_count = 0;
		for (size_t n = 0; n < size; n += step) {
			size_t part = MIN(step, size - n);

			assert_int_equal(send(peer, bytes + n, part, 0), (ssize_t)part);
			port_poll(f->ports, false);
			port_feed(f->ports, false);
		}
		assert_int_equal(f->port->input_count, strlen(want));
		assert_memory_equal(f->port->input, want, strlen(want));
	}
}

/* Telnet's commands are removed wherever they are split, and a split one does not affect the next
 * connection. */
static void test_telnet(void **state)
{
	static const struct {
		const char *bytes, *want;
	} cases[] = {
		{ "plain\r", "plain\r" },
		{ "a\xff\xfd\1\xff\xfd\3\xff\xfb\x1f" "b", "ab" },
		{ "a\xff\xff" "b\xff\xff\xff\xff", "a\xff" "b\xff\xff" },
		{ "a\xff\xf3" "b\xff\xf1" "c\xff\xf6" "d\xff\xf0" "e", "abcde" },
		{ "a\xff\xfd\xff" "b", "ab" },
		{ "a\xff\xfa\x1f\1\x50\xff\xff\xff\xfb\1\xff\xf0" "b", "ab" },
		{ "a\xff\xfa\xff\xfa\xff\xff\xf0no\xff\xf0" "b", "ab" },
		{ "a\xff" "qb", "ab" },
	};
	char folder[] = "/tmp/baya-ports-XXXXXX";
	struct fixture f;
	u8 said[16];
	int peer;

	assert_non_null(mkdtemp(folder));
	peer = meet_by_telnet(&f, folder);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		check_telnet(&f, peer, cases[i].bytes, cases[i].want);
	chardev_write(&f.port->chardev, (const u8 *)"\377a\0\377\377b", 6);
	port_flush(f.ports);
	assert_int_equal(recv(peer, said, 9, MSG_WAITALL), 9);
	assert_memory_equal(said, "\377\377a\0\377\377\377\377b", 9);
	free_machine(&f);
	close(peer);
	assert_int_equal(rmdir(folder), 0);
}

/* The bytes that a device was given; a break is '|'. */
struct taken {
	char text[64];
	size_t size;
};

static void take_bytes(void *device, const u8 *data, size_t size)
{
	struct taken *taken = device;

	memcpy(taken->text + taken->size, data, size);
	taken->size += size;
}

static void take_event(void *device, enum chardev_event event, u16 columns, u16 rows)
{
	(void)columns;
	(void)rows;
	if (event == CHARDEV_BREAK)
		take_bytes(device, (const u8 *)"|", 1);
}

static size_t take_all(void *device)
{
	(void)device;
	return sizeof(((struct taken *)0)->text) / 2;
}

/* A break of telnet reaches the device between the bytes around it; a break can also be sent by the
 * port's id. */
static void test_break(void **state)
{
	static const char bytes[] = "a\xff\xf3"
				    "b\xff\xfd\xf3"
				    "c\xff\xf3\xff\xf3\xff\xff\xf3";
	char folder[] = "/tmp/baya-ports-XXXXXX";
	struct taken taken = { 0 };
	struct chardev before;
	struct fixture f;
	int peer;

	assert_non_null(mkdtemp(folder));
	peer = meet_by_telnet(&f, folder);
	before = f.port->chardev;
	f.port->chardev.device = &taken;
	f.port->chardev.take = take_bytes;
	f.port->chardev.event = take_event;
	f.port->chardev.room = take_all;
	assert_int_equal(send(peer, bytes, sizeof(bytes) - 1, 0), (ssize_t)sizeof(bytes) - 1);
	port_poll(f.ports, false);
	port_feed(f.ports, false);
	assert_true(port_send_break(f.ports, "s"));
	assert_false(port_send_break(f.ports, "x"));
	assert_true(port_send_break(f.ports, "serial0"));
	assert_string_equal(taken.text, "a|bc||\xff\xf3|");
	f.port->chardev = before;
	free_machine(&f);
	close(peer);
	assert_int_equal(rmdir(folder), 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_restored_with_nobody),
	cmocka_unit_test(test_restored_with_somebody),
	cmocka_unit_test(test_port_with_a_console),
	cmocka_unit_test(test_loaded_with_a_terminal),
	cmocka_unit_test(test_busy_peer_keeps_nobody_waiting),
	cmocka_unit_test(test_silent_peer_keeps_nobody_waiting),
	cmocka_unit_test(test_peer_that_comes_later),
	cmocka_unit_test(test_all_addresses_of_a_name),
	cmocka_unit_test(test_no_descriptor_left),
	cmocka_unit_test(test_telnet),
	cmocka_unit_test(test_break),
	{ 0 },
};
