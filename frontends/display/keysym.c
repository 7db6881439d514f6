/* SPDX-License-Identifier: MIT */
/* See keysym.h. The keysyms of printable ASCII characters are the characters' codes. */
#include "frontends/display/keysym.h"

struct letter_key {
	u16 code;
	char plain, shifted;
};

static const struct letter_key letters[] = {
	{ 2, '1', '!' }, { 3, '2', '@' }, { 4, '3', '#' }, { 5, '4', '$' }, { 6, '5', '%' },
	{ 7, '6', '^' }, { 8, '7', '&' }, { 9, '8', '*' }, { 10, '9', '(' }, { 11, '0', ')' },
	{ 12, '-', '_' }, { 13, '=', '+' }, { 16, 'q', 'Q' }, { 17, 'w', 'W' }, { 18, 'e', 'E' },
	{ 19, 'r', 'R' }, { 20, 't', 'T' }, { 21, 'y', 'Y' }, { 22, 'u', 'U' }, { 23, 'i', 'I' },
	{ 24, 'o', 'O' }, { 25, 'p', 'P' }, { 26, '[', '{' }, { 27, ']', '}' }, { 30, 'a', 'A' },
	{ 31, 's', 'S' }, { 32, 'd', 'D' }, { 33, 'f', 'F' }, { 34, 'g', 'G' }, { 35, 'h', 'H' },
	{ 36, 'j', 'J' }, { 37, 'k', 'K' }, { 38, 'l', 'L' }, { 39, ';', ':' }, { 40, '\'', '"' },
	{ 41, '`', '~' }, { 43, '\\', '|' }, { 44, 'z', 'Z' }, { 45, 'x', 'X' }, { 46, 'c', 'C' },
	{ 47, 'v', 'V' }, { 48, 'b', 'B' }, { 49, 'n', 'N' }, { 50, 'm', 'M' }, { 51, ',', '<' },
	{ 52, '.', '>' }, { 53, '/', '?' },
};

struct named_key {
	u32 number;
	u16 code;
};

/* These are sorted by number. */
static const struct named_key names[] = {
	{ ' ', 57 },
	{ 0xfe03, 100 }, /* ISO_Level3_Shift: AltGr */
	{ 0xfe20, 15 }, /* ISO_Left_Tab: what Shift makes of Tab */
	{ 0xff08, 14 }, { 0xff09, 15 }, { 0xff0d, 28 }, /* BackSpace, Tab, Return */
	{ 0xff13, 119 }, { 0xff14, 70 }, { 0xff15, 99 }, /* Pause, Scroll_Lock, Sys_Req */
	{ 0xff1b, 1 }, { 0xff20, 127 }, /* Escape, Multi_key */
	{ 0xff22, 94 }, { 0xff23, 92 }, { 0xff25, 91 }, /* Muhenkan, Henkan, Hiragana */
	{ 0xff26, 90 }, { 0xff27, 93 }, { 0xff2a, 85 }, /* Katakana, both, Zenkaku_Hankaku */
	{ 0xff31, 122 }, { 0xff34, 123 }, /* Hangul, Hangul_Hanja */
	{ 0xff50, 102 }, { 0xff51, 105 }, { 0xff52, 103 }, { 0xff53, 106 }, /* Home, arrows */
	{ 0xff54, 108 }, { 0xff55, 104 }, { 0xff56, 109 }, { 0xff57, 107 }, /* to End */
	{ 0xff60, 132 }, { 0xff61, 99 }, { 0xff62, 134 }, /* Select, Print, Execute */
	{ 0xff63, 110 }, { 0xff65, 131 }, { 0xff66, 129 }, /* Insert, Undo, Redo */
	{ 0xff67, 127 }, { 0xff68, 136 }, { 0xff69, 128 }, /* Menu, Find, Cancel */
	{ 0xff6a, 138 }, { 0xff6b, 119 }, { 0xff7e, 100 }, /* Help, Break, Mode_switch */
	{ 0xff7f, 69 }, { 0xff8d, 96 }, /* Num_Lock, KP_Enter */
	{ 0xff95, 71 }, { 0xff96, 75 }, { 0xff97, 72 }, { 0xff98, 77 }, /* KP_Home, KP's arrows */
	{ 0xff99, 80 }, { 0xff9a, 73 }, { 0xff9b, 81 }, { 0xff9c, 79 }, /* to KP_End */
	{ 0xff9d, 76 }, { 0xff9e, 82 }, { 0xff9f, 83 }, /* KP_Begin, KP_Insert, KP_Delete */
	{ 0xffaa, 55 }, { 0xffab, 78 }, { 0xffac, 121 }, { 0xffad, 74 }, /* KP: * + , - */
	{ 0xffae, 83 }, { 0xffaf, 98 }, /* . / */
	{ 0xffb0, 82 }, { 0xffb1, 79 }, { 0xffb2, 80 }, { 0xffb3, 81 }, { 0xffb4, 75 },
	{ 0xffb5, 76 }, { 0xffb6, 77 }, { 0xffb7, 71 }, { 0xffb8, 72 }, { 0xffb9, 73 },
	{ 0xffbd, 117 }, /* KP_Equal */
	{ 0xffbe, 59 }, { 0xffbf, 60 }, { 0xffc0, 61 }, { 0xffc1, 62 }, { 0xffc2, 63 }, /* F1 */
	{ 0xffc3, 64 }, { 0xffc4, 65 }, { 0xffc5, 66 }, { 0xffc6, 67 }, { 0xffc7, 68 },
	{ 0xffc8, 87 }, { 0xffc9, 88 }, { 0xffca, 183 }, { 0xffcb, 184 }, { 0xffcc, 185 },
	{ 0xffcd, 186 }, { 0xffce, 187 }, { 0xffcf, 188 }, { 0xffd0, 189 }, { 0xffd1, 190 },
	{ 0xffd2, 191 }, { 0xffd3, 192 }, { 0xffd4, 193 }, { 0xffd5, 194 }, /* F24 */
	{ 0xffe1, 42 }, { 0xffe2, 54 }, { 0xffe3, 29 }, { 0xffe4, 97 }, /* Shift, Control */
	{ 0xffe5, 58 }, { 0xffe6, 58 }, /* Caps_Lock, Shift_Lock */
	{ 0xffe7, 125 }, { 0xffe8, 126 }, { 0xffe9, 56 }, { 0xffea, 100 }, /* Meta, Alt */
	{ 0xffeb, 125 }, { 0xffec, 126 }, { 0xffff, 111 }, /* Super, Delete */
	/* The following are XFree86's. */
	{ 0x1008ff02, 225 }, { 0x1008ff03, 224 }, /* MonBrightnessUp, Down */
	{ 0x1008ff11, 114 }, { 0x1008ff12, 113 }, { 0x1008ff13, 115 }, /* AudioLower, Mute, Raise */
	{ 0x1008ff14, 164 }, { 0x1008ff15, 166 }, { 0x1008ff16, 165 }, { 0x1008ff17, 163 },
	{ 0x1008ff18, 172 }, { 0x1008ff19, 155 }, { 0x1008ff1b, 217 }, /* HomePage, Mail, Search */
	{ 0x1008ff1d, 140 }, { 0x1008ff26, 158 }, { 0x1008ff27, 159 }, /* Calculator, Back */
	{ 0x1008ff28, 128 }, { 0x1008ff29, 173 }, { 0x1008ff2a, 116 }, /* Stop, Refresh, PowerOff */
	{ 0x1008ff2c, 161 }, { 0x1008ff2e, 150 }, { 0x1008ff2f, 142 }, /* Eject, WWW, Sleep */
	{ 0x1008ff30, 156 }, { 0x1008ff32, 226 }, { 0x1008ff33, 157 }, /* Favorites, Media */
};

static bool is_letter(const struct letter_key *key)
{
	return key->plain >= 'a' && key->plain <= 'z';
}

struct keysym keysym_find(u32 number)
{
	for (unsigned n = 0; n < ARRAY_SIZE(letters); n++) {
		const struct letter_key *key = &letters[n];

		if (number == (u32)key->plain)
			return (struct keysym){ .code = key->code,
						.states = is_letter(key) ? WINDOW_SMALL :
									   WINDOW_PLAIN };
		if (number == (u32)key->shifted)
			return (struct keysym){ .code = key->code,
						.states = is_letter(key) ? WINDOW_CAPITAL :
									   WINDOW_SHIFTED };
	}
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		if (number == names[n].number)
			return (struct keysym){ .code = names[n].code, .states = WINDOW_PLACE };
	return (struct keysym){ .code = 0 };
}
