/* SPDX-License-Identifier: MIT */
/*
 * Writes folded stacks, "MODE;caller;...;function count", and chooses the format of a file. See
 * profile.h.
 */
#include "frontends/report/profile.h"

#include <string.h>

#include "bus/output.h"

#define DEPTH_MAX 256

enum profile_format profile_format_of(const char *path)
{
	static const char prefix[] = "callgrind.out", suffix[] = ".callgrind";
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t length = strlen(name);

	if (!strncmp(name, prefix, sizeof(prefix) - 1))
		return PROFILE_CALLGRIND;
	if (length >= sizeof(suffix) && !strcmp(name + length + 1 - sizeof(suffix), suffix))
		return PROFILE_CALLGRIND;
	return PROFILE_FOLDED;
}

/* Prints a name. Blanks and semicolons are separators, so they are replaced. */
static void print_name(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(*name == ';' || *name <= ' ' ? '_' : *name, out);
}

static void print_stack(const struct profile *profile, unsigned call, FILE *out)
{
	unsigned path[DEPTH_MAX], depth = 0;

	for (unsigned n = call; depth < DEPTH_MAX; n = profile->of.calls[n].parent) {
		path[depth++] = n;
		if (profile->of.calls[n].parent == n)
			break;
	}
	while (depth--) {
		print_name(out, profile->of.calls[path[depth]].name);
		fputs(depth ? ";" : " ", out);
	}
	fprintf(out, "%llu\n", profile->of.calls[call].self);
}

int profile_write_folded(const struct profile *profile, FILE *out)
{
	for (unsigned n = 0; n < profile->of.count; n++)
		if (profile->of.calls[n].self)
			print_stack(profile, n, out);
	return output_failed(out);
}
