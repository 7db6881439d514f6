/* SPDX-License-Identifier: MIT */
/* Replaces user.c when Baya is built without libslirp: the error of -netdev user says what to
 * install. */
#include <errno.h>

#include "frontends/net/port.h"

static int open_user(struct net_port *port, struct board_error *error)
{
	return net_port_fail(port, -ENOTSUP, error,
			     "this Baya was built without libslirp; install "
			     "libslirp-dev and build it again");
}

const struct net_kind net_user = {
	.open = open_user,
};
