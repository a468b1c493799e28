import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, body, newKey } from '../../api/client';
import { useMay, useRefresh } from '../../api/queries';
import type { Account } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary, errorAt, failureOf, type Failure, type FieldError } from '../../components/ErrorSummary';
import { TextField } from '../../components/Fields';
import { PageTitle } from '../../components/PageTitle';
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
  const refresh = useRefresh();
  const [key, setKey] = useState(newKey);
  const [username, setUsername] = useState('');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState(NO_ROLE);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [made, setMade] = useState<Account | null>(null);
  const wantsRole = role.role !== '' || role.organisation_id !== null || role.document_number !== '';

  async function submit(event: FormEvent) {
    event.preventDefault();
    const fields: FieldError[] = [
      username.trim() === '' && { pointer: '/username', message: t.account.needUsername },
      name.trim() === '' && { pointer: '/display_name', message: t.account.needDisplayName },
      ...(wantsRole ? missing(role, words, FIRST) : []),
    ].filter((field) => field !== false);
    setFailure(fields.length === 0 ? null : { title: t.errors.summary(fields.length), fields, trace: null });
    if (fields.length > 0) {
      return;
    }
    setBusy(true);
    try {
      setMade(await body(api.POST('/api/v1/accounts', {
        params: { header: { 'Idempotency-Key': key } },
        body: {
          username: username.trim(), display_name: name.trim(), email: email.trim(),
          memberships: wantsRole ? [bodyOf(role)] : [],
        },
      })));
      await refresh();
    } catch (error) {
      /* What is sent next may be another request. */
      setKey(newKey());
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
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
        maxLength={200} error={errorAt(failure, '/display_name')} onChange={setName} />
      <TextField pointer="/username" label={t.account.username} hint={t.account.usernameHint} value={username}
        maxLength={60} error={errorAt(failure, '/username')} onChange={(typed) => setUsername(typed.toLowerCase())} />
      <TextField pointer="/email" label={t.account.email} optional type="email" value={email} maxLength={200}
        error={errorAt(failure, '/email')} onChange={setEmail} />
      <fieldset className="question stack">
        <legend>{t.account.firstRole}</legend>
        <p className="question-hint">{t.account.firstRoleHint}</p>
        <RoleFields draft={role} failure={failure} at={FIRST} onChange={(part) => setRole({ ...role, ...part })} />
      </fieldset>
      <div><Button type="submit" loading={busy}>{t.account.send}</Button></div>
    </form>
  );
}
