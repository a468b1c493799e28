/* A new password with its rules, of which the length is checked as one types; the rest the server knows. */
import { PasswordInput } from '@mantine/core';
import { fieldId } from '../../api/problem';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import './account.css';

/* Characters as the server counts them: of the composed form. */
export function lengthOf(password: string): number {
  return [...password.normalize('NFC')].length;
}

interface Props {
  pointer: string;
  value: string;
  least: number;
  error: string | undefined;
  onChange(value: string): void;
}

export function NewPassword({ pointer, value, least, error, onChange }: Props) {
  const { t } = useWords();
  const typed = lengthOf(value);
  const long = typed >= least;
  return (
    <PasswordInput id={fieldId(pointer)} label={t.password.wanted} autoComplete="new-password" value={value}
      error={error} className="password-new" inputWrapperOrder={['label', 'error', 'input', 'description']}
      descriptionProps={{ component: 'div' }} description={(
        <>
          <p className="strong">{t.password.rules}</p>
          <ul className="password-rules">
            <li>
              {t.password.length(least)} <span className="muted">({t.password.counted(typed, least)})</span>
              {long && <Icon name="check" />}
              <span className="visually-hidden">: {long ? t.password.met : t.password.notMet}</span>
            </li>
            {[t.password.anything, t.password.common, t.password.context].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      visibilityToggleButtonProps={{ 'aria-label': t.session.showPassword, tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
