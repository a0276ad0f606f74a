// SPDX-License-Identifier: Apache-2.0
#include "tests/runner/case_file.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace swebash::tests {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
  }
  return lines;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) {
      return std::nullopt;
    }
    switch (text[i]) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'e': out += '\x1b'; break;
      case 'a': out += '\a'; break;
      case '0': out += '\0'; break;
      case '\\': out += '\\'; break;
      case 'x': {
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
          return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
        break;
      }
      default: return std::nullopt;
    }
  }
  return out;
}

std::string escape(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

/// Words as a shell reads them, of blanks, '…' and "…" alone: enough for argument lists.
std::optional<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      inside = true;
    } else if (c == ' ') {
      if (inside) {
        words.push_back(std::move(word));
        word.clear();
      }
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (quote != 0) {
    return std::nullopt;
  }
  if (inside) {
    words.push_back(std::move(word));
  }
  return words;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<int> number(std::string_view text, int base = 10) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Reads the lines of one file; `error_` is set at the first that is wrong.
class Reader {
 public:
  explicit Reader(CaseFile& file) : file_(file) {}

  void read(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      ++line_;
      if (std::string_view text = line; take_prefix(text, "### ")) {
        file_.cases.emplace_back();
        current().title = text;
        current().line = line_;
        block_ = nullptr;
        current().source.push_back(line);
      } else if (file_.cases.empty()) {
        file_.preamble.push_back(line);
      } else {
        case_line(line);
      }
      if (!error_.empty()) {
        file_.error = file_.path + ":" + std::to_string(line_) + ": " + error_;
        file_.cases.clear();
        return;
      }
    }
  }

 private:
  Case& current() { return file_.cases.back(); }

  void case_line(const std::string& line) {
    std::string_view text = line;
    if (take_prefix(text, "#>")) {
      expected(current().standard_output, text);
    } else if (take_prefix(text, "#!") && (text.empty() || text[0] != '/')) {
      expected(current().standard_error, text);
    } else if (text = line; take_prefix(text, "## ")) {
      if (!text.starts_with("status:") && !text.starts_with("stderr:")) {
        current().source.push_back(line);
      }
      directive(text);
    } else if (text = line; take_prefix(text, "#|")) {
      current().source.push_back(line);
      if (block_ == nullptr) {
        error_ = "`#|' without `## stdin' or `## file' before it";
        return;
      }
      take_prefix(text, " ");
      *block_ += text;
      *block_ += '\n';
    } else {
      current().source.push_back(line);
      // Blank lines around a script belong to the file's looks.
      if (!line.empty() || !current().script.empty()) {
        current().script += line;
        current().script += '\n';
      }
    }
  }

  void expected(std::vector<ExpectedLine>& lines, std::string_view text) {
    ExpectedLine line;
    if (take_prefix(text, "$ ")) {
      line.kind = ExpectedLine::Kind::escaped;
      auto bytes = unescape(text);
      if (!bytes) {
        error_ = "an escape that is none of \\n \\t \\r \\e \\a \\0 \\\\ \\xHH";
        return;
      }
      line.text = std::move(*bytes);
    } else if (take_prefix(text, "~ ")) {
      line.kind = ExpectedLine::Kind::glob;
      line.text = text;
    } else if (take_prefix(text, "? ")) {
      line.kind = ExpectedLine::Kind::maybe;
      line.text = text;
    } else if (text.empty() || take_prefix(text, " ")) {
      line.text = text;
    } else {
      error_ =
          "expected output is `#> TEXT', `#>$ ESCAPES', `#>~ PATTERN' or `#>? PATTERN' "
          "(`#!' for errors)";
      return;
    }
    lines.push_back(std::move(line));
  }

  void directive(std::string_view text) {
    block_ = nullptr;
    if (take_prefix(text, "args: ")) {
      auto words = split_words(text);
      if (!words) {
        error_ = "a quote is not closed";
        return;
      }
      current().arguments = std::move(*words);
    } else if (take_prefix(text, "env: ")) {
      current().environment.emplace_back(text);
    } else if (text == "stdin") {
      current().has_standard_input = true;
      block_ = &current().standard_input;
    } else if (take_prefix(text, "file ")) {
      file(text);
    } else if (take_prefix(text, "status: ")) {
      const auto status = number(text);
      if (!status) {
        error_ = "the status is not a number";
        return;
      }
      current().status = *status;
    } else if (text == "run by: sh") {
      current().run_by_sh = true;
    } else if (take_prefix(text, "not on bash: ")) {
      current().runs = Runs::not_on_bash;
    } else if (take_prefix(text, "timeout: ")) {
      current().timeout_seconds = number(text).value_or(0);
      if (current().timeout_seconds <= 0) {
        error_ = "the timeout is not a number of seconds";
      }
    } else {
      error_ = "no such directive (see tests/README.md)";
    }
  }

  void file(std::string_view text) {
    InputFile file;
    const size_t space = text.find(' ');
    file.name = text.substr(0, space);
    if (space != std::string_view::npos) {
      const auto mode = number(text.substr(space + 1), 8);
      if (!mode) {
        error_ = "a file's mode is octal";
        return;
      }
      file.mode = static_cast<unsigned>(*mode);
    }
    current().files.push_back(std::move(file));
    block_ = &current().files.back().text;
  }

  CaseFile& file_;
  std::string* block_ = nullptr;  ///< Where `#|` lines go; the last directive's.
  std::string error_;
  int line_ = 0;
};

void trim_trailing_blank_lines(std::vector<std::string>& lines) {
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
}

void append_expected(std::string& out, std::string_view prefix, std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const bool whole = end != std::string_view::npos;
    const std::string_view line = text.substr(0, whole ? end : text.size());
    const bool readable = std::none_of(line.begin(), line.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    out += prefix;
    if (whole && readable) {
      out += line.empty() ? "" : " ";
      out += line;
    } else {
      out += "$ " + escape(line) + (whole ? "\\n" : "");
    }
    out += '\n';
    text.remove_prefix(whole ? end + 1 : text.size());
  }
}

}  // namespace

CaseFile parse_cases(std::string path, std::string_view text) {
  CaseFile file;
  file.path = std::move(path);
  Reader(file).read(lines_of(text));
  for (Case& one : file.cases) {
    trim_trailing_blank_lines(one.source);
    while (one.script.ends_with("\n\n")) {
      one.script.pop_back();
    }
    if (one.script.empty() && one.arguments.empty() && !one.has_standard_input) {
      file.error =
          file.path + ":" + std::to_string(one.line) + ": a case without a script or arguments";
      file.cases.clear();
      break;
    }
  }
  return file;
}

std::string difference(const std::vector<ExpectedLine>& expected, std::string_view actual) {
  const std::string_view all = actual;
  for (const ExpectedLine& line : expected) {
    const size_t end = actual.find('\n');
    const std::string_view got = actual.substr(0, end);
    bool same = false;
    size_t used = end == std::string_view::npos ? actual.size() : end + 1;
    switch (line.kind) {
      case ExpectedLine::Kind::exact:
        same = end != std::string_view::npos && got == line.text;
        break;
      case ExpectedLine::Kind::escaped:
        same = actual.starts_with(line.text);
        used = line.text.size();
        break;
      case ExpectedLine::Kind::glob:
        same = end != std::string_view::npos &&
               fnmatch(line.text.c_str(), std::string(got).c_str(), 0) == 0;
        break;
      case ExpectedLine::Kind::maybe:
        same = true;
        if (end == std::string_view::npos ||
            fnmatch(line.text.c_str(), std::string(got).c_str(), 0) != 0) {
          used = 0;
        }
        break;
    }
    if (!same) {
      std::string out = "    expected: " + escape(line.text) + "\n    got:      ";
      out += actual.empty() ? "(end of output)" : escape(got);
      if (!actual.empty() && end == std::string_view::npos) {
        out += "   (no newline)";
      }
      out += "\n    all of it:\n";
      for (const std::string& each : lines_of(all)) {
        out += "      | " + escape(each) + "\n";
      }
      return out;
    }
    actual.remove_prefix(used);
  }
  if (!actual.empty()) {
    return "    more than expected: " + escape(actual.substr(0, 400)) + "\n";
  }
  return {};
}

std::string expectation_text(std::string_view standard_output, std::string_view standard_error,
                             int status) {
  std::string out;
  append_expected(out, "#>", standard_output);
  append_expected(out, "#!", standard_error);
  if (status != 0) {
    out += "## status: " + std::to_string(status) + "\n";
  }
  return out;
}

}  // namespace swebash::tests
