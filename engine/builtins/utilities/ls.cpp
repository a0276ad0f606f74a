// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "engine/builtins/utilities/utility.hpp"
#include "engine/interpreter/shell.hpp"
#include "engine/system/time_format.hpp"
#include "engine/system/users.hpp"
#include "engine/text/utf8.hpp"

namespace swebash::engine::builtins {

namespace {

constexpr i64 kSecond = 1'000'000'000;
// GNU: half a year of 365.2425 days.
constexpr i64 kRecent = 31556952 / 2;
constexpr ExitStatus kTrouble = 2;
constexpr int kMaxDepth = 1000;

struct Item {
  std::string name;  // as shown
  std::string path;
  abi::Stat stat{};
  bool known = false;  // `stat` is there
};

struct Settings {
  bool all = false;
  bool almost_all = false;
  bool long_form = false;
  bool owner = true;
  bool group = true;
  bool directories = false;
  bool recursive = false;
  bool human = false;
  bool inodes = false;
  bool blocks = false;
  bool numeric = false;
  bool reverse = false;
  char sort = 0;      // t or S
  char classify = 0;  // F or p
  bool columns = false;
  bool terminal = false;
  usize width = 80;
};

// Rounds up, as ls -h does: 1.5K, 12K.
std::string human(u64 size) {
  if (size < 1024) return std::to_string(size);
  static constexpr std::string_view kUnits = "KMGTPE";
  u64 unit = 1024;
  usize which = 0;
  while (which + 1 < kUnits.size() && (size + unit - 1) / unit >= 1024) {
    unit *= 1024;
    ++which;
  }
  const u64 whole = size / unit;
  const u64 tenths = (size % unit * 10 + unit - 1) / unit;
  std::string out;
  if (whole < 9 || (whole == 9 && tenths < 10)) {
    const u64 all = whole * 10 + tenths;
    out = std::to_string(all / 10) + "." + std::to_string(all % 10);
  } else {
    out = std::to_string(whole + (size % unit != 0 ? 1 : 0));
  }
  return out + kUnits[which];
}

// A name, or the number where nobody has it.
std::string owner_name(AccountFile& file, u32 id) {
  return file.name_of(id).value_or(std::to_string(id));
}

u64 minor_of(u64 device) noexcept { return (device & 0xff) | (device >> 12 & 0xffffff00); }

std::string permissions(const abi::Stat& stat) {
  static constexpr char kTypes[] = "?-dlcbps";
  std::string out(1, kTypes[std::min<u32>(stat.type, 7)]);
  for (int shift = 6; shift >= 0; shift -= 3) {
    const u32 bits = stat.mode >> shift & 7;
    out.push_back((bits & 4) != 0 ? 'r' : '-');
    out.push_back((bits & 2) != 0 ? 'w' : '-');
    const bool execute = (bits & 1) != 0;
    const u32 special = shift == 6 ? 04000 : shift == 3 ? 02000 : 01000;
    if ((stat.mode & special) == 0) {
      out.push_back(execute ? 'x' : '-');
    } else if (shift == 0) {
      out.push_back(execute ? 't' : 'T');
    } else {
      out.push_back(execute ? 's' : 'S');
    }
  }
  return out;
}

std::string pad_left(const std::string& text, usize width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

class Lister {
 public:
  Lister(Invocation& invocation, const Settings& settings)
      : invocation_(invocation), settings_(settings), out_(invocation.out) {
    if (const std::string* zone = invocation.shell.variables().get("TZ")) zone_ = *zone;
    now_ = sys::clock(abi::kRealtime) / kSecond;
  }

  ExitStatus run(std::vector<std::string_view> operands) {
    if (operands.empty()) operands.push_back(".");
    std::vector<Item> single;
    std::vector<Item> directories;
    for (const std::string_view operand : operands) {
      Item item{std::string(operand), std::string(operand), {}, true};
      SysResult<abi::Stat> found = files::stat(
          operand, settings_.long_form || settings_.directories || settings_.classify == 'F'
                       ? files::Follow::no
                       : files::Follow::yes);
      if (!found) found = files::stat(operand, files::Follow::no);
      if (!found) {
        complain(invocation_, "cannot access " + quoted_name(operand), found.error());
        status_ = kTrouble;
        continue;
      }
      item.stat = *found;
      const bool directory = item.stat.type == abi::kDirectoryType && !settings_.directories;
      (directory ? directories : single).push_back(std::move(item));
    }
    sort(single);
    sort(directories);
    if (!single.empty()) show(single);
    const bool headings =
        settings_.recursive || directories.size() + single.size() > 1 || operands.size() > 1;
    bool first = single.empty();
    for (const Item& directory : directories) {
      list(directory.path, headings, first, 0);
    }
    return status_;
  }

 private:
  void list(const std::string& path, bool heading, bool& first, int depth) {
    std::vector<files::Entry> entries;
    if (const auto listed = files::list(path, entries); !listed) {
      complain(invocation_, "cannot open directory " + quoted_name(path), listed.error());
      status_ = depth == 0 ? kTrouble : std::max(status_, kFailure);
      return;
    }
    if (settings_.all) {
      entries.push_back({".", 0, abi::kDirectoryType});
      entries.push_back({"..", 0, abi::kDirectoryType});
    }
    std::vector<Item> items;
    const bool need_stat = settings_.long_form || settings_.sort != 0 || settings_.classify != 0 ||
                           settings_.inodes || settings_.blocks || settings_.recursive;
    u64 blocks = 0;
    for (files::Entry& entry : entries) {
      if (entry.name.starts_with('.') && !settings_.all && !settings_.almost_all) continue;
      Item item{std::move(entry.name), {}, {}, false};
      item.path = files::join(path, item.name);
      if (need_stat) {
        const SysResult<abi::Stat> found = files::stat(item.path, files::Follow::no);
        if (found) {
          item.stat = *found;
          item.known = true;
          blocks += item.stat.blocks;
        } else {
          complain(invocation_, "cannot access " + quoted_name(item.path), found.error());
          status_ = std::max(status_, kFailure);
        }
      }
      items.push_back(std::move(item));
    }
    sort(items);
    if (heading) {
      if (!first) out_.put('\n');
      out_.put(path);
      out_.put(":\n");
    }
    first = false;
    if (settings_.long_form || settings_.blocks) {
      out_.put("total ");
      out_.put(settings_.human ? human(blocks * 512) : std::to_string((blocks + 1) / 2));
      out_.put('\n');
    }
    show(items);
    if (!settings_.recursive || depth > kMaxDepth) return;
    for (const Item& item : items) {
      if (item.stat.type == abi::kDirectoryType && item.name != "." && item.name != "..") {
        list(item.path, true, first, depth + 1);
      }
    }
  }

  void sort(std::vector<Item>& items) const {
    std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
      if (settings_.sort == 't' && a.stat.modify_time != b.stat.modify_time) {
        return a.stat.modify_time > b.stat.modify_time;
      }
      if (settings_.sort == 'S' && a.stat.size != b.stat.size) return a.stat.size > b.stat.size;
      return a.name < b.name;
    });
    if (settings_.reverse) std::reverse(items.begin(), items.end());
  }

  [[nodiscard]] std::string_view indicator(const abi::Stat& stat) const noexcept {
    if (stat.type == abi::kDirectoryType) return "/";
    if (settings_.classify != 'F') return "";
    switch (stat.type) {
      case abi::kSymlink: return "@";
      case abi::kFifo: return "|";
      case abi::kSocket: return "=";
      case abi::kRegular: return (stat.mode & 0111) != 0 ? "*" : "";
      default: return "";
    }
  }

  [[nodiscard]] std::string size_text(const abi::Stat& stat, usize minor_width) const {
    if (stat.type == abi::kCharacterDevice || stat.type == abi::kBlockDevice) {
      const u64 device = stat.raw_device;
      const u64 major = (device >> 8 & 0xfff) | (device >> 32 & ~u64{0xfff});
      const u64 minor = minor_of(device);
      return std::to_string(major) + ", " + pad_left(std::to_string(minor), minor_width);
    }
    return settings_.human ? human(stat.size) : std::to_string(stat.size);
  }

  // On a terminal a name that the shell would take apart is shown in quotes.
  [[nodiscard]] std::string shown(const std::string& name, bool align) const {
    if (!settings_.terminal) return name;
    std::string text = shown_name(name);
    if (align && text.size() == name.size()) text.insert(0, " ");
    return text;
  }

  void show(const std::vector<Item>& items) {
    bool align = false;
    if (settings_.terminal) {
      for (const Item& item : items)
        align = align || shown_name(item.name).size() != item.name.size();
    }
    usize inode_width = 0;
    usize block_width = 0;
    const auto block_text = [&](const Item& item) {
      return settings_.human ? human(item.stat.blocks * 512)
                             : std::to_string((item.stat.blocks + 1) / 2);
    };
    for (const Item& item : items) {
      if (settings_.inodes) {
        inode_width = std::max(inode_width, std::to_string(item.stat.inode).size());
      }
      if (settings_.blocks) block_width = std::max(block_width, block_text(item).size());
    }
    const auto front = [&](const Item& item) {
      std::string text;
      if (settings_.inodes) {
        text += pad_left(item.known ? std::to_string(item.stat.inode) : "?", inode_width) + " ";
      }
      if (settings_.blocks)
        text += pad_left(item.known ? block_text(item) : "?", block_width) + " ";
      return text;
    };
    if (settings_.long_form) {
      show_long(items, front, align);
      return;
    }
    std::vector<std::string> texts;
    texts.reserve(items.size());
    for (const Item& item : items) {
      texts.push_back(front(item) + shown(item.name, align));
      if (settings_.classify != 0 && item.known) texts.back() += indicator(item.stat);
    }
    if (!settings_.columns) {
      for (const std::string& text : texts) {
        out_.put(text);
        out_.put('\n');
      }
      return;
    }
    show_columns(texts);
  }

  // As few rows as fit, filled downwards, two blanks between columns.
  void show_columns(const std::vector<std::string>& texts) {
    const usize count = texts.size();
    if (count == 0) return;
    std::vector<usize> lengths;
    lengths.reserve(count);
    for (const std::string& text : texts) lengths.push_back(utf8::width(text));
    for (usize rows = 1;; ++rows) {
      const usize columns = (count + rows - 1) / rows;
      std::vector<usize> widths(columns, 0);
      usize total = 0;
      for (usize column = 0; column < columns; ++column) {
        for (usize i = column * rows; i < std::min(count, (column + 1) * rows); ++i) {
          widths[column] = std::max(widths[column], lengths[i] + (column + 1 < columns ? 2 : 0));
        }
        total += widths[column];
      }
      if (total >= settings_.width && columns > 1) continue;
      for (usize row = 0; row < rows; ++row) {
        usize start = 0;
        for (usize column = 0; column < columns; ++column) {
          const usize i = column * rows + row;
          if (i >= count) break;
          out_.put(texts[i]);
          if (i + rows < count) indent(start + lengths[i], start + widths[column]);
          start += widths[column];
        }
        out_.put('\n');
      }
      return;
    }
  }

  // GNU: tabs where they reach, then blanks.
  void indent(usize from, usize to) {
    constexpr usize kTab = 8;
    while (from < to) {
      if (to / kTab > (from + 1) / kTab) {
        out_.put('\t');
        from += kTab - from % kTab;
      } else {
        out_.put(' ');
        ++from;
      }
    }
  }

  template <class Front>
  void show_long(const std::vector<Item>& items, const Front& front, bool align) {
    struct Row {
      std::string links, owner, group, size;
    };
    std::vector<Row> rows;
    usize links = 0;
    usize owner = 0;
    usize group = 0;
    usize size = 0;
    usize minor = 0;
    for (const Item& item : items) {
      minor = std::max(minor, std::to_string(minor_of(item.stat.raw_device)).size());
    }
    for (const Item& item : items) {
      Row& row = rows.emplace_back();
      if (!item.known) {
        row = {"?", "?", "?", "?"};
      } else {
        row.links = std::to_string(item.stat.links);
        row.owner =
            settings_.numeric ? std::to_string(item.stat.uid) : owner_name(users_, item.stat.uid);
        row.group =
            settings_.numeric ? std::to_string(item.stat.gid) : owner_name(groups_, item.stat.gid);
        row.size = size_text(item.stat, minor);
      }
      links = std::max(links, row.links.size());
      owner = std::max(owner, row.owner.size());
      group = std::max(group, row.group.size());
      size = std::max(size, row.size.size());
    }
    const auto column = [&](const std::string& text, usize width) {
      out_.put(text);
      out_.put(std::string(width - text.size() + 1, ' '));
    };
    for (usize i = 0; i < items.size(); ++i) {
      const Item& item = items[i];
      out_.put(front(item));
      out_.put(item.known ? permissions(item.stat) : "??????????");
      out_.put(' ');
      out_.put(pad_left(rows[i].links, links));
      out_.put(' ');
      if (settings_.owner) {
        settings_.numeric ? column(pad_left(rows[i].owner, owner), owner)
                          : column(rows[i].owner, owner);
      }
      if (settings_.group) {
        settings_.numeric ? column(pad_left(rows[i].group, group), group)
                          : column(rows[i].group, group);
      }
      out_.put(pad_left(rows[i].size, size));
      out_.put(' ');
      const i64 when = item.stat.modify_time / kSecond - (item.stat.modify_time % kSecond < 0);
      std::string date;
      if (item.known) {
        const bool recent = when > now_ - kRecent && when <= now_;
        append_time(date, recent ? "%b %e %H:%M" : "%b %e  %Y", local_time(when, zone_), when);
      } else {
        date = "           ?";
      }
      out_.put(date);
      out_.put(' ');
      out_.put(shown(item.name, align));
      if (item.stat.type == abi::kSymlink) {
        if (const SysResult<std::string> text = files::readlink(item.path)) {
          out_.put(" -> ");
          out_.put(shown(*text, false));
          if (settings_.classify != 0) {
            if (const auto target = files::stat(item.path)) out_.put(indicator(*target));
          }
        }
      } else if (settings_.classify != 0 && item.known) {
        out_.put(indicator(item.stat));
      }
      out_.put('\n');
    }
  }

  Invocation& invocation_;
  const Settings& settings_;
  Output& out_;
  AccountFile users_{AccountFile::kUsers};
  AccountFile groups_{AccountFile::kGroups};
  std::string zone_;
  i64 now_ = 0;
  ExitStatus status_ = kSuccess;
};

}  // namespace

ExitStatus ls(Invocation& invocation) {
  const UtilityOptions options(invocation, "laA1CdRhtSriFpnsgoX:",
                               {{"all", 'a'},
                                {"almost-all", 'A'},
                                {"directory", 'd'},
                                {"recursive", 'R'},
                                {"human-readable", 'h'},
                                {"reverse", 'r'},
                                {"inode", 'i'},
                                {"classify", 'F'},
                                {"numeric-uid-gid", 'n'},
                                {"size", 's'},
                                {"color", 'X'}});
  if (options.run_native()) return kRunNative;
  Settings settings;
  settings.terminal = sys::is_terminal(invocation.out.fd()) == 1;
  // `X` stands for --color alone. Colours are the native program's.
  for (const std::string& argument : invocation.arguments) {
    if (argument.starts_with("-X")) return kRunNative;
  }
  if (const std::string_view color = options.value('X'); !color.empty()) {
    if (color != "never" && (color != "auto" || settings.terminal)) return kRunNative;
  }
  const char hidden = options.last_of("aA");
  settings.all = hidden == 'a';
  settings.almost_all = hidden == 'A';
  const char form = options.last_of("l1Cngo");
  settings.long_form = options.has('l') || options.has('n') || options.has('g') || options.has('o');
  if (settings.long_form && form == 'C') settings.long_form = false;
  settings.owner = !options.has('g');
  settings.group = !options.has('o');
  settings.numeric = options.has('n');
  settings.directories = options.has('d');
  settings.recursive = options.has('R') && !settings.directories;
  settings.human = options.has('h');
  settings.inodes = options.has('i');
  settings.blocks = options.has('s');
  settings.reverse = options.has('r');
  settings.sort = options.last_of("tS");
  settings.classify = options.last_of("Fp");
  settings.columns = form == 'C' || (settings.terminal && form != '1');
  if (settings.columns) {
    abi::WindowSize size{};
    const std::string* columns = invocation.shell.variables().get("COLUMNS");
    i64 given = 0;
    if (columns != nullptr && parse_count(*columns, given) && given > 0) {
      settings.width = static_cast<usize>(given);
    } else if (sys::window_size(invocation.out.fd(), &size) >= 0 && size.columns > 0) {
      settings.width = size.columns;
    }
  }
  return Lister(invocation, settings).run(options.operands());
}

}  // namespace swebash::engine::builtins
