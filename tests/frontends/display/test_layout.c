/* SPDX-License-Identifier: MIT */
/* frontends/display/layout.c: the keyboards of -k, and what their keys write. */
#include <stdlib.h>
#include <string.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#include "frontends/display/layout.h"
#include "frontends/display/options.h"
#include "tests/cmocka.h"
#include "tests/frontends/cli/options_line.h"

/* This include comes last, because its names are macros. */
#include <linux/input-event-codes.h>

#define ANY UINT32_MAX /* the key is found by its position, in any state of the modifiers */

static const struct keyboard us = { "us", "pc105", "us", "" };
static const u8 nothing[32];

static void read_keyboard(struct layout *layout, const struct keyboard *keyboard)
{
	char why[200] = "";

	layout->count = 0;
	assert_true(layout_read(layout, keyboard, why, sizeof(why)));
	assert_string_equal(why, "");
}

/* Reads the layout of the keyboard that has this name in -k. */
static void read_named(struct layout *layout, const char *name)
{
	char text[32] = "-k ";

	read_keyboard(layout, parse_well(strcat(text, name))->display.keyboard);
}

/* Returns the key for a viewer that holds no other key, on the keyboard of this name. */
static struct keysym find_named(const char *name, u32 number)
{
	struct layout layout;

	read_named(&layout, name);
	return layout_find(&layout, number, nothing, true);
}

/* XKB's US layout and the table without XKB have the same key and the same states for each
 * character. */
static void test_us(void **state)
{
	struct layout layout;

	read_keyboard(&layout, &us);
	for (u32 number = ' ' + 1; number < 0x7f; number++) {
		struct keysym key = layout_find(&layout, number, nothing, false);

		assert_int_equal(key.code, keysym_find(number).code);
		assert_int_equal(key.states, keysym_find(number).states);
	}
}

static void test_keys(void **state)
{
	static const struct {
		const char *name;
		u32 number;
		u16 code;
		u32 state; /* state of Shift and AltGr */
	} keys[] = {
		{ "de", 'y', KEY_Z, 0 },
		{ "de", 'Z', KEY_Y, WINDOW_SHIFT },
		{ "de", XKB_KEY_adiaeresis, KEY_APOSTROPHE, 0 },
		{ "de", XKB_KEY_Odiaeresis, KEY_SEMICOLON, WINDOW_SHIFT },
		{ "de", '-', KEY_SLASH, 0 },
		{ "de", '/', KEY_7, WINDOW_SHIFT },
		{ "de", '(', KEY_8, WINDOW_SHIFT },
		{ "de", '@', KEY_Q, WINDOW_ALTGR },
		{ "de", XKB_KEY_EuroSign, KEY_E, WINDOW_ALTGR },
		{ "de", '|', KEY_102ND, WINDOW_ALTGR },
		{ "de", XKB_KEY_KP_Separator, KEY_KPDOT, ANY },
		{ "de", XKB_KEY_KP_7, KEY_KP7, ANY },
		{ "de", XKB_KEY_F5, KEY_F5, ANY },
		{ "de", XKB_KEY_ISO_Level3_Shift, KEY_RIGHTALT, ANY },
		{ "de-ch", XKB_KEY_dead_circumflex, KEY_EQUAL, 0 },
		{ "fr", 'a', KEY_Q, 0 },
		{ "fr", '1', KEY_1, WINDOW_SHIFT },
		{ "fr", 'm', KEY_SEMICOLON, 0 },
		{ "fr", ',', KEY_M, 0 },
		{ "fr", '#', KEY_3, WINDOW_ALTGR },
		{ "en-gb", XKB_KEY_sterling, KEY_3, WINDOW_SHIFT },
		{ "pt-br", '/', KEY_RO, 0 },
		{ "pt-br", XKB_KEY_ccedilla, KEY_SEMICOLON, 0 },
		{ "sv", XKB_KEY_aring, KEY_LEFTBRACE, 0 },
		{ "no", XKB_KEY_oslash, KEY_SEMICOLON, 0 },
		{ "da", XKB_KEY_oslash, KEY_APOSTROPHE, 0 },
		{ "ja", '@', KEY_LEFTBRACE, 0 },
		{ "ja", '_', KEY_RO, WINDOW_SHIFT },
		{ "ja", XKB_KEY_Zenkaku_Hankaku, KEY_GRAVE, ANY },
		{ "ru", XKB_KEY_Cyrillic_a, KEY_F, 0 },
		{ "ru", 0x1000430, KEY_F, 0 }, /* the same character by its number in Unicode */
		{ "ru", 'c', KEY_C, 0 }, /* such keyboards have the US letters as well */
	};

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++) {
		struct keysym key = find_named(keys[n].name, keys[n].number);

		assert_int_equal(key.code, keys[n].code);
		if (keys[n].state == ANY)
			assert_int_equal(key.states, WINDOW_PLACE);
		else
			assert_true(key.states & BIT(keys[n].state));
		assert_true(!keys[n].state || !(key.states & BIT(0)));
	}
}

/* Caps Lock affects the letters of the layout, and nothing else. */
static void test_caps(void **state)
{
	struct layout layout;
	u8 states;

	read_named(&layout, "de");
	states = layout_find(&layout, XKB_KEY_odiaeresis, nothing, true).states;
	assert_true(states & BIT(WINDOW_CAPS_LOCK | WINDOW_SHIFT));
	assert_false(states & BIT(WINDOW_CAPS_LOCK));
	states = layout_find(&layout, ';', nothing, true).states;
	assert_true(states & BIT(WINDOW_CAPS_LOCK | WINDOW_SHIFT));
	assert_false(states & BIT(WINDOW_SHIFT | WINDOW_ALTGR));
}

/* If an accent is only on a dead key, that key and a space write it. */
static void test_accents(void **state)
{
	static const struct {
		const char *name;
		u32 number;
		u16 code;
		bool dead;
	} keys[] = {
		{ "de-ch", '^', KEY_EQUAL, true },
		{ "de-ch", '`', KEY_EQUAL, true },
		{ "de-ch", XKB_KEY_dead_circumflex, KEY_EQUAL, false },
		{ "sv", '~', KEY_RIGHTBRACE, true },
		{ "de", '^', KEY_GRAVE, false },
		{ "pt-br", '~', KEY_APOSTROPHE, false },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++) {
		struct keysym key = find_named(keys[n].name, keys[n].number);

		assert_int_equal(key.code, keys[n].code);
		assert_int_equal(key.dead, keys[n].dead);
		assert_true(key.states);
	}
}

/* If several keys write a character, the modifiers that a viewer holds determine the key that is
 * pressed; the key that the viewer holds is the one that is released. */
static void test_choice(void **state)
{
	static const u8 shift[32] = { [KEY_LEFTSHIFT / 8] = BIT(KEY_LEFTSHIFT % 8) };
	static const u8 less[32] = { [KEY_102ND / 8] = BIT(KEY_102ND % 8) };
	struct layout layout;

	read_keyboard(&layout, &us);
	assert_int_equal(layout_find(&layout, '<', shift, true).code, KEY_COMMA);
	assert_int_equal(layout_find(&layout, '<', nothing, true).code, KEY_102ND);
	assert_int_equal(layout_find(&layout, '<', less, false).code, KEY_102ND);
	assert_int_equal(layout_find(&layout, '<', nothing, false).code, KEY_COMMA);
}

/* Each keyboard's name has a layout, whose keys are keys of a guest's keyboard. */
static void test_all(void **state)
{
	static const char *const names[] = {
		"ar", "bepo", "cz", "da", "de", "de-ch", "en-gb", "es", "et", "fi", "fo", "fr",
		"fr-be", "fr-ca", "fr-ch", "hr", "hu", "is", "it", "ja", "lt", "lv", "mk", "nl",
		"no", "pl", "pt", "pt-br", "ru", "sl", "sv", "th", "tr",
	};
	struct layout layout;

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		read_named(&layout, names[n]);
		assert_in_range(layout.count, 90, LAYOUT_ROWS_MAX - 1);
		for (unsigned row = 0; row < layout.count; row++)
			assert_in_range(layout.rows[row].key.code, KEY_1, KEY_YEN);
	}
}

/* Any number may come from the network. */
static void test_numbers(void **state)
{
	static const u32 none[] = { 0, 0xe9, 0xfffe, 0x10ffff, 0x01000000, 0x0110ffff, 0x01110000,
				    0xdeadbeef, UINT32_MAX };
	struct layout layout;

	read_named(&layout, "de");
	for (u32 n = 0; n < ARRAY_SIZE(none); n++)
		assert_int_equal(layout_find(&layout, none[n], nothing, n % 2).code, 0);
	for (u32 n = 0; n < 1u << 16; n++)
		assert_in_range(layout_find(&layout, n * 0x10001, nothing, true).code, 0, 0xff);
}

static void test_no_data(void **state)
{
	struct layout layout = { 0 };
	char why[200] = "";

	assert_int_equal(setenv("XKB_CONFIG_ROOT", "/nonexistent", 1), 0);
	assert_false(layout_read(&layout, &us, why, sizeof(why)));
	assert_int_equal(unsetenv("XKB_CONFIG_ROOT"), 0);
	assert_non_null(strstr(why, "xkb-data"));
	assert_int_equal(layout.count, 0);
	assert_int_equal(layout_find(&layout, 'y', nothing, true).code, KEY_Y);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_us),
	cmocka_unit_test(test_keys),
	cmocka_unit_test(test_caps),
	cmocka_unit_test(test_accents),
	cmocka_unit_test(test_choice),
	cmocka_unit_test(test_all),
	cmocka_unit_test(test_numbers),
	cmocka_unit_test(test_no_data),
	{ 0 },
};
