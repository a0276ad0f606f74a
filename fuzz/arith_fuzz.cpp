// SPDX-License-Identifier: Apache-2.0
//
// Any text as arithmetic, over a host with one variable whose text is that text.
#include "engine/arithmetic/arith.hpp"

namespace {

using swebash::i64;
using swebash::Result;
namespace arith = swebash::engine::arith;

class OneVariable final : public arith::Host {
 public:
  bool variable_number(const arith::VariableUse&, i64&) override { return false; }
  Result<std::string_view, arith::Error> variable_text(std::string_view) override {
    if (--fuel_ < 0) return std::unexpected(arith::Error{"enough", true});
    return std::string_view(text_);
  }
  Result<void, arith::Error> set_variable(const arith::VariableUse&, i64 value) override {
    text_ = std::to_string(value);
    return {};
  }
  bool is_associative(std::string_view name) override { return name == "m"; }
  Result<std::string_view, arith::Error> element_text(std::string_view name,
                                                      const arith::Subscript&) override {
    return variable_text(name);
  }
  Result<void, arith::Error> set_element(std::string_view name, const arith::Subscript&,
                                         i64 value) override {
    return set_variable({name}, value);
  }

  std::string text_;
  int fuel_ = 2000;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, swebash::usize size) {
  if (size > 4096) return 0;
  OneVariable host;
  host.text_.assign(reinterpret_cast<const char*>(data), size);
  const std::string text = host.text_;
  static_cast<void>(arith::evaluate_text(text, host));
  return 0;
}
