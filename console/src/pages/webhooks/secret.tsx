import { Button, CopyButton, Dialog } from '../../kit/index.ts';

/** A secret is shown by the reply that made it and never again, so it stays until somebody says that they have it. */
export const SecretDialog = ({ secret, note, onClose }: { secret: string; note: string; onClose: () => void }) => (
  <Dialog open onClose={() => undefined} title="The signing secret" lead={`Shown this once. ${note}`}>
    <code className="block rounded bg-page p-3 text-sm break-all" data-testid="secret">
      {secret}
    </code>
    <div className="mt-4 flex justify-end gap-2">
      <CopyButton text={secret} />
      <Button kind="primary" onClick={onClose}>
        I have it
      </Button>
    </div>
  </Dialog>
);
