// SPDX-License-Identifier: Apache-2.0
//
// KernelLock: holds the lock of a kernel for a scope, under a name that the fields of Kernel and
// Task can say.
//
// A task's fields are guarded by a lock that stands in its kernel, and the compiler cannot see that
// `task.kernel_` is the kernel at hand. So the locks of all kernels have one name here. A task
// knows one kernel, and nothing holds two locks of this kind.
#pragma once

#include "base/thread_annotations.hpp"

namespace swebash::kernel {

struct SWEBASH_CAPABILITY("lock") KernelLockName {};
inline constexpr KernelLockName kKernelLock;

class SWEBASH_SCOPED_CAPABILITY KernelLock {
 public:
  // Takes `mutex`, a kernel's.
  explicit KernelLock(Mutex& mutex) noexcept SWEBASH_ACQUIRE(mutex, kKernelLock) : mutex_(mutex) {
    mutex_.lock();
  }
  KernelLock(const KernelLock&) = delete;
  KernelLock& operator=(const KernelLock&) = delete;
  ~KernelLock() SWEBASH_RELEASE() { mutex_.unlock(); }

 private:
  Mutex& mutex_;
};

}  // namespace swebash::kernel
