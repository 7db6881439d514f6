/* SPDX-License-Identifier: MIT */
/*
 * Compares the block device with QEMU's: runs the same random driver sessions on both, through
 * registers and rings, and compares used ring, status, data, interrupts and finally the images.
 * QEMU is driven by the qtest protocol and has no CPU. The test is skipped where QEMU is not
 * installed. It leaves out what the standard does not specify and the two do differently: lengths
 * of failed requests, and whether the first notification of a session can be suppressed.
 */
#include "machine.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SESSIONS 12
#define REQUESTS 60
#define NUM 64u
#define TABLE (GUEST_DATA + 0x8000)
#define SEGMENT_BYTES 16
#define DATA_MAX 4096u

#define F_FLUSH BIT(9)

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11, ZEROES = 13 };

struct pair {
	struct machine machine;
	struct guest_queue queue;
	char path[32];
	u64 seed, features;
	pid_t child;
	FILE *to, *from;
	unsigned statuses[3];
};

static void launch(const char *drive, int in, int out)
{
	dup2(in, 0);
	dup2(out, 1);
	execlp("qemu-system-riscv64", "qemu-system-riscv64", "-M", "virt", "-S", "-qtest", "stdio",
	       "-qtest-log", "/dev/null", "-display", "none", "-serial", "none", "-monitor", "none",
	       "-bios", "none", "-drive", drive, "-global", "virtio-mmio.force-legacy=false",
	       "-device",
	       "virtio-blk-device,drive=d,serial=serial,num-queues=2,bus=virtio-mmio-bus.0",
	       (char *)NULL);
	_exit(127);
}

static void start_qemu(struct pair *pair)
{
	char drive[128];
	int to[2], from[2];

	snprintf(drive, sizeof(drive), "file=%s,format=raw,if=none,id=d,discard=unmap", pair->path);
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	pair->child = fork();
	assert_true(pair->child >= 0);
	if (!pair->child) {
		close(to[1]);
		close(from[0]);
		launch(drive, to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	pair->to = fdopen(to[1], "w");
	pair->from = fdopen(from[0], "r");
}

/* Returns the answer to the command that was just written, without its "OK". */
static char *answer(struct pair *pair)
{
	static char line[2 * DATA_MAX * 4];

	fflush(pair->to);
	do {
		if (!fgets(line, sizeof(line), pair->from))
			fail_msg("QEMU went away");
	} while (!strncmp(line, "IRQ", 3));
	if (strncmp(line, "OK", 2))
		fail_msg("QEMU answered %s", line);
	return line + 2;
}

static void both_set(struct pair *pair, u32 reg, u32 value)
{
	guest_set(&pair->machine.guest, reg, value);
	fprintf(pair->to, "writel %#llx %#x\n", GUEST_SLOT + reg, value);
	answer(pair);
}

static u32 both_get(struct pair *pair, u32 reg)
{
	u32 ours = guest_get(&pair->machine.guest, reg), theirs;

	fprintf(pair->to, "readl %#llx\n", GUEST_SLOT + reg);
	theirs = (u32)strtoull(answer(pair), NULL, 0);
	if (ours != theirs)
		fail_msg("register %#x: ours %#x, QEMU's %#x", reg, ours, theirs);
	return ours;
}

/* Copies contents of the RAM here to QEMU's. */
static void copy(struct pair *pair, u64 addr, u32 size)
{
	const u8 *data = guest_ram(&pair->machine.guest, addr);

	fprintf(pair->to, "write %#llx %#x 0x", addr, size);
	for (u32 i = 0; i < size; i++)
		fprintf(pair->to, "%02x", data[i]);
	fputc('\n', pair->to);
	answer(pair);
}

static void fetch(struct pair *pair, u64 addr, u8 *data, u32 size)
{
	const char *text;

	fprintf(pair->to, "read %#llx %#x\n", addr, size);
	text = strstr(answer(pair), "0x") + 2;
	for (u32 i = 0; i < size; i++)
		assert_int_equal(sscanf(text + 2 * i, "%2hhx", &data[i]), 1);
}

static void compare(struct pair *pair, const char *what, u64 addr, u32 size)
{
	static u8 theirs[2 * DATA_MAX];
	const u8 *ours = guest_ram(&pair->machine.guest, addr);

	fetch(pair, addr, theirs, size);
	for (u32 i = 0; i < size; i++)
		if (ours[i] != theirs[i])
			fail_msg("%s, byte %u: ours %#x, QEMU's %#x", what, i, ours[i], theirs[i]);
}

static u64 blk_qemu_below(struct pair *pair, u64 limit)
{
	return (guest_random(&pair->seed) >> 8) % limit;
}

static void start_session(struct pair *pair)
{
	const u64 optional = F_FLUSH | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX;
	struct guest_queue *queue = &pair->queue;
	const u64 base = GUEST_QUEUE(0);
	const u64 areas[] = { base, base + 0x4000, base + 0x8000 };
	static const u32 regs[] = { MMIO_QUEUE_DESC, MMIO_QUEUE_DRIVER, MMIO_QUEUE_DEVICE };

	pair->features = VIRTIO_F_VERSION_1 | (optional & guest_random(&pair->seed));
	both_set(pair, MMIO_STATUS, 0);
	both_set(pair, MMIO_STATUS, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER);
	for (u32 half = 0; half < 2; half++) {
		both_set(pair, MMIO_DRIVER_FEATURES_SEL, half);
		both_set(pair, MMIO_DRIVER_FEATURES, (u32)(pair->features >> 32 * half));
	}
	both_set(pair, MMIO_STATUS, both_get(pair, MMIO_STATUS) | VIRTIO_STATUS_FEATURES_OK);
	*queue = (struct guest_queue){
		.guest = &pair->machine.guest,
		.num = NUM,
		.desc = areas[0],
		.avail = areas[1],
		.used = areas[2],
	};
	memset(guest_ram(queue->guest, base), 0, 0x10000);
	both_set(pair, MMIO_QUEUE_SEL, 0);
	both_set(pair, MMIO_QUEUE_NUM, NUM);
	for (unsigned i = 0; i < ARRAY_SIZE(areas); i++) {
		copy(pair, areas[i], 16 * NUM);
		both_set(pair, regs[i], (u32)areas[i]);
		both_set(pair, regs[i] + 4, (u32)(areas[i] >> 32));
	}
	both_set(pair, MMIO_QUEUE_READY, 1);
	both_set(pair, MMIO_STATUS, both_get(pair, MMIO_STATUS) | VIRTIO_STATUS_DRIVER_OK);
	both_get(pair, MMIO_STATUS);
}

struct request {
	u32 type, size;
	u64 sector;
	u64 data, status; /* addresses */
};

static void put_segment(struct pair *pair, const struct request *request)
{
	u8 *segment = guest_ram(&pair->machine.guest, request->data);
	u32 count = (u32)blk_qemu_below(pair, 8);
	/*
	 * The flags are 0 for an invalid range, with which QEMU does not check them; 5.2.6.2 does
	 * not say which comes first.
	 */
	u32 flags = request->sector + count <= MACHINE_SECTORS ? (u32)blk_qemu_below(pair, 3) : 0;

	memcpy(segment, &request->sector, 8);
	memcpy(segment + 8, &count, 4);
	memcpy(segment + 12, &flags, 4);
}

static struct request some_request(struct pair *pair)
{
	static const u32 types[] = {
		IN, IN, IN, OUT, OUT, OUT, FLUSH, GET_ID, DISCARD, ZEROES, 6, 12, 16,
	};
	struct request request = { .type = types[blk_qemu_below(pair, ARRAY_SIZE(types))] };
	u8 *data;

	request.data = GUEST_DATA + 0x1000 + blk_qemu_below(pair, 64);
	request.sector = blk_qemu_below(pair, MACHINE_SECTORS + 4);
	switch (request.type) {
	case FLUSH:
		request.sector = 0;
		break;
	case GET_ID:
		request.size = 20;
		break;
	case DISCARD:
	case ZEROES:
		request.size = SEGMENT_BYTES;
		break;
	default:
		request.size = 512 * (u32)blk_qemu_below(pair, 8);
		request.size += blk_qemu_below(pair, 8) ? 0 : (u32)blk_qemu_below(pair, 512);
	}
	request.status = request.data + request.size;
	data = guest_ram(&pair->machine.guest, GUEST_DATA);
	for (u32 i = 0; i < 0x3000; i++)
		data[i] = (u8)guest_random(&pair->seed);
	memcpy(data, &request.type, 4);
	memcpy(data + 8, &request.sector, 8);
	if (request.type == DISCARD || request.type == ZEROES)
		put_segment(pair, &request);
	return request;
}

/* Divides a buffer at random into descriptors from `index` on. Returns the next free index. */
static u32 cut(struct pair *pair, u64 table, u32 index, u64 addr, u32 size, u32 write, bool last)
{
	for (u32 done = 0, part; done < size; done += part, index++) {
		bool end;

		part = blk_qemu_below(pair, 3) ? size - done :
						 1 + (u32)blk_qemu_below(pair, size - done);
		end = last && done + part == size;
		guest_desc(&pair->machine.guest, table, index, addr + done, part,
			   FLAGS(write | (end ? 0 : F_NEXT), index + 1));
	}
	return index;
}

static void put_chain(struct pair *pair, const struct request *request)
{
	bool indirect = (pair->features & VIRTIO_F_INDIRECT_DESC) && blk_qemu_below(pair, 2);
	u64 table = indirect ? TABLE : pair->queue.desc;
	u32 write = request->type == IN || request->type == GET_ID ? F_WRITE : 0;
	u32 count;

	count = cut(pair, table, 0, GUEST_DATA, 16, 0, false);
	count = cut(pair, table, count, request->data, request->size, write, false);
	count = cut(pair, table, count, request->status, 1, F_WRITE, true);
	if (indirect)
		ring_desc(&pair->queue, 0, TABLE, count * 16, FLAGS(F_INDIRECT, 0));
	copy(pair, table, count * 16);
	copy(pair, pair->queue.desc, 16);
	copy(pair, GUEST_DATA, 0x1000);
	copy(pair, GUEST_DATA + 0x1000, 0x1000);
	copy(pair, GUEST_DATA + 0x2000, 0x1000);
}

/* Waits until QEMU has served the requests, which may take minutes on a busy host. */
static void await(struct pair *pair, u16 idx)
{
	u8 bytes[2];

	for (unsigned tries = 0; tries < 20000000; tries++) {
		fetch(pair, pair->queue.used + 2, bytes, 2);
		if ((bytes[0] | bytes[1] << 8) == idx)
			return;
		usleep(50);
	}
	fail_msg("QEMU did not serve the request");
}

static void run_request(struct pair *pair, bool first)
{
	struct guest *guest = &pair->machine.guest;
	struct guest_queue *queue = &pair->queue;
	struct request request = some_request(pair);
	bool event_idx = pair->features & VIRTIO_F_EVENT_IDX;
	u64 element = queue->used + 4 + 8 * (queue->used_seen % NUM);
	u8 status;

	put_chain(pair, &request);
	guest_put16(guest, queue->avail, event_idx ? 0 : (u16)blk_qemu_below(pair, 2));
	guest_put16(guest, queue->avail + 4 + 2 * NUM,
		    first ? 0 : (u16)(queue->avail_idx + blk_qemu_below(pair, 3) - 1));
	guest_offer(queue, 0);
	copy(pair, queue->avail, 6 + 2 * NUM);
	both_set(pair, MMIO_QUEUE_NOTIFY, 0);
	await(pair, queue->avail_idx);
	assert_true(guest_returned(queue));
	status = *(u8 *)guest_ram(guest, request.status);
	assert_in_range(status, 0, 2);
	pair->statuses[status]++;
	compare(pair, "status", request.status, 1);
	compare(pair, "around the buffers", request.data - 16, 16);
	compare(pair, "after the status", request.status + 1, 16);
	if (!status) {
		/*
		 * QEMU does not change the bytes after the serial number's NUL; 5.2.6 says that it
		 * is padded.
		 */
		if (request.size)
			compare(pair, "data", request.data,
				request.type == GET_ID ? sizeof("serial") : request.size);
		compare(pair, "used element", element, 8);
	}
	compare(pair, "used ring's head", queue->used, 4);
	if (event_idx)
		compare(pair, "avail_event", queue->used + 4 + 8 * NUM, 2);
	both_get(pair, MMIO_INTERRUPT_STATUS);
	if (blk_qemu_below(pair, 2))
		both_set(pair, MMIO_INTERRUPT_ACK, 1);
	both_get(pair, MMIO_STATUS);
}

static void compare_images(struct pair *pair)
{
	static u8 ours[MACHINE_SECTORS * 512], theirs[MACHINE_SECTORS * 512];
	FILE *a = fopen(pair->machine.path, "rb"), *b = fopen(pair->path, "rb");

	assert_int_equal(fread(ours, 1, sizeof(ours), a), sizeof(ours));
	assert_int_equal(fread(theirs, 1, sizeof(theirs), b), sizeof(theirs));
	fclose(a);
	fclose(b);
	assert_memory_equal(ours, theirs, sizeof(ours));
}

static void test_same_as_qemu(void **state)
{
	static struct pair pair;
	int fd;

	if (system("qemu-system-riscv64 -version >/dev/null 2>&1"))
		skip();
	pair.seed = 0x243f6a8885a308d3;
	strcpy(pair.path, "/tmp/baya-qemu-XXXXXX");
	fd = mkstemp(pair.path);
	assert_int_equal(ftruncate(fd, MACHINE_SECTORS * 512), 0);
	close(fd);
	machine_init(&pair.machine, MACHINE_BLK);
	start_qemu(&pair);
	for (unsigned i = 0; i < 4; i++)
		both_get(&pair, 4 * i); /* magic, version, device and vendor id */
	both_get(&pair, MMIO_CONFIG);
	both_get(&pair, MMIO_CONFIG + 20); /* blk_size */
	for (unsigned session = 0; session < SESSIONS; session++) {
		start_session(&pair);
		for (unsigned i = 0; i < REQUESTS; i++)
			run_request(&pair, i == 0);
	}
	print_message("status ok %u, ioerr %u, unsupp %u\n", pair.statuses[0], pair.statuses[1],
		      pair.statuses[2]);
	assert_true(pair.statuses[0] > 100 && pair.statuses[1] && pair.statuses[2]);
	kill(pair.child, SIGTERM);
	waitpid(pair.child, NULL, 0);
	compare_images(&pair);
	fclose(pair.to);
	fclose(pair.from);
	machine_free(&pair.machine);
	assert_int_equal(unlink(pair.path), 0);
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_same_as_qemu), { 0 } };
