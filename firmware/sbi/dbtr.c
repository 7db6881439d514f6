/* SPDX-License-Identifier: MIT */
/*
 * The DBTR extension. A trigger has the same number for S-mode (trig_idx) as in tselect. So the
 * triggers of a chain, which need neighbouring numbers in tselect, have neighbouring trig_idx.
 * Whether a trigger accepts a configuration is found out by writing it; in M-mode none of them
 * fires.
 */
#include "firmware/guarded.h"
#include "firmware/hart.h"
#include "firmware/sbi/dbtr.h"

#define TDATA1_TYPE_SHIFT 60
#define TDATA1_DMODE (1UL << 59)
#define TDATA1_CHAIN (1UL << 11) /* of types 2 and 6 */
#define TYPE_NONE 0
#define TINFO_NONE 1 /* the one type is "there is no trigger" */

/* trig_state: bits 1 to 4 are the modes U, S, VU, VS. */
#define STATE_MAPPED 1
#define MODES 4

/* An entry of the shared memory: trig_idx or trig_state, then tdata1 to tdata3. */
#define ENTRY_SIZE 32

struct config {
	u64 index;
	u64 tdata[3];
};

/*
 * The bits of U, S, VU, VS, and of M in tdata1, by type (debug specification); 0 where it has none.
 */
static const struct type {
	u64 modes[MODES];
	u64 machine;
	bool chains;
} types[] = {
	[2] = { { 1 << 3, 1 << 4, 0, 0 }, 1 << 6, true },
	[3] = { { 1 << 6, 1 << 7, 1 << 25, 1 << 26 }, 1 << 9, false },
	[4] = { { 1 << 6, 1 << 7, 1 << 11, 1 << 12 }, 1 << 9, false },
	[5] = { { 1 << 6, 1 << 7, 1 << 11, 1 << 12 }, 1 << 9, false },
	[6] = { { 1 << 3, 1 << 4, 1 << 23, 1 << 24 }, 1 << 6, true },
};

/* Returns the row of a type, or NULL if no caller may install triggers of that type. */
static const struct type *find_type(u64 tdata1)
{
	u64 type = tdata1 >> TDATA1_TYPE_SHIFT;

	return type < ARRAY_SIZE(types) && types[type].machine ? &types[type] : NULL;
}

static bool chains(u64 tdata1)
{
	return find_type(tdata1)->chains && tdata1 & TDATA1_CHAIN;
}

static u64 mode_bits(u64 tdata1)
{
	const struct type *type = find_type(tdata1);
	u64 bits = 0;

	for (u64 i = 0; i < MODES; i++)
		bits |= type->modes[i];
	return bits;
}

/* Converts the modes in tdata1 to those in trig_state, and back. */
static u8 modes_of(u64 tdata1)
{
	u8 modes = 0;

	for (u64 i = 0; i < MODES; i++)
		if (tdata1 & find_type(tdata1)->modes[i])
			modes |= (u8)(2 << i);
	return modes;
}

static u64 with_modes(u64 tdata1, u8 modes)
{
	u64 value = tdata1 & ~mode_bits(tdata1);

	for (u64 i = 0; i < MODES; i++)
		if (modes & 2 << i)
			value |= find_type(tdata1)->modes[i];
	return value;
}

/* Reads a trigger. tdata3 is optional: it reads 0 where it does not exist. */
static struct config get_trigger(u64 index)
{
	struct config config = { .index = index };
	struct guarded extra;

	csr_write_tselect(index);
	extra = guarded_call(csr_read_tdata3, 0);
	config.tdata[0] = csr_read_tdata1(0);
	config.tdata[1] = csr_read_tdata2(0);
	config.tdata[2] = extra.ok ? extra.value : 0;
	return config;
}

/* Writes a trigger, which is disabled meanwhile. Returns false if it refuses the configuration. */
static bool set_trigger(u64 index, const struct config *config)
{
	struct config got;
	u64 wanted = config->tdata[0];

	csr_write_tselect(index);
	csr_write_tdata1(0);
	csr_write_tdata2(config->tdata[1]);
	guarded_call(csr_write_tdata3, config->tdata[2]);
	csr_write_tdata1(wanted);
	got = get_trigger(index);
	if (!find_type(wanted))
		return true;
	return got.tdata[0] >> TDATA1_TYPE_SHIFT == wanted >> TDATA1_TYPE_SHIFT &&
	       (got.tdata[0] & wanted) == wanted &&
	       (got.tdata[0] & mode_bits(wanted)) == (wanted & mode_bits(wanted)) &&
	       got.tdata[1] == config->tdata[1] && got.tdata[2] == config->tdata[2];
}

static void clear_trigger(u64 index)
{
	set_trigger(index, &(struct config){ 0 });
	self->dbtr.installed &= ~(1UL << index);
	self->dbtr.modes[index] = 0;
}

u64 dbtr_find_triggers(void)
{
	u64 count = 0;

	for (; count < TRIGGERS_MAX; count++) {
		struct guarded info;

		if (!guarded_call(csr_write_tselect, count).ok || csr_read_tselect(0) != count)
			break;
		info = guarded_call(csr_read_tinfo, 0);
		if ((info.ok && info.value == TINFO_NONE) ||
		    csr_read_tdata1(0) >> TDATA1_TYPE_SHIFT == TYPE_NONE)
			break;
	}
	return count;
}

static u64 count_here(void)
{
	return self->features.triggers;
}

void dbtr_reset(void)
{
	for (u64 index = 0; index < count_here(); index++)
		clear_trigger(index);
	self->dbtr = (struct dbtr){ 0 };
}

/* Returns whether S-mode may install the configuration at all. */
static bool is_valid(u64 tdata1)
{
	const struct type *type = find_type(tdata1);

	return type && !(tdata1 & (type->machine | TDATA1_DMODE));
}

static struct sbi_ret num_triggers(const u64 *arg)
{
	struct config wanted = { .tdata[0] = arg[0] };
	u64 count = 0;

	if (arg[0] == 0)
		return sbi_value(count_here());
	if (!is_valid(arg[0]))
		return sbi_value(0);
	for (u64 index = 0; index < count_here(); index++) {
		struct config old = get_trigger(index);

		count += set_trigger(index, &wanted);
		set_trigger(index, &old);
	}
	return sbi_value(count);
}

static struct sbi_ret set_shmem(const u64 *arg)
{
	u64 size = count_here() * ENTRY_SIZE;

	return sbi_result(sbi_shared_memory(arg, sizeof(u64), size, &self->dbtr.shmem));
}

static u64 word_address(u64 entry, u64 word)
{
	return self->dbtr.shmem + entry * ENTRY_SIZE + word * sizeof(u64);
}

static void write_word(u64 entry, u64 word, u64 value)
{
	guarded_call2(guarded_store, word_address(entry, word), value);
}

static void read_entries(struct config *config, u64 count)
{
	for (u64 i = 0; i < count; i++) {
		config[i].index = guarded_call(guarded_load, word_address(i, 0)).value;
		for (u64 n = 0; n < 3; n++)
			config[i].tdata[n] =
				guarded_call(guarded_load, word_address(i, n + 1)).value;
	}
}

/*
 * Returns whether a range is valid. It must end before the last trigger, because the
 * specification's tables have ">= trig_max" here.
 */
static bool in_range(u64 base, u64 count)
{
	return base < count_here() && count < count_here() - base;
}

static struct sbi_ret read_triggers(const u64 *arg)
{
	if (!self->dbtr.shmem)
		return sbi_result(SBI_ERR_NO_SHMEM);
	if (!in_range(arg[0], arg[1]))
		return sbi_result(SBI_ERR_BAD_RANGE);
	for (u64 i = 0; i < arg[1]; i++) {
		struct config config = get_trigger(arg[0] + i);
		u64 mapped = self->dbtr.installed >> config.index & 1 ? STATE_MAPPED : 0;

		write_word(i, 0, mapped | self->dbtr.modes[config.index]);
		for (u64 n = 0; n < 3; n++)
			write_word(i, n + 1, mapped ? config.tdata[n] : 0);
	}
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret failure(s64 error, u64 entry)
{
	return (struct sbi_ret){ error, entry };
}

static bool dbtr_put(u64 index, const struct config *config)
{
	if (!set_trigger(index, config))
		return false;
	self->dbtr.installed |= 1UL << index;
	self->dbtr.modes[index] = modes_of(config->tdata[0]);
	return true;
}

/* Writes a chain of `length` triggers from `first` on, or none if one of them is refused. */
static bool put_chain(u64 first, const struct config *config, u64 length)
{
	for (u64 i = 0; i < length; i++) {
		if (dbtr_put(first + i, &config[i]))
			continue;
		for (u64 done = 0; done <= i; done++)
			clear_trigger(first + done);
		return false;
	}
	return true;
}

/* Finds free triggers that accept the chain, or returns the error. */
static s64 place_chain(const struct config *config, u64 length, u64 *first)
{
	u64 wanted = (1UL << length) - 1;
	s64 error = SBI_ERR_FAILED;

	for (*first = 0; *first + length <= count_here(); ++*first) {
		if (self->dbtr.installed & wanted << *first)
			continue;
		if (put_chain(*first, config, length))
			return SBI_SUCCESS;
		error = SBI_ERR_NOT_SUPPORTED;
	}
	return error;
}

/* Installs all of the triggers or none. */
static struct sbi_ret install(const u64 *arg)
{
	struct config config[TRIGGERS_MAX];
	u64 count = arg[0], before = self->dbtr.installed, length, first;

	if (!self->dbtr.shmem)
		return sbi_result(SBI_ERR_NO_SHMEM);
	if (!in_range(0, count))
		return sbi_result(SBI_ERR_BAD_RANGE);
	read_entries(config, count);
	for (u64 i = 0; i < count; i++)
		if (!is_valid(config[i].tdata[0]) || (i + 1 == count && chains(config[i].tdata[0])))
			return failure(SBI_ERR_INVALID_PARAM, i);
	for (u64 i = 0; i < count; i += length) {
		s64 error;

		for (length = 1; chains(config[i + length - 1].tdata[0]); length++)
			;
		error = place_chain(&config[i], length, &first);
		if (error) {
			for (u64 index = 0; index < count_here(); index++)
				if ((self->dbtr.installed & ~before) >> index & 1)
					clear_trigger(index);
			return failure(error, i);
		}
		for (u64 n = 0; n < length; n++)
			config[i + n].index = first + n;
	}
	for (u64 i = 0; i < count; i++)
		write_word(i, 0, config[i].index);
	return sbi_result(SBI_SUCCESS);
}

/* An update must keep the type and chain with which the trigger was installed. */
static s64 check_update(const struct config *config)
{
	u64 wanted = config->tdata[0], old;

	if (config->index >= count_here())
		return SBI_ERR_INVALID_PARAM;
	if (!(self->dbtr.installed >> config->index & 1))
		return SBI_ERR_FAILED;
	old = get_trigger(config->index).tdata[0];
	if (!is_valid(wanted) || old >> TDATA1_TYPE_SHIFT != wanted >> TDATA1_TYPE_SHIFT ||
	    chains(old) != chains(wanted))
		return SBI_ERR_INVALID_PARAM;
	return SBI_SUCCESS;
}

/* Updates in order, up to the first entry in error. */
static struct sbi_ret dbtr_update(const u64 *arg)
{
	struct config config[TRIGGERS_MAX];

	if (!self->dbtr.shmem)
		return sbi_result(SBI_ERR_NO_SHMEM);
	if (!in_range(0, arg[0]))
		return sbi_result(SBI_ERR_BAD_RANGE);
	read_entries(config, arg[0]);
	for (u64 i = 0; i < arg[0]; i++) {
		s64 error = check_update(&config[i]);
		struct config old;

		if (error)
			return failure(error, i);
		old = get_trigger(config[i].index);
		if (!dbtr_put(config[i].index, &config[i])) {
			set_trigger(old.index, &old);
			return failure(SBI_ERR_NOT_SUPPORTED, i);
		}
	}
	return sbi_result(SBI_SUCCESS);
}

/*
 * Expands (trig_idx_base, trig_idx_mask) to a bit for each trigger; returns false if one of these
 * is not installed.
 */
static bool trigger_set(const u64 *arg, u64 *set)
{
	*set = arg[0] < TRIGGERS_MAX ? arg[1] << arg[0] : 0;
	return arg[1] == 0 || (arg[0] < TRIGGERS_MAX && *set >> arg[0] == arg[1] &&
			       (*set & ~self->dbtr.installed) == 0);
}

static struct sbi_ret uninstall(const u64 *arg)
{
	u64 set;

	if (!trigger_set(arg, &set))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	for (u64 index = 0; set >> index; index++)
		if (set >> index & 1)
			clear_trigger(index);
	return sbi_result(SBI_SUCCESS);
}

/* Lets each trigger fire in the modes for which it was installed, or in none. */
static struct sbi_ret switch_modes(const u64 *arg, bool on)
{
	u64 set;

	if (!trigger_set(arg, &set))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	for (u64 index = 0; set >> index; index++) {
		struct config config;

		if (!(set >> index & 1))
			continue;
		config = get_trigger(index);
		config.tdata[0] = with_modes(config.tdata[0], on ? self->dbtr.modes[index] : 0);
		set_trigger(index, &config);
	}
	return sbi_result(SBI_SUCCESS);
}

static struct sbi_ret enable(const u64 *arg)
{
	return switch_modes(arg, true);
}

static struct sbi_ret disable(const u64 *arg)
{
	return switch_modes(arg, false);
}

static const struct sbi_function functions[] = {
	{ num_triggers }, { set_shmem }, { read_triggers }, { install },
	{ dbtr_update }, { uninstall }, { enable }, { disable },
};

const struct sbi_extension sbi_dbtr = { 0x44425452, functions, ARRAY_SIZE(functions) };
