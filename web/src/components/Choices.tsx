/* One choice of a group: a native control whose name is its label alone; the hint describes it. */
interface Props {
  kind: 'radio' | 'checkbox';
  /* Of the group; the ids of label and hint are made from it. */
  group: string;
  value: string;
  label: string;
  hint?: string | undefined;
  checked: boolean;
  strong?: boolean;
  onChange(on: boolean): void;
}

export function ChoiceLine({ kind, group, value, label, hint, checked, strong, onChange }: Props) {
  const id = `${group}-${value}`;
  return (
    <label className="choice">
      <input type={kind} name={kind === 'radio' ? group : undefined} checked={checked}
        aria-labelledby={`${id}-label`} aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)} />
      <span id={`${id}-label`} className={strong ? 'strong' : undefined}>{label}</span>
      {hint && <span className="choice-hint pre-line" id={`${id}-hint`}>{hint}</span>}
    </label>
  );
}
