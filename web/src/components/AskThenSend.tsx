/* A form of which the effect is asked for once more before it is sent. */
import { Button } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useWords } from '../i18n';
import { FocusedHeading } from './FocusedHeading';

interface Props {
  asking: boolean;
  question: string;
  consequence: ReactNode;
  yes: string;
  /* What cannot be taken back. */
  danger?: boolean;
  /* In a dialog there is a frame already. */
  framed?: boolean;
  busy: boolean;
  onYes(): void;
  onBack(): void;
  children: ReactNode;
}

export function AskThenSend(props: Props) {
  const { t } = useWords();
  const id = useId();
  const { danger = false, framed = false } = props;
  if (!props.asking) {
    return props.children;
  }
  const frame = `panel confirm${danger ? ' confirm-refused' : ''}`;
  return (
    <section className={framed ? `stack ${frame}` : 'stack'} aria-labelledby={id}>
      <FocusedHeading level={framed ? 2 : 3} id={id}>{props.question}</FocusedHeading>
      {props.consequence}
      <div className="row">
        <Button className={danger ? 'danger' : undefined} variant={danger ? 'default' : 'filled'} loading={props.busy}
          onClick={props.onYes}>
          {props.yes}
        </Button>
        <Button variant="default" disabled={props.busy} onClick={props.onBack}>{t.common.back}</Button>
      </div>
    </section>
  );
}
