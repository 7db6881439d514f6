/* SPDX-License-Identifier: MIT */
/*
 * Turns a text into a set of extensions: those that are requested, with all that they need; the
 * model's, without those that are refused and those that need them. The rules are in model.def.
 */
#include "cpu/isa/model.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bus/nearest.h"

enum rule_kind { RULE_NEEDS, RULE_HAS, RULE_IS, RULE_EXCLUDES };

struct rule_text {
	enum rule_kind kind;
	const char *ext, *with, *needs;
};

#define MODEL(...)
#define BASE(...)
#define IDENTITY(...)
#define NEEDS(ext, needs) { RULE_NEEDS, ext, "", needs },
#define HAS(ext, needs) { RULE_HAS, ext, "", needs },
#define NEEDS_WITH(ext, with, needs) { RULE_NEEDS, ext, with, needs },
#define IS(ext, needs) { RULE_IS, ext, "", needs },
#define IS_WITH(ext, with, needs) { RULE_IS, ext, with, needs },
#define EXCLUDES(ext, other) { RULE_EXCLUDES, ext, "", other },
#define ALWAYS(names)
#define LACKS(names)
static const struct rule_text rule_texts[] = {
#include "cpu/isa/model.def"
};
#undef MODEL
#undef NEEDS
#undef NEEDS_WITH
#undef HAS
#undef IS
#undef IS_WITH
#undef EXCLUDES

#define NEEDS(...)
#define NEEDS_WITH(...)
#define HAS(...)
#define IS(...)
#define IS_WITH(...)
#define EXCLUDES(...)
#define MODEL(name, bases, meaning, extensions) { #name, bases, meaning, extensions },
const struct model models[] = {
#include "cpu/isa/model.def"
	{ MODEL_MAX, "", "all there is but what is opt-in (the default); rv64 is the same", "" },
};
const unsigned model_count = ARRAY_SIZE(models);
#undef MODEL
#define MODEL(...)
#undef BASE
#define BASE(name, bases, extensions) { #name, bases, "", extensions },
static const struct model bases_table[] = {
#include "cpu/isa/model.def"
};
#undef BASE
#define BASE(...)

#undef ALWAYS
#define ALWAYS(names) names
static const char always[] =
#include "cpu/isa/model.def"
	;
#undef ALWAYS
#define ALWAYS(...)
#undef LACKS
#define LACKS(names) names
static const char lacks[] =
#include "cpu/isa/model.def"
	;

#define NO_EXT EXT_COUNT

/* A rule with its names looked up. Extensions that no hart has are in no set, and dropped. */
struct rule {
	enum rule_kind kind;
	unsigned ext, with; /* or NO_EXT */
	struct ext_set needs;
};

#define RULE_COUNT ARRAY_SIZE(rule_texts)

/* A request holds what is asked for, and what follows from it. */
struct request {
	struct rule rules[RULE_COUNT];
	unsigned rule_count;
	s8 asked[EXT_COUNT]; /* 1 on, -1 off, 0 not named */
	struct ext_set on, off;
	struct ext_set whole; /* those in `off` whose parts are turned off with them */
	u8 on_by[EXT_COUNT], off_by[EXT_COUNT]; /* the requested extension that is the reason */
	struct model_error *error;
};

static PRINTF_LIKE(2, 3) int fail(struct model_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -EINVAL;
}

/* Copies the next of several names separated by blanks; returns false at the end. */
static bool next_name(const char **names, char *name, size_t size)
{
	size_t length;

	*names += strspn(*names, " ");
	length = strcspn(*names, " ");
	snprintf(name, size, "%.*s", (int)length, *names);
	*names += length;
	return length;
}

static bool model_listed(const char *names, const char *name)
{
	char one[32];

	while (next_name(&names, one, sizeof(one)))
		if (!strcasecmp(one, name))
			return true;
	return false;
}

static unsigned find_extension(const char *name)
{
	const int first = tolower((unsigned char)*name);
	unsigned ext = 0;

	/* Most names differ in their first letters. Those of the table are in lower case. */
	while (ext < EXT_COUNT && (*ext_name(ext) != first || strcasecmp(ext_name(ext), name)))
		ext++;
	return ext;
}

static struct ext_set set_of(const char *names)
{
	struct ext_set set = EXT_NONE;
	char name[32];

	while (next_name(&names, name, sizeof(name))) {
		unsigned ext = find_extension(name);

		if (ext != NO_EXT)
			set = ext_with(set, ext);
	}
	return set;
}

bool model_is_max(const char *name)
{
	return !strcasecmp(name, MODEL_MAX) || !strcasecmp(name, "rv64");
}

static const struct model *find_model(const char *name)
{
	if (model_is_max(name))
		name = MODEL_MAX;
	for (unsigned i = 0; i < ARRAY_SIZE(models); i++)
		if (!strcasecmp(models[i].name, name))
			return &models[i];
	for (unsigned i = 0; i < ARRAY_SIZE(bases_table); i++)
		if (!strcasecmp(bases_table[i].name, name))
			return &bases_table[i];
	return NULL;
}

/* Returns the extensions that the model and its bases list. */
static struct ext_set set_of_model(const struct model *model)
{
	struct ext_set set = set_of(model->extensions);
	const char *bases = model->bases;
	char name[32];

	while (next_name(&bases, name, sizeof(name)))
		set = ext_union(set, set_of_model(find_model(name)));
	return set;
}

static void resolve_rules(struct request *request)
{
	request->rule_count = 0;
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		const struct rule_text *text = &rule_texts[i];
		const struct rule rule = { text->kind, find_extension(text->ext),
					   find_extension(text->with), set_of(text->needs) };

		if (rule.ext != NO_EXT && (rule.with != NO_EXT || !*text->with))
			request->rules[request->rule_count++] = rule;
	}
}

/* Returns whether the rule's condition holds in a hart with `set`. */
static bool model_counts(const struct rule *rule, struct ext_set set)
{
	return rule->kind != RULE_EXCLUDES && ext_has(set, rule->ext) &&
	       (rule->with == NO_EXT || ext_has(set, rule->with));
}

/*
 * Returns the set with all that it needs. `by`, if not NULL, gets for each extension the one that
 * required it.
 */
static struct ext_set close_over(const struct request *request, struct ext_set set, u8 *by)
{
	for (bool more = true; more;) {
		more = false;
		for (unsigned i = 0; i < request->rule_count; i++) {
			const struct rule *rule = &request->rules[i];
			struct ext_set added =
				model_counts(rule, set) ? ext_minus(rule->needs, set) : EXT_NONE;

			for (unsigned ext = 0; by && ext < EXT_COUNT; ext++)
				if (ext_has(added, ext))
					by[ext] = by[rule->ext];
			set = ext_union(set, added);
			more |= !ext_is_empty(added);
		}
	}
	return set;
}

struct ext_set model_extensions(const char *name)
{
	const struct model *model = find_model(name);
	struct request request;

	if (!model)
		return EXT_NONE;
	if (!strcmp(model->name, MODEL_MAX))
		return EXT_DEFAULT;
	resolve_rules(&request);
	return close_over(&request, ext_minus(set_of_model(model), set_of(lacks)), NULL);
}

bool model_consistent(struct ext_set extensions)
{
	struct request request;

	resolve_rules(&request);
	for (unsigned i = 0; i < request.rule_count; i++) {
		const struct rule *rule = &request.rules[i];

		if (rule->kind == RULE_EXCLUDES && ext_has(extensions, rule->ext) &&
		    !ext_is_empty(ext_common(extensions, rule->needs)))
			return false;
	}
	return ext_equal(close_over(&request, extensions, NULL), extensions);
}

/* Turns `set` off because of `by`; returns true when anything changed. */
static bool model_drop(struct request *request, struct ext_set set, unsigned by)
{
	set = ext_minus(set, request->off);
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (ext_has(set, ext))
			request->off_by[ext] = (u8)by;
	request->off = ext_union(request->off, set);
	return !ext_is_empty(set);
}

static unsigned first_in(struct ext_set set)
{
	unsigned ext = 0;

	while (ext < EXT_COUNT && !ext_has(set, ext))
		ext++;
	return ext;
}

/* Applies a rule to what is off; returns true when more is off than before. */
static bool apply_off(struct request *request, const struct rule *rule)
{
	struct ext_set lost = ext_common(rule->needs, request->off);
	struct ext_set others = ext_common(rule->needs, request->on);
	struct ext_set parts = ext_minus(rule->needs, request->on);
	bool changed = false;

	if (rule->kind == RULE_EXCLUDES) {
		if (ext_has(request->on, rule->ext))
			changed = model_drop(request, rule->needs, request->on_by[rule->ext]);
		if (!ext_is_empty(others))
			changed |= model_drop(request, EXT_SET(rule->ext),
					      request->on_by[first_in(others)]);
		return changed;
	}
	if (rule->kind != RULE_NEEDS && ext_has(request->whole, rule->ext)) {
		request->whole = ext_union(request->whole, parts);
		changed = model_drop(request, parts, request->off_by[rule->ext]);
	}
	if (!ext_is_empty(lost) && rule->with == NO_EXT)
		changed |= model_drop(request, EXT_SET(rule->ext), request->off_by[first_in(lost)]);
	return changed;
}

/* Fails because `ext` is needed by extension `cause` and taken away by another one. */
static int model_contradiction(const struct request *request, unsigned cause, unsigned ext)
{
	unsigned taker = request->off_by[ext];
	const char *how = request->asked[taker] > 0 ? "on" : "off";

	if (cause == ext)
		return fail(request->error, "'%s=on' and '%s=%s' contradict each other",
			    ext_name(ext), ext_name(taker), how);
	return fail(request->error, "'%s=on' needs %s, which '%s=%s' takes away", ext_name(cause),
		    ext_name(ext), ext_name(taker), how);
}

/* Derives all extensions that the request turns on and off. */
static int model_propagate(struct request *request)
{
	struct ext_set both;

	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		if (request->asked[ext] > 0)
			request->on = ext_with(request->on, ext);
		if (request->asked[ext] < 0)
			request->off = ext_with(request->off, ext);
		request->on_by[ext] = request->off_by[ext] = (u8)ext;
	}
	request->on = close_over(request, request->on, request->on_by);
	request->whole = request->off;
	for (bool more = true; more;) {
		more = false;
		for (unsigned i = 0; i < request->rule_count; i++)
			more |= apply_off(request, &request->rules[i]);
	}
	both = ext_common(request->on, request->off);
	if (ext_is_empty(both))
		return 0;
	/* If possible, the message names an extension that was refused by name. */
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (ext_has(both, ext) && request->asked[ext] < 0)
			return model_contradiction(request, request->on_by[ext], ext);
	return model_contradiction(request, request->on_by[first_in(both)], first_in(both));
}

/*
 * Applies the request to the model's set. What a member needs is added, or, if that is refused, the
 * member is refused, too.
 */
static int model_settle(struct request *request, struct ext_set *set)
{
	*set = ext_union(ext_minus(*set, request->off), request->on);
	for (bool more = true; more;) {
		more = false;
		for (unsigned i = 0; i < request->rule_count; i++) {
			const struct rule *rule = &request->rules[i];
			struct ext_set lacking = ext_minus(rule->needs, *set);
			struct ext_set refused = ext_common(lacking, request->off);

			if (!model_counts(rule, *set) || ext_is_empty(lacking))
				continue;
			if (!ext_is_empty(refused) && ext_has(request->on, rule->ext))
				return model_contradiction(request, request->on_by[rule->ext],
							   first_in(refused));
			if (!ext_is_empty(refused))
				model_drop(request, EXT_SET(rule->ext),
					   request->off_by[first_in(refused)]);
			*set = ext_minus(ext_union(*set, lacking), request->off);
			more = true;
		}
	}
	return 0;
}

/* Returns whether a hart with `set` has all extensions for which `ext` is a name. */
static bool amounts_to(const struct request *request, struct ext_set set, unsigned ext)
{
	bool is = false;

	for (unsigned i = 0; i < request->rule_count; i++) {
		const struct rule *rule = &request->rules[i];

		if (rule->ext != ext || !model_counts(rule, ext_with(set, ext)))
			continue;
		is |= rule->kind == RULE_IS;
		if (!ext_is_within(rule->needs, set))
			return false;
	}
	return is;
}

static void model_complete(const struct request *request, struct ext_set *set)
{
	for (unsigned ext = EXT_COUNT; ext-- > 0;)
		if (!ext_has(*set, ext) && !ext_has(request->off, ext) &&
		    amounts_to(request, *set, ext))
			*set = ext_with(*set, ext);
}

static int no_model(const char *name, struct model_error *error)
{
	char accepted[128];
	size_t used = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(models) && used < sizeof(accepted); i++)
		used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s",
					 i ? ", " : "", models[i].name);
	return fail(error, "no model '%s'; accepted: %s", name, accepted);
}

static const char *extension_name(const void *ctx, unsigned i)
{
	(void)ctx;
	return ext_name(i);
}

/* Returns whether this is the name of an extension, or of G, even if no hart has it. */
static bool is_extension(const char *name)
{
	bool known = find_extension(name) != NO_EXT || !strcasecmp(name, "g") ||
		     model_listed(lacks, name);

	for (unsigned i = 0; i < RULE_COUNT; i++)
		known = known || !strcasecmp(rule_texts[i].ext, name) ||
			model_listed(rule_texts[i].needs, name);
	for (unsigned i = 0; i < ARRAY_SIZE(models); i++)
		known = known || model_listed(models[i].extensions, name);
	return known;
}

/*
 * Handles names that are not in ext.def: of extensions that every hart has, or none, and mistakes.
 */
static int check_other(struct request *request, const char *name, bool on)
{
	if (model_listed(always, name))
		return on ? 0 :
			    fail(request->error, "'%s=off': every hart has it; leave it out", name);
	if (is_extension(name))
		return on ? fail(request->error, "'%s=on': no hart has it yet", name) : 0;
	return fail(request->error, "no extension '%s'%s (-cpu help lists all)", name,
		    nearest_hint(", nearest is '",
				 nearest_name(name, extension_name, NULL, EXT_COUNT), "'")
			    .text);
}

int model_switch(const char *value)
{
	static const char *const words[] = { "off", "on", "false", "true" };

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcasecmp(value, words[i]))
			return i & 1;
	return -1;
}

/*
 * Returns the only version that is accepted if the item is a property of QEMU for the version of a
 * manual; else NULL.
 */
static const char *only_version(const char *item)
{
	if (!strncasecmp(item, "priv_spec=", strlen("priv_spec=")))
		return "v1.12.0";
	return strncasecmp(item, "vext_spec=", strlen("vext_spec=")) ? NULL : "v1.0";
}

/*
 * Handles G, which is a name for several extensions. QEMU's property is off by default, so "off"
 * asks for nothing.
 */
static void ask_general(struct request *request, bool on)
{
	static const enum ext general[] = { EXT_m, EXT_a, EXT_f, EXT_d, EXT_zicsr, EXT_zifencei };

	for (unsigned n = 0; on && n < ARRAY_SIZE(general); n++)
		request->asked[general[n]] = 1;
}

/*
 * Returns an extension's name for that of QEMU's property, which begins with x- if QEMU considers
 * it experimental.
 */
static const char *spell(const char *name)
{
	static const struct {
		const char *qemu, *name;
	} others[] = { { "debug", "sdtrig" }, { "mmu", "sv39" }, { "x-epmp", "smepmp" } };

	for (unsigned n = 0; n < ARRAY_SIZE(others); n++)
		if (!strcasecmp(name, others[n].qemu))
			return others[n].name;
	return strncasecmp(name, "x-", 2) ? name : name + 2;
}

/* Parses one NAME[=on|off]. */
static int parse_item(struct request *request, const char *item)
{
	const char *equals = strchr(item, '='), *version = only_version(item);
	int on = equals ? model_switch(equals + 1) : true;
	char word[64];
	const char *name;
	unsigned ext;

	if (version && !strcasecmp(equals + 1, version))
		return 0;
	if (version)
		return fail(request->error, "'%.64s' is not accepted; accepted: %s", item, version);
	snprintf(word, sizeof(word), "%.*s", equals ? (int)(equals - item) : (int)sizeof(word) - 1,
		 item);
	name = spell(word);
	if (on < 0 && !is_extension(name))
		return fail(request->error, "no property '%s' (-cpu help lists all)", word);
	if (on < 0)
		return fail(request->error, "'%.64s' is not accepted; accepted: on, off", item);
	if (!strcasecmp(name, "g")) {
		ask_general(request, on);
		return 0;
	}
	ext = find_extension(name);
	if (ext == NO_EXT || model_listed(always, name))
		return check_other(request, name, on);
	request->asked[ext] = on ? 1 : -1;
	return 0;
}

/* Copies the next item of a list separated by commas; returns false at the end. */
static bool next_item(const char **text, char *item, size_t size)
{
	size_t length = strcspn(*text, ",");

	if (!**text)
		return false;
	snprintf(item, size, "%.*s", (int)MIN(length, size - 1), *text);
	*text += length + ((*text)[length] == ',');
	return true;
}

int model_parse(const char *text, struct ext_set *extensions, struct model_error *error)
{
	struct request request = { .error = error };
	char item[96] = "";
	int failed = 0;

	next_item(&text, item, sizeof(item));
	if (!find_model(item))
		return no_model(item, error);
	*extensions = model_extensions(item);
	resolve_rules(&request);
	while (!failed && next_item(&text, item, sizeof(item)))
		failed = parse_item(&request, item);
	if (!failed)
		failed = model_propagate(&request);
	if (!failed)
		failed = model_settle(&request, extensions);
	if (!failed)
		model_complete(&request, extensions);
	return failed;
}

/* Adds the names that the model and its bases list and no hart has; returns the text's length. */
static size_t add_missing(const struct model *model, char *names, size_t size, size_t used)
{
	const char *list = model->extensions, *bases = model->bases;
	char name[32];

	while (next_name(&list, name, sizeof(name)) && used < size)
		if (find_extension(name) == NO_EXT || model_listed(lacks, name))
			used += (size_t)snprintf(names + used, size - used, "%s%s", used ? " " : "",
						 name);
	while (next_name(&bases, name, sizeof(name)))
		used = add_missing(find_model(name), names, size, used);
	return used;
}

void model_missing(const char *text, char *names, size_t size)
{
	const struct model *model;
	char item[96] = "";

	next_item(&text, item, sizeof(item));
	*names = '\0';
	model = find_model(item);
	if (model)
		add_missing(model, names, size, 0);
}
