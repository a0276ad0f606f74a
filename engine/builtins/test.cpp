// SPDX-License-Identifier: Apache-2.0
//
// POSIX says what up to four arguments mean by their number; beyond, bash's grammar of -o, -a, !
// and ( ) holds.
#include <limits>
#include <optional>

#include "engine/arithmetic/arith.hpp"
#include "engine/interpreter/builtin.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/files.hpp"

namespace swebash::engine::builtins {

namespace {

// Operands in parentheses inside each other.
constexpr int kMaxDepth = 1000;

bool is_unary(std::string_view text) noexcept {
  return text.size() == 2 && text[0] == '-' &&
         std::string_view("abcdefghknoprstuvwxzGLNORS").contains(text[1]);
}

// An operator's bytes as one number.
constexpr u32 spelled(std::string_view text) noexcept {
  u32 number = 0;
  for (const char c : text) number = number << 8 | static_cast<u8>(c);
  return number;
}

// spelled() of a binary operator; 0 for what is none.
u32 binary_operator(std::string_view text) noexcept {
  if (text.empty() || text.size() > 3) return 0;
  const u32 number = spelled(text);
  switch (number) {
    case spelled("="):
    case spelled("=="):
    case spelled("!="):
    case spelled("<"):
    case spelled(">"):
    case spelled("-eq"):
    case spelled("-ne"):
    case spelled("-lt"):
    case spelled("-le"):
    case spelled("-gt"):
    case spelled("-ge"):
    case spelled("-nt"):
    case spelled("-ot"):
    case spelled("-ef"): return number;
    default: return 0;
  }
}

bool is_binary(std::string_view text) noexcept { return binary_operator(text) != 0; }

// A decimal integer with blanks around, as strtoimax(3) and bash read it.
std::optional<i64> integer(std::string_view text) noexcept {
  i64 value = 0;
  if (text.find('\n') == std::string_view::npos && arith::plain_number(text, value)) return value;
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const usize first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t") + 1 - first);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  u64 digits = 0;
  const u64 most = static_cast<u64>(std::numeric_limits<i64>::max()) + (negative ? 1 : 0);
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<u64>(c - '0');
    if (digits > (most - digit) / 10) return std::nullopt;
    digits = digits * 10 + digit;
  }
  return static_cast<i64>(negative ? 0 - digits : digits);
}

class Test {
 public:
  Test(Invocation& invocation, std::span<const std::string> arguments) noexcept
      : invocation_(invocation), arguments_(arguments) {}

  ExitStatus run() {
    const bool value = by_count();
    if (failed_) return kUsage;
    return value ? kSuccess : kFailure;
  }

 private:
  bool fail(std::string_view message) {
    if (!failed_) invocation_.error(message);
    failed_ = true;
    at_ = arguments_.size();
    return false;
  }
  bool fail(std::string_view operand, std::string_view message) {
    return fail(std::string(operand).append(": ").append(message));
  }

  [[nodiscard]] usize left() const noexcept { return arguments_.size() - at_; }
  [[nodiscard]] const std::string& look(usize ahead = 0) const noexcept {
    return arguments_[at_ + ahead];
  }

  bool by_count() {
    bool value = false;
    switch (arguments_.size()) {
      case 0: return false;
      case 1: return !look().empty();
      case 2: value = two(); break;
      case 3: value = three(); break;
      case 4:
        if (look() == "!") {
          at_ = 1;
          value = !three();
        } else if (look() == "(" && look(3) == ")") {
          at_ = 1;
          value = two();
          ++at_;
        } else {
          value = either();
        }
        break;
      default: value = either(); break;
    }
    if (!failed_ && at_ < arguments_.size()) {
      if (look().starts_with('-')) return fail("syntax error: `" + look() + "' unexpected");
      return fail("too many arguments");
    }
    return value;
  }

  bool two() {
    if (look() == "!") {
      at_ += 2;
      return arguments_[at_ - 1].empty();
    }
    if (is_unary(look())) return unary();
    return fail(look(), "unary operator expected");
  }

  bool three() {
    const std::string& op = look(1);
    if (is_binary(op)) return binary();
    if (op == "-a" || op == "-o") {
      const bool first = !look().empty();
      const bool second = !look(2).empty();
      at_ += 3;
      return op == "-a" ? first && second : first || second;
    }
    if (look() == "!") {
      ++at_;
      return !two();
    }
    if (look() == "(" && look(2) == ")") {
      at_ += 3;
      return !arguments_[at_ - 2].empty();
    }
    return fail(op, "binary operator expected");
  }

  bool either() {
    bool value = both();
    while (!failed_ && left() > 0 && look() == "-o") {
      ++at_;
      const bool right = both();
      value = value || right;
    }
    return value;
  }

  bool both() {
    bool value = term();
    while (!failed_ && left() > 0 && look() == "-a") {
      ++at_;
      const bool right = term();
      value = value && right;
    }
    return value;
  }

  bool term() {
    if (left() == 0) return fail("argument expected");
    bool negated = false;
    while (look() == "!") {
      negated = !negated;
      ++at_;
      if (left() == 0) return fail("argument expected");
    }
    return primary() != negated;
  }

  bool primary() {
    if (look() == "(") {
      if (++depth_ > kMaxDepth) return fail("maximum nesting level exceeded");
      ++at_;
      if (left() == 0) return fail("argument expected");
      const bool value = either();
      --depth_;
      if (failed_) return false;
      if (left() == 0) {
        return fail(invocation_.name == "[" ? "`)' expected, found ]" : "`)' expected");
      }
      if (look() != ")") return fail("`)' expected, found " + look());
      ++at_;
      return value;
    }
    if (left() >= 3 && is_binary(look(1))) return binary();
    if (left() >= 2 && is_unary(look())) return unary();
    return !arguments_[at_++].empty();
  }

  bool unary() {
    const char letter = look()[1];
    const std::string& operand = look(1);
    at_ += 2;
    return unary(letter, operand);
  }

  bool unary(char letter, const std::string& operand) {
    Shell& shell = invocation_.shell;
    switch (letter) {
      case 'z': return operand.empty();
      case 'n': return !operand.empty();
      case 't': {
        const std::optional<i64> fd = integer(operand);
        return fd && *fd >= 0 && *fd < (i64{1} << 31) &&
               sys::is_terminal(static_cast<i32>(*fd)) == 1;
      }
      case 'o': {
        const std::optional<SetOption> option = Options::find_set(operand);
        return option && shell.on(*option);
      }
      case 'v': {
        const auto set = shell.expander().is_set_reference(operand);
        return set && *set;
      }
      case 'R': {
        const Variable* variable = shell.variables().find_unresolved(operand);
        return variable != nullptr && variable->has(kNameref) && variable->is_assigned();
      }
      case 'r': return files::access(operand, abi::kAccessRead);
      case 'w': return files::access(operand, abi::kAccessWrite);
      case 'x': return files::access(operand, abi::kAccessExecute);
      default: break;
    }
    const bool link = letter == 'h' || letter == 'L';
    const SysResult<abi::Stat> found =
        files::stat(operand, link ? files::Follow::no : files::Follow::yes);
    if (!found) return false;
    switch (letter) {
      case 'b': return found->type == abi::kBlockDevice;
      case 'c': return found->type == abi::kCharacterDevice;
      case 'd': return found->type == abi::kDirectoryType;
      case 'f': return found->type == abi::kRegular;
      case 'g': return (found->mode & 02000) != 0;
      case 'h':
      case 'L': return found->type == abi::kSymlink;
      case 'k': return (found->mode & 01000) != 0;
      case 'p': return found->type == abi::kFifo;
      case 's': return found->size > 0;
      case 'S': return found->type == abi::kSocket;
      case 'u': return (found->mode & 04000) != 0;
      case 'N': return found->modify_time > found->access_time;
      case 'O':
      case 'G': {
        abi::TaskInfo task{};
        if (sys::task_info(&task) < 0) return false;
        return letter == 'O' ? found->uid == task.effective_uid : found->gid == task.effective_gid;
      }
      default: return true;  // -a -e
    }
  }

  bool binary() {
    const std::string& first = look();
    const u32 op = binary_operator(look(1));
    const std::string& second = look(2);
    at_ += 3;
    switch (op) {
      case spelled("="):
      case spelled("=="): return first == second;
      case spelled("!="): return first != second;
      case spelled("<"): return first < second;
      case spelled(">"): return first > second;
      case spelled("-nt"):
      case spelled("-ot"):
      case spelled("-ef"): return compare_files(op, first, second);
      default: return compare_numbers(op, first, second);
    }
  }

  static bool compare_files(u32 op, const std::string& first, const std::string& second) {
    const auto a = files::stat(first);
    const auto b = files::stat(second);
    switch (op) {
      case spelled("-nt"): return a && (!b || a->modify_time > b->modify_time);
      case spelled("-ot"): return b && (!a || a->modify_time < b->modify_time);
      default: return a && b && a->device == b->device && a->inode == b->inode;
    }
  }

  bool compare_numbers(u32 op, const std::string& first, const std::string& second) {
    const std::optional<i64> a = integer(first);
    if (!a) return fail(first, "integer expression expected");
    const std::optional<i64> b = integer(second);
    if (!b) return fail(second, "integer expression expected");
    switch (op) {
      case spelled("-eq"): return *a == *b;
      case spelled("-ne"): return *a != *b;
      case spelled("-lt"): return *a < *b;
      case spelled("-le"): return *a <= *b;
      case spelled("-gt"): return *a > *b;
      default: return *a >= *b;
    }
  }

  Invocation& invocation_;
  std::span<const std::string> arguments_;
  usize at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

ExitStatus test(Invocation& invocation) { return Test(invocation, invocation.arguments).run(); }

ExitStatus bracket(Invocation& invocation) {
  std::span<const std::string> arguments = invocation.arguments;
  if (arguments.empty() || arguments.back() != "]") {
    invocation.error("missing `]'");
    return kUsage;
  }
  return Test(invocation, arguments.first(arguments.size() - 1)).run();
}

}  // namespace swebash::engine::builtins
