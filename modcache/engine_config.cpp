// SPDX-License-Identifier: Apache-2.0
#include "modcache/engine_config.hpp"

#include <algorithm>
#include <charconv>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace modcache {
namespace {

enum class Scope { code, host };

void add(std::string& text, std::string_view name, std::string_view value) {
  if (!text.empty()) text += ' ';
  text.append(name).append("=").append(value);
}

void add(std::string& text, std::string_view name, std::uint64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  add(text, name, std::string_view(digits, end));
}

const char* opt_level_name(OptLevel level) noexcept {
  switch (level) {
    case OptLevel::none: return "none";
    case OptLevel::speed: return "speed";
    case OptLevel::speed_and_size: return "speed_and_size";
  }
  return "speed";
}

std::string text_of(const EngineConfig& config, Scope scope) {
  std::string text;
  text.reserve(640);
  add(text, "opt_level", opt_level_name(config.opt_level));
  add(text, "nan_canonicalization", std::uint64_t{config.nan_canonicalization});
#define MODCACHE_FLAG(name, value, where)                  \
  if (scope == Scope::host || Scope::where == Scope::code) \
    add(text, #name, std::uint64_t{config.name});
#define MODCACHE_NUMBER(name, value, where) \
  if (scope == Scope::host || Scope::where == Scope::code) add(text, #name, config.name);
#include "modcache/engine_config.def"
#undef MODCACHE_FLAG
#undef MODCACHE_NUMBER
  return text;
}

bool read_number(std::string_view text, std::uint64_t& value) noexcept {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && !text.empty();
}

bool read_small(std::string_view text, std::uint32_t& value) noexcept {
  std::uint64_t wide = 0;
  if (!read_number(text, wide) || wide > UINT32_MAX) return false;
  value = static_cast<std::uint32_t>(wide);
  return true;
}

bool read_flag(std::string_view text, bool& value) noexcept {
  if (text != "0" && text != "1") return false;
  value = text == "1";
  return true;
}

bool read_opt_level(std::string_view text, OptLevel& value) noexcept {
  for (const auto level : {OptLevel::none, OptLevel::speed, OptLevel::speed_and_size}) {
    if (text == opt_level_name(level)) {
      value = level;
      return true;
    }
  }
  return false;
}

bool set_one(EngineConfig& config, std::string_view name, std::string_view value) {
  if (name == "opt_level") return read_opt_level(value, config.opt_level);
  if (name == "nan_canonicalization") return read_flag(value, config.nan_canonicalization);
  if (name == "cpu") {
    if (!value.empty() && cpu_baseline_flags(value) == nullptr) return false;
    config.cpu = value;
    return true;
  }
#define MODCACHE_FLAG(field, value_, scope) \
  if (name == #field) return read_flag(value, config.field);
#define MODCACHE_NUMBER(field, value_, scope) \
  if (name == #field) return read_number(value, config.field);
#include "modcache/engine_config.def"
#undef MODCACHE_FLAG
#undef MODCACHE_NUMBER
  if (name == "backtrace_frames") return read_small(value, config.backtrace_frames);
  PoolingConfig& pool = config.pooling;
  if (name == "pooling") return read_flag(value, pool.enabled);
  if (name == "pooling.instances") return read_small(value, pool.instances);
  if (name == "pooling.max_memory_size") return read_number(value, pool.max_memory_size);
  if (name == "pooling.max_unused_warm_slots") return read_small(value, pool.max_unused_warm_slots);
  if (name == "pooling.linear_memory_keep_resident")
    return read_number(value, pool.linear_memory_keep_resident);
  if (name == "pooling.table_elements") return read_number(value, pool.table_elements);
  return false;
}

struct Baseline {
  const char* name;
  const char* flags;
  // What CPUID says of a CPU that has them, on x86-64: leaf 1 in ECX, leaf 7 in EBX and leaf
  // 0x80000001 in ECX.
  unsigned basic = 0;
  unsigned extended = 0;
  unsigned more = 0;
};

// The x86-64 psABI's micro-architecture levels, as far as Cranelift has flags for them. A generic
// AArch64 needs none.
#if defined(__x86_64__)
constexpr Baseline kBaselines[] = {
    {"x86-64", ""},
    {"x86-64-v2", "has_sse3 has_ssse3 has_sse41 has_sse42 has_popcnt has_cmpxchg16b",
     1U << 0 | 1U << 9 | 1U << 13 | 1U << 19 | 1U << 20 | 1U << 23},
    {"x86-64-v3",
     "has_sse3 has_ssse3 has_sse41 has_sse42 has_popcnt has_cmpxchg16b has_avx has_avx2 has_fma "
     "has_bmi1 has_bmi2 has_lzcnt",
     1U << 0 | 1U << 9 | 1U << 12 | 1U << 13 | 1U << 19 | 1U << 20 | 1U << 23 | 1U << 27 | 1U << 28,
     1U << 3 | 1U << 5 | 1U << 8, 1U << 5},
};
constexpr const char* kBaselineNames = "x86-64 x86-64-v2 x86-64-v3";
#elif defined(__aarch64__)
constexpr Baseline kBaselines[] = {{"armv8-a", ""}};
constexpr const char* kBaselineNames = "armv8-a";
#else
#error "modcache knows x86-64 and AArch64"
#endif

#if defined(__x86_64__)
// The register files that the system saves, which decides whether AVX can be used. Requires
// OSXSAVE.
unsigned avx_state() noexcept {
  unsigned low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low & 0xe6;
}
#endif

// What a compiler may use of this CPU. Each CPUID traps in a virtual machine, so it is asked three
// or four times and not once per feature. Bits that mean nothing to the compiler are left out,
// since some of them differ from core to core.
std::string host_features() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  __cpuid(1, a, b, c, d);
  // sse3, ssse3, fma, cmpxchg16b, sse4.1, sse4.2, popcnt, osxsave, avx
  std::uint64_t basic = c & ((1U << 0) | (1U << 9) | (1U << 12) | (1U << 13) | (1U << 19) |
                             (1U << 20) | (1U << 23) | (1U << 27) | (1U << 28));
  __cpuid_count(7, 0, a, b, c, d);
  // bmi1, avx2, bmi2, avx512 f, dq, vl; avx512 vbmi, vnni, bitalg
  const std::uint64_t extended =
      b & ((1U << 3) | (1U << 5) | (1U << 8) | (1U << 16) | (1U << 17) | (1U << 31));
  basic |= static_cast<std::uint64_t>(c & ((1U << 1) | (1U << 11) | (1U << 12))) << 32;
  std::uint64_t more = 0;
  if (a >= 1) {
    __cpuid_count(7, 1, a, b, c, d);
    more = a & (1U << 4);  // avxvnni
  }
  __cpuid(0x80000001, a, b, c, d);
  more |= c & (1U << 5);  // lzcnt
  const std::uint64_t state = (basic & (1U << 27)) != 0 ? avx_state() : 0;
  char text[64];
  char* end = text;
  for (const std::uint64_t word : {basic, extended, more, state}) {
    if (end != text) *end++ = '.';
    end = std::to_chars(end, text + sizeof text, word, 16).ptr;
  }
  return {text, end};
#else
  char text[40];
  char* end = std::to_chars(text, text + sizeof text, ::getauxval(AT_HWCAP), 16).ptr;
  *end++ = '.';
  end = std::to_chars(end, text + sizeof text, ::getauxval(AT_HWCAP2), 16).ptr;
  return {text, end};
#endif
}

}  // namespace

std::string code_text(const EngineConfig& config) { return text_of(config, Scope::code); }

std::string to_text(const EngineConfig& config) {
  std::string text = text_of(config, Scope::host);
  add(text, "cpu", config.cpu);
  add(text, "backtrace_frames", config.backtrace_frames);
  const PoolingConfig& pool = config.pooling;
  add(text, "pooling", std::uint64_t{pool.enabled});
  add(text, "pooling.instances", pool.instances);
  add(text, "pooling.max_memory_size", pool.max_memory_size);
  add(text, "pooling.max_unused_warm_slots", pool.max_unused_warm_slots);
  add(text, "pooling.linear_memory_keep_resident", pool.linear_memory_keep_resident);
  add(text, "pooling.table_elements", pool.table_elements);
  return text;
}

Result<EngineConfig> parse_engine_config(std::string_view text) {
  EngineConfig config;
  constexpr std::string_view kBlank = " \t\r\n";
  while (true) {
    const auto start = text.find_first_not_of(kBlank);
    if (start == std::string_view::npos) return config;
    text.remove_prefix(start);
    const auto word = text.substr(0, text.find_first_of(kBlank));
    text.remove_prefix(word.size());
    const auto equals = word.find('=');
    if (equals == std::string_view::npos ||
        !set_one(config, word.substr(0, equals), word.substr(equals + 1))) {
      return std::unexpected(Error{
          ErrorCode::bad_config, {}, 0, "not an engine setting: '" + std::string(word) + "'"});
    }
  }
}

const char* cpu_baseline_flags(std::string_view cpu) noexcept {
  for (const auto& baseline : kBaselines) {
    if (cpu == baseline.name) return baseline.flags;
  }
  return nullptr;
}

const char* cpu_baseline_names() noexcept { return kBaselineNames; }

bool cpu_runs(std::string_view cpu) noexcept {
  const auto* baseline = std::ranges::find(kBaselines, cpu, &Baseline::name);
  if (baseline == std::end(kBaselines)) return false;
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (baseline->basic != 0) {
    __cpuid(1, a, b, c, d);
    if ((c & baseline->basic) != baseline->basic) return false;
  }
  if (baseline->extended == 0) return true;
  // AVX: the system saves its registers too.
  if ((avx_state() & 6) != 6) return false;
  __cpuid_count(7, 0, a, b, c, d);
  if ((b & baseline->extended) != baseline->extended) return false;
  __cpuid(0x80000001, a, b, c, d);
  return (c & baseline->more) == baseline->more;
#else
  return true;
#endif
}

const char* target_name() noexcept {
#if defined(__x86_64__)
  return "x86_64-linux";
#else
  return "aarch64-linux";
#endif
}

std::string cpu_text(const EngineConfig& config) {
  return config.cpu.empty() ? "host " + host_features() : config.cpu;
}

}  // namespace modcache
