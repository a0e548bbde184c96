#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "net/json_body.h"
#include "net/router.h"
#include "operators/guard.h"
#include "platform/trust/trust_desk.h"

/// The endpoints tagged "trust" of docs/openapi.json that need a database.
namespace hutong::platform {

/// GET /api/v1/trust-list-draft
class ShowTrustDraft {
 public:
  using Input = std::monostate;
  using Output = TrustDesk::Draft;
  explicit ShowTrustDraft(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& /*request*/) { return Input{}; }
  Result<Output> process(const Input& /*input*/, const operators::Authorized& /*by*/) const {
    return desk_->draft();
  }
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// GET /api/v1/trust-list-releases
class ListTrustReleases {
 public:
  using Input = net::PageRequest;
  struct Output {
    std::vector<TrustRelease> items;
    std::string next;
  };
  explicit ListTrustReleases(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request) { return net::page_request(request); }
  Result<Output> process(const Input& input, const operators::Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// POST /api/v1/trust-list-releases
class ProposeTrustList {
 public:
  using Input = WantedRelease;
  using Output = TrustRelease;
  explicit ProposeTrustList(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->propose(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// POST /api/v1/trust-list-releases/{id}/decision
class DecideTrustList {
 public:
  using Input = ProposalDecision;
  using Output = TrustRelease;
  explicit DecideTrustList(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request) { return read_proposal_decision(request); }
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->decide(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// GET /api/v1/trust-lists
class ListTrustLists {
 public:
  struct Input {
    std::int64_t before = 0;
    std::size_t limit = 50;
  };
  struct Output {
    std::vector<PublishedList> items;
    std::string next;
  };
  explicit ListTrustLists(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// GET /api/v1/trust-lists/{number}/{form}
class ShowTrustListFile {
 public:
  struct Input {
    std::optional<std::int64_t> number;  ///< nothing: the newest
    ListForm form = ListForm::kMessage;
  };
  struct Output {
    Bytes content;
    ListForm form = ListForm::kMessage;
    bool is_final = false;  ///< under its number a list never changes
  };
  explicit ShowTrustListFile(const TrustDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const TrustDesk* desk_;
};

/// Adds all of them. Desk and guard must outlive the router.
void add_trust_routes(net::Router& router, const TrustDesk& desk, const operators::Guard& guard);

}  // namespace hutong::platform
