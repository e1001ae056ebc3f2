import { toast } from 'sonner';
import { isProblem } from './client.ts';
import { Button, Notice } from './ui.tsx';

/** In words of the console where it knows better than the server what to do next. */
const WORDS: Readonly<Record<string, string>> = {
  UNREACHABLE: 'The server cannot be reached. Nothing is known of what was asked.',
  FORBIDDEN: 'You lack the permission for this.',
  PRECONDITION_FAILED: 'Somebody else changed it meanwhile. It was read again: look, and repeat.',
};
export const sentence = (error: unknown): string =>
  isProblem(error)
    ? (WORDS[error.code] ?? `${error.title}.`.replace(/\.\.$/, '.'))
    : String(error instanceof Error ? error.message : error);
const reference = (error: unknown): string | undefined =>
  isProblem(error) ? [error.code, error.requestId && `request ${error.requestId}`].filter(Boolean).join(' · ') : undefined;

/** Said by its code, with what finds the log line. */
export const toastProblem = (error: unknown): void => {
  const description = reference(error);
  toast.error(sentence(error), { id: isProblem(error) ? error.code : 'error', ...(description !== undefined && { description }) });
};
/** Fields that the server found wrong, under the names that the form gives them. */
export const fieldsOf = (error: unknown): Readonly<Record<string, string>> => (isProblem(error) ? (error.fields ?? {}) : {});

export const ProblemNotice = ({ error, onRetry }: { error: unknown; onRetry?: () => void }) => (
  <Notice title={sentence(error)} action={onRetry && <Button onClick={onRetry}>Try again</Button>}>
    {reference(error)}
  </Notice>
);
