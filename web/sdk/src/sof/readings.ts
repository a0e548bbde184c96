import type { DeviceInfo, Finding } from '../types';

const kResults: readonly (readonly [RegExp, number])[] = [
  [/^revocation\.revoked$/, -3],
  [/^revocation\.on_hold$/, -4],
  [/^path\.expired$/, -2],
  [/^path\.not_yet_valid$/, -5],
  [/^(path\.(no_issuer|untrusted_root|anchor_window)|trust_list\.)/, -1],
];

/** What SOF_ValidateCert says of a certificate that is not valid. */
export function validationResult(findings: Finding[]): number {
  const codes = findings.filter((one) => one.severity === 'error' || one.severity === 'undecided').map((one) => one.code);
  return kResults.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1] ?? -6;
}

/** SGD_DEVICE_* of GM/T 0006 from 0x201 on; undefined for what no token tells. */
export function deviceItem(info: DeviceInfo, type: number): string | undefined {
  const items: Record<number, string | number> = {
    0x201: '智能密码钥匙',
    0x202: info.driver,
    0x203: info.name,
    0x204: info.manufacturer,
    0x205: info.hardware_version,
    0x206: info.firmware_version,
    0x207: info.structure_version,
    0x208: info.serial_number,
    0x209: info.symmetric_algorithms,
    0x20a: info.asymmetric_algorithms,
    0x20b: info.hash_algorithms,
    0x20c: info.total_space,
    0x20d: info.free_space,
    0x210: info.token,
    0x211: info.label,
    0x212: info.issuer,
    0x213: info.most_cipher_octets,
  };
  const item = items[type];
  return item === undefined ? undefined : String(item);
}
