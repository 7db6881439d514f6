/* SPDX-License-Identifier: MIT */
/* Copies the clipboard's text between the host's windows and the guest's agent port. */
#ifndef FRONTENDS_DISPLAY_CLIPBOARD_H
#define FRONTENDS_DISPLAY_CLIPBOARD_H

struct port_set;
struct screen;

/* Passes on, in each direction, the text that has been copied since the last call. */
void clipboard_exchange(struct screen *screen, struct port_set *ports);

#endif
