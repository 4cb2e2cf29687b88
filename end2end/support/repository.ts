import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tool } from './cluster';

/** A chart repository on loopback with our chart `hello` and the real one of metrics-server. */
export class Repository {
  /** What it serves as `index.yaml`. */
  index: string;

  private constructor(private readonly server: Server) {
    const entry = (name: string, version: string, appVersion: string, description: string) => [
      { name, version, appVersion, description, urls: [`${name}-${version}.tgz`] },
    ];
    const entries = {
      hello: entry('hello', '1.0.0', '1', 'A page that greets'),
      'metrics-server': entry('metrics-server', '3.13.1', '0.8.1', 'Container resource metrics for Kubernetes'),
    };
    this.index = JSON.stringify({ apiVersion: 'v1', entries });
  }

  static async serve(): Promise<Repository> {
    const hello = execFileSync('tar', ['-czC', 'end2end/charts', 'hello']);
    const metrics = readFileSync(tool('metrics-server-chart.tgz'));
    const server = createServer();
    const repository = new Repository(server);
    server.on('request', (asked, answer) => {
      if (asked.url === '/index.yaml') answer.end(repository.index);
      else if (asked.url === '/hello-1.0.0.tgz') answer.end(hello);
      else if (asked.url === '/metrics-server-3.13.1.tgz') answer.end(metrics);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return repository;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }
}
