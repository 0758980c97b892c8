#include <stdint.h>

#include "imgprof/escape.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void imp_base64_encode(struct imp_strbuf *out, struct imp_slice bytes)
{
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t count = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t group = 0;
		for (size_t j = 0; j < 3; j++)
			group = group << 8 | (j < count ? (uint8_t)bytes.data[i + j] : 0);
		char digits[4];
		for (size_t j = 0; j < 4; j++)
			digits[j] =
				j <= count ? alphabet[group >> (18 - 6 * j) & 63] : '=';
		imp_strbuf_add(out, digits, sizeof(digits));
	}
}

/* Value of a digit, or -1. */
static int digit_value(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	if (digit == '+')
		return 62;
	return digit == '/' ? 63 : -1;
}

/* TEXT without its padding, which must be whole; false when it is not. */
static bool strip_padding(struct imp_slice *text)
{
	size_t len = text->len;
	while (len > 0 && text->len - len < 2 && text->data[len - 1] == '=')
		len--;
	if (len != text->len && text->len % 4 != 0)
		return false;
	text->len = len;
	return len % 4 != 1;
}

bool imp_base64_decode(struct imp_strbuf *out, struct imp_slice text)
{
	if (!strip_padding(&text))
		return false;
	size_t before = out->len;
	uint32_t bits = 0;
	unsigned bit_count = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = digit_value(text.data[i]);
		if (value < 0) {
			imp_strbuf_truncate(out, before);
			return false;
		}
		bits = bits << 6 | (uint32_t)value;
		bit_count += 6;
		if (bit_count >= 8) {
			bit_count -= 8;
			imp_strbuf_add_char(out, (char)(uint8_t)(bits >> bit_count));
		}
	}
	return true;
}
