import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate for 127.0.0.1 that nobody else signed. */
export class Certificate {
  private constructor(
    /** Settings of a console that serves with it. */
    readonly flags: string[],
    /** Base64 of it in PEM, for whoever is to trust it. */
    readonly authority: string,
  ) {}

  static make(folder: string): Certificate {
    const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const into = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', ...into, ...subject], { stdio: 'ignore' });
    const flags = ['--tls-certificate-file', certificate, '--tls-key-file', key];
    return new Certificate(flags, readFileSync(certificate).toString('base64'));
  }
}
