#include "proxy_priv.h"

#include <arpa/inet.h>
#include <string.h>

#include "address_priv.h"
#include "ascii_priv.h"

struct address {
	int family; /* 0: none */
	size_t len;
	unsigned char bytes[16];
};

static struct address parse_address(struct imp_slice text)
{
	struct address address = {0};
	char copy[INET6_ADDRSTRLEN];
	if (text.len >= 2 && text.data[0] == '[' && text.data[text.len - 1] == ']')
		text = imp_slice(text.data + 1, text.len - 2);
	if (text.len == 0 || text.len >= sizeof(copy))
		return address;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, address.bytes) == 1) {
		address.family = AF_INET;
		address.len = 4;
	} else if (inet_pton(AF_INET6, copy, address.bytes) == 1) {
		address.family = AF_INET6;
		address.len = 16;
	}
	return address;
}

static bool in_block(const struct address *address, const struct address *network,
		     unsigned long long bits)
{
	if (address->family != network->family || bits > network->len * 8)
		return false;
	size_t whole = (size_t)bits / 8;
	if (memcmp(address->bytes, network->bytes, whole) != 0)
		return false;
	unsigned rest = (unsigned)bits % 8;
	if (rest == 0)
		return true;
	return (address->bytes[whole] ^ network->bytes[whole]) >> (8 - rest) == 0;
}

static bool name_covers(struct imp_slice name, struct imp_slice host)
{
	if (name.len && name.data[0] == '*')
		name = imp_slice_skip(name, 1);
	if (name.len && name.data[0] == '.')
		name = imp_slice_skip(name, 1);
	if (name.len == 0 || host.len < name.len ||
	    !imp_ascii_equal(imp_slice_skip(host, host.len - name.len), name))
		return false;
	return host.len == name.len || host.data[host.len - name.len - 1] == '.';
}

/* Cuts ":PORT" off *ENTRY; false when it is another one. */
static bool port_fits(struct imp_slice *entry, unsigned port)
{
	const char *colon = memrchr(entry->data, ':', entry->len);
	if (!colon || parse_address(*entry).family == AF_INET6)
		return true;
	size_t at = (size_t)(colon - entry->data);
	unsigned long long number;
	if (!imp_slice_u64(imp_slice_skip(*entry, at + 1), &number))
		return true;
	entry->len = at;
	return number == port;
}

static bool entry_covers(struct imp_slice entry, struct imp_slice host, unsigned port)
{
	if (imp_slice_is(entry, "*"))
		return true;
	struct address own = parse_address(host);
	struct imp_slice rest = entry;
	struct address network = parse_address(imp_slice_cut(&rest, '/'));
	unsigned long long bits;
	if (network.family && imp_slice_u64(rest, &bits))
		return own.family && in_block(&own, &network, bits);
	if (!port_fits(&entry, port))
		return false;
	network = parse_address(entry);
	if (network.family)
		return own.family && in_block(&own, &network, network.len * 8);
	return name_covers(entry, host);
}

bool imp_proxy_is_excluded(struct imp_slice list, const char *host, unsigned port)
{
	while (list.len) {
		size_t len = 0;
		while (len < list.len && !strchr(", \t", list.data[len]))
			len++;
		struct imp_slice entry = imp_slice(list.data, len);
		list = imp_slice_skip(list, len + 1);
		if (len && entry_covers(entry, imp_slice_of(host), port))
			return true;
	}
	return false;
}

static const char *first_set(const struct imp_context *context, const char *a,
			     const char *b)
{
	const char *value = imp_context_env(context, a);
	return value ? value : imp_context_env(context, b);
}

const char *imp_proxy_for(const struct imp_context *context, const struct imp_url *url)
{
	if (imp_address_is_loopback_host(url->host))
		return NULL;
	const char *proxy = NULL;
	if (url->https)
		proxy = first_set(context, "https_proxy", "HTTPS_PROXY");
	else if (imp_context_env(context, "REQUEST_METHOD"))
		/* In a CGI program a client sets HTTP_PROXY by sending a Proxy header. */
		proxy = imp_context_env(context, "http_proxy");
	else
		proxy = first_set(context, "http_proxy", "HTTP_PROXY");
	if (!proxy)
		proxy = first_set(context, "all_proxy", "ALL_PROXY");
	if (!proxy)
		return NULL;
	const char *excluded = first_set(context, "no_proxy", "NO_PROXY");
	if (imp_proxy_is_excluded(imp_slice_of(excluded), url->host, url->port))
		return NULL;
	return proxy;
}
