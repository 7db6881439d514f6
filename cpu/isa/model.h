/* SPDX-License-Identifier: MIT */
/*
 * The models of -cpu: named sets of extensions, which NAME=on and NAME=off modify. The data is in
 * model.def and ext.def; this file does not know the meaning of extensions.
 */
#ifndef CPU_ISA_MODEL_H
#define CPU_ISA_MODEL_H

#include "bus/base.h"
#include "cpu/isa/ext.h"

/* This model has every extension that is not opt-in (ext.def). */
#define MODEL_MAX "max"

/* An error message for users, of one line. */
struct model_error {
	char text[256];
};

/*
 * Converts "MODEL[,NAME=on|off...]" to a complete set of extensions, which contains everything that
 * the extensions that are on require. NAME alone means NAME=on, true and false mean on and off, and
 * case does not matter. Returns 0, or -EINVAL with *error for extensions that are unknown, not
 * available, or contradictory.
 */
int model_parse(const char *text, struct ext_set *extensions, struct model_error *error);

/* Returns the set of a model; an empty set if there is no model with this name. */
struct ext_set model_extensions(const char *name);

/*
 * Writes the names, separated by blanks, of those extensions that the model in `text` should have
 * and that no hart has, or has completely; an empty string if there are none.
 */
void model_missing(const char *text, char *names, size_t size);

/* Returns whether this is the name of the model that has everything. */
bool model_is_max(const char *name);

/*
 * Returns whether the set breaks no rule of model.def. Tests check that for the results of
 * model_parse.
 */
bool model_consistent(struct ext_set extensions);

/* Returns the value of a switch: 1 for on or true, 0 for off or false, and -1 for anything else. */
int model_switch(const char *value);

/* The models, in order from the smallest to max. */
struct model {
	const char *name, *bases, *meaning;
	const char *extensions; /* in addition to those of its bases; not listed for max */
};

extern const struct model models[];
extern const unsigned model_count;

#endif
