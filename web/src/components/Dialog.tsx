import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n';

interface Props extends Pick<ModalProps, 'opened' | 'title' | 'size' | 'children'> {
  onClose(): void;
  staysOnClickOutside?: boolean;
  /* Only a button inside closes it. */
  stays?: boolean;
}

/* Mantine's own for what lies over the page. */
const Z_INDEX = 200;

/* The open dialogs, the topmost last: it lies over the others, and Escape is for it alone. */
const open: (() => void)[] = [];

function closeTopmost(event: KeyboardEvent) {
  const inner = event.target instanceof Element && event.target.getAttribute('data-mantine-stop-propagation') === 'true';
  if (event.key === 'Escape' && !event.isComposing && !inner) {
    open.at(-1)?.();
  }
}

/* How many dialogs lie below. */
function useLayer(opened: boolean, close: () => void): number {
  const [layer, setLayer] = useState(0);
  const present = useRef(close);
  useEffect(() => {
    present.current = close;
  });
  useEffect(() => {
    if (!opened) {
      return undefined;
    }
    const mine = () => present.current();
    setLayer(open.length);
    if (open.push(mine) === 1) {
      window.addEventListener('keydown', closeTopmost, { capture: true });
    }
    return () => {
      open.splice(open.indexOf(mine), 1);
      if (open.length === 0) {
        window.removeEventListener('keydown', closeTopmost, { capture: true });
      }
    };
  }, [opened]);
  return layer;
}

/* A dialog over the page. Its head is no banner of the page, so it must not be announced as one. */
export function Dialog({ staysOnClickOutside = false, stays = false, onClose, ...rest }: Props) {
  const { t } = useWords();
  const layer = useLayer(rest.opened, stays ? () => undefined : onClose);
  return (
    <Modal {...rest} onClose={onClose} closeOnClickOutside={!staysOnClickOutside && !stays} closeOnEscape={false}
      withCloseButton={!stays} zIndex={Z_INDEX + layer} attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t.common.close }} />
  );
}
