/* Writes the page of a diff that nothing was compared for: every state, every table, hostile names. */
#include <stdio.h>

#include "imgprof/report.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))
#define SUM(before, after) \
	{ \
		.disk = {before, after}, .pull = {(before) / 3, (after) / 3 } \
	}

static const struct imp_diff_node nodes[] = {
	{.depth = 0,
	 .folder = true,
	 .state = IMP_DIFF_GROWN,
	 .sum = SUM(24000000, 26000000)},
	{.name = IMP_SLICE("usr"),
	 .depth = 1,
	 .folder = true,
	 .state = IMP_DIFF_GROWN,
	 .origin = IMP_ORIGIN_BASE,
	 .sum = SUM(9000000, 10000000)},
	{.name = IMP_SLICE("grown"),
	 .depth = 2,
	 .state = IMP_DIFF_GROWN,
	 .origin = IMP_ORIGIN_BASE,
	 .sum = SUM(3000000, 6000000)},
	{.name = IMP_SLICE("shrunk"),
	 .depth = 2,
	 .state = IMP_DIFF_SHRUNK,
	 .origin = IMP_ORIGIN_BASE,
	 .sum = SUM(6000000, 4000000)},
	{.name = IMP_SLICE("new\"><script>alert(1)</script>"),
	 .depth = 1,
	 .state = IMP_DIFF_ADDED,
	 .origin = IMP_ORIGIN_OWN,
	 .sum = SUM(0, 6000000)},
	{.name = IMP_SLICE("gone<b>.bin"),
	 .depth = 1,
	 .state = IMP_DIFF_REMOVED,
	 .origin = IMP_ORIGIN_OWN,
	 .sum = SUM(5000000, 0)},
	{.depth = 1,
	 .files = 12,
	 .state = IMP_DIFF_SAME,
	 .origin = IMP_ORIGIN_OWN,
	 .sum = SUM(9000000, 9000000)},
	{.name = IMP_SLICE("[overhead]"),
	 .depth = 1,
	 .state = IMP_DIFF_SAME,
	 .origin = IMP_ORIGIN_UNKNOWN,
	 .sum = SUM(999999, 999999)},
};
static const struct imp_diff_reason reasons[] = {
	{.kind = IMP_REASON_PACKAGE,
	 .subject = IMP_SLICE("node<js>"),
	 .manager = "dpkg",
	 .rule = "",
	 .title = "",
	 .class_name = "",
	 .version_before = IMP_SLICE("18.1"),
	 .version_after = IMP_SLICE("20.2"),
	 .others = 3,
	 .state = IMP_DIFF_GROWN,
	 .instruction = IMP_SLICE("RUN npm ci"),
	 .sum = SUM(3000000, 6000000)},
	{.kind = IMP_REASON_FOLDER,
	 .subject = IMP_SLICE("gone<b>.bin"),
	 .manager = "",
	 .rule = "",
	 .title = "",
	 .class_name = "",
	 .state = IMP_DIFF_REMOVED,
	 .sum = SUM(5000000, 0)},
};
static const struct imp_diff_layer layers[] = {
	{.before_index = 0,
	 .after_index = 0,
	 .state = IMP_DIFF_SAME,
	 .instruction = IMP_SLICE("ADD base.tar /"),
	 .sum = SUM(9000000, 9000000)},
	{.before_index = 1,
	 .after_index = IMP_NONE,
	 .state = IMP_DIFF_REMOVED,
	 .instruction = IMP_SLICE("RUN <old>"),
	 .sum = SUM(5000000, 0)},
	{.before_index = IMP_NONE,
	 .after_index = 1,
	 .state = IMP_DIFF_ADDED,
	 .instruction = IMP_SLICE("RUN npm ci"),
	 .sum = SUM(0, 6000000)},
};
static const struct imp_slice old_versions[] = {IMP_SLICE("18.1")};
static const struct imp_slice new_versions[] = {IMP_SLICE("20.2"), IMP_SLICE("20.3")};
static const struct imp_diff_package packages[] = {
	{.manager = "dpkg",
	 .name = IMP_SLICE("node<js>"),
	 .before_versions = old_versions,
	 .before_version_count = 1,
	 .after_versions = new_versions,
	 .after_version_count = 2,
	 .state = IMP_DIFF_GROWN,
	 .sum = SUM(3000000, 6000000)},
};
static const struct imp_diff_class classes[] = {
	{.name = "runtime", .sum = SUM(3000000, 6000000)}};
static const struct imp_diff_path paths[] = {
	{.path = IMP_SLICE("usr/moved"),
	 .from = IMP_SLICE("usr/<was>"),
	 .state = IMP_DIFF_MOVED,
	 .sum = SUM(100, 100)},
};
static const struct imp_diff_attributes attributes[] = {
	{.path = IMP_SLICE("etc/passwd"),
	 .what = IMP_ATTRIBUTE_MODE,
	 .before = "0644",
	 .after = "0600"},
};
static const struct imp_diff_finding findings[] = {
	{.id = "DEB-DEBS",
	 .rule = "DEB-DEBS",
	 .class_name = "cache",
	 .confidence = "certain",
	 .title = "downloaded <.deb> packages",
	 .state = IMP_DIFF_REMOVED,
	 .sum = SUM(5000000, 0)},
};
static const struct imp_diff_setting settings[] = {
	{.what = "env PATH",
	 .had = true,
	 .has = true,
	 .before = IMP_SLICE("/bin"),
	 .after = IMP_SLICE("/bin:<x>")},
};

static const struct imp_diff diff = {
	.before = {.reference = "<i>web</i>:1", .complete = true},
	.after = {.reference = "<i>web</i>:2", .complete = true},
	.totals = {[IMP_TOTAL_DISK] = {23999999, 25999999},
		   [IMP_TOTAL_PULL] = {7999999, 8666666}},
	.new_layer_bytes = 2000000,
	.chain_break = IMP_NONE,
	.layers = layers,
	.layer_count = COUNT(layers),
	.packages = packages,
	.package_count = COUNT(packages),
	.classes = classes,
	.class_count = COUNT(classes),
	.paths = paths,
	.path_count = COUNT(paths),
	.attributes = attributes,
	.attribute_count = COUNT(attributes),
	.findings = findings,
	.finding_count = COUNT(findings),
	.settings = settings,
	.setting_count = COUNT(settings),
	.reasons = reasons,
	.reason_count = COUNT(reasons),
	.nodes = nodes,
	.node_count = COUNT(nodes),
};

int main(void)
{
	const struct imp_diff *const list[] = {&diff};
	struct imp_diff_set set = {.list = list, .count = 1, .complete = true};
	struct imp_report report = {.kind = IMP_REPORT_DIFF, .diffs = &set};
	struct imp_report_options options = {.units = IMP_UNITS_BYTES,
					     .version = "test",
					     .features = "",
					     .rules_version = ""};
	struct imp_error err = {0};

	if (imp_format_write(imp_format_find("html"), &report, &options, stdout, &err) <
	    0) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	return 0;
}
