/*
 * Which addresses a registry may send us to (reference/formats.md 3.22): one in the public
 * network cannot make this machine ask its own neighbours.
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/* From the outside inwards. */
enum imp_address_class {
	IMP_ADDRESS_PUBLIC,
	IMP_ADDRESS_PRIVATE,
	IMP_ADDRESS_LOOPBACK,
	IMP_ADDRESS_LINK_LOCAL, /* where clouds keep their metadata services */
	IMP_ADDRESS_SPECIAL, /* unspecified, multicast, reserved: no server's address */
};

/* IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4) counts as what it holds. */
enum imp_address_class imp_address_classify(const struct sockaddr *address);
/* false when HOST is a name that only the resolver knows. */
bool imp_address_of_host(const char *host, enum imp_address_class *out);
/* 127.0.0.0/8, ::1 or localhost: plain HTTP needs no flag there. */
bool imp_address_is_loopback_host(const char *host);
/* Whether a registry that answers at FROM may direct to TO: no further inwards than it is
 * itself, and to link-local and special addresses only if it has one. */
bool imp_address_permitted(enum imp_address_class from, enum imp_address_class to);
/* "a private address" */
const char *imp_address_class_name(enum imp_address_class class);
