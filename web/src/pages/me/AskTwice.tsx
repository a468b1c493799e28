import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { useWords } from '../../i18n';

interface Props {
  name: string;
  label?: string;
  question: string;
  busy: boolean;
  onYes(): Promise<boolean>;
}

/* A button for what cannot be taken back: the consequence is said and asked for. */
export function AskTwice({ name, label, question, busy, onYes }: Props) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" size="sm" aria-label={label} disabled={busy} onClick={() => setAsking(true)}>{name}</Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={name}>
        <div className="stack">
          <p>{question}</p>
          <div className="row">
            <Button className="danger" variant="default" loading={busy}
              onClick={() => { setAsking(false); void onYes(); }}>
              {name}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>{t.common.cancel}</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
