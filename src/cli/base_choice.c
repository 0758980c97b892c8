#include "base_choice.h"

#include "build_info.h"
#include "imgprof/cleanup.h"
#include "imgprof/escape.h"
#include "imgprof/reference.h"

enum { MOST_COMMITS = 20, SHORT_COMMIT = 7 };

#define COMMIT "{commit}"

static int check_count(const struct imp_settings *settings, const struct imp_words *words,
		       const char *option, struct imp_error *err)
{
	if (!words->count || words->count == settings->argument_count)
		return 0;
	imp_fail(err, IMP_E_USAGE, "%zu of --%s, %zu images", words->count, option,
		 settings->argument_count);
	return imp_hint(err, "one for each image, in their order");
}

static bool has_commit(const char *pattern)
{
	return strstr(pattern, COMMIT) != NULL;
}

static bool any_has_commit(const struct imp_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (has_commit(words->list[i]))
			return true;
	return false;
}

static int check_commits(const struct imp_settings *settings, struct imp_error *err)
{
	const char *tag = settings->base_tag;
	bool reports = any_has_commit(&settings->base_reports);
	size_t commits = settings->base_commits.count;

	if (tag && !has_commit(tag))
		return imp_fail(err, IMP_E_USAGE, "--base-tag '%s' has no " COMMIT, tag);
	if (!commits && (tag || reports))
		return imp_fail(err, IMP_E_USAGE, "--base-%s without --base-commit",
				tag ? "tag" : "report " COMMIT);
	if (commits && !tag && !reports) {
		imp_fail(err, IMP_E_USAGE, "--base-commit of what?");
		return imp_hint(err, "say --base-tag 'sha-" COMMIT
				     "' or --base-report '" COMMIT ".json'");
	}
	return commits > MOST_COMMITS
		       ? imp_fail(err, IMP_E_USAGE, "more than %d of --base-commit",
				  MOST_COMMITS)
		       : 0;
}

int imp_base_check_options(const struct imp_settings *settings, struct imp_error *err)
{
	int rc = check_count(settings, &settings->bases, "base", err);

	if (rc == 0)
		rc = check_count(settings, &settings->base_reports, "base-report", err);
	if (rc == 0 && settings->bases.count && settings->base_reports.count)
		return imp_fail(err, IMP_E_USAGE, "both --base and --base-report");
	return rc < 0 ? rc : check_commits(settings, err);
}

/* An image whose base is looked for. */
struct sought {
	size_t index; /* of its argument */
	const struct imp_image *image;
};

/* TEXT as a reference that begins with its registry. A short name that an archive holds is the
 * user's own word for the image, on Docker Hub it may be a stranger's. */
static bool parse_full(struct imp_slice text, struct imp_arena *arena,
		       struct imp_reference *out)
{
	struct imp_slice rest = text;
	struct imp_slice domain = imp_slice_cut(&rest, '/');

	return rest.len && imp_reference_parse(text, arena, out, NULL) == 0 &&
	       imp_slice_is(domain, out->domain);
}

/* Where the images of other commits are: beside the one in the registry, else where --name or the
 * archive says that this one belongs. */
static int find_repository(const struct imp_run *run, const struct sought *sought,
			   struct imp_reference *out, struct imp_error *err)
{
	const char *argument = run->settings->arguments[sought->index];
	const char *name = run->settings->comment.name;
	struct imp_location location;
	int rc = imp_location_parse(argument, imp_run_path_exists, run->arena, &location,
				    err);

	if (rc < 0)
		return rc;
	*out = location.reference;
	if (location.transport == IMP_TRANSPORT_REGISTRY)
		return 0;
	if (name && parse_full(imp_slice_of(name), run->arena, out))
		return 0;
	for (size_t i = 0; i < sought->image->name_count; i++)
		if (parse_full(sought->image->names[i], run->arena, out))
			return 0;
	return 1;
}

/* TAG beside the image that is looked at; one with a slash or colon says where it is itself. */
static int name_tag(const struct imp_run *run, const struct sought *sought,
		    const char *tag, char **out, struct imp_error *err)
{
	struct imp_reference reference;

	if (strpbrk(tag, "/:")) {
		*out = imp_arena_printf(run->arena, "docker://%s", tag);
		return 0;
	}
	int rc = find_repository(run, sought, &reference, err);
	if (rc == 1) {
		imp_fail(err, IMP_E_USAGE, "%s is in no registry: tag '%s' of what?",
			 run->settings->arguments[sought->index], tag);
		return imp_hint(err, "say --name ghcr.io/x/web, or ghcr.io/x/web:%s",
				tag);
	}
	if (rc < 0)
		return rc;
	reference.tag = tag;
	reference.digest = (struct imp_digest){0};
	*out = imp_arena_printf(run->arena, "docker://%s",
				imp_reference_text(&reference, run->arena));
	return 0;
}

static char *fill_in(const struct imp_run *run, const char *pattern, const char *commit)
{
	const char *place = strstr(pattern, COMMIT);

	return imp_arena_printf(run->arena, "%.*s%s%s", (int)(place - pattern), pattern,
				commit, place + strlen(COMMIT));
}

/* What the image says of the commit that it was built from; empty when it says nothing. */
static struct imp_slice revision_of(const struct imp_image *image)
{
	static const char key[] = "org.opencontainers.image.revision";
	struct imp_slice label =
		imp_annotation(image->config.labels, image->config.label_count, key);

	return label.len ? label
			 : imp_annotation(image->manifest.annotations,
					  image->manifest.annotation_count, key);
}

/* One may be short for the other. */
static bool same_commit(struct imp_slice a, struct imp_slice b)
{
	return a.len >= SHORT_COMMIT && b.len >= SHORT_COMMIT &&
	       (imp_slice_starts(a, b) || imp_slice_starts(b, a));
}

static int analyse(struct imp_run *run, const char *reference,
		   struct imp_base_choice *out, struct imp_error *err)
{
	const struct imp_analysis_set *set = NULL;
	int rc = imp_run_analyse(run, reference, &set, err);

	if (rc < 0)
		return rc;
	out->images = set->images;
	out->count = set->count;
	out->tool_version = imp_version();
	out->rules_version = imp_rules_version(run->rules);
	return 0;
}

static void set_reason(const struct imp_run *run, struct imp_base_choice *out,
		       const struct imp_strbuf *skipped, const char *reason)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf line = {0};

	imp_escape_terminal(&line, imp_slice_of(reason));
	if (skipped)
		imp_strbuf_add_slice(&line, imp_strbuf_slice(skipped));
	out->reason = imp_arena_text(run->arena, line.data);
}

/* "FOUND, of the wanted commit": where in the row of commits it was. */
static void set_commit_reason(const struct imp_run *run, const char *found,
			      size_t distance, const struct imp_strbuf *skipped,
			      struct imp_base_choice *out)
{
	char *reason =
		distance == 0
			? imp_arena_printf(run->arena, "%s, of the wanted commit", found)
			: imp_arena_printf(run->arena,
					   "%s, %zu commit%s before the wanted one",
					   found, distance, distance == 1 ? "" : "s");
	set_reason(run, out, skipped, reason);
}

/* 1 when the image in OUT says that it is of another commit: SKIPPED tells, OUT is empty. */
static int check_revision(const char *found, const char *commit,
			  struct imp_base_choice *out, struct imp_strbuf *skipped)
{
	struct imp_slice revision = revision_of(out->images[0]->image);

	if (!revision.len || same_commit(revision, imp_slice_of(commit)))
		return 0;
	imp_strbuf_add_text(skipped, "; not ");
	imp_escape_terminal(skipped, imp_slice_of(found));
	imp_strbuf_add_text(skipped, ", which says that it was built from ");
	imp_escape_terminal(skipped, revision);
	out->count = 0;
	return 1;
}

/* 1 when there is no such tag, or it is of another commit. */
static int try_tag(struct imp_run *run, const struct sought *sought, size_t distance,
		   struct imp_base_choice *out, struct imp_strbuf *skipped,
		   struct imp_error *err)
{
	const char *commit = run->settings->base_commits.list[distance];
	char *tag = fill_in(run, run->settings->base_tag, commit);
	char *reference = NULL;
	int rc = name_tag(run, sought, tag, &reference, err);

	if (rc == 0)
		rc = analyse(run, reference, out, err);
	if (rc < 0)
		return rc == IMP_E_NOT_FOUND ? 1 : rc;
	rc = check_revision(tag, commit, out, skipped);
	if (rc == 0)
		set_commit_reason(run, imp_arena_printf(run->arena, "tag %s", tag),
				  distance, skipped, out);
	return rc;
}

static int try_branch(struct imp_run *run, const struct sought *sought,
		      struct imp_base_choice *out, struct imp_strbuf *skipped,
		      struct imp_error *err)
{
	const char *tag = run->settings->base_branch_tag;
	char *reference = NULL;
	int rc = name_tag(run, sought, tag, &reference, err);

	if (rc == 0)
		rc = analyse(run, reference, out, err);
	if (rc < 0)
		return rc == IMP_E_NOT_FOUND ? 1 : rc;
	char *reason = imp_arena_printf(
		run->arena, "tag %s: the tip of the branch, not the merge base", tag);
	set_reason(run, out, skipped, reason);
	return 0;
}

static int take_given(struct imp_run *run, const char *base, struct imp_base_choice *out,
		      struct imp_error *err)
{
	int rc = analyse(run, base, out, err);

	if (rc == 0)
		set_reason(run, out, NULL,
			   imp_arena_printf(run->arena, "%s, as given", base));
	return rc;
}

static int read_report(struct imp_run *run, const char *name, struct imp_base_choice *out,
		       struct imp_error *err)
{
	const struct imp_reloaded *stored = NULL;
	int rc = imp_run_reload(run, name, &stored, err);

	if (rc < 0)
		return rc;
	if (!stored->images[0]->packages || !stored->images[0]->findings)
		return imp_fail(err, IMP_E_USAGE, "%s: made with --no-classify", name);
	out->images = stored->images;
	out->count = stored->image_count;
	out->tool_version = stored->tool_version;
	out->rules_version = stored->rules_version;
	return 0;
}

static int take_report(struct imp_run *run, const char *name, struct imp_base_choice *out,
		       struct imp_error *err)
{
	int rc = read_report(run, name, out, err);

	if (rc == 0)
		set_reason(run, out, NULL,
			   imp_arena_printf(run->arena, "%s, as stored in %s",
					    out->images[0]->image->reference, name));
	return rc;
}

/* 1 when no report was stored for that commit, or its image is of another one. */
static int try_report(struct imp_run *run, const char *pattern, size_t distance,
		      struct imp_base_choice *out, struct imp_strbuf *skipped,
		      struct imp_error *err)
{
	const char *commit = run->settings->base_commits.list[distance];
	char *name = fill_in(run, pattern, commit);

	if (!imp_run_path_exists(name))
		return 1;
	int rc = read_report(run, name, out, err);
	if (rc == 0)
		rc = check_revision(name, commit, out, skipped);
	if (rc == 0)
		set_commit_reason(run, imp_arena_printf(run->arena, "report %s", name),
				  distance, skipped, out);
	return rc;
}

/* What is nearest to the wanted commit; its report is cheaper to read than its image. */
static int try_commits(struct imp_run *run, const struct sought *sought,
		       struct imp_base_choice *out, struct imp_strbuf *skipped,
		       struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const char *pattern = settings->base_reports.count
				      ? settings->base_reports.list[sought->index]
				      : NULL;
	int rc = 1;

	for (size_t i = 0; rc == 1 && i < settings->base_commits.count; i++) {
		if (pattern)
			rc = try_report(run, pattern, i, out, skipped, err);
		if (rc == 1 && settings->base_tag)
			rc = try_tag(run, sought, i, out, skipped, err);
	}
	return rc;
}

int imp_base_choose(struct imp_run *run, size_t index, const struct imp_image *image,
		    struct imp_base_choice *out, struct imp_error *err)
{
	const struct imp_settings *settings = run->settings;
	const struct imp_words *reports = &settings->base_reports;
	const struct sought sought = {index, image};
	imp_auto(imp_strbuf_finish) struct imp_strbuf skipped = {0};

	*out = (struct imp_base_choice){0};
	if (settings->bases.count)
		return take_given(run, settings->bases.list[index], out, err);
	if (reports->count && !has_commit(reports->list[index]))
		return take_report(run, reports->list[index], out, err);
	int rc = try_commits(run, &sought, out, &skipped, err);
	if (rc == 1 && settings->base_branch_tag)
		rc = try_branch(run, &sought, out, &skipped, err);
	return rc < 0 ? rc : 0;
}
