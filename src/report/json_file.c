#include "writer_priv.h"

enum { DRAIN_BYTES = 64 << 10 };

void imp_json_file_init(struct imp_json_file *file, FILE *out, int indent)
{
	*file = (struct imp_json_file){.out = out};
	file->w = imp_json_writer(&file->buffer, indent);
}

static void write_out(struct imp_json_file *file)
{
	if (file->buffer.len)
		fwrite(file->buffer.data, 1, file->buffer.len, file->out);
	imp_strbuf_reset(&file->buffer);
}

void imp_json_file_drain(struct imp_json_file *file)
{
	if (file->buffer.len >= DRAIN_BYTES)
		write_out(file);
}

void imp_json_file_finish(struct imp_json_file *file)
{
	write_out(file);
	imp_strbuf_finish(&file->buffer);
}

void imp_json_begin_line(struct imp_json_file *file, const char *record)
{
	imp_json_open(&file->w, '{');
	imp_json_member_text(&file->w, "record", record);
}

void imp_json_end_line(struct imp_json_file *file)
{
	imp_json_close(&file->w, '}');
	imp_strbuf_add_char(&file->buffer, '\n');
	imp_json_file_drain(file);
}
