#include "tar_writer.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	NAME_WIDTH = 100,
	PREFIX_WIDTH = 155,
	OWNER_WIDTH = 32,
};

_Noreturn static void misuse(const char *what, struct imp_slice object)
{
	fprintf(stderr, "tar_writer: %s: %.*s\n", what, (int)object.len, object.data);
	abort();
}

static void put(char *header, size_t offset, struct imp_slice bytes)
{
	if (offset + bytes.len > TAR_BLOCK)
		misuse("field outside the header", bytes);
	if (bytes.len > 0)
		memcpy(header + offset, bytes.data, bytes.len);
}

static void put_text(char *header, size_t offset, size_t width, const char *text)
{
	struct imp_slice slice = imp_slice_of(text);

	if (slice.len > width)
		misuse("text too long for its field", slice);
	put(header, offset, slice);
}

static void put_octal(char *header, size_t offset, size_t width, uint64_t value)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%0*llo", (int)width - 1,
			   (unsigned long long)value);

	if ((size_t)len > width - 1)
		misuse("number too large for octal", imp_slice_of(digits));
	memcpy(header + offset, digits, width);
}

static void put_base256(char *header, size_t offset, size_t width, int64_t value)
{
	for (size_t i = 0; i < width; i++) {
		size_t shift = 8 * (width - 1 - i);
		header[offset + i] = (char)(value >> (shift < 63 ? shift : 63));
	}
	header[offset] = (char)(value < 0 ? 0xff : 0x80);
}

static void put_number(char *header, const struct tar_entry *entry, size_t offset,
		       size_t width, int64_t value)
{
	if (entry->numbers == TAR_BASE256)
		put_base256(header, offset, width, value);
	else
		put_octal(header, offset, width, (uint64_t)value);
}

static void put_checksum(char *header, enum tar_checksum kind)
{
	unsigned sum = 0;

	memset(header + TAR_AT_CHECKSUM, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += kind == TAR_CHECKSUM_SIGNED ? (unsigned)(signed char)header[i]
						   : (unsigned char)header[i];
	if (kind == TAR_CHECKSUM_WRONG)
		sum++;
	put_octal(header, TAR_AT_CHECKSUM, 7, sum & 0777777);
	header[TAR_AT_CHECKSUM + 7] = ' ';
}

static struct imp_slice entry_name(const struct tar_entry *entry)
{
	return entry->name ? imp_slice_of(entry->name) : entry->raw_name;
}

static struct imp_slice entry_link(const struct tar_entry *entry)
{
	return entry->link ? imp_slice_of(entry->link) : entry->raw_link;
}

static unsigned entry_mode(const struct tar_entry *entry)
{
	if (entry->mode != 0 || entry->mode_zero)
		return entry->mode;
	switch (entry->type) {
	case '5':
		return 0755;
	case '2':
		return 0777;
	default:
		return 0644;
	}
}

/* Puts what fits of TEXT at OFFSET; all must fit unless something else carries it. */
static void put_name(char *header, size_t offset, struct imp_slice text, bool carried)
{
	if (text.len > NAME_WIDTH && !carried)
		misuse("name over 100 bytes without .long_names", text);
	if (text.len > NAME_WIDTH)
		text.len = NAME_WIDTH;
	put(header, offset, text);
}

/* Splits at the last '/' that leaves at most 155 bytes before and 100 behind it. */
static void put_split_name(char *header, struct imp_slice name)
{
	for (size_t i = name.len; i-- > 0;) {
		if (name.data[i] != '/' || i > PREFIX_WIDTH)
			continue;
		if (name.len - i - 1 > NAME_WIDTH || name.len == i + 1)
			continue;
		put(header, TAR_AT_PREFIX, imp_slice(name.data, i));
		put(header, TAR_AT_NAME, imp_slice_skip(name, i + 1));
		return;
	}
	misuse("name has no place to split", name);
}

static void put_magic(char *header, enum tar_dialect dialect)
{
	switch (dialect) {
	case TAR_USTAR:
		put(header, TAR_AT_MAGIC, imp_slice("ustar\00000", 8));
		break;
	case TAR_GNU:
		put(header, TAR_AT_MAGIC, imp_slice("ustar  ", 8));
		break;
	case TAR_V7:
		break;
	}
}

static void fill_header(char *header, const struct tar_entry *entry)
{
	bool carried =
		entry->long_names == TAR_LONG_PAX || entry->long_names == TAR_LONG_GNU;
	uint64_t bytes = entry->declares ? entry->declared_bytes : entry->data.len;
	struct imp_slice name = entry_name(entry);

	if (entry->long_names == TAR_LONG_PREFIX && name.len > NAME_WIDTH)
		put_split_name(header, name);
	else
		put_name(header, TAR_AT_NAME, name, carried);
	put_name(header, TAR_AT_LINK, entry_link(entry), carried);
	put_octal(header, TAR_AT_MODE, 8, entry_mode(entry));
	put_number(header, entry, TAR_AT_UID, 8, (int64_t)entry->uid);
	put_number(header, entry, TAR_AT_GID, 8, (int64_t)entry->gid);
	put_number(header, entry, TAR_AT_SIZE, 12, (int64_t)bytes);
	put_number(header, entry, TAR_AT_MTIME, 12, entry->mtime_s);
	header[TAR_AT_TYPE] = entry->type ? entry->type : '0';
	if (entry->type_nul)
		header[TAR_AT_TYPE] = '\0';
	put_magic(header, entry->dialect);
	put_text(header, TAR_AT_UNAME, OWNER_WIDTH, entry->user_name);
	put_text(header, TAR_AT_GNAME, OWNER_WIDTH, entry->group_name);
	if (entry->type == '3' || entry->type == '4') {
		put_octal(header, TAR_AT_DEV_MAJOR, 8, entry->device_major);
		put_octal(header, TAR_AT_DEV_MINOR, 8, entry->device_minor);
	}
	if (entry->prefix)
		put_text(header, TAR_AT_PREFIX, PREFIX_WIDTH, entry->prefix);
}

static void patch_header(char *header, const struct tar_entry *entry)
{
	for (size_t i = 0; i < entry->patch_count; i++)
		put(header, entry->patches[i].offset, entry->patches[i].bytes);
	put_checksum(header, entry->checksum);
	for (size_t i = 0; i < entry->patch_count; i++)
		if (entry->patches[i].offset >= TAR_AT_CHECKSUM &&
		    entry->patches[i].offset < TAR_AT_TYPE)
			put(header, entry->patches[i].offset, entry->patches[i].bytes);
}

static void pad_block(struct imp_strbuf *tar, size_t written)
{
	static const char zeros[TAR_BLOCK];

	if (written % TAR_BLOCK != 0)
		imp_strbuf_add(tar, zeros, TAR_BLOCK - written % TAR_BLOCK);
}

static void add_long_names(struct imp_strbuf *tar, const struct tar_entry *entry)
{
	struct imp_slice name = entry_name(entry), link = entry_link(entry);
	struct tar_record records[2];
	size_t count = 0;

	if (entry->long_names == TAR_LONG_GNU) {
		if (link.len > NAME_WIDTH)
			tar_gnu_long(tar, 'K', link);
		if (name.len > NAME_WIDTH)
			tar_gnu_long(tar, 'L', name);
	} else if (entry->long_names == TAR_LONG_PAX) {
		if (name.len > NAME_WIDTH)
			records[count++] = (struct tar_record){"path", name};
		if (link.len > NAME_WIDTH)
			records[count++] = (struct tar_record){"linkpath", link};
		if (count > 0)
			tar_pax(tar, 'x', records, count);
	}
}

void tar_add(struct imp_strbuf *tar, const struct tar_entry *entry)
{
	char header[TAR_BLOCK] = {0};

	add_long_names(tar, entry);
	fill_header(header, entry);
	patch_header(header, entry);
	imp_strbuf_add(tar, header, sizeof(header));
	if (entry->no_data || entry->data.len == 0)
		return;
	imp_strbuf_add_slice(tar, entry->data);
	if (!entry->no_padding)
		pad_block(tar, entry->data.len);
}

void tar_directory(struct imp_strbuf *tar, const char *name)
{
	tar_add(tar, &(struct tar_entry){.name = name, .type = '5'});
}

void tar_file(struct imp_strbuf *tar, const char *name, const char *text)
{
	tar_file_bytes(tar, name, imp_slice_of(text));
}

void tar_file_bytes(struct imp_strbuf *tar, const char *name, struct imp_slice data)
{
	tar_add(tar, &(struct tar_entry){.name = name, .data = data});
}

void tar_symlink(struct imp_strbuf *tar, const char *name, const char *target)
{
	tar_add(tar, &(struct tar_entry){.name = name, .type = '2', .link = target});
}

void tar_hardlink(struct imp_strbuf *tar, const char *name, const char *target)
{
	tar_add(tar, &(struct tar_entry){.name = name, .type = '1', .link = target});
}

void tar_whiteout(struct imp_strbuf *tar, const char *dir, const char *name)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf path = {0};

	imp_strbuf_printf(&path, "%s%s.wh.%s", dir, *dir ? "/" : "", name);
	tar_file(tar, path.data, "");
}

static size_t decimal_digits(size_t value)
{
	size_t digits = 1;

	while (value >= 10) {
		value /= 10;
		digits++;
	}
	return digits;
}

/* The length in front counts itself, so a carry can make it one digit longer. */
void tar_pax_record(struct imp_strbuf *body, const char *key, struct imp_slice value)
{
	size_t rest = strlen(key) + value.len + 3;
	size_t total = rest + decimal_digits(rest);

	total = rest + decimal_digits(total);
	imp_strbuf_printf(body, "%zu %s=", total, key);
	imp_strbuf_add_slice(body, value);
	imp_strbuf_add_char(body, '\n');
}

void tar_pax(struct imp_strbuf *tar, char type, const struct tar_record *records,
	     size_t count)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};

	for (size_t i = 0; i < count; i++)
		tar_pax_record(&body, records[i].key, records[i].value);
	tar_pax_raw(tar, type, imp_strbuf_slice(&body));
}

void tar_pax_raw(struct imp_strbuf *tar, char type, struct imp_slice body)
{
	tar_add(tar,
		&(struct tar_entry){.name = "PaxHeaders/0", .type = type, .data = body});
}

void tar_gnu_long(struct imp_strbuf *tar, char type, struct imp_slice text)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf body = {0};

	imp_strbuf_add_slice(&body, text);
	imp_strbuf_add_char(&body, '\0');
	tar_add(tar, &(struct tar_entry){.name = "././@LongLink",
					 .type = type,
					 .dialect = TAR_GNU,
					 .data = imp_strbuf_slice(&body)});
}

void tar_end(struct imp_strbuf *tar)
{
	tar_zero_blocks(tar, 2);
}

void tar_zero_blocks(struct imp_strbuf *tar, size_t count)
{
	static const char zeros[TAR_BLOCK];

	while (count-- > 0)
		imp_strbuf_add(tar, zeros, sizeof(zeros));
}

void tar_pad_record(struct imp_strbuf *tar, size_t record)
{
	while (tar->len % record != 0)
		imp_strbuf_add_char(tar, '\0');
}

void tar_save(const struct imp_strbuf *tar, const char *path)
{
	FILE *file = fopen(path, "wxe");

	if (!file || fwrite(tar->data, 1, tar->len, file) != tar->len ||
	    fclose(file) != 0) {
		perror(path);
		abort();
	}
}
