// SPDX-License-Identifier: Apache-2.0
//
// swebash.h over the classes of C++.
#include "swebash/swebash.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

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
struct swebash_run {
  swebash::Run run;
};
struct swebash_snapshot {
  swebash::Snapshot snapshot;
};
struct swebash_value {
  char kind;
  std::vector<std::pair<std::string, std::string>> elements;
};
struct swebash_decision {
  swebash::CommandDecision decision;
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

int answer(const swebash::Expected<void>& result) { return succeeded(result) ? 0 : 1; }

swebash_session* session_of(swebash::Expected<swebash::Session> made) {
  return succeeded(made) ? new swebash_session{std::move(*made)} : nullptr;
}

swebash::RunOptions run_options(const swebash_run_options* options) {
  swebash::RunOptions run;
  if (options == nullptr) return run;
  if (options->input != nullptr) run.input = {options->input, options->input_length};
  run.timeout = std::chrono::nanoseconds(options->timeout_ns);
  if (options->output_limit != 0) run.output_limit = options->output_limit;
  if (options->on_output != nullptr) {
    const auto sink = [tell = options->on_output, data = options->data](int stream) {
      return [=](std::string_view text) { tell(stream, text.data(), text.size(), data); };
    };
    run.on_output = sink(1);
    run.on_errors = sink(2);
  }
  if (options->descriptors != nullptr) {
    run.input_descriptor = options->descriptors[0];
    run.output_descriptor = options->descriptors[1];
    run.error_descriptor = options->descriptors[2];
  }
  return run;
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
  return session_of(runtime->runtime.open());
}
swebash_session* swebash_session_open_with(swebash_runtime* runtime,
                                           const swebash_session_options* options) {
  swebash::SessionOptions session;
  if (options->directory != nullptr) session.directory = options->directory;
  if (options->umask != 0) session.umask = options->umask;
  if (options->file_bytes != 0) session.file_bytes = options->file_bytes;
  session.task_memory = options->task_memory;
  if (options->tasks != 0) session.tasks = options->tasks;
  if (options->deterministic != 0) {
    session.deterministic = swebash::Deterministic{
        std::chrono::sys_seconds(std::chrono::seconds(options->time)), options->seed};
  }
  return session_of(runtime->runtime.open(session));
}
void swebash_session_free(swebash_session* session) { delete session; }

swebash_result* swebash_session_run(swebash_session* session, const char* script, size_t length,
                                    const swebash_run_options* options) {
  return new swebash_result{session->session.run({script, length}, run_options(options))};
}
int swebash_session_mount_host(swebash_session* session, const char* path,
                               const char* host_directory, int writable) {
  const auto tree = swebash::host_directory(
      host_directory, writable != 0 ? swebash::Access::read_write : swebash::Access::read_only);
  return succeeded(tree) ? answer(session->session.mount(path, *tree)) : 1;
}
int swebash_session_mount_memory(swebash_session* session, const char* path, uint64_t bytes) {
  return answer(session->session.mount(path, swebash::memory_tree(bytes)));
}
int swebash_session_mount_overlay(swebash_session* session, const char* path,
                                  const char* host_directory, uint64_t bytes) {
  const auto tree = swebash::host_directory(host_directory);
  return succeeded(tree) ? answer(session->session.mount(path, swebash::overlay(*tree, bytes))) : 1;
}
int swebash_session_import_tree(swebash_session* session, const char* host_directory,
                                const char* path) {
  return answer(session->session.import_tree(host_directory, path));
}
int swebash_session_export_tree(swebash_session* session, const char* path,
                                const char* host_directory) {
  return answer(session->session.export_tree(path, host_directory));
}

swebash_session* swebash_session_fork(swebash_session* session) {
  return session_of(session->session.fork());
}
swebash_snapshot* swebash_session_snapshot(swebash_session* session) {
  auto made = session->session.snapshot();
  return succeeded(made) ? new swebash_snapshot{std::move(*made)} : nullptr;
}
int swebash_session_restore(swebash_session* session, const swebash_snapshot* snapshot) {
  return answer(session->session.restore(snapshot->snapshot));
}
swebash_session* swebash_snapshot_open(swebash_runtime* runtime, const swebash_snapshot* snapshot) {
  return session_of(runtime->runtime.open(snapshot->snapshot));
}
int swebash_snapshot_save(const swebash_snapshot* snapshot, const char* file) {
  return answer(snapshot->snapshot.save(file));
}
swebash_snapshot* swebash_snapshot_load(swebash_runtime* runtime, const char* file) {
  auto made = runtime->runtime.load_snapshot(file);
  return succeeded(made) ? new swebash_snapshot{std::move(*made)} : nullptr;
}
void swebash_snapshot_free(swebash_snapshot* snapshot) { delete snapshot; }

swebash_run* swebash_session_start(swebash_session* session, const char* script, size_t length,
                                   const swebash_run_options* options) {
  auto made = session->session.start({script, length}, run_options(options));
  return succeeded(made) ? new swebash_run{std::move(*made)} : nullptr;
}
int swebash_run_done(const swebash_run* run) { return run->run.done() ? 1 : 0; }
swebash_result* swebash_run_wait(swebash_run* run) { return new swebash_result{run->run.wait()}; }
swebash_result* swebash_run_wait_for(swebash_run* run, uint64_t nanoseconds) {
  auto result = run->run.wait_for(std::chrono::nanoseconds(nanoseconds));
  return result.has_value() ? new swebash_result{std::move(*result)} : nullptr;
}
char* swebash_run_take(swebash_run* run, int stream, size_t* length) {
  const std::string text = stream == 2 ? run->run.take_errors() : run->run.take_output();
  if (length != nullptr) *length = text.size();
  return copy_of(text);
}
void swebash_run_wait_output(swebash_run* run, uint64_t nanoseconds) {
  run->run.wait_output(std::chrono::nanoseconds(nanoseconds));
}
int swebash_run_signal(swebash_run* run, int number) { return answer(run->run.signal(number)); }
void swebash_run_interrupt(swebash_run* run) { run->run.interrupt(); }
void swebash_run_kill(swebash_run* run) { run->run.kill(); }
void swebash_run_free(swebash_run* run) { delete run; }

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

int swebash_session_set_value(swebash_session* session, const char* name, char kind,
                              const char* const* keys, const char* const* texts, size_t count) {
  swebash::Value value;
  if (kind == 'a') {
    swebash::IndexedArray array;
    for (size_t i = 0; i < count; ++i) array[std::strtoll(keys[i], nullptr, 10)] = texts[i];
    value = std::move(array);
  } else if (kind == 'A') {
    swebash::AssociativeArray array;
    for (size_t i = 0; i < count; ++i) array[keys[i]] = texts[i];
    value = std::move(array);
  } else {
    value = std::string(count == 0 ? "" : texts[0]);
  }
  return answer(session->session.set_variable(name, value));
}
swebash_value* swebash_session_get_value(swebash_session* session, const char* name) {
  auto value = session->session.get_variable(name);
  if (!succeeded(value)) return nullptr;
  auto made = std::make_unique<swebash_value>();
  if (auto* const text = std::get_if<std::string>(&*value)) {
    made->kind = 's';
    made->elements.emplace_back("", std::move(*text));
  } else if (auto* const indexed = std::get_if<swebash::IndexedArray>(&*value)) {
    made->kind = 'a';
    for (auto& [key, part] : *indexed) made->elements.emplace_back(std::to_string(key), part);
  } else {
    made->kind = 'A';
    for (auto& [key, part] : std::get<swebash::AssociativeArray>(*value)) {
      made->elements.emplace_back(key, part);
    }
  }
  return made.release();
}
char swebash_value_kind(const swebash_value* value) { return value->kind; }
size_t swebash_value_count(const swebash_value* value) { return value->elements.size(); }
const char* swebash_value_key(const swebash_value* value, size_t index) {
  return index < value->elements.size() ? value->elements[index].first.c_str() : nullptr;
}
const char* swebash_value_text(const swebash_value* value, size_t index) {
  return index < value->elements.size() ? value->elements[index].second.c_str() : nullptr;
}
void swebash_value_free(swebash_value* value) { delete value; }

int swebash_session_set_command_hook(swebash_session* session, swebash_hook hook, void* data) {
  if (hook == nullptr) return answer(session->session.set_command_hook({}));
  return answer(session->session.set_command_hook([=](std::span<const std::string> words) {
    std::vector<const char*> list;
    for (const std::string& word : words) list.push_back(word.c_str());
    swebash_decision decision;
    hook(list.data(), list.size(), &decision, data);
    return std::move(decision.decision);
  }));
}
void swebash_decision_deny(swebash_decision* decision, const char* reason) {
  decision->decision.verdict = swebash::CommandDecision::Verdict::deny;
  decision->decision.reason = reason == nullptr ? "" : reason;
}
void swebash_decision_rewrite(swebash_decision* decision, const char* const* words, size_t count) {
  decision->decision.verdict = swebash::CommandDecision::Verdict::rewrite;
  decision->decision.words.assign(words, words + count);
}
int swebash_session_set_command_resolver(swebash_session* session, swebash_resolver resolver,
                                         void* data) {
  if (resolver == nullptr) return answer(session->session.set_command_resolver({}));
  return answer(
      session->session.set_command_resolver([=](std::string_view name) -> swebash::CommandFunction {
        swebash_command function = nullptr;
        void* function_data = nullptr;
        if (resolver(std::string(name).c_str(), &function, &function_data, data) == 0) return {};
        return [=](swebash::CommandCall& call) {
          swebash_call wrapped{call};
          return function(&wrapped, function_data);
        };
      }));
}

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
