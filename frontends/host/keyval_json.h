/* SPDX-License-Identifier: MIT */
/*
 * Converts values that QEMU also accepts as JSON: an object becomes a comma-separated list of
 * key=value.
 */
#ifndef FRONTENDS_HOST_KEYVAL_JSON_H
#define FRONTENDS_HOST_KEYVAL_JSON_H

#include <jansson.h>

#include "frontends/host/keyval.h"

/*
 * Writes the list of an object's members. The value of the member `first`, a string, comes first,
 * without its key. The members of an inner object have keys such as addr.host, except that {"str":
 * VALUE} is the same as VALUE. An array's key is repeated for each element. Returns NULL, or the
 * name of a member whose value a list cannot contain.
 */
const char *keyval_from_json(struct text *text, const json_t *object, const char *first);

/*
 * Parses a JSON object, which the caller releases by json_decref. Returns NULL on failure, with
 * *error, which begins with the option (NULL: the caller adds its name).
 */
json_t *keyval_json_load(const char *option, const char *json, struct board_error *error);

/*
 * Converts the text of a JSON object to a list, which `strings` owns. Returns NULL, with *error
 * naming the option, if the text is not such an object.
 */
const char *keyval_json_list(const char *option, const char *json, const char *first,
			     struct strings *strings, struct board_error *error);

#endif
