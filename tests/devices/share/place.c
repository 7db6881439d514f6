/* SPDX-License-Identifier: MIT */
/* See place.h. */
#include "tests/cmocka.h"

#include "place.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "nobody may read this"

const char *const place_bad_names[PLACE_BAD_NAMES] = {
	"", ".", "..", "/", "a/b", "../outside", "/etc", "../outside/secret", "a/", "share/..",
};

static void sh(const struct place *place, const char *command)
{
	char text[512];

	snprintf(text, sizeof(text), "cd %s && %s", place->top, command);
	assert_int_equal(system(text), 0);
}

const char *place_host(const struct place *place, const char *path)
{
	static char texts[4][512];
	static unsigned next;
	char *text = texts[next++ % 4];

	snprintf(text, sizeof(texts[0]), "%s/%s", place->top, path);
	return text;
}

void place_make(struct place *place)
{
	strcpy(place->top, "/tmp/baya-share-XXXXXX");
	assert_non_null(mkdtemp(place->top));
	snprintf(place->path, sizeof(place->path), "%s/share", place->top);
	sh(place, "mkdir share outside && printf '" SECRET "' >outside/secret");
}

void place_remove(const struct place *place)
{
	sh(place,
	   "test \"$(cat outside/secret)\" = '" SECRET "' && test $(ls -A outside | wc -l) = 1");
	sh(place, "test $(ls -A | wc -l) = 2 && rm -rf outside share");
	assert_int_equal(rmdir(place->top), 0);
}

static struct {
	atomic_bool on;
	pthread_t thread;
	char dir[512], link[512];
} swap;

static void *place_run(void *unused)
{
	while (swap.on)
		renameat2(AT_FDCWD, swap.dir, AT_FDCWD, swap.link, RENAME_EXCHANGE);
	return NULL;
}

void place_swap_start(const struct place *place)
{
	snprintf(swap.dir, sizeof(swap.dir), "%s/share/d", place->top);
	snprintf(swap.link, sizeof(swap.link), "%s/share/l", place->top);
	assert_int_equal(mkdir(swap.dir, 0755), 0);
	assert_int_equal(close(creat(place_host(place, "share/d/secret"), 0644)), 0);
	assert_int_equal(symlink("../outside", swap.link), 0);
	swap.on = true;
	assert_int_equal(pthread_create(&swap.thread, NULL, place_run, NULL), 0);
}

void place_swap_stop(void)
{
	swap.on = false;
	pthread_join(swap.thread, NULL);
}
