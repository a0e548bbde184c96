/** Which program serves this page, and so which pages it shows. */
export type Program = 'hutong-platform' | 'hutong-ca' | 'hutong-kmc';

export interface System {
  program: Program;
  name: string;
  version?: string;
  /** Of a platform: operators can log in. */
  operators?: boolean;
  /** Where operators come in by an address of their own, each address has what its pages need. */
  pages?: 'all' | 'public' | 'operators';
  authority?: { id: string; subject: string; not_after: string };
  addresses?: { crl: string; delta_crl?: string; ocsp: string; ca_certificate: string; chain: string };
  certificate?: string;
  master_key?: { id: string; threshold: number; shares: number };
}

const kPlatform: System = { program: 'hutong-platform', name: '' };
const kPrograms = new Set<string>(['hutong-ca', 'hutong-kmc', 'hutong-platform']);

/** The program behind this page; a platform that does not say so is one. */
export async function fetchSystem(): Promise<System> {
  try {
    const response = await fetch('/api/v1/system', { headers: { Accept: 'application/json' } });
    const system = response.ok ? ((await response.json()) as System) : kPlatform;
    return kPrograms.has(system.program) ? { ...system, name: system.name ?? '' } : kPlatform;
  } catch {
    return kPlatform; // its pages say what is wrong when nothing answers
  }
}
