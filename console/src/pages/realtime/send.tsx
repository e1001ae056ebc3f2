import { Button, Card, Section, Textarea } from '@plinth/console/ui';
import { type FormEvent, useState } from 'react';

const WORDS: Readonly<Record<string, string>> = {
  FORBIDDEN: 'You may not send to this channel.',
  TOO_LARGE: 'A message has 4,096 bytes at most.',
  DISCONNECTED: 'The connection is lost; it comes back by itself.',
};
const sentence = (error: unknown): string => {
  if (error instanceof SyntaxError) return 'This is no JSON.';
  const code = String((error as { code?: string }).code ?? error);
  return WORDS[code] ?? code;
};

/** A message to everybody who follows the channel; it is in no log. */
export function Send({ send }: { send: (data: unknown) => Promise<void> }) {
  const [text, setText] = useState('{ "hello": "world" }');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await send(JSON.parse(text));
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="Send a message">
      <Card className="p-4">
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Textarea
            aria-label="Message, as JSON"
            rows={2}
            value={text}
            onChange={({ target }) => setText(target.value)}
            aria-invalid={problem !== null}
            className="font-mono"
          />
          <div className="mt-2 flex flex-wrap items-center justify-between gap-3">
            <p role={problem === null ? undefined : 'alert'} className={`text-sm ${problem === null ? 'text-quiet' : 'text-wrong'}`}>
              {problem ?? 'Everybody who follows the channel is told, you too. It is in no log.'}
            </p>
            <Button type="submit" busy={busy}>
              Send
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  );
}
