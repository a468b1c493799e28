import { Modal, type ModalProps } from '@mantine/core';
import { useWords } from '../i18n';

interface Props extends Pick<ModalProps, 'opened' | 'title' | 'size' | 'children'> {
  onClose(): void;
  staysOnClickOutside?: boolean;
}

/* A dialog over the page. Its head is no banner of the page, so it must not be announced as one. */
export function Dialog({ staysOnClickOutside = false, ...rest }: Props) {
  const { t } = useWords();
  return (
    <Modal {...rest} closeOnClickOutside={!staysOnClickOutside} attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': t.common.close }} />
  );
}
