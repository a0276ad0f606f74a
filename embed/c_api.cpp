// SPDX-License-Identifier: Apache-2.0
//
// swebash.h over the classes of C++.
#include "swebash/swebash.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "swebash/swebash.hpp"

struct swebash_runtime {
  swebash::Runtime runtime;
};
struct swebash_session {
  swebash::Session session;
};
struct swebash_result {
  swebash::RunResult result;
};
struct swebash_call {
  swebash::CommandCall& call;
};

namespace {

thread_local std::string last_error;

template <class T>
bool succeeded(const swebash::Expected<T>& result) {
  if (result.has_value()) return true;
  last_error = result.error().message;
  return false;
}

char* copy_of(std::string_view text) {
  auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) return nullptr;
  *std::ranges::copy(text, copy).out = '\0';
  return copy;
}

}  // namespace

extern "C" {

const char* swebash_last_error(void) { return last_error.c_str(); }

swebash_runtime* swebash_runtime_new(const char* engine_directory) {
  swebash::RuntimeOptions options;
  if (engine_directory != nullptr) options.engine_directory = engine_directory;
  auto made = swebash::Runtime::create(options);
  return succeeded(made) ? new swebash_runtime{std::move(*made)} : nullptr;
}
void swebash_runtime_free(swebash_runtime* runtime) { delete runtime; }

swebash_session* swebash_session_open(swebash_runtime* runtime) {
  auto made = runtime->runtime.open();
  return succeeded(made) ? new swebash_session{std::move(*made)} : nullptr;
}
void swebash_session_free(swebash_session* session) { delete session; }

swebash_result* swebash_session_run(swebash_session* session, const char* script, size_t length,
                                    const swebash_run_options* options) {
  swebash::RunOptions run;
  if (options != nullptr) {
    if (options->input != nullptr) run.input = {options->input, options->input_length};
    run.timeout = std::chrono::nanoseconds(options->timeout_ns);
    if (options->output_limit != 0) run.output_limit = options->output_limit;
  }
  return new swebash_result{session->session.run({script, length}, run)};
}
void swebash_session_interrupt(swebash_session* session) { session->session.interrupt(); }
int swebash_session_ended(const swebash_session* session) {
  return session->session.ended() ? 1 : 0;
}

int swebash_result_status(const swebash_result* result) { return result->result.status; }
enum swebash_end swebash_result_end(const swebash_result* result) {
  return static_cast<swebash_end>(result->result.end);
}
const char* swebash_result_output(const swebash_result* result, size_t* length) {
  if (length != nullptr) *length = result->result.output.size();
  return result->result.output.c_str();
}
const char* swebash_result_errors(const swebash_result* result, size_t* length) {
  if (length != nullptr) *length = result->result.errors.size();
  return result->result.errors.c_str();
}
uint64_t swebash_result_wall_ns(const swebash_result* result) {
  return static_cast<uint64_t>(result->result.wall_time.count());
}
void swebash_result_free(swebash_result* result) { delete result; }

int swebash_session_set_env(swebash_session* session, const char* name, const char* value) {
  return succeeded(session->session.set_env(name, value)) ? 0 : 1;
}
char* swebash_session_get_env(swebash_session* session, const char* name) {
  const auto value = session->session.get_env(name);
  return succeeded(value) ? copy_of(*value) : nullptr;
}
int swebash_session_write_file(swebash_session* session, const char* path, const char* content,
                               size_t length) {
  return succeeded(session->session.write_file(path, {content, length})) ? 0 : 1;
}
char* swebash_session_read_file(swebash_session* session, const char* path, size_t* length) {
  const auto content = session->session.read_file(path);
  if (!succeeded(content)) return nullptr;
  if (length != nullptr) *length = content->size();
  return copy_of(*content);
}
int swebash_session_remove(swebash_session* session, const char* path) {
  return succeeded(session->session.remove(path)) ? 0 : 1;
}
void swebash_string_free(char* text) { std::free(text); }

int swebash_session_add_command(swebash_session* session, const char* name,
                                swebash_command function, void* data) {
  return succeeded(session->session.add_command(name,
                                                [function, data](swebash::CommandCall& call) {
                                                  swebash_call wrapped{call};
                                                  return function(&wrapped, data);
                                                }))
             ? 0
             : 1;
}
size_t swebash_call_argument_count(const swebash_call* call) {
  return call->call.arguments().size();
}
const char* swebash_call_argument(const swebash_call* call, size_t index) {
  const auto arguments = call->call.arguments();
  return index < arguments.size() ? arguments[index].c_str() : nullptr;
}
ptrdiff_t swebash_call_read(swebash_call* call, char* buffer, size_t capacity) {
  const auto count = call->call.read({buffer, capacity});
  return succeeded(count) ? static_cast<ptrdiff_t>(*count) : -1;
}
int swebash_call_write(swebash_call* call, const char* text, size_t length) {
  return succeeded(call->call.write({text, length})) ? 0 : 1;
}
int swebash_call_write_error(swebash_call* call, const char* text, size_t length) {
  return succeeded(call->call.write_error({text, length})) ? 0 : 1;
}

}  // extern "C"
