/* What later layers hid, as findings: one for each fate and pair of layers. */
#include "classify_case.h"

#define APT "var/lib/apt/lists/"

CASE(deleted_too_late)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile " APT "a 10\nfile " APT "b 20\nfile usr/x 5\n"
			  "layer\nwhiteout " APT "a\nwhiteout " APT "b\n",
		.instructions = {"RUN apt-get update",
				 "RUN rm -rf /var/lib/apt/lists/*"}});
	const struct imp_finding *f =
		finding_of(c, "WASTE-DELETED:layer 0 hidden by layer 1");

	assert_string_equal(f->rule, "WASTE-DELETED");
	assert_int_equal(f->class, IMP_CLASS_WASTED);
	assert_int_equal(f->confidence, IMP_CONFIDENCE_CERTAIN);
	assert_int_equal(f->sum.files, 2);
	assert_int_equal(f->sum.disk_bytes, 30);
	assert_int_equal(f->hidden_by, 1);
	assert_int_equal(f->layer_count, 1);
	assert_int_equal(f->layers[0], 0);
	assert_string_equal(
		f->title, "deleted by layer 1: /var/lib/apt/lists (2 files of layer 0)");
	assert_string_equal(evidence_of(c, f->id),
			    "written by layer 0 (RUN apt-get update)\n"
			    "hidden by layer 1 (RUN rm -rf /var/lib/apt/lists/*)\n");
	assert_string_equal(f->fix_kind, "F-APT");
}

CASE(deleted_by_an_opaque_folder)
{
	expect(.layers = "layer\nfile d/a 10\nlayer\nfile d/b 1\nopaque d\n",
	       .findings = "WASTE-DELETED:layer 0 hidden by layer 1 1 10\n");
}

CASE(deleted_elsewhere_is_not_apt)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){.layers = "layer\nfile a 10\nfile " APT
							     "a 2\nlayer\nwhiteout a\n"
							     "whiteout " APT "a\n"});

	assert_string_equal(c->findings.list[0].fix_kind, "F-SAMERUN");
	assert_non_null(strstr(c->findings.list[0].fix_text, "layer 0"));
}

CASE(overwritten)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a 10\nlayer\nfile a 20 seed=1\n"});
	const struct imp_finding *f =
		finding_of(c, "WASTE-OVERWRITTEN:layer 0 hidden by layer 1");

	assert_int_equal(f->sum.disk_bytes, 10);
	assert_string_equal(f->title, "overwritten by layer 1: /a (1 file of layer 0)");
	assert_string_equal(f->fix_kind, "F-ONCE");
}

CASE(the_living_copy_is_not_counted)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a 900\nlayer\nfile a 900 uid=1000\n"});

	assert_int_equal(c->findings.wasted.disk_bytes, 900);
	assert_int_equal(c->findings.live.disk_bytes, 900);
	assert_int_equal(c->findings.reclaimable.disk_bytes, 900);
}

#define THREE "file m/a 10\nfile m/b 20 seed=1\nfile m/c 30 seed=2\n"
#define THREE_CHOWNED \
	"file m/a 10 uid=1000 gid=1000\nfile m/b 20 seed=1 uid=1000 gid=1000\n" \
	"file m/c 30 seed=2 uid=1000 gid=1000\n"

CASE(chown_of_three_files_after_a_run)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(&(
		struct image_case){.layers = "layer\n" THREE "layer\n" THREE_CHOWNED,
				   .instructions = {"RUN make", "RUN chown -R 1000 /m"}});
	const struct imp_finding *f =
		finding_of(c, "WASTE-RESHIPPED:layer 0 hidden by layer 1");

	assert_int_equal(f->sum.files, 3);
	assert_int_equal(f->sum.disk_bytes, 60);
	assert_string_equal(
		f->title,
		"shipped again by layer 1: /m (3 files of layer 0, same content)");
	assert_non_null(strstr(evidence_of(c, f->id), "changed: owner of 3 files\n"));
	assert_string_equal(f->fix_kind, "F-RUNMETA");
	assert_non_null(strstr(f->fix_text, "`chown -R 1000:1000 /m`"));
	assert_string_equal(paths_of(c, f->id), "m");
}

CASE(chown_of_three_files_after_a_copy)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\n" THREE "layer\n" THREE_CHOWNED,
			.instructions = {"COPY m /m", "RUN chown -R 1000 /m"}});

	assert_string_equal(c->findings.list[0].fix_kind, "F-COPYMETA");
	assert_non_null(strstr(c->findings.list[0].fix_text, "`COPY --chown=1000:1000`"));
}

CASE(chmod_after_a_copy)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile x 10\nlayer\nfile x 10 mode=755\n",
			.instructions = {"COPY x /x", "RUN chmod +x /x"}});

	assert_non_null(strstr(c->findings.list[0].fix_text, "`COPY --chmod=755`"));
	assert_non_null(strstr(evidence_of(c, c->findings.list[0].id),
			       "changed: mode of 1 file\n"));
}

static void expect_chmod(const char *instruction, const char *fix)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile x 10\nlayer\nfile x 10 mode=755\n",
			.instructions = {"RUN make", instruction}});

	const char *text = c->findings.list[0].fix_text;
	if (!strstr(text, fix))
		fail_msg("%s", text);
}

/* -R with the mode of a file would close the folders. */
CASE(chmod_after_a_run_is_repeated_as_it_was)
{
	expect_chmod("RUN chmod +x /x", "append `chmod +x /x` to layer 0");
	expect_chmod("RUN chmod +x /x /a/long/path/to/something /and/another/one/of/them "
		     "/and/one/more/of/them",
		     "append the same command to layer 0");
	expect_chmod("WORKDIR /x", "append the same command to layer 0");
}

CASE(chown_and_chmod_after_a_copy)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile x 10\nlayer\nfile x 10 mode=700 uid=5 gid=6\n",
		.instructions = {"ADD x /x", "RUN touch"}});

	assert_non_null(
		strstr(c->findings.list[0].fix_text, "`COPY --chown=5:6 --chmod=700`"));
}

CASE(setcap_is_no_flag_of_copy)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile x 10\nlayer\nfile x 10 xattr=security.capability=z\n",
		.instructions = {"COPY x /x", "RUN setcap x"}});

	assert_string_equal(c->findings.list[0].fix_kind, "F-RUNMETA");
	assert_non_null(strstr(evidence_of(c, c->findings.list[0].id),
			       "changed: extended attributes of 1 file\n"));
}

CASE(copied_twice)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile package.json 10\nlayer\nfile package.json 10\n",
		.instructions = {"COPY package.json ./", "COPY . ."}});

	assert_string_equal(c->findings.list[0].fix_kind, "F-TWICE");
	assert_non_null(strstr(evidence_of(c, c->findings.list[0].id),
			       "changed: nothing of 1 file\n"));
}

CASE(written_again_by_a_command)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile x 10 mtime=1\nlayer\nfile x 10 mtime=2\n",
			.instructions = {"COPY x /x", "RUN touch /x"}});

	assert_string_equal(c->findings.list[0].fix_kind, "F-REWRITE");
	assert_non_null(strstr(evidence_of(c, c->findings.list[0].id),
			       "changed: time of 1 file\n"));
}

CASE(replaced_by_a_folder)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 10\nlayer\nfile a/b 1\n"});
	const struct imp_finding *f =
		finding_of(c, "WASTE-REPLACED:layer 0 hidden by layer 1");

	assert_int_equal(f->sum.disk_bytes, 10);
	assert_string_equal(paths_of(c, f->id), "a");
}

CASE(duplicates_are_hidden_by_their_own_layer)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 10\nfile a 20 seed=1\n",
				     .instructions = {"COPY a /"}});
	const struct imp_finding *f = finding_of(c, "WASTE-DUPLICATE:layer 0");

	assert_int_equal(f->sum.disk_bytes, 10);
	assert_int_equal(f->hidden_by, 0);
	assert_string_equal(f->title, "stored twice in layer 0: /a (1 file)");
	assert_string_equal(evidence_of(c, f->id), "written by layer 0 (COPY a /)\n");
}

CASE(leftovers_of_aufs)
{
	expect(.layers = "layer\nfile .wh..wh.plnk/1.2 10\n",
	       .findings = "WASTE-LEFTOVER:layer 0 1 10\n");
}

CASE(every_pair_of_layers_is_a_finding)
{
	expect(.layers = "layer\nfile a 1\nfile b 2\nlayer\nfile c 4\nwhiteout a\n"
			 "layer\nwhiteout b\nwhiteout c\n",
	       .findings = "WASTE-DELETED:layer 1 hidden by layer 2 1 4\n"
			   "WASTE-DELETED:layer 0 hidden by layer 2 1 2\n"
			   "WASTE-DELETED:layer 0 hidden by layer 1 1 1\n");
}

CASE(every_fate_is_a_finding)
{
	expect(.layers =
		       "layer\nfile a 1\nfile b 2\nlayer\nwhiteout a\nfile b 3 seed=1\n",
	       .findings = "WASTE-OVERWRITTEN:layer 0 hidden by layer 1 1 2\n"
			   "WASTE-DELETED:layer 0 hidden by layer 1 1 1\n");
}

CASE(written_deleted_and_written_again)
{
	expect(.layers = "layer\nfile f 100\nlayer\nwhiteout f\nlayer\nfile f 100\n",
	       .findings = "WASTE-DELETED:layer 0 hidden by layer 1 1 100\n");
}

CASE(a_dead_group_counts_once)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/x 10\nlink a/y -> a/x\nlayer\nwhiteout a\n"});

	assert_int_equal(c->findings.list[0].sum.files, 1);
	assert_int_equal(c->findings.list[0].sum.disk_bytes, 10);
	for (uint32_t r = 0; r < imp_tree_record_count(c->tree); r++)
		if (imp_tree_record(c->tree, r)->group != IMP_NONE)
			assert_int_equal(c->findings.finding_of[r], 0);
}

CASE(a_dead_file_is_of_no_rule)
{
	expect(.layers = "layer\nfile tmp/x 10\nlayer\nwhiteout tmp/x\n",
	       .findings = "WASTE-DELETED:layer 0 hidden by layer 1 1 10\n");
}

CASE(the_ledger_alone_needs_no_rules)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile tmp/x 10\nfile tmp/y 3\nlayer\nwhiteout tmp/x\n",
		.ledger_only = true});

	assert_int_equal(c->findings.count, 1);
	assert_true(c->findings.list[0].fix_text[0] != '\0');
	assert_int_equal(c->findings.class_count, 1);
	assert_int_equal(c->findings.classes[0].class, IMP_CLASS_RUNTIME);
	assert_int_equal(c->findings.classes[0].sum.disk_bytes, 3);
	assert_int_equal(c->findings.reclaimable.disk_bytes, 10);
}

CASE(an_image_without_waste_has_no_findings)
{
	expect(.layers = "layer\nfile a 1\n", .ledger_only = true, .findings = "");
}

CASE(a_layer_without_history_is_said_so)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 1\nlayer\nwhiteout a\n"});

	assert_non_null(strstr(evidence_of(c, c->findings.list[0].id),
			       "written by layer 0 (no history)\n"));
}

CASE(a_long_instruction_is_cut_between_characters)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf run = {0};

	imp_strbuf_add_text(&run, "RUN");
	for (int i = 0; i < 200; i++)
		imp_strbuf_add_text(&run, "\xc3\xa4");
	imp_strbuf_add_char(&run, '\0');
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 1\nlayer\nwhiteout a\n",
				     .instructions = {run.data}});
	const char *evidence = evidence_of(c, c->findings.list[0].id);
	assert_non_null(strstr(evidence, "\xc3\xa4...)"));
	assert_null(strstr(evidence, "\\x"));
}

CASE(overwritten_caches_of_apt)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile var/cache/apt/pkgcache.bin 10\nlayer\nfile "
			  "var/cache/apt/pkgcache.bin 20 seed=1\n"});

	assert_string_equal(
		finding_of(c, "WASTE-OVERWRITTEN:layer 0 hidden by layer 1")->fix_kind,
		"F-APT");
}

CASE(the_mode_is_that_of_the_largest_file)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile m/a 10\nfile m/b 30\nfile m/c 20\nlayer\n"
			"file m/a 10 mode=700\nfile m/b 30 mode=750\nfile m/c 20 mode=755\n",
		.instructions = {"COPY m /m", "RUN chmod"}});

	assert_non_null(strstr(c->findings.list[0].fix_text, "`COPY --chmod=750`"));
}
