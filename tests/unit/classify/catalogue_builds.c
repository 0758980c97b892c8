/* Java, Go, Rust, Ruby, PHP, .NET: classification.md 3.7 to 3.10. */
#include "catalogue_case.h"

#define NM "code/node_modules/"
#define GEMS "usr/local/bundle/ruby/3.2.0/"

CASE(java_jmods)
{
	rule("JAVA-JMODS", "likely", "usr/lib/jvm/java-17/jmods/java.base.jmod",
	     .leaves = "usr/lib/jvm/java-17/x.jmod");
}

CASE(java_jdk)
{
	rule("JAVA-JDK", "likely", "usr/lib/jvm/java-17/bin/javac",
	     .leaves = "usr/lib/jvm/java-17/bin/java",
	     .beside = "file usr/lib/jvm/java-17/lib/modules 10\n", .flips = true);
}

CASE(java_src)
{
	rule("JAVA-SRC", "certain", "usr/lib/jvm/java-17/lib/src.zip",
	     .leaves = "usr/lib/jvm/java-17/src.zip");
}

CASE(java_src_demo)
{
	rule("JAVA-SRC", "certain", "opt/jdk8/demo/x.jar", .leaves = "opt/demo/x.jar",
	     .beside = "file opt/jdk8/bin/java 10\n", .flips = true);
}

CASE(java_ctsym)
{
	rule("JAVA-CTSYM", "likely", "usr/lib/jvm/java-17/lib/ct.sym",
	     .leaves = "usr/lib/jvm/java-17/ct.sym");
}

CASE(java_m2)
{
	rule("JAVA-M2", "likely", "root/.m2/repository/a.jar",
	     .leaves = "root/.m2/settings.xml",
	     .other_started = "/usr/bin/mvn spring-boot:run");
}

CASE(java_gradle)
{
	rule("JAVA-GRADLE", "likely", "root/.gradle/caches/x",
	     .leaves = "root/.gradle/gradle.properties",
	     .other_started = "/usr/bin/gradle run");
}

CASE(java_gradle_project)
{
	rule("JAVA-GRADLE", "likely", "code/.gradle/x", .leaves = "code/gradle/x");
}

CASE(java_buildtool)
{
	rule("JAVA-BUILDTOOL", "likely", "usr/share/maven/boot/x.jar",
	     .leaves = "usr/share/maven2/boot/x.jar",
	     .beside =
		     "file usr/share/maven/bin/mvn 10\nfile usr/share/maven/lib/x.jar 10\n",
	     .flips = true);
}

CASE(java_ivy)
{
	rule("JAVA-IVY", "likely", "root/.ivy2/cache/x.jar", .leaves = "root/ivy2/x.jar",
	     .other_started = "/usr/bin/sbt run");
}

CASE(java_sjar)
{
	rule("JAVA-SJAR", "likely", "code/lib/a-1.0-sources.jar",
	     .leaves = "code/lib/a-1.0.jar");
}

CASE(java_target)
{
	rule("JAVA-TARGET", "likely", "code/target/classes/A.class",
	     .leaves = "code/classes/A.class", .beside = "file code/target/app.jar 10\n",
	     .flips = true);
}

CASE(java_target_in_use)
{
	rule("JAVA-TARGET", "likely", "code/target/classes/A.class",
	     .beside = "file code/target/app.jar 10\n",
	     .other_started = "/usr/bin/java -cp /code/target/classes A");
}

CASE(java_dupjar)
{
	rule("JAVA-DUPJAR", "likely", "code/BOOT-INF/lib/a.jar",
	     .leaves = "code/lib/a.jar", .size = 200000,
	     .started = "/usr/bin/java -cp /code/lib/a.jar Main", .flips = true);
}

CASE(go_sdk)
{
	rule("GO-SDK", "likely", "usr/local/go/pkg/x.a", .leaves = "usr/local/go2/x.a",
	     .beside = "file usr/local/go/bin/go 10\n",
	     .other_started = "/usr/local/go/bin/go run .");
}

CASE(go_mod)
{
	rule("GO-MOD", "certain", "go/pkg/mod/a@v1/x.go", .leaves = "go/x.go",
	     .other_started = "/usr/local/go/bin/go run .");
}

CASE(go_build)
{
	rule("GO-BUILD", "certain", "root/.cache/go-build/00/x",
	     .leaves = "root/go-build/x");
}

CASE(go_testdata)
{
	rule("GO-TESTDATA", "certain", "srv/a/x_test.go", .leaves = "srv/a/x.go");
}

CASE(go_testdata_folder)
{
	rule("GO-TESTDATA", "certain", "srv/a/testdata/x", .leaves = "srv/b/testdata/x",
	     .beside = "file srv/a/x.go 10\n", .flips = true);
}

CASE(rs_tool)
{
	rule("RS-TOOL", "likely", "usr/local/rustup/toolchains/x",
	     .leaves = "usr/local/x", .other_started = "/usr/local/cargo/bin/cargo run");
}

CASE(rs_tool_programs)
{
	rule("RS-TOOL", "likely", "usr/local/cargo/bin/rustc",
	     .leaves = "usr/local/cargo/bin/app");
}

CASE(rs_reg)
{
	rule("RS-REG", "certain", "usr/local/cargo/registry/cache/x.crate",
	     .leaves = "usr/local/cargo/x");
}

CASE(rs_target)
{
	rule("RS-TARGET", "certain", "code/target/release/deps/x",
	     .leaves = "code/target/release/app",
	     .beside = "file code/target/.rustc_info.json 10\n", .flips = true);
}

CASE(rs_target_triple)
{
	rule("RS-TARGET", "certain",
	     "code/target/x86_64-unknown-linux-musl/release/build/x",
	     .leaves = "code/target/doc/x",
	     .beside = "file code/target/CACHEDIR.TAG 10\n", .flips = true);
}

CASE(rs_rlib)
{
	rule("RS-RLIB", "certain", "opt/x/libstd.rlib", .leaves = "opt/x/libstd.so");
}

CASE(rb_gemc)
{
	rule("RB-GEMC", "certain", "usr/local/lib/ruby/gems/3.2.0/cache/rack-3.0.gem",
	     .leaves = "usr/local/lib/ruby/gems/3.2.0/gems/rack-3.0/x.gem");
}

CASE(rb_userc)
{
	rule("RB-USERC", "certain", "root/.bundle/cache/x",
	     .leaves = "root/.bundle/config");
}

CASE(rb_gitgem)
{
	rule("RB-GITGEM", "certain", GEMS "bundler/gems/a-1/.git/HEAD",
	     .leaves = GEMS "bundler/gems/a-1/a.rb",
	     .beside = "file " GEMS "bundler/gems/a-1/.git/objects/x 10\n");
}

CASE(rb_obj)
{
	rule("RB-OBJ", "likely", GEMS "gems/a-1/ext/a/a.c",
	     .leaves = GEMS "gems/a-1/lib/a.rb",
	     .beside = "file " GEMS "specifications/a.gemspec 10\n", .flips = true);
}

CASE(rb_obj_logs)
{
	rule("RB-OBJ", "likely", GEMS "extensions/x/3.2.0/a-1/mkmf.log",
	     .leaves = GEMS "extensions/x/3.2.0/a-1/a.so");
}

CASE(rb_test)
{
	rule("RB-TEST", "likely", GEMS "gems/a-1/spec/a_spec.rb",
	     .leaves = GEMS "gems/a-1/lib/spec/a.rb",
	     .beside = "file " GEMS "specifications/a.gemspec 10\n", .flips = true);
}

CASE(rb_ri)
{
	rule("RB-RI", "certain", GEMS "doc/a-1/ri/x.ri", .leaves = GEMS "lib/x.ri",
	     .beside = "file " GEMS "specifications/a.gemspec 10\n", .flips = true);
}

CASE(rb_asset)
{
	rule("RB-ASSET", "likely", "code/tmp/cache/assets/x",
	     .leaves = "code/tmp/cache/bootsnap/x",
	     .beside = "file code/public/assets/.manifest.json 10\n", .flips = true);
}

CASE(rb_asset_modules)
{
	rule("RB-ASSET", "likely", NM "a/index.js", .leaves = "code/index.js",
	     .beside = "file code/public/assets/.sprockets-manifest-1.json 10\n",
	     .flips = true);
}

CASE(php_cc)
{
	rule("PHP-CC", "certain", "root/.cache/composer/files/x.zip",
	     .leaves = "root/composer/x.zip");
}

CASE(php_bin)
{
	rule("PHP-BIN", "possible", "usr/local/bin/composer",
	     .leaves = "usr/local/bin/compose");
}

CASE(php_src)
{
	rule("PHP-SRC", "likely", "usr/src/php.tar.xz", .leaves = "usr/src/php.ini");
}

CASE(php_ize)
{
	rule("PHP-IZE", "likely", "usr/local/lib/php/build/phpize.m4",
	     .leaves = "usr/local/lib/php/x");
}

CASE(php_pear)
{
	rule("PHP-PEAR", "likely", "usr/local/lib/php/doc/x",
	     .leaves = "usr/local/lib/php/PEAR.php");
}

CASE(php_vtest)
{
	rule("PHP-VTEST", "likely", "srv/vendor/a/b/tests/X.php",
	     .leaves = "srv/vendor/a/b/src/X.php",
	     .beside = "file srv/vendor/composer/installed.json 10\n", .flips = true);
}

CASE(php_xdebug)
{
	rule("PHP-XDEBUG", "likely", "usr/local/lib/php/extensions/x/xdebug.so",
	     .leaves = "usr/local/lib/php/extensions/x/opcache.so");
}

CASE(net_sdk)
{
	rule("NET-SDK", "certain", "usr/share/dotnet/sdk/8.0/x.dll",
	     .leaves = "usr/share/dotnet/shared/x.dll",
	     .started = "/usr/bin/dotnet app.dll", .flips = true);
}

CASE(net_sdk_in_use)
{
	rule("NET-SDK", "likely", "usr/share/dotnet/sdk/8.0/x.dll",
	     .started = "/usr/bin/bash", .other_started = "/usr/bin/dotnet watch");
}

CASE(net_nuget)
{
	rule("NET-NUGET", "likely", "root/.nuget/packages/a/x.dll",
	     .leaves = "root/.nuget/NuGet/x");
}

CASE(net_obj)
{
	rule("NET-OBJ", "likely", "srv/obj/x.dll", .leaves = "srv/x/obj/x.dll",
	     .beside = "file srv/a.csproj 10\n", .flips = true);
}

CASE(net_obj_in_use)
{
	rule("NET-OBJ", "likely", "srv/bin/Debug/net8.0/x.dll",
	     .beside = "file srv/a.csproj 10\n",
	     .other_started = "/usr/bin/dotnet /srv/bin/Debug/net8.0/x.dll");
}

CASE(net_pdb)
{
	rule("NET-PDB", "likely", "srv/a.pdb", .content = "BSJB\\x01\\x00\\x01\\x00",
	     .other_content = "HEADER\\s", .by_content = true);
}

CASE(net_xml)
{
	rule("NET-XML", "likely", "srv/Json.xml", .leaves = "srv/Other.xml",
	     .content = "<?xml\\sversion=\"1.0\"?>\\n<doc>\\n<assembly>",
	     .beside = "file srv/Json.dll 10\n",
	     .other_content = "<?xml\\sversion=\"1.0\"?>\\n<config>", .by_content = true);
}

CASE(net_ref)
{
	rule("NET-REF", "likely", "srv/ref/x.dll", .leaves = "srv/refs/x.dll");
}

CASE(net_rid)
{
	rule("NET-RID", "certain", "srv/runtimes/win-x64/native/x.dll",
	     .leaves = "srv/runtimes/linux-x64/native/x.so",
	     .beside = "file srv/app.deps.json 10\n", .flips = true);
}

CASE(net_rid_families)
{
	rule("NET-RID", "certain", "srv/runtimes/osx/native/x.dylib",
	     .leaves = "srv/runtimes/unix/lib/x.dll",
	     .beside = "file srv/app.deps.json 10\n", .flips = true);
}

CASE(net_globtool)
{
	rule("NET-GLOBTOOL", "possible", "root/.dotnet/tools/dotnet-ef",
	     .leaves = "root/.dotnet/x");
}

/* What a Gemfile has in its groups for development only, whatever its name. */
CASE(ruby_groups_of_the_gemfile)
{
	expect(.layers = "layer\nfile usr/gems/odd/x.rb 70\nfile usr/gems/kept/x.rb 10\n"
			 "file usr/d 1\n",
	       .given = "package gem odd 1 flags=root,dev database=usr/d\nowns "
			"usr/gems/odd\npackage gem kept 1 flags=root database=usr/d\n"
			"owns usr/gems/kept\nabsent all\n",
	       .findings = "RB-DEVGRP:odd 1 70\n");
}
