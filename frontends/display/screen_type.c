/* SPDX-License-Identifier: MIT */
/* See screen_type.h. */
#include "frontends/display/screen_type.h"

#include "frontends/display/screen.h"

#define LED_CAPS_LOCK 2u
#define SPACE 57

/* These keys are modifiers while they are held. */
static const struct {
	u16 code;
	bool pressed; /* this key is pressed if no key of its modifier is held */
	u32 modifier;
} keys[] = {
	{ 42, true, WINDOW_SHIFT }, /* KEY_LEFTSHIFT */
	{ 54, false, WINDOW_SHIFT }, /* KEY_RIGHTSHIFT */
	{ 100, true, WINDOW_ALTGR }, /* KEY_RIGHTALT */
};

static u32 state_now(const struct screen *screen)
{
	const struct input *keyboard = screen->inputs[INPUT_KEYBOARD];
	u32 state = keyboard && keyboard->leds & LED_CAPS_LOCK ? WINDOW_CAPS_LOCK : 0;

	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		if (screen->modifiers & BIT(n))
			state |= keys[n].modifier;
	return state;
}

/* Returns which modifiers have to be changed to reach one of the states: as few as possible. Caps
 * Lock is left to the user. */
static u32 changes_for(u32 now, u8 states)
{
	for (u32 changed = 0; changed < WINDOW_CAPS_LOCK; changed++)
		if (states & BIT(now ^ changed))
			return changed;
	return 0;
}

/* Changes modifiers for a moment, or restores them (`back`): releases all of a modifier's keys that
 * are held; if none is, presses one. */
static void turn(struct screen *screen, u32 now, u32 changed, bool back)
{
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++) {
		bool held = (screen->modifiers & BIT(n)) != 0;
		bool pressed = keys[n].pressed && !(now & keys[n].modifier);

		if (changed & keys[n].modifier && (held || pressed))
			screen_key(screen, keys[n].code, held == back);
	}
}

static void type_key(struct screen *screen, const struct window_event *event)
{
	u32 now = state_now(screen), changed = event->down ? changes_for(now, event->states) : 0;

	turn(screen, now, changed, false);
	screen_key(screen, event->code, event->down);
	turn(screen, now, changed, true);
	for (unsigned n = 0; n < ARRAY_SIZE(keys); n++)
		if (event->code == keys[n].code)
			screen->modifiers = (u32)field_set(screen->modifiers, BIT(n), event->down);
}

/* Types a key. A dead key is released at once and followed by a space, which makes it write its own
 * character. */
void screen_type(struct screen *screen, const struct window_event *event)
{
	const struct window_event rest[] = {
		{ .code = event->code },
		{ .code = SPACE, .down = true, .states = WINDOW_BASIC },
		{ .code = SPACE },
	};

	type_key(screen, event);
	for (unsigned n = 0; event->dead && n < ARRAY_SIZE(rest); n++)
		type_key(screen, &rest[n]);
}
