/* SPDX-License-Identifier: MIT */
/* Reads open folders. Entries come in the host's order, with the host's offsets. */
#include "devices/share/folder.h"

#include <errno.h>
#include <unistd.h>

#define POSITION_UNKNOWN UINT64_MAX
#define BYTES_MIN 1024 /* enough for the longest entry, which has 280 bytes */
#define BYTES_MAX (32 * KiB)

int share_read_folder(int fd, u64 *position, u64 offset, const struct share_reader *reader)
{
	_Alignas(struct dirent64) u8 data[BYTES_MAX];
	size_t room = MIN(MAX(reader->bytes, (size_t)BYTES_MIN), sizeof(data));
	ssize_t size;

	if (offset > INT64_MAX || (offset != *position && lseek(fd, (off_t)offset, SEEK_SET) < 0))
		return -EINVAL;
	*position = POSITION_UNKNOWN;
	while ((size = getdents64(fd, data, room)) > 0) {
		const struct dirent64 *entry;

		for (ssize_t at = 0; at < size; at += entry->d_reclen) {
			entry = (const struct dirent64 *)(data + at);
			if (!reader->take(reader->ctx, entry))
				return 0;
			offset = (u64)entry->d_off;
		}
	}
	if (size < 0)
		return -errno;
	*position = offset;
	return 0;
}
