/*
 * Files that are named like those with secrets, and whether they hold one
 * (classification.md 3.14). What the secret is goes nowhere.
 */
#pragma once

#include "facts_imports.h"

enum imp_secret_file {
	IMP_SECRET_NOT,
	IMP_SECRET_DOCKER,   /* config.json: "auth" */
	IMP_SECRET_NPMRC,    /* _authToken, _password, _auth */
	IMP_SECRET_YARNRC,   /* npmAuthToken, npmAuthIdent */
	IMP_SECRET_PYPIRC,   /* password */
	IMP_SECRET_URL,      /* user:pass@ in a URL: pip.conf, .git/config, ... */
	IMP_SECRET_NETRC,    /* password */
	IMP_SECRET_GEM,      /* ":rubygems_api_key: x" */
	IMP_SECRET_COMPOSER, /* auth.json */
	IMP_SECRET_MAVEN,    /* <password> in settings.xml */
	IMP_SECRET_NUGET,    /* ClearTextPassword, Password */
	IMP_SECRET_CARGO,    /* token */
	IMP_SECRET_AWS,      /* aws_secret_access_key */
	IMP_SECRET_GOOGLE,   /* private_key, refresh_token */
	IMP_SECRET_AZURE,    /* access or refresh tokens */
	IMP_SECRET_ENV,
	IMP_SECRET_TERRAFORM, /* a name that says secret, with a value */
};

enum { IMP_SECRET_SCANNED = 64 << 10 };

enum imp_secret_file imp_layer_secret_file(struct imp_slice path);
/* TEXT: the first IMP_SECRET_SCANNED bytes. NAMES gets the variables of an .env file. */
bool imp_layer_holds_secret(enum imp_secret_file file, struct imp_slice text,
			    struct imp_imports *names);
