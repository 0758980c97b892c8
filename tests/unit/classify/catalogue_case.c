#include "catalogue_case.h"

static void add_file(struct imp_strbuf *layers, const char *path,
		     const struct catalogue_example *example)
{
	if (example->content)
		imp_strbuf_printf(layers, "text %s %s\n", path, example->content);
	else
		imp_strbuf_printf(layers, "file %s %llu\n", path,
				  example->size ? example->size : 10);
}

static struct classified *build(const struct catalogue_example *example)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\n");
	add_file(&layers, example->takes, example);
	if (example->leaves)
		add_file(&layers, example->leaves, example);
	if (example->beside)
		imp_strbuf_add_text(&layers, example->beside);
	return classify_case(&(struct image_case){
		.layers = layers.data,
		.workdir = "/code",
		.environment = {example->environment},
		.started = example->started ? example->started : "",
		.owned = example->owned,
	});
}

static bool takes(const struct classified *c, const char *path, const char *id)
{
	const struct imp_finding *finding = finding_at(c, path);
	return finding && strcmp(finding->rule, id) == 0;
}

/* The verdict in changed circumstances. */
static void check_flip(const struct catalogue_example *changed,
		       enum imp_confidence before)
{
	imp_auto_destroy(classified) struct classified *c = build(changed);

	if (takes(c, changed->takes, changed->id) &&
	    finding_at(c, changed->takes)->confidence <= before)
		fail_msg("%s: takes %s in any case", changed->id, changed->takes);
}

static void check_flips(const struct catalogue_example *example,
			enum imp_confidence confidence)
{
	struct catalogue_example changed = *example;

	if (example->flips) {
		changed.beside = changed.started = changed.environment = NULL;
		changed.owned = NULL;
		check_flip(&changed, confidence);
	}
	changed = *example;
	if (example->other_beside)
		changed.beside = example->other_beside;
	if (example->other_started)
		changed.started = example->other_started;
	if (example->other_environment)
		changed.environment = example->other_environment;
	if (example->other_content)
		changed.content = example->other_content;
	if (example->other_size)
		changed.size = example->other_size;
	if (memcmp(&changed, example, sizeof(changed)) != 0)
		check_flip(&changed, confidence);
	else if (!example->flips && !example->leaves)
		fail_msg("%s: no counter-example", example->id);
}

void catalogue_check(const struct catalogue_example *example)
{
	imp_auto_destroy(classified) struct classified *c = build(example);
	const struct imp_finding *finding = finding_at(c, example->takes);

	if (example->by_content && imp_profile_fact_count(c->stack.profiles[0]) == 0)
		return; /* the reader gathers none */
	if (!takes(c, example->takes, example->id))
		fail_msg("%s: is %s", example->takes, finding ? finding->id : "in none");
	assert_string_equal(imp_confidence_name(finding->confidence),
			    example->confidence);
	assert_true(finding->title[0] && finding->fix_text[0]);
	if (example->leaves && takes(c, example->leaves, example->id))
		fail_msg("%s: takes %s too", example->id, example->leaves);
	check_flips(example, finding->confidence);
}
