/* SPDX-License-Identifier: MIT */
/*
 * Presses the keys that write a character in the guest. This is needed because a viewer may send
 * the character 'A' instead of the keys that its user has pressed, and the keys for it on that
 * user's keyboard may differ from those on the guest's.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_TYPE_H
#define FRONTENDS_DISPLAY_SCREEN_TYPE_H

#include "frontends/display/window.h"

struct screen;

/* Handles a WINDOW_KEY event. */
void screen_type(struct screen *screen, const struct window_event *event);

#endif
