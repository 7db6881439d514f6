/* SPDX-License-Identifier: MIT */
/* See qcow2_recipe.h. Fields are those of QEMU's docs/interop/qcow2.txt. */
#include "qcow2_recipe.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define CLUSTERS_MAX (RECIPE_FILE_MAX / 512)
#define L1_ENTRIES 2
#define COPIED BIT(63)
#define PACKED BIT(62)
/* size of an entry in the list: 40, 24 more, one each of id and name, and zeros */
#define SNAPSHOT_BYTES 72

static const struct {
	const char *name;
	unsigned numbers;
	enum recipe_stage stage;
} verbs[] = {
#define VERB(id, name, numbers, stage) { name, numbers, stage },
#include "qcow2_recipe.def"
#undef VERB
};

enum recipe_stage recipe_stage_of(enum recipe_verb verb)
{
	return verbs[verb].stage;
}

/* Reads the numbers of a line. Returns how many there are. */
static unsigned read_numbers(char *line, u64 *n)
{
	unsigned count = 0;

	for (char *word; (word = strtok(line, " \t\n")); line = NULL)
		if (count < 3)
			n[count++] = strtoull(word, NULL, 0);
		else
			return UINT_MAX;
	return count;
}

static bool read_step(struct recipe *recipe, char *line)
{
	struct recipe_step *step = &recipe->steps[recipe->count];
	u64 n[3] = { 0 };
	size_t length = strcspn(line, " \t\n");
	unsigned count = read_numbers(line + length, n);

	if (*line == '#' || !length)
		return true;
	for (unsigned verb = 0; verb < RECIPE_VERBS; verb++)
		if (!strncmp(line, verbs[verb].name, length) && !verbs[verb].name[length] &&
		    count == verbs[verb].numbers && recipe->count < RECIPE_STEPS) {
			*step = (struct recipe_step){ verb, { n[0], n[1], n[2] } };
			recipe->count++;
			return true;
		}
	return false;
}

bool recipe_read(struct recipe *recipe, const char *path, unsigned *line)
{
	FILE *file = fopen(path, "r");
	char text[256];
	bool good = file;

	recipe->count = *line = 0;
	while (good && fgets(text, sizeof(text), file)) {
		++*line;
		good = read_step(recipe, text);
	}
	if (file)
		fclose(file);
	return good;
}

void recipe_print(const struct recipe *recipe, int fd)
{
	for (unsigned k = 0; k < recipe->count; k++) {
		const struct recipe_step *step = &recipe->steps[k];

		dprintf(fd, "%s", verbs[step->verb].name);
		for (unsigned n = 0; n < verbs[step->verb].numbers; n++)
			dprintf(fd, step->n[n] < 1024 ? " %llu" : " %#llx", step->n[n]);
		dprintf(fd, "\n");
	}
}

u64 recipe_setting(const struct recipe *recipe, enum recipe_verb verb, u64 otherwise)
{
	for (unsigned k = 0; k < recipe->count; k++)
		if (recipe->steps[k].verb == verb)
			otherwise = verbs[verb].numbers ? recipe->steps[k].n[0] : 1;
	return otherwise;
}

/* An image while it is made. */
struct kitchen {
	u8 *file;
	unsigned bits, order; /* a cluster has 2^bits bytes, a refcount 2^order bits */
	u64 cluster, end; /* the size of a cluster; the next free cluster */
	u64 blocks; /* the number of refcount blocks, which follow the table in cluster 1 */
	u64 l1, list, snapshot_l1; /* places in the file; 0: none */
	unsigned snapshots;
	unsigned counts[CLUSTERS_MAX];
};

static void recipe_put(struct kitchen *kitchen, u64 offset, u64 size, u64 value)
{
	size = MIN(size, 8);
	if (offset > RECIPE_FILE_MAX - 8)
		return;
	while (size--) {
		kitchen->file[offset + size] = (u8)value;
		value >>= 8;
	}
}

static u64 recipe_get(const struct kitchen *kitchen, u64 offset)
{
	u64 value = 0;

	for (unsigned n = 0; n < 8; n++)
		value = value << 8 | kitchen->file[offset + n];
	return value;
}

/* Allocates clusters that are used once. Returns 0 if the file has no more room. */
static u64 take(struct kitchen *kitchen, u64 clusters)
{
	u64 first = kitchen->end;

	if (clusters > (RECIPE_FILE_MAX >> kitchen->bits) - first)
		return 0;
	for (u64 n = 0; n < clusters; n++)
		kitchen->counts[kitchen->end++] = 1;
	return first << kitchen->bits;
}

static u64 per_table(const struct kitchen *kitchen)
{
	return kitchen->cluster / 8;
}

/* Returns the offset of a guest cluster's entry, or 0 if there is no table for it. */
static u64 entry_of(struct kitchen *kitchen, u64 guest, bool make)
{
	u64 at = kitchen->l1 + guest / per_table(kitchen) % L1_ENTRIES * 8;
	u64 table = recipe_get(kitchen, at) & ~COPIED, old = table;

	if (make && !(recipe_get(kitchen, at) & COPIED)) {
		table = take(kitchen, 1);
		if (table)
			recipe_put(kitchen, at, 8, table | COPIED);
		if (table && old)
			memcpy(kitchen->file + table, kitchen->file + old, kitchen->cluster);
		if (table && old)
			kitchen->counts[old >> kitchen->bits]--;
	}
	return table ? table + guest % per_table(kitchen) * 8 : 0;
}

static u64 data_entry(struct kitchen *kitchen, u64 guest)
{
	u64 host = take(kitchen, 1);

	if (host)
		memset(kitchen->file + host, (int)(guest + 1), kitchen->cluster);
	return host ? host | COPIED : 0;
}

static u64 packed_entry(struct kitchen *kitchen, u64 guest)
{
	static u8 text[1 << 16];
	z_stream stream = { .next_in = text, .avail_in = (uInt)kitchen->cluster };
	u64 host = take(kitchen, 1);

	memset(text, (int)(guest + 2), kitchen->cluster);
	if (!host || deflateInit2(&stream, 9, Z_DEFLATED, -12, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	stream.next_out = kitchen->file + host;
	stream.avail_out = (uInt)kitchen->cluster;
	deflate(&stream, Z_FINISH);
	deflateEnd(&stream);
	return host | PACKED |
	       ((stream.total_out + 511) / 512 - 1ull) << (62 - (kitchen->bits - 8));
}

static void recipe_fill(struct kitchen *kitchen, const struct recipe_step *step)
{
	for (u64 k = 0; k < MIN(step->n[1], 64); k++) {
		u64 guest = (step->n[0] + k) % (per_table(kitchen) * L1_ENTRIES);
		u64 at = entry_of(kitchen, guest, true);

		if (!at)
			return;
		recipe_put(kitchen, at, 8,
			   step->verb == RECIPE_DATA   ? data_entry(kitchen, guest) :
			   step->verb == RECIPE_PACKED ? packed_entry(kitchen, guest) :
							 1);
	}
}

/* Counts everything in the active tree as used once more, and clears its flags COPIED. */
static void share(struct kitchen *kitchen)
{
	for (u64 n = 0; n < L1_ENTRIES; n++) {
		u64 table = recipe_get(kitchen, kitchen->l1 + n * 8) & ~COPIED;

		recipe_put(kitchen, kitchen->l1 + n * 8, 8, table);
		if (!table)
			continue;
		kitchen->counts[table >> kitchen->bits]++;
		for (u64 k = 0; k < per_table(kitchen); k++) {
			u64 entry = recipe_get(kitchen, table + k * 8) & ~COPIED;
			u64 place = entry & (BIT(62 - (kitchen->bits - 8)) - 512);

			recipe_put(kitchen, table + k * 8, 8, entry);
			if (place)
				kitchen->counts[place >> kitchen->bits]++;
		}
	}
}

static void snapshot(struct kitchen *kitchen)
{
	u64 l1 = take(kitchen, 1), at;

	if (!kitchen->list)
		kitchen->list = take(kitchen, 1);
	at = kitchen->list + kitchen->snapshots * SNAPSHOT_BYTES;
	if (!l1 || !kitchen->list || (kitchen->snapshots + 1) * SNAPSHOT_BYTES > kitchen->cluster)
		return;
	share(kitchen);
	memcpy(kitchen->file + l1, kitchen->file + kitchen->l1, L1_ENTRIES * 8);
	kitchen->snapshot_l1 = l1;
	recipe_put(kitchen, at, 8, l1);
	recipe_put(kitchen, at + 8, 4, L1_ENTRIES);
	recipe_put(kitchen, at + 12, 2, 1); /* bytes of the id, of the name */
	recipe_put(kitchen, at + 14, 2, 1);
	recipe_put(kitchen, at + 36, 4,
		   24); /* of the extra data: the sizes of the state and the disk */
	recipe_put(kitchen, at + 48, 8, per_table(kitchen) * L1_ENTRIES << kitchen->bits);
	recipe_put(kitchen, at + 56, 8, UINT64_MAX);
	kitchen->file[at + 64] = (u8)('1' + kitchen->snapshots);
	kitchen->file[at + 65] = (u8)('a' + kitchen->snapshots);
	kitchen->snapshots++;
}

static void put_refcount(struct kitchen *kitchen, u64 cluster, u64 count)
{
	u64 bits = 1ull << kitchen->order, at = (2 << kitchen->bits) + cluster * bits / 8;
	unsigned shift = cluster * bits % 8;

	if (cluster >= kitchen->blocks * kitchen->cluster * 8 / bits)
		return;
	if (bits >= 8)
		recipe_put(kitchen, at, bits / 8, count);
	else
		kitchen->file[at] = (u8)((kitchen->file[at] & ~((BIT(bits) - 1) << shift)) |
					 (count & (BIT(bits) - 1)) << shift);
}

static void put_header(struct kitchen *kitchen, const struct recipe *recipe)
{
	static const char name[] = "base";
	u64 version = recipe_setting(recipe, RECIPE_VERSION, 3);
	const u64 fields[][3] = {
		{ 0, 4, 0x514649fb }, { 4, 4, version }, { 20, 4, kitchen->bits },
		{ 24, 8, per_table(kitchen) * L1_ENTRIES << kitchen->bits },
		{ 36, 4, L1_ENTRIES }, { 40, 8, kitchen->l1 }, { 48, 8, kitchen->cluster },
		{ 56, 4, 1 }, { 60, 4, kitchen->snapshots }, { 64, 8, kitchen->list },
		{ 96, 4, kitchen->order }, { 100, 4, 104 },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(fields); n++)
		recipe_put(kitchen, fields[n][0], fields[n][1], fields[n][2]);
	if (recipe_setting(recipe, RECIPE_BACKING, 0)) {
		u64 extension = version < 3 ? 72 : 104;

		recipe_put(kitchen, extension, 4, 0xe2792aca);
		recipe_put(kitchen, extension + 4, 4, 3);
		memcpy(kitchen->file + extension + 8, "raw", 3);
		recipe_put(kitchen, extension + 16, 8, 0);
		recipe_put(kitchen, 8, 8, 256);
		recipe_put(kitchen, 16, 4, sizeof(name) - 1);
		memcpy(kitchen->file + 256, name, sizeof(name) - 1);
	}
}

static void put_refcounts(struct kitchen *kitchen)
{
	for (u64 n = 0; n < kitchen->blocks; n++)
		recipe_put(kitchen, kitchen->cluster + n * 8, 8, (2 + n) << kitchen->bits);
	for (u64 n = 0; n < kitchen->end; n++)
		put_refcount(kitchen, n, kitchen->counts[n]);
}

static void damage(struct kitchen *kitchen, const struct recipe_step *step)
{
	u64 at = step->n[0];

	switch (step->verb) {
	case RECIPE_HEADER:
		recipe_put(kitchen, at % kitchen->cluster, step->n[1], step->n[2]);
		break;
	case RECIPE_L1:
		recipe_put(kitchen, kitchen->l1 + at % L1_ENTRIES * 8, 8, step->n[1]);
		break;
	case RECIPE_L2:
		at = entry_of(kitchen, at % (per_table(kitchen) * L1_ENTRIES), false);
		if (at)
			recipe_put(kitchen, at, 8, step->n[1]);
		break;
	case RECIPE_REFTABLE:
		recipe_put(kitchen, kitchen->cluster + at % per_table(kitchen) * 8, 8, step->n[1]);
		break;
	case RECIPE_REFCOUNT:
		put_refcount(kitchen, at, step->n[1]);
		break;
	case RECIPE_LIST:
		if (kitchen->list)
			recipe_put(kitchen, kitchen->list + at % kitchen->cluster, step->n[1],
				   step->n[2]);
		break;
	case RECIPE_SNAPSHOT_L1:
		if (kitchen->snapshot_l1)
			recipe_put(kitchen, kitchen->snapshot_l1 + at % L1_ENTRIES * 8, 8,
				   step->n[1]);
		break;
	default:
		recipe_put(kitchen, at % (kitchen->end << kitchen->bits), 1, step->n[1]);
	}
}

u64 recipe_cook(const struct recipe *recipe, u8 *file)
{
	static struct kitchen kitchen;
	u64 file_clusters;

	memset(&kitchen, 0, sizeof(kitchen));
	memset(file, 0, RECIPE_FILE_MAX);
	kitchen.file = file;
	kitchen.bits = (unsigned)MIN(MAX(recipe_setting(recipe, RECIPE_CLUSTER_BITS, 9), 9), 16);
	kitchen.cluster = 1ull << kitchen.bits;
	kitchen.order = (unsigned)recipe_setting(recipe, RECIPE_REFCOUNT_ORDER, 4) % 7;
	file_clusters = RECIPE_FILE_MAX >> kitchen.bits;
	kitchen.blocks = MIN(MAX((file_clusters << kitchen.order) / 8 >> kitchen.bits, 1),
			     per_table(&kitchen));
	take(&kitchen, 2 + kitchen.blocks);
	kitchen.l1 = take(&kitchen, 1);
	for (unsigned n = 0; n < recipe->count; n++) {
		const struct recipe_step *step = &recipe->steps[n];

		if (step->verb == RECIPE_SNAPSHOT)
			snapshot(&kitchen);
		else if (verbs[step->verb].stage == RECIPE_FILL)
			recipe_fill(&kitchen, step);
	}
	put_header(&kitchen, recipe);
	put_refcounts(&kitchen);
	for (unsigned n = 0; n < recipe->count; n++)
		if (verbs[recipe->steps[n].verb].stage == RECIPE_DAMAGE)
			damage(&kitchen, &recipe->steps[n]);
	return MIN(recipe_setting(recipe, RECIPE_LENGTH, kitchen.end << kitchen.bits),
		   RECIPE_FILE_MAX);
}
