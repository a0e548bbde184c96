import type { TokenCertificate } from '@hutong/sdk';
import { validate } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { Report } from '@/api/types';
import { base64ToBytes } from '@/lib/format';
import { decidingFinding } from '@/lib/verdict';
import { item, type Item } from './items';
import { holderOf } from './tokenItems';

const kCodes = { valid: ['good', 'trust.valid'], invalid: ['bad', 'trust.invalid'], indeterminate: ['warning', 'trust.indeterminate'] } as const;

export function trustItem(certificate: TokenCertificate, report: Report): Item {
  const [state, code] = kCodes[report.indication];
  const finding = decidingFinding(report);
  const values = {
    name: holderOf(certificate),
    use: certificate.use === 'signature' ? { zh: '签名', en: 'signing' } : { zh: '加密', en: 'encryption' },
    reason: { zh: finding?.message_zh ?? '', en: finding?.message_en ?? '' },
  };
  const found = item(state, code, values, { report: report.id, trust_list: report.trust_list?.number, finding: finding?.code });
  return { ...found, link: `/verify/${report.id}` };
}

/** What the platform says to a certificate: the same judgement that the business systems rely on. */
export async function askPlatform(certificate: TokenCertificate): Promise<Item> {
  try {
    const file = new File([base64ToBytes(certificate.certificate).slice()], `${certificate.serial_number}.cer`);
    return trustItem(certificate, await validate({ file }));
  } catch (error) {
    const { code, reference } = asProblem(error);
    return item('warning', 'trust.unreachable', { name: holderOf(certificate), code }, { code, reference });
  }
}
