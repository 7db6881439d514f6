/* SPDX-License-Identifier: MIT */
/*
 * Tests that CVA6's keys do not contain state on which nothing depends: states that differ only in
 * it are equal.
 */
#include "cpu/timing/cva6/key.h"
#include "tests/cpu/timing/unit.h"

#include <stdlib.h>

#define TARGET 0x80001306 /* any address */
#define ENTRIES 4

struct pair {
	struct cva6_core core[2];
	struct cva6_key key[2];
};

/* Makes two cores in which a jump waits to be resolved. */
static struct pair *pair_create(u8 flow)
{
	struct pair *pair = calloc(1, sizeof(*pair));

	assert_non_null(pair);
	for (unsigned n = 0; n < 2; n++) {
		struct cva6_core *core = &pair->core[n];
		unsigned slot;

		core->params.issue_entries = ENTRIES;
		slot = cva6_scoreboard_add(&core->pipe.sb, &core->params);
		core->pipe.sb.entry[slot] = (struct cva6_entry){
			.uop = { .unit = CVA6_CTRL_FLOW }, .flow = flow,
		};
	}
	return pair;
}

static bool keys_are_equal(struct pair *pair)
{
	for (unsigned n = 0; n < 2; n++) {
		memset(&pair->key[n], 0, sizeof(pair->key[n]));
		cva6_key_take(&pair->key[n], &pair->core[n]);
	}
	return !memcmp(&pair->key[0], &pair->key[1], sizeof(pair->key[0]));
}

/*
 * If no jump was predicted, the field for its target has a leftover of the word's other
 * instruction.
 */
static void targets_without_prediction_do_not_matter(void **state)
{
	struct pair *unpredicted = pair_create(CVA6_NO_FLOW);
	struct pair *predicted = pair_create(CVA6_FLOW_JALR);

	unpredicted->core[0].pipe.sb.entry[0].predicted = TARGET;
	assert_true(keys_are_equal(unpredicted));
	predicted->core[0].pipe.sb.entry[0].predicted = TARGET;
	assert_false(keys_are_equal(predicted));
	free(unpredicted);
	free(predicted);
}

/* How an atomic is answered is set when it is sent, so it does not matter before. */
static void answers_of_earlier_atomics_do_not_matter(void **state)
{
	const struct cva6_params params = { .axi_requests = 2, .wbuffer_writes = 4 };
	const struct cva6_axi_request swap = { .type = CVA6_AXI_AMO };
	struct pair *pair = pair_create(CVA6_NO_FLOW);

	pair->core[0].pipe.axi.atomic_reads = true;
	for (unsigned n = 0; n < 2; n++)
		pair->core[n].pipe.lsu.amo.valid = true;
	assert_true(keys_are_equal(pair));
	for (unsigned n = 0; n < 2; n++)
		cva6_axi_step(&pair->core[n].pipe.axi, &params, 1, NULL, &swap);
	assert_true(keys_are_equal(pair));
	for (unsigned n = 0; n < 2; n++)
		cva6_axi_step(&pair->core[n].pipe.axi, &params, 2, NULL, NULL);
	assert_true(pair->core[1].pipe.axi.atomic_reads);
	pair->core[1].pipe.axi.atomic_reads = false;
	assert_false(keys_are_equal(pair));
	free(pair);
}

/* Only the next SC that fails depends on how many failed before, and it asks by an action. */
static void failures_of_earlier_atomics_do_not_matter(void **state)
{
	struct pair *pair = pair_create(CVA6_NO_FLOW);

	for (unsigned n = 0; n < 3; n++)
		cva6_action_backoff(&pair->core[0].dcache, true);
	assert_int_equal(pair->core[0].dcache.miss.backoff.mask, 7);
	assert_true(keys_are_equal(pair));
	pair->core[0].dcache.miss.backoff.count = 1;
	assert_false(keys_are_equal(pair));
	cva6_action_backoff(&pair->core[0].dcache, false);
	assert_int_equal(pair->core[0].dcache.miss.backoff.mask, 0);
	free(pair);
}

/* Arbiters outside of the key are asked by actions where they decide. */
static void arbiters_outside_do_not_matter(void **state)
{
	struct pair *pair = pair_create(CVA6_NO_FLOW);
	struct cva6_core *core = &pair->core[0];

	core->dcache.rr_read = core->dcache.writes.rr_check = core->pipe.axi.rr = 1;
	for (unsigned n = 0; n < 2; n++)
		pair->core[n].dcache.writes.used = BIT(2);
	assert_true(keys_are_equal(pair));
	cva6_key_put(&pair->key[1], core);
	assert_int_equal(core->dcache.rr_read, 1);
	assert_int_equal(core->dcache.writes.rr_check, 1);
	assert_int_equal(core->pipe.axi.rr, 1);
	free(pair);
}

/* If only one word can be sent, it will be, and then the arbiter's state is its number. */
static void arbiters_of_one_request_do_not_matter(void **state)
{
	struct pair *pair = pair_create(CVA6_NO_FLOW);
	struct cva6_write_buffer *writes[2];

	for (unsigned n = 0; n < 2; n++)
		writes[n] = &pair->core[n].dcache.writes;
	writes[0]->rr_dirty = 3;
	assert_true(keys_are_equal(pair));
	for (unsigned n = 0; n < 2; n++) {
		writes[n]->used = BIT(2);
		writes[n]->word[2] = (struct cva6_word){ .valid = 1, .dirty = 1 };
	}
	assert_true(keys_are_equal(pair));
	/*
	 * A word that is being sent may have to be sent again, and another one may then compete
	 * with it.
	 */
	for (unsigned n = 0; n < 2; n++)
		writes[n]->word[2].sending = 1;
	assert_false(keys_are_equal(pair));
	for (unsigned n = 0; n < 2; n++) {
		writes[n]->locked = true;
		writes[n]->lock = BIT(2);
	}
	assert_true(keys_are_equal(pair));
	for (unsigned n = 0; n < 2; n++)
		writes[n]->lock = BIT(2) | BIT(4);
	assert_false(keys_are_equal(pair));
	free(pair);
}

/* A state file may contain a full ring of records that no entry refers to. */
static void records_without_entries_have_no_key(void **state)
{
	struct pair *pair = pair_create(CVA6_NO_FLOW);
	struct timing_tally tally = { 0 };
	struct cva6_core *core = &pair->core[0];
	struct timing_record *ring = calloc(CVA6_RECORDS, sizeof(*ring));
	struct cva6_decoder *decoder = calloc(1, sizeof(*decoder));

	assert_true(ring && decoder);
	core->records = (struct cva6_records){ .ring = ring, .issue = 1, .end = 1 };
	core->decoder = decoder;
	core->tally = &tally;
	core->cycle = 1;
	core->icache.state = CVA6_ICACHE_IDLE;
	core->dcache.miss.state = CVA6_MISS_IDLE;
	tally.mode = timing_mode_of(core->pipe.context.after);
	assert_true(cva6_key_exists(core));
	core->records.issue = core->records.end = CVA6_RECORDS - 1;
	assert_false(cva6_key_exists(core));
	cva6_key_take(&pair->key[0], core);
	free(decoder);
	free(ring);
	free(pair);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(records_without_entries_have_no_key),
	cmocka_unit_test(targets_without_prediction_do_not_matter),
	cmocka_unit_test(answers_of_earlier_atomics_do_not_matter),
	cmocka_unit_test(failures_of_earlier_atomics_do_not_matter),
	cmocka_unit_test(arbiters_of_one_request_do_not_matter),
	cmocka_unit_test(arbiters_outside_do_not_matter),
	{ 0 },
};
