// SPDX-License-Identifier: Apache-2.0
//
// std::string for engine.wasm: its functions as this module's own code, which the linker optimises
// with the rest and whose copies are short (bytes.cpp), not those of the library's archive. The
// library declares them all `extern template`; the members of it that are templates themselves are
// to be named.

#include <string>

template class std::basic_string<char>;
template std::string& std::string::__assign_no_alias<true>(const char*, size_type);
template std::string& std::string::__assign_no_alias<false>(const char*, size_type);
template std::string std::operator+(const char*, const std::string&);
