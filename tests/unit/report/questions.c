/* What the text screen says of packages, of what is kept, and in answer to questions. */
#include "analysed.h"

#include "imgprof/cleanup.h"
#include "imgprof/width.h"

static const struct imp_report_options narrow = {.width = 80, .unicode = true};

/* A C compiler that nothing reaches, a library that python does, caches, a symlink, waste. */
static const char text[] =
	"layer\nfile usr/bin/gcc-12 3000000\nsymlink usr/bin/gcc -> gcc-12\n"
	"file usr/lib/libz.so 200000\nfile usr/bin/python3 900000\n"
	"file var/cache/a 5000000\nfile var/cache/b 70000\n"
	"layer\nfile var/cache/a 4000000\nfile usr/share/doc/x 1000\n"
	"layer\nwhiteout var/cache/b\n";

static const uint16_t first_layer[] = {0};
static const char *const because[] = {"/var/lib/dpkg/status: installed"};
static const struct imp_slice key_paths[] = {{"root/.ssh/id_rsa", 16}};

static struct imp_finding found(const char *rule, enum imp_class class,
				enum imp_confidence confidence, uint64_t disk_bytes)
{
	return (struct imp_finding){
		.id = rule,
		.rule = rule,
		.class = class,
		.confidence = confidence,
		.title = "a title",
		.evidence = because,
		.evidence_count = 1,
		.layers = first_layer,
		.layer_count = 1,
		.hidden_by = IMP_NOT_HIDDEN,
		.sum = {1, disk_bytes, disk_bytes / 2},
		.fix_kind = "F-STAGE",
		.fix_text = "build in a first stage",
	};
}

struct shown {
	struct analysed a;
	struct imp_finding list[8];
	struct imp_dropped dropped[1];
	struct imp_dependency dependency;
};

static void mark(struct shown *s, const char *path, uint32_t finding)
{
	uint32_t *finding_of = analysed_edit(s->a.findings.finding_of);
	uint8_t *class_of = analysed_edit(s->a.findings.class_of);
	uint32_t record = analysed_file(&s->a, path);

	finding_of[record] = finding;
	class_of[record] = (uint8_t)s->list[finding].class;
}

static void read_image(struct shown *s)
{
	struct analysed *a = &s->a;
	size_t wasted;

	*s = (struct shown){0};
	analysed_read(a, text);
	analysed_with_evidence(a);
	wasted = a->findings.count;
	memcpy(s->list, a->findings.list, wasted * sizeof(*s->list));
	s->list[wasted] =
		found("DEB-CC", IMP_CLASS_TOOLCHAIN, IMP_CONFIDENCE_LIKELY, 3000000);
	s->list[wasted + 1] =
		found("DEB-DOC", IMP_CLASS_DOCS, IMP_CONFIDENCE_CERTAIN, 1000);
	s->list[wasted + 2] =
		found("SEC-KEY", IMP_CLASS_SECRET, IMP_CONFIDENCE_CERTAIN, 0);
	s->list[wasted].title = "a title, 3.00 MB";
	s->list[wasted + 2].title = "private keys";
	s->list[wasted + 2].paths = key_paths;
	s->list[wasted + 2].path_count = s->list[wasted + 2].paths_total = 1;
	a->findings.list = s->list;
	a->findings.count = wasted + 3;
	a->findings.reclaimable = (struct imp_sum){3, 8001000, 4000500};
	mark(s, "usr/bin/gcc-12", (uint32_t)wasted);
	mark(s, "usr/share/doc/x", (uint32_t)wasted + 1);
	analysed_package(a, IMP_MANAGER_DPKG, "gcc-12", "usr/bin/gcc-12");
	analysed_package(a, IMP_MANAGER_DPKG, "python3", "usr/bin/python3");
	analysed_package(a, IMP_MANAGER_DPKG, "zlib1g", "usr/lib/libz.so");
	analysed_package(a, IMP_MANAGER_NPM, "left-pad", "");
	s->dependency = (struct imp_dependency){.to = 2};
	a->packages.dependencies = &s->dependency;
	a->packages.dependency_count = 1;
	a->package_list[1].dependency_count = 1;
	analysed_reach(a, 1, "run by CMD");
	analysed_reach(a, 2, "needed by python3");
	uint8_t *reached = analysed_edit(a->runtime.reached);
	uint32_t *from = analysed_edit(a->runtime.reached_from);
	uint32_t library = analysed_file(a, "usr/lib/libz.so");
	reached[library] = IMP_REACH_LINK;
	from[library] = analysed_file(a, "usr/bin/python3");
	s->dropped[0] = (struct imp_dropped){
		.rule = "DEB-PY",
		.subject = IMP_SLICE("python3"),
		.anchor = "A-GIT",
		.evidence = "CMD runs /usr/bin/python3",
		.sum = {1, 900000, 450000},
	};
	a->findings.dropped = s->dropped;
	a->findings.dropped_count = 1;
}

static size_t count_lines(const char *out)
{
	size_t lines = 0;

	for (; *out; out++)
		lines += *out == '\n';
	return lines;
}

static char *ask(struct shown *s, struct imp_report_questions questions)
{
	return render(&s->a, "text",
		      (struct imp_report_options){.units = IMP_UNITS_BYTES,
						  .questions = questions});
}

CASE(the_screen_tells_of_packages_secrets_and_what_is_kept)
{
	struct shown s;

	read_image(&s);
	imp_auto_free char *out = render(&s.a, "text", narrow);
	assert_holds(out, "\nPackages reached by what runs: 2 of 3 dpkg, 0 of 1 npm\n");
	assert_holds(out, "\nSecrets: private keys: /root/.ssh/id_rsa\n");
	assert_holds(out, "1 kept, for it is used (-v shows all)\n");
	assert_lacks(out, "[SEC-KEY]");
	s.a.runtime.readable = false;
	s.a.runtime.unreadable_reason = "a script is too large";
	imp_auto_free char *unknown = render(&s.a, "text", narrow);
	assert_holds(unknown, "\nPackages: 3 dpkg, 1 npm\n");
	analysed_finish(&s.a);
}

/* Ten layers, ten findings, a secret, every line there is: 24 rows of 80 columns. */
CASE(the_screen_fits_a_terminal)
{
	static const struct imp_dropped dropped[99];
	imp_auto(imp_strbuf_finish) struct imp_strbuf lines = {0};
	static const struct imp_slice instruction = IMP_SLICE(
		"RUN a very long command line that goes on and on and on and on "
		"and on and on and on and on until it is cut");
	struct analysed a;
	struct imp_finding list[11];

	for (int i = 0; i < 10; i++)
		imp_strbuf_printf(&lines, "layer\nfile f%d %d\n", i, 1000 * (i + 1));
	analysed_read(&a, lines.data);
	analysed_with_evidence(&a);
	for (int manager = 0; manager < IMP_MANAGERS; manager++)
		analysed_package(&a, (enum imp_manager)manager, "p", "");
	for (int i = 0; i < 10; i++)
		list[i] = found("RULE-WITH-A-LONG-NAME", IMP_CLASS_DOCS,
				IMP_CONFIDENCE_CERTAIN, 1000);
	list[10] = found("SEC-KEY", IMP_CLASS_SECRET, IMP_CONFIDENCE_CERTAIN, 0);
	a.findings.list = list;
	a.findings.count = 11;
	a.findings.reclaimable = (struct imp_sum){10, 10000, 5000};
	a.findings.by_confidence[IMP_CONFIDENCE_POSSIBLE] =
		(struct imp_sum){1, 999999999, 1};
	a.findings.dropped = dropped;
	a.findings.dropped_count = 99;
	for (size_t i = 0; i < 10; i++)
		a.layers[i].instruction = instruction;
	imp_auto_free char *out = render(&a, "text", narrow);
	if (count_lines(out) > 24)
		fail_msg("%zu lines:\n%s", count_lines(out), out);
	char *rest;
	for (char *line = strtok_r(out, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		if (imp_width(imp_slice_of(line)) > 80)
			fail_msg("too wide: %s", line);
	analysed_finish(&a);
}

CASE(in_full_there_is_what_is_kept_shipped_and_started)
{
	static const struct imp_slice argv[] = {{"python3", 7}, {"a\nb.py", 6}};
	static const struct imp_started started = {
		.origin = "CMD", .argv = argv, .argc = 2, .certain = true};
	struct shown s;

	read_image(&s);
	s.a.runtime.started = &started;
	s.a.runtime.started_count = 1;
	imp_auto_free char *out = render(
		&s.a, "text",
		(struct imp_report_options){.units = IMP_UNITS_BYTES, .detail = true});
	assert_holds(out, "kept: python3, A-GIT: CMD runs /usr/bin/python3\n");
	assert_holds(out, "    dpkg                3  4100000        2  1100000\n");
	assert_holds(out, "dpkg:zlib1g   reached: needed by python3\n");
	assert_holds(out, "    CMD: python3 a\\x0ab.py\n");
	assert_holds(out, "[SEC-KEY]");
	analysed_finish(&s.a);
}

CASE(a_filter_is_said_on_the_screen)
{
	struct shown s;

	read_image(&s);
	imp_auto_free char *out = render(
		&s.a, "text",
		(struct imp_report_options){
			.units = IMP_UNITS_BYTES,
			.filter = {.has_manager = true, .manager = IMP_MANAGER_DPKG}});
	assert_holds(out, "Filtered: listed are only dpkg packages");
	assert_holds(out, "[DEB-CC]");
	assert_lacks(out, "[DEB-DOC]");
	assert_lacks(out, "npm:left-pad");
	assert_holds(out, "Can go: 8001000 on disk");
	analysed_finish(&s.a);
}

CASE(why_a_file_is_there)
{
	static const char *const paths[] = {"/usr/lib/libz.so", "usr/bin/gcc"};
	struct shown s;

	read_image(&s);
	imp_auto_free char *out =
		ask(&s, (struct imp_report_questions){.why = paths, .why_count = 2});
	assert_holds(out, "/usr/lib/libz.so  (example/web:1)\n"
			  "    written: file, 200000 on disk");
	assert_holds(out, "by layer 0 (RUN step)\n");
	assert_holds(out, "    owner: dpkg:zlib1g\n    needed by: dpkg:python3\n");
	assert_holds(out, "    class: runtime\n");
	assert_holds(out, "    reached: linked or loaded, from /usr/bin/python3\n");
	assert_holds(out, "its package is reached: needed by python3\n");
	assert_holds(out, "no rule says that it can go");
	/* The symlink is followed. */
	assert_holds(out, "written: symlink to gcc-12, by layer 0");
	assert_holds(out, "/usr/bin/gcc-12  (example/web:1)\n");
	assert_holds(out, "    class: toolchain\n");
	assert_holds(out, "    reached: by nothing that runs\n");
	assert_holds(out, "why: /var/lib/dpkg/status: installed\n");
	assert_lacks(out, "Next:");
	analysed_finish(&s.a);
}

CASE(why_a_file_was_kept_and_who_hid_one)
{
	static const char *const paths[] = {"usr/bin/python3", "var/cache/b"};
	struct shown s;

	read_image(&s);
	imp_auto_free char *out =
		ask(&s, (struct imp_report_questions){.why = paths, .why_count = 2});
	assert_holds(out, "    kept: [DEB-PY] would take python3, but A-GIT: CMD runs "
			  "/usr/bin/python3\n");
	assert_holds(out, "/var/cache/b  (example/web:1)  gone from the image\n");
	assert_holds(out, "deleted by layer 2 (RUN step) [WASTE-DELETED:layer 0 hidden "
			  "by layer 2]\n");
	analysed_finish(&s.a);
}

CASE(why_a_folder_is_large)
{
	static const char *const paths[] = {"usr", "/"};
	struct shown s;

	read_image(&s);
	imp_auto_free char *out =
		ask(&s, (struct imp_report_questions){.why = paths, .why_count = 2});
	assert_holds(out, "/usr  (example/web:1)\n    live: 4 files, 4101000 on disk");
	assert_holds(out, "    owner: dpkg:gcc-12: 1 file, 3000000 on disk");
	assert_holds(out, "    owner: no package: 1 file, 1000 on disk");
	assert_holds(out, "    finding: 1 file, 3000000 on disk");
	assert_holds(out, "/  (example/web:1)\n    live: 5 files, 8101000 on disk");
	assert_holds(out, "    hidden: 2 files, 5070000 on disk");
	analysed_finish(&s.a);
}

CASE(a_path_that_no_layer_has)
{
	struct shown s;
	struct imp_error err = {0};

	read_image(&s);
	const struct imp_analysis *images[] = {&s.a.analysis};
	struct imp_report report = {.images = images, .image_count = 1};
	assert_ok(imp_report_path_known(&report, "/var/cache/b", &err), &err);
	assert_ok(imp_report_path_known(&report, "/", &err), &err);
	assert_fails(imp_report_path_known(&report, "opt/gcc-12", &err), IMP_E_NOT_FOUND,
		     "opt/gcc-12", &err);
	assert_string_equal(err.hint, "near: /usr/bin/gcc-12");
	assert_fails(imp_report_path_known(&report, "/usr/bin/pyton3", &err),
		     IMP_E_NOT_FOUND, "pyton3", &err);
	assert_string_equal(err.hint, "near: /usr/bin/python3");
	analysed_finish(&s.a);
}

CASE(what_if_is_exact_on_disk)
{
	static const char *const terms[] = {"toolchain", "DEB-DOC"};
	struct shown s;

	read_image(&s);
	imp_auto_free char *out = ask(
		&s, (struct imp_report_questions){.without = terms, .without_count = 2});
	assert_holds(out, "example/web:1 without toolchain, DEB-DOC\n"
			  "10170000 on disk instead of 13171000, about ");
	assert_holds(out, "goes: 2 files, 3001000 on disk, 2 findings\n");
	analysed_finish(&s.a);
}

CASE(fixes_stand_in_order_of_bytes)
{
	struct shown s;

	read_image(&s);
	imp_auto_free char *out = ask(&s, (struct imp_report_questions){.fixes = true});
	const char *stage = strstr(out, " on disk, 1500500 to pull\n"
					"    build in a first stage\n");
	assert_holds(out, "\n 1. 5000000 on disk");
	assert_non_null(stage);
	/* Findings with the same fix are one step. */
	assert_holds(out, "    - 3000000 likely, a title [DEB-CC]\n"
			  "    - 1000 certain, a title [DEB-DOC]\n"
			  "    layer 0  RUN step\n");
	assert_lacks(out, "[SEC-KEY]");
	analysed_finish(&s.a);
}

/* The bytes at the end of a title are its column's. */
CASE(bytes_of_a_finding_stand_once_in_its_line)
{
	struct shown s;

	read_image(&s);
	imp_auto_free char *out = ask(&s, (struct imp_report_questions){.fixes = true});
	assert_lacks(out, "3.00 MB");
	assert_holds(out, "- 3000000 likely, a title [DEB-CC]\n");
	analysed_finish(&s.a);
}
