import { useNavigate, useSearch } from '@tanstack/react-router';
import { Facts } from '../../kit/index.ts';

const SIDES = [
  ['about', 'About them'],
  ['by', 'By them'],
] as const;

/** What was done to them, and what they did. Looking is itself recorded. */
export function Activity({ userId, name }: { userId: string; name: string }) {
  const { side = 'about' } = useSearch({ strict: false }) as { readonly side?: string };
  const navigate = useNavigate();
  return (
    <>
      <div role="radiogroup" aria-label="Whose acts" className="mb-4 inline-flex rounded-md border border-line bg-card p-0.5">
        {SIDES.map(([id, title]) => (
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={side === id}
            onClick={() => void navigate({ to: '.', search: { tab: 'activity', side: id }, replace: true, resetScroll: false })}
            className="rounded px-3 py-1.5 text-sm text-quiet aria-checked:bg-page aria-checked:font-medium aria-checked:text-text"
          >
            {title}
          </button>
        ))}
      </div>
      {side === 'by' ? (
        <Facts key="by" of="/api/v1/audit/events" fixed={{ actor: userId }} title={`What ${name} did`} linked />
      ) : (
        <Facts
          key="about"
          of="/api/v1/audit/events"
          fixed={{ subjectType: 'user', subjectId: userId }}
          title={`What was done to ${name}`}
          linked
        />
      )}
    </>
  );
}
