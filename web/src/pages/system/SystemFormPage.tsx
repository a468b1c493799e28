import { PageTitle } from '../../components/PageTitle';

export function SystemNewPage() {
  return <PageTitle title="SystemNewPage" />;
}

export function SystemEditPage() {
  return <PageTitle title="SystemEditPage" />;
}
