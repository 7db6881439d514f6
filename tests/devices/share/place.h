/* SPDX-License-Identifier: MIT */
/*
 * A folder of the host for tests to share, and another folder next to it that must not be reached.
 */
#ifndef TESTS_DEVICES_SHARE_PLACE_H
#define TESTS_DEVICES_SHARE_PLACE_H

struct place {
	char top[64]; /* a folder that contains share/, and outside/ with the file "secret" */
	char path[80]; /* the path of share/ */
};

void place_make(struct place *place);

/* Checks that nothing outside of share/ has changed, and removes everything. */
void place_remove(const struct place *place);

/* Names of files that must be refused. */
#define PLACE_BAD_NAMES 10
extern const char *const place_bad_names[PLACE_BAD_NAMES];

/* Returns the path of a file below top. */
const char *place_host(const struct place *place, const char *path);

/*
 * Start and stop a process of the host that again and again replaces share/d by a link to the
 * outside, and back.
 */
void place_swap_start(const struct place *place);
void place_swap_stop(void);

#endif
