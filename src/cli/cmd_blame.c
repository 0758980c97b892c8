/* imgprof blame REPOSITORY[:TAGS]: which tag made an image, a path or a class grow. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "imgprof/blame.h"
#include "imgprof/cleanup.h"
#include "imgprof/report.h"
#include "imgprof/stock.h"
#include "run.h"

enum {
	NEWEST = 50,
	/* Layer profiles in memory, beside those of the tag at hand */
	PROFILE_BYTES = 64 << 20,
};

struct blaming {
	struct imp_run *run;
	const char *argument;
	const struct imp_cost_inventory *inventory;
	struct imp_blame_scope scope;
	struct imp_blame_row *rows;
	struct imp_map seen;             /* layers of earlier tags */
	struct imp_analysis_set *before; /* the readable tag before; NULL: none yet */
};

static void blaming_finish(struct blaming *blaming)
{
	imp_analysis_set_destroy(blaming->before);
	imp_map_finish(&blaming->seen);
}

static int read_class(const char *name, struct imp_blame_scope *scope,
		      struct imp_error *err)
{
	for (int i = 0; i < IMP_CLASSES; i++)
		if (i != IMP_CLASS_WASTED &&
		    strcmp(name, imp_class_name((enum imp_class)i)) == 0) {
			scope->has_class = true;
			scope->class = (enum imp_class)i;
			return 0;
		}
	imp_fail(err, IMP_E_USAGE, "--class: no class '%s'", name);
	return imp_hint(err, "such as runtime, toolchain, dev-files, cache or docs");
}

static int read_scope(const struct imp_settings *settings, struct imp_blame_scope *scope,
		      struct imp_error *err)
{
	scope->path = imp_slice_trim(imp_slice_of(settings->path), "/");
	if (settings->path && scope->path.len == 0)
		return imp_fail(err, IMP_E_USAGE, "--path: '%s' is the whole image",
				settings->path);
	if (!settings->blame_class)
		return 0;
	if (settings->path)
		return imp_fail(err, IMP_E_USAGE, "both --path and --class");
	if (settings->no_classify)
		return imp_fail(err, IMP_E_USAGE, "--class without classification");
	return read_class(settings->blame_class, scope, err);
}

static void say_line(void *user, const char *text)
{
	const struct imp_run *run = user;
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	if (run->settings->quiet)
		return;
	imp_strbuf_printf(&line, "imgprof: %s", text);
	imp_progress_display_line(run->display, line.data);
}

static int compare_texts(const struct imp_cost_inventory *inventory,
			 const struct imp_cost_image *a, const struct imp_cost_image *b)
{
	const struct imp_cost_repository *ra = &inventory->repositories[a->repository];
	const struct imp_cost_repository *rb = &inventory->repositories[b->repository];
	int order = imp_slice_compare(a->tags[0], b->tags[0]);

	if (order == 0)
		order = imp_slice_compare(ra->host, rb->host);
	return order ? order : imp_slice_compare(ra->path, rb->path);
}

static int compare_images(const void *left, const void *right, void *user)
{
	const struct imp_cost_inventory *inventory = user;
	const struct imp_cost_image *a = &inventory->images[*(const uint32_t *)left];
	const struct imp_cost_image *b = &inventory->images[*(const uint32_t *)right];

	if (a->dated != b->dated)
		return a->dated ? 1 : -1;
	if (a->dated && a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return compare_texts(inventory, a, b);
}

/* Images with a tag, oldest first; their number. */
static size_t sort_images(const struct blaming *blaming, uint32_t *order)
{
	struct imp_cost_inventory inventory = *blaming->inventory;
	size_t count = 0;

	for (size_t i = 0; i < inventory.image_count; i++)
		if (inventory.images[i].tag_count)
			order[count++] = (uint32_t)i;
	qsort_r(order, count, sizeof(*order), compare_images, &inventory);
	return count;
}

/* By digest where a registry is asked: a tag may move while others are read. */
static int locate(const struct blaming *blaming, const struct imp_cost_image *image,
		  struct imp_location *out, struct imp_error *err)
{
	const struct imp_cost_repository *repository =
		&blaming->inventory->repositories[image->repository];
	struct imp_arena *arena = blaming->run->arena;
	char digest[IMP_DIGEST_TEXT];

	if (repository->host.len) {
		const char *text = imp_arena_printf(
			arena, "%.*s/%.*s@%s", (int)repository->host.len,
			repository->host.data, (int)repository->path.len,
			repository->path.data, imp_digest_text(&image->digest, digest));
		*out = (struct imp_location){.transport = IMP_TRANSPORT_REGISTRY,
					     .text = text};
		return imp_reference_parse(imp_slice_of(text), arena, &out->reference,
					   err);
	}
	int rc = imp_location_parse(blaming->argument, imp_run_path_exists, arena, out,
				    err);
	if (rc < 0)
		return rc;
	bool is_path = out->path && imp_slice_is(repository->path, out->path);
	out->selector = imp_arena_printf(arena, "%.*s%s%.*s",
					 is_path ? 0 : (int)repository->path.len,
					 repository->path.data, is_path ? "" : ":",
					 (int)image->tags[0].len, image->tags[0].data);
	return 0;
}

/* Of a source that cannot be read at all there is only the reason. */
static bool ends_the_run(int rc)
{
	return rc == IMP_E_CANCELLED || rc == IMP_E_SYSTEM || rc == IMP_E_BUG ||
	       rc == IMP_E_USAGE;
}

static void take(struct blaming *blaming, struct imp_blame_row *row,
		 struct imp_analysis_set *set)
{
	struct imp_run *run = blaming->run;
	const struct imp_analysis *image = set->images[0];

	imp_blame_measure(image, &blaming->scope, &blaming->seen, run->arena, row);
	if (blaming->before)
		imp_blame_compare(blaming->before->images[0], image, &blaming->scope,
				  run->arena, row);
	if (!image->complete || run->settings->verbosity)
		imp_run_say_warnings(run, image->warnings);
	imp_analysis_set_destroy(blaming->before);
	blaming->before = set;
	imp_session_trim(run->session, set, PROFILE_BYTES);
}

static int read_row(struct blaming *blaming, uint32_t index, struct imp_blame_row *row,
		    struct imp_error *err)
{
	const struct imp_cost_image *image = &blaming->inventory->images[index];
	struct imp_analysis_set *set = NULL;
	struct imp_location location;
	int rc = locate(blaming, image, &location, err);

	*row = (struct imp_blame_row){
		.repository = blaming->inventory->repositories[image->repository].path,
		.tags = image->tags,
		.tag_count = image->tag_count,
		.digest = image->digest,
		.dated = image->dated,
		.created_ns = image->time_ns,
	};
	imp_cancel_clear(blaming->run->context->cancel);
	if (rc == 0)
		rc = imp_session_analyse(blaming->run->session, &location, &set, err);
	if (rc == 0) {
		take(blaming, row, set);
		return 0;
	}
	if (ends_the_run(rc))
		return rc;
	row->trouble = imp_arena_text(blaming->run->arena, err->message);
	*err = (struct imp_error){0};
	return 0;
}

static int read_rows(struct blaming *blaming, struct imp_blame *out,
		     struct imp_error *err)
{
	struct imp_run *run = blaming->run;
	size_t most = run->settings->top ? run->settings->top : NEWEST;
	imp_auto_free uint32_t *order =
		imp_xcalloc(blaming->inventory->image_count + 1, sizeof(*order));
	size_t count = sort_images(blaming, order);
	int rc = 0;

	if (count == 0)
		return imp_fail(err, IMP_E_NOT_FOUND, "%s: no tags", blaming->argument);
	out->left_out = count > most ? count - most : 0;
	out->row_count = count - out->left_out;
	blaming->rows =
		imp_arena_array(run->arena, out->row_count, sizeof(*blaming->rows));
	out->rows = blaming->rows;
	out->complete = blaming->inventory->complete;
	for (size_t i = 0; rc == 0 && i < out->row_count; i++) {
		rc = read_row(blaming, order[out->left_out + i], &blaming->rows[i], err);
		out->complete &= blaming->rows[i].complete;
	}
	return rc;
}

static int conclude(const struct blaming *blaming, const struct imp_blame *blame,
		    struct imp_error *err)
{
	imp_run_say_warnings(blaming->run, blaming->inventory->warnings);
	if (!blame->complete)
		return imp_fail(err, IMP_E_FORMAT, "%s: the report is incomplete",
				blame->title);
	return 0;
}

static int make_report(struct imp_run *run, const struct imp_settings *settings,
		       const struct imp_blame_scope *scope, struct imp_error *err)
{
	imp_auto(blaming_finish) struct blaming blaming = {
		.run = run, .argument = settings->arguments[0], .scope = *scope};
	struct imp_blame blame = {.title = blaming.argument, .scope = *scope};
	struct imp_report report = {.kind = IMP_REPORT_BLAME, .blame = &blame};
	const struct imp_stock_options options = {
		.context = run->context,
		.source = {.plain_http = settings->plain_http},
		.store = run->store,
		.now_ns = run->context->now_ns(run->context->user),
		.say = say_line,
		.user = run,
	};
	imp_auto_destroy(imp_stock) struct imp_stock *stock = imp_stock_create(&options);
	int rc = imp_stock_add(stock, blaming.argument, err);

	if (rc == 0)
		rc = imp_stock_run(stock, err);
	if (rc < 0)
		return rc;
	blaming.inventory = imp_stock_result(stock);
	rc = read_rows(&blaming, &blame, err);
	if (rc == 0)
		rc = imp_run_write(run, &report, err);
	return rc < 0 ? rc : conclude(&blaming, &blame, err);
}

static int run_blame(const struct imp_context *context, struct imp_settings *settings,
		     struct imp_error *err)
{
	/* What stops a tag that cannot be read must not stop the next */
	struct imp_cancel tag = {.above = context->cancel};
	struct imp_context own = *context;
	imp_auto(imp_run_finish) struct imp_run run = {0};
	struct imp_blame_scope scope = {0};

	if (settings->argument_count != 1) {
		imp_fail(err, IMP_E_USAGE, "%zu repositories, one is read",
			 settings->argument_count);
		return imp_hint(err, "imgprof blame ghcr.io/acme/web:v*");
	}
	if (strcmp(settings->arguments[0], "-") == 0) {
		imp_fail(err, IMP_E_USAGE,
			 "-: tags are listed, then read, and this can be read only once");
		return imp_hint(err, "save it to a file first");
	}
	if (settings->all_platforms)
		return imp_fail(
			err, IMP_E_USAGE,
			"--all-platforms: blame reads one, --platform says which");
	own.cancel = &tag;
	int rc = read_scope(settings, &scope, err);
	if (rc == 0)
		rc = imp_run_start(&run, &own, settings, IMP_REPORT_BLAME, false, err);
	return rc != 0 ? rc : make_report(&run, settings, &scope, err);
}

static int apply_path(struct imp_settings *settings, const char *value,
		      struct imp_error *err)
{
	(void)err;
	settings->path = value;
	return 0;
}

static int apply_class(struct imp_settings *settings, const char *value,
		       struct imp_error *err)
{
	(void)err;
	settings->blame_class = value;
	return 0;
}

/* clang-format off */
static const struct imp_option blame_options[] = {
	{"path", 0, "GLOB", "watch what is at and below GLOB", "What", NULL, NULL, apply_path},
	{"class", 0, "NAME", "watch a class, such as toolchain", "What", NULL, NULL, apply_class},
	{0},
};

static const struct imp_option *const options[] = {
	blame_options,     imp_list_options,   imp_image_options, imp_rules_options, imp_run_options,
	imp_cache_options, imp_common_options, NULL,
};
/* clang-format on */

const struct imp_command imp_command_blame = {
	.name = "blame",
	.summary = "which tag made an image, a path or a class grow",
	.usage = "blame [OPTIONS] REPOSITORY[:TAGS]",
	.text = "Lists the tags of a repository in order of time, each with its change\n"
		"against the one before and what made it. Layers that an earlier tag has or\n"
		"the cache knows are not read again. --top N reads the newest N (50). TAGS is\n"
		"a tag or a glob; an OCI layout or archive will do too.",
	.examples = "  imgprof blame ghcr.io/acme/web:v*\n"
		    "  imgprof blame ghcr.io/acme/web --path usr/lib/python3 --top 10\n"
		    "  imgprof blame oci:layout --class toolchain -o json",
	.options = options,
	.run = run_blame,
};
