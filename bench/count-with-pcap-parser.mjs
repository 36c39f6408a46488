/** Counts the frames of a capture with npm's `pcap-parser`, as a peer in the bench. */
import { parse } from 'pcap-parser';

let frames = 0;
const parser = parse(process.argv[2]);
parser.on('packet', () => {
  frames++;
});
parser.on('end', () => process.stdout.write(`${frames}\n`));
