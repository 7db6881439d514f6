/* SPDX-License-Identifier: MIT */
/* What command lines say of the machine's parts that are always there. */
#include "options_line.h"

static void test_rtc(void **state)
{
	struct line line;
	const struct rtc_config *rtc = &line.options.board.rtc;

	(void)state;
	parse_well(&line, "-rtc base=utc");
	assert_true(rtc->base == RTC_UTC && !rtc->stands);
	options_free(&line.options);
	parse_well(&line, "-rtc base=localtime,clock=vm,driftfix=slew");
	assert_true(rtc->base == RTC_LOCALTIME && rtc->stands);
	options_free(&line.options);
	parse_well(&line, "-rtc clock=vm -rtc base=2001-09-09T01:46:40 --clock=virtual");
	assert_true(rtc->base == RTC_DATE && rtc->stands);
	assert_int_equal(rtc->date, 1000000000 * CLOCK_HZ);
	options_free(&line.options);
	parse_well(&line, "-rtc base=1970-01-02,clock=host");
	assert_int_equal(rtc->date, 86400 * CLOCK_HZ);
	assert_false(rtc->stands);
	options_free(&line.options);
}

static void test_iothread(void **state)
{
	struct line line;

	(void)state;
	parse_well(&line, "-object iothread,id=t,poll-max-ns=0 -drive file=a,if=none,id=d "
			  "-device virtio-blk-pci,drive=d,iothread=t");
	options_free(&line.options);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "-object iothread,poll-grow=1", "-object iothread: needs id=ID" },
		{ "-object rng-builtin,id=t -drive file=a,if=none,id=d "
		  "-device virtio-blk-pci,drive=d,iothread=t",
		  "-device virtio-blk-pci: iothread=t: no -object iothread has this id" },
		{ "-object iothread,id=t -device virtio-rng-pci,rng=t",
		  "-device virtio-rng-pci: rng=t: no -object has this id" },
		{ "-rtc base=soon", "-rtc: base='soon' is no date; accepted: utc, localtime, and "
				    "dates such as 2026-07-01T12:00:00 or 2026-07-01" },
		{ "-rtc base=2026-02-30", "-rtc: base='2026-02-30' is no date; accepted: utc, "
					  "localtime, and dates such as 2026-07-01T12:00:00 or "
					  "2026-07-01" },
		{ "-rtc base=2026-02-03T", "-rtc: base='2026-02-03T' is no date; accepted: utc, "
					   "localtime, and dates such as 2026-07-01T12:00:00 or "
					   "2026-07-01" },
		{ "-rtc clock=sun", "-rtc: clock: 'sun' is not accepted; accepted: host|rt|vm" },
		{ "-rtc clock=host --clock=virtual",
		  "-rtc: clock=host does not go with the virtual clock, under which each run is the "
		  "same; leave it out, or give --clock=host" },
	};
	struct line line;

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		parse(&line, cases[n].text);
		assert_int_not_equal(line.result, 0);
		assert_string_equal(line.error.text, cases[n].error);
		options_free(&line.options);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rtc),
		cmocka_unit_test(test_iothread),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
