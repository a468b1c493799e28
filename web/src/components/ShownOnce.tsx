/* A text that the server tells this once: copied, and kept before the page or dialog goes. */
import { Button } from '@mantine/core';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useBlocker } from 'react-router';
import { useWords } from '../i18n';
import { Copy } from './Copy';
import { Dialog } from './Dialog';
import { Notice } from './Notice';

interface Props {
  /* Null: the server did the work at an earlier try and tells the text no more. */
  text: string | null;
  lost: string;
  title: string;
  lead: string;
  label: string;
  note?: ReactNode;
  done: string;
  testId: string;
  onDone(): void;
}

export function ShownOnce({ text, ...props }: Props) {
  const { t } = useWords();
  if (text === null) {
    return (
      <div className="stack">
        <Notice tone="warn"><p>{props.lost}</p></Notice>
        <div><Button variant="default" onClick={props.onDone}>{t.common.close}</Button></div>
      </div>
    );
  }
  return <Shown {...props} text={text} />;
}

function Shown({ text, title, lead, label, note, done, testId, onDone }: Props & { text: string }) {
  const { t } = useWords();
  const id = useId();
  const kept = useRef(false);
  const leaving = useBlocker(() => !kept.current);

  useEffect(() => {
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, []);

  return (
    <div className="stack">
      <Notice tone="warn" title={title}><p>{lead}</p></Notice>
      <div className="stack-s">
        <p className="strong" id={id}>{label}</p>
        <code className="shown-once" aria-labelledby={id} data-testid={testId}>{text}</code>
        {note}
      </div>
      <div className="row">
        <Copy text={text} label={t.common.copy} />
        <Button onClick={() => {
          kept.current = true;
          onDone();
        }}>
          {done}
        </Button>
      </div>
      <Dialog opened={leaving.state === 'blocked'} onClose={() => leaving.reset?.()} title={t.common.leaveTitle}>
        <div className="stack">
          <p>{t.common.leaveText}</p>
          <div className="row">
            <Button data-autofocus onClick={() => leaving.reset?.()}>{t.common.leaveNo}</Button>
            <Button className="danger" variant="default" onClick={() => leaving.proceed?.()}>{t.common.leaveYes}</Button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}
