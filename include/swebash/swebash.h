/* SPDX-License-Identifier: Apache-2.0
 *
 * libswebash for C: the calls of session.hpp and runtime.hpp, with the same meaning.
 *
 * Objects are made by the calls that return them and freed by the _free of their name; a null
 * pointer may be freed. A call that fails returns null, or something else than 0, and leaves a
 * sentence in swebash_last_error(), which is the calling thread's and lasts until its next call.
 * Strings that are passed in may be anywhere and are copied; those without a length end with a NUL.
 */
#ifndef SWEBASH_SWEBASH_H_
#define SWEBASH_SWEBASH_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct swebash_runtime swebash_runtime;
typedef struct swebash_session swebash_session;
typedef struct swebash_result swebash_result;
typedef struct swebash_call swebash_call;
typedef struct swebash_run swebash_run;
typedef struct swebash_snapshot swebash_snapshot;
typedef struct swebash_value swebash_value;
typedef struct swebash_decision swebash_decision;

/* How a run came to its end; see run_result.hpp. */
enum swebash_end {
  SWEBASH_FINISHED = 0,
  SWEBASH_TIMED_OUT = 1,
  SWEBASH_INTERRUPTED = 2,
  SWEBASH_ENDED = 3,
  SWEBASH_NOT_RUN = 4
};

/* Why the last call of this thread failed. Never null. */
const char* swebash_last_error(void);

/* Loads the engine from `engine_directory`, or from where it was installed when that is null. */
swebash_runtime* swebash_runtime_new(const char* engine_directory);
void swebash_runtime_free(swebash_runtime* runtime);

/* Opens a session with the options of every session. */
swebash_session* swebash_session_open(swebash_runtime* runtime);
typedef struct swebash_session_options {
  const char* directory; /* where it begins; null: /home/user */
  unsigned umask;        /* 0: 022 */
  uint64_t file_bytes;   /* 0: 64 MB */
  uint64_t task_memory;  /* 0: no limit */
  uint32_t tasks;        /* 0: 500 */
  int deterministic;     /* not 0: it is, from `time` (seconds since 1970) and `seed` on */
  int64_t time;
  uint64_t seed;
} swebash_session_options;
swebash_session* swebash_session_open_with(swebash_runtime* runtime,
                                           const swebash_session_options* options);
/* Ends it. */
void swebash_session_free(swebash_session* session);

/* Mounts at an absolute path; 0, or something else when it failed. See file_tree.hpp. */
int swebash_session_mount_host(swebash_session* session, const char* path,
                               const char* host_directory, int writable);
int swebash_session_mount_memory(swebash_session* session, const char* path, uint64_t bytes);
int swebash_session_mount_overlay(swebash_session* session, const char* path,
                                  const char* host_directory, uint64_t bytes);
int swebash_session_import_tree(swebash_session* session, const char* host_directory,
                                const char* path);
int swebash_session_export_tree(swebash_session* session, const char* path,
                                const char* host_directory);

/* Snapshots; see snapshot.hpp. */
swebash_session* swebash_session_fork(swebash_session* session);
swebash_snapshot* swebash_session_snapshot(swebash_session* session);
int swebash_session_restore(swebash_session* session, const swebash_snapshot* snapshot);
swebash_session* swebash_snapshot_open(swebash_runtime* runtime, const swebash_snapshot* snapshot);
int swebash_snapshot_save(const swebash_snapshot* snapshot, const char* file);
swebash_snapshot* swebash_snapshot_load(swebash_runtime* runtime, const char* file);
void swebash_snapshot_free(swebash_snapshot* snapshot);

typedef struct swebash_run_options {
  const char* input; /* standard input; may be null */
  size_t input_length;
  uint64_t timeout_ns; /* 0: no end */
  size_t output_limit; /* 0: as many bytes as by default */
  /* Told of output as it comes; null: it is kept. `stream` is 1 or 2. */
  void (*on_output)(int stream, const char* text, size_t length, void* data);
  void* data;
  /* Three that stand for standard input, output and error, -1 for none; null: none does. */
  const int* descriptors;
} swebash_run_options;

/* Runs `length` bytes of script; `options` may be null. Never null. */
swebash_result* swebash_session_run(swebash_session* session, const char* script, size_t length,
                                    const swebash_run_options* options);
void swebash_session_interrupt(swebash_session* session);

/* A run on a thread of the runtime's; null when it cannot be. See run.hpp. */
swebash_run* swebash_session_start(swebash_session* session, const char* script, size_t length,
                                   const swebash_run_options* options);
int swebash_run_done(const swebash_run* run);
/* The result, which is the caller's; swebash_run_wait_for() gives null where the run goes on. */
swebash_result* swebash_run_wait(swebash_run* run);
swebash_result* swebash_run_wait_for(swebash_run* run, uint64_t nanoseconds);
/* What came since the last time, to be freed by swebash_string_free(). `stream` is 1 or 2. */
char* swebash_run_take(swebash_run* run, int stream, size_t* length);
void swebash_run_wait_output(swebash_run* run, uint64_t nanoseconds);
int swebash_run_signal(swebash_run* run, int number);
void swebash_run_interrupt(swebash_run* run);
void swebash_run_kill(swebash_run* run);
/* One that goes on is interrupted. */
void swebash_run_free(swebash_run* run);

int swebash_session_ended(const swebash_session* session);

int swebash_result_status(const swebash_result* result);
enum swebash_end swebash_result_end(const swebash_result* result);
/* What was written; `length` may be null, and a NUL follows. It lasts as long as the result. */
const char* swebash_result_output(const swebash_result* result, size_t* length);
const char* swebash_result_errors(const swebash_result* result, size_t* length);
uint64_t swebash_result_wall_ns(const swebash_result* result);
void swebash_result_free(swebash_result* result);

/* 0, or something else when it failed. */
int swebash_session_set_env(swebash_session* session, const char* name, const char* value);
/* To be freed by swebash_string_free(); null when it is not set. */
char* swebash_session_get_env(swebash_session* session, const char* name);
int swebash_session_write_file(swebash_session* session, const char* path, const char* content,
                               size_t length);
/* To be freed by swebash_string_free(); a NUL follows. */
char* swebash_session_read_file(swebash_session* session, const char* path, size_t* length);
int swebash_session_remove(swebash_session* session, const char* path);
void swebash_string_free(char* text);

/* Variables of any kind: kind is 's' for a text, 'a' for an indexed array, 'A' for an associative
 * one. A text has one element, whose key is empty; the keys of an indexed array are its numbers. */
int swebash_session_set_value(swebash_session* session, const char* name, char kind,
                              const char* const* keys, const char* const* texts, size_t count);
swebash_value* swebash_session_get_value(swebash_session* session, const char* name);
char swebash_value_kind(const swebash_value* value);
size_t swebash_value_count(const swebash_value* value);
const char* swebash_value_key(const swebash_value* value, size_t index);
const char* swebash_value_text(const swebash_value* value, size_t index);
void swebash_value_free(swebash_value* value);

/* Asked before each command, with its words after expansion; a null hook: none is. What it does not
 * decide is allowed. It must not call its own session. */
typedef void (*swebash_hook)(const char* const* words, size_t count, swebash_decision* decision,
                             void* data);
int swebash_session_set_command_hook(swebash_session* session, swebash_hook hook, void* data);
/* `reason` may be null. */
void swebash_decision_deny(swebash_decision* decision, const char* reason);
void swebash_decision_rewrite(swebash_decision* decision, const char* const* words, size_t count);

/* A command of the embedding program; its status. `data` is what was given with it. */
typedef int (*swebash_command)(swebash_call* call, void* data);
int swebash_session_add_command(swebash_session* session, const char* name,
                                swebash_command function, void* data);
/* Asked for a command that was found nowhere else: not 0 where it knows one, and then has put it
 * into `function` and `function_data`. */
typedef int (*swebash_resolver)(const char* name, swebash_command* function, void** function_data,
                                void* data);
int swebash_session_set_command_resolver(swebash_session* session, swebash_resolver resolver,
                                         void* data);
size_t swebash_call_argument_count(const swebash_call* call);
/* The argument's text, or null beyond the last. It lasts as long as the call. */
const char* swebash_call_argument(const swebash_call* call, size_t index);
/* How many bytes, 0 at the end; less than 0 when it failed. */
ptrdiff_t swebash_call_read(swebash_call* call, char* buffer, size_t capacity);
/* 0, or something else when nobody reads any more. */
int swebash_call_write(swebash_call* call, const char* text, size_t length);
int swebash_call_write_error(swebash_call* call, const char* text, size_t length);

#ifdef __cplusplus
}
#endif

#endif
