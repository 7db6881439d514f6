/* SPDX-License-Identifier: MIT */
/* Values that QEMU also takes as JSON: an object becomes a comma-separated list of key=value. */
#ifndef FRONTENDS_HOST_KEYVAL_JSON_H
#define FRONTENDS_HOST_KEYVAL_JSON_H

#include <jansson.h>

#include "frontends/host/keyval.h"

/*
 * Writes the list of an object's members. The value of the member `first`, a string, comes first,
 * without its key. A member of an object in it has a key such as addr.host, or the outer one if it
 * is {"str": VALUE}; an array gives its key once for each element. Returns NULL, or the name of a
 * member whose value cannot be in a list.
 */
const char *keyval_from_json(struct text *text, const json_t *object, const char *first);

/*
 * Returns the object that a text is, to be given up by json_decref; NULL with *error filled in,
 * which begins with the option (NULL: the caller names it).
 */
json_t *keyval_json_load(const char *option, const char *json, struct board_error *error);

/*
 * Returns the list that a text with a JSON object stands for, owned by strings; NULL with *error
 * filled in, after `option`, where it is no such object.
 */
const char *keyval_json_list(const char *option, const char *json, const char *first,
			     struct strings *strings, struct board_error *error);

#endif
