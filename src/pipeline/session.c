#include "imgprof/pipeline.h"

#include <stdlib.h>

#include "analyse.h"
#include "base.h"
#include "book.h"
#include "imgprof/arena.h"
#include "members.h"
#include "recall.h"
#include "recompress.h"

struct imp_session {
	struct imp_session_options options;
	struct imp_book *book;
};

struct imp_session *imp_session_create(const struct imp_session_options *options)
{
	struct imp_session *session = imp_xcalloc(1, sizeof(*session));

	session->options = *options;
	session->book = imp_book_create();
	return session;
}

void imp_session_destroy(struct imp_session *session)
{
	if (!session)
		return;
	imp_book_destroy(session->book);
	free(session);
}

int imp_session_resolve_base(struct imp_session *session, const struct imp_image *image,
			     struct imp_base_image *base, struct imp_error *err)
{
	return imp_resolve_base(&session->options, image, base, err);
}

void imp_session_use_base(struct imp_session *session, const struct imp_location *base)
{
	session->options.base = base;
}

struct imp_analysis_set_private {
	struct imp_arena *arena;
	struct imp_tree **trees;
	struct imp_contents **contents;
	struct imp_warnings **warnings;
	size_t image_count;
	uint64_t turn; /* of the book */
};

static struct imp_analysis_set *set_create(void)
{
	struct imp_analysis_set *set = imp_xcalloc(1, sizeof(*set));

	set->priv = imp_xcalloc(1, sizeof(*set->priv));
	set->priv->arena = imp_arena_create();
	return set;
}

void imp_analysis_set_destroy(struct imp_analysis_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->priv->image_count; i++) {
		imp_contents_destroy(set->priv->contents[i]);
		imp_tree_destroy(set->priv->trees[i]);
		imp_warnings_destroy(set->priv->warnings[i]);
	}
	imp_arena_destroy(set->priv->arena);
	free(set->priv);
	free(set);
}

/* Each image gets the warnings of resolving, then its own. */
static void make_room(struct imp_analysis_set *set, const struct imp_resolution *found,
		      const struct imp_warnings *resolving)
{
	struct imp_analysis_set_private *priv = set->priv;

	priv->trees = imp_arena_array(priv->arena, found->image_count + 1,
				      sizeof(*priv->trees));
	priv->contents = imp_arena_array(priv->arena, found->image_count + 1,
					 sizeof(*priv->contents));
	priv->warnings = imp_arena_array(priv->arena, found->image_count + 1,
					 sizeof(*priv->warnings));
	priv->image_count = found->image_count;
	for (size_t i = 0; i < found->image_count; i++) {
		priv->warnings[i] = imp_warnings_create();
		imp_warnings_append(priv->warnings[i], resolving, IMP_NO_LAYER);
	}
}

static int recompress(struct imp_session *session, struct imp_source *source,
		      struct imp_arena *arena, struct imp_analysis *analysis,
		      struct imp_error *err)
{
	struct imp_recompress_request request = {
		.options = &session->options,
		.source = source,
		.analysis = analysis,
		.arena = arena,
	};

	if (session->options.recompress_count == 0)
		return 0;
	return imp_recompress_run(&request, &analysis->recompress, err);
}

static int analyse_image(const struct imp_analyse_request *request,
			 const struct imp_analysis_set *set, size_t i,
			 struct imp_analysis **out, struct imp_error *err)
{
	size_t first_warning = imp_warnings_count(request->warnings);

	if (imp_recall(request, out))
		return 0;
	int rc = imp_analyse_image(request, &set->priv->trees[i], &set->priv->contents[i],
				   out, err);
	if (rc == 0)
		imp_remember(request, *out, first_warning);
	return rc;
}

static int analyse_images(struct imp_session *session, struct imp_source *source,
			  const struct imp_resolution *found,
			  const struct imp_members *members, struct imp_analysis_set *set,
			  struct imp_error *err)
{
	struct imp_analysis_set_private *priv = set->priv;
	struct imp_analysis **images =
		imp_arena_array(priv->arena, found->image_count + 1, sizeof(*images));

	set->complete = true;
	for (size_t i = 0; i < found->image_count; i++) {
		struct imp_analyse_request request = {
			.options = &session->options,
			.book = session->book,
			.source = source,
			.image = &found->images[i],
			.members = members,
			.member_ids = found->one_pass_ids ? found->one_pass_ids[i] : NULL,
			.arena = priv->arena,
			.warnings = priv->warnings[i],
		};
		int rc = analyse_image(&request, set, i, &images[i], err);
		if (rc < 0)
			return rc;
		set->complete &= images[i]->complete;
		rc = recompress(session, source, priv->arena, images[i], err);
		if (rc < 0)
			return rc;
	}
	set->images = (const struct imp_analysis *const *)images;
	set->count = found->image_count;
	return 0;
}

static int resolve_and_analyse(struct imp_session *session, struct imp_source *source,
			       struct imp_analysis_set *set, struct imp_error *err)
{
	imp_auto_destroy(imp_warnings) struct imp_warnings *resolving =
		imp_warnings_create();
	imp_auto(imp_members_finish) struct imp_members members = {
		.options = &session->options,
		.book = session->book,
	};
	struct imp_layer_sink sink = imp_members_sink(&members);
	struct imp_resolution found = {0};
	bool one_pass = imp_source_is_one_pass(source);

	if (one_pass && session->options.recompress_count > 0) {
		imp_fail(err, IMP_E_USAGE,
			 "--recompress reads layers again, this can be read only once");
		return imp_hint(err, "save it to a file first");
	}
	int rc = imp_source_resolve(source, &session->options.choice,
				    one_pass ? &sink : NULL, set->priv->arena, resolving,
				    &found, err);
	if (rc < 0)
		return rc;
	make_room(set, &found, resolving);
	return analyse_images(session, source, &found, one_pass ? &members : NULL, set,
			      err);
}

int imp_session_analyse(struct imp_session *session, const struct imp_location *location,
			struct imp_analysis_set **out, struct imp_error *err)
{
	imp_auto_destroy(imp_analysis_set) struct imp_analysis_set *set = set_create();
	imp_auto_destroy(imp_source) struct imp_source *source = NULL;

	set->priv->turn = imp_book_turn(session->book);
	int rc = imp_source_open(session->options.context, location,
				 &session->options.source, &source, err);

	if (rc == 0)
		rc = resolve_and_analyse(session, source, set, err);
	if (rc < 0)
		return rc;
	*out = imp_steal(&set);
	return 0;
}

void imp_session_trim(struct imp_session *session, const struct imp_analysis_set *set,
		      size_t most_bytes)
{
	imp_book_trim(session->book, set->priv->turn, most_bytes);
}
