/* The items of a dossier. In a draft each saves itself a moment after the last key. */
import type { Tagged } from '../../api/client';
import type { Dossier, DossierItem } from '../../api/types';
import { ConflictDialog } from '../../components/ConflictDialog';
import { DateField, TextField } from '../../components/Fields';
import { Icon } from '../../components/Icon';
import { useWords } from '../../i18n';
import { useItems, type ItemEdit, type Items } from './useItems';

export function DossierItems({ loaded, editable }: { loaded: Tagged<Dossier>; editable: boolean }) {
  const { t } = useWords();
  const items = useItems(loaded);
  return (
    <section aria-labelledby="muc-h">
      <h2 id="muc-h">{t.dossier.items}</h2>
      {loaded.data.items.map((item) => (
        editable ? <EditItem key={item.item} item={item} items={items} /> : <ReadItem key={item.item} item={item} />
      ))}
      <ConflictDialog differences={items.differences} onClose={items.closeConflict} onResolve={items.resolve} />
    </section>
  );
}

function ItemHead({ item, said }: { item: DossierItem; said?: string | undefined }) {
  const { t, text } = useWords();
  return (
    <div className="spread">
      <div className="grow">
        <h3 id={`ten-${item.item}`}>{text(item.title)}</h3>
        <p className="small muted">
          {item.basis}{' · '}{item.required ? t.dossier.itemRequired : t.dossier.itemOptional.toLowerCase()}
        </p>
      </div>
      <div className="stack-s item-state">
        <span className={`mark mark-${item.complete ? 'good' : item.required ? 'warn' : 'quiet'}`}>
          <Icon name={item.complete ? 'approved' : 'open'} />
          <span>{item.complete ? t.dossier.itemComplete
            : item.required ? t.dossier.itemIncomplete : t.dossier.itemOptional}</span>
        </span>
        <span className="small muted" role="status">{said}</span>
      </div>
    </div>
  );
}

export function ReadItem({ item }: { item: DossierItem }) {
  const { t, date } = useWords();
  return (
    <div className="panel stack-s" id={`muc-${item.item}`}>
      <ItemHead item={item} />
      {item.content === '' ? <p className="muted">{t.dossier.itemEmpty}</p> : <p className="pre">{item.content}</p>}
      {item.document_number !== '' && (
        <p>{t.dossier.itemNumber}: {item.document_number}{item.document_date !== null && `, ${date(item.document_date)}`}</p>
      )}
    </div>
  );
}

function EditItem({ item, items }: { item: DossierItem; items: Items }) {
  const { t, time } = useWords();
  const edit: ItemEdit = items.of(item);
  const status = items.status(item.item);
  const said = status.saving ? t.common.saving
    : status.failure ?? (status.savedAt === null ? undefined : t.common.saved(time(status.savedAt)));
  const at = `/items/${item.item}`;
  return (
    <div className="panel stack" id={`muc-${item.item}`} role="group" aria-labelledby={`ten-${item.item}`}>
      <ItemHead item={item} said={said} />
      <TextField pointer={`${at}/content`} label={t.dossier.itemContent} rows={5} maxLength={20000} value={edit.content}
        onChange={(content) => items.change(item, { content })} onBlur={() => items.flush(item.item)} />
      <div className="row-top">
        <TextField pointer={`${at}/document_number`} label={t.dossier.itemNumber} optional maxLength={60}
          hint={t.dossier.decisionNumberHint} value={edit.document_number}
          onChange={(document_number) => items.change(item, { document_number })} onBlur={() => items.flush(item.item)} />
        <DateField pointer={`${at}/document_date`} label={t.dossier.itemDate} optional value={edit.document_date}
          onChange={(document_date) => items.change(item, { document_date })} onBlur={() => items.flush(item.item)} />
      </div>
    </div>
  );
}
