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

/** Through the page of users, by an administrator. */
export async function createUser(page: Page, username: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByRole('rowheader', { name: username })).toBeVisible();
}
