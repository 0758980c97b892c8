/* Which rules would match a path that stands alone: the tables of the walk, without an image. */
#include "survey_priv.h"

#include <stdlib.h>

#include "imgprof/strbuf.h"

struct open {
	uint32_t *list;
	size_t count, capacity;
};

struct trial {
	const struct imp_rules *rules;
	struct open open, next; /* steps open in the folder, and in the one below */
	bool *matched;          /* for each term */
};

static void open_step(const struct imp_rules *rules, struct open *open, uint32_t step)
{
	for (size_t i = 0; i < open->count; i++)
		if (open->list[i] == step)
			return;
	open->list = imp_xgrow(open->list, &open->capacity, open->count + 1,
			       sizeof(*open->list));
	open->list[open->count++] = step;
	if (rules->steps.list[step].deep)
		open_step(rules, open, rules->steps.list[step].deep);
}

/* STEP is reached by a folder (all its terms apply to what is below), or by the path itself. */
static void accept(struct trial *trial, uint32_t step, bool folder)
{
	const struct imp_steps *steps = &trial->rules->steps;

	for (uint32_t a = steps->list[step].first_accept; a; a = steps->accepts[a].next)
		if (folder || !steps->accepts[a].below)
			trial->matched[steps->accepts[a].term] = true;
}

static void anchor(struct trial *trial, struct open *open, uint32_t step)
{
	accept(trial, step, true);
	open_step(trial->rules, open, step);
}

/* Steps into a folder; those of the project end at folders of packages. */
static void enter(struct trial *trial, struct imp_slice name)
{
	const struct imp_steps *steps = &trial->rules->steps;
	bool packages = imp_is_package_folder(name);
	struct imp_targets targets = {0};
	struct imp_name word;

	imp_name_look_up(steps, name, &word);
	trial->next.count = 0;
	for (size_t i = 0; i < trial->open.count; i++) {
		uint32_t step = trial->open.list[i];
		bool leaves = packages && steps->list[step].place == IMP_PLACE_APP;
		if (steps->list[step].sticky && !leaves)
			open_step(trial->rules, &trial->next, step);
		imp_steps_follow(steps, step, &word, &targets);
	}
	for (size_t t = 0; t < targets.count; t++)
		anchor(trial, &trial->next, targets.list[t].step);
	if (packages)
		anchor(trial, &trial->next,
		       imp_slice_is(name, "node_modules") ? IMP_PLACE_NM : IMP_PLACE_SP);
	free(targets.list);
	struct open swapped = trial->open;
	trial->open = trial->next;
	trial->next = swapped;
}

static void end_at(struct trial *trial, struct imp_slice name)
{
	const struct imp_steps *steps = &trial->rules->steps;
	struct imp_targets targets = {0};
	struct imp_name word;

	imp_name_look_up(steps, name, &word);
	for (size_t i = 0; i < trial->open.count; i++)
		imp_steps_follow(steps, trial->open.list[i], &word, &targets);
	for (size_t t = 0; t < targets.count; t++)
		accept(trial, targets.list[t].step, false);
	free(targets.list);
}

/* "code" of "/code/"; a path without the slashes around it. */
static struct imp_slice bare(struct imp_slice path)
{
	while (path.len > 0 && path.data[0] == '/')
		path = imp_slice_skip(path, 1);
	while (path.len > 0 && path.data[path.len - 1] == '/')
		path.len--;
	return path;
}

static bool is_home(struct imp_slice folder)
{
	struct imp_slice rest = folder;

	if (imp_slice_is(folder, "root"))
		return true;
	return imp_slice_is(imp_slice_cut(&rest, '/'), "home") && rest.len > 0 &&
	       !memchr(rest.data, '/', rest.len);
}

static void walk_path(struct trial *trial, struct imp_slice path,
		      struct imp_slice workdir)
{
	struct imp_slice rest = path;

	anchor(trial, &trial->open, IMP_PLACE_ANYWHERE);
	anchor(trial, &trial->open, IMP_PLACE_ROOT);
	while (rest.data) {
		struct imp_slice name = imp_slice_cut(&rest, '/');
		if (!rest.data) {
			end_at(trial, name);
			return;
		}
		enter(trial, name);
		struct imp_slice folder =
			imp_slice(path.data, (size_t)(name.data + name.len - path.data));
		if (workdir.len > 0 && imp_slice_equal(folder, workdir))
			anchor(trial, &trial->open, IMP_PLACE_APP);
		if (is_home(folder))
			anchor(trial, &trial->open, IMP_PLACE_HOME);
	}
}

static const char *describe(const struct imp_term *term, struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < term->condition_count; i++)
		imp_condition_describe(&term->conditions[i], &text);
	struct imp_slice words = imp_strbuf_slice(&text);
	if (imp_slice_starts(words, IMP_SLICE(", ")))
		words = imp_slice_skip(words, 2);
	return imp_arena_copy(arena, words).data;
}

static bool is_excepted(const struct trial *trial, uint32_t row)
{
	for (size_t i = 0; i < trial->rules->term_count; i++)
		if (trial->matched[i] && trial->rules->terms[i].except &&
		    trial->rules->terms[i].row == row)
			return true;
	return false;
}

static size_t list_matches(const struct trial *trial, struct imp_arena *arena,
			   struct imp_rule_match *out)
{
	size_t count = 0;

	for (size_t i = 0; i < trial->rules->term_count; i++) {
		const struct imp_term *term = &trial->rules->terms[i];
		if (!trial->matched[i] || term->except || is_excepted(trial, term->row))
			continue;
		out[count++] = (struct imp_rule_match){
			.rule = term->row,
			.pattern = term->text,
			.conditions = describe(term, arena),
			.confidence = term->confidence,
			.guard = trial->rules->rows[term->row].guard,
		};
	}
	return count;
}

void imp_rules_match(const struct imp_rules *rules, struct imp_slice path,
		     struct imp_slice workdir, struct imp_arena *arena,
		     const struct imp_rule_match **out, size_t *count)
{
	struct imp_rule_match *list =
		imp_arena_array(arena, rules->term_count + 1, sizeof(*list));
	struct trial trial = {.rules = rules};

	trial.matched = imp_xcalloc(rules->term_count + 1, sizeof(*trial.matched));
	walk_path(&trial, bare(path), bare(workdir));
	*count = list_matches(&trial, arena, list);
	*out = list;
	free(trial.matched);
	free(trial.open.list);
	free(trial.next.list);
}

const char *imp_rule_needs(const struct imp_rules *rules, size_t rule,
			   struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};
	const struct imp_row *row = &rules->rows[rule];

	for (int a = 0; a < IMP_ANCHORS; a++) {
		if (!((row->unless | row->absent) >> a & 1))
			continue;
		imp_strbuf_add_text(&text, text.len > 0 ? "; " : "");
		imp_strbuf_printf(&text, "%s (%s)", imp_anchor_name((enum imp_anchor)a),
				  imp_anchor_question((enum imp_anchor)a));
	}
	return imp_arena_copy(arena, imp_strbuf_slice(&text)).data;
}

const char *imp_rule_guards(const struct imp_rules *rules, size_t rule,
			    struct imp_arena *arena)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf text = {0};

	for (size_t i = 0; i < rules->row_count; i++) {
		const struct imp_row *row = &rules->rows[i];
		if (!row->guard || !(row->guarded >> rules->rows[rule].class & 1))
			continue;
		imp_strbuf_add_text(&text, text.len > 0 ? " " : "");
		imp_strbuf_add_text(&text, row->text.id);
	}
	return imp_arena_copy(arena, imp_strbuf_slice(&text)).data;
}
