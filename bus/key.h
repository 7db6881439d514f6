/* SPDX-License-Identifier: MIT */
/*
 * The keys of lists key=value, as data. A row describes one key: how its value is written, which
 * values are accepted, and in which field of a struct it is stored. Options and devices have tables
 * of these rows. From the tables the frontends parse lists, and generate help, completion and error
 * messages (frontends/host/keyval.h).
 */
#ifndef BUS_KEY_H
#define BUS_KEY_H

#include "bus/base.h"

/* The kind of a value, and the type of the field that it is stored in. */
enum key_kind {
	KEY_TEXT, /* const char *, not empty */
	KEY_ANY, /* const char *, may be empty */
	KEY_WORD, /* unsigned: index of the word in `accepted` */
	KEY_NUMBER, /* u64, decimal or 0x */
	KEY_SIZE, /* u64 bytes, with a suffix K, M, G, T or none */
	/* bool; `accepted` is "on|off", or the only one of them that is accepted */
	KEY_SWITCH,
	/*
	 * u8[KEY_MAC_SIZE]: the address of a network card; all zeros mean "not given", as in QEMU
	 */
	KEY_MAC,
	KEY_TEXTS, /* struct key_texts: the key may be given repeatedly */
};

#define KEY_TEXTS_MAX 32
#define KEY_MAC_SIZE 6

struct key_texts {
	const char *items[KEY_TEXTS_MAX];
	unsigned count;
};

struct key {
	const char *name;
	enum key_kind kind;
	u32 offset; /* of the field in the struct that is filled */
	/* words and switches: "a|b|c"; other kinds: a word for help texts, such as "FILE" */
	const char *accepted;
	u64 min, max; /* numbers and sizes; both 0: any */
	u64 initial; /* the field's value if the key is not given; for texts it is always NULL */
	const char *none; /* a word for `initial` that a number can be, such as "-1"; NULL: none */
	/*
	 * a number by which the table's owner tells what the value means to it; 0: nothing special
	 */
	unsigned role;
};

#endif
