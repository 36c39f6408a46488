/**
 * Sends RTP of 200-byte frames to one host: `send-rtp.mjs HOST FIRST_PORT FLOWS PER_SECOND SECONDS`. Prints how many it sent.
 * Plain JavaScript, because it has to start fast; one process does not reach the rates of the bench, several do.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Behind Ethernet, IPv4 and UDP. */
const PAYLOAD_BYTES = 200 - 14 - 20 - 8;
/** Sent without looking at the clock. */
const BURST = 64;

const [host, ...numbers] = process.argv.slice(2);
const [firstPort, flowCount, perSecond, seconds] = numbers.map(Number);

const flows = [];
for (let i = 0; i < flowCount; i++) {
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  socket.connect(firstPort + 2 * i, host);
  await once(socket, 'connect');
  const packet = Buffer.alloc(PAYLOAD_BYTES);
  packet.writeUInt16BE(0x8000);
  packet.writeUInt32BE(firstPort + i, 8);
  flows.push({ socket, packet, sequence: 0 });
}

let sent = 0;
const startedAt = performance.now();

function sendDue() {
  const elapsed = (performance.now() - startedAt) / 1000;
  const due = Math.min(elapsed, seconds) * perSecond;
  for (let i = 0; i < BURST && sent < due; i++) {
    const flow = flows[sent % flowCount];
    flow.packet.writeUInt16BE(flow.sequence & 0xffff, 2);
    flow.packet.writeUInt32BE((flow.sequence * 160) >>> 0, 4);
    flow.sequence++;
    flow.socket.send(flow.packet);
    sent++;
  }
  if (elapsed < seconds) {
    setImmediate(sendDue);
    return;
  }
  process.stdout.write(`${sent}\n`);
  for (const { socket } of flows) socket.close();
}

sendDue();
