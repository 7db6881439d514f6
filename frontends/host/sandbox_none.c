/* SPDX-License-Identifier: MIT */
/* Replaces sandbox.c when Baya is built without libseccomp: the error says what to install. */
#include "frontends/host/sandbox.h"

#include <errno.h>

#include "frontends/host/keyval.h"

int sandbox_check(struct board_error *error)
{
	keyval_fail(error, "-sandbox: this Baya was built without libseccomp; install pkg-config "
			   "and libseccomp-dev and build it again, from cmake on");
	return -ENOTSUP;
}

int sandbox_begin(unsigned sets, struct board_error *error)
{
	(void)sets;
	return sandbox_check(error);
}
