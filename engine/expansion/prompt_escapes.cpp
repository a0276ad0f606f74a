// SPDX-License-Identifier: Apache-2.0
#include "engine/expansion/prompt_escapes.hpp"

#include <ctime>

#include "abi/guest.hpp"
#include "engine/system/version.hpp"
#include "engine/text/quote.hpp"
#include "engine/variables/vars_internal.hpp"

namespace swebash::engine {

namespace {

std::string formatted_time(const std::string& format, std::string_view zone) {
  abi::LocalTime local{};
  const i64 seconds = sys::clock(abi::kRealtime) / 1'000'000'000;
  if (sys::local_time(seconds, zone.data(), static_cast<u32>(zone.size()), &local) < 0) return {};
  std::tm broken{};
  broken.tm_sec = local.second;
  broken.tm_min = local.minute;
  broken.tm_hour = local.hour;
  broken.tm_mday = local.day_of_month;
  broken.tm_mon = local.month;
  broken.tm_year = local.year;
  broken.tm_wday = local.day_of_week;
  broken.tm_yday = local.day_of_year;
  broken.tm_isdst = local.is_dst;
  broken.tm_gmtoff = local.utc_offset;
  broken.tm_zone = local.zone_name;
  char buffer[512];
  return {buffer, std::strftime(buffer, sizeof buffer, format.c_str(), &broken)};
}

// \w: HOME as ~, and of a long path only the last PROMPT_DIRTRIM names.
std::string shown_directory(const PromptContext& context) {
  const std::string_view path = context.working_directory;
  const std::string_view home = context.home;
  std::string shown(path);
  if (home.size() > 1 && path.starts_with(home) &&
      (path.size() == home.size() || path[home.size()] == '/')) {
    shown = "~";
    shown += path.substr(home.size());
  }
  usize keep = 0;
  for (const char c : context.trim) {
    if (c < '0' || c > '9' || keep > 1000) {
      keep = 0;
      break;
    }
    keep = keep * 10 + static_cast<usize>(c - '0');
  }
  if (keep == 0) return shown;
  const usize start = shown.starts_with('~') ? 1 : 0;
  usize cut = shown.size();
  for (usize names = 0; names < keep; ++names) {
    const usize slash = cut == 0 ? std::string::npos : shown.rfind('/', cut - 1);
    if (slash == std::string::npos || slash < start) return shown;
    cut = slash;
  }
  if (cut <= start) return shown;
  const std::string head = start == 1 ? "~/..." : "...";
  return head + shown.substr(cut);
}

std::string base_name(const PromptContext& context) {
  const std::string_view path = context.working_directory;
  if (path == context.home && !path.empty()) return "~";
  const usize slash = path.rfind('/');
  if (slash == std::string_view::npos || path.size() == 1) return std::string(path);
  return std::string(path.substr(slash + 1));
}

}  // namespace

std::string decode_prompt(std::string_view text, const PromptContext& context) {
  std::string out;
  const auto put = [&](std::string_view value) {
    if (context.will_expand) {
      out += escape_for_double_quotes(value);
    } else {
      out += value;
    }
  };
  const auto put_time = [&](const char* format) { put(formatted_time(format, context.time_zone)); };
  for (usize i = 0; i < text.size();) {
    const char c = text[i++];
    if (c != '\\' || i == text.size()) {
      out += c;
      continue;
    }
    const char escape = text[i++];
    switch (escape) {
      case 'a': out += '\a'; break;
      case 'e': out += '\033'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 'd': put_time("%a %b %d"); break;
      case 't': put_time("%H:%M:%S"); break;
      case 'T': put_time("%I:%M:%S"); break;
      case '@': put_time("%I:%M %p"); break;
      case 'A': put_time("%H:%M"); break;
      case 'D': {
        const usize close =
            i < text.size() && text[i] == '{' ? text.find('}', i) : std::string_view::npos;
        if (close == std::string_view::npos) {
          out += "\\D";
          break;
        }
        const std::string format(text.substr(i + 1, close - i - 1));
        put(formatted_time(format.empty() ? "%X" : format, context.time_zone));
        i = close + 1;
        break;
      }
      case 'u': put(context.facts.user); break;
      case 'h': {
        const std::string_view host = context.facts.host;
        put(host.substr(0, host.find('.')));
        break;
      }
      case 'H': put(context.facts.host); break;
      case 's': put(context.facts.shell_name); break;
      case 'w': put(shown_directory(context)); break;
      case 'W': put(base_name(context)); break;
      case 'j': append_number(out, static_cast<i64>(context.facts.jobs)); break;
      case 'l': put(context.facts.terminal); break;
      case '!': append_number(out, static_cast<i64>(context.facts.history_number)); break;
      case '#': append_number(out, static_cast<i64>(context.facts.command_number)); break;
      case 'v': out += kBashMinor; break;
      case 'V': out += kBashRelease; break;
      case '$':
        if (context.facts.superuser) {
          out += '#';
        } else {
          put("$");
        }
        break;
      case '[':
        if (context.mark_invisible) out += '\001';
        break;
      case ']':
        if (context.mark_invisible) out += '\002';
        break;
      // bash: one backslash, which quotes what follows when that is expanded.
      case '\\': out += '\\'; break;
      default:
        if (escape >= '0' && escape <= '7') {
          int code = escape - '0';
          for (int digits = 1; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7';
               ++digits) {
            code = code * 8 + (text[i++] - '0');
          }
          out += static_cast<char>(code & 0xFF);
        } else {
          out += '\\';
          out += escape;
        }
    }
  }
  return out;
}

}  // namespace swebash::engine
