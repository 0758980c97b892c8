#include "language_case.h"

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
