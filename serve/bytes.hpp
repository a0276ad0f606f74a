// SPDX-License-Identifier: Apache-2.0
//
// Bytes in JSON, whose strings are Unicode and hold no others: text that is UTF-8 is a string, and
// other bytes are an object {"base64": "..."}. Both are taken wherever bytes are. Values only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace swebash::serve {

using Json = nlohmann::json;

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
[[nodiscard]] std::string to_base64(std::string_view bytes);
// Nothing where it is no base64, padding included.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

// `bytes` as JSON.
[[nodiscard]] Json to_json(std::string_view bytes);
// The bytes that `value` is; nothing where it is neither a string nor such an object.
[[nodiscard]] std::optional<std::string> bytes_of(const Json& value);

}  // namespace swebash::serve
