#pragma once

#include <vector>

#include "base/result.h"
#include "ca/signing/certificate_template.h"
#include "ca/signing/subject_data.h"
#include "x509/extension_builder.h"
#include "x509/name.h"

namespace hutong::ca {

/// What a request says about its subject, in the terms of a template: attributes by their short names,
/// identity values and alternative names from the extensions that were asked for. Other extensions are the
/// template's business and passed over. kPolicy "cmp.template" for an attribute that comes twice or has no
/// short name, and for alternative names that are neither DNS names nor addresses of e-mail; the errors of
/// extensions.
Result<SubjectData> requested_subject(const x509::Name& name,
                                      const std::vector<x509::ExtensionValue>& extensions,
                                      const CertificateTemplate& made);

}  // namespace hutong::ca
