/* SPDX-License-Identifier: MIT */
/*
 * Reads lines NAME ROUNDS, and runs that kernel for so many rounds. The time between "begin", with
 * the line that follows it, and "end", with the checksum, is measured.
 */
#include "kernel.h"

struct kernel {
	const char *name;
	void (*prepare)(void);
	void (*round)(void);
	u64 (*sum)(void);
};

static const struct kernel kernels[] = {
#define KERNEL(name, class, items) { #name, prepare_##name, round_##name, sum_##name },
#include "kernels.def"
#undef KERNEL
};

void random_bytes(u8 *to, size_t size, u64 seed)
{
	u64 state = seed;

	while (size--)
		*to++ = (u8)random_next(&state);
}

u64 sum_bytes(const void *data, size_t size)
{
	const u8 *bytes = data;
	u64 sum = 0;

	while (size--)
		sum = (sum << 7 | sum >> 57) * 0x9e3779b97f4a7c15 ^ *bytes++;
	return sum;
}

static void write_text(const char *text)
{
	while (*text)
		write_char(*text++);
}

static void write_sum(u64 sum)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		write_char("0123456789abcdef"[sum >> shift & 15]);
}

/* Returns the length of the line, or -1 at the end of the input. */
static int read_line(char *line, int size)
{
	int length = 0, c;

	while ((c = read_char()) != '\n' && c != '\r') {
		if (c < 0)
			return -1;
		if (length < size - 1)
			line[length++] = (char)c;
	}
	line[length] = 0;
	return length;
}

/* Returns what follows the word and a space, or NULL if the line begins with another word. */
static const char *after(const char *line, const char *word)
{
	while (*word && *line == *word)
		line++, word++;
	return *word || *line != ' ' ? NULL : line + 1;
}

static void run(const struct kernel *kernel, const char *rounds)
{
	unsigned count = 0;
	char line[8];

	while (*rounds)
		count = count * 10 + (unsigned)(*rounds++ - '0');
	kernel->prepare();
	write_text("begin\n");
	read_line(line, sizeof(line));
	while (count--)
		kernel->round();
	write_text("end ");
	write_sum(kernel->sum());
	write_text("\n");
}

int main(void)
{
	char line[64];

	write_text("ready\n");
	while (read_line(line, sizeof(line)) >= 0)
		for (size_t n = 0; n < ARRAY_SIZE(kernels); n++) {
			const char *rounds = after(line, kernels[n].name);

			if (rounds)
				run(&kernels[n], rounds);
		}
	return 0;
}
