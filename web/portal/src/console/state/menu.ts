import {
  Collection,
  Connection,
  DataAnalysis,
  Files,
  Key,
  List,
  Lock,
  Monitor,
  Notebook,
  OfficeBuilding,
  Stamp,
  Tickets,
  Upload,
  User,
} from '@element-plus/icons-vue';
import type { Component } from 'vue';
import type { Program } from '@/api/system';
import type { ConsoleKey } from '@/console/i18n';

export interface MenuItem {
  to: string;
  title: ConsoleKey;
  icon: Component;
  /** Pages below this address belong to it, too. */
  covers?: string;
  /** Shown to who has one of these. */
  rights: string[];
}

const governance: MenuItem[] = [
  { to: '/console/operators', title: 'menu.operators', icon: User, rights: ['operator.read', 'operator.govern'] },
  { to: '/console/clients', title: 'menu.clients', icon: Connection, rights: ['client.manage'] },
  { to: '/console/audit', title: 'menu.audit', icon: Notebook, rights: ['audit.read'] },
];

const ca: MenuItem[] = [
  { to: '/console', title: 'menu.overview', icon: DataAnalysis, rights: [] },
  { to: '/console/orders', title: 'menu.orders', icon: Tickets, rights: ['order.query'] },
  { to: '/console/imports', title: 'menu.imports', icon: Upload, rights: ['order.enter'] },
  { to: '/console/certificates', title: 'menu.certificates', icon: Stamp, rights: ['certificate.query'] },
  { to: '/console/templates', title: 'menu.templates', icon: Files, rights: ['order.query', 'template.manage', 'template.synchronise'] },
];

const kmc: MenuItem[] = [
  { to: '/console', title: 'menu.overview', icon: DataAnalysis, rights: [] },
  { to: '/console/keys', title: 'menu.keys', icon: Key, rights: ['key.read'] },
  { to: '/console/authorities', title: 'menu.authorities', icon: Collection, rights: ['authority.read'] },
  { to: '/console/recoveries', title: 'menu.recoveries', icon: Lock, rights: ['recovery.read'] },
  { to: '/console/officers', title: 'menu.officers', icon: List, rights: ['judicial.manage'] },
];

const platform: MenuItem[] = [
  { to: '/console', title: 'menu.vendors', icon: Collection, rights: ['vendor.read'], covers: '/console/vendors' },
  { to: '/console/trust', title: 'menu.trust', icon: Stamp, rights: ['trust.read'] },
  { to: '/console/systems', title: 'menu.systems', icon: Monitor, rights: ['system.read'] },
  { to: '/console/subjects', title: 'menu.subjects', icon: OfficeBuilding, rights: ['subject.read'] },
];

const menus: Record<Program, MenuItem[]> = { 'hutong-ca': ca, 'hutong-kmc': kmc, 'hutong-platform': platform };

/** What an operator with these rights finds in the menu. */
export function menuFor(program: Program, rights: readonly string[]): MenuItem[] {
  return [...menus[program], ...governance].filter(
    (item) => item.rights.length === 0 || item.rights.some((right) => rights.includes(right)),
  );
}
