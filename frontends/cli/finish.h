/* SPDX-License-Identifier: MIT */
/* Completes the settings after all options have been read. */
#ifndef FRONTENDS_CLI_FINISH_H
#define FRONTENDS_CLI_FINISH_H

struct parser;

/*
 * Fills in the defaults that depend on several options, and refuses options that contradict each
 * other. Returns 0, or -EINVAL with *parser->error.
 */
int options_finish(struct parser *parser);

#endif
