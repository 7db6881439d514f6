/* SPDX-License-Identifier: MIT */
/* -audiodev sdl where there is no SDL: silence. */
#include <stdio.h>

#include "frontends/audio_port.h"

static int open_none(struct audio_port *port, struct board_error *error)
{
	(void)port;
	(void)error;
	fprintf(stderr, "baya: -audiodev sdl: this Baya was built without SDL2 (libsdl2-dev); "
		"nothing is heard\n");
	return 0;
}

static void close_none(struct audio_port *port)
{
	(void)port;
}

const struct audio_kind audio_sdl = { open_none, close_none };
