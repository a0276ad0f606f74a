// SPDX-License-Identifier: Apache-2.0
// The smallest of the modules that `./sbh bench cache` loads: sorts lines, as a small tool would
// be.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

int main() {
  char line[4096];
  std::vector<char*> lines;
  while (std::fgets(line, sizeof line, stdin) != nullptr) lines.push_back(strdup(line));
  std::sort(lines.begin(), lines.end(),
            [](const char* one, const char* other) { return std::strcmp(one, other) < 0; });
  for (const char* each : lines) std::fputs(each, stdout);
}
