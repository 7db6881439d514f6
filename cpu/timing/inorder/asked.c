/* SPDX-License-Identifier: MIT */
/* Questions and who answers them. See asked.h. */
#include "cpu/timing/inorder/asked.h"

#include "cpu/timing/inorder/answer.h"

u64 inorder_answer(void *ctx, const struct memo_question *op)
{
	return inorder_answer_inline(ctx, op);
}

u64 inorder_ask(struct inorder_asker *asker, const struct inorder_question *question)
{
	const struct memo_question op = {
		.kind = (u8)question->kind, .which = question->which, .how = question->how,
		.a = question->a,
		.b = (question->cycle ? (u32)(question->cycle - asker->begin) : 0) |
		     (u64)(u8)asker->taken << INORDER_ASK_TAKEN_SHIFT |
		     question->more << INORDER_ASK_MORE_SHIFT,
	};

	return asker->writes ? memo_ask(&asker->tape, &op, asker) : inorder_answer(asker, &op);
}

bool inorder_asked_read(void *ctx, u64 pa, void *data, size_t size)
{
	struct inorder *core = ctx;
	const struct timing_host *host = &core->host;
	struct inorder_asker *asker = &core->asker;
	unsigned taken = asker->base + asker->taken;

	if (asker->run && host->reached && taken != asker->reached)
		host->reached(host->ctx, asker->run, taken);
	asker->reached = taken;
	return host->read(host->ctx, pa, data, size);
}

bool inorder_asked_watch(void *ctx, u64 pa, size_t size)
{
	const struct timing_host *host = &((struct inorder *)ctx)->host;

	return host->watch_code && host->watch_code(host->ctx, pa, size);
}
