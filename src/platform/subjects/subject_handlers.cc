#include <array>
#include <utility>

#include "net/json_body.h"
#include "platform/desk_input.h"
#include "platform/rights.h"
#include "platform/subjects/region.h"
#include "platform/subjects/subject_desk.h"
#include "recognition/mask.h"

namespace hutong::platform {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;

constexpr std::size_t kSubjectBody = std::size_t{16} << 10;
constexpr std::size_t kMostSubjectName = 200;

Json to_json(const Subject& subject) {
  Json roles = Json::array();
  for (const SubjectRole role : subject.roles) {
    roles.push_back(to_string(role));
  }
  const bool is_public = subject.number.kind == SubjectKind::kOrganisation;
  return {{"id", subject.id},
          {"kind", to_string(subject.number.kind)},
          {"number", is_public ? subject.number.number : recognition::mask(subject.number.number)},
          {"name", subject.name},
          {"roles", std::move(roles)},
          {"region", subject.region},
          {"created_at", to_rfc3339(subject.created_at)},
          {"changed_at", to_rfc3339(subject.changed_at)},
          {"version", subject.version}};
}

/// "kind" and "number".
Result<SubjectNumber> read_number(const JsonBody& body) {
  HUTONG_TRY(const std::string kind_name, body.text("kind"));
  const auto kind = subject_kind_from(kind_name);
  if (!kind) {
    return wrong_member("kind");
  }
  HUTONG_TRY(const std::string number, body.text("number"));
  return read_subject_number(*kind, number);
}

Result<SubjectContent> read_content(const JsonBody& body) {
  SubjectContent content;
  HUTONG_TRY(content.name, body.text("name"));
  if (!is_desk_text(content.name, kMostSubjectName)) {
    return wrong_member("name");
  }
  HUTONG_TRY(const auto region, body.optional_text("region"));
  content.region = region.value_or("");
  if (!content.region.empty() && find_region(content.region) == nullptr) {
    return wrong_member("region");
  }
  HUTONG_TRY(const auto roles, body.optional_texts("roles"));
  for (const std::string& name : roles.value_or(std::vector<std::string>())) {
    const auto role = subject_role_from(name);
    if (!role) {
      return wrong_member("roles");
    }
    content.roles.insert(*role);
  }
  return content;
}

/// GET /api/v1/subjects
class ListSubjects {
 public:
  using Input = SubjectFilter;
  struct Output {
    std::vector<Subject> items;
    std::string next;
  };
  explicit ListSubjects(const SubjectDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto page, net::page_request(request));
    Input input{.region = net::query_text(request, "region"),
                .name = net::query_text(request, "name"),
                .after = page.cursor,
                .limit = page.limit};
    if (!input.name.empty() && !is_desk_text(input.name, kMostSubjectName)) {
      return wrong_member("name");
    }
    if (const std::string kind = net::query_text(request, "kind"); !kind.empty()) {
      input.kind = subject_kind_from(kind);
      if (!input.kind) {
        return wrong_member("kind");
      }
    }
    return input;
  }
  Result<Output> process(Input input, const Authorized& by) const {
    const std::size_t limit = input.limit++;
    HUTONG_TRY(auto found, desk_->search(by, input));
    std::string next = net::cut_page(found, limit);
    return Output{.items = std::move(found), .next = std::move(next)};
  }
  static Response render(const Output& output) {
    return page_response(output.items, output.next, [](const Subject& one) { return to_json(one); });
  }

 private:
  const SubjectDesk* desk_;
};

/// POST /api/v1/subject-lookups: numbers belong into no address, which logs and browsers remember.
class LookUpSubject {
 public:
  using Input = SubjectNumber;
  using Output = std::optional<Subject>;
  explicit LookUpSubject(const SubjectDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"kind", "number"}));
    return read_number(body);
  }
  Result<Output> process(const Input& number, const Authorized& by) const {
    return desk_->look_up(by, number);
  }
  static Response render(const Output& output) {
    Json items = Json::array();
    if (output) {
      items.push_back(to_json(*output));
    }
    return net::json_response({{"items", std::move(items)}});
  }

 private:
  const SubjectDesk* desk_;
};

/// GET /api/v1/subjects/{id}
class ShowSubject {
 public:
  using Input = std::string;
  using Output = Subject;
  explicit ShowSubject(const SubjectDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) { return request.parameters.at("id"); }
  Result<Output> process(const Input& id, const Authorized& by) const { return desk_->find(by, id); }
  static Response render(const Output& output) { return net::json_response(to_json(output)); }

 private:
  const SubjectDesk* desk_;
};

/// POST /api/v1/subjects
class EnterSubject {
 public:
  using Input = NewSubject;
  using Output = Subject;
  explicit EnterSubject(const SubjectDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"kind", "number", "name", "roles", "region"}));
    Input input;
    HUTONG_TRY(input.number, read_number(body));
    HUTONG_TRY(input.content, read_content(body));
    return input;
  }
  Result<Output> process(const Input& input, const Authorized& by) const { return desk_->enter(by, input); }
  static Response render(const Output& output) { return net::json_response(to_json(output), 201); }

 private:
  const SubjectDesk* desk_;
};

/// PUT /api/v1/subjects/{id}
class ChangeSubject {
 public:
  using Input = SubjectChange;
  using Output = Subject;
  explicit ChangeSubject(const SubjectDesk& desk) : desk_(&desk) {}
  static Result<Input> parse(const Request& request) {
    HUTONG_TRY(const auto body, JsonBody::parse(request, {"version", "reason", "name", "roles", "region"}));
    Input input{.subject = request.parameters.at("id"), .reason = {}, .content = {}};
    HUTONG_TRY(input.version, body.integer("version"));
    HUTONG_TRY(input.reason, read_reason(body));
    HUTONG_TRY(input.content, read_content(body));
    return input;
  }
  Result<Output> process(const Input& input, const Authorized& by) const { return desk_->change(by, input); }
  static Response render(const Output& output) { return net::json_response(to_json(output)); }

 private:
  const SubjectDesk* desk_;
};

}  // namespace

void add_subject_routes(net::Router& router, const SubjectDesk& desk, const operators::Guard& guard) {
  router.add({.method = Method::kGet,
              .pattern = "/api/v1/regions",
              .weight = net::Weight::kLight,
              .handler = list_regions});
  add_guarded(router, Method::kGet, "/api/v1/subjects", 0, ListSubjects(desk), guard, kReadSubjects);
  add_guarded(router, Method::kPost, "/api/v1/subjects", kSubjectBody, EnterSubject(desk), guard,
              kManageSubjects);
  add_guarded(router, Method::kPost, "/api/v1/subject-lookups", kSubjectBody, LookUpSubject(desk), guard,
              kReadSubjects);
  add_guarded(router, Method::kGet, "/api/v1/subjects/{id}", 0, ShowSubject(desk), guard, kReadSubjects);
  add_guarded(router, Method::kPut, "/api/v1/subjects/{id}", kSubjectBody, ChangeSubject(desk), guard,
              kManageSubjects);
}

}  // namespace hutong::platform
