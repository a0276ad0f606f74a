// SPDX-License-Identifier: Apache-2.0
//
// Any bytes to the parser: each answer is a tree or a syntax error, and printing a function's tree
// gives text that parses again.
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "engine/syntax/parser.hpp"
#include "engine/syntax/unparse.hpp"

namespace {

using namespace swebash;
using namespace swebash::engine;

class FuzzHost final : public ParserHost {
 public:
  explicit FuzzHost(bool extended) : extended_(extended) {}
  std::optional<std::string_view> find_alias(std::string_view name) override {
    if (name == "a") return "b ";
    if (name == "b") return "a; c";
    if (name == "w") return "while :; do (";
    if (name == "n") return "\n'";
    return std::nullopt;
  }
  bool extglob() override { return extended_; }
  bool posix() override { return false; }
  void warn(u32, std::string_view) override {}

 private:
  bool extended_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzHost host(size % 2 == 0);
  TextSource source(text);
  Parser parser(source, host);
  for (;;) {
    auto unit = parser.next();
    if (!unit.has_value()) {
      const SyntaxError& error = unit.error();
      const bool silent = error.reach == SyntaxErrorReach::condition;
      if ((error.message.empty() && !silent) || error.column > error.text.size()) abort();
      continue;
    }
    if (!*unit) break;
    if ((*unit)->list != nullptr) (void)unparse(*(*unit)->list);
  }
  (void)parse_text(text, host);
  const UnitPtr unit(new Unit);
  (void)parse_as_double_quoted(text, host, *unit);
  return 0;
}
