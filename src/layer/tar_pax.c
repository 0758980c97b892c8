#include "tar_pax.h"

#include <inttypes.h>
#include <stdlib.h>

#include <xxhash.h>

#include "imgprof/arena.h"

/* libarchive drops a longer record with a warning, and with it perhaps the name. */
enum { MAX_RECORD_BYTES = 999999 };

void imp_tar_pax_finish(struct imp_tar_pax *pax)
{
	imp_sparse_map_finish(&pax->regions);
	free(pax->xattrs);
	*pax = (struct imp_tar_pax){0};
}

void imp_tar_pax_reset(struct imp_tar_pax *pax)
{
	struct imp_tar_pax kept = {
		.regions = pax->regions,
		.xattrs = pax->xattrs,
		.xattr_capacity = pax->xattr_capacity,
	};
	imp_sparse_map_reset(&kept.regions);
	*pax = kept;
}

bool imp_tar_decimal(struct imp_slice text, uint64_t *out)
{
	unsigned long long value;
	if (!imp_slice_u64(text, &value))
		return false;
	*out = value;
	return true;
}

bool imp_tar_pax_seconds(struct imp_slice text, int64_t *out)
{
	bool negative = imp_slice_starts(text, IMP_SLICE("-"));
	struct imp_slice fraction = imp_slice_skip(text, negative);
	struct imp_slice whole = imp_slice_cut(&fraction, '.');
	uint64_t seconds;
	bool some = false;
	if (!imp_tar_decimal(whole, &seconds) || seconds >= INT64_MAX)
		return false;
	for (size_t i = 0; i < fraction.len; i++) {
		if (fraction.data[i] < '0' || fraction.data[i] > '9')
			return false;
		some |= fraction.data[i] != '0';
	}
	*out = negative ? -(int64_t)seconds - some : (int64_t)seconds;
	return true;
}

static bool has_nul(struct imp_slice text)
{
	return text.len > 0 && memchr(text.data, '\0', text.len);
}

/* Cuts the first record off *BODY. */
static int read_record(struct imp_slice *body, struct imp_slice *key,
		       struct imp_slice *value, struct imp_error *err)
{
	struct imp_slice record = *body;
	uint64_t len;
	if (!imp_tar_decimal(imp_slice_cut(&record, ' '), &len) || !record.data ||
	    len > body->len || len <= body->len - record.len)
		return imp_fail(err, IMP_E_FORMAT,
				"pax record without its length in front");
	if (len > MAX_RECORD_BYTES)
		return imp_fail(err, IMP_E_LIMIT,
				"pax record of %" PRIu64 " bytes, more than %d "
				"(special-header-bytes)",
				len, MAX_RECORD_BYTES);
	struct imp_slice rest = imp_slice_skip(*body, (size_t)len);
	record.len -= rest.len;
	if (record.data[record.len - 1] != '\n')
		return imp_fail(err, IMP_E_FORMAT,
				"pax record without a newline at its end");
	record.len--;
	*value = record;
	*key = imp_slice_cut(value, '=');
	if (!value->data || key->len == 0 || has_nul(*key))
		return imp_fail(err, IMP_E_FORMAT, "pax record without KEY=VALUE");
	*body = rest;
	return 0;
}

/* GNU.sparse 0.0: offset and numbytes by turns. */
static int add_region(struct imp_tar_pax *pax, bool is_offset, struct imp_slice text,
		      struct imp_error *err)
{
	uint64_t value;
	if (is_offset == pax->half_region || !imp_tar_decimal(text, &value))
		return imp_fail(err, IMP_E_FORMAT, "malformed sparse map");
	if (is_offset)
		imp_sparse_map_add(&pax->regions, value, 0);
	else
		pax->regions.regions[pax->regions.count - 1].len = value;
	pax->half_region = is_offset;
	return 0;
}

static void add_xattr(struct imp_tar_pax *pax, struct imp_slice name,
		      struct imp_slice value)
{
	pax->xattrs = imp_xgrow(pax->xattrs, &pax->xattr_capacity, pax->xattr_count + 1,
				sizeof(*pax->xattrs));
	pax->xattrs[pax->xattr_count++] = (struct imp_tar_xattr){name, value};
}

/* Where the value of KEY is kept, or NULL. *TEXT: it may hold no NUL. */
static struct imp_slice *find_slot(struct imp_tar_pax *pax, struct imp_slice key,
				   bool *text)
{
	struct {
		const char *key;
		bool text;
		struct imp_slice *slot;
	} slots[] = {
		{"path", true, &pax->path},
		{"linkpath", true, &pax->link},
		{"size", false, &pax->size},
		{"uid", false, &pax->uid},
		{"gid", false, &pax->gid},
		{"mtime", false, &pax->mtime},
		{"atime", false, &pax->atime},
		{"ctime", false, &pax->ctime},
		{"GNU.sparse.major", false, &pax->sparse_major},
		{"GNU.sparse.minor", false, &pax->sparse_minor},
		{"GNU.sparse.name", true, &pax->sparse_name},
		{"GNU.sparse.size", false, &pax->sparse_size},
		{"GNU.sparse.realsize", false, &pax->sparse_realsize},
		{"GNU.sparse.numblocks", false, &pax->sparse_numblocks},
		{"GNU.sparse.map", false, &pax->sparse_map},
	};
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (!imp_slice_is(key, slots[i].key))
			continue;
		*text = slots[i].text;
		return slots[i].slot;
	}
	*text = imp_slice_is(key, "uname") || imp_slice_is(key, "gname");
	return NULL;
}

static int take_record(struct imp_tar_pax *pax, struct imp_slice key,
		       struct imp_slice value, struct imp_error *err)
{
	static const struct imp_slice xattr = IMP_SLICE("SCHILY.xattr.");
	bool text;
	struct imp_slice *slot = find_slot(pax, key, &text);
	if (text && has_nul(value))
		return imp_fail(err, IMP_E_FORMAT, "NUL in pax record '%.*s'",
				(int)key.len, key.data);
	if (slot)
		*slot = value;
	else if (imp_slice_starts(key, xattr))
		add_xattr(pax, imp_slice_skip(key, xattr.len), value);
	else if (imp_slice_is(key, "GNU.sparse.offset"))
		return add_region(pax, true, value, err);
	else if (imp_slice_is(key, "GNU.sparse.numbytes"))
		return add_region(pax, false, value, err);
	return 0;
}

int imp_tar_pax_parse(struct imp_slice body, struct imp_tar_pax *pax,
		      struct imp_error *err)
{
	int rc = 0;
	imp_tar_pax_reset(pax);
	while (rc == 0 && body.len > 0) {
		struct imp_slice key = {0}, value = {0};
		rc = read_record(&body, &key, &value, err);
		if (rc == 0)
			rc = take_record(pax, key, value, err);
	}
	if (rc == 0 && pax->half_region)
		return imp_fail(err, IMP_E_FORMAT, "malformed sparse map");
	return rc;
}

/* By name; records stand behind each other in the body, so a later one has a higher
 * address. */
static int compare_xattrs(const void *a, const void *b)
{
	const struct imp_tar_xattr *left = a, *right = b;
	int order = imp_slice_compare(left->name, right->name);
	if (order != 0)
		return order;
	return (left->name.data > right->name.data) -
	       (left->name.data < right->name.data);
}

uint64_t imp_tar_pax_hash_xattrs(struct imp_tar_pax *pax)
{
	if (pax->xattr_count == 0)
		return 0;
	qsort(pax->xattrs, pax->xattr_count, sizeof(*pax->xattrs), compare_xattrs);
	uint64_t hash = 0;
	for (size_t i = 0; i < pax->xattr_count; i++) {
		const struct imp_tar_xattr *xattr = &pax->xattrs[i];
		if (i + 1 < pax->xattr_count &&
		    imp_slice_equal(xattr->name, xattr[1].name))
			continue;
		hash = XXH3_64bits_withSeed(xattr->name.data, xattr->name.len, hash);
		hash = XXH3_64bits_withSeed(xattr->value.data, xattr->value.len, hash);
	}
	return hash ? hash : 1;
}

bool imp_tar_pax_has_overlay_xattr(const struct imp_tar_pax *pax)
{
	for (size_t i = 0; i < pax->xattr_count; i++)
		if (imp_slice_starts(pax->xattrs[i].name,
				     IMP_SLICE("trusted.overlay.")) ||
		    imp_slice_starts(pax->xattrs[i].name, IMP_SLICE("user.overlay.")))
			return true;
	return false;
}
