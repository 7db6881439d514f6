/* SPDX-License-Identifier: MIT */
/*
 * The keys that a list of key=value may have, as data: a row per key says how its value is written,
 * which values are accepted, and in which field of a struct it is stored. Options and devices have
 * tables of these; frontends parse lists by them, and make help, completion and errors of them
 * (frontends/host/keyval.h).
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
	KEY_SWITCH, /* bool: on, off */
	KEY_MAC, /* u8[KEY_MAC_SIZE]: of a network card; all zeros are "not given", as in QEMU */
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
	const char *accepted; /* KEY_WORD: "a|b|c"; other kinds: for people, "FILE" */
	u64 min, max; /* numbers and sizes; both 0: any */
	u64 initial; /* what the field has if the key is not given; texts: NULL always */
	unsigned role; /* what the value means to the owner of the table; 0: nothing more */
};

#endif
