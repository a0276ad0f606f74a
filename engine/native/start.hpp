// SPDX-License-Identifier: Apache-2.0
//
// What start_info() answers natively: set once by main(), or by a test that needs it.
#pragma once

namespace swebash::native {

// Keeps the strings' addresses, which must stay valid.
void set_start(int count, char** arguments, char** environment);

}  // namespace swebash::native
