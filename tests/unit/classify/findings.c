/* What a finding says, and that all of them add up. */
#include "classify_case.h"
#include "describe_priv.h"
#include "words_priv.h"

CASE(a_rules_title_is_without_the_image)
{
	static const char *const titles[][2] = {
		{"manual pages", "manual pages"},
		{"source maps{in}", "source maps"},
		{"version history of {subject}", "version history"},
		{"version history of {subject}, installed from a checkout",
		 "version history"},
		{"sources of built software in {subject}", "sources of built software"},
		{"package manager {subject}", "package manager"},
		{"font {package}, {bytes}", "font"},
		{"the same jar again: {subject}", "the same jar again"},
		{"{package}{more}: compiler and build tools, {bytes}",
		 "compiler and build tools"},
		{"{package}{more}, {bytes}", ""},
		{"{packages} of TeX Live and LibreOffice, {bytes}",
		 "TeX Live and LibreOffice"},
		{"node, which nothing starts: {packages}, {bytes}",
		 "node, which nothing starts"},
		{"symbols of Go programs: {files}, {bytes}", "symbols of Go programs"},
		{"setuptools, {bytes}", "setuptools"},
		{"shipped again by {hider}: {place} ({files} of {writer}, same content)",
		 "shipped again by a later layer"},
		{"stored twice in {writer}: {place} ({files})",
		 "stored twice in one layer"},
	};
	imp_auto_destroy(imp_arena) struct imp_arena *arena = imp_arena_create();

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		assert_string_equal(imp_rule_title(arena, titles[i][0]), titles[i][1]);
}

CASE(paths_are_the_topmost_folders)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/b/x 1\nfile a/b/c/y 2\nfile a/z.o 4\nfile d 1\n",
		.rules = rule_of("/a/b/** *.o")});

	assert_string_equal(paths_of(c, "X"), "a");
	assert_int_equal(finding_of(c, "X")->paths_total, 1);
}

CASE(a_folder_with_another_file_is_no_path)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/b/x.o 1\nfile a/c/y.o 2\nfile a/c/z 4\n",
			.rules = rule_of("*.o")});

	assert_string_equal(paths_of(c, "X"), "a/c/y.o a/b/x.o");
}

CASE(a_matched_folder_is_named_though_it_holds_one_file)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a/t/sub/x 1\nfile a/y 2\n",
				     .rules = rule_of("**/t/**")});

	assert_string_equal(paths_of(c, "X"), "a/t");
}

CASE(folders_of_one_folder_are_named_by_the_deepest)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/b/c/x 1\nfile a/b/c/y 2\nlayer\nwhiteout a\n"});

	assert_string_equal(paths_of(c, c->findings.list[0].id), "a/b/c");
}

CASE(a_wasted_folder_looks_at_its_own_layer)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile a/x 1\nfile b 1\nlayer\nfile a/y 1\nfile c 1\nfile a/z "
			"1\nlayer\nwhiteout a/y\nwhiteout a/z\n"});

	assert_string_equal(paths_of(c, c->findings.list[0].id), "a");
}

CASE(the_root_is_never_a_path)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile a/x 1\nfile b/y 2\nlayer\nwhiteout a\nwhiteout b\n"});

	assert_string_equal(paths_of(c, c->findings.list[0].id), "b/y a/x");
}

CASE(paths_are_sorted_by_size_then_name)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile c.o 1\nfile b-.o 2\nfile b/x.o 2\nfile b/y 1\nfile a.o "
			"1\n",
		.rules = rule_of("*.o")});

	assert_string_equal(paths_of(c, "X"), "b-.o b/x.o a.o c.o");
}

CASE(a_hundred_paths_are_listed)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\n");
	for (int i = 0; i < 250; i++)
		imp_strbuf_printf(&layers, "file d%03d/x.o %d\nfile d%03d/y 1\n", i,
				  i * 7 % 250 / 2, i);
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = layers.data, .rules = rule_of("*.o")});
	const struct imp_finding *f = finding_of(c, "X");
	assert_int_equal(f->path_count, 100);
	assert_int_equal(f->paths_total, 250);
	for (size_t i = 0; i < f->path_count; i++) {
		uint32_t node = imp_tree_find(c->tree, f->paths[i]);
		assert_int_equal(imp_tree_live(c->tree, node).disk_bytes, 124 - i / 2);
		if (i % 2)
			assert_true(imp_slice_compare(f->paths[i - 1], f->paths[i]) < 0);
	}
}

CASE(the_bytes_of_a_link_stand_at_its_file)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile b/x.o 5\nfile b/z 1\nlink a/y.o -> b/x.o\nfile a/z 1\n"
			"file c/w.o 3\nfile c/z 1\n",
		.rules = rule_of("*.o")});

	assert_string_equal(paths_of(c, "X"), "b/x.o c/w.o a/y.o");
}

CASE(the_bytes_of_a_lost_file_stand_at_its_first_link)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile b/x.o 5\nlink a/y.o -> b/x.o\nlink a/v.o -> b/x.o\nfile "
			"a/z 1\nfile c/w.o 3\nfile c/z 1\nlayer\nwhiteout b\n",
		.rules = rule_of("*.o")});

	assert_string_equal(paths_of(c, "X"), "a/y.o c/w.o a/v.o");
}

CASE(findings_are_sorted_by_size_then_id)
{
	expect(.layers = "layer\nfile b/t/x 1\nfile a/t/x 1\nfile c/t/x 2\n",
	       .rules = RULE_ROW("X", "**/t/**", "junk", "certain", "-", "at"),
	       .findings = "X:c/t 1 2\nX:a/t 1 1\nX:b/t 1 1\n");
}

CASE(layers_of_a_finding_ascend)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile t/a 1\nlayer\nfile t/b 5\nlayer\nfile t/c 3\n",
		.rules = rule_of("/t/**"),
		.instructions = {"RUN a", "RUN b", "RUN c"}});
	const struct imp_finding *f = finding_of(c, "X");

	assert_int_equal(f->layer_count, 3);
	for (uint16_t i = 0; i < 3; i++)
		assert_int_equal(f->layers[i], i);
	assert_int_equal(f->hidden_by, IMP_NOT_HIDDEN);
	assert_string_equal(evidence_of(c, "X"),
			    "matches /t/**\n1 file from layer 1 (RUN b)\n"
			    "1 file from layer 2 (RUN c)\n1 file from layer 0 (RUN a)\n");
}

CASE(more_layers_are_counted)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile t/a 1\nlayer\nfile t/b 2\nlayer\nfile t/c 3\nlayer\nfile "
			"t/d 4\nlayer\nfile t/e 5\n",
		.rules = rule_of("/t/**")});

	assert_non_null(strstr(evidence_of(c, "X"), "and from 2 more layers\n"));
}

CASE(evidence_names_patterns_and_conditions)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile t/a.py 1\nfile u/HEAD 1\nfile v 1\nfile w/x 1\nfile y 1\n",
		.rules = rule_of("/t/**?holds=*.py,*.js /u/**?has=HEAD /v?lacks=z "
				 "/w/**?foreign /y")});

	assert_string_equal(
		evidence_of(c, "X"),
		"matches /t/**, with files such as *.py, *.js\n"
		"matches /u/**, and has HEAD\n"
		"matches /v, and beside it is no z\n"
		"matches /w/**, a language that neither LANG, LC_* nor the project's settings name\n"
		"and 1 more patterns of X\n"
		"5 files from layer 0 (no history)\n");
}

CASE(evidence_names_what_is_not_known)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(&(
		struct image_case){.layers = "layer\nfile code/node_modules/a/x 1\nfile "
					     "usr/include/x.h 1\n"});

	assert_non_null(
		strstr(evidence_of(c, "NPM-TREE:code/node_modules"),
		       "possible only, for it is not known whether the image starts "
		       "node, or whether something that it runs calls node, or whether "
		       "files of node_modules are served as they are\n"));
	assert_non_null(
		strstr(evidence_of(c, "GEN-INC"),
		       "not checked: whether the image compiles code when it runs"));
}

CASE(a_title_names_its_subject)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile code/.git/HEAD 1\nfile "
					       "code/.git/objects/x 1\n"});

	assert_string_equal(finding_of(c, "GEN-GIT:code")->title,
			    "version history of /code");
}

CASE(a_title_without_subject_ends_early)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile srv/.gitignore 1\n"});

	assert_string_equal(finding_of(c, "GEN-GITMETA")->title, "git settings");
}

CASE(names_of_files_are_escaped)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a\\x1b[31m/.git/HEAD 1\nfile "
					       "a\\x1b[31m/.git/objects/x 1\n"});
	const struct imp_finding *f = &c->findings.list[0];

	assert_string_equal(f->title, "version history of /a\\x1b[31m");
	assert_string_equal(f->id, "GEN-GIT:a\\x1b[31m");
	assert_true(imp_slice_is(f->subject, "a\x1b[31m"));
}

static const char *fix_of(const struct classified *c, const char *id)
{
	return finding_of(c, id)->fix_text;
}

CASE(dockerignore_lines_are_of_the_context)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile code/tests/test_a.py 1\nfile code/app/x.py 1\nfile "
			"code/app/tests/test_b.py 1\nfile code/test_c.py 1\n",
		.workdir = "/code",
		.instructions = {"COPY . /code"}});

	assert_string_equal(finding_of(c, "GEN-APPTEST:code")->fix_kind, "F-IGNORE");
	assert_non_null(strstr(fix_of(c, "GEN-APPTEST:code"),
			       "add to .dockerignore: `**/tests`, `test_c.py`;"));
}

CASE(dockerignore_is_for_copies_only)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile code/.git/HEAD 1\nfile code/.git/objects/x 1\n",
		.workdir = "/code",
		.instructions = {"RUN git clone"}});

	assert_string_equal(finding_of(c, "GEN-GIT:code")->fix_kind, "F-GIT");
	assert_non_null(strstr(fix_of(c, "GEN-GIT:code"), "delete /code/.git in"));
}

CASE(dockerignore_without_project_names_any_depth)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile srv/a/.git/HEAD 1\nfile srv/a/.git/objects/x 1\n",
		.instructions = {"ADD . /srv"}});

	assert_non_null(strstr(fix_of(c, "GEN-GIT:srv/a"), "`**/.git`"));
}

CASE(long_lists_of_dockerignore_lines_are_cut)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\nfile code/x 1\n");
	for (int i = 0; i < 20; i++)
		imp_strbuf_printf(&layers, "file code/test_%02d.py 1\n", i);
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){.layers = layers.data,
						   .workdir = "/code",
						   .instructions = {"COPY . /code"}});
	assert_non_null(strstr(fix_of(c, "GEN-APPTEST:code"), "`test_11.py`, ...;"));
}

CASE(paths_in_commands_are_quoted)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile c'd/a\\sb/.git/HEAD 1\nfile c'd/a\\sb/.git/objects/x 1\n"});

	assert_non_null(strstr(c->findings.list[0].fix_text, "'/c'\\''d/a b/.git'"));
}

CASE(the_command_for_tests_spares_the_guarded)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile v/site-packages/a/tests/x.py 1\n"});
	const char *fix = fix_of(c, "PY-TEST:v/site-packages");

	assert_non_null(strstr(fix, "find /v/site-packages -mindepth 2 -type d"));
	assert_non_null(strstr(fix, "! -path '*/django/test'"));
	assert_non_null(strstr(fix, "! -path '*/numpy/_core/tests'"));
	assert_non_null(strstr(fix, "-prune -exec rm -rf {} +"));
}

CASE(classes_add_up_to_the_live_bytes)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile tmp/x 10\nfile bin/y 20\nfile usr/lib/libz.a 5\nfile "
			"code/node_modules/a/x 7\nfile gone 3\nlayer\nwhiteout gone\n"});
	const struct imp_findings *f = &c->findings;

	assert_int_equal(f->live.disk_bytes, 42);
	assert_int_equal(f->wasted.disk_bytes, 3);
	assert_int_equal(f->class_count, 3);
	assert_int_equal(f->classes[0].class, IMP_CLASS_RUNTIME);
	assert_int_equal(f->classes[0].sum.disk_bytes, 27); /* possible stays runtime */
	assert_int_equal(f->classes[1].class, IMP_CLASS_JUNK);
	assert_int_equal(f->classes[2].class, IMP_CLASS_DEV_FILES);
}

CASE(sums_go_by_confidence)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile tmp/x 10\nfile usr/lib/libz.a 5\nfile "
			"code/node_modules/a/x 7\nfile gone 3\nlayer\nwhiteout gone\n"});
	const struct imp_findings *f = &c->findings;

	assert_int_equal(f->by_confidence[IMP_CONFIDENCE_CERTAIN].disk_bytes, 13);
	assert_int_equal(f->by_confidence[IMP_CONFIDENCE_LIKELY].disk_bytes, 5);
	assert_int_equal(f->by_confidence[IMP_CONFIDENCE_POSSIBLE].disk_bytes, 7);
	assert_int_equal(f->reclaimable.disk_bytes, 18);
}

static uint32_t record_at(const struct classified *c, const char *path)
{
	return imp_tree_node(c->tree, imp_tree_find(c->tree, imp_slice_of(path)))->shown;
}

CASE(records_carry_their_class)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers =
			"layer\nfile tmp/x 10\nfile code/node_modules/a/x 7\nfile bin/y 1\n"
			"dir tmp/d\n"});
	const struct imp_findings *f = &c->findings;

	assert_int_equal(f->class_of[record_at(c, "tmp/x")], IMP_CLASS_JUNK);
	assert_int_equal(f->possible_class_of[record_at(c, "tmp/x")], IMP_CLASS_RUNTIME);
	uint32_t possible = record_at(c, "code/node_modules/a/x");
	assert_int_equal(f->class_of[possible], IMP_CLASS_RUNTIME);
	assert_int_equal(f->possible_class_of[possible], IMP_CLASS_DEV_DEP);
	assert_int_equal(f->class_of[record_at(c, "bin/y")], IMP_CLASS_RUNTIME);
	assert_int_equal(f->finding_of[record_at(c, "bin/y")], IMP_NONE);
	assert_int_equal(f->finding_of[record_at(c, "tmp/d")], IMP_NONE);
}

CASE(dead_records_are_wasted)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\nfile a 10\nlayer\nwhiteout a\n"});

	for (uint32_t r = 0; r < imp_tree_record_count(c->tree); r++)
		if (imp_tree_record(c->tree, r)->type == IMP_ENTRY_FILE)
			assert_int_equal(c->findings.class_of[r], IMP_CLASS_WASTED);
}

/* A finding of 10 bytes, 20 live bytes and 5 wasted ones, to be damaged. */
static struct classified *sound(void)
{
	return classify_case(&(struct image_case){
		.layers =
			"layer\nfile tmp/x 10\nfile bin/y 10\nfile a 5\nlayer\nwhiteout a\n"});
}

static void broken(const struct classified *c, const struct imp_findings *findings,
		   const char *message)
{
	struct imp_error err = {0};

	assert_fails(imp_findings_check(c->tree, findings, &err), IMP_E_BUG, message,
		     &err);
}

CASE(a_wrong_sum_of_a_finding_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;
	struct imp_finding list[2] = {c->findings.list[0], c->findings.list[1]};

	list[0].sum.disk_bytes++;
	damaged.list = list;
	broken(c, &damaged, "finding GEN-TMP: 11 bytes, its files 10");
}

CASE(a_wrong_sum_of_a_confidence_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;

	damaged.by_confidence[IMP_CONFIDENCE_LIKELY].disk_bytes++;
	broken(c, &damaged, "sum of likely is wrong");
}

CASE(a_wrong_sum_of_a_class_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;
	struct imp_class_sum classes[2] = {c->findings.classes[0],
					   c->findings.classes[1]};

	classes[0].sum.files++;
	damaged.classes = classes;
	broken(c, &damaged, "sum of class");
}

CASE(a_missing_class_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;

	damaged.class_count = 1;
	broken(c, &damaged, "classes do not add up");
}

CASE(a_wrong_sum_of_wasted_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;

	damaged.wasted.pull_bytes++;
	broken(c, &damaged, "sum of wasted is wrong");
}

CASE(a_wrong_reclaimable_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;

	damaged.reclaimable.disk_bytes++;
	broken(c, &damaged, "reclaimable is wrong");
}

CASE(a_dead_file_of_a_live_class_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;
	uint8_t class_of[8] = {0};

	assert_true(imp_tree_record_count(c->tree) <= 8);
	damaged.class_of = class_of;
	broken(c, &damaged, "is deleted, but of class runtime");
}

CASE(a_dead_file_outside_of_findings_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;
	uint32_t finding_of_record[8];

	memset(finding_of_record, 0xff, sizeof(finding_of_record));
	damaged.finding_of = finding_of_record;
	broken(c, &damaged, "is in none");
}

CASE(a_file_in_an_unknown_finding_is_a_bug)
{
	imp_auto_destroy(classified) struct classified *c = sound();
	struct imp_findings damaged = c->findings;
	uint32_t finding_of_record[8] = {7, 7, 7, 7, 7, 7, 7, 7};

	damaged.finding_of = finding_of_record;
	broken(c, &damaged, "is in number 7 of 2");
}

CASE(out_is_untouched_until_all_adds_up)
{
	imp_auto_destroy(classified) struct classified *c = sound();

	assert_int_equal(c->findings.live.disk_bytes, 20);
	assert_int_equal(c->findings.wasted.disk_bytes, 5);
}

CASE(listed_paths_are_bounded)
{
	enum { RULES = 24, FILES = 100, DEPTH = 760 };
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0}, rules = {0};
	size_t bytes = 0;

	imp_strbuf_add_text(&layers, "layer\n");
	for (int r = 0; r < RULES; r++) {
		imp_strbuf_printf(&rules,
				  "rule\tX-%d\t*.x%d\tjunk\tcertain\t-\tnone\tx\t-\t-\n",
				  r, r);
		for (int f = 0; f < FILES; f++) {
			imp_strbuf_add_text(&layers, "file ");
			for (int d = 0; d < DEPTH; d++)
				imp_strbuf_add_text(&layers, "deep/");
			imp_strbuf_printf(&layers, "%d.x%d 1\n", f, r);
		}
	}
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = layers.data, .rules = rules.data});
	assert_int_equal(c->findings.count, RULES);
	for (size_t i = 0; i < c->findings.count; i++) {
		const struct imp_finding *f = &c->findings.list[i];
		assert_true(f->path_count >= 1);
		assert_int_equal(f->paths_total, FILES);
		for (size_t p = 0; p < f->path_count; p++)
			bytes += f->paths[p].len;
	}
	assert_true(bytes <= (8 << 20) + RULES * 4096);
	assert_true(bytes >= (7 << 20));
}
