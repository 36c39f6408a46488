/** An address with its port, as people write it. */

/** `10.10.2.20:554`, `[fd00::1]:554`; the address alone where there is no port. */
export function formatEndpoint(address: string, port: number): string {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
