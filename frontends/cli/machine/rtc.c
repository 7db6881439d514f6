/* SPDX-License-Identifier: MIT */
/*
 * Parses --clock and --chaos, and -rtc: the real-time clock's initial time, and the clock that it
 * follows.
 */
#include "frontends/cli/machine/rtc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "frontends/cli/table.h"

struct rtc_list {
	const char *base;
	unsigned clock, driftfix;
};

#define CLOCK_WORDS "host|rt|vm"
enum { RTC_CLOCK_HOST, RTC_CLOCK_RT, RTC_CLOCK_VM, RTC_CLOCK_UNSAID };

/* driftfix= has no effect, because it concerns a clock of PCs. */
static const struct key rtc_keys[] = {
	{ .name = "base", .kind = KEY_TEXT, .offset = offsetof(struct rtc_list, base),
	  .accepted = "utc|localtime|DATE" },
	{ .name = "clock", .kind = KEY_WORD, .offset = offsetof(struct rtc_list, clock),
	  .accepted = CLOCK_WORDS },
	{ .name = "driftfix", .kind = KEY_WORD, .offset = offsetof(struct rtc_list, driftfix),
	  .accepted = "none|slew" },
};

/* Parses a valid date, with or without a time, into ns since 1970. */
static bool parse_date(const char *text, u64 *date)
{
	struct tm tm = { .tm_isdst = 0 };
	char again[32];
	const char *end = strptime(text, "%Y-%m-%d", &tm);
	bool with_time = end && *end == 'T';
	time_t seconds;

	if (with_time)
		end = strptime(end, "T%H:%M:%S", &tm);
	if (!end || *end)
		return false;
	seconds = timegm(&tm);
	strftime(again, sizeof(again), with_time ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d", &tm);
	*date = (u64)seconds * CLOCK_HZ;
	return seconds >= 0 && (u64)seconds <= CLOCK_LAST / CLOCK_HZ && !strcmp(again, text);
}

int apply_rtc(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-rtc", rtc_keys, ARRAY_SIZE(rtc_keys), NULL };
	struct rtc_config *rtc = &parser->options->board.rtc;
	struct rtc_list list = { .clock = RTC_CLOCK_UNSAID };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (list.clock != RTC_CLOCK_UNSAID) {
		rtc->stands = list.clock == RTC_CLOCK_VM;
		parser->rtc_host = !rtc->stands;
	}
	if (!list.base)
		return 0;

	rtc->base = !strcmp(list.base, "utc")       ? RTC_UTC :
		    !strcmp(list.base, "localtime") ? RTC_LOCALTIME :
						      RTC_DATE;
	if (rtc->base == RTC_DATE && !parse_date(list.base, &rtc->date))
		return keyval_fail(parser->error,
				   "-rtc: base='%s' is no date; accepted: utc, "
				   "localtime, and dates such as 2026-07-01T12:00:00 or 2026-07-01",
				   list.base);
	return 0;
}

int apply_clock(struct parser *parser, const struct option *option, const char *value)
{
	static const struct key key = { .kind = KEY_WORD, .accepted = "virtual|host",
					.offset = offsetof(struct options, board.clock) };
	int failed = keyval_set(&key, "--clock", value, parser->options, parser->error);

	(void)option;
	parser->clock_host = parser->options->board.clock == CLOCK_HOST;
	return failed;
}

int apply_chaos(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	(void)value;
	parser->options->board.chaos = true;
	parser->options->board.clock = CLOCK_VIRTUAL;
	return 0;
}

/* Checks --chaos, which is about harts that take turns as the virtual clock has them do. */
static int check_chaos(struct parser *parser)
{
	const struct board_config *board = &parser->options->board;

	if (!board->chaos)
		return 0;
	if (parser->clock_host)
		return keyval_fail(parser->error,
				   "--chaos: does not go with --clock=host, under which no two "
				   "runs are the same");
	if (board->timing && strcmp(board->timing, "none") != 0)
		return keyval_fail(parser->error,
				   "--chaos: does not go with --timing=%s, by which a turn takes "
				   "the time of that core",
				   board->timing);
	if (board->harts < 2)
		return keyval_fail(parser->error, "--chaos: one hart has no races; give -smp 2, or "
						  "more");
	return 0;
}

/* Warns that shift= has no effect with --timing and --core, because the model determines how long
 * an instruction takes. */
static void check_shift(const struct board_config *board)
{
	if (board->shift && board->timing && strcmp(board->timing, "none") != 0)
		fprintf(stderr,
			"baya: -icount: shift=%u has no meaning with --timing=%s, by which "
			"instructions take the time of that core\n",
			board->shift, board->timing);
}

int finish_clock(struct parser *parser)
{
	if (check_chaos(parser) < 0)
		return -1;
	check_shift(&parser->options->board);
	if (!parser->rtc_host || parser->options->board.clock != CLOCK_VIRTUAL)
		return 0;
	return keyval_fail(parser->error,
			   "-rtc: clock=host does not go with the virtual clock, under "
			   "which each run is the same; leave it out, or give --clock=host");
}
