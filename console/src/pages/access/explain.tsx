import { Notice, PageHead, useHere, useQuery } from '../../kit/index.ts';
import { ExplanationView } from './explanation.tsx';
import { QuestionForm, useAsked } from './question.tsx';

/** Why may somebody do something, or what would it take? */
export function Page() {
  const { user, action, resource } = useAsked();
  const { allowed } = useHere();
  const who = useQuery(
    'get',
    '/api/v1/users/{userId}',
    { params: { path: { userId: user ?? '' } } },
    { enabled: user !== undefined && Boolean(allowed('users.get')) },
  );
  return (
    <>
      <PageHead
        title="Explain"
        lead="Why may somebody do something, why not, and what would it take? It is what decides requests that answers."
      />
      <div className="mt-4">
        <QuestionForm key={user} />
      </div>
      <div className="mt-4">
        {user !== undefined && action !== undefined ? (
          <ExplanationView user={user} name={who.data?.data.displayName ?? 'They'} action={action} resource={resource} />
        ) : (
          <Notice title="Nothing is asked yet">Choose somebody and what they want to do.</Notice>
        )}
      </div>
    </>
  );
}
