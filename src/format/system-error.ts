/** Why a file could not be read or written, in words of ours where the operating system has a code for it. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'its file system is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  ENOSPC: 'no space is left',
  EMFILE: 'this process has too many files open',
};

export function whyNotRead(error: unknown): string {
  return why(error, 'it does not exist');
}

export function whyNotWritten(error: unknown): string {
  return why(error, 'there is no such directory');
}

function why(error: unknown, missing: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return missing;
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
