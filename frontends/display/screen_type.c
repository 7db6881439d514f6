/* SPDX-License-Identifier: MIT */
/* See screen_type.h. */
#include "frontends/display/screen_type.h"

#include "frontends/display/screen.h"

#define LED_CAPS_LOCK 2u
#define SHIFTS 2

static const u16 shifts[SHIFTS] = { 42, 54 }; /* KEY_LEFTSHIFT, KEY_RIGHTSHIFT */

static bool is_letter(u16 code)
{
	return (code >= 16 && code <= 25) || (code >= 30 && code <= 38) ||
	       (code >= 44 && code <= 50);
}

/* Returns what the key would write with Shift and Caps Lock as they are now. */
static enum window_level level_now(const struct screen *screen, u16 code)
{
	const struct input *keyboard = screen->inputs[INPUT_KEYBOARD];
	bool shifted = screen->shifts != 0;

	if (is_letter(code) && keyboard && keyboard->leds & LED_CAPS_LOCK)
		shifted = !shifted;
	return shifted ? WINDOW_SHIFTED : WINDOW_PLAIN;
}

/* Turns the state of Shift for a moment, or (`back`) restores it: releases the Shift keys that are
 * held; if none is, presses the left one. */
static void turn_shift(struct screen *screen, bool back)
{
	if (!screen->shifts)
		screen_key(screen, shifts[0], !back);
	for (unsigned n = 0; n < SHIFTS; n++)
		if (screen->shifts & BIT(n))
			screen_key(screen, shifts[n], back);
}

void screen_type(struct screen *screen, const struct window_event *event)
{
	bool turn = event->down && event->level != WINDOW_PLACE &&
		    event->level != level_now(screen, event->code);

	if (turn)
		turn_shift(screen, false);
	screen_key(screen, event->code, event->down);
	if (turn)
		turn_shift(screen, true);
	for (unsigned n = 0; n < SHIFTS; n++)
		if (event->code == shifts[n])
			screen->shifts = event->down ? screen->shifts | (u32)BIT(n) :
						       screen->shifts & ~(u32)BIT(n);
}
