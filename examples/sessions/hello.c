/* SPDX-License-Identifier: Apache-2.0
 *
 * A shell in a program of C: a session, state that lasts, a file, a command of the program's own.
 */
#include <stdio.h>
#include <string.h>

#include "swebash/swebash.h"

static int lines(swebash_call* call, void* data) {
  (void)data;
  char text[100];
  ptrdiff_t count;
  int found = 0;
  while ((count = swebash_call_read(call, text, sizeof text)) > 0) {
    for (ptrdiff_t i = 0; i < count; ++i) found += text[i] == '\n';
  }
  const int length = snprintf(text, sizeof text, "%d lines\n", found);
  return swebash_call_write(call, text, (size_t)length);
}

static int run(swebash_session* session, const char* script) {
  swebash_result* result = swebash_session_run(session, script, strlen(script), NULL);
  const int status = swebash_result_status(result);
  fputs(swebash_result_output(result, NULL), stdout);
  swebash_result_free(result);
  return status;
}

int main(void) {
  swebash_runtime* runtime = swebash_runtime_new(SWEBASH_ENGINE_DIRECTORY);
  swebash_session* session = runtime != NULL ? swebash_session_open(runtime) : NULL;
  if (session == NULL) {
    fprintf(stderr, "%s\n", swebash_last_error());
    return 1;
  }
  run(session, "cd /tmp; x=hello");
  run(session, "echo $x from $PWD");
  swebash_session_write_file(session, "list", "one\ntwo\nthree\n", 14);
  swebash_session_add_command(session, "lines", lines, NULL);
  const int status = run(session, "lines < list");
  swebash_session_free(session);
  swebash_runtime_free(runtime);
  return status;
}
