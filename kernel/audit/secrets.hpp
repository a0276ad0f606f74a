// SPDX-License-Identifier: Apache-2.0
//
// Secrets: what must not stand in an account: the values of variables with such names. Not
// thread-safe.
//
// A name is secret if TOKEN, SECRET, PASSWORD or KEY is in it, in any case. Hidden is every place
// where a value is written as it is, within a word too; one of one or two bytes, and each of the
// words that a value with blanks in it is split into, only where it is the whole word. What was
// made of a value (base64, a hash) is not known to be one.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/integers.hpp"

namespace swebash::kernel::audit {

[[nodiscard]] bool is_secret_name(std::string_view name) noexcept;

class Secrets {
 public:
  void learn(std::string_view value);
  // Learns the value of NAME=VALUE, if that is the name of a secret.
  void learn_variable(std::string_view variable);
  // What was learned since this was last asked for: values as they were given.
  [[nodiscard]] std::vector<std::string> take_news() { return std::exchange(news_, {}); }
  // The word without what is secret in it; also where it is NAME=VALUE with such a name, or text
  // with that in it.
  [[nodiscard]] std::string without(std::string_view word);

 private:
  // Whether it was new.
  bool add(std::string_view value);
  [[nodiscard]] std::string without_assigned(std::string_view word);

  std::vector<std::string> values_;  // the longest first
  std::vector<std::string> news_;
  std::set<std::string, std::less<>> fields_;
};

}  // namespace swebash::kernel::audit
