import { PasswordInput } from '@mantine/core';
import { useWords } from '../../i18n';

interface Props {
  value: string;
  error: string | undefined;
  autoFocus?: boolean;
  onChange(value: string): void;
}

/* The password again, for the first factor. */
export function PasswordField({ value, error, autoFocus = false, onChange }: Props) {
  const { t } = useWords();
  return (
    <PasswordInput label={t.me.password} description={t.me.passwordHint} autoComplete="current-password" value={value} autoFocus={autoFocus}
      error={error} className="me-field" inputWrapperOrder={['label', 'description', 'error', 'input']}
      visibilityToggleButtonProps={{ 'aria-label': t.session.showPassword, tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
