// SPDX-License-Identifier: Apache-2.0
//
// All of libswebash: a bash-compatible shell as a library. Start with session.hpp.
#pragma once

#include "swebash/error.hpp"
#include "swebash/file_tree.hpp"
#include "swebash/options.hpp"
#include "swebash/run.hpp"
#include "swebash/run_result.hpp"
#include "swebash/runtime.hpp"
#include "swebash/session.hpp"
#include "swebash/snapshot.hpp"
#include "swebash/value.hpp"
