/* SPDX-License-Identifier: MIT */
/* See port_output.h. */
#include "frontends/chardev/port_output.h"

#include <errno.h>
#include <string.h>

static void tell_failed(const struct port_output *output, const char *more)
{
	if (output->port)
		fprintf(stderr, "baya: writing the port '%s' to '%s': %s%s\n", output->port,
			output->path, strerror(errno), more);
	else
		fprintf(stderr, "baya: writing logfile=%s: %s%s\n", output->path, strerror(errno),
			more);
}

static void give_up(struct port_output *output)
{
	tell_failed(output, "; the rest is dropped");
	fclose(output->file);
	output->file = NULL;
}

void port_output_write(struct port_output *output, const u8 *data, size_t size)
{
	if (output->file && fwrite(data, 1, size, output->file) != size)
		give_up(output);
}

void port_output_flush(struct port_output *output)
{
	if (output->file && fflush(output->file))
		give_up(output);
}

void port_output_close(struct port_output *output)
{
	if (output->file && fclose(output->file))
		tell_failed(output, "");
}
