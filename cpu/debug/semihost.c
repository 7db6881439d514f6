/* SPDX-License-Identifier: MIT */
/*
 * Implements the semihosting calls: a0 holds the operation, a1 its parameter, which is often the
 * address of a block of arguments.
 */
#include "cpu/debug/semihost.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/peek.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	SYS_OPEN = 0x01,
	SYS_CLOSE = 0x02,
	SYS_WRITEC = 0x03,
	SYS_WRITE0 = 0x04,
	SYS_WRITE = 0x05,
	SYS_READ = 0x06,
	SYS_READC = 0x07,
	SYS_ISERROR = 0x08,
	SYS_ISTTY = 0x09,
	SYS_SEEK = 0x0a,
	SYS_FLEN = 0x0c,
	SYS_TMPNAM = 0x0d,
	SYS_REMOVE = 0x0e,
	SYS_RENAME = 0x0f,
	SYS_CLOCK = 0x10,
	SYS_TIME = 0x11,
	SYS_ERRNO = 0x13,
	SYS_GET_CMDLINE = 0x15,
	SYS_HEAPINFO = 0x16,
	SYS_EXIT = 0x18,
	SYS_EXIT_EXTENDED = 0x20,
	SYS_ELAPSED = 0x30,
	SYS_TICKFREQ = 0x31,
};

enum { A0 = 10, A1 = 11 };

/*
 * The sequence is slli x0, x0, 0x1f; ebreak; srai x0, x0, 7. None of the three may be compressed,
 * and all must be in one page.
 */
#define MARK_BEFORE 0x01f01013u
#define MARK_AFTER 0x40705013u
#define STOPPED_APPLICATION_EXIT 0x20026
/* No handle is 0. The handles of files follow those of streams. */
#define FIRST_STREAM 1
#define FIRST_FILE (FIRST_STREAM + SEMIHOST_STREAMS)
#define FAILED UINT64_MAX
#define CENTISECOND 10000000ull

/* The names that open streams, with the lowest and the highest mode. */
static const struct {
	const char *name;
	u64 first, last;
	enum semihost_stream stream;
} stream_names[] = {
	{ ":tt", 0, 3, STREAM_IN },
	{ ":tt", 4, 7, STREAM_OUT },
	{ ":tt", 8, 11, STREAM_ERROR },
	{ ":semihosting-features", 0, 1, STREAM_FEATURES },
};

/*
 * The contents of ":semihosting-features": the magic number, and the bits that report
 * SYS_EXIT_EXTENDED and an error output apart from the standard output.
 */
static const u8 features[SEMIHOST_FEATURES_SIZE] = { 'S', 'H', 'F', 'B', 3 };

struct call {
	struct hart *hart;
	u64 pc; /* of the EBREAK */
	struct semihost_host *host;
};

/* Logs that a call names memory which cannot be accessed. */
static void log_memory(const struct call *call, const char *access, u64 va, size_t size)
{
	log_line(&call->hart->platform->log, LOG_GUEST_ERRORS,
		 "hart %u: semihosting call 0x%llx at 0x%llx: cannot %s 0x%llx, size %zu",
		 call->hart->id, call->hart->x[A0], call->pc, access, va, size);
}

static bool semihost_get(struct call *call, u64 va, void *data, size_t size)
{
	bool good = hart_peek(call->hart, va, data, size);

	if (!good)
		log_memory(call, "read", va, size);
	return good;
}

static bool semihost_block(struct call *call, u64 *words, unsigned count)
{
	return semihost_get(call, call->hart->x[A1], words, count * sizeof(*words));
}

static u64 semihost_fail(struct call *call, int error)
{
	call->host->error = (u64)error;
	return FAILED;
}

/* Returns the host's answer to the request, or FAILED. */
static u64 semihost_ask_host(struct call *call, enum semihost_op op, u64 handle)
{
	struct semihost_request *request = &call->host->request;
	s64 answer;

	platform_work(call->hart->platform, PLATFORM_WORK_CALL);
	request->op = op;
	request->handle = handle - FIRST_FILE;
	answer = handle < FIRST_FILE ? -EBADF : call->host->ask(call->host->ctx, request);
	return answer < 0 ? semihost_fail(call, (int)-answer) : (u64)answer;
}

static bool get_name(struct call *call, u64 va, u64 size, char *name)
{
	if (size >= SEMIHOST_NAME_MAX || !semihost_get(call, va, name, size))
		return false;
	name[size] = 0;
	return strlen(name) == size;
}

/*
 * Stores as the program's own stores would, until a byte cannot be stored: then it returns false.
 */
static bool semihost_put(struct call *call, u64 va, const void *data, size_t size)
{
	for (size_t n = 0; n < size; n++)
		if (!mem_store(call->hart, va + n, 1, ((const u8 *)data)[n])) {
			log_memory(call, "write", va, size);
			return false;
		}
	return true;
}

/* Returns the stream of a handle, or STREAM_NONE if the handle is not a stream's. */
static enum semihost_stream stream_of(const struct call *call, u64 handle)
{
	u64 n = handle - FIRST_STREAM;

	return n < SEMIHOST_STREAMS ? (enum semihost_stream)call->host->streams[n] : STREAM_NONE;
}

static void write_console(struct call *call, const u8 *data, size_t size)
{
	platform_work(call->hart->platform, PLATFORM_WORK_CALL);
	call->host->write(call->host->ctx, data, size);
}

static u64 add_stream(struct call *call, enum semihost_stream stream)
{
	for (unsigned n = 0; n < SEMIHOST_STREAMS; n++)
		if (call->host->streams[n] == STREAM_NONE) {
			call->host->streams[n] = (u8)stream;
			call->host->positions[n] = 0;
			return FIRST_STREAM + n;
		}
	return semihost_fail(call, EMFILE);
}

/* Returns a handle, FAILED if the name does not allow the mode, or 0 if no stream has the name. */
static u64 open_stream(struct call *call, const char *name, u64 mode)
{
	bool known = false;

	for (unsigned n = 0; n < ARRAY_SIZE(stream_names); n++) {
		if (strcmp(name, stream_names[n].name) != 0)
			continue;
		if (mode >= stream_names[n].first && mode <= stream_names[n].last)
			return add_stream(call, stream_names[n].stream);
		known = true;
	}
	return known ? semihost_fail(call, EACCES) : 0;
}

/* The arguments are name, mode and length of the name. */
static u64 do_open(struct call *call)
{
	struct semihost_request *request = &call->host->request;
	u64 args[3], answer;

	if (!semihost_block(call, args, 3) || !get_name(call, args[0], args[2], request->name))
		return semihost_fail(call, EFAULT);
	answer = open_stream(call, request->name, args[1]);
	if (answer)
		return answer;
	request->number = args[1];
	answer = semihost_ask_host(call, SEMIHOST_OPEN, FIRST_FILE);
	return answer == FAILED ? FAILED : answer + FIRST_FILE;
}

static u64 do_writec(struct call *call)
{
	u8 byte;

	if (semihost_get(call, call->hart->x[A1], &byte, 1))
		write_console(call, &byte, 1);
	return 0;
}

/* Writes a string without its NUL, up to the first byte that cannot be read. */
static u64 do_write0(struct call *call)
{
	u8 *data = call->host->request.data;
	u64 va = call->hart->x[A1];
	size_t part = SEMIHOST_DATA_MAX;

	for (u64 done = 0; part == SEMIHOST_DATA_MAX && done < call->host->most; done += part) {
		part = 0;
		while (part < SEMIHOST_DATA_MAX &&
		       semihost_get(call, va + done + part, &data[part], 1) && data[part])
			part++;
		write_console(call, data, part);
	}
	return 0;
}

static u64 write_part(struct call *call, u64 handle, size_t size)
{
	struct semihost_request *request = &call->host->request;
	enum semihost_stream stream = stream_of(call, handle);

	if (stream != STREAM_OUT && stream != STREAM_ERROR) {
		request->size = size;
		return semihost_ask_host(call, SEMIHOST_WRITE, handle);
	}
	write_console(call, request->data, size);
	return size;
}

/* Returns how many bytes were not written. */
static u64 do_write(struct call *call)
{
	u64 args[3], most, done = 0, put;

	if (!semihost_block(call, args, 3) || !args[0])
		return semihost_fail(call, EBADF);
	most = MIN(args[2], call->host->most);
	while (done < most) {
		size_t part = MIN(most - done, SEMIHOST_DATA_MAX);

		if (!semihost_get(call, args[1] + done, call->host->request.data, part))
			break;
		put = write_part(call, args[0], part);
		if (put == FAILED || !put)
			break;
		done += put;
	}
	return args[2] - done;
}

/*
 * Reads what was typed at the console. If that is nothing yet, the hart waits, and then makes the
 * call again.
 */
static s64 read_console(struct call *call, size_t size)
{
	struct hart *hart = call->hart;
	s64 got = call->host->read(call->host->ctx, call->host->request.data, size);

	if (got)
		return got;
	hart->asks = hart->waiting = true;
	hart_yield(hart);
	return 0;
}

static u64 do_readc(struct call *call)
{
	s64 got = read_console(call, 1);

	return got > 0 ? call->host->request.data[0] : got ? FAILED : call->hart->x[A0];
}

/*
 * Reads what has been typed so far, even if it is less than a line, and returns how many bytes were
 * not read.
 */
static u64 read_typed(struct call *call, u64 va, u64 size)
{
	s64 got = size ? read_console(call, MIN(size, SEMIHOST_DATA_MAX)) : -1;

	if (!got)
		return call->hart->x[A0];
	return got > 0 && semihost_put(call, va, call->host->request.data, (size_t)got) ?
		       size - (u64)got :
		       size;
}

static u64 read_features(struct call *call, u64 handle, u64 va, u64 size)
{
	u8 *position = &call->host->positions[handle - FIRST_STREAM];
	u64 part = MIN(size, SEMIHOST_FEATURES_SIZE - *position);

	if (!semihost_put(call, va, features + *position, part))
		return size;
	*position += (u8)part;
	return size - part;
}

/* Returns how many bytes were not read; at the end of the file that is all of them. */
static u64 do_read(struct call *call)
{
	struct semihost_request *request = &call->host->request;
	u64 args[3], most, done = 0;

	if (!semihost_block(call, args, 3))
		return semihost_fail(call, EFAULT);
	if (stream_of(call, args[0]) == STREAM_IN)
		return read_typed(call, args[1], args[2]);
	if (stream_of(call, args[0]) == STREAM_FEATURES)
		return read_features(call, args[0], args[1], args[2]);
	most = MIN(args[2], call->host->most);
	while (done < most) {
		u64 got;

		request->size = MIN(most - done, SEMIHOST_DATA_MAX);
		got = semihost_ask_host(call, SEMIHOST_READ, args[0]);
		if (got == FAILED || !got ||
		    !semihost_put(call, args[1] + done, request->data, got))
			break;
		done += got;
	}
	return args[2] - done;
}

static u64 do_seek(struct call *call)
{
	u64 args[2];

	if (!semihost_block(call, args, 2))
		return semihost_fail(call, EFAULT);
	if (stream_of(call, args[0]) == STREAM_FEATURES) {
		if (args[1] > SEMIHOST_FEATURES_SIZE)
			return semihost_fail(call, EINVAL);
		call->host->positions[args[0] - FIRST_STREAM] = (u8)args[1];
		return 0;
	}
	call->host->request.number = args[1];
	return semihost_ask_host(call, SEMIHOST_SEEK, args[0]);
}

/* The console's length is 0, as a terminal's is under QEMU. */
static u64 do_length(struct call *call)
{
	enum semihost_stream stream;
	u64 handle;

	if (!semihost_block(call, &handle, 1))
		return semihost_fail(call, EFAULT);
	stream = stream_of(call, handle);
	return stream == STREAM_NONE     ? semihost_ask_host(call, SEMIHOST_LENGTH, handle) :
	       stream == STREAM_FEATURES ? SEMIHOST_FEATURES_SIZE :
					   0;
}

/* The arguments are the name and its length. */
static u64 do_remove(struct call *call)
{
	u64 args[2];

	if (!semihost_block(call, args, 2) ||
	    !get_name(call, args[0], args[1], call->host->request.name))
		return semihost_fail(call, EFAULT);
	return semihost_ask_host(call, SEMIHOST_REMOVE, FIRST_FILE);
}

static u64 do_rename(struct call *call)
{
	struct semihost_request *request = &call->host->request;
	u64 args[4];

	if (!semihost_block(call, args, 4) || !get_name(call, args[0], args[1], request->name) ||
	    !get_name(call, args[2], args[3], request->other))
		return semihost_fail(call, EFAULT);
	return semihost_ask_host(call, SEMIHOST_RENAME, FIRST_FILE);
}

/*
 * The arguments are a buffer, a number that the program gives to the file, and the buffer's size.
 * The name depends only on that number, so that all runs are the same. It is a name in the folder
 * of semihosting files.
 */
static u64 do_tmpnam(struct call *call)
{
	char name[16];
	u64 args[3], size;

	if (!semihost_block(call, args, 3))
		return semihost_fail(call, EFAULT);
	size = (u64)snprintf(name, sizeof(name), "baya-%02llx", args[1] & 0xff) + 1;
	if (size > args[2] || !semihost_put(call, args[0], name, size))
		return semihost_fail(call, EFAULT);
	return 0;
}

static u64 do_time(struct call *call)
{
	return call->host->seconds(call->host->ctx);
}

/* The arguments are a buffer and its size, which is replaced by the length of the text. */
static u64 do_cmdline(struct call *call)
{
	const char *text = call->host->command_line;
	u64 args[2], size = strlen(text);

	if (!semihost_block(call, args, 2) || args[1] <= size ||
	    !semihost_put(call, args[0], text, size + 1) ||
	    !semihost_put(call, call->hart->x[A1] + 8, &size, sizeof(size)))
		return semihost_fail(call, E2BIG);
	return 0;
}

/*
 * Writes the heap's base and limit and the stack's base and limit. As under QEMU the two share the
 * free RAM, where the heap grows up and the stack down.
 */
static u64 do_heapinfo(struct call *call)
{
	u64 at, base, end;

	call->host->free_ram(call->host->ctx, &base, &end);
	if (!semihost_block(call, &at, 1) ||
	    !semihost_put(call, at, (u64[]){ base, end, end, base }, 4 * sizeof(u64)))
		return semihost_fail(call, EFAULT);
	return 0;
}

/* On RV64 both calls to exit have a block of two arguments: the reason and the exit code. */
static u64 do_exit(struct call *call)
{
	struct platform *platform = call->hart->platform;
	u64 args[2] = { 0, 1 };

	if (!semihost_block(call, args, 2) || args[0] != STOPPED_APPLICATION_EXIT)
		platform_end(platform, MACHINE_FAIL, 1);
	else
		platform_end(platform, args[1] ? MACHINE_FAIL : MACHINE_PASS, args[1]);
	return 0;
}

static u64 semihost_now(const struct call *call)
{
	return clock_now(&call->hart->platform->clock);
}

/* Writes the ticks to the block, on RV64 as one number. */
static u64 do_elapsed(struct call *call)
{
	u64 ticks = semihost_now(call);

	return semihost_put(call, call->hart->x[A1], &ticks, sizeof(ticks)) ?
		       0 :
		       semihost_fail(call, EFAULT);
}

static u64 do_clock(struct call *call)
{
	return semihost_now(call) / CENTISECOND;
}

static u64 do_tickfreq(struct call *call)
{
	(void)call;
	return CLOCK_HZ;
}

static u64 do_close(struct call *call)
{
	u64 handle;

	if (!semihost_block(call, &handle, 1))
		return semihost_fail(call, EFAULT);
	if (stream_of(call, handle) == STREAM_NONE)
		return semihost_ask_host(call, SEMIHOST_CLOSE, handle);
	call->host->streams[handle - FIRST_STREAM] = STREAM_NONE;
	return 0;
}

/* The host is asked for a file's length only because that fails if no file is open. */
static u64 do_istty(struct call *call)
{
	struct semihost_request *request = &call->host->request;
	enum semihost_stream stream;
	u64 handle;

	if (!semihost_block(call, &handle, 1))
		return semihost_fail(call, EFAULT);
	stream = stream_of(call, handle);
	if (stream == STREAM_FEATURES)
		return 0;
	if (stream == STREAM_NONE)
		return semihost_ask_host(call, SEMIHOST_LENGTH, handle) == FAILED ? FAILED : 0;
	request->op = SEMIHOST_ISTTY;
	request->number = stream;
	return call->host->ask(call->host->ctx, request) > 0;
}

static u64 do_iserror(struct call *call)
{
	u64 status;

	return semihost_block(call, &status, 1) && (s64)status < 0;
}

static u64 do_errno(struct call *call)
{
	return call->host->error;
}

static const struct {
	u64 number;
	u64 (*run)(struct call *call);
} calls[] = {
	{ SYS_OPEN, do_open },		{ SYS_CLOSE, do_close },
	{ SYS_WRITEC, do_writec },	{ SYS_WRITE0, do_write0 },
	{ SYS_WRITE, do_write },	{ SYS_READ, do_read },
	{ SYS_ISERROR, do_iserror },	{ SYS_ISTTY, do_istty },
	{ SYS_SEEK, do_seek },		{ SYS_FLEN, do_length },
	{ SYS_REMOVE, do_remove },	{ SYS_RENAME, do_rename },
	{ SYS_CLOCK, do_clock },	{ SYS_TIME, do_time },
	{ SYS_ERRNO, do_errno },	{ SYS_GET_CMDLINE, do_cmdline },
	{ SYS_HEAPINFO, do_heapinfo },	{ SYS_EXIT, do_exit },
	{ SYS_EXIT_EXTENDED, do_exit }, { SYS_ELAPSED, do_elapsed },
	{ SYS_TICKFREQ, do_tickfreq },	{ SYS_READC, do_readc },
	{ SYS_TMPNAM, do_tmpnam },
};

static bool semihost_marked(struct hart *hart, u64 pc)
{
	u32 words[3];

	return (pc & ~PAGE_MASK) >= 4 && hart_peek_code(hart, pc - 4, words, sizeof(words)) &&
	       words[0] == MARK_BEFORE && words[2] == MARK_AFTER;
}

static bool semihost(struct hart *hart, u64 pc, void *ctx)
{
	struct call call = { .hart = hart, .pc = pc, .host = ctx };

	if (!semihost_marked(hart, pc))
		return false;
	for (unsigned n = 0; n < ARRAY_SIZE(calls); n++)
		if (calls[n].number == hart->x[A0]) {
			hart->x[A0] = calls[n].run(&call);
			return true;
		}
	log_line(&hart->platform->log, LOG_UNIMP,
		 "hart %u: semihosting call 0x%llx at 0x%llx does not exist here", hart->id,
		 hart->x[A0], pc);
	hart->x[A0] = semihost_fail(&call, ENOSYS);
	return true;
}

static bool semihost_is_ready(void *ctx)
{
	const struct semihost_host *host = ctx;

	return host->ready(host->ctx);
}

void semihost_connect(struct hart *hart, struct semihost_host *host)
{
	hart->semihost = semihost;
	hart->semihost_ready = semihost_is_ready;
	hart->semihost_ctx = host;
}
