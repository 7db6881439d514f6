/* SPDX-License-Identifier: MIT */
/*
 * Attributes of files that guests have set, which are stored in extended attributes on the host
 * (mapped.c).
 */
#ifndef DEVICES_SHARE_MAPPED_H
#define DEVICES_SHARE_MAPPED_H

#include "devices/share/node.h"

/*
 * share_mapped_stat replaces fields of a file's stat by the stored attributes, and the next two
 * functions store them. share_mapped_name returns whether an extended attribute is one in which
 * they are stored.
 */
void share_mapped_stat(const struct share_place *place, struct stat *st);
int share_mapped_set(const struct share_place *place, const struct share_change *change);
int share_mapped_new(const struct share_place *place, const struct share_new *what);
bool share_mapped_name(const char *xattr);
/*
 * Writes a path in /proc for a place, for system calls without a folder argument. Its last
 * component is never followed if it is a link.
 */
void share_proc_path(const struct share_place *place, char *path, size_t size);

#define SHARE_PROC_PATH (SHARE_NAME_MAX + 40)

#endif
