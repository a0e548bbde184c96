import { Problem } from '@/api/problem';

export type KeyFileFault = 'format' | 'password' | 'unsupported' | 'no_key' | 'no_certificate';

/** Why a key file could not be used; shown like any other problem. */
export function keyFileProblem(fault: KeyFileFault): Problem {
  return new Problem({ code: `key_file.${fault}` });
}
