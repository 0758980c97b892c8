#include "steps_priv.h"

#include <stdlib.h>

enum edge_kind { BY_NAME, BY_SUFFIX };

static uint32_t new_step(struct imp_steps *steps, enum imp_place place)
{
	steps->list = imp_xgrow(steps->list, &steps->capacity, steps->count + 1,
				sizeof(*steps->list));
	steps->list[steps->count] =
		(struct imp_step){.place = (uint8_t)place, .leaf = true};
	return (uint32_t)steps->count++;
}

void imp_steps_init(struct imp_steps *steps, struct imp_arena *arena)
{
	*steps = (struct imp_steps){.arena = arena, .accept_count = 1, .glob_count = 1};
	for (int place = 0; place < IMP_PLACES; place++)
		new_step(steps, (enum imp_place)place);
	steps->list[IMP_PLACE_ANYWHERE].sticky = true;
}

void imp_steps_finish(struct imp_steps *steps)
{
	free(steps->list);
	free(steps->accepts);
	free(steps->globs);
	imp_map_finish(&steps->words);
	free(steps->edges);
	free(steps->variables);
	*steps = (struct imp_steps){0};
}

static uint32_t find_variable(struct imp_steps *steps, struct imp_slice name)
{
	for (size_t i = 0; i < steps->variable_count; i++)
		if (imp_slice_equal(steps->variables[i].name, name))
			return steps->variables[i].step;
	steps->variables =
		imp_xgrow(steps->variables, &steps->variable_capacity,
			  steps->variable_count + 1, sizeof(*steps->variables));
	uint32_t step = new_step(steps, IMP_PLACE_VARIABLE);
	steps->variables[steps->variable_count++] = (struct imp_variable){name, step};
	return step;
}

static uint32_t first_step(struct imp_steps *steps, const struct imp_pattern *pattern)
{
	return pattern->place == IMP_PLACE_VARIABLE
		       ? find_variable(steps, pattern->variable)
		       : (uint32_t)pattern->place;
}

static void set_bit(uint64_t *bits, unsigned bit)
{
	bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static bool has_bit(const uint64_t *bits, unsigned bit)
{
	return bits[bit / 64] >> (bit % 64) & 1;
}

static unsigned shape_of(struct imp_slice text)
{
	size_t second = text.len > 1 ? 1 : 0;

	return ((uint8_t)text.data[second] * 5U + (uint8_t)text.data[text.len - 1] * 67U +
		(unsigned)text.len * 1021U) %
	       IMP_SHAPES;
}

/* The number of a name or suffix. A suffix is kept with a slash before it, which no name has: one
 * table for both. */
static uint32_t intern(struct imp_steps *steps, enum edge_kind kind,
		       struct imp_slice text)
{
	struct imp_slice key = text;
	uint64_t word;

	if (kind == BY_SUFFIX)
		key = imp_slice_of(imp_arena_printf(steps->arena, "/%.*s", (int)text.len,
						    text.data));
	if (imp_map_get(&steps->words, key, &word))
		return (uint32_t)word;
	set_bit(kind == BY_NAME ? steps->name_shapes : steps->suffix_shapes,
		shape_of(text));
	word = steps->words.count + 1;
	imp_map_set(&steps->words, imp_arena_copy(steps->arena, key), word);
	return (uint32_t)word;
}

/* The slot of an edge, or the empty one where it belongs. A word is of one kind only: a suffix
 * and a name never share one. */
static struct imp_edge *find_slot(struct imp_edge *edges, size_t capacity, uint32_t from,
				  uint32_t word)
{
	uint64_t key = ((uint64_t)from << 32 | word) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (key >> 32) & (capacity - 1);

	while (edges[at].word && (edges[at].from != from || edges[at].word != word))
		at = (at + 1) & (capacity - 1);
	return &edges[at];
}

static bool find_edge(const struct imp_steps *steps, uint32_t from, uint32_t word,
		      uint32_t *target)
{
	if (steps->edge_capacity == 0)
		return false;
	const struct imp_edge *edge =
		find_slot(steps->edges, steps->edge_capacity, from, word);
	*target = edge->target;
	return edge->word;
}

static void grow_edges(struct imp_steps *steps)
{
	enum { FIRST_EDGES = 64 };
	size_t capacity = steps->edge_capacity ? steps->edge_capacity * 2 : FIRST_EDGES;
	struct imp_edge *edges = imp_xcalloc(capacity, sizeof(*edges));

	for (size_t i = 0; i < steps->edge_capacity; i++) {
		const struct imp_edge *edge = &steps->edges[i];
		if (edge->word)
			*find_slot(edges, capacity, edge->from, edge->word) = *edge;
	}
	free(steps->edges);
	steps->edges = edges;
	steps->edge_capacity = capacity;
}

static uint32_t add_edge(struct imp_steps *steps, uint32_t from, enum edge_kind kind,
			 struct imp_slice text)
{
	uint32_t word = intern(steps, kind, text), target;

	if (find_edge(steps, from, word, &target))
		return target;
	if (steps->edge_count * 2 >= steps->edge_capacity)
		grow_edges(steps);
	target = new_step(steps, (enum imp_place)steps->list[from].place);
	*find_slot(steps->edges, steps->edge_capacity, from, word) =
		(struct imp_edge){from, word, target};
	steps->edge_count++;
	return target;
}

/* The list of globs of STEP that GLOB belongs to. */
static uint32_t *glob_list(struct imp_steps *steps, uint32_t step, struct imp_slice glob)
{
	struct imp_globs **globs = &steps->list[step].globs;
	uint8_t first = (uint8_t)glob.data[0], last = (uint8_t)glob.data[glob.len - 1];

	if (!*globs)
		*globs = imp_arena_alloc(steps->arena, sizeof(**globs));
	if (first)
		return &(*globs)->firsts[first];
	return last ? &(*globs)->lasts[last] : &(*globs)->others;
}

static uint32_t add_glob(struct imp_steps *steps, uint32_t from, struct imp_slice glob)
{
	uint32_t *head = glob_list(steps, from, glob);

	for (uint32_t g = *head; g; g = steps->globs[g].next)
		if (imp_slice_equal(steps->globs[g].glob, glob))
			return steps->globs[g].target;
	uint32_t target = new_step(steps, (enum imp_place)steps->list[from].place);
	steps->globs = imp_xgrow(steps->globs, &steps->glob_capacity,
				 steps->glob_count + 1, sizeof(*steps->globs));
	steps->globs[steps->glob_count] =
		(struct imp_glob_edge){.glob = glob, .target = target, .next = *head};
	*head = (uint32_t)steps->glob_count++;
	return target;
}

/* A package is one folder, or one in a folder that starts with '@'. */
static uint32_t add_package(struct imp_steps *steps, uint32_t from)
{
	static const struct imp_slice scope = {"@", 2}; /* '@' and the NUL of "*" */

	if (steps->list[from].package)
		return steps->list[from].package;
	uint32_t package = new_step(steps, (enum imp_place)steps->list[from].place);
	steps->list[from].package = package;
	uint32_t scoped = add_glob(steps, from, scope);
	steps->list[scoped].package = package;
	steps->list[scoped].leaf = false;
	return package;
}

static uint32_t add_deep(struct imp_steps *steps, uint32_t from)
{
	if (steps->list[from].sticky)
		return from;
	if (!steps->list[from].deep) {
		uint32_t deep = new_step(steps, (enum imp_place)steps->list[from].place);
		steps->list[deep].sticky = true;
		steps->list[from].deep = deep;
	}
	return steps->list[from].deep;
}

static uint32_t add_segment(struct imp_steps *steps, uint32_t from,
			    const struct imp_segment *segment)
{
	steps->list[from].leaf = false;
	switch (segment->kind) {
	case IMP_SEGMENT_LITERAL:
		return add_edge(steps, from, BY_NAME, segment->text);
	case IMP_SEGMENT_SUFFIX:
		return add_edge(steps, from, BY_SUFFIX, segment->text);
	case IMP_SEGMENT_GLOB:
		return add_glob(steps, from, segment->text);
	case IMP_SEGMENT_PACKAGE:
		return add_package(steps, from);
	case IMP_SEGMENT_DEEP:
		return add_deep(steps, from);
	}
	return from;
}

void imp_steps_add(struct imp_steps *steps, const struct imp_pattern *pattern,
		   uint32_t term)
{
	uint32_t at = first_step(steps, pattern);

	for (size_t i = 0; i < pattern->count; i++)
		at = add_segment(steps, at, &pattern->segments[i]);
	steps->accepts = imp_xgrow(steps->accepts, &steps->accept_capacity,
				   steps->accept_count + 1, sizeof(*steps->accepts));
	steps->accepts[steps->accept_count] =
		(struct imp_accept){.term = term,
				    .below = pattern->below,
				    .next = steps->list[at].first_accept};
	steps->list[at].first_accept = (uint32_t)steps->accept_count++;
}

static uint32_t find_word(const struct imp_steps *steps, struct imp_slice key)
{
	uint64_t word;
	return imp_map_get(&steps->words, key, &word) ? (uint32_t)word : 0;
}

static void look_up_suffixes(const struct imp_steps *steps, struct imp_name *name)
{
	struct imp_slice text = name->text;
	char key[IMP_SUFFIX_BYTES + 1] = "/";
	size_t dots = 0;

	for (size_t i = text.len; i-- > 0 && dots < IMP_SUFFIX_DOTS;) {
		struct imp_slice suffix = imp_slice_skip(text, i);
		if (text.data[i] != '.')
			continue;
		dots++;
		if (suffix.len > IMP_SUFFIX_BYTES ||
		    !has_bit(steps->suffix_shapes, shape_of(suffix)))
			continue;
		memcpy(key + 1, suffix.data, suffix.len);
		uint32_t word = find_word(steps, imp_slice(key, suffix.len + 1));
		if (word)
			name->suffixes[name->suffix_count++] = word;
	}
}

void imp_name_look_up(const struct imp_steps *steps, struct imp_slice text,
		      struct imp_name *out)
{
	*out = (struct imp_name){.text = text};
	if (text.len == 0)
		return;
	if (has_bit(steps->name_shapes, shape_of(text)))
		out->literal = find_word(steps, text);
	look_up_suffixes(steps, out);
}

static void add_target(struct imp_targets *out, uint32_t step, bool literal)
{
	out->list =
		imp_xgrow(out->list, &out->capacity, out->count + 1, sizeof(*out->list));
	out->list[out->count++] = (struct imp_target){step, literal};
}

static void follow_list(const struct imp_steps *steps, uint32_t head,
			struct imp_slice text, struct imp_targets *out)
{
	for (uint32_t g = head; g; g = steps->globs[g].next)
		if (imp_glob_match(steps->globs[g].glob, text))
			add_target(out, steps->globs[g].target, false);
}

void imp_steps_follow(const struct imp_steps *steps, uint32_t from,
		      const struct imp_name *name, struct imp_targets *out)
{
	const struct imp_step *step = &steps->list[from];
	struct imp_slice text = name->text;
	uint32_t target;

	if (step->leaf || text.len == 0)
		return;
	if (name->literal && find_edge(steps, from, name->literal, &target))
		add_target(out, target, true);
	for (size_t i = 0; i < name->suffix_count; i++)
		if (find_edge(steps, from, name->suffixes[i], &target))
			add_target(out, target, false);
	if (step->package && text.data[0] != '@' && text.data[0] != '.')
		add_target(out, step->package, false);
	if (!step->globs)
		return;
	follow_list(steps, step->globs->firsts[(uint8_t)text.data[0]], text, out);
	follow_list(steps, step->globs->lasts[(uint8_t)text.data[text.len - 1]], text,
		    out);
	follow_list(steps, step->globs->others, text, out);
}
