import { describe, expect, it } from 'vitest';
import { printable } from '../../format/text.ts';
import { explainFailure, type FailureKind } from './capture-failure.ts';
import { type CaptureTool, readDropped } from './capture-tool.ts';

const DUMPCAP: CaptureTool = { name: 'dumpcap', path: '/usr/bin/dumpcap', script: [], isExecutable: true };
const TCPDUMP: CaptureTool = { name: 'tcpdump', path: '/usr/bin/tcpdump', script: [], isExecutable: true };

const CAP: CaptureTool = { name: 'cap', path: '/usr/bin/node', script: ['cap-program.js'], isExecutable: true };

const BAD_FILTER = `Capturing on 'Loopback: lo'
dumpcap: Invalid capture filter "tcp prt 80" for interface 'lo'.

That string isn't a valid capture filter (can't parse filter expression: syntax error).
See the User's Guide for a description of the capture filter syntax.
`;
const NO_PERMISSION = `Capturing on 'Loopback: lo'
dumpcap: You do not have permission to capture on device "lo".
(socket: Operation not permitted)
Please check to make sure you have sufficient permissions.
`;

describe('explainFailure', () => {
  it.each<[CaptureTool, string, FailureKind, RegExp]>([
    [DUMPCAP, BAD_FILTER, 'filter', /^The filter 'tcp prt 80' is not understood: syntax error\.$/],
    [TCPDUMP, "tcpdump: can't parse filter expression: syntax error\n", 'filter', /not understood: syntax error\.$/],
    [DUMPCAP, NO_PERMISSION, 'permission', /sudo setcap cap_net_raw,cap_net_admin=eip \/usr\/bin\/dumpcap$/],
    [
      TCPDUMP,
      "tcpdump: lo: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
      'permission',
      /sudo setcap .* \/usr\/bin\/tcpdump, or run: sudo mediatap live -i lo$/,
    ],
    [
      DUMPCAP,
      'dumpcap: There is no device named "lo".\n(No such device exists)\n',
      'no-interface',
      /no interface 'lo'/,
    ],
    [TCPDUMP, 'tcpdump: lo: No such device exists\n(No such device exists)\n', 'no-interface', /no interface 'lo'/],
    [TCPDUMP, 'tcpdump: lo: That device is not up\n', 'down', /ip link set lo up/],
    [TCPDUMP, "tcpdump: unknown host 'studio'\n", 'other', /^tcpdump cannot capture on lo: unknown host 'studio'\.$/],
    [DUMPCAP, '', 'other', /it said nothing/],
    [
      DUMPCAP,
      'Capturing on \'lo\'\ndumpcap: The capture session could not be initiated because\n"lo" is neither an interface nor a pipe.\n\nPlease look.\n',
      'other',
      /^dumpcap cannot capture on lo: The capture session could not be initiated because "lo" is neither an interface nor a pipe\.$/,
    ],
    [
      CAP,
      "Warning: lo: no IPv4 address assigned - This may not actually work\ncap: can't parse filter expression: syntax error\n",
      'filter',
      /not understood: syntax error\.$/,
    ],
    [
      CAP,
      'cap: socket: Operation not permitted\n',
      'permission',
      /^No permission to capture with cap\. Run: sudo mediatap live -i lo$/,
    ],
    [CAP, 'cap: No such device exists\n', 'no-interface', /no interface 'lo'/],
    [CAP, 'cap: That device is not up\n', 'down', /ip link set lo up/],
    [CAP, "cap: Cannot find module '../build/Release/cap.node'\n", 'not-built', /npm rebuild cap/],
    [
      CAP,
      'cap: The module cap.node\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108.\n',
      'not-built',
      /npm rebuild cap/,
    ],
  ])('tells in words what %o means by %j', (tool, printed, kind, text) => {
    const failure = explainFailure(tool, 'lo', 'tcp prt 80', printed);
    expect(failure.kind).toBe(kind);
    if (process.platform === 'linux') expect(failure.text).toMatch(text);
  });

  it('names the group that may run a program which this user may not', () => {
    const { text } = explainFailure({ ...DUMPCAP, isExecutable: false }, 'lo', null, 'spawn /usr/bin/dumpcap EACCES');
    if (process.platform === 'linux') expect(text).toContain('sudo usermod -aG $(stat -c %G /usr/bin/dumpcap) $USER');
  });

  it('lets nothing through that moves a terminal', () => {
    const { text } = explainFailure(TCPDUMP, 'l\x1b[2Jo', null, 'tcpdump: \x1b]0;x\x07\n');
    expect(text).toBe(printable(text));
  });
});

describe('readDropped', () => {
  it('finds the count in what tcpdump prints on a signal and at its end', () => {
    const line = 'tcpdump: 10 packets captured, 12 packets received by filter, 2 packets dropped by kernel';
    expect(readDropped(line)).toBe(2);
    expect(readDropped('1 packet dropped by kernel')).toBe(1);
    expect(readDropped('12 packets received by filter')).toBeNull();
  });
});
