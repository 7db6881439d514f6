/* SPDX-License-Identifier: MIT */
/* The values of -display and -vnc. */
#ifndef FRONTENDS_DISPLAY_OPTIONS_H
#define FRONTENDS_DISPLAY_OPTIONS_H

#include "frontends/net/options.h"

/* Ways to show the screens, which can be used at once. */
enum display_kind { DISPLAY_SDL, DISPLAY_VNC, DISPLAY_KINDS };

struct display_options {
	bool shown[DISPLAY_KINDS];
	bool full_screen, integer; /* for windows */
	struct net_address vnc; /* where VNC viewers connect */
	struct net_address websocket; /* where browsers connect; port NULL: nowhere */
	bool locked; /* viewers need the password */
	const char *password; /* NULL: the monitor sets it later */
};

#endif
