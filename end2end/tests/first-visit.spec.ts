import { expect, test } from '@playwright/test';
import { Console } from '../support/console';
import { enter } from '../support/people';
import { alive, look, watch } from '../support/watch';

const PASSWORD = 'walnut-harbour-42';
let server: Console;

test.beforeEach(async () => {
  server = await Console.start();
});
test.afterEach(async () => {
  await server.stop();
});

test('a person activates, signs in, adds a colleague, reads the trail and signs out', async ({ page, browser }) => {
  const { complaints } = watch(page, { refusals: true });

  await page.goto(server.activation);
  await alive(page);
  await expect(page.getByLabel('Setup token')).not.toHaveValue('');
  expect(page.url(), 'the token leaves the address').not.toContain('token');
  await look(page, 'activate');

  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await expect(page.getByText('good', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Activate' }).click();

  await expect(page).toHaveURL(/sign-in/);
  await look(page, 'sign-in');
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await alive(page);
  await look(page, 'overview');

  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
  await expect(page.getByRole('heading', { name: 'Create a user' })).toBeVisible();
  await page.locator('#username').fill('grace');
  await page.locator('#password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByText('The user was created.')).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'grace' })).toBeVisible();
  await look(page, 'users');
  const grace = page.getByRole('row', { name: 'grace' });
  await grace.getByRole('button', { name: 'Disable' }).click();
  await expect(grace.getByText('disabled')).toBeVisible();
  await expect(page.getByRole('row', { name: 'ada' }).getByRole('button'), 'nobody locks themselves out').toHaveCount(0);
  await look(page, 'users-disabled');
  await page.locator('summary', { hasText: 'Reset a password' }).click();
  const reset = page.locator('details', { hasText: 'Reset a password' });
  await reset.getByLabel('Username').fill('grace');
  await reset.getByLabel('New password').fill('short');
  await reset.getByRole('button', { name: 'Reset a password' }).click();
  await expect(reset.getByText('Use at least 12 characters.')).toBeVisible();
  await reset.getByLabel('New password').fill(`${PASSWORD}-again`);
  await reset.getByRole('button', { name: 'Reset a password' }).click();
  await expect(reset.getByText('The password was reset.')).toBeVisible();
  await look(page, 'users-reset');
  await grace.getByRole('button', { name: 'Enable' }).click();
  await expect(grace.getByText('active')).toBeVisible();

  // Somebody who is invited, and chooses the password.
  await page.locator('#username').fill('linus');
  await page.getByRole('button', { name: 'Create user' }).click();
  const link = page.locator('form code.token');
  await expect(link).toContainText('/welcome#token=');
  await expect(page.getByRole('row', { name: 'linus' })).toContainText('invited, no password yet');
  const theirs = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const linus = await theirs.newPage();
  const welcomed = watch(linus, { refusals: true });
  await linus.goto((await link.textContent()) ?? '');
  await alive(linus);
  await expect(linus).toHaveURL(`${server.address}/welcome`);
  await linus.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await linus.getByLabel('Password again').fill('something-else-17');
  await linus.getByRole('button', { name: 'Choose your password' }).click();
  await expect(linus.locator('#confirmation-help .refused')).not.toBeEmpty();
  await look(linus, 'welcome');
  await linus.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await linus.getByLabel('Password again').fill(PASSWORD);
  await linus.getByRole('button', { name: 'Choose your password' }).click();
  await expect(linus).toHaveURL(`${server.address}/sign-in`);
  await linus.locator('#username').fill('linus');
  await linus.locator('#password').fill(PASSWORD);
  await linus.getByRole('button', { name: 'Sign in' }).click();
  await expect(linus.getByRole('heading', { name: 'Overview' })).toBeVisible();
  expect(welcomed.complaints).toEqual([]);
  await theirs.close();

  await page.getByRole('navigation').getByRole('link', { name: 'Licence' }).click();
  await expect(page.getByText('does not expire')).toBeVisible();
  await look(page, 'licence');

  await page.getByRole('navigation').getByRole('link', { name: 'Audit' }).click();
  await expect(page.getByRole('cell', { name: 'user grace as member' })).toBeVisible();
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText('The trail is whole')).toBeVisible();
  await look(page, 'audit');
  await page.getByLabel('Object contains').fill('grace');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/object=grace/);
  await expect(page.getByRole('cell', { name: 'user grace as member' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'user ada' })).toHaveCount(0);
  await alive(page);
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const [table] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the table' }).click(),
  ]);
  expect(table.suggestedFilename()).toBe('audit.csv');

  const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const second = await other.newPage();
  await enter(second, server, 'ada');
  await second.goto(`${server.address}/account`);
  await expect(second.getByText('当前会话', { exact: true })).toBeVisible();
  await look(second, 'account-chinese');

  await page.locator('summary', { hasText: 'ada' }).click();
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { name: 'Change your password' })).toBeVisible();
  await expect(page.getByRole('rowheader', { name: 'Chrome · Linux' })).toHaveCount(2);
  await look(page, 'account');
  await alive(page);
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await expect(page.getByRole('rowheader', { name: 'Chrome · Linux' })).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0);
  await second.reload();
  await expect(second, 'whoever was signed in there is not any more').toHaveURL(/sign-in/);
  await other.close();

  await page.goto(server.address);
  await page.locator('summary', { hasText: 'ada' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(complaints).toEqual([]);
});

test('a refused activation names each field and keeps what was typed, except passwords', async ({ page }) => {
  await page.goto(server.activation);
  await alive(page);
  await page.getByLabel('Username').fill('system:admin');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Password again').fill('other');
  await page.getByLabel('Use a licence I have').check();
  await page.getByLabel('Licence text').fill('v1.only-half');
  await page.getByRole('button', { name: 'Activate' }).click();

  await expect(page.getByText('belong to Kubernetes')).toBeVisible();
  await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
  await expect(page.getByText('This differs from the first entry.')).toBeVisible();
  await expect(page.getByText('This is not a whole licence')).toBeVisible();
  await expect(page.getByLabel('Username')).toHaveValue('system:admin');
  await expect(page.getByLabel('Licence text')).toHaveValue('v1.only-half');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
  await expect(page.getByLabel('Username'), 'the first refused field').toBeFocused();
  await look(page, 'activate-refused');
});

test('changing language and theme keeps what was typed and lasts', async ({ page }) => {
  const { complaints } = watch(page);
  await page.goto(server.activation);
  await alive(page);
  await page.getByLabel('Username').fill('ada');
  await page.locator('summary', { hasText: 'Display' }).click();
  await page.getByLabel('Language').selectOption('简体中文');
  await page.getByLabel('Theme').selectOption('Dark');
  await page.getByRole('button', { name: 'Apply' }).click();

  await expect(page.getByRole('heading', { name: '激活 Pilothouse' })).toBeVisible();
  await expect(page.getByLabel('用户名')).toHaveValue('ada');
  await expect(page.getByLabel('设置令牌')).not.toHaveValue('');
  await page.waitForLoadState('networkidle');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await alive(page);
  await expect(page.getByRole('heading', { name: '激活 Pilothouse' })).toBeVisible();
  await look(page, 'activate-zh');
  expect(complaints).toEqual([]);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a wrong password is explained, a right one signs in, and pages read', async ({ page, request }) => {
    const token = server.activation.split('#token=')[1];
    const form = { token, username: 'ada', password: PASSWORD, confirmation: PASSWORD, licence: '' };
    const activated = await request.post(`${server.address}/api/license/activate`, {
      data: { form },
      headers: { origin: server.address },
    });
    expect(activated.status()).toBe(200);

    await page.goto(`${server.address}/audit`);
    await page.getByLabel('Username').fill('ada');
    await page.getByLabel('Password').fill('not-the-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Username or password is wrong.')).toBeVisible();
    await expect(page.getByLabel('Username')).toHaveValue('ada');

    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(`${server.address}/audit`);
    await expect(page.getByRole('cell', { name: 'license.activate' })).toBeVisible();
  });
});
