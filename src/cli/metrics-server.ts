/** `live --metrics`: serves figures for Prometheus on the loopback interface. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Analysis } from '../analysis/snapshot.ts';
import { MOST_STREAM_FLOWS, PROMETHEUS_CONTENT_TYPE, writePrometheus } from '../report/prometheus.ts';
import { UsageError } from './host.ts';

const LOOPBACK = '127.0.0.1';
const PATH = '/metrics';
const MOST_CONNECTIONS = 16;

export class MetricsServer {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Rejects with a `UsageError` when the port cannot be had. */
  static async start(analysis: Analysis, port: number): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') end(response, 405, 'Only GET is served here.\n');
      else if (request.url !== PATH) end(response, 404, `The figures are at ${PATH}.\n`);
      else void answer(analysis, response);
    });
    server.maxConnections = MOST_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.on('error', ({ message }) =>
        reject(new UsageError(`metrics cannot be served on port ${port}: ${message}`)),
      );
      server.listen(port, LOOPBACK, resolve);
    });
    return new MetricsServer(server);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function answer(analysis: Analysis, response: ServerResponse): Promise<void> {
  // Only streams whose packets are numbered have a loss.
  const { rows } = await analysis.flows({
    ...{ where: 'loss>=0', sort: 'bytes', descending: true, offset: 0, count: MOST_STREAM_FLOWS },
  });
  end(response, 200, writePrometheus(analysis.snapshot, rows));
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': PROMETHEUS_CONTENT_TYPE }).end(text);
}
