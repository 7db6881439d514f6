/* SPDX-License-Identifier: MIT */
/* Copies the text of the clipboard between the windows on the host and the guest's agent port. */
#ifndef FRONTENDS_DISPLAY_CLIPBOARD_H
#define FRONTENDS_DISPLAY_CLIPBOARD_H

struct port_set;
struct screen;

/* Hands over what has been copied on either side since the last call. */
void clipboard_exchange(struct screen *screen, struct port_set *ports);

#endif
