import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Two builds: the module for bundlers, and (--mode script) one file for a script tag. The samples lie beside them as they are.
export default defineConfig(({ mode }) => {
  const script = mode === 'script';
  return {
    publicDir: here('./samples'),
    build: {
      target: 'es2020',
      copyPublicDir: script,
      emptyOutDir: !script,
      lib: {
        entry: here(script ? './src/script.ts' : './src/index.ts'),
        name: 'Hutong',
        formats: [script ? 'iife' : 'es'],
        fileName: () => (script ? 'hutong-sdk.iife.js' : 'hutong-sdk.js'),
      },
    },
    test: { include: ['src/**/*.test.ts'] },
  };
});
