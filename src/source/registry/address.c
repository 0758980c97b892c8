#include "address_priv.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ascii_priv.h"

struct block4 {
	uint32_t network;
	unsigned bits;
	enum imp_address_class class;
};

#define IPV4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* IANA's special-purpose registry. */
static const struct block4 blocks4[] = {
	{IPV4(0, 0, 0, 0), 8, IMP_ADDRESS_SPECIAL},
	{IPV4(10, 0, 0, 0), 8, IMP_ADDRESS_PRIVATE},
	{IPV4(100, 64, 0, 0), 10, IMP_ADDRESS_PRIVATE},
	{IPV4(127, 0, 0, 0), 8, IMP_ADDRESS_LOOPBACK},
	{IPV4(169, 254, 0, 0), 16, IMP_ADDRESS_LINK_LOCAL},
	{IPV4(172, 16, 0, 0), 12, IMP_ADDRESS_PRIVATE},
	{IPV4(192, 0, 0, 0), 24, IMP_ADDRESS_SPECIAL},
	{IPV4(192, 0, 2, 0), 24, IMP_ADDRESS_SPECIAL},
	{IPV4(192, 168, 0, 0), 16, IMP_ADDRESS_PRIVATE},
	{IPV4(198, 18, 0, 0), 15, IMP_ADDRESS_PRIVATE},
	{IPV4(198, 51, 100, 0), 24, IMP_ADDRESS_SPECIAL},
	{IPV4(203, 0, 113, 0), 24, IMP_ADDRESS_SPECIAL},
	{IPV4(224, 0, 0, 0), 3, IMP_ADDRESS_SPECIAL},
};

static enum imp_address_class classify4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(blocks4) / sizeof(*blocks4); i++)
		if ((address ^ blocks4[i].network) >> (32 - blocks4[i].bits) == 0)
			return blocks4[i].class;
	return IMP_ADDRESS_PUBLIC;
}

static uint32_t read4(const uint8_t *bytes)
{
	return IPV4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

static enum imp_address_class classify6(const uint8_t a[static 16])
{
	static const uint8_t zeros[12] = {0};
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	if (memcmp(a, zeros, 12) == 0) {
		if (read4(a + 12) == 1)
			return IMP_ADDRESS_LOOPBACK;
		return classify4(read4(a + 12));
	}
	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return classify4(read4(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
		return classify4(read4(a + 2));
	if (a[0] == 0xfe && (a[1] & 0xc0) == 0x80)
		return IMP_ADDRESS_LINK_LOCAL;
	if ((a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0xc0))
		return IMP_ADDRESS_PRIVATE; /* unique local, and the older site local */
	if ((a[0] & 0xe0) == 0x20 && read4(a) != IPV4(0x20, 0x01, 0x0d, 0xb8))
		return IMP_ADDRESS_PUBLIC;
	return IMP_ADDRESS_SPECIAL;
}

enum imp_address_class imp_address_classify(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		return classify4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, address, sizeof(in6));
		return classify6(in6.sin6_addr.s6_addr);
	}
	return IMP_ADDRESS_SPECIAL;
}

bool imp_address_of_host(const char *host, enum imp_address_class *out)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, host, &four) == 1) {
		*out = classify4(ntohl(four.s_addr));
		return true;
	}
	if (inet_pton(AF_INET6, host, &six) == 1) {
		*out = classify6(six.s6_addr);
		return true;
	}
	if (imp_ascii_equal(imp_slice_of(host), IMP_SLICE("localhost"))) {
		*out = IMP_ADDRESS_LOOPBACK;
		return true;
	}
	return false;
}

bool imp_address_is_loopback_host(const char *host)
{
	enum imp_address_class class;
	return imp_address_of_host(host, &class) && class == IMP_ADDRESS_LOOPBACK;
}

bool imp_address_permitted(enum imp_address_class from, enum imp_address_class to)
{
	if (to == IMP_ADDRESS_LINK_LOCAL || to == IMP_ADDRESS_SPECIAL)
		return from == to;
	return to <= from;
}

const char *imp_address_class_name(enum imp_address_class class)
{
	switch (class) {
	case IMP_ADDRESS_PUBLIC:
		return "a public address";
	case IMP_ADDRESS_PRIVATE:
		return "a private address";
	case IMP_ADDRESS_LOOPBACK:
		return "this machine itself";
	case IMP_ADDRESS_LINK_LOCAL:
		return "a link-local address";
	case IMP_ADDRESS_SPECIAL:
		break;
	}
	return "an address that is no server's";
}
