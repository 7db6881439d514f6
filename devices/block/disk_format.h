/* SPDX-License-Identifier: MIT */
/* Recognises the formats of disk images that other programs make, by the beginning of the file. */
#ifndef DEVICES_BLOCK_DISK_FORMAT_H
#define DEVICES_BLOCK_DISK_FORMAT_H

/* Returns qemu-img's name of the format, or NULL if the file may be a raw image. */
const char *disk_format(int fd);

#endif
