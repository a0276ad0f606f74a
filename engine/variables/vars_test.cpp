// SPDX-License-Identifier: Apache-2.0
#include "engine/variables/vars.hpp"

#include <gtest/gtest.h>

namespace swebash::engine {
namespace {

std::string value(Variables& variables, std::string_view name) {
  const std::string* text = variables.get(name);
  return text == nullptr ? "(unset)" : *text;
}

TEST(Variables, LocalShadowsUntilItsScopeCloses) {
  Variables variables;
  ASSERT_TRUE(variables.assign("x", "global"));
  variables.push_scope(ScopeKind::function);
  ASSERT_TRUE(variables.declare("x", Placement::local));
  EXPECT_EQ(value(variables, "x"), "(unset)");
  ASSERT_TRUE(variables.assign("x", "local"));
  variables.push_scope(ScopeKind::function);
  EXPECT_EQ(value(variables, "x"), "local");
  ASSERT_TRUE(variables.assign("x", "changed by the callee"));
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "changed by the callee");
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "global");
}

TEST(Variables, UnsetOfALocalLeavesItLocal) {
  Variables variables;
  ASSERT_TRUE(variables.assign("x", "global"));
  variables.push_scope(ScopeKind::function);
  ASSERT_TRUE(variables.declare("x", Placement::local));
  ASSERT_TRUE(variables.assign("x", "local"));
  ASSERT_TRUE(variables.unset("x"));
  EXPECT_EQ(value(variables, "x"), "(unset)");
  ASSERT_TRUE(variables.assign("x", "again"));
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "global");
}

TEST(Variables, UnsetOfACallersLocalUncoversTheGlobal) {
  Variables variables;
  ASSERT_TRUE(variables.assign("x", "global"));
  variables.push_scope(ScopeKind::function);
  ASSERT_TRUE(variables.declare("x", Placement::local));
  variables.push_scope(ScopeKind::function);
  ASSERT_TRUE(variables.unset("x"));
  EXPECT_EQ(value(variables, "x"), "global");
  variables.pop_scope();
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "global");
}

TEST(Variables, LocalTakesOverWhatTheCallsEnvironmentGave) {
  Variables variables;
  variables.push_scope(ScopeKind::temporary);
  ASSERT_TRUE(variables.assign_temporary("x", "1"));
  variables.push_scope(ScopeKind::function);
  ASSERT_TRUE(variables.declare("x", Placement::local));
  EXPECT_EQ(value(variables, "x"), "1");
  variables.pop_scope();
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "(unset)");
}

TEST(Variables, LocalOfATemporaryScopesCommandBelongsToTheFunction) {
  Variables variables;
  variables.push_scope(ScopeKind::function);
  variables.push_scope(ScopeKind::temporary);
  ASSERT_TRUE(variables.assign_temporary("y", "t"));
  ASSERT_TRUE(variables.declare("x", Placement::local));
  ASSERT_TRUE(variables.assign("x", "1"));
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "1");
  EXPECT_EQ(value(variables, "y"), "(unset)");
  variables.pop_scope();
  EXPECT_EQ(value(variables, "x"), "(unset)");
}

TEST(Variables, GlobalReadonlyIsNeitherSetNorUnsetNorShadowed) {
  Variables variables;
  ASSERT_TRUE(variables.assign("r", "1"));
  ASSERT_TRUE(variables.set_attributes(*variables.find("r"), kReadonly, 0));
  EXPECT_EQ(variables.assign("r", "2").error().message, "r: readonly variable");
  Name* known = nullptr;
  EXPECT_EQ(variables.assign_number("r", known, 2).error().message, "r: readonly variable");
  EXPECT_EQ(variables.unset("r").error().message, "r: cannot unset: readonly variable");
  variables.push_scope(ScopeKind::function);
  EXPECT_EQ(variables.declare("r", Placement::local).error().message, "r: readonly variable");
  variables.pop_scope();
  EXPECT_EQ(value(variables, "r"), "1");
}

TEST(Variables, EnvironmentFollowsExportedVariables) {
  Variables variables;
  ASSERT_TRUE(variables.assign("a", "1"));
  EXPECT_EQ(variables.environment().count, 0U);
  ASSERT_TRUE(variables.set_attributes(*variables.find("a"), kExported, 0));
  EXPECT_EQ(variables.environment().bytes, std::string("a=1\0", 4));
  ASSERT_TRUE(variables.assign("a", "2"));
  EXPECT_EQ(variables.environment().bytes, std::string("a=2\0", 4));
  variables.push_scope(ScopeKind::temporary);
  ASSERT_TRUE(variables.assign_temporary("a", "3"));
  EXPECT_EQ(variables.environment().bytes, std::string("a=3\0", 4));
  variables.pop_scope();
  EXPECT_EQ(variables.environment().bytes, std::string("a=2\0", 4));
  ASSERT_TRUE(variables.unset("a"));
  EXPECT_EQ(variables.environment().count, 0U);
}

TEST(Variables, NumbersReadBackAsText) {
  Variables variables;
  Name* known = nullptr;
  ASSERT_TRUE(variables.assign_number("i", known, -42));
  EXPECT_EQ(value(variables, "i"), "-42");
  ASSERT_TRUE(variables.assign("i", "7", AssignMode::append));
  EXPECT_EQ(value(variables, "i"), "-427");
  EXPECT_EQ(variables.find("i")->number(), -427);
  ASSERT_TRUE(variables.assign("i", "010"));
  EXPECT_EQ(variables.find("i")->number(), std::nullopt);
}

TEST(Variables, NamerefsLeadToTheirTargetAndLoopsAreFound) {
  Variables variables;
  Variable* r = *variables.declare("r", Placement::visible);
  r->put_text("x");
  ASSERT_TRUE(variables.set_attributes(*r, kNameref, 0));
  ASSERT_TRUE(variables.assign("r", "5"));
  EXPECT_EQ(value(variables, "x"), "5");
  EXPECT_EQ(value(variables, "r"), "5");
  Variable* x = variables.find("x");
  x->put_text("r");
  ASSERT_TRUE(variables.set_attributes(*x, kNameref, 0));
  EXPECT_EQ(variables.find("r"), nullptr);
  EXPECT_EQ(variables.resolve("r").error().message, "warning: r: circular name reference");
}

TEST(Variables, HooksRefreshTakeAndTell) {
  struct Seen {
    int reads = 0;
    std::string assigned;
    int changes = 0;
  } seen;
  Variables variables;
  VariableHooks hooks;
  hooks.context = &seen;
  hooks.refresh = [](void* context, Variable& variable) {
    variable.put_number(++static_cast<Seen*>(context)->reads);
  };
  hooks.assign = [](void* context, Variable&, std::string_view text) {
    static_cast<Seen*>(context)->assigned = text;
    return true;
  };
  hooks.changed = [](void* context, std::string_view, const Variable*) {
    ++static_cast<Seen*>(context)->changes;
  };
  variables.set_hooks("RANDOM", hooks);
  EXPECT_EQ(value(variables, "RANDOM"), "1");
  EXPECT_EQ(value(variables, "RANDOM"), "2");
  ASSERT_TRUE(variables.assign("RANDOM", "9"));
  EXPECT_EQ(seen.assigned, "9");
  EXPECT_EQ(seen.changes, 1);
  ASSERT_TRUE(variables.unset("RANDOM"));
  ASSERT_TRUE(variables.assign("RANDOM", "plain"));
  EXPECT_EQ(value(variables, "RANDOM"), "plain");
}

TEST(Variables, DeclarationReadsAsBashPrintsIt) {
  Variables variables;
  Variable& a = **variables.declare("a", Placement::visible);
  ASSERT_TRUE(variables.assign_element(a, i64{3}, "x \"y\""));
  ASSERT_TRUE(variables.set_attributes(a, kExported | kReadonly, 0));
  EXPECT_EQ(Variables::declaration(a), "declare -arx a=([3]=\"x \\\"y\\\"\")");
  Variable& u = **variables.declare("u", Placement::visible);
  EXPECT_EQ(Variables::declaration(u), "declare -- u");
}

}  // namespace
}  // namespace swebash::engine
