/* SPDX-License-Identifier: MIT */
/*
 * Recipes of qcow2 images: a line of text for each thing that the image contains, that is wrong
 * with it, or that is done with it (qcow2/README.md lists them). These functions read and print
 * recipes, and make images by them.
 */
#ifndef TESTS_DEVICES_BLOCK_QCOW2_RECIPE_H
#define TESTS_DEVICES_BLOCK_QCOW2_RECIPE_H

#include "bus/base.h"

#define RECIPE_STEPS 48
#define RECIPE_FILE_MAX (1 * MiB)

/*
 * The stages of making an image, in the order in which they are done, whatever the order of the
 * lines.
 */
enum recipe_stage { RECIPE_SHAPE, RECIPE_FILL, RECIPE_DAMAGE, RECIPE_USE };

enum recipe_verb {
#define VERB(id, name, numbers, stage) RECIPE_##id,
#include "qcow2_recipe.def"
#undef VERB
	RECIPE_VERBS
};

struct recipe_step {
	enum recipe_verb verb;
	u64 n[3];
};

struct recipe {
	unsigned count;
	struct recipe_step steps[RECIPE_STEPS];
};

enum recipe_stage recipe_stage_of(enum recipe_verb verb);

/* Reads a recipe. Returns false, with the line's number in *line, if a line is not valid. */
bool recipe_read(struct recipe *recipe, const char *path, unsigned *line);
void recipe_print(const struct recipe *recipe, int fd);

/* Returns the number of the last step with this verb, or `otherwise` if there is none. */
u64 recipe_setting(const struct recipe *recipe, enum recipe_verb verb, u64 otherwise);

/* Makes the image's file in memory, at most RECIPE_FILE_MAX bytes. Returns its size. */
u64 recipe_cook(const struct recipe *recipe, u8 *file);

#endif
