/* What-if: what is left of an image without what some findings are about. */
#include "classify_case.h"

#include "imgprof/without.h"

struct left {
	uint64_t disk, layers[4], removed_files, copies, removed_pull, pull;
	uint64_t before_disk, before_pull;
};

static struct left without(struct classified *c, const char *term,
			   const struct imp_findings *findings)
{
	const struct imp_profile_summary *summaries[STACK_LAYERS];
	struct imp_without out;
	bool chosen[64] = {false};
	struct left left = {0};

	for (size_t i = 0; i < c->stack.count; i++) {
		summaries[i] = imp_profile_summary(c->stack.profiles[i]);
		left.before_disk += summaries[i]->disk_bytes;
		left.before_pull += summaries[i]->pull_bytes;
	}
	for (size_t i = 0; i < findings->count; i++)
		chosen[i] = imp_finding_is_named(&findings->list[i], term);
	imp_without(c->tree, summaries, findings, chosen, c->arena, &out);
	left.disk = out.disk_bytes;
	left.pull = out.pull_bytes;
	left.removed_files = out.removed.files;
	left.removed_pull = out.removed.pull_bytes;
	left.copies = out.dead_copies.disk_bytes;
	for (size_t i = 0; i < c->stack.count && i < 4; i++)
		left.layers[i] = out.layers[i].disk_bytes;
	assert_int_equal(left.before_disk - left.disk, out.removed.disk_bytes);
	assert_int_equal(left.before_pull - left.pull,
			 out.removed.pull_bytes + out.removed_overhead_pull_bytes);
	return left;
}

CASE(dead_copies_of_what_goes_go_too)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile a/x 100\nfile a/y 7\nfile b 50\nfile gone 5\n"
			"layer\nfile a/x 100 uid=5\nfile b 60\nwhiteout a/y\nwhiteout gone\n",
		.rules = rule_of("/a/**")});
	struct left left = without(c, "X", &c->findings);

	/* a/y lives nowhere: it is waste of its own, not a copy of what goes. */
	assert_int_equal(left.layers[0], 7 + 50 + 5);
	assert_int_equal(left.layers[1], 60);
	assert_int_equal(left.removed_files, 2);
	assert_int_equal(left.copies, 100);
}

CASE(classes_name_what_is_certain_or_likely)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/x 100\nfile b/y 10\nfile c 1\n",
			.rules = RULE_ROW("X", "/a/**", "junk", "certain", "-", "none")
				RULE_ROW("Y", "/b/**", "junk", "possible", "-", "none")});

	assert_int_equal(without(c, "junk", &c->findings).disk, 11);
	assert_int_equal(without(c, "Y", &c->findings).disk, 101);
	assert_int_equal(without(c, "docs", &c->findings).disk, 111);
}

CASE(hidden_bytes_can_go_alone)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 100\nfile b 9\n"
					       "layer\nfile a 70 seed=3\nwhiteout b\n"});
	struct left left = without(c, "wasted", &c->findings);

	assert_int_equal(left.layers[0], 0);
	assert_int_equal(left.layers[1], 70);
	assert_int_equal(left.copies, 0);
	assert_int_equal(without(c, "WASTE-DELETED", &c->findings).disk, 170);
}

CASE(hard_links_go_as_a_group)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a/old 40\nfile c 3\n"
					       "layer\nfile a/x 100\nlink a/old -> a/x\n",
				     .rules = rule_of("/a/**")});
	struct left left = without(c, "X", &c->findings);

	/* The link hid the file of 40 bytes, at a path that goes. */
	assert_int_equal(left.layers[0], 3);
	assert_int_equal(left.layers[1], 0);
	assert_int_equal(left.copies, 40);
}

CASE(a_part_goes_with_its_copies)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile p 100\nlayer\nfile p 100 uid=7\n"});
	struct imp_finding list[] = {
		c->findings.list[0],
		{.id = "S",
		 .rule = "S",
		 .class = IMP_CLASS_DEBUG,
		 .partial = true,
		 .sum = {1, 30, 20}},
	};
	uint32_t node = imp_tree_find(c->tree, IMP_SLICE("p"));
	struct imp_partial part = {imp_tree_file_at(c->tree, node), 1, 30, 20};
	struct imp_findings findings = c->findings;
	findings.list = list;
	findings.count = 2;
	findings.partials = &part;
	findings.partial_count = 1;
	struct left left = without(c, "S", &findings);
	assert_int_equal(left.layers[0], 70);
	assert_int_equal(left.layers[1], 70);
	assert_int_equal(left.copies, 30);
}

CASE(pull_bytes_of_everything_are_those_of_no_file)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/x 1000\nfile a/y 3000 seed=2\n",
			.rules = rule_of("/a/**")});
	const struct imp_profile_summary *summary =
		imp_profile_summary(c->stack.profiles[0]);
	struct left left = without(c, "X", &c->findings);

	assert_int_equal(left.disk, 0);
	assert_int_equal(left.pull,
			 summary->overheads[IMP_OVERHEAD_AFTER_END].pull_bytes);
}

CASE(terms_are_rules_ids_and_classes)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){.layers = "layer\nfile a 1\n"});

	assert_true(imp_term_is_known("docs", c->rules));
	assert_true(imp_term_is_known("wasted", c->rules));
	assert_true(imp_term_is_known("WASTE-DELETED", c->rules));
	assert_true(imp_term_is_known("WASTE-DELETED:layer 0", c->rules));
	assert_false(imp_term_is_known("runtime", c->rules));
	assert_false(imp_term_is_known("doc", c->rules));
	assert_false(imp_term_is_known("", c->rules));
}
