/* SPDX-License-Identifier: MIT */
/*
 * frontends/display/screen.c, png.c and the monitor's commands about them, with a fake board's
 * screen, keyboard and tablet, and no window.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/platform.h"
#include "tests/cmocka.h"
#include "tests/frontends/fake_board.h"
#include "frontends/display/screen.h"
#include "frontends/display/screen_type.h"
#include "frontends/display/window_kind.h"
#include "tests/frontends/monitor_line.h"

#define HEARD_MAX 64

struct fake_input {
	struct input input;
	struct input_event heard[HEARD_MAX];
	unsigned count;
	bool there;
};

struct fixture {
	struct board board;
	struct display display;
	struct fake_input keyboard, tablet;
	struct screen screen;
	struct monitor monitor;
};

static u32 pixels[3][4] = {
	{ 0xff0000, 0x00ff00, 0x0000ff, 0x000000 },
	{ 0xffffff, 0x808080, 0x123456, 0x654321 },
	{ 0x010203, 0x040506, 0x070809, 0x0a0b0c },
};

static bool listens(void *device)
{
	return ((struct fake_input *)device)->there;
}

static void hear(void *ctx, const u8 *data, size_t size)
{
	struct fake_input *fake = ctx;

	assert_true(fake->count + size / 8 <= HEARD_MAX);
	memcpy(&fake->heard[fake->count], data, size);
	fake->count += (unsigned)(size / 8);
}

static void plug_in(struct fixture *f, struct fake_input *fake, enum input_kind kind,
		    const char *name)
{
	const struct journal_sink sink = { .name = name, .put = hear, .ctx = fake };

	fake->there = true;
	fake->input = (struct input){ .kind = kind, .listens = listens, .device = fake };
	fake->input.sink = journal_register(&f->board.platform.journal, &sink);
	f->board.inputs[kind] = &fake->input;
}

static int screen_setup(void **state)
{
	struct fixture *f = *state = calloc(1, sizeof(*f));

	fake_board_init(&f->board, CLOCK_VIRTUAL);
	f->display.count = 2;
	display_show(&f->display.scanouts[0],
		     &(struct display_surface){ (u8 *)pixels, 4, 3, 16, DISPLAY_BGRX });
	f->board.display = &f->display;
	plug_in(f, &f->keyboard, INPUT_KEYBOARD, "keyboard");
	plug_in(f, &f->tablet, INPUT_TABLET, "tablet");
	screen_open(&f->screen, &f->board);
	monitor_init(&f->monitor, &f->board, 1, NULL);
	f->monitor.screen = &f->screen;
	return 0;
}

static int screen_teardown(void **state)
{
	struct fixture *f = *state;

	screen_close(&f->screen);
	fake_board_free(&f->board);
	free(f);
	return 0;
}

static void screen_expect(struct fixture *f, const char *line, const char *answer)
{
	monitor_expect(&f->monitor, line, answer);
}

static void expect_heard(struct fake_input *fake, const struct input_event *events, unsigned count)
{
	assert_int_equal(fake->count, count);
	assert_memory_equal(fake->heard, events, count * sizeof(*events));
	fake->count = 0;
}

/* sendkey presses keys in order, and releases them in reverse order after their time, by the
 * machine's clock. */
static void test_sendkey(void **state)
{
	static const struct input_event down[] = { { 1, 29, 1 }, { 0, 0, 0 }, { 1, 56, 1 },
						   { 0, 0, 0 }, { 1, 111, 1 }, { 0, 0, 0 } };
	static const struct input_event up[] = { { 1, 111, 0 }, { 0, 0, 0 }, { 1, 56, 0 },
						 { 0, 0, 0 }, { 1, 29, 0 }, { 0, 0, 0 } };
	struct fixture *f = *state;
	struct clock *clock = &f->board.platform.clock;

	screen_expect(f, "sendkey ctrl-alt-delete 20", "");
	expect_heard(&f->keyboard, down, 6);
	assert_int_equal(screen_wait(&f->screen), 20000000);
	clock_advance(clock, 19999999);
	screen_poll(&f->screen, false);
	assert_int_equal(f->keyboard.count, 0);
	clock_advance(clock, 20000000);
	screen_poll(&f->screen, false);
	expect_heard(&f->keyboard, up, 6);
	assert_true(screen_wait(&f->screen) == UINT64_MAX);
}

static void test_sendkey_errors(void **state)
{
	struct fixture *f = *state;

	screen_expect(f, "sendkey", "sendkey: give keys, as in sendkey ctrl-alt-delete\n");
	screen_expect(f, "sendkey ctrl-retu", "sendkey: no key 'retu'; nearest is 'ret'\n");
	screen_expect(f, "sendkey a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q",
		      "sendkey: more than 16 keys at once\n");
	screen_expect(f, "sendkey a 60001",
		      "sendkey: '60001' is not a number of milliseconds up to 60000\n");
	f->keyboard.there = false;
	screen_expect(f, "sendkey a",
		      "sendkey: no driver of a keyboard listens; -device "
		      "virtio-keyboard-device adds one\n");
	f->screen.inputs[INPUT_KEYBOARD] = NULL;
	screen_expect(f, "system_powerdown",
		      "system_powerdown: the power button is a key, and no "
		      "driver of a keyboard listens; -device virtio-keyboard-device adds one\n");
	assert_int_equal(f->keyboard.count, 0);
}

static void screen_type_key(struct fixture *f, u16 code, bool down, u8 states)
{
	const struct window_event event = { .kind = WINDOW_KEY, .code = code, .down = down,
					    .states = states };

	screen_type(&f->screen, &event);
}

static void expect_codes(struct fixture *f, const s32 *codes, unsigned count)
{
	struct clock *clock = &f->board.platform.clock;

	screen_poll(&f->screen, false);
	while (f->keyboard.count < 2 * count && screen_wait(&f->screen) != UINT64_MAX) {
		clock_advance(clock, clock_now(clock) + 10000000);
		screen_poll(&f->screen, false);
	}
	assert_int_equal(f->keyboard.count, 2 * count);
	for (unsigned n = 0; n < count; n++) {
		const struct input_event *event = &f->keyboard.heard[2 * n];

		assert_int_equal(event->code, codes[n] < 0 ? -codes[n] : codes[n]);
		assert_int_equal(event->value, codes[n] > 0);
	}
	f->keyboard.count = 0;
}

/* Each of several sendkeys holds its keys for its own time, and none is lost. */
static void test_sendkeys(void **state)
{
	static const struct {
		s32 code;
		unsigned ms;
	} heard[] = { { 30, 0 }, { -30, 20 }, { 48, 30 }, { -48, 60 } };
	static const u16 key = 30;
	struct fixture *f = *state;
	unsigned count = 0;

	screen_expect(f, "sendkey a 20", "");
	screen_expect(f, "sendkey b 30", "");
	for (unsigned n = 0; n < ARRAY_SIZE(heard); n++) {
		expect_codes(f, &heard[n].code, 1);
		assert_int_equal(clock_now(&f->board.platform.clock),
				 heard[n].ms * (NS_PER_S / 1000));
	}
	while (!screen_send_keys(&f->screen, &key, 1, NS_PER_S / 1000))
		count++;
	assert_true(count > 250);
	screen_expect(f, "sendkey a", "sendkey: too many keys wait already\n");
	assert_int_equal(screen_wait(&f->screen), NS_PER_S / 100);
	screen_poll(&f->screen, true);
	assert_true(screen_wait(&f->screen) == UINT64_MAX);
	screen_poll(&f->screen, false);
	/* Keys that were queued before a state is loaded are dropped, because they belong to
	 * another time; a key that is sent after that is not. */
	f->board.platform.loads++;
	assert_int_equal(screen_send_keys(&f->screen, &key, 1, NS_PER_S / 1000), 0);
	screen_poll(&f->screen, false);
	assert_int_equal(screen_wait(&f->screen), NS_PER_S / 1000);
	f->board.platform.loads++;
	screen_poll(&f->screen, false);
	assert_true(screen_wait(&f->screen) == UINT64_MAX);
}

/* Keys that are typed at the same time are sent one by one. A press for which there is no room is
 * dropped. */
static void test_burst(void **state)
{
	struct fixture *f = *state;
	unsigned downs = 0, ups = 0;

	for (unsigned n = 0; n < 600; n++) {
		screen_key(&f->screen, 30, true);
		screen_key(&f->screen, 30, false);
	}
	for (u64 ms = 0; f->keyboard.count || screen_wait(&f->screen) != UINT64_MAX; ms += 10) {
		clock_advance(&f->board.platform.clock, ms * (NS_PER_S / 1000));
		assert_true(f->keyboard.count <= 2);
		downs += f->keyboard.count && f->keyboard.heard[0].value;
		ups += f->keyboard.count && !f->keyboard.heard[0].value;
		f->keyboard.count = 0;
		screen_poll(&f->screen, false);
	}
	assert_true(downs > 250);
	assert_int_equal(ups, 600);
}

/* A key is typed for its character: Shift is changed as the character needs it. In the lists,
 * released keys are negative. */
static void test_type(void **state)
{
	static const s32 at_once[] = { 42, 30, -42, -30 }, held[] = { 42, 30, -30, -42, 30, 42 };
	static const s32 released = -42;
	static const s32 caps[] = { 42, 30, -42, -30, 30 }, digit[] = { 2 };
	struct fixture *f = *state;

	screen_type_key(f, 30, true, WINDOW_CAPITAL); /* 'A', no Shift held */
	screen_type_key(f, 30, false, WINDOW_CAPITAL);
	expect_codes(f, at_once, ARRAY_SIZE(at_once));
	screen_type_key(f, 42, true, WINDOW_PLACE);
	screen_type_key(f, 30, true, WINDOW_CAPITAL);
	screen_type_key(f, 30, false, WINDOW_PLACE);
	screen_type_key(f, 30, true, WINDOW_SMALL); /* 'a', Shift held */
	expect_codes(f, held, ARRAY_SIZE(held));
	screen_type_key(f, 42, false, WINDOW_PLACE);
	expect_codes(f, &released, 1);
	f->keyboard.input.leds = 2; /* Caps Lock */
	screen_type_key(f, 30, true, WINDOW_SMALL);
	screen_type_key(f, 30, false, WINDOW_SMALL);
	screen_type_key(f, 30, true, WINDOW_CAPITAL);
	expect_codes(f, caps, ARRAY_SIZE(caps));
	screen_type_key(f, 2, true, WINDOW_PLAIN);
	expect_codes(f, digit, ARRAY_SIZE(digit));
}

/* AltGr is changed in the same way, if the states depend on it; these states are those of 'q' and
 * '@' on a German keyboard. */
static void test_type_altgr(void **state)
{
	static const s32 alone[] = { 100, 16, -100, -16 }, both[] = { 42, -42, 100, 16, 42, -100 };
	static const s32 held[] = { 100, 16, -16, -100, 16, 100, 30 };
	struct fixture *f = *state;

	screen_type_key(f, 16, true, BIT(WINDOW_ALTGR) | BIT(WINDOW_ALTGR | WINDOW_CAPS_LOCK));
	screen_type_key(f, 16, false, WINDOW_PLACE);
	expect_codes(f, alone, ARRAY_SIZE(alone));
	screen_type_key(f, 42, true, WINDOW_PLACE);
	screen_type_key(f, 16, true, BIT(WINDOW_ALTGR));
	expect_codes(f, both, ARRAY_SIZE(both));
	screen_type_key(f, 42, false, WINDOW_PLACE);
	expect_codes(f, &(s32){ -42 }, 1);
	screen_type_key(f, 100, true, WINDOW_PLACE);
	screen_type_key(f, 16, true, BIT(WINDOW_ALTGR));
	screen_type_key(f, 16, false, BIT(WINDOW_ALTGR));
	screen_type_key(f, 16, true, BIT(0)); /* 'q', AltGr held */
	screen_type_key(f, 30, true, WINDOW_SMALL); /* does not depend on AltGr */
	expect_codes(f, held, ARRAY_SIZE(held));
	screen_type_key(f, 16, true, BIT(WINDOW_CAPS_LOCK)); /* Caps Lock is off and not changed */
	expect_codes(f, &(s32){ 16 }, 1);
}

/* An accent that is a dead key in the guest is followed by a space, which makes it a character. */
static void test_type_dead(void **state)
{
	static const s32 alone[] = { 13, -13, 57, -57 };
	static const s32 held[] = { 42, -42, 13, 42, -13, -42, 57, 42, -57, 30 };
	const struct window_event event = { .kind = WINDOW_KEY, .code = 13, .down = true,
					    .states = WINDOW_BASIC, .dead = true };
	struct fixture *f = *state;

	screen_type(&f->screen, &event);
	expect_codes(f, alone, ARRAY_SIZE(alone));
	screen_type_key(f, 42, true, WINDOW_PLACE);
	screen_type(&f->screen, &event);
	screen_type_key(f, 30, true, WINDOW_CAPITAL);
	expect_codes(f, held, ARRAY_SIZE(held));
}

static void test_passwords(void **state)
{
	static const char nobody[] = "viewers are not asked for a password; -vnc :N,password=on "
				     "makes them give one\n";
	struct fixture *f = *state;

	screen_expect(f, "set_password vnc", "set_password: give vnc and a password\n");
	screen_expect(f, "change vnc passwort x", "change: give vnc password and the password\n");
	screen_expect(f, "set_password vnc 123456789",
		      "the password is too long: VNC's have up to 8 characters\n");
	screen_expect(f, "set_password vnc 12345678", nobody);
	screen_expect(f, "change vnc password 12345678", nobody);
}

/* A window in which a key and a button are pressed. Its desktop ends when the window is given a
 * text. */
struct fake_window {
	struct window window;
	pthread_cond_t woken;
};

static bool fake_start(struct window *window)
{
	pthread_cond_init(&((struct fake_window *)window)->woken, NULL);
	return true;
}

static void fake_run(struct window *window)
{
	const struct window_event events[] = {
		{ .kind = WINDOW_KEY, .code = 48, .down = true },
		{ .kind = WINDOW_KEY, .code = 30, .down = true },
		{ .kind = WINDOW_KEY, .code = 30 },
		{ .kind = WINDOW_BUTTON, .code = BTN_LEFT, .down = true },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(events); n++)
		window_queue_event(window, &events[n]);
	pthread_mutex_lock(&window->lock);
	while (!window->put_text) {
		window->woken = false;
		pthread_cond_wait(&((struct fake_window *)window)->woken, &window->lock);
	}
	pthread_mutex_unlock(&window->lock);
	pthread_exit(NULL);
}

static void fake_wake(struct window *window)
{
	pthread_cond_signal(&((struct fake_window *)window)->woken);
}

static void fake_end(struct window *window)
{
	(void)window;
}

/* Keys and buttons that are pressed in a window that is gone can no longer be released by the user,
 * so they are released when the window goes. */
static void test_lost_window(void **state)
{
	static const struct window_kind kind = {
		.size = sizeof(struct fake_window), .start = fake_start, .run = fake_run,
		.end = fake_end, .wake = fake_wake,
	};
	static const s32 down[] = { 48, 30, -30 }, up[] = { -48 };
	static const struct input_event press[] = { { 1, BTN_LEFT, 1 }, { 0, 0, 0 } };
	static const struct input_event release[] = { { 1, BTN_LEFT, 0 }, { 0, 0, 0 } };
	const struct window_setup setup = { .name = "Test", .outputs = 1, .wake = -1 };
	struct fixture *f = *state;
	struct window **window = &f->screen.windows[DISPLAY_SDL].window;
	char why[100];

	assert_int_equal(window_open(window, &kind, &setup, why, sizeof(why)), 0);
	while (!f->tablet.count)
		screen_poll(&f->screen, false);
	expect_codes(f, down, ARRAY_SIZE(down));
	expect_heard(&f->tablet, press, ARRAY_SIZE(press));
	window_put_text(*window, "");
	while (*window)
		screen_poll(&f->screen, false);
	expect_codes(f, up, ARRAY_SIZE(up));
	expect_heard(&f->tablet, release, ARRAY_SIZE(release));
}

static void test_power_key(void **state)
{
	static const s32 codes[] = { 116, -116 };
	struct fixture *f = *state;

	screen_expect(f, "system_powerdown", "");
	expect_codes(f, codes, ARRAY_SIZE(codes));
}

static void test_mouse(void **state)
{
	static const struct input_event move[] = { { 3, 0, 100 }, { 3, 1, 32767 }, { 0, 0, 0 } };
	static const struct input_event wheel[] = { { 3, 0, 0 }, { 3, 1, 0 }, { 0, 0, 0 },
						    { 2, 8, (u32)-2 }, { 0, 0, 0 } };
	static const struct input_event press[] = { { 1, 0x110, 1 }, { 0, 0, 0 }, { 1, 0x111, 1 },
						    { 0, 0, 0 } };
	static const struct input_event release[] = { { 1, 0x110, 0 }, { 0, 0, 0 } };
	struct fixture *f = *state;

	screen_expect(f, "mouse_move 100 99999", "");
	expect_heard(&f->tablet, move, 3);
	screen_expect(f, "mouse_move -1 0 -2", "");
	expect_heard(&f->tablet, wheel, 5);
	screen_expect(f, "mouse_button 5", "");
	expect_heard(&f->tablet, press, 4);
	screen_expect(f, "mouse_button 4", "");
	expect_heard(&f->tablet, release, 2);
	screen_expect(f, "mouse_button 8",
		      "mouse_button: give the sum of those held: 1 left, 2 middle, 4 right\n");
	screen_expect(f, "mouse_move 1",
		      "mouse_move: give X and Y, of a tablet from 0 to 32767, and "
		      "clicks of the wheel if wanted\n");
	f->tablet.there = false;
	screen_expect(f, "mouse_move 1 1",
		      "mouse_move: no driver of a pointer listens; -device "
		      "virtio-tablet-device adds one\n");
}

/* Writes the first screen to a file, which is then removed. `end` is what follows "screen." in the
 * command. Returns how many bytes of the file were read. */
static size_t dump_screen(struct fixture *f, const char *end, u8 *data, size_t room)
{
	char folder[] = "/tmp/baya-screen-XXXXXX", path[64], line[96];
	size_t size;
	FILE *file;

	assert_non_null(mkdtemp(folder));
	snprintf(line, sizeof(line), "screendump %s/screen.%s", folder, end);
	snprintf(path, sizeof(path), "%s/screen.%.*s", folder, (int)strcspn(end, " "), end);
	screen_expect(f, line, "");
	file = fopen(path, "r");
	assert_non_null(file);
	size = fread(data, 1, room, file);
	fclose(file);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	return size;
}

static void test_screendump(void **state)
{
	static const char head[] = "P6\n4 3\n255\n";
	struct fixture *f = *state;
	u8 data[24], ppm[11 + 36 + 1];

	assert_int_equal(dump_screen(f, "ppm", ppm, sizeof(ppm)), 11 + 36);
	assert_memory_equal(ppm, head, 11);
	for (unsigned n = 0; n < 12; n++)
		assert_int_equal(ppm[11 + n * 3] << 16 | ppm[12 + n * 3] << 8 | ppm[13 + n * 3],
				 pixels[n / 4][n % 4]);
	assert_int_equal(dump_screen(f, "png -f ppm", ppm, sizeof(ppm)), 11 + 36);
	assert_int_equal(dump_screen(f, "ppm 0 -f png", data, sizeof(data)), sizeof(data));
	assert_memory_equal(data, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\4\0\0\0\3", 24);
	screen_expect(f, "screendump",
		      "screendump: give a file, and the number of a screen if it is not "
		      "0: screendump a.png; -f png or -f ppm is the format\n");
	screen_expect(f, "screendump x -f gif",
		      "screendump: give a file, and the number of a screen if it is not "
		      "0: screendump a.png; -f png or -f ppm is the format\n");
	screen_expect(f, "screendump x.png 1", "screendump: the guest shows nothing there yet\n");
	screen_expect(f, "screendump x.png 2", "screendump: the machine has no such screen\n");
	screen_expect(
		f, "screendump /nowhere/x.png",
		"screendump: '/nowhere/x.png' cannot be written: No such file or directory\n");
	screen_expect(f, "screendump /dev/full",
		      "screendump: '/dev/full' cannot be written: No space left on device\n");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_sendkey, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_sendkeys, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_burst, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_sendkey_errors, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_type, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_type_altgr, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_type_dead, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_passwords, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_lost_window, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_power_key, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_mouse, screen_setup, screen_teardown),
	cmocka_unit_test_setup_teardown(test_screendump, screen_setup, screen_teardown),
	{ 0 },
};
