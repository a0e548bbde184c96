#include "tests/tools/pkits.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/support/support.h"

namespace hutong::test {
namespace {

x509::PolicySet policies(const nlohmann::json& list) {
  x509::PolicySet set;
  for (const auto& text : list) {
    auto oid = asn1::Oid::parse(text.get<std::string>());
    if (!oid) {
      throw std::runtime_error("pkits.json: " + text.get<std::string>());
    }
    set.insert(*oid);
  }
  return set;
}

std::map<std::string, Bytes> read_folder(const std::filesystem::path& folder) {
  std::map<std::string, Bytes> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().stem().string()] = read(entry.path());
  }
  return files;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const PkitsCase& test) {
  return out << test.number << " " << test.title;
}

std::vector<PkitsCase> load_pkits_cases() {
  if (!has_corpus()) {
    return {};
  }
  std::ifstream in(corpus_path("pkits/pkits.json"));
  std::vector<PkitsCase> cases;
  for (const auto& entry : nlohmann::json::parse(in)) {
    PkitsCase test;
    test.number = entry.at("test");
    test.title = entry.at("title");
    test.certificates = entry.at("certificates").get<std::vector<std::string>>();
    test.crls = entry.at("crls").get<std::vector<std::string>>();
    test.initial_policies = policies(entry.at("initial_policy_set"));
    test.explicit_policy = entry.at("initial_explicit_policy");
    test.mapping_inhibited = entry.at("initial_policy_mapping_inhibit");
    test.any_policy_inhibited = entry.at("initial_inhibit_any_policy");
    test.user_constrained = policies(entry.at("user_constrained_policy_set"));
    test.valid = entry.at("valid");
    cases.push_back(std::move(test));
  }
  return cases;
}

PkitsFiles load_pkits_files() {
  return {read_folder(corpus_path("pkits/certs")), read_folder(corpus_path("pkits/crls"))};
}

}  // namespace hutong::test
