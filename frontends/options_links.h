/* SPDX-License-Identifier: MIT */
/* Rows of the options' table about programs that talk to Baya: -gdb, -qmp. */
#ifndef FRONTENDS_OPTIONS_LINKS_H
#define FRONTENDS_OPTIONS_LINKS_H

#include "frontends/link_place.h"

struct option;
struct parser;

int apply_gdb(struct parser *parser, const struct option *option, const char *value);
int apply_qmp(struct parser *parser, const struct option *option, const char *value);

/* Another place for clients of QMP; -EINVAL when there are too many. */
int add_qmp(struct parser *parser, const struct link_place *place);

/* -s, and who has standard input and output; NULL: nobody. */
int finish_links(struct parser *parser, const char **on_stdio);

#endif
