/* Computed beside proposed level of each system; a draft may still propose another. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { api, tagged, type Tagged } from '../../api/client';
import { dossierQuery, useRefresh } from '../../api/queries';
import type { Dossier } from '../../api/types';
import { ErrorSummary, errorAt, failureOf, type Failure } from '../../components/ErrorSummary';
import { RadioGroup, TextField } from '../../components/Fields';
import { LevelBadge } from '../../components/LevelBadge';
import { Reasons } from '../../components/Reasons';
import { useWords } from '../../i18n';

export function DossierLevels({ loaded, editable }: { loaded: Tagged<Dossier>; editable: boolean }) {
  const { t } = useWords();
  const [editing, setEditing] = useState(false);
  const dossier = loaded.data;
  return (
    <section aria-labelledby="cap-h">
      <h2 id="cap-h">{t.dossier.systemsAndLevels}</h2>
      {editing && editable ? <EditLevels loaded={loaded} onClose={() => setEditing(false)} /> : (
        <>
          <SystemLevels dossier={dossier} />
          {editable && (
            <div className="no-print">
              <Button variant="default" onClick={() => setEditing(true)}>{t.dossier.changeLevel}</Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

export function SystemLevels({ dossier }: { dossier: Dossier }) {
  const { t } = useWords();
  const decided = dossier.state === 'approved';
  return (
    <ul className="plain stack">
      {dossier.systems.map((row) => (
        <li key={row.system.id} className="panel stack-s">
          <p>
            <Link className="row-link" to={`/he-thong/${row.system.id}`}>{row.system.name}</Link>{' '}
            <span className="code muted small">{row.system.code}</span>
          </p>
          <div className="row">
            <LevelBadge level={row.computed_level} atLeast={row.at_least} kind="computed" />
            <LevelBadge level={row.proposed_level} kind={decided ? 'approved' : 'proposed'} />
          </div>
          {row.reason !== '' && <p><span className="strong">{t.dossier.reasonLabel}:</span> {row.reason}</p>}
          {row.classification !== null && <Reasons classification={row.classification} />}
        </li>
      ))}
    </ul>
  );
}

function EditLevels({ loaded, onClose }: { loaded: Tagged<Dossier>; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const refresh = useRefresh();
  const id = loaded.data.id;
  const [rows, setRows] = useState(() => loaded.data.systems.map((row) => ({
    system_id: row.system.id, proposed_level: row.proposed_level, reason: row.reason,
  })));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const saved = await tagged(api.PATCH('/api/v1/dossiers/{id}', {
        params: { path: { id }, header: { 'If-Match': loaded.etag } }, body: { systems: rows },
      }));
      client.setQueryData(dossierQuery(id).queryKey, saved);
      await refresh();
      onClose();
    } catch (error) {
      setFailure(failureOf(error, words));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="stack measure" noValidate onSubmit={(event) => void submit(event)}>
      <ErrorSummary failure={failure} />
      {loaded.data.systems.map((row, index) => {
        const floor = Math.max(row.computed_level ?? 0, row.at_least, 1);
        const change = (part: Partial<(typeof rows)[number]>) =>
          setRows(rows.map((other, at) => (at === index ? { ...other, ...part } : other)));
        return (
          <div key={row.system.id} className="stack">
            <RadioGroup pointer={`/systems/${index}/proposed_level`} inline
              legend={`${t.dossier.chooseLevel}: ${row.system.name}`} hint={t.dossier.chooseLevelHint}
              error={errorAt(failure, `/systems/${index}/proposed_level`)}
              choices={[1, 2, 3, 4, 5].filter((level) => level >= floor)
                .map((level) => ({ value: String(level), label: t.common.levelN(level) }))}
              value={String(rows[index]!.proposed_level)}
              onChange={(value) => change({ proposed_level: Number(value) })} />
            <TextField pointer={`/systems/${index}/reason`} label={t.dossier.reasonLabel} hint={t.dossier.reasonHint}
              rows={3} maxLength={4000} value={rows[index]!.reason} optional={rows[index]!.proposed_level === row.computed_level}
              error={errorAt(failure, `/systems/${index}/reason`)} onChange={(reason) => change({ reason })} />
          </div>
        );
      })}
      <div className="row">
        <Button type="submit" loading={busy}>{t.dossier.saveLevel}</Button>
        <Button variant="default" onClick={onClose}>{t.common.cancel}</Button>
      </div>
    </form>
  );
}
