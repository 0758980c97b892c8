/* The dynamic loader's closure, and roots of the sweep: classification.md 5.2 and 2.2. */
#include "world.h"

#include "case.h"

#define read_world(world, text, ...) \
	world_read((world), (text), &(struct world_config){__VA_ARGS__})

CASE(needed_libraries_are_reached)
{
	struct world world;

	read_world(&world,
		   "symlink lib -> usr/lib\n"
		   "file bin/x 1\n# elf bin/x interp=/lib/ld.so.2 needed=liba.so.1\n"
		   "file usr/lib/ld.so.2 1\n# elf usr/lib/ld.so.2\n"
		   "file usr/lib/x86_64-linux-gnu/liba.so.1.2 1\n"
		   "# elf usr/lib/x86_64-linux-gnu/liba.so.1.2 needed=libb.so\n"
		   "symlink usr/lib/x86_64-linux-gnu/liba.so.1 -> liba.so.1.2\n"
		   "file opt/b/libb.so 1\n# elf opt/b/libb.so needed=liba.so.1,libb.so\n"
		   "text etc/ld.so.conf.d/b.conf # comment\\n/opt/b\\n\n"
		   "file usr/lib/libc.so 1\n# elf usr/lib/libc.so\n",
		   .command = "/bin/x");
	assert_true(world_reaches(&world, "usr/lib/ld.so.2", IMP_REACH_LINK));
	assert_true(world_reaches(&world, "usr/lib/x86_64-linux-gnu/liba.so.1.2",
				  IMP_REACH_LINK));
	assert_true(world_reaches(&world, "opt/b/libb.so", IMP_REACH_LINK));
	assert_int_equal(world.runtime.reached[world_record(&world, "usr/lib/libc.so")],
			 0);
	assert_int_equal(
		world.runtime.reached_from[world_record(&world, "opt/b/libb.so")],
		world_record(&world, "usr/lib/x86_64-linux-gnu/liba.so.1.2"));
	world_finish(&world);
}

/* ld.so(8): RPATH, LD_LIBRARY_PATH, RUNPATH, configuration; RPATH not beside RUNPATH; another
 * machine's file is passed over. */
CASE(search_order_is_the_loaders)
{
	struct world world;
	const char *text =
		"file opt/x/bin/x 1\n# elf opt/x/bin/x needed=libp.so,libm.so "
		"rpath=$ORIGIN/../r\n"
		"file opt/y 1\n# elf opt/y needed=libq.so runpath=${ORIGIN}/x/r rpath=/no\n"
		"file opt/x/r/libp.so 1\n# elf opt/x/r/libp.so\n"
		"file opt/x/r/libq.so 1\n# elf opt/x/r/libq.so\n"
		"file env/libp.so 1\n# elf env/libp.so\n"
		"file env/libq.so 1\n# elf env/libq.so\n"
		"file no/libq.so 1\n# elf no/libq.so\n"
		"file env/libm.so 1\n# elf env/libm.so machine=183\n"
		"file usr/lib/libm.so 1\n# elf usr/lib/libm.so\n";

	read_world(&world, text, .command = "/opt/x/bin/x",
		   .environment = "LD_LIBRARY_PATH=/env");
	assert_true(world_reaches(&world, "opt/x/r/libp.so", IMP_REACH_LINK));
	assert_false(world_reaches(&world, "env/libp.so", IMP_REACH_LINK));
	assert_true(world_reaches(&world, "usr/lib/libm.so", IMP_REACH_LINK));
	world_finish(&world);
	read_world(&world, text, .command = "/opt/y",
		   .environment = "LD_LIBRARY_PATH=/env");
	assert_true(world_reaches(&world, "env/libq.so", IMP_REACH_LINK));
	assert_false(world_reaches(&world, "no/libq.so", IMP_REACH_LINK));
	world_finish(&world);
	read_world(&world, text, .command = "/opt/y");
	assert_true(world_reaches(&world, "opt/x/r/libq.so", IMP_REACH_LINK));
	world_finish(&world);
}

CASE(extension_modules_count_where_their_language_runs)
{
	struct world world;
	const char *text = "file usr/bin/python3 1\n# elf usr/bin/python3\ntext a.py x\n"
			   "file usr/bin/node 1\n# elf usr/bin/node\ntext a.js x\n"
			   "file usr/lib/python3/dist-packages/n/c.so 1\n"
			   "# elf usr/lib/python3/dist-packages/n/c.so needed=libz.so\n"
			   "file usr/lib/libz.so 1\n# elf usr/lib/libz.so\n"
			   "file app/node_modules/n/c.node 1\n"
			   "# elf app/node_modules/n/c.node needed=liby.so\n"
			   "file usr/lib/liby.so 1\n# elf usr/lib/liby.so\n";

	read_world(&world, text, .command = "python3 /a.py");
	assert_true(world_reaches(&world, "usr/lib/libz.so", IMP_REACH_LINK));
	assert_false(world_reaches(&world, "usr/lib/liby.so", IMP_REACH_LINK));
	world_finish(&world);
	read_world(&world, text, .command = "node /a.js");
	assert_false(world_reaches(&world, "usr/lib/libz.so", IMP_REACH_LINK));
	assert_true(world_reaches(&world, "usr/lib/liby.so", IMP_REACH_LINK));
	world_finish(&world);
}

CASE(libraries_loaded_by_name_are_added)
{
	struct world world;

	read_world(&world,
		   "file bin/x 1\n# elf bin/x needed=libc.so.6\n"
		   "file lib/x86_64-linux-gnu/libc.so.6 1\n"
		   "# elf lib/x86_64-linux-gnu/libc.so.6\n"
		   "file lib/x86_64-linux-gnu/libnss_dns.so.2 1\n"
		   "# elf lib/x86_64-linux-gnu/libnss_dns.so.2 needed=libresolv.so.2\n"
		   "file lib/x86_64-linux-gnu/libresolv.so.2 1\n"
		   "# elf lib/x86_64-linux-gnu/libresolv.so.2\n"
		   "file usr/lib/x86_64-linux-gnu/gconv/UTF-16.so 1\n"
		   "file usr/lib/x86_64-linux-gnu/gconv/IBM037.so 1\n"
		   "file usr/lib/x86_64-linux-gnu/security/pam_unix.so 1\n",
		   .command = "/bin/x");
	assert_true(world_reaches(&world, "lib/x86_64-linux-gnu/libnss_dns.so.2",
				  IMP_REACH_LINK));
	assert_true(world_reaches(&world, "lib/x86_64-linux-gnu/libresolv.so.2",
				  IMP_REACH_LINK));
	assert_true(world_reaches(&world, "usr/lib/x86_64-linux-gnu/gconv/UTF-16.so",
				  IMP_REACH_LINK));
	assert_false(world_reaches(&world, "usr/lib/x86_64-linux-gnu/gconv/IBM037.so",
				   IMP_REACH_LINK));
	assert_false(world_reaches(
		&world, "usr/lib/x86_64-linux-gnu/security/pam_unix.so", IMP_REACH_LINK));
	world_finish(&world);
}

/* 2.2: "sweeping python3-venv takes the interpreter from under a venv in /opt". */
CASE(interpreter_of_a_venv_is_a_root)
{
	struct world world;
	const char *text = "file usr/bin/python3.11 1\n# elf usr/bin/python3.11\n"
			   "file usr/bin/x 1\n# elf usr/bin/x\n"
			   "symlink usr/bin/python3 -> python3.11\n"
			   "text opt/v/pyvenv.cfg home = /usr/bin\\n\n"
			   "symlink opt/v/bin/python -> /usr/bin/python3\n"
			   "text opt/v/bin/app #!/opt/v/bin/python\\n\n"
			   "file usr/bin/gcc 1\n# elf usr/bin/gcc\n"
			   "# package dpkg python3.11-minimal owns=usr/bin/python3.11\n"
			   "# package dpkg gcc owns=usr/bin/gcc\n";

	read_world(&world, text, .command = "app", .environment = "PATH=/opt/v/bin");
	assert_true(
		world.runtime.package_root[world_package(&world, "python3.11-minimal")]);
	assert_false(world.runtime.package_root[world_package(&world, "gcc")]);
	assert_true(world_reaches(&world, "usr/bin/python3.11", IMP_REACH_RUN));
	world_finish(&world);
	/* also when something else is started */
	read_world(&world, text, .command = "/usr/bin/x");
	assert_true(
		world.runtime.package_root[world_package(&world, "python3.11-minimal")]);
	world_finish(&world);
}

/* 2.2: "libpq-dev takes libpq5 from a psycopg2 built by pip". */
CASE(library_of_a_pip_built_extension_is_a_root)
{
	struct world world;

	read_world(&world,
		   "file usr/bin/x 1\n# elf usr/bin/x\n"
		   "file usr/lib/x86_64-linux-gnu/libpq.so.5.15 1\n"
		   "# elf usr/lib/x86_64-linux-gnu/libpq.so.5.15 needed=libldap.so\n"
		   "symlink usr/lib/x86_64-linux-gnu/libpq.so.5 -> libpq.so.5.15\n"
		   "file usr/lib/x86_64-linux-gnu/libldap.so 1\n"
		   "# elf usr/lib/x86_64-linux-gnu/libldap.so\n"
		   "file usr/local/lib/python3.11/site-packages/psycopg2/_p.so 1\n"
		   "# elf usr/local/lib/python3.11/site-packages/psycopg2/_p.so "
		   "needed=libpq.so.5\n"
		   "# package dpkg libldap owns=usr/lib/x86_64-linux-gnu/libldap.so\n"
		   "# package dpkg libpq5 "
		   "owns=usr/lib/x86_64-linux-gnu/libpq.so.5.15 needs=libldap\n"
		   "# package python psycopg2 "
		   "owns=usr/local/lib/python3.11/site-packages/psycopg2/_p.so\n",
		   .command = "/usr/bin/x");
	assert_true(world.runtime.package_root[world_package(&world, "libpq5")]);
	/* held by libpq5's own record, not a root of its own */
	assert_false(world.runtime.package_root[world_package(&world, "libldap")]);
	world_finish(&world);
}
