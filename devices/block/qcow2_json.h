/* SPDX-License-Identifier: MIT */
/* Parses names of backing files that QEMU writes as JSON. */
#ifndef DEVICES_BLOCK_QCOW2_JSON_H
#define DEVICES_BLOCK_QCOW2_JSON_H

/*
 * Finds the path in a name like json:{"driver":"raw","file":{"driver":"file","filename":"base"}},
 * whose members may also be written as "file.filename". The caller frees *path. Returns 0, -ENOMEM,
 * or -EINVAL for a name that has other members, or other drivers than raw or qcow2 over file.
 */
int qcow2_json_path(const char *name, char **path);

#endif
