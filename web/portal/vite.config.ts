import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API: a running platform, or the fixture server of `npm run mock`.
const api = process.env.HUTONG_URL ?? 'http://127.0.0.1:8099';

/** Puts x.gz beside every text file of the build that it makes smaller; the platform serves it to those who accept it. */
function precompress(): Plugin {
  const text = /\.(html|js|css|svg|json)$/;
  return {
    name: 'precompress',
    apply: 'build',
    closeBundle() {
      const folder = fileURLToPath(new URL('./dist', import.meta.url));
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!text.test(name)) continue;
        const content = readFileSync(join(folder, name));
        const packed = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
        if (packed.length < content.length) writeFileSync(join(folder, `${name}.gz`), packed);
      }
    },
  };
}

/** Lays the SDK for web pages and its sample pages under /sdk. */
function bringSdk(): Plugin {
  const [from, to] = ['../sdk/dist', './dist/sdk'].map((path) => fileURLToPath(new URL(path, import.meta.url))) as [string, string];
  return {
    name: 'bring-sdk',
    apply: 'build',
    closeBundle() {
      if (existsSync(from)) cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('types') });
      else this.warn('web/sdk is not built: the pages under /sdk are missing');
    },
  };
}

export default defineConfig({
  plugins: [vue(), bringSdk(), precompress()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      '@hutong/sdk': fileURLToPath(new URL('../sdk/src/index.ts', import.meta.url)),
    },
  },
  build: {
    target: 'es2020',
    assetsInlineLimit: 0, // the platform's content security policy allows no data: URLs
    rollupOptions: {
      output: { manualChunks: { vue: ['vue', 'vue-router'] } },
    },
  },
  server: { proxy: { '/api': api }, fs: { allow: ['..'] } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } }, // its style modules import CSS
  },
});
