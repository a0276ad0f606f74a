// SPDX-License-Identifier: Apache-2.0
//
// The C++ library's demangler, for our static musl programs: none. The handler of an exception that
// nobody catches would print its type by it; nothing of ours throws, and its tables of pointers
// were a quarter of what each start relocates. The handler prints the name as it is.

#include <cstddef>

extern "C" char* __cxa_demangle(const char*, char*, size_t*, int* status) {
  constexpr int kNotValid = -2;
  if (status != nullptr) *status = kNotValid;
  return nullptr;
}
