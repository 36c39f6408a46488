/** Media announced at a private address while its control channel comes from a public one: nobody translated the words. */

import { type Draft, evidence } from './draft.ts';
import type { AnnouncedMediaCase, CaptureCase, FlowCase } from './flow-case.ts';

/** RFC 1918 and RFC 6598. */
export function isPrivateIpv4(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (address.includes(':')) return false;
  if (first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)) return true;
  return first === 100 && second >= 64 && second < 128;
}

/** Addresses that say nothing of where they are: any, loopback and link-local ones. */
function isUsable(address: string): boolean {
  return !address.includes(':') && !/^(0\.|127\.|169\.254\.)/.test(address);
}

/** The announced private address of this end, when its control channel shows the end at a public one. */
function untranslated(
  { announced }: AnnouncedMediaCase,
  end: 'initiator' | 'responder',
  control: FlowCase,
): string | null {
  const said = announced.media.announcement[end].address;
  const seen = control[end].address;
  if (said === null || said === seen || !isPrivateIpv4(said) || isPrivateIpv4(seen) || !isUsable(seen)) return null;
  return said;
}

/** Whether an announcement names an address that its receiver or sender cannot have where this capture was taken. */
export function isUntranslated(media: AnnouncedMediaCase, control: FlowCase): boolean {
  return untranslated(media, 'initiator', control) !== null || untranslated(media, 'responder', control) !== null;
}

export function checkPrivateAddress(control: FlowCase, capture: CaptureCase): Draft | null {
  const absent = capture
    .announcedBy(control.id)
    .filter(
      ({ flow, announced }) => !announced.media.announcement.isMulticast && flow.packets[0] + flow.packets[1] === 0,
    );
  for (const end of ['initiator', 'responder'] as const) {
    const wrong = absent.filter((media) => untranslated(media, end, control) !== null);
    const first = wrong[0];
    const said = first === undefined ? null : untranslated(first, end, control);
    if (first === undefined || said === null) continue;
    const seen = control[end].address;
    const { announcement } = first.announced.media;
    return {
      code: 'address-not-translated',
      verdict: 'unexpected',
      certainty: 'inferred',
      cause: 'application',
      where: 'unknown',
      flows: wrong.map(({ flow }) => flow),
      related: [control.id],
      groups: [],
      rule: first.flow.row?.id ?? null,
      groupKey: `private ${seen} ${said}`,
      tell: () => ({
        subject: `Media announced by ${seen}`,
        what: `it names the private address ${said}, to which nothing can be sent from outside`,
        why:
          `The control connection shows this end at ${seen}; in its ${announcement.how} it names ${said}. An address translation lies between, ` +
          `and it changed the packets but not the words in them. No packet of this media is in the capture.`,
        nextStep: `Turn on the helper for ${control.label} on the device that translates ${said}, or tell the program behind it its public address.`,
        evidence: [evidence(announcement.at, `${announcement.how} names ${said}`)],
      }),
    };
  }
  return null;
}
