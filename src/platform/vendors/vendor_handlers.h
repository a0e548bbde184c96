#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "net/json_body.h"
#include "net/router.h"
#include "operators/guard.h"
#include "platform/vendors/vendor_desk.h"

/// The endpoints tagged "vendors" of docs/openapi.json.
namespace hutong::platform {

/// GET /api/v1/vendors
class ListVendors {
 public:
  using Input = VendorFilter;
  struct Output {
    std::vector<Vendor> items;
    std::string next;
  };
  explicit ListVendors(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(Input input, const operators::Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// GET /api/v1/vendors/{id}
class ShowVendor {
 public:
  using Input = std::string;
  using Output = VendorDesk::Dossier;
  explicit ShowVendor(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request) { return request.parameters.at("id"); }
  Result<Output> process(const Input& id, const operators::Authorized& /*by*/) const {
    return desk_->dossier(id);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// POST /api/v1/vendors
class EnterVendor {
 public:
  using Input = VendorContent;
  using Output = Vendor;
  explicit EnterVendor(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->enter(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// PUT /api/v1/vendors/{id}
class ChangeVendor {
 public:
  using Input = WantedChange;
  using Output = Vendor;
  explicit ChangeVendor(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->change(by, input.vendor, input.version, input.content);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// POST /api/v1/vendors/{id}/documents
class AddVendorDocument {
 public:
  static constexpr std::size_t kMostBody = std::size_t{12} << 20;  ///< 8 MiB in base64 and the rest
  using Input = NewDocument;
  using Output = VendorDocument;
  explicit AddVendorDocument(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->add_document(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// GET /api/v1/vendors/{id}/documents/{document}: the octets, never shown in the page of this origin.
class ShowVendorDocument {
 public:
  struct Input {
    std::string vendor;
    std::string document;
  };
  using Output = VendorRepository::StoredDocument;
  explicit ShowVendorDocument(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& /*by*/) const {
    return desk_->document(input.vendor, input.document);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// POST /api/v1/vendors/{id}/steps
class TakeVendorStep {
 public:
  using Input = WantedStep;
  using Output = VendorStep;
  explicit TakeVendorStep(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->step(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// POST /api/v1/vendors/{id}/changes
class ProposeVendorChange {
 public:
  using Input = WantedChange;
  using Output = VendorStep;
  explicit ProposeVendorChange(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->propose_change(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// POST /api/v1/vendor-steps/{id}/decision
class DecideVendorStep {
 public:
  using Input = ProposalDecision;
  using Output = VendorStep;
  explicit DecideVendorStep(const VendorDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const net::Request& request) { return read_proposal_decision(request); }
  Result<Output> process(const Input& input, const operators::Authorized& by) const {
    return desk_->decide(by, input);
  }
  static net::Response render(const Output& output);

 private:
  const VendorDesk* desk_;
};

/// Adds all of them behind the guard. Desk and guard must outlive the router.
void add_vendor_routes(net::Router& router, const VendorDesk& desk, const operators::Guard& guard);

}  // namespace hutong::platform
