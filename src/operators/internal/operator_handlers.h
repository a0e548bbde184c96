#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "net/http.h"
#include "operators/authorized.h"
#include "operators/operator_repository.h"
#include "operators/registry.h"

namespace hutong::operators {

/// One operator to show.
struct ShownOperator {
  Operator one;
  const RightsCatalogue* catalogue;
};
net::Response render_operator(const ShownOperator& shown, int status = 200);

/// GET /api/v1/rights
class ListRights {
 public:
  struct Input {};
  using Output = const RightsCatalogue*;
  explicit ListRights(const RightsCatalogue& catalogue) : catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const RightsCatalogue* catalogue_;
};

/// GET /api/v1/operators
class ListOperators {
 public:
  using Input = OperatorFilter;
  struct Output {
    std::vector<Operator> items;
    std::string next;
    const RightsCatalogue* catalogue;
  };
  ListOperators(const storage::Database& database, const RightsCatalogue& catalogue)
      : database_(&database), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const storage::Database* database_;
  const RightsCatalogue* catalogue_;
};

/// GET /api/v1/operators/{id}
class ShowOperator {
 public:
  struct Input {
    std::string id;
  };
  using Output = ShownOperator;
  ShowOperator(const storage::Database& database, const RightsCatalogue& catalogue)
      : database_(&database), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output) { return render_operator(output); }

 private:
  const storage::Database* database_;
  const RightsCatalogue* catalogue_;
};

/// POST /api/v1/operators
class AddOperator {
 public:
  using Input = NewOperator;
  using Output = ShownOperator;
  AddOperator(const Registry& registry, const RightsCatalogue& catalogue)
      : registry_(&registry), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const Registry* registry_;
  const RightsCatalogue* catalogue_;
};

/// PUT /api/v1/operators/{id}
class ChangeOperator {
 public:
  using Input = OperatorChange;
  using Output = ShownOperator;
  ChangeOperator(const Registry& registry, const RightsCatalogue& catalogue)
      : registry_(&registry), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output) { return render_operator(output); }

 private:
  const Registry* registry_;
  const RightsCatalogue* catalogue_;
};

/// POST /api/v1/operators/{id}/certificate
class ReplaceCertificate {
 public:
  struct Input {
    std::string id;
    std::int64_t version = 0;
    x509::Certificate certificate;
  };
  using Output = ShownOperator;
  ReplaceCertificate(const Registry& registry, const RightsCatalogue& catalogue)
      : registry_(&registry), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output) { return render_operator(output); }

 private:
  const Registry* registry_;
  const RightsCatalogue* catalogue_;
};

/// POST /api/v1/operators/{id}/retirement
class RetireOperator {
 public:
  struct Input {
    std::string id;
    std::int64_t version = 0;
  };
  using Output = ShownOperator;
  RetireOperator(const Registry& registry, const RightsCatalogue& catalogue)
      : registry_(&registry), catalogue_(&catalogue) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output) { return render_operator(output); }

 private:
  const Registry* registry_;
  const RightsCatalogue* catalogue_;
};

}  // namespace hutong::operators
