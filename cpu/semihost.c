/* SPDX-License-Identifier: MIT */
/* Semihosting calls: the operation in a0, its parameter (often a block's address) in a1. */
#include "cpu/semihost.h"

#include "bus/platform.h"
#include "cpu/hart.h"

enum {
	SYS_OPEN = 0x01,
	SYS_CLOSE = 0x02,
	SYS_WRITEC = 0x03,
	SYS_WRITE0 = 0x04,
	SYS_WRITE = 0x05,
	SYS_ISTTY = 0x09,
	SYS_CLOCK = 0x10,
	SYS_ERRNO = 0x13,
	SYS_EXIT = 0x18,
	SYS_EXIT_EXTENDED = 0x20,
	SYS_ELAPSED = 0x30,
	SYS_TICKFREQ = 0x31,
};

enum { A0 = 10, A1 = 11 };

/* slli x0, x0, 0x1f; ebreak; srai x0, x0, 7: none of them compressed, all in one page. */
#define MARK_BEFORE 0x01f01013u
#define MARK_AFTER 0x40705013u
#define STOPPED_APPLICATION_EXIT 0x20026
/* The only file there is, ":tt", has this handle. */
#define CONSOLE_HANDLE 1
#define FAILED UINT64_MAX
#define TEXT_MAX 65536
#define CHUNK 256
#define CENTISECOND 10000000ull

struct call {
	struct hart *hart;
	void (*write)(void *ctx, const u8 *data, size_t size);
	void *ctx;
};

static bool block(struct call *call, u64 *words, unsigned count)
{
	return hart_peek(call->hart, call->hart->x[A1], words, count * sizeof(*words));
}

static u64 do_open(struct call *call)
{
	u64 args[3];
	char name[4] = "";

	/* Name, mode, length. */
	if (!block(call, args, 3) || args[2] != 3 || !hart_peek(call->hart, args[0], name, 3))
		return FAILED;
	return name[0] == ':' && name[1] == 't' && name[2] == 't' ? CONSOLE_HANDLE : FAILED;
}

static u64 do_writec(struct call *call)
{
	u8 byte;

	if (hart_peek(call->hart, call->hart->x[A1], &byte, 1))
		call->write(call->ctx, &byte, 1);
	return 0;
}

static u64 do_write0(struct call *call)
{
	u64 va = call->hart->x[A1];
	u8 byte;

	for (unsigned n = 0; n < TEXT_MAX; n++) {
		if (!hart_peek(call->hart, va + n, &byte, 1) || !byte)
			break;
		call->write(call->ctx, &byte, 1);
	}
	return 0;
}

/* Returns how many bytes were not written. */
static u64 do_write(struct call *call)
{
	u64 args[3], done = 0;
	u8 data[CHUNK];

	if (!block(call, args, 3) || args[0] != CONSOLE_HANDLE)
		return FAILED;
	while (done < args[2] && done < TEXT_MAX) {
		size_t part = MIN(args[2] - done, CHUNK);

		if (!hart_peek(call->hart, args[1] + done, data, part))
			break;
		call->write(call->ctx, data, part);
		done += part;
	}
	return args[2] - done;
}

/* On RV64 both exits take a block: reason and exit code. */
static u64 do_exit(struct call *call)
{
	struct platform *platform = call->hart->platform;
	u64 args[2] = { 0, 1 };

	if (!block(call, args, 2) || args[0] != STOPPED_APPLICATION_EXIT)
		platform_end(platform, MACHINE_FAIL, 1);
	else
		platform_end(platform, args[1] ? MACHINE_FAIL : MACHINE_PASS, args[1]);
	return 0;
}

static u64 do_elapsed(struct call *call)
{
	return clock_now(&call->hart->platform->clock);
}

static u64 do_clock(struct call *call)
{
	return do_elapsed(call) / CENTISECOND;
}

static u64 do_tickfreq(struct call *call)
{
	(void)call;
	return CLOCK_HZ;
}

static u64 do_close(struct call *call)
{
	u64 handle;

	return block(call, &handle, 1) && handle == CONSOLE_HANDLE ? 0 : FAILED;
}

static u64 do_istty(struct call *call)
{
	u64 handle;

	return block(call, &handle, 1) && handle == CONSOLE_HANDLE;
}

static u64 do_errno(struct call *call)
{
	(void)call;
	return 0;
}

static const struct {
	u64 number;
	u64 (*run)(struct call *call);
} calls[] = {
	{ SYS_OPEN, do_open },	     { SYS_CLOSE, do_close }, { SYS_WRITEC, do_writec },
	{ SYS_WRITE0, do_write0 },   { SYS_WRITE, do_write }, { SYS_ISTTY, do_istty },
	{ SYS_CLOCK, do_clock },     { SYS_ERRNO, do_errno }, { SYS_EXIT, do_exit },
	{ SYS_EXIT_EXTENDED, do_exit }, { SYS_ELAPSED, do_elapsed }, { SYS_TICKFREQ, do_tickfreq },
};

static bool marked(struct hart *hart, u64 pc)
{
	u32 words[3];

	return (pc & ~PAGE_MASK) >= 4 && hart_peek_code(hart, pc - 4, words, sizeof(words)) &&
	       words[0] == MARK_BEFORE && words[2] == MARK_AFTER;
}

static bool semihost(struct hart *hart, u64 pc, void *ctx)
{
	struct call call = { .hart = hart, .write = hart->semihost_write, .ctx = ctx };

	if (!marked(hart, pc))
		return false;
	for (unsigned n = 0; n < ARRAY_SIZE(calls); n++)
		if (calls[n].number == hart->x[A0]) {
			hart->x[A0] = calls[n].run(&call);
			return true;
		}
	hart->x[A0] = FAILED;
	return true;
}

void semihost_connect(struct hart *hart, void (*write)(void *ctx, const u8 *data, size_t size),
		      void *ctx)
{
	hart->semihost = semihost;
	hart->semihost_write = write;
	hart->semihost_ctx = ctx;
}
