// SPDX-License-Identifier: Apache-2.0
//
// The versions of modcache: of the library, and of what it writes.
//
// Constants only. The schema's directory changes when a build that knows another format must not
// touch what this one wrote; directories of other versions are left alone.
#pragma once

namespace modcache {

inline constexpr const char* kVersion = "1.0.0";
inline constexpr const char* kSchemaDirectory = "v1";

}  // namespace modcache
