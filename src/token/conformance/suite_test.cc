#include "token/conformance/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"
#include "token/software/provisioning.h"

namespace hutong::token::conformance {
namespace {

class Conformance : public testing::Test {
 protected:
  Conformance() {
    ::setenv("HUTONG_TOKEN_HOME", home_.file("").c_str(), 1);
    EXPECT_TRUE(software::create_device(home_.file(""), {.name = "trial", .label = ""}));
  }
  ConformanceReport run(const std::string& library, std::vector<std::string> only = {},
                        std::chrono::seconds longest = std::chrono::seconds(20)) const {
    SuiteOptions options;
    options.library = library;
    options.only = std::move(only);
    options.longest_check = longest;
    auto report = run_suite(options, Time{});
    EXPECT_TRUE(report) << report.error().detail;
    return *std::move(report);
  }
  ConformanceReport run_faulty(const std::string& name, std::vector<std::string> only) const {
    return run(HUTONG_FAULTY_LIBRARIES "/libfaulty_" + name + ".so", std::move(only));
  }
  hutong::test::Folder home_;
};

std::vector<std::string> failed(const ConformanceReport& report) {
  std::vector<std::string> ids;
  for (const CheckResult& check : report.checks) {
    if (check.verdict == Verdict::kFailed) {
      ids.emplace_back(check.id);
    }
  }
  return ids;
}

bool notes_say(const ConformanceReport& report, std::string_view id, std::string_view part) {
  const auto check = std::ranges::find(report.checks, id, &CheckResult::id);
  return check != report.checks.end() && std::ranges::any_of(check->notes, [&](const std::string& note) {
           return note.find(part) != std::string::npos;
         });
}

std::string all_notes(const ConformanceReport& report) {
  std::string text;
  for (const CheckResult& check : report.checks) {
    for (const std::string& note : check.notes) {
      text += std::string(check.id) + ": " + note + "\n";
    }
  }
  return text;
}

TEST_F(Conformance, TheSoftwareTokenPassesAll) {
  const auto report = run(HUTONG_SKF_LIBRARY);
  EXPECT_TRUE(report.passed()) << all_notes(report);
  EXPECT_EQ(report.count(Verdict::kUnsupported), 0U) << all_notes(report);
  EXPECT_GE(report.checks.size(), 37U);
  EXPECT_EQ(report.device, "trial");
  EXPECT_FALSE(home_.has("trial/applications/4855544f4e472d54455354")) << "the trial's application is left";
}

TEST_F(Conformance, ReportsAreReadByProgramsAndPeople) {
  const auto report = run_faulty("left_aligned", {"device.", "key.signature"});
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["failed"], report.count(Verdict::kFailed));
  EXPECT_EQ(json["checks"].size(), report.checks.size());
  EXPECT_EQ(json["library_sm3"].get<std::string>().size(), 64U);
  const std::string html = to_html(report);
  EXPECT_NE(html.find("不通过"), std::string::npos);
  EXPECT_NE(html.find("key.signature"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST_F(Conformance, LeftAlignedSignaturesAreFound) {
  const auto report = run_faulty("left_aligned", {"key.", "concurrency.threads"});
  EXPECT_TRUE(notes_say(report, "key.signature", "not right-aligned")) << all_notes(report);
  EXPECT_EQ(failed(report), (std::vector<std::string>{"key.signature", "concurrency.threads"}));
}

TEST_F(Conformance, FreeGuessesAreFound) {
  const auto report = run_faulty("tries", {"access."});
  EXPECT_TRUE(notes_say(report, "access.pin_counter", "does not count the wrong PIN")) << all_notes(report);
  EXPECT_TRUE(notes_say(report, "access.pin_lock", "after too many wrong ones")) << all_notes(report);
}

TEST_F(Conformance, AListWithoutEndIsFound) {
  const auto report = run_faulty("name_list", {"interface.", "container."});
  EXPECT_EQ(failed(report), (std::vector<std::string>{"interface.lists"}));
  EXPECT_TRUE(notes_say(report, "interface.lists", "SKF_EnumContainer: the list does not end with two NULs"));
}

TEST_F(Conformance, AnOverrunIsFound) {
  const auto report = run_faulty("overrun", {"interface.", "container."});
  EXPECT_EQ(failed(report), (std::vector<std::string>{"container.certificates"}));
  EXPECT_TRUE(notes_say(report, "container.certificates", "writes beyond a buffer"));
}

TEST_F(Conformance, AnUnpackedStructureIsFound) {
  const auto report = run_faulty("aligned_info", {"device."});
  EXPECT_TRUE(notes_say(report, "device.info_layout", "296 octets (aligned, not packed)"))
      << all_notes(report);
}

TEST_F(Conformance, ACrashIsFound) {
  const auto report = run_faulty("crash", {"device."});
  EXPECT_EQ(failed(report), (std::vector<std::string>{"device.null"}));
  EXPECT_TRUE(notes_say(report, "device.null", "crashes in SKF_GenRandom")) << all_notes(report);
}

TEST_F(Conformance, AHangIsFound) {
  const auto report =
      run(HUTONG_FAULTY_LIBRARIES "/libfaulty_hang.so", {"device.unknown"}, std::chrono::seconds(3));
  EXPECT_EQ(failed(report), (std::vector<std::string>{"device.unknown"}));
  EXPECT_TRUE(notes_say(report, "device.unknown", "hangs in SKF_ConnectDev")) << all_notes(report);
}

TEST_F(Conformance, WhatIsNoLibraryFailsByName) {
  const auto report = run(home_.write("no.so", as_bytes("no library")));
  EXPECT_EQ(report.count(Verdict::kPassed), 0U);
  EXPECT_TRUE(notes_say(report, "interface.functions", "no.so"));
  EXPECT_FALSE(run_suite({.library = home_.file("none.so")}, Time{}));
}

}  // namespace
}  // namespace hutong::token::conformance
