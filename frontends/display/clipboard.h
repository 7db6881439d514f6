/* SPDX-License-Identifier: MIT */
/* Text that is copied in the guest and on the host: between the windows and the agent's port. */
#ifndef FRONTENDS_DISPLAY_CLIPBOARD_H
#define FRONTENDS_DISPLAY_CLIPBOARD_H

struct port_set;
struct screen;

/* Hand over what was copied here, and what there, since the last time. */
void clipboard_exchange(struct screen *screen, struct port_set *ports);

#endif
