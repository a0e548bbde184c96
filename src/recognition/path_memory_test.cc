#include "recognition/path_memory.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "demonstration/examples.h"
#include "demonstration/region.h"
#include "recognition/internal/test_time.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::recognition {
namespace {

using test::kNow;

PathMemory::Question question_of(std::uint8_t number) {
  PathMemory::Question question{.at = kNow};
  question.leaf.fill(number);
  return question;
}

TEST(PathMemory, TheOldestAnswerMakesRoom) {
  PathMemory memory(2);
  for (const auto number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    EXPECT_EQ(memory.find(question_of(number)), nullptr);
    memory.add(question_of(number), {});
  }
  EXPECT_EQ(memory.size(), 2U);
  EXPECT_EQ(memory.find(question_of(1)), nullptr);
  EXPECT_NE(memory.find(question_of(3)), nullptr);
}

TEST(PathMemory, EveryPartOfTheQuestionCounts) {
  PathMemory memory;
  memory.add(question_of(1), {});
  auto other = question_of(1);
  other.at += std::chrono::seconds(1);
  EXPECT_EQ(memory.find(other), nullptr);
  other = question_of(1);
  other.revocation = x509::RevocationMode::kRequire;
  EXPECT_EQ(memory.find(other), nullptr);
}

/// The demonstration region, asked with and without a memory.
class Remembering : public testing::Test {
 protected:
  Remembering() {
    std::vector<x509::Crl> crls;
    for (const auto& [name, der] : region_.lists) {
      crls.push_back(*x509::Crl::parse(ByteView(der)));
    }
    revocation_ = RevocationData(std::move(crls), {});
  }
  RecognitionReport ask(const Question& question, PathMemory* paths) {
    return judge(question,
                 {.list = &list_, .now = kNow, .revocation = &revocation_, .cache = &cache_, .paths = paths});
  }
  static Question question_about(const demonstration::Example& example) {
    Question question{.file = example.content, .file_name = example.name, .at = kNow};
    if (!example.detached_name.empty()) {
      question.content = example.detached;
    }
    return question;
  }

  const demonstration::Region region_ = *demonstration::make_region(kNow);
  const std::vector<demonstration::Example> examples_ = *demonstration::make_examples(region_);
  const LoadedTrustList list_ =
      load_trust_list(*demonstration::make_trust_list(region_, {}), region_.list_signer.certificate, kNow);
  RevocationData revocation_;
  x509::SignatureCache cache_;
  PathMemory paths_;
};

TEST_F(Remembering, ChangesNoAnswer) {
  for (const auto& example : examples_) {
    const Question question = question_about(example);
    const auto plain = ask(question, nullptr);
    for (int round = 0; round < 2; ++round) {
      const auto remembered = ask(question, &paths_);
      EXPECT_EQ(to_json(remembered), to_json(plain)) << example.name;
      EXPECT_EQ(remembered.considered.size(), plain.considered.size()) << example.name;
    }
  }
  EXPECT_GE(paths_.size(), 4U) << "something was remembered";
}

TEST_F(Remembering, WhatComesAlongIsLookedAtEachTime) {
  const auto list_of_others =
      region_.outsider.list({}, 1, {kNow - demonstration::kDay, kNow + demonstration::kDay}).value();
  Question question{.file = region_.supplier.certificate.der(), .at = kNow};
  question.chain = {list_of_others.view()};
  ask(question, &paths_);
  EXPECT_EQ(paths_.size(), 0U);
  question.chain.clear();
  ask(question, &paths_);
  EXPECT_EQ(paths_.size(), 1U);
}

}  // namespace
}  // namespace hutong::recognition
