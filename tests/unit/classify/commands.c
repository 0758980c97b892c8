/* Commands in fix texts: they must do what they say, and to nothing that stays. */
#include "classify_case.h"

#define SITE "usr/lib/python3/dist-packages/"

static void expect_command(const struct image_case *image, const char *id,
			   const char *command)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(image);

	const char *text = finding_of(c, id)->fix_text;

	if (!strstr(text, command))
		fail_msg("%s", text);
}

static const char many[] = "layer\n"
			   "file " SITE "a/1.pyi 1\nfile " SITE "a/2.pyi 1\n"
			   "file " SITE "a/3.pyi 1\nfile " SITE "a/b/4.pyi 1\n"
			   "file " SITE "a/b/5.pyi 1\nfile " SITE "a/b/6.pyi 1\n"
			   "file " SITE "a/b/7.pyi 1\nfile " SITE "a/b/x.py 1\n";

CASE(few_files_are_deleted_by_name)
{
	expect_command(&(struct image_case){.layers = "layer\nfile " SITE "a/1.pyi 1\n"
						      "file " SITE
						      "a/b\\sc.pyi 2\nfile " SITE
						      "a/x.py 1\n"},
		       "PY-PYI:usr/lib/python3/dist-packages",
		       "`rm -rf '/" SITE "a/b c.pyi' /" SITE "a/1.pyi`");
}

CASE(many_files_are_deleted_by_ending)
{
	expect_command(
		&(struct image_case){.layers = many},
		"PY-PYI:usr/lib/python3/dist-packages",
		"`find /usr/lib/python3/dist-packages -type f -name '*.pyi' -delete`");
}

/* librosa reads its stubs when it starts: a guard of the rule keeps them. */
CASE(a_command_by_ending_spares_what_stays)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_printf(&layers, "%sfile %slibrosa/__init__.pyi 1\n", many, SITE);
	expect_command(&(struct image_case){.layers = layers.data},
		       "PY-PYI:usr/lib/python3/dist-packages",
		       "`find /" SITE "a -type f -name '*.pyi' -delete`");
}

/* A folder, and beside it in the same one a file that stays: the rest by its own name. */
CASE(a_command_by_ending_goes_as_deep_as_it_must)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf rules = {0};

	imp_strbuf_add_text(&rules, "rule\tX\tSP/**/*.k !SP/a/stays.k\tjunk\tcertain\t-"
				    "\torigin\tx\tF-X\t-\nfix\tF-X\t{prune}\n");
	expect_command(&(struct image_case){.layers = "layer\nfile " SITE "a/stays.k 1\n"
						      "file " SITE "a/1.k 1\n"
						      "file " SITE "a/b/1.k 1\n"
						      "file " SITE "a/b/2.k 1\n"
						      "file " SITE "a/b/3.k 1\n"
						      "file " SITE "a/b/4.k 1\n"
						      "file " SITE "a/b/5.k 1\n"
						      "file " SITE "a/b/6.py 1\n"
						      "file " SITE "c/6.k 1\nfile " SITE
						      "c/6.py 1\n",
					    .rules = rules.data},
		       "X:usr/lib/python3/dist-packages", " -type f -name '*.k' -delete");
}

#define LOCALES \
	"rule\tX\tSP/a/**/locale/*/** !SP/a/**/locale/en/**\tlocale\tpossible\t-\torigin" \
	"\tx\tF-X\t-\nfix\tF-X\t{prune}\n"

/* Ten folders with translations, in each one language that stays. */
static void add_locales(struct imp_strbuf *text)
{
	imp_strbuf_add_text(text, "layer\nfile " SITE "b/x.mo 1\n");
	for (int i = 10; i < 20; i++)
		imp_strbuf_printf(text,
				  "file %sa/%d/locale/de/x.mo 1\n"
				  "file %sa/%d/locale/en/x.mo 1\n",
				  SITE, i, SITE, i);
}

/* What stays lies in many places under one name that nothing which goes has. */
CASE(a_command_by_ending_names_what_stays)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	add_locales(&layers);
	expect_command(&(struct image_case){.layers = layers.data, .rules = LOCALES},
		       "X:usr/lib/python3/dist-packages",
		       "find /usr/lib/python3/dist-packages -type f -name '*.mo' ! -path "
		       "'*/en/*' ! -path '*/b/*' -delete`");
}

/* Modules of Python stand everywhere; translations are most of the files. */
CASE(a_command_leaves_an_ending_that_it_cannot_tell)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	add_locales(&layers);
	imp_strbuf_add_text(&layers, "file " SITE "a/10/locale/de/f.py 1\n");
	for (int i = 0; i < 10; i++)
		imp_strbuf_printf(&layers, "file %sa/m%d/f.py 1\n", SITE, i);
	expect_command(&(struct image_case){.layers = layers.data, .rules = LOCALES},
		       "X:usr/lib/python3/dist-packages",
		       "! -path '*/b/*' -delete` and 1 more, which `-o ndjson` lists");
}

CASE(a_command_without_a_subject_begins_where_all_paths_are)
{
	expect_command(
		&(struct image_case){
			.layers =
				"layer\nfile usr/lib/p/x/1.k 1\nfile usr/lib/p/x/2.k 1\n"
				"file usr/lib/p/x/3.k 1\nfile usr/lib/p/x/4.k 1\n"
				"file usr/lib/p/x/5.k 1\nfile usr/lib/p/x/6.k 1\n"
				"file usr/lib/p/x/y/7.k 1\nfile usr/lib/p/x/z.py 1\n"
				"file usr/lib/p/x/y/z.py 1\n",
			.rules = "rule\tX\t**/*.k\tjunk\tcertain\t-\tnone\tx\tF-X\t-\n"
				 "fix\tF-X\t{prune}\n"},
		"X", "`find /usr/lib/p/x -type f -name '*.k' -delete`");
}

/* No command can be cut short and still be one. */
CASE(paths_beyond_the_first_are_counted_behind_the_command)
{
	expect_command(
		&(struct image_case){
			.layers = "layer\nfile a/1.k 1\nfile b/2.k 1\nfile c/3.k 1\n"
				  "file d/4.k 1\nfile e/5.k 1\nfile f/6.k 1\n"
				  "file g/7.k 1\nfile g/8 1\nfile a/8 1\nfile b/8 1\n"
				  "file c/8 1\nfile d/8 1\nfile e/8 1\nfile f/8 1\n",
			.rules = "rule\tX\t**/*.k\tjunk\tcertain\t-\tnone\tx\tF-X\t-\n"
				 "fix\tF-X\t{prune}\n"},
		"X",
		"`rm -rf /a/1.k /b/2.k /c/3.k /d/4.k /e/5.k /f/6.k` and 1 more, which "
		"`-o ndjson` lists");
}

CASE(a_pruned_tree_is_copied_as_a_whole)
{
	expect_command(
		&(struct image_case){
			.layers = "layer\nfile code/node_modules/a/x 9\n"
				  "file code/node_modules/b/x 1\n"
				  "file code/node_modules/.package-lock.json 1\n",
			.given = "package npm a 1 flags=dev "
				 "home=code/node_modules/a "
				 "database=code/node_modules/.package-lock.json\n"
				 "owns code/node_modules/a\n"
				 "package npm b 1 home=code/node_modules/b "
				 "database=code/node_modules/.package-lock.json\n"
				 "owns code/node_modules/b\nabsent all\n"},
		"NPM-DEV:code/node_modules",
		"`COPY --from=build /code/node_modules /code/node_modules`");
}

#define PIP(home) \
	"package python pip 23 home=" home "/pip-23.dist-info\nowns " home "/pip\n" \
	"absent all\n"

CASE(an_environment_is_copied_as_a_whole)
{
	expect_command(
		&(struct image_case){
			.layers = "layer\nfile opt/e/pyvenv.cfg 1\n"
				  "file opt/e/lib/python3.11/site-packages/pip/x.py 9\n"
				  "file opt/e/lib/python3.11/site-packages/"
				  "pip-23.dist-info/METADATA 1\n",
			.given = PIP("opt/e/lib/python3.11/site-packages")},
		"PY-INSTALLER:pip", "`COPY --from=build /opt/e /opt/e`");
}

CASE(without_an_environment_the_folder_of_packages_is_copied)
{
	expect_command(
		&(struct image_case){
			.layers =
				"layer\nfile usr/local/lib/python3.11/site-packages/pip/"
				"x.py 9\n"
				"file usr/local/lib/python3.11/site-packages/"
				"pip-23.dist-info/METADATA 1\n",
			.given = PIP("usr/local/lib/python3.11/site-packages")},
		"PY-INSTALLER:pip",
		"`COPY --from=build /usr/local/lib/python3.11/site-packages "
		"/usr/local/lib/python3.11/site-packages`");
}

CASE(the_distributions_folder_of_packages_is_not_copied)
{
	expect_command(
		&(struct image_case){.layers =
					     "layer\nfile " SITE "pip/x.py 9\nfile " SITE
					     "pip-23.dist-info/METADATA 1\n",
				     .given = PIP("usr/lib/python3/dist-packages")},
		"PY-INSTALLER:pip", "`COPY --from=build /opt/venv /opt/venv`");
}
