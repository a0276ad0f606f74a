// SPDX-License-Identifier: Apache-2.0
#include "engine/interpreter/program_environment.hpp"

namespace swebash::engine {

void ProgramEnvironment::keep_foreign(std::string_view entry) {
  foreign_.append(entry).push_back('\0');
  ++foreign_count_;
  stale_ = true;
}

const EnvironmentBlock& ProgramEnvironment::block() {
  if (stale_) {
    stale_ = false;
    std::string bytes = foreign_;
    u32 count = foreign_count_;
    for (const std::string& name : functions_.names()) {
      const FunctionPtr& function = *functions_.find(name);
      if (!function->exported) continue;
      std::string text = definition_text(*function);
      // "name () \n{ ... }": the environment has it without the name.
      text.erase(0, name.size() + 1);
      // bash takes a definition from the environment only where it begins with "() {".
      text.replace(2, text.find('{') - 2, " ");
      bytes += "BASH_FUNC_" + name + "%%=" + text;
      bytes.push_back('\0');
      ++count;
    }
    variables_.set_environment_tail(std::move(bytes), count);
  }
  return variables_.environment();
}

}  // namespace swebash::engine
