import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API: a running platform, or the fixture server of `npm run mock`.
const api = process.env.HUTONG_URL ?? 'http://127.0.0.1:8099';

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2020',
    assetsInlineLimit: 0, // the platform's content security policy allows no data: URLs
    rollupOptions: {
      output: { manualChunks: { vue: ['vue', 'vue-router'] } },
    },
  },
  server: { proxy: { '/api': api } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } }, // its style modules import CSS
  },
});
