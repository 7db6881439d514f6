/* SPDX-License-Identifier: MIT */
/*
 * The locks that a client holds on parts of the host's files (fcntl(2), "Open file description
 * locks"). They exclude other machines and other programs of the host. A description of the host
 * has the locks of one owner in the guest on one file, so that two owners exclude each other, and
 * one owner does not exclude itself if it has opened the file twice, as POSIX requires. No function
 * waits.
 */
#ifndef DEVICES_SHARE_LOCK_H
#define DEVICES_SHARE_LOCK_H

#include "bus/base.h"

struct share_lock;

struct share_locks {
	struct share_lock *first;
	unsigned count; /* of descriptors */
};

/* An owner of locks, and the open file by which it asks for one. */
struct share_locker {
	u64 owner; /* the client's number of it */
	u64 handle; /* the client's number of the open file */
	u32 pid; /* a process of the guest, for others that ask who has a lock */
	int fd; /* the open file */
};

/* A lock: F_RDLCK, F_WRLCK or F_UNLCK, of `length` bytes; length 0 reaches to the file's end. */
struct share_range {
	u32 type;
	u64 start, length;
	u32 pid; /* share_lock_test: of the process of the guest that has it; 0: another has it */
};

/* Sets or removes a lock. Returns 0, -EAGAIN if another owner's is in the way, or an errno. */
int share_lock_set(struct share_locks *locks, const struct share_locker *who,
		   const struct share_range *range);
/* Replaces *range by a lock that is in its way, or its type by F_UNLCK. */
int share_lock_test(struct share_locks *locks, const struct share_locker *who,
		    struct share_range *range);
/* Removes all locks that the owner has on the file, as if a process had closed it. */
void share_lock_leave(struct share_locks *locks, const struct share_locker *who);
/* Removes the locks of owners that came by this open file, which is closed. */
void share_locks_close(struct share_locks *locks, u64 handle);
void share_locks_clear(struct share_locks *locks);

#endif
