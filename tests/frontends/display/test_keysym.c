/* SPDX-License-Identifier: MIT */
/*
 * frontends/display/keysym.c: every key of the window's map for which X11 has a name is found by
 * that name.
 */
#include <ctype.h>
#include <rfb/keysym.h>

#include "frontends/display/keymap.h"
#include "frontends/display/keysym.h"
#include "tests/cmocka.h"

/* This include comes last, because its names are macros. */
#include <linux/input-event-codes.h>

static const struct {
	u32 number;
	u16 code;
} keys[] = {
	{ XK_BackSpace, KEY_BACKSPACE }, { XK_Tab, KEY_TAB }, { XK_Return, KEY_ENTER },
	{ XK_Pause, KEY_PAUSE }, { XK_Scroll_Lock, KEY_SCROLLLOCK }, { XK_Sys_Req, KEY_SYSRQ },
	{ XK_Escape, KEY_ESC }, { XK_Delete, KEY_DELETE }, { XK_Multi_key, KEY_COMPOSE },
	{ XK_Muhenkan, KEY_MUHENKAN }, { XK_Henkan, KEY_HENKAN }, { XK_Hiragana, KEY_HIRAGANA },
	{ XK_Katakana, KEY_KATAKANA }, { XK_Hiragana_Katakana, KEY_KATAKANAHIRAGANA },
	{ XK_Zenkaku_Hankaku, KEY_ZENKAKUHANKAKU }, { 0xff31, KEY_HANGEUL },
	{ 0xff34, KEY_HANJA }, { XK_Home, KEY_HOME }, { XK_Left, KEY_LEFT },
	{ XK_Up, KEY_UP }, { XK_Right, KEY_RIGHT }, { XK_Down, KEY_DOWN },
	{ XK_Page_Up, KEY_PAGEUP }, { XK_Page_Down, KEY_PAGEDOWN }, { XK_End, KEY_END },
	{ XK_Select, KEY_FRONT }, { XK_Print, KEY_SYSRQ }, { XK_Execute, KEY_OPEN },
	{ XK_Insert, KEY_INSERT }, { XK_Undo, KEY_UNDO }, { XK_Redo, KEY_AGAIN },
	{ XK_Menu, KEY_COMPOSE }, { XK_Find, KEY_FIND }, { XK_Cancel, KEY_STOP },
	{ XK_Help, KEY_HELP }, { XK_Break, KEY_PAUSE }, { XK_Mode_switch, KEY_RIGHTALT },
	{ XK_Num_Lock, KEY_NUMLOCK }, { XK_KP_Enter, KEY_KPENTER }, { XK_KP_Home, KEY_KP7 },
	{ XK_KP_Left, KEY_KP4 }, { XK_KP_Up, KEY_KP8 }, { XK_KP_Right, KEY_KP6 },
	{ XK_KP_Down, KEY_KP2 }, { XK_KP_Page_Up, KEY_KP9 }, { XK_KP_Page_Down, KEY_KP3 },
	{ XK_KP_End, KEY_KP1 }, { XK_KP_Begin, KEY_KP5 }, { XK_KP_Insert, KEY_KP0 },
	{ XK_KP_Delete, KEY_KPDOT }, { XK_KP_Equal, KEY_KPEQUAL },
	{ XK_KP_Multiply, KEY_KPASTERISK }, { XK_KP_Add, KEY_KPPLUS },
	{ XK_KP_Separator, KEY_KPCOMMA }, { XK_KP_Subtract, KEY_KPMINUS },
	{ XK_KP_Decimal, KEY_KPDOT }, { XK_KP_Divide, KEY_KPSLASH }, { XK_KP_0, KEY_KP0 },
	{ XK_KP_1, KEY_KP1 }, { XK_KP_2, KEY_KP2 }, { XK_KP_3, KEY_KP3 }, { XK_KP_4, KEY_KP4 },
	{ XK_KP_5, KEY_KP5 }, { XK_KP_6, KEY_KP6 }, { XK_KP_7, KEY_KP7 }, { XK_KP_8, KEY_KP8 },
	{ XK_KP_9, KEY_KP9 }, { XK_F1, KEY_F1 }, { XK_F2, KEY_F2 }, { XK_F3, KEY_F3 },
	{ XK_F4, KEY_F4 }, { XK_F5, KEY_F5 }, { XK_F6, KEY_F6 }, { XK_F7, KEY_F7 },
	{ XK_F8, KEY_F8 }, { XK_F9, KEY_F9 }, { XK_F10, KEY_F10 }, { XK_F11, KEY_F11 },
	{ XK_F12, KEY_F12 }, { XK_F13, KEY_F13 }, { XK_F14, KEY_F14 }, { XK_F15, KEY_F15 },
	{ XK_F16, KEY_F16 }, { XK_F17, KEY_F17 }, { XK_F18, KEY_F18 }, { XK_F19, KEY_F19 },
	{ XK_F20, KEY_F20 }, { XK_F21, KEY_F21 }, { XK_F22, KEY_F22 }, { XK_F23, KEY_F23 },
	{ XK_F24, KEY_F24 }, { XK_Shift_L, KEY_LEFTSHIFT }, { XK_Shift_R, KEY_RIGHTSHIFT },
	{ XK_Control_L, KEY_LEFTCTRL }, { XK_Control_R, KEY_RIGHTCTRL },
	{ XK_Caps_Lock, KEY_CAPSLOCK }, { XK_Shift_Lock, KEY_CAPSLOCK },
	{ XK_Meta_L, KEY_LEFTMETA }, { XK_Meta_R, KEY_RIGHTMETA }, { XK_Alt_L, KEY_LEFTALT },
	{ XK_Alt_R, KEY_RIGHTALT }, { XK_Super_L, KEY_LEFTMETA }, { XK_Super_R, KEY_RIGHTMETA },
	{ XK_space, KEY_SPACE }, { 0xfe03, KEY_RIGHTALT }, { 0xfe20, KEY_TAB },
	/* XF86keysym.h */
	{ 0x1008ff02, KEY_BRIGHTNESSUP }, { 0x1008ff03, KEY_BRIGHTNESSDOWN },
	{ 0x1008ff11, KEY_VOLUMEDOWN }, { 0x1008ff12, KEY_MUTE }, { 0x1008ff13, KEY_VOLUMEUP },
	{ 0x1008ff14, KEY_PLAYPAUSE }, { 0x1008ff15, KEY_STOPCD },
	{ 0x1008ff16, KEY_PREVIOUSSONG }, { 0x1008ff17, KEY_NEXTSONG },
	{ 0x1008ff18, KEY_HOMEPAGE }, { 0x1008ff19, KEY_MAIL }, { 0x1008ff1b, KEY_SEARCH },
	{ 0x1008ff1d, KEY_CALC }, { 0x1008ff26, KEY_BACK }, { 0x1008ff27, KEY_FORWARD },
	{ 0x1008ff28, KEY_STOP }, { 0x1008ff29, KEY_REFRESH }, { 0x1008ff2a, KEY_POWER },
	{ 0x1008ff2c, KEY_EJECTCD }, { 0x1008ff2e, KEY_WWW }, { 0x1008ff2f, KEY_SLEEP },
	{ 0x1008ff30, KEY_BOOKMARKS }, { 0x1008ff32, KEY_MEDIA }, { 0x1008ff33, KEY_COMPUTER },
};

static const char plain[] = "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./";
static const char shifted[] = "!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"~|ZXCVBNM<>?";

/* The characters that each key writes on the US layout, without Shift and with it. */
static void test_letters(void **state)
{
	static const u16 first[] = { KEY_1, KEY_Q, KEY_A, KEY_BACKSLASH };
	static const unsigned counts[] = { 12, 12, 12, 11 };
	unsigned n = 0;

	assert_int_equal(sizeof(plain), sizeof(shifted));
	for (unsigned row = 0; row < ARRAY_SIZE(first); row++)
		for (unsigned i = 0; i < counts[row]; i++, n++) {
			struct keysym key = keysym_find((u8)plain[n]);
			bool letter = isalpha(plain[n]) != 0;

			assert_int_equal(key.code, first[row] + i);
			assert_int_equal(key.states, letter ? WINDOW_SMALL : WINDOW_PLAIN);
			key = keysym_find((u8)shifted[n]);
			assert_int_equal(key.code, first[row] + i);
			assert_int_equal(key.states, letter ? WINDOW_CAPITAL : WINDOW_SHIFTED);
		}
	assert_int_equal(n, sizeof(plain) - 1);
}

static void test_names(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++) {
		struct keysym key = keysym_find(keys[n].number);

		assert_int_equal(key.code, keys[n].code);
		assert_int_equal(key.states, WINDOW_PLACE);
	}
}

/* Every keysym that is found belongs to a key of the window's map; others are not found. */
static void test_map(void **state)
{
	unsigned found = 0, named = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		named += keys[n].number < 0x10000;
	for (u32 number = 0; number < 0x10000; number++) {
		u16 code = keysym_find(number).code;
		const struct keymap_key *key = keymap_key(0);

		for (unsigned n = 1; code && key && key->code != code; n++)
			key = keymap_key(n);
		assert_non_null(key);
		found += code != 0;
	}
	assert_int_equal(found, 2 * (sizeof(plain) - 1) + named);
	assert_int_equal(keysym_find(0).code, 0);
	assert_int_equal(keysym_find(UINT32_MAX).code, 0);
	assert_int_equal(keysym_find(0xe9).code, 0); /* é: it is not on a US keyboard */
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_letters),
	cmocka_unit_test(test_names),
	cmocka_unit_test(test_map),
	{ 0 },
};
