/* SPDX-License-Identifier: MIT */
/* Implements -rtc, --clock and --chaos. Only files of frontends/cli include this. */
#ifndef FRONTENDS_CLI_MACHINE_RTC_H
#define FRONTENDS_CLI_MACHINE_RTC_H

struct option;
struct parser;

int apply_clock(struct parser *parser, const struct option *option, const char *value);
int apply_chaos(struct parser *parser, const struct option *option, const char *value);
int apply_rtc(struct parser *parser, const struct option *option, const char *value);

/*
 * Refuses -rtc clock=host with the virtual clock, and --chaos with what leaves it without effect,
 * and warns that -icount shift= has no effect with a timing model. Called when it is known which
 * clock the machine has. Returns 0 or -EINVAL.
 */
int finish_clock(struct parser *parser);

#endif
