/* .NET, Java, Go and Rust: what their records say. */
#include <zlib.h>

#include "inventory_case.h"

#include "../../../src/package/cargo.h"
#include "../../../src/package/gobuild.h"

static const char dotnet_layers[] =
	"layer\n"
	"text app/App.deps.json "
	"{\"runtimeTarget\":{\"name\":\".NETCoreApp,Version=v8.0\"},"
	"\"targets\":{\".NETStandard\":{\"Wrong/1.0\":{}},\".NETCoreApp,Version=v8.0\":{"
	"\"App/1.0.0\":{\"dependencies\":{\"Json/13.0\":\"x\",\"Json\":\"13.0\"},"
	"\"runtime\":{\"App.dll\":{}}},"
	"\"Json/13.0\":{\"dependencies\":{\"Native\":\"2.0\"},"
	"\"runtime\":{\"lib/net6.0/Json.dll\":{}},"
	"\"resources\":{\"lib/net6.0/de/Json.resources.dll\":{\"locale\":\"de\"}}},"
	"\"Native/2.0\":{\"runtimeTargets\":{\"runtimes/linux-x64/native/libn.so\":"
	"{\"rid\":\"linux-x64\"},\"../../etc/up\":{}}},"
	"\"Ref/1.0\":{\"compileOnly\":true}}},"
	"\"libraries\":{\"App/1.0.0\":{\"type\":\"project\"},\"Json/13.0\":{\"type\":\"package\"}}}\n"
	"text app/App.runtimeconfig.json "
	"{\"runtimeOptions\":{\"framework\":{\"name\":\"Microsoft.NETCore.App\"}}}\n"
	"text usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json "
	"{\"targets\":{\"net8\":{\"Microsoft.NETCore.App.Runtime.linux-x64/8.0.1\":"
	"{\"runtime\":{\"System.dll\":{}}}}}}\n"
	"file app/App.dll 1\n"
	"file app/Json.dll 1\n"
	"file app/de/Json.resources.dll 1\n"
	"file app/runtimes/linux-x64/native/libn.so 1\n"
	"file app/other.dll 1\n"
	"file etc/up 1\n"
	"file usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/System.dll 1\n";

CASE(dotnet_libraries)
{
#define SHARED "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/"
	expect_packages(dotnet_layers,
			.names = "nuget/project App 1.0.0 root\n"
				 "nuget Json 13.0 root\n"
				 "nuget Microsoft.NETCore.App.Runtime.linux-x64 8.0.1\n"
				 "nuget Native 2.0\n"
				 "nuget Ref 1.0 dev\n",
			.needs = "App > Json\n"
				 "App > Microsoft.NETCore.App.Runtime.linux-x64\n"
				 "Json > Native\n",
			.owners = "app/App.deps.json App\n"
				  "app/App.dll App\n"
				  "app/App.runtimeconfig.json App\n"
				  "app/Json.dll Json\n"
				  "app/de/Json.resources.dll Json\n"
				  "app/runtimes/linux-x64/native/libn.so Native\n" SHARED
				  "Microsoft.NETCore.App.deps.json "
				  "Microsoft.NETCore.App.Runtime.linux-x64\n" SHARED
				  "System.dll Microsoft.NETCore.App.Runtime.linux-x64\n");
}

CASE(dotnet_purls)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(&c, dotnet_layers);

	assert_string_equal(inventory_package(&c, IMP_MANAGER_NUGET, "Json")->purl,
			    "pkg:nuget/Json@13.0");
	assert_null(inventory_package(&c, IMP_MANAGER_NUGET, "App")->purl);
}

CASE(damaged_deps_are_unreadable)
{
	imp_auto(inventory_finish) struct inventory_case c = {0};
	inventory_load(&c, "layer\n"
			   "text a/a.deps.json {\"targets\":\n"
			   "text a/b.deps.json {\"targets\":{\"x\":{},\"y\":{}}}\n"
			   "text a/c.deps.json {\"targets\":{\"x\":[]}}\n"
			   "text a/d.runtimeconfig.json [\n");

	assert_int_equal(c.packages.unreadable_count, 3);
	assert_int_equal(c.packages.count, 0);
}

CASE(java_homes)
{
	expect_packages("layer\n"
			"text opt/jdk/release "
			"IMPLEMENTOR=\"Eclipse\\sAdoptium\"\\nJAVA_VERSION=\"17.0.9\"\\n"
			"MODULES=\"java.base\\sjdk.compiler\"\\n\n"
			"file opt/jdk/lib/modules 9\n"
			"file opt/jdk/jmods/java.base.jmod 9\n"
			"text opt/jre/release JAVA_VERSION=\"1.8.0_392\"\\x0d\\n\n"
			"file opt/jre/bin/java 9\n"
			"text srv/release JAVA_VERSION=\"1\"\\n\n"
			"text etc/release VERSION=1\\n\n"
			"file etc/bin/java 9\n",
			.names = "jdk jdk 17.0.9\n"
				 "jdk jre 1.8.0_392\n",
			.owners = "opt/jdk/jmods/java.base.jmod jdk\n"
				  "opt/jdk/lib/modules jdk\n"
				  "opt/jdk/release jdk\n"
				  "opt/jre/bin/java jre\n"
				  "opt/jre/release jre\n");
}

static void expect_module(struct imp_slice *rest, bool is_main, const char *path,
			  const char *version)
{
	struct imp_go_module module;

	assert_true(imp_go_module_next(rest, &module));
	assert_int_equal(module.main, is_main);
	assert_true(imp_slice_is(module.path, path));
	assert_true(imp_slice_is(module.version, version));
}

#define GO_START "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
#define GO_END "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2"

CASE(go_modules)
{
	struct imp_slice rest = imp_go_module_text(
		IMP_SLICE(GO_START "path\texample.com/x/cmd\n"
				   "mod\texample.com/x\t(devel)\t\n"
				   "dep\tgolang.org/x/sys\tv0.1.0\th1:aa=\n"
				   "dep\tgithub.com/old/one\tv1.0.0\n"
				   "=>\tgithub.com/new/one\tv1.2.0\th1:bb=\n"
				   "build\t-compiler=gc\n" GO_END));
	struct imp_go_module none;

	expect_module(&rest, true, "example.com/x", "(devel)");
	expect_module(&rest, false, "golang.org/x/sys", "v0.1.0");
	expect_module(&rest, false, "github.com/new/one", "v1.2.0");
	assert_false(imp_go_module_next(&rest, &none));
}

CASE(go_program_without_module)
{
	struct imp_slice rest =
		IMP_SLICE("path\tcommand-line-arguments\ndep\ta.b/c\tv1\n");

	expect_module(&rest, true, "command-line-arguments", "");
	expect_module(&rest, false, "a.b/c", "v1");
}

CASE(go_replacement_by_nothing)
{
	struct imp_slice rest = IMP_SLICE("dep\ta.b/c\tv1\n=>");

	expect_module(&rest, false, "a.b/c", "v1");
}

CASE(go_nonsense)
{
	struct imp_slice rest = IMP_SLICE("mod\n\n\tx\ndep\t\tv\n=>\tx\ty\nmodx\ta\tb");
	struct imp_go_module none;

	assert_false(imp_go_module_next(&rest, &none));
	assert_int_equal(imp_go_module_text(IMP_SLICE(GO_START)).len, 16);
}

CASE(rust_crates_are_unpacked)
{
	static const char text[] = "{\"packages\":[]}";
	unsigned char packed[128];
	uLongf packed_bytes = sizeof(packed);
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error err = {0};

	assert_int_equal(compress(packed, &packed_bytes, (const unsigned char *)text,
				  sizeof(text) - 1),
			 Z_OK);
	struct imp_slice input = {(const char *)packed, packed_bytes};
	assert_ok(imp_cargo_unpack(input, &out, &err), &err);
	assert_true(imp_slice_is(imp_strbuf_slice(&out), text));
	input.len -= 4;
	assert_fails(imp_cargo_unpack(input, &out, &err), IMP_E_FORMAT, "damaged", &err);
	assert_fails(imp_cargo_unpack(IMP_SLICE(""), &out, &err), IMP_E_FORMAT, "damaged",
		     &err);
}

CASE(rust_bombs_are_refused)
{
	enum { BOMB_BYTES = 64 << 20 };
	imp_auto_free unsigned char *zeros = imp_xcalloc(BOMB_BYTES, 1);
	uLongf packed_bytes = compressBound(BOMB_BYTES);
	imp_auto_free unsigned char *packed = imp_xmalloc(packed_bytes);
	imp_auto(imp_strbuf_finish) struct imp_strbuf out = {0};
	struct imp_error err = {0};

	assert_int_equal(compress(packed, &packed_bytes, zeros, BOMB_BYTES), Z_OK);
	struct imp_slice input = {(const char *)packed, packed_bytes};
	assert_fails(imp_cargo_unpack(input, &out, &err), IMP_E_LIMIT, "crates", &err);
	assert_true(out.len < 9 << 20);
}
