/* SPDX-License-Identifier: MIT */
/*
 * The run loop as a user sees it: a child runs a fake board on a pseudoterminal or pipes, and its
 * output, its exit code and its cost are checked.
 */
#include "tests/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_scene.h"
#include "frontends/host/exit_code.h"

#define IDLE_TICK_NS 10000000ull
#define IDLE_TICKS 100
#define VIRTUAL_SLICE_NS 100000ull
#define PASTE_SIZE 6000

static enum board_exit end_with(struct board *board, enum machine_end end, u64 code)
{
	board->platform.end = end;
	board->platform.end_code = code;
	return BOARD_ENDED;
}

static enum board_exit slice_pass(struct board *board)
{
	say(board, "hello");
	return end_with(board, MACHINE_PASS, 0);
}

static enum board_exit slice_fail(struct board *board)
{
	return end_with(board, MACHINE_FAIL, 42);
}

static enum board_exit slice_dead(struct board *board)
{
	return BOARD_DEAD;
}

static enum board_exit slice_limit(struct board *board)
{
	return BOARD_LIMIT;
}

static enum board_exit slice_differ(struct board *board)
{
	return BOARD_DIFFER;
}

static enum board_exit slice_busy(struct board *board)
{
	board->stats.instructions += 100000;
	if (board->slices == 1)
		say(board, "up\n");
	usleep(500); /* the time that the slice takes */
	return BOARD_SLICE;
}

static void nothing_fires(void *ctx, u64 now)
{
}

/* A slice that waits for input, without any event due. */
static enum board_exit slice_idle(struct board *board)
{
	if (board->slices == 1)
		say(board, "up\n");
	return BOARD_IDLE;
}

static enum board_exit slice_reset_once(struct board *board)
{
	if (board->resets == 1) {
		say(board, "again\n");
		return end_with(board, MACHINE_PASS, 0);
	}
	return BOARD_RESET;
}

static void test_ends(void **state)
{
	static const struct {
		struct scene scene;
		int code;
		const char *says;
	} cases[] = {
		{ { .slice = slice_pass }, 0, "hello" },
		{ { .slice = slice_fail }, 1, "baya: the guest reported failure 42\n" },
		{ { .slice = slice_fail, .options = "--exit-code=guest" }, 42,
		  "baya: the guest reported failure 42\n" },
		{ { .slice = slice_pass, .options = "--exit-code=guest" }, 0, "hello" },
		{ { .slice = slice_fail, .options = "--exit-code=qemu" }, 42,
		  "baya: the guest reported failure 42\n" },
		{ { .slice = slice_dead }, 5, "baya: the guest is dead: no hart can ever run "
					      "again\nhart 0: waits, and why\n" },
		{ { .slice = slice_limit }, 4, "baya: stopped: --max-insns is reached\n" },
		{ { .slice = slice_differ }, 7, "" },
		{ { .slice = slice_busy, .options = "--timeout=0.1" }, 4,
		  "baya: stopped: --timeout is reached\n" },
		{ { .slice = slice_idle, .options = "--timeout=0.1" }, 4,
		  "baya: stopped: --timeout is reached\n" },
		{ { .slice = slice_reset_once }, 0, "again" },
		{ { .slice = slice_reset_once, .options = "-no-reboot" }, 0, "" },
		{ { .slice = slice_pass, .options = "--stats" }, 0, "hello{\"instructions\":0," },
		{ { .slice = slice_pass, .options = "--state-hash" }, 0, "\"state_hash\":\"" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		expect_end(&cases[i].scene, cases[i].code, cases[i].says);
}

static void test_stays(void **state)
{
	static const struct scene scene = { .slice = slice_reset_once,
					    .options = "-no-reboot -no-shutdown" };
	struct child child;

	start(&child, CHILD_PIPES, &scene);
	child_expect(&child, "baya: a reset was requested, and the machine stays stopped");
	kill(child.pid, SIGTERM);
	assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGTERM);
	child_free(&child);
}

static int check_paste(struct board *board, int code)
{
	for (unsigned i = 0; i < PASTE_SIZE; i++)
		if (board->received[i] != 'a' + i % 26)
			return 90;
	return board->received_size == PASTE_SIZE ? code : 91;
}

/* A slice that ends the run when all input has arrived; it reads little, so that the rest must wait
 * in Baya. */
static enum board_exit slice_paste(struct board *board)
{
	struct clock *clock = &board->platform.clock;

	if (clock->mode == CLOCK_VIRTUAL)
		clock_advance(clock, clock_now(clock) + VIRTUAL_SLICE_NS);
	if (board->received_size < PASTE_SIZE)
		return BOARD_SLICE;
	return end_with(board, MACHINE_PASS, 0);
}

static void test_paste(void **state)
{
	static const struct scene scenes[] = {
		{ .slice = slice_paste, .after = check_paste, .room = 1 },
		{ .slice = slice_paste, .after = check_paste, .options = "--clock=virtual" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(scenes); i++) {
		struct child child;
		char text[PASTE_SIZE];

		for (unsigned j = 0; j < PASTE_SIZE; j++)
			text[j] = (char)('a' + j % 26);
		start(&child, CHILD_PIPES, &scenes[i]);
		child_type(&child, text, sizeof(text));
		assert_int_equal(code_of(&child), 0);
		child_free(&child);
	}
}

/* A slice that loads a state whose time is much earlier, and after that reads what is typed, with
 * one microsecond per slice. */
static enum board_exit slice_loaded(struct board *board)
{
	struct clock *clock = &board->platform.clock;

	if (board->slices == 1) {
		clock_advance(clock, 1000 * CLOCK_HZ);
	} else if (board->slices == 2) {
		clock->base = clock->latest = 0;
		board->platform.loads++;
		say(board, "young\n");
	}
	clock_advance(clock, clock_now(clock) + 1000);
	return board->received_size ? end_with(board, MACHINE_PASS, 0) : BOARD_SLICE;
}

static void test_loaded(void **state)
{
	static const struct scene scene = { .slice = slice_loaded,
					    .options = "--clock=virtual --timeout=100" };

	expect_talk(&scene, CHILD_PIPES, TALK({ "young", "x", false }), 0);
}

/* A slice in which devices work for so long that the machine's time stands still, compared with the
 * host's. */
static enum board_exit slice_works(struct board *board)
{
	if (board->slices == 1)
		say(board, "busy\n");
	platform_work(&board->platform, PLATFORM_WORK_MOST);
	return board->received_size ? end_with(board, MACHINE_PASS, 0) : BOARD_SLICE;
}

/* Input that arrives meanwhile is read. */
static void test_works(void **state)
{
	static const struct scene scene = { .slice = slice_works,
					    .options = "--clock=virtual --timeout=20" };

	expect_talk(&scene, CHILD_PIPES, TALK({ "busy", "x", false }), 0);
}

static int check_escaped(struct board *board, int code)
{
	return board->received_size == 3 && !memcmp(board->received, "a\001b", 3) ? code : 90;
}

static void test_keys(void **state)
{
	static const struct scene scene = { .slice = slice_idle, .after = check_escaped };

	for (enum child_io io = CHILD_TTY; io <= CHILD_PIPES; io++)
		expect_talk(&scene, io,
			    TALK({ "up", "a\001\001b\001h", false },
				 { "Ctrl-a x       end Baya", "\001x", false }),
			    0);
}

static int check_binary(struct board *board, int code)
{
	return board->received_size == 2 && !memcmp(board->received, "\001x", 2) ? code : 90;
}

/* With -serial stdio no key is for Baya itself, and Ctrl-c is handled by the terminal. */
static void test_plain_stdio(void **state)
{
	static const struct scene scene = { .slice = slice_idle, .options = "-serial stdio",
					    .echo = true, .after = check_binary };

	expect_talk(&scene, CHILD_TTY, TALK({ "up", "\001x", false }, { "\001x", "\003", false }),
		    EXIT_SIGNAL + SIGINT);
}

static void test_monitor(void **state)
{
	static const struct scene scene = { .slice = slice_busy };
	const struct turn *talk =
		TALK({ "up", "\001c", false }, { "(baya) ", "stpo\b\bop\r", false },
		     { NULL, "info status\r", false },
		     { "VM status: paused", "cont\rinfo status\r", false },
		     { "VM status: running", "info mtree\r\033[A\r", false },
		     { "the tree\r\n(baya) \r\033[K(baya) info mtree\r\nthe tree\r\n",
		       "\001c\001cquit\r", false });

	expect_talk(&scene, CHILD_TTY, talk, 0);
}

static int count_resets(struct board *board, int code)
{
	return code ? code : (int)board->resets;
}

static void test_monitor_first(void **state)
{
	static const struct scene scene = { .slice = slice_idle, .after = count_resets,
					    .options = "-serial none -monitor stdio" };

	expect_talk(&scene, CHILD_PIPES,
		    TALK({ NULL, "system_reset\n", false }, { NULL, "quit\n", true }), 1);
}

static bool no_stream; /* there is no memory for the next stream in memory */

FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	if (!no_stream)
		return __real_open_memstream(text, size);
	no_stream = false;
	return NULL;
}

static enum board_exit slice_no_memory(struct board *board)
{
	static bool begun;

	no_stream |= !begun;
	begun = true;
	return slice_idle(board);
}

/* A command that cannot be answered is not taken for one that has nothing to say. */
static void test_monitor_memory(void **state)
{
	static const struct scene scene = { .slice = slice_no_memory,
					    .options = "-serial none -monitor stdio" };

	expect_talk(&scene, CHILD_PIPES,
		    TALK({ NULL, "info status\n", true },
			 { "not enough host memory\n(baya) ", "info status\n", false },
			 { "VM status: running", "quit\n", false }),
		    0);
}

static void test_signal(void **state)
{
	static const struct scene scene = { .slice = slice_idle, .options = "--stats" };
	struct child child;

	for (enum child_io io = CHILD_TTY; io <= CHILD_PIPES; io++) {
		start(&child, io, &scene);
		child_expect(&child, "up");
		kill(child.pid, SIGTERM);
		child_expect(&child, "{\"instructions\":0,");
		assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGTERM);
		child_free(&child);
	}
}

/* --exit-code=qemu: signals end the run as they end QEMU, with a line and with success; SIGQUIT
 * still kills. */
static void test_signal_qemu(void **state)
{
	static const struct scene scene = { .slice = slice_idle, .options = "--exit-code=qemu" };
	static const struct {
		int number, code;
		const char *says;
	} cases[] = {
		{ SIGTERM, 0, "baya: terminating on signal 15\n" },
		{ SIGINT, 0, "baya: terminating on signal 2\n" },
		{ SIGHUP, 0, "baya: terminating on signal 1\n" },
		{ SIGQUIT, EXIT_SIGNAL + SIGQUIT, "" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct child child;

		start(&child, CHILD_PIPES, &scene);
		child_expect(&child, "up");
		kill(child.pid, cases[n].number);
		child_expect(&child, cases[n].says);
		assert_int_equal(code_of(&child), cases[n].code);
		child_free(&child);
	}
}

/* A tick, and how often it came. */
struct idle {
	struct clock_event tick; /* this is the first field, because the clock passes its address */
	unsigned ticks;
};

/* A guest with a 100 Hz tick and nothing to do. */
static enum board_exit slice_ticks(struct board *board)
{
	static const char up[] = "up\n";
	struct clock *clock = &board->platform.clock;
	struct clock_event *event;

	if (board->slices == 1) {
		struct idle *idle = calloc(1, sizeof(*idle));

		idle->tick.fire = nothing_fires;
		clock_event_init(clock, &board->platform.state, &idle->tick, "tick");
		say(board, up);
	}
	clock_fire(clock);
	event = clock->events[0];
	if (event->when == CLOCK_NEVER) {
		clock_arm(clock, event, clock_now(clock) + IDLE_TICK_NS);
		if (++((struct idle *)event)->ticks > IDLE_TICKS)
			return BOARD_LIMIT;
	}
	return BOARD_IDLE;
}

static int check_idle(struct board *board, int code)
{
	free(board->platform.clock.events[0]);
	if (board->slices > 5 * IDLE_TICKS)
		return 90;
	return code == 4 ? 0 : 91;
}

/*
 * An idle machine sleeps from tick to tick, even when the input has ended; a slice only arms or
 * fires a tick. A loop that did not sleep would run thousands of slices until a tick is due, and
 * even more on a busy host, where ticks come late.
 */
static void test_idle(void **state)
{
	static const struct scene scene = { .slice = slice_ticks, .after = check_idle };
	struct child child;

	for (unsigned closed = 0; closed < 2; closed++) {
		start(&child, CHILD_PIPES, &scene);
		child_expect(&child, "up");
		if (closed) {
			close(child.to);
			child.to = -1;
		}
		assert_int_equal(code_of(&child), 0);
		child_free(&child);
	}
}

/* A slice that writes without end. If the reader never reads, the guest has to wait, and the run
 * can be ended. */
static enum board_exit slice_flood(struct board *board)
{
	char line[4096];

	memset(line, 'x', sizeof(line));
	chardev_write(&board->serial, (u8 *)line, sizeof(line));
	return BOARD_SLICE;
}

static int check_flood(struct board *board, int code)
{
	return board->slices > 1000 ? 90 : code;
}

static void test_congestion(void **state)
{
	static const struct scene scene = { .slice = slice_flood, .after = check_flood };

	expect_talk(&scene, CHILD_TTY, TALK({ "xxxx", "\001x", true }), 0);
}

static void test_reader_gone(void **state)
{
	static const struct scene scene = { .slice = slice_flood };
	struct child child;

	start(&child, CHILD_PIPES, &scene);
	child_expect(&child, "xxxx");
	close(child.from);
	child.from = child.to;
	assert_int_equal(code_of(&child), EXIT_SIGNAL + SIGPIPE);
	child_free(&child);
}

static void test_serial_file(void **state)
{
	static const struct {
		struct scene scene;
		int code;
		const char *says;
	} cases[] = {
		{ { .slice = slice_pass, .options = "-serial file:test_run.out" }, 0, "" },
		{ { .slice = slice_pass, .options = "-serial file:/no/such/file" }, 3,
		  "baya: the port 'serial': cannot write to '/no/such/file': No such file or "
		  "directory\n" },
	};
	char text[16] = "";
	FILE *file;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		expect_end(&cases[i].scene, cases[i].code, cases[i].says);
	file = fopen("test_run.out", "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), 5);
	assert_string_equal(text, "hello");
	fclose(file);
	remove("test_run.out");
}

static enum board_exit slice_mute(struct board *board)
{
	return BOARD_IDLE;
}

/* A slice that writes one word and is busy from then on. */
static enum board_exit slice_after(struct board *board, const char *word)
{
	if (!board->stats.instructions)
		say(board, word);
	board->stats.instructions += 10000000;
	usleep(10000); /* the time that the slice takes */
	return BOARD_SLICE;
}

static enum board_exit slice_prompt(struct board *board)
{
	return slice_after(board, "\n=> ");
}

static enum board_exit slice_line(struct board *board)
{
	return slice_after(board, "Starting\n");
}

static int check_explained(struct board *board, int code)
{
	return code == 4 || code == EXIT_SIGNAL + SIGTERM ? (int)board->explained : 90;
}

#define STOPS "--timeout=10.5"

static void test_mute(void **state)
{
	static const char told[] = "baya: the guest has written nothing for 10 seconds; it is "
				   "here (this is printed once):";
	static const struct {
		struct scene scene;
		bool told;
		enum child_io io;
	} cases[] = {
		{ { .slice = slice_mute }, true, CHILD_TTY },
		{ { .slice = slice_line }, true, CHILD_TTY },
		{ { .slice = slice_prompt, .options = STOPS }, false, CHILD_TTY },
		{ { .slice = slice_line, .options = STOPS " --tell-silence=off" },
		  false, CHILD_TTY },
		{ { .slice = slice_line, .options = STOPS }, false, CHILD_PIPES },
		{ { .slice = slice_line, .options = "--tell-silence=on" }, true, CHILD_PIPES },
	};
	struct child child[ARRAY_SIZE(cases)];

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene scene = cases[i].scene;

		scene.after = check_explained;
		start(&child[i], cases[i].io, &scene);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		child_expect(&child[i], cases[i].told ? told : "--timeout is reached");
		if (cases[i].told)
			kill(child[i].pid, SIGTERM);
		assert_int_equal(code_of(&child[i]), cases[i].told);
		child_free(&child[i]);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_ends),	    cmocka_unit_test(test_stays),
	cmocka_unit_test(test_paste),
	cmocka_unit_test(test_keys),	    cmocka_unit_test(test_plain_stdio),
	cmocka_unit_test(test_monitor),	    cmocka_unit_test(test_monitor_first),
	cmocka_unit_test(test_monitor_memory),
	cmocka_unit_test(test_signal),	    cmocka_unit_test(test_signal_qemu),
	cmocka_unit_test(test_idle),
	cmocka_unit_test(test_congestion),  cmocka_unit_test(test_reader_gone),
	cmocka_unit_test(test_serial_file), cmocka_unit_test(test_mute),
	cmocka_unit_test(test_loaded),
	cmocka_unit_test(test_works),
	{ 0 },
};
