/* SPDX-License-Identifier: MIT */
/*
 * The models of -cpu: named sets of extensions, and how NAME=on and NAME=off change them. The data
 * is in model.def and ext.def; what an extension means is not known here.
 */
#ifndef CPU_ISA_MODEL_H
#define CPU_ISA_MODEL_H

#include "bus/base.h"
#include "cpu/isa/ext.h"

/* This model has every extension that is not opt-in (ext.def). */
#define MODEL_MAX "max"

/* A message for people, in one line, that says what is wrong with a text. */
struct model_error {
	char text[256];
};

/*
 * Turns "MODEL[,NAME=on|off...]" into a complete set of extensions: what is on has all that it
 * needs. NAME alone is NAME=on, true and false are on and off, and the case of letters does not
 * matter. Returns -EINVAL, with *error filled in, for what is unknown, not there, or contradicts
 * itself.
 */
int model_parse(const char *text, struct ext_set *extensions, struct model_error *error);

/* Returns the set of a model itself; an empty one when there is none of this name. */
struct ext_set model_extensions(const char *name);

/*
 * Writes the names of the extensions that the model in `text` should have and no hart has, or not
 * all of them, separated by blanks; an empty string when there are none.
 */
void model_missing(const char *text, char *names, size_t size);

/* Returns whether the name is that of the model that has all there is. */
bool model_is_max(const char *name);

/*
 * Returns whether the set breaks no rule of model.def, as tests ask of all that model_parse
 * returns.
 */
bool model_consistent(struct ext_set extensions);

/* Returns what a switch says: 1 for on or true, 0 for off or false, and -1 for anything else. */
int model_switch(const char *value);

/* The models, in order from the smallest to max. */
struct model {
	const char *name, *bases, *meaning;
	const char *extensions; /* besides those of its bases; not listed for max */
};

extern const struct model models[];
extern const unsigned model_count;

/* Return name (NULL after the last) and meaning of the extension that is bit `ext` of a set. */
const char *model_ext_name(unsigned ext);
const char *model_ext_meaning(unsigned ext);

#endif
