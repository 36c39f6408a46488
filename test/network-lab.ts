/** Three hosts in network namespaces of their own, made and torn down by a test: a client, a router with nftables, a server. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

/** Of iproute2; a program of the system, which no package brings. */
export const IP = 'ip';
const CLIENT = '10.77.1.2';
export const SERVER = '10.77.2.2';
/** The router's interface on the client's side. */
export const CLIENT_SIDE = 'toclient';
/** That on the server's side. */
export const SERVER_SIDE = 'toserver';

const GLANCE_MS = 100;

export type Host = 'client' | 'router' | 'server';

export class NetworkLab {
  readonly #prefix = `mediatap-${process.pid}-`;
  readonly #children: ChildProcess[] = [];

  /** Null where the kernel, or want of privileges or programs, forbids it. */
  static make(): NetworkLab | null {
    const lab = new NetworkLab();
    try {
      lab.#build();
      return lab;
    } catch {
      lab.close();
      return null;
    }
  }

  /** Of the namespace. */
  nameOf(host: Host): string {
    return this.#prefix + host;
  }

  /** Runs a command in a host to its end. */
  run(host: Host, command: string, ...args: readonly string[]): string {
    return execFileSync(IP, ['netns', 'exec', this.nameOf(host), command, ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  /** Starts a command in a host; what still runs at the end is killed. */
  start(host: Host, command: string, ...args: readonly string[]): ChildProcess {
    const child = spawn(IP, ['netns', 'exec', this.nameOf(host), command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return child;
  }

  /** The router drops what comes to these ports from now on: one of TCP, or a range of UDP. */
  block(ports: number | string, transport: 'tcp' | 'udp' = 'tcp'): void {
    this.run('router', 'nft', 'add', 'rule', 'inet', 'lab', 'forward', transport, 'dport', String(ports), 'drop');
  }

  unblock(): void {
    this.run('router', 'nft', 'flush', 'chain', 'inet', 'lab', 'forward');
  }

  /** Resolves when somebody listens on this port of TCP. */
  async waitForPort(host: Host, port: number): Promise<void> {
    while (!this.run(host, 'ss', '-Hltn', `sport = :${port}`).includes(`:${port}`)) {
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  }

  close(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
    for (const host of ['client', 'router', 'server'] as const) this.#attempt('netns', 'del', this.nameOf(host));
  }

  #build(): void {
    for (const host of ['client', 'router', 'server'] as const) ip('netns', 'add', this.nameOf(host));
    this.#connect('client', CLIENT, CLIENT_SIDE, '10.77.1.1');
    this.#connect('server', SERVER, SERVER_SIDE, '10.77.2.1');
    this.run('router', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    this.run(
      'router',
      'nft',
      'add table inet lab; add chain inet lab forward { type filter hook forward priority 0; }',
    );
  }

  #connect(host: Host, address: string, routerSide: string, gateway: string): void {
    const [near, router] = [this.nameOf(host), this.nameOf('router')];
    ip('link', 'add', 'lan', 'netns', near, 'type', 'veth', 'peer', 'name', routerSide, 'netns', router);
    ip('-n', near, 'addr', 'add', `${address}/24`, 'dev', 'lan');
    ip('-n', router, 'addr', 'add', `${gateway}/24`, 'dev', routerSide);
    ip('-n', near, 'link', 'set', 'lan', 'up');
    ip('-n', router, 'link', 'set', routerSide, 'up');
    ip('-n', near, 'route', 'add', 'default', 'via', gateway);
  }

  #attempt(...args: readonly string[]): void {
    try {
      ip(...args);
    } catch {
      // It was never made.
    }
  }
}

function ip(...args: readonly string[]): void {
  execFileSync(IP, args, { stdio: 'pipe' });
}
