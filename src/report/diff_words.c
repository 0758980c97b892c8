#include "diff_words.h"

#include <string.h>

#include "imgprof/cleanup.h"

/* A finding about a folder or about none counts its packages, all others go with a package. */
static void add_packages(const struct imp_diff_reason *reason, struct imp_strbuf *out)
{
	bool counts = reason->kind == IMP_REASON_FINDING &&
		      (!reason->subject.len ||
		       memchr(reason->subject.data, '/', reason->subject.len) != NULL);

	if (counts && reason->others > 0)
		imp_strbuf_printf(out, " (%llu packages)",
				  (unsigned long long)reason->others + 1);
	else if (reason->others > 0)
		imp_strbuf_printf(out, " and %llu package%s only it needs",
				  (unsigned long long)reason->others,
				  reason->others == 1 ? "" : "s");
}

/* Of the classes that `build_only` counts: reference/ecosystem.md 1.7. */
static const char *class_words(const char *name)
{
	static const char *const build_only[] = {"toolchain", "dev-files", "dev-dep",
						 "source", "tests"};

	for (size_t i = 0; i < sizeof(build_only) / sizeof(*build_only); i++)
		if (strcmp(name, build_only[i]) == 0)
			return "build-only";
	return name;
}

static void add_state(const struct imp_diff_reason *reason, struct imp_strbuf *out)
{
	if (reason->state == IMP_DIFF_ADDED)
		imp_strbuf_add_text(out, ", new");
	else if (reason->state == IMP_DIFF_REMOVED)
		imp_strbuf_add_text(out, ", gone");
	/* A finding's title says it already */
	if (reason->class_name[0] && reason->kind != IMP_REASON_FINDING)
		imp_strbuf_printf(out, ", %s", class_words(reason->class_name));
}

static void add_kind(const struct imp_diff_reason *reason, struct imp_reason_words *out)
{
	switch (reason->kind) {
	case IMP_REASON_BASE:
		imp_strbuf_add_text(&out->before, "base image ");
		break;
	case IMP_REASON_FINDING:
		imp_strbuf_add_text(&out->before, reason->title);
		if (reason->subject.len && reason->title[0])
			imp_strbuf_add_text(&out->before, ": ");
		break;
	case IMP_REASON_PACKAGE:
		imp_strbuf_printf(&out->before, "%s package ", reason->manager);
		break;
	case IMP_REASON_PROJECT:
		break;
	case IMP_REASON_FOLDER:
		if (!reason->subject.len)
			imp_strbuf_add_text(&out->before, "files in /");
		break;
	case IMP_REASON_OVERHEAD:
		imp_strbuf_add_text(&out->before, reason->title);
		imp_strbuf_add_text(&out->before, reason->title[0] ? ", " : "");
		imp_strbuf_add_text(&out->before, "tar headers and padding");
		break;
	case IMP_REASON_REST:
		imp_strbuf_printf(&out->before, "%llu other cause%s",
				  (unsigned long long)reason->others,
				  reason->others == 1 ? "" : "s");
		break;
	}
}

void imp_reason_words(const struct imp_diff_reason *reason, struct imp_reason_words *out)
{
	*out = (struct imp_reason_words){
		.subject = reason->subject,
		.version_before = reason->version_before,
		.version_after = reason->version_after,
	};
	add_kind(reason, out);
	if (reason->kind == IMP_REASON_REST)
		return;
	add_packages(reason, &out->after);
	add_state(reason, &out->after);
}

void imp_reason_words_finish(struct imp_reason_words *words)
{
	imp_strbuf_finish(&words->before);
	imp_strbuf_finish(&words->after);
}

bool imp_platforms_differ(const struct imp_diff *diff)
{
	return diff->before.platform.os &&
	       !imp_platform_equal(&diff->before.platform, &diff->after.platform);
}

void imp_reason_layer(const struct imp_diff_reason *reason, struct imp_strbuf *out)
{
	if (reason->layers > 1) {
		imp_strbuf_printf(out, "%u layers", reason->layers);
		return;
	}
	if (reason->layer == IMP_NONE)
		return;
	imp_strbuf_printf(out, "%u%s", reason->layer,
			  reason->layer_is_before ? " (before)" : "");
	if (reason->line > 0)
		imp_strbuf_printf(out, ", Dockerfile:%u", reason->line);
}

struct imp_diff_reason imp_reasons_rest(const struct imp_diff *diff, size_t first)
{
	struct imp_change_sum rest = {
		.disk = diff->totals[IMP_TOTAL_DISK],
		.pull = diff->totals[IMP_TOTAL_PULL],
	};

	for (size_t i = 0; i < first && i < diff->reason_count; i++) {
		const struct imp_change_sum *sum = &diff->reasons[i].sum;
		rest.disk.before -= sum->disk.before;
		rest.disk.after -= sum->disk.after;
		rest.pull.before -= sum->pull.before;
		rest.pull.after -= sum->pull.after;
	}
	return (struct imp_diff_reason){
		.kind = IMP_REASON_REST,
		.manager = "",
		.class_name = "",
		.others = diff->reason_count - first,
		.layer = IMP_NONE,
		.sum = rest,
	};
}

size_t imp_reasons_shown(const struct imp_diff *diff, size_t rows)
{
	return diff->reason_count <= rows ? diff->reason_count : rows - 1;
}

void imp_new_layers_words(const struct imp_diff *diff, struct imp_strbuf *out)
{
	if (diff->new_layers == 0)
		imp_strbuf_add_text(out, "no layer is new");
	else
		imp_strbuf_printf(out, "%zu of %zu layers %s new", diff->new_layers,
				  diff->after.layer_count,
				  diff->new_layers == 1 ? "is" : "are");
}
