/* SPDX-License-Identifier: MIT */
/* -rtc and --clock. Only files of frontends/cli include this. */
#ifndef FRONTENDS_CLI_MACHINE_RTC_H
#define FRONTENDS_CLI_MACHINE_RTC_H

struct option;
struct parser;

int apply_clock(struct parser *parser, const struct option *option, const char *value);
int apply_rtc(struct parser *parser, const struct option *option, const char *value);

/* Called when it is known what clock the machine has. */
int finish_clock(struct parser *parser);

#endif
