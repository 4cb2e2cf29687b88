import { expect, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { CLIENT, Keycloak, SECRET } from '../support/keycloak';
import { activate, createNamespace, enter } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;
let keycloak: Keycloak;

test.beforeAll(async () => {
  cluster = await Cluster.start();
  server = await Console.start(cluster.kubeconfig);
  keycloak = await Keycloak.start(server.address);
});
test.afterAll(async () => {
  await keycloak?.stop();
  await server?.stop();
  await cluster?.stop();
});

test('a team signs in with Keycloak, from the first test to the day somebody leaves', async ({ page, browser, request }) => {
  const { complaints } = watch(page, { refusals: true, others: new URL(keycloak.issuer).origin });
  await activate(request, server, 'root');
  await enter(page, server, 'root');
  await createNamespace(page, server, 'shop', 'web');

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
  await page.getByRole('link', { name: 'Sign-in providers' }).click();
  await expect(page.getByText('No provider yet')).toBeVisible();
  await look(page, 'providers-none');
  await page.getByRole('link', { name: 'Add a provider' }).click();
  await alive(page);
  await page.getByLabel('Name', { exact: true }).fill('keycloak');
  await page.getByLabel('Name on the sign-in page').fill('Keycloak');
  await page.getByLabel('Issuer').fill('http://127.0.0.1:1/realms/team');
  await page.getByLabel('May be at an address of a private network').check();
  await page.getByLabel('Client ID').fill(CLIENT);
  await page.getByLabel('Client secret').fill(SECRET);
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await expect(page.getByText('It does not answer')).toBeVisible();
  await look(page, 'provider-refused');
  await page.getByLabel('Issuer').fill(keycloak.issuer);
  await page.getByLabel('Client secret').fill(SECRET);
  await page.getByRole('button', { name: 'Add a provider' }).click();

  await expect(page.getByRole('heading', { name: 'Keycloak' })).toBeVisible();
  await expect(page.getByText(`${server.address}/sso/keycloak/callback`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Enable' })).toBeDisabled();
  await page.getByRole('link', { name: 'Test a sign-in' }).click();
  await keycloak.signIn(page, 'ada');
  await expect(page).toHaveURL(`${server.address}/users/providers/keycloak`);
  await expect(page.getByRole('cell', { name: 'dev', exact: true })).toBeVisible();
  await expect(page.getByText('nothing beyond signing in')).toBeVisible();
  await alive(page);

  const rule = async (value: string, gives: string) => {
    await page.getByLabel('Value', { exact: true }).fill(value);
    await page.getByLabel('Gives', { exact: true }).selectOption(gives);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await expect(page.getByRole('button', { name: `Remove ${value}` })).toBeVisible();
  };
  await rule('dev', 'Developer');
  await rule('ops', 'Platform auditor');
  await expect(page.getByRole('listitem').filter({ hasText: 'Developer in shop' }), 'what ada would get').toBeVisible();
  await page.getByRole('button', { name: 'Enable' }).click();
  await expect(page.getByText('enabled', { exact: true })).toBeVisible();
  await look(page, 'provider');
  expect(complaints).toEqual([]);

  // Ada, from a link somebody sent her.
  const hers = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const ada = await hers.newPage();
  await ada.goto(`${server.address}/projects/shop`);
  await expect(ada.getByRole('link', { name: 'Sign in with Keycloak' })).toBeVisible();
  await look(ada, 'sign-in-ways');
  await ada.getByRole('link', { name: 'Sign in with Keycloak' }).click();
  await keycloak.signIn(ada, 'ada');
  await expect(ada).toHaveURL(`${server.address}/projects/shop`);
  await expect(ada.getByRole('heading', { name: 'shop' })).toBeVisible();
  await ada.goto(`${server.address}/account`);
  await expect(ada.getByText('You sign in with')).toBeVisible();
  await look(ada, 'account-sso');

  // Five tabs, over several lives of the access token.
  const tabs = await Promise.all([1, 2, 3, 4, 5].map(() => hers.newPage()));
  const until = Date.now() + 25_000;
  while (Date.now() < until) {
    await Promise.all(tabs.map((tab) => tab.goto(`${server.address}/account`)));
    for (const tab of tabs) await expect(tab.getByRole('rowheader', { name: 'Chrome · Linux' })).toHaveCount(1);
  }
  await Promise.all(tabs.map((tab) => tab.close()));

  await page.goto(`${server.address}/projects/shop/members`);
  await expect(page.getByRole('row', { name: 'ada' })).toContainText('by the rules of keycloak');
  await look(page, 'members-by-rules');
  await page.goto(`${server.address}/users`);
  await expect(page.getByRole('row', { name: 'ada' })).toContainText('keycloak');
  await look(page, 'users-source');

  // Another group, and her role follows without signing in again.
  await keycloak.move('ada', 'dev', 'ops');
  await expect(async () => {
    await page.goto(`${server.address}/users`);
    await expect(page.getByRole('row', { name: 'ada' })).toContainText('Platform auditor', { timeout: 1_000 });
  }).toPass({ timeout: 40_000 });

  // New keys, and somebody who signs in with them.
  await keycloak.rotateKeys();
  const theirs = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const grace = await theirs.newPage();
  await grace.goto(`${server.address}/audit`);
  await look(grace, 'sign-in-ways-chinese');
  await grace.getByRole('link', { name: 'Keycloak' }).click();
  await keycloak.signIn(grace, 'grace');
  await expect(grace).toHaveURL(`${server.address}/audit`);
  await grace.goto(`${server.address}/users/providers/keycloak`);
  await look(grace, 'provider-chinese');

  // She signs out elsewhere: Keycloak tells.
  await keycloak.signOut('grace');
  await expect(async () => {
    await grace.goto(`${server.address}/audit`);
    await expect(grace).toHaveURL(/sign-in\?next=\/audit/, { timeout: 500 });
  }).toPass({ timeout: 5_000 });

  // She comes back and signs out here, which leads her to sign out there as well.
  await grace.locator('a[href^="/sso/keycloak"]').click();
  await keycloak.signIn(grace, 'grace');
  await expect(grace).toHaveURL(`${server.address}/audit`);
  await grace.locator('header details', { hasText: 'grace' }).locator('summary').click();
  await grace.locator('form[action="/auth/sign-out"] button').click();
  await grace.locator('#kc-logout').click();
  await expect(grace).toHaveURL(`${server.address}/sign-in`);

  // Ada leaves the company.
  await keycloak.disable('ada');
  await expect(async () => {
    await ada.goto(`${server.address}/projects/shop`);
    await expect(ada).toHaveURL(/sign-in\?next=\/projects\/shop/, { timeout: 500 });
  }).toPass({ timeout: 40_000 });
  await ada.getByRole('link', { name: 'Sign in with Keycloak' }).click();
  await keycloak.signIn(ada, 'ada');
  await expect(ada, 'Keycloak keeps her out').not.toHaveURL(new RegExp(`^${server.address}`));

  await page.goto(`${server.address}/audit`);
  await expect(page.getByRole('cell', { name: 'session of user ada through keycloak' })).toBeVisible();
  for (const person of [hers, theirs]) await person.close();
});
