/* SPDX-License-Identifier: MIT */
/*
 * Implements -chardev: the backends are kept until all options have been read; then those that use
 * them find them by their ids. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_CHARDEVS_H
#define FRONTENDS_CLI_MACHINE_CHARDEVS_H

#include "bus/base.h"

struct backend;
struct parser;
struct place;
struct port;

/*
 * Returns the -chardev of this id, which is used from then on; NULL with an error if there is none,
 * or if another option uses it. Those that set `shares` can use the same one, if it has mux=on.
 */
struct backend *find_backend(struct parser *parser, const char *id, bool shares);

/* Fill in a port from a -chardev, or its socket from a place. */
void fill_port(struct port *port, const struct backend *backend);
void fill_socket(struct port *port, const struct place *place);

#endif
