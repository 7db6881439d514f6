/* SPDX-License-Identifier: MIT */
/* See cli/global.h. */
#include "frontends/cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The properties of the virtio-mmio slots. A property with a single possible value accepts only
 * that value. */
struct slot_list {
	bool legacy;
	unsigned ignored;
};

static const struct key slot_keys[] = {
	{ .name = "force-legacy", .kind = KEY_SWITCH, .offset = offsetof(struct slot_list, legacy),
	  .accepted = "on|off" },
	{ .name = "ioeventfd", .kind = KEY_WORD, .offset = offsetof(struct slot_list, ignored),
	  .accepted = "on|off|true|false" },
	{ .name = "format_transport_address", .kind = KEY_WORD,
	  .offset = offsetof(struct slot_list, ignored), .accepted = "on|true" },
};

static int set_slots(struct parser *parser, const struct global *global)
{
	const struct keyval keyval = { "-global virtio-mmio", slot_keys, ARRAY_SIZE(slot_keys),
				       NULL };
	struct slot_list list = { 0 };
	int failed = keyval_item(&keyval, global->property, global->value, &list, parser->error);

	if (!failed && !strcmp(global->property, "force-legacy"))
		parser->options->board.mmio = list.legacy ? BOARD_MMIO_LEGACY : BOARD_MMIO_MODERN;
	return failed;
}

static const struct key global_keys[] = {
	{ .name = "driver", .kind = KEY_TEXT, .offset = offsetof(struct global, driver),
	  .accepted = "DEVICE" },
	{ .name = "property", .kind = KEY_TEXT, .offset = offsetof(struct global, property),
	  .accepted = "PROPERTY" },
	{ .name = "value", .kind = KEY_ANY, .offset = offsetof(struct global, value),
	  .accepted = "VALUE" },
};

/* Reads DEVICE.PROPERTY=VALUE; commas are part of the value. */
static bool read_short(struct strings *strings, const char *text, struct global *global)
{
	const char *equals = strchr(text, '=');
	const char *dot = equals ? memrchr(text, '.', (size_t)(equals - text)) : NULL;

	if (!dot || dot == text || dot + 1 == equals)
		return false;
	*global = (struct global){
		.driver = strings_add(strings, text, (size_t)(dot - text)),
		.property = strings_add(strings, dot + 1, (size_t)(equals - dot - 1)),
		.value = equals + 1,
	};
	return true;
}

/* Returns whether a -global concerns this device by its names on this transport: that of the device
 * or that of all virtio devices. */
static bool is_of(const struct global *global, const struct device_type *type,
		  enum device_transport transport)
{
	static const char *const all[DEVICE_TRANSPORTS] = { [DEVICE_MMIO] = "virtio-device",
							    [DEVICE_PCI] = "virtio-pci" };
	const char *name = type->names[transport];
	bool virtio = device_is_virtio(type);

	return name && (!strcmp(global->driver, name) ||
			(virtio && !strcmp(global->driver, all[transport])));
}

static int set_global(struct parser *parser, const struct global *global, struct device_line *line)
{
	struct key keys[DEVICE_KEYS_MAX];
	char what[128];
	const struct keyval keyval = { what, keys, device_keys(line->type, line->transport, keys),
				       NULL };

	snprintf(what, sizeof(what), "-global %s", global->driver);
	return keyval_item(&keyval, global->property, global->value, line, parser->error);
}

/* In QEMU a virtio device on PCI contains the device that is alone on virtio-mmio, whose properties
 * are set first. */
int set_globals(struct parser *parser, struct device_line *line)
{
	int failed = 0;

	for (unsigned transport = 0; transport <= line->transport; transport++)
		for (unsigned n = 0; n < parser->global_count && !failed; n++)
			if (is_of(&parser->globals[n], line->type, transport))
				failed = set_global(parser, &parser->globals[n], line);
	return failed;
}

/* Tries to set the property on the first device that the -global concerns, to see whether the
 * property exists. */
static int check_global(struct parser *parser, const struct global *global)
{
	struct device_name name;

	if (!strcmp(global->driver, "virtio-mmio"))
		return set_slots(parser, global);
	for (unsigned n = 0; device_name_at(n, &name); n++) {
		struct device_line *line;

		if (!is_of(global, name.type, name.transport))
			continue;
		line = strings_room(&parser->options->strings,
				    sizeof(*line) + name.type->properties_size);
		line->type = name.type;
		line->transport = name.transport;
		return set_global(parser, global, line);
	}
	options_warn(parser, "-global %s.%s: there is no such device, nothing has this property",
		     global->driver, global->property);
	return 0;
}

int apply_global(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-global", global_keys, ARRAY_SIZE(global_keys), NULL };
	struct global *global = &parser->globals[parser->global_count];
	int failed = 0;

	(void)option;
	if (parser->global_count == GLOBALS_MAX)
		return keyval_fail(parser->error, "-global: more than %d", GLOBALS_MAX);
	*global = (struct global){ 0 };
	if (!strncmp(value, "driver=", 7))
		failed = keyval_parse(&keyval, value, global, &parser->options->strings,
				      parser->error);
	else
		read_short(&parser->options->strings, value, global);
	if (failed)
		return failed;
	if (!global->driver || !global->property || !global->value)
		return keyval_fail(parser->error,
				   "-global: '%s' is not DEVICE.PROPERTY=VALUE, as "
				   "in -global virtio-mmio.force-legacy=false",
				   value);
	failed = check_global(parser, global);
	parser->global_count += !failed;
	return failed;
}
