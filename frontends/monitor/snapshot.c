/* SPDX-License-Identifier: MIT */
/* Implements savevm, loadvm, delvm and info snapshots. Texts and tables are the same as QEMU's. */
#include "frontends/monitor/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bus/output.h"
#include "devices/printable.h"
#include "devices/board/inspect/inspect.h"
#include "devices/board/snapshot/snapshot.h"
#include "frontends/host/exit_code.h"
#include "frontends/monitor/monitor.h"

#define TABLE_HEAD \
	"ID        TAG               VM SIZE                DATE     VM CLOCK     ICOUNT\n"
#define NS_PER_MS 1000000ull

struct list {
	struct disk_snapshot *snapshots;
	unsigned count;
};

/* Refuses an empty list of devices, because the board would take it for all devices. */
static int check_devices(const struct board_snapshot_request *request, struct board_error *error)
{
	if (!request->devices || request->device_count)
		return 0;
	snprintf(error->text, sizeof(error->text), "At least one device is required for snapshot");
	return -1;
}

int monitor_delete(struct monitor *monitor, const struct board_snapshot_request *request,
		   struct board_error *error)
{
	return check_devices(request, error) ||
			       board_snapshot_delete(monitor->board, request, error) ?
		       -1 :
		       0;
}

int monitor_save(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error)
{
	int failed = check_devices(request, error) ||
				     board_snapshot_save(monitor->board, request, error) ?
			     -1 :
			     0;

	if (!failed && !monitor->stopped)
		monitor->pauses++;
	return failed;
}

int monitor_load(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error)
{
	int failed = check_devices(request, error) ||
				     board_snapshot_load(monitor->board, request, error) ?
			     -1 :
			     0;

	if (!failed)
		monitor_renewed(monitor);
	if (!monitor->stopped && failed)
		monitor_stop(monitor, MONITOR_LOAD_FAILED);
	else if (!monitor->stopped)
		monitor->pauses++;
	return failed;
}

int monitor_load_first(struct monitor *monitor, const char *tag)
{
	const struct board_snapshot_request request = { .tag = tag };
	struct board_error error;

	if (!tag || !monitor_load(monitor, &request, &error))
		return EXIT_WELL;
	fprintf(stderr, "baya: -loadvm: %s\n", error.text);
	return EXIT_HOST;
}

/* Makes the same name as QEMU for a snapshot without a name. */
static void name_by_time(char *name, size_t size)
{
	time_t now = time(NULL);
	struct tm local;

	if (!localtime_r(&now, &local) || !strftime(name, size, "vm-%Y%m%d%H%M%S", &local))
		snprintf(name, size, "vm-%ld", now);
}

void monitor_savevm(struct monitor *monitor, char **words, FILE *out)
{
	char name[32];
	struct board_snapshot_request request = { .tag = words[1], .replace = true };
	struct board_error error;

	if (!words[1]) {
		name_by_time(name, sizeof(name));
		request.tag = name;
	}
	if (monitor_save(monitor, &request, &error))
		fprintf(out, "Error: %s\n", error.text);
}

/* Returns the argument of a command, the name of a snapshot; prints an error and returns NULL if
 * there is none. */
static const char *tag_of(char **words, FILE *out)
{
	if (!words[1])
		fprintf(out, "%s: give the name of one snapshot; info snapshots lists them\n",
			words[0]);
	return words[1];
}

void monitor_loadvm(struct monitor *monitor, char **words, FILE *out)
{
	struct board_snapshot_request request = { .tag = tag_of(words, out) };
	bool stopped = monitor->stopped;
	struct board_error error;

	if (!request.tag || !monitor_load(monitor, &request, &error))
		return;
	fprintf(out, "Error: %s\n", error.text);
	if (!stopped)
		fprintf(out, "the machine is stopped now; cont lets it go on\n");
}

void monitor_delvm(struct monitor *monitor, char **words, FILE *out)
{
	struct board_snapshot_request request = { .tag = tag_of(words, out) };
	struct board_error error;

	if (request.tag && monitor_delete(monitor, &request, &error))
		fprintf(out, "Error: %s\n", error.text);
}

/* Formats a size as three digits and a unit. */
static void describe_size(u64 bytes, char *text, size_t size)
{
	static const char *const units[] = { "", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei" };
	double value = (double)bytes;
	unsigned unit = 0;

	for (; value >= 1000; unit++)
		value /= 1024;
	snprintf(text, size, "%0.3g %sB", value, units[unit]);
}

/* Prints a snapshot's row of the table. The column ICOUNT is empty, because only QEMU's machines
 * have it. */
static void print_row(const struct disk_snapshot *snapshot, const char *id, FILE *out)
{
	u64 ms = snapshot->clock / NS_PER_MS, seconds = ms / 1000;
	time_t made = snapshot->seconds;
	char size[32], date[32] = "", clock[40], tag[512], number[64];
	struct tm local;

	describe_size(snapshot->state_size, size, sizeof(size));
	if (localtime_r(&made, &local))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &local);
	snprintf(clock, sizeof(clock), "%02llu:%02llu:%02llu.%03llu", seconds / 3600,
		 seconds / 60 % 60, seconds % 60, ms % 1000);
	printable_copy(tag, sizeof(tag), snapshot->name);
	printable_copy(number, sizeof(number), id);
	fprintf(out, "%-9s %-16s %8s%20s %12s%11s\n", number, tag, size, date, clock, "");
}

static bool is_among(const struct list *list, const char *name)
{
	for (unsigned n = 0; n < list->count; n++)
		if (!strcmp(list->snapshots[n].name, name))
			return true;
	return false;
}

static void print_all(const struct list *list, FILE *out)
{
	fprintf(out, "List of snapshots present on all disks:\n%s",
		list->count ? TABLE_HEAD : "None\n");
	for (unsigned n = 0; n < list->count; n++)
		print_row(&list->snapshots[n], "--", out);
}

/* Prints the snapshots of a disk that are not on all disks. */
static void print_partial(const struct list *list, const struct list *all, const char *disk,
			  FILE *out)
{
	bool begun = false;

	for (unsigned n = 0; n < list->count; n++) {
		const struct disk_snapshot *snapshot = &list->snapshots[n];

		if (is_among(all, snapshot->name))
			continue;
		if (!begun)
			fprintf(out,
				"\nList of partial (non-loadable) snapshots on '%s':\n" TABLE_HEAD,
				disk);
		begun = true;
		print_row(snapshot, snapshot->id, out);
	}
}

static int list_of(struct monitor *monitor, const char *disk, struct list *list, FILE *out)
{
	struct board_error error;
	int failed =
		board_snapshot_list(monitor->board, disk, &list->snapshots, &list->count, &error);

	if (failed)
		fprintf(out, "%s\n", error.text);
	return failed;
}

/* Writes to `partial` the snapshots of each disk that are not on all disks. Returns whether any
 * disk has snapshots. */
static bool look_at_disks(struct monitor *monitor, const struct list *all, FILE *partial, FILE *out)
{
	struct board_block block;
	struct list list;
	bool any = false;

	for (unsigned n = 0; board_block(monitor->board, n, &block); n++) {
		if (list_of(monitor, block.node, &list, out))
			continue;
		any |= list.count > 0;
		print_partial(&list, all, block.id ? block.id : block.node, partial);
		free(list.snapshots);
	}
	return any;
}

void monitor_snapshots(struct monitor *monitor, char **words, FILE *out)
{
	struct list all;
	char *text = NULL;
	size_t size = 0;
	FILE *partial;
	bool any;

	(void)words;
	if (list_of(monitor, NULL, &all, out))
		return;
	partial = open_memstream(&text, &size);
	any = partial && look_at_disks(monitor, &all, partial, out);
	if (!partial || output_end_text(partial, &text)) {
		fputs(MONITOR_NO_MEMORY, out);
	} else if (any) {
		print_all(&all, out);
		fputs(text, out);
	} else {
		fprintf(out, "There is no snapshot available.\n");
	}
	free(text);
	free(all.snapshots);
}
