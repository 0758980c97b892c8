/* Which addresses a registry may direct to. */
#include "case.h"

#include <arpa/inet.h>

#include "../../../src/source/registry/transfer_priv.h"

static enum imp_address_class classify(const char *text)
{
	struct sockaddr_in six_or_four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &six_or_four.sin_addr) == 1)
		return imp_address_classify((const struct sockaddr *)&six_or_four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return imp_address_classify((const struct sockaddr *)&six);
}

static void check_all(const char *const *texts, size_t count,
		      enum imp_address_class expected)
{
	for (size_t i = 0; i < count; i++) {
		enum imp_address_class literal;
		if (classify(texts[i]) != expected)
			fail_msg("%s: %s", texts[i],
				 imp_address_class_name(classify(texts[i])));
		assert_true(imp_address_of_host(texts[i], &literal));
		assert_int_equal(literal, expected);
	}
}

#define CHECK_ALL(expected, ...) \
	do { \
		static const char *const texts_[] = {__VA_ARGS__}; \
		check_all(texts_, sizeof(texts_) / sizeof(*texts_), (expected)); \
	} while (0)

CASE(public_addresses)
{
	CHECK_ALL(IMP_ADDRESS_PUBLIC, "1.1.1.1", "9.255.255.255", "11.0.0.0",
		  "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		  "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
		  "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
		  "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00::1",
		  "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1");
}

CASE(private_addresses)
{
	CHECK_ALL(IMP_ADDRESS_PRIVATE, "10.0.0.0", "10.255.255.255", "100.64.0.0",
		  "100.127.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
		  "192.168.255.255", "198.18.0.0", "198.19.255.255", "fc00::1", "fdff::1",
		  "fec0::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::192.168.1.1",
		  "2002:a00:1::1");
}

CASE(loopback_addresses)
{
	CHECK_ALL(IMP_ADDRESS_LOOPBACK, "127.0.0.0", "127.0.0.1", "127.255.255.255",
		  "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
		  "2002:7f00:1::1");
}

CASE(link_local_addresses)
{
	CHECK_ALL(IMP_ADDRESS_LINK_LOCAL, "169.254.0.0", "169.254.169.254",
		  "169.254.255.255", "fe80::1", "febf::1", "::ffff:169.254.169.254",
		  "::169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1");
}

CASE(special_addresses)
{
	CHECK_ALL(IMP_ADDRESS_SPECIAL, "0.0.0.0", "0.255.255.255", "192.0.0.8",
		  "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
		  "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "ff02::1",
		  "2001:db8::1", "::ffff:0.0.0.0", "100::1", "4000::1");
}

CASE(other_family_is_no_servers)
{
	struct sockaddr address = {.sa_family = AF_UNIX};
	assert_int_equal(imp_address_classify(&address), IMP_ADDRESS_SPECIAL);
}

CASE(names_need_the_resolver)
{
	enum imp_address_class class;
	assert_false(imp_address_of_host("example.com", &class));
	assert_false(imp_address_of_host("127.0.0.1.example.com", &class));
	assert_false(imp_address_of_host("", &class));
	assert_true(imp_address_of_host("LocalHost", &class));
	assert_int_equal(class, IMP_ADDRESS_LOOPBACK);
}

CASE(plain_http_hosts)
{
	assert_true(imp_address_is_loopback_host("localhost"));
	assert_true(imp_address_is_loopback_host("127.8.9.10"));
	assert_true(imp_address_is_loopback_host("::1"));
	assert_false(imp_address_is_loopback_host("10.0.0.1"));
	assert_false(imp_address_is_loopback_host("localhost.example.com"));
	assert_false(imp_address_is_loopback_host("0.0.0.0"));
}

CASE(no_further_inwards)
{
	static const bool permitted[5][5] = {
		/* to: public private loopback link-local special */
		[IMP_ADDRESS_PUBLIC] = {true, false, false, false, false},
		[IMP_ADDRESS_PRIVATE] = {true, true, false, false, false},
		[IMP_ADDRESS_LOOPBACK] = {true, true, true, false, false},
		[IMP_ADDRESS_LINK_LOCAL] = {true, true, true, true, false},
		[IMP_ADDRESS_SPECIAL] = {true, true, true, false, true},
	};
	for (unsigned from = 0; from < 5; from++)
		for (unsigned to = 0; to < 5; to++)
			assert_int_equal(imp_address_permitted(from, to),
					 permitted[from][to]);
}

/* What only the resolver shows is refused where the socket is made. */

static const char *no_environment(void *user, const char *name)
{
	(void)user;
	(void)name;
	return NULL;
}

static int open_name(bool trusted, enum imp_address_class from, struct imp_error *err)
{
	struct imp_context context = {
		.getenv = no_environment,
		.limits = &imp_limits_default,
	};
	struct imp_lines lines;
	struct imp_url url = {0};
	struct imp_transfer *transfer = NULL;
	enum imp_failure failure;
	assert_ok(imp_url_parse("http://some.localhost:1/", NULL, &url, err), err);
	struct imp_transfer_request request = {
		.url = &url,
		.certs_name = "",
		.trusted = trusted,
		.from = from,
	};
	imp_lines_start(&lines, &context);
	int rc = imp_transfer_open(&lines, &request, &transfer, &failure, err);
	imp_transfer_destroy(transfer);
	imp_lines_finish(&lines);
	imp_url_finish(&url);
	return rc;
}

CASE(name_that_resolves_inwards_is_refused)
{
	struct imp_error err = {0};
	assert_fails(open_name(false, IMP_ADDRESS_PUBLIC, &err), IMP_E_NETWORK,
		     "the registry may not direct to this machine itself", &err);
	assert_fails(open_name(false, IMP_ADDRESS_PRIVATE, &err), IMP_E_NETWORK,
		     "the registry may not direct to", &err);
}

CASE(name_of_the_registry_itself_is_connected_to)
{
	struct imp_error err = {0};
	assert_fails(open_name(true, IMP_ADDRESS_PUBLIC, &err), IMP_E_NETWORK,
		     "connection refused", &err);
	assert_fails(open_name(false, IMP_ADDRESS_LOOPBACK, &err), IMP_E_NETWORK,
		     "connection refused", &err);
}
