// SPDX-License-Identifier: Apache-2.0
#include "engine/text/arena.hpp"

#include <algorithm>

namespace swebash::engine {
namespace {

// A small tree, as one of eval, has one block; a large one has blocks that grow with it, so that
// few are made and little of the last stays empty.
constexpr usize kLeastBlock = 2048;
constexpr usize kMostBlock = 32768;

}  // namespace

Arena::~Arena() {
  while (blocks_ != nullptr) ::operator delete(std::exchange(blocks_, blocks_->before));
}

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this != &other) {
    this->~Arena();
    take_from(other);
  }
  return *this;
}

void Arena::take_from(Arena& other) noexcept {
  blocks_ = std::exchange(other.blocks_, nullptr);
  next_ = std::exchange(other.next_, nullptr);
  end_ = std::exchange(other.end_, nullptr);
  total_ = std::exchange(other.total_, 0);
}

void* Arena::allocate_block(usize size) {
  const usize block = std::clamp(total_ / 4, kLeastBlock, kMostBlock) - sizeof(Block);
  // What is large gets a block of its own, and the current one goes on.
  const bool alone = size > block / 4;
  const usize room = alone ? size : block;
  Block* const made = ::new (::operator new(sizeof(Block) + room)) Block{blocks_};
  blocks_ = made;
  total_ += sizeof(Block) + room;
  char* const start = reinterpret_cast<char*>(made + 1);
  if (!alone) {
    next_ = start + size;
    end_ = start + room;
  }
  return start;
}

}  // namespace swebash::engine
