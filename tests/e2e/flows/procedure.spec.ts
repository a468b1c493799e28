/* The main job: a system is registered and classified, its dossier is sent, returned, supplemented,
 * appraised and approved, and the register shows the level. */
import { call, makeSubmitted, makeAppraised } from '../support/api';
import { expect, named, SETTINGS, test, type Visit, type Visitor } from '../support/site';
import { criterion, itemTitle, option, question, today, unique, WORDS, type Language } from '../support/words';

const RETURN_REASON = 'Bổ sung sơ đồ phân vùng mạng và danh mục máy chủ vào thuyết minh thiết kế.';
const DESIGN = 'Hệ thống gồm máy chủ ứng dụng và máy chủ cơ sở dữ liệu đặt tại Trung tâm dữ liệu tỉnh.';
const SUPPLEMENT = `${DESIGN} Mạng chia ba vùng: biên, máy chủ, quản trị.`;

async function answer(staff: Visitor, fact: string, value: string | boolean): Promise<void> {
  const name = typeof value === 'boolean'
    ? (value ? staff.t.common.yes : staff.t.common.no) : option(fact, value, staff.language);
  await staff.group(question(fact, staff.language)).getByLabel(name, { exact: typeof value === 'boolean' }).check();
}

async function register(staff: Visitor, name: string): Promise<void> {
  const { page, t } = staff;
  await staff.go('/he-thong');
  await staff.link(t.system.register).click();
  await staff.title(t.system.newTitle);
  await page.getByLabel(t.system.name).fill(name);
  await expect(page.getByRole('combobox', { name: t.common.governing })).not.toHaveValue('');
  await page.getByLabel(t.system.purpose).fill('Quản lý văn bản đi, đến và điều hành công việc của Sở.');
  await page.getByLabel(t.system.scope).fill('Trụ sở Sở và 12 đơn vị trực thuộc, khoảng 600 người dùng.');
  await page.getByLabel(t.system.servedUsers).fill('Công chức, viên chức của Sở và đơn vị trực thuộc.');
  await staff.look('register, general');
  await staff.picture('dang-ky-1-thong-tin-chung');
  await staff.button(t.common.next).click();
  await page.getByRole('heading', { level: 2, name: t.system.stepFacts }).waitFor();

  const panel = page.getByTestId('level-panel');
  await expect(panel).toContainText(t.system.panelEmpty);
  await answer(staff, 'system_type', 'internal');
  await answer(staff, 'info_types', 'private');
  await expect(panel).toContainText(t.common.atLeast(2));
  await staff.look('register, the level so far');
  await answer(staff, 'serves_defence_security', false);
  await staff.button(t.system.answerAllNo).click();
  await expect(panel).toContainText(t.common.levelN(2));
  await expect(panel).toContainText(t.system.panelComplete);
  await expect(panel).toContainText(criterion('L2.1', staff.language));
  await staff.look('register, the level is known');
  await staff.picture('dang-ky-2-cap-do');
  await staff.button(t.common.next).click();

  await page.getByRole('heading', { level: 2, name: t.system.stepOperations }).waitFor();
  await staff.button(t.system.addContact).click();
  await page.getByLabel(t.system.contactName).fill('Nguyễn Văn An');
  await staff.button(t.system.addAddress).click();
  await page.getByLabel(t.system.addressValue).fill(`qlvb${Date.now().toString(36)}.bacninh.gov.vn`);
  await staff.button(t.system.addComponent).click();
  const component = staff.group(`${t.system.components} 1`);
  await component.getByLabel(t.system.componentName, { exact: true }).fill('Máy chủ ứng dụng');
  await component.getByLabel(t.system.componentLocation).fill('Trung tâm dữ liệu tỉnh');
  await staff.look('register, operations');
  await staff.button(t.common.next).click();

  await page.getByRole('heading', { level: 2, name: t.system.stepCheck }).waitFor();
  await expect(page.getByRole('main')).toContainText(name);
  await staff.look('register, check');
  await staff.picture('dang-ky-4-kiem-tra');
  await staff.button(t.system.saveNew).click();
  await expect(page.getByText(t.system.registeredTitle)).toBeVisible();
  await staff.title(name);
  await staff.look('system, registered');
}

async function startDossier(staff: Visitor): Promise<string> {
  const { page, t } = staff;
  await staff.link(t.system.startDossier).click();
  await staff.title(t.dossier.newTitle);
  await expect(staff.group(t.dossier.chooseLevel).getByLabel(t.common.levelN(2))).toBeChecked();
  await expect(staff.group(t.dossier.chooseLevel).getByLabel(t.common.levelN(1))).toHaveCount(0);
  await staff.look('dossier, new');
  await staff.picture('ho-so-1-lap');
  await staff.button(t.dossier.create).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await staff.ready();
  return page.url().split('/').at(-1) ?? '';
}

async function fillItem(staff: Visitor, item: string, content: string, document?: { number: string; date: string }) {
  const { t } = staff;
  const box = staff.group(itemTitle(item, staff.language));
  await box.getByLabel(t.dossier.itemContent).fill(content);
  if (document !== undefined) {
    await box.getByLabel(t.dossier.itemNumber).fill(document.number);
    await box.getByLabel(t.dossier.itemDate).fill(document.date);
  }
  await box.getByLabel(t.dossier.itemContent).blur();
  await expect(box.getByRole('status')).toContainText(t.common.saved(''));
}

async function fillAndSubmit(staff: Visitor): Promise<void> {
  const { page, t } = staff;
  await expect(page.getByRole('main')).toContainText(t.dossier.missing);
  await staff.look('dossier, draft');
  await staff.picture('ho-so-2-con-thieu');
  await fillItem(staff, 'design', DESIGN);
  await fillItem(staff, 'security_plan', 'Đáp ứng các yêu cầu cơ bản của cấp độ 2; sao lưu hằng ngày, giám sát tập trung.');
  await fillItem(staff, 'regulation_before_approval', 'Quy chế bảo đảm an ninh mạng của Sở.', { number: '45/QĐ-SYT', date: '14/09/2026' });
  await expect(page.getByText(t.dossier.missingNone)).toBeVisible();
  await submit(staff, 'ho-so-3-gui');
}

async function submit(staff: Visitor, picture?: string): Promise<void> {
  const { page, t } = staff;
  await staff.button(t.dossier.to.submitted!).click();
  await expect(page.getByText(t.dossier.what.submitted!)).toBeVisible();
  await staff.look('dossier, before it is sent');
  if (picture !== undefined) {
    await staff.picture(picture);
  }
  await staff.button(t.dossier.to.submitted!).click();
  await expect(page.getByText(t.dossier.done.submitted!)).toBeVisible();
}

/* From the first page, as somebody who only knows that something waits. */
async function openWaiting(visitor: Visitor, name: string): Promise<void> {
  await visitor.go('/');
  await visitor.link(name).click();
  await visitor.page.waitForURL(/\/ho-so\//);
  await visitor.ready();
}

async function receive(appraiser: Visitor, name: string, picture?: string): Promise<void> {
  const { page, t } = appraiser;
  await openWaiting(appraiser, name);
  await appraiser.link(t.dossier.appraise).click();
  await page.waitForURL(/tham-dinh$/);
  await appraiser.ready();
  await page.getByRole('radio', { name: t.dossier.receiveChoice }).check();
  if (picture !== undefined) {
    await appraiser.look('appraisal, receive');
    await appraiser.picture(picture);
  }
  await appraiser.button(t.dossier.to.received!).click();
  await expect(page.getByRole('heading', { name: t.dossier.concludeTitle })).toBeVisible();
}

async function returnForSupplement(appraiser: Visitor): Promise<void> {
  const { page, t } = appraiser;
  await page.getByRole('radio', { name: t.dossier.returnChoice }).check();
  const reason = page.getByRole('textbox', { name: t.dossier.reasonFor.returned! });
  await reason.fill(RETURN_REASON);
  await appraiser.picture('tham-dinh-2-tra-lai');
  await reason.fill('');
  await appraiser.button(t.dossier.to.returned!).click();
  await expect(page.getByRole('alert').getByText(t.dossier.needReasons)).toBeVisible();
  await appraiser.look('appraisal, a reason is missing');
  await reason.fill(RETURN_REASON);
  await appraiser.button(t.dossier.to.returned!).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('main')).toContainText(RETURN_REASON);
}

async function supplement(staff: Visitor, name: string): Promise<void> {
  const { page, t } = staff;
  await staff.go('/');
  await staff.link(name).first().click();
  await page.waitForURL(/\/ho-so\//);
  await staff.ready();
  await expect(page.getByRole('main')).toContainText(RETURN_REASON);
  await expect(page.getByRole('main')).toContainText(t.common.pausedClock);
  await staff.look('dossier, returned');
  await staff.picture('ho-so-4-bi-tra-lai');
  await fillItem(staff, 'design', SUPPLEMENT);
  await submit(staff);
}

async function conclude(appraiser: Visitor, name: string): Promise<void> {
  const { page, t } = appraiser;
  await openWaiting(appraiser, name);
  const changes = page.getByRole('region', { name: t.dossier.changesTitle, exact: true });
  await expect(changes.locator('del')).toHaveText(DESIGN);
  await expect(changes.locator('ins')).toHaveText(SUPPLEMENT);
  await receive(appraiser, name);
  await appraiser.group(t.dossier.concludeAsk).getByRole('radio').first().check();
  await appraiser.group(t.dossier.method).getByRole('radio').first().check();
  await page.getByRole('textbox', { name: t.dossier.reasonFor.appraised! }).fill('Cấp độ đề xuất đúng tiêu chí; phương án đáp ứng yêu cầu cơ bản.');
  await appraiser.look('appraisal, conclusion');
  await appraiser.picture('tham-dinh-3-ket-luan', appraiser.button(t.dossier.sendConclusion));
  await appraiser.button(t.dossier.sendConclusion).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('region', { name: t.dossier.opinions, exact: true })).toContainText('Cấp độ đề xuất đúng tiêu chí');
}

async function approve(signer: Visitor, name: string, level: number, number: string, picture?: string): Promise<void> {
  const { page, t } = signer;
  await openWaiting(signer, name);
  await signer.link(t.dossier.approve).click();
  await page.waitForURL(/phe-duyet$/);
  await signer.ready();
  await expect(page.locator('.signed')).toContainText(t.common.levelN(level).toLowerCase());
  if (picture !== undefined) {
    await signer.picture(`${picture}-1-to-trinh`);
  }
  await signer.button(t.dossier.to.approved!).click();
  await expect(page.getByRole('alert').getByText(t.dossier.needNumber)).toBeVisible();
  await page.getByRole('textbox', { name: t.dossier.decisionNumber }).fill(number);
  await page.getByRole('textbox', { name: t.dossier.decisionDate }).fill(today());
  await signer.look(`approval of level ${level}`);
  await signer.button(t.dossier.to.approved!).click();
  await expect(page.getByRole('heading', { name: t.dossier.askApprove })).toBeFocused();
  await expect(page.getByText(t.dossier.consequenceLevel(name, level))).toBeVisible();
  await signer.look(`approval of level ${level}, second question`);
  if (picture !== undefined) {
    await signer.picture(`${picture}-2-hoi-lai`, page.locator('.confirm'));
  }
  await signer.button(t.dossier.signApprove).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await signer.ready();
  await expect(page.getByRole('region', { name: t.dossier.decision, exact: true })).toContainText(number);
  await signer.look(`dossier, approved at level ${level}`);
}

/* The list and the page of the system show what was approved. */
async function approvedInRegister(reader: Visitor, name: string, level: number, number: string): Promise<void> {
  const { page, t } = reader;
  await reader.go(`/he-thong?q=${encodeURIComponent(name)}`);
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(t.common.levelN(level));
  await expect(row).toContainText(t.common.approvedLevel);
  await reader.link(name).click();
  await reader.title(name);
  await expect(page.getByRole('region', { name: t.system.approval, exact: true })).toContainText(number);
  await reader.look(`system, approved at level ${level}`);
  if (level === 3) {
    await reader.picture('he-thong-da-phe-duyet-3');
  }
}

async function people(visit: Visit, language: Language, width: number) {
  return {
    staff: await visit('staff', { language, width }),
    appraiser: await visit('appraiser', { language, width }),
  };
}

for (const setting of SETTINGS) {
  const { language, width } = setting;

  test(`level 2 from registration to approval: ${named(setting)}`, async ({ visit }) => {
    const name = unique('Phần mềm quản lý văn bản và điều hành');
    const { staff, appraiser } = await people(visit, language, width);
    await register(staff, name);
    await startDossier(staff);
    await fillAndSubmit(staff);
    await receive(appraiser, name, 'tham-dinh-1-tiep-nhan');
    await returnForSupplement(appraiser);
    await supplement(staff, name);
    await conclude(appraiser, name);
    const director = await visit('director', { language, width });
    const number = `${unique('').trim()}/QĐ-CAT`;
    await approve(director, name, 2, number, 'phe-duyet');
    await approvedInRegister(staff, name, 2, number);
  });

  test(`level 3 is approved by the chairman: ${named(setting)}`, async ({ visit }) => {
    const name = unique('Hệ thống thông tin khám, chữa bệnh từ xa');
    const made = await makeAppraised(3, name);
    const director = await visit('director', { language, width });
    await director.go(`/ho-so/${made.id}/phe-duyet`);
    await expect(director.page.getByText(director.t.dossier.notYourTurn)).toBeVisible();
    await director.look('approval, not mine');
    const chairman = await visit('chairman', { language, width });
    const number = `${unique('').trim()}/QĐ-UBND`;
    await approve(chairman, name, 3, number);
    const office = await visit('office', { language, width });
    await approvedInRegister(office, name, 3, number);
    const system = await call('office', 'GET', `/api/v1/systems?q=${name.split(' ').at(-1)}`);
    expect(system.items[0].approved_level).toBe(3);
  });
}

test('what is refused or returned by the signer asks for a reason and a second answer', async ({ visit }) => {
  const made = await makeAppraised(2, unique('Trang thông tin nội bộ'));
  const director = await visit('director');
  const { page, t } = director;
  await director.go(`/ho-so/${made.id}/phe-duyet`);
  await director.button(t.dossier.to.returned!).click();
  await expect(page.getByRole('alert').getByText(t.dossier.needReasons)).toBeVisible();
  await page.getByRole('textbox', { name: t.common.reason }).fill('Cần làm rõ phạm vi của hệ thống.');
  await director.button(t.dossier.to.returned!).click();
  await expect(page.getByText(t.dossier.consequenceReturn)).toBeVisible();
  await director.button(t.dossier.notYet).click();
  await director.button(t.dossier.to.returned!).click();
  await director.button(t.dossier.signReturn).click();
  await page.waitForURL(/\/ho-so\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('main')).toContainText('Cần làm rõ phạm vi của hệ thống.');
  await expect(page.getByRole('region', { name: t.dossier.decision, exact: true })).toContainText(t.dossier.decisionNone);
});

test('the appraiser cannot change a dossier, staff of another unit cannot see it', async ({ visit }) => {
  const name = unique('Cơ sở dữ liệu trang thiết bị y tế');
  const made = await makeSubmitted(2, name);
  const appraiser = await visit('appraiser');
  await appraiser.go(`/ho-so/${made.id}`);
  await expect(appraiser.page.getByLabel(WORDS.vi.dossier.itemContent)).toHaveCount(0);
  const other = await visit('staff2');
  other.expectStatus(404, 403);
  await other.go(`/ho-so/${made.id}`);
  await other.title(WORDS.vi.errors.notFoundTitle);
  await other.look('not found');
  await other.go(`/he-thong?q=${encodeURIComponent(name)}`);
  await expect(other.page.getByText(WORDS.vi.list.emptyFiltered)).toBeVisible();
  await other.look('list, nothing found');
});
