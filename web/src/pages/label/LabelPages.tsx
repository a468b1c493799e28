import { PageTitle } from '../../components/PageTitle';

export function LabelListPage() {
  return <PageTitle title="LabelListPage" />;
}

export function LabelNewPage() {
  return <PageTitle title="LabelNewPage" />;
}

export function LabelPage() {
  return <PageTitle title="LabelPage" />;
}
