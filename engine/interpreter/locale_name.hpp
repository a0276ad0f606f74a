// SPDX-License-Identifier: Apache-2.0
//
// Names of locales, as LC_ALL and its like have them: language_TERRITORY.charset@modifier. No
// state.
#pragma once

#include <string_view>

namespace swebash::engine {

// Whether a locale of this name has characters of UTF-8. Without a name it is C, whose characters
// are bytes.
[[nodiscard]] bool names_utf8(std::string_view locale);

// Whether a name is one that a locale may have. Characters of several bytes are those of UTF-8
// alone.
[[nodiscard]] bool names_locale(std::string_view name);

}  // namespace swebash::engine
