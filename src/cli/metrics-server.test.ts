import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleAnalysis } from '../../test/sample-analysis.ts';
import { MetricsServer } from './metrics-server.ts';

let server: MetricsServer;

beforeEach(async () => {
  server = await MetricsServer.start(sampleAnalysis(), 0);
});

afterEach(() => server.close());

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, init);
}

describe('MetricsServer', () => {
  it('serves the figures of this moment', async () => {
    const response = await ask('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toMatch(/^# HELP mediatap_packets_total .*\n# TYPE mediatap_packets_total counter\n/);
  });

  it('serves nothing else', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('says in a sentence that a port is taken', async () => {
    await expect(MetricsServer.start(sampleAnalysis(), server.port)).rejects.toThrow(
      /^metrics cannot be served on port \d+: .*EADDRINUSE/,
    );
  });
});
