/* SPDX-License-Identifier: MIT */
/* See clipboard.h. */
#include "frontends/display/clipboard.h"

#include <stdlib.h>

#include "frontends/chardev/port.h"
#include "frontends/display/screen.h"

void clipboard_exchange(struct screen *screen, struct port_set *ports)
{
	char *ours = screen_take_text(screen), *theirs = port_take_text(ports);

	if (ours)
		port_offer_text(ports, ours);
	if (theirs)
		screen_put_text(screen, theirs);
	free(ours);
	free(theirs);
}
