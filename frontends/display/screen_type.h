/* SPDX-License-Identifier: MIT */
/*
 * Presses the keys that write a character in the guest: a viewer sends 'A' and not the keys that
 * were pressed for it, and its keyboard may need other keys for it than the guest's.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_TYPE_H
#define FRONTENDS_DISPLAY_SCREEN_TYPE_H

#include "frontends/display/window.h"

struct screen;

/* Handles a WINDOW_KEY event. */
void screen_type(struct screen *screen, const struct window_event *event);

#endif
