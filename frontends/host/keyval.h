/* SPDX-License-Identifier: MIT */
/*
 * Values of the command line: words, numbers, sizes, and comma-separated lists of key=value with
 * QEMU's syntax (`,,` is a comma, a first value may lack its key). Tables describe what is
 * accepted, and errors are made from the same tables, so each error says what would have been
 * right.
 */
#ifndef FRONTENDS_HOST_KEYVAL_H
#define FRONTENDS_HOST_KEYVAL_H

#include <stdio.h>

#include "bus/key.h"

struct board_error;

struct keyval;

/*
 * Completion asks which keys a list may have at some place: where the list has KEYVAL_ASKED as an
 * item, keyval_parse calls `answer` and fails.
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
	const struct keyval_question *question; /* NULL: this is no completion */
};

/* A string that is built by writing to `out`. Aborts when the host has no memory. */
struct text {
	FILE *out;
	char *data;
	size_t size;
};

FILE *text_begin(struct text *text);
char *text_end(struct text *text, struct strings *strings); /* owned by strings */
void text_value(struct text *text, const char *value); /* a list's value: commas are doubled */

/* The keys of a comma-separated list. */
struct keyval {
	const char *option; /* for errors: "-drive" */
	const struct key *keys;
	unsigned count;
	const char *implied; /* key of a first item without '=', or NULL */
};

/* Copies `size` bytes and adds a NUL; owned by strings. Aborts when the host has no memory. */
char *strings_add(struct strings *strings, const char *text, size_t size);
/* Returns zeroed memory for a struct; owned by strings. Aborts when the host has no memory. */
void *strings_room(struct strings *strings, size_t size);
void strings_free(struct strings *strings);

/* Fills error with exit code 2 and returns -EINVAL. */
int keyval_fail(struct board_error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* Gives the fields of `into` the initial values of these keys; `into` is all zeros. */
void keyval_initial(const struct key *keys, unsigned count, void *into);

/* Stores one value in its field of `into`. `what` names it in errors. Returns 0 or -EINVAL. */
int keyval_set(const struct key *key, const char *what, const char *value, void *into,
	       struct board_error *error);

/* Stores one item of a list; value is NULL if it has none. Returns 0 or -EINVAL. */
int keyval_item(const struct keyval *keyval, const char *name, const char *value, void *into,
		struct board_error *error);

/* Stores a whole list in `into`; fields of keys that are not given stay as they are. Returns 0 or
 * -EINVAL. */
int keyval_parse(const struct keyval *keyval, const char *text, void *into, struct strings *strings,
		 struct board_error *error);

/*
 * Returns the first item of a list unchanged, even if it has a '='; *text becomes what follows it,
 * NULL if that is nothing.
 */
char *keyval_first(struct strings *strings, const char **text);

/* Returns whether a value asks what is accepted, as in QEMU. */
bool keyval_asks(const char *value);

/* As number_parse (bus/number.h); and sizes, with K, M, ... behind, or of this unit. */
bool keyval_number(const char *text, u64 *value);
bool keyval_size(const char *text, u64 default_unit, u64 *bytes);

/* Returns the index of `text` in the list "a|b|c", or -1. */
int keyval_word(const char *list, const char *text);

#endif
