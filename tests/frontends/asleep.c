/* SPDX-License-Identifier: MIT */
/* Reads what proc(5) reports about threads (see asleep.h). */
#include "asleep.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bus/base.h"

#define LOOKS 200000 /* one per millisecond */

/* Adds to `waits` how often the thread has waited; returns whether it waits now. */
static bool is_asleep(pid_t pid, pid_t thread, u64 *waits)
{
	char path[64], line[256], state = 0;
	unsigned long long pending = 0, times = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, thread);
	file = fopen(path, "r");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		unsigned long long signals;

		sscanf(line, "State: %c", &state);
		sscanf(line, "voluntary_ctxt_switches: %llu", &times);
		if (sscanf(line, "SigPnd: %llx", &signals) == 1 ||
		    sscanf(line, "ShdPnd: %llx", &signals) == 1)
			pending |= signals;
	}
	fclose(file);
	*waits += times;
	return state == 'S' && !pending;
}

static bool are_asleep(pid_t pid, u64 *waits)
{
	char path[64];
	struct dirent *entry;
	bool asleep = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	if (!tasks)
		return false;
	*waits = 0;
	while (asleep && (entry = readdir(tasks))) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread > 0 && thread != gettid())
			asleep = is_asleep(pid, thread, waits);
	}
	closedir(tasks);
	return asleep;
}

/* A thread that has been examined may be woken by one that has not: all threads must stay asleep
 * between two looks. */
bool await_asleep(pid_t pid)
{
	u64 before = UINT64_MAX, waits = 0;

	for (unsigned n = 0; n < LOOKS; n++) {
		bool asleep = are_asleep(pid, &waits);

		if (asleep && waits == before)
			return true;
		before = asleep ? waits : UINT64_MAX;
		usleep(1000);
	}
	return false;
}
