/* SPDX-License-Identifier: MIT */
/*
 * Finds the key of a US keyboard that writes a given keysym. A keysym (X11's keysymdef.h)
 * identifies a key by what it writes; X11 and VNC use keysyms. Guests assume a US keyboard unless
 * they are configured for another one.
 */
#ifndef FRONTENDS_DISPLAY_KEYSYM_H
#define FRONTENDS_DISPLAY_KEYSYM_H

#include "frontends/display/window.h"

struct keysym {
	u16 code; /* evdev's; 0: there is no such key */
	u8 states; /* the set of states of the modifiers in which the key writes it (window.h) */
	bool dead;
};

struct keysym keysym_find(u32 number);

#endif
