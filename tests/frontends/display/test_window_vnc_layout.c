/* SPDX-License-Identifier: MIT */
/* Keys of a viewer that sends characters to a guest with another keyboard than a US one (-k). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontends/display/options.h"
#include "vnc_viewer.h"

static const struct keyboard german = { "de", "pc105", "de", "nodeadkeys" };

static void type(rfbClient *viewer, u32 number)
{
	SendKeyEvent(viewer, number, TRUE);
	SendKeyEvent(viewer, number, FALSE);
}

static void expect_typed(struct fixture *f, u16 code, u8 states)
{
	expect_key(f, code, true, states);
	expect_key(f, code, false, states);
}

static void test_german(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	f->setup.keyboard = &german;
	open_window(f);
	viewer = come(f, &seen);
	assert_non_null(viewer);
	type(viewer, 'y');
	type(viewer, XK_adiaeresis);
	type(viewer, '@');
	type(viewer, XK_Greek_alpha);
	type(viewer, XK_Return);
	expect_typed(f, KEY_Z, 0x21);
	expect_typed(f, KEY_APOSTROPHE, 0x21);
	expect_typed(f, KEY_Q, 0x44);
	expect_typed(f, KEY_ENTER, WINDOW_PLACE);
	/* A key that is held is released when the viewer leaves. */
	SendKeyEvent(viewer, XK_odiaeresis, TRUE);
	expect_key(f, KEY_SEMICOLON, true, 0x21);
	go(viewer);
	expect_key(f, KEY_SEMICOLON, false, WINDOW_PLACE);
}

/*
 * The dead key of a Swiss keyboard writes an accent if a space follows; the event says that one
 * must follow. The key is never held: the same accent can be repeated, and another accent of the
 * same key can follow before the first one is released.
 */
static void test_dead_key(void **state)
{
	static const struct keyboard swiss = { "de-ch", "pc105", "ch", "" };
	static const u32 pressed[] = { '^', '^', '`' };
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	f->setup.keyboard = &swiss;
	open_window(f);
	viewer = come(f, &seen);
	assert_non_null(viewer);
	for (unsigned n = 0; n < ARRAY_SIZE(pressed); n++)
		SendKeyEvent(viewer, pressed[n], TRUE);
	for (unsigned n = 0; n < ARRAY_SIZE(pressed); n++)
		SendKeyEvent(viewer, pressed[n], FALSE);
	for (unsigned n = 0; n < ARRAY_SIZE(pressed); n++) {
		struct window_event event = next(f);

		assert_int_equal(event.code, KEY_EQUAL);
		assert_true(event.down && event.dead);
	}
	/* A viewer may press the dead key itself, and release the character that it wrote. */
	SendKeyEvent(viewer, XK_dead_circumflex, TRUE);
	SendKeyEvent(viewer, '^', FALSE);
	for (unsigned n = 0; n < 2; n++) {
		struct window_event event = next(f);

		assert_int_equal(event.code, KEY_EQUAL);
		assert_int_equal(event.down, n == 0);
		assert_false(event.dead);
	}
	go(viewer);
}

/* The layout does not matter for a viewer that sends positions of keys, except for a key whose
 * position is not known. */
static void test_places(void **state)
{
	static const u8 hello[] = "RFB 003.008\n\1\1"
				  "\2\0\0\1\xff\xff\xfe\xfe" /* SetEncodings */
				  "\xff\0\0\1\0\0\0y\0\0\0\x15" /* the key between t and u */
				  "\xff\0\0\1\0\0\0@\0\0\0\0";
	struct fixture *f = *state;
	int fd;

	f->setup.keyboard = &german;
	open_window(f);
	fd = knock(f);
	assert_int_equal(write(fd, hello, sizeof(hello) - 1), sizeof(hello) - 1);
	expect_key(f, KEY_Y, true, WINDOW_PLACE);
	expect_key(f, KEY_Q, true, 0x44);
	close(fd);
}

/* If the layout's data is missing, one line says so, and keys are those of a US keyboard. */
static void test_no_data(void **state)
{
	static const char expected[] = "baya: -k de has no effect: libxkbcommon cannot read its "
				       "layout, which is in Debian's package xkb-data\n";
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;
	FILE *said = tmpfile();
	int before = dup(STDERR_FILENO);
	char text[sizeof(expected) + 1] = "";

	f->setup.keyboard = &german;
	assert_int_equal(setenv("XKB_CONFIG_ROOT", "/nonexistent", 1), 0);
	assert_true(dup2(fileno(said), STDERR_FILENO) >= 0);
	open_window(f);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	assert_int_equal(unsetenv("XKB_CONFIG_ROOT"), 0);
	rewind(said);
	assert_int_equal(fread(text, 1, sizeof(text), said), sizeof(expected) - 1);
	assert_string_equal(text, expected);
	viewer = come(f, &seen);
	assert_non_null(viewer);
	type(viewer, 'y');
	expect_typed(f, KEY_Y, WINDOW_SMALL);
	go(viewer);
	fclose(said);
	close(before);
}

const struct CMUnitTest unit_tests[] = {
	TEST(test_german),
	TEST(test_dead_key),
	TEST(test_places),
	TEST(test_no_data),
	{ 0 },
};
