/* What programs load by a name that no table of theirs has: classification.md 5.2, last part. */
#include "trail.h"

/*
 * When a file whose name starts with TRIGGER is reached, the files that match in FOLDERS (below
 * each library folder, or absolute) are. "*" stands for one run of anything.
 */
static const struct {
	const char *trigger, *folder, *pattern;
} rows[] = {
	{"libc.so.6", "", "libnss_*"},
	{"libc.so.6", "", "libresolv.so*"},
	{"libc.so.6", "", "libgcc_s.so.1"},
	{"libc.so.6", "gconv", "UTF-*.so"},
	{"libc.so.6", "gconv", "UNICODE.so"},
	{"libc.so.6", "gconv", "ISO8859-1.so"},
	{"libc.so.6", "gconv", "gconv-modules*"},
	{"libpam.so", "security", "pam_*.so"},
	{"libsasl2.so", "sasl2", "*.so*"},
	{"libcrypto.so", "ossl-modules", "*.so"},
	{"libcrypto.so", "engines-3", "*.so"},
	{"libcrypto.so", "engines-1.1", "*.so"},
	{"libp11-kit.so", "pkcs11", "*.so"},
	{"libicuuc.so", "", "libicudata.so*"},
	{"libGL.so", "dri", "*_dri.so"},
	{"libEGL.so", "dri", "*_dri.so"},
	{"libgbm.so", "dri", "*_dri.so"},
	{"libGLX.so", "", "libGLX_*"},
	{"libEGL.so", "", "libEGL_*"},
	{"libva.so", "dri", "*_drv_video.so"},
	{"libgdk_pixbuf-2.0.so", "gdk-pixbuf-2.0/2.10.0/loaders", "*.so"},
	{"libgio-2.0.so", "gio/modules", "*.so"},
	{"libkrb5.so", "krb5/plugins/preauth", "*.so"},
	{"libldap", "ldap", "*.so*"},
	{"nginx", "/usr/lib/nginx/modules", "*.so"},
	{"nginx", "/usr/lib64/nginx/modules", "*.so"},
	{"nginx", "/etc/nginx/modules", "*.so"},
	{"apache2", "/usr/lib/apache2/modules", "*.so"},
	{"httpd", "/usr/lib64/httpd/modules", "*.so"},
	{"httpd", "/usr/local/apache2/modules", "*.so"},
	{"httpd", "/usr/lib/apache2", "*.so"},
	{"libcrypto.so", "/etc/ssl/certs", "*"},
	{"libgnutls.so", "/etc/ssl/certs", "*"},
	{"libcrypto.so", "/usr/share/ca-certificates/mozilla", "*"},
	{"libcrypto.so", "/etc/pki/ca-trust/extracted/pem", "*"},
	{"libc.so.6", "/usr/share/zoneinfo", "*"},
	{"libc.so.6", "/usr/share/zoneinfo/Etc", "*"},
	{"libc.so.6", "/usr/lib/locale/C.utf8", "*"},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static bool matches(struct imp_slice name, struct imp_slice pattern)
{
	struct imp_slice rest = pattern, front = imp_slice_cut(&rest, '*');

	if (!rest.data)
		return imp_slice_equal(name, pattern);
	struct imp_slice middle = imp_slice_cut(&rest, '*');
	if (name.len < front.len + middle.len || !imp_slice_starts(name, front))
		return false;
	name = imp_slice_skip(name, front.len);
	if (!rest.data)
		return imp_slice_ends(name, middle);
	return middle.len == 0 || memmem(name.data, name.len, middle.data, middle.len);
}

struct sight {
	const struct imp_trail *trail;
	uint32_t trigger[ROWS]; /* record of the first that is reached, or IMP_NONE */
};

static void see(struct sight *sight, uint32_t record)
{
	const struct imp_tree *tree = sight->trail->tree;
	struct imp_slice name = imp_tree_name(tree, imp_tree_record(tree, record)->node);

	for (size_t i = 0; i < ROWS; i++)
		if (sight->trigger[i] == IMP_NONE &&
		    imp_slice_starts(name, imp_slice_of(rows[i].trigger)))
			sight->trigger[i] = record;
}

static void put_folder(const struct sight *sight, size_t row, uint32_t folder,
		       void (*put)(void *context, uint32_t node, uint32_t by),
		       void *context)
{
	const struct imp_tree *tree = sight->trail->tree;
	uint32_t n =
		folder == IMP_NONE ? IMP_NONE : imp_tree_node(tree, folder)->first_child;

	for (; n != IMP_NONE; n = imp_tree_node(tree, n)->next_sibling) {
		struct imp_slice name = imp_tree_name(tree, n);
		if (imp_tree_node(tree, n)->live &&
		    matches(name, imp_slice_of(rows[row].pattern)))
			put(context, imp_tree_resolve(tree, folder, name),
			    sight->trigger[row]);
	}
}

static void put_row(const struct sight *sight, size_t row,
		    void (*put)(void *context, uint32_t node, uint32_t by), void *context)
{
	const struct imp_tree *tree = sight->trail->tree;
	uint32_t home =
		imp_tree_node(tree, imp_tree_record(tree, sight->trigger[row])->node)
			->parent;
	struct imp_slice folder = imp_slice_of(rows[row].folder);
	uint32_t real = imp_tree_resolve(tree, 0, IMP_SLICE("/usr/lib"));

	if (folder.len > 0 && folder.data[0] == '/') {
		put_folder(sight, row, imp_tree_resolve(tree, 0, folder), put, context);
		return;
	}
	/* beside the library; without merged /usr it may be in /lib and its modules in /usr/lib */
	put_folder(sight, row, imp_tree_resolve(tree, home, folder), put, context);
	struct imp_slice triplet = imp_tree_name(tree, home);
	uint32_t twin =
		real == IMP_NONE ? IMP_NONE : imp_tree_resolve(tree, real, triplet);
	if (twin != IMP_NONE && twin != home)
		put_folder(sight, row, imp_tree_resolve(tree, twin, folder), put,
			   context);
}

void imp_dlopened(const struct imp_trail *trail,
		  void (*put)(void *context, uint32_t node, uint32_t by), void *context)
{
	struct sight sight = {.trail = trail};
	uint32_t records = imp_tree_record_count(trail->tree);

	memset(sight.trigger, 0xff, sizeof(sight.trigger));
	for (uint32_t r = 0; r < records; r++)
		if (trail->reached[r])
			see(&sight, r);
	for (size_t i = 0; i < ROWS; i++)
		if (sight.trigger[i] != IMP_NONE)
			put_row(&sight, i, put, context);
}
