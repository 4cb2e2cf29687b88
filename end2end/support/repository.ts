import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chart repository on loopback with our chart `hello`. */
export class Repository {
  /** What it serves as `index.yaml`. */
  index: string;

  private constructor(private readonly server: Server) {
    const entry = { name: 'hello', version: '1.0.0', appVersion: '1', description: 'A page that greets' };
    const entries = { hello: [{ ...entry, urls: ['hello-1.0.0.tgz'] }] };
    this.index = JSON.stringify({ apiVersion: 'v1', entries });
  }

  static async serve(): Promise<Repository> {
    const archive = execFileSync('tar', ['-czC', 'end2end/charts', 'hello']);
    const server = createServer();
    const repository = new Repository(server);
    server.on('request', (asked, answer) => {
      if (asked.url === '/index.yaml') answer.end(repository.index);
      else if (asked.url === '/hello-1.0.0.tgz') answer.end(archive);
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
