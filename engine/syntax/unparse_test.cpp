// SPDX-License-Identifier: Apache-2.0
//
// Functions as bash 5.2's `declare -f` prints them.
#include "engine/syntax/unparse.hpp"

#include <gtest/gtest.h>

#include "engine/syntax/parser.hpp"

namespace swebash::engine {
namespace {

class PlainHost final : public ParserHost {
 public:
  std::optional<std::string_view> find_alias(std::string_view) override { return std::nullopt; }
  bool extglob() override { return false; }
  bool posix() override { return false; }
  void warn(u32, std::string_view) override {}
};

struct PrintCase {
  std::string_view script;
  std::string_view printed;
};

class Unparse : public ::testing::TestWithParam<PrintCase> {};

TEST_P(Unparse, PrintsAFunctionAsBashDoes) {
  PlainHost host;
  const auto unit = parse_text(GetParam().script, host);
  ASSERT_TRUE(unit.has_value());
  const Command* command = (*unit)->list->items[0]->pipelines[0]->commands[0];
  ASSERT_EQ(command->kind, CommandKind::function_definition);
  const auto& function = static_cast<const FunctionCommand&>(*command);
  EXPECT_EQ(unparse_function(function.name, *function.body), GetParam().printed);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Functions, Unparse,
    ::testing::Values(
        PrintCase{R"~(f() { echo a; echo b; })~",
R"~(f () 
{ 
    echo a;
    echo b
})~"},
        PrintCase{R"~(f() { if a; then b; elif c; then d; else e; fi; })~",
R"~(f () 
{ 
    if a; then
        b;
    else
        if c; then
            d;
        else
            e;
        fi;
    fi
})~"},
        PrintCase{R"~(f() { while a; do b; c & done; until x; do y; done; })~",
R"~(f () 
{ 
    while a; do
        b;
        c &
    done;
    until x; do
        y;
    done
})~"},
        PrintCase{R"~(f() { for i in 1 2 3; do echo $i; done; for j; do :; done; select k in a b; do :; done; })~",
R"~(f () 
{ 
    for i in 1 2 3;
    do
        echo $i;
    done;
    for j in "$@";
    do
        :;
    done;
    select k in a b;
    do
        :;
    done
})~"},
        PrintCase{R"~(f() { for ((i=0; i<3; i++)); do echo; done; for ((;;)); do :; done; })~",
R"~(f () 
{ 
    for ((i=0; i<3; i++))
    do
        echo;
    done;
    for ((1; 1; 1))
    do
        :;
    done
})~"},
        PrintCase{R"~(f() { case $x in a|b) echo 1;; c) ;; *) echo 2;& (d) foo;;& esac; })~",
R"~(f () 
{ 
    case $x in 
        a | b)
            echo 1
        ;;
        c)

        ;;
        *)
            echo 2
        ;&
        d)
            foo
        ;;&
    esac
})~"},
        PrintCase{R"~(f() ( echo a; echo b ))~",
R"~(f () 
{ 
    ( echo a;
    echo b )
})~"},
        PrintCase{R"~(f() { { a; b; } > x; ( c; d ) 2>&1 | e; })~",
R"~(f () 
{ 
    { 
        a;
        b
    } > x;
    ( c;
    d ) 2>&1 | e
})~"},
        PrintCase{R"~(f() { a && b || c; ! d | e; time -p x; })~",
R"~(f () 
{ 
    a && b || c;
    ! d | e;
    time -p x
})~"},
        PrintCase{R"~(f() { [[ -f a && b == c || ! d =~ e ]]; ((x + 1)); [[ a ]]; })~",
R"~(f () 
{ 
    [[ -f a && b == c || ! d =~ e ]];
    ((x + 1));
    [[ -n a ]]
})~"},
        PrintCase{R"~(f() { cat <<E; echo b
hello $x
E
})~",
R"~(f () 
{ 
    cat <<E
hello $x
E

    echo b
})~"},
        PrintCase{R"~(f() { cat <<-'E' | wc
	hello
	E
echo z; })~",
R"~(f () 
{ 
    cat <<-'E' |
hello
E
  wc
    echo z
})~"},
        PrintCase{R"~(f() { a >x 2>>y <z >&2 2>&1 <&- >&- 3<>q {fd}>w <<<s &>t &>>v 2>|u 3>&4-; })~",
R"~(f () 
{ 
    a > x 2>> y < z 1>&2 2>&1 0>&- 1>&- 3<> q {fd}> w <<< s &> t &>> v 2>| u 3>&4-
})~"},
        PrintCase{R"~(f() { x=1 y=(1 2 [3]=4) z+=q a[1]=2 cmd; })~",
R"~(f () 
{ 
    x=1 y=(1 2 [3]=4) z+=q a[1]=2 cmd
})~"},
        PrintCase{R"~(f() { g() { echo; }; a |& b; })~",
R"~(f () 
{ 
    function g () 
    { 
        echo
    };
    a 2>&1 | b
})~"},
        PrintCase{R"~(f() { a; } > out 2>&1)~",
R"~(f () 
{ 
    a
} > out 2>&1)~"},
        PrintCase{R"~(function f { coproc N { a; }; coproc cat; })~",
R"~(f () 
{ 
    coproc N { 
        a
    };
    coproc COPROC cat
})~"},
        PrintCase{R"~(f() { a & b; c & })~",
R"~(f () 
{ 
    a & b;
    c &
})~"},
        PrintCase{R"~(f() if a; then b; fi > x)~",
R"~(f () 
{ 
    if a; then
        b;
    fi > x
})~"},
        PrintCase{R"~(f() { cat <<A && cat <<B
a
A
b
B
})~",
R"~(f () 
{ 
    cat <<A && 
a
A
 cat <<B
b
B

})~"},
        PrintCase{R"~(f() { if { a; b; }; then (c); fi; while read x; do y; done < z; })~",
R"~(f () 
{ 
    if { 
        a;
        b
    }; then
        ( c );
    fi;
    while read x; do
        y;
    done < z
})~"},
        PrintCase{R"~(f() { case x in esac; })~",
R"~(f () 
{ 
    case x in 
    esac
})~"},
        PrintCase{R"~(f() { x=$(echo   hi;ls
 pwd); z=`a;b`; cat <(a;b) ${x:-$(a;b)}; })~",
R"~(f () 
{ 
    x=$(echo hi; ls
pwd);
    z=`a;b`;
    cat <(a; b) ${x:-$(a; b)}
})~"},
        PrintCase{R"~(f() { h=$(for i in 1 2;do echo $i;done); w=$(<f); s=$(if a;then b;fi); })~",
R"~(f () 
{ 
    h=$(for i in 1 2;
do
    echo $i;
done);
    w=$(< f);
    s=$(if a; then
    b;
fi)
})~"},
        PrintCase{R"~(f() { echo "a$( (a;b) )" $((1+$(a  b))) ${y[$(a  b)]} >$(x  y); })~",
R"~(f () 
{ 
    echo "a$( ( a; b ))" $((1+$(a b))) ${y[$(a b)]} > $(x y)
})~"},
        PrintCase{R"~(f() { r=$(g() { a; }); o=$(case x in a) b;; esac); t=$(a|b&); })~",
R"~(f () 
{ 
    r=$(function g () 
{ 
    a
});
    o=$(case x in 
    a)
        b
    ;;
esac);
    t=$(a | b &)
})~"}));
// clang-format on

}  // namespace
}  // namespace swebash::engine
