/* SPDX-License-Identifier: MIT */
/*
 * -display, -vnc and -object secret: which screen is shown, where viewers connect and which
 * password they need.
 */
#include "options_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A window needs a screen; if the user names a display, there is only that one. */
static void test_display(void **state)
{
	static const struct {
		const char *text;
		unsigned devices;
		bool sdl, vnc, full_screen, integer;
	} cases[] = {
		{ .text = "-m 512", .devices = 0 },
		{ .text = "-display none", .devices = 0 },
		{ .text = "-display sdl", .sdl = true, .devices = 3 },
		{ .text = "-display sdl -nographic", .devices = 0 },
		{ .text = "-display sdl,scale=integer,full-screen=on", .sdl = true,
		  .devices = 3, .full_screen = true, .integer = true },
		{ .text = "-display sdl -device virtio-gpu-device,max_outputs=2",
		  .sdl = true, .devices = 1 },
		{ .text = "-device virtio-mouse-device -display sdl", .sdl = true,
		  .devices = 4 },
		{ .text = "-display sdl,gl=off", .sdl = true, .devices = 3 },
		{ .text = "-vnc :9 -nographic", .vnc = true, .devices = 3 },
		{ .text = "-nographic -vnc :9", .vnc = true, .devices = 3 },
		{ .text = "-vnc :9 -display none", .vnc = true, .devices = 3 },
		{ .text = "-vnc :9 -display sdl", .sdl = true, .vnc = true, .devices = 3 },
		{ .text = "-display sdl,full-screen=on -vnc :9", .sdl = true, .vnc = true,
		  .devices = 3, .full_screen = true },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct options *options = parse_well(cases[i].text);

		assert_int_equal(options->display.shown[DISPLAY_SDL], cases[i].sdl);
		assert_int_equal(options->display.shown[DISPLAY_VNC], cases[i].vnc);
		assert_int_equal(options->display.full_screen, cases[i].full_screen);
		assert_int_equal(options->display.integer, cases[i].integer);
		assert_int_equal(options->board.device_count, cases[i].devices);
	}
}

/* Viewers can only connect from this host, unless another address is named. */
static void test_vnc(void **state)
{
	static const struct {
		const char *text, *host, *port, *path;
		bool locked;
	} cases[] = {
		{ "-vnc :1", "127.0.0.1", "5901", NULL, false },
		{ "-display vnc=:0,password=on", "127.0.0.1", "5900", NULL, true },
		{ "-vnc 0.0.0.0:7,password", "0.0.0.0", "5907", NULL, true },
		{ "-vnc [::1]:99", "::1", "5999", NULL, false },
		{ "-vnc unix:/tmp/screen", NULL, NULL, "/tmp/screen", false },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct line *line = parse(cases[i].text);
		const struct display_options *display = &line->options.display;

		assert_string_equal(line->error.text, "");
		assert_true(display->shown[DISPLAY_VNC]);
		assert_int_equal(line->options.board.device_count, 3);
		assert_int_equal(display->locked, cases[i].locked);
		if (cases[i].path) {
			assert_string_equal(display->vnc.path, cases[i].path);
		} else {
			assert_string_equal(display->vnc.host, cases[i].host);
			assert_string_equal(display->vnc.port, cases[i].port);
		}
	}
}

/* Browsers connect at the same host's address, unless another is named. */
static void test_websocket(void **state)
{
	static const struct {
		const char *text, *host, *port;
	} cases[] = {
		{ "-vnc :1,websocket", "127.0.0.1", "5701" },
		{ "-vnc 0.0.0.0:7,websocket=on", "0.0.0.0", "5707" },
		{ "-vnc 0.0.0.0:7,websocket=8080", "0.0.0.0", "8080" },
		{ "-vnc 0.0.0.0:7,websocket=[::1]:8080", "::1", "8080" },
		{ "-display vnc=unix:/tmp/screen,websocket=8080", "127.0.0.1", "8080" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct line *line = parse(cases[i].text);
		const struct display_options *display = &line->options.display;

		assert_string_equal(line->error.text, "");
		assert_string_equal(display->websocket.host, cases[i].host);
		assert_string_equal(display->websocket.port, cases[i].port);
	}
}

/* A password comes from a file, without the end of its line. */
static void test_secret(void **state)
{
	static const struct {
		const char *content, *answer;
	} cases[] = {
		{ "weaver\n", "" },
		{ "weavers8", "" },
		{ "", "it is empty" },
		{ "\n", "it is empty" },
		{ "weaverbird\n", "VNC's passwords have up to 8 characters" },
	};
	char path[] = "/tmp/baya-test-secret.XXXXXX", text[128];
	int fd = mkstemp(path);

	snprintf(text, sizeof(text), "-vnc :1,password-secret=s -object secret,id=s,file=%s", path);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct line *line;
		const char *answer;
		size_t size = strlen(cases[i].content);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, cases[i].content, size, 0), size);
		line = parse(text);
		answer = line->error.text;
		assert_non_null(strstr(answer, cases[i].answer));
		assert_int_equal(!*answer, line->options.display.password != NULL);
		if (!*answer)
			assert_int_equal(strcspn(cases[i].content, "\n"),
					 strlen(line->options.display.password));
	}
	unlink(path);
	close(fd);
	assert_string_equal(parse_well("-vnc :1,password-secret=s "
				       "-object secret,id=s,data=weaver,format=raw")
				    ->display.password,
			    "weaver");
}

/* -k has QEMU's names of keyboards, of which the last one is used, and XKB's layouts. */
static void test_keyboard(void **state)
{
	const struct keyboard *keyboard = parse_well("-k de-ch -vnc :9 -k de")->display.keyboard;

	assert_string_equal(keyboard->name, "de");
	assert_string_equal(keyboard->layout, "de");
	assert_string_equal(keyboard->variant, "nodeadkeys");
	assert_string_equal(parse_well("-k sv")->display.keyboard->layout, "se");
	assert_string_equal(parse_well("-k fr-ca")->display.keyboard->variant, "fr");
	assert_null(parse_well("-vnc :9")->display.keyboard);
	assert_null(parse_well("-k de -k en-us")->display.keyboard);
}

static void test_accepted(void **state)
{
	const struct options *options;

	options = parse_well("-vnc :1,audiodev=a,share=ignore,lossy=on -audiodev none,id=a");
	assert_true(options->display.shown[DISPLAY_VNC]);
	assert_string_equal(options->warnings, "baya: -display vnc: sound is not sent to viewers: "
					       "audiodev=a has no effect\n");
	assert_string_equal(
		parse_well("-vnc :1,share=allow-exclusive")->warnings,
		"baya: -display vnc: share= has no effect but share=ignore: a viewer that "
		"asks to be alone is one of several\n");
	assert_false(parse_well("-vnc none")->display.shown[DISPLAY_VNC]);
	assert_true(parse_well("-display sdl -vnc none")->display.shown[DISPLAY_SDL]);
	assert_false(parse_well("-vnc :1 -vnc none")->display.shown[DISPLAY_VNC]);
	options = parse_well("-vnc :9,websocket=on -vnc :8");
	assert_string_equal(options->display.vnc.port, "5908");
	assert_null(options->display.websocket.port);
	assert_string_equal(options->warnings, "baya: -display vnc: viewers connect at one place, "
					       "the last one that was given\n");
}

static void test_errors(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-display vnc", "-display: vnc needs a place: vnc=:N (port 5900 + N)" },
		{ "-vnc x", "-display vnc: 'x' is not accepted; accepted: [HOST]:N (port 5900 + "
			    "N), unix:PATH" },
		{ "-vnc :59636", "-display vnc: ':59636' is not accepted; accepted: [HOST]:N "
				 "(port 5900 + N), unix:PATH" },
		{ "-vnc :1,password-secret=s", "-display vnc: password-secret=s: no -object "
					       "secret has this id" },
		{ "-vnc unix:/tmp/s,websocket=on",
		  "-display vnc: websocket=on is port 5700 + N, and unix: has no N; give "
		  "websocket=PORT" },
		{ "-vnc :1,websocket=70000",
		  "-display vnc: websocket='70000' is not accepted; accepted: on (port 5700 + N), "
		  "PORT, [HOST]:PORT" },
		{ "-vnc :1,websocket=0",
		  "-display vnc: websocket='0' is not accepted; accepted: on (port 5700 + N), "
		  "PORT, [HOST]:PORT" },
		{ "-object secret,id=s,dat=x", "-object secret: no parameter 'dat', nearest is "
					       "'data'; accepted: id, file, data, format" },
		{ "-object secret,id=s", "-object secret: needs id=ID and one of file=FILE and "
					 "data=TEXT (which is not secret on a command line)" },
		{ "-object secret,id=s,file=a,data=b",
		  "-object secret: needs id=ID and one of file=FILE and data=TEXT (which is not "
		  "secret on a command line)" },
		{ "-vnc :1,audiodev=x", "-display vnc: audiodev=x: no -audiodev has this id" },
	};
	const struct line *line;

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
	line = parse("-vnc :1,password-secret=s -object secret,id=s,file=/nowhere");
	assert_string_equal(line->error.text,
			    "-object secret: '/nowhere': No such file or directory");
	line = parse("-vnc :1,password-secret=s -object secret,id=s,file=/");
	assert_string_equal(line->error.text, "-object secret: '/': Is a directory");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_display),
	cmocka_unit_test(test_vnc),
	cmocka_unit_test(test_websocket),
	cmocka_unit_test(test_secret),
	cmocka_unit_test(test_keyboard),
	cmocka_unit_test(test_accepted),
	cmocka_unit_test(test_errors),
	{ 0 },
};
