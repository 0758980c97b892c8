#include "share_words.h"

#include "imgprof/cleanup.h"

/* Of a stored report there may be any number of variants: nobody reads so much of them. */
enum { VARIANTS_BYTES = 4000 };

enum form { FORM_NAME, FORM_TAG, FORM_WHOLE, FORMS };

static struct imp_slice form_of(const char *reference, enum form form)
{
	struct imp_slice rest = imp_slice_of(reference);

	if (form == FORM_WHOLE)
		return rest;
	struct imp_slice name = imp_slice_basename(imp_slice_cut(&rest, '@'));
	return form == FORM_TAG ? name : imp_slice_cut(&name, ':');
}

static bool is_unique(const struct imp_share *share, uint32_t image, enum form form)
{
	struct imp_slice text = form_of(share->images[image].reference, form);

	for (uint32_t i = 0; i < share->image_count; i++)
		if (i != image &&
		    imp_slice_equal(form_of(share->images[i].reference, form), text))
			return false;
	return text.len > 0;
}

static bool all_unique(const struct imp_share *share, enum form form)
{
	for (uint32_t i = 0; i < share->image_count; i++)
		if (!is_unique(share, i, form))
			return false;
	return true;
}

/* One for all images; FORMS when none tells them apart. */
static enum form form_for(const struct imp_share *share)
{
	enum form form = FORM_NAME;

	while (form < FORMS && !all_unique(share, form))
		form++;
	return form;
}

static void add_label(const struct imp_share *share, uint32_t image, enum form form,
		      struct imp_strbuf *out)
{
	if (form < FORMS)
		imp_strbuf_add_slice(out, form_of(share->images[image].reference, form));
	else
		imp_strbuf_printf(out, "image %u", image + 1);
}

void imp_share_label(const struct imp_share *share, uint32_t image,
		     struct imp_strbuf *out)
{
	add_label(share, image, form_for(share), out);
}

void imp_share_labels(const struct imp_share *share, const struct imp_share_set *set,
		      struct imp_strbuf *out)
{
	if (set->count == share->image_count) {
		imp_strbuf_printf(out, "all %zu", set->count);
		return;
	}
	enum form form = form_for(share);
	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			imp_strbuf_add_text(out, ", ");
		add_label(share, set->list[i], form, out);
	}
}

void imp_share_subject(const char *manager, struct imp_slice name,
		       struct imp_slice version, struct imp_strbuf *out)
{
	if (manager[0])
		imp_strbuf_printf(out, "%s:", manager);
	else if (!imp_slice_starts(name, IMP_SLICE("[")))
		imp_strbuf_add_char(out, '/');
	imp_strbuf_add_slice(out, name);
	if (version.len) {
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, version);
	}
}

static bool same_variant(const struct imp_share_variant *a,
			 const struct imp_share_variant *b)
{
	return strcmp(a->manager, b->manager) == 0 && imp_slice_equal(a->name, b->name) &&
	       imp_slice_equal(a->versions, b->versions) &&
	       imp_slice_equal(a->source, b->source) && imp_slice_equal(a->path, b->path);
}

static void add_variant(const struct imp_share_drift *drift,
			const struct imp_share_variant *variant, struct imp_strbuf *out)
{
	if (drift->kind == IMP_SHARE_PROGRAMS) {
		imp_strbuf_add_text(out, " /");
		imp_strbuf_add_slice(out, variant->path);
		imp_strbuf_add_text(out, variant->manager[0] ? " of" : " of no package");
	}
	if (drift->kind != IMP_SHARE_VERSIONS && variant->manager[0]) {
		imp_strbuf_printf(out, " %s:", variant->manager);
		imp_strbuf_add_slice(out, variant->name);
	}
	if (variant->versions.len) {
		imp_strbuf_add_char(out, ' ');
		imp_strbuf_add_slice(out, variant->versions);
	}
	if (variant->origin[0])
		imp_strbuf_printf(out, " (%s)", variant->origin);
}

/* The first of several equal variants names all images that have it. */
static bool is_first(const struct imp_share_drift *drift, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_variant(&drift->variants[i], &drift->variants[index]))
			return false;
	return true;
}

void imp_share_variants(const struct imp_share *share,
			const struct imp_share_drift *drift, struct imp_strbuf *out)
{
	enum form form = form_for(share);
	size_t start = out->len;

	for (size_t i = 0; i < drift->variant_count; i++) {
		const struct imp_share_variant *variant = &drift->variants[i];
		if (!is_first(drift, i))
			continue;
		if (out->len - start > VARIANTS_BYTES) {
			imp_strbuf_add_text(out, "; ...");
			return;
		}
		if (i > 0)
			imp_strbuf_add_text(out, "; ");
		add_label(share, variant->image, form, out);
		for (size_t k = i + 1; k < drift->variant_count; k++) {
			if (out->len - start > VARIANTS_BYTES)
				break;
			if (!same_variant(&drift->variants[k], variant))
				continue;
			imp_strbuf_add_text(out, ", ");
			add_label(share, drift->variants[k].image, form, out);
		}
		add_variant(drift, variant, out);
	}
}

void imp_share_cost_rows(const struct imp_share_plan *plan,
			 struct imp_share_cost_row rows[static IMP_SHARE_COSTS])
{
	const struct imp_share_cost *before = &plan->before, *after = &plan->after;

	rows[0] = (struct imp_share_cost_row){"stored_bytes", "a registry stores",
					      before->stored_bytes, after->stored_bytes};
	rows[1] = (struct imp_share_cost_row){"first_pull_bytes", "an empty node pulls",
					      before->first_pull_bytes,
					      after->first_pull_bytes};
	rows[2] = (struct imp_share_cost_row){"disk_bytes", "and holds on disk",
					      before->disk_bytes, after->disk_bytes};
	rows[3] = (struct imp_share_cost_row){"push_bytes", "a new application pushes",
					      before->push_bytes, after->push_bytes};
}

struct imp_sum imp_share_groups_rest(const struct imp_share *share, size_t first)
{
	struct imp_sum rest = {0};

	for (size_t i = first; i < share->group_count; i++) {
		rest.files += share->groups[i].sum.files;
		rest.disk_bytes += share->groups[i].sum.disk_bytes;
		rest.pull_bytes += share->groups[i].sum.pull_bytes;
	}
	return rest;
}
