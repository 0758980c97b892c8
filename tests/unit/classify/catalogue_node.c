/* Node, its frameworks and the wrappers of browsers: classification.md 3.4, 3.5. */
#include "catalogue_case.h"

#define NM "code/node_modules/"

CASE(npm_cache)
{
	rule("NPM-CACHE", "certain", "root/.npm/_cacache/content-v2/x",
	     .leaves = "root/.npm/x");
}

CASE(npm_log)
{
	rule("NPM-LOG", "certain", "root/.npm/_logs/debug-0.log",
	     .leaves = "code/npm.log");
}

CASE(yarn_cache)
{
	rule("YARN-CACHE", "certain", "usr/local/share/.cache/yarn/v6/x",
	     .leaves = "usr/local/share/x");
}

CASE(yarn_pnpzip)
{
	rule("YARN-PNPZIP", "likely", "code/.yarn/cache/a-npm-1.0.zip",
	     .leaves = "code/.yarn/x.zip", .other_beside = "file code/.pnp.cjs 10\n");
}

CASE(yarn_bin)
{
	rule("YARN-BIN", "possible", "code/.yarn/releases/yarn-3.6.1.cjs",
	     .leaves = "code/.yarn/x.cjs", .other_started = "/usr/bin/yarn start");
}

CASE(yarn_bin_opt)
{
	rule("YARN-BIN", "possible", "opt/yarn-v1.22.19/bin/yarn.js",
	     .leaves = "opt/yarn.js");
}

CASE(bun_cache)
{
	rule("BUN-CACHE", "likely", "root/.bun/install/cache/a@1.0/x.js",
	     .leaves = "root/.bun/bin/bun");
}

CASE(node_gyp)
{
	rule("NODE-GYP", "certain", "root/.cache/node-gyp/18/include/node.h",
	     .leaves = "root/node.h");
}

CASE(node_inc)
{
	rule("NODE-INC", "likely", "usr/local/include/node/v8.h",
	     .leaves = "usr/local/lib/node/v8.h");
}

CASE(node_npm)
{
	rule("NODE-NPM", "possible", "usr/local/lib/node_modules/npm/index.js",
	     .leaves = "usr/local/lib/node_modules/app/index.js");
}

CASE(nm_map)
{
	rule("NM-MAP", "likely", NM "a/dist/x.js.map", .leaves = NM "a/dist/world.map");
}

CASE(nm_dts)
{
	rule("NM-DTS", "likely", NM "a/x.d.ts", .leaves = NM "a/x.ts",
	     .other_started = "/usr/bin/tsc --build");
}

CASE(nm_tssrc)
{
	rule("NM-TSSRC", "likely", NM "a/src/x.ts", .leaves = NM "b/src/x.ts",
	     .beside = "file " NM "a/dist/x.js 10\n",
	     .other_started = "/usr/bin/tsx src/x.ts");
}

CASE(nm_test)
{
	rule("NM-TEST", "likely", NM "a/test/x.js", .leaves = NM "test/index.js");
}

CASE(nm_md)
{
	rule("NM-MD", "likely", NM "a/README.md", .leaves = NM "a/LICENSE.md");
}

CASE(nm_build)
{
	rule("NM-BUILD", "likely", NM "a/build/Release/obj.target/x.d",
	     .leaves = NM "a/build/Release/x.node");
}

CASE(nm_build_make)
{
	rule("NM-BUILD", "likely", NM "a/build/binding.mk",
	     .leaves = NM "a/lib/binding.mk");
}

CASE(nm_csrc)
{
	rule("NM-CSRC", "likely", NM "a/src/x.cc", .leaves = NM "b/src/x.cc",
	     .beside = "file " NM "a/build/Release/a.node 10\n");
}

CASE(nm_prebuild)
{
	rule("NM-PREBUILD", "certain", NM "a/prebuilds/win32-x64/a.node",
	     .leaves = NM "a/prebuilds/linux-x64/a.node");
}

CASE(nm_prebuild_libc)
{
	rule("NM-PREBUILD", "certain", NM "a/prebuilds/linux-x64/a.musl.node",
	     .leaves = NM "a/prebuilds/linux-x64/a.glibc.node",
	     .beside = "file lib64/ld-linux-x86-64.so.2 10\n");
}

CASE(nm_prebuild_cpu)
{
	rule("NM-PREBUILD", "certain", NM "a/prebuilds/darwin-arm64/a.node",
	     .leaves = NM "a/prebuilds/darwin-x64+arm64.txt");
}

CASE(nm_cache)
{
	rule("NM-CACHE", "certain", NM ".cache/babel/x.json",
	     .leaves = NM "a/cache/x.json");
}

CASE(nm_ci)
{
	rule("NM-CI", "likely", NM "a/.nycrc", .leaves = NM "a/x");
}

CASE(next_cache)
{
	rule("NEXT-CACHE", "certain", "code/.next/cache/webpack/x.pack",
	     .leaves = "code/.next/server/x.js");
}

CASE(next_cache_of_images)
{
	rule("NEXT-CACHE", "possible", "code/.next/cache/images/x",
	     .leaves = "code/.next/static/x");
}

#define NEXT_LISTS \
	"file code/.next/BUILD_ID 10\n" \
	"text code/.next/next-server.js.nft.json {\"files\":[\"../node_modules/used/x.js\"]}\n"

CASE(next_untraced)
{
	rule("NEXT-NFT", "likely", NM "a/x.js", .leaves = NM "used/x.js",
	     .beside = NEXT_LISTS, .flips = true);
}

/* `next start` reads its settings with tools that the lists, made for a server alone, leave out. */
CASE(next_untraced_but_started)
{
	rule("NEXT-NFT", "likely", NM "next/dist/esm/x.js", .beside = NEXT_LISTS,
	     .leaves = NM "next/dist/compiled/webpack/bundle5.js");
}

/* `npm start` runs a program outside the project that is no server of its own. */
CASE(next_untraced_by_npm)
{
	rule("NEXT-NFT", "likely", NM "a/x.js", .leaves = NM "used/x.js",
	     .beside = NEXT_LISTS "file code/server.js 10\n"
				  "file usr/lib/node_modules/npm/bin/npm-cli.js 10\n",
	     .started = "/usr/bin/node /usr/lib/node_modules/npm/bin/npm-cli.js start",
	     .other_started = "/usr/bin/node /code/server.js");
}

CASE(next_untraced_parts)
{
	rule("NEXT-NFT", "likely", NM "next/dist/compiled/next-server/x.dev.js",
	     .beside = NEXT_LISTS, .leaves = NM "next/dist/telemetry/flush.js");
}

static const char *many_lists(struct imp_strbuf *lists, int count)
{
	imp_strbuf_add_text(lists, NEXT_LISTS);
	for (int list = 0; list < 4; list++) {
		imp_strbuf_printf(lists, "text code/.next/%d.nft.json {\"files\":[\"z\"",
				  list);
		for (int i = 1; i < count / 4; i++)
			imp_strbuf_add_text(lists, ",\"z\"");
		imp_strbuf_add_text(lists, "]}\n");
	}
	imp_strbuf_add(lists, "", 1);
	return lists->data;
}

/* A million files are looked up; of the others nobody knows whether a list has them. */
CASE(next_lists_without_end)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf fit = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf more = {0};

	rule("NEXT-NFT", "likely", NM "a/x.js", .beside = many_lists(&fit, 999996),
	     .other_beside = many_lists(&more, 1000000));
}

CASE(next_swc)
{
	rule("NEXT-SWC", "likely", NM "@next/swc-linux-x64-gnu/x.node",
	     .leaves = NM "@next/env/x.js", .beside = "file code/.next/BUILD_ID 10\n",
	     .flips = true);
}

CASE(next_both)
{
	rule("NEXT-BOTH", "likely", NM "a/index.js", .leaves = "code/index.js",
	     .beside = "file code/.next/standalone/node_modules/a/index.js 10\n",
	     .flips = true);
}

CASE(next_both_in_use)
{
	rule("NEXT-BOTH", "likely", NM "a/index.js",
	     .beside = "file code/.next/standalone/node_modules/a/index.js 10\n",
	     .other_started = "/usr/bin/npm start");
}

CASE(nuxt_src)
{
	rule("NUXT-SRC", "likely", NM "a/index.js", .leaves = "code/index.js",
	     .beside = "file code/.output/server/index.mjs 10\n", .flips = true);
}

CASE(nuxt_src_build)
{
	rule("NUXT-SRC", "likely", "code/.nuxt/x.js", .leaves = "code/x.js",
	     .beside = "file code/.output/server/index.mjs 10\n", .flips = true);
}

CASE(spa_src)
{
	rule("SPA-SRC", "likely", "code/src/x.jsx", .leaves = "code/x.js",
	     .beside = "file code/dist/index.html 10\n", .started = "/usr/sbin/nginx -g",
	     .flips = true);
}

CASE(spa_src_modules)
{
	rule("SPA-SRC", "likely", NM "a/index.js", .leaves = "code/x.js",
	     .beside = "file code/build/index.html 10\n", .started = "/usr/bin/caddy run",
	     .other_started = "/usr/bin/node server.js");
}

CASE(angular)
{
	rule("ANGULAR", "certain", "code/.angular/cache/15/x",
	     .leaves = "code/.angular/x");
}

CASE(bundler_cache)
{
	rule("BUNDLER-CACHE", "certain", "code/.parcel-cache/x",
	     .leaves = "code/parcel-cache/x");
}

CASE(bundler_cache_files)
{
	rule("BUNDLER-CACHE", "certain", "code/tsconfig.tsbuildinfo",
	     .leaves = "code/tsbuildinfo");
}

CASE(gatsby)
{
	rule("GATSBY", "likely", "code/.cache/x", .leaves = "code/x",
	     .beside = "file code/gatsby-config.js 10\n", .flips = true);
}

CASE(story)
{
	rule("STORY", "likely", "code/storybook-static/x.js",
	     .leaves = "code/static/x.js", .other_started = "/usr/bin/nginx -g");
}

CASE(story_settings)
{
	rule("STORY", "likely", "code/.storybook/main.js", .leaves = "code/main.js");
}

CASE(expo_electron)
{
	rule("EXPO-ELECTRON", "likely", NM "electron/dist/electron",
	     .leaves = NM "electron/index.js", .other_started = "/usr/bin/electron .");
}

CASE(expo_electron_cache)
{
	rule("EXPO-ELECTRON", "likely", "root/.cache/electron/x.zip",
	     .leaves = "root/electron/x.zip");
}

CASE(prisma)
{
	rule("PRISMA", "certain", NM "@prisma/engines/query_engine-windows.dll.node",
	     .leaves = NM "@prisma/engines/libquery_engine-debian-openssl-3.0.x.so.node");
}

CASE(prisma_libc)
{
	rule("PRISMA", "certain",
	     NM ".prisma/client/libquery_engine-linux-musl-openssl-3.0.x.so.node",
	     .beside = "file lib64/ld-linux-x86-64.so.2 10\n", .flips = true);
}

CASE(cypress)
{
	rule("CYPRESS", "likely", "root/.cache/Cypress/12/Cypress",
	     .leaves = "root/.cache/x/Cypress");
}

CASE(pupp)
{
	rule("PUPP", "likely", "root/.cache/puppeteer/chrome/linux/chrome",
	     .leaves = "root/x/chrome", .beside = "file usr/bin/google-chrome 10\n",
	     .environment = "PUPPETEER_EXECUTABLE_PATH=/usr/bin/google-chrome",
	     .flips = true);
}

CASE(pupp_in_use)
{
	rule("PUPP", "likely", "root/.cache/puppeteer/chrome/linux/chrome",
	     .beside = "file usr/bin/google-chrome 10\n",
	     .environment = "CHROME_PATH=/usr/bin/google-chrome",
	     .other_environment =
		     "CHROME_PATH=/root/.cache/puppeteer/chrome/linux/chrome");
}

CASE(pupp_alone)
{
	rule("PUPP", "possible", NM "puppeteer/.local-chromium/x/chrome",
	     .leaves = NM "puppeteer/x.js");
}

CASE(pw_all)
{
	rule("PW-ALL", "likely", "root/.cache/ms-playwright/firefox-1/firefox",
	     .leaves = "root/.cache/ms-playwright/ffmpeg-1/ffmpeg",
	     .beside = "file root/.cache/ms-playwright/chromium-1/chrome 10\n",
	     .flips = true);
}

CASE(pw_both)
{
	rule("PW-BOTH", "likely", "root/.cache/ms-playwright/chromium-1/chrome",
	     .leaves = "root/.cache/ms-playwright/ffmpeg-1/ffmpeg",
	     .beside =
		     "file root/.cache/ms-playwright/chromium_headless_shell-1/headless_shell 10\n",
	     .flips = true);
}

CASE(web_map)
{
	rule("WEB-MAP", "likely", "code/static/js/x.js.map",
	     .leaves = "code/static/world.map");
}

CASE(static_dup)
{
	rule("STATIC-DUP", "possible", "code/app/static/js/x.js",
	     .leaves = "code/staticfiles/js/x.js");
}
