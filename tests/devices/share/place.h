/* SPDX-License-Identifier: MIT */
/* A folder of the host to be shared, with something beside it that must not be reached. */
#ifndef TESTS_DEVICES_SHARE_PLACE_H
#define TESTS_DEVICES_SHARE_PLACE_H

struct place {
	char top[64]; /* a folder with share/ in it, and outside/ with the file secret */
	char path[80]; /* share/ */
};

void place_make(struct place *place);

/* Checks that nothing outside has changed, and removes everything. */
void place_remove(const struct place *place);

/* Names that must be refused in a folder. */
#define PLACE_BAD_NAMES 10
extern const char *const place_bad_names[PLACE_BAD_NAMES];

/* A path below top. */
const char *place_host(const struct place *place, const char *path);

/* Makes another process of the host replace share/d by a link to the outside, and back. */
void place_swap_start(const struct place *place);
void place_swap_stop(void);

#endif
