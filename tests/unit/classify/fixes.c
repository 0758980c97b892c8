/* Texts of fixes: lines that a reader can use, about what the image is made of. */
#include "classify_case.h"

#define LONG_RUN \
	"RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates " \
	"gcc make python3-dev curl gnupg nodejs npm libpq5 python3-psycopg2 gunicorn " \
	"python3-django"

static void expect_fix(const struct image_case *image, const char *id, const char *kind,
		       const char *text)
{
	imp_auto_destroy(classified) struct classified *c = classify_case(image);
	const struct imp_finding *f = finding_of(c, id);

	assert_string_equal(f->fix_kind, kind);
	assert_string_equal(f->fix_text, text);
}

/* gcc brings cpp and the crt, whose objects a rule of their own names; zlib stays. */
#define COMPILER \
	"layer\nfile usr/bin/gcc 100\nfile usr/bin/cpp 50\nfile usr/lib/crt1.o 3\n" \
	"file usr/lib/z.so 5\nfile usr/share/pkgconfig/z.pc 2\nfile " \
	"var/lib/dpkg/status 1\n"
#define OF_DPKG " database=var/lib/dpkg/status\n"
#define COMPILER_PACKAGES \
	"package dpkg gcc 12 flags=root" OF_DPKG "owns usr/bin/gcc\nneeds cpp\n" \
	"package dpkg cpp 12" OF_DPKG "owns usr/bin/cpp\nneeds crt\n" \
	"package dpkg crt 12" OF_DPKG "owns usr/lib/crt1.o\n" \
	"package dpkg zlib 1 flags=root" OF_DPKG "owns usr/lib/z.so\nowns " \
	"usr/share/pkgconfig/z.pc\nabsent all\n"

#define LEAVE_GCC(instruction) \
	"leave gcc out of " instruction \
	"; build in a first stage: `FROM ... AS build`, " \
	"there `RUN apt-get update && apt-get install -y --no-install-recommends gcc`; " \
	"in the final one only the product: `COPY --from=build /app/... /app/`"

CASE(a_build_stage_installs_what_was_asked_for)
{
	expect_fix(&(struct image_case){.layers = COMPILER,
					.given = COMPILER_PACKAGES,
					.instructions = {"RUN apt-get install gcc zlib"}},
		   "DEB-CC:gcc", "F-STAGE",
		   LEAVE_GCC("`RUN apt-get install gcc zlib` (layer 0)"));
}

/* Half of an instruction is of no use to anybody. */
CASE(a_long_instruction_is_named_by_its_layer)
{
	expect_fix(&(struct image_case){.layers = COMPILER,
					.given = COMPILER_PACKAGES,
					.instructions = {LONG_RUN}},
		   "DEB-CC:gcc", "F-STAGE", LEAVE_GCC("the RUN of layer 0"));
}

CASE(an_instruction_of_another_builder_is_a_step)
{
	expect_fix(&(struct image_case){.layers = COMPILER,
					.given = COMPILER_PACKAGES,
					.instructions = {"nix " LONG_RUN}},
		   "DEB-CC:gcc", "F-STAGE", LEAVE_GCC("the step of layer 0"));
}

/* The package that was asked for has no file of its own in the finding. */
CASE(who_brought_the_others_is_named_all_the_same)
{
	expect_fix(
		&(struct image_case){
			.layers = COMPILER,
			.given = "package dpkg gcc 4:12 flags=root" OF_DPKG
				 "needs gcc-12\npackage dpkg gcc-12 12" OF_DPKG
				 "owns usr/bin/gcc\nabsent all\n",
			.instructions = {LONG_RUN}},
		"DEB-CC:gcc", "F-STAGE", LEAVE_GCC("the RUN of layer 0"));
}

/* A path rule, surer than that of the package which goes. */
#define OBJECTS \
	"rule\tDEB-CC\tpkg:dpkg:gcc\ttoolchain\tlikely\tsweep\tseed\tx\tF-STAGE\t-\n" \
	"rule\tX\t**/*.o\tsource\tcertain\t-\tnone\tx\tF-STAGE\t-\n" \
	"rule\tY\t**/*.pc\tdev-files\tlikely\t-\tnone\tx\tF-STAGE\t-\n" \
	"fix\tF-STAGE\tnever do this\n" \
	"fix\tF-STAGE-PACKAGES\t{install} not {seeds}\n" \
	"fix\tF-PRUNE\tin {writer}: {prune}\n"

CASE(files_of_a_package_that_goes_go_with_it)
{
	expect_fix(&(struct image_case){.layers = COMPILER,
					.given = COMPILER_PACKAGES,
					.rules = OBJECTS},
		   "X", "F-STAGE",
		   "`RUN apt-get update && apt-get install -y --no-install-recommends "
		   "gcc` not gcc");
}

/* No stage of the build helps: they come with what is wanted. */
CASE(files_of_a_package_that_stays_are_deleted)
{
	expect_fix(&(struct image_case){.layers = COMPILER,
					.given = COMPILER_PACKAGES,
					.rules = OBJECTS},
		   "Y", "F-PRUNE", "in layer 0: `rm -rf /usr/share/pkgconfig/z.pc`");
}

CASE(files_of_no_package_are_left_to_a_stage)
{
	expect_fix(&(struct image_case){.layers = COMPILER "file opt/x.pc 1\n",
					.given = "absent all\n",
					.rules = OBJECTS},
		   "Y", "F-STAGE", "never do this");
}

CASE(each_manager_has_its_command)
{
	expect_fix(
		&(struct image_case){
			.layers = COMPILER,
			.given = "package apk gcc 12 flags=root\nowns usr/bin/gcc\n"
				 "absent all\n",
			.rules = "rule\tX\tpkg:apk:gcc\ttoolchain\tlikely\tsweep\tseed"
				 "\tx\tF-STAGE\t-\n"
				 "fix\tF-STAGE\tx\nfix\tF-STAGE-PACKAGES\t{install}\n"},
		"X:gcc", "F-STAGE", "`RUN apk add --no-cache gcc`");
	expect_fix(
		&(struct image_case){
			.layers = COMPILER,
			.given = "package rpm gcc 12 flags=root\nowns usr/bin/gcc\n"
				 "absent all\n",
			.rules = "rule\tX\tpkg:rpm:gcc\ttoolchain\tlikely\tsweep\tseed"
				 "\tx\tF-STAGE\t-\n"
				 "fix\tF-STAGE\tx\nfix\tF-STAGE-PACKAGES\t{install}\n"},
		"X:gcc", "F-STAGE", "`RUN dnf -y install gcc`");
}

CASE(many_names_are_counted)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf given = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf layers = {0};

	imp_strbuf_add_text(&layers, "layer\n");
	for (int i = 10; i < 25; i++) {
		imp_strbuf_printf(&layers, "file t%d/x 1\n", i);
		imp_strbuf_printf(&given, "package dpkg t%d 1 flags=root\nowns t%d\n", i,
				  i);
	}
	imp_strbuf_add_text(&given, "absent all\n");
	expect_fix(
		&(struct image_case){
			.layers = layers.data,
			.given = given.data,
			.rules = "rule\tX\tpkg:dpkg:t*\ttoolchain\tlikely\tsweep\t"
				 "none\tx\tF-X\t-\nfix\tF-X\tnot {seeds}\n"},
		"X", "F-X",
		"not t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t20 t21 and 3 others");
}

CASE(a_library_is_installed_in_place_of_its_headers)
{
	expect_fix(
		&(struct image_case){
			.layers = "layer\nfile usr/include/pq.h 9\nfile usr/lib/pq.so 1\n"
				  "file var/lib/dpkg/status 1\n",
			.given =
				"package dpkg libpq-dev 15 flags=root twin=libpq5" OF_DPKG
				"owns usr/include\nneeds libpq5\n"
				"package dpkg libpq5 15 flags=root" OF_DPKG
				"owns usr/lib/pq.so\nabsent all\n",
			.instructions = {LONG_RUN}},
		"DEB-DEVLIB:libpq-dev", "F-RTLIB",
		"leave libpq-dev out of the RUN of layer 0, and install only libpq5 "
		"there; compile in a first stage: `FROM ... AS build`, there `RUN "
		"apt-get update && apt-get install -y --no-install-recommends "
		"libpq-dev`");
}

CASE(tools_among_dependencies_are_named)
{
	expect_fix(
		&(struct image_case){
			.layers = "layer\nfile code/node_modules/webpack/x.js 9\n"
				  "file code/node_modules/.package-lock.json 1\n",
			.given = "package npm webpack 5 flags=root "
				 "home=code/node_modules/webpack "
				 "database=code/node_modules/.package-lock.json\n"
				 "owns code/node_modules/webpack\nabsent A-DEV\n"},
		"NPM-TOOLNAME:code/node_modules", "F-NPMSPLIT",
		"move these to devDependencies: webpack; nothing that the program "
		"requires at run time imports them. Then `npm ci --omit=dev`");
}

/* Its instruction leaves recommended packages out already. */
CASE(what_no_recommendation_brought_is_deleted)
{
	static const char icons[] = "layer\nfile usr/share/icons/x.png 1\n";

	expect_fix(&(struct image_case){.layers = icons,
					.instructions = {"RUN apt-get install -y "
							 "--no-install-recommends gtk"}},
		   "DEB-ICON", "F-DELETE",
		   "delete it in the RUN that writes it (layer 0): "
		   "/usr/share/icons");
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = icons, .instructions = {"RUN apt-get install -y gtk"}});
	assert_string_equal(finding_of(c, "DEB-ICON")->fix_kind, "F-NOREC");
}

/* A rule that a path alone meets does not know where the other one is. */
CASE(the_copy_that_stays_is_named_or_told_apart)
{
	imp_auto_destroy(classified) struct classified *c =
		classify_case(&(struct image_case){
			.layers = "layer\nfile root/.cache/puppeteer/chrome 9\n"});

	assert_non_null(strstr(finding_at(c, "root/.cache/puppeteer/chrome")->fix_text,
			       "keep one browser (the other copy): drop"));
}
