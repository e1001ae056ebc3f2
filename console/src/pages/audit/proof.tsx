import type { ReactNode } from 'react';
import {
  Badge,
  Card,
  CopyButton,
  Figure,
  Loaded,
  NameValues,
  Notice,
  OperationButton,
  PageHead,
  Section,
  time,
  useOperation,
  useQuery,
} from '../../kit/index.ts';
import { Verifier } from './verifier.tsx';

const number = (value: number): string => value.toLocaleString();
const Hash = ({ children }: { children: string }) => <code className="text-xs break-all">{children}</code>;

/** What the log is proved by: its newest signed head, the verifier, the keys, the archives. */
export function Page() {
  const seal = useOperation('audit.seal', { watchMs: 5000 });
  return (
    <>
      <PageHead
        title="Audit proof"
        lead="Whether the log is what was written, and what an auditor needs to know so without trusting this server."
      />
      <Loaded query={seal} rows={14}>
        {({ head, position, unsealed, waiting, archives }) => (
          <>
            <div className="mt-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
              <Figure name="Newest entry">{number(position)}</Figure>
              <Figure name="Signed up to">{head ? number(head.position) : '–'}</Figure>
              <Figure name="Not signed yet">{number(unsealed)}</Figure>
              <Figure name="Without a place yet">{number(waiting)}</Figure>
            </div>
            <Section title="Verify">
              <Verifier />
            </Section>
            <Section title="Newest head" actions={head && <CopyButton text={JSON.stringify(head)}>Copy as an anchor</CopyButton>}>
              <Card>
                {head ? (
                  <NameValues
                    of={[
                      ['Signed at', time(head.at)],
                      ['Entries up to there', number(head.count)],
                      ['Chain', <Hash key="chain">{head.chain}</Hash>],
                      ['Key', <Hash key="key">{head.key}</Hash>],
                      ['Signature', <Hash key="signature">{head.signature}</Hash>],
                    ]}
                  />
                ) : (
                  <Notice title="Nothing is signed yet">A worker signs the log within a second or two.</Notice>
                )}
              </Card>
            </Section>
            <Keys current={head?.key} />
            <Section title="Archives">
              <Card className="divide-y divide-line">
                {archives.length === 0 ? (
                  <Notice title="Nothing was archived yet">
                    With AUDIT_RETENTION_DAYS older entries go to files, each ending at a signed head.
                  </Notice>
                ) : (
                  archives.map(({ name, first, last, bytes, sha256, at }) => (
                    <Item key={name} title={name} note={`${number(first)} to ${number(last)} · ${number(bytes)} bytes · ${time(at)}`}>
                      <Hash>{sha256}</Hash>
                    </Item>
                  ))
                )}
              </Card>
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}
const Item = ({ title, note, badge, children }: { title: ReactNode; note?: string; badge?: ReactNode; children?: ReactNode }) => (
  <div className="flex flex-col gap-1 px-4 py-3 text-sm">
    <p className="flex flex-wrap items-center gap-2 font-medium break-all">
      {title}
      {badge}
    </p>
    {note !== undefined && <p className="text-quiet">{note}</p>}
    {children}
  </div>
);
/** All that ever signed: what is verified with is public. */
function Keys({ current }: { current: string | undefined }) {
  const keys = useQuery('get', '/.well-known/audit-keys.json');
  return (
    <Section
      title="Keys"
      actions={
        <OperationButton
          operation="audit.rotateKey"
          lead="A new key signs from now on, and the private part of the one before is destroyed. What it signed still verifies."
          onDone={() => undefined}
        >
          New key
        </OperationButton>
      }
    >
      <Card className="divide-y divide-line">
        <Loaded query={keys} rows={2}>
          {({ keys: all }) =>
            all.map(({ kid, x }) => (
              <Item key={kid} title={<Hash>{kid}</Hash>} badge={kid === current && <Badge tone="good">signs</Badge>}>
                <span className="text-quiet">
                  Ed25519 <Hash>{x}</Hash>
                </span>
              </Item>
            ))
          }
        </Loaded>
      </Card>
    </Section>
  );
}
