import { type APIRequestContext, expect, type Page } from '@playwright/test';
import type { Console } from './console';

export const PASSWORD = 'walnut-harbour-42';

/** Makes the first administrator and takes the free licence, without the page. */
export async function activate(request: APIRequestContext, server: Console, username: string): Promise<void> {
  const token = server.activation.split('#token=')[1];
  const form = { token, username, password: PASSWORD, confirmation: PASSWORD, licence: '' };
  const answer = await request.post(`${server.address}/api/license/activate`, {
    data: { form },
    headers: { origin: server.address },
  });
  expect(answer.status()).toBe(200);
}

export async function signIn(page: Page, server: Console, username: string): Promise<void> {
  await page.goto(`${server.address}/sign-in`);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
}

/** As `signIn`, whatever the language of the browser. */
export async function enter(page: Page, server: Console, username: string): Promise<void> {
  await page.goto(`${server.address}/sign-in`);
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL(`${server.address}/`);
}

/** Through the page of users, by an administrator. */
export async function createUser(page: Page, username: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('rowheader', { name: username })).toBeVisible();
}

/** A server function, as whoever is signed in on this page. */
export async function call(page: Page, server: Console, endpoint: string, data: object): Promise<void> {
  const answer = await page.request.post(`${server.address}/api/${endpoint}`, {
    data,
    headers: { origin: server.address },
  });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** A project with one namespace, made without the pages. */
export async function createNamespace(page: Page, server: Console, project: string, name: string): Promise<void> {
  const clusters = [{ cluster: 'local', cpu: '4', memory: '4Gi', pods: '30' }];
  await call(page, server, 'projects/create', {
    form: { name: project, display_name: '', description: '', clusters },
  });
  const amounts = { 'limits.cpu': '2', 'limits.memory': '2Gi', 'default.cpu': '200m', 'default.memory': '64Mi' };
  const bounds = { amounts: { ...amounts, pods: '10' }, security: 'baseline' };
  await call(page, server, 'namespaces/create', { form: { project, cluster: 'local', name, bounds } });
}

/** A role in a project, given without the pages. */
export async function addMember(page: Page, server: Console, project: string, name: string, role: string): Promise<void> {
  await call(page, server, 'projects/set-member', { project, form: { who: { name, group: false }, role } });
}
