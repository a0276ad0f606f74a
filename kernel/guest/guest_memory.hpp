// SPDX-License-Identifier: Apache-2.0
//
// GuestMemory: one guest's linear memory, and the only way from a GuestPtr to bytes.
//
// Every access checks address and length against the memory's size at that moment; what lies
// outside is Errno::fault. A GuestMemory is a view for the length of one syscall: the memory may
// grow (its base stays) when guest code runs. Not thread-safe; a guest's own thread uses it.
#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "abi/errno.hpp"
#include "abi/guest_ptr.hpp"

namespace swebash::kernel::guest {

class GuestMemory {
 public:
  explicit GuestMemory(std::span<u8> memory) noexcept : memory_(memory) {}

  // `length` bytes at `pointer`, to be written.
  [[nodiscard]] SysResult<std::span<char>> bytes(GuestPtr<char> pointer,
                                                 u64 length) const noexcept {
    if (!holds(pointer.address, length)) return std::unexpected(Errno::fault);
    return std::span<char>(reinterpret_cast<char*>(memory_.data()) + pointer.address, length);
  }

  // `length` bytes at `pointer`, to be read.
  [[nodiscard]] SysResult<std::string_view> text(GuestPtr<const char> pointer,
                                                 u64 length) const noexcept {
    if (!holds(pointer.address, length)) return std::unexpected(Errno::fault);
    return std::string_view(reinterpret_cast<const char*>(memory_.data()) + pointer.address,
                            length);
  }

  // The T at `pointer`, whatever its alignment.
  template <class T>
  [[nodiscard]] SysResult<std::remove_const_t<T>> read(GuestPtr<T> pointer) const noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!holds(pointer.address, sizeof(T))) return std::unexpected(Errno::fault);
    std::remove_const_t<T> value;
    std::memcpy(&value, memory_.data() + pointer.address, sizeof(T));
    return value;
  }

  // Puts `value` at `pointer`, whatever its alignment.
  template <class T>
  [[nodiscard]] SysResult<void> write(GuestPtr<T> pointer, const T& value) const noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!holds(pointer.address, sizeof(T))) return std::unexpected(Errno::fault);
    std::memcpy(memory_.data() + pointer.address, &value, sizeof(T));
    return {};
  }

  // `count` Ts at `pointer`.
  // Requires: T is a wire struct; Errors: Errno::fault, also for an address that T is not aligned
  // at.
  template <class T>
  [[nodiscard]] SysResult<std::span<T>> array(GuestPtr<T> pointer, u32 count) const noexcept {
    if (pointer.address % alignof(T) != 0 || !holds(pointer.address, u64{count} * sizeof(T))) {
      return std::unexpected(Errno::fault);
    }
    return std::span<T>(reinterpret_cast<T*>(memory_.data() + pointer.address), count);
  }

  [[nodiscard]] u64 size() const noexcept { return memory_.size(); }

 private:
  [[nodiscard]] bool holds(u64 address, u64 length) const noexcept {
    return address <= memory_.size() && length <= memory_.size() - address;
  }

  std::span<u8> memory_;
};

}  // namespace swebash::kernel::guest
