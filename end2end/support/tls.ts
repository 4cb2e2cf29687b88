import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

/** TLS in front of a console, as an Ingress brings it. */
export class Tls {
  private constructor(
    readonly address: string,
    /** Base64 of its certificate in PEM. */
    readonly authority: string,
    private readonly server: Server,
  ) {}

  static async start(console: string): Promise<Tls> {
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-tls-'));
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const into = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert];
    execFileSync('openssl', ['req', '-x509', ...into, ...subject], { stdio: 'ignore' });
    const pem = { key: readFileSync(key), cert: readFileSync(cert) };
    rmSync(folder, { recursive: true, force: true });
    const port = Number(new URL(console).port);
    const server = createServer(pem, (socket) => {
      const inside = connect(port, '127.0.0.1');
      socket.on('error', () => inside.destroy());
      inside.on('error', () => socket.destroy());
      socket.pipe(inside).pipe(socket);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const outside = typeof address === 'object' && address ? address.port : 0;
    return new Tls(`https://127.0.0.1:${outside}`, pem.cert.toString('base64'), server);
  }

  stop(): void {
    this.server.close();
  }
}
