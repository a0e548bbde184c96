import type { Role } from '@/console/api/types';

const kGoverned: Record<Role, readonly Role[]> = {
  super_administrator: ['business_administrator', 'super_administrator'],
  audit_administrator: ['auditor', 'audit_administrator'],
  business_administrator: ['business_operator'],
  business_operator: [],
  auditor: [],
};

/** Whom a role adds, changes and retires (GM/T 0037 8.6.2.13); the server decides. */
export function governedBy(role: Role | undefined): readonly Role[] {
  return role ? kGoverned[role] : [];
}
