/* SPDX-License-Identifier: MIT */
/* See image_place.h. */
#include "image_place.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static char why[QCOW2_WHY];
static u64 drawn;

void place_make(u64 seed)
{
	const char *base = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	snprintf(folder, sizeof(folder), "%s/baya-qcow2-XXXXXX", base);
	assert_non_null(mkdtemp(folder));
	drawn = seed;
}

static void leave_out(void **state)
{
	skip();
}

void place_skip(struct CMUnitTest *tests, size_t count)
{
	if (!system("qemu-img --version >/dev/null 2>&1"))
		return;
	for (size_t n = 0; n < count; n++)
		tests[n] = (struct CMUnitTest){ .name = tests[n].name, .test_func = leave_out };
}

u32 below(u64 limit)
{
	drawn = drawn * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)((drawn >> 33) % limit);
}

int place_remove(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

int sh(const char *format, ...)
{
	char command[1024], text[1200];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	snprintf(text, sizeof(text), "cd %s && { %s; } >log 2>&1", folder, command);
	return system(text);
}

int run_tool(const char *format, ...)
{
	char text[1024], *words[32], *rest = NULL;
	posix_spawn_file_actions_t actions;
	unsigned count = 0;
	va_list args;
	pid_t pid;
	int status;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	words[count] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_addopen(&actions, 1, "log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	assert_int_equal(posix_spawnp(&pid, words[0], &actions, NULL, words, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void check_code(int code, const char *command)
{
	char text[2001] = "";

	if (!code)
		return;
	get_file("log", text, sizeof(text) - 1);
	fail_msg("%s: %s", command, text);
}

void sh_must(const char *command)
{
	check_code(sh("%s", command), command);
}

void run_tool_must(const char *command)
{
	check_code(run_tool("%s", command), command);
}

const char *at(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/*
 * Starts qemu-io, which prints a prompt when it has opened the image, and ends at the end of its
 * input.
 */
void place_hold(const char *name, int pipes[2])
{
	char prompt;

	assert_int_equal(sh("mkfifo asked said && { qemu-io %s <asked >said & }", name), 0);
	pipes[0] = open(at("asked"), O_WRONLY | O_CLOEXEC);
	pipes[1] = open(at("said"), O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(pipes[1], &prompt, 1), 1);
}

void place_let_go(int pipes[2])
{
	char rest[64];

	close(pipes[0]);
	while (read(pipes[1], rest, sizeof(rest)) > 0)
		;
	close(pipes[1]);
}

void put_file(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(at(name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void copy_file(const char *from, const char *to)
{
	int in = open(at(from), O_RDONLY | O_CLOEXEC);
	int out = open(at(to), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t part;

	assert_true(in >= 0 && out >= 0);
	do {
		part = sendfile(out, in, NULL, 16 * MiB);
	} while (part > 0);
	assert_int_equal(part, 0);
	close(in);
	close(out);
}

void place_limit(u64 size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size ? size : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

void put_base(u8 *data, u64 size)
{
	memset(data, 0, size);
	for (u64 n = 0; n < size; n++)
		if (n >> 18 & 1)
			data[n] = (u8)(n >> 13 & 1 ? below(256) : n >> 8);
	put_file("base.raw", data, size);
}

size_t get_file(const char *name, void *data, size_t size)
{
	FILE *file = fopen(at(name), "rb");

	assert_non_null(file);
	size = fread(data, 1, size, file);
	fclose(file);
	return size;
}

int open_image(struct disk *disk, const char *name, bool readonly)
{
	int error = disk_open(disk, at(name), readonly);

	*why = 0;
	if (error)
		return error;
	error = disk_use_qcow2(disk, at(name), 0, why);
	if (error)
		disk_close(disk);
	return error;
}

const char *image_why(void)
{
	return why;
}
