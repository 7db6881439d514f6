/* SPDX-License-Identifier: MIT */
/* frontends/display/keymap.c: every key has the names that SDL and Linux have for it. */
#include <SDL.h>
#include <linux/input-event-codes.h>
#include <string.h>

#include "frontends/display/keymap.h"
#include "tests/cmocka.h"

#define SAME(name) { SDL_SCANCODE_##name, KEY_##name }

static const struct {
	u16 scancode, code;
} keys[] = {
	SAME(A), SAME(B), SAME(C), SAME(D), SAME(E), SAME(F), SAME(G), SAME(H), SAME(I), SAME(J),
	SAME(K), SAME(L), SAME(M), SAME(N), SAME(O), SAME(P), SAME(Q), SAME(R), SAME(S), SAME(T),
	SAME(U), SAME(V), SAME(W), SAME(X), SAME(Y), SAME(Z), SAME(1), SAME(2), SAME(3), SAME(4),
	SAME(5), SAME(6), SAME(7), SAME(8), SAME(9), SAME(0), SAME(TAB), SAME(SPACE),
	SAME(BACKSPACE), SAME(BACKSLASH), SAME(SEMICOLON), SAME(APOSTROPHE), SAME(GRAVE),
	SAME(COMMA), SAME(SLASH), SAME(CAPSLOCK), SAME(F1), SAME(F2), SAME(F3), SAME(F4),
	SAME(F5), SAME(F6), SAME(F7), SAME(F8), SAME(F9), SAME(F10), SAME(F11), SAME(F12),
	SAME(F13), SAME(F14), SAME(F15), SAME(F16), SAME(F17), SAME(F18), SAME(F19), SAME(F20),
	SAME(F21), SAME(F22), SAME(F23), SAME(F24), SAME(SCROLLLOCK), SAME(PAUSE), SAME(INSERT),
	SAME(HOME), SAME(PAGEUP), SAME(DELETE), SAME(END), SAME(PAGEDOWN), SAME(RIGHT),
	SAME(LEFT), SAME(DOWN), SAME(UP), SAME(POWER), SAME(HELP), SAME(MENU), SAME(STOP),
	SAME(AGAIN), SAME(UNDO), SAME(CUT), SAME(COPY), SAME(PASTE), SAME(FIND), SAME(MUTE),
	SAME(SLEEP), SAME(MAIL), SAME(WWW), SAME(COMPUTER),
	{ SDL_SCANCODE_RETURN, KEY_ENTER },
	{ SDL_SCANCODE_ESCAPE, KEY_ESC },
	{ SDL_SCANCODE_MINUS, KEY_MINUS },
	{ SDL_SCANCODE_EQUALS, KEY_EQUAL },
	{ SDL_SCANCODE_LEFTBRACKET, KEY_LEFTBRACE },
	{ SDL_SCANCODE_RIGHTBRACKET, KEY_RIGHTBRACE },
	{ SDL_SCANCODE_NONUSHASH, KEY_BACKSLASH },
	{ SDL_SCANCODE_PERIOD, KEY_DOT },
	{ SDL_SCANCODE_PRINTSCREEN, KEY_SYSRQ },
	{ SDL_SCANCODE_NUMLOCKCLEAR, KEY_NUMLOCK },
	{ SDL_SCANCODE_KP_DIVIDE, KEY_KPSLASH },
	{ SDL_SCANCODE_KP_MULTIPLY, KEY_KPASTERISK },
	{ SDL_SCANCODE_KP_MINUS, KEY_KPMINUS },
	{ SDL_SCANCODE_KP_PLUS, KEY_KPPLUS },
	{ SDL_SCANCODE_KP_ENTER, KEY_KPENTER },
	{ SDL_SCANCODE_KP_1, KEY_KP1 },
	{ SDL_SCANCODE_KP_2, KEY_KP2 },
	{ SDL_SCANCODE_KP_3, KEY_KP3 },
	{ SDL_SCANCODE_KP_4, KEY_KP4 },
	{ SDL_SCANCODE_KP_5, KEY_KP5 },
	{ SDL_SCANCODE_KP_6, KEY_KP6 },
	{ SDL_SCANCODE_KP_7, KEY_KP7 },
	{ SDL_SCANCODE_KP_8, KEY_KP8 },
	{ SDL_SCANCODE_KP_9, KEY_KP9 },
	{ SDL_SCANCODE_KP_0, KEY_KP0 },
	{ SDL_SCANCODE_KP_PERIOD, KEY_KPDOT },
	{ SDL_SCANCODE_KP_EQUALS, KEY_KPEQUAL },
	{ SDL_SCANCODE_KP_COMMA, KEY_KPCOMMA },
	{ SDL_SCANCODE_KP_LEFTPAREN, KEY_KPLEFTPAREN },
	{ SDL_SCANCODE_KP_RIGHTPAREN, KEY_KPRIGHTPAREN },
	{ SDL_SCANCODE_NONUSBACKSLASH, KEY_102ND },
	{ SDL_SCANCODE_APPLICATION, KEY_COMPOSE },
	{ SDL_SCANCODE_EXECUTE, KEY_OPEN },
	{ SDL_SCANCODE_SELECT, KEY_FRONT },
	{ SDL_SCANCODE_VOLUMEUP, KEY_VOLUMEUP },
	{ SDL_SCANCODE_VOLUMEDOWN, KEY_VOLUMEDOWN },
	{ SDL_SCANCODE_INTERNATIONAL1, KEY_RO },
	{ SDL_SCANCODE_INTERNATIONAL2, KEY_KATAKANAHIRAGANA },
	{ SDL_SCANCODE_INTERNATIONAL3, KEY_YEN },
	{ SDL_SCANCODE_INTERNATIONAL4, KEY_HENKAN },
	{ SDL_SCANCODE_INTERNATIONAL5, KEY_MUHENKAN },
	{ SDL_SCANCODE_INTERNATIONAL6, KEY_KPJPCOMMA },
	{ SDL_SCANCODE_LANG1, KEY_HANGEUL },
	{ SDL_SCANCODE_LANG2, KEY_HANJA },
	{ SDL_SCANCODE_LANG3, KEY_KATAKANA },
	{ SDL_SCANCODE_LANG4, KEY_HIRAGANA },
	{ SDL_SCANCODE_LANG5, KEY_ZENKAKUHANKAKU },
	{ SDL_SCANCODE_LCTRL, KEY_LEFTCTRL },
	{ SDL_SCANCODE_LSHIFT, KEY_LEFTSHIFT },
	{ SDL_SCANCODE_LALT, KEY_LEFTALT },
	{ SDL_SCANCODE_LGUI, KEY_LEFTMETA },
	{ SDL_SCANCODE_RCTRL, KEY_RIGHTCTRL },
	{ SDL_SCANCODE_RSHIFT, KEY_RIGHTSHIFT },
	{ SDL_SCANCODE_RALT, KEY_RIGHTALT },
	{ SDL_SCANCODE_RGUI, KEY_RIGHTMETA },
	{ SDL_SCANCODE_AUDIONEXT, KEY_NEXTSONG },
	{ SDL_SCANCODE_AUDIOPREV, KEY_PREVIOUSSONG },
	{ SDL_SCANCODE_AUDIOSTOP, KEY_STOPCD },
	{ SDL_SCANCODE_AUDIOPLAY, KEY_PLAYPAUSE },
	{ SDL_SCANCODE_AUDIOMUTE, KEY_MUTE },
	{ SDL_SCANCODE_AUDIOREWIND, KEY_REWIND },
	{ SDL_SCANCODE_AUDIOFASTFORWARD, KEY_FASTFORWARD },
	{ SDL_SCANCODE_MEDIASELECT, KEY_MEDIA },
	{ SDL_SCANCODE_CALCULATOR, KEY_CALC },
	{ SDL_SCANCODE_AC_SEARCH, KEY_SEARCH },
	{ SDL_SCANCODE_AC_HOME, KEY_HOMEPAGE },
	{ SDL_SCANCODE_AC_BACK, KEY_BACK },
	{ SDL_SCANCODE_AC_FORWARD, KEY_FORWARD },
	{ SDL_SCANCODE_AC_STOP, KEY_STOP },
	{ SDL_SCANCODE_AC_REFRESH, KEY_REFRESH },
	{ SDL_SCANCODE_AC_BOOKMARKS, KEY_BOOKMARKS },
	{ SDL_SCANCODE_BRIGHTNESSDOWN, KEY_BRIGHTNESSDOWN },
	{ SDL_SCANCODE_BRIGHTNESSUP, KEY_BRIGHTNESSUP },
	{ SDL_SCANCODE_DISPLAYSWITCH, KEY_SWITCHVIDEOMODE },
	{ SDL_SCANCODE_KBDILLUMTOGGLE, KEY_KBDILLUMTOGGLE },
	{ SDL_SCANCODE_KBDILLUMDOWN, KEY_KBDILLUMDOWN },
	{ SDL_SCANCODE_KBDILLUMUP, KEY_KBDILLUMUP },
	{ SDL_SCANCODE_EJECT, KEY_EJECTCD },
	{ SDL_SCANCODE_APP1, KEY_PROG1 },
	{ SDL_SCANCODE_APP2, KEY_PROG2 },
};

static void test_every_key(void **state)
{
	unsigned count = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		assert_int_equal(keymap_code(keys[n].scancode), keys[n].code);
	while (keymap_key(count))
		count++;
	assert_int_equal(count, ARRAY_SIZE(keys));
	assert_int_equal(KEYMAP_POWER, KEY_POWER);
}

/* Each scancode and each name occurs once; other scancodes are not keys. */
static void test_table(void **state)
{
	const struct keymap_key *key, *other;

	for (unsigned n = 0; (key = keymap_key(n)); n++) {
		assert_in_range(key->code, 1, 0xff);
		for (unsigned m = 0; m < n; m++) {
			other = keymap_key(m);
			assert_int_not_equal(key->scancode, other->scancode);
			assert_false(key->name && other->name && !strcmp(key->name, other->name));
		}
		if (key->name)
			assert_int_equal(keymap_named(key->name), key->code);
	}
	assert_int_equal(keymap_code(0), 0);
	assert_int_equal(keymap_code(3), 0);
	assert_int_equal(keymap_code(UINT32_MAX), 0);
}

static void test_names(void **state)
{
	assert_int_equal(keymap_named("ctrl"), KEY_LEFTCTRL);
	assert_int_equal(keymap_named("ret"), KEY_ENTER);
	assert_int_equal(keymap_named("0x1e"), KEY_A);
	assert_int_equal(keymap_named("0x1000"), 0);
	assert_int_equal(keymap_named("0x"), 0);
	assert_int_equal(keymap_named("0xzz"), 0);
	assert_int_equal(keymap_named(""), 0);
	assert_string_equal(keymap_nearest("retu"), "ret");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_every_key),
	cmocka_unit_test(test_table),
	cmocka_unit_test(test_names),
	{ 0 },
};
