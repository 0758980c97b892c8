/*
 * What all readers stand on: one owner a file, the others beside it, folders, bytecode, order and
 * numbers, limits (classification.md 1.4).
 */
#include "inventory_case.h"

static uint32_t add(struct imp_inventory *inventory, enum imp_manager manager,
		    const char *name)
{
	return imp_inventory_add(inventory, &(struct imp_package){
						    .manager = manager,
						    .name = imp_slice_of(name),
						    .home = IMP_NONE,
						    .twin = IMP_NONE,
					    });
}

static uint32_t at(struct imp_inventory *inventory, const char *path)
{
	return imp_tree_find(imp_inventory_input(inventory)->tree, imp_slice_of(path));
}

static void own(struct imp_inventory *inventory, uint32_t package, const char *path)
{
	imp_inventory_own(inventory, package, at(inventory, path));
}

static void expect(struct inventory_case *c,
		   void (*read)(struct imp_inventory *inventory), const char *lines)
{
	const struct imp_reader readers[] = {{"test", read}, {NULL, NULL}};

	inventory_lines(c, lines);
	inventory_read_with(c, readers);
}

/* Whatever order they were added in. */
static void add_three_owners(struct imp_inventory *inventory)
{
	own(inventory, add(inventory, IMP_MANAGER_PYTHON, "py"), "f");
	own(inventory, add(inventory, IMP_MANAGER_DPKG, "deb"), "f");
	own(inventory, add(inventory, IMP_MANAGER_CONDA, "conda"), "f");
}

CASE(the_system_manager_owns_before_the_language)
{
	struct inventory_case c = {0};
	expect(&c, add_three_owners, "file f 10\nfile g 5\n");
	inventory_expect_owner(&c, "f", "dpkg:deb");
	inventory_expect_also(&c, "f", "conda:conda python:py");
	inventory_expect_owner(&c, "g", "");
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "deb")->sum.disk_bytes,
			 10);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_PYTHON, "py")->sum.files, 0);
	assert_int_equal(c.packages.unowned.disk_bytes, 5);
	inventory_finish(&c);
}

static void add_two_of_one_manager(struct imp_inventory *inventory)
{
	uint32_t first = add(inventory, IMP_MANAGER_DPKG, "b");
	uint32_t second = add(inventory, IMP_MANAGER_DPKG, "a");
	own(inventory, first, "f");
	own(inventory, second, "f");
	own(inventory, first, "g");
	own(inventory, first, "g");
}

CASE(the_last_of_one_manager_owns)
{
	struct inventory_case c = {0};
	expect(&c, add_two_of_one_manager, "file f 10\nfile g 10\n");
	inventory_expect_owner(&c, "f", "dpkg:a");
	inventory_expect_also(&c, "f", "dpkg:b");
	inventory_expect_also(&c, "g", "");
	inventory_finish(&c);
}

static void own_one_name(struct imp_inventory *inventory)
{
	own(inventory, add(inventory, IMP_MANAGER_DPKG, "x"), "b");
	own(inventory, add(inventory, IMP_MANAGER_DPKG, "y"), "dead");
	own(inventory, add(inventory, IMP_MANAGER_DPKG, "z"), "s");
}

CASE(hard_links_share_an_owner_and_what_is_no_file_has_none)
{
	struct inventory_case c = {0};
	expect(&c, own_one_name,
	       "file a 10\nlink b -> a\nfile dead 7\nsymlink s -> a\n"
	       "layer\nwhiteout dead\nwhiteout a\n");
	uint32_t link =
		imp_tree_node(c.tree, imp_tree_find(c.tree, IMP_SLICE("b")))->shown;
	assert_int_equal(c.packages.owner_of[link],
			 inventory_find(&c, IMP_MANAGER_DPKG, "x"));
	inventory_expect_owner(&c, "b", "dpkg:x");
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "x")->sum.disk_bytes,
			 10);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "y")->sum.files, 0);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "z")->sum.files, 0);
	inventory_finish(&c);
}

static void own_nested_folders(struct imp_inventory *inventory)
{
	uint32_t outer = add(inventory, IMP_MANAGER_NPM, "outer");
	uint32_t inner = add(inventory, IMP_MANAGER_NPM, "inner");
	uint32_t lister = add(inventory, IMP_MANAGER_NPM, "lister");
	uint32_t deb = add(inventory, IMP_MANAGER_DPKG, "deb");
	imp_inventory_own_below(inventory, outer, at(inventory, "m/outer"));
	imp_inventory_own_below(inventory, inner, at(inventory, "m/outer/m/inner"));
	imp_inventory_own_below(inventory, inner, at(inventory, "m/gone"));
	own(inventory, lister, "m/outer/listed");
	own(inventory, deb, "m/outer/system");
}

CASE(the_nearest_claimed_folder_owns)
{
	struct inventory_case c = {0};
	expect(&c, own_nested_folders,
	       "file m/outer/x 1\nfile m/outer/m/inner/deep/y 2\nfile m/outer/listed 4\n"
	       "file m/outer/system 8\nfile m/z 16\nfile m/gone/w 32\n"
	       "layer\nwhiteout m/gone\n");
	inventory_expect_owner(&c, "m/outer/x", "npm:outer");
	inventory_expect_owner(&c, "m/outer/m/inner/deep/y", "npm:inner");
	inventory_expect_also(&c, "m/outer/m/inner/deep/y", "");
	inventory_expect_owner(&c, "m/outer/listed", "npm:lister");
	inventory_expect_also(&c, "m/outer/listed", "npm:outer");
	inventory_expect_owner(&c, "m/outer/system", "dpkg:deb");
	inventory_expect_also(&c, "m/outer/system", "npm:outer");
	inventory_expect_owner(&c, "m/z", "");
	inventory_finish(&c);
}

static void own_sources(struct imp_inventory *inventory)
{
	uint32_t deb = add(inventory, IMP_MANAGER_DPKG, "deb");
	uint32_t wheel = add(inventory, IMP_MANAGER_PYTHON, "wheel");
	uint32_t apk = add(inventory, IMP_MANAGER_APK, "py3-x");
	uint32_t bytecode = add(inventory, IMP_MANAGER_APK, "py3-x-pyc");
	own(inventory, deb, "p/a.py");
	own(inventory, deb, "p/b.c.py");
	own(inventory, wheel, "p/w.py");
	own(inventory, wheel, "p/__pycache__/a.cpython-311.pyc");
	own(inventory, apk, "q/x.py");
	own(inventory, bytecode, "q/__pycache__/x.cpython-312.pyc");
}

CASE(bytecode_belongs_to_the_package_of_its_source)
{
	struct inventory_case c = {0};
	expect(&c, own_sources,
	       "file p/a.py 1\nfile p/b.c.py 1\nfile p/w.py 1\nfile q/x.py 1\n"
	       "file p/__pycache__/a.cpython-311.pyc 10\n"
	       "file p/__pycache__/a.cpython-311.opt-1.pyc 10\n"
	       "file p/__pycache__/b.c.cpython-311.pyc 10\n"
	       "file p/__pycache__/nothing.cpython-311.pyc 10\n"
	       "file p/w.pyc 10\nfile p/a.txt 10\n"
	       "file q/__pycache__/x.cpython-312.pyc 10\n");
	inventory_expect_owner(&c, "p/__pycache__/a.cpython-311.opt-1.pyc", "dpkg:deb");
	inventory_expect_owner(&c, "p/__pycache__/b.c.cpython-311.pyc", "dpkg:deb");
	inventory_expect_owner(&c, "p/__pycache__/nothing.cpython-311.pyc", "");
	inventory_expect_owner(&c, "p/w.pyc", "python:wheel");
	inventory_expect_owner(&c, "p/a.txt", "");
	/* What the wheel lists stays beside. */
	inventory_expect_owner(&c, "p/__pycache__/a.cpython-311.pyc", "dpkg:deb");
	inventory_expect_also(&c, "p/__pycache__/a.cpython-311.pyc", "python:wheel");
	inventory_expect_owner(&c, "q/__pycache__/x.cpython-312.pyc", "apk:py3-x-pyc");
	inventory_finish(&c);
}

static void add_unsorted(struct imp_inventory *inventory)
{
	uint32_t z = add(inventory, IMP_MANAGER_DPKG, "z");
	uint32_t npm = add(inventory, IMP_MANAGER_NPM, "a");
	uint32_t a = add(inventory, IMP_MANAGER_DPKG, "a");
	uint32_t dev = add(inventory, IMP_MANAGER_DPKG, "a-dev");
	imp_inventory_get(inventory, dev)->twin = a;
	assert_true(imp_inventory_need(inventory, z, a, IMP_DEPENDENCY_HARD, 1));
	assert_true(imp_inventory_need(inventory, z, dev, IMP_DEPENDENCY_HARD, 1));
	assert_true(imp_inventory_need(inventory, z, dev, IMP_DEPENDENCY_HARD, 1));
	assert_true(imp_inventory_need(inventory, z, z, IMP_DEPENDENCY_HARD, 0));
	assert_true(imp_inventory_need(inventory, z, IMP_NONE, IMP_DEPENDENCY_HARD, 0));
	assert_true(imp_inventory_need(inventory, z, npm, IMP_DEPENDENCY_SUGGESTS, 0));
}

CASE(packages_are_sorted_and_their_numbers_follow)
{
	struct inventory_case c = {0};
	expect(&c, add_unsorted, "file x 1\n");
	assert_int_equal(c.packages.count, 4);
	assert_int_equal(inventory_find(&c, IMP_MANAGER_DPKG, "a"), 0);
	assert_int_equal(inventory_find(&c, IMP_MANAGER_DPKG, "a-dev"), 1);
	assert_int_equal(inventory_find(&c, IMP_MANAGER_DPKG, "z"), 2);
	assert_int_equal(inventory_find(&c, IMP_MANAGER_NPM, "a"), 3);
	assert_int_equal(imp_packages_find(&c.packages, IMP_MANAGER_NPM, IMP_SLICE("z")),
			 IMP_NONE);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "a-dev")->twin, 0);
	assert_int_equal(inventory_package(&c, IMP_MANAGER_DPKG, "a")->twin, IMP_NONE);
	inventory_expect_needs(&c, IMP_MANAGER_DPKG, "z", "(a) a|a-dev");
	assert_int_equal(c.packages.dependency_count, 3);
	inventory_finish(&c);
}

static void add_too_many(struct imp_inventory *inventory)
{
	uint32_t last = 0;
	for (size_t i = 0; i <= IMP_MAX_PACKAGES; i++)
		last = add(inventory, IMP_MANAGER_DPKG, "x");
	assert_int_equal(last, IMP_NONE);
	bool room = true;
	for (uint32_t i = 0; room && i <= IMP_MAX_DEPENDENCIES; i++)
		room = imp_inventory_need(inventory, 0, 1, IMP_DEPENDENCY_HARD, i);
	assert_false(room);
	for (int i = 0; i < 2 * IMP_MAX_UNREADABLE; i++)
		imp_inventory_unreadable(
			inventory, IMP_MANAGER_NPM,
			imp_slice_of(imp_arena_printf(imp_inventory_arena(inventory),
						      "%d", i)),
			"why");
}

CASE(what_is_too_much_is_said)
{
	struct inventory_case c = {0};
	expect(&c, add_too_many, "file x 1\n");
	assert_int_equal(c.packages.count, IMP_MAX_PACKAGES);
	assert_int_equal(c.packages.dependency_count, IMP_MAX_DEPENDENCIES);
	assert_int_equal(c.packages.unreadable_count, IMP_MAX_UNREADABLE + 1);
	assert_string_equal(c.packages.unreadable[0].reason,
			    "more packages than imgprof counts");
	assert_string_equal(c.packages.unreadable[IMP_MAX_UNREADABLE].reason,
			    "more records than imgprof lists");
	inventory_finish(&c);
}

static void repeat_unreadable(struct imp_inventory *inventory)
{
	imp_inventory_unreadable(inventory, IMP_MANAGER_NPM, IMP_SLICE("a"), "first");
	imp_inventory_unreadable(inventory, IMP_MANAGER_NPM, IMP_SLICE("a"), "second");
	imp_inventory_unreadable(inventory, IMP_MANAGER_DPKG, IMP_SLICE("a"), "other");
}

CASE(a_record_is_unreadable_once)
{
	struct inventory_case c = {0};
	expect(&c, repeat_unreadable, "file x 1\n");
	assert_int_equal(c.packages.unreadable_count, 2);
	assert_string_equal(c.packages.unreadable[0].reason, "first");
	inventory_finish(&c);
}

static void add_purls(struct imp_inventory *inventory)
{
	/* Test vectors of the purl specification. */
	assert_string_equal(imp_purl(inventory, "deb", IMP_SLICE("debian"),
				     IMP_SLICE("curl"), IMP_SLICE("7.50.3-1"),
				     "arch=i386"),
			    "pkg:deb/debian/curl@7.50.3-1?arch=i386");
	assert_string_equal(imp_purl(inventory, "npm", IMP_SLICE("@angular"),
				     IMP_SLICE("animation"), IMP_SLICE("12.3.1"), NULL),
			    "pkg:npm/%40angular/animation@12.3.1");
	assert_string_equal(imp_purl(inventory, "golang", IMP_SLICE("google.golang.org"),
				     IMP_SLICE("genproto"), IMP_SLICE(""), ""),
			    "pkg:golang/google.golang.org/genproto");
	assert_string_equal(imp_purl(inventory, "deb", IMP_SLICE("debian"),
				     IMP_SLICE("g++-12"), IMP_SLICE("1:2+b1~x\0"), ""),
			    "pkg:deb/debian/g%2B%2B-12@1:2%2Bb1~x%00");
}

CASE(purls_are_coded)
{
	struct inventory_case c = {0};
	expect(&c, add_purls, "file x 1\n");
	inventory_finish(&c);
}

CASE(managers_have_names)
{
	enum imp_manager manager;
	for (int m = 0; m < IMP_MANAGERS; m++) {
		assert_true(imp_manager_parse(
			imp_slice_of(imp_manager_name((enum imp_manager)m)), &manager));
		assert_int_equal(manager, m);
	}
	assert_false(imp_manager_parse(IMP_SLICE("yum"), &manager));
}
