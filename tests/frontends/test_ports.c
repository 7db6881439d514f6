/* SPDX-License-Identifier: MIT */
/* frontends/port*.c: what a restored machine is told. */
#include "options_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/platform.h"
#include "devices/board.h"
#include "devices/virtio/console.h"
#include "frontends/port.h"

#define MACHINE "-m 16M -bios none -monitor none -serial null -device virtio-serial-device "
#define PORT "-device virtserialport,name=x,nr=1,chardev="
#define OPENED (BIT(4)) /* the last of the control messages */

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
	parse_well(&f->line, text);
	f->board = board_create(&f->line.options.board, &f->line.error);
	assert_non_null(f->board);
	f->port = board_port(f->board, f->line.options.virtio_ports[0].config)->device;
	f->ports = NULL;
}

static void open_ports(struct fixture *f)
{
	struct board_error error = { 0 };

	if (port_open(&f->ports, f->board, &f->line.options, &error))
		fail_msg("%s", error.text);
}

static void free_machine(struct fixture *f)
{
	port_close(f->ports);
	board_free(f->board);
	options_free(&f->line.options);
}

/* A file took all, and the machine is restored with a socket to which nobody has come. */
static void test_restored_with_nobody(void **state)
{
	char folder[] = "/tmp/baya-ports-XXXXXX", options[200];
	struct state_image image = { 0 };
	struct fixture saved, restored;

	(void)state;
	assert_non_null(mkdtemp(folder));
	make_machine(&saved, "-chardev null,id=n " PORT "n");
	open_ports(&saved);
	assert_true(saved.port->host_open);
	chardev_tell(&saved.port->chardev, CHARDEV_BUSY);
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
	free(image.data);
	free_machine(&saved);
	free_machine(&restored);
	assert_int_equal(rmdir(folder), 0);
}

/* The other way; and the agent of the clipboard begins with what the guest's has open. */
static void test_restored_with_somebody(void **state)
{
	struct state_image image = { 0 };
	struct fixture saved, restored;

	(void)state;
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
	port_feed(restored.ports);
	assert_true(restored.port->input_count > 0);
	free(image.data);
	free_machine(&saved);
	free_machine(&restored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restored_with_nobody),
		cmocka_unit_test(test_restored_with_somebody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
