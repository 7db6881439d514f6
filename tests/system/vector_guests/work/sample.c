/* SPDX-License-Identifier: MIT */
/*
 * A program for Linux: sample COMMAND... runs a command and tells which share of its instructions
 * were vectors. Each PERIOD-th instruction of it and its children, counted by the hart's counters,
 * raises an interrupt, in which Linux writes down its address; what is there is read from the file
 * that was mapped at it. A variable PERIOD of the environment has another number, for what takes
 * minutes. Prints "@sampled VECTORS SAMPLES FILE" for each file, behind all that the command said,
 * and exits as it did. Must be run by root, on one hart.
 */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PERIOD 20011 /* a prime, so that no loop is in step with it */
#define PAGE 4096u
#define RING (128u << 20)
#define FILES 512
#define MAPS 8192

enum { OP_LOAD_FP = 0x07, OP_STORE_FP = 0x27, OP_V = 0x57, OP_VE = 0x77 };

struct sample {
	struct perf_event_header header;
	uint64_t ip;
	uint32_t pid, tid;
};

struct map {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t address, length, offset;
	uint8_t inode[24];
	uint32_t protection, flags;
	char name[];
};

/* The samples that were taken in a file. */
struct file {
	const char *name;
	int fd;
	unsigned vectors, samples;
};

/* The records that the kernel has given so far. */
struct records {
	const struct map *maps[MAPS];
	struct file files[FILES];
	unsigned mapped, count;
};

static int open_event(pid_t of)
{
	const char *period = getenv("PERIOD");
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.sample_period = period ? strtoull(period, NULL, 10) : PERIOD,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID,
		.disabled = 1,
		.inherit = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.mmap = 1,
		.mmap2 = 1,
		.enable_on_exec = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, of, 0, -1, 0);
}

/* The widths of FP loads and stores that scalars do not have are vectors'. */
static int is_vector(uint32_t instruction)
{
	uint32_t opcode = instruction & 0x7f, width = instruction >> 12 & 7;

	if (opcode == OP_LOAD_FP || opcode == OP_STORE_FP)
		return width == 0 || width >= 5;
	return opcode == OP_V || opcode == OP_VE;
}

static struct file *find_file(struct records *records, const char *name)
{
	struct file *file = records->files;

	for (; file < records->files + records->count; file++) {
		if (strcmp(file->name, name) == 0)
			return file;
	}
	if (records->count == FILES)
		return records->files; /* the last of so many do not matter */
	*file = (struct file){ .name = name, .fd = open(name, O_RDONLY) };
	records->count++;
	return file;
}

/* The mapping that an address has: the process's own, or one of the process that it forked from. */
static const struct map *find_map(const struct records *records, const struct sample *sample)
{
	const struct map *found = NULL;

	for (unsigned i = records->mapped; i-- > 0;) {
		const struct map *map = records->maps[i];

		if (sample->ip - map->address >= map->length)
			continue;
		if (map->pid == sample->pid)
			return map;
		if (!found)
			found = map;
	}
	return found;
}

static void take(struct records *records, const struct sample *sample)
{
	const struct map *map = find_map(records, sample);
	struct file *file;
	uint32_t instruction = 0;

	if (!map)
		return;
	file = find_file(records, map->name);
	file->samples++;
	if (pread(file->fd, &instruction, 4, (off_t)(sample->ip - map->address + map->offset)) == 4)
		file->vectors += (unsigned)is_vector(instruction);
}

static void read_all(struct records *records, const uint8_t *data, uint64_t size)
{
	const struct perf_event_header *header;

	for (uint64_t at = 0; at < size; at += header->size) {
		header = (const struct perf_event_header *)(data + at);
		if (header->type == PERF_RECORD_SAMPLE)
			take(records, (const struct sample *)header);
		if (header->type == PERF_RECORD_MMAP2 && records->mapped < MAPS)
			records->maps[records->mapped++] = (const struct map *)header;
	}
}

static void tell(const struct records *records)
{
	for (unsigned i = 0; i < records->count; i++) {
		const struct file *file = records->files + i;

		if (file->samples)
			printf("@sampled %u %u %s\n", file->vectors, file->samples, file->name);
	}
}

/* The child waits until it may begin, so that no instruction of it is missed. */
static pid_t start(char **command, int go)
{
	pid_t child = fork();
	char byte;

	if (child)
		return child;
	if (read(go, &byte, 1) == 1)
		execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	struct records *records = calloc(1, sizeof(*records));
	struct perf_event_mmap_page *page;
	int go[2], event, status = 0;
	pid_t child;

	if (argc < 2 || !records || pipe(go))
		return 2;
	child = start(argv + 1, go[0]);
	event = open_event(child);
	page = mmap(NULL, PAGE + RING, PROT_READ | PROT_WRITE, MAP_SHARED, event, 0);
	if (event < 0 || page == MAP_FAILED) {
		perror("sample: no counter");
		close(go[1]);
		return 2;
	}
	if (write(go[1], "", 1) != 1 || waitpid(child, &status, 0) != child)
		return 2;
	/* Linux writes down nothing more when there is no room. */
	if (page->data_head > RING - PAGE) {
		fprintf(stderr, "sample: more samples than there is room for\n");
		return 2;
	}
	read_all(records, (const uint8_t *)page + PAGE, page->data_head);
	tell(records);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
