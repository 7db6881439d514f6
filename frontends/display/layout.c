/* SPDX-License-Identifier: MIT */
/*
 * See layout.h. This file reads a layout by pressing its keys: libxkbcommon reports what each key
 * writes in each state of the modifiers.
 */
#include "frontends/display/layout.h"

#include <stdarg.h>
#include <stdio.h>
#include <xkbcommon/xkbcommon.h>

#include "frontends/display/options.h"

/* This include comes last, because its names are macros. */
#include <linux/input-event-codes.h>

#define XKB_CODE(code) ((xkb_keycode_t)(code) + 8) /* XKB adds 8 to evdev's codes */
/* This bit and a character of Unicode make a keysym; many characters have another keysym as
 * well. */
#define UNICODE 0x01000000u

/*
 * The ranges of keys whose characters depend on the layout, by first and last code. Other keys are
 * found by their names. XKB also has multimedia keys that write parentheses, but few keyboards have
 * such keys.
 */
static const struct {
	u16 first, last;
} parts[] = {
	{ KEY_1, KEY_EQUAL }, { KEY_Q, KEY_RIGHTBRACE }, { KEY_A, KEY_GRAVE },
	{ KEY_BACKSLASH, KEY_SLASH }, { KEY_SPACE, KEY_SPACE }, { KEY_KPDOT, KEY_KPDOT },
	{ KEY_102ND, KEY_102ND }, { KEY_RO, KEY_RO }, { KEY_YEN, KEY_YEN },
};

/* Returns whether a keysym is for a function of a key and not for a character (see keysymdef.h). */
static bool is_function(u32 number)
{
	return number >> 8 == 0xff;
}

/* Returns the one number by which this file refers to a character, whichever of its keysyms is
 * given. */
static u32 number_of(u32 number)
{
	u32 character = is_function(number) ? 0 : xkb_keysym_to_utf32(number);

	return character ? character | UNICODE : number;
}

/*
 * Finds XKB's mask for each state of the modifiers. AltGr has the effect that the right Alt key has
 * in this layout; that may be none on letters. Num Lock is on, so that the keypad writes the
 * decimal point.
 */
static void find_masks(struct xkb_state *state, xkb_mod_mask_t masks[WINDOW_STATES])
{
	struct xkb_keymap *keymap = xkb_state_get_keymap(state);
	xkb_mod_mask_t shift = 1u << xkb_keymap_mod_get_index(keymap, XKB_MOD_NAME_SHIFT);
	xkb_mod_mask_t lock = 1u << xkb_keymap_mod_get_index(keymap, XKB_MOD_NAME_CAPS);
	xkb_mod_mask_t number = 1u << xkb_keymap_mod_get_index(keymap, XKB_MOD_NAME_NUM), altgr;

	xkb_state_update_key(state, XKB_CODE(KEY_RIGHTALT), XKB_KEY_DOWN);
	altgr = xkb_state_serialize_mods(state, XKB_STATE_MODS_EFFECTIVE);
	for (u32 n = 0; n < WINDOW_STATES; n++)
		masks[n] = number | (n & WINDOW_SHIFT ? shift : 0) |
			   (n & WINDOW_ALTGR ? altgr : 0) | (n & WINDOW_CAPS_LOCK ? lock : 0);
}

/* Returns the set of states in which the key writes the character of this number. If it does so in
 * no state with Caps Lock, the states with Caps Lock are taken to be the same as those without. */
static u8 states_of(const u32 written[WINDOW_STATES], u32 number)
{
	u8 states = 0;

	if (is_function(number))
		return WINDOW_PLACE;
	for (u32 n = 0; n < WINDOW_STATES; n++)
		if (written[n] == number)
			states |= (u8)BIT(n);
	return states >> WINDOW_CAPS_LOCK ? states : (u8)(states | states << WINDOW_CAPS_LOCK);
}

/* Returns the first row of a keysym, or NULL if there is none. */
static const struct layout_row *row_of(const struct layout *layout, u32 number)
{
	for (unsigned n = 0; n < layout->count; n++)
		if (layout->rows[n].number == number)
			return &layout->rows[n];
	return NULL;
}

static void add_row(struct layout *layout, u32 number, struct keysym key)
{
	if (layout->count < LAYOUT_ROWS_MAX)
		layout->rows[layout->count++] = (struct layout_row){ number, key };
}

/* Adds each keysym that a key writes without Caps Lock, once. */
static void add_key(struct layout *layout, u16 code, const u32 written[WINDOW_STATES])
{
	for (u32 n = 0; n < WINDOW_CAPS_LOCK; n++) {
		bool known = written[n] == XKB_KEY_NoSymbol;

		for (u32 i = 0; i < n; i++)
			known |= written[i] == written[n];
		if (!known)
			add_row(layout, written[n],
				(struct keysym){ .code = code,
						 .states = states_of(written, written[n]) });
	}
}

static void read_keys(struct layout *layout, struct xkb_state *state)
{
	xkb_mod_mask_t masks[WINDOW_STATES];

	find_masks(state, masks);
	for (unsigned part = 0; part < ARRAY_SIZE(parts); part++)
		for (u16 code = parts[part].first; code <= parts[part].last; code++) {
			u32 written[WINDOW_STATES];

			for (u32 n = 0; n < WINDOW_STATES; n++) {
				xkb_state_update_mask(state, masks[n], 0, 0, 0, 0, 0);
				written[n] =
					number_of(xkb_state_key_get_one_sym(state, XKB_CODE(code)));
			}
			add_key(layout, code, written);
		}
}

/*
 * Adds the ASCII characters that the layout has only on dead keys. If a space follows, a dead key
 * of these writes the character itself; a dead acute accent or diaeresis, which is not one of
 * these, writes a quotation mark.
 */
static void add_accents(struct layout *layout)
{
	static const struct {
		u32 number, dead;
	} accents[] = {
		{ '^' | UNICODE, XKB_KEY_dead_circumflex },
		{ '`' | UNICODE, XKB_KEY_dead_grave },
		{ '~' | UNICODE, XKB_KEY_dead_tilde },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(accents); n++) {
		const struct layout_row *row = row_of(layout, accents[n].dead);

		if (row && !row_of(layout, accents[n].number))
			add_row(layout, accents[n].number,
				(struct keysym){ row->key.code, row->key.states, true });
	}
}

/* Drops libxkbcommon's messages, because Baya itself reports what is wrong. */
static void log_nothing(struct xkb_context *context, enum xkb_log_level level, const char *format,
			va_list words)
{
	(void)context;
	(void)level;
	(void)format;
	(void)words;
}

/* Compiles a keyboard's layout. All names are given, so that XKB_DEFAULT_LAYOUT and similar
 * variables of the environment, which describe the host's keyboard, are not used. */
static struct xkb_keymap *compile(struct xkb_context *context, const struct keyboard *keyboard)
{
	const struct xkb_rule_names names = {
		.rules = "evdev", .model = keyboard->model, .layout = keyboard->layout,
		.variant = keyboard->variant, .options = "",
	};

	xkb_context_set_log_fn(context, log_nothing);
	if (!xkb_context_include_path_append_default(context))
		return NULL;
	return xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS);
}

bool layout_read(struct layout *layout, const struct keyboard *keyboard, char *why, size_t size)
{
	struct xkb_context *context =
		xkb_context_new(XKB_CONTEXT_NO_DEFAULT_INCLUDES | XKB_CONTEXT_NO_ENVIRONMENT_NAMES);
	struct xkb_keymap *keymap = context ? compile(context, keyboard) : NULL;
	struct xkb_state *state = keymap ? xkb_state_new(keymap) : NULL;

	if (state) {
		read_keys(layout, state);
		add_accents(layout);
	} else {
		snprintf(why, size,
			 "libxkbcommon cannot read its layout, which is in Debian's package "
			 "xkb-data");
	}
	xkb_state_unref(state);
	xkb_keymap_unref(keymap);
	xkb_context_unref(context);
	return state != NULL;
}

static bool is_held(const u8 *held, u16 code)
{
	return (held[code / 8] & BIT(code % 8)) != 0;
}

struct keysym layout_find(const struct layout *layout, u32 number, const u8 *held, bool down)
{
	bool shift = is_held(held, KEY_LEFTSHIFT) || is_held(held, KEY_RIGHTSHIFT);
	u32 now = (shift ? WINDOW_SHIFT : 0) | (is_held(held, KEY_RIGHTALT) ? WINDOW_ALTGR : 0);
	const struct keysym *found = NULL;

	for (unsigned n = 0; n < layout->count; n++) {
		const struct keysym *key = &layout->rows[n].key;

		if (layout->rows[n].number != number_of(number))
			continue;
		if (down ? (key->states & BIT(now)) != 0 : is_held(held, key->code))
			return *key;
		found = found ? found : key;
	}
	return found ? *found : keysym_find(number);
}
