// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/text/pattern_nodes.hpp"

namespace swebash::engine {

bool Pattern::Set::has(u32 position) const noexcept {
  return position >= tail || std::binary_search(some.begin(), some.end(), position);
}

void Pattern::Set::merge(const Set& other) {
  tail = std::min(tail, other.tail);
  if (!other.some.empty()) {
    if (some.empty() || some.back() < other.some.front()) {
      some.insert(some.end(), other.some.begin(), other.some.end());
    } else {
      std::vector<u32> both;
      both.reserve(some.size() + other.some.size());
      std::set_union(some.begin(), some.end(), other.some.begin(), other.some.end(),
                     std::back_inserter(both));
      some.swap(both);
    }
  }
  while (!some.empty() && some.back() >= tail) some.pop_back();
}

Pattern::Set Pattern::Simulation::ends(u32 position) const {
  Set from;
  from.some.push_back(position);
  return walk(pattern.nodes_, std::move(from));
}

Pattern::Set Pattern::Simulation::walk(const Sequence& sequence, Set from) const {
  const usize count = sequence.size();
  for (usize i = 0; i < count && !from.empty(); ++i) {
    from = step(sequence[backwards ? count - 1 - i : i], from);
  }
  return from;
}

Pattern::Set Pattern::Simulation::step(const Node& node, const Set& from) const {
  if (hidden && from.first() == 0) return step_from_dot(node, from);
  return step_freely(node, from);
}

// A step from positions of which the first is before the leading dot of a name.
Pattern::Set Pattern::Simulation::step_from_dot(const Node& node, const Set& from) const {
  const bool wild = node.kind == Node::Kind::star || node.kind == Node::Kind::any ||
                    node.kind == Node::Kind::bracket ||
                    (node.kind == Node::Kind::group && node.group->op == '!');
  if (!wild) return step_freely(node, from);
  Set others = from;
  others.some.erase(others.some.begin());
  Set to = others.empty() ? Set() : step_freely(node, others);
  if (node.kind == Node::Kind::star) to.some.insert(to.some.begin(), 0);
  return to;
}

Pattern::Set Pattern::Simulation::step_freely(const Node& node, const Set& from) const {
  Set to;
  switch (node.kind) {
    case Node::Kind::star: to.tail = from.first(); return to;
    case Node::Kind::group:
      switch (node.group->op) {
        case '!': return complement(*node.group, from);
        case '*':
        case '+': return closure(*node.group, from);
        case '?':
          to = alternatives(*node.group, from);
          to.merge(from);
          return to;
        default: return alternatives(*node.group, from);
      }
    case Node::Kind::any:
      if (from.tail < size()) to.tail = from.tail + at(from.tail).length;
      for (const u32 position : from.some) {
        if (position < size()) to.some.push_back(position + at(position).length);
      }
      while (!to.some.empty() && to.some.back() >= to.tail) to.some.pop_back();
      return to;
    case Node::Kind::character:
    case Node::Kind::bracket: break;
  }
  const auto try_at = [&](u32 position) {
    const utf8::Character character = at(position);
    if (character.length != 0 && pattern.node_matches(node, character.code)) {
      to.some.push_back(position + character.length);
    }
    return character.length;
  };
  for (const u32 position : from.some) try_at(position);
  for (u32 position = from.tail; position < size();) position += try_at(position);
  return to;
}

Pattern::Set Pattern::Simulation::alternatives(const PatternGroup& group, const Set& from) const {
  Set to;
  for (const Sequence& alternative : group.alternatives) to.merge(walk(alternative, from));
  return to;
}

Pattern::Set Pattern::Simulation::closure(const PatternGroup& group, const Set& from) const {
  Set all;
  if (group.op == '*') all = from;
  Set frontier = from;
  for (;;) {
    const Set reached = alternatives(group, frontier);
    Set fresh;
    for (const u32 position : reached.some) {
      if (!all.has(position)) fresh.some.push_back(position);
    }
    if (reached.tail < all.tail) {
      // What is new of a tail is cut at where `all` has its own.
      if (all.tail == Set::kNone) {
        fresh.tail = reached.tail;
      } else {
        for (u32 position = reached.tail; position < all.tail; position += at(position).length) {
          if (!all.has(position)) fresh.some.push_back(position);
        }
      }
    }
    if (fresh.empty()) return all;
    all.merge(fresh);
    frontier = std::move(fresh);
  }
}

Pattern::Set Pattern::Simulation::complement(const PatternGroup& group, const Set& from) const {
  Set to;
  // Adds what begins at `position`; false once that says nothing new, for this one and all later.
  const auto add = [&](u32 position) {
    if (to.tail <= position) return false;
    Set start;
    start.some.push_back(position);
    const Set reached = alternatives(group, start);
    Set rest;
    u32 next = position;
    for (const u32 end : reached.some) {
      for (; next < end; next += at(next).length) rest.some.push_back(next);
      next = end < size() ? end + at(end).length : Set::kNone;
    }
    if (reached.tail == Set::kNone) {
      rest.tail = next;
    } else {
      for (; next < reached.tail; next += at(next).length) rest.some.push_back(next);
    }
    to.merge(rest);
    return true;
  };
  for (const u32 position : from.some) {
    if (!add(position)) return to;
  }
  for (u32 position = from.tail; position < size(); position += at(position).length) {
    if (!add(position)) return to;
  }
  if (from.tail != Set::kNone) add(size());
  return to;
}

}  // namespace swebash::engine
