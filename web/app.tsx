import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Frame } from './frame/Frame';
import { NotFound } from './frame/NotFound';
import { createQueryClient } from './http/queryClient';
import { ReleasePage } from './releases/ReleasePage';
import { ReleasesPage } from './releases/ReleasesPage';
import { ReviewPage } from './reviews/ReviewPage';
import { ReviewsPage } from './reviews/ReviewsPage';
import { useToken } from './http/session';

/** Ids in addresses are encoded (`release%3Aacme…`); a malformed one is used as it is. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The pages by address. Another token may be another person, so everything loaded before is dropped. */
export function App() {
  const token = useToken();
  const client = useMemo(createQueryClient, [token]);
  return (
    <QueryClientProvider client={client}>
      <Frame key={token}>
        <Switch>
          <Route path="/">
            <Redirect to="/releases" replace />
          </Route>
          <Route path="/releases" component={ReleasesPage} />
          <Route path="/releases/:id">{({ id }) => <ReleasePage key={id} publishId={decoded(id)} />}</Route>
          <Route path="/reviews" component={ReviewsPage} />
          <Route path="/reviews/:id">{({ id }) => <ReviewPage key={id} reviewQueueId={decoded(id)} />}</Route>
          <Route component={NotFound} />
        </Switch>
      </Frame>
    </QueryClientProvider>
  );
}
