/* chisel's manifest: classification.md 2.1. */
#include <zstd.h>

#include "imgprof/json.h"
#include "inventory_case.h"

#define WALL "var/lib/chisel/manifest.wall"

static const char lines[] =
	"{\"jsonwall\":\"1.0\",\"schema\":\"1.0\",\"count\":9}\n"
	"{\"kind\":\"content\",\"slice\":\"libc6_libs\",\"path\":\"/usr/lib/libc.so.6\"}\n"
	"{\"kind\":\"package\",\"name\":\"base-files\",\"version\":\"13ubuntu10\","
	"\"sha256\":\"00\",\"arch\":\"amd64\"}\n"
	"{\"kind\":\"package\",\"name\":\"libc6\",\"version\":\"2.39-0ubuntu8\","
	"\"sha256\":\"00\",\"arch\":\"amd64\"}\n"
	"{\"kind\":\"path\",\"path\":\"/etc/\",\"mode\":\"0755\","
	"\"slices\":[\"base-files_base\"]}\n"
	"{\"kind\":\"path\",\"path\":\"/etc/both\",\"mode\":\"0644\","
	"\"slices\":[\"base-files_base\",\"libc6_libs\",\"none_x\"],\"size\":3}\n"
	"{\"kind\":\"path\",\"path\":\"/lib/libc.so.6\",\"mode\":\"0644\","
	"\"slices\":[\"libc6_libs\"],\"sha256\":\"00\",\"size\":9}\n"
	"{\"kind\":\"slice\",\"name\":\"libc6_libs\"}\n";

static void add_wall(struct inventory_case *c, const char *text)
{
	char packed[16 << 10];
	size_t len = ZSTD_compress(packed, sizeof(packed), text, strlen(text), 3);

	assert_false(ZSTD_isError(len));
	imp_json_init();
	inventory_bytes(c, WALL, imp_slice(packed, len));
}

CASE(paths_belong_to_the_packages_of_their_slices)
{
	struct inventory_case c = {0};
	inventory_lines(&c, "symlink lib -> usr/lib\nfile usr/lib/libc.so.6 9\n"
			    "file etc/both 3\nfile etc/other 4\n");
	add_wall(&c, lines);
	inventory_read(&c);
	assert_int_equal(c.packages.count, 2);
	inventory_expect_owner(&c, "usr/lib/libc.so.6", "chisel:libc6");
	inventory_expect_owner(&c, "etc/both", "chisel:libc6");
	inventory_expect_also(&c, "etc/both", "chisel:base-files");
	inventory_expect_owner(&c, "etc/other", "");
	assert_string_equal(inventory_package(&c, IMP_MANAGER_CHISEL, "libc6")->purl,
			    "pkg:deb/ubuntu/libc6@2.39-0ubuntu8?arch=amd64");
	inventory_expect_unreadable(&c, "");
	inventory_finish(&c);
}

static void expect_unreadable(struct imp_slice wall)
{
	struct inventory_case c = {0};
	inventory_bytes(&c, WALL, wall);
	inventory_read(&c);
	inventory_expect_unreadable(&c, WALL " ");
	inventory_finish(&c);
}

CASE(damaged_walls_are_unreadable)
{
	char packed[16 << 10];
	size_t len = ZSTD_compress(packed, sizeof(packed), lines, sizeof(lines) - 1, 3);
	imp_json_init();
	expect_unreadable(imp_slice(packed, len / 2));
	expect_unreadable(IMP_SLICE("{\"kind\":\"package\",\"name\":\"x\"}\n"));
	expect_unreadable(IMP_SLICE("{\"jsonwall\":\"1.0\"}\n{\"kind\":"));
	expect_unreadable(IMP_SLICE(""));
	expect_unreadable(
		IMP_SLICE("{\"jsonwall\":\"1.0\"}\n[[[[[[[[[[[[[[[[[[[[[[[[[[[[["));
}

/* 64 MiB of nothing from a few bytes. */
CASE(a_bomb_is_unreadable)
{
	imp_auto_free char *zeros = calloc(1, 80 << 20);
	imp_auto_free char *packed = malloc(1 << 20);
	size_t len = ZSTD_compress(packed, 1 << 20, zeros, 80 << 20, 1);
	imp_json_init();
	assert_false(ZSTD_isError(len));
	expect_unreadable(imp_slice(packed, len));
}
