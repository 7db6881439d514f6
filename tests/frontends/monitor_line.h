/* SPDX-License-Identifier: MIT */
/* Tests of the monitor's commands run lines, and look at what it answers. */
#ifndef TESTS_FRONTENDS_MONITOR_LINE_H
#define TESTS_FRONTENDS_MONITOR_LINE_H

#include "frontends/monitor/monitor.h"

/* Returns what the monitor prints for the lines, which end with a NULL; the caller frees it. */
char *monitor_answers(struct monitor *monitor, const char *const *lines);

/* The monitor prints exactly this for the line. */
void monitor_expect(struct monitor *monitor, const char *line, const char *answer);

#endif
