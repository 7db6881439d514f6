/* SPDX-License-Identifier: MIT */
/* Makes parts of reports in JSON; see report/json.h. */
#include "frontends/report/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/output.h"
#include "devices/board/calls.h"
#include "devices/board/timing/timing.h"

_Static_assert(JANSSON_VERSION_HEX >= 0x020b00, "Baya needs jansson 2.11 or newer");

#define DIGITS 9 /* decimal places of CPI and seconds */

json_t *report_text(const char *text)
{
	char *utf8 = malloc(2 * strlen(text) + 1), *end = utf8;
	json_t *value;

	if (!utf8)
		return NULL;
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < 0x80) {
			*end++ = (char)byte;
		} else {
			*end++ = (char)(0xc0 | byte >> 6);
			*end++ = (char)(0x80 | (byte & 0x3f));
		}
	}
	value = json_stringn(utf8, (size_t)(end - utf8));
	free(utf8);
	return value;
}

void report_count(json_t *object, const char *key, u64 count)
{
	json_object_set_new(object, key, json_integer((json_int_t)MIN(count, (u64)INT64_MAX)));
}

json_t *report_events(const u64 *events)
{
	json_t *object = json_object();

	for (unsigned n = 0; n < BOARD_EVENTS_MAX; n++)
		if (events[n])
			report_count(object, board_event_name(n), events[n]);
	return object;
}

void report_cost(json_t *object, const struct board_cost *cost, u64 outside)
{
	json_t *stack = json_object();

	report_count(object, "cycles", cost->cycles);
	report_count(object, "instructions", cost->instructions);
	json_object_set_new(object, "cpi",
			    cost->instructions ?
				    json_real((double)cost->cycles / (double)cost->instructions) :
				    json_null());
	for (unsigned c = 0; board_cause_name(c); c++)
		if (cost->causes[c])
			report_count(stack, board_cause_name(c), cost->causes[c]);
	if (outside)
		report_count(stack, "outside", outside);
	json_object_set_new(object, "stack", stack);
}

int report_write(json_t *value, FILE *out, size_t flags)
{
	size_t form = flags | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(DIGITS);
	int failed = json_dumpf(value, out, form);

	json_decref(value);
	fputc('\n', out);
	if (failed && !ferror(out))
		return -ENOMEM;
	return output_failed(out);
}
