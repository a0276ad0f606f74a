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
/* Ends it. */
void swebash_session_free(swebash_session* session);

typedef struct swebash_run_options {
  const char* input; /* standard input; may be null */
  size_t input_length;
  uint64_t timeout_ns; /* 0: no end */
  size_t output_limit; /* 0: as many bytes as by default */
} swebash_run_options;

/* Runs `length` bytes of script; `options` may be null. Never null. */
swebash_result* swebash_session_run(swebash_session* session, const char* script, size_t length,
                                    const swebash_run_options* options);
void swebash_session_interrupt(swebash_session* session);
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

/* A command of the embedding program; its status. `data` is what was given with it. */
typedef int (*swebash_command)(swebash_call* call, void* data);
int swebash_session_add_command(swebash_session* session, const char* name,
                                swebash_command function, void* data);
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
