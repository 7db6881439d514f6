/* SPDX-License-Identifier: MIT */
/*
 * Keys as X11 and VNC name them, by what they write (keysyms, of X11's keysymdef.h), to keys of a
 * keyboard as it is sold in the US, which is what guests take a keyboard for unless told otherwise.
 */
#ifndef FRONTENDS_DISPLAY_KEYSYM_H
#define FRONTENDS_DISPLAY_KEYSYM_H

#include "frontends/display/window.h"

struct keysym {
	u16 code; /* evdev's; 0: there is no such key */
	enum window_level level;
};

struct keysym keysym_find(u32 number);

#endif
