/* SPDX-License-Identifier: MIT */
/* The list of cores of `baya cycles --core=`. */
#ifndef FRONTENDS_CLI_CORES_H
#define FRONTENDS_CLI_CORES_H

/*
 * Returns the comma behind the first core of a list; NULL: it is the only one. A word without '='
 * begins another core; a word with '=' is a parameter of the core before it.
 */
const char *cores_end_first(const char *list);

#endif
