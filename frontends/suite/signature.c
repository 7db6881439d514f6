/* SPDX-License-Identifier: MIT */
/* Reads the signature from the machine's memory line by line, so its size does not matter. */
#include "frontends/suite/signature.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/board.h"
#include "devices/board/inspect/hart_state.h"
#include "devices/board/inspect/space.h"
#include "frontends/host/exit_code.h"

#define LINE_MAX_BYTES 16

static PRINTF_LIKE(3, 4) int fail(struct board_error *error, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	error->exit_code = EXIT_HOST;
	return code;
}

static int signature_find(struct board *board, u64 *begin, u64 *end, struct board_error *error)
{
	if (!board_find_symbol(board, "begin_signature", begin) ||
	    !board_find_symbol(board, "end_signature", end))
		return fail(error, -ENOENT,
			    "signature: the program has no symbols "
			    "begin_signature and end_signature; --symbols=FILE gives those of a "
			    "stripped one");
	if (*end < *begin)
		return fail(error, -EINVAL,
			    "signature: end_signature (0x%llx) lies before "
			    "begin_signature (0x%llx)",
			    *end, *begin);
	return 0;
}

int signature_check(struct board *board, struct board_error *error)
{
	u64 begin, end;

	return signature_find(board, &begin, &end, error);
}

static int write_lines(struct board *board, FILE *file, u64 begin, u64 end, unsigned granularity)
{
	for (u64 at = begin; at < end; at += granularity) {
		const struct board_memory memory = { .space.kind = SPACE_PHYSICAL, .addr = at,
						     .size = MIN(end - at, granularity) };
		u8 line[LINE_MAX_BYTES] = { 0 };

		if (!board_peek(board, &memory, line))
			return -EFAULT;
		for (unsigned n = granularity; n > 0; n--)
			fprintf(file, "%02x", line[n - 1]);
		if (fputc('\n', file) == EOF)
			return -errno;
	}
	return 0;
}

int signature_write(struct board *board, const char *path, unsigned shift,
		    struct board_error *error)
{
	u64 begin, end;
	struct output output;
	int failed = signature_find(board, &begin, &end, error);

	if (failed)
		return failed;
	failed = output_open(&output, path);
	if (!failed)
		failed = output_close(&output,
				      write_lines(board, output.file, begin, end, 1u << shift));
	if (failed == -EFAULT)
		return fail(error, failed, "signature: 0x%llx to 0x%llx is not all in RAM", begin,
			    end);
	if (failed)
		return fail(error, failed, "cannot write the signature '%.200s': %s", path,
			    strerror(-failed));
	return 0;
}
