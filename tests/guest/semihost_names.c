/* SPDX-License-Identifier: MIT */
/*
 * Opens each file that the command line names, and prints what is in it, or that it is refused; a
 * name after a dash is removed. For test_semihost_names.py.
 */
#include "guest.h"

enum { OPEN = 1, CLOSE, WRITE0 = 4, READ = 6, REMOVE = 14, GET_CMDLINE = 21 };
#define FAILED -1ul

u64 call(u64 op, const void *block);
asm(".text\n.balign 16\n.option push\n.option norvc\n.globl call\ncall:\n"
    "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\nret\n.option pop\n");

static char line[1024];

static void tell(const char *name, u64 size)
{
	char text[16] = "refused";
	const u64 by_name[] = { (u64)name, 0, size }, removed[] = { (u64)name + 1, size - 1 };
	u64 file = *name == '-' ? FAILED : call(OPEN, by_name);
	const u64 read[] = { file, (u64)text, sizeof(text) - 1 };

	if (*name == '-' && call(REMOVE, removed) == 0)
		memcpy(text, "removed", 8);
	if (file != FAILED) {
		u64 left = call(READ, read);

		text[sizeof(text) - 1 - left] = 0;
		call(CLOSE, &file);
	}
	call(WRITE0, "> ");
	call(WRITE0, text);
	call(WRITE0, "\n");
}

void main(void)
{
	u64 block[] = { (u64)line, sizeof(line) }, size;

	report_equal(call(GET_CMDLINE, block), 0, "there is a command line");
	for (const char *word = line; *word; word += size + (word[size] == ' ')) {
		size = 0;
		while (word[size] && word[size] != ' ')
			size++;
		tell(word, size);
	}
}
