/* SPDX-License-Identifier: MIT */
/*
 * Finds the key of a US keyboard that writes a given keysym. Keysyms (X11's keysymdef.h) are how
 * X11 and VNC name keys, by what they write; guests assume a US keyboard unless told otherwise.
 */
#ifndef FRONTENDS_DISPLAY_KEYSYM_H
#define FRONTENDS_DISPLAY_KEYSYM_H

#include "frontends/display/window.h"

struct keysym {
	u16 code; /* evdev's; 0: there is no such key */
	u8 states; /* those in which the key writes it, as of struct window_event */
	bool dead;
};

struct keysym keysym_find(u32 number);

#endif
