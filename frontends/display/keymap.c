/* SPDX-License-Identifier: MIT */
/*
 * Lists the keys by scancode: those of the keyboard page of USB's HID Usage Tables up to 0xff, then
 * those that SDL adds from the consumer page. Codes are those of Linux' input-event-codes.h, names
 * those of QEMU's QKeyCode.
 */
#include "frontends/display/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "bus/nearest.h"

static const struct keymap_key keys[] = {
	{ 0x04, 30, "a" }, { 0x05, 48, "b" }, { 0x06, 46, "c" }, { 0x07, 32, "d" },
	{ 0x08, 18, "e" }, { 0x09, 33, "f" }, { 0x0a, 34, "g" }, { 0x0b, 35, "h" },
	{ 0x0c, 23, "i" }, { 0x0d, 36, "j" }, { 0x0e, 37, "k" }, { 0x0f, 38, "l" },
	{ 0x10, 50, "m" }, { 0x11, 49, "n" }, { 0x12, 24, "o" }, { 0x13, 25, "p" },
	{ 0x14, 16, "q" }, { 0x15, 19, "r" }, { 0x16, 31, "s" }, { 0x17, 20, "t" },
	{ 0x18, 22, "u" }, { 0x19, 47, "v" }, { 0x1a, 17, "w" }, { 0x1b, 45, "x" },
	{ 0x1c, 21, "y" }, { 0x1d, 44, "z" }, { 0x1e, 2, "1" }, { 0x1f, 3, "2" },
	{ 0x20, 4, "3" }, { 0x21, 5, "4" }, { 0x22, 6, "5" }, { 0x23, 7, "6" }, { 0x24, 8, "7" },
	{ 0x25, 9, "8" }, { 0x26, 10, "9" }, { 0x27, 11, "0" }, { 0x28, 28, "ret" },
	{ 0x29, 1, "esc" }, { 0x2a, 14, "backspace" }, { 0x2b, 15, "tab" }, { 0x2c, 57, "spc" },
	{ 0x2d, 12, "minus" }, { 0x2e, 13, "equal" }, { 0x2f, 26, "bracket_left" },
	{ 0x30, 27, "bracket_right" }, { 0x31, 43, "backslash" }, { 0x32, 43, NULL },
	{ 0x33, 39, "semicolon" }, { 0x34, 40, "apostrophe" }, { 0x35, 41, "grave_accent" },
	{ 0x36, 51, "comma" }, { 0x37, 52, "dot" }, { 0x38, 53, "slash" },
	{ 0x39, 58, "caps_lock" }, { 0x3a, 59, "f1" }, { 0x3b, 60, "f2" }, { 0x3c, 61, "f3" },
	{ 0x3d, 62, "f4" }, { 0x3e, 63, "f5" }, { 0x3f, 64, "f6" }, { 0x40, 65, "f7" },
	{ 0x41, 66, "f8" }, { 0x42, 67, "f9" }, { 0x43, 68, "f10" }, { 0x44, 87, "f11" },
	{ 0x45, 88, "f12" }, { 0x46, 99, "sysrq" }, { 0x47, 70, "scroll_lock" },
	{ 0x48, 119, "pause" }, { 0x49, 110, "insert" }, { 0x4a, 102, "home" },
	{ 0x4b, 104, "pgup" }, { 0x4c, 111, "delete" }, { 0x4d, 107, "end" },
	{ 0x4e, 109, "pgdn" }, { 0x4f, 106, "right" }, { 0x50, 105, "left" },
	{ 0x51, 108, "down" }, { 0x52, 103, "up" }, { 0x53, 69, "num_lock" },
	{ 0x54, 98, "kp_divide" }, { 0x55, 55, "kp_multiply" }, { 0x56, 74, "kp_subtract" },
	{ 0x57, 78, "kp_add" }, { 0x58, 96, "kp_enter" }, { 0x59, 79, "kp_1" },
	{ 0x5a, 80, "kp_2" }, { 0x5b, 81, "kp_3" }, { 0x5c, 75, "kp_4" }, { 0x5d, 76, "kp_5" },
	{ 0x5e, 77, "kp_6" }, { 0x5f, 71, "kp_7" }, { 0x60, 72, "kp_8" }, { 0x61, 73, "kp_9" },
	{ 0x62, 82, "kp_0" }, { 0x63, 83, "kp_decimal" }, { 0x64, 86, "less" },
	{ 0x65, 127, "compose" }, { 0x66, 116, "power" }, { 0x67, 117, "kp_equals" },
	{ 0x68, 183, "f13" }, { 0x69, 184, "f14" }, { 0x6a, 185, "f15" }, { 0x6b, 186, "f16" },
	{ 0x6c, 187, "f17" }, { 0x6d, 188, "f18" }, { 0x6e, 189, "f19" }, { 0x6f, 190, "f20" },
	{ 0x70, 191, "f21" }, { 0x71, 192, "f22" }, { 0x72, 193, "f23" }, { 0x73, 194, "f24" },
	{ 0x74, 134, "open" }, { 0x75, 138, "help" }, { 0x76, 139, "menu" },
	{ 0x77, 132, "front" }, { 0x78, 128, "stop" }, { 0x79, 129, "again" },
	{ 0x7a, 131, "undo" }, { 0x7b, 137, "cut" }, { 0x7c, 133, "copy" },
	{ 0x7d, 135, "paste" }, { 0x7e, 136, "find" }, { 0x7f, 113, "audiomute" },
	{ 0x80, 115, "volumeup" }, { 0x81, 114, "volumedown" }, { 0x85, 121, "kp_comma" },
	{ 0x87, 89, "ro" }, { 0x88, 93, "katakanahiragana" }, { 0x89, 124, "yen" },
	{ 0x8a, 92, "henkan" }, { 0x8b, 94, "muhenkan" }, { 0x8c, 95, NULL },
	{ 0x90, 122, "lang1" }, { 0x91, 123, "lang2" }, { 0x92, 90, NULL },
	{ 0x93, 91, "hiragana" }, { 0x94, 85, NULL }, { 0xb6, 179, NULL }, { 0xb7, 180, NULL },
	{ 0xe0, 29, "ctrl" }, { 0xe1, 42, "shift" }, { 0xe2, 56, "alt" },
	{ 0xe3, 125, "meta_l" }, { 0xe4, 97, "ctrl_r" }, { 0xe5, 54, "shift_r" },
	{ 0xe6, 100, "alt_r" }, { 0xe7, 126, "meta_r" }, { 0x102, 163, "audionext" },
	{ 0x103, 165, "audioprev" }, { 0x104, 166, "audiostop" }, { 0x105, 164, "audioplay" },
	{ 0x106, 113, NULL }, { 0x107, 226, "mediaselect" }, { 0x108, 150, NULL },
	{ 0x109, 155, "mail" }, { 0x10a, 140, "calculator" }, { 0x10b, 157, "computer" },
	{ 0x10c, 217, NULL }, { 0x10d, 172, "ac_home" }, { 0x10e, 158, "ac_back" },
	{ 0x10f, 159, "ac_forward" }, { 0x110, 128, NULL }, { 0x111, 173, "ac_refresh" },
	{ 0x112, 156, "ac_bookmarks" }, { 0x113, 224, NULL }, { 0x114, 225, NULL },
	{ 0x115, 227, NULL }, { 0x116, 228, NULL }, { 0x117, 229, NULL }, { 0x118, 230, NULL },
	{ 0x119, 161, NULL }, { 0x11a, 142, "sleep" }, { 0x11b, 148, NULL },
	{ 0x11c, 149, NULL }, { 0x11d, 168, NULL }, { 0x11e, 208, NULL },
};

u16 keymap_code(u32 scancode)
{
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		if (keys[n].scancode == scancode)
			return keys[n].code;
	return 0;
}

u16 keymap_named(const char *name)
{
	char *end;
	unsigned long number;

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		if (keys[n].name && !strcmp(keys[n].name, name))
			return keys[n].code;
	if (strncmp(name, "0x", 2))
		return 0;
	number = strtoul(name, &end, 16);
	return *end || number > KEYMAP_NUMBER_MAX ? 0 : (u16)number;
}

const struct keymap_key *keymap_key(unsigned n)
{
	return n < ARRAY_SIZE(keys) ? &keys[n] : NULL;
}

/* Returns the name of a key; for a key without one, any name that exists. */
static const char *name_of(const void *ctx, unsigned n)
{
	const struct keymap_key *table = ctx;

	return table[n].name ? table[n].name : table[0].name;
}

const char *keymap_nearest(const char *name)
{
	return nearest_name(name, name_of, keys, ARRAY_SIZE(keys));
}
