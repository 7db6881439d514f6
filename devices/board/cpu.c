/* SPDX-License-Identifier: MIT */
/*
 * Parses the description of the harts on the command line (see board.h), using the models of cpu/.
 * This file is also linked without a board, to check options and to print the models.
 */
#include "devices/board/cpu.h"

#include "bus/number.h"
#include "cpu/isa/ext.h"
#include "cpu/isa/identity.h"
#include "cpu/isa/model.h"
#include "devices/board/isa_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CPU_COUNTERS_MOST 29 /* hpmcounter3 to hpmcounter31 */

static int fail(struct board_error *error, const char *text)
{
	snprintf(error->text, sizeof(error->text), "-cpu: %s", text);
	error->exit_code = 2;
	return -EINVAL;
}

/* A property that is not an extension, by QEMU's name. */
struct property {
	const char *name, *accepted, *meaning;
	/* Parses a value into the field. Returns whether it is accepted. */
	bool (*take)(const char *value, void *field);
	size_t field; /* its offset in struct harts_config */
	enum ext needs;
	const char *request; /* what the user is asked to do where `needs` is missing */
};

static bool take_address(const char *value, void *field)
{
	return number_parse(value, field) && !(*(u64 *)field & 1);
}

static bool take_vlen(const char *value, void *field)
{
	u64 vlen;

	if (!number_parse(value, &vlen) || vlen < VLEN_LEAST || vlen > VLEN_MOST ||
	    vlen & (vlen - 1))
		return false;
	*(unsigned *)field = (unsigned)vlen;
	return true;
}

/*
 * Returns whether the value is the ELEN that follows from the extensions. There is nothing to
 * store.
 */
static bool take_elen(const char *value, void *field)
{
	u64 elen;

	(void)field;
	return number_parse(value, &elen) && elen == 64;
}

/*
 * Returns whether the value is the size of a cache block, which is the same for all instructions
 * for cache blocks.
 */
static bool take_block(const char *value, void *field)
{
	u64 size;

	(void)field;
	return number_parse(value, &size) && size == CPU_CACHE_BLOCK;
}

/*
 * Returns whether the value is a possible number of counters. Their actual number follows from the
 * extensions.
 */
static bool take_counters(const char *value, void *field)
{
	u64 count;

	(void)field;
	return number_parse(value, &count) && count <= CPU_COUNTERS_MOST;
}

static bool take_id(const char *value, void *field)
{
	return number_parse(value, field);
}

/* Returns whether the value is an mvendorid, which has 32 bits. */
static bool take_vendor(const char *value, void *field)
{
	return number_parse(value, field) && *(u64 *)field <= UINT32_MAX;
}

static bool take_switch(const char *value, void *field)
{
	int on = model_switch(value);

	*(bool *)field = on > 0;
	return on >= 0;
}

/* Returns whether the value is the only one that says what harts do. There is nothing to store. */
static bool take_off(const char *value, void *field)
{
	(void)field;
	return model_switch(value) == 0;
}

#define SWITCH "on, off"
#define PROPERTY_VLEN 0 /* the row of vlen */
static const struct property properties[] = {
	[PROPERTY_VLEN] =
	{ "vlen", "128, 256, 512, 1024", "bits of a vector register (128)", take_vlen,
	  offsetof(struct harts_config, vector.vlen), EXT_zve32x, "v=on" },
	{ "elen", "64", "bits of the widest element, which Zve64x says", take_elen, 0, EXT_zve64x,
	  "zve64x=on" },
	{ "cbom_blocksize", "64", "bytes of a cache block for Zicbom", take_block, 0, EXT_zicbom,
	  "zicbom=on" },
	{ "cbop_blocksize", "64", "the same for Zicbop", take_block, 0, EXT_zicbop, "zicbop=on" },
	{ "cboz_blocksize", "64", "the same for Zicboz", take_block, 0, EXT_zicboz, "zicboz=on" },
	{ "pmu-num", "0 to 29", "counters; as many as the model has, whatever is given",
	  take_counters, 0, EXT_zihpm, "zihpm=on" },
	{ "rvv_ta_all_1s", SWITCH, "agnostic elements of the tail become ones (off)", take_switch,
	  offsetof(struct harts_config, vector.tail_ones), EXT_zve32x, "v=on" },
	{ "rvv_ma_all_1s", SWITCH, "agnostic elements that are masked off become ones (off)",
	  take_switch, offsetof(struct harts_config, vector.mask_ones), EXT_zve32x, "v=on" },
	{ "rvv_vl_half_avl", SWITCH, "AVL between VLMAX and its double gives half of it (off)",
	  take_switch, offsetof(struct harts_config, vector.half_avl), EXT_zve32x, "v=on" },
	{ "mvendorid", "0 to 0xffffffff", "the CSR: who makes the hart", take_vendor,
	  offsetof(struct harts_config, identity.vendor), EXT_i, "" },
	{ "marchid", "a number", "the CSR: which core it is", take_id,
	  offsetof(struct harts_config, identity.architecture), EXT_i, "" },
	{ "mimpid", "a number", "the CSR: which version of it", take_id,
	  offsetof(struct harts_config, identity.implementation), EXT_i, "" },
	{ "short-isa-string", "off", "the device tree names all extensions", take_off, 0, EXT_i,
	  "" },
	{ "rnmi-interrupt-vector", "an even address", "handler of non-maskable interrupts (0)",
	  take_address, offsetof(struct harts_config, rnmi.interrupt), EXT_smrnmi, "smrnmi=on" },
	{ "rnmi-exception-vector", "an even address", "handler of exceptions in that one (0)",
	  take_address, offsetof(struct harts_config, rnmi.exception), EXT_smrnmi, "smrnmi=on" },
};

#define PROPERTY_COUNT ARRAY_SIZE(properties)

/* Parses an item that is a property, and marks it in given[]. Returns 1 if it is not a property. */
static int take_property(const char *item, struct harts_config *harts, bool *given,
			 struct board_error *error)
{
	for (unsigned i = 0; i < PROPERTY_COUNT; i++) {
		const struct property *property = &properties[i];
		size_t size = strlen(property->name);
		char text[160];

		if (strncasecmp(item, property->name, size) || (item[size] && item[size] != '='))
			continue;
		given[i] = true;
		if (property->take(item[size] ? item + size + 1 : "on",
				   (u8 *)harts + property->field))
			return 0;
		snprintf(text, sizeof(text), "'%.64s' is not accepted; accepted: %s", item,
			 property->accepted);
		return fail(error, text);
	}
	return 1;
}

/*
 * Moves the properties that are not the model's from the text to `harts`. The text can only get
 * shorter.
 */
static int take_properties(char *text, struct harts_config *harts, bool *given,
			   struct board_error *error)
{
	char *out = text + strcspn(text, ","), *at = out;

	while (*at) {
		size_t size = 1 + strcspn(at + 1, ",");
		char item[96];
		int other;

		snprintf(item, sizeof(item), "%.*s", (int)MIN(size - 1, sizeof(item) - 1), at + 1);
		other = take_property(item, harts, given, error);
		if (other < 0)
			return other;
		if (other) {
			memmove(out, at, size);
			out += size;
		}
		at += size;
	}
	*out = '\0';
	return 0;
}

/* Applies the vector length of an ISA string, which is meaningless without vectors. */
static int take_zvl(unsigned vlen, struct harts_config *harts, const bool *given,
		    struct board_error *error)
{
	unsigned accepted;
	char text[80];

	if (!vlen || !ext_has(harts->extensions, EXT_zve32x))
		return 0;
	snprintf(text, sizeof(text), "%u", vlen);
	if (!take_vlen(text, &accepted)) {
		snprintf(text, sizeof(text), "'zvl%ub' is more than harts have (vlen: %s)", vlen,
			 properties[PROPERTY_VLEN].accepted);
		return fail(error, text);
	}
	if (!given[PROPERTY_VLEN])
		harts->vector.vlen = accepted;
	return 0;
}

/* Returns the identity of the model with which the text begins. */
static struct identity identity_at(const char *text)
{
	char model[32];

	snprintf(model, sizeof(model), "%.*s", (int)strcspn(text, ","), text);
	return identity_of(model);
}

static int parse(const char *cpu, struct harts_config *harts, struct board_error *error)
{
	bool given[PROPERTY_COUNT] = { false };
	struct model_error reason;
	unsigned vlen;
	char *text = isa_name_expand(cpu, &vlen, error);
	int failed = -EINVAL;

	if (text) {
		harts->identity = identity_at(text);
		failed = take_properties(text, harts, given, error);
	}
	if (!failed && model_parse(text, &harts->extensions, &reason) < 0)
		failed = fail(error, reason.text);
	free(text);
	if (!failed)
		failed = take_zvl(vlen, harts, given, error);
	for (unsigned i = 0; !failed && i < PROPERTY_COUNT; i++) {
		char needs[96];

		if (!given[i] || ext_has(harts->extensions, properties[i].needs))
			continue;
		snprintf(needs, sizeof(needs), "%s needs %s", properties[i].name,
			 properties[i].request);
		failed = fail(error, needs);
	}
	return failed;
}

static const char *text_of(const struct board_config *config)
{
	return config->cpu ? config->cpu : MODEL_MAX;
}

/*
 * Parses the configuration's text with `items` inserted before those of the user, which therefore
 * override them. IMSICs add the harts' CSRs for IMSICs, as in QEMU, unless the text turns them off.
 */
static int parse_with(const struct board_config *config, const char *items,
		      struct harts_config *harts, struct board_error *error)
{
	const char *cpu = text_of(config);
	const char *msi = config->aia == BOARD_AIA_APLIC_IMSIC ? ",smaia=on" : "";
	int failed, model = (int)strcspn(cpu, ",");
	char *text;

	if (asprintf(&text, "%.*s%s%s%s", model, cpu, items, msi, cpu + model) < 0)
		return board_error_memory(error);
	failed = parse(text, harts, error);
	free(text);
	return failed;
}

int board_cpu_harts(const struct board_config *config, struct harts_config *harts,
		    struct board_error *error)
{
	const struct ext_set needed = EXT_SET(EXT_smaia, EXT_ssaia);
	int failed = parse_with(config, "", harts, error);
	struct board_error other;

	if (config->aia != BOARD_AIA_APLIC_IMSIC)
		return failed;
	/* The user may have taken away what the extensions need that IMSICs add. */
	if (failed ? !parse(text_of(config), harts, &other) :
		     !ext_is_within(needed, harts->extensions))
		return fail(error, "aia=aplic-imsic needs smaia and ssaia");
	return failed;
}

/*
 * Returns whether the text names a model that has a vector unit by definition, unlike the model
 * with all extensions.
 */
static bool is_vector_model(const char *cpu)
{
	struct harts_config harts = { 0 };
	struct board_error error;
	char model[256];

	snprintf(model, sizeof(model), "%.*s", (int)strcspn(cpu, ","), cpu);
	return !model_is_max(model) && !parse(model, &harts, &error) &&
	       ext_has(harts.extensions, EXT_zve32x);
}

bool board_cpu_drop_vectors(const struct board_config *config, struct harts_config *harts)
{
	struct harts_config without = *harts;
	struct board_error error;

	/*
	 * If another item requests vectors, it contradicts v=off, which is an error, or overrides
	 * it.
	 */
	if ((config->cpu && is_vector_model(config->cpu)) ||
	    parse_with(config, ",v=off", &without, &error) < 0 ||
	    ext_has(without.extensions, EXT_zve32x))
		return false;
	*harts = without;
	return true;
}

int board_cpu_check(const char *cpu, struct board_error *error)
{
	struct harts_config harts = { 0 };

	return parse(cpu, &harts, error);
}

void board_cpu_missing(const char *cpu, char *names, size_t size)
{
	model_missing(cpu ? cpu : MODEL_MAX, names, size);
}

void board_cpu_lacks(const char *cpu, char *names, size_t size)
{
	struct ext_set lacks = EXT_SET(EXT_m, EXT_a, EXT_f, EXT_d, EXT_c, EXT_zicntr, EXT_zicsr,
				       EXT_zifencei, EXT_s, EXT_u, EXT_sv39);
	struct harts_config harts = { 0 };
	struct board_error error;
	size_t used = 0;

	*names = '\0';
	if (!parse(cpu, &harts, &error))
		lacks = ext_minus(lacks, harts.extensions);
	for (unsigned n = 0; n < EXT_COUNT && used < size; n++)
		if (ext_has(lacks, n))
			used += (size_t)snprintf(names + used, size - used, "%s%s", used ? " " : "",
						 ext_name(n));
}

const char *board_cpu_model(unsigned n)
{
	return n < model_count ? models[n].name : NULL;
}

const char *board_cpu_extension(unsigned n)
{
	return ext_name(n);
}

static bool model_has(unsigned model, unsigned ext)
{
	return ext_has(model_extensions(models[model].name), ext);
}

/*
 * Returns the state of an extension in a model: "yes"; "opt-in" in the last model, which has it on
 * request; or "".
 */
static const char *state(unsigned model, unsigned ext)
{
	if (model_has(model, ext))
		return "yes";
	return model == model_count - 1 ? "opt-in" : "";
}

void board_cpu_help(void *file)
{
	char missing[256];

	for (unsigned i = 0; i < model_count; i++) {
		model_missing(models[i].name, missing, sizeof(missing));
		fprintf(file, "%-10s%s%s%s\n", models[i].name, models[i].meaning,
			*missing ? "; still missing: " : "", missing);
	}
	fprintf(file,
		"\nNAME=on or NAME=off after the model, as in -cpu rva22s64,zbc=on,sstc=off, "
		"changes it.\nWith an extension comes what it needs, and goes what needs it. "
		"A profile's\nname (rva22u64=on) stands for all that the profile makes mandatory.\n"
		"NAME=VALUE sets these:\n\n");
	for (unsigned i = 0; i < PROPERTY_COUNT; i++)
		fprintf(file, "%-23s%s: %s\n", properties[i].name, properties[i].accepted,
			properties[i].meaning);
	fprintf(file, "\n%15s", "");
	for (unsigned i = 0; i < model_count; i++)
		fprintf(file, "%-9s", models[i].name);
	fprintf(file, "\n");
	for (unsigned ext = 0; ext_name(ext); ext++) {
		fprintf(file, "%-15s", ext_name(ext));
		for (unsigned i = 0; i < model_count; i++)
			fprintf(file, "%-9s", *state(i, ext) ? state(i, ext) : "-");
		fprintf(file, "%s\n", ext_meaning(ext));
	}
}

void board_cpu_table(void *file)
{
	char missing[256];

	fprintf(file, "| extension | what it is |");
	for (unsigned i = 0; i < model_count; i++)
		fprintf(file, " %s |", models[i].name);
	fprintf(file, "\n|---|---|");
	for (unsigned i = 0; i < model_count; i++)
		fprintf(file, ":-:|");
	for (unsigned ext = 0; ext_name(ext); ext++) {
		fprintf(file, "\n| %s | %s |", ext_name(ext), ext_meaning(ext));
		for (unsigned i = 0; i < model_count; i++)
			fprintf(file, " %s |", state(i, ext));
	}
	fprintf(file, "\n");
	for (unsigned i = 0; i < model_count; i++) {
		model_missing(models[i].name, missing, sizeof(missing));
		if (*missing)
			fprintf(file, "\nStill missing in %s: %s.\n", models[i].name, missing);
	}
}
