/* Organisations from a file: choose, see what would happen row by row, confirm. */
import { Button, FileInput } from '@mantine/core';
import { useState } from 'react';
import { sendFile } from '../../api/client';
import { useMay } from '../../api/queries';
import type { OrganisationImport } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { ErrorSummary, errorAt, failureOfFields, type Failure } from '../../components/ErrorSummary';
import { Icon } from '../../components/Icon';
import { Notice } from '../../components/Notice';
import { PageTitle } from '../../components/PageTitle';
import { useSubmission } from '../../components/useSubmission';
import { useWords } from '../../i18n';

const BYTES_MAX = 2 * 1024 * 1024;
const ROWS_MAX = 5000;
const SHOWN = 200;
const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const HEAD = 'code;scheme;name;kind;parent_code;valid_from;effective_on;document_number;representative;representative_title;address;phone;email';

/* With a byte order mark, so that a spreadsheet reads the Vietnamese. */
function saveTemplate() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\ufeff', HEAD, '\r\n'], { type: 'text/csv' }));
  link.download = 'to-chuc.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}

type Mode = OrganisationImport['mode'];

export function OrganisationImportPage() {
  const may = useMay();
  return may('organisation.admin') ? <ImportForm /> : <ForbiddenPage right="organisation.admin" />;
}

function typeOf(file: File): string | null {
  const name = file.name.toLowerCase();
  return name.endsWith('.csv') ? 'text/csv' : name.endsWith('.xlsx') ? WORKBOOK : null;
}

function ImportForm() {
  const words = useWords();
  const { t, number } = words;
  const submission = useSubmission();
  const { busy } = submission;
  const [file, setFile] = useState<File | null>(null);
  const [result, setResult] = useState<OrganisationImport | null>(null);

  async function send(mode: Mode) {
    const type = file === null ? null : typeOf(file);
    const wrong = file === null ? t.organisationImport.needFile
      : type === null ? t.organisationImport.wrongFile
        : file.size > BYTES_MAX ? t.organisationImport.tooLarge : null;
    if (file === null || type === null || wrong !== null) {
      submission.fail(failureOfFields([{ pointer: '/file', message: wrong! }], words));
      return;
    }
    const sent = await submission.send([mode, file.name, file.size, file.lastModified], (key) =>
      sendFile<OrganisationImport>(`/api/v1/organisations/imports?mode=${mode}`, file, type, key));
    setResult(sent?.data ?? null);
  }

  /* Of a file refused as a whole the line stands in the pointer; the one field is the file. */
  const failure: Failure | null = submission.failure && {
    ...submission.failure, fields: submission.failure.fields.map(({ pointer, message }) => {
      const [, line, column] = /^\/rows\/(\d+)\/(.*)$/.exec(pointer) ?? [];
      return { pointer: '/file', message: line === undefined ? message : t.organisationImport.inLine(number(Number(line)), column ?? '', message) };
    }),
  };

  return (
    <div className="stack-l">
      <PageTitle title={t.organisationImport.title} />
      <div className="stack measure">
        <p>{t.organisationImport.intro}</p>
        <div>
          <Button variant="default" leftSection={<Icon name="table" />} onClick={saveTemplate}>{t.organisationImport.template}</Button>
        </div>
        <ErrorSummary failure={failure} />
        <FileInput id="f-file" label={t.organisationImport.file} description={t.organisationImport.fileHint(number(ROWS_MAX))}
          placeholder={t.organisationImport.choose} accept=".csv,.xlsx" error={errorAt(failure, '/file')} disabled={busy}
          inputWrapperOrder={['label', 'description', 'error', 'input']} value={file} onChange={(chosen) => {
            setFile(chosen);
            setResult(null);
            submission.fail(null);
          }} />
        <div>
          <Button loading={busy && result === null} disabled={busy} variant={result === null ? 'filled' : 'default'} onClick={() => void send('dry_run')}>
            {t.organisationImport.check}
          </Button>
        </div>
      </div>
      {result !== null && <Result result={result} busy={busy} onApply={(mode) => void send(mode)} />}
    </div>
  );
}

interface ResultProps {
  result: OrganisationImport;
  busy: boolean;
  onApply(mode: Mode): void;
}

function Result({ result, busy, onApply }: ResultProps) {
  const { t, number } = useWords();
  const { counts } = result;
  const good = counts.created + counts.changed;
  const rows = result.rows.filter((row) => row.outcome !== 'unchanged');
  return (
    <section className="stack" aria-labelledby="ket-qua-h">
      <h2 id="ket-qua-h">{result.applied ? t.organisationImport.resultApplied : t.organisationImport.result}</h2>
      {result.applied && <div role="status"><Notice tone="good" title={t.organisationImport.done} /></div>}
      <dl className="pairs">
        {(['created', 'changed', 'unchanged', 'error'] as const).map((outcome) => (
          <div key={outcome}><dt>{t.organisationImport.outcome[outcome]}</dt><dd>{number(counts[outcome])}</dd></div>
        ))}
      </dl>
      {!result.applied && good === 0 && counts.error === 0 && <p>{t.organisationImport.nothing}</p>}
      {rows.length > 0 && <Rows rows={rows} />}
      {!result.applied && good > 0 && (
        <section className="panel stack confirm measure" aria-labelledby="hoi-lai-h">
          <h2 id="hoi-lai-h">
            {counts.error === 0 ? t.organisationImport.ask(number(good)) : t.organisationImport.askPart(number(good), number(counts.error))}
          </h2>
          <p>{t.organisationImport.history}</p>
          <div className="row">
            <Button loading={busy} onClick={() => onApply(counts.error === 0 ? 'atomic' : 'partial')}>
              {counts.error === 0 ? t.organisationImport.apply : t.organisationImport.applyPart}
            </Button>
          </div>
        </section>
      )}
    </section>
  );
}

function Rows({ rows }: { rows: OrganisationImport['rows'] }) {
  const { t, number } = useWords();
  const errorsFirst = [...rows].sort((a, b) => Number(b.outcome === 'error') - Number(a.outcome === 'error') || a.line - b.line);
  const shown = errorsFirst.slice(0, SHOWN);
  return (
    <>
      <p className="small muted">{t.organisationImport.onlyChanges(number(shown.length), number(rows.length))}</p>
      <table className="diff by-number">
        <thead>
          <tr>
            <th scope="col">{t.organisationImport.line}</th>
            <th scope="col">{t.organisationImport.code}</th>
            <th scope="col">{t.organisationImport.what}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.line}>
              <td>{number(row.line)}</td>
              <td><span className="code">{row.code}</span></td>
              <td>
                <p className="strong">{t.organisationImport.outcome[row.outcome]}</p>
                {row.errors.map((error) => <p key={error.column + error.code}><span className="code">{error.column}</span>: {error.message}</p>)}
                {row.changes.join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
