/* SPDX-License-Identifier: MIT */
/* The settings that the options come to together. */
#ifndef FRONTENDS_CLI_FINISH_H
#define FRONTENDS_CLI_FINISH_H

struct parser;

/*
 * Fills in the defaults that depend on several options, and refuses options that contradict each
 * other. All of them have been read. Returns 0 or -EINVAL, with parser->error saying why.
 */
int options_finish(struct parser *parser);

#endif
