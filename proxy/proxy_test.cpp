// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstring>

#include "proxy/host_list.hpp"
#include "proxy/request.hpp"

namespace swebash::proxy {
namespace {

TEST(HostList, AllowsWhatIsNamed) {
  const HostList hosts({"Example.org:443", "*.example.com", "10.1.2.3", "[::1]:80", "2001:db8::1"});
  const struct {
    const char* host;
    u16 port;
    bool allowed;
  } cases[] = {
      {"example.org", 443, true},
      {"EXAMPLE.org.", 443, true},
      {"example.org", 80, false},
      {"www.example.org", 443, false},
      {"example.org.evil.net", 443, false},
      {"notexample.org", 443, false},
      {"static.example.com", 1, true},
      {"a.b.example.com", 1, true},
      {"example.com", 1, false},
      {"xexample.com", 1, false},
      {"10.1.2.3", 9, true},
      {"10.1.2.4", 9, false},
      {"::1", 80, true},
      {"0:0:0:0:0:0:0:1", 80, true},
      {"::1", 81, false},
      {"::ffff:10.1.2.3", 9, false},
      {"2001:db8::1", 7, true},
      {"", 443, false},
      {"exa mple.org", 443, false},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(hosts.allows({one.host, one.port}), one.allowed) << one.host << ":" << one.port;
  }
}

TEST(HostList, TakesNoOtherWayToWriteAnAddress) {
  for (const char* host : {"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "a.0x7f", "1.2.3.4.5",
                           "*", "[::1]", "a/b", "user@host"}) {
    EXPECT_EQ(host_key(host), "") << host;
  }
  EXPECT_EQ(host_key(std::string_view("a\0b", 3)), "");
  EXPECT_EQ(host_key("A_b-C.d."), "a_b-c.d");
  EXPECT_EQ(host_key(std::string(254, 'a')), "");
}

bool stands_for(const char* host, const char* address) {
  sockaddr_storage storage = {};
  auto* four = reinterpret_cast<sockaddr_in*>(&storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    storage.ss_family = AF_INET;
  } else {
    ::inet_pton(AF_INET6, address, &six->sin6_addr);
    storage.ss_family = AF_INET6;
  }
  sockaddr plain;
  std::memcpy(&plain, &storage, sizeof(plain));
  return may_stand_for(host, *reinterpret_cast<const sockaddr*>(&storage));
}

TEST(HostList, ANameDoesNotLeadToTheMachineItself) {
  for (const char* address : {"127.0.0.1",
                              "127.9.9.9",
                              "0.0.0.0",
                              "169.254.169.254",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::127.0.0.1",
                              "::ffff:0:127.0.0.1",
                              "64:ff9b::169.254.169.254",
                              "2002:7f00:1::",
                              "100.100.100.200",
                              "168.63.129.16",
                              "fd00:ec2::254",
                              "64:ff9b::100.100.100.200"}) {
    EXPECT_FALSE(stands_for("evil.org", address)) << address;
    EXPECT_TRUE(stands_for("localhost", address)) << address;
  }
  for (const char* address : {"93.184.216.34", "198.51.100.7", "2001:db8::1",
                              "2002:808:808::", "64:ff9b::8.8.8.8", "fd12::1"}) {
    EXPECT_TRUE(stands_for("good.org", address)) << address;
  }
}

TEST(HostList, ANameDoesNotLeadToAnAddressOfTheMachine) {
  ifaddrs* all = nullptr;
  ASSERT_EQ(::getifaddrs(&all), 0);
  usize seen = 0;
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    ++seen;
    EXPECT_FALSE(may_stand_for("evil.org", *one->ifa_addr)) << one->ifa_name;
    EXPECT_TRUE(may_stand_for("localhost", *one->ifa_addr)) << one->ifa_name;
  }
  ::freeifaddrs(all);
  if (seen < 2) GTEST_SKIP() << "there is no address but that of the loopback";
}

TEST(Request, OfHttp) {
  const auto tunnel = parse_http("CONNECT a.b:443 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(tunnel.has_value());
  EXPECT_TRUE(tunnel->tunnel);
  EXPECT_EQ(tunnel->target.host, "a.b");
  EXPECT_EQ(tunnel->target.port, 443);
  const auto get = parse_http(
      "GET http://a.b/x?y HTTP/1.1\r\nHost: other\r\nproxy-authorization: z\r\nA: 1\r\n"
      "Connection: keep-alive\r\n\r\n");
  ASSERT_TRUE(get.has_value());
  EXPECT_EQ(get->target.port, 80);
  EXPECT_EQ(get->forward, "GET /x?y HTTP/1.1\r\nHost: a.b\r\nA: 1\r\nConnection: close\r\n\r\n");
  const auto bare = parse_http("GET http://[::1]:8080?q HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->target.host, "::1");
  EXPECT_EQ(bare->target.port, 8080);
  EXPECT_TRUE(bare->forward.starts_with("GET /?q HTTP/1.0\r\nHost: [::1]:8080\r\n"));
  for (const char* wrong : {"",
                            "\r\n\r\n",
                            "GET / HTTP/1.1\r\n\r\n",
                            "GET https://a/ HTTP/1.1\r\n\r\n",
                            "CONNECT a HTTP/1.1\r\n\r\n",
                            "CONNECT a:0 HTTP/1.1\r\n\r\n",
                            "CONNECT a:65536 HTTP/1.1\r\n\r\n",
                            "CONNECT a:1x HTTP/1.1\r\n\r\n",
                            "CONNECT [::1:443 HTTP/1.1\r\n\r\n",
                            "GET http://u@a/ HTTP/1.1\r\n\r\n",
                            "GET http:///x HTTP/1.1\r\n\r\n",
                            "GET http://a/",
                            "CONNECT a:1 HTTP/2\r\n\r\n",
                            "PRI * HTTP/2.0\r\n\r\n",
                            "GET http://a/ x HTTP/1.1\r\n\r\n",
                            "GET http://a/\nHost:b HTTP/1.1\r\n\r\n",
                            "GET http://a/ HTTP/1.1\nHost: b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\nA: 1\nHost: b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\nA: 1\rHost: b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\n b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\nHost : b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\nHost\t: b\r\n\r\n",
                            "GET http://a/ HTTP/1.1\r\nb\r\n\r\n",
                            "GET http://a/ HTTP/1.10\r\n\r\n"}) {
    EXPECT_FALSE(parse_http(wrong).has_value()) << wrong;
  }
}

TEST(Request, OfSocks) {
  using namespace std::string_view_literals;
  const auto name =
      "\x05\x01\x00\x03\x03"
      "a.b\x01\xbb"sv;
  EXPECT_EQ(socks_length(name), name.size());
  EXPECT_EQ(socks_length(name.substr(0, 4)), 0u);
  const auto target = parse_socks(name);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->host, "a.b");
  EXPECT_EQ(target->port, 443);
  // Resolvers take a name with a dot at its end for another than the address it looks like.
  EXPECT_EQ(parse_socks("\x05\x01\x00\x03\x08"
                        "1.2.3.4.\x01\xbb"sv)
                ->host,
            "1.2.3.4");
  EXPECT_EQ(parse_http("CONNECT LocalHost.:443 HTTP/1.1\r\n\r\n")->target.host, "localhost");
  EXPECT_EQ(parse_socks("\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50"sv)->host, "127.0.0.1");
  const auto six = "\x05\x01\x00\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50"sv;
  EXPECT_EQ(parse_socks(six)->host, "::1");
  EXPECT_FALSE(parse_socks("\x05\x01\x00\x03\x03"
                           "a\0b\x01\xbb"sv)
                   .has_value());
  EXPECT_FALSE(parse_socks("\x05\x01\x00\x09\x00"sv).has_value());
  EXPECT_FALSE(parse_socks("\x05\x01\x00\x03\x00\x01\xbb"sv).has_value());
  EXPECT_TRUE(offers_no_name("\x02\x00"sv));
  EXPECT_FALSE(offers_no_name("\x02"sv));
}

}  // namespace
}  // namespace swebash::proxy
