import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, body } from '../../api/client';
import { useMay } from '../../api/queries';
import type { Account } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary } from '../../components/ErrorSummary';
import { badDates, TextField } from '../../components/Fields';
import { PageTitle } from '../../components/PageTitle';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';
import { LinkShown } from './LinkShown';
import { bodyOf, missing, NO_ROLE, RoleFields } from './RoleFields';

const FIRST = '/memberships/0';

export function PersonNewPage() {
  const may = useMay();
  return may('account.admin') ? <InviteForm /> : <ForbiddenPage right="account.admin" />;
}

function InviteForm() {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const submission = useSubmission();
  const { at, failure } = submission;
  const [username, setUsername] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(NO_ROLE);
  const [made, setMade] = useState<Account | null>(null);
  /* Anything of a role, a date that is none too. */
  const wantsRole = (form: Element) => Object.values(role).some((value) => value !== '' && value !== null)
    || badDates(form).length > 0;

  async function submit(event: FormEvent) {
    const withRole = wantsRole(event.currentTarget);
    const accepted = submission.accepts(event, [
      username.trim() === '' && { pointer: '/username', message: t.account.needUsername },
      name.trim() === '' && { pointer: '/display_name', message: t.account.needDisplayName },
      ...(withRole ? missing(role, words, FIRST) : []),
    ]);
    if (!accepted) {
      return;
    }
    const account = {
      username: username.trim(), display_name: name.trim(), email: email.trim(), memberships: withRole ? [bodyOf(role)] : [],
    };
    const sent = await submission.send(account, (key) =>
      body(api.POST('/api/v1/accounts', { params: { header: { 'Idempotency-Key': key } }, body: account })));
    setMade(sent?.data ?? null);
  }

  if (made !== null) {
    return (
      <div className="stack-l measure">
        <PageTitle title={made.display_name} />
        <LinkShown account={made} onDone={() => void navigate(`/nguoi-dung/${made.id}`)} />
      </div>
    );
  }
  return (
    <form className="stack-l measure" noValidate onSubmit={(event) => void submit(event)}>
      <div className="stack-s">
        <PageTitle title={t.account.inviteTitle} />
        <p className="muted">{t.account.inviteLead}</p>
      </div>
      <ErrorSummary failure={failure} />
      <TextField pointer="/display_name" label={t.account.displayName} hint={t.account.displayNameHint} value={name}
        maxLength={200} error={at('/display_name')} onChange={setName} />
      <TextField pointer="/username" label={t.account.username} hint={t.account.usernameHint} value={username}
        maxLength={60} error={at('/username')} onChange={(typed) => setUsername(typed.toLowerCase())} />
      <TextField pointer="/email" label={t.account.email} optional type="email" value={email} maxLength={200}
        error={at('/email')} onChange={setEmail} />
      <fieldset className="question stack">
        <legend>{t.account.firstRole}</legend>
        <p className="question-hint">{t.account.firstRoleHint}</p>
        <RoleFields draft={role} failure={failure} at={FIRST} onChange={(part) => setRole({ ...role, ...part })} />
      </fieldset>
      <div><Button type="submit" loading={submission.busy}>{t.account.send}</Button></div>
    </form>
  );
}
