/* SPDX-License-Identifier: MIT */
/*
 * Tests the goldfish real-time clock: counting, latching, setting, the alarm, and both clocks of
 * the machine.
 */
#include "tests/devices/fixture_state.h"

#include "devices/memmap.h"
#include "devices/rtc.h"

#include <string.h>
#include <time.h>

enum {
	TIME_LOW = 0x00,
	TIME_HIGH = 0x04,
	ALARM_LOW = 0x08,
	ALARM_HIGH = 0x0c,
	IRQ_ENABLED = 0x10,
	CLEAR_ALARM = 0x14,
	ALARM_STATUS = 0x18,
	CLEAR_INTERRUPT = 0x1c,
};

#define EPOCH_NS (RTC_EPOCH * CLOCK_HZ)

struct machine {
	struct fixture f;
	struct rtc rtc;
};

static struct machine *make_with(enum clock_mode mode, struct rtc_config config)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	fixture_init(&machine->f, mode);
	assert_int_equal(rtc_attach(&machine->rtc, &machine->f.platform, FIXTURE_BASE,
				    fixture_irq(&machine->f), &config),
			 0);
	return machine;
}

static struct machine *rtc_make(enum clock_mode mode)
{
	return make_with(mode, (struct rtc_config){ 0 });
}

static int setup(void **state)
{
	struct machine *machine = rtc_make(CLOCK_VIRTUAL);

	platform_reset(&machine->f.platform);
	*state = machine;
	return 0;
}

static u64 now(struct machine *machine)
{
	u64 low = fixture_read(&machine->f, TIME_LOW, 4);

	return fixture_read(&machine->f, TIME_HIGH, 4) << 32 | low;
}

static void set_alarm(struct machine *machine, u64 ns)
{
	fixture_write(&machine->f, ALARM_HIGH, 4, ns >> 32);
	fixture_write(&machine->f, ALARM_LOW, 4, ns & UINT32_MAX);
}

static void test_virtual_time_starts_at_the_epoch(void **state)
{
	struct machine *m = *state;
	struct tm tm = { .tm_year = 125, .tm_mon = 0, .tm_mday = 1 };

	assert_int_equal(RTC_EPOCH, timegm(&tm));
	assert_int_equal(now(m), EPOCH_NS);
	fixture_pass(&m->f, 12345678901);
	assert_int_equal(now(m), EPOCH_NS + 12345678901);
}

static void test_high_word_is_latched(void **state)
{
	struct machine *m = *state;
	u64 high = fixture_read(&m->f, TIME_LOW, 4) >> 32 | EPOCH_NS >> 32;

	fixture_pass(&m->f, 10 * CLOCK_HZ); /* the low word wraps after 4.3 seconds */
	assert_int_equal(fixture_read(&m->f, TIME_HIGH, 4), high);
	assert_true(fixture_reads(&m->f, TIME_LOW, 4));
	assert_int_equal(fixture_read(&m->f, TIME_HIGH, 4), (EPOCH_NS + 10 * CLOCK_HZ) >> 32);
	assert_int_equal(fixture_read(&m->f, TIME_LOW, 8), EPOCH_NS + 10 * CLOCK_HZ);
}

static void test_setting_the_time(void **state)
{
	struct machine *m = *state;
	u64 want = 0x1234567890abcdef;

	fixture_write(&m->f, TIME_HIGH, 4, want >> 32);
	fixture_write(&m->f, TIME_LOW, 4, want & UINT32_MAX);
	assert_int_equal(now(m), want);
	fixture_pass(&m->f, 1000);
	assert_int_equal(now(m), want + 1000);
	platform_reset(&m->f.platform);
	assert_int_equal(now(m), EPOCH_NS + 1000);
}

static void test_alarm(void **state)
{
	struct machine *m = *state;

	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, EPOCH_NS + 5000);
	assert_int_equal(fixture_read(&m->f, ALARM_STATUS, 4), 1);
	assert_int_equal(fixture_read(&m->f, ALARM_LOW, 8), EPOCH_NS + 5000);
	fixture_pass(&m->f, 4999);
	assert_false(m->f.level);
	fixture_pass(&m->f, 1);
	assert_true(m->f.level);
	assert_int_equal(fixture_read(&m->f, ALARM_STATUS, 4), 0);
	fixture_write(&m->f, IRQ_ENABLED, 4, 0);
	assert_false(m->f.level);
	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	assert_true(m->f.level);
	fixture_write(&m->f, CLEAR_INTERRUPT, 4, 1);
	assert_false(m->f.level);
}

static void test_alarm_in_the_past_fires_at_once(void **state)
{
	struct machine *m = *state;

	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, EPOCH_NS);
	assert_true(m->f.level);
	assert_int_equal(fixture_read(&m->f, ALARM_STATUS, 4), 0);
}

static void test_alarm_cleared(void **state)
{
	struct machine *m = *state;

	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, EPOCH_NS + 5000);
	fixture_write(&m->f, CLEAR_ALARM, 4, 1);
	assert_int_equal(fixture_read(&m->f, ALARM_STATUS, 4), 0);
	assert_int_equal(clock_next(&m->f.platform.clock), CLOCK_NEVER);
	fixture_pass(&m->f, 10000);
	assert_false(m->f.level);
}

static void test_alarm_follows_the_time_set(void **state)
{
	struct machine *m = *state;

	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, UINT64_MAX);
	fixture_pass(&m->f, CLOCK_HZ);
	assert_false(m->f.level);
	fixture_write(&m->f, TIME_LOW, 4, 0xfffffff0);
	fixture_write(&m->f, TIME_HIGH, 4, UINT32_MAX);
	fixture_pass(&m->f, 14);
	assert_false(m->f.level);
	fixture_pass(&m->f, 1);
	assert_true(m->f.level);
}

/* Returns the host's wall clock; ns since 1970. */
static u64 wall(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (u64)now.tv_sec * CLOCK_HZ + (u64)now.tv_nsec;
}

static void test_host_time_comes_through_the_journal(void **state)
{
	struct machine *m = rtc_make(CLOCK_HOST), *replay;
	u64 shown;

	journal_record_start(&m->f.platform.journal);
	platform_reset(&m->f.platform);
	u64 before = wall();

	shown = now(m);
	assert_in_range(shown, before, wall());

	/* A machine that replays the journal takes the time from it, however old it is. */
	for (size_t n = 0; n < m->f.platform.journal.count; n++)
		m->f.platform.journal.bytes[m->f.platform.journal.records[n].offset + 7] = 0;
	replay = rtc_make(CLOCK_HOST);
	journal_follow(&replay->f.platform.journal, &m->f.platform.journal);
	platform_reset(&replay->f.platform);
	assert_in_range(now(replay), 0, 1ull << 56);
	assert_int_equal(replay->f.platform.journal.error, 0);
	fixture_teardown((void *[]){ m });
	fixture_teardown((void *[]){ replay });
}

/* Holds the machine, as `stop` does, for at least `ns`. */
static void stand_still(struct machine *machine, u64 ns)
{
	const struct timespec time = { .tv_nsec = (long)ns };

	clock_hold(&machine->f.platform.clock, true);
	nanosleep(&time, NULL);
	clock_hold(&machine->f.platform.clock, false);
	rtc_resume(&machine->rtc);
}

#define STOP_NS 20000000ull

static void test_host_time_goes_on_while_the_machine_stands(void **state)
{
	struct machine *m = rtc_make(CLOCK_HOST);
	u64 before, began = wall(), machine_time, shown;

	platform_reset(&m->f.platform);
	before = now(m);
	machine_time = clock_now(&m->f.platform.clock);
	stand_still(m, STOP_NS);
	/* The host may have done other work in between, while the machine was not held. */
	machine_time = clock_now(&m->f.platform.clock) - machine_time;
	assert_in_range(machine_time, 0, wall() - began - STOP_NS);
	shown = now(m);
	assert_in_range(shown, before + STOP_NS, wall());

	/*
	 * An alarm that becomes due while the machine is held fires when time continues, and not
	 * before.
	 */
	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, now(m) + STOP_NS / 2);
	stand_still(m, STOP_NS);
	assert_true(m->f.level);
	fixture_teardown((void *[]){ m });
}

static void test_machine_time_stands_with_the_machine(void **state)
{
	struct machine *m = make_with(CLOCK_HOST, (struct rtc_config){ .stands = true });
	u64 before = wall(), shown;

	platform_reset(&m->f.platform);
	shown = now(m);
	assert_in_range(shown, before, wall());
	stand_still(m, STOP_NS);
	shown = now(m);
	assert_in_range(shown, before, wall() - STOP_NS);
	fixture_teardown((void *[]){ m });
}

/* A loaded machine's time continues from the saved time, however long ago that was. */
static void test_loaded_time_is_the_saved_one(void **state)
{
	struct machine *m = rtc_make(CLOCK_HOST);
	struct state_image image = { 0 };
	u64 saved, passed, loaded;

	platform_reset(&m->f.platform);
	clock_hold(&m->f.platform.clock, true);
	assert_int_equal(state_save(&m->f.platform.state, &image), 0);
	saved = now(m);
	clock_hold(&m->f.platform.clock, false);
	stand_still(m, STOP_NS);
	passed = wall();
	assert_int_equal(state_load(&m->f.platform.state, image.data, image.size), 0);
	loaded = now(m);
	assert_in_range(loaded, saved - STOP_NS / 2, saved + wall() - passed);
	free(image.data);
	fixture_teardown((void *[]){ m });
}

#define DATE (1000000000 * CLOCK_HZ) /* 2001-09-09T01:46:40Z */

static void test_base(void **state)
{
	const struct rtc_config date = { .base = RTC_DATE, .date = DATE };
	u64 before = wall(), shown;
	struct machine *host = make_with(CLOCK_HOST, date);
	struct machine *virtual = make_with(CLOCK_VIRTUAL, date);
	struct machine *local = make_with(CLOCK_HOST, (struct rtc_config){ RTC_LOCALTIME, 0, 0 });

	platform_reset(&virtual->f.platform);
	assert_int_equal(now(virtual), DATE);
	platform_reset(&host->f.platform);
	stand_still(host, STOP_NS);
	platform_reset(&host->f.platform); /* the time continues from the machine's start */
	shown = now(host);
	assert_in_range(shown, DATE + STOP_NS, DATE + wall() - before);

	setenv("TZ", "XYZ-5", 1); /* 5 hours ahead of UTC */
	tzset();
	platform_reset(&local->f.platform);
	shown = now(local) - 5 * 3600 * CLOCK_HZ;
	assert_in_range(shown, before, wall());
	unsetenv("TZ");
	tzset();
	fixture_teardown((void *[]){ host });
	fixture_teardown((void *[]){ virtual });
	fixture_teardown((void *[]){ local });
}

static void test_sizes(void **state)
{
	struct machine *m = *state;

	assert_false(fixture_reads(&m->f, TIME_LOW, 1));
	assert_false(fixture_reads(&m->f, TIME_LOW, 2));
	assert_false(fixture_writes(&m->f, IRQ_ENABLED, 1, 1));
	fixture_sweep(&m->f, RTC_SIZE, 16, 40);
}

static void test_state(void **state)
{
	struct machine *m = *state;

	fixture_write(&m->f, IRQ_ENABLED, 4, 1);
	set_alarm(m, EPOCH_NS + 5000);
	fixture_pass(&m->f, 1000);
	fixture_state_roundtrip(&m->f);
	fixture_pass(&m->f, 3999);
	assert_false(m->f.level);
	fixture_pass(&m->f, 1);
	assert_true(m->f.level);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_virtual_time_starts_at_the_epoch),
	UNIT(test_high_word_is_latched),
	UNIT(test_setting_the_time),
	UNIT(test_alarm),
	UNIT(test_alarm_in_the_past_fires_at_once),
	UNIT(test_alarm_cleared),
	UNIT(test_alarm_follows_the_time_set),
	cmocka_unit_test(test_host_time_comes_through_the_journal),
	cmocka_unit_test(test_host_time_goes_on_while_the_machine_stands),
	cmocka_unit_test(test_machine_time_stands_with_the_machine),
	cmocka_unit_test(test_loaded_time_is_the_saved_one),
	cmocka_unit_test(test_base),
	UNIT(test_sizes),
	UNIT(test_state),
	{ 0 },
};
