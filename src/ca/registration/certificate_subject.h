#pragma once

#include "ca/registration/order.h"
#include "ca/signing/certificate_template.h"
#include "ca/signing/subject_data.h"
#include "x509/certificate.h"

namespace hutong::ca::registration {

/// What an order for the same certificate would say: for renewals of whatever this CA issued, also without an
/// order (CMP, the ceremony). Values that the template fixes are left out.
SubjectData subject_of(const x509::Certificate& certificate, const CertificateTemplate& made);

/// Who holds it, as far as the certificate says.
Applicant applicant_of(const SubjectData& subject);

}  // namespace hutong::ca::registration
