/* SPDX-License-Identifier: MIT */
/*
 * The functions `apply` of rows of the options' table that concern the machine and its run
 * (cli/values.c).
 */
#ifndef FRONTENDS_CLI_VALUES_H
#define FRONTENDS_CLI_VALUES_H

struct option;
struct parser;

/* Adds a line to options->warnings. The line begins with "baya: ", which this adds. */
void options_warn(struct parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

int apply_action(struct parser *parser, const struct option *option, const char *value);
int apply_engine(struct parser *parser, const struct option *option, const char *value);
int apply_compare(struct parser *parser, const struct option *option, const char *value);
int apply_machine(struct parser *parser, const struct option *option, const char *value);
int apply_cpu(struct parser *parser, const struct option *option, const char *value);
int apply_ram(struct parser *parser, const struct option *option, const char *value);
int apply_smp(struct parser *parser, const struct option *option, const char *value);
int apply_semihosting(struct parser *parser, const struct option *option, const char *value);
int apply_symbols(struct parser *parser, const struct option *option, const char *value);
int apply_log(struct parser *parser, const struct option *option, const char *value);
int apply_log_ranges(struct parser *parser, const struct option *option, const char *value);
int apply_core(struct parser *parser, const struct option *option, const char *value);
int apply_json(struct parser *parser, const struct option *option, const char *value);
int apply_percent(struct parser *parser, const struct option *option, const char *value);
int apply_timing(struct parser *parser, const struct option *option, const char *value);
int apply_hart(struct parser *parser, const struct option *option, const char *value);
int apply_strict(struct parser *parser, const struct option *option, const char *value);
int apply_timeout(struct parser *parser, const struct option *option, const char *value);
int apply_accepted(struct parser *parser, const struct option *option, const char *value);

#endif
