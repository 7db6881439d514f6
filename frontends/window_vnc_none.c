/* SPDX-License-Identifier: MIT */
/* Viewers where there is no libvncserver to serve them: none. */
#include "frontends/window_parts.h"

const struct window_kind window_vnc = {
	.missing = "this Baya was built without libvncserver (libvncserver-dev)",
};
