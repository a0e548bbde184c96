import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router';
import type { System } from '@/api/system';
import { onSession, session } from './api/session';
import type { ConsoleKey } from './i18n';

declare module 'vue-router' {
  interface RouteMeta {
    /** Only with a session; without one the login page comes first. */
    operator?: boolean;
  }
}

const page = (path: string, component: RouteRecordRaw['component'], title: ConsoleKey, operator = true): RouteRecordRaw =>
  ({ path, component, props: true, meta: { title, operator } }) as RouteRecordRaw;

const missing = page('/:path(.*)*', () => import('./pages/MissingPage.vue'), 'missing.title', false);

const shared: RouteRecordRaw[] = [
  page('/login', () => import('./pages/LoginPage.vue'), 'login.title', false),
  page('/console/operators', () => import('./pages/OperatorsPage.vue'), 'operators.title'),
  page('/console/operators/:id', () => import('./pages/OperatorPage.vue'), 'operator.title'),
  page('/console/clients', () => import('./pages/ClientsPage.vue'), 'clients.title'),
  page('/console/audit', () => import('./pages/AuditPage.vue'), 'audit.title'),
  page('/console/audit/:sequence', () => import('./pages/AuditRecordPage.vue'), 'audit.record'),
  missing,
];

const publicPages: RouteRecordRaw[] = [
  page('/', () => import('./pages/public/StartPage.vue'), 'start.title', false),
  page('/apply', () => import('./pages/public/ApplyPage.vue'), 'apply.title', false),
  page('/progress', () => import('./pages/public/ProgressPage.vue'), 'progress.title', false),
  page('/find', () => import('./pages/public/FindPage.vue'), 'find.title', false),
];

const startAtConsole: RouteRecordRaw = { path: '/', redirect: '/console' };

const caPages: RouteRecordRaw[] = [
  page('/console', () => import('./pages/ca/OverviewPage.vue'), 'overview.title'),
  page('/console/orders', () => import('./pages/ca/OrdersPage.vue'), 'orders.title'),
  page('/console/orders/new', () => import('./pages/ca/OrderEntryPage.vue'), 'entry.title'),
  page('/console/orders/:id', () => import('./pages/ca/OrderPage.vue'), 'order.title'),
  page('/console/orders/:id/change', () => import('./pages/ca/OrderEntryPage.vue'), 'entry.change'),
  page('/console/orders/:id/print', () => import('./pages/ca/PrintPage.vue'), 'print.title'),
  page('/console/imports', () => import('./pages/ca/ImportPage.vue'), 'import.title'),
  page('/console/certificates', () => import('./pages/ca/CertificatesPage.vue'), 'certificates.title'),
  page('/console/certificates/:serial', () => import('./pages/ca/CertificatePage.vue'), 'certificate.title'),
  page('/console/templates', () => import('./pages/ca/TemplatesPage.vue'), 'templates.title'),
  page('/console/templates/:id', () => import('./pages/ca/TemplatePage.vue'), 'template.title'),
];

const kmcPages: RouteRecordRaw[] = [
  startAtConsole,
  page('/console', () => import('./pages/kmc/DashboardPage.vue'), 'kmc.title'),
  page('/console/keys', () => import('./pages/kmc/KeysPage.vue'), 'keys.title'),
  page('/console/authorities', () => import('./pages/kmc/AuthoritiesPage.vue'), 'authorities.title'),
  page('/console/recoveries', () => import('./pages/kmc/RecoveriesPage.vue'), 'recoveries.title'),
  page('/console/recoveries/new', () => import('./pages/kmc/RecoveryEntryPage.vue'), 'recovery.new'),
  page('/console/recoveries/:id', () => import('./pages/kmc/RecoveryPage.vue'), 'recovery.title'),
  page('/console/officers', () => import('./pages/kmc/OfficersPage.vue'), 'officers.title'),
];

/** Its public pages are another application (src/platform.ts). */
const platformPages: RouteRecordRaw[] = [
  startAtConsole,
  page('/console', () => import('./pages/platform/VendorsPage.vue'), 'vendors.title'),
  page('/console/vendors', () => import('./pages/platform/VendorsPage.vue'), 'vendors.title'),
  page('/console/vendors/new', () => import('./pages/platform/VendorEntryPage.vue'), 'vendors.enter'),
  page('/console/vendors/:id/change', () => import('./pages/platform/VendorEntryPage.vue'), 'vendor.change'),
  page('/console/vendors/:id', () => import('./pages/platform/VendorPage.vue'), 'vendor.title'),
  page('/console/systems', () => import('./pages/platform/SystemsPage.vue'), 'systems.title'),
  page('/console/subjects', () => import('./pages/platform/SubjectsPage.vue'), 'subjects.title'),
  page('/console/trust', () => import('./pages/platform/TrustDraftPage.vue'), 'draft.title'),
];

/** On the public's address no console, on the operators' no application. */
function pagesOf(system: System): RouteRecordRaw[] {
  if (system.program === 'hutong-platform') return [...platformPages, ...shared];
  if (system.program === 'hutong-kmc') return [...kmcPages, ...shared];
  if (system.pages === 'public') return [...publicPages, missing];
  return system.pages === 'operators' ? [startAtConsole, ...caPages, ...shared] : [...publicPages, ...caPages, ...shared];
}

export function makeRouter(system: System): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: pagesOf(system),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  });
  router.beforeEach((to) => (to.meta.operator && !session() ? { path: '/login', query: { then: to.fullPath } } : true));
  onSession((open) => {
    const here = router.currentRoute.value;
    if (!open && here.meta.operator) void router.replace({ path: '/login', query: { then: here.fullPath } });
  });
  return router;
}
