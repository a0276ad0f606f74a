# SPDX-License-Identifier: Apache-2.0
# The unit tests of the scripts here.
if(Python3_FOUND)
  add_test(NAME release_scripts COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/release_test.py)
  set_tests_properties(release_scripts PROPERTIES LABELS "quick;plain" TIMEOUT 120)
endif()
