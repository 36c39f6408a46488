/** What the dotted text of an IPv4 address holds, asked of its number: of a hundred thousand addresses none is written out. */

const OCTETS = 4;
const DECIMALS = Array.from({ length: 256 }, (_, octet) => String(octet));

/** True for the number of an address whose text holds `text`, or ends with it. */
export function ipv4TextTest(text: string, isAtEnd: boolean): (number: number) => boolean {
  const parts = text.split('.');
  const tests = parts.map((part, index) => octetsWith(part, index === 0, index === parts.length - 1, isAtEnd));
  const lastStart = OCTETS - parts.length;
  const firstStart = isAtEnd ? Math.max(0, lastStart) : 0;
  return (number) => {
    for (let start = firstStart; start <= lastStart; start++) {
      let index = 0;
      while (index < tests.length && tests[index]?.[(number >>> (24 - 8 * (start + index))) & 0xff] === 1) index++;
      if (index === tests.length) return true;
    }
    return false;
  };
}

/** For each octet, whether this part of a text may be (part of) it: the first part may begin within one, the last end. */
function octetsWith(part: string, isFirst: boolean, isLast: boolean, isAtEnd: boolean): Uint8Array {
  const mayEndWithin = isLast && !isAtEnd;
  return Uint8Array.from(DECIMALS, (octet) => {
    if (isFirst && mayEndWithin) return Number(octet.includes(part));
    if (isFirst) return Number(octet.endsWith(part));
    return Number(mayEndWithin ? octet.startsWith(part) : octet === part);
  });
}
