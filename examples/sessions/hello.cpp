// SPDX-License-Identifier: Apache-2.0
//
// A shell in a program of C++: a session, state that lasts, a file, a command of the program's own.
#include <algorithm>
#include <iostream>
#include <string>

#include "swebash/swebash.hpp"

int main() {
  auto runtime = swebash::Runtime::create();
  if (!runtime) {
    std::cerr << runtime.error().message << '\n';
    return 1;
  }
  auto session = runtime->open();
  if (!session) return 1;

  session->run("cd /tmp; x=hello");
  std::cout << session->run("echo $x from $PWD").output;

  session->write_file("list", "one\ntwo\nthree\n");
  session->add_command("lines", [](swebash::CommandCall& call) {
    const auto text = call.read_all();
    if (!text) return 1;
    call.write(std::to_string(std::ranges::count(*text, '\n')) + " lines\n");
    return 0;
  });
  const swebash::RunResult result = session->run("lines < list");
  std::cout << result.output;
  return result.status;
}
