export { LabelListPage } from './LabelListPage';
export { LabelNewPage } from './LabelNewPage';
export { LabelPage } from './LabelPage';
