/* SPDX-License-Identifier: MIT */
/* See line.h. */
#include "bus/line.h"

#include <errno.h>

int line_read(FILE *file, char *line, size_t size)
{
	size_t count = 0;
	int byte;

	errno = 0;
	while ((byte = getc_unlocked(file)) != EOF && byte && byte != '\n' && count < size - 1)
		line[count++] = (char)byte;
	line[count] = '\0';
	if (ferror(file))
		return errno ? -errno : -EIO;
	if (byte == EOF)
		return count > 0;
	if (byte == '\n')
		return 1;
	if (!byte)
		return -EILSEQ;
	ungetc(byte, file);
	return -E2BIG;
}
