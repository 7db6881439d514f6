/* SPDX-License-Identifier: MIT */
/*
 * Gives programs that use semihosting access to files, but only to those in one folder of the host.
 * The host's kernel resolves every name beneath that folder (openat2, RESOLVE_BENEATH), so neither
 * ".." nor a symbolic link can lead out of it. Answers go through the journal. Open files are state
 * of the host: a loaded state has none, and a reset closes them.
 */
#include "devices/board/machine.h"
#include "devices/printable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bus/output.h"

/* The contents of a record of the journal: a result, and the bytes read. */
struct answer {
	s64 result;
	u8 data[SEMIHOST_DATA_MAX];
};

static void console_write(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;

	chardev_write(&board->uart.chardev, data, size);
}

static bool console_ready(void *ctx)
{
	const struct board *board = ctx;

	return board->uart.count || board->uart.ended;
}

static s64 console_read(void *ctx, u8 *data, size_t size)
{
	struct board *board = ctx;
	size_t got = 0;

	while (got < size && uart_poll(&board->uart, &data[got]))
		got++;
	return got ? (s64)got : board->uart.ended ? -1 : 0;
}

/* Tells the user, once for each reason, that a name is refused, since few programs say so. */
static void tell_refused(struct board *board, enum semihost_refusal why, const char *name)
{
	static const char *const reasons[] = {
		[SEMIHOST_NO_FOLDER] = "the program has no files of the host; give it those of a "
				       "folder by -semihosting-config path=FOLDER",
		[SEMIHOST_OUTSIDE] = "it is outside of the folder that -semihosting-config path= "
				     "names; give path= a folder in which it is",
	};

	char text[200];

	printable_copy(text, sizeof(text), name);
	if (!board->semihost.told[why])
		log_warn(&board->platform.log, LOG_GUEST_ERRORS,
			 "semihosting: '%s' is refused: %s (this is printed once)", text,
			 reasons[why]);
	board->semihost.told[why] = true;
}

/* Returns the rest of a path that begins with the folder's own path, or NULL if it does not. Both
 * are paths without symbolic links. */
static const char *after_folder(const struct board_semihost *semihost, const char *path)
{
	size_t size = strlen(semihost->path);

	size -= semihost->path[size - 1] == '/'; /* the root */
	if (strncmp(path, semihost->path, size) || (path[size] && path[size] != '/'))
		return NULL;
	path += size;
	return path + strspn(path, "/");
}

/*
 * Stores a name relative to the folder. A relative name begins at `start`. An absolute name may
 * begin with the folder's own path, as names that compilers put into programs do; any other is
 * taken as if the folder were the root. Returns 0, or -errno after telling the user why.
 */
static int from_folder(struct board *board, const char *name, char path[PATH_MAX])
{
	struct board_semihost *semihost = &board->semihost;
	const char *start = *name == '/' ? "" : semihost->start, *rest;

	if (semihost->folder < 0) {
		tell_refused(board, SEMIHOST_NO_FOLDER, name);
		return -EACCES;
	}
	rest = after_folder(semihost, name);
	name = rest ? rest : name + strspn(name, "/");
	if (!*start && !*name)
		name = ".";
	if (snprintf(path, PATH_MAX, "%s%s%s", start, *start ? "/" : "", name) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

/* Opens a path beneath the folder; `name` is what the program calls it. */
static int open_beneath(struct board *board, const char *name, const char *path, int flags)
{
	struct open_how how = {
		.flags = (u64)flags | O_CLOEXEC,
		.mode = flags & O_CREAT ? 0666 : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, board->semihost.folder, path, &how, sizeof(how));
	int failed = fd < 0 ? -errno : 0;

	if (failed == -EXDEV)
		tell_refused(board, SEMIHOST_OUTSIDE, name);
	return failed ? failed : (int)fd;
}

/* Opens a file. The request's number is the index of a mode of fopen: r, rb, r+, r+b, w, ... */
static s64 open_file(struct board *board, const struct semihost_request *request)
{
	static const int flags[] = {
		O_RDONLY, O_RDWR, O_WRONLY | O_CREAT | O_TRUNC, O_RDWR | O_CREAT | O_TRUNC,
		O_WRONLY | O_CREAT, O_RDWR | O_CREAT,
	};
	char path[PATH_MAX];
	struct stat about;
	unsigned n = 0;
	int fd;

	while (n < SEMIHOST_FILES && board->semihost.files[n] >= 0)
		n++;
	if (request->number >= 2 * ARRAY_SIZE(flags))
		return -EINVAL;
	if (n == SEMIHOST_FILES)
		return -EMFILE;
	if (board_copies(&board->config) && flags[request->number / 2] != O_RDONLY)
		return -EROFS;
	fd = from_folder(board, request->name, path);
	/* O_NONBLOCK: opening a FIFO must not wait for its other end. */
	if (!fd)
		fd = open_beneath(board, request->name, path,
				  flags[request->number / 2] | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)) {
		close(fd);
		return -EACCES;
	}
	board->semihost.files[n] = fd;
	return n;
}

/* Opens the parent folder of a name, and sets *last to the name's last component. */
static int open_parent(struct board *board, const char *name, const char **last)
{
	char path[PATH_MAX];
	const char *slash = strrchr(name, '/');
	char *end;
	int failed = from_folder(board, name, path);

	if (failed)
		return failed;
	*last = slash ? slash + 1 : name;
	end = strrchr(path, '/');
	if (!**last || !strcmp(end ? end + 1 : path, ".") || !strcmp(*last, ".."))
		return -EINVAL;
	if (end)
		*end = '\0';
	return open_beneath(board, name, end ? path : ".", O_PATH | O_DIRECTORY);
}

static s64 remove_file(struct board *board, const char *name)
{
	const char *last;
	int folder = board_copies(&board->config) ? -EROFS : open_parent(board, name, &last);
	int failed;

	if (folder < 0)
		return folder;
	failed = unlinkat(folder, last, 0) ? -errno : 0;
	close(folder);
	return failed;
}

static s64 rename_file(struct board *board, const struct semihost_request *request)
{
	const char *last, *other;
	int from = board_copies(&board->config) ? -EROFS : open_parent(board, request->name, &last);
	int to, failed;

	if (from < 0)
		return from;
	to = open_parent(board, request->other, &other);
	failed = to < 0 ? to : renameat(from, last, to, other) ? -errno : 0;
	close(from);
	if (to >= 0)
		close(to);
	return failed;
}

static s64 or_errno(s64 result)
{
	return result < 0 ? -errno : result;
}

/* Carries out a request about an open file. */
static s64 use_file(struct board *board, const struct semihost_request *request, u8 *data)
{
	struct stat about;
	int *file = &board->semihost.files[request->handle % SEMIHOST_FILES], fd = *file;

	if (request->handle >= SEMIHOST_FILES || fd < 0)
		return -EBADF;
	switch (request->op) {
	case SEMIHOST_CLOSE:
		*file = -1;
		return or_errno(close(fd));
	case SEMIHOST_WRITE:
		return or_errno(write(fd, request->data, request->size));
	case SEMIHOST_READ:
		return or_errno(read(fd, data, request->size));
	case SEMIHOST_SEEK:
		return request->number > INT64_MAX                     ? -EINVAL :
		       lseek(fd, (off_t)request->number, SEEK_SET) < 0 ? -errno :
									 0;
	default:
		return fstat(fd, &about) < 0 ? -errno : about.st_size;
	}
}

static u64 seconds(void *ctx)
{
	struct board *board = ctx;

	return rtc_now(&board->rtc) / CLOCK_HZ;
}

static void free_ram(void *ctx, u64 *base, u64 *end)
{
	const struct board *board = ctx;

	loader_largest_gap(&board->loader, base, end);
}

/*
 * Returns whether Baya's own stream is a terminal. Under the virtual clock a stream always counts
 * as one, because C libraries buffer their output accordingly, and a run would have other
 * instructions and cycles in a pipe.
 */
static bool is_terminal(const struct board *board, u64 number)
{
	const struct chardev *chardev = &board->uart.chardev;

	if (board->config.clock == CLOCK_VIRTUAL)
		return true;
	return number == STREAM_IN ? chardev->tty_in : chardev->tty_out;
}

/* Carries out the present request on the host. */
static void answer_now(void *ctx, u8 *data, size_t size)
{
	struct board *board = ctx;
	const struct semihost_request *request = &board->semihost.host.request;
	u8 *read_into = data + offsetof(struct answer, data);
	s64 result;

	memset(data, 0, size);
	if (request->op == SEMIHOST_OPEN)
		result = open_file(board, request);
	else if (request->op == SEMIHOST_REMOVE)
		result = remove_file(board, request->name);
	else if (request->op == SEMIHOST_RENAME)
		result = rename_file(board, request);
	else if (request->op == SEMIHOST_ISTTY)
		result = is_terminal(board, request->number);
	else
		result = use_file(board, request, read_into);
	memcpy(data, &result, sizeof(result));
}

static s64 semihost_ask(void *ctx, struct semihost_request *request)
{
	struct board *board = ctx;
	bool reads = request->op == SEMIHOST_READ;
	size_t size = offsetof(struct answer, data) + (reads ? request->size : 0);
	struct answer answer;

	journal_ask(&board->platform.journal, board->semihost.sink, (u8 *)&answer, size);
	if (reads && answer.result > (s64)request->size)
		return -EIO;
	if (reads && answer.result > 0)
		memcpy(request->data, answer.data, (size_t)answer.result);
	return answer.result;
}

/*
 * Lets relative names begin at Baya's working directory if that is in the folder, as they do in
 * QEMU; otherwise at the folder. Returns 0, or -errno.
 */
static int find_start(struct board_semihost *semihost)
{
	char *working = getcwd(NULL, 0);
	const char *rest = working ? after_folder(semihost, working) : NULL;

	semihost->start = strdup(rest ? rest : "");
	free(working);
	return semihost->start ? 0 : -ENOMEM;
}

static int open_folder(struct board *board)
{
	const char *folder = board->config.semihosting_folder;

	board->semihost.folder = -1;
	for (unsigned n = 0; n < SEMIHOST_FILES; n++)
		board->semihost.files[n] = -1;
	if (!folder)
		return 0;
	board->semihost.path = realpath(folder, NULL);
	if (board->semihost.path)
		board->semihost.folder =
			open(board->semihost.path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (board->semihost.folder < 0)
		return board_fail(board, 3, "-semihosting-config path=%.200s: %s", folder,
				  strerror(errno));
	return find_start(&board->semihost) ? board_error_memory(board->error) : 0;
}

static void close_files(struct board *board)
{
	for (unsigned n = 0; n < SEMIHOST_FILES; n++) {
		if (board->semihost.files[n] >= 0)
			close(board->semihost.files[n]);
		board->semihost.files[n] = -1;
	}
}

static void semihost_reset(void *self)
{
	struct board *board = self;

	close_files(board);
	board->semihost.host.error = 0;
	memset(board->semihost.host.streams, STREAM_NONE, sizeof(board->semihost.host.streams));
	memset(board->semihost.host.positions, 0, sizeof(board->semihost.host.positions));
}

static bool bound(void *self, char *why, size_t size)
{
	const struct semihost_host *host = self;
	const struct board *board = host->ctx;

	for (unsigned n = 0; n < SEMIHOST_FILES; n++)
		if (board->semihost.files[n] >= 0) {
			snprintf(why, size,
				 "the program has files of the host open, by "
				 "semihosting, of which no state is kept");
			return true;
		}
	return false;
}

static int semihost_loaded(void *self)
{
	const struct semihost_host *host = self;

	close_files(host->ctx);
	for (unsigned n = 0; n < SEMIHOST_STREAMS; n++)
		if (host->streams[n] >= STREAM_COUNT || host->positions[n] > SEMIHOST_FEATURES_SIZE)
			return -EINVAL;
	return 0;
}

static const struct state_field semihost_fields[] = {
	STATE_FIELD(struct semihost_host, error),
	STATE_ARRAY(struct semihost_host, streams),
	STATE_ARRAY(struct semihost_host, positions),
};

static const struct state_type semihost_type = {
	.version = 2,
	.fields = semihost_fields,
	.count = ARRAY_SIZE(semihost_fields),
	.post_load = semihost_loaded,
	.bound = bound,
};

/*
 * Writes the program's command line as QEMU does: the arguments of -semihosting-config, or, if
 * there are none, the name of the file that runs and the words of -append.
 */
static void put_command_line(const struct board_config *config, FILE *out)
{
	const struct key_texts *given = &config->semihosting_arguments;
	const char *name = config->program ? config->program : config->kernel;
	const char *words = config->append ? config->append : "";

	for (unsigned n = 0; n < given->count; n++)
		fprintf(out, "%s%s", n ? " " : "", given->items[n]);
	if (given->count || !name)
		return;
	fputs(name, out);
	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		int size = (int)strcspn(words, " ");

		fprintf(out, " %.*s", size, words);
		words += size;
	}
}

static int make_command_line(struct board *board)
{
	size_t size;
	FILE *out = open_memstream(&board->semihost.command_line, &size);

	if (out)
		put_command_line(&board->config, out);
	if (!out || output_end_text(out, &board->semihost.command_line))
		return board_error_memory(board->error);
	return 0;
}

int board_semihost_attach(struct board *board)
{
	const struct board_config *config = &board->config;
	const struct journal_sink sink = { .name = "semihosting", .ask = answer_now, .ctx = board };

	board->semihost.host = (struct semihost_host){
		.write = console_write, .read = console_read, .ready = console_ready,
		.seconds = seconds, .free_ram = free_ram, .ask = semihost_ask, .ctx = board,
		.most = config->ram_size,
	};
	board->semihost.sink = journal_register(&board->platform.journal, &sink);
	if (open_folder(board) < 0 || make_command_line(board) < 0)
		return -1;
	board->semihost.host.command_line = board->semihost.command_line;
	platform_on_reset(&board->platform, semihost_reset, board);
	state_register(&board->platform.state, "semihosting", &semihost_type,
		       &board->semihost.host);
	if (config->semihosting || config->program)
		for (unsigned n = 0; n < board->harts.count; n++)
			semihost_connect(board->harts.hart[n], &board->semihost.host);
	return 0;
}

void board_semihost_free(struct board *board)
{
	/* If semihosting is not connected, nothing was opened. */
	if (!board->semihost.host.ask)
		return;
	close_files(board);
	if (board->semihost.folder >= 0)
		close(board->semihost.folder);
	free(board->semihost.path);
	free(board->semihost.start);
	free(board->semihost.command_line);
}
