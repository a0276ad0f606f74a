// SPDX-License-Identifier: Apache-2.0
//
// A workspace and an overlay over it that a test fills as a session would have. For tests.
#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "overlay/apply.hpp"

namespace swebash::overlay {

class OverlayTest : public testing::Test {
 protected:
  OverlayTest() {
    // Attributes of users are what a tmpfs may not have.
    char name[] = "/var/tmp/swebash-overlay.XXXXXX";
    root = std::filesystem::canonical(::mkdtemp(name)).string();
    std::filesystem::create_directories(root + "/w");
    std::filesystem::create_directories(root + "/out");
    write("out/secret", "secret");
  }
  ~OverlayTest() override { std::filesystem::remove_all(root); }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root + "/" + path).parent_path());
    std::ofstream(root + "/" + path) << text;
  }
  [[nodiscard]] std::string read(const std::string& path) const {
    std::ostringstream text;
    text << std::ifstream(root + "/" + path).rdbuf();
    return text.str();
  }
  [[nodiscard]] bool is_there(const std::string& path) const {
    return std::filesystem::symlink_status(root + "/" + path).type() !=
           std::filesystem::file_type::not_found;
  }
  void remove_by_session(const std::string& path) const {
    ASSERT_EQ(::mknod((root + "/kept/upper/" + path).c_str(), S_IFCHR, 0), 0);
  }
  void mark(const std::string& path, const char* name) const {
    const std::string attribute = std::string("user.overlay.") + name;
    ASSERT_EQ(::setxattr((root + "/" + path).c_str(), attribute.c_str(), "y", 1, 0), 0);
  }

  // From here on the workspace is what a session saw.
  void begin() {
    auto made = start_folder(root + "/w", root + "/kept", Lifetime::session);
    ASSERT_TRUE(made.has_value()) << made.error();
    folder = std::move(*made);
    wait_for_clock(folder.about);
  }
  Outcome apply_all(const std::vector<std::string>& wanted = {}) {
    const auto layers = open_layers(folder);
    EXPECT_TRUE(layers.has_value()) << layers.error();
    return apply(folder, *layers, wanted);
  }

  std::string root;
  Folder folder;
};

}  // namespace swebash::overlay
