/* SPDX-License-Identifier: MIT */
/*
 * Parses the harts' description on the command line (see board.h) with the models of cpu/. It is
 * also linked without a board, to check options and to print the models.
 */
#include "devices/board/machine.h"

#include "cpu/isa/ext.h"
#include "cpu/isa/model.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int fail(struct board_error *error, const char *text)
{
	snprintf(error->text, sizeof(error->text), "-cpu: %s", text);
	error->exit_code = 2;
	return -EINVAL;
}

/* Properties with an address, by QEMU's names. */
static const struct {
	const char *name;
	size_t offset; /* in struct rnmi_vectors */
} vectors[] = {
	{ "rnmi-interrupt-vector=", offsetof(struct rnmi_vectors, interrupt) },
	{ "rnmi-exception-vector=", offsetof(struct rnmi_vectors, exception) },
};

/* Takes such a property; 1 when the item is none. */
static int take_vector(const char *item, struct rnmi_vectors *rnmi, struct board_error *error)
{
	for (unsigned i = 0; i < ARRAY_SIZE(vectors); i++) {
		size_t size = strlen(vectors[i].name);
		char text[160], *end;
		u64 *value = (u64 *)((u8 *)rnmi + vectors[i].offset);

		if (strncasecmp(item, vectors[i].name, size))
			continue;
		errno = 0;
		*value = strtoull(item + size, &end, 0);
		if (isdigit((unsigned char)item[size]) && !*end && !errno && !(*value & 1))
			return 0;
		snprintf(text, sizeof(text), "'%.64s' is not accepted; accepted: an even address",
			 item);
		return fail(error, text);
	}
	return 1;
}

/* Moves the properties that are not the model's to `rnmi`; the text only gets shorter. */
static int take_vectors(char *text, struct rnmi_vectors *rnmi, struct board_error *error)
{
	char *out = text + strcspn(text, ","), *at = out;
	bool any = false;

	while (*at) {
		size_t size = 1 + strcspn(at + 1, ",");
		char item[96];
		int other;

		snprintf(item, sizeof(item), "%.*s", (int)MIN(size - 1, sizeof(item) - 1), at + 1);
		other = take_vector(item, rnmi, error);
		if (other < 0)
			return other;
		any = any || !other;
		if (other) {
			memmove(out, at, size);
			out += size;
		}
		at += size;
	}
	*out = '\0';
	return any;
}

static int parse(const char *cpu, struct harts_config *harts, struct board_error *error)
{
	struct model_error reason;
	char *text = strdup(cpu);
	int failed = text ? take_vectors(text, &harts->rnmi, error) : fail(error, strerror(ENOMEM));
	bool vector = failed > 0;

	if (failed >= 0)
		failed = model_parse(text, &harts->extensions, &reason) < 0 ?
				 fail(error, reason.text) :
				 0;
	free(text);
	if (!failed && vector && !ext_has(harts->extensions, EXT_smrnmi))
		return fail(error,
			    "rnmi-interrupt-vector and rnmi-exception-vector need smrnmi=on");
	return failed;
}

/* IMSICs add the harts' CSRs for them, as in QEMU, unless the text takes them away. */
int board_cpu_harts(const struct board_config *config, struct harts_config *harts,
		    struct board_error *error)
{
	const char *cpu = config->cpu ? config->cpu : MODEL_MAX;
	const struct ext_set needed = EXT_SET(EXT_smaia, EXT_ssaia);
	int failed, model = (int)strcspn(cpu, ",");
	char *text;

	if (config->aia != BOARD_AIA_APLIC_IMSIC)
		return parse(cpu, harts, error);
	if (asprintf(&text, "%.*s,smaia=on,ssaia=on%s", model, cpu, cpu + model) < 0)
		return fail(error, strerror(ENOMEM));
	failed = parse(text, harts, error);
	free(text);
	if (!failed && !ext_is_within(needed, harts->extensions))
		return fail(error, "aia=aplic-imsic needs smaia and ssaia");
	return failed;
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

const char *board_cpu_model(unsigned n)
{
	return n < model_count ? models[n].name : NULL;
}

const char *board_cpu_extension(unsigned n)
{
	return model_ext_name(n);
}

static bool model_has(unsigned model, unsigned ext)
{
	return ext_has(model_extensions(models[model].name), ext);
}

/* Returns a model's state of an extension; "" when the model has it only on request. */
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
		"changes it.\nWith an extension comes what it needs, and goes what needs it."
		"\n\n%15s",
		"");
	for (unsigned i = 0; i < model_count; i++)
		fprintf(file, "%-9s", models[i].name);
	fprintf(file, "\n");
	for (unsigned ext = 0; model_ext_name(ext); ext++) {
		fprintf(file, "%-15s", model_ext_name(ext));
		for (unsigned i = 0; i < model_count; i++)
			fprintf(file, "%-9s", *state(i, ext) ? state(i, ext) : "-");
		fprintf(file, "%s\n", model_ext_meaning(ext));
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
	for (unsigned ext = 0; model_ext_name(ext); ext++) {
		fprintf(file, "\n| %s | %s |", model_ext_name(ext), model_ext_meaning(ext));
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
