/** HRESULT codes that Windows Media servers answer with (MS-ERREF section 2.1 and 2.1.1). */

const WORDS: ReadonlyMap<number, string> = new Map([
  [0x80004005, 'unspecified failure'],
  [0x80070002, 'file not found'],
  [0x80070003, 'path not found'],
  [0x80070005, 'access denied'],
  [0x80070057, 'invalid parameter'],
  [0x8000ffff, 'unexpected failure, such as a file that could not be opened'],
  [0xc00d000e, 'the network is busy'],
  [0xc00d000f, 'too many sessions on the server'],
  [0xc00d0013, 'no timely response from the server'],
  [0xc00d001a, 'file not found'],
  [0xc00d0029, 'the connection was lost'],
  [0xc00d0034, 'no more data in the stream'],
]);

/** True for failures; codes below 0x80000000, such as S_FALSE, report success in some flavour. */
export function isFailure(hresult: number): boolean {
  return hresult >= 0x80000000;
}

export function formatHresult(hresult: number): string {
  return `0x${hresult.toString(16).toUpperCase().padStart(8, '0')}`;
}

export function describeHresult(hresult: number): string {
  return WORDS.get(hresult) ?? `failure ${formatHresult(hresult)}`;
}
