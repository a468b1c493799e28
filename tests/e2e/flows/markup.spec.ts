/* H-8: markup and script addresses in what people write are shown as text, everywhere. */
import { call, makeSystem, putItem, take } from '../support/api';
import { expect, test, type Visitor } from '../support/site';
import { unique } from '../support/words';

const PROBES = [
  '<img src=x onerror="window.__ran=1">',
  '"><script>window.__ran=2</script>',
  '<svg onload=window.__ran=3>',
  "';window.__ran=4;//",
  '{{constructor.constructor("window.__ran=5")()}}',
  '<a href="javascript:window.__ran=6">x</a>',
];
const ALL = PROBES.join(' ');

async function harmless(visitor: Visitor, path: string, shown: string): Promise<void> {
  await visitor.go(path);
  await expect(visitor.page.getByText(shown).first()).toBeVisible();
  const found = await visitor.page.evaluate(() => ({
    ran: (window as unknown as { __ran?: number }).__ran,
    planted: document.querySelectorAll('img[src="x"], main svg[onload], main script, a[href^="javascript:"]').length,
  }));
  expect(found, path).toEqual({ planted: 0 });
}

test('stored markup does nothing on any page that shows it', async ({ visit }) => {
  const name = `${unique('Hệ thống')} ${PROBES[0]} ${PROBES[1]}`;
  const system = await makeSystem(2, name, {
    purpose: ALL, scope: ALL, served_users: ALL,
    contacts: [{ name: PROBES[1], title: PROBES[0], email: '', phone: PROBES[3], purpose: 'technical' }],
    components: [{ name: PROBES[0], kind: 'software', location: PROBES[2], product: PROBES[1] }],
  });
  const draft = await call('staff', 'POST', '/api/v1/dossiers', {
    ruleset: 'vn-331-2026', systems: [{ system_id: system.id, proposed_level: 3, reason: ALL }],
  });
  for (const item of ['design', 'security_plan', 'regulation']) {
    await putItem(draft.id, item, { content: ALL, document_number: '<b>1</b>', document_date: '2026-09-14' });
  }
  await take('staff', draft.id, { to: 'submitted' });
  await take('appraiser', draft.id, { to: 'received' });
  await take('appraiser', draft.id, { to: 'returned', reason: ALL });
  await putItem(draft.id, 'design', { content: `${ALL} thêm` });
  await take('staff', draft.id, { to: 'submitted' });
  await take('appraiser', draft.id, { to: 'received' });
  await take('appraiser', draft.id, { to: 'appraised', conclusion: 'suitable', method: 'written', reason: ALL });
  const label = await call('staff', 'POST', '/api/v1/labels', {
    type: 'system', target: PROBES[0], grade: 'basic', system_id: system.id,
    operator_id: draft.operator.id, governing_id: draft.governing.id, evidence_url: 'https://x.example/"><script>',
  }).catch(() => call('staff', 'POST', '/api/v1/labels', {
    type: 'system', target: PROBES[0], grade: 'basic', system_id: system.id,
    operator_id: draft.operator.id, governing_id: draft.governing.id,
  }));

  const staff = await visit('staff');
  await harmless(staff, `/he-thong/${system.id}`, PROBES[0]!);
  await harmless(staff, `/he-thong/${system.id}/sua?buoc=4`, PROBES[2]!);
  await harmless(staff, '/he-thong', PROBES[1]!);
  await harmless(staff, `/ho-so/${draft.id}`, PROBES[5]!);
  await harmless(staff, '/ho-so', PROBES[0]!);
  await harmless(staff, `/nhan/${label.id}`, PROBES[0]!);
  await harmless(staff, '/nhan', PROBES[0]!);
  await harmless(staff, `/ho-so/moi?system=${system.id}`, PROBES[0]!);
  await staff.page.keyboard.press('Control+k');
  await expect(staff.page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await staff.page.keyboard.type('onerror');
  await expect(staff.page.getByRole('dialog').getByText(PROBES[0]!).first()).toBeVisible();
  const appraiser = await visit('appraiser');
  await harmless(appraiser, `/ho-so/${draft.id}/tham-dinh`, PROBES[4]!);
  const chairman = await visit('chairman');
  await harmless(chairman, '/', PROBES[0]!);
  await harmless(chairman, `/ho-so/${draft.id}/phe-duyet`, PROBES[0]!);
  expect(await chairman.page.evaluate(() => (window as unknown as { __ran?: number }).__ran)).toBeUndefined();
});

test('an address that leads to a script is refused by the server', async () => {
  const system = await makeSystem(2, unique('Hệ thống có liên kết'));
  const whole = await call('staff', 'GET', `/api/v1/systems/${system.id}`);
  for (const address of ['javascript:window.__ran=1', 'data:text/html,<script>1</script>']) {
    await expect(call('staff', 'POST', '/api/v1/labels', {
      type: 'website', target: 'www.bacninh.gov.vn', grade: 'basic', evidence_url: address,
      operator_id: whole.operator.id, governing_id: whole.governing.id,
    })).rejects.toThrow(/422/);
  }
});

test('after the sign-in only addresses of this site are followed', async ({ visit }) => {
  const staff = await visit('staff');
  for (const target of ['//elsewhere.example/', '/\\elsewhere.example', 'javascript:window.__ran=1', 'https://elsewhere.example']) {
    await staff.page.goto(`/dang-nhap?tiep=${encodeURIComponent(target)}`);
    await staff.ready();
    expect(await staff.page.evaluate(() => location.origin)).toBe(process.env.CAPDO_TEST_URL);
  }
});
