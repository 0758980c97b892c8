#include "tar_audit.h"

#include <inttypes.h>

/* Fields of an old GNU sparse header and of the blocks that continue it. */
enum {
	GNU_SPARSE_AT = 386,
	GNU_SPARSE_COUNT = 4,
	GNU_EXTENDED_AT = 482,
	GNU_REALSIZE_AT = 483,
	GNU_REALSIZE_LEN = 12,
	EXTENSION_COUNT = 21,
	EXTENSION_MORE_AT = 504,
};

/* The headers in front of one entry, as they have been read so far. */
struct reading {
	struct imp_tar_audit *audit;
	struct imp_slice region;
	size_t at;           /* of the next block */
	unsigned headers;    /* special ones */
	uint64_t body_bytes; /* theirs */
	bool has_pax;
	struct imp_slice long_name, long_link;
	unsigned remarks;
};

void imp_tar_audit_init(struct imp_tar_audit *audit, const struct imp_limits *limits)
{
	*audit = (struct imp_tar_audit){.limits = limits};
}

void imp_tar_audit_finish(struct imp_tar_audit *audit)
{
	imp_tar_pax_finish(&audit->pax);
	imp_tar_pax_finish(&audit->global);
	imp_sparse_map_finish(&audit->map);
	imp_strbuf_finish(&audit->text);
}

static const uint8_t *block_at(const struct reading *reading, size_t at)
{
	return (const uint8_t *)reading->region.data + at;
}

static bool has_block(const struct reading *reading)
{
	return reading->region.len - reading->at >= IMP_TAR_BLOCK;
}

static bool is_special(char type)
{
	return type == 'x' || type == 'g' || type == 'L' || type == 'K' || type == 'V';
}

/* 0, 1 when the body is not all there, or negative. */
static int take_body(struct reading *reading, const struct imp_tar_header *header,
		     struct imp_slice *body, struct imp_error *err)
{
	const struct imp_limits *limits = reading->audit->limits;
	size_t start = reading->at + IMP_TAR_BLOCK;

	reading->body_bytes += header->size_bytes;
	if (reading->body_bytes > limits->special_header_bytes)
		return imp_fail(err, IMP_E_LIMIT,
				"pax or GNU headers of one entry hold more than %" PRIu64
				" bytes (special-header-bytes)",
				limits->special_header_bytes);
	if (imp_tar_round_up(header->size_bytes) > reading->region.len - start)
		return 1;
	*body = imp_slice((const char *)block_at(reading, start),
			  (size_t)header->size_bytes);
	reading->at = start + (size_t)imp_tar_round_up(header->size_bytes);
	return 0;
}

/* For engines a global header is an entry of its own: what stood before it is gone. */
static int take_global(struct reading *reading, struct imp_slice body,
		       struct imp_error *err)
{
	struct imp_tar_pax *global = &reading->audit->global;
	int rc = imp_tar_pax_parse(body, global, err);
	if (rc < 0)
		return rc;
	if (global->path.len || global->link.len || global->size.len)
		reading->remarks |= IMP_TAR_GLOBAL_PATH;
	reading->has_pax = false;
	reading->long_name = reading->long_link = (struct imp_slice){0};
	return 0;
}

static int take_special(struct reading *reading, const struct imp_tar_header *header,
			struct imp_error *err)
{
	struct imp_slice body = {0};
	unsigned most = reading->audit->limits->special_headers;

	if (++reading->headers > most)
		return imp_fail(err, IMP_E_LIMIT,
				"more than %u pax or GNU headers in a row "
				"(special-headers)",
				most);
	int rc = take_body(reading, header, &body, err);
	if (rc != 0)
		return rc;
	switch (header->type) {
	case 'x':
		reading->has_pax = true;
		return imp_tar_pax_parse(body, &reading->audit->pax, err);
	case 'g':
		return take_global(reading, body, err);
	case 'L':
		reading->long_name = imp_slice_cut(&body, '\0');
		return 0;
	case 'K':
		reading->long_link = imp_slice_cut(&body, '\0');
		return 0;
	default:
		/* For some it is an entry, and what stands before it is its own. */
		if (body.len > 0 || reading->has_pax || reading->long_name.len > 0 ||
		    reading->long_link.len > 0)
			return imp_fail(err, IMP_E_FORMAT,
					"volume label with records or data: tar readers "
					"differ");
		reading->remarks |= IMP_TAR_VOLUME_LABEL;
		return 0;
	}
}

/* Reads the block at READING->at. 0, 1 when it is not all there, or negative. */
static int read_header(const struct reading *reading, struct imp_tar_header *header,
		       struct imp_error *err)
{
	if (!has_block(reading))
		return 1;
	const uint8_t *block = block_at(reading, reading->at);
	if (!imp_tar_checksum_fits(block))
		return imp_fail(err, IMP_E_FORMAT, "tar header with a wrong checksum");
	return imp_tar_header_parse(block, header, err);
}

/* Up to the entry's own header, which stays at READING->at. */
static int read_specials(struct reading *reading, struct imp_tar_header *header,
			 struct imp_error *err)
{
	int rc = read_header(reading, header, err);
	while (rc == 0 && is_special(header->type)) {
		rc = take_special(reading, header, err);
		if (rc == 0)
			rc = read_header(reading, header, err);
	}
	return rc;
}

static struct imp_slice header_path(struct imp_tar_audit *audit,
				    const struct imp_tar_header *header)
{
	if (header->prefix.len == 0)
		return header->name;
	imp_strbuf_reset(&audit->text);
	imp_strbuf_add_slice(&audit->text, header->prefix);
	imp_strbuf_add_char(&audit->text, '/');
	imp_strbuf_add_slice(&audit->text, header->name);
	return imp_strbuf_slice(&audit->text);
}

static enum imp_entry_type entry_type(char flag, struct imp_slice path)
{
	switch (flag) {
	case '\0': /* before ustar, directories had no type */
		return imp_slice_ends(path, IMP_SLICE("/")) ? IMP_ENTRY_DIRECTORY
							    : IMP_ENTRY_FILE;
	case '1':
		return IMP_ENTRY_HARDLINK;
	case '2':
		return IMP_ENTRY_SYMLINK;
	case '3':
		return IMP_ENTRY_CHAR;
	case '4':
		return IMP_ENTRY_BLOCK;
	case '5':
	case 'D': /* GNU's incremental dumps; the data is a listing */
		return IMP_ENTRY_DIRECTORY;
	case '6':
		return IMP_ENTRY_FIFO;
	default:
		return IMP_ENTRY_FILE;
	}
}

static bool is_known_type(char flag)
{
	return (flag >= '0' && flag <= '7') || flag == '\0' || flag == 'S';
}

static int override_id(struct imp_slice text, struct imp_tar_view *view, uint64_t *id,
		       struct imp_error *err)
{
	uint64_t value;
	bool negative = imp_slice_starts(text, IMP_SLICE("-"));

	if (text.len == 0)
		return 0;
	if (!imp_tar_decimal(imp_slice_skip(text, negative), &value) || value > INT64_MAX)
		return imp_fail(err, IMP_E_FORMAT, "pax owner is no number");
	if (negative)
		view->remarks |= IMP_TAR_NEGATIVE_OWNER;
	*id = negative ? 0 : value;
	return 0;
}

static int override_time(struct imp_slice text, int64_t *time_s, struct imp_error *err)
{
	if (text.len > 0 && !imp_tar_pax_seconds(text, time_s))
		return imp_fail(err, IMP_E_FORMAT, "pax time is no number");
	return 0;
}

/* The pax size in place of the header's. */
static int override_size(const struct imp_tar_header *header, struct imp_slice text,
			 bool has_data, struct imp_tar_view *view, struct imp_error *err)
{
	uint64_t size;
	if (text.len == 0)
		return 0;
	if (!imp_tar_decimal(text, &size) || size >= IMP_TAR_MAX_BYTES)
		return imp_fail(err, IMP_E_FORMAT, "pax size is no size below 2^60");
	if (has_data && header->size_bytes != 0 && header->size_bytes != size)
		view->remarks |= IMP_TAR_SIZE_AMBIGUOUS;
	view->stored_bytes = size;
	return 0;
}

static int merge_pax(struct imp_tar_pax *pax, struct imp_tar_view *view,
		     struct imp_error *err)
{
	int64_t ignored;
	int rc = 0;

	if (pax->path.len > 0)
		view->path = pax->path;
	if (pax->link.len > 0)
		view->link = pax->link;
	if (imp_tar_pax_has_overlay_xattr(pax))
		view->remarks |= IMP_TAR_OVERLAY_XATTR;
	view->xattrs = imp_tar_pax_hash_xattrs(pax);
	if ((rc = override_id(pax->uid, view, &view->uid, err)) < 0 ||
	    (rc = override_id(pax->gid, view, &view->gid, err)) < 0 ||
	    (rc = override_time(pax->mtime, &view->mtime_s, err)) < 0 ||
	    (rc = override_time(pax->atime, &ignored, err)) < 0 ||
	    (rc = override_time(pax->ctime, &ignored, err)) < 0)
		return rc;
	return 0;
}

/* Whether a type has data behind its header whatever the size says. */
static bool holds_data(const struct imp_tar_view *view)
{
	return view->type == IMP_ENTRY_FILE || view->type_flag == 'D';
}

static int merge(struct reading *reading, const struct imp_tar_header *header,
		 struct imp_tar_view *view, struct imp_error *err)
{
	struct imp_tar_pax *pax = &reading->audit->pax;

	*view = (struct imp_tar_view){
		.type_flag = header->type,
		.path = header_path(reading->audit, header),
		.link = header->link,
		.stored_bytes = header->size_bytes,
		.mode = header->mode,
		.uid = header->uid,
		.gid = header->gid,
		.mtime_s = header->mtime_s,
		.special_bytes = reading->at,
		.remarks = reading->remarks,
	};
	if (header->negative_owner)
		view->remarks |= IMP_TAR_NEGATIVE_OWNER;
	int rc = reading->has_pax ? merge_pax(pax, view, err) : 0;
	if (reading->long_name.len > 0)
		view->path = reading->long_name;
	if (reading->long_link.len > 0)
		view->link = reading->long_link;
	view->type = entry_type(header->type, view->path);
	if (rc == 0 && reading->has_pax)
		rc = override_size(header, pax->size, holds_data(view), view, err);
	return rc;
}

/* Old GNU sparse files: regions in the header and in blocks behind it. */
static int read_old_sparse(struct reading *reading, const struct imp_tar_header *header,
			   struct imp_tar_view *view, struct imp_error *err)
{
	struct imp_sparse_map *map = &reading->audit->map;
	const uint8_t *block = block_at(reading, (size_t)view->special_bytes);
	int64_t size;

	if (header->dialect != IMP_TAR_GNU)
		return imp_fail(err, IMP_E_FORMAT,
				"sparse file without a GNU header: tar readers differ");
	struct imp_slice realsize = {(const char *)block + GNU_REALSIZE_AT,
				     GNU_REALSIZE_LEN};
	if (!imp_tar_number(realsize, &size) || size < 0 ||
	    (uint64_t)size >= IMP_TAR_MAX_BYTES)
		return imp_fail(err, IMP_E_FORMAT, "malformed size of a sparse file");
	view->disk_bytes = (uint64_t)size;

	int rc = imp_sparse_map_read_fields(map, block + GNU_SPARSE_AT, GNU_SPARSE_COUNT,
					    err);
	bool more = block[GNU_EXTENDED_AT] != 0;
	while (rc == 0 && more) {
		if (!has_block(reading))
			return 1;
		block = block_at(reading, reading->at);
		rc = imp_sparse_map_read_fields(map, block, EXTENSION_COUNT, err);
		more = block[EXTENSION_MORE_AT] != 0;
		reading->at += IMP_TAR_BLOCK;
	}
	return rc;
}

enum pax_sparse { NOT_SPARSE, MAP_IN_HEADER, MAP_IN_DATA };

static enum pax_sparse pax_sparse_form(const struct imp_tar_pax *pax)
{
	struct imp_slice major = pax->sparse_major, minor = pax->sparse_minor;
	bool has_map = pax->sparse_map.len > 0 || pax->regions.count > 0;

	if (imp_slice_is(major, "0") &&
	    (imp_slice_is(minor, "0") || imp_slice_is(minor, "1")))
		return MAP_IN_HEADER;
	if (imp_slice_is(major, "1") && imp_slice_is(minor, "0"))
		return MAP_IN_DATA;
	return major.len == 0 && minor.len == 0 && has_map ? MAP_IN_HEADER : NOT_SPARSE;
}

static int read_header_map(struct imp_tar_audit *audit, struct imp_error *err)
{
	struct imp_tar_pax *pax = &audit->pax;
	uint64_t count;

	if (pax->regions.count == 0)
		return imp_sparse_map_read_list(&audit->map, pax->sparse_numblocks,
						pax->sparse_map, err);
	if (!imp_tar_decimal(pax->sparse_numblocks, &count) ||
	    count != pax->regions.count)
		return imp_fail(err, IMP_E_FORMAT, "malformed sparse map");
	for (size_t i = 0; i < count; i++)
		imp_sparse_map_add(&audit->map, pax->regions.regions[i].offset,
				   pax->regions.regions[i].len);
	return 0;
}

static int fail_map_limit(const struct imp_limits *limits, struct imp_error *err)
{
	return imp_fail(err, IMP_E_LIMIT,
			"sparse map of more than %" PRIu64
			" bytes (special-header-bytes)",
			limits->special_header_bytes);
}

/* The map in front of the data belongs to the headers. */
static int read_data_map(struct reading *reading, struct imp_tar_view *view,
			 struct imp_error *err)
{
	struct imp_slice data = imp_slice_skip(reading->region, reading->at);
	uint64_t used;

	if (data.len > view->stored_bytes)
		data.len = (size_t)view->stored_bytes;
	int rc = imp_sparse_map_read_lines(&reading->audit->map, data, &used, err);
	if (rc == 1 && data.len == view->stored_bytes)
		return imp_fail(err, IMP_E_FORMAT, "sparse map is longer than its file");
	if (rc == 1 && data.len > reading->audit->limits->special_header_bytes)
		return fail_map_limit(reading->audit->limits, err);
	if (rc != 0)
		return rc;
	reading->at += (size_t)used;
	view->stored_bytes -= used;
	return 0;
}

static int read_pax_sparse(struct reading *reading, enum pax_sparse form,
			   struct imp_tar_view *view, struct imp_error *err)
{
	const struct imp_tar_pax *pax = &reading->audit->pax;
	struct imp_slice size = pax->sparse_size;

	if (size.len == 0)
		size = pax->sparse_realsize;
	if (pax->sparse_name.len > 0)
		view->path = pax->sparse_name;
	view->disk_bytes = view->stored_bytes;
	if (size.len > 0 && (!imp_tar_decimal(size, &view->disk_bytes) ||
			     view->disk_bytes >= IMP_TAR_MAX_BYTES))
		return imp_fail(err, IMP_E_FORMAT, "malformed size of a sparse file");
	return form == MAP_IN_DATA ? read_data_map(reading, view, err)
				   : read_header_map(reading->audit, err);
}

/* Reads the map, if there is one. */
static int read_sparse(struct reading *reading, const struct imp_tar_header *header,
		       struct imp_tar_view *view, struct imp_error *err)
{
	enum pax_sparse form =
		reading->has_pax ? pax_sparse_form(&reading->audit->pax) : NOT_SPARSE;
	int rc;

	imp_sparse_map_reset(&reading->audit->map);
	if (header->type == 'S')
		rc = read_old_sparse(reading, header, view, err);
	else if (form != NOT_SPARSE)
		rc = read_pax_sparse(reading, form, view, err);
	else
		return 0;
	if (rc != 0)
		return rc;
	if (view->type != IMP_ENTRY_FILE)
		return imp_fail(err, IMP_E_FORMAT, "sparse map of what is no file");
	view->sparse = true;
	return imp_sparse_map_check(&reading->audit->map, view->disk_bytes,
				    view->stored_bytes, err);
}

/* What the type says about data; sizes of types without data mean nothing. */
static void settle_data(struct imp_tar_view *view)
{
	if (view->type == IMP_ENTRY_HARDLINK && view->stored_bytes > 0)
		view->remarks |= IMP_TAR_HARDLINK_SIZE;
	if (!holds_data(view))
		view->stored_bytes = 0;
	if (view->type == IMP_ENTRY_FILE && !view->sparse)
		view->disk_bytes = view->stored_bytes;
	if (view->type != IMP_ENTRY_HARDLINK && view->type != IMP_ENTRY_SYMLINK)
		view->link = (struct imp_slice){0};
}

int imp_tar_audit_read(struct imp_tar_audit *audit, struct imp_slice region,
		       struct imp_tar_view *out, struct imp_error *err)
{
	struct reading reading = {.audit = audit, .region = region};
	struct imp_tar_header header = {0};
	struct imp_tar_view view;

	int rc = read_specials(&reading, &header, err);
	if (rc == 0 && (header.type == 'A' || header.type == 'X'))
		return imp_fail(err, IMP_E_FORMAT,
				"tar header of type '%c': tar readers differ",
				header.type);
	if (rc == 0)
		rc = merge(&reading, &header, &view, err);
	if (rc != 0)
		return rc;
	reading.at += IMP_TAR_BLOCK;
	if ((rc = read_sparse(&reading, &header, &view, err)) != 0)
		return rc;
	if (reading.at - view.special_bytes - IMP_TAR_BLOCK >
	    audit->limits->special_header_bytes)
		return fail_map_limit(audit->limits, err);
	settle_data(&view);
	if (!is_known_type(header.type))
		view.remarks |= IMP_TAR_UNKNOWN_TYPE;
	if (view.type == IMP_ENTRY_FILE && imp_slice_ends(view.path, IMP_SLICE("/")))
		view.remarks |= IMP_TAR_FILE_SLASH;
	if (view.type == IMP_ENTRY_CHAR && header.null_device)
		view.remarks |= IMP_TAR_NULL_DEVICE;
	view.header_bytes = reading.at;
	*out = view;
	return 0;
}

int imp_tar_audit_trailing(struct imp_tar_audit *audit, struct imp_slice region,
			   uint64_t *bytes, struct imp_error *err)
{
	struct reading reading = {.audit = audit, .region = region};
	struct imp_tar_header header = {0};
	struct imp_error ignored;

	while (read_header(&reading, &header, &ignored) == 0 &&
	       (header.type == 'g' || header.type == 'V')) {
		int rc = take_special(&reading, &header, err);
		if (rc < 0)
			return rc;
		if (rc == 1)
			break;
	}
	*bytes = reading.at;
	return 0;
}
