/* SPDX-License-Identifier: MIT */
/* The list of cores of `baya cycles --core=`. */
#ifndef FRONTENDS_CLI_CORES_H
#define FRONTENDS_CLI_CORES_H

/*
 * Returns the comma after the first core of a list; NULL if that is the only one. An item without
 * '=' begins another core; an item with '=' is a parameter of the core before it.
 */
const char *cores_end_first(const char *list);

#endif
