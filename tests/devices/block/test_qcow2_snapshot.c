/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/block/disk_snapshot.c against qemu-img and QEMU: each lists, applies and deletes
 * the other's snapshots, and finds them undamaged.
 */
#include "devices/block/disk_snapshot.h"

#include "image_place.h"
#include "tests/part.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE (5 * MiB + 3 * DISK_SECTOR)
#define KEPT 4

static u8 model[SIZE], seen[SIZE];
static char why[QCOW2_WHY];

/* The expected contents of a snapshot of the image. */
struct kept {
	char name[16];
	u8 *content, *state;
	u64 state_size;
};

static struct kept kept[KEPT];
static unsigned made; /* the number of snapshots so far; each name is used once */

static int setup(void **state)
{
	place_make(11);
	put_base(model, SIZE);
	return 0;
}

static void forget(struct kept *one)
{
	free(one->content);
	free(one->state);
	*one = (struct kept){ 0 };
}

static void snapshot_fill(u8 *data, u64 size)
{
	u64 text = (below(BIT(31)) + 1) * 0x100000001ull;

	for (u64 n = 0; n < size; n++)
		data[n] = (u8)((text >> n % 56) + (n >> 9));
}

/* --- operations of a machine --- */

static void write_somewhere(struct disk *disk)
{
	u64 most = below(3) ? 20 : 2000, size = (1 + below(most)) * DISK_SECTOR;
	u64 offset = below((SIZE - size) / DISK_SECTOR + 1) * (u64)DISK_SECTOR;
	struct iovec iov = { seen, size };

	if (!below(3)) {
		memset(model + offset, 0, size);
		assert_int_equal(disk_zero(disk, offset, size, below(2)), 0);
		return;
	}
	snapshot_fill(model + offset, size);
	memcpy(seen, model + offset, size);
	assert_int_equal(disk_write(disk, offset, &iov, 1), 0);
}

/* Returns the size of the next portion of the remaining bytes. */
static u64 portion(u64 left)
{
	u64 size = 1 + below(300 * KiB);

	return MIN(size, left);
}

static void put_state(struct disk *disk, const u8 *data, u64 size)
{
	u64 end;

	assert_int_equal(disk_state_begin(disk, why), 0);
	for (u64 done = 0, part; done < size; done += part) {
		part = portion(size - done);
		assert_int_equal(disk_state_put(disk, data + done, part), 0);
	}
	assert_int_equal(disk_state_end(disk, &end), 0);
	assert_int_equal(end, size);
}

static void snapshot_make(struct disk *disk, const char *name, u64 state_size)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot one = { .seconds = 1700000000, .nanoseconds = 5, .clock = 3723004 };

	one.state_size = state_size;
	snprintf(one.name, sizeof(one.name), "%s", name);
	if (disk_set_create(&set, &one, state_size ? disk : NULL, why))
		fail_msg("%s: %s", name, why);
}

static void check_content(struct disk *disk, const u8 *content)
{
	struct iovec iov = { seen, SIZE };

	assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
	assert_memory_equal(seen, content, SIZE);
}

static void check_state(struct disk *disk, const struct kept *one)
{
	struct disk_saved *saved;

	assert_int_equal(disk_saved_open(&saved, disk, one->name, why), 0);
	assert_int_equal(disk_saved_size(saved), one->state_size);
	for (u64 at = 0, part; at < one->state_size; at += part) {
		part = portion(one->state_size - at);
		assert_int_equal(disk_saved_read(saved, at, seen, part), 0);
		assert_memory_equal(seen, one->state + at, part);
	}
	assert_int_equal(disk_saved_read(saved, 1, seen, one->state_size), -EINVAL);
	disk_saved_close(saved);
}

/* Checks the disk and its snapshots, as Baya reads them and as qemu-img does. */
static void check_all(struct disk *disk, bool with_snapshots)
{
	struct disk_snapshot *list;
	unsigned count, there = 0;

	assert_int_equal(disk_flush(disk), 0);
	run_tool_must("qemu-img check -U i");
	check_content(disk, model);
	assert_int_equal(disk_snapshots(disk, &list, &count, why), 0);
	free(list);
	for (unsigned n = 0; n < KEPT; n++) {
		struct disk_snapshot found;

		if (!*kept[n].name)
			continue;
		there++;
		assert_true(disk_snapshot_find(disk, kept[n].name, &found));
		assert_int_equal(found.state_size, kept[n].state_size);
		if (!with_snapshots)
			continue;
		check_state(disk, &kept[n]);
		if (run_tool("qemu-img convert -U -l %s -O raw i out.raw", kept[n].name))
			fail_msg("qemu-img cannot read %s", kept[n].name);
		assert_int_equal(get_file("out.raw", seen, SIZE), SIZE);
		assert_memory_equal(seen, kept[n].content, SIZE);
	}
	assert_int_equal(count, there);
}

/* --- steps, by Baya or by qemu-img --- */

static void by_qemu(struct disk *disk, char option, const char *name)
{
	disk_close(disk);
	if (run_tool("qemu-img snapshot -%c %s i", option, name))
		fail_msg("qemu-img snapshot -%c %s", option, name);
	assert_int_equal(open_image(disk, "i", false), 0);
}

static void make_step(struct disk *disk, struct kept *one, bool qemus)
{
	/* Names differ from ids: QEMU's ids are numbers only. */
	snprintf(one->name, sizeof(one->name), "n%u", ++made);
	one->content = malloc(SIZE);
	memcpy(one->content, model, SIZE);
	if (qemus) {
		by_qemu(disk, 'c', one->name);
		return;
	}
	one->state_size = below(2) ? 1 + below(2 * MiB) : 0;
	one->state = malloc(one->state_size + 1);
	snapshot_fill(one->state, one->state_size);
	if (one->state_size || below(2))
		put_state(disk, one->state, one->state_size);
	snapshot_make(disk, one->name, one->state_size);
}

static void snapshot_step(struct disk *disk)
{
	struct kept *one = &kept[below(KEPT)];
	struct disk_set set = { .disks = &disk, .count = 1 };
	bool qemus = !below(3);

	if (!*one->name) {
		make_step(disk, one, qemus);
		return;
	}
	if (below(2)) {
		memcpy(model, one->content, SIZE);
		if (qemus)
			by_qemu(disk, 'a', one->name);
		else if (disk_set_apply(&set, one->name, why))
			fail_msg("apply %s: %s", one->name, why);
		return;
	}
	if (qemus)
		by_qemu(disk, 'd', one->name);
	else if (disk_set_delete(&set, one->name, why))
		fail_msg("delete %s: %s", one->name, why);
	forget(one);
}

static void steps(unsigned count)
{
	struct disk disk;

	assert_int_equal(open_image(&disk, "i", false), 0);
	while (count--) {
		for (unsigned n = below(6); n; n--)
			write_somewhere(&disk);
		snapshot_step(&disk);
		check_all(&disk, count % 5 == 0);
	}
	disk_close(&disk);
	sh_must("qemu-img check i");
	for (unsigned n = 0; n < KEPT; n++)
		forget(&kept[n]);
}

static const char *const kinds[] = {
	"convert -O qcow2 base.raw i",
	"convert -O qcow2 -o compat=0.10 base.raw i",
	"convert -O qcow2 -o cluster_size=512 base.raw i",
	"convert -O qcow2 -o cluster_size=2M base.raw i",
	"convert -O qcow2 -c base.raw i",
	"convert -O qcow2 -c -o cluster_size=4K,compat=0.10 base.raw i",
	"convert -O qcow2 -o refcount_bits=8,cluster_size=1K base.raw i",
	"convert -O qcow2 -o refcount_bits=64,cluster_size=512 base.raw i",
	"convert -O qcow2 -o preallocation=metadata base.raw i",
	"create -f qcow2 -F raw -b base.raw -o cluster_size=4K i",
	"convert -O qcow2 -c base.raw j && qemu-img create -f qcow2 -F qcow2 -b j i",
};

static void test_steps(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(get_file("base.raw", model, SIZE), SIZE);
		assert_int_equal(sh("qemu-img %s", kinds[n]), 0);
		steps(part_of(20));
	}
}

/* --- the image as other programs see it --- */

static void open_new(struct disk *disk, const char *options)
{
	assert_int_equal(sh("qemu-img create -f qcow2 %s i 2M", options), 0);
	assert_int_equal(open_image(disk, "i", false), 0);
}

static void write_all(struct disk *disk, int byte)
{
	struct iovec iov = { seen, 2 * MiB };

	memset(seen, byte, 2 * MiB);
	assert_int_equal(disk_write(disk, 0, &iov, 1), 0);
}

/* The list has numbers, times and sizes, and the state is where QEMU expects it. */
static void test_list(void **state)
{
	static const char *const options[] = { "", "-o cluster_size=512", "-o compat=0.10" };
	static u8 data[3 * MiB - 1024];
	struct disk disk;

	memset(data, 0x5a, sizeof(data));
	for (unsigned n = 0; n < ARRAY_SIZE(options); n++) {
		open_new(&disk, options[n]);
		write_all(&disk, 1);
		snapshot_make(&disk, "first", 0);
		by_qemu(&disk, 'c', "second");
		put_state(&disk, data, sizeof(data));
		snapshot_make(&disk, "third", sizeof(data));
		disk_close(&disk);
		sh_must("qemu-img check i && qemu-img snapshot -l i && "
			"qemu-img snapshot -l i >list && cp list log && "
			"grep -Eq '^1 +first +0 B 2023-11-14 ..:..:20 00:00:00.003 *$' list && "
			"grep -Eq '^2 +second +0 B ' list && grep -Eq '^3 +third +3 MiB ' list");
		sh_must("qemu-img snapshot -a third i && qemu-io -r -c 'read -b -P 0x5a 0 3071k' "
			"-c 'read -b -P 0 3071k 1k' i && ! grep -q failed log && qemu-img snapshot -d third i && qemu-img check i");
		/* The data that QEMU left there does not become part of a state that Baya saves. */
		assert_int_equal(open_image(&disk, "i", false), 0);
		snapshot_make(&disk, "fourth", 0);
		disk_close(&disk);
		sh_must("qemu-img check i && qemu-io -r -c 'read -b -P 0 0 64k' i && "
			"! grep -q failed log");
	}
}

static const char qemu_line[] =
	"timeout -k 5 1500 qemu-system-riscv64 -M virt -m 16 -bios none -S -nographic -serial none "
	"-monitor stdio -drive if=none,file=i,format=qcow2,id=d -device virtio-blk-device,drive=d";

/* QEMU can load its machine after Baya has used the image. */
static void test_machine_of_qemu(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_saved *saved;
	struct disk_snapshot one;

	if (system("qemu-system-riscv64 --version >/dev/null 2>&1"))
		skip();
	sh_must("qemu-img create -f qcow2 i 2M && qemu-io -c 'write -P 1 0 2M' i");
	if (sh("printf 'savevm one\\nquit\\n' | %s", qemu_line))
		fail();
	assert_int_equal(open_image(disk, "i", false), 0);
	assert_true(disk_snapshot_find(disk, "one", &one));
	assert_true(one.state_size > 10000);
	assert_int_equal(disk_saved_open(&saved, disk, "one", why), 0);
	assert_int_equal(disk_saved_read(saved, 0, seen, one.state_size), 0);
	disk_saved_close(saved);
	assert_memory_equal(seen, "QEVM\0\0\0\3", 8);
	write_all(disk, 2);
	put_state(disk, seen, 300 * KiB);
	snapshot_make(disk, "two", 300 * KiB);
	assert_int_equal(disk_set_apply(&set, "one", why), 0);
	assert_int_equal(disk_set_delete(&set, "two", why), 0);
	write_all(disk, 3);
	disk_close(disk);
	if (sh("printf 'loadvm one\\ninfo status\\nquit\\n' | %s", qemu_line))
		fail();
	sh_must("cat log; ! grep -qi error log");
	sh_must("qemu-img check i && qemu-io -r -c 'read -P 1 0 2M' i && ! grep -q failed log");
}

/* --- sets of disks --- */

static void test_sets(void **state)
{
	struct disk one, other, *disks[] = { &one, &other };
	struct disk_set set = { .disks = disks, .count = 2 };
	struct disk_snapshot snapshot = { .name = "both", .state_size = 1000 };
	bool all, any;

	assert_int_equal(sh("qemu-img create -f qcow2 j 2M"), 0);
	assert_int_equal(open_image(&other, "j", false), 0);
	open_new(&one, "");
	write_all(&one, 1);
	write_all(&other, 2);
	put_state(&other, model + 256 * KiB, 1000);
	disk_set_find(&set, "both", &all, &any);
	assert_false(all || any);
	assert_int_equal(disk_set_create(&set, &snapshot, &other, why), 0);
	disk_set_find(&set, "both", &all, &any);
	assert_true(all && any);
	assert_true(disk_snapshot_find(&one, "both", &snapshot));
	assert_int_equal(snapshot.state_size, 0);
	assert_true(disk_snapshot_find(&other, "both", &snapshot));
	assert_int_equal(snapshot.state_size, 1000);
	write_all(&one, 3);
	write_all(&other, 3);
	assert_int_equal(disk_set_apply(&set, "both", why), 0);
	assert_int_equal(set.applied, 2);
	snapshot_make(&one, "mine", 0);
	disk_set_find(&set, "mine", &all, &any);
	assert_true(any && !all);
	/* Nothing is changed if one of the disks does not have the snapshot. */
	write_all(&one, 4);
	assert_int_equal(disk_set_apply(&set, "mine", why), -ENOENT);
	assert_string_equal(why, "has no snapshot 'mine'");
	assert_int_equal(set.at, 1);
	assert_int_equal(set.applied, 0);
	assert_int_equal(disk_set_delete(&set, "mine", why), 0);
	assert_int_equal(disk_set_delete(&set, "mine", why), -ENOENT);
	assert_true(*why);
	disk_close(&one);
	disk_close(&other);
	sh_must("qemu-img check i && qemu-img check j && qemu-io -r -c 'read -P 4 0 2M' i && qemu-io "
		"-r -c 'read -P 2 0 2M' -c 'read -b -P 0 0 1k' j && ! grep -q failed log");
}

/*
 * Either all disks get the snapshot or none: the second one cannot, as its refcounts have one bit.
 * Its clusters are small, so that qemu-img widens the refcounts quickly.
 */
static void test_sets_that_fail(void **state)
{
	struct disk one, other, *disks[] = { &one, &other };
	struct disk_set set = { .disks = disks, .count = 2 };
	struct disk_snapshot snapshot = { .name = "both", .state_size = MiB }, *list;
	unsigned count;

	sh_must("qemu-img create -f qcow2 -o refcount_bits=1,cluster_size=4k j 2M && "
		"qemu-io -c 'write 0 64k' j");
	assert_int_equal(open_image(&other, "j", false), 0);
	open_new(&one, "");
	write_all(&one, 1);
	snapshot_make(&one, "both", 0);
	for (unsigned n = 0; n < 2; n++) {
		put_state(disks[n], model, MiB);
		assert_int_equal(disk_set_create(&set, &snapshot, disks[n], why), -EOVERFLOW);
		assert_int_equal(set.at, 1);
		assert_non_null(strstr(why, "refcounts of 1 bits"));
		for (unsigned k = 0; k < 2; k++) {
			assert_int_equal(disk_snapshots(disks[k], &list, &count, why), 0);
			assert_int_equal(count, 1 - k);
			free(list);
		}
	}
	disk_close(&one);
	disk_close(&other);
	sh_must("qemu-img check i && qemu-img check j && qemu-io -r -c 'read -b -P 0 0 64k' j && "
		"! grep -q failed log && test $(du -k j | cut -f1) -lt 900");
	sh_must("qemu-img amend -o refcount_bits=16 j");
	assert_int_equal(open_image(&other, "j", false), 0);
	snapshot_make(&other, "now", 0);
	disk_close(&other);
}

/* --- limits --- */

static void test_refcounts_are_full(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot snapshot = { .name = "more" };

	open_new(disk, "-o refcount_bits=2");
	write_all(disk, 1);
	snapshot_make(disk, "one", 0);
	snapshot_make(disk, "two", 0);
	assert_int_equal(disk_set_create(&set, &snapshot, NULL, why), -EOVERFLOW);
	/* Applying a snapshot must not need larger refcounts in between. */
	assert_int_equal(disk_set_apply(&set, "one", why), 0);
	assert_int_equal(disk_set_delete(&set, "two", why), 0);
	assert_int_equal(disk_set_create(&set, &snapshot, NULL, why), 0);
	disk_close(disk);
	sh_must("qemu-img check i");
}

static void test_another_size(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_saved *saved;

	open_new(disk, "-o cluster_size=512");
	write_all(disk, 1);
	put_state(disk, model, MiB);
	snapshot_make(disk, "small", MiB);
	disk_close(disk);
	sh_must("qemu-img resize i 4M");
	assert_int_equal(open_image(disk, "i", false), 0);
	write_all(disk, 2);
	assert_int_equal(disk_set_apply(&set, "small", why), -EINVAL);
	assert_non_null(strstr(why, "had 2097152 at its snapshot 'small'"));
	assert_int_equal(disk_saved_open(&saved, disk, "small", why), 0);
	assert_int_equal(disk_saved_read(saved, 0, seen, MiB), 0);
	assert_memory_equal(seen, model, MiB);
	disk_saved_close(saved);
	disk_close(disk);
	sh_must("qemu-img check i && qemu-img snapshot -a small i && qemu-img check i");
	assert_int_equal(open_image(disk, "i", false), 0);
	assert_int_equal(disk_set_apply(&set, "small", why), 0);
	disk_close(disk);
}

static void test_which_disks_can(void **state)
{
	struct disk disk;

	assert_int_equal(disk_open(&disk, at("base.raw"), false), 0);
	assert_false(disk_can_snapshot(&disk));
	disk_close(&disk);
	open_new(&disk, "");
	assert_true(disk_can_snapshot(&disk));
	disk_close(&disk);
	assert_int_equal(open_image(&disk, "i", true), 0);
	assert_false(disk_can_snapshot(&disk));
	assert_int_equal(disk_make_overlay(&disk), 0);
	assert_true(disk_can_snapshot(&disk));
	disk_close(&disk);
}

/* An abandoned state leaves nothing, and bytes that are put without a begin are refused. */
static void test_abandoned_states(void **state)
{
	struct disk disk;
	u64 size;

	open_new(&disk, "-o cluster_size=4K");
	write_all(&disk, 1);
	assert_int_equal(disk_state_put(&disk, model, 1), -EINVAL);
	assert_int_equal(disk_state_end(&disk, &size), -EINVAL);
	put_state(&disk, model, 2 * MiB);
	assert_int_equal(disk_state_abandon(&disk), 0);
	assert_int_equal(disk_state_begin(&disk, why), 0);
	assert_int_equal(disk_state_put(&disk, model, MiB), 0);
	assert_int_equal(disk_state_begin(&disk, why), 0);
	assert_int_equal(disk_state_put(&disk, model, 3 * MiB), 0);
	assert_int_equal(disk_state_abandon(&disk), 0);
	assert_int_equal(disk_state_put(&disk, model, 1), -EINVAL);
	assert_int_equal(disk_flush(&disk), 0);
	sh_must("qemu-img check -U i && qemu-io -U -r -c 'read -b -P 0 0 3M' -c 'read -P 1 0 2M' i && "
		"! grep -q failed log && test $(du -k i | cut -f1) -lt 2300");
	/* A state was written that no snapshot has. */
	put_state(&disk, model, 2 * MiB);
	snapshot_make(&disk, "one", 0);
	disk_close(&disk);
	sh_must("qemu-img check i && qemu-img snapshot -a one i && qemu-io -r -c 'read -b -P 0 0 2M' "
		"i && ! grep -q failed log");
}

/* The file cannot grow while a state is written: it is dropped, and snapshots can be made again. */
static void test_no_room_for_a_state(void **state)
{
	struct disk disk;

	open_new(&disk, "-o cluster_size=4K");
	write_all(&disk, 1);
	place_limit(3 * MiB);
	assert_int_equal(disk_state_begin(&disk, why), 0);
	assert_int_equal(disk_state_put(&disk, model, SIZE), -EFBIG);
	assert_int_equal(disk_state_abandon(&disk), 0);
	snapshot_make(&disk, "one", 0);
	place_limit(0);
	disk_close(&disk);
	sh_must("qemu-img check i && qemu-img snapshot -a one i");
}

/* There can be many snapshots, with names of any length. */
static void test_many(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot *list;
	char name[DISK_SNAPSHOT_NAME];
	unsigned count;

	open_new(disk, "-o cluster_size=512");
	for (unsigned n = 0; n < 200; n++) {
		snprintf(name, sizeof(name), "%0*u", (int)n + 1, n);
		snapshot_make(disk, name, 0);
	}
	for (unsigned n = 0; n < 200; n += 2) {
		snprintf(name, sizeof(name), "%0*u", (int)n + 1, n);
		assert_int_equal(disk_set_delete(&set, name, why), 0);
	}
	assert_int_equal(disk_snapshots(disk, &list, &count, why), 0);
	assert_int_equal(count, 100);
	assert_string_equal(list[99].id, "200");
	assert_string_equal(list[1].name, "0003");
	free(list);
	disk_close(disk);
	sh_must("qemu-img check i && test $(qemu-img snapshot -l i | wc -l) = 102");
}

/* Freed clusters are used again before the file grows. */
static void test_places_are_used_again(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	off_t sizes[2] = { 0 };

	open_new(disk, "");
	for (unsigned n = 0; n < 20; n++) {
		write_all(disk, 1);
		put_state(disk, model, 3 * MiB);
		snapshot_make(disk, "one", 3 * MiB);
		write_all(disk, 2);
		assert_int_equal(n % 2 ? disk_set_apply(&set, "one", why) : 0, 0);
		assert_int_equal(disk_set_delete(&set, "one", why), 0);
		sizes[n > 2] = lseek(disk->fd, 0, SEEK_END);
	}
	assert_int_equal(sizes[0], sizes[1]);
	disk_close(disk);
	sh_must("qemu-img check i");
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_steps, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_list, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_machine_of_qemu, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_sets, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_sets_that_fail, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refcounts_are_full, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_another_size, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_which_disks_can, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_abandoned_states, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_no_room_for_a_state, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_many, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_places_are_used_again, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
