/* SPDX-License-Identifier: MIT */
/*
 * Input devices: their configuration, and their events on the way to the driver, where reports wait
 * until there are buffers. Start at the table of kinds.
 */
#include "devices/virtio/input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VIRTIO_ID_INPUT 18
#define QUEUE_SIZE 64

/* 5.8.2 Virtqueues */
#define EVENTQ 0
#define STATUSQ 1
#define QUEUES 2

/* enum virtio_input_config_select */
enum {
	CFG_ID_NAME = 0x01,
	CFG_ID_SERIAL = 0x02,
	CFG_ID_DEVIDS = 0x03,
	CFG_EV_BITS = 0x11,
	CFG_ABS_INFO = 0x12,
};

#define BUS_VIRTUAL 0x06
#define VENDOR_ID 0x0627 /* QEMU's: guests recognise these devices by it */
#define LEDS 3

struct virtio_input_devids {
	u16 bustype, vendor, product, version;
};

struct virtio_input_absinfo {
	u32 min, max, fuzz, flat, res;
};

/* The codes from first to last of one type of events. */
struct codes {
	u16 type, first, last;
};

#define CODES_MAX 5

struct virtio_input_kind {
	const char *name;
	u16 product;
	struct codes codes[CODES_MAX];
	unsigned count;
};

/* Names and ids are those of QEMU's devices. */
static const struct virtio_input_kind kinds[INPUT_KINDS] = {
	[INPUT_KEYBOARD] = {
		"QEMU Virtio Keyboard", 1,
		/*
		 * All keys. EV_REP with bit 0 only means that the guest itself repeats keys that
		 * are held.
		 */
		{ { EV_KEY, 1, 0xff }, { EV_REP, 0, 0 }, { EV_LED, 0, LEDS - 1 } }, 3,
	},
	[INPUT_MOUSE] = {
		"QEMU Virtio Mouse", 2,
		{ { EV_KEY, BTN_LEFT, BTN_EXTRA }, { EV_KEY, BTN_GEAR_DOWN, BTN_GEAR_UP },
		  { EV_REL, REL_X, REL_Y }, { EV_REL, REL_HWHEEL, REL_HWHEEL },
		  { EV_REL, REL_WHEEL, REL_WHEEL } }, 5,
	},
	[INPUT_TABLET] = {
		"QEMU Virtio Tablet", 3,
		{ { EV_KEY, BTN_LEFT, BTN_EXTRA }, { EV_KEY, BTN_GEAR_DOWN, BTN_GEAR_UP },
		  { EV_ABS, ABS_X, ABS_Y }, { EV_REL, REL_HWHEEL, REL_HWHEEL },
		  { EV_REL, REL_WHEEL, REL_WHEEL } }, 5,
	},
};

static bool has_code(const struct virtio_input *input, u16 type, u16 code)
{
	for (unsigned n = 0; n < input->kind->count; n++) {
		const struct codes *codes = &input->kind->codes[n];

		if (codes->type == type && code >= codes->first && code <= codes->last)
			return true;
	}
	return false;
}

static u8 virtio_input_fill(struct virtio_input_config *config, const void *data, size_t size)
{
	memcpy(config->data, data, size);
	return (u8)size;
}

static u8 fill_bits(struct virtio_input *input, u8 type)
{
	u8 size = 0;

	for (u16 code = 0; code < 8 * sizeof(input->config.data); code++) {
		if (!has_code(input, type, code))
			continue;
		input->config.data[code / 8] |= (u8)(1u << code % 8);
		size = (u8)(code / 8 + 1);
	}
	return size;
}

/* Fills in the answer to select and subsel. Its size is 0 if there is none (5.8.5.2). */
static void virtio_input_answer(struct virtio_input *input)
{
	const struct virtio_input_devids ids = { BUS_VIRTUAL, VENDOR_ID, input->kind->product, 1 };
	const struct virtio_input_absinfo abs = { .max = INPUT_ABS_MAX };
	struct virtio_input_config *config = &input->config;
	u8 subsel = config->subsel;

	config->size = 0;
	memset(config->data, 0, sizeof(config->data));
	switch (config->select) {
	case CFG_ID_NAME:
		if (!subsel)
			config->size = virtio_input_fill(config, input->kind->name,
							 strlen(input->kind->name));
		break;
	case CFG_ID_SERIAL:
		if (!subsel)
			config->size = virtio_input_fill(config, input->virtio.name,
							 strlen(input->virtio.name));
		break;
	case CFG_ID_DEVIDS:
		if (!subsel)
			config->size = virtio_input_fill(config, &ids, sizeof(ids));
		break;
	case CFG_EV_BITS:
		config->size = fill_bits(input, subsel);
		break;
	case CFG_ABS_INFO:
		if (has_code(input, EV_ABS, subsel))
			config->size = virtio_input_fill(config, &abs, sizeof(abs));
		break;
	}
}

static void virtio_input_config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct virtio_input *input = self;

	for (unsigned n = 0; n < size; n++, offset++, value >>= 8) {
		if (offset == offsetof(struct virtio_input_config, select))
			input->config.select = (u8)value;
		else if (offset == offsetof(struct virtio_input_config, subsel))
			input->config.subsel = (u8)value;
	}
	virtio_input_answer(input);
}

static enum virtio_served give_event(struct virtio_input *input, struct virtq_chain *chain,
				     u32 *written)
{
	const struct input_event *event = &input->pending[input->pending_start];

	if (chain->out.count || chain->in.size < sizeof(*event))
		return VIRTIO_BAD;
	if (!input->pending_count)
		return VIRTIO_WAIT;
	virtq_buffer_write(&chain->in, event, sizeof(*event));
	*written = sizeof(*event);
	input->pending_start = (input->pending_start + 1) % VIRTIO_INPUT_PENDING;
	input->pending_count--;
	return VIRTIO_USED;
}

static enum virtio_served take_status(struct virtio_input *input, struct virtq_chain *chain)
{
	struct input_event event;

	if (chain->in.count || !virtq_buffer_read(&chain->out, &event, sizeof(event)))
		return VIRTIO_BAD;
	if (event.type == EV_LED && has_code(input, EV_LED, event.code))
		input->input.leds =
			(u32)field_set(input->input.leds, BIT(event.code), event.value != 0);
	return VIRTIO_USED;
}

static enum virtio_served virtio_input_serve(void *self, unsigned queue, struct virtq_chain *chain,
					     u32 *written)
{
	return queue == EVENTQ ? give_event(self, chain, written) : take_status(self, chain);
}

/* Resets a queue: drops events for a driver that no longer exists, or turns the LEDs off. */
static void virtio_input_queue_reset(void *self, unsigned queue)
{
	struct virtio_input *input = self;

	if (queue == EVENTQ)
		input->pending_start = input->pending_count = 0;
	else
		input->input.leds = 0;
}

static const struct virtio_ops input_ops = {
	.device_id = VIRTIO_ID_INPUT,
	.serve = virtio_input_serve,
	.config_write = virtio_input_config_write,
	.queue_reset = virtio_input_queue_reset,
};

static bool listens(void *device)
{
	const struct virtio_input *input = device;
	const u8 status = input->virtio.status;

	return (status & VIRTIO_STATUS_DRIVER_OK) &&
	       !(status & (VIRTIO_STATUS_DEVICE_NEEDS_RESET | VIRTIO_STATUS_FAILED)) &&
	       input->virtio.queues[EVENTQ].ready;
}

static size_t virtio_input_room(void *device)
{
	const struct virtio_input *input = device;

	return listens(device) ? VIRTIO_INPUT_PENDING - input->pending_count : 0;
}

/* Accepts a whole report, or nothing of it. */
static void virtio_input_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_input *input = ctx;
	struct input_event events[INPUT_REPORT_MAX];
	size_t count = size / sizeof(events[0]);

	if (size > sizeof(events) || size % sizeof(events[0]) || count > virtio_input_room(input))
		return;
	memcpy(events, data, size);
	for (size_t n = 0; n < count; n++) {
		u32 end = input->pending_start + input->pending_count++;

		input->pending[end % VIRTIO_INPUT_PENDING] = events[n];
	}
	virtio_kick(&input->virtio, EVENTQ);
}

/*
 * The ring of events is saved as words of 8 bytes, one for each event, with its type in the low
 * half.
 */
static const struct state_field input_fields[] = {
	{ "select", offsetof(struct virtio_input, config.select), 1, 1, false },
	{ "subsel", offsetof(struct virtio_input, config.subsel), 1, 1, false },
	{ "leds", offsetof(struct virtio_input, input.leds), sizeof(u32), 1, false },
	{ "pending", offsetof(struct virtio_input, pending), sizeof(struct input_event),
	  VIRTIO_INPUT_PENDING, false },
	STATE_FIELD(struct virtio_input, pending_start),
	STATE_FIELD(struct virtio_input, pending_count),
};

static int virtio_input_loaded(void *self)
{
	struct virtio_input *input = self;

	virtio_input_answer(input);
	return input->pending_start < VIRTIO_INPUT_PENDING &&
			       input->pending_count <= VIRTIO_INPUT_PENDING &&
			       !(input->input.leds >> LEDS) ?
		       0 :
		       -EINVAL;
}

static const struct state_type input_type = {
	.version = 1,
	.fields = input_fields,
	.count = ARRAY_SIZE(input_fields),
	.post_load = virtio_input_loaded,
};

/* Resets the device with the machine. A driver's reset, in contrast, keeps select and subsel. */
static void virtio_input_reset(void *self)
{
	struct virtio_input *input = self;

	input->config.select = input->config.subsel = 0;
	virtio_input_answer(input);
}

void virtio_input_init(struct virtio_input *input, struct platform *platform, const char *name,
		       enum input_kind kind)
{
	struct virtio_setup core = {
		.ops = &input_ops,
		.self = input,
		.name = name,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &input->config,
		.config_size = sizeof(input->config),
	};
	struct journal_sink sink = { .name = input->part, .put = virtio_input_put, .ctx = input };

	*input = (struct virtio_input){
		.kind = &kinds[kind],
		.input = { .kind = kind,
			   .room = virtio_input_room,
			   .listens = listens,
			   .device = input },
	};
	virtio_init(&input->virtio, platform, &core);
	snprintf(input->part, sizeof(input->part), "%s.input", input->virtio.name);
	input->input.sink = journal_register(&platform->journal, &sink);
	state_register(&platform->state, input->part, &input_type, input);
	platform_on_reset(platform, virtio_input_reset, input);
}

static int virtio_input_create(struct virtio_input *input, struct device_setup *setup,
			       struct virtio **virtio, enum input_kind kind)
{
	virtio_input_init(input, setup->context->platform, setup->name, kind);
	*virtio = &input->virtio;
	return 0;
}

static int virtio_keyboard_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	return virtio_input_create(self, setup, virtio, INPUT_KEYBOARD);
}

static int virtio_tablet_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	return virtio_input_create(self, setup, virtio, INPUT_TABLET);
}

static int virtio_mouse_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	return virtio_input_create(self, setup, virtio, INPUT_MOUSE);
}

const struct device_type virtio_keyboard_device = {
	.name = "virtio-keyboard",
	.names = DEVICE_VIRTIO_NAMES("virtio-keyboard"),
	.help = "A keyboard, which gets the keys typed into the window.",
	.category = DEVICE_INPUT,
	.part = "keyboard",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_input),
	.create = virtio_keyboard_create,
};

const struct device_type virtio_tablet_device = {
	.name = "virtio-tablet",
	.names = DEVICE_VIRTIO_NAMES("virtio-tablet"),
	.help = "A pointer that follows the host's, without a grab.",
	.category = DEVICE_INPUT,
	.part = "tablet",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_input),
	.create = virtio_tablet_create,
};

const struct device_type virtio_mouse_device = {
	.name = "virtio-mouse",
	.names = DEVICE_VIRTIO_NAMES("virtio-mouse"),
	.help = "A mouse, for guests that know no tablet; Ctrl-Alt-g grabs the host's.",
	.category = DEVICE_INPUT,
	.part = "mouse",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_input),
	.create = virtio_mouse_create,
};
