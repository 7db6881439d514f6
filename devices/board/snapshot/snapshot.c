/* SPDX-License-Identifier: MIT */
/*
 * Makes, loads and deletes snapshots of the machine together with its disks. The checks come first,
 * and the steps are ordered such that a failure leaves everything unchanged. See
 * board/snapshot/snapshot.h. Messages of this file are worded as in QEMU where QEMU has them.
 */
#include "devices/board/snapshot/snapshot.h"

#include "cpu/debug/debug.h"
#include "devices/board/machine.h"
#include "devices/board/snapshot/state.h"
#include "devices/board/timing/cold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The disks and files that a request concerns. */
struct snapshot {
	struct board *board;
	const char *tag;
	struct board_node *nodes[BOARD_DISKS_MAX]; /* the nodes of `disks` */
	struct disk *disks[BOARD_DISKS_MAX];
	unsigned count;
	struct board_node *vm; /* the disk that has the machine's state */
	bool cold; /* the board has timing models and the state has none */
	/* a remark on the version of Baya that saved the state, if it is another one */
	char saved_by[160];
	char why[QCOW2_WHY];
};

static struct disk_set set_of(const struct snapshot *s)
{
	return (struct disk_set){ .disks = s->disks, .count = s->count };
}

/* Returns the user's name of a disk: the drive's id, or the node's own name. */
static const char *name_of(const struct board_node *node)
{
	return node->config.id ? node->config.id : node->name;
}

/* Reports a failed operation of a disk: with the line in s->why, or the host's reason. */
static int disk_failed(struct snapshot *s, const struct board_node *node, int error)
{
	return board_fail(s->board, 3, "Device '%.200s': %.250s", name_of(node),
			  *s->why ? s->why : strerror(-error));
}

static int add_disk(struct snapshot *s, struct board_node *node)
{
	if (!disk_can_snapshot(&node->disk))
		return board_fail(s->board, 2,
				  "Device '%.200s' is writable but does not support snapshots",
				  name_of(node));
	for (unsigned n = 0; n < s->count; n++)
		if (s->nodes[n] == node)
			return 0;
	s->nodes[s->count] = node;
	s->disks[s->count++] = &node->disk;
	return 0;
}

static int add_named(struct snapshot *s, const char *id)
{
	struct board_node *node = board_find_disk(s->board, id);

	return node ? add_disk(s, node) :
		      board_fail(s->board, 2, "No block device node '%.200s'", id);
}

/*
 * Returns whether a request that names no disks includes the node. As in QEMU, it leaves out a node
 * that is the file of another one.
 */
static bool is_meant(const struct board_node *node)
{
	return !node->config.readonly && !node->above;
}

/* Finds the disks of a request. */
static int choose_disks(struct snapshot *s, const struct board_snapshot_request *request)
{
	struct board *board = s->board;
	int failed = 0;

	for (unsigned n = 0; !failed && n < request->device_count; n++)
		failed = add_named(s, request->devices[n]);
	for (unsigned n = 0; !failed && !request->device_count && n < board->node_count; n++)
		if (is_meant(board->nodes[n]))
			failed = add_disk(s, board->nodes[n]);
	return failed;
}

/*
 * Returns which of two disks gets the machine's state: that of the device whose name comes first.
 * The name is the device's place in the machine (blk0), and not that of the disk on the command
 * line, so a machine finds its state however its disks are given, but not if the device has
 * another disk. A disk that no device uses comes last. `one` may be NULL.
 */
static struct board_node *first_of(struct board_node *one, struct board_node *other)
{
	if (!one || !other->user)
		return one ? one : other;
	return !one->user || strcmp(other->user, one->user) < 0 ? other : one;
}

/* Finds the disk that has, or is to get, the machine's state. */
static int choose_vm(struct snapshot *s, const char *id)
{
	const struct board_node *named = id ? board_find_disk(s->board, id) : NULL;

	if (!id && !s->count)
		return board_fail(s->board, 2, "no block device can store vmstate for snapshot");
	for (unsigned n = 0; n < s->count; n++)
		if (!id || s->nodes[n] == named)
			s->vm = first_of(s->vm, s->nodes[n]);
	return s->vm ? 0 :
		       board_fail(s->board, 2, "vmstate block device '%.200s' does not exist", id);
}

/*
 * Refuses a request if the machine can have no snapshots: it writes nothing to its disks, a journal
 * is recorded or replayed, or it writes to a flash file, which would not be part of a snapshot.
 */
static int check_machine(struct board *board)
{
	const struct journal *journal = &board->platform.journal;

	if (board_copies(&board->config))
		return board_fail(board, 2,
				  "there are no snapshots with --compare and --restore, "
				  "which write nothing to disks");
	if (journal->recording || journal->replaying)
		return board_fail(board, 2,
				  "there are no snapshots while a journal is recorded or replayed");
	for (unsigned n = 0; n < board->flash_count; n++)
		if (board->flash[n].fd >= 0)
			return board_fail(board, 2,
					  "Device 'pflash%u' is writable but does not "
					  "support snapshots",
					  n);
	return 0;
}

static int board_snapshot_begin(struct snapshot *s, struct board *board,
				const struct board_snapshot_request *request,
				struct board_error *error)
{
	*s = (struct snapshot){ .board = board, .tag = request->tag };
	board->error = error;
	if (check_machine(board) < 0)
		return -1;
	if (strlen(s->tag) >= DISK_SNAPSHOT_NAME)
		return board_fail(board, 2, "a snapshot's name has at most %d bytes",
				  DISK_SNAPSHOT_NAME - 1);
	return choose_disks(s, request);
}

/*
 * Refuses a snapshot if a part of the machine depends on something of the host that the state would
 * lack.
 */
static int check_bound(struct board *board)
{
	char why[256];

	return state_bound(&board->platform.state, why, sizeof(why)) ?
		       board_fail(board, 2, "%s", why) :
		       0;
}

static int delete_older(struct snapshot *s)
{
	struct disk_set set = set_of(s);
	int error = disk_set_delete_older(&set, s->tag, s->why);

	return error ? disk_failed(s, s->nodes[set.at], error) : 0;
}

static int board_snapshot_create(struct snapshot *s)
{
	struct clock *clock = &s->board->platform.clock;
	struct disk_snapshot snapshot = { .clock = clock_now(clock) };
	struct disk_set set = set_of(s);
	struct timespec now;
	int error = snapshot_state_write(&s->board->platform.state, &s->vm->disk,
					 &snapshot.state_size, s->why);

	if (error)
		return disk_failed(s, s->vm, error);
	clock_gettime(CLOCK_REALTIME, &now);
	snapshot.seconds = (u32)now.tv_sec;
	snapshot.nanoseconds = (u32)now.tv_nsec;
	snprintf(snapshot.name, sizeof(snapshot.name), "%s", s->tag);
	error = disk_set_create(&set, &snapshot, &s->vm->disk, s->why);
	return error ? disk_failed(s, s->nodes[set.at], error) : 0;
}

int board_snapshot_save(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error)
{
	struct disk_set set;
	struct snapshot s;
	bool all, any;

	if (board_snapshot_begin(&s, board, request, error) < 0)
		return -1;
	set = set_of(&s);
	disk_set_find(&set, s.tag, &all, &any);
	if (any && !request->replace)
		return board_fail(board, 2,
				  "Snapshot '%.200s' already exists in one or more devices", s.tag);
	if (choose_vm(&s, request->vmstate) < 0 || check_bound(board) < 0)
		return -1;
	if (board->platform.end != MACHINE_RUNS)
		return board_fail(board, 2, "the machine has ended or is about to be reset");
	if (board_snapshot_create(&s) < 0)
		return -1;
	/*
	 * Older snapshots of that name are deleted last, so that they still exist if the new one
	 * cannot be made. (A search by name finds them first.)
	 */
	return delete_older(&s);
}

/* The text with which state_check() describes the first difference of a state without models. */
#define MODELS_HERE "timing (only here)"
/* Its text for a state of harts with vectors, if the first hart has none here. */
#define VECTORS_THERE "hart0-vector (only there)"

/*
 * Returns whether the saved state is of this machine except that it lacks the timing models. If it
 * has no models, but differs in another way, the text `differs` names that difference.
 */
static bool is_untimed(const struct board *board, struct snapshot_state *saved, char *differs,
		       size_t size)
{
	bool none = !strcmp(differs, MODELS_HERE);
	struct state untimed = board_without_models(board);
	bool good = board->timing.kind &&
		    !snapshot_state_check(saved, &untimed, differs, none ? size : 0);

	state_free(&untimed);
	return good;
}

/* Notes which version of Baya saved the state, if that is known and is not this version. */
static void note_version(struct snapshot *s, struct snapshot_state *saved)
{
	const char *here = s->board->config.version;
	char there[UINT8_MAX + 1]; /* the longest that a state can have */

	snapshot_state_version(saved, there, sizeof(there));
	if (*there && here && strcmp(there, here))
		snprintf(s->saved_by, sizeof(s->saved_by),
			 " (baya %.60s saved it; this is baya %.60s)", there, here);
}

/*
 * Fails because the state is of another machine. A core without a vector unit takes V from the
 * default model, so the user who gives the options with which the machine was saved is told more.
 */
static int other_machine(struct snapshot *s, const char *differs)
{
	const struct board *board = s->board;

	if (board->timing.kind && !timing_vlen(&board->timing) && !strcmp(differs, VECTORS_THERE))
		return board_fail(s->board, 2,
				  "Snapshot '%.200s' is of a machine with vectors, and core '%.*s' "
				  "has no vector unit: save the machine with v=off in -cpu, as in "
				  "-cpu max,v=off",
				  s->tag, (int)strcspn(board->core, ","), board->core);
	return board_fail(s->board, 2,
			  "Snapshot '%.200s' is of another machine, which differs in %s: start "
			  "the same version of Baya with the options with which it was saved%s",
			  s->tag, *differs ? differs : "all", s->saved_by);
}

/* Refuses a damaged state, or one of another machine, before anything changes. */
static int check_state(struct snapshot *s, struct snapshot_state *saved)
{
	char differs[128];
	int error =
		snapshot_state_check(saved, &s->board->platform.state, differs, sizeof(differs));

	s->cold = error == -EINVAL && is_untimed(s->board, saved, differs, sizeof(differs));
	if (error == -EBADMSG)
		return board_fail(s->board, 3,
				  "Snapshot '%.200s' is damaged: its bytes are not those that were "
				  "saved; load another one, or use a copy of the image",
				  s->tag);
	if (error == -EINVAL && !s->cold)
		return other_machine(s, differs);
	return error && !s->cold ? disk_failed(s, s->vm, error) : 0;
}

static int read_state(void *saved, struct state *state)
{
	return snapshot_state_read(saved, state);
}

/*
 * Resets a machine that a failure has left in neither the old state nor the new one, and adds that
 * to the error, which already has the reason.
 */
static int lost(struct board *board, u64 now)
{
	struct board_error *error = board->error, again;
	size_t used = strlen(error->text);
	int failed;

	/*
	 * A reset would not clear memory, the clock, and events that the devices armed but no
	 * longer know of.
	 */
	clock_restart(&board->platform.clock, now);
	ram_clear(&board->ram);
	failed = board_reset(board, &again);
	board->error = error;
	snprintf(error->text + used, sizeof(error->text) - used, "; the machine %s%.150s",
		 failed ? "is lost, for it cannot be reset: " : "was reset",
		 failed ? again.text : "");
	return -2;
}

/*
 * Reports that the state could not be read after the disks were changed. Its bytes are those that
 * were saved, so a part that refuses it has most likely been made with other options: a device, for
 * example, without a feature that the driver uses.
 */
static void read_failed(struct snapshot *s, int failed)
{
	const char *refused = s->board->platform.state.refused;

	if (failed == -EINVAL)
		board_fail(s->board, 3,
			   "Snapshot '%.200s' does not fit '%s', which may have other options: "
			   "start the same version of Baya with the options with which it was "
			   "saved%s; the disks already have its contents",
			   s->tag, *refused ? refused : "machine", s->saved_by);
	else
		board_fail(s->board, 3,
			   "Snapshot '%.200s' cannot be read: %s; the disks already have its "
			   "contents",
			   s->tag, strerror(-failed));
}

static int apply(struct snapshot *s, struct snapshot_state *saved)
{
	struct board *board = s->board;
	struct disk_set set = set_of(s);
	u64 now = clock_now(&board->platform.clock);
	int failed = disk_set_apply(&set, s->tag, s->why);

	if (failed)
		disk_failed(s, s->nodes[set.at], failed);
	if (failed && !set.applied)
		return -1;
	if (!failed) {
		failed = s->cold ? board_load_cold(board, read_state, saved) :
				   read_state(saved, &board->platform.state);
		if (failed)
			read_failed(s, failed);
	}
	board->platform.loads++;
	board->platform.end = MACHINE_RUNS;
	board->disk_errors.stopped = true; /* for the saved machine may have been stopped */
	if (board->debug)
		debug_forget(board->debug);
	return failed ? lost(board, now) : 0;
}

/*
 * Refuses disks whose snapshots of that name are not of one machine at one time: one of them may
 * have been replaced while another disk was used with -snapshot.
 */
static int check_times(struct snapshot *s, const struct disk_snapshot *vm)
{
	struct disk_snapshot one;

	for (unsigned n = 0; n < s->count; n++)
		if (!disk_snapshot_find(s->disks[n], s->tag, &one) || one.clock != vm->clock ||
		    one.seconds != vm->seconds || one.nanoseconds != vm->nanoseconds)
			return board_fail(
				s->board, 2,
				"Snapshot '%.200s' was made on device '%.100s' at another "
				"time than on device '%.100s': load another one",
				s->tag, name_of(s->nodes[n]), name_of(s->vm));
	return 0;
}

/* Returns whether the node's image has the machine's state in the snapshot, which it fills in. */
static bool has_state(const struct snapshot *s, struct board_node *node,
		      struct disk_snapshot *found)
{
	return disk_snapshot_find(&node->disk, s->tag, found) && found->state_size;
}

/*
 * Reports that the disk of the state does not have it. If QMP named the disk, the text is QEMU's.
 * QEMU advises to revert the disks in any case, which would leave a machine without its state; and
 * a state can be in an image that this machine does not have. If it is in the disk of another
 * device, the disks may have been exchanged, and the saved machine would write what it has of one
 * to the other.
 */
static int no_state(struct snapshot *s, const char *id)
{
	struct disk_snapshot found;

	if (id)
		return board_fail(s->board, 2,
				  "This is a disk-only snapshot. Revert to it  offline "
				  "using qemu-img");
	for (unsigned n = 0; n < s->count; n++)
		if (has_state(s, s->nodes[n], &found))
			return board_fail(s->board, 2,
					  "Snapshot '%.200s' has the machine's state in device "
					  "'%.100s' and not in '%.100s': give each device of the "
					  "machine the disk that it had",
					  s->tag, name_of(s->nodes[n]), name_of(s->vm));
	return board_fail(
		s->board, 2,
		"No disk has the machine's state in snapshot '%.200s': give the disk that "
		"has it, too; if disks alone were saved, qemu-img snapshot -a reverts to it",
		s->tag);
}

/* Finds the disk that has the machine's state, and its snapshot there. */
static int find_vm(struct snapshot *s, const char *id, struct disk_snapshot *found)
{
	if (choose_vm(s, id) < 0)
		return -1;
	return has_state(s, s->vm, found) ? 0 : no_state(s, id);
}

int board_snapshot_load(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error)
{
	struct snapshot_state *saved = NULL;
	struct disk_snapshot found;
	struct disk_set set;
	struct snapshot s;
	bool all, any;
	int failed;

	if (board_snapshot_begin(&s, board, request, error) < 0)
		return -1;
	set = set_of(&s);
	disk_set_find(&set, s.tag, &all, &any);
	if (s.count && !all)
		return board_fail(board, 2,
				  "Snapshot '%.200s' does not exist in one or more devices", s.tag);
	if (find_vm(&s, request->vmstate, &found) < 0)
		return -1;
	if (check_times(&s, &found) < 0)
		return -1;
	failed = snapshot_state_open(&saved, &s.vm->disk, s.tag, s.why);
	if (failed)
		return disk_failed(&s, s.vm, failed);
	note_version(&s, saved);
	failed = check_state(&s, saved);
	if (!failed)
		failed = apply(&s, saved);
	snapshot_state_close(saved);
	return failed;
}

int board_snapshot_delete(struct board *board, const struct board_snapshot_request *request,
			  struct board_error *error)
{
	struct disk_set set;
	struct snapshot s;
	int failed;

	if (board_snapshot_begin(&s, board, request, error) < 0)
		return -1;
	set = set_of(&s);
	failed = s.count ? disk_set_delete(&set, s.tag, s.why) : 0;
	return failed && failed != -ENOENT ? disk_failed(&s, s.nodes[set.at], failed) : 0;
}

static bool is_everywhere(const struct board *board, const char *name)
{
	struct disk_snapshot found;

	for (unsigned n = 0; n < board->node_count; n++) {
		struct board_node *node = board->nodes[n];

		if (is_meant(node) && (!disk_can_snapshot(&node->disk) ||
				       !disk_snapshot_find(&node->disk, name, &found)))
			return false;
	}
	return true;
}

/* Finds the disk with the machine's states, for a request that names none. */
static struct board_node *first_that_can(const struct board *board)
{
	struct board_node *first = NULL;

	for (unsigned n = 0; n < board->node_count; n++)
		if (disk_can_snapshot(&board->nodes[n]->disk))
			first = first_of(first, board->nodes[n]);
	return first;
}

int board_snapshot_list(struct board *board, const char *device, struct disk_snapshot **list,
			unsigned *count, struct board_error *error)
{
	struct board_node *node = device ? board_find_disk(board, device) : first_that_can(board);
	struct snapshot s = { .board = board };
	unsigned kept = 0;
	int failed;

	board->error = error;
	*list = NULL;
	*count = 0;
	if (!node && device)
		return board_fail(board, 2, "No block device node '%.200s'", device);
	if (!node)
		return board_fail(board, 2, "no block device can store vmstate for snapshot");
	if (!disk_can_snapshot(&node->disk))
		return 0;
	failed = disk_snapshots(&node->disk, list, count, s.why);
	if (failed)
		return disk_failed(&s, node, failed);
	for (unsigned n = 0; !device && n < *count; n++)
		if (is_everywhere(board, (*list)[n].name))
			(*list)[kept++] = (*list)[n];
	*count = device ? *count : kept;
	return 0;
}
