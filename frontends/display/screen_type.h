/* SPDX-License-Identifier: MIT */
/*
 * Keys by what they are to write: a viewer says 'A' and not which keys were pressed for it, and on
 * his keyboard it may have taken others than on the guest's.
 */
#ifndef FRONTENDS_DISPLAY_SCREEN_TYPE_H
#define FRONTENDS_DISPLAY_SCREEN_TYPE_H

#include "frontends/display/window.h"

struct screen;

/* A WINDOW_KEY event. */
void screen_type(struct screen *screen, const struct window_event *event);

#endif
