/* SPDX-License-Identifier: MIT */
/*
 * The registry of all machine state. Each part (hart0, uart, ...) registers a constant table of its
 * fields, which save, load, hash and compare use. Caches, TLBs, decoded blocks and handles of the
 * host are not state: the part's post_load() rebuilds them.
 */
#ifndef BUS_STATE_H
#define BUS_STATE_H

#include "bus/base.h"

struct ram;

/* A field: `count` elements of `size` bytes each (a power of two up to 8, or 1 for plain bytes). */
struct state_field {
	const char *name;
	u32 offset;
	u32 size;
	u32 count;
	bool boolean; /* C's type bool: a load refuses anything but 0 and 1 */
};

#define STATE_IS_BOOL(lvalue) _Generic((lvalue), bool: true, default: false)
#define STATE_FIELD(type, member)                                                                  \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member), 1,                         \
	  STATE_IS_BOOL(((type *)0)->member) }
#define STATE_ARRAY(type, member)                                                                  \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0]),                         \
	  ARRAY_SIZE(((type *)0)->member), STATE_IS_BOOL(((type *)0)->member[0]) }

/* The version that marks a memory in a saved machine. No type has it. */
#define STATE_MEMORY UINT32_MAX

/* The functions may be NULL. */
struct state_type {
	u32 version; /* raised when the fields' meaning changes; loads refuse any other */
	const struct state_field *fields;
	unsigned count;
	/* How many fields at the end describe how the part is made: a load refuses other values. */
	unsigned fixed;
	/*
	 * Called before the fields are read: copies values into them that are held elsewhere. It
	 * must not change what the machine does.
	 */
	void (*pre_save)(void *self);
	/*
	 * Called in order of registration after all parts were loaded: checks the values (the file
	 * may be hostile) and rebuilds what depends on them. Returns 0, or -EINVAL to refuse.
	 */
	int (*post_load)(void *self);
	/*
	 * Returns whether the part depends on the host now, for example on files that the guest has
	 * open, so that a saved machine could not continue. If so, it writes a line to `why`.
	 */
	bool (*bound)(void *self, char *why, size_t size);
};

#define STATE_NAME_MAX 32
struct state_part {
	char name[STATE_NAME_MAX];
	const struct state_type *type;
	void *self;
	struct ram *ram; /* instead of type and self: the part is a memory */
	bool found; /* in the saved machine that is being read */
};

struct state {
	struct state_part *parts;
	unsigned count;
	const char *version; /* of the program, for people who read what it saves; NULL: unknown */
	bool rebuilding; /* post_load() is called: it drives lines as they were */
	char refused[STATE_NAME_MAX]; /* the part whose post_load() failed last; "": none */
};

/* The destination of a saved machine: put appends data; returns 0, or -errno to end the saving. */
struct state_sink {
	int (*put)(void *ctx, const void *data, size_t size);
	void *ctx;
};

/* The origin of a saved machine of `size` bytes; get reads the next ones, or returns -errno. */
struct state_source {
	int (*get)(void *ctx, void *data, size_t size);
	void *ctx;
	u64 size;
};

/* A growing byte string; the caller of state_save frees `data`. */
struct state_image {
	u8 *data;
	size_t size, room;
};

void state_init(struct state *state);
void state_free(struct state *state);

/* Registers a part; its name is unique in the machine, and self must outlive the registration. */
void state_register(struct state *state, const char *name, const struct state_type *type,
		    void *self);
void state_register_ram(struct state *state, const char *name, struct ram *ram);

/* Removes the part of that name, and those whose names continue it with a dot. */
void state_remove(struct state *state, const char *name);

/* Calls pre_save() of all parts, before saving, hashing or comparing. */
void state_pre_save(const struct state *state);

/* Returns whether a part depends on the host, and writes to `why` why the first such part does. */
bool state_bound(const struct state *state, char *why, size_t size);

/* Writes the whole machine to a sink. Returns 0, or the sink's error. */
int state_write(const struct state *state, const struct state_sink *sink);

/*
 * Replaces the machine's state by that in source, which is not trusted; its parts may be in another
 * order. Returns 0, the source's error, -EINVAL for other parts, fields or versions, or a refused
 * value, or -EBADMSG for bytes behind the state, which are damage. After an error the machine is
 * partly overwritten and must be reset or freed.
 */
int state_read(struct state *state, const struct state_source *source);

/*
 * Checks, changing nothing, that state_read would find this machine's parts, fields and versions
 * and read all, unless post_load() refuses it. Returns the same; after -EINVAL `differs` is the
 * first part or field that differs or is missing, "" if it is no saved machine.
 */
int state_check(const struct state *state, const struct state_source *source, char *differs,
		size_t size);

/* Reads which version of the program saved a machine; `text` is "" if the source does not say. */
void state_version(const struct state_source *source, char *text, size_t size);

/* Save to memory, appending to image, and load from memory. */
int state_save(const struct state *state, struct state_image *image);
int state_load(struct state *state, const u8 *data, size_t size);

/* Returns a hash of all state; a page of zeros counts as one that was never used. */
u64 state_hash(const struct state *state);

/* Returns `hash` with the bytes added to it. */
u64 state_hash_bytes(u64 hash, const void *data, size_t size);

/* Returns whether two machines with the same parts have equal fields, and equal contents in pages
 * that are dirty in either. If they were equal when the marks were cleared, they are so now. */
bool state_same_written(const struct state *a, const struct state *b);

/* Returns whether they differ; describes the first difference ("hart0.x[5]: 0x1 0x2"). */
bool state_diff(const struct state *a, const struct state *b, char *text, size_t size);

#endif
