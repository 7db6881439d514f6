/* SPDX-License-Identifier: MIT */
/* See control.h. */
#include "frontends/control.h"

#include "frontends/options.h"
#include "frontends/terminal.h"

int control_open(struct control *control, const struct options *options, struct terminal *terminal,
		 struct board_error *error)
{
	for (unsigned n = 0; n < options->qmp_count; n++) {
		int failed = qmp_open(&control->qmps[n], &control->machine, &options->qmps[n],
				      error);

		if (failed)
			return failed;
		terminal_also(terminal, qmp_descriptor(control->qmps[n]));
	}
	return 0;
}

void control_close(struct control *control, const struct qmp_end *end)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX; n++)
		qmp_close(control->qmps[n], end);
}

void control_poll(struct control *control)
{
	for (unsigned n = 0; n < LINK_PLACES_MAX && control->qmps[n]; n++)
		qmp_poll(control->qmps[n]);
}
