#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rewrite.sh FILE...: writes each file anew, in one write.
#
# The page cache keeps a file in the pieces it was written in: page by page by a linker or an
# installer, in large folios where one write brings all of it. A start maps those faster.
set -eu
for file do
  cp -p "$file" "$file.new"  # its mode and owner
  dd if="$file" of="$file.new" bs=64M status=none
  mv "$file.new" "$file"
done
