/* SPDX-License-Identifier: MIT */
/* Files about a run; see run_files.h. */
#include "frontends/run_files.h"

#include <errno.h>
#include <stdio.h>

#include "frontends/complain.h"
#include "frontends/exit_code.h"
#include "frontends/options.h"
#include "frontends/pipeview.h"

static int open_pipeview(struct run_files *files, struct board *board,
			 const struct options *options)
{
	int error;

	files->pipeview = pipeview_open(options->pipeview, options->board.harts,
					options->pipeview_max);
	if (!files->pipeview)
		return complain_file("the pipeline", options->pipeview);
	error = pipeview_attach(files->pipeview, board);
	if (error != -ENOTSUP)
		return error ? complain_memory() : EXIT_WELL;
	fprintf(stderr, "baya: --pipeview: the core '%s' has no pipeline to be shown\n",
		options->board.timing);
	return EXIT_USAGE;
}

int run_files_open(struct run_files *files, struct board *board, const struct options *options)
{
	*files = (struct run_files){ 0 };
	return options->pipeview ? open_pipeview(files, board, options) : EXIT_WELL;
}

int run_files_close(struct run_files *files, const struct options *options)
{
	return pipeview_close(files->pipeview) < 0 ?
		       complain_file("the pipeline", options->pipeview) : EXIT_WELL;
}
