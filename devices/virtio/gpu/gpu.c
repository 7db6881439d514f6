/* SPDX-License-Identifier: MIT */
/*
 * The commands of the virtio GPU: a table maps a command to its function. A request is copied once,
 * and its answer is zeroed first, so no command sees bytes of another one.
 */
#include "devices/virtio/gpu/gpu.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "devices/screen/edid.h"

#define VIRTIO_ID_GPU 16
#define QUEUE_SIZE 256

/* 5.7.2 Virtqueues */
#define CONTROLQ 0
#define CURSORQ 1
#define QUEUES 2

/*
 * A command counts towards the limit of a turn as much as moving this many bytes, in addition to
 * those that it moves, because it looks up and clears pages.
 */
#define COMMAND_COST (32 * KiB)

union gpu_request {
	struct virtio_gpu_resource_create_2d create;
	struct virtio_gpu_resource_unref unref;
	struct virtio_gpu_set_scanout set_scanout;
	struct virtio_gpu_resource_flush flush;
	struct virtio_gpu_transfer_to_host_2d transfer;
	struct virtio_gpu_resource_attach_backing attach;
	struct virtio_gpu_update_cursor cursor;
};

struct gpu_call {
	struct virtio_gpu *gpu;
	union gpu_request request;
	struct virtq_buffer *rest; /* the request after its header */
	union {
		struct virtio_gpu_ctrl_hdr hdr;
		struct virtio_gpu_resp_display_info info;
		struct virtio_gpu_resp_edid edid;
	} response;
	u32 response_size;
};

struct gpu_command {
	enum virtio_gpu_ctrl_type type;
	unsigned queue;
	u32 size; /* the size of its request without the header */
	u32 (*run)(struct gpu_call *call); /* returns the type of its response */
};

static u32 get_display_info(struct gpu_call *call)
{
	u32 right = 0;

	for (unsigned n = 0; n < call->gpu->display.count; n++) {
		const struct gpu_scanout *scanout = &call->gpu->scanouts[n];
		bool enabled = scanout->wished_width && scanout->wished_height;

		call->response.info.pmodes[n].r = (struct virtio_gpu_rect){
			right, 0, scanout->wished_width, scanout->wished_height
		};
		call->response.info.pmodes[n].enabled = enabled;
		right += scanout->wished_width;
	}
	call->response_size = sizeof(call->response.info);
	return VIRTIO_GPU_RESP_OK_DISPLAY_INFO;
}

static u32 get_edid(struct gpu_call *call)
{
	u32 number = call->request.unref.resource_id;
	const struct gpu_scanout *scanout;

	if (!virtio_negotiated(&call->gpu->virtio, VIRTIO_GPU_F_EDID))
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	if (number >= call->gpu->display.count)
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	scanout = &call->gpu->scanouts[number];
	call->response.edid.size =
		edid_make(call->response.edid.edid, MAX(scanout->wished_width, 1u),
			  MAX(scanout->wished_height, 1u), call->gpu->dpi, number + 1);
	call->response_size = sizeof(call->response.edid);
	return VIRTIO_GPU_RESP_OK_EDID;
}

static u32 resource_create_2d(struct gpu_call *call)
{
	return gpu_resource_create(&call->gpu->resources, &call->request.create);
}

static u32 resource_unref(struct gpu_call *call)
{
	struct virtio_gpu *gpu = call->gpu;
	struct gpu_resource *resource =
		gpu_resource_find(&gpu->resources, call->request.unref.resource_id);

	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	gpu_scanouts_turn_off(gpu, resource->id);
	gpu_resource_destroy(&gpu->resources, resource);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static u32 set_scanout(struct gpu_call *call)
{
	return gpu_scanout_set(call->gpu, &call->request.set_scanout);
}

static u32 resource_flush(struct gpu_call *call)
{
	return gpu_scanout_flush(call->gpu, &call->request.flush);
}

static u32 transfer_to_host_2d(struct gpu_call *call)
{
	const struct virtio_gpu_transfer_to_host_2d *request = &call->request.transfer;
	struct gpu_resources *resources = &call->gpu->resources;
	struct gpu_resource *resource = gpu_resource_find(resources, request->resource_id);

	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	virtio_charge(&call->gpu->virtio,
		      (u64)request->r.width * request->r.height * GPU_PIXEL_BYTES);
	return gpu_resource_transfer(resources, resource, request);
}

static u32 resource_attach_backing(struct gpu_call *call)
{
	const struct virtio_gpu_resource_attach_backing *request = &call->request.attach;
	struct gpu_resources *resources = &call->gpu->resources;
	struct gpu_resource *resource = gpu_resource_find(resources, request->resource_id);

	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	return gpu_resource_attach(resources, resource, call->rest, request->nr_entries);
}

static u32 resource_detach_backing(struct gpu_call *call)
{
	struct gpu_resources *resources = &call->gpu->resources;
	struct gpu_resource *resource =
		gpu_resource_find(resources, call->request.unref.resource_id);

	if (!resource)
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	return gpu_resource_detach(resources, resource);
}

static u32 update_cursor(struct gpu_call *call)
{
	return gpu_cursor_update(call->gpu, &call->request.cursor);
}

static u32 move_cursor(struct gpu_call *call)
{
	return gpu_cursor_move(call->gpu, &call->request.cursor);
}

static const struct gpu_command commands[] = {
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, CONTROLQ, 0, get_display_info },
	{ VIRTIO_GPU_CMD_GET_EDID, CONTROLQ, sizeof(struct virtio_gpu_resource_unref), get_edid },
	{ VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, CONTROLQ,
	  sizeof(struct virtio_gpu_resource_create_2d), resource_create_2d },
	{ VIRTIO_GPU_CMD_RESOURCE_UNREF, CONTROLQ, sizeof(struct virtio_gpu_resource_unref),
	  resource_unref },
	{ VIRTIO_GPU_CMD_SET_SCANOUT, CONTROLQ, sizeof(struct virtio_gpu_set_scanout),
	  set_scanout },
	{ VIRTIO_GPU_CMD_RESOURCE_FLUSH, CONTROLQ, sizeof(struct virtio_gpu_resource_flush),
	  resource_flush },
	{ VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, CONTROLQ,
	  sizeof(struct virtio_gpu_transfer_to_host_2d), transfer_to_host_2d },
	{ VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, CONTROLQ,
	  sizeof(struct virtio_gpu_resource_attach_backing), resource_attach_backing },
	{ VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, CONTROLQ,
	  sizeof(struct virtio_gpu_resource_unref), resource_detach_backing },
	{ VIRTIO_GPU_CMD_UPDATE_CURSOR, CURSORQ, sizeof(struct virtio_gpu_update_cursor),
	  update_cursor },
	{ VIRTIO_GPU_CMD_MOVE_CURSOR, CURSORQ, sizeof(struct virtio_gpu_update_cursor),
	  move_cursor },
};

static u32 gpu_run(struct gpu_call *call, unsigned queue, u32 type)
{
	for (unsigned n = 0; n < ARRAY_SIZE(commands); n++) {
		const struct gpu_command *command = &commands[n];

		if (command->type != type || command->queue != queue)
			continue;
		if (!virtq_buffer_read(call->rest, &call->request, command->size))
			return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
		return command->run(call);
	}
	return VIRTIO_GPU_RESP_ERR_UNSPEC;
}

/*
 * Serves a command of either queue. Linux's driver leaves no room for answers in the cursor queue,
 * so an answer is cut to the room that there is.
 */
static enum virtio_served gpu_serve(void *self, unsigned queue, struct virtq_chain *chain,
				    u32 *written)
{
	struct virtio_gpu *gpu = self;
	struct gpu_call call = { .gpu = gpu, .rest = &chain->out };
	struct virtio_gpu_ctrl_hdr header;
	u32 type, flags;

	if (!virtq_buffer_read(&chain->out, &header, sizeof(header)))
		return VIRTIO_BAD;
	virtio_charge(&gpu->virtio, COMMAND_COST);
	flags = header.flags & VIRTIO_GPU_FLAG_FENCE;
	call.response_size = sizeof(call.response.hdr);
	type = gpu_run(&call, queue, header.type);
	call.response.hdr = (struct virtio_gpu_ctrl_hdr){ .type = type, .flags = flags };
	if (flags) {
		call.response.hdr.fence_id = header.fence_id;
		call.response.hdr.ctx_id = header.ctx_id;
	}
	if (type >= VIRTIO_GPU_RESP_ERR_UNSPEC)
		log_line(&gpu->virtio.platform->log, LOG_GUEST_ERRORS,
			 "%s: command %#x answered with error %#x", gpu->virtio.name, header.type,
			 type);
	*written = (u32)MIN(chain->in.size, call.response_size);
	virtq_buffer_write(&chain->in, &call.response, *written);
	return VIRTIO_USED;
}

static void gpu_config_write(void *self, u32 offset, unsigned size, u32 value)
{
	struct virtio_gpu *gpu = self;

	if (offset == offsetof(struct virtio_gpu_config, events_clear) && size == sizeof(u32))
		gpu->config.events_read &= ~value;
}

static void gpu_queue_reset(void *self, unsigned queue)
{
	struct virtio_gpu *gpu = self;

	if (queue != CONTROLQ)
		return;
	gpu_resources_reset(&gpu->resources);
	gpu_scanouts_reset(gpu);
}

static const struct virtio_ops gpu_ops = {
	.device_id = VIRTIO_ID_GPU,
	.serve = gpu_serve,
	.config_write = gpu_config_write,
	.queue_reset = gpu_queue_reset,
};

/* Handles a record of the journal: the user wants another size of a screen. */
static void wish_put(void *ctx, const u8 *data, size_t size)
{
	struct virtio_gpu *gpu = ctx;
	struct display_size_request request;

	if (size != sizeof(request))
		return;
	memcpy(&request, data, size);
	if (!gpu_scanout_request(gpu, &request))
		return;
	gpu->config.events_read |= VIRTIO_GPU_EVENT_DISPLAY;
	virtio_config_changed(&gpu->virtio);
}

/* Resets the device with the machine. Screens keep the sizes that the user has chosen. */
static void gpu_reset(void *self)
{
	struct virtio_gpu *gpu = self;

	gpu->config.events_read = 0;
}

static const struct state_field gpu_fields[] = {
	{ "events_read", offsetof(struct virtio_gpu, config.events_read), sizeof(u32), 1, false },
	{ "resources", offsetof(struct virtio_gpu, resources.table), sizeof(u32),
	  GPU_RESOURCES_MAX * sizeof(struct gpu_resource) / sizeof(u32), false },
};

static int gpu_loaded(void *self)
{
	struct virtio_gpu *gpu = self;
	bool good = !(gpu->config.events_read & ~VIRTIO_GPU_EVENT_DISPLAY) &&
		    gpu_resources_loaded(&gpu->resources) && gpu_scanouts_loaded(gpu);

	return good ? 0 : -EINVAL;
}

static const struct state_type gpu_type = {
	.version = 1,
	.fields = gpu_fields,
	.count = ARRAY_SIZE(gpu_fields),
	.post_load = gpu_loaded,
};

static const struct state_field scanout_fields[] = {
	{ "words", 0, sizeof(u32), sizeof(struct gpu_scanout) / sizeof(u32), false },
};

static const struct state_type scanout_type = {
	.version = 1,
	.fields = scanout_fields,
	.count = ARRAY_SIZE(scanout_fields),
};

/*
 * Registers the device's state. gpu_type comes last, so that its post_load() checks when all other
 * parts have been loaded.
 */
static void register_state(struct virtio_gpu *gpu, struct state *state)
{
	char name[STATE_NAME_MAX];

	snprintf(name, sizeof(name), "%s.memory", gpu->virtio.name);
	state_register_ram(state, name, &gpu->resources.memory.ram);
	for (unsigned n = 0; n < gpu->display.count; n++) {
		snprintf(name, sizeof(name), "%s.scanout%u", gpu->virtio.name, n & 0xf);
		state_register(state, name, &scanout_type, &gpu->scanouts[n]);
	}
	snprintf(name, sizeof(name), "%s.gpu", gpu->virtio.name);
	state_register(state, name, &gpu_type, gpu);
}

int virtio_gpu_init(struct virtio_gpu *gpu, struct platform *platform,
		    const struct virtio_gpu_setup *setup)
{
	struct virtio_setup core = {
		.ops = &gpu_ops,
		.self = gpu,
		.name = setup->name,
		.features = VIRTIO_GPU_F_EDID,
		.queue_count = QUEUES,
		.queue_size = QUEUE_SIZE,
		.config = &gpu->config,
		.config_size = sizeof(gpu->config),
	};
	struct journal_sink sink = { .name = gpu->part, .put = wish_put, .ctx = gpu };
	int error;

	*gpu = (struct virtio_gpu){
		.display = { .count = setup->outputs, .resizes = true },
		.config = { .num_scanouts = setup->outputs },
		.dpi = setup->dpi,
		.resources = { .platform = platform },
	};
	error = gpu_memory_init(&gpu->resources.memory, setup->memory);
	if (error)
		return error;
	for (unsigned n = 0; n < setup->outputs; n++) {
		gpu->scanouts[n].wished_width = setup->width;
		gpu->scanouts[n].wished_height = setup->height;
	}
	virtio_init(&gpu->virtio, platform, &core);
	snprintf(gpu->part, sizeof(gpu->part), "%s.display", gpu->virtio.name);
	gpu->display.sink = journal_register(&platform->journal, &sink);
	register_state(gpu, &platform->state);
	platform_on_reset(platform, gpu_reset, gpu);
	return 0;
}

void virtio_gpu_free(struct virtio_gpu *gpu)
{
	gpu_memory_free(&gpu->resources.memory);
}

static int virtio_gpu_create(void *self, struct device_setup *setup, struct virtio **virtio)
{
	const struct virtio_gpu_properties *properties = setup->properties;
	const struct virtio_gpu_setup own = {
		.name = setup->name,
		.outputs = (unsigned)properties->outputs,
		.width = (u32)properties->width,
		.height = (u32)properties->height,
		.dpi = (u32)properties->dpi,
		.memory = align_up(properties->memory, PAGE_SIZE),
	};
	struct virtio_gpu *gpu = self;
	int error = virtio_gpu_init(gpu, setup->context->platform, &own);

	if (error)
		return device_fail(setup, error,
				   "not enough host memory; give less with "
				   "max_hostmem=");
	*virtio = &gpu->virtio;
	return 0;
}

static void virtio_gpu_destroy(void *self)
{
	virtio_gpu_free(self);
}

#define FIELD(member) offsetof(struct virtio_gpu_properties, member)

static const struct key virtio_gpu_keys[] = {
	{ .name = "max_outputs", .kind = KEY_NUMBER, .offset = FIELD(outputs), .accepted = "N",
	  .min = 1, .max = 16, .initial = 1 },
	{ .name = "xres", .kind = KEY_NUMBER, .offset = FIELD(width), .accepted = "PIXELS",
	  .min = 64, .max = 16384, .initial = 1280 },
	{ .name = "yres", .kind = KEY_NUMBER, .offset = FIELD(height), .accepted = "PIXELS",
	  .min = 64, .max = 16384, .initial = 800 },
	{ .name = "dpi", .kind = KEY_NUMBER, .offset = FIELD(dpi), .accepted = "N",
	  .min = 48, .max = 1000, .initial = 96 },
	{ .name = "edid", .kind = KEY_WORD, .offset = FIELD(edid), .accepted = "on" },
	{ .name = "max_hostmem", .kind = KEY_SIZE, .offset = FIELD(memory), .accepted = "SIZE",
	  .min = MiB, .max = 4 * GiB, .initial = 256 * MiB },
};

const struct device_type virtio_gpu_device = {
	.name = "virtio-gpu",
	.names = DEVICE_VIRTIO_NAMES("virtio-gpu"),
	.help = "A screen, or several with max_outputs=; -display shows it. dpi= (96) tells the "
		"guest its dots per inch: some desktops scale by two from 192 on.",
	.category = DEVICE_DISPLAY,
	.keys = virtio_gpu_keys,
	.key_count = ARRAY_SIZE(virtio_gpu_keys),
	.properties_size = sizeof(struct virtio_gpu_properties),
	.part = "gpu",
	.first_unnumbered = true,
	.size = sizeof(struct virtio_gpu),
	.create = virtio_gpu_create,
	.free = virtio_gpu_destroy,
};
