/* Organisations change: two bodies become one, systems follow, the old code finds the new body. */
import { call, makeSystem, type Json } from '../support/api';
import { expect, named, SETTINGS, test } from '../support/site';
import { unique } from '../support/words';

let serial = 0;

async function makeOrganisation(name: string): Promise<Json> {
  const code = `T${Date.now() % 1_000_000}.${++serial}`;
  return call('admin', 'POST', '/api/v1/organisations', { code, name, kind: 'centre', valid_from: '2020-01-01' });
}

async function change(organisation: Json, body: object): Promise<void> {
  const now = await call('admin', 'GET', `/api/v1/organisations/${organisation.id}`);
  await call('admin', 'POST', `/api/v1/organisations/${organisation.id}/changes`, {
    effective_on: '2026-03-01', document_number: '12/QĐ-UBND', ...body,
  }, `"${now.version}"`);
}

/* A system of the body: split off from the one where the staff account works. */
async function giveSystem(to: Json): Promise<Json> {
  const system = await makeSystem(2, unique('Phần mềm thư viện'));
  const from = (await call('staff', 'GET', '/api/v1/me')).capacities[0].organisation;
  await change(from, { kind: 'split', successors: [{ organisation_id: to.id, systems: [{ code: system.code }] }] });
  return system;
}

for (const setting of SETTINGS) {
  test(`two bodies become one and their systems follow: ${named(setting)}`, async ({ visit }) => {
    const old = await makeOrganisation(unique('Trung tâm Thư viện'));
    const young = await makeOrganisation(unique('Trung tâm Văn hóa và Thư viện'));
    const system = await giveSystem(old);
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    await admin.go(`/to-chuc/${young.id}`);
    await admin.look('organisation with history');
    await admin.link(t.organisationChange.record).click();
    await admin.title(young.name);
    await page.getByLabel(t.organisationChange.kind, { exact: true }).selectOption('merged');
    await admin.button(t.organisationChange.preview).click();
    await expect(page.getByRole('alert')).toContainText(t.common.required(t.organisationChange.document));
    await admin.look('change, what is missing');
    const picker = page.getByRole('combobox', { name: t.organisationChange.mergedOne(1) });
    await picker.click();
    await picker.fill(old.name);
    await page.getByRole('option', { name: old.name }).click();
    await page.getByLabel(t.organisationChange.effectiveOn, { exact: true }).fill('01/07/2026');
    await page.getByLabel(t.organisationChange.document, { exact: true }).fill('77/QĐ-UBND');
    await admin.look('change');
    await admin.button(t.organisationChange.preview).click();
    const question = page.getByRole('region', { name: t.organisationChange.ask });
    await expect(question).toContainText(`1 ${t.organisationHistory.counts.systems}`);
    await admin.look('change, the second question');
    await admin.picture('to-chuc-4-hoi-lai');
    await admin.button(t.common.back).click();
    await expect(page.getByLabel(t.organisationChange.document, { exact: true })).toHaveValue('77/QĐ-UBND');
    await admin.picture('to-chuc-3-thay-doi');
    await admin.button(t.organisationChange.preview).click();
    await expect(question).toBeVisible();

    /* Nothing happened yet. */
    expect((await call('office', 'GET', `/api/v1/systems/${system.id}`)).operator.id).toBe(old.id);
    await admin.button(t.organisationChange.confirm).click();
    await admin.title(young.name);
    await expect(page.getByRole('main')).toContainText('77/QĐ-UBND');
    await expect(admin.link(old.name)).toBeVisible();
    const moved = await call('office', 'GET', `/api/v1/systems/${system.id}`);
    expect(moved.operator.id).toBe(young.id);
    expect(moved.code).toBe(system.code);
    await admin.picture('to-chuc-5-lich-su', page.getByRole('heading', { name: t.organisationHistory.codes }));

    await admin.link(old.name).click();
    await expect(page.getByText(t.organisationHistory.succeeded)).toBeVisible();
    await admin.look('organisation that ended');
    await admin.go(`/to-chuc?q=${old.code}`);
    await expect(page.getByText(t.organisationImport.oldCode(old.code, old.name))).toBeVisible();
    await admin.link(young.name).first().click();
    await admin.title(young.name);
  });

  test(`organisations come from a file: ${named(setting)}`, async ({ visit }) => {
    const code = `T${Date.now() % 1_000_000}.${++serial}`;
    const admin = await visit('admin', setting);
    const { page, t } = admin;
    const file = (text: string) => ({ name: 'to-chuc.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const name = unique('Trung tâm Kiểm định chất lượng và Đo lường');
    await admin.go('/to-chuc/nhap');
    await admin.button(t.organisationImport.check).click();
    await expect(page.getByRole('alert')).toContainText(t.organisationImport.needFile);
    await admin.look('import, no file');
    admin.expectStatus(422);
    const broken = { name: 'to-chuc.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: Buffer.from('PK\x03\x04 cut off') };
    const foreign = { name: 'to-chuc.csv', mimeType: 'text/csv', buffer: Buffer.from('code;name;kind\nA1;Tr\xfd\xa5m;centre\n', 'latin1') };
    for (const [what, unreadable] of [['no workbook', broken], ['not UTF-8', foreign]] as const) {
      await page.locator('input[type=file]').setInputFiles(unreadable);
      await admin.button(t.organisationImport.check).click();
      await expect(page.getByRole('alert')).not.toContainText(t.organisationImport.needFile);
      await expect(page.getByRole('alert')).not.toBeEmpty();
      await admin.look(`import, ${what}`);
    }
    await page.locator('input[type=file]').setInputFiles(file(`code;name;kind\n${code};${name};centre\n${code}.1;;centre\nH02;x;other\n`));
    await admin.button(t.organisationImport.check).click();
    await expect(page.getByRole('heading', { name: t.organisationImport.askPart('1', '2') })).toBeVisible();
    await admin.look('import, with errors');
    await admin.picture('to-chuc-6-nhap-tep', admin.button(t.organisationImport.applyPart));
    expect((await call('office', 'GET', `/api/v1/organisations?code=${code}`)).items).toHaveLength(0);
    await page.locator('input[type=file]').setInputFiles(file(`code;name;kind\n${code};${name};centre\n`));
    await admin.button(t.organisationImport.check).click();
    await admin.button(t.organisationImport.apply).click();
    await expect(page.getByRole('status').filter({ hasText: t.organisationImport.done })).toBeVisible();
    await admin.look('import, done');
    expect((await call('office', 'GET', `/api/v1/organisations?code=${code}`)).items[0].name).toBe(name);
    await admin.button(t.organisationImport.check).click();
    await expect(page.getByText(t.organisationImport.nothing)).toBeVisible();
  });
}
