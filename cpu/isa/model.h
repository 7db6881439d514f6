/* SPDX-License-Identifier: MIT */
/*
 * The models of -cpu: sets of extensions by name, and how they change by NAME=on and NAME=off.
 * Data is in model.def and ext.def; what an extension means is not known here.
 */
#ifndef CPU_ISA_MODEL_H
#define CPU_ISA_MODEL_H

#include "bus/base.h"

/* The model that has everything but what is opt-in, in ext.def's words. */
#define MODEL_MAX "max"

/* This says what is wrong with a text, in one line for people. */
struct model_error {
	char text[256];
};

/*
 * "MODEL[,NAME=on|off...]" into a set of extensions that is complete: what is on has all that it
 * needs. NAME alone is NAME=on, true and false are on and off, letters' case does not matter.
 * -EINVAL with *error filled for what is unknown, not there, or contradicts itself.
 */
int model_parse(const char *text, u128 *extensions, struct model_error *error);

/* The set of a model itself; 0 when there is none of this name. */
u128 model_extensions(const char *name);

/*
 * Names of the extensions that the model in `text` should have and no hart has, separated by
 * blanks; an empty string when there are none.
 */
void model_missing(const char *text, char *names, size_t size);

/* True if the set breaks no rule of model.def. */
bool model_consistent(u128 extensions);

/* The models, from the smallest to max. */
struct model {
	const char *name, *base, *meaning;
	const char *extensions; /* that it has besides those of base; of max: not listed */
};

extern const struct model models[];
extern const unsigned model_count;

/* Name (NULL after the last) and meaning of the extension that is bit `ext` of a set. */
const char *model_ext_name(unsigned ext);
const char *model_ext_meaning(unsigned ext);

#endif
