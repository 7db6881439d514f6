/* SPDX-License-Identifier: MIT */
/* See growing_file.h. */
#include "frontends/host/growing_file.h"

#include <errno.h>
#include <string.h>

#include "frontends/host/complain.h"

void growing_file_check(struct growing_file *growing, int failed)
{
	if (!failed)
		return;
	fprintf(stderr, "baya: cannot write %s '%s': %s; the rest is dropped\n", growing->what,
		growing->path, strerror(-failed));
	growing->lost = true;
	fclose(growing->file);
	growing->file = NULL;
}

void growing_file_write(struct growing_file *growing, const void *data, size_t size)
{
	if (growing->file && fwrite(data, 1, size, growing->file) != size)
		growing_file_check(growing, -errno);
}

void growing_file_flush(struct growing_file *growing)
{
	if (growing->file && fflush(growing->file))
		growing_file_check(growing, -errno);
}

bool growing_file_close(struct growing_file *growing)
{
	if (growing->file && fclose(growing->file)) {
		complain_file(growing->what, growing->path);
		growing->lost = true;
	}
	growing->file = NULL;
	return growing->lost;
}
