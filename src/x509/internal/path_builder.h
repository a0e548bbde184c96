#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "x509/internal/path_session.h"

namespace hutong::x509 {

/// What the search for paths does next.
enum class Visit : bool { kContinue, kStop };

/// Finds certification paths depth-first, from a certificate towards the trust anchors. First only over
/// issuers without an obvious defect and over signatures that verify; when that reaches no anchor, once more
/// over whatever bears the right name, so that a report can say what is wrong with the only path there is. A
/// path never holds the same name with the same key twice (RFC 4158 5.2). Belongs to one thread.
class PathBuilder {
 public:
  /// Called with every complete path.
  using Visitor = std::function<Visit(const Path&)>;
  enum class Defects : bool { kRefused, kAllowed };

  explicit PathBuilder(PathSession& session) : session_(&session) {}

  /// Only paths that end in this anchor (list issuers and their targets share it, RFC 5280 6.3.3 (f)).
  void set_anchor(std::size_t index) { only_anchor_ = index; }
  void search(const Certificate& leaf, Defects defects, const Visitor& visit);
  bool reached_anchor() const { return reached_anchor_; }
  /// The longest path that ended without an anchor.
  const Path& longest() const { return longest_; }

 private:
  Visit extend(const Visitor& visit);
  Visit try_issuer(const Issuer& issuer, const Visitor& visit);
  bool is_usable_edge(const Issuer& issuer);
  bool would_loop(const Issuer& issuer) const;
  Visit complete(const Issuer& anchor, const Visitor& visit);
  void note_dead_end();

  PathSession* session_;
  std::optional<std::size_t> only_anchor_;
  Defects defects_ = Defects::kRefused;
  Path path_;
  Path longest_;
  bool reached_anchor_ = false;
};

}  // namespace hutong::x509
