// SPDX-License-Identifier: Apache-2.0
#include "engine/builtins/utilities/utility_input.hpp"

namespace swebash::engine::builtins {

ExitStatus head(Invocation& invocation) {
  const std::vector<std::string> arguments = with_count_option(invocation, "-");
  const Invocation given = invocation.with(arguments);
  const UtilityOptions options(
      given, "n:c:qvz",
      {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}, {"silent", 'q'}, {"verbose", 'v'}});
  if (options.run_native() || options.has('z')) return kRunNative;
  const char unit = options.last_of("nc");
  i64 count = 10;
  if (unit != 0 && !parse_count(options.value(unit), count)) return kRunNative;  // -n -N too
  Output& out = invocation.out;
  return each_part(invocation, options, [&](i32 fd) -> SysResult<void> {
    i64 left = count;
    if (left == 0) return {};
    usize unread = 0;
    // GNU: of a pipe no byte too many is taken, and of its lines little more than are wanted.
    constexpr i64 kLines = 8192;
    const auto use = [&](std::string_view bytes) {
      const usize length = length_of(bytes, unit, left);
      out.put(bytes.substr(0, length));
      unread = bytes.size() - length;
      return left > 0 && !out.error();
    };
    const i64& most = unit == 'c' ? static_cast<const i64&>(left) : kLines;
    const auto done = each_chunk(invocation, fd, use, most);
    // GNU: what was read too far is given back to whoever reads the file next.
    if (unread > 0) static_cast<void>(sys::seek(fd, -static_cast<i64>(unread), abi::kSeekCurrent));
    return done;
  });
}

}  // namespace swebash::engine::builtins
