/* SPDX-License-Identifier: MIT */
/* Executes command lines of the monitor, and checks its answers. */
#ifndef TESTS_FRONTENDS_MONITOR_LINE_H
#define TESTS_FRONTENDS_MONITOR_LINE_H

#include "frontends/monitor/monitor.h"

/* Returns the monitor's output for the lines, which end with a NULL. The caller frees it. */
char *monitor_answers(struct monitor *monitor, const char *const *lines);

/* Fails the test unless the monitor prints exactly `answer` for the line. */
void monitor_expect(struct monitor *monitor, const char *line, const char *answer);

#endif
