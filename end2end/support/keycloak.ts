import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { tool } from './cluster';
import { freePort } from './console';

export const CLIENT = 'pilothouse';
export const SECRET = 'canary-of-the-keycloak-client';
const PASSWORD = 'walnut-harbour-42';
/** Of access tokens, in seconds: short, so that a test sees them end. */
const LIFE = 10;

/** A real Keycloak with the realm `team`: its client is a console at this address; ada is in `dev`, grace in `ops`. */
export class Keycloak {
  private constructor(
    private readonly address: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  get issuer(): string {
    return `${this.address}/realms/team`;
  }

  static async start(console: string): Promise<Keycloak> {
    const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-keycloak-'));
    // It writes beside its programs, which the cache keeps clean.
    execFileSync('cp', ['-a', `${tool('keycloak-26.0.8')}/.`, folder]);
    mkdirSync(join(folder, 'data/import'), { recursive: true });
    writeFileSync(join(folder, 'data/import/team.json'), JSON.stringify(realm(console)));
    const port = await freePort();
    const listen = ['--http-enabled=true', '--http-host=127.0.0.1', `--http-port=${port}`, '--hostname-strict=false'];
    const child = spawn('bin/kc.sh', ['start', '--optimized', '--import-realm', '--cache=local', ...listen], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
        KC_BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
        JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx384m',
      },
    });
    const keycloak = new Keycloak(`http://127.0.0.1:${port}`, child, folder);
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(keycloak.issuer).catch(() => undefined);
      if (answer?.ok) return keycloak;
      if (tries > 240 || child.exitCode !== null) throw new Error('Keycloak did not start; has scripts/keycloak.sh run?');
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  /** Fills Keycloak's own form. */
  async signIn(page: Page, username: string): Promise<void> {
    await expect(page).toHaveURL(new RegExp(`^${this.address}/`));
    await page.locator('#username').fill(username);
    await page.locator('#password').fill(PASSWORD);
    await page.locator('#kc-login').click();
  }

  async disable(username: string): Promise<void> {
    await this.ask('PUT', `users/${await this.id(username)}`, { enabled: false });
  }

  /** Ends what the person has there, as when they sign out in another application. */
  async signOut(username: string): Promise<void> {
    await this.ask('POST', `users/${await this.id(username)}/logout`);
  }

  /** Takes somebody out of a group and puts them into another. */
  async move(username: string, from: string, to: string): Promise<void> {
    const id = await this.id(username);
    const groups = (await this.ask('GET', 'groups')) as { id: string; name: string }[];
    const group = (name: string) => groups.find((known) => known.name === name)?.id;
    await this.ask('DELETE', `users/${id}/groups/${group(from)}`);
    await this.ask('PUT', `users/${id}/groups/${group(to)}`);
  }

  /** Signs with a new key from now on. */
  async rotateKeys(): Promise<void> {
    const { id } = (await this.ask('GET', '')) as { id: string };
    const config = { priority: ['900'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] };
    await this.ask('POST', 'components', {
      name: 'newer', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider', parentId: id, config,
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async id(username: string): Promise<string> {
    const found = (await this.ask('GET', `users?exact=true&username=${username}`)) as { id: string }[];
    return found[0].id;
  }

  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    const form = new URLSearchParams({ client_id: 'admin-cli', grant_type: 'password', username: 'admin', password: PASSWORD });
    const token = await fetch(`${this.address}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: form });
    const { access_token } = (await token.json()) as { access_token: string };
    const answer = await fetch(`${this.address}/admin/realms/team/${path}`.replace(/\/$/, ''), {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    const text = await answer.text();
    return text ? JSON.parse(text) : undefined;
  }
}

function realm(console: string): object {
  const person = (username: string, group: string) => ({
    username,
    enabled: true,
    email: `${username}@example.org`,
    emailVerified: true,
    firstName: username,
    lastName: 'Example',
    groups: [group],
    credentials: [{ type: 'password', value: PASSWORD, temporary: false }],
  });
  const groups = {
    name: 'groups',
    protocol: 'openid-connect',
    protocolMapper: 'oidc-group-membership-mapper',
    config: { 'claim.name': 'groups', 'full.path': 'false', 'id.token.claim': 'true', 'access.token.claim': 'false' },
  };
  return {
    realm: 'team',
    enabled: true,
    sslRequired: 'none',
    accessTokenLifespan: LIFE,
    groups: [{ name: 'dev' }, { name: 'ops' }],
    users: [person('ada', 'dev'), person('grace', 'ops')],
    clients: [
      {
        clientId: CLIENT,
        secret: SECRET,
        redirectUris: [`${console}/sso/keycloak/callback`],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'backchannel.logout.url': `${console}/sso/keycloak/logout`,
          'backchannel.logout.session.required': 'true',
          'post.logout.redirect.uris': `${console}/sign-in`,
        },
        protocolMappers: [groups],
      },
    ],
  };
}
