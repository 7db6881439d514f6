/* SPDX-License-Identifier: MIT */
/* Attributes of files that guests set, kept in extended attributes of the host (mapped.c). */
#ifndef DEVICES_SHARE_MAPPED_H
#define DEVICES_SHARE_MAPPED_H

#include "devices/share/node.h"

/*
 * share_mapped_stat applies the kept attributes to a file's stat, and the next two functions set
 * them. share_mapped_name returns whether an extended attribute is one that keeps them.
 */
void share_mapped_stat(const struct share_place *place, struct stat *st);
int share_mapped_set(const struct share_place *place, const struct share_change *change);
int share_mapped_new(const struct share_place *place, const struct share_new *what);
bool share_mapped_name(const char *xattr);
/*
 * Makes a path to a place in /proc, for system calls without a folder argument; its last step is
 * never followed.
 */
void share_proc_path(const struct share_place *place, char *path, size_t size);

#define SHARE_PROC_PATH (SHARE_NAME_MAX + 40)

#endif
