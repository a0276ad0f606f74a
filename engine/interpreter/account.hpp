// SPDX-License-Identifier: Apache-2.0
//
// What the engine tells an account of the session: the commands that it runs itself, and the values
// that must not stand in it. Only where the kernel keeps one; else each of these is one look at a
// flag. The flag is the module's, since it is for all shells in it alike.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/integers.hpp"
#include "engine/variables/vars.hpp"

namespace swebash::engine {

// There is an account from now on.
void begin_account() noexcept;
[[nodiscard]] bool has_account() noexcept;

// As the kernel knows them (kernel/audit/secrets.hpp).
[[nodiscard]] bool is_secret_name(std::string_view name);
// Tells the values of variables with secret names, those that were not told before.
void tell_secrets(Variables& variables);
// A command of the engine's own begins; its number in the account.
[[nodiscard]] i64 tell_command(std::string_view name, std::span<const std::string> arguments);
// It has ended; `status`: -1 where a program goes on with it.
void tell_end(i64 number, i32 status);

}  // namespace swebash::engine
