/* Every page that a role opens, in both languages, wide and narrow, light and dark. */
import { readdirSync, readFileSync } from 'node:fs';
import { call, type Role } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';

const WAYS: Record<string, string[]> = {
  staff: ['/', '/ho-so', '/nhan?state=granted', '/nhan/moi', '/ho-so/moi'],
  appraiser: ['/'],
  director: ['/'],
  chairman: ['/'],
  office: ['/', '/ho-so?overdue=true&sort=due_on'],
  admin: ['/', '/to-chuc/moi'],
};

for (const setting of SETTINGS) {
  test(`pages of every role: ${named(setting)}`, async ({ visit }) => {
    for (const [role, paths] of Object.entries(WAYS)) {
      const visitor = await visit(role as Role, setting);
      for (const path of paths) {
        await visitor.go(path);
        await visitor.look(`${role} ${path}`);
        if (path === '/' && role === 'appraiser') {
          await visitor.picture('viec-cua-toi-appraiser');
        }
      }
    }
  });

  test(`dossiers and labels that ended or wait: ${named(setting)}`, async ({ visit }) => {
    const office = await visit('office', setting);
    for (const state of ['received', 'refused']) {
      const list = await call('office', 'GET', `/api/v1/dossiers?state=${state}&limit=1`);
      if (list.items.length > 0) {
        await office.go(`/ho-so/${list.items[0].id}`);
        await office.look(`dossier, ${state}`);
      }
    }
    for (const state of ['expired']) {
      const list = await call('office', 'GET', `/api/v1/labels?state=${state}&limit=1`);
      if (list.items.length > 0) {
        await office.go(`/nhan/${list.items[0].id}`);
        await office.look(`label, ${state}`);
      }
    }
    const open = await call('office', 'GET', '/api/v1/systems?level=none&limit=1');
    await office.go(`/he-thong/${open.items[0].id}`);
    await office.look('system without a level');
  });
}

test('the first page of staff on a telephone', async ({ visit }) => {
  const telephone = await visit('staff', { width: 390 });
  await telephone.go('/');
  await telephone.picture('dien-thoai-viec-cua-toi');
});

test('the guide shows pictures that exist, and no other is kept', () => {
  const docs = new URL('../../../docs/', import.meta.url);
  const guide = readFileSync(new URL('huong-dan/README.md', docs), 'utf8');
  const shown = [...guide.matchAll(/images\/([\w-]+\.webp)/g)].map((found) => found[1]);
  expect(new Set(shown)).toEqual(new Set(readdirSync(new URL('images/', docs))));
});

test('an address that does not exist', async ({ visit }) => {
  const staff = await visit('staff');
  await staff.go('/khong-co');
  await staff.title(staff.t.errors.notFoundTitle);
  await staff.look('no such page');
});
