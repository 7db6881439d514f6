/* SPDX-License-Identifier: MIT */
/*
 * Parses values of the command line: words, numbers, sizes, and comma-separated lists of key=value
 * with QEMU's syntax (`,,` stands for a comma, and the first value may lack its key). Tables
 * describe what is accepted. Errors are made from the same tables, so each error names what would
 * be accepted.
 */
#ifndef FRONTENDS_HOST_KEYVAL_H
#define FRONTENDS_HOST_KEYVAL_H

#include <stdio.h>

#include "bus/key.h"

struct board_error;

struct keyval;

/*
 * Completion (cli/complete.c) asks which keys a list may have at some place: where the list
 * contains the item KEYVAL_ASKED, keyval_parse calls `answer` and fails.
 */
#define KEYVAL_ASKED "\x1a"

struct keyval_question {
	void (*answer)(void *ctx, const struct keyval *keyval);
	void *ctx;
};

/* Owns the strings that parsing allocates. */
struct strings {
	char **items;
	unsigned count;
	const struct keyval_question *question; /* NULL: nothing is being completed */
};

/* A string that is built by writing to `out`. Aborts when the host has no memory. */
struct text {
	FILE *out;
	char *data;
	size_t size;
};

FILE *text_begin(struct text *text);
char *text_end(struct text *text, struct strings *strings); /* returns it; `strings` owns it */
/* Writes a value of a list: commas are doubled. */
void text_value(struct text *text, const char *value);

/* The keys of a comma-separated list. */
struct keyval {
	const char *option; /* the option's name in errors, such as "-drive" */
	const struct key *keys;
	unsigned count;
	const char *implied; /* the key of a first item without '='; NULL: that is not allowed */
};

/*
 * Returns a copy of `size` bytes, followed by a NUL, which `strings` owns. Aborts when the host has
 * no memory.
 */
char *strings_add(struct strings *strings, const char *text, size_t size);
/* Returns zeroed memory for a struct, which `strings` owns. Aborts when the host has no memory. */
void *strings_room(struct strings *strings, size_t size);
void strings_free(struct strings *strings);

/* Fills in *error, with exit code 2. Returns -EINVAL. */
int keyval_fail(struct board_error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * Sets the fields of `into` that these keys describe to their initial values. `into` must be all
 * zeros before, because texts are left as they are.
 */
void keyval_initial(const struct key *keys, unsigned count, void *into);

/*
 * Parses a value and stores it in its field of `into`. `what` names the value in errors. Returns 0
 * or -EINVAL.
 */
int keyval_set(const struct key *key, const char *what, const char *value, void *into,
	       struct board_error *error);

/*
 * Parses one item of a list and stores it in `into`. `value` is NULL if the item has none. Returns
 * 0 or -EINVAL.
 */
int keyval_item(const struct keyval *keyval, const char *name, const char *value, void *into,
		struct board_error *error);

/*
 * Parses a whole list and stores it in `into`. Fields of keys that are not given are unchanged.
 * Returns 0 or -EINVAL.
 */
int keyval_parse(const struct keyval *keyval, const char *text, void *into, struct strings *strings,
		 struct board_error *error);

/*
 * Returns the first item of a list, even if it has a '=', with `,,` replaced by a comma; `strings`
 * owns it. *text is set to what follows the item, or to NULL if nothing follows.
 */
char *keyval_first(struct strings *strings, const char **text);

/* Returns whether a value asks for the accepted values ("help" or "?"), as in QEMU. */
bool keyval_asks(const char *value);

/*
 * Parse a number as number_parse does (bus/number.h), and a size: its unit is given by a suffix
 * such as K or M, or else is default_unit. Return false if the text is not valid.
 */
bool keyval_number(const char *text, u64 *value);
bool keyval_size(const char *text, u64 default_unit, u64 *bytes);

/* Returns the index of `text` in the list "a|b|c", or -1. */
int keyval_word(const char *list, const char *text);

#endif
