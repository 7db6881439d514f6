/* SPDX-License-Identifier: MIT */
/* -gdb, -qmp, -chardev and -mon mode=control: the places where programs connect. */
#include "options_line.h"

#include <stdio.h>
#include <string.h>

#define AT_PATH(name)                                                                              \
	.kind = LINK_SOCKET, .address = { .type = NET_ADDRESS_UNIX, .path = (name) }
#define AT_PORT_5(name) .kind = LINK_SOCKET, .address = { .host = (name), .port = "5" }

static void test_links(void **state)
{
	static const struct {
		const char *text;
		struct link_place place;
	} cases[] = {
		{ "-qmp unix:a", { AT_PATH("a"), .connects = true } },
		{ "-qmp unix:a,server", { AT_PATH("a"), .waits = true } },
		{ "-qmp unix:a,,b,server,nowait", { AT_PATH("a,b") } },
		{ "-qmp tcp:[::1]:5,server=on,wait=off",
		  { AT_PORT_5("::1") } },
		{ "-qmp tcp::5,server=on,wait=on",
		  { AT_PORT_5("127.0.0.1"), .waits = true } },
		{ "-qmp unix:a=b,abstract", { AT_PATH("a=b"), .connects = true } },
		{ "-qmp unix:a,reconnect=3",
		  { AT_PATH("a"), .connects = true, .reconnect = 3 } },
		{ "-chardev socket,id=c,path=a,reconnect=4 -mon c,mode=control",
		  { AT_PATH("a"), .connects = true, .reconnect = 4 } },
		{ "-qmp stdio", { .kind = LINK_STDIO, .connects = true } },
		{ "-chardev socket,id=c,path=a,server=on,wait=off -mon chardev=c,mode=control",
		  { AT_PATH("a") } },
		{ "-chardev socket,id=c,host=h,port=5 -mon c,mode=control",
		  { AT_PORT_5("h"), .connects = true } },
		{ "-chardev stdio,id=c -mon c,mode=control",
		  { .kind = LINK_STDIO, .connects = true } },
	};
	const struct options *options;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct link_place *got, *want = &cases[i].place;

		print_message("%s\n", cases[i].text);
		options = parse_well(cases[i].text);
		assert_int_equal(options->qmp_count, 1);
		got = options->qmps;
		assert_int_equal(got->kind, want->kind);
		assert_int_equal(got->connects, want->connects);
		assert_int_equal(got->waits, want->waits);
		assert_int_equal(got->reconnect, want->reconnect);
		assert_int_equal(got->address.type, want->address.type);
		if (want->address.path)
			assert_string_equal(got->address.path, want->address.path);
		if (want->address.host) {
			assert_string_equal(got->address.host, want->address.host);
			assert_string_equal(got->address.port, want->address.port);
		}
	}
	options = parse_well("-monitor tcp:h:5,reconnect=7");
	assert_int_equal(options->monitors[0].reconnect, 7);
	options = parse_well("-monitor telnet::5,server,nowait");
	assert_true(options->monitors[0].telnet);
	assert_false(options->monitors[0].connects || options->monitors[0].waits);
	options = parse_well("-s");
	assert_int_equal(options->gdb.kind, LINK_SOCKET);
	assert_string_equal(options->gdb.address.port, "1234");
}

/* There can be several monitors, for people and for scripts; each has its own place and its own
 * name, as in QEMU. */
static void test_monitors(void **state)
{
	static const struct mistake refusals[] = {
		{ "-monitor unix:a -monitor unix:b -monitor unix:c -monitor unix:d -monitor unix:e",
		  "-monitor, -mon: more than 4 monitors" },
		{ "-monitor stdio -monitor stdio", "-serial, -monitor: stdio can be used twice only as "
						   "mon:stdio or as a chardev with mux=on" },
		{ "-chardev socket,id=c,path=a,server=on,wait=off -mon c -mon c",
		  "chardev 'c' is used twice; give it mux=on" },
		{ "-chardev socket,id=c,path=a,server=on,logfile=l -monitor chardev:c",
		  "-chardev c: logfile= is for what the guest writes to a port" },
	};
	static const char *const labels[] = { "compat_monitor0", "c", "compat_monitor2" };
	static const char *const paths[] = { "a", "b", "d" };
	const struct options *options;

	options = parse_well("-monitor unix:a,server,nowait -qmp unix:q,server,nowait "
			     "-chardev socket,id=c,path=b,server=on,wait=off -mon c "
			     "-monitor unix:d,server,nowait -monitor none");
	assert_int_equal(options->monitor_count, 3);
	assert_false(options->monitor);
	for (unsigned n = 0; n < ARRAY_SIZE(labels); n++) {
		assert_string_equal(options->monitors[n].label, labels[n]);
		assert_string_equal(options->monitors[n].address.path, paths[n]);
	}
	assert_string_equal(options->qmps[0].label, "compat_monitor1");
	options = parse_well("-monitor stdio -monitor unix:a,server,nowait");
	assert_int_equal(options->monitor_count, 1);
	assert_true(options->monitor && options->monitor_first);
	check_errors_are(refusals, ARRAY_SIZE(refusals));
}

/* With `baya run` there is neither a serial port nor a monitor, unless they are given. -E sets
 * variables of the command. */
static void test_command(void **state)
{
	static const struct mistake refusals[] = {
		{ "run -E A=b,c -- true",
		  "-E: 'c' sets no variable; accepted: NAME, NAME=VALUE (in a value commas are "
		  "doubled)" },
		{ "run -E A.B=c -- true",
		  "-E: 'A.B=c' sets no variable; accepted: NAME, NAME=VALUE (in a value commas are "
		  "doubled)" },
		{ "run -E 1A=c -- true",
		  "-E: '1A=c' sets no variable; accepted: NAME, NAME=VALUE (in a value commas are "
		  "doubled)" },
		{ "run --share=.,cache=some -- true",
		  "--share: cache: 'some' is not accepted; accepted: auto|none|always" },
		{ "run debian --share=.,cache=auto",
		  "--share: cache= goes with baya run -- COMMAND; in Debian the option of mount says "
		  "how to cache" },
		{ "run debian -E A=b", "-E: goes with baya run -- COMMAND" },
		{ "-E A=b", "-E: can be used only with baya run (baya -h lists the options for "
			    "this)" },
	};
	const struct options *options;

	options = parse_well("run -E A=b=c,_1= -E A=x,,y -- true");
	assert_non_null(strstr(options->board.blob, "\nA='b=c' _1='' A='x,y' 'true' "));
	check_errors_are(refusals, ARRAY_SIZE(refusals));
	options = parse_well("run -monitor unix:/tmp/m,server,nowait -serial file:s -- true");
	assert_string_equal(options->monitors[0].address.path, "/tmp/m");
	assert_int_equal(options->ports.serial.kind, PORT_FILE);
	options = parse_well("run -action reboot=reset -- true");
	assert_false(options->process.actions.no_reboot);
	options = parse_well("run -- true");
	assert_true(options->process.actions.no_reboot);
	assert_int_equal(options->ports.serial.kind, PORT_NULL);
	assert_false(options->monitor);
}

/* The forms in which QEMU accepts a port's place, and their defaults. */
static void test_serial_sockets(void **state)
{
	static const struct {
		const char *text, *place;
		bool server, wait, nodelay, telnet;
		u64 reconnect;
	} cases[] = {
		{ .text = "-serial tcp:h:5", .place = "h:5", .wait = true },
		{ .text = "-serial tcp::5", .place = "127.0.0.1:5", .wait = true },
		{ .text = "-serial tcp:[::1]:5,server", .place = "::1:5", .server = true,
		  .wait = true },
		{ .text = "-serial tcp:::1:5,server,nowait", .place = "::1:5", .server = true },
		{ .text = "-serial tcp::5,server=on,wait=off,nodelay", .place = "127.0.0.1:5",
		  .server = true, .nodelay = true },
		{ .text = "-serial tcp:h:telnet,reconnect=7", .place = "h:telnet", .wait = true,
		  .reconnect = 7 },
		{ .text = "-serial unix:a", .place = "a", .wait = true },
		{ .text = "-serial unix:/x=y,,z,server=on,nowait", .place = "/x=y,z",
		  .server = true },
		{ .text = "-chardev socket,id=c,host=::1,port=5,server=on,wait=off,nodelay=on "
			  "-serial chardev:c",
		  .place = "::1:5", .server = true, .nodelay = true },
		{ .text = "-serial telnet:h:5,server=on,wait=off", .place = "h:5", .server = true,
		  .telnet = true },
		{ .text = "-serial telnet::5,server,nowait", .place = "127.0.0.1:5", .server = true,
		  .telnet = true },
		{ .text = "-serial telnet:[::1]:5,reconnect=7", .place = "::1:5", .wait = true,
		  .reconnect = 7, .telnet = true },
		{ .text = "-serial tcp:h:5,telnet=on", .place = "h:5", .wait = true,
		  .telnet = true },
		{ .text = "-serial unix:a,server,telnet", .place = "a", .server = true,
		  .wait = true, .telnet = true },
		{ .text = "-chardev socket,id=c,host=h,port=5,telnet=on,server=on "
			  "-serial chardev:c",
		  .place = "h:5", .server = true, .wait = true, .telnet = true },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct port *port;
		char place[64];

		print_message("%s\n", cases[i].text);
		port = &parse_well(cases[i].text)->ports.serial;
		assert_int_equal(port->kind, PORT_SOCKET);
		if (port->address.type == NET_ADDRESS_UNIX)
			snprintf(place, sizeof(place), "%s", port->address.path);
		else
			snprintf(place, sizeof(place), "%s:%s", port->address.host,
				 port->address.port);
		assert_string_equal(place, cases[i].place);
		assert_int_equal(port->server, cases[i].server);
		assert_int_equal(port->wait, cases[i].wait);
		assert_int_equal(port->nodelay, cases[i].nodelay);
		assert_int_equal(port->reconnect, cases[i].reconnect);
		assert_int_equal(port->telnet, cases[i].telnet);
	}
}

/* The place of -gdb may be a -chardev, and the last one given counts. */
static void test_gdb_places(void **state)
{
	static const char chardev[] =
		"-gdb none -s -chardev socket,path=g,server=on,wait=off,id=i -gdb chardev:i";
	const struct link_place *gdb = &parse_well(chardev)->gdb;

	assert_int_equal(gdb->kind, LINK_SOCKET);
	assert_string_equal(gdb->address.path, "g");
	assert_string_equal(gdb->label, "i");
	assert_false(gdb->connects);
	assert_false(gdb->waits);
	assert_int_equal(parse_well("-s -gdb none")->gdb.kind, LINK_NONE);
	assert_int_equal(parse_well("-gdb tcp::1 -gdb none -s")->gdb.kind, LINK_SOCKET);
}

#define NO_GDB                                                                                     \
	"-gdb: chardev: needs a -chardev that is a socket, with server=on and without telnet=on"

static void test_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-chardev null,id=x -mon chardev=x,mode=control",
		  "-mon: mode=control needs a -chardev that is stdio or socket" },
		{ "-qmp a", "-qmp: 'a' is not accepted; accepted: tcp:[HOST]:PORT, unix:PATH, "
			    "stdio" },
		{ "-qmp tcp::99999,server", "-qmp: 'tcp::99999,server' is not accepted; accepted: "
					    "tcp:[HOST]:PORT, unix:PATH, stdio" },
		{ "-gdb tcp:h:5,reconnect=1", "-gdb: no parameter 'reconnect'; "
					      "accepted: server, wait, nowait, nodelay, abstract" },
		{ "-serial tcp:h:5,abstract", "-serial: abstract= is for a Unix socket" },
		{ "-serial tcp:h:5,server,reconnect=1", "-serial: reconnect= is for the side that "
							"connects" },
		{ "-qmp tcp:h:5,server,reconnect=1", "-qmp: reconnect= is for the side that "
						     "connects" },
		{ "-chardev null,id=c,nowait",
		  "-chardev: 'null,id=c,nowait': host=, port=, fd=, server=, wait=, nodelay=, abstract=, "
		  "reconnect= and telnet= belong to socket" },
		{ "-chardev pty,id=c,telnet=on",
		  "-chardev: 'pty,id=c,telnet=on': host=, port=, fd=, server=, wait=, nodelay=, "
		  "abstract=, reconnect= and telnet= belong to socket" },
		{ "-gdb telnet::5", "-gdb: 'telnet::5': debuggers do not use telnet; accepted: "
				    "tcp:[HOST]:PORT, unix:PATH, stdio" },
		{ "-gdb chardev:g", "chardev 'g': no -chardev has this id" },
		{ "-chardev socket,id=g,path=g -gdb chardev:g", NO_GDB },
		{ "-chardev socket,id=g,path=g,server=on,telnet=on -gdb chardev:g", NO_GDB },
		{ "-chardev stdio,id=g -gdb chardev:g", NO_GDB },
		{ "-chardev null,id=g -gdb chardev:g", NO_GDB },
		{ "-serial telnet:h", "-serial: 'telnet:h' is not accepted; accepted: "
				      "tcp:[HOST]:PORT, unix:PATH, stdio" },
		{ "-qmp stdio,server", "-qmp: 'stdio,server': stdio has no properties" },
		{ "-qmp stdio -gdb stdio", "-gdb and -qmp: only one of them can use standard "
					   "input and output" },
		{ "-qmp stdio -serial stdio", "-qmp stdio: a console or the monitor has standard "
					      "input and output; give it another place, or "
					      "-qmp tcp::PORT" },
		{ "-qmp stdio -qmp stdio -qmp stdio -qmp stdio -qmp stdio", "-qmp: more than 4" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

/* GDB shows what is written to standard error. */
static void test_gdb_shows_consoles(void **state)
{
	static const struct {
		const char *text;
		enum port_kind_number serial;
	} cases[] = {
		{ "-gdb stdio", PORT_STDERR },
		{ "-gdb stdio -nodefaults", PORT_NULL },
		{ "-gdb stdio -serial file:out.txt", PORT_FILE },
		{ "-gdb tcp::1234", PORT_STDIO },
		{ "-qmp stdio", PORT_NULL },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++)
		assert_int_equal(parse_well(cases[n].text)->ports.serial.kind, cases[n].serial);
}

/* Ends that the serial port shares with others, which are not the terminal. */
static void test_shared(void **state)
{
	static const struct {
		const char *text, *id;
		enum port_kind_number kind;
		unsigned monitors;
	} cases[] = {
		{ "-nographic -chardev pipe,id=con,mux=on,path=f -serial chardev:con "
		  "-mon chardev=con,mode=readline",
		  "con", PORT_PIPE, 1 },
		{ "-chardev pty,id=c,mux=on -serial chardev:c -device virtio-serial-device "
		  "-device virtconsole,chardev=c",
		  "c", PORT_PTY, 0 },
		{ "-serial mon:telnet::4444,server=on -echr 2", "serial0", PORT_SOCKET, 1 },
		{ "-serial mon:pipe:f", "serial0", PORT_PIPE, 1 },
		{ "-serial mon:pty", "serial0", PORT_PTY, 1 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const struct options *options = parse_well(cases[n].text);
		const struct ports_options *ports = &options->ports;

		assert_int_equal(ports->serial.kind, cases[n].kind);
		assert_true(ports->serial.mux);
		assert_string_equal(ports->serial.id, cases[n].id);
		assert_int_equal(ports->monitor_count, cases[n].monitors);
		assert_int_equal(ports->escape_character, strstr(cases[n].text, "-echr") ? 2 : 1);
		if (cases[n].monitors)
			assert_string_equal(ports->monitors[0].id, cases[n].id);
		else
			assert_string_equal(ports->virtio[0].port.id, cases[n].id);
		assert_int_equal(options->monitor_count, 0);
	}
}

static void test_shared_wrongly(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-chardev pty,id=x,mux=on -serial chardev:x -nic "
		  "user,guestfwd=tcp:10.0.2.4:1-chardev:x",
		  "chardev 'x' is used twice; only serial ports, consoles and the monitor can "
		  "share it" },
		{ "-chardev socket,id=x,mux=on,path=a -serial chardev:x -mon x,mode=control",
		  "chardev 'x' is used twice; only serial ports, consoles and the monitor can "
		  "share it" },
		{ "-chardev qemu-vdagent,id=x,mux=on", "-chardev: 'qemu-vdagent,id=x,mux=on': a "
						       "qemu-vdagent cannot be shared; leave "
						       "mux=on out" },
		{ "-chardev pipe,id=x", "-chardev: 'pipe,id=x': path=FILE belongs to file, pipe "
					"and socket, and file and pipe need it" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_gdb_shows_consoles),
	cmocka_unit_test(test_links),
	cmocka_unit_test(test_monitors),
	cmocka_unit_test(test_command),
	cmocka_unit_test(test_serial_sockets),
	cmocka_unit_test(test_gdb_places),
	cmocka_unit_test(test_errors),
	cmocka_unit_test(test_shared),
	cmocka_unit_test(test_shared_wrongly),
	{ 0 },
};
