/* What the image runs keeps files, lowers verdicts, or stands beside them: 1.2 to 1.4. */
#include <stdlib.h>
#include <unistd.h>

#include "classify_case.h"
#include "elf_writer.h"

#define TREE RULE_ROW("T", "/a/**", "dev-dep", "likely", "absent:A-NODE,A-NODEAUX", "at")
#define TOOL RULE_ROW("T", "/a/**", "toolchain", "certain", "unless:A-CC", "at")

CASE(an_anchor_that_is_present_drops_the_finding)
{
	expect(.layers = "layer\nfile a/x 4\nfile a/y 2\n", .rules = TREE,
	       .given = "present A-NODE CMD runs node\n", .verdicts = "a/x -\na/y -\n",
	       .dropped = "T:a A-NODE 6: CMD runs node\n");
}

CASE(an_anchor_that_is_absent_confirms_it)
{
	expect(.layers = "layer\nfile a/x 4\n", .rules = TREE, .given = "absent all\n",
	       .verdicts = "a/x T:a likely\n", .dropped = "");
}

CASE(what_is_not_known_lowers_tools)
{
	expect(.layers = "layer\nfile a/x 4\n", .rules = TOOL,
	       .verdicts = "a/x T:a likely\n");
	expect(.layers = "layer\nfile a/x 4\n", .rules = TOOL, .given = "absent A-CC\n",
	       .verdicts = "a/x T:a certain\n");
}

CASE(another_rule_takes_what_an_anchor_gave_back)
{
	expect(.layers = "layer\nfile a/x 4\nfile a/d/y 2\n",
	       .rules = TREE RULE_ROW("D", "/a/d/**", "docs", "possible", "-", "none"),
	       .given = "present A-NODE CMD runs node\n",
	       .verdicts = "a/d/y D possible\na/x -\n",
	       .dropped = "T:a A-NODE 4: CMD runs node\n");
}

CASE(an_image_for_development_has_nothing_to_sum)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/x 4\nlayer\nfile a/y 2\nwhiteout a/x\n",
			.rules = rule_of("/a/**"),
			.given = "present A-DEV NODE_ENV=development\n"});

	assert_int_equal(finding_at(c, "a/y")->confidence, IMP_CONFIDENCE_POSSIBLE);
	assert_int_equal(c->findings.reclaimable.disk_bytes, 4); /* hidden */
	assert_non_null(
		strstr(evidence_of(c, "X"), "possible only: NODE_ENV=development\n"));
}

CASE(an_opened_file_lowers_its_finding)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/x 4\nfile a/y 2\nfile b/z 1\n",
		.rules = RULE_ROW("X", "/a/** /b/**", "junk", "certain", "-", "at"),
		.given = "opened a/x\n"});

	assert_int_equal(finding_at(c, "a/y")->confidence, IMP_CONFIDENCE_POSSIBLE);
	assert_int_equal(finding_at(c, "b/z")->confidence, IMP_CONFIDENCE_CERTAIN);
	assert_non_null(strstr(evidence_of(c, "X:a@possible"),
			       "opened at run time: 1 file, 4 B\n"));
}

CASE(an_opened_metadata_file_lowers_nothing)
{
	expect(.layers = "layer\nfile a/t.dist-info/METADATA 4\nfile a/package.json 2\n"
			 "file a/x 1\n",
	       .rules = rule_of("/a/**"),
	       .given = "opened a/t.dist-info/METADATA\nopened a/package.json\n",
	       .findings = "X 3 7\n",
	       .verdicts = "a/package.json X certain\n"
			   "a/t.dist-info/METADATA X certain\n"
			   "a/x X certain\n");
}

CASE(links_that_stay_are_named)
{
	expect(.layers = "layer\nfile s/x 5\nlink m/x -> s/x\nfile s/y 2\n",
	       .rules = rule_of("/s/**"), .findings = "X 1 2\n",
	       .dropped = "X: linked 5: the same files have other names that stay, such "
			  "as /m/x\n");
	expect(.layers = "layer\nfile m/x 5\nlink s/x -> m/x\n",
	       .rules = rule_of("/s/**"), .findings = "",
	       .dropped = "X: linked 5: the same files have other names that stay, such "
			  "as /m/x\n");
}

#define SECRET_ROW(match) \
	"rule\tSEC\t" match "\tsecret\tcertain\t-\tnone\ta secret: {files}\t-\t-\n"

CASE(a_secret_takes_no_bytes)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/.env 40\nfile a/x 2\n",
			.rules = SECRET_ROW(".env !/b/**")
				RULE_ROW("X", "/a/**", "junk", "certain", "-", "none")});
	const struct imp_finding *f = finding_of(c, "SEC");

	assert_int_equal(f->sum.files, 1);
	assert_int_equal(f->sum.disk_bytes, 0);
	assert_string_equal(paths_of(c, "SEC"), "a/.env");
	assert_int_equal(finding_of(c, "X")->sum.disk_bytes, 42);
	assert_int_equal(c->findings.reclaimable.disk_bytes, 42);
	assert_int_equal(imp_warnings_count(c->warnings), 1);
	const struct imp_warning *w = imp_warnings_get(c->warnings, 0);
	assert_string_equal(w->code, "secret");
	assert_string_equal(w->message, "a secret: 1 file");
	assert_true(imp_slice_is(w->path, "a/.env"));
}

CASE(a_secret_in_the_configuration_is_named_without_its_value)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/x 1\n",
			.rules = SECRET_ROW("secret:config"),
			.environment = {"DB_PASSWORD=hunter2", "GPG_KEY=abcdef",
					"MONKEY=", "TOKEN_FILE=/run/t", "LANG=C"},
			.history = {"ARG api_token=s3cret # buildkit",
				    "RUN |1 A=b /bin/sh -c "
				    "KEY=$(cat /run/secrets/k) x"}});

	assert_string_equal(evidence_of(c, "SEC"),
			    "DB_PASSWORD has a value in the environment\n"
			    "api_token has a value in the history\n");
	assert_int_equal(c->findings.live.disk_bytes, 1);
}

CASE(a_hidden_key_is_still_there)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/.env 5\nfile a/node_modules/p/.env 3\n"
				  "layer\nwhiteout a\n",
			.rules = SECRET_ROW("secret:hidden")});

	assert_string_equal(paths_of(c, "SEC"), "a/.env");
}

CASE(bytes_of_the_base_are_told_apart)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/x 4\nlayer\nfile b/y 2\n",
		.rules = RULE_ROW("X", "/a/** /b/**", "junk", "certain", "-", "at"),
		.base_layers = 1});

	assert_true(finding_at(c, "a/x")->in_base);
	assert_false(finding_at(c, "b/y")->in_base);
}

CASE(a_build_that_ended_is_the_base)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile a/x 4\nlayer\nfile b/y 2\nlayer\nfile c/z "
				  "1\n",
			.history = {"ADD rootfs.tar.xz /", "-CMD [\"bash\"]", "RUN make",
				    "-CMD [\"python3\"]", "COPY . .", "-CMD [\"x\"]"},
			.rules = RULE_ROW("X", "/a/** /b/** /c/**", "junk", "certain",
					  "-", "at")});

	assert_true(finding_at(c, "a/x")->in_base);
	assert_true(finding_at(c, "b/y")->in_base);
	assert_false(finding_at(c, "c/z")->in_base);
}

CASE(an_archive_at_the_root_is_the_base)
{
	imp_auto_destroy(
		classified) struct classified *c = classify_case(&(struct image_case){
		.layers = "layer\nfile a/x 4\nlayer\nfile b/y 2\n",
		.history = {"ADD base.tar / # buildkit", "COPY . .", "-CMD [\"x\"]"},
		.rules = RULE_ROW("X", "/a/** /b/**", "junk", "certain", "-", "at")});

	assert_true(finding_at(c, "a/x")->in_base);
	assert_false(finding_at(c, "b/y")->in_base);
}

/* G14: an anchor keeps what it names, and the reason says which it was. */
CASE(a_compiler_of_a_jit_stays)
{
	expect(.layers =
		       "layer\nfile usr/bin/gcc 9\nfile usr/include/python3.11/Python.h "
		       "5\nfile usr/include/stdio.h 2\n",
	       .given =
		       "absent all\npresent A-CC triton compiles kernels\npresent A-PYH "
		       "triton includes Python.h\n"
		       "package dpkg gcc 12 section=devel flags=root\nowns usr/bin/gcc\n",
	       .findings = "",
	       .dropped = "DEB-CC:gcc A-CC 9: triton compiles kernels\n"
			  "PY-INC: A-CC 5: triton compiles kernels\n"
			  "GEN-INC: A-CC 2: triton compiles kernels\n");
}

CASE(the_driver_of_selenium_stays)
{
	expect(.layers = "layer\nfile usr/bin/chromedriver 9\n",
	       .given = "absent all\npresent A-DRIVER selenium is imported\n"
			"package dpkg chromium-driver 12 flags=root\nowns "
			"usr/bin/chromedriver\n",
	       .findings = "",
	       .dropped = "BR-DRIVER: A-DRIVER 9: selenium is imported\n");
	expect(.layers = "layer\nfile usr/bin/chromedriver 9\n",
	       .given = "absent all\npackage dpkg chromium-driver 12 flags=root\nowns "
			"usr/bin/chromedriver\n",
	       .findings = "BR-DRIVER 1 9\n");
}

CASE(the_node_of_execjs_stays)
{
	expect(.layers = "layer\nfile usr/bin/node 9\nfile code/node_modules/a/x.js 5\n",
	       .workdir = "/code",
	       .given = "absent all\npresent A-NODEAUX execjs calls node\n"
			"package dpkg nodejs 18 flags=root\nowns usr/bin/node\n",
	       .findings = "",
	       .dropped = "DEB-NODE: A-NODEAUX 9: execjs calls node\n"
			  "NPM-TREE:code/node_modules A-NODEAUX 5: execjs calls node\n");
}

/* G5: build tools among the dependencies, and nothing that starts node. */
CASE(a_tree_that_nothing_starts_goes)
{
	expect(.layers = "layer\nfile code/node_modules/a/x.js 5\nfile "
			 "code/node_modules/a/x.js.map 3\n",
	       .workdir = "/code",
	       .given =
		       "absent all\npackage npm a 1 flags=root\nowns code/node_modules\n",
	       .findings = "NPM-TREE:code/node_modules 2 8\n",
	       .verdicts =
		       "code/node_modules/a/x.js NPM-TREE:code/node_modules likely\n"
		       "code/node_modules/a/x.js.map NPM-TREE:code/node_modules likely\n");
}

/* Django's settings may name the folder as one of static files. */
CASE(a_tree_that_may_be_served_is_only_possible)
{
	expect(.layers = "layer\nfile code/node_modules/a/x.js 5\n", .workdir = "/code",
	       .given =
		       "absent all\nunknown A-SERVED /code/settings.py names node_modules\n"
		       "package npm a 1 flags=root\nowns code/node_modules\n",
	       .verdicts = "code/node_modules/a/x.js NPM-TREE:code/node_modules "
			   "possible\n");
}

/* So may those of development packages be. */
CASE(packages_that_may_be_served_are_only_likely)
{
	expect(.layers = "layer\nfile code/node_modules/d/x.js 5\n", .workdir = "/code",
	       .given =
		       "absent all\nunknown A-SERVED /code/settings.py names node_modules\n"
		       "package npm d 1 flags=dev,root\nowns code/node_modules/d\n",
	       .verdicts = "code/node_modules/d/x.js NPM-DEV likely\n");
}

CASE(scripts_of_perl_and_windows_keep_their_packages)
{
	expect(.layers = "layer\nfile usr/bin/perl 9\nfile usr/bin/Xvfb 5\n",
	       .given = "absent all\npresent A-PERL /srv/x is a script of Perl\n"
			"present A-WINDOW /a.py opens a browser that is not headless\n"
			"package dpkg perl 5 flags=root\nowns usr/bin/perl\n"
			"package dpkg xvfb 2 flags=root\nowns usr/bin/Xvfb\n",
	       .findings = "",
	       .dropped = "DEB-PERL: A-PERL 9: /srv/x is a script of Perl\n"
			  "BR-XVFB:xvfb A-WINDOW 5: /a.py opens a browser that is not "
			  "headless\n");
}

/* Only the languages that are asked for stay. */
CASE(other_languages_go)
{
	expect(.layers = "layer\nfile usr/share/locale/de/a.mo 9\n"
			 "file usr/share/locale/fr/a.mo 5\n",
	       .given = "absent all\npresent A-L10N ENV LANG=de_DE.UTF-8\n",
	       .environment = {"LANG=de_DE.UTF-8"}, .findings = "DEB-LOCALE 1 5\n");
}

/* Build tools of production go, but not what a package that is no tool requires. */
CASE(a_tool_that_production_requires_stays)
{
	expect(.layers = "layer\nfile code/node_modules/postcss/x.js 5\nfile "
			 "code/node_modules/prettier/x.js 3\nfile "
			 "code/node_modules/app/x.js 1\n",
	       .workdir = "/code",
	       .given = "absent all\npresent A-NODE node server.js\n"
			"package npm postcss 8 flags=root\nowns "
			"code/node_modules/postcss\n"
			"package npm prettier 3 flags=root\nowns "
			"code/node_modules/prettier\n"
			"package npm app 1 flags=root\nowns code/node_modules/app\n"
			"needs postcss\n",
	       .findings = "NPM-TOOLNAME 1 3\n",
	       .dropped =
		       "NPM-TREE:code/node_modules A-NODE 6: node server.js\n"
		       "NPM-TOOLNAME:postcss held 5: kept: postcss, required by app\n");
}

/* This program itself: it has symbols, and a section for each. */
CASE(symbols_are_a_part_of_a_file)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\ncopy a/x /proc/self/exe\n",
				     .given = "absent all\n"});
	const struct imp_finding *f = finding_of(c, "GEN-STRIP");

	assert_true(f->partial);
	assert_int_equal(f->sum.files, 1);
	assert_int_equal(c->findings.partial_count, 1);
	assert_int_equal(c->findings.partials[0].disk_bytes, f->sum.disk_bytes);
	assert_true(f->sum.disk_bytes > 0 &&
		    f->sum.disk_bytes < c->findings.live.disk_bytes);
	assert_null(finding_at(c, "a/x"));
	assert_int_equal(c->findings.class_count, 2);
	assert_int_equal(c->findings.classes[0].sum.disk_bytes +
				 c->findings.classes[1].sum.disk_bytes,
			 c->findings.live.disk_bytes);
}

/* Of some 100,000 bytes ELF_DEBUG_BYTES and MORE can be stripped. */
static struct classified *classify_small_symbols(bool rust, size_t more)
{
	struct elf_plan plan = {
		.wide = true, .rust = rust, .gap = 100000, .more_debug = more};
	imp_auto(imp_strbuf_finish) struct imp_strbuf file = {0}, layers = {0};
	char path[] = "/tmp/imgprof-test-XXXXXX";
	int fd = mkstemp(path);

	elf_write(&file, &plan);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, file.data, file.len), file.len);
	close(fd);
	imp_strbuf_printf(&layers, "layer\ncopy a/x %s\n", path);
	imp_strbuf_add_char(&layers, '\0');
	struct classified *c = classify_case(
		&(struct image_case){.layers = layers.data, .given = "absent all\n"});
	unlink(path);
	return c;
}

/* A bound keeps a distribution's thousand files out of the report, not somebody's own program. */
CASE(few_symbols_of_a_rust_program_count)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_small_symbols(true, 5000);

	assert_int_equal(c->findings.partial_count, 1);
	assert_int_equal(finding_of(c, "RS-SYM")->sum.disk_bytes, ELF_DEBUG_BYTES + 5000);
}

CASE(few_symbols_of_another_file_do_not)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_small_symbols(false, 5000);

	assert_int_equal(c->findings.partial_count, 0);
	assert_int_equal(c->findings.count, 0);
}

/* A file that was stripped still has its .comment. */
CASE(what_strip_leaves_is_no_finding)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_small_symbols(true, 0);

	assert_int_equal(c->findings.count, 0);
}

CASE(no_part_is_taken_of_a_file_that_goes_whole)
{
	expect(.layers = "layer\ncopy tmp/x /proc/self/exe\n", .given = "absent all\n",
	       .verdicts = "tmp/x GEN-TMP certain\n");
}

CASE(a_profiler_keeps_symbols)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\ncopy a/x /proc/self/exe\n",
				     .given = "present A-PROF perf is started\n"});

	assert_int_equal(c->findings.count, 0);
	assert_int_equal(c->findings.partial_count, 0);
	assert_int_equal(c->findings.dropped_count, 1);
	assert_string_equal(c->findings.dropped[0].rule, "GEN-STRIP");
	assert_string_equal(c->findings.dropped[0].anchor, "A-PROF");
	assert_true(c->findings.dropped[0].sum.disk_bytes > 0);
}

CASE(an_env_file_is_told_by_its_names)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\ntext code/.env "
					       "DB_PASSWORD=hunter2\\nDEBUG=1\\n\n",
				     .workdir = "/code"});

	assert_string_equal(paths_of(c, "SEC-ENV"), "code/.env");
	assert_null(strstr(evidence_of(c, "SEC-ENV"), "hunter2"));
}

CASE(a_key_is_told_by_its_content)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(
		&(struct image_case){.layers = "layer\ntext etc/x/a.key -----BEGIN "
					       "RSA\\sPRIVATE\\sKEY-----\\nabc\\n\n"
					       "text etc/x/b.key nothing\\n\n"});

	assert_string_equal(paths_of(c, "SEC-PEM"), "etc/x/a.key");
}
