/**
 * Builds `dist`: the program and its worker, each bundled with all that it needs at once, and what is needed later (the
 * screen) in files of its own. One file in place of five hundred halves the time to the first line of a report. Types are
 * checked by `npm run check`.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // All are found by their place: the program by package.json, the others by the program.
  entryPoints: ['src/cli/main.ts', 'src/analysis/analysis-worker.ts', 'src/capture/live/cap-program.ts'],
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
  // React's own checks cost more than the drawing.
  define: { 'process.env.NODE_ENV': '"production"' },
  // For packages that are CommonJS and require Node's own modules.
  banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);" },
  // A debugger for React that nobody installs.
  external: ['react-devtools-core'],
});
