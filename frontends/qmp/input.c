/* SPDX-License-Identifier: MIT */
/*
 * Implements input-send-event and send-key: events in the form of QEMU's InputEvent become evdev
 * reports. All events are checked before the first one is sent. Consecutive events for one device
 * become one report.
 */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "frontends/display/keymap.h"
#include "frontends/display/screen.h"
#include "frontends/qmp/client.h"

#define EVENTS_MAX 256 /* events in one command */
#define HOLD_MS 100
#define HOLD_MAX_MS 60000
#define NS_PER_MS 1000000

#define WHERE_MAX 48 /* as in "events[255].data.key." */

/* An event for one of the devices, and its place in the arguments, for errors. */
struct sent {
	enum input_kind kind;
	struct input_event event;
	const struct event_type *type;
	char where[WHERE_MAX];
};

/* A type of event. `take` converts the data of such an event; it returns false with the error. */
struct event_type {
	const char *name;
	struct qmp_parameter data[QMP_PARAMETERS_MAX];
	bool (*take)(struct qmp_call *call, const json_t *data, struct sent *sent);
};

/* Returns the code of a KeyValue: { "type": "number"|"qcode", "data": ... }; 0 with the error. */
static u16 parse_key(struct qmp_call *call, const json_t *key, const char *where)
{
	static const struct qmp_parameter number[QMP_PARAMETERS_MAX] = {
		{ .name = "type", .type = QMP_STRING }, { .name = "data", .type = QMP_INTEGER },
	}, qcode[QMP_PARAMETERS_MAX] = {
		{ .name = "type", .type = QMP_STRING }, { .name = "data", .type = QMP_STRING },
	}, any[QMP_PARAMETERS_MAX] = {
		{ .name = "type", .type = QMP_STRING },
	};
	const char *name;
	int word;
	u16 code;

	if (!json_is_string(json_object_get(key, "type"))) {
		qmp_check(call, key, where, any);
		return 0;
	}
	word = qmp_word(call, key, "type", "number|qcode");
	if (word < 0 || !qmp_check(call, key, where, word ? qcode : number))
		return 0;
	if (!word) {
		s64 value = qmp_number(key, "data", 0);

		if (value <= 0 || value > KEYMAP_NUMBER_MAX)
			qmp_fail(call, QMP_GENERIC, "there is no key number %lld", value);
		return call->error.class ? 0 : (u16)value;
	}
	name = qmp_text(key, "data");
	code = strncmp(name, "0x", 2) ? keymap_named(name) : 0;
	if (!code)
		qmp_fail(call, QMP_GENERIC, "Parameter 'data' does not accept value '%.200s'",
			 name);
	return code;
}

static bool take_key(struct qmp_call *call, const json_t *data, struct sent *sent)
{
	char where[WHERE_MAX + 8];

	snprintf(where, sizeof(where), "%skey.", sent->where);
	sent->kind = INPUT_KEYBOARD;
	sent->event.type = EV_KEY;
	sent->event.code = parse_key(call, json_object_get(data, "key"), where);
	sent->event.value = qmp_true(data, "down");
	return sent->event.code != 0;
}

/* Converts a button's event. Releasing a button of a wheel has no effect: the click is sent when
 * the button goes down. */
static bool take_button(struct qmp_call *call, const json_t *data, struct sent *sent)
{
	static const struct input_event buttons[] = {
		{ EV_KEY, BTN_LEFT, 0 }, { EV_KEY, BTN_MIDDLE, 0 }, { EV_KEY, BTN_RIGHT, 0 },
		{ EV_REL, REL_WHEEL, 1 }, { EV_REL, REL_WHEEL, (u32)-1 },
		{ EV_KEY, BTN_SIDE, 0 }, { EV_KEY, BTN_EXTRA, 0 },
		{ EV_REL, REL_HWHEEL, (u32)-1 }, { EV_REL, REL_HWHEEL, 1 },
	};
	int button = qmp_word(call, data, "button",
			      "left|middle|right|wheel-up|wheel-down|side|"
			      "extra|wheel-left|wheel-right");

	if (button < 0)
		return false;
	sent->kind = screen_pointer(call->qmp->machine->monitor->screen);
	sent->event = buttons[button];
	if (sent->event.type == EV_KEY)
		sent->event.value = qmp_true(data, "down");
	else if (!qmp_true(data, "down"))
		sent->event.value = 0;
	return true;
}

static bool take_axis(struct qmp_call *call, const json_t *data, struct sent *sent)
{
	int axis = qmp_word(call, data, "axis", "x|y"); /* evdev numbers both in the same order */

	if (axis < 0)
		return false;
	sent->event.code = (u16)axis;
	return true;
}

static bool take_relative(struct qmp_call *call, const json_t *data, struct sent *sent)
{
	sent->kind = INPUT_MOUSE;
	sent->event.type = EV_REL;
	sent->event.value = (u32)qmp_number(data, "value", 0);
	return take_axis(call, data, sent);
}

static bool take_absolute(struct qmp_call *call, const json_t *data, struct sent *sent)
{
	sent->kind = INPUT_TABLET;
	sent->event.type = EV_ABS;
	sent->event.value = (u32)MIN(MAX(qmp_number(data, "value", 0), 0), INPUT_ABS_MAX);
	return take_axis(call, data, sent);
}

static const struct event_type types[] = {
	{ .name = "key", .take = take_key,
	  .data = { { .name = "key", .type = QMP_OBJECT },
		    { .name = "down", .type = QMP_BOOLEAN } } },
	{ .name = "btn", .take = take_button,
	  .data = { { .name = "button", .type = QMP_STRING },
		    { .name = "down", .type = QMP_BOOLEAN } } },
	{ .name = "rel", .take = take_relative,
	  .data = { { .name = "axis", .type = QMP_STRING },
		    { .name = "value", .type = QMP_INTEGER } } },
	{ .name = "abs", .take = take_absolute,
	  .data = { { .name = "axis", .type = QMP_STRING },
		    { .name = "value", .type = QMP_INTEGER } } },
};
static const char type_words[] = "key|btn|rel|abs";

/* Parses an element of `events`; returns false with the error. */
static bool parse_event(struct qmp_call *call, const json_t *element, size_t index,
			struct sent *sent)
{
	static const struct qmp_parameter parameters[QMP_PARAMETERS_MAX] = {
		{ .name = "type", .type = QMP_STRING },
		{ .name = "data", .type = QMP_OBJECT },
	};
	const json_t *data = json_object_get(element, "data");
	int type;

	if (!json_is_object(element)) {
		qmp_fail(call, QMP_GENERIC,
			 "Invalid parameter type for 'events[%zu]', expected: object", index);
		return false;
	}
	snprintf(sent->where, sizeof(sent->where), "events[%zu].", index);
	if (!qmp_check(call, element, sent->where, parameters))
		return false;
	type = qmp_word(call, element, "type", type_words);
	if (type < 0)
		return false;
	sent->type = &types[type];
	snprintf(sent->where, sizeof(sent->where), "events[%zu].data.", index);
	return qmp_check(call, data, sent->where, sent->type->data) &&
	       sent->type->take(call, data, sent);
}

/* Returns whether the machine runs and all devices have a driver that listens; if not, sets the
 * error. */
static bool check_listeners(struct qmp_call *call, const struct sent *sent, size_t count)
{
	const struct screen *screen = call->qmp->machine->monitor->screen;

	if (!call->qmp->reported.running) {
		qmp_fail(call, QMP_GENERIC, "VM not running");
		return false;
	}
	for (size_t n = 0; n < count; n++) {
		if (screen_listens(screen, sent[n].kind))
			continue;
		qmp_fail(call, QMP_GENERIC, "Input handler not found for event type %s",
			 sent[n].type->name);
		return false;
	}
	return true;
}

static void send_all(struct screen *screen, const struct sent *sent, size_t count)
{
	struct input_event report[INPUT_REPORT_MAX];
	unsigned used = 0;

	for (size_t n = 0; n < count; n++) {
		bool last = n + 1 == count || sent[n + 1].kind != sent[n].kind;

		report[used++] = sent[n].event;
		if (!last && used + 1 < INPUT_REPORT_MAX)
			continue;
		report[used++] = (struct input_event){ EV_SYN, 0, 0 };
		screen_report(screen, sent[n].kind, report, used);
		used = 0;
	}
}

/* Checks an array of events or keys; returns false with the error if it has too many elements, or
 * the machine is not running. */
static bool check_array(struct qmp_call *call, const json_t *array, const char *name, size_t max)
{
	if (!call->qmp->machine->monitor->screen)
		qmp_fail(call, QMP_GENERIC, "the machine is not running");
	else if (json_array_size(array) > max)
		qmp_fail(call, QMP_GENERIC, "Parameter '%s' has more than %zu elements", name, max);
	return !call->error.class;
}

json_t *qmp_send_events(struct qmp_call *call)
{
	const json_t *events = json_object_get(call->arguments, "events");
	size_t count = json_array_size(events);
	struct sent sent[EVENTS_MAX];

	if (!check_array(call, events, "events", EVENTS_MAX))
		return NULL;
	for (size_t n = 0; n < count; n++) {
		sent[n] = (struct sent){ .kind = INPUT_KEYBOARD };
		if (!parse_event(call, json_array_get(events, n), n, &sent[n]))
			return NULL;
	}
	if (check_listeners(call, sent, count))
		send_all(call->qmp->machine->monitor->screen, sent, count);
	return NULL;
}

json_t *qmp_send_keys(struct qmp_call *call)
{
	const json_t *keys = json_object_get(call->arguments, "keys");
	s64 ms = qmp_number(call->arguments, "hold-time", HOLD_MS);
	unsigned count = (unsigned)json_array_size(keys);
	u16 codes[SCREEN_HELD_MAX];
	char where[WHERE_MAX];
	int failed;

	if (!check_array(call, keys, "keys", SCREEN_HELD_MAX))
		return NULL;
	for (unsigned n = 0; n < count; n++) {
		snprintf(where, sizeof(where), "keys[%u].", n);
		codes[n] = parse_key(call, json_array_get(keys, n), where);
		if (!codes[n])
			return NULL;
	}
	ms = MIN(MAX(ms, 0), HOLD_MAX_MS);
	failed = screen_send_keys(call->qmp->machine->monitor->screen, codes, count,
				  (u64)ms * NS_PER_MS);
	if (failed)
		qmp_fail(call, QMP_GENERIC,
			 failed == -EBUSY ? "too many keys wait already" :
					    "no keyboard is listened to");
	return NULL;
}
