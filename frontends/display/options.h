/* SPDX-License-Identifier: MIT */
/* The options of -display, -vnc and -k. */
#ifndef FRONTENDS_DISPLAY_OPTIONS_H
#define FRONTENDS_DISPLAY_OPTIONS_H

#include "frontends/net/options.h"

/* Ways to show the screens. Several can be used at the same time. */
enum display_kind { DISPLAY_SDL, DISPLAY_VNC, DISPLAY_KINDS };

/* A keyboard that -k accepts, and the names of its layout in XKB. */
struct keyboard {
	const char *name, *model, *layout, *variant;
};

struct display_options {
	bool shown[DISPLAY_KINDS];
	bool full_screen, integer; /* for windows */
	struct net_address vnc; /* where VNC viewers connect */
	struct net_address websocket; /* where browsers connect; port NULL: nowhere */
	bool locked; /* viewers have to give the password */
	const char *password; /* NULL: the monitor sets it later */
	const struct keyboard *keyboard; /* the guest's; NULL: a US one */
};

#endif
