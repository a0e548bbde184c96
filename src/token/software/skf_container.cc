#include "asn1/reader.h"
#include "token/software/boundary.h"
#include "token/software/device.h"

/// Clause 7.5: containers.
namespace hutong::token::software {
namespace {

constexpr std::size_t kMostContainers = 64;
constexpr std::size_t kMostCertificate = 64 << 10;

Result<std::string_view> container_name_from(LPSTR name) {
  return given_text(name, 1, kMostNameSize, SAR_NAMELENERR);
}

HCONTAINER open_container(HANDLE application, const ApplicationWork& work, std::string_view name) {
  return handles().add(std::make_shared<ContainerObject>(work.object, std::string(name)), application);
}

/// One SEQUENCE and nothing after it; the rest is the business of whoever uses the certificate.
Status check_certificate(ByteView der) {
  asn1::Reader reader(der);
  const bool whole =
      der.size() <= kMostCertificate && reader.read_element(asn1::Tag::kSequence) && reader.at_end();
  return whole ? ok() : Status(refusal(SAR_INDATAERR));
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_CreateContainer(HAPPLICATION hApplication, LPSTR szContainerName, HCONTAINER* phContainer) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phContainer));
    HUTONG_TRY(const std::string_view name, container_name_from(szContainerName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_CHECK(work.user());
    if (work.store().has_container(work.name(), name)) {
      return refusal(SAR_CONTAINER_EXISTS);
    }
    if (work.store().containers(work.name()).size() >= kMostContainers) {
      return refusal(SAR_REACH_MAX_CONTAINER_COUNT);
    }
    ContainerRecord record;
    record.name = name;
    HUTONG_CHECK(work.store().save(work.name(), record));
    *phContainer = open_container(hApplication, work, name);
    return ok();
  });
}

ULONG DEVAPI SKF_DeleteContainer(HAPPLICATION hApplication, LPSTR szContainerName) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const std::string_view name, container_name_from(szContainerName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_CHECK(work.user());
    return work.store().remove_container(work.name(), name);
  });
}

ULONG DEVAPI SKF_OpenContainer(HAPPLICATION hApplication, LPSTR szContainerName, HCONTAINER* phContainer) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(phContainer));
    HUTONG_TRY(const std::string_view name, container_name_from(szContainerName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    if (!work.store().has_container(work.name(), name)) {
      return refusal(SAR_CONTAINER_NOT_EXISTS);
    }
    *phContainer = open_container(hApplication, work, name);
    return ok();
  });
}

ULONG DEVAPI SKF_CloseContainer(HCONTAINER hContainer) {
  return guarded([&] { return handles().close<ContainerObject>(hContainer); });
}

ULONG DEVAPI SKF_EnumContainer(HAPPLICATION hApplication, LPSTR szContainerName, ULONG* pulSize) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    return hand_over_names(work.store().containers(work.name()), szContainerName, pulSize);
  });
}

ULONG DEVAPI SKF_GetContainerType(HCONTAINER hContainer, ULONG* pulContainerType) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulContainerType));
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    const bool filled = work.record.signature || work.record.encryption;
    *pulContainerType = filled ? CONTAINER_TYPE_ECC : CONTAINER_TYPE_UNDEFINED;
    return ok();
  });
}

ULONG DEVAPI SKF_ImportCertificate(HCONTAINER hContainer, BOOL bSignFlag, BYTE* pbCert, ULONG ulCertLen) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pbCert));
    HUTONG_TRY(auto work, work_on_container(hContainer));
    HUTONG_CHECK(work.in.user());
    const ByteView der(pbCert, ulCertLen);
    HUTONG_CHECK(check_certificate(der));
    Bytes& place =
        bSignFlag != FALSE ? work.record.signature_certificate : work.record.encryption_certificate;
    place = to_bytes(der);
    return work.save();
  });
}

ULONG DEVAPI SKF_ExportCertificate(HCONTAINER hContainer, BOOL bSignFlag, BYTE* pbCert, ULONG* pulCertLen) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_container(hContainer));
    const Bytes& der =
        bSignFlag != FALSE ? work.record.signature_certificate : work.record.encryption_certificate;
    return der.empty() ? Status(refusal(SAR_CERTNOTFOUNTERR)) : hand_over(der, pbCert, pulCertLen);
  });
}
