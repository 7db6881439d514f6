/* SPDX-License-Identifier: MIT */
/* -qmp and baya screenshot without jansson: the error says what to install. */
#include <errno.h>
#include <stdio.h>

#include "devices/board/board.h"
#include "frontends/display/screenshot.h"
#include "frontends/host/exit_code.h"
#include "frontends/net/link_place.h"
#include "frontends/qmp/qmp.h"

#define MISSING "this Baya was built without jansson; install libjansson-dev and build it again"

int qmp_open(struct qmp **qmp, const struct qmp_machine *machine, const struct link_place *place,
	     struct board_error *error)
{
	(void)qmp;
	(void)machine;
	snprintf(error->text, sizeof(error->text), "%s: " MISSING, place->option);
	error->exit_code = EXIT_HOST;
	return -ENOTSUP;
}

void qmp_close(struct qmp *qmp, const struct qmp_end *end)
{
	(void)qmp;
	(void)end;
}

int qmp_descriptor(const struct qmp *qmp)
{
	(void)qmp;
	return -1;
}

void qmp_poll(struct qmp *qmp)
{
	(void)qmp;
}

void qmp_settle(struct qmp *qmp)
{
	(void)qmp;
}

void qmp_tell_disk_error(const struct qmp_machine *machine, const struct board_disk_error *error)
{
	(void)machine;
	(void)error;
}

void qmp_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx)
{
	tell(ctx, "none", MISSING);
}

int screenshot(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	fprintf(stderr, "baya: screenshot: " MISSING "\n");
	return EXIT_HOST;
}
