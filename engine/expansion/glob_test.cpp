// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/glob.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace swebash::engine {
namespace {

struct Case {
  const char* options;  // of shopt, as bash has them
  const char* pattern;
};

const Case kCases[] = {
    {"", "*"},
    {"", "*/"},
    {"", "*/f"},
    {"", ".*"},
    {"", ".*/"},
    {"", "./*"},
    {"", ".//*"},
    {"", "a//b/*"},
    {"", "*/../f"},
    {"", "*/."},
    {"", "*/.."},
    {"", "d/../*"},
    {"", "*/b/"},
    {"", "bad*"},
    {"", "bad*/"},
    {"", "lf*/"},
    {"", "\\**"},
    {"", "[.]*"},
    {"", "[f]"},
    {"", "nope*"},
    {"", "*/b/c"},
    {"", "*/b/nope"},
    {"", "?"},
    {"", "[a-d]"},
    {"", "[!a-d]*"},
    {"", "*/*/*"},
    {"", "locked/*"},
    {"", "a/[.]hh"},
    {"", "\\a/*"},
    {"", "[[:lower:]]"},
    {"globstar", "**"},
    {"globstar", "**/"},
    {"globstar", "**/f"},
    {"globstar", "a/**"},
    {"globstar", "a/**/"},
    {"globstar", "**/b/**"},
    {"globstar", "**/**"},
    {"globstar", "**/*"},
    {"globstar", "a**"},
    {"globstar", "**a"},
    {"globstar", "la/**"},
    {"globstar", "la/**/f"},
    {"globstar", "**/la/f"},
    {"globstar", "**/*/"},
    {"globstar", "**/.."},
    {"globstar", "**/."},
    {"globstar", "**/.hh"},
    {"globstar", "**/.hh/*"},
    {"globstar", "a/**/.hh/**"},
    {"", "**/f"},
    {"extglob", "?(.)h*"},
    {"extglob", "@(.h|f)*"},
    {"extglob", "!(f)"},
    {"extglob", ".!(f)"},
    {"extglob", "!(.*)"},
    {"extglob", "+(a|b|c|d)"},
    {"extglob", "@(a|d)/f"},
    {"dotglob", "*"},
    {"dotglob", ".*"},
    {"dotglob", "*/f"},
    {"dotglob globstar", "**"},
    {"dotglob globstar", "**/"},
    {"nocaseglob", "F*"},
    {"nocaseglob", "[A]*"},
    {"nocaseglob", "*/F"},
    {"nocaseglob", "A*/f"},
    {"-u globskipdots", ".*"},
    {"-u globskipdots", ".*/"},
    {"-u globskipdots", "*"},
};

std::string ours(const Case& one) {
  const std::string_view names = one.options;
  GlobOptions options;
  options.extglob = names.contains("extglob");
  options.dotglob = names.contains("dotglob");
  options.nocaseglob = names.contains("nocaseglob");
  options.globstar = names.contains("globstar");
  options.globskipdots = !names.contains("globskipdots");
  std::vector<std::string> found;
  glob(one.pattern, options, found);
  std::string out;
  for (const std::string& path : found) out += path + " ";
  return out;
}

TEST(Glob, FindsWhatBashFinds) {
  char directory[] = "/tmp/swebash-glob-XXXXXX";
  ASSERT_NE(mkdtemp(directory), nullptr);
  ASSERT_EQ(chdir(directory), 0);
  std::string script =
      "mkdir -p a/b/c d .h/x a/.hh locked; touch f a/f a/b/f a/b/c/f d/f .h/f a/.hh/f .hf\n"
      "ln -s a la; ln -s nowhere bad; ln -s f lf; chmod 0 locked\nshopt -s nullglob\n";
  for (const Case& one : kCases) {
    const std::string options = one.options;
    const bool off = options.starts_with("-u");
    script += "(IFS=; shopt " +
              (options.empty() ? "-q"
               : off           ? options
                               : "-s " + options) +
              "; p='" + one.pattern + "'; for x in $p; do printf '%s ' \"$x\"; done); echo\n";
  }
  std::ofstream("/tmp/swebash-glob.sh") << script;
  FILE* oracle = popen("LC_ALL=C.UTF-8 bash --norc /tmp/swebash-glob.sh", "r");
  ASSERT_NE(oracle, nullptr);
  std::vector<std::string> expected;
  char buffer[8192];
  while (fgets(buffer, sizeof buffer, oracle) != nullptr) {
    expected.emplace_back(buffer);
    expected.back().pop_back();
  }
  pclose(oracle);
  ASSERT_EQ(expected.size(), std::size(kCases));
  for (usize i = 0; i < std::size(kCases); ++i) {
    const std::string_view pattern = kCases[i].pattern;
    // bash gives back a word that is no pattern; the caller does that here.
    if (!is_glob(pattern, true)) continue;
    EXPECT_EQ(ours(kCases[i]), expected[i])
        << "pattern " << pattern << " options " << kCases[i].options;
  }
  ASSERT_EQ(chdir("/"), 0);
  const std::string clean = std::string("chmod 700 ") + directory + "/locked; rm -rf " + directory;
  EXPECT_EQ(system(clean.c_str()), 0);
}

TEST(Glob, LeavesOutWhatGlobignoreNames) {
  class Fixed final : public Directories {
   public:
    void list(const std::string&, const files::NameFilter& filter,
              std::vector<Entry>& out) override {
      for (const char* name : {"a.o", "b.c", ".x", "c.h"}) {
        if (filter.admits(name)) out.push_back({name, Kind::other});
      }
    }
    bool exists(const std::string&) override { return true; }
    bool is_directory(const std::string&) override { return false; }
  } directories;
  std::vector<std::string> found;
  EXPECT_TRUE(glob("*", {.ignore = "*.o:c.*"}, found, directories));
  EXPECT_EQ(found, (std::vector<std::string>{".x", "b.c"}));
}

}  // namespace
}  // namespace swebash::engine
