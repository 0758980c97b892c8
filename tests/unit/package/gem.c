#include "inventory_case.h"

#define GEMS "usr/local/bundle/"
#define SPEC(full, stub, rest) \
	"text " GEMS "specifications/" full ".gemspec # -*- encoding: utf-8 -*-\\n" \
	"# stub: " stub " lib\\n\\nGem::Specification.new do |s|\\n" rest "end\\n\n"
#define RUNTIME(name) "  s.add_runtime_dependency(%q<" name ">.freeze, [\">= 0\"])\\n"
#define NEWER(name) "  s.add_dependency(%q<" name ">.freeze, [\"~> 1.4\".freeze])\\n"
#define DEVELOPMENT(name) \
	"  s.add_development_dependency(%q<" name ">.freeze, [\">= 0\"])\\n"

CASE(specifications_name_gems_and_folders_own_files)
{
	expect_packages(
		"layer\n" SPEC(
			"nokogiri-1.15.4-x86_64-linux", "nokogiri 1.15.4 x86_64-linux",
			NEWER("racc") DEVELOPMENT("rack")) SPEC("racc-1.7.1",
								"racc 1.7.1 ruby", "")
			SPEC("rack-2.2.8", "rack 2.2.8 ruby",
			     "") "file " GEMS
				 "gems/nokogiri-1.15.4-x86_64-linux/lib/nokogiri.rb 10\n"
				 "file " GEMS "gems/racc-1.7.1/lib/racc.rb 10\n"
				 "file " GEMS
				 "extensions/x86_64-linux/3.1.0/racc-1.7.1/racc.so 10\n"
				 "file " GEMS "cache/racc-1.7.1.gem 10\n",
		.packages = "gem/gem nokogiri 1.15.4 " GEMS
			    "gems/nokogiri-1.15.4-x86_64-linux\n"
			    "gem/gem racc 1.7.1 " GEMS "gems/racc-1.7.1\n"
			    "gem/gem rack 2.2.8 -\n",
		.needs = "nokogiri > racc\n",
		.owners = GEMS
		"extensions/x86_64-linux/3.1.0/racc-1.7.1/racc.so racc\n" GEMS
		"gems/nokogiri-1.15.4-x86_64-linux/lib/nokogiri.rb "
		"nokogiri\n" GEMS "gems/racc-1.7.1/lib/racc.rb racc\n" GEMS
		"specifications/nokogiri-1.15.4-x86_64-linux.gemspec "
		"nokogiri\n" GEMS "specifications/racc-1.7.1.gemspec racc\n" GEMS
		"specifications/rack-2.2.8.gemspec rack\n",
		.purls = "pkg:gem/nokogiri@1.15.4\npkg:gem/racc@1.7.1\n"
			 "pkg:gem/rack@2.2.8\n");
}

/* A gem without its stub line goes by the name of its file. */
CASE(file_name_gives_name_and_version)
{
	expect_packages("layer\n"
			"text a/specifications/net-http-0.3.0.gemspec x\n"
			"text a/specifications/default/json-2.6.1-java.gemspec x\n"
			"text a/specifications/none.gemspec x\n"
			"text a/other/rack-1.0.gemspec x\n",
			.packages = "gem/gem json 2.6.1 -\ngem/gem net-http 0.3.0 -\n",
			.unreadable =
				"a/specifications/none.gemspec: no name and version\n");
}

/* Both versions may be what is needed: one choice. */
CASE(every_installed_version_meets_a_need)
{
	expect_packages("layer\n" SPEC("a-1.0", "a 1.0 ruby", RUNTIME("rack"))
				SPEC("rack-2.2.8", "rack 2.2.8 ruby", "")
					SPEC("rack-3.0.0", "rack 3.0.0 ruby",
					     "") "dir " GEMS "gems/rack-2.2.8\n"
						 "dir " GEMS "gems/rack-3.0.0\n",
			.needs = "a > " GEMS "gems/rack-2.2.8\n"
				 "a > " GEMS "gems/rack-3.0.0\n");
}

CASE(lock_names_the_roots)
{
	expect_packages(
		"layer\n"
		"text app/Gemfile.lock GIT\\n  remote: https://example.org/x\\n  specs:\\n"
		"    git-gem (1.0)\\n\\nGEM\\n  remote: https://rubygems.org/\\n  specs:\\n"
		"    nokogiri (1.15.4-x86_64-linux)\\n      racc (~> 1.4)\\n    racc (1.7.1)\\n"
		"    rack (3.0.0)\\n\\nPLATFORMS\\n  ruby\\n\\nDEPENDENCIES\\n  git-gem!\\n"
		"  nokogiri (~> 1.15)\\n  rack\\n\\nBUNDLED WITH\\n   2.4.1\\n\n" SPEC(
			"git-gem-1.0", "git-gem 1.0 ruby", "")
			SPEC("nokogiri-1.15.4-x86_64-linux",
			     "nokogiri 1.15.4 x86_64-linux", "")
				SPEC("racc-1.7.1", "racc 1.7.1 ruby", "")
					SPEC("rack-2.2.8", "rack 2.2.8 ruby", "")
						SPEC("rack-3.0.0", "rack 3.0.0 ruby", ""),
		.packages = "gem/gem git-gem 1.0 - root\n"
			    "gem/gem nokogiri 1.15.4 - root\n"
			    "gem/gem racc 1.7.1 -\n"
			    "gem/gem rack 2.2.8 -\n"
			    "gem/gem rack 3.0.0 - root\n");
}

#define LOCK(names) \
	"text app/Gemfile.lock GEM\\n  specs:\\n    rails (7.0)\\n    rack (3.0)\\n" \
	"    rspec (3.0)\\n    diff-lcs (1.5)\\n    puma (6.0)\\n\\nDEPENDENCIES\\n" names \
	"\n"
#define FIVE_GEMS \
	SPEC("rails-7.0", "rails 7.0 ruby", RUNTIME("rack")) \
	SPEC("rack-3.0", "rack 3.0 ruby", "") \
	SPEC("rspec-3.0", "rspec 3.0 ruby", RUNTIME("diff-lcs") RUNTIME("rack")) \
	SPEC("diff-lcs-1.5", "diff-lcs 1.5 ruby", "") \
	SPEC("puma-6.0", "puma 6.0 ruby", "")

static void expect_development(const char *gemfile, const char *diff, const char *puma,
			       const char *rspec)
{
	imp_auto(imp_strbuf_finish) struct imp_strbuf image = {0};
	imp_auto(imp_strbuf_finish) struct imp_strbuf wanted = {0};

	imp_strbuf_printf(&image, "layer\n%stext app/Gemfile %s\n",
			  FIVE_GEMS LOCK("  puma\\n  rails\\n  rspec\\n"), gemfile);
	imp_strbuf_printf(&wanted,
			  "gem/gem diff-lcs 1.5 -%s\ngem/gem puma 6.0 - root%s\n"
			  "gem/gem rack 3.0 -\ngem/gem rails 7.0 - root\n"
			  "gem/gem rspec 3.0 - root%s\n",
			  diff, puma, rspec);
	imp_strbuf_add(&image, "", 1);
	imp_strbuf_add(&wanted, "", 1);
	expect_packages(image.data, .packages = wanted.data);
}

/* What rails needs too (rack) stays. */
CASE(groups_of_the_gemfile_are_development)
{
	expect_development(
		"source \"https://rubygems.org\"\\ngem 'rails'\\n"
		"group :development, :test do # both\\n  gem \"rspec\", \"~> 3\"\\n"
		"end\\ngem 'puma', group: :production\\n",
		" dev", "", " dev");
	expect_development(
		"gem 'rails'\\ngem 'rspec', :group => :test\\n"
		"gem 'puma', groups: [:development, \"test\"], require: false\\n",
		" dev", " dev", " dev");
	expect_development("group(:test, optional: true) do\\n  if RUBY_VERSION > '3'\\n"
			   "    gem 'rspec'\\n  end\\nend\\n",
			   " dev", "", " dev");
}

CASE(what_a_gemfile_does_not_say_plainly_is_runtime)
{
	static const char *const gemfiles[] = {
		"gem 'rspec'\\ngroup :test do\\n  gem 'rspec'\\nend\\n",
		"group :test, :production do\\n  gem 'rspec'\\nend\\n",
		"group :test do\\n  gem 'rspec', group: :production\\nend\\n",
		"group *extra do\\n  gem 'rspec'\\nend\\n",
		"gem 'rspec',\\n  group: :test\\n",
		"gem 'rails'; gem 'rspec', group: :test\\n",
		"gem 'rspec', group: ENV['X']\\n",
		"group :test do\\n  gem 'rspec'\\n",
		"group :test do\\n  gem 'rspec'\\nend\\nend\\n",
		"=begin\\ngroup :test do\\n  gem 'rspec'\\nend\\n=end\\n",
		"x = <<E\\ngroup :test do\\n  gem 'rspec'\\nend\\nE\\n",
	};

	for (size_t i = 0; i < sizeof(gemfiles) / sizeof(gemfiles[0]); i++)
		expect_development(gemfiles[i], "", "", "");
}

/* Another project on the same gems asks for it at run time. */
CASE(a_gem_that_any_lock_wants_is_runtime)
{
	expect_packages(
		"layer\n" SPEC(
			"rspec-3.0", "rspec 3.0 ruby",
			"") "text a/Gemfile gem 'rspec', group: :test\\n\n"
			    "text a/Gemfile.lock GEM\\n  specs:\\n    rspec (3.0)\\n\\nDEPENDENCIES\\n  rspec\\n\n"
			    "text b/Gemfile gem 'rspec'\\n\n"
			    "text b/Gemfile.lock GEM\\n  specs:\\n    rspec (3.0)\\n\\nDEPENDENCIES\\n  rspec\\n\n",
		.packages = "gem/gem rspec 3.0 - root\n");
}
