// SPDX-License-Identifier: Apache-2.0
#include "engine/editing/is_complete.hpp"

#include <string>

#include "engine/editing/quiet_host.hpp"
#include "engine/syntax/parser.hpp"

namespace swebash::engine {
namespace {

// The lines of a text, that notes whether more were wanted.
class TypedLines final : public LineSource {
 public:
  explicit TypedLines(std::string_view text) noexcept : lines_(text) {}

  bool read_line(std::string& line, bool continues) override {
    if (lines_.read_line(line, continues)) {
      if (!line.ends_with('\n')) line.push_back('\n');
      return true;
    }
    wanted_ |= continues;
    return false;
  }
  [[nodiscard]] bool wanted() const noexcept { return wanted_; }

 private:
  TextSource lines_;
  bool wanted_ = false;
};

}  // namespace

bool is_complete(Shell& shell, std::string_view text) {
  TypedLines lines(text);
  QuietHost host(shell, QuietHost::Aliases::expanded);
  Parser parser(lines, host);
  for (;;) {
    const auto unit = parser.next();
    if (lines.wanted()) return false;
    // The rest is read once this has been run and complained of.
    if (!unit) return true;
    if (!*unit) return true;
  }
}

}  // namespace swebash::engine
