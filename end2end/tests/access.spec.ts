import { expect, type Page, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, addMember, call, createNamespace, createUser, enter, PASSWORD, signIn } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;

test.beforeAll(async () => {
  cluster = await Cluster.start();
});
test.afterAll(async () => {
  await cluster.stop();
});

test.afterEach(async () => {
  await server?.stop();
});

async function go(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
}

test('groups, roles of their own, access for a time, and the console as somebody else sees it', async ({
  page,
  browser,
  request,
}) => {
  test.setTimeout(480_000);
  server = await Console.start(cluster.kubeconfig);
  await activate(request, server, 'ada');
  const { complaints } = watch(page, { refusals: true, denials: true });
  await signIn(page, server, 'ada');
  await createUser(page, 'grace');
  await createUser(page, 'linus');
  await createNamespace(page, server, 'shop', 'web');
  await addMember(page, server, 'shop', 'linus', 'viewer');

  // A group with somebody in it.
  await go(page, 'Users');
  await page.getByRole('main').getByRole('link', { name: 'Groups' }).click();
  await expect(page.getByText('No group yet.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('On call');
  await alive(page);
  await page.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByText('Use lower-case letters, digits and -, beginning')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('on-call');
  await page.getByLabel('Description').fill('Whoever has the phone');
  await page.getByRole('button', { name: 'Create group' }).click();
  const group = page.getByRole('region', { name: 'on-call' });
  await group.getByLabel('Username').fill('nobody');
  await alive(page);
  await group.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(group.getByText('Nobody has this name.')).toBeVisible();
  await group.getByLabel('Username').fill('grace');
  await group.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(group.getByRole('link', { name: 'grace' })).toBeVisible();

  // A role that the project puts together, given to the group.
  await go(page, 'Projects');
  await page.getByRole('main').getByRole('link', { name: 'shop' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Roles' }).click();
  await page.getByLabel('Name of the role').fill('operator');
  await alive(page);
  await page.getByRole('button', { name: 'Save role' }).click();
  await expect(page.getByText('Enter a value.')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Operate' }).check();
  await page.getByRole('checkbox', { name: 'Enter pods' }).check();
  await look(page, 'roles-new');
  await page.getByRole('button', { name: 'Save role' }).click();
  await expect(page.getByRole('row', { name: 'operator' })).toBeVisible();
  await look(page, 'roles');
  await page.getByRole('main').getByRole('link', { name: 'Members' }).click();
  await page.getByLabel('Person or group').selectOption('Group');
  await page.getByLabel('Name', { exact: true }).fill('on-call');
  await page.getByLabel('Role', { exact: true }).selectOption('operator');
  await alive(page);
  await page.getByRole('button', { name: 'Add or change a member' }).click();
  await expect(page.getByRole('row', { name: /grace/ })).toContainText('through the group on-call');
  const can = (verb: string, what: string, name: string) => {
    const account = JSON.parse(
      cluster.kubectl('get', 'rolebindings', '-n', 'shop-web', '-o', 'json'),
    ).items.flatMap((binding: { subjects?: { name: string }[] }) => binding.subjects ?? []);
    const slug = account.find((subject: { name: string }) => subject.name.startsWith(name))?.name;
    try {
      cluster.kubectl('auth', 'can-i', verb, what, '-n', 'shop-web', '--as', `system:serviceaccount:pilothouse-users:${slug}`);
      return true;
    } catch {
      return false;
    }
  };
  await expect(() => {
    expect(can('patch', 'deployments.apps', 'grace')).toBe(true);
    expect(can('create', 'deployments.apps', 'grace')).toBe(false);
  }).toPass();

  // Somebody who may only look asks, and gets it for a while.
  const theirs = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' });
  const linus = await theirs.newPage();
  const watched = watch(linus, { refusals: true, denials: true });
  await signIn(linus, server, 'linus');
  await go(linus, 'Namespaces');
  await linus.getByRole('link', { name: 'shop-web' }).click();
  await linus.goto(`${server.address}/namespaces/local/shop-web/deploy`);
  await expect(linus.getByText('Changing this takes the role: Developer')).toBeVisible();
  await linus.getByRole('main').getByRole('link', { name: 'Ask for access' }).click();
  await expect(linus.getByLabel('Project')).toHaveValue('shop');
  await linus.getByLabel('Role', { exact: true }).selectOption('Developer');
  await linus.getByLabel('For how long').selectOption('8 h');
  await alive(linus);
  await linus.getByRole('button', { name: 'Ask for access' }).click();
  await expect(linus.getByLabel('Project'), 'what was typed stays').toHaveValue('shop');
  await linus.getByLabel('Reason').fill('The release of tonight');
  await linus.getByRole('button', { name: 'Ask for access' }).click();
  await expect(linus.getByText('The request was sent.')).toBeVisible();
  await expect(linus.getByRole('row', { name: /shop/ })).toContainText('open');
  await look(linus, 'requests');
  // Asked for by mistake, and taken back.
  await linus.getByLabel('Role', { exact: true }).selectOption('Project administrator');
  await linus.getByLabel('Reason').fill('A mistake');
  await linus.getByRole('button', { name: 'Ask for access' }).click();
  const mistake = linus.getByRole('row', { name: /A mistake/ });
  await mistake.getByRole('button', { name: 'Withdraw shop' }).click();
  await expect(mistake).toContainText('withdrawn');

  await page.reload();
  await expect(page.getByRole('cell', { name: 'The release of tonight' })).toBeVisible();
  await look(page, 'members-request');
  await page.getByLabel('For how long: linus').selectOption('4 h');
  await alive(page);
  await page.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('approved by ada')).toBeVisible();
  const members = page.getByRole('region', { name: 'Members' });
  await expect(members.getByRole('row', { name: /linus.*Developer/ })).toContainText('asked for');
  await look(page, 'members-approved');
  await expect(() => expect(can('create', 'deployments.apps', 'linus')).toBe(true)).toPass();
  await linus.goto(`${server.address}/namespaces/local/shop-web/deploy`);
  await expect(linus.getByRole('textbox', { name: 'Image' })).toBeVisible();

  // Everything that somebody may do, and the console as they see it.
  await go(page, 'Users');
  await page.getByRole('link', { name: 'linus' }).click();
  await expect(page.getByRole('row', { name: /shop/ })).toContainText('Viewer, given here');
  await expect(page.getByRole('row', { name: /shop/ })).toContainText('Developer, asked for, Ends');
  await look(page, 'user');
  await page.getByRole('button', { name: 'View as linus' }).click();
  await expect(page.getByText('You are looking as linus. Nothing can be changed.')).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Users' })).toHaveCount(0);
  await look(page, 'viewing');
  await go(page, 'Access');
  await page.getByLabel('Project').fill('shop');
  await page.getByLabel('Reason').fill('In the name of somebody else');
  await alive(page);
  await page.getByRole('button', { name: 'Ask for access' }).click();
  await expect(page.getByText('You are looking as somebody else, so nothing can be changed.')).toBeVisible();
  await page.getByRole('button', { name: 'Stop looking' }).click();
  await expect(page.getByRole('heading', { name: 'linus' })).toBeVisible();
  await expect(page.getByText('You are looking as')).toHaveCount(0);

  await go(page, 'Audit');
  await expect(page.getByText('identity.stop_viewing')).toBeVisible();
  const approved = page.getByRole('row', { name: /requests.approve/ });
  await expect(approved).toContainText('because: The release of tonight (4 h given)');
  await expect(approved).toContainText('127.0.0.1');
  await approved.getByText('What changed').click();
  await expect(approved.getByText('+ user linus: developer until')).toBeVisible();
  await look(page, 'audit-changed');

  // The project changes, and keeps what was typed when it may not.
  await go(page, 'Projects');
  await page.getByRole('main').getByRole('link', { name: 'shop' }).click();
  await page.getByRole('link', { name: 'Change project' }).click();
  await expect(page.getByLabel('CPU')).toHaveValue('4');
  await page.getByLabel('CPU').fill('6');
  await page.getByRole('checkbox', { name: 'local' }).uncheck();
  await alive(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('1 namespaces of projects are in this cluster.')).toBeVisible();
  await expect(page.getByLabel('CPU')).toHaveValue('6');
  await look(page, 'project-change');
  await page.getByRole('checkbox', { name: 'local' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('of 6 given')).toBeVisible();

  // In Chinese, the same pages.
  const chinese = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const third = await chinese.newPage();
  await enter(third, server, 'ada');
  for (const [address, name] of [
    ['users/groups', 'groups-chinese'],
    ['projects/shop/roles', 'roles-chinese'],
    ['projects/shop/members', 'members-chinese'],
    ['people/linus', 'user-chinese'],
    ['requests', 'requests-chinese'],
    ['projects/shop/change', 'project-change-chinese'],
  ]) {
    await third.goto(`${server.address}/${address}`);
    await alive(third);
    await look(third, name);
  }
  await chinese.close();
  await theirs.close();
  expect(watched.complaints).toEqual([]);
  expect(complaints).toEqual([]);
  await call(page, server, 'groups/delete', { group: 'on-call', confirmation: 'on-call' });
  await expect(() => expect(can('patch', 'deployments.apps', 'grace')).toBe(false)).toPass();
});

test('somebody who does nothing is told before the session ends, and can stay', async ({ page, request }) => {
  test.setTimeout(300_000);
  server = await Console.start(undefined, '--session-idle-minutes', '1');
  await activate(request, server, 'ada');
  const { complaints } = watch(page);
  await signIn(page, server, 'ada');

  const stay = page.getByRole('button', { name: 'Stay signed in' });
  await expect(stay).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('You will be signed out in 1 min')).toBeVisible();
  await look(page, 'session-ending');
  await stay.click();
  await expect(stay).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  expect(complaints).toEqual([]);

  // Nobody comes back.
  await expect(page.getByText('Your session has ended.')).toBeVisible({ timeout: 150_000 });
  await page.getByRole('main').getByRole('link', { name: 'Sign in again' }).click();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});
