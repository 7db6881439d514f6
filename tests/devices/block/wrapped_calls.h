/* SPDX-License-Identifier: MIT */
/*
 * The calls of the host that change an image's file, for programs that are linked with
 * --wrap=pwrite,pwritev,fdatasync,fallocate: they define the functions __wrap_*.
 */
#ifndef TESTS_DEVICES_BLOCK_WRAPPED_CALLS_H
#define TESTS_DEVICES_BLOCK_WRAPPED_CALLS_H

#include <sys/types.h>
#include <sys/uio.h>

ssize_t __real_pwrite(int fd, const void *data, size_t size, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __real_fallocate(int fd, int mode, off_t offset, off_t size);
ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t size);
int __wrap_fdatasync(int fd);

#endif
