// SPDX-License-Identifier: Apache-2.0
#include "compile/options.hpp"

#include <charconv>
#include <string_view>

namespace modcache::compile {
namespace {

std::unexpected<Error> usage(std::string message) {
  return std::unexpected(Error{ErrorCode::bad_config, {}, 0, std::move(message)});
}

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

Result<void> take(Options& options, std::string_view name, std::string_view value) {
  if (name == "--config") {
    const std::string cpu = options.config.cpu;
    options.config = SWEBASH_TRY(parse_engine_config(value));
    if (options.config.cpu.empty()) options.config.cpu = cpu;
    return {};
  }
  if (name == "--baseline") {
    if (cpu_baseline_flags(value) == nullptr) {
      return usage("--baseline: expected one of " + std::string(cpu_baseline_names()));
    }
    options.config.cpu = value;
    return {};
  }
  if (name == "--output") {
    options.output = value;
  } else if (name == "--runtime") {
    options.runtime = value;
  } else if (name == "--build-id") {
    options.build_id = value;
  } else if (name == "--header") {
    options.header = value;
  } else if (name == "--header-name") {
    options.header_name = value;
  } else if (name == "--memory-limit" || name == "--cpu-limit") {
    auto& number = name == "--cpu-limit" ? options.cpu_limit : options.memory_limit;
    if (!read_number(value, number)) return usage(std::string(name) + ": expected a number");
  } else {
    return usage("unknown option '" + std::string(name) + "'");
  }
  return {};
}

}  // namespace

Result<Options> parse_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    if (word == "--help" || word == "-h") {
      options.help = true;
    } else if (word == "--version") {
      options.version = true;
    } else if (word == "--frame") {
      options.framing = Framing::framed;
    } else if (word == "--entry") {
      options.entry = true;
    } else if (word == "-o" ||
               (word.starts_with("--") && word.find('=') == std::string_view::npos)) {
      if (i + 1 == count) return usage("'" + std::string(word) + "' needs a value");
      SWEBASH_TRY(take(options, word == "-o" ? "--output" : word, arguments[++i]));
    } else if (word.starts_with("--")) {
      const auto equals = word.find('=');
      SWEBASH_TRY(take(options, word.substr(0, equals), word.substr(equals + 1)));
    } else if (!word.empty() && (word[0] != '-' || word == "-") && options.input.empty()) {
      options.input = word == "-" ? "/dev/stdin" : word;
    } else {
      return usage("unexpected argument '" + std::string(word) + "'");
    }
  }
  return options;
}

const char* help_text() noexcept {
  return "usage: modcache-compile [OPTION...] [MODULE.wasm]\n"
         "Compiles a WebAssembly module (standard input) to machine code (standard output).\n"
         "\n"
         "  --config TEXT        the engine's settings, as name=value words\n"
         "  --baseline CPU       compile for every CPU of this level, not for this one\n"
         "  -o, --output FILE    write here; the file appears when it is whole\n"
         "  --entry              write a cache entry: the artefact and its manifest\n"
         "  --build-id TEXT      the entry's build id (default: the module's hash)\n"
         "  --header FILE        write a C++ header that defines the build id\n"
         "  --header-name NAME   the name of its constant (default: kBuildId)\n"
         "  --runtime VERSION    fail where this program has another Wasmtime\n"
         "  --memory-limit BYTES, --cpu-limit SECONDS\n"
         "  --frame              write one frame for HelperCompiler\n"
         "  --version, --help\n"
         "\n"
         "Status: 0; 1 the module does not compile; 2 usage; 3 files or memory; 4 wrong version.\n";
}

}  // namespace modcache::compile
