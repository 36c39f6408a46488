/**
 * Makes a checkout ready to run: installs packages when they are missing or older than the lock file, and builds when a
 * source is newer than the last build. Plain JavaScript without packages, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

/** Milliseconds since the epoch, or 0 when the file does not exist. */
function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function newestIn(folder) {
  let newest = modified(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : modified(path));
  }
  return newest;
}

/** Runs npm with its chatter on standard error, so that reports on standard output stay clean. */
function npm(args, purpose) {
  process.stderr.write(`mediatap: ${purpose}\n`);
  const { status, error } = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`mediatap: 'npm ${args.join(' ')}' failed${error ? `: ${error.message}` : ''}\n`);
    process.exit(1);
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`mediatap: needs Node.js 20.19 or newer, this is ${process.versions.node}\n`);
  process.exit(1);
}

// npm keeps an older time stamp on its own file in some versions, so this script leaves one that it can trust.
const installed = at('node_modules', '.installed');
if (modified(installed) < modified(at('package-lock.json'))) {
  npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], 'installing packages');
  writeFileSync(installed, '');
}

const stamp = at('dist', '.built');
const sources = Math.max(newestIn(at('src')), modified(at('scripts', 'build.mjs')), modified(installed));
if (modified(stamp) < sources) {
  npm(['run', '--silent', 'build'], 'building');
  writeFileSync(stamp, '');
}
