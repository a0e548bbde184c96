import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import type { MessageKey } from '@/i18n';
import VerifyPage from '@/pages/VerifyPage.vue';

declare module 'vue-router' {
  interface RouteMeta {
    title: MessageKey;
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'verify', component: VerifyPage, meta: { title: 'verify.title' } },
  { path: '/verify/:id', name: 'report', component: () => import('@/pages/ReportPage.vue'), props: true, meta: { title: 'report.title' } },
  { path: '/trust-list', name: 'trust-list', component: () => import('@/pages/TrustListPage.vue'), meta: { title: 'trust.title' } },
  { path: '/check-up', name: 'check-up', component: () => import('@/pages/CheckUpPage.vue'), meta: { title: 'check_up.title' } },
  { path: '/demonstration', name: 'demonstration', component: () => import('@/pages/DemonstrationPage.vue'), meta: { title: 'demonstration.title' } },
  {
    path: '/sign-in', name: 'sign-in', component: () => import('@/pages/SignInPage.vue'),
    props: (route) => ({ request: String(route.query.request ?? '') }), meta: { title: 'sign_in.title' },
  },
  {
    path: '/device', name: 'device', component: () => import('@/pages/DevicePage.vue'),
    props: (route) => ({ userCode: String(route.query.user_code ?? '') }), meta: { title: 'device.title' },
  },
  { path: '/:path(.*)*', name: 'not-found', component: () => import('@/pages/NotFoundPage.vue'), meta: { title: 'not_found.title' } },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
