// SPDX-License-Identifier: Apache-2.0
//
// GuestPtr<T>: an address in a guest's memory, as it crosses the boundary.
//
// In the guest it is the pointer itself. On the host it is 32 bits that mean nothing until they are
// checked against one memory's bounds (kernel/guest/guest_memory.hpp), so it cannot be
// dereferenced.
#pragma once

#include "base/integers.hpp"

namespace swebash {

#if defined(SWEBASH_GUEST)

template <class T>
using GuestPtr = T*;
// A function a clone starts with, as the guest's C++ sees it.
using GuestFunction = void (*)(void*);

#else

template <class T>
struct GuestPtr {
  u32 address;
};
// An index into the guest's function table.
struct GuestFunction {
  u32 index;
};

#endif

}  // namespace swebash
